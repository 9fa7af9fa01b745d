#!/usr/bin/env bats
# crng status: real tasks that wait for the RNG, found in the real /proc. DUMP, BLOCKER
# and FAKEBOOT are absolute paths. fakeboot makes the RNG unready for the program that it
# runs; strace stops a task where it would sleep, since no task waits on a ready kernel.
# shellcheck disable=SC2154,SC2153

load helper
load tree
load alone

setup() {
  [ -x "$DUMP" ]
  [ -x "$BLOCKER" ]
  no_crowd
}

# unready SCRIPT [ARG…]: runs SCRIPT in bash on a machine that is not ready.
unready() {
  need_fakeboot --poll none
  run -0 --separate-stderr "$FAKEBOOT" --poll none -- env DUMP="$DUMP" \
    BLOCKER="$BLOCKER" bash -uc "$common$1" bash "${@:2}"
}

common='
# held CALL BLOCKER-MODE: starts the blocker, which strace stops as it enters CALL, but not
# as its loader does.
held() {
  before=$(strace -qqq -e trace="$1" "$BLOCKER" 2>&1 | grep -c "^$1(")
  strace -qq -o /dev/null -e trace="$1" \
    -e inject="$1:delay_enter=60000000:when=$((before + 1))+" "$BLOCKER" "$2" &
  tracer=$!
  until task=$(pgrep -P "$tracer" -x blocker); do sleep 0.01; done
}
# stopped CALL: waits until the held task is in CALL, and not on a file that its loader
# reads.
stopped() {
  wanted=$(printf "#include <sys/syscall.h>\nSYS_%s\n" "$1" | cc -E -P -x c - | tail -n 1)
  until read -r number first _ <"/proc/$task/syscall" &&
    [ "$number" = "$wanted" ] && [ "$first" != 0x3 ]; do sleep 0.01; done
}
# found PID: prints the line about the task, once it waits.
found() {
  until "$DUMP" waiters | grep "pid=$1 "; do sleep 0.02; done
}
release() {
  kill -9 "$task" "$tracer"
  wait "$tracer" 2>/dev/null || true
}
'

@test "a task in a blocking getrandom is found, with its bytes and its executable" {
  unready '"$BLOCKER" getrandom & asleep $!; "$DUMP" waiters; echo "pid $!"; kill $!'
  pid=$(sed -n 's/^pid //p' <<<"$output")
  has -E "^waiter getrandom pid=$pid tid=$pid comm=blocker exe=$BLOCKER .* bytes=21 waited_ns=[0-9]+ "
  has -E 'unknown= scanned=1 .* skipped=0 '
}

@test "a thread that waits is found by its own number" {
  unready '"$BLOCKER" thread & found $!; echo "pid $!"; kill $!'
  pid=$(sed -n 's/^pid //p' <<<"$output")
  has -E "^waiter getrandom pid=$pid tid=[0-9]+ .* bytes=21 "
  ! has -E "^waiter .* pid=$pid tid=$pid " || false
}

@test "sampling tells how long a task has been seen, which is never more than its age" {
  # On a busy machine the first sample comes late.
  for ms in 1200 5000 20000 80000; do
    unready '"$BLOCKER" getrandom & asleep $!; "$DUMP" waiters "$1"; echo "pid $!"; kill $!' "$ms"
    pid=$(sed -n 's/^pid //p' <<<"$output")
    line=$(grep "^waiter .* pid=$pid " <<<"$output")
    seen=${line##* waited_ns=} seen=${seen%% *} age=${line##* age_ns=}
    ((seen <= age + 20000000))
    ((seen < 500000000)) || break
  done
  ((seen >= 500000000))
}

@test "one look tells for how long a task has been waiting, where the kernel says when it last ran" {
  grep -q '^se.exec_start' /proc/self/sched || skip "this kernel has no /proc/PID/sched"
  unready '"$BLOCKER" getrandom & asleep $!
    until line=$("$DUMP" waiters | grep "pid=$! ") &&
      waited=${line##* waited_ns=} waited=${waited%% *} && [ "$waited" -ge 2000000000 ]; do
      sleep 0.1
    done
    echo "$line"; kill $!'
  waited=${output##* waited_ns=} age=${output##* age_ns=}
  [ "${waited%% *}" -le "$age" ]
}

@test "a task cannot lie about its age by its name" {
  grep -q '^se.exec_start' /proc/self/sched || skip "this kernel has no /proc/PID/sched"
  unready 'name=$1/$(printf "\nse.exec_start9")
    cp "$BLOCKER" "$name"
    "$name" getrandom & asleep $!
    until line=$("$DUMP" waiters | grep "pid=$! ") &&
      waited=${line##* waited_ns=} && [ "${waited%% *}" -ge 1000000000 ]; do
      sleep 0.1
    done
    echo "$line"; kill $!' "$BATS_TEST_TMPDIR"
  has -F 'comm=\x0ase.exec_start9'
}

@test "a task that begins to wait while samples are taken is found" {
  for ms in 1500 6000 24000 96000; do
    unready '(sleep "$(($1 / 3000)).4"; exec "$BLOCKER" getrandom) &
      "$DUMP" waiters "$1"; echo "pid $!"; kill $!' "$ms"
    pid=$(sed -n 's/^pid //p' <<<"$output")
    ! grep -q "^waiter getrandom pid=$pid " <<<"$output" || break
  done
  has -E "^waiter getrandom pid=$pid "
}

@test "readers and pollers of /dev/random are found" {
  need strace
  unready 'for call in read:read readv:readv ppoll:ppoll pselect6:pselect; do
      IFS=: read -r name mode <<<"$call"
      held "$name" "$mode"
      echo "$mode $(found "$task")"
      release
    done
    "$BLOCKER" epoll &
    echo "epoll $(found $!)"
    kill $!'
  has -E '^read waiter read .* bytes=13 '
  has -E '^readv waiter read .* bytes=0 '
  has -E '^ppoll waiter poll '
  has -E '^pselect waiter poll '
  has -E '^epoll waiter poll '
}

@test "readers by other calls, among many descriptors and of nodes without a name are found" {
  need strace
  unready 'cd "$1"
    for call in pread64:pread preadv:preadv splice:splice sendfile:sendfile \
        ppoll:ppoll-many pselect6:pselect-many ppoll:ppoll-epoll; do
      IFS=: read -r name mode <<<"$call"
      held "$name" "$mode"
      echo "$mode $(found "$task")"
      release
    done
    for mode in epoll-nested epoll-moved epoll-many; do
      "$BLOCKER" $mode &
      echo "$mode $(found $!)"
      kill $!
    done
    if [ "$(id -u)" = 0 ] && mknod probe c 1 8 && : <probe; then
      held read read-deleted
      echo "deleted $(found "$task")"
      release
    else
      echo "deleted waiter read (by root only)"
    fi' "$BATS_TEST_TMPDIR"
  for mode in pread preadv splice sendfile deleted; do
    has -E "^$mode waiter read "
  done
  for mode in ppoll-many pselect-many ppoll-epoll epoll-nested epoll-moved epoll-many; do
    has -E "^$mode waiter poll "
  done
}

@test "without statx the name of the device is enough" {
  need strace
  unready 'held ppoll ppoll
    stopped ppoll
    until ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o /dev/null \
      -e inject=statx:error=ENOSYS "$DUMP" waiters | grep "pid=$task "; do :; done
    release'
  has -E '^waiter poll '
}

@test "a task that reads /dev/urandom, polls for writing or passes GRND_NONBLOCK does not wait" {
  need strace
  unready 'for call in read:read-urandom ppoll:ppoll-out getrandom:nonblock; do
      IFS=: read -r name mode <<<"$call"
      held "$name" "$mode"
      stopped "$name"
      echo "$mode found=$("$DUMP" waiters | grep -c "pid=$task ")" \
        "$(cut -d" " -f1 "/proc/$task/syscall")"
      release
    done'
  has -E '^read-urandom found=0 [0-9]+$'
  has -E '^ppoll-out found=0 [0-9]+$'
  has -E '^nonblock found=0 [0-9]+$'
}

@test "a task that waits in an io_uring is hidden if it has /dev/random open, and only then" {
  "${UNSHARE[@]}" -pfm --mount-proc true || skip 'no namespaces can be made here'
  for mode in uring-pipe=0 uring=1; do
    unready '$1 -pfm --mount-proc bash -uc "$2" bash "$3"' "${UNSHARE[*]}" "$common"'
      "$BLOCKER" "$1" & asleep $!
      "$DUMP" waiters
      kill $! || echo no ring' "${mode%=*}"
    [[ $output != *'no ring'* ]] || skip 'this kernel has no io_uring'
    has -E "^unknown= scanned=1 hidepid=0 examined=[0-9]+ hidden=${mode#*=} .* total=0 "
  done
}

@test "a 32-bit task on a 64-bit kernel is found" {
  [ "$(uname -m)" = x86_64 ] || skip 'the program is for x86'
  need strace
  cat >"$BATS_TEST_TMPDIR/i386.c" <<'END'
static char bytes[99];
void _start(void);
void _start(void)
{
	long rc = 355;

	__asm__ volatile("int $0x80" : "+a"(rc) : "b"(bytes), "c"(99), "d"(0));
	int status = rc != 99;
	rc = 1;
	__asm__ volatile("int $0x80" : "+a"(rc) : "b"(status));
}
END
  gcc -m32 -O2 -fno-pie -no-pie -static -nostdlib -o "$BATS_TEST_TMPDIR/compat" \
    "$BATS_TEST_TMPDIR/i386.c" || skip 'gcc makes no 32-bit program'
  "$BATS_TEST_TMPDIR/compat" || skip 'the kernel runs no i386 programs'
  strace -qq -o /dev/null -e inject=getrandom:delay_enter=60000000 \
    "$BATS_TEST_TMPDIR/compat" 3>&- &
  tracer=$!
  until pid=$(pgrep -P "$tracer" -x compat) && grep -qs '^355 ' "/proc/$pid/syscall"; do
    kill -0 "$tracer"
    sleep 0.01
  done
  unready '"$DUMP" waiters'
  kill -9 "$pid" "$tracer"
  has -E "^waiter getrandom pid=$pid .* bytes=99 "
}

@test "a hostile process name is escaped" {
  mkdir "$BATS_TEST_TMPDIR/bin"
  cp "$BLOCKER" "$BATS_TEST_TMPDIR/bin/"$'\e]0;x\a\n"};\xff'
  unready '"$1"/* getrandom & asleep $!; "$DUMP" waiters; kill $!' "$BATS_TEST_TMPDIR/bin"
  has -E 'comm=\\x1b\]0;x\\x07\\x0a"\};\\xff exe=.*/\\x1b\]0;x\\x07\\x0a"\};\\xff unit'
  [[ $output != *$'\e'* ]]
}

@test "an ordinary user sees their own waiting tasks and the number of hidden ones" {
  [ "$(id -u)" = 0 ] || skip 'needs root, to be two users'
  [ "$(cat /proc/sys/kernel/yama/ptrace_scope 2>/dev/null || echo 0)" = 0 ] ||
    skip 'Yama hides them'
  cp "$DUMP" "$BATS_TEST_TMPDIR/dump"
  cp "$BLOCKER" "$BATS_TEST_TMPDIR/mine"
  chmod a+rx "$BATS_RUN_TMPDIR" "${BATS_TEST_TMPDIR%/*}"
  chmod -R a+rX "$BATS_TEST_TMPDIR"
  unready '"$BLOCKER" getrandom & theirs=$!
    as="setpriv --reuid=65534 --regid=65534 --clear-groups"
    $as "$1/mine" getrandom & mine=$!
    asleep $theirs; asleep $mine
    $as "$1/dump" waiters
    kill $theirs $mine' "$BATS_TEST_TMPDIR"
  has -E '^waiter getrandom .* comm=mine '
  ! has -E 'comm=blocker ' || false
  has -E ' hidden=[1-9]'
}

@test "the metrics do not say that no task waits where some are hidden" {
  [ "$(id -u)" = 0 ] || skip 'needs root, to be two users'
  cp "$CRNG" "$BATS_TEST_TMPDIR/crng"
  cp "$BLOCKER" "$BATS_TEST_TMPDIR/mine"
  chmod a+rx "$BATS_RUN_TMPDIR" "${BATS_TEST_TMPDIR%/*}"
  chmod -R a+rX "$BATS_TEST_TMPDIR"
  unready 'as="setpriv --reuid=65534 --regid=65534 --clear-groups"
    $as "$1/crng" status --format=prometheus >"$1/none"
    $as "$1/mine" getrandom & mine=$!
    asleep $mine
    $as "$1/crng" status --format=prometheus >"$1/one"
    kill $mine' "$BATS_TEST_TMPDIR"
  grep -qx 'crng_ready 0' "$BATS_TEST_TMPDIR/none"
  run ! grep crng_waiters "$BATS_TEST_TMPDIR/none"
  grep -q '^crng_waiters [1-9]' "$BATS_TEST_TMPDIR/one"
}

@test "the mount option hidepid is noticed" {
  [ "$(id -u)" = 0 ] || skip 'needs root'
  unshare -pfm true || skip 'no namespaces can be made here'
  cp "$DUMP" "$BATS_TEST_TMPDIR/dump"
  chmod a+rx "$BATS_RUN_TMPDIR" "${BATS_TEST_TMPDIR%/*}"
  chmod -R a+rX "$BATS_TEST_TMPDIR"
  unready 'as="setpriv --reuid=65534 --regid=65534 --clear-groups"
    unshare -pfm --mount-proc bash -c "
      mount -t proc -o hidepid=2 proc /proc && $as $1/dump waiters
      mount -t proc -o hidepid=1 proc /proc && $as $1/dump waiters
      true"' "$BATS_TEST_TMPDIR"
  has -E '^unknown= scanned=1 hidepid=1 examined=0 hidden=0 '
  has -E '^unknown= scanned=1 hidepid=0 examined=0 hidden=[1-9]'
}

@test "on a ready machine no task is looked at" {
  run -0 --separate-stderr "$DUMP" waiters 1200
  [ "$output" = 'unknown= scanned=0 hidepid=0 examined=0 hidden=0 running=0 skipped=0 total=0 count=0' ]
}

@test "among 5,000 idle processes status makes few system calls for each" {
  local out=$BATS_TEST_TMPDIR/out status=0
  ! sanitized || skip 'a sanitizer makes calls of its own'
  need strace
  "$BLOCKER" idle 5000 bash -euc 'TIMEFORMAT="%R s"; { time "$CRNG" status >/dev/null; } 2>&1
    strace -f -c "$CRNG" status 2>&1 >/dev/null | awk "/ total\$/ { print \$4 }"
    ls /proc | grep -c "^[0-9]" >"$1"' bash "$out.processes" >"$out" || status=$?
  [ "$status" != 77 ] || skip '5,000 processes cannot be started'
  [ "$status" = 0 ]
  echo "# status among 5,000 idle processes: $(tr '\n' ' ' <"$out")system calls" >&3
  [ "$(tail -n 1 "$out")" -gt 5000 ]
  [ "$(tail -n 1 "$out")" -lt $((39 * $(cat "$out.processes") / 10)) ]
}

@test "without /proc the list is unknown" {
  [ "$(id -u)" = 0 ] || skip 'needs root'
  unshare -m sh -c "mount -t tmpfs tmpfs /proc && exec '$DUMP' abi" </dev/null ||
    skip 'a sanitizer needs /proc itself'
  unready 'unshare -m sh -c "mount -t tmpfs tmpfs /proc && exec \"$DUMP\" waiters 1200"'
  has -E '^unknown=/proc is not mounted scanned=0 '
}

# numbers HEADER: "name number" of each system call that it defines
numbers() {
  local __X32_SYSCALL_BIT=0x40000000 name number
  cc -E -dM -x c - <<<"#include <$1>" | sed -n 's/^#define __NR_\([a-z0-9_]*\) \(.*\)/\1 \2/p' |
    while read -r name number; do echo "$name $((number))"; done
}

@test "the calls that can wait are known by their numbers in all ABIs, and no other call" {
  need cc
  headers=(sys/syscall.h)
  [ "$(uname -m)" != x86_64 ] || headers=(asm/unistd_{64,32,x32}.h)
  declare -A calls=(
    [getrandom]=getrandom [read]=read [readv]=readv [poll]=poll [ppoll]=poll
    [ppoll_time64]=poll [_newselect]=select [select]=select [pselect6]=select
    [pselect6_time64]=select [epoll_wait]=epoll [epoll_pwait]=epoll
    [epoll_pwait2]=epoll [pread64]=read-at [preadv]=read-at [preadv2]=read-at
    [splice]=read-at [sendfile]=sendfile [sendfile64]=sendfile
    [io_uring_enter]=uring
  )
  declare -A expected=([0]=other)
  for header in "${headers[@]}"; do
    all=$(numbers "$header")
    [ -n "$all" ] || skip "no $header"
    while read -r name number; do
      call=${calls[$name]-other}
      # With _newselect, select is the one that has its arguments in memory.
      [ "$name" != select ] || ! grep -q '^_newselect ' <<<"$all" || call=other
      case ${expected[$number]-other} in
      other) expected[$number]=$call ;;
      "$call") ;;
      *) [ "$call" = other ] || { echo "$number means two calls" && return 1; } ;;
      esac
    done <<<"$all"
  done
  got=$(printf '%s\n' "${!expected[@]}" | "$DUMP" abi)
  diff <(paste -d ' ' <(printf '%s\n' "${!expected[@]}") <(printf '%s\n' "${expected[@]}")) \
    <(paste -d ' ' <(printf '%s\n' "${!expected[@]}") - <<<"$got")
  for call in $(printf '%s\n' "${calls[@]}" | sort -u); do
    grep -qx "$call" <<<"$got"
  done
}

@test "the innermost unit or container is taken from the cgroup, and escaped" {
  id=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
  check() {
    run -0 "$DUMP" cgroup <<<"$1"
    [ "$output" = "unit=$2" ]
  }
  check '0::/system.slice/sshd.service' sshd.service
  check '12:pids:/x|1:name=systemd:/system.slice/cron.service|0::/y' cron.service
  check '0::/user.slice/user-1000.slice/user@1000.service/app.slice/a.service' a.service
  check "0::/system.slice/docker-$id.scope" "docker-$id.scope"
  check "0::/docker/$id" "$id"
  check "4:cpu:/kubepods/besteffort/pod1/$id|0::/" "$id"
  check '0::/lxc.payload.web' lxc.payload.web
  check '0::/' ''
  check 'nonsense' ''
  check $'0::/a\e[31m.service' 'a\x1b[31m.service'
}

@test "a set of descriptors is read in the order of its longs" {
  while read -r bytes order fd set in; do
    [ "$("$DUMP" set <<<"$bytes $order $fd $set")" = "$in" ] ||
      { echo "$bytes $order $fd $set" && return 1; }
  done <<'END'
8 little 3 0800000000000000 in
8 big 3 0000000000000008 in
8 big 63 8000000000000000 in
8 big 64 00000000000000000000000000000001 in
4 big 3 00000008 in
4 big 32 0000000000000001 in
8 big 3 0800000000000000 out
4 little 35 0000000008000000 in
END
  [ "$("$DUMP" uring <<<'  op=6, task_works=0')" = reads ]
  [ "$("$DUMP" uring <<<'  op=22, task_works=0')" = reads ]
  [ "$("$DUMP" uring <<<'  op=13, task_works=0')" = other ]
}

@test "lines of /proc are parsed strictly" {
  rest=" 1 2 3 18446744073709551615 5 6 7 8 9 10 11 12 13 14 15 17 1 0 0"
  run -0 "$DUMP" stat <<<'7 (a) R (b) S 1 7 7 0 -1 64 9 0 0 0 0 0 0 0 20 0 1 0 4711'"$rest"
  [ "$output" = 'state=S kernel=0 start=4711' ]
  run -0 "$DUMP" stat <<<'2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 25'"$rest"
  [ "$output" = 'state=S kernel=1 start=25' ]
  run -0 "$DUMP" stat <<<'7 (a) S 1 7 7 0 -1 64 9 0 0 0 0 0 0 0 20 0 1 0 4711'
  [ "$output" = 'no stat' ]
  run -0 "$DUMP" syscall < <(printf '%s\n' running '-1 0x7ff 0x7fe' \
    '318 0x1 0xff 0x0 0x0 0x0 0x0 0x7ff 0x7fe' '318 0x1' '318' '0x1' '' \
    '99999999999999999999 0x1 0x1 0x1 0x1 0x1 0x1 0x1 0x1')
  [ "$output" = "$(printf '%s\n' running 'no call' 'number=318 args=1,ff,0' \
    'no syscall' 'no syscall' 'no syscall' 'no syscall' 'no syscall')" ]
  run -0 "$DUMP" wchan < <(printf '%s\n' wait_for_random_bytes __do_sys_getrandom \
    SyS_getrandom random_read_iter urandom_read 0 do_poll '')
  [ "$output" = "$(printf '%s\n' wchan getrandom getrandom read read other other other)" ]
}

# waiting NAME…: runs crng status in each format on a machine that is not ready, where
# processes of these names are blocked in getrandom. The outputs are in files named after
# the format.
waiting() {
  need_fakeboot
  [ -x "${BLOCKER:-}" ] || skip "blocker is not built"
  local name
  mkdir -p "$BATS_TEST_TMPDIR/bin"
  for name; do
    cp "$BLOCKER" "$BATS_TEST_TMPDIR/bin/$name"
  done
  fakeboot -- bash -uc '
    for program in "$2"/bin/*; do "$program" getrandom & pids+=($!); done
    for pid in "${pids[@]}"; do asleep "$pid"; done
    for format in human json shell prometheus svg; do "$1" status --format $format >"$2/$format"; done
    kill "${pids[@]}"' bash "$CRNG" "$BATS_TEST_TMPDIR"
}

@test "waiting tasks are named, and counted in the first line and in the metrics" {
  waiting keygen
  tasks=$(jq '.waiters.tasks | length' "$BATS_TEST_TMPDIR/json")
  [[ $(head -n 1 "$BATS_TEST_TMPDIR/human") == *" Not ready "* ]]
  grep -q '^[0-9]* blocked tasks*$' "$BATS_TEST_TMPDIR/human"
  # Other tasks may wait on this machine as well.
  run -0 jq -r --arg exe "$BATS_TEST_TMPDIR/bin/keygen" \
    '.waiters.tasks[] | select(.exe == $exe) | "\(.comm) \(.call) \(.bytes)"' "$BATS_TEST_TMPDIR/json"
  [ "$output" = "keygen getrandom 21" ]
  [ "$tasks" -ge 1 ]
  grep -q '^crng_waiters [1-9]' "$BATS_TEST_TMPDIR/prometheus"
  grep -q '^crng_ready 0$' "$BATS_TEST_TMPDIR/prometheus"
  grep -q "^CRNG_WAITER_[0-9]*_COMM='keygen'$" "$BATS_TEST_TMPDIR/shell"
  run -0 jq -r '[.advice[].id] | index("start-blocking-reader")' "$BATS_TEST_TMPDIR/json"
  [ "$output" = null ]
}

@test "many early readers and blocked tasks leave room for a bar of these, on one screen" {
  need_alone
  [ -x "${BLOCKER:-}" ] || skip "blocker is not built"
  for i in {1..9}; do
    echo "5,$i,${i}00000,-;random: prog$i: uninitialized urandom read (32 bytes read)"
  done >"$BATS_TEST_TMPDIR/kmsg"
  echo '4,12,950000,-;Missing cycle counter and fallback timer; RNG entropy collection will consequently suffer.' >>"$BATS_TEST_TMPDIR/kmsg"
  run -0 --separate-stderr alone --kmsg "$BATS_TEST_TMPDIR/kmsg" -- bash -c '
    for i in {1..8}; do "$2" getrandom & pids+=" $!"; done
    for pid in $pids; do asleep "$pid"; done
    "$1" status' bash "$CRNG" "$BLOCKER"
  [ "$(wc -l <<<"$output")" -le 22 ]
  [[ $output == *'blocker (8 tasks) blocked for '* ]]
  [[ $output =~ 'and '[0-9]+' more on the timeline' ]]
}

@test "hostile process names do no harm in any format" {
  waiting $'\e]0;x\a' '"};' "'\$(id)'" $'a\xff\xfeb' $'a\nb'
  for file in human json shell prometheus svg; do
    run ! env LC_ALL=C grep -n $'[\001-\010\013-\037\177]' "$BATS_TEST_TMPDIR/$file"
    iconv -f UTF-8 -t UTF-8 "$BATS_TEST_TMPDIR/$file" >/dev/null
  done
  run -0 jq -r --arg bin "$BATS_TEST_TMPDIR/bin/" \
    '.waiters.tasks[] | select(.exe // "" | startswith($bin)) | .comm' "$BATS_TEST_TMPDIR/json"
  [ "$(sort <<<"$output")" = "$(printf '%s\n' '\x1b]0;x\x07' '"};' "'\$(id)'" 'a\xff\xfeb' 'a\x0ab' | sort)" ]
  run -0 --separate-stderr dash -euc 'eval "$(cat "$1")"; set | grep "^CRNG_WAITER_.*_COMM="' \
    sh "$BATS_TEST_TMPDIR/shell"
  [ -z "$stderr" ]
  [[ $output == *'$(id)'* ]]
}

@test "a running task may be gathering entropy: it is counted, and nothing is advised" {
  need_alone
  [ "$(id -u)" -eq 0 ] || skip "a real-time task needs root"
  [ "$(nproc)" -gt 1 ] || skip "a real-time task leaves others no time on one CPU"
  need chrt
  # On a busy machine the kernel sometimes takes such a task off its CPU, and it can be
  # examined.
  run -0 --separate-stderr alone -- sh -c '
    chrt -f 1 sh -c "while :; do :; done" &
    until chrt -p $! | grep -q FIFO; do :; done
    while :; do
      json=$("$1" status --json)
      text=$("$1" status)
      case $json$text in *\"running\":\ 1,*gathering\ entropy:\ 1.*) break ;; esac
    done
    echo "$json" "$text"' sh "$MACHINE"
  [[ $output == *"No blocked task was seen among "* ]]
  [[ $output != *start-blocking-reader* ]]
  [[ $output == *"Running tasks, which may be waiting and gathering entropy: 1."* ]]
  [[ $output == *'"running": 1,'* ]]
}

@test "on a ready kernel before 5.6 tasks wait for the blocking pool, and not for readiness" {
  need_alone
  [ -x "${BLOCKER:-}" ] || skip "blocker is not built"
  for format in human json shell prometheus; do
    run -0 --separate-stderr alone --no-insecure --ready-after 0 --poll none -- bash -c '
      "$2" epoll & asleep $!
      "$1" status --format "$3"' bash "$CRNG" "$BLOCKER" "$format"
    case $format in
    human)
      [[ $output == *"1 blocked task, waiting for the blocking pool, not for readiness"* ]]
      [[ $output =~ [0-9]+' '+(at least )?[0-9.]+' s '+'poll(/dev/random) '.*' blocker'$'\n' ]]
      ;;
    json)
      [ "$(jq -c '.waiters | [.total, .tasks[0].waits_for]' <<<"$output")" = '[1,"blocking_pool"]' ]
      ;;
    shell) grep -qx "CRNG_WAITER_1_WAITS_FOR='blocking_pool'" <<<"$output" ;;
    prometheus) grep -qx 'crng_waiters 1' <<<"$output" ;;
    esac
  done
}

@test "the report does not claim that nothing waits where not every task could be seen" {
  need_alone
  # Tasks of other PID namespaces are not seen.
  run -0 --separate-stderr alone --no-insecure --ready-after 0 --poll none -- "$CRNG" status --json
  [ "$(jq -c '.waiters | [.total, .confined, .scanned]' <<<"$output")" = '[0,true,true]' ]
  run -0 --separate-stderr alone --no-insecure --ready-after 0 --poll none -- "$CRNG" status -v
  [[ $output == *"No blocked task was seen among "*"Tasks outside this PID namespace are not visible."* ]]
  run -0 --separate-stderr alone --no-insecure --ready-after 0 --poll none -- "$CRNG" status --format=prometheus
  has -E '^crng_ready 1$'
  run ! grep '^crng_waiters' <<<"$output"
}
