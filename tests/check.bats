#!/usr/bin/env bats
# crng check: the exit status is the answer.
# shellcheck disable=SC2154

load helper

@test "on a ready machine the status is 0, and nothing is printed" {
  run -0 --separate-stderr "$CRNG" check
  [ -z "$output" ]
  [ -z "$stderr" ]
}

@test "the status is 1 until the RNG is ready, and 0 from then on" {
  need_fakeboot
  run -1 --separate-stderr fakeboot -- "$CRNG" check
  [ -z "$output" ]
  [ -z "$stderr" ]
  run -0 fakeboot --ready-after 0 -- "$CRNG" check
  run -0 fakeboot -- sh -c '"$1" check && exit 9; kill -USR1 $PPID; "$1" check' sh "$CRNG"
}

@test "where getrandom is missing or forbidden the status is 3, with the reason" {
  run -3 --separate-stderr inject ENOSYS "$CRNG" check
  [ -z "$output" ]
  [ "$stderr" = "crng check: undetermined: getrandom: Function not implemented" ]
  run -3 --separate-stderr inject EPERM "$CRNG" check
  [ -z "$output" ]
  [ "$stderr" = "crng check: undetermined: getrandom: Operation not permitted" ]
  run -3 --separate-stderr inject EINVAL "$CRNG" check
  [ -z "$output" ]
}

@test "-v prints the verdict in words on standard output" {
  need_fakeboot
  run -0 --separate-stderr "$CRNG" check -v
  [ "$output" = "ready" ]
  [ -z "$stderr" ]
  run -1 --separate-stderr fakeboot -- "$CRNG" check --verbose
  [ "$output" = "not ready" ]
  [ -z "$stderr" ]
  run -3 --separate-stderr inject EPERM "$CRNG" check -v
  [ "$output" = "undetermined: getrandom: Operation not permitted" ]
  [ -z "$stderr" ]
}

@test "-q is accepted and prints no answer; an error is still reported" {
  need_fakeboot
  for option in -q --quiet; do
    run -0 --separate-stderr "$CRNG" check "$option"
    [ -z "$output$stderr" ]
    run -1 --separate-stderr fakeboot -- "$CRNG" check "$option"
    [ -z "$output$stderr" ]
    run -3 --separate-stderr inject EPERM "$CRNG" check "$option"
    [ -z "$output" ]
    [ "$stderr" = "crng check: undetermined: getrandom: Operation not permitted" ]
  done
  for words in -qv -vq "-q --verbose"; do
    # shellcheck disable=SC2086
    usage_error 2 "--quiet cannot be used with --verbose or --format" "$CRNG" check $words
  done
  usage_error 3 "--quiet cannot be used with --verbose or --format" "$CRNG" check -q --format nagios
}

@test "-v fails if it cannot be written, even when the RNG is ready" {
  run -3 --separate-stderr sh -c '"$1" check -v >/dev/full' sh "$CRNG"
  [[ $stderr == *"standard output: No space left on device" ]]
  run -0 sh -c '"$1" check >/dev/full' sh "$CRNG"
  run -0 sh -c '"$1" check >&-' sh "$CRNG"
}

@test "it asks the kernel once, takes no bytes and opens nothing but its libraries" {
  sanitized && skip "a sanitizer opens files of its own"
  traced "$BATS_TEST_TMPDIR/trace" "$CRNG" check
  [ "$(grep -c 'getrandom(NULL, 0, GRND_NONBLOCK)' "$BATS_TEST_TMPDIR/trace")" -eq 1 ]
  # libc reads a few bytes for its own use, and nothing else does.
  [ "$(grep -c 'getrandom(' "$BATS_TEST_TMPDIR/trace")" -le 2 ]
  [ "$(grep -c 'execve(' "$BATS_TEST_TMPDIR/trace")" -eq 1 ]
  only_libraries_opened "$BATS_TEST_TMPDIR/trace"
}

@test "an interrupted call is made again" {
  need strace
  run -0 env ASAN_OPTIONS=detect_leaks=0 strace -qq -o /dev/null -e trace=getrandom \
    -e inject=getrandom:error=EINTR:when=1..3 "$CRNG" check
}
