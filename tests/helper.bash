# Common to all suites. CRNG is the absolute path of the binary under test.
# shellcheck shell=bash disable=SC2034
bats_require_minimum_version 1.5.0

: "${CRNG:?set CRNG to the absolute path of the crng binary}"
# The environment that the tests are started from does not count.
unset POSIXLY_CORRECT POSIX_ME_HARDER NO_COLOR COLUMNS LINES
export LC_ALL=C TERM=xterm

# The tree that this file is in, wherever in it the suite is.
TOP=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)
export TOP

# bats ends a test that takes too long by these two functions. Its own countdown sometimes
# does not notice that a test has ended, and holds up the suite until it runs out; and it
# would kill only the children of the test, and then wait for the command of "run", a
# grandchild. The output of the test shows what it was waiting for.
bats_start_timeout_countdown() {
  (
    trap 'kill $!; exit' ABRT
    sleep "$1" &
    wait
    kill -ABRT $$ && bats_kill_childprocesses_of $$
  ) >/dev/null 2>&1 3>&- 4>&- &
  # Set after the fork: a countdown that inherits the trap can lose its parent's signal.
  trap bats_timeout_trap ABRT
}

bats_kill_childprocesses_of() {
  local child
  for child in $(pgrep -P "$1"); do
    [ "$child" -ne "$BASHPID" ] || continue
    bats_kill_childprocesses_of "$child"
    ps -o pid=,stat=,wchan:24=,args= "$child" >>"$BATS_OUT" || true
    kill -KILL "$child"
  done
}

# enter_work: an empty directory of the test's own becomes the current one.
enter_work() {
  mkdir "$BATS_TEST_TMPDIR/work"
  cd "$BATS_TEST_TMPDIR/work" || return
}

# fail MESSAGE: fails a test, which shows the message.
fail() {
  echo "$*"
  return 1
}

need() {
  local tool
  for tool; do
    command -v "$tool" >/dev/null || skip "$tool is not installed"
  done
}

# inject ERROR CMD…: runs CMD, where every getrandom() fails with ERROR: in its children,
# too, and in libc at start-up. A leak checker cannot work under ptrace.
inject() {
  local error=$1
  shift
  need strace
  ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" \
    strace -f -qq -o /dev/null -e trace=getrandom \
    -e "inject=getrandom:error=$error" "$@"
}

# startup_calls: prints how often the program's libc calls getrandom() for itself, before
# the program does.
startup_calls() {
  strace -f -qq -o "$BATS_TEST_TMPDIR/startup" -e trace=getrandom "$CRNG" --version >/dev/null
  grep -c 'getrandom(' "$BATS_TEST_TMPDIR/startup" || true
}

# error_words NAME: prints the words that the program's libc has for an error.
error_words() {
  "${BUILD:?set BUILD to the build directory}/tests/tools/errors" "$1"
}

# need_fakeboot OPTION…: skips where fakeboot, with these options, cannot run.
need_fakeboot() {
  local status=0 why
  [ -x "${FAKEBOOT:-}" ] || skip "fakeboot is not built (libseccomp)"
  why=$("$FAKEBOOT" "$@" -- true 2>&1) || status=$?
  [ "$status" -ne 77 ] || skip "$why"
}

# fakeboot OPTION… -- CMD…: runs CMD on a machine that becomes ready as the options say,
# and never without any. Calls and answers are in $FAKEBOOT_LOG.
FAKEBOOT_LOG=${BATS_TEST_TMPDIR:-}/fakeboot.log
fakeboot() {
  "$FAKEBOOT" --log "$FAKEBOOT_LOG" "$@"
}

# field NAME EVENT: the value of NAME in each line of EVENT in that log.
field() {
  sed -n "/ event=$2\( \|\$\)/s/.*\b$1=\([^ ]*\).*/\1/p" "$FAKEBOOT_LOG"
}

# wait_for_event EVENT [N]: waits until the log has EVENT, N times.
wait_for_event() {
  eventually has_event "$@"
}

has_event() {
  [ "$(grep -cs " event=$1 " "$FAKEBOOT_LOG")" -ge "${2:-1}" ]
}

# become_ready: makes the machine of a fakeboot in the background ready, now.
become_ready() {
  kill -USR1 "$(field by start)"
  wait_for_event ready
}

# The process that fakeboot runs, and the child that it has.
waiter() {
  field pid exec | head -n 1
}

blocked_child() {
  field pid block | tail -n 1
}

# eventually CMD…: waits until CMD succeeds. It gives up after 300 s, when something
# hangs.
eventually() {
  local end=$((SECONDS + 300))
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.02
  done
}

# free_port: prints a port of the loopback that nothing listens on.
free_port() {
  python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

# asleep PID [STATE]: waits until the process has executed its program and sleeps in a call,
# or has ended. STATE is a pattern; by default S. It is exported, for a bash under fakeboot.
asleep() {
  until ! kill -0 "$1" 2>/dev/null || is_asleep "$@"; do sleep 0.01; done
}

# Until exec it is a copy of this shell; libc then reads 8 bytes at its start, which does
# not count.
is_asleep() {
  local number length
  ! [ "/proc/$1/exe" -ef "/proc/$$/exe" ] || return
  grep -qs ") ${2:-S} " "/proc/$1/stat" || return
  read -r number _ length _ 2>/dev/null <"/proc/$1/syscall" || return
  [ "$number" != running ] && [ "$length" != 0x8 ]
}
export -f asleep is_asleep

# at_best CMD…: succeeds if one of several tries of CMD does. It is for upper limits of
# time, which a single run may miss on a busy machine.
at_best() {
  local _
  for _ in {1..30}; do
    ! "$@" || return 0
  done
  return 1
}

# traced FILE CMD…: runs CMD and writes all its system calls to FILE.
traced() {
  local file=$1
  shift
  need strace
  ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" strace -f -qq -o "$file" "$@"
}

# only_libraries_opened TRACE: the program has opened no file; shared libraries, which the
# loader opens for a program that has any, do not count.
only_libraries_opened() {
  local libraries='"/etc/ld(\.so|-musl)[^"]*"|"[^"]*/lib[^"]*\.so(\.[0-9.]+)?"'
  ! "$CRNG" --version -v | grep -q 'linking *static program' || libraries='^$'
  grep -E '\<open(at2?)?\(' "$1" | grep -vE "$libraries" && return 1
  return 0
}

# has -E|-F PATTERN: grep finds PATTERN in $output, which is printed otherwise.
has() {
  grep -q "$1" -- "$2" <<<"$output" || {
    echo "not there: $2"
    echo "$output"
    return 1
  }
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

# watched STTY OPTION…: $output is at least two screens that crng status draws on a
# terminal set up by the command STTY.
watched() {
  local typescript=$BATS_TEST_TMPDIR/typescript
  script -qefc "$1; echo \$\$ >'$typescript.pid'; exec '$CRNG' status ${*:2}" "$typescript" >/dev/null 3>&- &
  eventually drawn "$typescript" 3
  kill "$(cat "$typescript.pid")"
  wait $! || true
  output=$(grep -av '^Script ' "$typescript")
}

# drawn FILE N: more than N screens have been begun in the typescript FILE.
drawn() {
  [ "$(grep -aso $'\033\[H' "$1" | wc -l)" -gt "$2" ]
}

# The unshare(1) command that works for the current user: an ordinary one needs a user
# namespace, too.
UNSHARE=(unshare)
[ "$(id -u)" -eq 0 ] || UNSHARE+=(-r)

# need_mounts: skips where own_mounts cannot work.
need_mounts() {
  own_mounts true 2>/dev/null || skip "no mount namespace can be made here"
}

# own_mounts CMD…: runs CMD as root in a mount namespace of its own. A leak checker cannot
# work without /proc.
own_mounts() {
  env ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" "${UNSHARE[@]}" -m "$@"
}

# need_pid_namespace: skips where no PID namespace can be made.
need_pid_namespace() {
  "${UNSHARE[@]}" -pf true 2>/dev/null || skip "no PID namespace can be made here"
}

# dead KIND DIR CMD…: runs CMD as root in namespaces of its own, with a file system at DIR
# that does not answer, in the way that KIND says (tools/deadfs.c).
dead() {
  local status=0
  own_mounts "$DEADFS" "$@" || status=$?
  [ "$status" -ne 77 ] || skip "FUSE cannot be mounted here"
  return "$status"
}

# logged N RECORD: puts a command into $TELL that runs another one, for which RECORD is
# the Nth of the kernel log: strace answers that read(2) in the place of the kernel.
logged() {
  local hex
  hex=$(printf '%s\n' "$2" | od -An -v -tx1 | tr -d ' \n')
  TELL=(env ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o /dev/null -P /dev/kmsg -e trace=read
    -e "inject=read:retval=$((${#hex} / 2)):poke_exit=@arg2=$hex:when=$1")
}

need_log() {
  need strace
  dd if=/dev/kmsg iflag=nonblock bs=8192 count=1 >/dev/null 2>&1 || skip "the kernel log is not readable"
}

sanitized() {
  grep -q __asan_init "$CRNG"
}

# no_crowd, lone_crowd: status lists at most 256 blocked tasks of a machine, so the tests
# whose list must be complete do not run beside one with a crowd of them. Until its end, a
# test that calls no_crowd excludes one that calls lone_crowd, in any suite.
no_crowd() {
  crowd_lock -s
}

lone_crowd() {
  crowd_lock -x
}

crowd_lock() {
  need flock
  exec {CROWD}</proc
  flock "$1" "$CROWD"
}
