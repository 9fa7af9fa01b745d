#!/usr/bin/env bats
# crng status in the eras of the kernel's RNG, a test each: which facts it finds, and how
# it reports them.
# shellcheck disable=SC2154,SC2030,SC2031

load helper

setup() {
  need jq
  need_fakeboot --proc /proc/sys/kernel/random
  [ -c /dev/kmsg ] || skip "no /dev/kmsg"
  no_crowd
  cd "$BATS_TEST_TMPDIR" || return
}

blocking='read_wakeup_threshold=64 write_wakeup_threshold=896 poolsize=4096'
unified='write_wakeup_threshold=896 poolsize=4096'
rewrite='write_wakeup_threshold=256 poolsize=256'
fast='5,1,2400000,-;random: fast init done'
done='5,2,9100000,-;random: crng init done'
pool='5,2,8700000,-;random: nonblocking pool is initialized'

# age OPTIONS FILES LOG: makes the kernel of this test, by options and files of fakeboot.
age() {
  local file
  rm -rf proc kmsg
  mkdir proc
  echo 12 >proc/entropy_avail
  for file in $2; do
    echo "${file#*=}" >"proc/${file%=*}"
  done
  printf '%s\n' "6,0,0,-;Linux version" >kmsg
  [ -z "$3" ] || printf '%s\n' "$3" >>kmsg
  read -ra kernel <<<"$1 --proc proc"
  options=("${kernel[@]}" --kmsg kmsg)
}

# on [OPTION…] -- CMD…: runs CMD on that kernel, with more options of fakeboot.
on() {
  local more=()
  while [ "$1" != -- ]; do more+=("$1") && shift; done
  fakeboot "${options[@]}" "${more[@]}" "$@"
}

# facts FILTER EXPECTED: the JSON report has these values.
facts() {
  [ "$(jq -r "[$1] | map(tostring) | join(\" \")" <<<"$report")" = "$2" ] ||
    { echo "$1: $(jq -rc "[$1]" <<<"$report")" && return 1; }
}

# seen STATE VERDICT WEAK FAST COUNTS NEEDED DRAINED JITTER: these are the facts in STATE,
# which is "unready" or "ready".
seen() {
  local state=()
  [ "$1" = unready ] || state=(--ready-after 0)
  shift
  report=$(on "${state[@]}" -- "$CRNG" status --json)
  human=$(on "${state[@]}" -- "$CRNG" status -v | tr -s '\n ' ' ')
  facts .verdict "$1"
  facts '.weak_readiness, .kernel.fast_init_enough' "$2 $3"
  facts '.pool | .counts_readiness, .needed_bits, .drained_by_readers' "$4 $5 $6"
  facts .kernel.jitter_seeding "$7"
  # status must not reseed.
  run ! grep -q 'event=reseed.*answer=\(0\|ENODATA\)$' "$FAKEBOOT_LOG"
}

# says TEXT…: the report for people has each TEXT.
says() {
  local text
  for text; do
    [[ $human == *"$text"* ]] || { echo "not said: $text" && echo "$human" && return 1; }
  done
}

# waits STATE TASKS SENTENCE: of a task in getrandom() and one that polls /dev/random, the
# report lists TASKS, and its summary matches SENTENCE.
waits() {
  local told state=()
  [ -x "${BLOCKER:-}" ] || skip "blocker is not built"
  [ "$1" = unready ] || state=(--ready-after 0)
  told=$(fakeboot "${kernel[@]}" "${state[@]}" --poll none -- bash -c '
    tasks() {
      eval "$("$1" status --format shell)"
      for ((i = 1; i <= CRNG_WAITERS; i++)); do
        pid=CRNG_WAITER_${i}_PID call=CRNG_WAITER_${i}_CALL for=CRNG_WAITER_${i}_WAITS_FOR
        [[ " $2 " != *" ${!pid} "* ]] || echo "${!call}: ${!for}"
      done
    }
    "$2" getrandom & pids=$!
    "$2" epoll & pids+=" $!"
    for pid in $pids; do asleep "$pid"; done
    tasks "$1" "$pids" | sort | paste -sd,
    "$1" status | tr -s "\n " " "
    kill $pids 2>/dev/null || true' bash "$CRNG" "$BLOCKER")
  [[ ${told%%$'\n'*} = "$2" && $told =~ $3 ]] || { echo "$told" && return 1; }
}

both='blocked tasks, [0-9]+ of them waiting for the blocking pool'
pooled='blocked tasks?, waiting for the blocking pool, not for readiness'
nobody='Nothing is blocked on it'

# expires LINE: a wait that runs out of time prints LINE.
expires() {
  run -124 --separate-stderr on -- "$CRNG" wait -t 0.1
  [[ $stderr == "crng wait: timed out before the RNG was ready: $1 (sources: "* ]] ||
    { echo "$stderr" && return 1; }
}

level='says nothing about readiness: it rises and falls regardless'
takes='readers of /dev/random use them up'

@test "up to 3.16 no call tells whether the RNG is ready" {
  age '--errno ENOSYS --no-reseed' "$blocking" ''
  seen unready null null null false null true false
  says 'Undetermined: getrandom: Function not implemented' "$level"
  seen ready null null null false null true false
  waits unready 'poll: blocking_pool' 'waiting for the blocking pool'
  run -3 --separate-stderr on -- "$CRNG" wait -t 0.1
  [[ $stderr == 'crng wait: undetermined: '* ]]
}

@test "in 3.17 to 4.7 the bits of another pool count" {
  age '--no-insecure --no-reseed' "$blocking" ''
  seen unready not_ready false null false null true false
  says 'Not ready ' "$level"
  waits unready 'getrandom: readiness,poll: blocking_pool' "$both"
  expires 'entropy_avail 12 bits, which does not count towards readiness on this kernel'
  age '--no-insecure --no-reseed' "$blocking" "$pool"
  seen ready ready false null false null true false
  waits ready 'poll: blocking_pool' "$pooled"
  says 'since 8.7 s after boot' "$level"
  facts .ready_seconds 8.7
}

@test "in 4.8 to 4.16 fast init is enough, and that readiness is weak" {
  age '--no-insecure --no-reseed' "$blocking" ''
  seen unready not_ready false null false null true false
  says 'Not ready ' "$level"
  waits unready 'getrandom: readiness,poll: blocking_pool' "$both"
  expires 'entropy_avail 12 bits, which does not count towards readiness on this kernel'
  age '--no-insecure --no-reseed' "$blocking" "$fast"
  seen ready ready true true false null true false
  says 'Weakly ready: getrandom() has returned bytes since 2.4 s after boot, by fast init alone.' \
    'fast init done, getrandom() no longer waits' '[weak-readiness]' "$level"
  waits ready 'poll: blocking_pool' "$pooled"
  facts .ready_seconds 2.4
  run -0 on --ready-after 0 -- "$CRNG" status --format prometheus
  grep -qx 'crng_weak_readiness 1' <<<"$output"
  run -0 on --ready-after 0 -- "$CRNG" status --format shell
  grep -qx "CRNG_WEAK_READINESS='1'" <<<"$output"
  run -0 on --ready-after 0 -- "$CRNG" check
  # Later it is ready in full.
  age '--no-insecure --no-reseed' "$blocking" "$fast"$'\n'"$done"
  seen ready ready false true false null true false
  says 'since 9.1 s after boot' 'fast init done, getrandom() no longer waits'
  [[ $human != *[Ww]eak* ]]
}

@test "in 4.17 to 5.5, and 4.14.36, 128 bits make it ready, and readers take from them" {
  age --no-insecure "$blocking" ''
  seen unready not_ready false null true 128 true null
  says 'Not ready 12 of 128 bits ' "ready at 128 bits; $takes"
  waits unready 'getrandom: readiness,poll: blocking_pool' "$both"
  expires "12 of 128 bits gathered, which readers of /dev/random use up"
  age --no-insecure "$blocking" "$fast"
  seen unready not_ready false false true 128 true null
  says 'fast init done (partly seeded), not ready yet'
  age --no-insecure "$blocking" "$fast"$'\n'"$done"
  seen ready ready false null true 128 true null
  waits ready 'poll: blocking_pool' "$pooled"
  says 'since 9.1 s after boot' 'what readers of /dev/random may take'
  [[ $human == *'fast init done'* && $human != *'not ready yet'* ]]
}

@test "the kernels of 5.4 that were changed to wait less are weakly ready as well" {
  age --no-insecure "$blocking" "$fast"
  seen ready ready true true true 128 true null
  waits ready 'poll: blocking_pool' "$pooled"
  says 'Weakly ready: getrandom() has returned bytes since 2.4 s after boot, by fast init alone.' '[weak-readiness]'
}

@test "in 5.6 to 5.17 128 bits make it ready, and no reader takes from them" {
  age '' "$unified" ''
  seen unready not_ready false null true 128 false true
  says 'Not ready 12 of 128 bits ' 'ready at 128 bits' 'jitter seeding'
  [[ $human != *"use them up"* ]]
  waits unready 'getrandom: readiness,poll: readiness' ' blocked tasks '
  expires '12 of 128 bits gathered'
  age '' "$unified" "$fast"
  seen unready not_ready false false true 128 false true
  says 'fast init done (partly seeded), not ready yet'
  age '' "$unified" "$fast"$'\n'"$done"
  seen ready ready false null true 128 false true
  waits ready '' "$nobody"
  says 'no longer meaningful, because the RNG is ready'
}

@test "in 5.18 256 bits make it ready, and fast init does not" {
  age '' "$rewrite" "$fast"
  seen unready not_ready false false true 256 false true
  says 'Not ready 12 of 256 bits' 'fast init done (partly seeded), not ready yet' \
    'ready once the pool is full'
  waits unready 'getrandom: readiness,poll: readiness' ' blocked tasks '
  expires '12 of 256 bits gathered'
  age '' "$rewrite" "$fast"$'\n'"$done"
  seen ready ready false false true 256 false true
  waits ready '' "$nobody"
  says 'since 9.1 s after boot' 'fast init done (partly seeded), not ready yet'
}

@test "in 5.19, and stable kernels since 2022, 256 bits make it ready, and 128 are early" {
  age '' "$rewrite" ''
  seen unready not_ready false false true 256 false true
  waits unready 'getrandom: readiness,poll: readiness' ' blocked tasks '
  echo 130 >proc/entropy_avail
  seen unready early false false true 256 false true
  says 'Not ready (early) 130 of 256 bits'
  age '' "$rewrite" "$done"
  seen ready ready false false true 256 false true
  waits ready '' "$nobody"
  says 'since 9.1 s after boot' 'no longer meaningful, because the RNG is ready'
}

@test "where the era is unknown, nothing is claimed about the pool" {
  # A sandbox forbids both the device and the call.
  age '--errno EPERM' "$unified" ''
  seen unready null null null true 128 false true
  age '--errno EPERM' 'poolsize=4096' ''
  seen unready null null null null null null null
  age '' 'poolsize=512' ''
  seen unready not_ready false null null null null true
  expires 'entropy_avail 12 bits, which may or may not count towards readiness on this kernel'
}

@test "weak readiness is claimed only where the log is complete" {
  age '--no-insecure --no-reseed' "$blocking" ''
  printf '%s\n' "5,4711,2400000,-;random: fast init done" >kmsg
  seen ready ready null true false null true false
  [[ $human != *[Ww]eak* ]]
  printf '%s\n' '6,0,0,-;Linux version' '5,4,2400000,-;random: fast init done' >kmsg
  seen ready ready null true false null true false
  [[ $human != *[Ww]eak* ]]
  printf '%s\n' '6,0,0,-;Linux version' '12,1,2400000,-;random: fast init done' >kmsg
  seen ready ready null null false null true false
  [[ $human != *[Ww]eak* ]]
}

@test "RNDRESEEDCRNG is tried without the privilege to reseed" {
  need strace
  age --no-insecure "$blocking" ''
  for state in never 0; do
    report=$(on --ready-after "$state" -- "$CRNG" status --json)
    facts .kernel.reseed_ioctl true
    run -0 field answer reseed
    [ "$(sort -u <<<"$output")" = EPERM ]
  done
  # After that all capabilities are effective again.
  ASAN_OPTIONS=detect_leaks=0 on -- strace -f -qq -e trace=capget,capset -o trace "$CRNG" status >/dev/null
  sed -n 's/.*effective=\([^,]*\), .*/\1/p' trace >effective
  [ "$(tail -n 1 effective)" = "$(head -n 1 effective)" ]
  [ "$(id -u)" -ne 0 ] || [ "$(uniq effective | wc -l)" -eq 3 ]
}
