#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# fakeboot's own tests. FAKEBOOT is the absolute path of the binary, PROBE of the program
# made from probe.c.
# shellcheck disable=SC2030,SC2031

load ../helper

NONBLOCK=1 RANDOM_=2 INSECURE=4

setup() {
  [ -x "$PROBE" ] || skip "fakeboot is not built (libseccomp)"
  log=$FAKEBOOT_LOG
  "$FAKEBOOT" -- true || [ $? -ne 77 ] || skip "the kernel has no seccomp user notification"
}

# first_root: the current user has the privilege for the ioctls of the RNG.
first_root() {
  [ "$(id -u)" -eq 0 ] || return
  [ "$(readlink /proc/self/ns/user)" = "user:[4026531837]" ] || return
  setpriv --bounding-set=-all true
}

# ioctls: a program that reports the answers to RNDADDENTROPY with its first argument as
# the credit and the second as the bytes, and then to RNDRESEEDCRNG.
ioctls='import errno, fcntl, struct, sys
text = sys.argv[2].encode()
info = struct.pack("ii", int(sys.argv[1]), len(text)) + text
for device in sys.argv[3:]:
    f = open(device, "rb", 0)
    for call, arg in (0x40085203, info), (0x5207, 0):
        try: print(type(fcntl.ioctl(f, call, arg)) and 0)
        except OSError as e: print(errno.errorcode[e.errno])'

# status_of PID: waits for a job of this shell, which run cannot do in its subshell.
status_of() {
  status=0
  wait "$1" || status=$?
}

# gone PID: there is no such process, or it is a zombie that no parent reaps.
gone() {
  [[ $(cat "/proc/$1/stat" 2>/dev/null) != *") "[!ZX]* ]]
}

@test "a nonblocking call fails with EAGAIN while not ready, at length 0 and with NULL too" {
  run -0 "$FAKEBOOT" -- "$PROBE" getrandom 0 $NONBLOCK
  [ "$output" = EAGAIN ]
  run -0 "$FAKEBOOT" -- "$PROBE" getrandom 16 $((NONBLOCK | RANDOM_))
  [ "$output" = EAGAIN ]
}

@test "calls pass to the kernel once ready" {
  run -0 "$FAKEBOOT" --ready-after 0 -- "$PROBE" getrandom 16 $NONBLOCK
  [ "$output" = 16 ]
}

@test "a blocking call sleeps until ready, GRND_RANDOM and length 0 included" {
  for flags in 0 $RANDOM_; do
    for len in 0 16; do
      run -0 "$FAKEBOOT" --ready-on block+60ms --log "$log" -- \
        "$PROBE" getrandom "$len" "$flags"
      [ "$output" = "$len" ]
      [ "$(grep -c 'event=block .*GRND_NONBLOCK' "$log")" = 0 ]
      [ "$(field answer block)" = none ]
      (($(field t ready) - $(field t block) >= 60000000))
    done
  done
}

@test "a blocking call that nothing makes ready never returns, and can be killed" {
  "$FAKEBOOT" --log "$log" -- "$PROBE" getrandom 16 0 >"$log.out" 3>&- &
  wait_for_event block
  sleep 0.3
  kill -TERM $!
  status_of $!
  [ "$status" = 143 ]
  [ ! -s "$log.out" ]
}

@test "python sees a boot: os.urandom waits, GRND_NONBLOCK raises BlockingIOError" {
  run -0 "$FAKEBOOT" --ready-on block --log "$log" -- python3 -c '
import os
try:
    os.getrandom(4, os.GRND_NONBLOCK)
    print("ready")
except BlockingIOError:
    print("not ready")
print(len(os.urandom(5)))'
  [ "${lines[0]}" = "not ready" ]
  [ "${lines[1]}" = 5 ]
  grep -q 'event=call .*len=4 flags=GRND_NONBLOCK answer=EAGAIN' "$log"
  grep -q 'event=call .*len=5 flags=0 answer=pass' "$log"
}

@test "a static program is supervised like any other" {
  static=$BATS_TEST_TMPDIR/probe
  cc -static -pthread -o "$static" "$BATS_TEST_DIRNAME/probe.c" ||
    skip "there is no static libc"
  run -0 "$FAKEBOOT" -- "$static" getrandom 0 $NONBLOCK
  [ "$output" = EAGAIN ]
}

@test "a closed standard input is no obstacle" {
  run -0 "$FAKEBOOT" --ready-after 0 -- "$PROBE" getrandom 16 $NONBLOCK <&-
  [ "$output" = 16 ]
}

@test "children are supervised, and the log tells them apart" {
  run -0 "$FAKEBOOT" --log "$log" -- sh -c "'$PROBE' getrandom 7 1; '$PROBE' getrandom 7 1"
  [ "$output" = $'EAGAIN\nEAGAIN' ]
  [ "$(grep 'event=call .*len=7 ' "$log" | grep -o ' pid=[0-9]*' | sort -u | wc -l)" = 2 ]
}

@test "200 threads that wait are all answered at readiness" {
  run -0 "$FAKEBOOT" --ready-on block:200 --log "$log" -- "$PROBE" threads 200
  [ "$output" = 3200 ]
  [ "$(field waiters ready)" = 200 ]
  [ "$(field pid call | sort -u | wc -l)" = 1 ]
  [ "$(grep 'event=call .*len=16 ' "$log" | grep -o ' tid=[0-9]*' | sort -u | wc -l)" = 200 ]
}

@test "GRND_INSECURE passes while not ready" {
  run -0 "$FAKEBOOT" -- "$PROBE" getrandom 16 $INSECURE
  [ "$output" = 16 ]
  run -0 "$FAKEBOOT" -- "$PROBE" getrandom 16 $((INSECURE | NONBLOCK))
  [ "$output" = 16 ]
}

@test "--no-insecure answers GRND_INSECURE with EINVAL, ready or not" {
  for after in never 0; do
    run -0 "$FAKEBOOT" --no-insecure --ready-after $after -- \
      "$PROBE" getrandom 16 $INSECURE
    [ "$output" = EINVAL ]
  done
}

@test "the kernel refuses unknown flags, and GRND_INSECURE with GRND_RANDOM" {
  run -0 "$FAKEBOOT" -- "$PROBE" getrandom 16 16
  [ "$output" = EINVAL ]
  run -0 "$FAKEBOOT" -- "$PROBE" getrandom 16 $((INSECURE | RANDOM_))
  [ "$output" = EINVAL ]
}

@test "--errno answers every call with that error, ready or not" {
  for name in ENOSYS EPERM; do
    run -0 "$FAKEBOOT" --errno $name -- "$PROBE" getrandom 0 0
    [ "$output" = $name ]
    run -0 "$FAKEBOOT" --errno $name --ready-after 0 -- "$PROBE" getrandom 0 1
    [ "$output" = $name ]
  done
}

@test "--short hands out at most N bytes, real ones, and leaves shorter calls alone" {
  run -0 "$FAKEBOOT" --short 3 --ready-after 0 -- "$PROBE" getrandom 16 0
  [ "$output" = 3 ]
  run -0 "$FAKEBOOT" --short 3 --ready-after 0 -- "$PROBE" getrandom 2 0
  [ "$output" = 2 ]
  run -0 "$FAKEBOOT" --short 64 --ready-after 20ms -- python3 -c '
import os
b = os.getrandom(100)
print(len(b), b != bytes(64))'
  [ "$output" = "64 True" ]
}

@test "--short needs no privilege, even where the command turns core dumps off" {
  without=
  [ "$(id -u)" -ne 0 ] || without="setpriv --bounding-set=-all"
  # shellcheck disable=SC2086 # a command with its option
  run -0 $without "$FAKEBOOT" --short 3 --ready-after 0 -- python3 -c '
import ctypes, os
prctl = ctypes.CDLL(None).prctl
print(prctl(4, 5), prctl(4, 0), len(os.getrandom(10)))'
  [ "$output" = "-1 0 3" ]
}

@test "with --jitter polling never brings readiness" {
  run -0 "$FAKEBOOT" --jitter 10ms --log "$log" -- python3 -c '
import os, time
for _ in range(20):
    try:
        os.getrandom(0, os.GRND_NONBLOCK)
        print("ready")
    except BlockingIOError:
        time.sleep(0.01)'
  [ -z "$output" ]
  run ! grep -q event=ready "$log"
}

@test "with --jitter the first blocking call brings readiness, counted from that call" {
  run -0 "$FAKEBOOT" --jitter 80ms --log "$log" -- sh -c "sleep 0.1; '$PROBE' woken"
  [ "$(field cause ready)" = jitter ]
  called=$(($(field t block) - $(field after_ns block)))
  (($(field due ready) - called == 80000000))
}

@test "a signal handler ends a blocked call with EINTR, or restarts it with SA_RESTART" {
  run -0 "$FAKEBOOT" --log "$log" -- "$PROBE" alarm 50 0
  [ "$output" = EINTR ]
  grep -q 'event=call .*len=0 flags=0 answer=interrupted' "$log"
  run -0 "$FAKEBOOT" --ready-on block:2 --log "$log" -- "$PROBE" alarm 50 restart
  [ "$output" = 0 ]
  [ "$(grep -c event=block "$log")" = 2 ]
  grep -q 'event=call .*len=0 flags=0 answer=pass' "$log"
}

@test "a stopped and continued call goes on waiting" {
  "$FAKEBOOT" --log "$log" -- "$PROBE" woken >"$log.out" 3>&- &
  wait_for_event block
  pid=$(field pid exec)
  kill -STOP "$pid"
  eventually grep -q '^State:.T' "/proc/$pid/status"
  kill -CONT "$pid"
  # The kernel makes the call again.
  wait_for_event block 2
  kill -USR1 $!
  wait $!
  [ "$(field waiters ready)" = 1 ]
  [ "$(cut -d' ' -f1 "$log.out")" = 0 ]
  (($(cut -d' ' -f2 "$log.out") >= $(field t ready)))
}

@test "a blocked call can be killed, and is logged as interrupted" {
  "$FAKEBOOT" --log "$log" -- "$PROBE" woken 3>&- &
  wait_for_event block
  kill -KILL "$(field pid exec)"
  status_of $!
  [ "$status" = 137 ]
  [ "$(field signal exit)" = KILL ]
  grep -q 'event=call .*len=0 flags=0 answer=interrupted' "$log"
}

@test "with --poll follows /dev/random is 1:8, and readable only when ready" {
  run -0 "$FAKEBOOT" -- "$PROBE" poll 50
  [ "$output" = "device=1:8 char=1 count=0 random=0 pipe=0 bits=0" ]
  run -0 "$FAKEBOOT" --ready-on poll+30ms -- "$PROBE" poll 300000
  [ "$output" = "device=1:8 char=1 count=1 random=1 pipe=0 bits=256" ]
}

@test "with --poll lies /dev/random is readable at once, although not ready" {
  run -0 "$FAKEBOOT" --poll lies -- "$PROBE" poll 50
  [ "$output" = "device=1:8 char=1 count=1 random=1 pipe=0 bits=0" ]
}

@test "with --poll never /dev/random is not readable even when ready" {
  run -0 "$FAKEBOOT" --poll never --ready-on poll -- "$PROBE" poll 100
  [ "$output" = "device=1:8 char=1 count=0 random=0 pipe=0 bits=256" ]
}

@test "with --poll none the command gets the machine's own device" {
  run -0 "$FAKEBOOT" --poll none -- "$PROBE" poll 0
  [[ "$output" = "device=1:8 char=1 count=1 random=1 pipe=0 "* ]]
}

@test "python sees the character device by fstat and lstat, and select follows" {
  run -0 "$FAKEBOOT" -- python3 -c '
import os, select, signal
f = os.open("/dev/random", os.O_RDONLY | os.O_NONBLOCK)
s, p = os.fstat(f), os.stat("/dev/random")
print(s.st_rdev == os.makedev(1, 8), s.st_ino == p.st_ino, os.stat(f).st_mode == p.st_mode)
before = select.select([f], [], [], 0)[0]
os.kill(os.getppid(), signal.SIGUSR1)
print(before == [], select.select([f], [], [])[0] == [f])
print(len(os.read(f, 32)))'
  [ "$output" = $'True True True\nTrue True\n32' ]
}

@test "a read of /dev/random blocks until readiness, and then the data has no end" {
  run -0 --separate-stderr "$FAKEBOOT" --ready-after 100ms --log "$log" -- \
    sh -c 'head -c 20000 /dev/random | wc -c'
  [ "$output" = 20000 ]
  (($(field t exit) > $(field t ready)))
}

@test "--proc shows a copy of the tree that changes with readiness" {
  mkdir "$BATS_TEST_TMPDIR/tree"
  echo 7 >"$BATS_TEST_TMPDIR/tree/entropy_avail"
  echo 256 >"$BATS_TEST_TMPDIR/tree/poolsize"
  chmod 444 "$BATS_TEST_TMPDIR"/tree/*
  before=$(cat /proc/sys/kernel/random/entropy_avail)
  run "$FAKEBOOT" --proc "$BATS_TEST_TMPDIR/tree" --jitter 30ms -- sh -c "
    cd /proc/sys/kernel/random && ls && cat entropy_avail && id -u
    '$PROBE' woken >/dev/null && cat entropy_avail"
  [ "$status" -ne 77 ] || skip "$output"
  [ "$status" = 0 ]
  [ "$output" = $'entropy_avail\npoolsize\n7\n'"$(id -u)"$'\n256' ]
  [ "$(cat "$BATS_TEST_TMPDIR/tree/entropy_avail")" = 7 ]
  [ "$(cat /proc/sys/kernel/random/entropy_avail)" = "$before" ]
}

@test "with --ready-on probe:N the Nth call is still answered as not ready" {
  run -0 "$FAKEBOOT" --ready-on probe:2 -- \
    sh -c "for i in 1 2 3; do '$PROBE' getrandom 0 1; done"
  [ "$output" = $'EAGAIN\nEAGAIN\n0' ]
}

@test "--ready-on call:N counts every getrandom, and wakes a blocked one" {
  run -0 "$FAKEBOOT" --ready-on call:1 --log "$log" -- "$PROBE" woken
  [ "$(field cause ready)" = call ]
  first=$(grep -m1 -n 'call=getrandom' "$log" | cut -d: -f1)
  ((first + 1 == $(grep -n event=ready "$log" | cut -d: -f1)))
}

@test "--ready-on fork brings readiness at the fork, and threads do not count" {
  run -0 "$FAKEBOOT" --ready-on fork --log "$log" -- "$PROBE" around
  [ "$output" = $'EAGAIN\n0' ]
  [ "$(field cause ready)" = fork ]
  rm "$log"
  "$FAKEBOOT" --ready-on fork --log "$log" -- "$PROBE" threads 2 3>&- &
  eventually grep -qz 'event=block .*event=block ' "$log"
  kill $!
  status_of $!
  [ "$status" = 143 ]
  run ! grep event=ready "$log"
}

@test "--ready-on exec does not count the exec of the command itself, but the next one" {
  run -0 "$FAKEBOOT" --ready-on exec --log "$log" -- "$PROBE" getrandom 0 1
  [ "$output" = EAGAIN ]
  run -0 "$FAKEBOOT" --ready-on exec -- env "$PROBE" getrandom 0 1
  [ "$output" = 0 ]
}

@test "--ready-on poll brings readiness as poll is entered" {
  run -0 "$FAKEBOOT" --ready-on poll --log "$log" -- "$PROBE" poll 300000
  [ "$output" = "device=1:8 char=1 count=1 random=1 pipe=0 bits=256" ]
  [ "$(field cause ready)" = poll ]
}

@test "--ready-on block:N counts only calls that sleep" {
  run -0 "$FAKEBOOT" --ready-on block:2 --log "$log" -- \
    sh -c '"$1" getrandom 0 1; "$1" getrandom 0 4; "$1" threads 2' sh "$PROBE"
  [ "$output" = $'EAGAIN\n0\n32' ]
  [ "$(field cause ready)" = block ]
  [ "$(field waiters ready)" = 2 ]
}

@test "--ready-on EVENT+DUR brings readiness that long after the event" {
  run -0 "$FAKEBOOT" --ready-on probe:2+40ms --log "$log" -- sh -c '
    "$1" getrandom 0 1; "$1" getrandom 0 1; "$1" woken' sh "$PROBE"
  [ "${lines[0]} ${lines[1]}" = 'EAGAIN EAGAIN' ]
  [ "$(field cause ready)" = probe ]
  second=$(grep 'len=0 flags=GRND_NONBLOCK' "$log" | sed -n '2s/^t=\([0-9]*\).*/\1/p')
  (($(field t ready) - second >= 40000000))
}

@test "SIGUSR1 brings readiness, for every call after it" {
  run -0 "$FAKEBOOT" --log "$log" -- sh -c '
    "$1" getrandom 0 1; kill -USR1 $PPID; "$1" getrandom 0 1' sh "$PROBE"
  [ "$output" = $'EAGAIN\n0' ]
  [ "$(field cause ready)" = signal ]
}

@test "the log is complete and in order: start, exec, call, exit" {
  run -0 "$FAKEBOOT" --log "$log" -- "$PROBE" getrandom 9 1
  [ "$(sed -n 's/.*event=\([a-z]*\).*/\1/p' "$log" | uniq | tr '\n' ' ')" = \
    "start exec call exit " ]
  sort -c -t= -k2n "$log"
  [ "$(grep -c 'len=9 flags=GRND_NONBLOCK answer=EAGAIN' "$log")" = 1 ]
}

@test "a blocked call returns soon after readiness" {
  soon() {
    "$FAKEBOOT" --ready-on block+20ms --log "$log" -- "$PROBE" woken >"$log.out"
    late=$(($(cut -d' ' -f2 "$log.out") - $(field t ready)))
    ((late < 2000000))
  }
  at_best soon
  ((late >= 0))
}

@test "the exit status is that of the command" {
  run -0 "$FAKEBOOT" -- true
  run -7 "$FAKEBOOT" -- sh -c 'exit 7'
  run -143 "$FAKEBOOT" -- sh -c 'kill -TERM $$'
  run -127 --separate-stderr "$FAKEBOOT" -- /no/such/command
  [ -z "$output" ]
  [ "$stderr" = "fakeboot: /no/such/command: No such file or directory" ]
  run -127 env PATH=/usr/bin:/bin "$FAKEBOOT" -- no-such-command
  run -126 "$FAKEBOOT" -- /
}

@test "bad options are refused with 125" {
  for option in --ready-after=1x --ready-after=-1 --ready-after= --jitter=never. \
    --errno=EFOO --short=0 --poll=often --ready-on=lunch --ready-on=call:0 \
    --ready-on=call: --ready-on=call+ --ready-on=call+1:1 --ready-on=+1s --foo; do
    run -125 --separate-stderr "$FAKEBOOT" "$option" -- true
    [ -z "$output" ]
    [ -n "$stderr" ]
  done
  run -125 "$FAKEBOOT" --poll lies
}

@test "a kernel that refuses the listener is exit 77 with the reason" {
  # A process can have only one listener (EBUSY).
  run -77 --separate-stderr "$FAKEBOOT" -- "$FAKEBOOT" -- true
  [ -z "$output" ]
  [[ "$stderr" = "fakeboot: the kernel refuses seccomp user notification: "* ]]
}

@test "a kernel that refuses namespaces is exit 77 for --proc, with the reason" {
  unshare -Ur true 2>/dev/null || skip "no user namespace can be made here"
  run -77 --separate-stderr unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces
    exec setpriv --bounding-set=-sys_admin "$FAKEBOOT" --proc / -- true'
  [ -z "$output" ]
  [[ "$stderr" = "fakeboot: --proc: the kernel refuses a namespace: "* ]]
}

@test "SIGTERM and SIGINT reach the command" {
  for signal in TERM INT; do
    "$FAKEBOOT" --log "$log" -- env --default-signal=INT "$PROBE" woken 3>&- &
    wait_for_event block
    kill -$signal $!
    status_of $!
    [ "$status" = $((128 + $(kill -l $signal))) ]
    [ "$(field signal exit)" = $signal ]
    rm "$log"
  done
}

@test "stdin and stdout belong to the command alone" {
  run -0 bash -c 'echo in | "$FAKEBOOT" -- cat'
  [ "$output" = in ]
  # The reader sees the end of file while the command still runs.
  mkfifo "$log.end"
  run -0 bash -c '"$FAKEBOOT" -- sh -c "echo out; exec >&-; read -r _ <\$1" sh "$1" |
    { cat; echo >"$1"; }' bash "$log.end"
  [ "$output" = out ]
}

@test "a process left behind is logged and killed, with its descendants" {
  run -0 "$FAKEBOOT" --log "$log" -- sh -c 'setsid sh -c "sleep 50; :" >&- 2>&- 3>&- & exit 0'
  [ "$(field comm orphan | sort)" = $'sh\nsleep' ]
  for pid in $(field pid orphan); do
    run ! kill -0 "$pid"
  done
  run -0 "$FAKEBOOT" --log "$log" -- "$PROBE" orphan
  [ "$(field comm orphan)" = "$(basename "$PROBE")" ]
}

@test "a command that cleans up leaves no orphan in the log" {
  run -0 "$FAKEBOOT" --log "$log" -- sh -c 'sleep 50 & kill -KILL $!; exit 0'
  run ! grep -q event=orphan "$log"
}

@test "children from before it are left alone" {
  run -0 bash -c 'sleep 600 >/dev/null 3>&- & before=$!
    (exec "$FAKEBOOT" -- true); kill $before'
  run -0 bash -c '(sleep 600 3>&- >/dev/null & echo $! >"$1"; exec "$FAKEBOOT" -- true)
    kill "$(cat "$1")"' - "$log.pid"
}

@test "killing the supervisor kills the command" {
  "$FAKEBOOT" --log "$log" -- "$PROBE" woken 3>&- &
  wait_for_event block
  kill -KILL $!
  status_of $!
  [ "$status" = 137 ]
  pid=$(field pid exec)
  eventually gone "$pid"
}

@test "with --kmsg each opener of /dev/kmsg reads the records, one by one, to the end" {
  [ -c /dev/kmsg ] || skip "there is no /dev/kmsg"
  printf '%s\n' '6,0,0,-;Linux version' '5,1,9,-;random: fast init done' >"$BATS_TEST_TMPDIR/kmsg"
  run -0 --separate-stderr "$FAKEBOOT" --kmsg "$BATS_TEST_TMPDIR/kmsg" -- python3 -c '
import os
for i in 1, 2:
    f = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK)
    print(os.fstat(f).st_rdev == os.makedev(1, 11), os.read(f, 8192), os.read(f, 8192))
    try: os.read(f, 8192)
    except BlockingIOError: print("end")'
  one='True b'\''6,0,0,-;Linux version\n'\'' b'\''5,1,9,-;random: fast init done\n'\'
  [ "$output" = "$one"$'\nend\n'"$one"$'\nend' ]
}

@test "RNDRESEEDCRNG checks the privilege, then readiness, and with --no-reseed is EINVAL" {
  reseed='import errno, fcntl
try: print(fcntl.ioctl(open("/dev/random", "rb"), 0x5207))
except OSError as e: print(errno.errorcode[e.errno])'
  run -0 "$FAKEBOOT" --no-reseed -- python3 -c "$reseed"
  [ "$output" = EINVAL ]
  if ! first_root; then
    run -0 "$FAKEBOOT" -- python3 -c "$reseed"
    [ "$output" = EPERM ]
    return
  fi
  run -0 "$FAKEBOOT" -- python3 -c "$reseed"
  [ "$output" = ENODATA ]
  run -0 "$FAKEBOOT" --ready-after 0 -- python3 -c "$reseed"
  [ "$output" = 0 ]
  run -0 "$FAKEBOOT" --ready-after 0 --log "$log" -- \
    setpriv --bounding-set=-sys_admin --inh-caps=-all python3 -c "$reseed"
  [ "$output" = EPERM ]
  [ "$(field answer reseed)" = EPERM ]
}

@test "RNDADDENTROPY checks the privilege, then the credit, ready or not" {
  for device in /dev/random /dev/urandom; do
    run -0 "$FAKEBOOT" --admin --log "$log" -- python3 -c "$ioctls" -1 bytes $device
    [ "$output" = $'EINVAL\nENODATA' ]
    [ "$(field answer add)" = EINVAL ]
    run -0 "$FAKEBOOT" --admin --ready-after 0 -- python3 -c "$ioctls" 0 bytes $device
    [ "$output" = $'0\n0' ]
    without=
    ! first_root || without="setpriv --bounding-set=-sys_admin --inh-caps=-all"
    # shellcheck disable=SC2086 # a command with its option
    run -0 $without "$FAKEBOOT" -- python3 -c "$ioctls" -1 bytes $device
    [ "$output" = $'EPERM\nEPERM' ]
  done
}

@test "root of a user namespace does not have the privilege" {
  unshare -Ur true 2>/dev/null || skip "no user namespace can be made here"
  run -0 "$FAKEBOOT" --log "$log" -- unshare -Ur python3 -c "$ioctls" 0 bytes /dev/random
  [ "$output" = $'EPERM\nEPERM' ]
}

@test "where the privilege is real, ioctls of the machine's own device go to the kernel" {
  first_root || skip "needs root"
  run -0 "$FAKEBOOT" --ready-after 0 --log "$log" -- python3 -c "$ioctls" 0 bytes /dev/urandom
  [ "$output" = $'0\n0' ]
  [ "$(field answer add)" = pass ]
  [ "$(field answer reseed)" = pass ]
}

@test "the log has the credit, the number of bytes and their marker, and never the bytes" {
  run -0 "$FAKEBOOT" --admin --marker needle --log "$log" -- \
    python3 -c "$ioctls" 0 "a needle here" /dev/urandom
  [ "$(field credit add) $(field bytes add) $(field marked add)" = "0 13 yes" ]
  run ! grep -q needle "$log"
  run -0 "$FAKEBOOT" --admin --marker needle --log "$log" -- \
    python3 -c "$ioctls" 256 "only hay" /dev/urandom
  [ "$(field credit add) $(field bytes add) $(field marked add)" = "256 8 no" ]
}

@test "--ready-on credit:N brings readiness once RNDADDENTROPY has credited N bits in sum" {
  # add CREDIT...: asks for readiness after each RNDADDENTROPY with a credit.
  add='import errno, fcntl, os, struct, sys
f = open("/dev/urandom", "rb", 0)
for credit in sys.argv[1:]:
    try:
        fcntl.ioctl(f, 0x40085203, struct.pack("ii", int(credit), 32) + bytes(32))
        os.getrandom(0, os.GRND_NONBLOCK)
        print("ready")
    except OSError as e: print(errno.errorcode[e.errno])'
  run -0 "$FAKEBOOT" --admin --ready-on credit --log "$log" -- python3 -c "$add" 0 256
  [ "$output" = $'EAGAIN\nready' ]
  [ "$(field cause ready)" = credit ]
  run -0 "$FAKEBOOT" --admin --ready-on credit -- python3 -c "$add" 128 127 -1 0 1
  [ "$output" = $'EAGAIN\nEAGAIN\nEINVAL\nEAGAIN\nready' ]
  run -0 "$FAKEBOOT" --admin --ready-on credit:1024 -- python3 -c "$add" 1023 1
  [ "$output" = $'EAGAIN\nready' ]
  run -0 "$FAKEBOOT" --admin --ready-on credit -- sh -c '
    for i in 1 2; do python3 -c "$1" 128; done' sh "$add"
  [ "$output" = $'EAGAIN\nready' ]
}

@test "credit that the kernel does not give brings no readiness" {
  add='import errno, fcntl, os, struct
f = open("/dev/urandom", "rb", 0)
try: fcntl.ioctl(f, 0x40085203, struct.pack("ii", 256, 32) + bytes(32))
except OSError as e: print(errno.errorcode[e.errno])
try: os.getrandom(0, os.GRND_NONBLOCK)
except OSError as e: print(errno.errorcode[e.errno])'
  for answer in --sandbox "--add 0"; do
    # shellcheck disable=SC2086 # an option with its value
    run -0 "$FAKEBOOT" --admin --ready-on credit $answer -- python3 -c "$add"
    [ "$output" = EAGAIN ]
  done
  without=
  ! first_root || without="setpriv --bounding-set=-sys_admin --inh-caps=-all"
  # shellcheck disable=SC2086 # a command with its option
  run -0 $without "$FAKEBOOT" --ready-on credit -- python3 -c "$add"
  [ "$output" = $'EPERM\nEAGAIN' ]
}

@test "the log has the SHA-256 of the bytes, by which two values can be told apart" {
  run -0 "$FAKEBOOT" --admin --log "$log" -- python3 -c "$ioctls" 0 "some bytes" /dev/urandom
  [ "$(field sha256 add)" = "$(printf 'some bytes' | sha256sum | cut -d ' ' -f 1)" ]
  run -0 "$FAKEBOOT" --admin --log "$log" -- python3 -c "$ioctls" 0 "" /dev/urandom
  [ "$(field sha256 add)" = none ]
}

@test "--add and --reseed answer in the kernel's place, with 0 or an error" {
  run -0 "$FAKEBOOT" --add EIO --reseed ENOTTY -- python3 -c "$ioctls" 0 bytes /dev/random /dev/urandom
  [ "$output" = $'EIO\nENOTTY\nEIO\nENOTTY' ]
  run -0 "$FAKEBOOT" --add 0 --reseed 0 -- python3 -c "$ioctls" -1 bytes /dev/random
  [ "$output" = $'0\n0' ]
}

@test "--sandbox answers every ioctl of the RNG with 0, even what the kernel refuses" {
  run -0 "$FAKEBOOT" --sandbox -- python3 -c "$ioctls
print(fcntl.ioctl(f, 0x5206))" -1 bytes /dev/urandom
  [ "$output" = $'0\n0\n0' ]
}

# hwrng KIND LINE...: a command that opens a device of that kind and reads 512 bytes twice,
# with O_NONBLOCK, sees the LINES.
hwrng() {
  run -0 "$FAKEBOOT" --hwrng "$1" --log "$log" -- python3 -c '
import errno, os, sys, time
try:
    if not os.access("/dev/hwrng", os.F_OK): print("absent")
    f = os.open("/dev/hwrng", os.O_RDONLY | os.O_NONBLOCK)
    s = os.fstat(f)
    print(s.st_rdev == os.makedev(10, 183) and (s.st_mode & 0o170000) == 0o20000)
    for i in range(2):
        b = os.read(f, 512)
        print(len(b), "zeros" if b == bytes(len(b)) else "repeats" if len(b) == 512 and b[:256] == b[256:]
              else "biased" if b.count(0) > len(b) / 3 else "noise")
except OSError as e: print(errno.errorcode[e.errno])'
  shift
  [ "$output" = "$(printf '%s\n' "$@")" ]
}

@test "--hwrng is the character device 10:183, with the bytes of its kind" {
  hwrng good True '512 noise' '512 noise'
  hwrng zeros True '512 zeros' '512 zeros'
  hwrng repeats True '512 repeats' '512 repeats'
  hwrng biased True '512 biased' '512 biased'
  hwrng short:100 True '100 noise' EAGAIN
  hwrng eagain True EAGAIN
  hwrng ENODEV True ENODEV
  [ "$(field answer read)" = ENODEV ]
  hwrng absent absent ENOENT
}

@test "each opener of a --hwrng finds the bytes of its kind" {
  run -0 "$FAKEBOOT" --hwrng short:100 -- \
    sh -c 'for i in 1 2; do head -c 100 /dev/hwrng | wc -c; done'
  [ "$output" = $'100\n100' ]
}

@test "a slow --hwrng gives a few bytes at a time" {
  run -0 "$FAKEBOOT" --hwrng slow -- python3 -c '
import os
f = os.open("/dev/hwrng", os.O_RDONLY)
print(len(os.read(f, 512)), len(os.read(f, 512)))'
  [ "$output" = "16 16" ]
}

@test "a --hwrng that hangs holds even a nonblocking read, until it is killed" {
  "$FAKEBOOT" --hwrng hangs --log "$log" -- python3 -c '
import os
os.read(os.open("/dev/hwrng", os.O_RDONLY | os.O_NONBLOCK), 512)' 3>&- &
  wait_for_event read
  asleep "$(field pid exec)"
  kill -KILL "$(field pid exec)"
  status_of $!
  [ "$status" = 137 ]
}

@test "without --vdso a state of the vDSO cannot be mapped, and with it it can" {
  map='import mmap
try: print(len(mmap.mmap(-1, 4096, 0x28)))
except OSError as e: print(e.errno)'
  [ "$(python3 -c "$map")" = 4096 ] || skip "no MAP_DROPPABLE before Linux 6.11"
  run -0 "$FAKEBOOT" -- python3 -c "$map"
  [ "$output" = 22 ]
  run -0 "$FAKEBOOT" --vdso -- python3 -c "$map"
  [ "$output" = 4096 ]
}

@test "bad answers and kinds are refused with 125" {
  for option in --add=1 --add= --reseed=EFOO --hwrng=fast --hwrng=short --hwrng=short: \
    --hwrng=short:x --hwrng=short:65537 --hwrng=good:5 --hwrng=; do
    run -125 --separate-stderr "$FAKEBOOT" "$option" -- true
    [ -z "$output" ]
    [ -n "$stderr" ]
  done
}
