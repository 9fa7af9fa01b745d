#!/usr/bin/env bats
# The order in which crng seed calls the kernel: what is on the disk at each instant, and
# when something is credited or said.
# shellcheck disable=SC2154

load helper

setup_file() {
  ! sanitized || return 0
  export LOGS=$BATS_FILE_TMPDIR/logs
  mkdir "$LOGS"
  # Where /tmp is in memory, a seed earns no credit there.
  "$TOP/tests/seed/faults" --clean --logs "$LOGS" --crng "$CRNG" ${FAKEBOOT:+--fakeboot "$FAKEBOOT"} \
    --directory "$BATS_FILE_TMPDIR" --directory "$BUILD" --directory /var/tmp \
    >"$BATS_FILE_TMPDIR/clean" 2>&1 || echo $? >"$BATS_FILE_TMPDIR/status"
}

setup() {
  sanitized && skip "a sanitizer makes calls of its own"
  need python3 strace
  enter_work
  CLEAN=$(cat "$BATS_FILE_TMPDIR/clean")
  [ "$(cat "$BATS_FILE_TMPDIR/status" 2>/dev/null)" != 77 ] || skip "$(head -n 1 <<<"$CLEAN")"
}

@test "every clean run leaves what it says, and the next boot credits what it promised" {
  echo "$CLEAN"
  [ ! -e "$BATS_FILE_TMPDIR/status" ]
  [[ ${CLEAN##*$'\n'} =~ ^([0-9]+)' passed, 0 failed, '[0-9]+' skipped'$ ]]
  [ "${BASH_REMATCH[1]}" -ge 60 ]
}

@test "nothing is credited before its seed is replaced durably, and at each instant a seed is there" {
  run -0 "$TOP/tests/seed/order" "$LOGS"/*
  [ -z "$output" ]
}

@test "the checker of that order finds each log that was made wrong" {
  run -0 "$TOP/tests/seed/mutants" "$LOGS"/{credit,large,unbound,leftovers}.default.clean \
    "$LOGS"/{unbound,other-machine,other-machine-both,garbled-machine,no-credit}.--save.clean
  [[ $output =~ ^([0-9]+)' caught, 0 missed'$ ]]
  [ "${BASH_REMATCH[1]}" -ge 500 ]
}

@test "the checker tells what the seedrng of BusyBox does otherwise" {
  run -1 "$TOP/tests/seed/order" "$TOP/tests/seed/busybox.strace"
  # It removes the seed before the credit, durably, and nothing is there until the new one is.
  [ "$(sed -nE 's/^[^:]*:[0-9]+: ([a-z-]+): .*/\1/p' <<<"$output" | sort -u | paste -sd ' ')" = \
    "always-a-seed before-exit open-flags own-bytes" ]
}

@test "the checker refuses a log that does not show enough" {
  sed 's/{entropy_count=[^}]*}/0x7ffd0000/' "$TOP/tests/seed/busybox.strace" >undecoded.log
  run -3 --separate-stderr "$TOP/tests/seed/order" undecoded.log
  [[ -z $output && $stderr == "order: undecoded.log: line "*": RNDADDENTROPY is not decoded: "* ]]
  sed -E 's/(read\(4, "[^"]*")/\1.../' "$TOP/tests/seed/busybox.strace" >short.log
  run -3 --separate-stderr "$TOP/tests/seed/order" short.log
  [[ -z $output && $stderr == "order: short.log: line "*": a string is cut or not in hex: "* ]]
}

@test "a seed that is provisioned is durable before that is said" {
  mkdir -p root/var/lib
  # Otherwise the tracer of an ordinary user could not read the memory.
  run -0 --separate-stderr traced log -xx -s 4096 -e inject=prctl:retval=0 "$CRNG" seed --provision --sysroot="$PWD/root"
  [[ $stderr == *"crng seed: provisioned 256 bits, creditable"* ]]
  run -0 "$TOP/tests/seed/order" log
  [ -z "$output" ]
  # Without the last sync of the directory, the checker does not accept it.
  sync=$(grep -n 'fsync(' log | tail -n 1 | cut -d : -f 1)
  sed "${sync}d" log >wrong
  run -1 "$TOP/tests/seed/order" wrong
  [[ $output == *": before-word: 'crng seed: provisioned' is said, but "* ]]
}

# cuts OPTION…: runs tests/seed/cuts, where a seed earns credit.
cuts() {
  "$TOP/tests/seed/cuts" --crng "$CRNG" ${FAKEBOOT:+--fakeboot "$FAKEBOOT"} --directory "$PWD" \
    --directory "$BUILD" --directory /var/tmp "$@"
}

@test "after a power cut at any instant a good seed is there, and none earns credit twice" {
  run -0 cuts
  [[ ${lines[-1]} =~ ^([0-9]+)' passed, 0 failed'$ ]]
  [ "${BASH_REMATCH[1]}" -ge 300 ]
  # If seeds were credited as soon as they are read, many of these states would be wrong.
  run -1 cuts --early
  has -F "the next boot credits a seed that has earned credit"
}
