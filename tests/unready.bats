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
  booted pid exec | head -n 1
}

blocked_child() {
  booted pid block | tail -n 1
}

@test "check is 1 while not ready and 0 from readiness on" {
  run -1 --separate-stderr boot -- "$CRNG" check
  [ -z "$output" ]
  [ -z "$stderr" ]
  run -0 boot --ready-after 0 -- "$CRNG" check
  run -0 boot --ready-after 300ms -- sh -c '
    "$1" check && exit 9; sleep 0.5; "$1" check' sh "$CRNG"
}

@test "wait makes the one blocking call that brings readiness" {
  run -0 --separate-stderr boot --jitter 300ms -- "$CRNG" wait -t 20
  [ -z "$output" ]
  [ -z "$stderr" ]
  [ "$(grep -c 'event=block .*len=0 flags=0' "$BOOT_LOG")" -eq 1 ]
  run ! grep event=orphan "$BOOT_LOG"
}

@test "wait --passive makes no blocking call, and so does not bring readiness" {
  run -124 boot --jitter 100ms -- "$CRNG" wait -q --passive -t 1
  run ! grep event=block "$BOOT_LOG"
  run -0 boot --ready-after 300ms --jitter 100ms -- "$CRNG" wait --passive -t 20
  run ! grep event=block "$BOOT_LOG"
}

@test "a wait asks no more than it must: event-driven, active and passive" {
  for mode in "" --passive; do
    # shellcheck disable=SC2086
    run -0 boot --ready-after 1s -- "$CRNG" wait $mode -t 20
    # libc's own question, the first, the one after the event.
    [ "$(grep -c 'event=call .*GRND_NONBLOCK' "$BOOT_LOG")" -le 4 ]
  done
}

@test "passive waiting survives a poll that lies, and one that never tells" {
  run -0 boot --ready-after 700ms --poll lies -- "$CRNG" wait --passive -t 20
  run -124 boot --poll lies -- "$CRNG" wait -q --passive -t 1
  run -0 boot --ready-after 300ms --no-insecure --poll never -- "$CRNG" wait --passive -t 20
}

@test "readiness may come at any moment of a wait" {
  for event in probe:1 probe:2 fork:1 poll:1; do
    run -0 boot --ready-on "$event" -- "$CRNG" wait -t 20
    grep -q "event=ready " "$BOOT_LOG"
    run -0 boot --ready-on "$event" -- "$CRNG" wait -t 20 -- sh -c 'exit 0'
  done
  for event in probe:1 poll:1; do
    run -0 boot --ready-on "$event" -- "$CRNG" wait --passive -t 20
  done
  run -0 boot --ready-on exec -- sh -c '"$1" check; exec "$1" wait -t 20' sh "$CRNG"
}

@test "at the very moment of expiry the answer is 0 or 124, and 0 only if ready" {
  rounds=1000
  ! sanitized || rounds=50
  ready=0 expired=0
  for _ in $(seq "$rounds"); do
    status=0
    timeout 20 "$FAKEBOOT" --log "$BOOT_LOG" --ready-after 8ms -- \
      "$CRNG" wait -q -t 0.006 || status=$?
    case $status in
    0) ready=$((ready + 1)) && grep -q event=ready "$BOOT_LOG" ;;
    124) expired=$((expired + 1)) ;;
    *) echo "status $status" && return 1 ;;
    esac
  done
  echo "ready $ready, expired $expired"
}

@test "the time given is kept, with no process left behind" {
  run -124 boot -- "$CRNG" wait -q -t 0.5
  ((($(booted t exit) - $(booted t exec | head -n 1)) / 1000000 >= 490))
  ((($(booted t exit) - $(booted t exec | head -n 1)) / 1000000 < 1500))
  run ! grep event=orphan "$BOOT_LOG"
}

@test "two hundred waiters all return" {
  count=200
  ! sanitized || count=20
  # shellcheck disable=SC2016
  run -0 boot --ready-after 5s -- bash -c '
    for ((i = 0; i < $2; i++)); do "$1" wait -t 60 & pids+=($!); done
    for pid in "${pids[@]}"; do wait "$pid" || exit 1; done; echo "${#pids[@]}"' bash "$CRNG" "$count"
  [ "$output" -eq "$count" ]
  [ "$(booted waiters ready)" -eq "$count" ]
  run ! grep event=orphan "$BOOT_LOG"
}

@test "a stopped and continued waiter keeps to the truth" {
  boot --ready-after 1s -- "$CRNG" wait -t 20 &
  boot_event block
  kill -STOP "$(waiter)"
  sleep 1.2
  kill -CONT "$(waiter)"
  wait $!
  rm "$BOOT_LOG"
  boot -- "$CRNG" wait -q -t 1 &
  boot_event block
  kill -STOP "$(waiter)"
  sleep 1.2
  kill -CONT "$(waiter)"
  run -124 wait_for $!
}

wait_for() {
  tail --pid="$1" -f /dev/null
  sed -n 's/.* event=exit .*status=\([0-9]*\).*/\1/p' "$BOOT_LOG" >status
  return "$(cat status)"
}

@test "a waiter whose child is killed starts another and does not report ready" {
  boot -- "$CRNG" wait -q -t 2 &
  for _ in 1 2 3; do
    boot_event block
    sleep 0.2
    kill -KILL "$(blocked_child)"
  done
  run -124 wait_for $!
  [ "$(grep -c event=block "$BOOT_LOG")" -ge 3 ]
  run ! grep event=orphan "$BOOT_LOG"
}

@test "a child that is stopped does not hold up its waiter" {
  boot --ready-after 700ms -- "$CRNG" wait -t 20 &
  boot_event block
  kill -STOP "$(blocked_child)"
  run -0 wait_for $!
  ((($(booted t exit) - $(booted t ready)) / 1000000 < 1000))
  run ! grep event=orphan "$BOOT_LOG"
}

@test "a wait is active also where its children get a PID namespace of their own" {
  user=
  [ "$(id -u)" -eq 0 ] || user=-r
  unshare $user -p true 2>/dev/null || skip "no PID namespace to be had here"
  # shellcheck disable=SC2086
  run -0 boot --jitter 300ms -- env ASAN_OPTIONS=detect_leaks=0 unshare $user -p \
    "$CRNG" wait -t 20
}

@test "a wait that could not start a process says so when time runs out" {
  need strace
  run -124 --separate-stderr env ASAN_OPTIONS=detect_leaks=0 "$FAKEBOOT" -- \
    strace -f -qq -o trace -e trace=clone -e inject=clone:error=EAGAIN "$CRNG" wait -t 0.2
  [[ $stderr == *"no process could be started to make the kernel gather: Resource"* ]]
  [ "${#stderr_lines[@]}" -eq 1 ]
}

@test "SIGINT and SIGTERM end a wait at once, and its child with it" {
  for signal in INT TERM HUP; do
    rm -f "$BOOT_LOG"
    # A shell's background job ignores SIGINT; env resets it.
    env --default-signal="$signal" "$FAKEBOOT" --log "$BOOT_LOG" -- "$CRNG" wait &
    boot_event block
    start=$(date +%s%N)
    kill "-$signal" "$(waiter)"
    tail --pid=$! -f /dev/null
    (($(date +%s%N) - start < 2000000000))
    grep -q "event=exit .*signal=$signal" "$BOOT_LOG"
    run ! grep event=orphan "$BOOT_LOG"
  done
}

@test "a wait in the background is not stopped for the line it would draw" {
  need script
  cat >job <<'EOF_JOB'
set -m
stty tostop
"$FAKEBOOT" --ready-after 3200ms -- "$CRNG" wait -t 20 &
wait $!
echo "status $?"
EOF_JOB
  run -0 env TERM=xterm script -qec 'bash job' /dev/null
  [ "$output" = $'status 0\r' ]
  # In the foreground it is drawn, and cleared.
  run -0 env TERM=xterm script -qec "'$FAKEBOOT' --ready-after 3200ms -- '$CRNG' wait" /dev/null
  [[ $output == *"crng wait: 2 s: "*$'\r\e[K' ]]
}

@test "a reader of standard output does not wait for a child that is left behind" {
  run -0 boot -- bash -c 'x=$("$1" wait -q -t 0.3); echo "$?"' bash "$CRNG"
  [ "$output" = 124 ]
}

@test "without a pipe or a process to be had the wait goes on, and ends when ready" {
  need strace
  for fault in pipe2:error=EMFILE clone:error=EAGAIN; do
    run -0 env ASAN_OPTIONS=detect_leaks=0 "$FAKEBOOT" --ready-after 700ms -- \
      strace -f -qq -o trace -e trace=pipe2,clone -e "inject=$fault" "$CRNG" wait -t 20
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
    strace -f -qq -o trace -e trace=clone -e inject=clone:error=EAGAIN:when=1..3 "$CRNG" wait -t 20
  [ -z "$stderr" ]
  [ "$(grep -c EAGAIN trace)" -eq 3 ]
}

@test "where poll fails the RNG is asked at intervals, and not all the time" {
  need strace
  for mode in "" --passive; do
    # shellcheck disable=SC2086
    run -0 env ASAN_OPTIONS=detect_leaks=0 "$FAKEBOOT" --log "$BOOT_LOG" --ready-after 700ms -- \
      strace -f -qq -o trace -e trace=ppoll -e inject=ppoll:error=EPERM "$CRNG" wait $mode -t 20
    [ "$(grep -c 'len=0 flags=GRND_NONBLOCK' "$BOOT_LOG")" -le 40 ]
  done
}

@test "a child that closes its pipe and lives on holds nobody up" {
  need strace
  run -124 timeout -s KILL 10 env ASAN_OPTIONS=detect_leaks=0 "$FAKEBOOT" -- \
    strace -f -qq -o trace -e trace=dup2 -e inject=dup2:error=EPERM "$CRNG" wait -q -t 0.5
}

@test "a command runs after readiness and never before" {
  need python3
  run -0 boot --ready-after 400ms -- "$CRNG" wait -t 20 -- \
    /usr/bin/python3 -c 'import time; print(time.monotonic_ns())'
  [ "$output" -ge "$(booted t ready)" ]
  run -124 --separate-stderr boot -- "$CRNG" wait -q -t 0.3 -- touch ran
  [ ! -e ran ]
}

@test "bytes waits by default, and gives exactly what was asked" {
  run -0 --separate-stderr boot --jitter 300ms -- "$CRNG" bytes --hex 16
  [ "${#output}" -eq 32 ]
  [ -z "$stderr" ]
  run -0 boot --ready-after 300ms -- "$CRNG" bytes -t 20 --hex 16
  [ "${#output}" -eq 32 ]
  boot --ready-after 300ms -- "$CRNG" bytes 0
}

@test "bytes --nonblock and --timeout write nothing while not ready" {
  run -1 --separate-stderr boot -- "$CRNG" bytes --nonblock 16
  [ -z "$output" ]
  [ "$stderr" = "crng bytes: the kernel RNG is not ready" ]
  run -124 --separate-stderr boot -- "$CRNG" bytes -t 0.3 -o file 16
  [ -z "$output" ]
  [ ! -e file ]
  [[ $stderr == "crng bytes: not ready in the time given: "* ]]
  [ -z "$(ls -A)" ]
}

@test "bytes --insecure gives bytes at once with a warning, by whatever the kernel has" {
  for option in "" --no-insecure; do
    # shellcheck disable=SC2086
    run -0 --separate-stderr boot $option -- "$CRNG" bytes --insecure --hex 16
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
  run -0 --separate-stderr boot --no-insecure --ready-after 0 --poll none -- \
    unshare $user -m sh -c 'mount -t tmpfs none /dev && exec "$1" bytes --insecure --hex 4' \
    sh "$CRNG"
  [ "${#output}" -eq 8 ]
  [ -z "$stderr" ]
}

@test "bytes makes up for short counts" {
  run -0 boot --ready-after 0 --short 7 -- "$CRNG" bytes --hex 1000
  [ "${#output}" -eq 2000 ]
  [ "$(boot --ready-after 200ms --short 1000 -- "$CRNG" bytes 100001 | wc -c)" -eq 100001 ]
}

@test "getrandom missing or forbidden, on a machine that is not ready: waits on the device" {
  for error in ENOSYS EPERM; do
    run -0 --separate-stderr boot --errno "$error" --ready-after 500ms -- "$CRNG" bytes --hex 16
    [ "${#output}" -eq 32 ]
    [ "$(booted t exit)" -gt "$(booted t ready)" ]
    run -124 --separate-stderr boot --errno "$error" -- "$CRNG" bytes -t 0.3 --hex 16
    [ -z "$output" ]
    run -1 --separate-stderr boot --errno "$error" -- "$CRNG" bytes --nonblock --hex 16
    [ -z "$output" ]
    run -0 --separate-stderr boot --errno "$error" -- "$CRNG" bytes --insecure --hex 16
    [ "${#output}" -eq 32 ]
    [[ $stderr == "crng bytes: warning: "* ]]
  done
}

@test "status says not ready, and early where the pool is half full" {
  need_fakeboot --proc /proc/sys/kernel/random
  mkdir proc
  echo 256 >proc/poolsize
  echo 6 >proc/entropy_avail
  run -0 --separate-stderr boot --proc proc -- "$CRNG" status
  [[ ${lines[0]} == *"not ready"* ]]
  [[ $output == *"6 bits"* ]]
  run -124 --separate-stderr boot --proc proc -- "$CRNG" wait -t 0.2
  [[ $stderr == *"6 of 256 bits gathered"* ]]
  echo 130 >proc/entropy_avail
  run -0 boot --proc proc -- "$CRNG" status --json
  [ "$(jq -r .verdict <<<"$output")" = early ]
  # These contradict each other: the call is believed, and both are told.
  echo 256 >proc/entropy_avail
  run -0 boot --proc proc -- "$CRNG" status
  [[ ${lines[0]} == "The kernel RNG is not ready: 256 of 256 bits gathered,"* ]]
  run -0 boot --proc proc --ready-after 0 -- "$CRNG" status --json
  [ "$(jq -r .verdict <<<"$output")" = ready ]
}

@test "status that is overtaken by readiness tells of a ready RNG, in all its parts" {
  need_fakeboot
  need strace
  # The log is read after the verdict, and late.
  run -0 env ASAN_OPTIONS=detect_leaks=0 "$FAKEBOOT" --ready-after 300ms -- \
    strace -qq -o /dev/null -P /dev/kmsg -e trace=openat \
    -e inject=openat:delay_enter=600000 "$CRNG" status --json
  [ "$(jq -r .waiters.scanned <<<"$output")" = false ]
  [ "$(jq -r .verdict <<<"$output")" = ready ]
}
