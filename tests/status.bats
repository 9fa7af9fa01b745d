#!/usr/bin/env bats
# crng status: what is known of this machine, and what is not, with the reason.
# shellcheck disable=SC2154

load helper

@test "the first line is the verdict" {
  run -0 --separate-stderr "$CRNG" status
  [[ ${lines[0]} == *"ready"* ]]
  [[ ${lines[0]} != *"not ready"* ]]
  [ -z "$stderr" ]
}

@test "not ready is said, with status 0" {
  need_fakeboot
  run -0 --separate-stderr fakeboot -- "$CRNG" status
  [[ ${lines[0]} == *"not ready"* ]]
  run -0 fakeboot -- "$CRNG" status --json
  [ "$(jq -r .verdict <<<"$output")" != ready ]
}

@test "undetermined is said, with its reason" {
  run -0 --separate-stderr inject EPERM "$CRNG" status
  [[ ${lines[0]} == *"undetermined"*"Operation not permitted"* ]]
  run -0 --separate-stderr inject ENOSYS "$CRNG" status --json
  [ "$(jq -r .verdict <<<"$output")" = null ]
  [[ $(jq -r .reasons.verdict <<<"$output") == *"Function not implemented"* ]]
}

@test "the pool numbers are the kernel's, in bits" {
  run -0 "$CRNG" status
  [[ $output == *"$(cat /proc/sys/kernel/random/entropy_avail) bits"* ]]
  [[ $output == *"$(cat /proc/sys/kernel/random/poolsize) bits"* ]]
  run -0 "$CRNG" status --json
  [ "$(jq .pool.poolsize_bits <<<"$output")" = "$(cat /proc/sys/kernel/random/poolsize)" ]
  [ "$(jq -r .kernel.release <<<"$output")" = "$(uname -r)" ]
}

@test "--format json is --json, and one object" {
  run -0 "$CRNG" status --format json
  [ "$(jq -s length <<<"$output")" = 1 ]
  [ "$(jq .schema_version <<<"$output")" = 1 ]
  usage_error 2 "--format 'xml': not a format" "$CRNG" status --format xml
}

@test "without /proc and /sys it still reports, and says what it does not know" {
  sanitized && skip "a sanitizer needs /proc itself"
  need_mounts
  # shellcheck disable=SC2016
  run -0 --separate-stderr own_mounts sh -c '
    mount -t tmpfs none /proc && mount -t tmpfs none /sys && exec "$1" status --json' sh "$CRNG"
  [ "$(jq -r .verdict <<<"$output")" = ready ]
  [ "$(jq -r .pool.entropy_avail_bits <<<"$output")" = null ]
  [[ $(jq -r .reasons.pool.entropy_avail_bits <<<"$output") == "No such file or directory" ]]
  run -0 jq -r '[(.reasons.sources | .virtio_rng, .efi, .device_tree, .tpm, .vmgenid),
    (.reasons | .sources.daemons, .environment.container, .environment.virtualization)
    ] | map(values) | unique | join(", ")' <<<"$output"
  [ "$output" = "/proc is not mounted, /sys is not mounted" ]
}

@test "--sysroot looks at the tree alone, never at this machine" {
  root=$BATS_TEST_TMPDIR/root
  mkdir -p "$root/proc/sys/kernel/random"
  echo 4096 >"$root/proc/sys/kernel/random/poolsize"
  echo 37 >"$root/proc/sys/kernel/random/entropy_avail"
  echo 3.10.0-test >"$root/proc/sys/kernel/osrelease"
  run -0 --separate-stderr "$CRNG" status --sysroot "$root" --json
  [ "$(jq -r .verdict <<<"$output")" = null ]
  [ "$(jq -r .kernel.release <<<"$output")" = 3.10.0-test ]
  [ "$(jq -r .pool.entropy_avail_bits <<<"$output")" = 37 ]
  [ "$(jq -r .kernel.grnd_insecure <<<"$output")" = null ]
  traced "$BATS_TEST_TMPDIR/trace" "$CRNG" status --sysroot "$root" >/dev/null
  # A sanitizer looks at its own process.
  ! sanitized || sed -i -E '\#"/proc/self/(cmdline|environ|maps)"#d' "$BATS_TEST_TMPDIR/trace"
  # It may look whether its own child sleeps: /proc/PID/stat.
  run ! grep -E 'getrandom\(NULL|openat\(AT_FDCWD, "/(proc/[a-z]|sys/)' "$BATS_TEST_TMPDIR/trace"
}

@test "links, pipes and nonsense in a captured tree lead nowhere" {
  root=$BATS_TEST_TMPDIR/root
  mkdir -p "$root/proc/sys/kernel/random" "$BATS_TEST_TMPDIR/outside"
  echo 77 >"$BATS_TEST_TMPDIR/outside/secret"
  ln -s "$BATS_TEST_TMPDIR/outside/secret" "$root/proc/sys/kernel/random/poolsize"
  mkfifo "$root/proc/sys/kernel/random/entropy_avail"
  printf 'a\033]0;x\007b' >"$root/proc/sys/kernel/osrelease"
  run -0 --separate-stderr timeout 5 "$CRNG" status --sysroot "$root" --json
  [ "$(jq -r .pool.poolsize_bits <<<"$output")" = null ]
  [ "$(jq -r .pool.entropy_avail_bits <<<"$output")" = null ]
  [ "$(jq -r .kernel.release <<<"$output")" = 'a\x1b]0;x\x07b' ]
  printf '99999999999999999999999\n' >"$root/proc/sys/kernel/random/write_wakeup_threshold"
  rm "$root/proc/sys/kernel/random/poolsize"
  echo 99999999999999999999999 >"$root/proc/sys/kernel/random/poolsize"
  run -0 "$CRNG" status --sysroot "$root" --json
  [ "$(jq -r .pool.poolsize_bits <<<"$output")" = null ]
}

@test "numbers that are none, or out of range, are unknown in a captured tree" {
  root=$BATS_TEST_TMPDIR/root
  mkdir -p "$root/proc/sys/kernel/random"
  for value in 18446744073709551615 9223372036854775808 $'256\n999' -1 0x10 ''; do
    printf '%s\n' "$value" >"$root/proc/sys/kernel/random/entropy_avail"
    run -0 "$CRNG" status --sysroot "$root" --json
    [ "$(jq -r .pool.entropy_avail_bits <<<"$output")" = null ]
    [ "$(jq -r .reasons.pool.entropy_avail_bits <<<"$output")" != null ]
  done
}

@test "what was logged in the second that has not yet passed is on the line of time" {
  root=$BATS_TEST_TMPDIR/young
  mkdir -p "$root/dev" "$root/proc"
  echo '2.88 0.10' >"$root/proc/uptime"
  printf '%s\n' '5,0,0,-;(first record)' \
    '5,9,2372402,-;random: dd: uninitialized urandom read (16 bytes read)' >"$root/dev/kmsg"
  run -0 "$CRNG" status --sysroot "$root"
  [[ $output == *"-eN|"*"2.372 s"* ]]
}

@test "an error that has no name is unknown, and harmless" {
  need strace
  run -0 env ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o /dev/null -e trace=getrandom \
    -e inject=getrandom:error=600 "$CRNG" status --json
  [ "$(jq -r .verdict <<<"$output")" = null ]
  [[ $(jq -r .reasons.verdict <<<"$output") == "getrandom: "* ]]
}

@test "a tree that is not there is a failure" {
  run -3 --separate-stderr "$CRNG" status --sysroot "$BATS_TEST_TMPDIR/missing"
  [ -z "$output" ]
  [[ $stderr == "crng status: "*"/missing: No such file or directory" ]]
}

@test "as an ordinary user it reports as well" {
  [ "$(id -u)" -eq 0 ] || skip "already an ordinary user"
  need setpriv
  cp "$CRNG" "$BATS_TEST_TMPDIR/crng"
  chmod -R a+rX "$BATS_TEST_TMPDIR"
  run -0 --separate-stderr setpriv --reuid=65534 --regid=65534 --clear-groups \
    "$BATS_TEST_TMPDIR/crng" status
  [[ ${lines[0]} == *"ready"* ]]
}
