# shellcheck shell=bash
# A machine whose hypervisor has VMClock, for the suites of crng reseed and crng status.

VMCLOCK_CHANGES=${BATS_TEST_TMPDIR:-}/vmclock
# The /run of that machine. It outlives the machine, so that tests can read it.
VMCLOCK_RUN=${BATS_TEST_TMPDIR:-}/run

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
  sh -euc 'mkdir -p "$1"
    : >>"$3"
    mount --bind "$1" /run
    shift
    exec "$@"' sh "$VMCLOCK_RUN" "${VMCLOCK:-}" "$VMCLOCK_CHANGES")

# vmclock CHANGE [N]: what the hypervisor does with its structure. Without a CHANGE before
# it, the machine has generation 0 and disruption 0, and the hypervisor notifies.
vmclock() {
  local flags=$((1 << 8 | 1 << 9))
  case $1 in
  generation) echo "104 8 $2" ;;
  disruption) echo "16 8 $2" ;;
  no-counter) echo "24 8 $((flags ^ 1 << 8))" ;;
  no-notifications) echo "24 8 $((flags ^ 1 << 9))" ;;
  unfinished) echo "12 4 $2" ;; # an odd seq_count
  not-vmclock) echo "0 4 $2" ;; # another magic number
  esac >>"$VMCLOCK_CHANGES"
}
