#!/usr/bin/env bats
# crng seed: loading and saving, what it says, and what lies on the disk afterwards.
# shellcheck disable=SC2030,SC2031,SC2034,SC2153,SC2154

load helper
load seed

setup() {
  need_seed
}

teardown() {
  leave_disk
}

LOADED='loaded 256 bits, credited'
LOADED_ONLY='loaded 256 bits, not credited: '
SAVED='saved 256 bits, creditable'
SAVED_ONLY='saved 256 bits, not creditable: '
KEPT='kept 256 bits, creditable: '
NOT_READY='the RNG is not ready'
EARLY='it is marked as not creditable'

# --- load, then save -----------------------------------------------------------------

@test "on a machine without a seed it makes the directory and saves one" {
  run -0 --separate-stderr ready
  said "no seed yet in state" "$SAVED"
  untouched
  [ "$(stat -c %a state)" = 700 ]
  [ "$(state)" = "seed.credit 400 32" ]
  [ "$(cat state/seed.machine)" = "$(fingerprint "$HERE")" ]
  [ "$(wc -l <state/seed.machine)" -eq 1 ]
}

@test "a creditable seed makes the machine ready, and is replaced twice" {
  seed seed.credit
  bound "$HERE"
  old=$(digest state/seed.credit)
  run -0 --separate-stderr booting
  said "$LOADED" "$SAVED"
  [ "$(mixed)" = "256 32" ]
  [ "$(field cause ready)" = credit ]
  [ "$(state)" = "seed.credit 400 32" ]
  # Neither what lay on the disk nor what was mixed is there now.
  digests=$(printf '%s\n' "$old" "$(mixed_digest)" "$(digest state/seed.credit)" | sort -u)
  [ "$(wc -l <<<"$digests")" -eq 3 ]
}

@test "without a seed and not ready it saves one that is not creditable, and the status is 1" {
  run -1 --separate-stderr unready
  said "no seed yet in state" "$SAVED_ONLY$NOT_READY"
  untouched
  [ "$(state)" = "seed.no-credit 400 32" ]
}

@test "a seed saved before the RNG was ready is mixed without credit, and replaced" {
  seed seed.no-credit
  old=$(digest state/seed.no-credit)
  run -1 --separate-stderr unready
  said "$LOADED_ONLY$EARLY" "$SAVED_ONLY$NOT_READY"
  [ "$(mixed)" = "0 32" ]
  [ "$(state)" = "seed.no-credit 400 32" ]
  digests=$(printf '%s\n' "$old" "$(mixed_digest)" "$(digest state/seed.no-credit)" | sort -u)
  [ "$(wc -l <<<"$digests")" -eq 3 ]
}

@test "once the RNG is ready a creditable seed replaces one that is not" {
  seed seed.no-credit
  run -0 --separate-stderr ready
  said "$LOADED_ONLY$EARLY" "$SAVED"
  [ "$(mixed)" = "0 32" ]
  [ "$(state)" = "seed.credit 400 32" ]
}

@test "two seeds are mixed together, once, with the credit of the creditable one" {
  seed seed.credit
  seed seed.no-credit
  bound "$HERE"
  run -0 --separate-stderr booting
  said "$LOADED" "$SAVED"
  [ "$(mixed)" = "256 32" ]
  [ "$(state)" = "seed.credit 400 32" ]
}

@test "a credit that is not enough leaves the replacement as it is, creditable" {
  seed seed.credit
  bound "$HERE"
  old=$(digest state/seed.credit)
  run -0 --separate-stderr unready
  said "$LOADED" "$KEPT$NOT_READY"
  [ "$(mixed)" = "256 32" ]
  [ "$(state)" = "seed.credit 400 32" ]
  [ "$(digest state/seed.credit)" != "$old" ]
}

@test "twenty boots in a row mix and leave twenty different seeds" {
  seed seed.credit
  bound "$HERE"
  for _ in {1..20}; do
    booting -q
    mixed_digest
    digest state/seed.credit
  done >digests
  [ "$(wc -l <digests)" -eq 40 ]
  [ "$(sort -u digests | wc -l)" -eq 40 ]
}

@test "one seed in two places gives two different ones" {
  seed seed.credit
  bound "$HERE"
  cp -a state copy
  for DIR in state copy; do
    booting --load
    mixed_digest
    digest "$DIR/seed.credit"
  done >digests 2>/dev/null
  [ "$(sort -u digests | wc -l)" -eq 4 ]
}

@test "the directory is /var/lib/seedrng unless -d names another" {
  [ -d /var/lib ] || skip "there is no /var/lib"
  mkdir lib
  BEFORE='mount --bind lib /var/lib'
  run -0 --separate-stderr faked --admin --ready-after 0 -- "$CRNG" seed
  said "no seed yet in /var/lib/seedrng" "$SAVED"
  [ "$(state lib/seedrng)" = "seed.credit 400 32" ]
}

@test "only the last part of the directory is made" {
  DIR=missing/state
  run -3 --separate-stderr ready
  refused "missing/state"
  [ ! -e missing ]
  untouched
}

@test "-d takes absolute names, names with dots and names with a slash at the end" {
  for DIR in "$PWD/one" ./two three/ ./four/../four; do
    mkdir -p "$DIR" && chmod 700 "$DIR"
    run -0 --separate-stderr ready
    [ "$(state)" = "seed.credit 400 32" ]
  done
}

# --- load ----------------------------------------------------------------------------

@test "--load credits the seed and leaves what was derived from it" {
  seed seed.credit
  bound "$HERE"
  old=$(digest state/seed.credit)
  run -0 --separate-stderr booting --load
  said "$LOADED"
  [ "$(mixed)" = "256 32" ]
  [ "$(state)" = "seed.credit 400 32" ]
  digests=$(printf '%s\n' "$old" "$(mixed_digest)" "$(digest state/seed.credit)" | sort -u)
  [ "$(wc -l <<<"$digests")" -eq 3 ]
}

@test "--load without a seed says so, and the status is 1" {
  for machine in ready unready; do
    run -1 --separate-stderr $machine --load
    said "no seed yet in state"
    untouched
    [ -z "$(state 2>/dev/null)" ]
  done
}

@test "--load of a seed that is not creditable gives status 1, ready or not" {
  for machine in ready unready; do
    seed seed.no-credit
    run -1 --separate-stderr $machine --load
    said "$LOADED_ONLY$EARLY"
    [ "$(mixed)" = "0 32" ]
    [ "$(state)" = "seed.no-credit 400 32" ]
  done
}

@test "--load credits a seed where the RNG is ready already" {
  seed seed.credit
  bound "$HERE"
  run -0 --separate-stderr ready --load
  said "$LOADED"
  [ "$(mixed)" = "256 32" ]
  [ "$(state)" = "seed.credit 400 32" ]
}

@test "a seed of 32 to 512 bytes is credited with 256 bits, and its replacement has 32 bytes" {
  for bytes in 32 33 64 256 511 512; do
    seed seed.credit $bytes
    bound "$HERE"
    run -0 --separate-stderr booting --load
    said "$LOADED"
    [ "$(mixed)" = "256 32" ]
    [ "$(state)" = "seed.credit 400 32" ]
  done
}

@test "of a longer file at least the first 512 bytes count" {
  seed seed.credit 100000
  bound "$HERE"
  run -0 --separate-stderr booting --load
  said "$LOADED"
  [ "$(mixed)" = "256 32" ]
  [ "$(state)" = "seed.credit 400 32" ]
}

@test "a seed that was left unfinished is not loaded, and is removed" {
  seed seed.new
  run -0 --separate-stderr ready
  said "no seed yet in state" "$SAVED"
  untouched
  [ "$(state)" = "seed.credit 400 32" ]
  seed seed.new 7 600
  seed seed.machine.new 7 600
  run -0 --separate-stderr booting
  said "$LOADED" "$SAVED"
  [ "$(state)" = "seed.credit 400 32" ]
}

@test "other files in the directory stay as they are" {
  seed seed.credit
  bound "$HERE"
  echo mine >state/notes
  mkdir state/sub
  run -0 --separate-stderr booting
  [ "$(state)" = $'notes\nseed.credit 400 32\nsub' ]
  [ "$(cat state/notes)" = mine ]
}

@test "--no-credit mixes without credit, and the replacement stays creditable" {
  seed seed.credit
  bound "$HERE"
  old=$(digest state/seed.credit)
  run -0 --separate-stderr booting --no-credit
  said "$LOADED_ONLY*" "$KEPT$NOT_READY"
  [[ ${stderr_lines[0]} == *--no-credit* ]]
  [ "$(mixed)" = "0 32" ]
  [ "$(state)" = "seed.credit 400 32" ]
  [ "$(digest state/seed.credit)" != "$old" ]
  # So the next boot can credit it.
  run -0 --separate-stderr booting
  said "$LOADED" "$SAVED"
}

# --- the machine ---------------------------------------------------------------------

@test "the first load of a seed binds it to the machine" {
  while read -r identity name; do
    rm -rf state
    machine "$identity"
    seed seed.credit
    run -0 --separate-stderr booting --load
    said "$LOADED"
    [ "$(cat state/seed.machine)" = "$(fingerprint "$name")" ]
    [ "$(state)" = "seed.credit 400 32" ]
    # A second load on the same machine credits it again.
    run -0 --separate-stderr booting --load
    said "$LOADED"
  done <<EOF_MACHINES
$HERE $HERE
$(tr a-f A-F <<<"$HERE") $HERE
none none
EOF_MACHINES
}

@test "others cannot change the record of the machine" {
  run -0 ready
  [[ $(stat -c %a state/seed.machine) == [46]?? ]]
  [ $((0$(stat -c %a state/seed.machine) & 022)) -eq 0 ]
}

@test "a machine without DMI is known by the serial number of its device tree" {
  serial 10000000abcdef01
  seed seed.credit
  run -0 --separate-stderr booting --load
  said "$LOADED"
  [ "$(cat state/seed.machine)" = "$(fingerprint dt:10000000abcdef01)" ]
}

@test "a UUID or serial number that many machines have is none" {
  for uuid in 00000000-0000-0000-0000-000000000000 FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF \
    03000200-0400-0500-0006-000700080009 'Not Settable' ''; do
    rm -rf state
    machine none
    printf '%s\n' "$uuid" >sys/class/dmi/id/product_uuid
    run -0 --separate-stderr ready
    [ "$(cat state/seed.machine)" = none ]
  done
  for number in 0000000000000000 ffffffff ''; do
    rm -rf state
    serial "$number"
    run -0 --separate-stderr ready
    [ "$(cat state/seed.machine)" = none ]
  done
}

@test "a save records the machine that makes the seed" {
  for other in "$ELSEWHERE" none; do
    bound_seed
    bound "$other"
    run -0 --separate-stderr ready --save
    said "$SAVED"
    [ "$(cat state/seed.machine)" = "$(fingerprint "$HERE")" ]
    [ "$(state)" = "seed.credit 400 32" ]
  done
}

bound_seed() {
  seed seed.credit
  bound "${1:-$HERE}"
}

# --- save ----------------------------------------------------------------------------

@test "--save writes a creditable seed where the RNG is ready, whatever is there" {
  for files in "" seed.credit seed.no-credit "seed.credit seed.no-credit"; do
    rm -rf state
    mkdir -m 700 state
    for file in $files; do seed "$file"; done
    run -0 --separate-stderr ready --save
    said "$SAVED"
    untouched
    [ "$(state)" = "seed.credit 400 32" ]
    run -0 --separate-stderr booting --load
    said "$LOADED"
  done
}

@test "--save keeps a creditable seed where the RNG is not ready" {
  bound_seed
  old=$(digest state/seed.credit)
  run -0 --separate-stderr unready --save
  said "$KEPT$NOT_READY"
  untouched
  [ "$(state)" = "seed.credit 400 32" ]
  [ "$(digest state/seed.credit)" = "$old" ]
}

@test "--save where the RNG is not ready and no creditable seed is there writes another" {
  for files in "" seed.no-credit; do
    rm -rf state
    mkdir -m 700 state
    for file in $files; do seed "$file"; done
    old=$(whole)
    run -1 --separate-stderr unready --save
    said "$SAVED_ONLY$NOT_READY"
    [ "$(state)" = "seed.no-credit 400 32" ]
    [ "$(whole)" != "$old" ]
  done
}

@test "--save does not keep a seed of another machine where the RNG is not ready" {
  bound_seed "$ELSEWHERE"
  run -1 --separate-stderr unready --save
  [[ $stderr == "crng seed: $SAVED_ONLY"* ]]
  [ "$(state)" = "seed.no-credit 400 32" ]
  # Nor does a later boot credit it.
  run -1 --separate-stderr unready
  [[ ${stderr_lines[0]} == "crng seed: $LOADED_ONLY"* ]]
}

@test "--save needs neither a privilege nor /dev" {
  for BEFORE in : 'mount -t tmpfs none /dev'; do
    run -0 --separate-stderr faked --ready-after 0 -- \
      setpriv --bounding-set=-sys_admin --inh-caps=-all "$CRNG" seed --save -d state
    said "$SAVED"
    [ "$(state)" = "seed.credit 400 32" ]
  done
}

@test "--save never waits, and neither does a load" {
  seed seed.no-credit
  for options in --save --load ""; do
    # shellcheck disable=SC2086
    run -1 --separate-stderr unready $options
    run ! grep ' event=block ' "$FAKEBOOT_LOG"
  done
}

@test "without GRND_INSECURE it saves all the same" {
  run -1 --separate-stderr played --no-insecure -- --save
  said "$SAVED_ONLY$NOT_READY"
  [ "$(state)" = "seed.no-credit 400 32" ]
}

@test "bytes that getrandom does not give in full make no creditable seed" {
  run --separate-stderr played --ready-after 0 --short 16 -- --save
  [[ $status == [13] ]]
  [[ $(state) != *seed.credit* ]]
  rm -rf state
  bound_seed
  old=$(digest state/seed.credit)
  run --separate-stderr played --ready-after 0 --short 16 -- --save
  [ "$(state) $(digest state/seed.credit)" = "seed.credit 400 32 $old" ]
}

@test "where getrandom fails no creditable seed is saved, and a good one stays" {
  for error in ENOSYS EPERM; do
    rm -rf state
    run --separate-stderr played --errno "$error" -- --save
    [[ $status == [13] ]]
    [ -z "$output" ]
    [ -n "$stderr" ]
    [[ $(state 2>/dev/null) != *seed.credit* ]]
    bound_seed
    old=$(digest state/seed.credit)
    run --separate-stderr played --errno "$error" -- --save
    [ "$(digest state/seed.credit)" = "$old" ]
  done
}

@test "a creditable seed with a fault is not kept, and a ready RNG replaces it" {
  fault() {
    bound_seed
    case $1 in
    mode) chmod 644 state/seed.credit ;;
    link) rm -f other && ln state/seed.credit other ;;
    short) seed seed.credit 31 ;;
    zeros) chmod 600 state/seed.credit && head -c 32 /dev/zero >state/seed.credit ;;
    esac
  }
  for fault in mode link short zeros; do
    fault $fault
    run -1 --separate-stderr unready --save
    said "$SAVED_ONLY$NOT_READY"
    [ "$(state)" = "seed.no-credit 400 32" ]
    rm -r state
    fault $fault
    run -0 --separate-stderr ready --save
    said "$SAVED"
    [ "$(state)" = "seed.credit 400 32" ]
  done
  [ "$(stat -c '%s %h' other)" = "32 1" ]
}

@test "one of /dev/random and /dev/urandom is enough" {
  for device in random urandom; do
    bound_seed
    BEFORE="touch dev && mount --bind /dev/$device dev && mount -t tmpfs none /dev &&
      touch /dev/$device && mount --bind dev /dev/$device"
    run -0 --separate-stderr booting --load
    said "$LOADED"
    [ "$(mixed)" = "256 32" ]
  done
}

@test "without procfs a seed is mixed without credit, since its mount cannot be seen" {
  sanitized && skip "a sanitizer needs /proc itself"
  bound_seed
  BEFORE='mount -t tmpfs none /proc'
  run -1 --separate-stderr booting
  said "loaded 256 bits, not credited: how the file system is mounted cannot be seen" \
    "saved 256 bits, not creditable: the RNG is not ready"
  [ "$(mixed)" = "0 32" ]
}

@test "the modes are the same whatever the umask is" {
  for mask in 000 022 077 777; do
    rm -rf state
    (umask $mask && run -0 ready)
    [ "$(stat -c %a state)" = 700 ]
    [ "$(state)" = "seed.credit 400 32" ]
    (umask $mask && run -0 booting)
    [ "$(state)" = "seed.credit 400 32" ]
  done
}

@test "a default ACL of the directory lets in nobody, and takes no credit away" {
  need setfacl
  bound_seed
  setfacl -d -m u:12345:rw,g:12345:rw,m:rw,o::r state 2>/dev/null || skip "this file system has no ACLs"
  run -0 --separate-stderr booting
  said "$LOADED" "$SAVED"
  [ "$(state)" = "seed.credit 400 32" ]
}

@test "a save by one command after the load by another leaves one creditable seed" {
  run -0 ready --save
  run -0 booting --load
  run -0 ready --save
  run -0 booting
  [ "$(state)" = "seed.credit 400 32" ]
}

# --- the time limit ------------------------------------------------------------------

# waiting OPTION…: starts crng seed in the background on a machine that is not ready, and
# waits until it waits. The exit status is then in the file "status".
waiting() {
  { unready "$@" >out 2>err && echo 0 >status || echo $? >status; } 3>&- &
  wait_for_event block
}

@test "with -t a seed lies on the disk while it waits, and a creditable one in the end" {
  waiting -t 1000
  [ "$(state)" = "seed.no-credit 400 32" ]
  become_ready
  wait $!
  [ "$(cat status)" = 0 ]
  [ "$(tail -n 1 err)" = "crng seed: $SAVED" ]
  [ ! -s out ]
  [ "$(state)" = "seed.credit 400 32" ]
}

@test "with -t a creditable seed stays while it waits, and is replaced in the end" {
  bound_seed
  waiting --save -t 1000
  old=$(digest state/seed.credit)
  [ "$(state)" = "seed.credit 400 32" ]
  become_ready
  wait $!
  [ "$(cat status)" = 0 ]
  [ "$(state)" = "seed.credit 400 32" ]
  [ "$(digest state/seed.credit)" != "$old" ]
}

@test "while it waits it holds no lock, so that another keeper can save" {
  need flock
  waiting --save -t 1000
  run -0 flock -n state true
  become_ready
  wait $!
  [ "$(cat status)" = 0 ]
}

@test "when the time of -t is over the status is 124, and the seed of before is there" {
  for dur in 0 50ms; do
    rm -rf state
    run -124 --separate-stderr unready -t $dur
    [ -z "$output" ]
    [[ $stderr == *"$NOT_READY"* || $stderr == *"not ready"* ]]
    [ "$(state)" = "seed.no-credit 400 32" ]
    rm -rf state
    bound_seed
    run -124 --separate-stderr unready --save -t $dur
    [ "$(state)" = "seed.credit 400 32" ]
  done
}

@test "--json tells of the seed of before when the time of -t is over" {
  run -124 --separate-stderr unready --json -t 50ms
  valid
  [ "$(member '[.saved.creditable, .saved.why, .next_boot_credited]')" = "[false,\"$NOT_READY\",false]" ]
}

@test "with -t on a ready machine nothing waits" {
  run -0 --separate-stderr ready -t 1000
  said "no seed yet in state" "$SAVED"
  run -0 --separate-stderr booting -t 1000
  said "$LOADED" "$SAVED"
  run ! grep ' event=block ' "$FAKEBOOT_LOG"
}

@test "a wait that a signal ends leaves the seed that it wrote first" {
  waiting -t 1000
  # The process that waits can be a child of the command.
  pid=$(blocked_child)
  parent=$(sed -n 's/^PPid:\t//p' "/proc/$pid/status")
  [ ! "/proc/$parent/exe" -ef "$CRNG" ] || pid=$parent
  kill -TERM "$pid"
  wait $!
  [ "$(cat status)" -eq 143 ]
  [ "$(state)" = "seed.no-credit 400 32" ]
}

# --- dry run -------------------------------------------------------------------------

@test "-n says what would happen, on standard output, and changes nothing" {
  would() {
    before=$(whole .)
    run "-$1" --separate-stderr "$2" -n "${@:4}"
    [ -z "$stderr" ] || { echo "$stderr" && return 1; }
    # shellcheck disable=SC2053
    [[ $output == $3 ]] || { echo "$output" && return 1; }
    untouched || return
    [ "$(whole .)" = "$before" ]
  }
  FAKEBOOT_LOG=$BATS_TEST_TMPDIR/dry.log
  would 0 ready $'*no seed yet in state\nwould save 256 bits, creditable'
  [ ! -e state ]
  would 1 unready $'*no seed yet in state\nwould save 256 bits, not creditable: '"$NOT_READY"
  would 1 ready $'*no seed yet in state' --load
  bound_seed
  would 0 ready $'would load 256 bits, credited\nwould save 256 bits, creditable'
  would 0 unready $'would load 256 bits, credited\nwould *'
  would 0 unready 'would load 256 bits, credited' --load
  would 0 ready 'would save 256 bits, creditable' --save
  would 0 unready "would keep 256 bits, creditable: $NOT_READY" --save
  bound "$ELSEWHERE"
  would 1 ready 'would load 256 bits, not credited: it was made on another machine' --load
  rm state/*
  seed seed.no-credit
  would 1 unready "would load 256 bits, not credited: $EARLY" --load
}

@test "-n has the status of a run that would fail" {
  BEFORE="mount --bind $DIR $DIR && mount -o remount,ro,bind $DIR"
  bound_seed
  run -3 --separate-stderr ready -n
  [[ ${lines[0]} == "would load 256 bits, not credited: "[Rr]"ead-only file system" ]]
  run -3 --separate-stderr ready -n --save
  [[ $stderr == *"ead-only file system"* ]]
  BEFORE=:
  ln -s target state/seed.no-credit
  run -3 --separate-stderr ready -n
  [[ $stderr == *seed.no-credit* ]]
  chmod 777 state
  run -3 --separate-stderr ready -n
  DIR=missing/state
  run -3 --separate-stderr ready -n
  [ ! -e missing ]
}

@test "-n neither waits for a lock nor for the RNG" {
  need flock
  bound_seed
  exec {lock}<state
  flock "$lock"
  before=$(whole)
  run -0 --separate-stderr ready -n
  [ "$output" = $'would load 256 bits, credited\nwould save 256 bits, creditable' ]
  [ "$(whole)" = "$before" ]
  run --separate-stderr unready -n -t 1000
  run ! grep ' event=block ' "$FAKEBOOT_LOG"
  exec {lock}<&-
}

# --- what it says --------------------------------------------------------------------

@test "-q is silent where all is well, and only there" {
  run -0 --separate-stderr ready -q
  said
  run -0 --separate-stderr booting -q
  said
  rm state/*
  run -1 --separate-stderr ready -q --load
  said
  seed seed.no-credit
  run -1 --separate-stderr unready -q
  said "$LOADED_ONLY$EARLY" "$SAVED_ONLY$NOT_READY"
}

@test "-v also tells of the directory and the machine" {
  bound_seed
  run -0 --separate-stderr booting -v
  [ -z "$output" ]
  [[ $stderr == *"crng seed: $LOADED"$'\n'* && $stderr == *"crng seed: $SAVED"* ]]
  [[ $stderr == *state* && $stderr == *"this machine"* ]]
  run ! grep -v '^crng seed: ' <<<"$stderr"
}

@test "no message has a byte of a seed in it" {
  head -c 32 /dev/zero | tr '\0' 'K' >marker
  seed seed.credit
  (printf 'SECRETSEEDBYTES!' && head -c 16 /dev/urandom) >bytes
  chmod 600 state/seed.credit && cat bytes >state/seed.credit
  hex=$(printf 'SECRET' | od -An -tx1 | tr -d ' \n')
  run --separate-stderr booting -v --json
  [[ "$output$stderr" != *SECRET* && "$output$stderr" != *"$hex"* ]]
}

@test "--json prints one object, as its schema says, and the lines stay on standard error" {
  bound_seed
  run -0 --separate-stderr booting --json
  valid
  said_beside "$LOADED" "$SAVED"
  [ "$(member .)" = '{"directory":"state","dry_run":false,"loaded":{"bits":256,"credited":true,"why":null},"machine":"same","next_boot_credited":true,"saved":{"bits":256,"creditable":true,"kept":false,"why":null},"schema_version":1}' ]
}

@test "--json tells each end, with the reasons of the lines" {
  run -1 --separate-stderr unready --json
  valid
  [ "$(member '[.loaded, .saved, .machine, .next_boot_credited]')" = \
    '[null,{"bits":256,"creditable":false,"kept":false,"why":"'"$NOT_READY"'"},"new",false]' ]
  run -1 --separate-stderr unready --json --load
  valid
  [ "$(member '[.loaded, .saved, .next_boot_credited]')" = \
    '[{"bits":256,"credited":false,"why":"'"$EARLY"'"},null,false]' ]
  rm -rf state
  bound_seed
  run -0 --separate-stderr unready --json --save
  valid
  [ "$(member '[.loaded, .saved, .next_boot_credited]')" = \
    '[null,{"bits":256,"creditable":true,"kept":true,"why":"'"$NOT_READY"'"},true]' ]
  bound "$ELSEWHERE"
  run -1 --separate-stderr unready --json --load
  valid
  [ "$(member '[.loaded.why, .machine]')" = '["it was made on another machine","other"]' ]
  rm -rf state
  machine none
  bound_seed none
  run -0 --separate-stderr booting --json --load
  valid
  [ "$(member '[.loaded.credited, .machine]')" = '[true,"none"]' ]
}

@test "--json prints nothing where nothing was done" {
  run -1 --separate-stderr ready --json --load
  said "no seed yet in state"
  chmod 777 state
  run -3 --separate-stderr ready --json
  [ -z "$output" ] && [ -n "$stderr" ]
}

@test "--json has the whole name of a long directory" {
  DIR=$(printf 'd%.0s' {1..200})
  DIR=$DIR/$DIR/$DIR/$DIR
  mkdir -p "${DIR%/*}"
  run -0 --separate-stderr ready --json
  valid
  [ "$(jq -r .directory <<<"$output")" = "$DIR" ]
}

@test "--json with -n says that it was a dry run" {
  bound_seed
  run -0 --separate-stderr ready --json -n
  valid
  [ "$(member '[.dry_run, .loaded.credited, .saved.creditable]')" = '[true,true,true]' ]
  untouched
}

@test "a name that is not UTF-8 or has quotes gives valid JSON" {
  for DIR in 'a "b" \c' $'new\nline' $'\xff\xfe' 'ü'; do
    run -0 --separate-stderr ready --json
    valid
    jq -e .directory <<<"$output"
  done
}

@test "standard output that cannot be written to is a failure, once all is done" {
  [ -c /dev/full ] || skip "there is no /dev/full"
  bound_seed
  full() {
    booting "$@" >/dev/full
  }
  for option in --json -n; do
    run -3 --separate-stderr full $option
    [[ $stderr == *"No space left on device"* ]]
    [ "$(state)" = "seed.credit 400 32" ]
  done
}
