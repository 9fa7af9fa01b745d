#!/usr/bin/env bats
# crng wait: until ready, no longer than asked, then the command.
# shellcheck disable=SC2154

load helper

setup() {
  enter_work
}

# probed: when crng itself asked whether the RNG is ready, not libc.
probed() {
  sed -n 's/^t=\([0-9]*\) .*len=0 flags=GRND_NONBLOCK .*/\1/p' "$FAKEBOOT_LOG"
}

# wait_for PID: returns the status of crng, once the fakeboot with that number has ended.
wait_for() {
  tail --pid="$1" -f /dev/null
  sed -n 's/.* event=exit .*status=\([0-9]*\).*/\1/p' "$FAKEBOOT_LOG" >status
  return "$(cat status)"
}

@test "on a ready machine it returns at once and prints nothing" {
  run -0 --separate-stderr "$CRNG" wait
  [ -z "$output" ]
  [ -z "$stderr" ]
  run -0 --separate-stderr "$CRNG" wait --passive -t 0
  [ -z "$output" ]
  [ -z "$stderr" ]
}

@test "-v reports on standard error how long it took" {
  run -0 --separate-stderr "$CRNG" wait -v
  [ -z "$output" ]
  [[ $stderr =~ ^crng\ wait:\ ready\ after\ [0-9]+\.[0-9]{3}\ s$ ]]
}

@test "when time runs out the status is 124, and one line gives the reason, in bits" {
  need_fakeboot
  for mode in "" --passive; do
    # shellcheck disable=SC2086
    run -124 --separate-stderr fakeboot -- "$CRNG" wait $mode -t 0.3
    [ -z "$output" ]
    [ "${#stderr_lines[@]}" -eq 1 ]
    [[ $stderr == "crng wait: timed out before the RNG was ready: "*" bits"*"sources: "* ]]
    [[ $stderr == *"; run 'crng status' to see why" ]]
  done
}

@test "-q prints nothing when time runs out" {
  need_fakeboot
  run -124 --separate-stderr fakeboot -- "$CRNG" wait -q -t 0.1
  [ -z "$output" ]
  [ -z "$stderr" ]
}

@test "a timeout of 0 asks once and starts no child process" {
  need_fakeboot
  need strace
  run -124 --separate-stderr fakeboot -- "$CRNG" wait -t 0
  run -124 fakeboot -- env ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o trace \
    "$CRNG" wait -q -t 0
  run ! grep -E 'clone|fork' trace
}

@test "the timeout is kept, and no process is left behind" {
  need_fakeboot
  kept() {
    run fakeboot -- "$CRNG" wait -q -t 600ms ${1:+"$1"}
    took=$((($(field t exit) - $(field t exec | head -n 1)) / 1000000))
    [ "$took" -lt 1600 ]
  }
  for mode in "" --passive; do
    at_best kept "$mode"
    [ "$status" -eq 124 ]
    [ "$took" -ge 590 ]
    run ! grep event=orphan "$FAKEBOOT_LOG"
  done
}

@test "a child process that keeps nothing open makes the blocking call" {
  need_fakeboot
  run -0 fakeboot --ready-on block -- env ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o trace \
    "$CRNG" wait -q -t 300
  grep -q 'event=block .*len=0 flags=0' "$FAKEBOOT_LOG"
  grep -Eq 'close_range\(1, 4294967295, 0\)' trace
  # As before Linux 5.9, and with a descriptor above a limit that was lowered later.
  exec 500</dev/null
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

@test "where poll reports readiness and the probe does not, it asks again at growing intervals" {
  need_fakeboot
  run -0 fakeboot --poll lies --ready-on probe:24 -- "$CRNG" wait -q --passive -t 300
  first=$(sed -n '/len=0 flags=GRND_NONBLOCK/{s/^t=\([0-9]*\).*/\1/p;q}' "$FAKEBOOT_LOG")
  (($(field t ready) - first >= 400000000))
}

@test "where readiness cannot be determined the status is 3, or 125 with a command" {
  for error in ENOSYS EPERM; do
    run -3 --separate-stderr inject "$error" "$CRNG" wait -t 5
    [ -z "$output" ]
    [[ $stderr == "crng wait: undetermined: getrandom: "* ]]
    run -125 --separate-stderr inject "$error" "$CRNG" wait -t 5 -- echo no
    [ -z "$output" ]
  done
}

@test "every invalid duration is refused" {
  for value in "" -1 +1 x 1x 1ss " 5" "5 " 0x10 1e3 NaN nan Inf 1,5 1. . 1.5.5 1H 1M 1Min \
    1h30 "1 2s" "1m " " 1m" 1m-5s 1m+5s m 1minn 1y 1month; do
    usage_error 2 "crng wait: --timeout '$value': not a duration: use a number of seconds, or units as in " \
      "$CRNG" wait -t "$value"
  done
  for value in 99999999999999999999 99999999999999999999d 106752d 106751d23h48m 15251w; do
    usage_error 2 "crng wait: --timeout '$value': too long" "$CRNG" wait -t "$value"
  done
}

@test "durations are decimal, with a fraction and a unit, in every locale" {
  for value in 0 5 010 .5 0.5 1.25s 250ms 2m 1h 7d 106751d 0.0000000001 1m30s infinity inf; do
    run -0 --separate-stderr env LC_ALL=de_DE.UTF-8 "$CRNG" wait -t "$value"
  done
  run -0 "$CRNG" wait --timeout=5
  run -0 "$CRNG" wait -t5
}

@test "a duration is a sum of numbers with the units of systemd" {
  while read -r ns text; do
    [ "$("$BUILD/tests/tools/durations" "$text")" = "$ns" ]
  done <<'EOF_DURATIONS'
0 0
90000000000 90
90000000000 1m30s
90000000000 1min30s
90000000000 1min 30sec
90000000000 30s1m
90000000000 1 minute 30 seconds
2000000000 1s1s
5400000000000 1.5h
5400000000000 1h30m
93784005006007 1day2hours3minutes4s5ms6us7ns
60500000000 1m.5s
1 0.1ns
2000 2µs
3000 3μs
1000000 1msec
5000 5usec
86400000000000 24hr
604800000000000 1week
9223372036854775806 9223372036.854775806
9223372036854775807 inf
9223372036854775807 infinity
EOF_DURATIONS
}

@test "-- CMD replaces crng with the command, and the status is that of the command" {
  run -0 --separate-stderr "$CRNG" wait -t 5 -- printf '%s|' a "b c" --help
  [ "$output" = "a|b c|--help|" ]
  [ -z "$stderr" ]
  run -7 "$CRNG" wait -- sh -c 'exit 7'
  run -0 "$CRNG" wait -- true -t notours
  run -0 sh -c 'echo $$; exec "$1" wait -- sh -c "echo \$\$"' sh "$CRNG"
  [ "${lines[0]}" = "${lines[1]}" ]
}

@test "a command that is not found in PATH is status 127" {
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

@test "with a command crng's own failures are 125, 126 and 127" {
  usage_error 125 "--timeout 'x': not a duration" "$CRNG" wait -t x -- true
  usage_error 125 "--bogus: unknown option" "$CRNG" wait --bogus -- true
  usage_error 125 "nginx: unexpected operand" "$CRNG" wait nginx -- true
  usage_error 125 "a command is missing after --" "$CRNG" wait -t 5 --
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

@test "--help before a command shows help and runs nothing" {
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

@test "the command inherits neither a zombie nor a child process" {
  need python3
  cat >late.py <<'PY'
import os, subprocess, sys
print(os.path.exists("/proc/self/task") and open(f"/proc/self/task/{os.getpid()}/children").read())
PY
  run -0 --separate-stderr "$CRNG" wait -t 5 -- /usr/bin/python3 late.py
  [ -z "${output// /}" ]
}

@test "where ppoll is forbidden it asks again at growing intervals" {
  need strace
  sanitized && skip "a sanitizer makes calls of its own"
  first=$(($(startup_calls) + 1))
  for option in --verbose --passive; do
    run -124 --separate-stderr env ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o trace \
      -e trace=getrandom -e "inject=getrandom:error=EAGAIN:when=$first+" \
      -e inject=ppoll:error=EPERM "$CRNG" wait "$option" -t 1
    [ -z "$output" ]
    [ "${#stderr_lines[@]}" -eq 1 ]
    [ "$(grep -c NONBLOCK trace)" -lt 40 ]
  done
}

@test "on a terminal a long wait shows one line, redraws it and clears it in the end" {
  need_fakeboot
  need script
  sanitized && skip "too slow under a sanitizer"
  shown() {
    run script -qec "'$FAKEBOOT' -- '$CRNG' wait -t 3.5" /dev/null
    [[ $output =~ $'\r\e[K'"crng wait: "[23]" s: ".*"bits" ]]
  }
  at_best shown
  [[ $output == *$'\r\e[K'"crng wait: timed out before the RNG was ready"* ]]
}

@test "where standard error is not a terminal a wait of 2.5 seconds prints only its last line" {
  need_fakeboot
  run -124 --separate-stderr fakeboot -- "$CRNG" wait -t 2.5
  [ "${#stderr_lines[@]}" -eq 1 ]
}

# noticed FILE: it has what a wait says after 10 s.
noticed() {
  grep -qE "^crng wait: still waiting for the kernel RNG after [0-9]+ s: .*bits.*; run 'crng status' to see why$" "$1"
}

@test "where standard error is not a terminal a longer wait says what is missing, but not with -q" {
  need_fakeboot
  for mode in "" --passive "-t 500"; do
    # shellcheck disable=SC2086
    "$FAKEBOOT" --log "log$mode" -- "$CRNG" wait $mode -- echo started >"out$mode" 2>"err$mode" &
  done
  TERM=dumb "$FAKEBOOT" --log logq -- "$CRNG" wait -q -t 11 2>errq &
  eventually grep -qs status=124 logq
  [ ! -s errq ]
  for mode in "" --passive "-t 500"; do
    eventually noticed "err$mode"
    kill -USR1 "$(sed -n 's/.* event=start .*by=\([0-9]*\).*/\1/p' "log$mode")"
    eventually grep -qs 'event=exit .*status=0' "log$mode"
    [ "$(cat "out$mode")" = started ]
    [ "$(grep -c 'to see why' "err$mode")" -eq 1 ]
    run ! grep event=orphan "log$mode"
  done
}

@test "a wait reports after 10 s, 30 s, 1, 2, 5 and 10 minutes, and then every 10 minutes" {
  run -0 "$BUILD/tests/tools/durations"
  [ "${output//$'\n'/ }" = "10 30 60 120 300 600 1200 1800 2400 3000" ]
}

@test "a report that nobody reads does not hold up a wait" {
  need_fakeboot
  need python3
  run -0 timeout 300 python3 - "$FAKEBOOT" --ready-after 11 -- "$CRNG" wait <<'EOF_PYTHON'
import os, subprocess, sys
r, w = os.pipe()
os.set_blocking(w, False)
try:
    while True:
        os.write(w, b"x" * 4096)
except BlockingIOError:
    os.set_blocking(w, True)
print(subprocess.run(sys.argv[1:], stderr=w).returncode)
EOF_PYTHON
  [ "$output" = 0 ]
}

@test "it makes the one blocking call that brings readiness" {
  need_fakeboot
  run -0 --separate-stderr fakeboot --jitter 300ms -- "$CRNG" wait -t 300
  [ -z "$output" ]
  [ -z "$stderr" ]
  [ "$(grep -c 'event=block .*len=0 flags=0' "$FAKEBOOT_LOG")" -eq 1 ]
  run ! grep event=orphan "$FAKEBOOT_LOG"
}

@test "--passive makes no blocking call, and so does not bring readiness" {
  need_fakeboot
  run -124 fakeboot --jitter 100ms -- "$CRNG" wait -q --passive -t 1
  run ! grep event=block "$FAKEBOOT_LOG"
  run -0 fakeboot --ready-on poll+300ms --jitter 100ms -- "$CRNG" wait --passive -t 300
  run ! grep event=block "$FAKEBOOT_LOG"
}

@test "active or passive, it waits for events and asks no more often than it must" {
  need_fakeboot
  for event in block poll; do
    mode=
    [ "$event" = block ] || mode=--passive
    # shellcheck disable=SC2086
    run -0 fakeboot --ready-on "$event+500ms" -- "$CRNG" wait $mode -t 300
    # libc's own call, the first one of crng, and the one after the event.
    [ "$(grep -c 'event=call .*GRND_NONBLOCK' "$FAKEBOOT_LOG")" -le 4 ]
  done
}

@test "a passive wait works with a poll that lies, and with one that never reports readiness" {
  need_fakeboot
  run -0 fakeboot --ready-on probe:8 --poll lies -- "$CRNG" wait --passive -t 300
  run -124 fakeboot --poll lies -- "$CRNG" wait -q --passive -t 1
  run -0 fakeboot --ready-on probe:8 --no-insecure --poll never -- "$CRNG" wait --passive -t 300
}

@test "readiness may come at any moment of a wait" {
  need_fakeboot
  for event in probe:1 probe:2 fork:1 poll:1; do
    run -0 fakeboot --ready-on "$event" -- "$CRNG" wait -t 300
    grep -q "event=ready " "$FAKEBOOT_LOG"
    run -0 fakeboot --ready-on "$event" -- "$CRNG" wait -t 300 -- sh -c 'exit 0'
  done
  for event in probe:1 poll:1; do
    run -0 fakeboot --ready-on "$event" -- "$CRNG" wait --passive -t 300
  done
  run -0 fakeboot --ready-on exec -- sh -c '"$1" check; exec "$1" wait -t 300' sh "$CRNG"
}

@test "at the very moment of expiry the status is 0 or 124, and 0 only if the RNG is ready" {
  need_fakeboot
  rounds=1000
  ! sanitized || rounds=50
  ready=0 expired=0 end=$((SECONDS + 60))
  for _ in $(seq "$rounds"); do
    [ "$SECONDS" -lt "$end" ] || break
    status=0
    timeout 300 "$FAKEBOOT" --log "$FAKEBOOT_LOG" --ready-on probe+6ms -- \
      "$CRNG" wait -q -t 0.006 || status=$?
    case $status in
    0) ready=$((ready + 1)) && grep -q event=ready "$FAKEBOOT_LOG" ;;
    124) expired=$((expired + 1)) ;;
    *) echo "status $status" && return 1 ;;
    esac
  done
  echo "ready $ready, expired $expired"
}

@test "two hundred waiters all return" {
  need_fakeboot
  count=200
  ! sanitized || count=20
  run -0 fakeboot --ready-on "block:$count" -- bash -c '
    for ((i = 0; i < $2; i++)); do "$1" wait -t 500 & pids+=($!); done
    for pid in "${pids[@]}"; do wait "$pid" || exit 1; done; echo "${#pids[@]}"' bash "$CRNG" "$count"
  [ "$output" -eq "$count" ]
  [ "$(field waiters ready)" -eq "$count" ]
  run ! grep event=orphan "$FAKEBOOT_LOG"
}

@test "a process that is stopped and continued does not report a wrong status" {
  need_fakeboot
  fakeboot -- "$CRNG" wait -t 300 &
  wait_for_event block
  kill -STOP "$(waiter)"
  become_ready
  kill -CONT "$(waiter)"
  wait $!
  rm "$FAKEBOOT_LOG"
  fakeboot -- "$CRNG" wait -q -t 1 &
  eventually grep -qsE ' event=(block|exit) ' "$FAKEBOOT_LOG"
  # On a busy machine it may have ended already.
  kill -STOP "$(waiter)" || true
  sleep 1.2
  kill -CONT "$(waiter)" || true
  run -124 wait_for $!
}

@test "a process whose child is killed starts another child and does not report readiness" {
  need_fakeboot
  fakeboot -- "$CRNG" wait -q -t 500 &
  for count in 1 2 3; do
    wait_for_event block "$count"
    kill -KILL "$(blocked_child)"
  done
  wait_for_event block 4
  run ! grep event=exit "$FAKEBOOT_LOG"
  become_ready
  run -0 wait_for $!
  run ! grep event=orphan "$FAKEBOOT_LOG"
}

@test "a stopped child does not hold up its parent" {
  need_fakeboot
  fakeboot -- "$CRNG" wait -t 300 &
  wait_for_event block
  kill -STOP "$(blocked_child)"
  become_ready
  run -0 wait_for $!
  run ! grep event=orphan "$FAKEBOOT_LOG"
}

@test "a wait is active even where its children get a PID namespace of their own" {
  need_fakeboot
  need_pid_namespace
  run -0 fakeboot --jitter 300ms -- env ASAN_OPTIONS=detect_leaks=0 "${UNSHARE[@]}" -p \
    "$CRNG" wait -t 300
}

@test "a new PID namespace is left to the command, its first process" {
  need_fakeboot
  need_pid_namespace
  for limit in "-t 20" ""; do
    # shellcheck disable=SC2086
    run -0 --separate-stderr fakeboot --ready-after 300ms -- env ASAN_OPTIONS=detect_leaks=0 \
      "${UNSHARE[@]}" -p "$CRNG" wait $limit -- sh -c 'sh -c "echo \$\$" && :'
    [ "$output" = 1 ]
    [ -z "$stderr" ]
  done
  run -124 --separate-stderr fakeboot -- env ASAN_OPTIONS=detect_leaks=0 "${UNSHARE[@]}" -p \
    "$CRNG" wait -t 0.2 -- true
  [[ $stderr == *"nothing made the kernel gather entropy, because a process for that would have taken CMD's place "* ]]
  [ "${#stderr_lines[@]}" -eq 1 ]
}

@test "no SIGCHLD of a child is pending for the command" {
  need_fakeboot
  need python3
  run -0 --separate-stderr fakeboot --ready-on fork:1 -- /usr/bin/python3 -c '
import os, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
os.execv(sys.argv[1], [sys.argv[1], "wait", "-t", "20", "--", "/bin/grep", "-E",
    "^S(ig|hd)Pnd", "/proc/self/status"])' "$CRNG"
  grep -q event=ready "$FAKEBOOT_LOG"
  [ "$output" = $'SigPnd:\t0000000000000000\nShdPnd:\t0000000000000000' ]
}

@test "a new PID namespace is left to the command even where progress is shown" {
  need_fakeboot
  need script
  need_pid_namespace
  cat >"$BATS_TEST_TMPDIR/inside" <<'END'
$2 && exec unshare -p "$1" wait -t 300 -- sh -c 'sh -c "echo forked" && :'
END
  cd "$BATS_TEST_TMPDIR"
  for hide in true "mount -t tmpfs none /proc"; do
    ! sanitized || [ "$hide" = true ] || skip "a sanitizer needs /proc itself"
    rm -f "$FAKEBOOT_LOG" typescript
    ASAN_OPTIONS=detect_leaks=0 script -qefc "'$FAKEBOOT' --log '$FAKEBOOT_LOG' -- \
      ${UNSHARE[*]} -m sh inside '$CRNG' '$hide'" typescript >/dev/null 3>&- &
    eventually grep -qs 'crng wait: [0-9]* s: ' typescript
    become_ready
    wait $!
    grep -q 'forked' <(grep -av '^Script' typescript)
  done
}

@test "as the first process of a namespace it ends by the signals that end other processes" {
  need_fakeboot
  need_pid_namespace
  for name in TERM INT HUP; do
    rm -f "$FAKEBOOT_LOG" status
    env --default-signal="$name" "$FAKEBOOT" --log "$FAKEBOOT_LOG" -- \
      "${UNSHARE[@]}" -pf "$CRNG" wait &
    wait_for_event block
    kill "-$name" "$(pgrep -P "$(waiter)")"
    run -$((128 + $(kill -l "$name"))) wait_for $!
    run ! grep event=orphan "$FAKEBOOT_LOG"
  done
  # An ignored signal stays ignored, and the command gets the default actions again.
  run -0 fakeboot --ready-after 0 -- env --ignore-signal=HUP "${UNSHARE[@]}" -pf \
    "$CRNG" wait -- cat /proc/self/status
  ignored=$(sed -n 's/^SigIgn:\t/0x/p' <<<"$output")
  [ "$((ignored & 1))" -eq 1 ]
  [[ $output == *$'SigCgt:\t0000000000000000'* ]]
}

@test "where no descriptor is free the child keeps none of the caller's" {
  need_fakeboot
  need strace
  run -124 env ASAN_OPTIONS=detect_leaks=0 "$FAKEBOOT" -- strace -f -qq -o trace \
    -e trace=pipe2,close_range -e inject=pipe2:error=EMFILE "$CRNG" wait -q -t 0.3
  grep -q 'close_range(0, 4294967295, 0)' trace
}

@test "when time runs out it says that no process could be started" {
  need_fakeboot
  need strace
  tried() {
    run --separate-stderr env ASAN_OPTIONS=detect_leaks=0 "$FAKEBOOT" -- \
      strace -f -qq -o trace -e trace=clone -e inject=clone:error=EAGAIN "$CRNG" wait -t 0.5
    grep -q EAGAIN trace
  }
  at_best tried
  [ "$status" -eq 124 ]
  [[ $stderr == *"no process could be started to make the kernel gather entropy: Resource"* ]]
  [ "${#stderr_lines[@]}" -eq 1 ]
}

@test "SIGINT, SIGTERM and SIGHUP end a wait at once, and its child with it" {
  need_fakeboot
  ends() {
    rm -f "$FAKEBOOT_LOG"
    # A shell's background job ignores SIGINT; env resets it.
    env --default-signal="$signal" "$FAKEBOOT" --log "$FAKEBOOT_LOG" -- "$CRNG" wait &
    wait_for_event block || return
    start=$(date +%s%N)
    kill "-$signal" "$(waiter)"
    tail --pid=$! -f /dev/null
    (($(date +%s%N) - start < 2000000000))
  }
  for signal in INT TERM HUP; do
    at_best ends
    grep -q "event=exit .*signal=$signal" "$FAKEBOOT_LOG"
    run ! grep event=orphan "$FAKEBOOT_LOG"
  done
}

@test "a wait in the background is not stopped for the line that it would draw" {
  need_fakeboot
  need script
  cat >job <<'EOF_JOB'
set -m
stty tostop
"$FAKEBOOT" --ready-on block+3200ms -- "$CRNG" wait -t 300 &
wait $!
echo "status $?"
EOF_JOB
  run -0 env TERM=xterm script -qec 'bash job' /dev/null
  [ "$output" = $'status 0\r' ]
  # In the foreground it draws the line and clears it.
  TERM=xterm script -qec "'$FAKEBOOT' --log '$FAKEBOOT_LOG' -- '$CRNG' wait" /dev/null >out &
  eventually grep -q 'crng wait: [0-9]* s: ' out
  become_ready
  wait $!
  [ "$(tail -c 4 out)" = $'\r\e[K' ]
}

@test "a reader of standard output does not wait for a child that outlives crng" {
  need_fakeboot
  run -0 fakeboot -- bash -c 'x=$("$1" wait -q -t 0.3); echo "$?"' bash "$CRNG"
  [ "$output" = 124 ]
}

@test "where no pipe or process can be made the wait goes on, and ends at readiness" {
  need_fakeboot
  need strace
  for fault in pipe2:error=EMFILE clone:error=EAGAIN; do
    run -0 env ASAN_OPTIONS=detect_leaks=0 "$FAKEBOOT" --ready-on poll+300ms -- \
      strace -f -qq -o trace -e trace=pipe2,clone -e "inject=$fault" "$CRNG" wait -t 300
    run -124 env ASAN_OPTIONS=detect_leaks=0 "$FAKEBOOT" -- \
      strace -f -qq -o trace -e trace=pipe2,clone -e "inject=$fault" "$CRNG" wait -q -t 1
  done
  # Without a timeout it needs no child.
  run -0 env ASAN_OPTIONS=detect_leaks=0 "$FAKEBOOT" --jitter 300ms -- \
    strace -f -qq -o trace -e trace=clone -e inject=clone:error=EAGAIN "$CRNG" wait
}

@test "a process that could not be started is tried again, and then brings readiness" {
  need_fakeboot
  need strace
  run -0 --separate-stderr env ASAN_OPTIONS=detect_leaks=0 "$FAKEBOOT" --jitter 100ms -- \
    strace -f -qq -o trace -e trace=clone -e inject=clone:error=EAGAIN:when=1..3 "$CRNG" wait -t 300
  [ -z "$stderr" ]
  [ "$(grep -c EAGAIN trace)" -eq 3 ]
}

@test "where poll fails it asks the RNG at intervals, and not all the time" {
  need_fakeboot
  need strace
  for mode in "" --passive; do
    # shellcheck disable=SC2086
    run -0 env ASAN_OPTIONS=detect_leaks=0 "$FAKEBOOT" --log "$FAKEBOOT_LOG" --ready-on probe:24 -- \
      strace -f -qq -o trace -e trace=ppoll -e inject=ppoll:error=EPERM "$CRNG" wait $mode -t 300
    (($(field t ready) - $(probed | head -n 1) >= 400000000))
  done
}

@test "a child that closes its pipe and lives on holds nothing up" {
  need_fakeboot
  need strace
  run -124 timeout -s KILL 300 env ASAN_OPTIONS=detect_leaks=0 "$FAKEBOOT" -- \
    strace -f -qq -o trace -e trace=dup2 -e inject=dup2:error=EPERM "$CRNG" wait -q -t 0.5
}

@test "the command runs after readiness and never before" {
  need_fakeboot
  need python3
  run -0 fakeboot --ready-on block+400ms -- "$CRNG" wait -t 300 -- \
    /usr/bin/python3 -c 'import time; print(time.monotonic_ns())'
  [ "$output" -ge "$(field t ready)" ]
  run -124 --separate-stderr fakeboot -- "$CRNG" wait -q -t 0.3 -- touch ran
  [ ! -e ran ]
}

@test "when time runs out it gives the reason even where /proc/cpuinfo does not answer" {
  need_fakeboot
  need_mounts
  [ -e /proc/cpuinfo ] || skip "no /proc/cpuinfo"
  mkdir "$BATS_TEST_TMPDIR/fs"
  # lxcfs may hang in this way. fakeboot waits for a child that is left behind, so that it
  # runs in the background.
  dead hollow "$BATS_TEST_TMPDIR/fs" bash -c 'mount --bind "$2/cpuinfo" /proc/cpuinfo &&
    { "$3" -- "$1" wait -t 0.2 2>"$4" & } || exit
    for _ in {1..3000}; do
      [ ! -s "$4" ] || break
      sleep 0.1
    done' bash "$CRNG" "$BATS_TEST_TMPDIR/fs" "$FAKEBOOT" "$BATS_TEST_TMPDIR/err"
  grep -q 'timed out before the RNG was ready: .*sources: CPU unknown' "$BATS_TEST_TMPDIR/err"
}
