#!/usr/bin/env bats
# crng status where file systems, or the memory of other processes, do not answer. DEADFS
# and BLOCKER are absolute paths.
# shellcheck disable=SC2154

load helper

setup() {
  need_mounts
  [ -x "$DEADFS" ]
  [ -x "$BLOCKER" ]
  JSON=$BATS_TEST_TMPDIR/json
  no_crowd
}

# unanswered DIR JQ-PATH…: with each kind of silence at DIR, status gives its verdict in
# time, and JQ-PATHs are unknown for that reason. On a busy machine disks may be too slow
# as well.
unanswered() {
  local kind
  [ -d "$1" ] || skip "there is no $1"
  for kind in silent deaf; do
    at_best unanswered_by "$kind" "$@" || { cat "$JSON" && return 1; }
    [ "$(jq -r .verdict "$JSON")" = ready ]
  done
}

# unanswered_by KIND DIR JQ-PATH…: the same for one kind, once.
unanswered_by() {
  local path
  dead "$1" "$2" timeout -s KILL 30 "$CRNG" status --json >"$JSON" || return
  for path in "${@:3}"; do
    [ "$(jq -r "$path" "$JSON")" = "does not answer" ] || return
  done
}

@test "a boot partition that does not answer makes the facts on it unknown" {
  unanswered /boot .reasons.kernel.config_trust_cpu \
    '.seed_files[] | select(.path == "/boot/loader/random-seed").unknown_because'
}

@test "a directory of host keys that does not answer makes them unknown" {
  [ "$("$CRNG" status --json | jq .ready_seconds)" != null ] ||
    skip "the log no longer tells when the RNG became ready"
  unanswered /etc/ssh .reasons.environment.early_host_key
}

@test "a file system of seed files that does not answer costs one time limit, not one for each file" {
  unanswered /var/lib \
    '.seed_files[] | select(.path == "/var/lib/systemd/random-seed").unknown_because' \
    '.seed_files[] | select(.path == "/var/lib/rngseed/seed").unknown_because'
  [ "$(jq -r .reasons.seed_files "$JSON")" = null ]
}

@test "logs that do not answer make the boots unknown" {
  unanswered /var/log .reasons.environment.boot_before_last_seconds
  at_best unanswered_by hollow /var/log .reasons.environment.boot_before_last_seconds
}

@test "the delays of several file systems that do not answer do not add up" {
  dead silent /boot "$DEADFS" deaf /var/lib "$DEADFS" silent /var/log "$DEADFS" hollow /run \
    "$DEADFS" deaf /etc/ssh bash -c '
      start=${EPOCHREALTIME/[.,]/}
      timeout -s KILL 60 "$1" status --json
      echo "$((${EPOCHREALTIME/[.,]/} - start)) us" >"$2"' bash "$CRNG" "$JSON.time" >"$JSON"
  [ "$(jq -r .verdict "$JSON")" = ready ]
  [ "$(jq -r .kernel.release "$JSON")" = "$(uname -r)" ]
  echo "# status, five file systems that do not answer: $(cat "$JSON.time")" >&3
}

@test "a file system that answers slowly is read only for a limited time" {
  dead slow /var/lib timeout -s KILL 30 "$CRNG" status --json >"$JSON"
  [ "$(jq -r .verdict "$JSON")" = ready ]
}

@test "a tree on a file system that does not answer is a failure" {
  mkdir "$BATS_TEST_TMPDIR/tree"
  dead silent "$BATS_TEST_TMPDIR/tree" true
  for kind in silent deaf; do
    run -3 --separate-stderr dead "$kind" "$BATS_TEST_TMPDIR/tree" \
      timeout -s KILL 30 "$CRNG" status --sysroot "$BATS_TEST_TMPDIR/tree/proc"
    [ -z "$output" ]
    [ "$stderr" = "crng status: $BATS_TEST_TMPDIR/tree/proc: does not answer" ]
  done
}

@test "a status that was held up leaves no process, and no pipeline waits for it" {
  # Other suites run programs of the same name.
  own=$BATS_TEST_TMPDIR/crng
  cp "$CRNG" "$own"
  for kind in silent deaf; do
    # A child on a deaf file system does not die of SIGKILL until the file system is gone.
    dead "$kind" /etc/ssh timeout -s KILL 60 bash -c '
      "$1" status | cat >/dev/null
      [ "$2" = deaf ] || while pgrep -f "^$1 status" >/dev/null; do sleep 0.1; done' bash "$own" "$kind"
  done
  eventually gone "$own"
}

# gone PROGRAM: no status of this program is left.
gone() {
  local status=0
  pgrep -f "^$1 status" >/dev/null || status=$?
  [ "$status" -eq 1 ]
}

# blocked_in DIR MODE: starts a task in DIR that blocks there; $! is its number.
# report CRNG FAKEBOOT FILE: writes the report of a machine that is not ready to FILE, in
# the background, since fakeboot waits for a child that is left behind. The list of
# waiters is unknown where a busy disk uses up the time.
blocked_in='
blocked_in() {
  (cd "$1" && exec "$BLOCKER" "$2") &
  until [ -e "/proc/$!/fd/9" ] || grep -q "/random\$" "/proc/$!/maps"; do sleep 0.01; done
  asleep $! "[SD]"
}
report() {
  until grep -q "\"waiters\": {" "$3" 2>/dev/null; do
    : >"$3"
    "$2" --poll none -- "$1" status --json >"$3" & reported=$!
    until grep -q "^}" "$3"; do sleep 0.1; done
  done
}
'

@test "a task that reads a file called random on a silent file system does not hang status" {
  need_fakeboot
  mkdir "$BATS_TEST_TMPDIR/fs"
  dead hollow "$BATS_TEST_TMPDIR/fs" bash -c "$blocked_in"'
    blocked_in "$2" read-fuse
    echo $! >"$4.pid"
    report "$1" "$3" "$4"' bash "$CRNG" "$BATS_TEST_TMPDIR/fs" "$FAKEBOOT" "$JSON"
  [ "$(jq -r .verdict "$JSON")" = not_ready ]
  [ "$(jq --argjson pid "$(cat "$JSON.pid")" '[.waiters.tasks[].pid] | index($pid)' "$JSON")" = null ]
}

# beside_absent_memory BEFORE AFTER: makes the report where the memory of two tasks is
# absent and never arrives, and another task waits. The commands BEFORE and AFTER it know
# the numbers of the two as $first and $second.
beside_absent_memory() {
  need_fakeboot
  mkdir "$BATS_TEST_TMPDIR/fs" "$BATS_TEST_TMPDIR/other"
  dead hollow "$BATS_TEST_TMPDIR/fs" "$DEADFS" hollow "$BATS_TEST_TMPDIR/other" \
    bash -c "$blocked_in"'
    blocked_in "$2/fs" ppoll-mapped; first=$!
    blocked_in "$2/other" ppoll-mapped; second=$!
    '"$1"'
    "$BLOCKER" epoll & epoll=$!
    asleep $epoll
    report "$1" "$3" "$4"
    '"$2"'
    echo $epoll >"$4.pid"
    kill $epoll' bash "$CRNG" "$BATS_TEST_TMPDIR" "$FAKEBOOT" "$JSON"
  [ "$(jq -r .verdict "$JSON")" = not_ready ]
  [ "$(jq --argjson pid "$(cat "$JSON.pid")" '[.waiters.tasks[].pid] | index($pid)' "$JSON")" != null ]
  [ "$(jq -r .waiters.hidden "$JSON")" -ge 2 ]
}

@test "a task whose memory cannot be read is counted as hidden, and others are found" {
  beside_absent_memory 'mount --bind /dev/null /proc/$first/pagemap
    mount --bind /dev/null /proc/$second/pagemap' :
}

@test "memory that the kernel reports as absent is not read" {
  [ -e /proc/self/pagemap ] || skip "this kernel has no /proc/PID/pagemap"
  # fakeboot ends if no child is left behind.
  beside_absent_memory : 'for _ in {1..600}; do
      kill -0 $reported 2>/dev/null || break
      sleep 0.1
    done
    ! kill -0 $reported 2>/dev/null || : >"$4.left"'
  [ ! -e "$JSON.left" ]
}
