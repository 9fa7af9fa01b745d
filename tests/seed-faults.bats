#!/usr/bin/env bats
# Each system call of crng seed made to fail, and crng seed killed at each.

load helper

setup() {
  enter_work
  need python3 strace
}

@test "no failed call and no kill loses a seed, lets one earn credit twice, or makes crng seed lie" {
  # All cases: tests/seed/faults --all. A program under sanitizers takes several times as long.
  local size=${SEED_FAULTS:-800} status=0
  ! sanitized || size=100
  "$TOP/tests/seed/faults" --slice "$size" --crng "$CRNG" ${FAKEBOOT:+--fakeboot "$FAKEBOOT"} \
    --directory "$BATS_TEST_TMPDIR" --directory "$BUILD" --directory /var/tmp >report 2>&1 ||
    status=$?
  cat report
  [ "$status" -ne 77 ] || skip "$(head -n 1 report)"
  [ "$status" -eq 0 ]
  [[ $(tail -n 1 report) =~ ^([0-9]+)' passed, 0 failed, '[0-9]+' skipped'$ ]]
  [ "${BASH_REMATCH[1]}" -ge $((size * 9 / 10)) ]
}

@test "a run that was altered, as if it had lost a seed or lied, does not pass" {
  local status=0
  "$TOP/tests/seed/liars" --crng "$CRNG" ${FAKEBOOT:+--fakeboot "$FAKEBOOT"} \
    --directory "$BATS_TEST_TMPDIR" --directory "$BUILD" --directory /var/tmp >report 2>&1 ||
    status=$?
  cat report
  [ "$status" -ne 77 ] || skip "$(head -n 1 report)"
  [[ $(tail -n 1 report) =~ ^([0-9]+)' caught, 0 missed'$ ]]
  [ "${BASH_REMATCH[1]}" -ge 35 ]
}
