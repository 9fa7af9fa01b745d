#!/usr/bin/env bats
# crng status: its advice, above all when it gives none, and --explain.
# shellcheck disable=SC2153,SC2154

load helper
load tree
load alone

advised() {
  of "[.advice[].id] | index(\"$1\") != null"
}

# critical: prints the ids of the critical advice in the report.
critical() {
  jq -r '[.advice[] | select(.severity == "critical").id] | join(" ")' <<<"$output"
}

@test "where nothing makes an idle kernel gather entropy, a blocking reader is advised" {
  need_alone
  run -0 --separate-stderr alone -- "$MACHINE" status --json
  [ "$(critical)" = start-blocking-reader ]
}

@test "no blocking reader is advised where the RNG became ready during the report" {
  need_alone
  # crng asks a fourth time after it has collected the facts, before it looks at the
  # tasks.
  run -0 --separate-stderr alone --ready-on probe:4 -- "$MACHINE" status --json
  [ "$(jq -r .verdict <<<"$output")" = ready ]
  [ "$(critical)" = "" ]
}

@test "no blocking reader is advised before Linux 5.4, where it would not help" {
  need_alone
  run -0 --separate-stderr alone --no-insecure -- "$MACHINE" status --json
  [ "$(jq .kernel.jitter_seeding <<<"$output")" = null ]
  [ "$(critical)" = "" ]
}

@test "no blocking reader is advised in a container" {
  need_alone
  CONTAINER=podman run -0 --separate-stderr alone -- "$CRNG" status --json
  [ "$(jq -r .environment.container <<<"$output")" = podman ]
  [ "$(critical)" = "" ]
}

old_pool() {
  late /proc/sys/kernel/random/poolsize 4096 \
    /proc/sys/kernel/random/read_wakeup_threshold 64 \
    /boot/config-6.1.0 "${1:-CONFIG_X86=y}" "${@:2}"
}

@test "trusting the CPU is not advised for a kernel without RANDOM_TRUST_CPU" {
  old_pool 'CONFIG_X86=y' /proc/cmdline random.trust_cpu=on
  run -0 of '.sources | "\(.cpu_trusted) \(.cpu_trusted_because)"'
  [ "$output" = "false the kernel is too old to credit it" ]
  run -0 advised trust-cpu
  [ "$output" = false ]
  old_pool '# CONFIG_RANDOM_TRUST_CPU is not set'
  run -0 advised trust-cpu
  [ "$output" = true ]
  late /boot/config-6.1.0 CONFIG_X86=y /proc/cmdline random.trust_cpu=off
  run -0 advised trust-cpu
  [ "$output" = true ]
}

@test "nordrand counts only where the kernel obeyed it" {
  late /proc/cmdline 'nordrand random.trust_cpu=on'
  run -0 of .sources.cpu_trusted_because
  [ "$output" = "command line: random.trust_cpu=on" ]
  late /proc/cmdline 'nordrand random.trust_cpu=on' /proc/cpuinfo $'processor\t: 0\nflags\t: fpu'
  run -0 of .sources.cpu_trusted_because
  [ "$output" = "nordrand on the command line" ]
}

@test "trusting the boot loader's seed is advised only with the 256-bit pool" {
  no='# CONFIG_RANDOM_TRUST_BOOTLOADER is not set'
  late /boot/config-6.1.0 "$no" /sys/firmware/efi/fw_platform_size 64
  run -0 advised trust-bootloader
  [ "$output" = true ]
  old_pool "$no" /sys/firmware/efi/fw_platform_size 64
  run -0 advised trust-bootloader
  [ "$output" = false ]
}

@test "virtio-rng is advised only where the host may be QEMU" {
  late
  run -0 advised add-virtio-rng
  [ "$output" = true ]
  for product in 'VMware Virtual Platform' VirtualBox 'Virtual Machine'; do
    late /sys/class/dmi/id/product_name "$product"
    run -0 advised add-virtio-rng
    [ "$output" = false ]
  done
  late /sys/class/dmi/id/product_name 'KVM Virtual Machine'
  run -0 advised add-virtio-rng
  [ "$output" = true ]
}

@test "how to attach a virtio-rng device depends on what manages the machine" {
  attach() {
    late /sys/class/dmi/id/product_name "$1" /sys/class/dmi/id/sys_vendor "${2:-}"
    action add-virtio-rng
  }
  [ "$(attach 'Standard PC (Q35 + ICH9, 2009)' QEMU)" = "qemu: -object rng-random,id=rng0,filename=/dev/urandom -device virtio-rng,rng=rng0" ]
  [ "$(attach 'OpenStack Nova')" = "config: hw_rng_model=virtio among the properties of the image" ]
  [ "$(attach KVM 'Red Hat')" = "libvirt: <rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>" ]
}

@test "the bus that shows a virtio-rng device without a driver tells which drivers are missing" {
  late /sys/bus/pci/devices/0000:00:03.0/modalias pci:v00001AF4d00001044sv00001AF4sd00000004bc00sc00i00
  [ "$(action load-virtio-rng-driver)" = "shell: modprobe -a virtio-pci virtio-rng" ]
  late /sys/bus/virtio/devices/virtio0/modalias virtio:d00000004v00001AF4
  [ "$(action load-virtio-rng-driver)" = "shell: modprobe virtio-rng" ]
}

@test "a virtio-rng device is found without a driver of its bus, and loading one is advised" {
  device=/sys/bus/pci/devices/0000:00:03.0
  for id in 1005 1044; do
    late $device/modalias "pci:v00001AF4d0000${id}sv00001AF4sd00000004bc00sc00i00"
    run -0 of '[.sources.virtio_rng, (.advice[] | select(.id | test("virtio")) | .id)] | join(" ")'
    [ "$output" = "unbound load-virtio-rng-driver" ]
  done
  mkdir -p "$TREE/sys/bus/virtio/devices/virtio0/driver" "$TREE$device/driver"
  echo virtio:d00000004v00001AF4 >"$TREE/sys/bus/virtio/devices/virtio0/modalias"
  run -0 of .sources.virtio_rng
  [ "$output" = bound ]
  late $device/modalias pci:v00001AF4d00001000sv00001AF4sd00000001bc02sc00i00
  run -0 of .sources.virtio_rng
  [ "$output" = absent ]
}

@test "one virtio-rng device with a driver is enough, even if a second one has none" {
  virtio=/sys/bus/virtio/devices
  late $virtio/virtio0/modalias virtio:d00000004v00001AF4 $virtio/virtio0/driver/uevent '' \
    $virtio/virtio1/modalias virtio:d00000004v00001AF4
  run -0 of '"\(.sources.virtio_rng) \([.advice[].id] | index("load-virtio-rng-driver"))"'
  [ "$output" = "bound null" ]
}

@test "in a container no change of the host's generator is advised" {
  dir=/sys/class/misc/hw_random
  for kind in '' podman; do
    late $dir/rng_available 'tpm-rng-0 ' /run/systemd/container "$kind"
    run -0 advised hwrng-unused
    [ "$output" = "$([ -z "$kind" ] && echo true || echo false)" ]
    late $dir/rng_current tpm-rng-0 $dir/rng_quality 0 /run/systemd/container "$kind"
    run -0 advised hwrng-quality-zero
    [ "$output" = "$([ -z "$kind" ] && echo true || echo false)" ]
  done
}

# action ID: prints the kind and the text of the action of this advice.
action() {
  of ".advice[] | select(.id == \"$1\").action | \"\(.kind): \(.text)\""
}

# disable: prints the action of the advice on daemons.
disable() {
  action pointless-daemon
}

@test "disabling is advised only for useless daemons, by the names of their units" {
  late /proc/7/comm haveged /proc/8/comm rngd /proc/9/comm jitterentropy-r
  run -0 disable
  [ "$output" = "shell: systemctl disable --now haveged.service rngd.service jitterentropy.service" ]
  run -0 of '.sources.daemons | join(" ")'
  [ "$output" = "haveged rngd jitterentropy-rngd" ]
  late /proc/8/comm rngd /lib/systemd/system/rng-tools.service '[Service]'
  run -0 disable
  [ "$output" = "shell: systemctl disable --now rng-tools.service" ]
}

@test "rngd is useful where the kernel does not credit the generator" {
  dir=/sys/class/misc/hw_random
  late /proc/7/comm haveged /proc/8/comm rngd $dir/rng_current x $dir/rng_quality 0
  run -0 disable
  [ "$output" = "shell: systemctl disable --now haveged.service" ]
  run -0 advised hwrng-quality-zero
  [ "$output" = true ]
}

@test "daemons are useful where there is no cycle counter" {
  late /proc/7/comm haveged /dev/kmsg $'5,0,0,-;Linux version 6.1.0\n4,1,10,-;Missing cycle counter and fallback timer; RNG entropy collection will consequently suffer.'
  run -0 advised no-cycle-counter
  [ "$output" = true ]
  run -0 disable
  [ "$output" = "" ]
  run -0 of .sources.daemons_useful
  [ "$output" = true ]
}

@test "the advice how to credit a seed depends on the program that owns it" {
  late /crng-capture/seeds '/var/lib/systemd/random-seed 512 600 0 1760000000 -'
  run -0 action seed-uncredited
  [[ $output == "shell: mkdir -p "*"Environment=SYSTEMD_RANDOM_SEED_CREDIT=1"*" && crng wait && systemctl restart systemd-random-seed.service" ]]
  late "$ANSWER" "UnsetEnvironment=$CREDIT"$'\n'"$ANSWERED" /crng-capture/seeds '/var/lib/systemd/random-seed 512 600 0 1760000000 -'
  run -0 action seed-uncredited
  [[ $output == *'\nUnsetEnvironment=\nEnvironment=SYSTEMD_RANDOM_SEED_CREDIT=1\n'* ]]
  late "$ANSWER" "$TOLD" /crng-capture/seeds '/var/lib/systemd/random-seed 512 600 0 1760000000 -'
  run -0 action seed-uncredited
  [ "$output" = "shell: crng wait && systemctl restart systemd-random-seed.service" ]
  for place in /etc/urandom.seed /var/lib/urandom/random-seed /var/lib/seedrng/seed.no-credit; do
    late /crng-capture/seeds "$place 512 600 0 1760000000 -"
    run -0 of '[.advice[] | select(.id | startswith("seed-")) | "\(.id) \(.about)"] | join(", ")'
    [ "$output" = "seed-uncreditable $place" ]
  done
}

@test "the advice where no seed is loaded depends on the reason" {
  missing() {
    late "$ANSWER" "$1"$'\n'"$ANSWERED" /crng-capture/seeds '' "${@:2}"
    action seed-missing
  }
  unit=systemd-random-seed.service
  start="systemctl restart $unit"
  [ "$(missing '')" = "shell: $start" ]
  [ "$(missing LoadState=masked)" = "shell: systemctl unmask $unit && $start" ]
  [ "$(missing UnitFileState=masked-runtime)" = "shell: systemctl unmask --runtime $unit && $start" ]
  [ "$(missing ConditionResult=no)" = "text: Find out why the service did not run: systemctl status $unit" ]
  [ "$(missing 'ExecStart={ path=/bin/true ; }')" = "text: Find out what the service runs instead: systemctl cat $unit" ]
  [ "$(missing $'ConditionTimestampMonotonic=0\nConditionResult=no\nWantedBy=')" = "shell: systemctl add-wants sysinit.target $unit && $start" ]
  [ "$(missing LoadState=not-found)" = "shell: crng wait && crng seed" ]
  [ "$(missing LoadState=not-found /sbin/seedrng '')" = "text: Run 'seedrng' at boot, and again once the RNG is ready." ]
  [ "$(missing LoadState=not-found /etc/init.d/seedrng '')" = "text: Run 'seedrng' at boot, and again once the RNG is ready." ]
  late /etc/init.d/seedrng '' /crng-capture/seeds ''
  rm "$TREE$ANSWER"
  [ "$(action seed-missing)" = "shell: rc-update add seedrng boot && rc-service seedrng restart" ]
  for state in '' LoadState=masked LoadState=not-found; do
    [[ $(missing "$state") != *enable* ]]
  done
}

@test "a leftover seed that nothing loads is neither stale nor dangerous, and counts as missing" {
  boots=$'100\n200\n300'
  for place in /var/lib/urandom/random-seed /var/lib/seedrng/seed.credit; do
    in_tree /crng-capture/boots "$boots" /crng-capture/seeds "$place 512 644 0 5 orphan"
    withheld seed-stale
    withheld seed-world-readable
    withheld seed-uncreditable
    given seed-missing
    [ "$(of '.seed_files[0].credited_because')" = "nothing here would load it" ]
    in_tree /crng-capture/boots "$boots" /crng-capture/seeds "$place 512 644 0 5 -"
    given seed-stale
    given seed-world-readable
    withheld seed-missing
  done
  in_tree "$ANSWER" "LoadState=masked"$'\n'"$ANSWERED" /crng-capture/boots "$boots" \
    /crng-capture/seeds '/var/lib/systemd/random-seed 512 644 0 5 creditable'
  withheld seed-stale
  given seed-missing
}

@test "a seed that everyone could read is replaced where crng keeps it, and hidden elsewhere" {
  file='/var/lib/seedrng/seed.credit 32 644 0 1760000000'
  readable() {
    in_tree /crng-capture/seeds "$file $1" "${@:2}"
    action seed-world-readable
  }
  [ "$(readable -)" = "shell: chmod 600 /var/lib/seedrng/seed.credit" ]
  [ "$(readable machine=same /var/lib/seedrng/seed.machine captured)" = "shell: crng wait && crng seed" ]
  [[ $(readable ro /var/lib/seedrng/seed.machine captured) == "text: Mount the file system"* ]]
  file='/var/lib/systemd/random-seed 512 644 0 1760000000'
  [ "$(readable - /var/lib/seedrng/seed.machine captured)" = "shell: chmod 600 /var/lib/systemd/random-seed" ]
}

@test "a seed of another machine is replaced by crng seed, if it can be" {
  machine=/var/lib/seedrng/seed.machine file='/var/lib/seedrng/seed.credit 32 400 0 1760000000'
  seed() {
    in_tree /crng-capture/seeds "$1" $machine captured "${@:2}"
  }
  seed "$file machine=other"
  given seed-other-machine
  [ "$(action seed-other-machine)" = "shell: crng wait && crng seed" ]
  seed "$file machine=other" /sbin/seedrng ''
  given seed-other-machine
  seed "$file ro,machine=other"
  [[ $(action seed-other-machine) == "text: Mount the file system of /var/lib/seedrng/seed.credit read-write"* ]]
  for flags in machine=same machine=none machine=unknown -; do
    seed "$file $flags"
    withheld seed-other-machine
  done
  seed '/var/lib/seedrng/seed.no-credit 32 400 0 1760000000 machine=other'
  withheld seed-other-machine
  seed "$file machine=other" /run/systemd/container podman
  withheld seed-other-machine
}

@test "a seed that is read-only or never replaced, and still credited, is reused at each boot" {
  seed=/crng-capture/seeds
  file='/var/lib/systemd/random-seed 512 600 0 1760000000'
  in_tree "$ANSWER" "$TOLD" $seed "$file creditable,ro"
  given seed-reused
  given seed-read-only
  [ "$(of '.seed_files[0].credited')" = true ]
  [ "$(of '.seed_files[0].credited_because')" = \
    'at every boot again, because systemd cannot replace it' ]
  in_tree "$ANSWER" "$TOLD" $seed "$file creditable"
  withheld seed-reused
  in_tree $seed "$file creditable,ro"
  withheld seed-reused
  in_tree "$ANSWER" "$TOLD" /crng-capture/boots $'1770000000\n1770000001\n1770000002' $seed "$file creditable"
  given seed-reused
  # SeedRNG credits no seed that it cannot remove.
  in_tree $seed '/var/lib/seedrng/seed.credit 32 600 0 1760000000 ro'
  withheld seed-reused
  [ "$(of '.seed_files[0].credited_because')" = "it cannot be removed before it is used" ]
}

@test "no blocking reader is advised where the kernel has no cycle counter" {
  need_alone
  need_log
  logged 1 '4,0,0,-;Missing cycle counter and fallback timer; RNG entropy collection will consequently suffer.'
  run -0 --separate-stderr alone -- "${TELL[@]}" "$MACHINE" status --json
  [ "$(critical)" = "" ]
  [ "$(jq '[.advice[].id] | index("no-cycle-counter") != null' <<<"$output")" = true ]
}

@test "a blocking reader is advised where all waiting tasks poll, but not where some were left out" {
  need_alone
  lone_crowd
  [ -x "${BLOCKER:-}" ] || skip "blocker is not built"
  polled='for i in $(seq "$3"); do "$2" epoll & pids+=" $!"; done
    for pid in $pids; do asleep "$pid"; done
    "$1" status --json'
  run -0 --separate-stderr alone --poll none -- bash -c "$polled" bash "$MACHINE" "$BLOCKER" 2
  [ "$(jq -c '.waiters | [.total, .dropped, ([.tasks[].call] | unique)]' <<<"$output")" = '[2,0,["poll"]]' ]
  [ "$(critical)" = start-blocking-reader ]
  run -0 --separate-stderr alone --poll none -- bash -c "$polled" bash "$MACHINE" "$BLOCKER" 258
  # The numbers do not depend on how often the tasks were sampled.
  [ "$(jq -c '.waiters | [.total, .dropped]' <<<"$output")" = '[258,2]' ]
  [ "$(critical)" = "" ]
}

@test "no blocking reader is advised where time ran out before all tasks were examined" {
  need_alone
  need strace
  run -0 --separate-stderr alone -- sh -c '
    for i in 1 2 3 4 5 6; do sleep 60 & done
    ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o /dev/null -P /proc -e trace=newfstatat \
      -e inject=newfstatat:delay_enter=700000 "$1" status --json' sh "$MACHINE"
  [ "$(jq .waiters.skipped <<<"$output")" -ge 1 ]
  [ "$(critical)" = "" ]
}

# given ID, withheld ID: the advice is, or is not, in $report. The last test makes sure
# that each ID has a case of either kind.
given() {
  jq -e --arg id "$1" '[.advice[].id] | index($id) != null' <<<"$report" >/dev/null ||
    { echo "not given: $1" && return 1; }
}

withheld() {
  jq -e --arg id "$1" '[.advice[].id] | index($id) == null' <<<"$report" >/dev/null ||
    { echo "given: $1" && return 1; }
}

# in_tree FILE TEXT…: $report is the report on a tree that late makes.
in_tree() {
  late "$@"
  report=$(of .)
}

# in_clone NOW RECORDED FILE TEXT…: the same on a tree that clone makes.
in_clone() {
  clone "$@"
  report=$(of .)
}

live() {
  report=$("$@" "$CRNG" status --json)
}

done=$'5,0,0,-;Linux version 6.1.0\n5,9,9000000,-;random: crng init done'
early=$'5,0,0,-;Linux version 6.1.0\n5,1,2000000,-;random: sshd: uninitialized urandom read (32 bytes read)\n5,9,9000000,-;random: crng init done'

@test "advice on keys and early readers needs an early reader, and a key of that time" {
  key=/crng-capture/seeds
  in_tree /dev/kmsg "$early" $key '/etc/ssh/ssh_host_rsa_key 400 600 0 1760000003 -'
  given keys-before-ready
  given early-readers
  in_tree $key '/etc/ssh/ssh_host_rsa_key 400 600 0 1760000003 -'
  withheld keys-before-ready
  withheld early-readers
  for when in 1759999999 1760000009 1760000010; do
    in_tree /dev/kmsg "$early" $key "/etc/ssh/ssh_host_rsa_key 400 600 0 $when -"
    withheld keys-before-ready
    given early-readers
  done
  in_tree /dev/kmsg "$early" $key '/etc/ssh/ssh_host_rsa_key.pub 400 600 0 1760000003 -'
  withheld keys-before-ready
}

@test "a host key counts as early however many keys there are, and an invalid line as unknown" {
  key=/etc/ssh/ssh_host_rsa_key
  late_keys=$(printf '/etc/ssh/ssh_host_%d_key 400 600 0 1760000010 -\n' {1..40})
  in_tree /dev/kmsg "$early" /crng-capture/seeds "$key 400 600 0 1760000003 -"$'\n'"$late_keys"
  given keys-before-ready
  [ "$(jq -r .environment.early_host_key <<<"$report")" = "$key" ]
  in_tree /dev/kmsg "$early" /crng-capture/seeds "$late_keys"
  [[ $(jq -r .reasons.environment.early_host_key <<<"$report") == *"too many SSH host keys"* ]]
  in_tree /dev/kmsg "$early" /crng-capture/seeds "$key 400 - - 1760000003"
  [[ $(jq -r .reasons.environment.early_host_key <<<"$report") == *"invalid line about it" ]]
}

@test "new host keys are made before the old ones are replaced, and only keys are replaced" {
  need ssh-keygen
  in_tree /dev/kmsg "$early" \
    /crng-capture/seeds '/etc/ssh/ssh_host_ed25519_key 400 600 0 1760000003 -'
  command=$(action keys-before-ready)
  [[ $command == "shell: "*ssh-keygen* ]]
  command=${command#shell: }
  dir=$BATS_TEST_TMPDIR/ssh
  mkdir "$dir"
  for file in key key.pub key-cert.pub; do
    echo old >"$dir/ssh_host_ed25519_$file"
  done
  mkdir "$BATS_TEST_TMPDIR/bin"
  printf '#!/bin/sh\nexit 1\n' >"$BATS_TEST_TMPDIR/bin/ssh-keygen"
  chmod +x "$BATS_TEST_TMPDIR/bin/ssh-keygen"
  run ! env "PATH=$BATS_TEST_TMPDIR/bin:$PATH" bash -c "${command//\/etc\/ssh/$dir}"
  grep -qx old "$dir/ssh_host_ed25519_key"
  run -0 bash -c "${command//\/etc\/ssh/$dir}"
  run ! grep -x old "$dir/ssh_host_ed25519_key" "$dir/ssh_host_ed25519_key.pub"
  grep -qx old "$dir/ssh_host_ed25519_key-cert.pub"
}

@test "all early reads count, also those beyond 64 and those that the kernel suppressed" {
  log=$'5,0,0,-;Linux version 6.1.0'
  for i in {1..70}; do
    log+=$'\n'"5,$i,$i,-;random: p$i: uninitialized urandom read (32 bytes read)"
  done
  log+=$'\n5,90,90,-;urandom_read_iter: 30 callbacks suppressed'
  log+=$'\n5,91,91,-;random: 5 urandom warning(s) missed due to ratelimiting'
  log+=$'\n5,92,92,-;random: 1000 get_random_xx warning(s) missed due to ratelimiting'
  in_tree /dev/kmsg "$log"
  run -0 jq -c '.timeline | [.early_reads, .dropped]' <<<"$report"
  [ "$output" = '[105,6]' ]
  run -0 "$CRNG" status --sysroot "$TREE" --format prometheus
  [[ $output == *$'\ncrng_early_reads 105\n'* ]]
  run -0 "$CRNG" status --sysroot "$TREE"
  [[ $output == *"Events not kept, beyond 64 of each kind: 6."* ]]
  in_tree /dev/kmsg $'5,0,0,-;Linux version 6.1.0\n5,91,91,-;random: 5 urandom warning(s) missed due to ratelimiting'
  given early-readers
  in_tree /dev/kmsg $'5,0,0,-;Linux version 6.1.0\n5,91,91,-;random: 5 get_random_xx warning(s) missed due to ratelimiting'
  withheld early-readers
}

@test "advice on the log is given only if readiness is lost, or a forged record claims it" {
  in_tree /dev/kmsg '5,4711,90000000,-;usb 1-1: new device'
  given log-wrapped
  withheld log-spoofed
  in_tree /dev/kmsg $'5,4711,90000000,-;usb 1-1: new device\n5,4712,91000000,-;random: crng init done'
  withheld log-wrapped
  in_tree
  withheld log-wrapped
  in_tree /dev/kmsg "$done"$'\n12,10,1,-;random: crng init done'
  given log-spoofed
  in_tree /dev/kmsg "$done"$'\n12,10,1,-;random: hello'
  withheld log-spoofed
}

@test "advice on seed files depends on their size, mode and time exactly" {
  seeds=/crng-capture/seeds
  file=/var/lib/systemd/random-seed
  seed() {
    in_tree $seeds "$1" /crng-capture/boots $'100\n200\n300' "${@:2}"
  }
  seed "$file 512 604 0 1760000000 -"
  given seed-world-readable
  given seed-uncredited
  withheld esp-world-readable
  seed "$file 512 640 0 1760000000 -"
  withheld seed-world-readable
  seed '/boot/efi/loader/random-seed 32 755 0 1760000000 -'
  given esp-world-readable
  withheld seed-world-readable
  withheld seed-uncredited
  seed '/boot/efi/loader/random-seed 32 700 0 1760000000 -'
  withheld esp-world-readable
  seed "$file 31 600 0 1760000000 -"
  given seed-too-small
  seed "$file 32 600 0 1760000000 -"
  withheld seed-too-small
  seed "$file 32 600 0 99 -"
  given seed-stale
  seed "$file 32 600 0 100 -"
  withheld seed-stale
  in_tree $seeds "$file 32 600 0 99 -" /crng-capture/boots $'100\n200'
  withheld seed-stale
  seed "$file 512 600 0 1760000000 ro"
  given seed-read-only
  withheld seed-volatile
  seed "$file 512 600 0 1760000000 volatile"
  given seed-volatile
  withheld seed-read-only
  withheld seed-missing
  in_tree $seeds ''
  given seed-missing
  in_tree
  withheld seed-missing
}

@test "advice on credit is for late boots where no seed is credited" {
  seeds=/crng-capture/seeds
  file='/var/lib/systemd/random-seed 512 600 0 1760000000'
  credit='/var/lib/seedrng/seed.credit 32 600 0 1760000000 -'
  in_tree $seeds "$file -"
  given seed-uncredited
  withheld seed-uncreditable
  in_tree $seeds "$file -"$'\n'"$credit"
  withheld seed-uncredited
  in_tree $seeds "$file creditable" "$ANSWER" "$TOLD"
  withheld seed-uncredited
  in_tree $seeds "$file -" /dev/kmsg $'5,0,0,-;Linux version 6.1.0\n5,1,900000,-;random: crng init done'
  withheld seed-uncredited
  in_tree $seeds '/etc/urandom.seed 512 600 0 1760000000 -'
  given seed-uncreditable
  in_tree $seeds '/etc/urandom.seed 512 600 0 1760000000 -'$'\n'"$credit"
  withheld seed-uncreditable
}

@test "in a container nothing is advised that only its host can do" {
  in_tree /run/systemd/container podman /dev/kmsg "$done" \
    /crng-capture/seeds '/var/lib/systemd/random-seed 1 644 0 5 ro,volatile' \
    /sys/bus/virtio/devices/virtio0/modalias virtio:d00000004v00001AF4
  for id in seed-world-readable seed-uncredited seed-too-small seed-read-only seed-volatile \
    load-virtio-rng-driver; do
    withheld "$id"
  done
}

@test "advice on devices is about a missing driver or device, no quality, or no use" {
  virtio=/sys/bus/virtio/devices/virtio0 hwrng=/sys/class/misc/hw_random
  in_tree $virtio/modalias virtio:d00000004v00001AF4
  given load-virtio-rng-driver
  withheld add-virtio-rng
  in_tree $virtio/modalias virtio:d00000004v00001AF4 $virtio/driver/uevent ''
  withheld load-virtio-rng-driver
  in_tree $virtio/modalias virtio:d00000001v00001AF4
  withheld load-virtio-rng-driver
  given add-virtio-rng
  in_tree $hwrng/rng_current tpm-rng-0 $hwrng/rng_quality 0
  given hwrng-quality-zero
  withheld hwrng-unused
  in_tree $hwrng/rng_current tpm-rng-0 $hwrng/rng_quality 1
  withheld hwrng-quality-zero
  in_tree $hwrng/rng_available 'tpm-rng-0 none'
  given hwrng-unused
  in_tree $hwrng/rng_available none
  withheld hwrng-unused
  in_tree $hwrng/rng_available 'tpm-rng-0 none' $hwrng/rng_selected 1
  withheld hwrng-unused
  run -0 "$CRNG" status -v --sysroot "$TREE"
  has -F '  hw_random      switched off by the administrator; available: tpm-rng-0'
  in_tree $hwrng/rng_available 'tpm-rng-0 none' $hwrng/rng_selected 0
  given hwrng-unused
  in_tree $hwrng/rng_current tpm-rng-0 $hwrng/rng_quality 0 /dev/kmsg \
    $'5,0,0,-;Linux version 6.1.0\n5,9,100000,-;random: crng init done'
  withheld hwrng-quality-zero
}

@test "names are quoted for a shell, and one that cannot be pasted is in no command" {
  available=/sys/class/misc/hw_random/rng_available
  late $available bcm2835-rng
  [ "$(action hwrng-unused)" = "shell: echo bcm2835-rng > /sys/class/misc/hw_random/rng_current" ]
  for name in '$(reboot)' '`reboot`' 'a;reboot' "it's" "''" '~root' 'a*' 'a&b|c>d' '"' '#a' 'a@b'; do
    late $available "$name"
    run -0 action hwrng-unused
    [[ $output == "shell: echo "*" > /sys/class/misc/hw_random/rng_current" ]]
    output=${output#shell: }
    [ "$(sh -c "${output% > *}")" = "$name" ]
  done
  for name in $'a\eb' 'a\b' $'a\303\244' "$(printf "%0250d" 0 | tr 0 "'")"; do
    late $available "$name"
    [[ $(action hwrng-unused) == "text: "* ]]
  done
  late $available -n
  [ "$(action hwrng-unused)" = "" ]
}

@test "advice on trust needs an instruction or firmware that is not trusted" {
  efi=/sys/firmware/efi/fw_platform_size
  in_tree /proc/cmdline random.trust_cpu=off
  given trust-cpu
  in_tree /proc/cmdline random.trust_cpu=on
  withheld trust-cpu
  in_tree /proc/cmdline random.trust_cpu=off /proc/cpuinfo $'processor\t: 0\nflags\t: fpu'
  withheld trust-cpu
  in_tree $efi 64 /proc/cmdline random.trust_bootloader=off
  given trust-bootloader
  in_tree $efi 64 /proc/cmdline random.trust_bootloader=on
  withheld trust-bootloader
  in_tree /proc/cmdline random.trust_bootloader=off
  withheld trust-bootloader
  # The kernel takes that seed before it reads its command line.
  in_tree /sys/firmware/devicetree/base/compatible x /proc/cmdline random.trust_bootloader=off
  withheld trust-bootloader
  in_tree /sys/firmware/devicetree/base/compatible x $efi 64 /proc/cmdline random.trust_bootloader=off
  given trust-bootloader
  in_tree /dev/kmsg "$done"$'\n0,10,1,-;RDRAND is not reliable on this platform; disabling.'
  given cpu-rng-unreliable
  withheld no-cycle-counter
  in_tree /dev/kmsg "$done"$'\n4,10,1,-;Missing cycle counter and fallback timer; RNG entropy collection will consequently suffer.'
  given no-cycle-counter
  withheld cpu-rng-unreliable
  # RDRAND remains.
  in_tree /dev/kmsg "$done"$'\n0,10,1,-;RDSEED is not reliable on this platform; disabling.'
  withheld cpu-rng-unreliable
}

@test "a reseed is advised for a clone that nothing has reseeded, in no container" {
  in_clone 6 5
  given reseed-after-clone
  [ "$(action reseed-after-clone)" = 'shell: crng reseed' ]
  clone 6 5 /proc/cpuinfo $'processor\t: 0\nflags\t: fpu hypervisor'
  [[ $(action reseed-after-clone) == "text: As root, run 'crng reseed --input=-', "* ]]
  clone 6 5 /proc/cpuinfo $'processor\t: 0\nflags\t: fpu hypervisor' \
    /sys/class/misc/hw_random/rng_current virtio_rng.0
  [ "$(action reseed-after-clone)" = 'shell: crng reseed' ]
  in_clone 5 5
  withheld reseed-after-clone
  in_clone 6 ''
  withheld reseed-after-clone
  in_clone 6 5 /run/systemd/container podman
  [ "$(jq .environment.cloned_not_reseeded <<<"$report")" = true ]
  withheld reseed-after-clone
}

@test "a missing sign of clones is pointed out where snapshots are usual, and gently" {
  devices=/sys/bus/platform/devices dmi=/sys/class/dmi/id
  in_tree $devices/a/modalias platform:a
  given no-clone-signal
  [ "$(jq -r '.advice[] | select(.id == "no-clone-signal").severity' <<<"$report")" = info ]
  [[ $(action no-clone-signal) == "text: Run 'crng reseed --input=FILE' in the hook "* ]]
  in_tree $devices/a/modalias platform:a $dmi/sys_vendor QEMU
  [ "$(action no-clone-signal)" = 'qemu: -device vmgenid' ]
  in_tree $devices/a/modalias platform:a $dmi/product_name KVM
  [ "$(action no-clone-signal)" = 'libvirt: <genid/>' ]
  in_tree $devices/a/modalias acpi:QEMUVGID:VM_GEN_COUNTER: $dmi/sys_vendor QEMU
  [ "$(action no-clone-signal)" = 'text: Load the driver vmgenid, or use a kernel that has it (CONFIG_VMGENID).' ]
  in_tree $devices/a/modalias acpi:VMGENCTR: /sys/bus/platform/drivers/vmgenid/a/.keep ''
  withheld no-clone-signal
  in_clone 6 ''
  withheld no-clone-signal
  # Unlike in a cloud, on a physical machine, or in a container.
  in_tree $devices/a/modalias platform:a $dmi/sys_vendor 'Amazon EC2'
  withheld no-clone-signal
  in_tree $devices/a/modalias platform:a /proc/cpuinfo $'processor\t: 0\nflags\t: fpu'
  withheld no-clone-signal
  in_tree $devices/a/modalias platform:a /run/systemd/container podman
  withheld no-clone-signal
  in_tree
  withheld no-clone-signal
}

@test "advice on daemons is for useless ones" {
  in_tree /proc/7/comm haveged
  given pointless-daemon
  in_tree /proc/7/comm haveged2
  withheld pointless-daemon
}

@test "advice on a call that a sandbox refuses names that call" {
  live inject EPERM
  given getrandom-forbidden
  withheld no-getrandom
  live inject ENOSYS
  given no-getrandom
  withheld getrandom-forbidden
}

@test "readiness is called weak only where the kernel log shows it" {
  need_fakeboot --proc /proc/sys/kernel/random
  [ -c /dev/kmsg ] || skip "no /dev/kmsg"
  cd "$BATS_TEST_TMPDIR"
  mkdir proc
  for file in poolsize=4096 read_wakeup_threshold=64 write_wakeup_threshold=896 entropy_avail=9; do
    echo "${file#*=}" >"proc/${file%=*}"
  done
  weak=$'6,0,0,-;Linux version\n5,1,2400000,-;random: fast init done'
  echo "$weak" >kmsg
  live fakeboot --no-insecure --no-reseed --proc proc --kmsg kmsg --ready-after 0 --
  given weak-readiness
  live fakeboot --no-insecure --no-reseed --proc proc --kmsg kmsg --
  withheld weak-readiness
  echo "$weak"$'\n5,2,9000000,-;random: crng init done' >kmsg
  live fakeboot --no-insecure --no-reseed --proc proc --kmsg kmsg --ready-after 0 --
  withheld weak-readiness
}

@test "asking the host is advised only in a container, and hidden tasks only if there are any" {
  need_alone
  CONTAINER=podman run -0 --separate-stderr alone -- "$CRNG" status --json
  report=$output
  given ask-the-host
  withheld start-blocking-reader
  run -0 --separate-stderr alone -- "$MACHINE" status --json
  report=$output
  withheld ask-the-host
  withheld waiters-hidden
  given start-blocking-reader
  [ "$(id -u)" -eq 0 ] || skip "two users take root"
  need setpriv
  cp "$CRNG" "$BATS_TEST_TMPDIR/crng"
  chmod a+rx "$BATS_RUN_TMPDIR" "${BATS_TEST_TMPDIR%/*}"
  chmod -R a+rX "$BATS_TEST_TMPDIR"
  run -0 --separate-stderr alone -- bash -c 'sleep 60 & asleep $!
    setpriv --reuid=65534 --regid=65534 --clear-groups "$1" status --json' bash "$BATS_TEST_TMPDIR/crng"
  report=$output
  given waiters-hidden
  withheld start-blocking-reader
}

@test "--explain explains each piece of advice, and lists them" {
  run -0 --separate-stderr "$CRNG" status --explain list
  [ "${#lines[@]}" -ge 25 ]
  run ! grep -nE '^.{81}' <<<"$output"
  ids=$("$CRNG" status --explain list | grep '^[a-z]')
  [ "$(sort <<<"$ids" | uniq -d)" = "" ]
  for id in $ids; do
    run -0 --separate-stderr "$CRNG" status --explain "$id"
    [[ ${lines[0]} == "$id ("* ]]
    # What is meant to be pasted is not wrapped.
    run ! grep -nE '^.{81}' < <(sed -E '/ \((shell|config|qemu|libvirt)\):$/,$d' <<<"$output")
  done
  run ! grep -h '@' <("$CRNG" status --explain list) <(for id in $ids; do "$CRNG" status --explain "$id"; done)
  usage_error 2 "--explain 'nonsense': no such advice" "$CRNG" status --explain nonsense
  for option in --watch --watch=1 --json --format=human; do
    usage_error 2 "--explain cannot be used with" "$CRNG" status --explain list "$option"
    usage_error 2 "--explain cannot be used with" "$CRNG" status "$option" --explain list
  done
}

@test "--explain shows the action for this machine, or examples where there is no sign of it" {
  late /crng-capture/seeds '/var/lib/misc/random-seed 512 644 0 1760000000 -'
  run -0 --separate-stderr "$CRNG" status --sysroot "$TREE" --explain seed-world-readable
  [ "${lines[-2]}" = "Do this here (shell):" ]
  [ "${lines[-1]}" = "  chmod 600 /var/lib/misc/random-seed" ]
  late
  run -0 --separate-stderr "$CRNG" status --sysroot "$TREE" --explain seed-world-readable
  [[ $output == *$'\n\nNo sign of this here. Elsewhere, for example (shell):\n  chmod 600 /var/lib/systemd/random-seed\nOr (text):\n  Mount '* ]]
  run -0 --separate-stderr inject ENOSYS "$CRNG" status --explain no-getrandom
  [[ $output == *$'\n\nDo this here (text):\n  Use Linux 3.17'* ]]
  run -3 --separate-stderr "$CRNG" status --sysroot "$TREE/no-such" --explain trust-cpu
  [ -z "$output" ]
  [[ $stderr == "crng status: $TREE/no-such: No such file or directory" ]]
}

@test "each piece of advice has a case where it is given and one where it is withheld" {
  for id in $("$CRNG" status --explain list | grep '^[a-z]'); do
    grep -qx " *given $id" "$BATS_TEST_FILENAME" && grep -qx " *withheld $id" "$BATS_TEST_FILENAME" ||
      { echo "no case: $id" && return 1; }
  done
}
