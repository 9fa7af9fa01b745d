#!/usr/bin/env bats
# crng wait: until ready, no longer than asked, then the command.
# shellcheck disable=SC2154

load helper

setup() {
  mkdir "$BATS_TEST_TMPDIR/work"
  cd "$BATS_TEST_TMPDIR/work" || return
}

# Milliseconds that a command takes.
elapsed() {
  local start
  start=$(date +%s%N)
  "$@" || :
  echo $((($(date +%s%N) - start) / 1000000))
}

@test "ready: returns at once and says nothing" {
  run -0 --separate-stderr "$CRNG" wait
  [ -z "$output" ]
  [ -z "$stderr" ]
  run -0 --separate-stderr "$CRNG" wait --passive -t 0
  [ -z "$output" ]
  [ -z "$stderr" ]
}

@test "-v says how long it took, on standard error" {
  run -0 --separate-stderr "$CRNG" wait -v
  [ -z "$output" ]
  [[ $stderr =~ ^crng\ wait:\ ready\ after\ [0-9]+\.[0-9]{3}\ s$ ]]
}

@test "not ready in time: status 124 and one line that says why, in bits" {
  need_fakeboot
  for mode in "" --passive; do
    # shellcheck disable=SC2086
    run -124 --separate-stderr fakeboot -- "$CRNG" wait $mode -t 0.3
    [ -z "$output" ]
    [ "${#stderr_lines[@]}" -eq 1 ]
    [[ $stderr == "crng wait: not ready in the time given: "*" bits"*"sources: "* ]]
    [[ $stderr == *"see 'crng status'" ]]
  done
}

@test "-q keeps the expiry quiet" {
  need_fakeboot
  run -124 --separate-stderr fakeboot -- "$CRNG" wait -q -t 0.1
  [ -z "$output" ]
  [ -z "$stderr" ]
}

@test "a timeout of 0 asks once and starts no child" {
  need_fakeboot
  need strace
  run -124 --separate-stderr fakeboot -- "$CRNG" wait -t 0
  run -124 fakeboot -- env ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o trace \
    "$CRNG" wait -q -t 0
  run ! grep -E 'clone|fork' trace
}

@test "the time given is kept" {
  need_fakeboot
  kept() {
    ms=$(elapsed fakeboot -- "$CRNG" wait -q -t 600ms ${1:+"$1"})
    [ "$ms" -lt 2500 ]
  }
  for mode in "" --passive; do
    at_best kept "$mode"
    [ "$ms" -ge 600 ]
  done
}

@test "the blocking call is made by a child that keeps nothing open" {
  need_fakeboot
  run -0 fakeboot --ready-on block -- env ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o trace \
    "$CRNG" wait -q -t 300
  grep -q 'event=block .*len=0 flags=0' "$FAKEBOOT_LOG"
  grep -Eq 'close_range\(1, 4294967295, 0\)' trace
  # Before Linux 5.9, and beyond a limit that was lowered later.
  exec 500</dev/null
  # shellcheck disable=SC2016
  run -0 fakeboot --ready-on block -- env ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o trace \
    -e inject=close_range:error=ENOSYS sh -c 'ulimit -n 256; exec "$1" wait -q -t 300' sh "$CRNG"
  grep -q 'close(500) *= 0' trace
}

@test "--passive never makes the blocking call" {
  need_fakeboot
  run -124 fakeboot -- env ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o trace \
    "$CRNG" wait -q --passive -t 0.5
  run ! grep -E 'getrandom\(NULL, 0, 0[ )]|clone|fork' trace
}

@test "where poll says ready and the probe says no, it is asked again, ever more rarely" {
  need_fakeboot
  run -0 fakeboot --poll lies --ready-on probe:24 -- "$CRNG" wait -q --passive -t 300
  first=$(sed -n '/len=0 flags=GRND_NONBLOCK/{s/^t=\([0-9]*\).*/\1/p;q}' "$FAKEBOOT_LOG")
  (($(field t ready) - first >= 400000000))
}

@test "readiness cannot be determined: status 3, or 125 with a command" {
  for error in ENOSYS EPERM; do
    run -3 --separate-stderr inject "$error" "$CRNG" wait -t 5
    [ -z "$output" ]
    [[ $stderr == "crng wait: undetermined: getrandom: "* ]]
    run -125 --separate-stderr inject "$error" "$CRNG" wait -t 5 -- echo no
    [ -z "$output" ]
  done
}

@test "every wrong duration is refused" {
  for value in "" -1 +1 x 1x 1ss "1 s" " 5" "5 " 0x10 1e3 NaN nan inf 1,5 1. . 1.5.5 \
    1us 1H 99999999999999999999 99999999999999999999d 106752d; do
    usage_error 2 "crng wait: --timeout '$value': " "$CRNG" wait -t "$value"
  done
}

@test "durations are decimal, with a fraction and a unit, in every locale" {
  for value in 0 5 010 .5 0.5 1.25s 250ms 2m 1h 7d 106751d 0.0000000001 infinity; do
    run -0 --separate-stderr env LC_ALL=de_DE.UTF-8 "$CRNG" wait -t "$value"
  done
  run -0 "$CRNG" wait --timeout=5
  run -0 "$CRNG" wait -t5
}

@test "-- CMD becomes the command, with its status" {
  run -0 --separate-stderr "$CRNG" wait -t 5 -- printf '%s|' a "b c" --help
  [ "$output" = "a|b c|--help|" ]
  [ -z "$stderr" ]
  run -7 "$CRNG" wait -- sh -c 'exit 7'
  run -0 "$CRNG" wait -- true -t notours
  # shellcheck disable=SC2016
  run -0 sh -c 'echo $$; exec "$1" wait -- sh -c "echo \$\$"' sh "$CRNG"
  [ "${lines[0]}" = "${lines[1]}" ]
}

@test "a command of which PATH has no file is not found: 127" {
  touch file
  for path in "$PWD/file" "$PWD/file:/nowhere" "/nowhere:$PWD/file"; do
    run -127 --separate-stderr env PATH="$path" "$CRNG" wait -- nginx
    [ -z "$output" ]
    [[ $stderr == "crng wait: nginx: "* ]]
  done
  run -127 --separate-stderr "$CRNG" wait -- "$PWD/file/nginx"
  run -126 --separate-stderr "$CRNG" wait -- "$PWD/file"
  run -126 --separate-stderr "$CRNG" wait -- "$PWD"
}

@test "-- CMD does not run on expiry" {
  need_fakeboot
  run -124 --separate-stderr fakeboot -- "$CRNG" wait -t 0.1 -- touch ran
  [ ! -e ran ]
}

@test "crng's own failures with a command: 125, 126, 127" {
  usage_error 125 "--timeout 'x': not a duration" "$CRNG" wait -t x -- true
  usage_error 125 "--bogus: unknown option" "$CRNG" wait --bogus -- true
  usage_error 125 "nginx: unexpected operand" "$CRNG" wait nginx -- true
  usage_error 125 "missing command after --" "$CRNG" wait -t 5 --
  touch plain
  run -126 --separate-stderr "$CRNG" wait -- ./plain
  [ "$stderr" = "crng wait: ./plain: Permission denied" ]
  [ -z "$output" ]
  run -126 --separate-stderr "$CRNG" wait -- /
  run -127 --separate-stderr "$CRNG" wait -- ./missing
  [ "$stderr" = "crng wait: ./missing: No such file or directory" ]
  [ -z "$output" ]
  run -127 --separate-stderr "$CRNG" wait -- ''
}

@test "help asked for in front of a command shows help and runs nothing" {
  run -0 --separate-stderr "$CRNG" wait --help -- touch ran
  [[ $output == "Usage: crng wait"* ]]
  [ ! -e ran ]
}

@test "the command gets the environment, descriptors and signals that crng was given" {
  need python3
  cat >show.py <<'PY'
import os, signal
print(sorted(int(f) for f in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{f}")))
status = open("/proc/self/status").read().split("\n")
print([l for l in status if l.startswith(("SigBlk", "SigIgn", "SigCgt", "Groups", "NoNewPrivs"))])
print(sorted(os.environ.items()))
PY
  cat >start.py <<'PY'
import os, signal, sys
signal.signal(signal.SIGUSR1, signal.SIG_IGN)
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])
os.dup2(1, 9)
os.close(0)
os.execvpe(sys.argv[1], sys.argv[1:], {"POSIXLY_CORRECT": "1", "A": "b", "PATH": os.environ["PATH"]})
PY
  run -0 --separate-stderr /usr/bin/python3 start.py /usr/bin/python3 show.py
  expected=$output
  run -0 --separate-stderr /usr/bin/python3 start.py "$CRNG" wait -t 5 -- /usr/bin/python3 show.py
  [ "$output" = "$expected" ]
}

@test "no zombie and no child is left to the command" {
  need python3
  cat >late.py <<'PY'
import os, subprocess, sys
print(os.path.exists("/proc/self/task") and open(f"/proc/self/task/{os.getpid()}/children").read())
PY
  run -0 --separate-stderr "$CRNG" wait -t 5 -- /usr/bin/python3 late.py
  [ -z "${output// /}" ]
}

@test "where ppoll is forbidden it is asked again, ever more rarely" {
  need strace
  sanitized && skip "a sanitizer makes calls of its own"
  for option in --verbose --passive; do
    run -124 --separate-stderr env ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o trace \
      -e trace=getrandom -e inject=getrandom:error=EAGAIN:when=2+ \
      -e inject=ppoll:error=EPERM "$CRNG" wait "$option" -t 1
    [ -z "$output" ]
    [ "${#stderr_lines[@]}" -eq 1 ]
    [ "$(grep -c NONBLOCK trace)" -lt 40 ]
  done
}

@test "pipe and fork may fail: the wait goes on and keeps its time" {
  need_fakeboot
  need strace
  for fault in pipe2:error=EMFILE clone:error=EAGAIN; do
    run -124 fakeboot -- env ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o trace \
      -e trace=pipe2,clone -e "inject=$fault" "$CRNG" wait -q -t 0.3
  done
}

@test "on a terminal a long wait shows one line that is redrawn and then cleared" {
  need_fakeboot
  need script
  sanitized && skip "too slow under a sanitizer"
  shown() {
    run script -qec "'$FAKEBOOT' -- '$CRNG' wait -t 3.5" /dev/null
    [[ $output =~ $'\r\e[K'"crng wait: "[23]" s: ".*"bits" ]]
  }
  at_best shown
  [[ $output == *$'\r\e[K'"crng wait: not ready in the time given"* ]]
}

@test "where standard error is no terminal a long wait shows nothing but the last line" {
  need_fakeboot
  run -124 --separate-stderr fakeboot -- "$CRNG" wait -t 2.5
  [ "${#stderr_lines[@]}" -eq 1 ]
}
