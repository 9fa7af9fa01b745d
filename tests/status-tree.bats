#!/usr/bin/env bats
# crng status --sysroot: captured trees, and scripts/crng-capture, which makes them.
# shellcheck disable=SC2154

load helper
load tree

GOLDEN=$TOP/tests/data/golden

@test "--sysroot reads only the tree, never this machine" {
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
  # It may look at /proc/PID/stat whether its own child sleeps.
  run ! grep -E 'getrandom\(NULL|open(at)?\((AT_FDCWD, )?"/(proc/[a-z]|sys/)' "$BATS_TEST_TMPDIR/trace"
}

@test "a tree that does not exist is a failure" {
  run -3 --separate-stderr "$CRNG" status --sysroot "$BATS_TEST_TMPDIR/missing"
  [ -z "$output" ]
  [[ $stderr == "crng status: "*"/missing: No such file or directory" ]]
}

@test "--sysroot=/ is this machine" {
  for root in / // ; do
    run -0 --separate-stderr "$CRNG" status --sysroot="$root" --json
    [ "$(jq .verdict_errno <<<"$output")" = "$("$CRNG" status --json | jq .verdict_errno)" ]
    [ "$(jq .waiters.scanned <<<"$output")" != null ]
  done
}

@test "--help names crng-capture where --sysroot is" {
  run -0 "$CRNG" status --help
  [[ $output == *"--sysroot=DIR"*"crng-capture"* ]]
}

@test "in a tree without /proc and /sys nothing is reported as absent" {
  tree /etc/hostname test
  run -0 of '[.sources.virtio_rng, .sources.efi, .sources.device_tree, .sources.tpm,
    .sources.vmgenid, .sources.daemons, .environment.container,
    .environment.virtualization] | unique | tostring'
  [ "$output" = '[null]' ]
  run -0 of '[.reasons.sources.virtio_rng, .reasons.sources.efi, .reasons.sources.tpm,
    .reasons.sources.vmgenid] | unique | join(", ")'
  [ "$output" = "the captured tree has no /sys" ]
  run -0 of '[.reasons.sources.daemons, .reasons.environment.container] | unique | join(", ")'
  [ "$output" = "the captured tree has no /proc" ]
}

@test "a device that is missing in /proc and /sys is absent" {
  tree /proc/sys/kernel/osrelease 6.1 /proc/version 'Linux version 6.1' /proc/1/comm init \
    /sys/bus/.keep '' /sys/class/.keep ''
  namespaces mnt=4026531832
  run -0 of '[.sources.virtio_rng, .sources.efi, .sources.tpm, .sources.vmgenid,
    .sources.daemons, .environment.container] | tostring'
  [ "$output" = '["absent",false,false,false,[],"none"]' ]
}

@test "the boot time is btime of /proc/stat, even after long lines of interrupts" {
  late
  rm "$TREE/proc/stat"
  run -0 of '[.environment.boot_time_seconds, .reasons.environment.boot_time_seconds] | tostring'
  [ "$output" = '[null,"No such file or directory"]' ]
  {
    echo cpu 1 2 3
    printf 'intr%s\nbtime 1760000000\n' "$(printf ' %019d' {1..2000})"
  } >"$TREE/proc/stat"
  [ "$(stat -c %s "$TREE/proc/stat")" -gt 32768 ]
  run -0 of .environment.boot_time_seconds
  [ "$output" = 1760000000 ]
}

@test "a captured tree is never mixed with this machine" {
  for file in "$GOLDEN"/*.json; do
    run -0 jq -r '[.verdict, .waiters, .kernel.vdso_getrandom, .pool.rndgetentcnt_bits] | unique == [null]' "$file"
    [ "$output" = true ]
  done
}

@test "capture makes a tree whose report is that of the machine" {
  run -0 --separate-stderr "$TOP/scripts/crng-capture" "$BATS_TEST_TMPDIR/tree"
  [[ $stderr == *"--sysroot='$BATS_TEST_TMPDIR/tree'" ]]
  "$CRNG" status --json >"$BATS_TEST_TMPDIR/live"
  "$CRNG" status --sysroot "$BATS_TEST_TMPDIR/tree" --json >"$BATS_TEST_TMPDIR/captured"
  for key in .kernel.release .kernel.rng .kernel.trust_cpu .pool.poolsize_bits \
    .reasons.kernel.config_trust_cpu .kernel.config_trust_cpu .boot_id \
    .sources.cpu .sources.hwrng_current .sources.hwrng_quality .sources.virtio_rng \
    .sources.vmgenid .sources.tpm .environment.virtualization '[.seed_files[].path]' \
    '[.timeline.events[]?.kind]'; do
    [ "$(jq -c "$key" "$BATS_TEST_TMPDIR/live")" = \
      "$(jq -c "$key" "$BATS_TEST_TMPDIR/captured")" ] ||
      { echo "differs: $key" && return 1; }
  done
}

@test "an ordinary user can capture, too" {
  as=()
  [ "$(id -u)" -ne 0 ] || as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  # Other users may not enter the directories of tests.
  where=$("${as[@]}" env -u TMPDIR mktemp -d)
  run --separate-stderr "${as[@]}" sh -s "$where/tree" <"$TOP/scripts/crng-capture"
  mv "$where" "$BATS_TEST_TMPDIR/captured"
  [ "$status" -eq 0 ]
  [ "$stderr" = "captured; now try: crng status --sysroot='$where/tree'" ]
  run -0 "$CRNG" status --sysroot "$BATS_TEST_TMPDIR/captured/tree" --json
  [ "$(jq -r .kernel.release <<<"$output")" = "$(uname -r)" ]
}

@test "capture makes the same tree with BusyBox, and prints its path" {
  need busybox
  mkdir "$BATS_TEST_TMPDIR/bin"
  for tool in $(busybox --list); do
    ln -s "$(command -v busybox)" "$BATS_TEST_TMPDIR/bin/$tool"
  done
  "$TOP/scripts/crng-capture" "$BATS_TEST_TMPDIR/full"
  run -0 --separate-stderr env PATH="$BATS_TEST_TMPDIR/bin" sh "$TOP/scripts/crng-capture" \
    "$BATS_TEST_TMPDIR/tree"
  [ "$stderr" = "captured; now try: crng status --sysroot='$BATS_TEST_TMPDIR/tree'" ]
  if [ -e "$BATS_TEST_TMPDIR/full/dev/kmsg" ]; then
    diff "$BATS_TEST_TMPDIR/full/dev/kmsg" "$BATS_TEST_TMPDIR/tree/dev/kmsg"
  else # the log is not readable here
    [ ! -e "$BATS_TEST_TMPDIR/tree/dev/kmsg" ]
  fi
}

@test "a captured tree holds no secret" {
  need_mounts
  mkdir "$BATS_TEST_TMPDIR/sshd" "$BATS_TEST_TMPDIR/seeds"
  echo TOPSECRET >"$BATS_TEST_TMPDIR/sshd/ssh_host_rsa_key"
  echo TOPSECRET >"$BATS_TEST_TMPDIR/seeds/random-seed"
  [ -d /var/lib/systemd ] && [ -d /etc ] || skip "no directory to mount over"
  own_mounts sh -euc '
    mount -t tmpfs none /etc; mkdir /etc/ssh; cp "$2"/sshd/* /etc/ssh
    mount -t tmpfs none /run; mkdir -p /run/systemd/system /run/bin
    printf "#!/bin/sh\necho LoadState=loaded\necho \047Environment=X_$4=0 \"PW=TOPSECRET\" \"$4=1\" B=TOPSECRET\047\necho \047EnvironmentFiles=/TOPSECRET\047\n" \
      >/run/bin/systemctl
    chmod +x /run/bin/systemctl
    PATH=/run/bin:$PATH
    mount --bind "$2/seeds" /var/lib/systemd
    "$1/scripts/crng-capture" "$2/tree" 2>/dev/null' sh "$TOP" "$BATS_TEST_TMPDIR" \
    systemd-random-seed.service SYSTEMD_RANDOM_SEED_CREDIT
  run -0 cat "$BATS_TEST_TMPDIR/tree/crng-capture/systemd-random-seed.service"
  [ "$output" = $'LoadState=loaded\nEnvironment=SYSTEMD_RANDOM_SEED_CREDIT=1\nEnvironmentFiles=captured' ]
  grep -q '^/var/lib/systemd/random-seed 10 ' "$BATS_TEST_TMPDIR/tree/crng-capture/seeds"
  grep -q '^/etc/ssh/ssh_host_rsa_key 10 ' "$BATS_TEST_TMPDIR/tree/crng-capture/seeds"
  run ! grep -r TOPSECRET "$BATS_TEST_TMPDIR/tree"
}
