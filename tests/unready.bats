#!/usr/bin/env bats
# The commands on a machine whose RNG is not ready: a scripted boot answers getrandom().
# shellcheck disable=SC2154

load helper

setup() {
  need_fakeboot
  mkdir "$BATS_TEST_TMPDIR/work"
  cd "$BATS_TEST_TMPDIR/work" || return
}

# The process that fakeboot runs, and the child that it has.
waiter() {
  field pid exec | head -n 1
}

blocked_child() {
  field pid block | tail -n 1
}

# The times of the questions that crng itself asks.
probed() {
  sed -n 's/^t=\([0-9]*\) .*len=0 flags=GRND_NONBLOCK .*/\1/p' "$FAKEBOOT_LOG"
}

@test "check is 1 while not ready and 0 from readiness on" {
  run -1 --separate-stderr fakeboot -- "$CRNG" check
  [ -z "$output" ]
  [ -z "$stderr" ]
  run -0 fakeboot --ready-after 0 -- "$CRNG" check
  # shellcheck disable=SC2016
  run -0 fakeboot -- sh -c '"$1" check && exit 9; kill -USR1 $PPID; "$1" check' sh "$CRNG"
}

@test "wait makes the one blocking call that brings readiness" {
  run -0 --separate-stderr fakeboot --jitter 300ms -- "$CRNG" wait -t 300
  [ -z "$output" ]
  [ -z "$stderr" ]
  [ "$(grep -c 'event=block .*len=0 flags=0' "$FAKEBOOT_LOG")" -eq 1 ]
  run ! grep event=orphan "$FAKEBOOT_LOG"
}

@test "wait --passive makes no blocking call, and so does not bring readiness" {
  run -124 fakeboot --jitter 100ms -- "$CRNG" wait -q --passive -t 1
  run ! grep event=block "$FAKEBOOT_LOG"
  run -0 fakeboot --ready-on poll+300ms --jitter 100ms -- "$CRNG" wait --passive -t 300
  run ! grep event=block "$FAKEBOOT_LOG"
}

@test "a wait asks no more than it must: event-driven, active and passive" {
  for event in block poll; do
    mode=
    [ "$event" = block ] || mode=--passive
    # shellcheck disable=SC2086
    run -0 fakeboot --ready-on "$event+500ms" -- "$CRNG" wait $mode -t 300
    # libc's own question, the first, the one after the event.
    [ "$(grep -c 'event=call .*GRND_NONBLOCK' "$FAKEBOOT_LOG")" -le 4 ]
  done
}

@test "passive waiting survives a poll that lies, and one that never tells" {
  run -0 fakeboot --ready-on probe:8 --poll lies -- "$CRNG" wait --passive -t 300
  run -124 fakeboot --poll lies -- "$CRNG" wait -q --passive -t 1
  run -0 fakeboot --ready-on probe:8 --no-insecure --poll never -- "$CRNG" wait --passive -t 300
}

@test "readiness may come at any moment of a wait" {
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

@test "at the very moment of expiry the answer is 0 or 124, and 0 only if ready" {
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

@test "the time given is kept, with no process left behind" {
  kept() {
    run fakeboot -- "$CRNG" wait -q -t 0.5
    took=$((($(field t exit) - $(field t exec | head -n 1)) / 1000000))
    [ "$took" -lt 1500 ]
  }
  at_best kept
  [ "$status" -eq 124 ]
  [ "$took" -ge 490 ]
  run ! grep event=orphan "$FAKEBOOT_LOG"
}

@test "two hundred waiters all return" {
  count=200
  ! sanitized || count=20
  # shellcheck disable=SC2016
  run -0 fakeboot --ready-on "block:$count" -- bash -c '
    for ((i = 0; i < $2; i++)); do "$1" wait -t 500 & pids+=($!); done
    for pid in "${pids[@]}"; do wait "$pid" || exit 1; done; echo "${#pids[@]}"' bash "$CRNG" "$count"
  [ "$output" -eq "$count" ]
  [ "$(field waiters ready)" -eq "$count" ]
  run ! grep event=orphan "$FAKEBOOT_LOG"
}

@test "a stopped and continued waiter keeps to the truth" {
  fakeboot -- "$CRNG" wait -t 300 &
  wait_for_event block
  kill -STOP "$(waiter)"
  become_ready
  kill -CONT "$(waiter)"
  wait $!
  rm "$FAKEBOOT_LOG"
  fakeboot -- "$CRNG" wait -q -t 1 &
  eventually grep -qsE ' event=(block|exit) ' "$FAKEBOOT_LOG"
  # It may be over already, on a busy machine.
  kill -STOP "$(waiter)" || true
  sleep 1.2
  kill -CONT "$(waiter)" || true
  run -124 wait_for $!
}

wait_for() {
  tail --pid="$1" -f /dev/null
  sed -n 's/.* event=exit .*status=\([0-9]*\).*/\1/p' "$FAKEBOOT_LOG" >status
  return "$(cat status)"
}

@test "a waiter whose child is killed starts another and does not report ready" {
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

@test "a child that is stopped does not hold up its waiter" {
  fakeboot -- "$CRNG" wait -t 300 &
  wait_for_event block
  kill -STOP "$(blocked_child)"
  become_ready
  run -0 wait_for $!
  run ! grep event=orphan "$FAKEBOOT_LOG"
}

@test "a wait is active also where its children get a PID namespace of their own" {
  user=
  [ "$(id -u)" -eq 0 ] || user=-r
  unshare $user -p true 2>/dev/null || skip "no PID namespace to be had here"
  # shellcheck disable=SC2086
  run -0 fakeboot --jitter 300ms -- env ASAN_OPTIONS=detect_leaks=0 unshare $user -p \
    "$CRNG" wait -t 300
}

@test "a new PID namespace is left to the command, its first process" {
  user=
  [ "$(id -u)" -eq 0 ] || user=-r
  unshare $user -p true 2>/dev/null || skip "no PID namespace to be had here"
  for limit in "-t 20" ""; do
    # shellcheck disable=SC2016,SC2086
    run -0 --separate-stderr fakeboot --ready-after 300ms -- env ASAN_OPTIONS=detect_leaks=0 \
      unshare $user -p "$CRNG" wait $limit -- sh -c 'sh -c "echo \$\$" && :'
    [ "$output" = 1 ]
    [ -z "$stderr" ]
  done
  # shellcheck disable=SC2086
  run -124 --separate-stderr fakeboot -- env ASAN_OPTIONS=detect_leaks=0 unshare $user -p \
    "$CRNG" wait -t 0.2 -- true
  [[ $stderr == *"nothing made the kernel gather, as a process for that would have been the first "* ]]
  [ "${#stderr_lines[@]}" -eq 1 ]
}

@test "the command does not inherit the end of a child" {
  need python3
  # shellcheck disable=SC2016
  run -0 --separate-stderr fakeboot --ready-on fork:1 -- /usr/bin/python3 -c '
import os, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
os.execv(sys.argv[1], [sys.argv[1], "wait", "-t", "20", "--", "/bin/grep", "-E",
    "^S(ig|hd)Pnd", "/proc/self/status"])' "$CRNG"
  grep -q event=ready "$FAKEBOOT_LOG"
  [ "$output" = $'SigPnd:\t0000000000000000\nShdPnd:\t0000000000000000' ]
}

@test "a new PID namespace is left to the command also where progress is shown" {
  need script
  user=
  [ "$(id -u)" -eq 0 ] || user=-r
  unshare $user -p true 2>/dev/null || skip "no PID namespace to be had here"
  cat >"$BATS_TEST_TMPDIR/inside" <<'END'
$2 && exec unshare -p "$1" wait -t 300 -- sh -c 'sh -c "echo forked" && :'
END
  cd "$BATS_TEST_TMPDIR"
  for hide in true "mount -t tmpfs none /proc"; do
    ! sanitized || [ "$hide" = true ] || skip "a sanitizer needs /proc itself"
    rm -f "$FAKEBOOT_LOG" typescript
    ASAN_OPTIONS=detect_leaks=0 script -qefc "'$FAKEBOOT' --log '$FAKEBOOT_LOG' -- \
      unshare $user -m sh inside '$CRNG' '$hide'" typescript >/dev/null 3>&- &
    eventually grep -qs 'crng wait: [0-9]* s: ' typescript
    become_ready
    wait $!
    grep -q 'forked' <(grep -av '^Script' typescript)
  done
}

@test "a signal to the child alone leaves the file of its parent" {
  sanitized && skip "a sanitizer needs /proc itself"
  need_mounts
  user=
  [ "$(id -u)" -eq 0 ] || user=-r
  # shellcheck disable=SC2016,SC2086
  fakeboot -- unshare $user -m sh -c 'mount -t tmpfs none /proc && exec "$1" bytes -o file 8' \
    sh "$CRNG" &
  wait_for_event block
  first=$(blocked_child)
  compgen -G '.crng-*'
  kill -TERM "$first"
  for _ in {1..500}; do
    [ "$(blocked_child)" = "$first" ] || break
    sleep 0.01
  done
  [ "$(blocked_child)" != "$first" ]
  compgen -G '.crng-*'
  kill -TERM "$(waiter)"
  run -0 tail --pid=$! -f /dev/null
  [ -z "$(ls -A)" ]
}

@test "as the first process of a namespace a wait ends by the signals that end others" {
  user=
  [ "$(id -u)" -eq 0 ] || user=-r
  unshare $user -pf true 2>/dev/null || skip "no PID namespace to be had here"
  for name in TERM INT HUP; do
    rm -f "$FAKEBOOT_LOG" status
    # shellcheck disable=SC2016,SC2086
    env --default-signal="$name" "$FAKEBOOT" --log "$FAKEBOOT_LOG" -- \
      unshare $user -pf "$CRNG" wait &
    wait_for_event block
    kill "-$name" "$(pgrep -P "$(waiter)")"
    run -$((128 + $(kill -l "$name"))) wait_for $!
    run ! grep event=orphan "$FAKEBOOT_LOG"
  done
  # An ignored signal stays ignored, and the command has the default again.
  run -0 fakeboot --ready-after 0 -- env --ignore-signal=HUP unshare $user -pf \
    "$CRNG" wait -- cat /proc/self/status
  ignored=$(sed -n 's/^SigIgn:\t/0x/p' <<<"$output")
  [ "$((ignored & 1))" -eq 1 ]
  [[ $output == *$'SigCgt:\t0000000000000000'* ]]
}

@test "without a descriptor to spare the child keeps none of the caller's" {
  need strace
  run -124 env ASAN_OPTIONS=detect_leaks=0 "$FAKEBOOT" -- strace -f -qq -o trace \
    -e trace=pipe2,close_range -e inject=pipe2:error=EMFILE "$CRNG" wait -q -t 0.3
  grep -q 'close_range(0, 4294967295, 0)' trace
}

@test "without getrandom an empty /dev/random is no proof of anything before Linux 5.6" {
  need_fakeboot --proc /proc/sys/kernel/random
  mkdir proc
  echo 4096 >proc/poolsize
  echo 64 >proc/read_wakeup_threshold
  for error in ENOSYS EPERM; do
    run -3 --separate-stderr fakeboot --errno "$error" --proc proc -- "$CRNG" bytes --nonblock 16
    [ -z "$output" ]
    [[ $stderr == "crng bytes: undetermined: without getrandom this kernel does not tell "* ]]
    run -3 fakeboot --errno "$error" --proc proc -- "$CRNG" check
    run -124 --separate-stderr fakeboot --errno "$error" --proc proc -- "$CRNG" bytes -t 0.2 16
    [ -z "$output" ]
    [[ $stderr == "crng bytes: /dev/random had nothing to give in the time given; "* ]]
    # Since then it is.
    run -1 --separate-stderr fakeboot --errno "$error" -- "$CRNG" bytes --nonblock 16
    [ "$stderr" = "crng bytes: the kernel RNG is not ready" ]
  done
}

@test "a wait that could not start a process says so when time runs out" {
  need strace
  tried() {
    run --separate-stderr env ASAN_OPTIONS=detect_leaks=0 "$FAKEBOOT" -- \
      strace -f -qq -o trace -e trace=clone -e inject=clone:error=EAGAIN "$CRNG" wait -t 0.5
    grep -q EAGAIN trace
  }
  at_best tried
  [ "$status" -eq 124 ]
  [[ $stderr == *"no process could be started to make the kernel gather: Resource"* ]]
  [ "${#stderr_lines[@]}" -eq 1 ]
}

@test "SIGINT and SIGTERM end a wait at once, and its child with it" {
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

@test "a wait in the background is not stopped for the line it would draw" {
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
  # In the foreground it is drawn, and cleared.
  TERM=xterm script -qec "'$FAKEBOOT' --log '$FAKEBOOT_LOG' -- '$CRNG' wait" /dev/null >out &
  eventually grep -q 'crng wait: [0-9]* s: ' out
  become_ready
  wait $!
  [ "$(tail -c 4 out)" = $'\r\e[K' ]
}

@test "a reader of standard output does not wait for a child that is left behind" {
  run -0 fakeboot -- bash -c 'x=$("$1" wait -q -t 0.3); echo "$?"' bash "$CRNG"
  [ "$output" = 124 ]
}

@test "without a pipe or a process to be had the wait goes on, and ends when ready" {
  need strace
  for fault in pipe2:error=EMFILE clone:error=EAGAIN; do
    run -0 env ASAN_OPTIONS=detect_leaks=0 "$FAKEBOOT" --ready-on poll+300ms -- \
      strace -f -qq -o trace -e trace=pipe2,clone -e "inject=$fault" "$CRNG" wait -t 300
    run -124 env ASAN_OPTIONS=detect_leaks=0 "$FAKEBOOT" -- \
      strace -f -qq -o trace -e trace=pipe2,clone -e "inject=$fault" "$CRNG" wait -q -t 1
  done
  # Without a limit there is no need of a child.
  run -0 env ASAN_OPTIONS=detect_leaks=0 "$FAKEBOOT" --jitter 300ms -- \
    strace -f -qq -o trace -e trace=clone -e inject=clone:error=EAGAIN "$CRNG" wait
}

@test "a process that could not be started is tried again, and then brings readiness" {
  need strace
  run -0 --separate-stderr env ASAN_OPTIONS=detect_leaks=0 "$FAKEBOOT" --jitter 100ms -- \
    strace -f -qq -o trace -e trace=clone -e inject=clone:error=EAGAIN:when=1..3 "$CRNG" wait -t 300
  [ -z "$stderr" ]
  [ "$(grep -c EAGAIN trace)" -eq 3 ]
}

@test "where poll fails the RNG is asked at intervals, and not all the time" {
  need strace
  for mode in "" --passive; do
    # shellcheck disable=SC2086
    run -0 env ASAN_OPTIONS=detect_leaks=0 "$FAKEBOOT" --log "$FAKEBOOT_LOG" --ready-on probe:24 -- \
      strace -f -qq -o trace -e trace=ppoll -e inject=ppoll:error=EPERM "$CRNG" wait $mode -t 300
    (($(field t ready) - $(probed | head -n 1) >= 400000000))
  done
}

@test "a child that closes its pipe and lives on holds nobody up" {
  need strace
  run -124 timeout -s KILL 300 env ASAN_OPTIONS=detect_leaks=0 "$FAKEBOOT" -- \
    strace -f -qq -o trace -e trace=dup2 -e inject=dup2:error=EPERM "$CRNG" wait -q -t 0.5
}

@test "a command runs after readiness and never before" {
  need python3
  run -0 fakeboot --ready-on block+400ms -- "$CRNG" wait -t 300 -- \
    /usr/bin/python3 -c 'import time; print(time.monotonic_ns())'
  [ "$output" -ge "$(field t ready)" ]
  run -124 --separate-stderr fakeboot -- "$CRNG" wait -q -t 0.3 -- touch ran
  [ ! -e ran ]
}

@test "bytes waits by default, and gives exactly what was asked" {
  run -0 --separate-stderr fakeboot --jitter 300ms -- "$CRNG" bytes --hex 16
  [ "${#output}" -eq 32 ]
  [ -z "$stderr" ]
  run -0 fakeboot --ready-on block+300ms -- "$CRNG" bytes -t 300 --hex 16
  [ "${#output}" -eq 32 ]
  fakeboot --ready-on block+300ms -- "$CRNG" bytes 0
}

@test "bytes --nonblock and --timeout write nothing while not ready" {
  run -1 --separate-stderr fakeboot -- "$CRNG" bytes --nonblock 16
  [ -z "$output" ]
  [ "$stderr" = "crng bytes: the kernel RNG is not ready" ]
  run -124 --separate-stderr fakeboot -- "$CRNG" bytes -t 0.3 -o file 16
  [ -z "$output" ]
  [ ! -e file ]
  [[ $stderr == "crng bytes: not ready in the time given: "* ]]
  [ -z "$(ls -A)" ]
}

@test "bytes --insecure gives bytes at once with a warning, by whatever the kernel has" {
  for option in "" --no-insecure; do
    # shellcheck disable=SC2086
    run -0 --separate-stderr fakeboot $option -- "$CRNG" bytes --insecure --hex 16
    [ "${#output}" -eq 32 ]
    [[ $stderr == "crng bytes: warning: the kernel RNG is not ready: "* ]]
    [ "${#stderr_lines[@]}" -eq 1 ]
  done
}

@test "bytes --insecure needs no device on a ready RNG, also without GRND_INSECURE" {
  need_mounts
  user=
  [ "$(id -u)" -eq 0 ] || user=-r
  # shellcheck disable=SC2086
  run -0 --separate-stderr fakeboot --no-insecure --ready-after 0 --poll none -- \
    unshare $user -m sh -c 'mount -t tmpfs none /dev && exec "$1" bytes --insecure --hex 4' \
    sh "$CRNG"
  [ "${#output}" -eq 8 ]
  [ -z "$stderr" ]
}

@test "bytes makes up for short counts" {
  run -0 fakeboot --ready-after 0 --short 7 -- "$CRNG" bytes --hex 1000
  [ "${#output}" -eq 2000 ]
  [ "$(fakeboot --ready-on block+200ms --short 1000 -- "$CRNG" bytes 100001 | wc -c)" -eq 100001 ]
}

@test "getrandom missing or forbidden, on a machine that is not ready: waits on the device" {
  for error in ENOSYS EPERM; do
    run -0 --separate-stderr fakeboot --errno "$error" --ready-on poll+300ms -- "$CRNG" bytes --hex 16
    [ "${#output}" -eq 32 ]
    [ "$(field t exit)" -gt "$(field t ready)" ]
    run -124 --separate-stderr fakeboot --errno "$error" -- "$CRNG" bytes -t 0.3 --hex 16
    [ -z "$output" ]
    run -1 --separate-stderr fakeboot --errno "$error" -- "$CRNG" bytes --nonblock --hex 16
    [ -z "$output" ]
    run -0 --separate-stderr fakeboot --errno "$error" -- "$CRNG" bytes --insecure --hex 16
    [ "${#output}" -eq 32 ]
    [[ $stderr == "crng bytes: warning: "* ]]
  done
}

@test "status says not ready, and early where the pool is half full" {
  need_fakeboot --proc /proc/sys/kernel/random
  mkdir proc
  echo 256 >proc/poolsize
  echo 6 >proc/entropy_avail
  run -0 --separate-stderr fakeboot --proc proc -- "$CRNG" status
  [[ ${lines[0]} == *"not ready"* ]]
  [[ $output == *"6 bits"* ]]
  run -124 --separate-stderr fakeboot --proc proc -- "$CRNG" wait -t 0.2
  [[ $stderr == *"6 of 256 bits gathered"* ]]
  echo 130 >proc/entropy_avail
  run -0 fakeboot --proc proc -- "$CRNG" status --json
  [ "$(jq -r .verdict <<<"$output")" = early ]
  # These contradict each other: the call is believed, and both are told.
  echo 256 >proc/entropy_avail
  run -0 fakeboot --proc proc -- "$CRNG" status
  [[ ${lines[0]} == "The kernel RNG is not ready: 256 of 256 bits gathered,"* ]]
  run -0 fakeboot --proc proc --ready-after 0 -- "$CRNG" status --json
  [ "$(jq -r .verdict <<<"$output")" = ready ]
}

@test "status that is overtaken by readiness tells of a ready RNG, in all its parts" {
  need_fakeboot
  need strace
  # The log is read after the verdict, and late.
  run -0 env ASAN_OPTIONS=detect_leaks=0 "$FAKEBOOT" --ready-after 300ms -- \
    strace -f -qq -o /dev/null -P /dev/kmsg -e trace=openat \
    -e inject=openat:delay_enter=600000 "$CRNG" status --json
  [ "$(jq -r .waiters.scanned <<<"$output")" = false ]
  [ "$(jq -r .verdict <<<"$output")" = ready ]
}
