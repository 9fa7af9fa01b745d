# shellcheck shell=bash
# For the suites of crng reseed.

# random N: N random bytes.
random() {
  head -c "$1" /dev/urandom
}

# privileged: this process may reseed the kernel of the machine (CAP_SYS_ADMIN is bit 21).
privileged() {
  [ "$(readlink /proc/self/ns/user)" = "user:[4026531837]" ] &&
    (((0x$(sed -n 's/^CapEff:\t//p' /proc/self/status) >> 21) & 1))
}

need_privilege() {
  privileged || skip "needs root of the machine itself"
}

# played OPTION… -- ARG…: crng reseed ARG… on a ready machine of fakeboot, which answers
# the ioctls. So any user may reseed, the kernel is not touched, and no generation shows.
played() {
  local options=()
  while [ "$1" != -- ]; do options+=("$1") && shift; done
  shift
  fakeboot --admin --ready-after 0 "${options[@]}" -- "$CRNG" reseed "$@"
}

# with_cpu LINE OPTION… -- ARG…: the same on a machine whose /proc/cpuinfo has LINE.
with_cpu() {
  local line=$1 options=()
  shift
  while [ "$1" != -- ]; do options+=("$1") && shift; done
  shift
  printf 'processor\t: 0\n%b\n' "$line" >"$BATS_TEST_TMPDIR/cpuinfo"
  fakeboot --admin --ready-after 0 "${options[@]}" -- "${UNSHARE[@]}" -m sh -c '
    mount --bind "$1" /proc/cpuinfo && shift && exec "$@"' \
    sh "$BATS_TEST_TMPDIR/cpuinfo" "$CRNG" reseed "$@"
}

# bare OPTION… -- ARG…: the same where the CPU has no RNG instruction.
bare() {
  with_cpu 'flags\t\t: fpu' "$@"
}

# untouched: in the log of fakeboot nothing was mixed, and no reseed was asked for. That
# the privilege was asked for does not count.
untouched() {
  ! grep ' event=reseed ' "$FAKEBOOT_LOG" &&
    ! grep ' event=add ' "$FAKEBOOT_LOG" | grep -v ' credit=-1 bytes=0 '
}

# mixed: the number of bytes that were mixed, without the clocks and the identity of the
# machine, which are always mixed last. All are without credit.
mixed() {
  ! grep ' event=add ' "$FAKEBOOT_LOG" | grep -vE ' credit=(0|-1) ' &&
    field bytes add | sed '1d;$d' | awk '{ sum += $1 } END { print sum + 0 }'
}

# says TEXT: the failed run printed TEXT in its first line, and nothing on standard output.
says() {
  # shellcheck disable=SC2154
  [ -z "$output" ] && [[ ${stderr_lines[0]} == *"$1"* ]] && return
  printf '%s\n' "not said: $1" "stdout: $output" "stderr: $stderr"
  return 1
}

# silent: neither a word nor a warning.
silent() {
  # shellcheck disable=SC2154
  [ -z "$output" ] && [ -z "$stderr" ]
}

# member EXPRESSION: the value that jq finds in the JSON of the last run.
member() {
  jq -c "$1" <<<"$output"
}
