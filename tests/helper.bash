# Common to all suites. CRNG is the absolute path of the binary under test.
# shellcheck shell=bash
bats_require_minimum_version 1.5.0

: "${CRNG:?set CRNG to the absolute path of the crng binary}"
unset POSIXLY_CORRECT POSIX_ME_HARDER
export LC_ALL=C

# The tree that the suites stand in.
TOP=$(cd "${BATS_TEST_DIRNAME:?}/.." && pwd)
export TOP

need() {
  local tool
  for tool; do
    command -v "$tool" >/dev/null || skip "$tool is not installed"
  done
}

# inject ERROR CMD…: every getrandom() of CMD and its children fails with ERROR; libc's own
# call at start-up too. A leak checker cannot work under ptrace.
inject() {
  local error=$1
  shift
  need strace
  ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" \
    strace -f -qq -o /dev/null -e trace=getrandom \
    -e "inject=getrandom:error=$error" "$@"
}

# traced FILE CMD…: runs CMD, with all its system calls in FILE.
traced() {
  local file=$1
  shift
  need strace
  ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" strace -f -qq -o "$file" "$@"
}

# usage_error STATUS TEXT CMD…: CMD fails with STATUS, says TEXT in its first line and how
# to get help in its second, and prints nothing.
usage_error() {
  local status=$1 text=$2
  shift 2
  run "-$status" --separate-stderr "$@"
  # shellcheck disable=SC2154
  [ -z "$output" ] && [[ ${stderr_lines[0]} == *"$text"* ]] &&
    [[ ${stderr_lines[1]} == "Try 'crng"*"--help'." ]] && [ "${#stderr_lines[@]}" -eq 2 ]
}

# own_mounts CMD…: CMD in mount and user namespaces of its own, as their root.
own_mounts() {
  need unshare
  unshare -rm true 2>/dev/null || skip "no user namespaces here"
  unshare -rm "$@"
}

sanitized() {
  grep -q __asan_init "$CRNG"
}
