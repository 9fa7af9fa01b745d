#!/usr/bin/env bats
# crng status: what it knows about this machine, and what it does not know, with the
# reason.
# shellcheck disable=SC2154

load helper

@test "the first line is the verdict" {
  run -0 --separate-stderr "$CRNG" status
  [[ ${lines[0]} == [*●]" Ready: the kernel RNG "*"ready"* ]]
  [ -z "$stderr" ]
}

@test "a machine that is not ready is reported, with status 0" {
  need_fakeboot
  run -0 --separate-stderr fakeboot -- "$CRNG" status
  [[ ${lines[0]} == [o○]" Not ready "* ]]
  run -0 fakeboot -- "$CRNG" status --json
  [ "$(jq -r .verdict <<<"$output")" != ready ]
}

@test "it is not ready, and early where the pool is half full" {
  need_fakeboot --proc /proc/sys/kernel/random
  enter_work
  mkdir proc
  echo 256 >proc/poolsize
  echo 6 >proc/entropy_avail
  run -0 --separate-stderr fakeboot --proc proc -- env LC_ALL=C "$CRNG" status
  [[ ${lines[0]} =~ ^'o Not ready   6 of 256 bits  ['\.+']   +0.0 bits/s   '[0-9]+' '(s|min|h|days)' after boot'$ ]]
  run -124 --separate-stderr fakeboot --proc proc -- "$CRNG" wait -t 0.2
  [[ $stderr == *"6 of 256 bits gathered"* ]]
  echo 130 >proc/entropy_avail
  run -0 fakeboot --proc proc -- "$CRNG" status --json
  [ "$(jq -r .verdict <<<"$output")" = early ]
  # The call and the pool contradict each other: the call counts, and both are reported.
  echo 256 >proc/entropy_avail
  run -0 fakeboot --proc proc -- env LC_ALL=C "$CRNG" status
  [[ ${lines[0]} == "o Not ready   256 of 256 bits  [####"*"#]   +0.0 bits/s "* ]]
  run -0 fakeboot --proc proc --ready-after 0 -- "$CRNG" status --json
  [ "$(jq -r .verdict <<<"$output")" = ready ]
}

@test "the rate at which the pool fills is measured during the report" {
  need_fakeboot --proc /proc/sys/kernel/random
  enter_work
  mkdir proc
  echo 256 >proc/poolsize
  echo 6 >proc/entropy_avail
  run -0 fakeboot --proc proc -- "$CRNG" status --json
  [ "$(jq '.pool.rate_bits_per_second == 0' <<<"$output")" = true ]
  run -0 fakeboot --proc proc -- bash -c '
    for bits in {7..255}; do echo "$bits" >/proc/sys/kernel/random/entropy_avail; sleep 0.05; done &
    "$1" status --json; kill $!' bash "$CRNG"
  [ "$(jq '.pool | .rate_bits_per_second > 0 and .entropy_avail_bits > 6' <<<"$output")" = true ]
  run -0 "$CRNG" status --json
  [ "$(jq -c '[.pool, .reasons.pool | .rate_bits_per_second]' <<<"$output")" = '[null,"the RNG is ready"]' ]
}

@test "when readiness comes during the report, all its parts describe a ready RNG" {
  need_fakeboot
  need strace
  # The log is read after the verdict, and late.
  run -0 env ASAN_OPTIONS=detect_leaks=0 "$FAKEBOOT" --ready-after 300ms -- \
    strace -f -qq -o /dev/null -P /dev/kmsg -e trace='?open,openat' \
    -e inject='?open,openat:delay_enter=600000' "$CRNG" status --json
  [ "$(jq -r .waiters.scanned <<<"$output")" = false ]
  [ "$(jq -r .verdict <<<"$output")" = ready ]
}

@test "an undetermined verdict has its reason" {
  run -0 --separate-stderr inject EPERM "$CRNG" status
  [[ ${lines[0]} == "? Undetermined: getrandom: Operation not permitted." ]]
  run -0 --separate-stderr inject ENOSYS "$CRNG" status --json
  [ "$(jq -r .verdict <<<"$output")" = null ]
  [[ $(jq -r .reasons.verdict <<<"$output") == *"Function not implemented"* ]]
}

@test "the pool numbers are the kernel's, in bits" {
  run -0 "$CRNG" status -v
  [[ $output == *"$(cat /proc/sys/kernel/random/entropy_avail) "*"bits"* ]]
  [[ $output == *"$(cat /proc/sys/kernel/random/poolsize) bits"* ]]
  run -0 "$CRNG" status --json
  [ "$(jq .pool.poolsize_bits <<<"$output")" = "$(cat /proc/sys/kernel/random/poolsize)" ]
  [ "$(jq -r .kernel.release <<<"$output")" = "$(uname -r)" ]
}

@test "without /proc and /sys it still reports, and says what it cannot know" {
  sanitized && skip "a sanitizer needs /proc itself"
  need_mounts
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

@test "an error number without a name makes the verdict unknown" {
  need strace
  run -0 env ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o /dev/null -e trace=getrandom \
    -e inject=getrandom:error=600 "$CRNG" status --json
  [ "$(jq -r .verdict <<<"$output")" = null ]
  [[ $(jq -r .reasons.verdict <<<"$output") == "getrandom: "* ]]
}

@test "an ordinary user gets a report as well" {
  [ "$(id -u)" -eq 0 ] || skip "already an ordinary user"
  need setpriv
  cp "$CRNG" "$BATS_TEST_TMPDIR/crng"
  chmod -R a+rX "$BATS_TEST_TMPDIR"
  run -0 --separate-stderr setpriv --reuid=65534 --regid=65534 --clear-groups \
    "$BATS_TEST_TMPDIR/crng" status
  [[ ${lines[0]} == *"ready"* ]]
}

# config_of FILE [CMD…]: what the report says of RANDOM_TRUST_CPU where FILE is the only
# configuration of the kernel; CMD prepares more.
config_of() {
  # shellcheck disable=SC2016 # for the shell in the namespace
  own_mounts sh -c 'file=$1 crng=$2
    for place in /boot /lib/modules; do
      [ ! -d "$place" ] || mount -t tmpfs none "$place" || exit
    done
    mount --bind "$file" /proc/config.gz && shift 2 || exit
    [ $# -eq 0 ] || "$@" || exit
    exec "$crng" status --json' sh "$1" "$CRNG" "${@:2}" |
    jq -r '.kernel.config_trust_cpu // .reasons.kernel.config_trust_cpu'
}

@test "a configuration that only /proc/config.gz has is read by gzip" {
  need gzip jq
  need_mounts
  [ -e /proc/config.gz ] || skip "this kernel has no /proc/config.gz"
  cd "$BATS_TEST_TMPDIR" || return
  { seq 100000 | sed 's/.*/# CONFIG_X& is not set/' && echo CONFIG_RANDOM_TRUST_CPU=y; } >config
  [ "$(stat -c %s config)" -gt 1048576 ]
  gzip -c config >large.gz
  tail -n 30000 config | gzip -c >yes.gz
  echo '# CONFIG_RANDOM_TRUST_CPU is not set' | gzip -c >no.gz
  echo CONFIG_X86=y | gzip -c >absent.gz
  echo CONFIG_RANDOM_TRUST_CPU=y >plain.gz
  : >empty.gz
  [ "$(config_of yes.gz)" = y ]
  [ "$(config_of no.gz)" = n ]
  [ "$(config_of absent.gz)" = absent ]
  for file in large plain empty; do
    [ "$(config_of "$file.gz")" = "gzip cannot decompress /proc/config.gz" ]
  done
}

@test "a gzip that is missing or hangs makes the configuration unknown, and no more" {
  need gzip jq
  need_mounts
  [ -e /proc/config.gz ] || skip "this kernel has no /proc/config.gz"
  cd "$BATS_TEST_TMPDIR" || return
  echo CONFIG_RANDOM_TRUST_CPU=y | gzip -c >yes.gz
  mkdir bin
  cp "$(command -v mount)" .
  for place in /usr/bin /bin; do
    [ ! -e "$place/gzip" ] || gzips+=("$place/gzip")
  done
  printf '#!/bin/sh\nexec sleep 100\n' >slow
  chmod +x slow
  # shellcheck disable=SC2016
  run -0 config_of yes.gz sh -c 'for gzip; do mount --bind slow "$gzip" || exit; done' sh "${gzips[@]}"
  [ "$output" = "gzip did not answer in time" ]
  # shellcheck disable=SC2016
  run -0 config_of yes.gz sh -c './mount --bind bin /bin && ./mount --bind bin /usr/bin'
  [ "$output" = "only /proc/config.gz has it, and gzip is not installed" ]
}
