#!/usr/bin/env bats
# crng bytes in bulk: --jobs, --fast and --progress. The count is exact with any number of
# threads, no bytes come twice, and an error is reported once. CRNG_TEST_BULK=1G gives the
# statistics as much as a release is checked with, which takes minutes.
# shellcheck disable=SC2154,SC2030,SC2031

load helper
load bytes

# bulk SIZE: how many bytes the statistics get; fewer under sanitizers, which are slow.
bulk() {
  if sanitized; then echo 8M; else echo "${CRNG_TEST_BULK:-$1}"; fi
}

# injected STATUS WHAT OPTION…: crng bytes OPTION… ends with STATUS if strace's
# inject=WHAT applies to every thread. The outputs are in out and err, the system calls in
# trace.
injected() {
  local what=$2 status=0
  need strace
  ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o trace -e "trace=${what%%:*}" \
    -e "inject=$what" "$CRNG" bytes "${@:3}" 2>err >out || status=$?
  [ "$status" -eq "$1" ]
}

# size FILE: in bytes.
size() {
  wc -c <"$1"
}


# has_worked PID: the process has used 0.2 s of CPU time. How much it wrote is visible
# only to root, to whom its files in /proc belong.
has_worked() {
  awk -v second="$(getconf CLK_TCK)" '{ exit !($14 + $15 >= second / 5) }' "/proc/$1/stat"
}

# with_running OPTION… -- CMD…: runs CMD PID while crng bytes OPTION… infinity runs as
# PID.
with_running() {
  local options=()
  while [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  "$CRNG" bytes "${options[@]}" infinity >/dev/null &
  local pid=$!
  eventually has_worked "$pid"
  "${@:2}" "$pid"
  kill "$pid"
  wait "$pid" || true
}

@test "the count is exact around block boundaries, for 1 to 8 jobs, by pipe and file" {
  for jobs in 1 2 3 4 5 6 7 8; do
    for n in 1048575 1048576 $((9 * BLOCK - 1)) $((9 * BLOCK)) $((9 * BLOCK + 1)) \
      $((16 * BLOCK)) $((17 * BLOCK + 1)); do
      [ "$(count -j "$jobs" "$n")" -eq "$n" ]
      [ "$(count -j "$jobs" --fast "$n")" -eq "$n" ]
      "$CRNG" bytes --jobs "$jobs" "$n" >file
      [ "$(wc -c <file)" -eq "$n" ]
    done
  done
}

@test "8 jobs never give the same 16 bytes twice" {
  for mode in --hex --fast --random; do
    [ "$mode" != --hex ] || mode=-j8
    "$CRNG" bytes -j 8 "$mode" "$(bulk 128M)" | tool repeats
  done
  run -1 bash -c '"$1" bytes 1M >file; cat file file | "$2"' bash "$CRNG" \
    "$BUILD/tests/tools/repeats"
}

@test "a fork in the middle repeats no bytes" {
  for mode in vdso syscall fast; do
    run tool forked "$mode" 1M
    [ "$status" -ne 77 ] || continue
    tool forked "$mode" 1M | tool repeats
  done
}

@test "the FIPS 140-2 tests and ent find nothing" {
  need rngtest ent
  for mode in -j2 --fast; do
    # About one block of 20000 bits in 1250 fails by chance.
    "$CRNG" bytes "$mode" "$(bulk 64M)" | rngtest 2>result || [ "$?" -eq 1 ]
    awk '/FIPS 140-2 successes/ { s = $NF } /FIPS 140-2 failures/ { f = $NF }
      END { exit !(s > 3000 && f / (s + f) < 0.0025) }' result
    "$CRNG" bytes "$mode" "$(bulk 64M)" | ent -t >result
    awk -F, '$1 == 1 { exit !($3 > 7.9999 && $5 > 127.3 && $5 < 127.7) }' result
  done
}

@test "a reader of an endless stream may stop at any time" {
  need rngtest
  bash -c '"$1" bytes infinity 2>err | rngtest -c 200 2>/dev/null; echo "${PIPESTATUS[0]}" >status' \
    bash "$CRNG"
  [ "$(cat status)" -eq 141 ]
  [ ! -s err ]
}

# peak MIB PID: the process has never had more memory than that.
peak() {
  awk -v most=$(($1 << 10)) '/VmHWM/ { print $2; exit !($2 < most) }' "/proc/$2/status"
}

@test "memory stays under 8 MiB with 2 workers" {
  sanitized && skip "the sanitizer's own memory"
  for options in "" --fast --hex "--hex --wrap 1" "--format base32 --wrap 1" "--chars alnum"; do
    # shellcheck disable=SC2086 # several options
    with_running -j 2 $options -- peak 8
  done
}

@test "memory grows little with the number of workers" {
  sanitized && skip "the sanitizer's own memory"
  with_running -j 256 -- peak 48
  with_running -j 256 --fast -- peak 48
  with_running -j 256 --hex -- peak 112
  with_running -j 256 --hex --wrap 64 -- peak 112
}

# workers OPTION…: how many threads write 32 MiB.
workers() {
  traced trace "$CRNG" bytes "$@" 32M >/dev/null
  echo $(($(grep -cE '\bclone3?\(' trace) + 1))
}

@test "there are as many workers as CPUs in the affinity mask" {
  need taskset
  [ "$(workers -j 3)" -eq 3 ]
  [ "$(workers)" -eq "$(nproc)" ]
  taskset -cp "$(taskset -cp $$ | sed 's/.*: //; s/[,-].*//')" $$ >/dev/null
  [ "$(workers)" -eq 1 ]
  [ "$(workers -j 2)" -eq 2 ]
}

@test "there are no more workers than the control group's quota and memory allow" {
  grep -q '^0::/' /proc/self/cgroup || skip "there is no cgroup v2 hierarchy"
  need_mounts
  export -f workers traced need
  while read -r file jobs expected limit; do
    [ "$jobs" != all ] || [ "$expected" -le "$(nproc)" ] || expected=$(nproc)
    own_mounts bash -ec 'mount -t tmpfs none /sys/fs/cgroup
      dir=/sys/fs/cgroup$(sed -n "s/^0:://p" /proc/self/cgroup)
      mkdir -p "$dir"
      echo "$2" >"$dir/$1"
      case $3 in all) workers ;; *) workers -j "$3" ;; esac >count' bash "$file" "$limit" "$jobs"
    [ "$(cat count)" -eq "$expected" ]
  done <<'EOF_LIMITS'
cpu.max all 1 50000 100000
cpu.max all 1 100000 100000
cpu.max all 2 100001 100000
cpu.max all 1024 max 100000
cpu.max all 1024 x 100000
memory.max 8 1 1048576
memory.max 8 4 5242880
memory.max 8 8 16777216
memory.max 8 8 max
memory.max 1 1 4096
EOF_LIMITS
}

@test "the progress line is cleared even when a signal ends crng" {
  need script
  run script -qec "'$CRNG' bytes -p infinity | head -c 600M >/dev/null" /dev/null
  [[ $output == *iB/s*$'\r\e[K' ]]
  env --default-signal=INT script -qefc "echo \$\$ >pid; exec '$CRNG' bytes -p infinity >/dev/null" typescript >/dev/null &
  eventually grep -qs 'iB/s' typescript
  kill -INT "$(cat pid)"
  wait $! || true
  output=$(grep -av '^Script ' typescript)
  [[ $output == *iB/s*$'\r\e[K'* ]]
  [[ ${output##*iB/s} != *[a-z]* ]]
}

@test "small requests start no thread, open no file and leave the vDSO alone" {
  sanitized && skip "a sanitizer makes calls of its own"
  for options in "--hex 32" 1048575 "--fast 1000" "--chars alnum 20"; do
    # shellcheck disable=SC2086 # several options
    traced trace "$CRNG" bytes $options >/dev/null
    run ! grep -E 'clone|sched_getaffinity|mmap.*(0x8|DROPPABLE)' trace
    [ "$(grep -c 'execve(' trace)" -eq 1 ]
    only_libraries_opened trace
  done
}

@test "where no thread can be started, the first one does the work" {
  for call in clone clone3; do
    injected 0 "$call:error=EAGAIN" -j 4 3M
    [ "$(size out)" -eq 3145728 ]
    [ ! -s err ]
  done
  [ "$(grep -c EAGAIN trace)" -le 1 ]
}

# need_ways: skips where the kernel has no getrandom() in its vDSO.
need_ways() {
  tool ../../bench/limits vdso 1M 2>/dev/null || skip "the vDSO has no getrandom()"
}

@test "where system calls are slow, bulk bytes come through the vDSO, and both ways are measured again" {
  need_ways
  # Of the first block, and of each 512th after it, one half comes in three measured
  # calls.
  slices() {
    injected 0 getrandom:delay_enter=2000 "$@"
    grep -cE 'getrandom\(.*, 20480, 0\) = 20480' trace
  }
  [ "$(slices -j 1 10M)" -eq 3 ]
  [ "$(slices -j 1 100M)" -eq 6 ]
  [ "$(grep -c getrandom trace)" -lt 40 ]
}

# cost CMD…: prints its CPU time in milliseconds, user and system.
cost() {
  local TIMEFORMAT='%3U %3S'
  { time "$@" >/dev/null; } 2>&1 | tr -d .
}

# takes_faster: crng takes the faster way; status 2 if both take about as long.
takes_faster() {
  local user system vdso call
  read -r user system < <(cost tool ../../bench/limits vdso 256M)
  vdso=$((10#$user + 10#$system))
  read -r user system < <(cost tool ../../bench/limits syscall 256M)
  call=$((10#$user + 10#$system))
  [ $((vdso * 4)) -gt $((call * 5)) ] || [ $((call * 4)) -gt $((vdso * 5)) ] || return 2
  read -r user system < <(cost "$CRNG" bytes -j 1 512M)
  if [ "$call" -lt "$vdso" ]; then
    [ $((10#$system)) -gt $((10#$user)) ]
  else
    [ $((10#$user)) -gt $((10#$system)) ]
  fi
}

@test "bulk bytes come by the way that is faster on this CPU" {
  need_ways
  sanitized && skip "a sanitizer slows one way down"
  status=0
  takes_faster || status=$?
  [ "$status" -ne 2 ] || skip "both ways take about as long here"
  [ "$status" -eq 0 ] || at_best takes_faster
}

@test "less than 1 MiB is not measured, and takes as few system calls as it can" {
  traced trace "$CRNG" bytes 1048575 >/dev/null
  [ "$(grep -cE 'getrandom\(.*, (122880|65535), 0\)' trace)" -eq 9 ]
}

@test "--fast takes a key of 32 bytes from the kernel for each block" {
  traced trace "$CRNG" bytes --fast -j 3 $((20 * BLOCK)) >/dev/null
  [ "$(grep -c ', 32, 0) *= 32' trace)" -eq 20 ]
}

@test "an interrupted or short getrandom loses no byte" {
  n=$((30 * BLOCK + 7))
  for mode in --random --fast; do
    injected 0 getrandom:error=EINTR:when=2+3 "$mode" -j 3 "$n"
    [ "$(size out)" -eq "$n" ]
    grep -q EINTR trace
  done
  injected 0 getrandom:retval=1:when=3+2 --random -j 3 "$n"
  [ "$(size out)" -eq "$n" ]
  [ "$(grep -c INJECTED trace)" -gt 3 ]
}

@test "a getrandom that fails in a worker ends all workers, with one message" {
  n=$((40 * BLOCK))
  for mode in --random --fast; do
    for when in 3 4 5 6 7; do
      injected 3 "getrandom:error=EIO:when=$when+" "$mode" -j 4 "$n"
      [ "$(cat err)" = "crng bytes: getrandom: $(error_words EIO)" ]
      [ "$(size out)" -lt "$n" ]
      [ $(($(size out) % BLOCK)) -eq 0 ]
    done
  done
}

@test "a write that is interrupted, would block or is short loses no byte" {
  n=$((30 * BLOCK + 7))
  for error in EINTR EAGAIN; do
    injected 0 "write:error=$error:when=1+2" -j 3 "$n"
    [ "$(size out)" -eq "$n" ]
    grep -q "$error" trace
  done
  # A call that strace answers writes nothing; the others must write the rest, and no
  # more.
  injected 0 write:retval=1:when=1+3 -j 3 "$n"
  [ $(($(size out) + $(grep -c INJECTED trace))) -eq "$n" ]
}

@test "after the first failed write no byte is written, and the error is reported once" {
  for error in ENOSPC EIO EBADF EDQUOT; do
    # The message itself may be the third write of its thread.
    for _ in {1..20}; do
      injected 3 "write:error=$error:when=3" -j 4 $((40 * BLOCK))
      grep -q 'write(2,.*INJECTED' trace || break
    done
    [ "$(wc -l <err)" -eq 1 ]
    [[ $(cat err) == "crng bytes: standard output: "* ]]
    # Only the message comes after the write that failed.
    [ "$(sed "1,/$error/d" trace | grep -c 'write(1,')" -eq 0 ]
  done
  run -3 --separate-stderr bash -c '"$1" bytes -j 8 --fast infinity >/dev/full' bash "$CRNG"
  [ "$stderr" = "crng bytes: standard output: No space left on device" ]
}

@test "many workers end by SIGPIPE without a message, even where SIGPIPE is ignored" {
  for options in "-j 8" "-j 8 --hex" "-j 8 --fast"; do
    run -0 --separate-stderr bash -c 'for ignored in "" PIPE; do
      [ -z "$ignored" ] || trap "" PIPE
      "$1" bytes $2 infinity | head -c 5000000 | wc -c
      echo "${PIPESTATUS[0]}"; done' bash "$CRNG" "$options"
    [ "${lines[*]}" = "5000000 141 5000000 141" ]
    [ -z "$stderr" ]
  done
}

@test "SIGINT ends many workers at once" {
  for _ in 1 2 3; do
    env --default-signal=INT "$CRNG" bytes -j 8 infinity >/dev/null &
    eventually has_worked $!
    kill -INT $!
    status=0
    wait $! || status=$?
    [ "$status" -eq 130 ]
  done
}

@test "it waits for a descriptor that does not block" {
  need python3
  run -0 --separate-stderr python3 - "$CRNG" <<'EOF_PYTHON'
import os, subprocess, sys, time
for options in ["-j", "4"], ["-j", "4", "--fast"], ["--hex", "-j", "3"]:
    r, w = os.pipe()
    os.set_blocking(w, False)
    p = subprocess.Popen([sys.argv[1], "bytes", *options, "5000001"], stdout=w)
    os.close(w)
    time.sleep(0.1)
    total = 0
    while chunk := os.read(r, 65536):
        total += len(chunk)
    os.close(r)
    print(p.wait(), total)
EOF_PYTHON
  [ "${lines[*]}" = "0 5000001 0 5000001 0 10000003" ]
}

@test "a pipe is enlarged, but not for a small request" {
  traced trace bash -c '"$1" bytes 2M | cat >/dev/null' bash "$CRNG"
  grep -q 'F_SETPIPE_SZ' trace
  traced trace bash -c '"$1" bytes 1000 | cat >/dev/null' bash "$CRNG"
  run ! grep -q 'F_SETPIPE_SZ' trace
}

# slowly: reads everything, with pauses of more than two seconds altogether.
slowly() {
  for _ in 1 2 3 4 5; do
    head -c 3000000 >/dev/null
    sleep 0.6
  done
  cat >/dev/null
}

@test "--progress prints a line a second where standard error is not a terminal" {
  SECONDS=0
  "$CRNG" bytes --progress 20M 2>err | slowly
  [ "$(wc -l <err)" -ge 3 ]
  [ "$(wc -l <err)" -le $((SECONDS + 2)) ]
  sed '$d' err >lines
  run ! grep -vE '^crng bytes: [0-9.]+ MiB of 20\.0 MiB, [0-9]+%, [0-9.]+ [MK]iB/s, ETA 0:[0-9]{2}:[0-9]{2}$' lines
  tail -n 1 err | grep -qE '^crng bytes: 20\.0 MiB of 20\.0 MiB, 100%, [0-9.]+ [MK]iB/s, in 0:[0-9]{2}:[0-9]{2}$'
  "$CRNG" bytes 20M 2>err | slowly
  [ ! -s err ]
}

@test "--progress ends with a line at 100 % only if all was written" {
  "$CRNG" bytes --progress 32 2>err >/dev/null
  grep -qxE 'crng bytes: 32 B of 32 B, 100%, [0-9.]+ [KMG]?i?B/s, in 0:00:[0-9]{2}' err
  "$CRNG" bytes --progress 0 2>err
  [ ! -s err ]
  run -3 --separate-stderr sh -c '"$1" bytes -p 32 >/dev/full' sh "$CRNG"
  [ "$stderr" = "crng bytes: standard output: No space left on device" ]
}

@test "--progress into a full pipe holds nothing up" {
  need python3
  run -0 timeout 60 python3 - "$CRNG" <<'EOF_PYTHON'
import os, subprocess, sys, time
r, w = os.pipe()
os.set_blocking(w, False)
try:
    while True:
        os.write(w, b"x" * 4096)
except BlockingIOError:
    os.set_blocking(w, True)
p = subprocess.Popen([sys.argv[1], "bytes", "-p", "20M"], stdout=subprocess.PIPE, stderr=w)
total = 0
while chunk := p.stdout.read(1 << 20):
    total += len(chunk)
    time.sleep(0.12)
print(p.wait(timeout=20), total)
EOF_PYTHON
  [ "$output" = "0 20971520" ]
}

@test "a terminal shows progress after two seconds without the option, and then a clear line" {
  need script
  # script(1) starts $SHELL or sh, and dash does not pass on an exported function.
  { declare -f slowly && printf '"%s" bytes 20M | slowly\n' "$CRNG"; } >show
  script -qec 'bash show' /dev/null >out
  [ "$(tail -c 4 out)" = $'\r\033[K' ]
  grep -q ' of 20.0 MiB, ' out
  script -qec "'$CRNG' bytes 20M | cat >/dev/null" /dev/null >out
  [ ! -s out ]
}
