#!/usr/bin/env bats
# crng reseed: what it asks for, which sources count, the proof, and what it says.
# shellcheck disable=SC2030,SC2031,SC2154

load helper
load reseed

setup() {
  enter_work
}

# need_generation: skips where this kernel does not show its generation.
need_generation() {
  need_privilege
  [[ $("$CRNG" reseed -v --no-hwrng --any) == "reseeded (generation "* ]] ||
    skip "this kernel does not show its generation"
}

# valid: the JSON of the last run is as the schema says.
valid() {
  need python3 jq
  python3 -c 'import jsonschema' 2>/dev/null || skip "python3-jsonschema is not installed"
  python3 -c '
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft7Validator.check_schema(schema)
jsonschema.Draft7Validator(schema).validate(json.loads(sys.argv[2]))' \
    "$TOP/share/crng-reseed.schema.json" "$output"
}

# --- what it does and says -----------------------------------------------------------

@test "a reseed prints nothing by default" {
  need_privilege
  run -0 --separate-stderr "$CRNG" reseed --no-hwrng --any
  silent
}

@test "the generation of the kernel moves with each reseed" {
  need_generation
  before=0
  for _ in 1 2 3; do
    run -0 --separate-stderr "$CRNG" reseed -v --no-hwrng --any
    [ -z "$stderr" ]
    [[ $output =~ ^reseeded\ \(generation\ ([0-9]+)\ -\>\ ([0-9]+)\):\  ]]
    ((BASH_REMATCH[1] >= before && BASH_REMATCH[2] > BASH_REMATCH[1]))
    before=${BASH_REMATCH[2]}
  done
}

@test "a reseed that fails leaves the generation as it was" {
  need jq
  need_generation
  generation() {
    "$CRNG" reseed --json --no-hwrng --any | jq ".generation_$1"
  }
  unmoved() {
    after=$(generation after)
    run "$CRNG" reseed --no-hwrng --input=/dev/null
    [ "$status" -eq 3 ] || return
    run unshare -U "$CRNG" reseed --no-hwrng --any
    # A reseed of the machine's own, or of another test, may come between.
    [ "$status" -eq 3 ] || return
    [ "$(generation before)" -eq "$after" ]
  }
  unshare -U true 2>/dev/null || skip "no user namespace can be made here"
  at_best unmoved
}

@test "-v names the sources that count, in order, on standard output" {
  need_fakeboot
  need_mounts
  random 32 >file
  run -0 --separate-stderr with_cpu 'flags\t: rdrand rdseed' --hwrng good -- -v --input=file
  [ -z "$stderr" ]
  [[ $output =~ ^reseeded\ \(.*\):\ 32\ bytes\ of\ input,\ 1024\ bytes\ of\ [^,]+,\ CPU\ instruction$ ]]
  [ "$(mixed)" -eq 1056 ]
}

@test "with CMD or --json, -v goes to standard error" {
  need_fakeboot
  random 32 >file
  run -0 --separate-stderr played -- --no-hwrng -v --input=file -- echo hello
  [ "$output" = hello ]
  [[ $stderr == "crng reseed: reseeded ("*"): 32 bytes of input"* ]]
  run -0 --separate-stderr played -- --no-hwrng -v --json --input=file
  valid
  [[ $stderr == "crng reseed: reseeded ("*"): 32 bytes of input"* ]]
}

@test "--json prints one object, as its schema says, with the proof that -v names" {
  need_generation
  random 32 >file
  run -0 --separate-stderr "$CRNG" reseed --json -v --no-hwrng --input=file
  valid
  [ "$(member '[.reseeded, .proof]')" = '[true,"generation"]' ]
  [[ $stderr == *"(generation $(member .generation_before) -> $(member .generation_after))"* ]]
  (($(member .generation_after) > $(member .generation_before)))
  [ "$(member '.sources[0] | [.name, .bytes, .fresh]')" = '["input",32,true]' ]
  for thing in "generators inside running processes" "WireGuard sessions" machine-id boot_id \
    "SSH host keys"; do
    [ "$(jq --arg thing "$thing" '.not_covered | index($thing) != null' <<<"$output")" = true ]
  done
}

@test "--json lists the CPU without a number, and a source that does not count" {
  need_fakeboot
  need_mounts
  run -0 --separate-stderr with_cpu 'flags\t: rdrand' --hwrng zeros -- --json -q
  valid
  [ -z "$stderr" ]
  [ "$(member '.sources | map([.bytes, .fresh])')" = '[[1024,false],[null,true]]' ]
  [ "$(member '.sources[1].name')" = '"cpu"' ]
  run -0 --separate-stderr bare --hwrng absent -- --json --any
  valid
  [ "$(member .sources)" = '[]' ]
}

@test "a standard output that cannot be written to is a failure, and CMD is not run" {
  need_fakeboot
  [ -c /dev/full ] || skip "there is no /dev/full"
  run -3 --separate-stderr sh -c '"$1" --admin --ready-after 0 -- "$2" reseed --any -v >/dev/full' \
    sh "$FAKEBOOT" "$CRNG"
  [[ $stderr == *"No space left on device"* ]]
  run -125 --separate-stderr sh -c '
    "$1" --admin --ready-after 0 -- "$2" reseed --any --json -- touch ran >/dev/full' \
    sh "$FAKEBOOT" "$CRNG"
  [ ! -e ran ]
}

@test "wrong usage is refused before anything is asked of the kernel" {
  need_fakeboot
  for words in "--quiet --verbose" "--watch --json" "--watch --input=-" "--bogus" "--any=1" \
    "file" "agent" "--input"; do
    # shellcheck disable=SC2086
    run -2 --separate-stderr played -- $words
    [ -z "$output" ]
    [[ ${stderr_lines[0]} == "crng reseed: "* ]]
    [ "${stderr_lines[1]}" = "Try 'crng reseed --help'." ]
    untouched
    # shellcheck disable=SC2086
    run -125 --separate-stderr played -- $words -- touch ran
    [ -z "$output" ]
    [ ! -e ran ]
  done
  usage_error 125 "a command is missing after --" "$CRNG" reseed --
}

# --- who may, and when ---------------------------------------------------------------

@test "where the RNG is not ready the status is 1, with CMD as well, and nothing is touched" {
  need_fakeboot
  random 32 >file
  for command in "" "-- touch ran"; do
    # shellcheck disable=SC2086
    run -1 --separate-stderr fakeboot --admin -- "$CRNG" reseed --input=file $command
    says "crng reseed: the kernel RNG is not ready: it needs a seed, not a reseed"
    [[ ${stderr_lines[1]} == *"crng wait"* ]]
    [ ! -e ran ]
    run ! grep -E ' event=(add|reseed|open) ' "$FAKEBOOT_LOG"
  done
  # That it is not ready comes first, where there is no privilege either.
  run -1 fakeboot -- "$CRNG" reseed
}

@test "where the kernel itself says that it is not ready the status is 1" {
  need_fakeboot
  run -1 --separate-stderr played --reseed ENODATA -- --any --no-hwrng
  says "crng reseed: the kernel RNG is not ready: it needs a seed, not a reseed"
  run -1 --separate-stderr played --reseed ENODATA -- --any --no-hwrng -- touch ran
  [ ! -e ran ]
}

@test "where readiness cannot be determined the status is 3, or 125 with CMD" {
  for error in ENOSYS EPERM; do
    run -3 --separate-stderr inject "$error" "$CRNG" reseed --any
    says "crng reseed: undetermined: getrandom: "
    run -125 --separate-stderr inject "$error" "$CRNG" reseed --any -- touch ran
    [ -z "$output" ]
    [ ! -e ran ]
  done
}

# no_privilege CMD…: CMD is a crng reseed that lacks it, and says so.
no_privilege() {
  run -3 --separate-stderr "$@"
  says "crng reseed: no privilege: a reseed takes CAP_SYS_ADMIN in the initial user namespace"
  [ "${#stderr_lines[@]}" -ge 2 ]
}

@test "an ordinary user has no privilege, and nothing is touched" {
  random 32 >file
  need strace
  as=()
  [ "$(id -u)" -ne 0 ] || as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  if "${as[@]}" test -x "$CRNG"; then
    no_privilege "${as[@]}" "$CRNG" reseed --any
    run -125 --separate-stderr "${as[@]}" "$CRNG" reseed --any -- echo ran
    [ -z "$output" ]
  fi
  need_fakeboot
  as=()
  [ "$(id -u)" -ne 0 ] || as=(setpriv --bounding-set=-sys_admin --inh-caps=-all)
  no_privilege fakeboot --ready-after 0 -- "${as[@]}" "$CRNG" reseed --input=file
  untouched
}

@test "root of a user namespace has no privilege, and nothing is touched" {
  unshare -Ur true 2>/dev/null || skip "no user namespace can be made here"
  no_privilege unshare -Ur "$CRNG" reseed --any
  no_privilege traced trace unshare -Ur "$CRNG" reseed --any
  grep -q 'RNDADDENTROPY, {entropy_count=-1' trace
  run ! grep -E 'RNDRESEEDCRNG|entropy_count=0' trace
}

@test "root of a container has no privilege" {
  need bwrap
  for options in "--cap-drop ALL" --unshare-user --unshare-all; do
    # shellcheck disable=SC2086
    bwrap $options --ro-bind / / --dev /dev true 2>/dev/null || skip "bubblewrap does not run here"
    # shellcheck disable=SC2086
    no_privilege bwrap $options --ro-bind / / --proc /proc --dev /dev "$CRNG" reseed --any
  done
}

@test "a sandbox that forbids the ioctl, or the device, is a failure" {
  need strace
  TRACED=(env ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o trace)
  no_privilege "${TRACED[@]}" -e inject=ioctl:error=EPERM "$CRNG" reseed --any
  run -3 --separate-stderr "${TRACED[@]}" -P /dev/random -P /dev/urandom -e trace='?open,openat' \
    -e inject='?open,openat:error=EACCES' "$CRNG" reseed --any
  says ": Permission denied"
}

@test "something that answers in the kernel's place is caught before anything is mixed" {
  need_fakeboot
  for answer in "--sandbox" "--add 0"; do
    # shellcheck disable=SC2086
    run -3 --separate-stderr played $answer -- --any --no-hwrng
    says "crng reseed: something other than the kernel answers for the device"
    untouched
    # shellcheck disable=SC2086
    run -125 --separate-stderr played $answer -- --any -- touch ran
    [ ! -e ran ]
  done
  for answer in EIO ENOTTY ENOSYS EFAULT; do
    run -3 --separate-stderr played --add "$answer" -- --any --no-hwrng
    says "crng reseed: "
    untouched
  done
}

@test "a kernel that cannot be told to reseed is a failure that says so" {
  need_fakeboot
  for answer in EINVAL ENOTTY; do
    run -3 --separate-stderr played --reseed "$answer" -- --any --no-hwrng -v
    says "crng reseed: mixed, but not reseeded: "
  done
  run -3 --separate-stderr played --no-reseed -- --any --no-hwrng --json
  says "crng reseed: mixed, but not reseeded: RNDRESEEDCRNG came with Linux 4.17"
  for answer in EIO EPERM EBUSY; do
    run -3 --separate-stderr played --reseed "$answer" -- --any --no-hwrng -v
    says "crng reseed: RNDRESEEDCRNG: "
  done
}

# --- the proof -----------------------------------------------------------------------

@test "a kernel that accepts the reseed, and whose generation does not move, is a failure" {
  need_generation
  need_fakeboot
  still() {
    run --separate-stderr played --vdso --reseed 0 -- --any --no-hwrng "$@"
    # A reseed of the machine's own may come between.
    [ "$status" -ne 0 ]
  }
  for option in -v --json; do
    at_best still "$option"
    [ "$status" -eq 3 ]
    says "crng reseed: not reseeded: the kernel accepted it, but its generation has not changed"
  done
  at_best still -- touch ran
  [ "$status" -eq 125 ]
  [ ! -e ran ]
}

@test "without a generation the kernel's word is proof where the RNG is that of Linux 5.19" {
  mkdir proc
  echo 100 >proc/entropy_avail
  need_fakeboot --proc proc
  while read -r poolsize interval proof; do
    rm -f proc/poolsize proc/urandom_min_reseed_secs
    [ "$poolsize" = - ] || echo "$poolsize" >proc/poolsize
    [ "$interval" = - ] || echo "$interval" >proc/urandom_min_reseed_secs
    run -0 --separate-stderr played --proc proc -- --any --no-hwrng -v
    case $proof in
    ioctl)
      [ -z "$stderr" ]
      [[ $output == "reseeded (confirmed by the kernel; "* ]]
      ;;
    none)
      [[ $stderr == "crng reseed: not proved: "* ]]
      [[ $output == "reseeded (accepted by the kernel, not proved): "* ]]
      ;;
    esac
    run -0 --separate-stderr played --proc proc -- --any --no-hwrng --json -q
    [ -z "$stderr" ]
    valid
    [ "$(member '[.reseeded, .proof, .generation_before, .generation_after]')" = "[true,\"$proof\",null,null]" ]
  done <<'EOF_PROOFS'
256 60 ioctl
256 300 none
4096 60 none
256 - none
- 60 none
- - none
EOF_PROOFS
}

# --- /dev/hwrng ----------------------------------------------------------------------

@test "a good /dev/hwrng counts, and all that it gave is mixed" {
  need_fakeboot
  need_mounts
  run -0 --separate-stderr bare --hwrng good -- -v
  [ -z "$stderr" ]
  [[ $output =~ :\ 1024\ bytes\ of\ [^,]+$ ]]
  [ "$(mixed)" -eq 1024 ]
}

@test "a /dev/hwrng that does not count is named with the reason, and mixed all the same" {
  need_fakeboot
  need_mounts
  while read -r kind bytes reason; do
    run -0 --separate-stderr bare --hwrng "$kind" -- -v --any
    [ "$stderr" = "crng reseed: /dev/hwrng does not count as fresh: $reason" ]
    [[ $output == *"): nothing that a clone lacks" ]]
    [ "$(mixed)" -eq "$bytes" ]
    run -3 --separate-stderr bare --hwrng "$kind" --
    says "crng reseed: /dev/hwrng does not count as fresh: $reason"
    [[ ${stderr_lines[1]} == "crng reseed: nothing that a clone lacks"* ]]
    untouched
    run -0 --separate-stderr bare --hwrng "$kind" -- -q --any
    silent
  done <<EOF_KINDS
zeros 1024 its bytes do not look random
repeats 1024 its bytes do not look random
biased 1024 its bytes do not look random
EIO 0 $(error_words EIO)
short:512 512 it gave too little within 1 s: the first 512 bytes may come from the snapshot
short:527 527 it gave too little within 1 s: the first 512 bytes may come from the snapshot
eagain 0 it gave nothing within 1 s
hangs 0 it gave nothing within 1 s
EOF_KINDS
}

@test "/dev/hwrng is read whatever the signals and the PID namespace are" {
  need_fakeboot
  need_mounts
  need python3
  need_pid_namespace
  cat >start.py <<'PY'
import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))
os.execv(sys.argv[1], sys.argv[1:])
PY
  run -0 --separate-stderr fakeboot --admin --ready-after 0 --hwrng good -- \
    python3 start.py "$CRNG" reseed -v
  [ -z "$stderr" ]
  [[ $output == *" 1024 bytes of "* ]]
  for options in -p -pf; do
    run -0 --separate-stderr fakeboot --admin --ready-after 0 --hwrng good -- \
      "${UNSHARE[@]}" $options "$CRNG" reseed -v
    [ -z "$stderr" ]
    [[ $output == *" 1024 bytes of "* ]]
  done
  # The first process of a new namespace is for the command alone.
  run -0 --separate-stderr fakeboot --admin --ready-after 0 --hwrng good -- \
    "${UNSHARE[@]}" -p "$CRNG" reseed --any -- sh -c 'sh -c "echo \$\$"; true'
  [ "$output" -eq 1 ]
  [[ $stderr == "crng reseed: /dev/hwrng does not count as fresh: "* ]]
}

@test "16 bytes beyond the first 512 of /dev/hwrng are enough" {
  need_fakeboot
  need_mounts
  run -0 --separate-stderr bare --hwrng short:528 -- -v
  [[ $output =~ :\ 528\ bytes\ of\ [^,]+$ ]]
}

@test "a slow /dev/hwrng is given up after a second, and what it gave is mixed" {
  need_fakeboot
  need_mounts
  run -0 --separate-stderr bare --hwrng slow -- --any
  [[ $stderr == "crng reseed: /dev/hwrng does not count as fresh: it gave too little within 1 s"* ]]
  [ "$(mixed)" -gt 0 ]
}

@test "a missing /dev/hwrng causes no warning" {
  need_fakeboot
  for kind in absent ENODEV; do
    run -0 --separate-stderr played --hwrng "$kind" -- --any
    silent
    [ "$(mixed)" -eq 0 ]
  done
}

@test "--no-hwrng does not open /dev/hwrng" {
  need_fakeboot
  run -0 played --hwrng good -- --any --no-hwrng
  run ! grep -q 'path=/dev/hwrng' "$FAKEBOOT_LOG"
  run -0 played --hwrng good -- --any
  grep -q 'path=/dev/hwrng' "$FAKEBOOT_LOG"
}

@test "a /dev/hwrng that does not answer costs a second, and leaves no process behind" {
  need_fakeboot
  bounded() {
    run --separate-stderr played --hwrng "$1" -- --any
    took=$((($(field t exit) - $(field t exec)) / 1000000))
    [ "$took" -lt 1500 ]
  }
  for kind in hangs eagain slow; do
    at_best bounded "$kind"
    [ "$status" -eq 0 ]
    [ "$took" -ge 900 ]
    run ! grep event=orphan "$FAKEBOOT_LOG"
  done
}

@test "another file at /dev/hwrng is not read" {
  need_fakeboot
  need_mounts
  [ -e /dev/hwrng ] || skip "there is no /dev/hwrng"
  random 4096 >file
  for other in file /dev/zero /dev/null; do
    run -0 --separate-stderr fakeboot --admin --ready-after 0 -- "${UNSHARE[@]}" -m sh -c '
      mount --bind "$1" /dev/hwrng && exec "$2" reseed --any' sh "$other" "$CRNG"
    [ "$stderr" = "crng reseed: /dev/hwrng does not count as fresh: it is not the device of the hardware generator" ]
    [ "$(mixed)" -eq 0 ]
  done
}

@test "a name of the hardware generator that could steer a terminal is escaped" {
  need_fakeboot
  need_mounts
  name=/sys/class/misc/hw_random/rng_current
  [ -e $name ] || skip "there is no $name"
  printf 'evil\033[2J\n' >name
  run -0 --separate-stderr fakeboot --admin --ready-after 0 --hwrng good -- "${UNSHARE[@]}" -m sh -c '
    mount --bind name "$1" && exec "$2" reseed -v' sh $name "$CRNG"
  [[ $output == *"1024 bytes of evil"* ]]
  [[ $output != *$'\033'* ]]
}

# --- what counts ---------------------------------------------------------------------

@test "where nothing is fresh the status is 3, nothing is mixed, and --any accepts it" {
  need_fakeboot
  need_mounts
  for options in "--hwrng absent --" "--hwrng good -- --no-hwrng"; do
    # shellcheck disable=SC2086
    run -3 --separate-stderr bare $options -v
    says "crng reseed: nothing that a clone lacks"
    [[ $stderr == *"--any"* ]]
    untouched
    # shellcheck disable=SC2086
    run -125 --separate-stderr bare $options -- touch ran
    [ ! -e ran ]
    # shellcheck disable=SC2086
    run -0 --separate-stderr bare $options -v --any
    [ -z "$stderr" ]
    [[ $output == "reseeded ("*"): nothing that a clone lacks" ]]
    [ "$(field answer reseed)" = 0 ]
  done
}

@test "the CPU's instruction counts if the kernel shows it, and only then" {
  need_fakeboot
  need_mounts
  for line in 'flags\t: fpu rdrand' 'flags\t: rdseed fpu' 'Features\t: fp asimd rng' \
    'isa\t: rv64imafdc_zicsr_zkr'; do
    run -0 --separate-stderr with_cpu "$line" -- --no-hwrng -v
    [ -z "$stderr" ]
    [[ $output == *"): CPU instruction" ]]
  done
  for line in 'flags\t: fpu' 'Features\t: fp asimd' 'isa\t: rv64imafdc_zicsr' 'model\t: rdrand' ''; do
    run -3 --separate-stderr with_cpu "$line" -- --no-hwrng -v
    untouched
  done
}

@test "clocks and the identity of the machine are mixed after all else, and never count" {
  need_fakeboot
  need_mounts
  random 32 >file
  run -0 bare --hwrng good -- --input=file
  # The question for the privilege, the sources, and what can be guessed.
  [ "$(field credit add | paste -sd ' ')" = "-1 0 0 0" ]
  [[ "$(field bytes add | paste -sd ' ')" =~ ^0\ 32\ 1024\ [1-9][0-9]*$ ]]
  run -3 bare -- --no-hwrng
}

# --- the command ---------------------------------------------------------------------

@test "-- CMD replaces crng with the command, which keeps the process ID and descriptors" {
  need_fakeboot
  run -0 --separate-stderr played -- --any --no-hwrng -- printf '%s|' a "b c" --help
  [ "$output" = "a|b c|--help|" ]
  [ -z "$stderr" ]
  run -7 played -- --any --no-hwrng -- sh -c 'exit 7'
  run -0 fakeboot --admin --ready-after 0 -- \
    sh -c 'echo $$; exec "$1" reseed --no-hwrng --any -- sh -c "echo \$\$"' sh "$CRNG"
  [ "${lines[0]}" = "${lines[1]}" ]
  run -0 fakeboot --admin --ready-after 0 -- bash -c 'echo kept >file; exec 9<file
    show="ls /proc/\$\$/fd | sort -n"
    sh -c "$show"; exec "$1" reseed --no-hwrng --any -- sh -c "$show; cat <&9"' bash "$CRNG"
  [ "${lines[-1]}" = kept ]
  half=$((${#lines[@]} / 2))
  [ "$half" -gt 0 ]
  [ "${lines[*]:0:half}" = "${lines[*]:half:half}" ]
}

@test "CMD inherits no child process, not even after a /dev/hwrng that hangs" {
  need_fakeboot
  for kind in good hangs; do
    run -0 played --hwrng "$kind" -- -q --any -- \
      sh -c 'read -r children </proc/$$/task/$$/children; echo "$children"'
    [ -z "${output// /}" ]
  done
}

@test "a command that is not found is 127, and one that cannot be executed 126" {
  need_fakeboot
  touch plain
  run -127 --separate-stderr played -- --any --no-hwrng -- ./missing
  says "crng reseed: ./missing: No such file or directory"
  run -126 --separate-stderr played -- --any --no-hwrng -- ./plain
  says "crng reseed: ./plain: Permission denied"
  run -126 played -- --any --no-hwrng -- /
}

@test "the command sees the reseed: it runs after it" {
  need_fakeboot
  run -0 played -- --any --no-hwrng -- grep -c ' event=reseed .*answer=0' "$FAKEBOOT_LOG"
  [ "$output" -eq 1 ]
}

# --- bare surroundings ---------------------------------------------------------------

@test "it works with closed standard streams, and prints into no file in their place" {
  need_privilege
  run -0 sh -c '"$1" reseed --any <&- >&- 2>&-' sh "$CRNG"
  # What is asked for cannot be printed.
  run -3 sh -c '"$1" reseed --any -v <&- >&-' sh "$CRNG"
  run -3 sh -c '"$1" reseed --any --json <&- >&- 2>&-' sh "$CRNG"
  run -2 sh -c '"$1" reseed --bogus <&- >&- 2>&-' sh "$CRNG"
  random 32 >file
  run -3 sh -c '"$1" reseed --any -v --input=file <&- >&- 2>&-' sh "$CRNG"
  [ "$(wc -c <file)" -eq 32 ]
}

@test "it works with an empty environment" {
  need_privilege
  run -0 --separate-stderr env -i "$CRNG" reseed --any -q
  silent
}

@test "it works without /proc, where the CPU's instruction cannot be seen" {
  sanitized && skip "a sanitizer needs /proc"
  need_privilege
  need_mounts
  random 32 >file
  run -0 --separate-stderr own_mounts sh -c 'mount -t tmpfs none /proc &&
    exec "$1" reseed --no-hwrng --input=file -v' sh "$CRNG"
  [ -z "$stderr" ]
  [[ $output == "reseeded ("*"): 32 bytes of input" ]]
  run -0 --separate-stderr own_mounts sh -c 'mount -t tmpfs none /proc &&
    exec "$1" reseed --no-hwrng --json -q --any' sh "$CRNG"
  valid
  [ "$(member '.sources[0] | [.name, .bytes, .fresh]')" = '["cpu",null,false]' ]
  [ "$(member '.sources[0].unfit_because')" != null ]
  run -3 --separate-stderr own_mounts sh -c 'mount -t tmpfs none /proc &&
    exec "$1" reseed --no-hwrng' sh "$CRNG"
  says "crng reseed: /proc/cpuinfo does not tell whether the CPU has an RNG instruction: "
  [[ ${stderr_lines[1]} == "crng reseed: nothing that a clone lacks"* ]]
}

@test "without /dev it fails and names the device, and another file there is not used" {
  need_mounts
  run -3 --separate-stderr own_mounts sh -c 'mount -t tmpfs none /dev &&
    exec "$1" reseed --any' sh "$CRNG"
  says "/dev/"
  says "No such file or directory"
  run -3 --separate-stderr own_mounts sh -c '
    mount -t tmpfs none /dev && touch /dev/random /dev/urandom && exec "$1" reseed --any' sh "$CRNG"
  says "/dev/"
}

@test "one of /dev/random and /dev/urandom is enough" {
  need_privilege
  need_mounts
  for name in random urandom; do
    run -0 --separate-stderr own_mounts sh -c 'touch node && mount --bind "/dev/$2" node &&
      mount -t tmpfs none /dev && touch "/dev/$2" && mount --bind node "/dev/$2" &&
      exec "$1" reseed --any' sh "$CRNG" "$name"
    silent
  done
}

# --- every call fails ----------------------------------------------------------------

# took_place: in the trace the kernel itself, and not strace, answered the reseed with 0.
took_place() {
  grep -qE 'ioctl\([0-9]+, RNDRESEEDCRNG\) += 0$' trace
}

# survives CALL N ERROR: crng ends well if its Nth CALL fails, and never says what is not so.
survives() {
  local status=0
  timeout 60 env ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o trace -e "trace=ioctl,$1" \
    -e "inject=$1:error=$3:when=$2" "$CRNG" reseed -v --any --input=file >out 2>err || status=$?
  case $status in
  0) took_place && return ;;
  1 | 3) is_honest && return ;;
  esac
  echo "$1 $2 $3: status $status"
  cat out err
  grep INJECTED trace
  return 1
}

# is_honest: a failure says why, unless that is what failed; it may say that the kernel was
# reseeded only where it was.
is_honest() {
  { [ -s err ] || grep -q 'write(2, .*(INJECTED)' trace; } &&
    { ! grep -q reseeded out || took_place; }
}

@test "each system call may fail: it never says reseeded where the kernel was not" {
  need_privilege
  need strace
  sanitized && skip "a sanitizer makes calls of its own"
  random 32 >file
  traced good "$CRNG" reseed -v --input=file >out
  # The calls of the loader and of libc come before the first one of crng.
  own=$(grep -n -m 1 'getrandom(NULL, 0, GRND_NONBLOCK)' good | cut -d : -f 1)
  main=$(head -n 1 good | cut -d ' ' -f 1)
  count=0
  sed -nE '/resumed>/d; s/^[0-9]+ +([a-z_0-9]+)\(.*/\1/p' good | sort -u |
    grep -vE '^(execve|exit|exit_group)$' >calls
  while read -r call; do
    before=$(head -n "$((own - 1))" good | grep -cE "^$main +$call\(" || true)
    all=$(grep -cE "^$main +$call\(" good || true)
    # A child has many calls of some kinds, which are alike.
    child=$(grep -vE "^$main " good | grep -cE "^[0-9]+ +$call\(" || true)
    ((child <= 8)) || child=8
    ((child <= all)) || all=$child
    for ((n = before + 1; n <= all; n++)); do
      for error in EIO EPERM; do
        survives "$call" "$n" "$error"
        count=$((count + 1))
      done
    done
  done <calls
  echo "$count calls failed"
  ((count > 60))
}

@test "a failed RNDADDENTROPY or RNDRESEEDCRNG is named, and its status is 3" {
  need_privilege
  need strace
  random 32 >file
  # failing N CALL ERROR: the Nth ioctl of the RNG, which is CALL, fails.
  failing() {
    run -3 --separate-stderr env ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o trace -P /dev/random \
      -e trace=ioctl -e "inject=ioctl:error=$3:when=$1" "$CRNG" reseed -v --no-hwrng --input=file
    grep -q "$2.*(INJECTED)" trace
    says "crng reseed: $2: "
    run ! took_place
  }
  failing 1 RNDADDENTROPY EIO
  failing 2 RNDADDENTROPY EIO
  failing 2 RNDADDENTROPY EPERM
  failing 3 RNDADDENTROPY EIO
  failing 4 RNDRESEEDCRNG EIO
  failing 4 RNDRESEEDCRNG EPERM
}
