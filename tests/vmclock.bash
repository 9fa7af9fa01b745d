# shellcheck shell=bash
# A machine whose hypervisor has VMClock, for the suites of crng reseed and crng status.

VMCLOCK_CHANGES=${BATS_TEST_TMPDIR:-}/vmclock

# need_vmclock: skips where ON_VMCLOCK cannot work. A skip inside "run" would not count.
need_vmclock() {
  local status=0 why
  need_mounts
  why=$("${ON_VMCLOCK[@]}" true 2>&1) || status=$?
  [ "$status" -ne 77 ] || skip "VMClock cannot be imitated here: $why"
}

# The command that becomes another one, as root in namespaces of its own, on a machine that
# has /dev/vmclock0 and an empty /run (tools/vmclock.c). It is not a function so that, in a
# background job, $! is that other command.
# shellcheck disable=SC2016
ON_VMCLOCK=(env "ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" "${UNSHARE[@]}" -m
  sh -uc 'mount -t tmpfs none /run || exit 77
    : >>"$2"
    exec "$@"' sh "${VMCLOCK:-}" "$VMCLOCK_CHANGES")

# need_admin: skips where no process may make the kernel reseed: that takes CAP_SYS_ADMIN in
# the initial user namespace.
need_admin() {
  local capabilities
  capabilities=$(sed -n 's/^CapEff:[[:space:]]*/0x/p' /proc/self/status)
  if [ "$(readlink /proc/self/ns/user)" != 'user:[4026531837]' ] || ! ((capabilities >> 21 & 1)); then
    skip "a reseed takes CAP_SYS_ADMIN in the initial user namespace"
  fi
}

# need_fresh: skips where the CPU alone gives a reseed nothing fresh, or nothing proves it:
# then no generation is recorded.
need_fresh() {
  need_admin
  "$CRNG" reseed --no-hwrng -v 2>/dev/null | grep -qE '^reseeded \((generation|confirmed) ' ||
    skip "the CPU has no RNG instruction, or the kernel proves no reseed"
}

# vmclock CHANGE [N]: what the hypervisor does with its structure. Without a CHANGE before
# it, the machine has generation 0 and disruption 0, and the hypervisor notifies.
vmclock() {
  local flags=$((1 << 8 | 1 << 9))
  case $1 in
  generation) echo "104 8 $2" ;;
  disruption) echo "16 8 $2" ;;
  no-counter) echo "24 8 $((flags ^ 1 << 8))" ;;
  no-notifications) echo "24 8 $((flags ^ 1 << 9))" ;;
  seq-count) echo "12 4 $2" ;; # odd during an update
  not-vmclock) echo "0 4 $2" ;; # another magic number
  esac >>"$VMCLOCK_CHANGES"
}

# vmclock_idle: all changes have been read, and a program waits for the next one.
vmclock_idle() {
  local changes
  changes=$(wc -l <"$VMCLOCK_CHANGES")
  grep -qsx "idle $((2 + 2 * changes))" "$VMCLOCK_CHANGES.log"
}
