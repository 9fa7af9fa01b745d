#!/usr/bin/env bats
# crng reseed --watch, on a machine whose VMClock the tests drive. VMCLOCK is the absolute
# path of the program that is made from tools/vmclock.c.
# shellcheck disable=SC2030,SC2031

load helper
load vmclock

setup() {
  enter_work
}

teardown() {
  [ -z "${WATCHER:-}" ] || ! kill "$WATCHER" 2>/dev/null || wait "$WATCHER" || true
}

need_watch() {
  need_vmclock
  need_admin
}

# watch OPTION… [-- CMD…]: starts it on a machine that has VMClock.
watch() {
  start "$CRNG" reseed --watch --any --no-hwrng "$@"
}

# start CMD…: starts CMD there as $WATCHER, with its streams in the files out and err, and
# waits until it watches.
start() {
  rm -f "$VMCLOCK_CHANGES.log"
  "${ON_VMCLOCK[@]}" "$@" <&0 >out 2>err 3>&- &
  WATCHER=$!
  watches
}

# watches: waits until it has dealt with all changes, and CMD has ended.
watches() {
  eventually quiet_or_ended
  kill -0 "$WATCHER"
}

quiet_or_ended() {
  ! kill -0 "$WATCHER" 2>/dev/null ||
    { vmclock_idle && ! pgrep -P "$WATCHER" >/dev/null && is_asleep "$WATCHER"; }
}

# ended STATUS: waits until it has ended by itself, and clears $WATCHER.
ended() {
  local status=0
  wait "$WATCHER" || status=$?
  WATCHER=
  [ "$status" -eq "$1" ]
}

# holds FILE TEXT: the file has this text.
holds() {
  [ "$(cat "$1" 2>/dev/null)" = "$2" ]
}

# empty FILE…: the files are empty, or do not exist.
empty() {
  local file
  for file; do
    [ ! -s "$file" ] || return
  done
}

# count N PATTERN: so many lines of err match.
count() {
  [ "$(grep -cE "$2" err)" -eq "$1" ]
}

stamp() {
  cat "/proc/$WATCHER/root/run/crng/vm-generation"
}

RAN='echo "$CRNG_VM_GENERATION" >>ran'

@test "each new generation is a reseed, and then runs CMD once with CRNG_VM_GENERATION" {
  need_watch
  vmclock generation 3
  watch -v -- sh -c "$RAN; echo \"ran \$CRNG_VM_GENERATION\" >&2"
  empty err ran
  vmclock generation 5
  watches
  holds ran 5
  vmclock generation 18446744073709551615
  watches
  holds ran $'5\n18446744073709551615'
  empty out
  [[ $(sed 's/(.*//' err) == "crng reseed: reseeded "$'\n'"ran 5"$'\n'"crng reseed: reseeded "$'\n'"ran 18446744073709551615" ]]
}

@test "a generation that goes back is a change as well: a snapshot was restored" {
  need_watch
  vmclock generation 3
  watch -- sh -c "$RAN"
  vmclock generation 2
  watches
  holds ran 2
}

@test "a change of another field neither reseeds nor runs CMD: live migration, for example" {
  need_watch
  vmclock disruption 1
  watch -v -- sh -c "$RAN"
  vmclock disruption 2
  watches
  vmclock disruption 3
  watches
  empty ran err
  vmclock generation 1
  watches
  holds ran 1
}

@test "without CMD, each reseed with --verbose is a line on stdout, and without that silent" {
  need_watch
  watch -v
  vmclock generation 1
  eventually grep -q '^reseeded (.*): ' out
  vmclock generation 2
  watches
  [ "$(grep -c '^reseeded (.*): ' out)" -eq 2 ]
  [ "$(wc -l <out)" -eq 2 ]
  empty err
  kill "$WATCHER"
  ended 143
  watch
  vmclock generation 3
  watches
  empty out err
}

@test "CMD that fails is reported, and watching goes on" {
  need_watch
  watch -- sh -c "$RAN; [ \"\$CRNG_VM_GENERATION\" = 1 ] || kill -KILL \$\$; exit 7"
  vmclock generation 1
  watches
  holds err "crng reseed: sh: exit status 7"
  vmclock generation 2
  watches
  count 1 '^crng reseed: sh: killed by signal 9$'
  holds ran $'1\n2'
  empty out
}

@test "CMD that fails is reported also where SIGCHLD is ignored" {
  need_watch
  start env --ignore-signal=CHLD "$CRNG" reseed --watch --any --no-hwrng -- false
  vmclock generation 1
  watches
  holds err "crng reseed: false: exit status 1"
}

@test "CMD that cannot be found or executed is reported each time, and watching goes on" {
  need_watch
  watch -- ./no-such-command
  vmclock generation 1
  watches
  vmclock generation 2
  watches
  count 2 '^crng( reseed)?: \./no-such-command: No such file or directory$'
  [ "$(wc -l <err)" -eq 2 ]
  empty out
  kill "$WATCHER"
  ended 143
  watch -- /dev/null
  vmclock generation 3
  watches
  count 1 '^crng( reseed)?: /dev/null: Permission denied$'
  [ "$(wc -l <err)" -eq 1 ]
  empty out
}

@test "a change while CMD runs is reseeded at once, and CMD runs again when it has ended" {
  need_watch
  mkfifo gate
  watch -v -- sh -c "$RAN; read -r _ <gate"
  # A gate that is open both ways takes a line even if CMD has died.
  exec {gate}<>gate
  vmclock generation 1
  eventually holds ran 1
  vmclock generation 2
  eventually count 2 '^crng reseed: reseeded '
  vmclock generation 3
  eventually count 3 '^crng reseed: reseeded '
  holds ran 1
  echo >&"$gate"
  eventually holds ran $'1\n3'
  echo >&"$gate"
  watches
  holds ran $'1\n3'
  count 3 '^crng reseed: reseeded '
}

@test "CMD inherits the standard streams of crng, and no other descriptor" {
  need_watch
  watch -- sh -c 'cat >input; readlink /proc/self/fd/* >descriptors; echo output' <<<'its input'
  vmclock generation 1
  watches
  holds input 'its input'
  holds out output
  run ! grep -E 'vmclock|random' descriptors
  empty err
}

# new_input BYTES: replaces the file input.
new_input() {
  head -c "$1" /dev/urandom >input.new
  mv input.new input
}

@test "the input is read anew for each reseed" {
  need_watch
  watch -v --input=input
  new_input 32
  vmclock generation 1
  watches
  grep -q ': 32 bytes of input' out
  new_input 48
  vmclock generation 2
  watches
  grep -q ': 48 bytes of input' out
  empty err
}

@test "a file that is still the one from before the clone is not fresh" {
  need_watch
  head -c 32 /dev/urandom >input
  watch -v --input=input
  vmclock generation 1
  watches
  count 1 'input does not count as fresh: the file has not changed since before the clone$'
  run ! grep -q 'bytes of input' out
  head -c 32 /dev/urandom >input
  vmclock generation 2
  watches
  grep -q ': 32 bytes of input' out
  vmclock generation 3
  watches
  count 2 'input does not count as fresh'
}

@test "a reseed that fails ends it with 3, and with 125 where there is CMD" {
  need_watch
  new_input 32
  watch --input=input
  vmclock generation 1
  watches
  rm input
  vmclock generation 2
  ended 3
  empty out
  grep -q '^crng reseed: input: No such file or directory$' err
  new_input 32
  watch --input=input -- sh -c "$RAN"
  : >input
  vmclock generation 3
  ended 125
  empty out ran
  grep -q '^crng reseed: input: .*empty' err
}

@test "the generation is recorded after each reseed, and not at the start" {
  need_watch
  need_fresh
  vmclock generation 7
  watch -- sh -c 'cat /run/crng/vm-generation >>ran'
  [ ! -e "/proc/$WATCHER/root/run/crng" ]
  vmclock generation 8
  watches
  [ "$(stamp)" = 8 ]
  [ "$(stat -c %a "/proc/$WATCHER/root/run/crng/vm-generation")" = 644 ]
  holds ran 8
}

# watch_from RECORD OPTION…: as watch, on a machine with this record of an earlier one.
watch_from() {
  # shellcheck disable=SC2016
  start sh -euc 'mkdir /run/crng
    echo "$1" >/run/crng/vm-generation
    shift
    exec "$@"' sh "$1" "$CRNG" reseed --watch --any --no-hwrng "${@:2}"
}

@test "a machine that was cloned since an earlier record is reseeded at the start" {
  need_watch
  need_fresh
  vmclock generation 4
  watch_from 3 -v -- sh -c "$RAN"
  holds ran 4
  count 1 '^crng reseed: reseeded '
  [ "$(stamp)" = 4 ]
  kill "$WATCHER"
  ended 143
  watch_from 4 -v -- sh -c "$RAN"
  holds ran 4
  [ "$(stamp)" = 4 ]
  empty err
}

@test "with a record that is no number it reseeds at the start: there may have been a clone" {
  need_watch
  need_fresh
  vmclock generation 4
  for record in nonsense '' ' 4' 4x 18446744073709551616; do
    watch_from "$record" -- sh -c "$RAN"
    [ "$(stamp)" = 4 ]
    holds ran 4
    count 1 '^crng reseed: /run/crng/vm-generation: .*: reseeding, in case the machine was cloned$'
    kill "$WATCHER"
    ended 143
    rm ran
  done
}

@test "a record that cannot be written is a warning, and not with --quiet" {
  need_watch
  need_fresh
  for quiet in '' -q; do
    # shellcheck disable=SC2016
    start sh -c 'mount --bind /usr /run && exec "$@"' sh \
      "$CRNG" reseed --watch --any --no-hwrng $quiet -- sh -c "$RAN"
    vmclock generation $((++generation))
    watches
    holds ran "$generation"
    [ -n "$quiet" ] || count 1 '^crng reseed: /run/crng/vm-generation: '
    [ -z "$quiet" ] || [ ! -s err ]
    empty out
    rm ran
    kill "$WATCHER"
    ended 143
  done
}

@test "SIGTERM ends it, and so does SIGINT" {
  need_watch
  watch
  kill -TERM "$WATCHER"
  ended 143
  start env --default-signal=INT "$CRNG" reseed --watch --any
  kill -INT "$WATCHER"
  ended 130
}

# refused [CHANGE…]: on a machine so changed it ends at once with 3, and with 125 where
# there is CMD; it says what would be needed, and does not reseed.
refused() {
  [ $# -eq 0 ] || vmclock "$@"
  local on=("${ON_VMCLOCK[@]}")
  [ $# -gt 0 ] || on=()
  run -3 --separate-stderr "${on[@]}" "$CRNG" reseed --watch --any -v
  nothing_signals
  run -125 --separate-stderr "${on[@]}" "$CRNG" reseed --watch --any -v -- touch ran
  nothing_signals
  run -3 --separate-stderr "${on[@]}" "$CRNG" reseed --watch -nv
  nothing_signals
  empty ran
}

# shellcheck disable=SC2154
nothing_signals() {
  [ -z "$output" ]
  [[ ${stderr_lines[0]} == "crng reseed: nothing signals clones here: /dev/vmclock0: "* ]]
  [[ $stderr == *"Linux 7.0"*"VMClock"*"vmgenid"* && $stderr != *reseeded* ]]
}

@test "without VMClock it ends at once, and says what would be needed" {
  need_admin
  [ ! -e /dev/vmclock0 ] || skip "this machine has VMClock"
  refused
  [[ ${stderr_lines[0]} == *": No such file or directory" ]]
}

@test "with a VMClock that does not count, or does not notify, it ends at once" {
  need_watch
  refused no-counter
  [[ ${stderr_lines[0]} == *": it does not count restores" ]]
  refused no-notifications
  [[ ${stderr_lines[0]} == *": it does not notify" ]]
}

@test "with a device that is no VMClock, or whose update never ends, it ends at once" {
  need_watch
  refused seq-count 3
  [[ ${stderr_lines[0]} == *": does not answer" ]]
  vmclock seq-count 4
  refused not-vmclock 1
  [[ ${stderr_lines[0]} == *": not a VMClock that crng knows" ]]
}

@test "--dry-run tells whether VMClock signals clones, and neither reseeds nor runs CMD" {
  need_vmclock
  vmclock generation 5
  run -0 --separate-stderr "${ON_VMCLOCK[@]}" "$CRNG" reseed --watch --dry-run
  [ -z "$output$stderr" ]
  run -0 --separate-stderr "${ON_VMCLOCK[@]}" "$CRNG" reseed --watch -nv -- touch ran
  [ "$output" = "would watch /dev/vmclock0, which signals clones" ]
  [ -z "$stderr" ]
  empty ran
  vmclock no-notifications
  run -125 --separate-stderr "${ON_VMCLOCK[@]}" "$CRNG" reseed --watch -n -- touch ran
  nothing_signals
}

@test "notifications that stop later end it, because it would wait forever" {
  need_watch
  watch
  vmclock no-notifications
  ended 3
  count 1 '^crng reseed: nothing signals clones here: /dev/vmclock0: it does not notify$'
  empty out
}

@test "--watch by an ordinary user is refused: no privilege" {
  need setpriv
  local user=(setpriv --reuid 65534 --clear-groups)
  # An ordinary user, or root in a user namespace, has no privilege either.
  "${user[@]}" true 2>/dev/null || user=()
  run -3 --separate-stderr "${user[@]}" "$CRNG" reseed --watch --any
  [ -z "$output" ]
  [[ ${stderr_lines[0]} == "crng reseed: no privilege: "*CAP_SYS_ADMIN* ]]
  run -125 --separate-stderr "${user[@]}" "$CRNG" reseed --watch --any -- touch ran
  [ -z "$output" ]
  empty ran
}

@test "--watch with --json or standard input, and --dry-run without it, are usage errors" {
  usage_error 2 "--dry-run needs --watch" "$CRNG" reseed --dry-run
  usage_error 2 "--watch cannot be used with --json" "$CRNG" reseed --watch --json
  usage_error 2 "--watch needs an input that can be read again" "$CRNG" reseed --watch --input=-
  usage_error 125 "--watch cannot be used with --json" \
    "$CRNG" reseed --watch --json -- touch ran
  usage_error 125 "--watch needs an input that can be read again" \
    "$CRNG" reseed --watch --input - -- touch ran
  empty ran
}
