#!/usr/bin/env bats
# crng status: what is advised, and above all when nothing is. What is not known is said
# to be so.
# shellcheck disable=SC2154

load helper

# tree PATH TEXT…: a captured tree with these files.
tree() {
  TREE=$(mktemp -d "$BATS_TEST_TMPDIR/treeXXXXXX")
  while [ $# -gt 0 ]; do
    mkdir -p "$TREE${1%/*}"
    printf '%s\n' "$2" >"$TREE$1"
    shift 2
  done
}

# namespaces [NAME=INODE…]: the tree is of a process in the machine's own namespaces, but for
# these.
namespaces() {
  local space
  mkdir -p "$TREE/proc/self/ns"
  for space in ipc=4026531839 uts=4026531838 user=4026531837 pid=4026531836 \
    cgroup=4026531835 mnt=4026531832 "$@"; do
    ln -sfn "${space%=*}:[${space#*=}]" "$TREE/proc/self/ns/${space%=*}"
  done
}

# of FILTER: what jq finds in the report on the tree.
of() {
  "$CRNG" status --sysroot "$TREE" --json | jq -r "$1"
}

advised() {
  of "[.advice[].id] | index(\"$1\") != null"
}

# need_alone: skips where alone cannot work; within run, as alone mostly is, no skip counts.
need_alone() {
  need_fakeboot
  need_mounts
}

# alone OPTION… -- CMD…: CMD on a machine that is not ready, the only process there, with
# nothing of a container to be seen but its PID namespace, and what the kind in $CONTAINER
# says. "$MACHINE" is a crng to which the namespaces look like those of the machine.
alone() {
  local options=() user=-r
  while [ "$1" != -- ]; do options+=("$1") && shift; done
  shift
  [ "$(id -u)" -ne 0 ] || user=
  mkdir -p "$BATS_TEST_TMPDIR/new"
  TREE=$BATS_TEST_TMPDIR namespaces
  # shellcheck disable=SC2016
  printf '#!/bin/sh\nmount --bind "%s" "/proc/$$/ns" && exec "%s" "$@"\n' \
    "$BATS_TEST_TMPDIR/proc/self/ns" "$CRNG" >"$MACHINE"
  chmod +x "$MACHINE"
  # shellcheck disable=SC2016,SC2086
  fakeboot "${options[@]}" -- unshare $user -m -f -p --mount-proc sh -euc '
    new=$1
    shift
    mount -t tmpfs none "$new"
    for place in /*; do
      if [ -L "$place" ]; then
        cp -P "$place" "$new"
      elif [ -d "$place" ]; then
        mkdir "$new$place"
        mount --rbind "$place" "$new$place"
      fi
    done
    mount -t tmpfs none "$new/run"
    [ -z "$CONTAINER" ] || { mkdir "$new/run/systemd"; echo "$CONTAINER" >"$new/run/systemd/container"; }
    exec chroot "$new" "$@"' sh "$BATS_TEST_TMPDIR/new" "$@"
}
export CONTAINER=
MACHINE=${BATS_TEST_TMPDIR:-}/machine

# critical: the critical advice in the report.
critical() {
  jq -r '[.advice[] | select(.severity == "critical").id] | join(" ")' <<<"$output"
}

@test "where nothing makes an idle kernel gather, a blocking reader is advised" {
  need_alone
  run -0 --separate-stderr alone -- "$MACHINE" status --json
  [ "$(critical)" = start-blocking-reader ]
}

@test "no blocking reader is advised where the RNG got ready while they were looked for" {
  need_alone
  # The fourth question is asked when the facts are there, before the tasks are looked at.
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

@test "a task that runs unseen may be gathering: it is counted, and nothing is advised" {
  need_alone
  [ "$(id -u)" -eq 0 ] || skip "a real-time task needs root"
  [ "$(nproc)" -gt 1 ] || skip "a real-time task leaves others no time on one CPU"
  need chrt
  # On a busy machine the kernel takes such a task off its CPU now and then, and it is seen.
  # shellcheck disable=SC2016
  run -0 --separate-stderr alone -- sh -c '
    chrt -f 1 sh -c "while :; do :; done" &
    until chrt -p $! | grep -q FIFO; do :; done
    while :; do
      json=$("$1" status --json)
      text=$("$1" status)
      case $json$text in *\"running\":\ 1,*unknown\).*) break ;; esac
    done
    echo "$json" "$text"' sh "$MACHINE"
  [[ $(tr '\n' ' ' <<<"$output") == *"nothing is seen waiting for it (1 running task unknown)."* ]]
  [[ $output != *start-blocking-reader* ]]
  [[ $output == *"running        1, and maybe gathering"* ]]
  [[ $output == *'"running": 1,'* ]]
}

@test "without /proc and /sys in a tree nothing is said to be absent" {
  tree /etc/hostname test
  run -0 of '[.sources.virtio_rng, .sources.efi, .sources.device_tree, .sources.tpm,
    .sources.vmgenid, .sources.daemons, .environment.container,
    .environment.virtualization] | unique | tostring'
  [ "$output" = '[null]' ]
  run -0 of '[.reasons.sources.virtio_rng, .reasons.sources.efi, .reasons.sources.tpm,
    .reasons.sources.vmgenid] | unique | join(", ")'
  [ "$output" = "the tree has no /sys" ]
  run -0 of '[.reasons.sources.daemons, .reasons.environment.container] | unique | join(", ")'
  [ "$output" = "the tree has no /proc" ]
}

@test "what is missing in /proc and /sys is absent" {
  tree /proc/sys/kernel/osrelease 6.1 /proc/version 'Linux version 6.1' /proc/1/comm init \
    /sys/bus/.keep '' /sys/class/.keep ''
  namespaces
  run -0 of '[.sources.virtio_rng, .sources.efi, .sources.tpm, .sources.vmgenid,
    .sources.daemons, .environment.container] | tostring'
  [ "$output" = '["absent",false,false,false,"none","none"]' ]
}

# What systemctl answers where systemd runs the service of its seed, and is not told to
# credit; a line that comes first counts.
ANSWER=/crng-capture/systemd-random-seed.service
ANSWERED='LoadState=loaded
UnitFileState=static
ActiveState=active
ConditionResult=yes
ConditionTimestampMonotonic=2345678
WantedBy=sysinit.target
Environment=
ExecStart={ path=/x ; argv[]=/lib/systemd/systemd-random-seed load ; ignore_errors=no }'
MANAGER=/crng-capture/systemd
CREDIT=SYSTEMD_RANDOM_SEED_CREDIT
TOLD="Environment=$CREDIT=1"$'\n'$ANSWERED

# late EXTRA…: a tree of a kernel with the 256-bit pool that was ready late, and the files.
late() {
  tree /proc/sys/kernel/osrelease 6.1.0 /proc/sys/kernel/random/poolsize 256 \
    /proc/sys/kernel/random/entropy_avail 256 \
    /proc/sys/kernel/random/write_wakeup_threshold 256 \
    /proc/stat 'btime 1760000000' /proc/uptime '100.0 1.0' /proc/cmdline quiet \
    /proc/cpuinfo $'processor\t: 0\nflags\t\t: fpu rdrand rdseed hypervisor' \
    /proc/1/comm init /proc/version 'Linux version 6.1.0' /sys/bus/.keep '' \
    $ANSWER "$ANSWERED" $MANAGER $'Version=252.39-1\nEnvironment=LANG=C.UTF-8' \
    /sys/class/misc/hw_random/rng_current none \
    /sys/class/misc/hw_random/rng_available '' \
    /dev/kmsg $'5,0,0,-;Linux version 6.1.0\n5,1,9000000,-;random: crng init done' "$@"
  if grep -qs . "$TREE/run/systemd/container"; then
    namespaces pid=4026532000
  else
    namespaces
  fi
}

old_pool() {
  late /proc/sys/kernel/random/poolsize 4096 \
    /proc/sys/kernel/random/read_wakeup_threshold 64 \
    /boot/config-6.1.0 "${1:-CONFIG_X86=y}" "${@:2}"
}

@test "a kernel without RANDOM_TRUST_CPU is not told to trust the CPU, nor said to" {
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
  [ "$output" = "random.trust_cpu=on on the command line" ]
  late /proc/cmdline 'nordrand random.trust_cpu=on' /proc/cpuinfo $'processor\t: 0\nflags\t: fpu'
  run -0 of .sources.cpu_trusted_because
  [ "$output" = "nordrand on the command line" ]
}

@test "the boot loader's seed can be trusted only with the 256-bit pool" {
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

@test "a virtio-rng device whose bus has no driver is there, and wants one" {
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

@test "one virtio-rng device with a driver is enough, whatever a second one has" {
  virtio=/sys/bus/virtio/devices
  late $virtio/virtio0/modalias virtio:d00000004v00001AF4 $virtio/virtio0/driver/uevent '' \
    $virtio/virtio1/modalias virtio:d00000004v00001AF4
  run -0 of '"\(.sources.virtio_rng) \([.advice[].id] | index("load-virtio-rng-driver"))"'
  [ "$output" = "bound null" ]
}

@test "a container is not told to change the host's generator" {
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

# The command of the advice on daemons.
disable() {
  of '.advice[] | select(.id == "pointless-daemon").command'
}

@test "of daemons only those of no use are to be disabled, by the names of their units" {
  late /proc/7/comm haveged /proc/8/comm rngd /proc/9/comm jitterentropy-r
  run -0 disable
  [ "$output" = "systemctl disable --now haveged.service rngd.service jitterentropy.service" ]
  run -0 of .sources.daemons
  [ "$output" = "haveged rngd jitterentropy-rngd" ]
  late /proc/8/comm rngd /lib/systemd/system/rng-tools.service '[Service]'
  run -0 disable
  [ "$output" = "systemctl disable --now rng-tools.service" ]
}

@test "rngd is of use where the kernel does not credit the generator" {
  dir=/sys/class/misc/hw_random
  late /proc/7/comm haveged /proc/8/comm rngd $dir/rng_current x $dir/rng_quality 0
  run -0 disable
  [ "$output" = "systemctl disable --now haveged.service" ]
  run -0 advised hwrng-quality-zero
  [ "$output" = true ]
}

@test "daemons are of use where there is no cycle counter" {
  late /proc/7/comm haveged /dev/kmsg $'5,0,0,-;Linux version 6.1.0\n4,1,10,-;Missing cycle counter and fallback timer; RNG entropy collection will consequently suffer.'
  run -0 advised no-cycle-counter
  [ "$output" = true ]
  run -0 disable
  [ "$output" = "" ]
  run -0 of .sources.daemons_useful
  [ "$output" = true ]
}

@test "how to credit a seed depends on whose it is" {
  late /crng-capture/seeds '/var/lib/systemd/random-seed 512 600 0 1760000000 -'
  run -0 of '[.advice[] | select(.id | startswith("seed-")).command | split(" ")[0:3] | join(" ")] | join(", ")'
  [ "$output" = "systemctl edit systemd-random-seed.service" ]
  for place in /etc/urandom.seed /var/lib/urandom/random-seed /var/lib/seedrng/seed.no-credit; do
    late /crng-capture/seeds "$place 512 600 0 1760000000 -"
    run -0 of '[.advice[] | select(.id | startswith("seed-")) | "\(.id) \(.about)"] | join(", ")'
    [ "$output" = "seed-uncreditable $place" ]
  done
}

# credited FLAGS LINES [MANAGER]: is a seed file of systemd with these FLAGS credited, where
# systemctl answers so, with LINES first? And why.
credited() {
  late $ANSWER "$2"$'\n'"$ANSWERED" $MANAGER "${3:-Version=252}" /crng-capture/seeds \
    "/var/lib/systemd/random-seed 512 600 0 1760000000 $1"
  of '.seed_files[0] | "\(.credited) \(.credited_because)"'
}

@test "whether a seed is credited is what systemd answers, its own environment included" {
  [ "$(credited creditable "Environment=$CREDIT=1")" = "true marked creditable, and systemd is told to" ]
  for word in yes y true t on ON; do
    [[ $(credited creditable "Environment=$CREDIT=$word") == true* ]]
  done
  for word in 0 no '' 10 only Force; do
    [[ $(credited creditable "Environment=$CREDIT=$word") == "false systemd is told not to: "* ]]
  done
  [[ $(credited creditable "Environment=\"A=b \\\" c\" $CREDIT=1 B=c") == true* ]]
  [[ $(credited creditable "Environment=\"A=b $CREDIT=1\"") == false* ]]
  [[ $(credited creditable "Environment=X_$CREDIT=1 ${CREDIT}ED=1") == false* ]]
  [[ $(credited creditable Environment= $'Version=252\nEnvironment='$CREDIT=1) == true* ]]
  [[ $(credited creditable "Environment=$CREDIT=0" $'Version=252\nEnvironment='$CREDIT=1) == false* ]]
  [[ $(credited creditable "Environment=$CREDIT=1" 'Version=systemd 241') == "false systemd credits none before version 243" ]]
  late $ANSWER "$TOLD" /crng-capture/seeds '/var/lib/systemd/random-seed 512 600 0 1760000000 creditable'
  rm "$TREE$MANAGER"
  [[ $(of '.seed_files[0].credited') == true ]]
}

@test "a mark is needed to be credited, unless systemd is forced to" {
  on="Environment=$CREDIT=1"
  [[ $(credited - "$on") == "false it is not marked creditable" ]]
  [[ $(credited ro,hidden "$on") == "null its mark cannot be read" ]]
  [[ $(credited - "Environment=$CREDIT=force") == "true systemd is told to, marked or not" ]]
  [[ $(credited hidden "Environment=$CREDIT=force") == true* ]]
  [[ $(credited creditable,volatile "$on") == "false it is gone at the next boot" ]]
  late $ANSWER "$TOLD" /crng-capture/seeds '/var/lib/systemd/random-seed 0 600 0 1760000000 creditable'
  [ "$(of '.seed_files[0].credited_because')" = "it is empty" ]
  late $ANSWER "$TOLD" /run/systemd/first-boot '' /crng-capture/seeds \
    '/var/lib/systemd/random-seed 512 600 0 1760000000 creditable'
  [ "$(of '.seed_files[0].credited')" = null ]
}

@test "variables that are unset, passed on or in files are not taken for a yes" {
  on="Environment=$CREDIT=1"
  [[ $(credited creditable "$on"$'\nUnsetEnvironment=A '$CREDIT) == "false systemd is told not to: Unset"* ]]
  [[ $(credited creditable "$on"$'\nUnsetEnvironment='$CREDIT=1) == "false systemd is told not to: Unset"* ]]
  [[ $(credited creditable "$on"$'\nUnsetEnvironment='"$CREDIT $CREDIT=0") == "false systemd is told not to: Unset"* ]]
  [[ $(credited creditable "$on"$'\nUnsetEnvironment='$CREDIT=0) == true* ]]
  [[ $(credited creditable "$on"$'\nEnvironmentFiles=/a (ignore_errors=yes)') == "null a file of variables"* ]]
  [[ $(credited creditable "PassEnvironment=$CREDIT") == "null "*PassEnvironment= ]]
  [[ $(credited creditable "$on"$'\nPassEnvironment='$CREDIT) == true* ]]
}

@test "a service that does not run loads nothing, and nothing is made of silence" {
  on=$'\n'"Environment=$CREDIT=1"
  never=$'ConditionTimestampMonotonic=0\nConditionResult=no\nActiveState=inactive'
  [[ $(credited creditable "LoadState=masked$on") == "false systemd-random-seed.service is masked" ]]
  [[ $(credited creditable "UnitFileState=masked-runtime$on") == "null systemd-random-seed.service is masked until"* ]]
  [[ $(credited creditable "LoadState=not-found$on") == "false systemd has no systemd-random-seed.service" ]]
  [[ $(credited creditable "LoadState=error$on") == "false systemd cannot load"* ]]
  [[ $(credited creditable "ActiveState=failed$on") == "null systemd-random-seed.service failed"* ]]
  [[ $(credited creditable "ConditionResult=no$on") == "false the conditions of systemd-random-seed.service"* ]]
  [[ $(credited creditable "$never$on") == "null systemd has not started"* ]]
  [[ $(credited creditable "$never"$'\nWantedBy='"$on") == "false nothing makes systemd start"* ]]
  [[ $(credited creditable "ExecStart={ path=/bin/true ; }$on") == "null systemd-random-seed.service runs another command" ]]
  late $ANSWER 'Failed to connect to bus' /crng-capture/seeds \
    '/var/lib/systemd/random-seed 512 600 0 1760000000 creditable'
  [ "$(of '.seed_files[0] | "\(.credited) \(.credited_because)"')" = "null systemctl gave no answer" ]
  rm "$TREE$ANSWER"
  [ "$(of '.seed_files[0] | "\(.credited) \(.credited_because)"')" = "null the tree has no answer of systemd" ]
}

# command ID: of the advice.
command_of() {
  of ".advice[] | select(.id == \"$1\").command"
}

@test "what is advised where no seed is loaded depends on why not" {
  missing() {
    late $ANSWER "$1"$'\n'"$ANSWERED" /crng-capture/seeds '' "${@:2}"
    command_of seed-missing
  }
  unit=systemd-random-seed.service
  [ "$(missing '')" = "systemctl restart $unit" ]
  [ "$(missing LoadState=masked)" = "systemctl unmask $unit" ]
  [ "$(missing UnitFileState=masked-runtime)" = "systemctl unmask --runtime $unit" ]
  [ "$(missing ConditionResult=no)" = "systemctl status $unit" ]
  [ "$(missing $'ConditionTimestampMonotonic=0\nConditionResult=no\nWantedBy=')" = "systemctl add-wants sysinit.target $unit" ]
  [ "$(missing LoadState=not-found)" = "install https://git.zx2c4.com/seedrng to run at boot and shutdown" ]
  [ "$(missing LoadState=not-found /sbin/seedrng '')" = "seedrng  # at boot, and again once the RNG is ready" ]
  [ "$(missing LoadState=not-found /etc/init.d/seedrng '')" = "rc-update add seedrng boot" ]
  [[ $(missing LoadState=not-found) != *enable* ]]
}

@test "a left-over seed that nothing loads is neither stale nor dangerous, nor a seed" {
  boots=$'100\n200\n300'
  for place in /var/lib/urandom/random-seed /var/lib/seedrng/seed.credit; do
    in_tree /crng-capture/boots "$boots" /crng-capture/seeds "$place 512 644 0 5 orphan"
    withheld seed-stale
    withheld seed-world-readable
    withheld seed-uncreditable
    given seed-missing
    [ "$(of '.seed_files[0].credited_because')" = "nothing is here that would load it" ]
    in_tree /crng-capture/boots "$boots" /crng-capture/seeds "$place 512 644 0 5 -"
    given seed-stale
    given seed-world-readable
    withheld seed-missing
  done
  in_tree $ANSWER "LoadState=masked"$'\n'"$ANSWERED" /crng-capture/boots "$boots" \
    /crng-capture/seeds '/var/lib/systemd/random-seed 512 644 0 5 creditable'
  withheld seed-stale
  given seed-missing
}

@test "the same seed at each boot: read-only or never renewed, and credited all the same" {
  seed=/crng-capture/seeds
  file='/var/lib/systemd/random-seed 512 600 0 1760000000'
  in_tree $ANSWER "$TOLD" $seed "$file creditable,ro"
  given seed-reused
  given seed-read-only
  [ "$(of '.seed_files[0].credited')" = true ]
  in_tree $ANSWER "$TOLD" $seed "$file creditable"
  withheld seed-reused
  in_tree $seed "$file creditable,ro"
  withheld seed-reused
  in_tree $ANSWER "$TOLD" /crng-capture/boots $'1770000000\n1770000001\n1770000002' $seed "$file creditable"
  given seed-reused
  # SeedRNG credits none that it cannot remove.
  in_tree $seed '/var/lib/seedrng/seed.credit 32 600 0 1760000000 ro'
  withheld seed-reused
  [ "$(of '.seed_files[0].credited_because')" = "it cannot be removed, and so is not credited" ]
}

@test "the time of boot is found behind long lines of interrupts" {
  late
  {
    echo cpu 1 2 3
    printf 'intr%s\nbtime 1760000000\n' "$(printf ' %019d' {1..2000})"
  } >"$TREE/proc/stat"
  [ "$(stat -c %s "$TREE/proc/stat")" -gt 32768 ]
  run -0 of .environment.boot_time_seconds
  [ "$output" = 1760000000 ]
}

# logged N RECORD: in TELL a command that makes what it runs see this record as the Nth of
# the kernel log, by strace, which answers that read(2) in the kernel's stead.
logged() {
  local hex
  hex=$(printf '%s\n' "$2" | od -An -v -tx1 | tr -d ' \n')
  TELL=(env ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o /dev/null -P /dev/kmsg -e trace=read
    -e "inject=read:retval=$((${#hex} / 2)):poke_exit=@arg2=$hex:when=$1")
}

need_log() {
  need strace
  dd if=/dev/kmsg iflag=nonblock bs=8192 count=1 >/dev/null 2>&1 || skip "the kernel log is not readable"
}

@test "records that are lost in the middle of the log are counted, and said" {
  need_log
  first=$(dd if=/dev/kmsg iflag=nonblock bs=8192 count=1 2>/dev/null | cut -d, -f2)
  logged 4 "6,$((first + 8)),3,-;a"
  run -0 --separate-stderr "${TELL[@]}" "$CRNG" status --json
  [ "$(jq .timeline.lost <<<"$output")" = 5 ]
  run -0 --separate-stderr "${TELL[@]}" "$CRNG" status
  [[ $output == *"  incomplete     5 records were lost"* ]]
  run -0 "$CRNG" status --json
  [ "$(jq .timeline.lost <<<"$output")" = 0 ]
  logged 1 '6,9,0,-;a'
  run -0 --separate-stderr "${TELL[@]}" "$CRNG" status --json
  [ "$(jq .timeline.wrapped <<<"$output")" = true ]
}

@test "no blocking reader is advised where the kernel has no cycle counter" {
  need_alone
  need_log
  logged 1 '4,0,0,-;Missing cycle counter and fallback timer; RNG entropy collection will consequently suffer.'
  run -0 --separate-stderr alone -- "${TELL[@]}" "$MACHINE" status --json
  [ "$(critical)" = "" ]
  [ "$(jq '[.advice[].id] | index("no-cycle-counter") != null' <<<"$output")" = true ]
}

@test "a blocking reader is advised to pollers, but not where some were left out" {
  need_alone
  [ -x "${BLOCKER:-}" ] || skip "blocker is not built"
  # shellcheck disable=SC2016
  polled='for i in $(seq "$3"); do "$2" epoll & done
    until [ "$(grep -l "(blocker) S" /proc/[0-9]*/stat | wc -l)" -ge "$3" ]; do sleep 0.1; done
    "$1" status --json'
  run -0 --separate-stderr alone --poll none -- sh -c "$polled" sh "$MACHINE" "$BLOCKER" 2
  [ "$(jq -c '.waiters | [.total, .dropped, ([.tasks[].call] | unique)]' <<<"$output")" = '[2,0,["poll"]]' ]
  [ "$(critical)" = start-blocking-reader ]
  run -0 --separate-stderr alone --poll none -- sh -c "$polled" sh "$MACHINE" "$BLOCKER" 258
  # However often they were looked at.
  [ "$(jq -c '.waiters | [.total, .dropped]' <<<"$output")" = '[258,2]' ]
  [ "$(critical)" = "" ]
}

@test "on a ready kernel before 5.6 tasks wait for the blocking pool, and not for readiness" {
  need_alone
  [ -x "${BLOCKER:-}" ] || skip "blocker is not built"
  for format in human json shell prometheus; do
    # shellcheck disable=SC2016
    run -0 --separate-stderr alone --no-insecure --ready-after 0 --poll none -- sh -c '
      "$2" epoll & until grep -q "(blocker) S" "/proc/$!/stat"; do sleep 0.1; done
      "$1" status --format "$3"' sh "$CRNG" "$BLOCKER" "$format"
    case $format in
    human)
      [[ $(tr -s ' \n' '  ' <<<"$output") == *"ready"*"; 1 task waits for the blocking pool, not for readiness."* ]]
      [[ $output == *"blocker in poll (blocking pool) for"* ]]
      ;;
    json)
      [ "$(jq -c '.waiters | [.total, .tasks[0].waits_for]' <<<"$output")" = '[1,"blocking pool"]' ]
      [ "$(jq '[.advice[].id] | index("rng-innocent")' <<<"$output")" = null ]
      ;;
    shell) grep -qx "CRNG_WAITER_1_WAITS_FOR='blocking pool'" <<<"$output" ;;
    prometheus) grep -qx 'crng_waiters 1' <<<"$output" ;;
    esac
  done
}

@test "nothing is said to wait for nothing where not everything could be seen" {
  need_alone
  # Tasks of other PID namespaces are not seen.
  run -0 --separate-stderr alone --no-insecure --ready-after 0 --poll none -- "$CRNG" status --json
  [ "$(jq -c '.waiters | [.total, .confined, .scanned]' <<<"$output")" = '[0,true,true]' ]
  [ "$(jq '[.advice[].id] | index("rng-innocent")' <<<"$output")" = null ]
  run -0 --separate-stderr alone --no-insecure --ready-after 0 --poll none -- "$CRNG" status
  [[ $(tr -s ' \n' '  ' <<<"$output") == *"nothing is seen waiting for it"* ]]
  run -0 --separate-stderr alone --ready-after 0 -- "$CRNG" status --json
  [ "$(jq '[.advice[].id] | index("rng-innocent") != null' <<<"$output")" = true ]
}

@test "a blocking reader is not advised where time ran out before all were looked at" {
  need_alone
  need strace
  # shellcheck disable=SC2016
  run -0 --separate-stderr alone -- sh -c '
    for i in 1 2 3 4 5 6; do sleep 60 & done
    ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o /dev/null -P /proc -e trace=newfstatat \
      -e inject=newfstatat:delay_enter=700000 "$1" status --json' sh "$MACHINE"
  [ "$(jq .waiters.skipped <<<"$output")" -ge 1 ]
  [ "$(critical)" = "" ]
}

# given ID, withheld ID: the advice is, or is not, in $report. Each ID has a case of either
# kind, as the last test makes sure of.
given() {
  jq -e --arg id "$1" '[.advice[].id] | index($id) != null' <<<"$report" >/dev/null ||
    { echo "not given: $1" && return 1; }
}

withheld() {
  jq -e --arg id "$1" '[.advice[].id] | index($id) == null' <<<"$report" >/dev/null ||
    { echo "given: $1" && return 1; }
}

# in_tree FILE TEXT…: $report is on a tree as late makes it.
in_tree() {
  late "$@"
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

@test "new host keys are made before the old ones go, and only keys are replaced" {
  need ssh-keygen
  in_tree /dev/kmsg "$early" \
    /crng-capture/seeds '/etc/ssh/ssh_host_ed25519_key 400 600 0 1760000003 -'
  command=$(jq -r '.advice[] | select(.id == "keys-before-ready").command' <<<"$report")
  [[ $command == *ssh-keygen* ]]
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

@test "all early reads count: those kept, those beyond 64, those that the kernel suppressed" {
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
  [[ $output == *"not kept       6 more, beyond 64 of a kind"* ]]
  in_tree /dev/kmsg $'5,0,0,-;Linux version 6.1.0\n5,91,91,-;random: 5 urandom warning(s) missed due to ratelimiting'
  given early-readers
  in_tree /dev/kmsg $'5,0,0,-;Linux version 6.1.0\n5,91,91,-;random: 5 get_random_xx warning(s) missed due to ratelimiting'
  withheld early-readers
}

@test "a captured tree that names a seed twice gives one sample" {
  late /crng-capture/seeds "$(printf '/var/lib/seedrng/seed.credit %s 600 0 1760000000 -\n' 32 64 128)"
  run -0 "$CRNG" status --sysroot "$TREE" --format prometheus
  [ "$(grep -c '^crng_seed_file_size_bytes{' <<<"$output")" -eq 1 ]
  [[ $output == *$'seedrng/seed.credit",system="SeedRNG"} 32\n'* ]]
  # 3: a remark on style, which another test looks at.
  ! command -v promtool >/dev/null || promtool check metrics <<<"$output" || [ $? -eq 3 ]
}

@test "advice on the log: wrapped only if readiness is lost, spoofed only if it says so" {
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

@test "advice on seed files fits each to the byte, the bit and the second" {
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
  in_tree $seeds "$file creditable" $ANSWER "$TOLD"
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

@test "advice on devices: no driver, no device, no quality, not in use" {
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
  in_tree $hwrng/rng_available 'tpm-rng-0 none' $hwrng/rng_selected 0
  given hwrng-unused
  in_tree $hwrng/rng_current tpm-rng-0 $hwrng/rng_quality 0 /dev/kmsg \
    $'5,0,0,-;Linux version 6.1.0\n5,9,100000,-;random: crng init done'
  withheld hwrng-quality-zero
  # shellcheck disable=SC2016
  in_tree $hwrng/rng_available '$(reboot)'
  withheld hwrng-unused
}

@test "advice on trust needs an instruction or firmware, and no trust" {
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
  # The kernel has taken that seed before it reads its command line.
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
}

@test "advice on daemons is for those of no use" {
  in_tree /proc/7/comm haveged
  given pointless-daemon
  in_tree /proc/7/comm haveged2
  withheld pointless-daemon
}

@test "advice on calls that a sandbox refuses is about the one that it refuses" {
  live inject EPERM
  given getrandom-forbidden
  withheld no-getrandom
  withheld rng-innocent
  live inject ENOSYS
  given no-getrandom
  withheld getrandom-forbidden
}

@test "the RNG is called innocent where it is ready, and only there" {
  live env
  given rng-innocent
  need_fakeboot
  live fakeboot --
  withheld rng-innocent
}

@test "readiness is called weak where the kernel log shows that it is, and only there" {
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

@test "the host is to be asked only in a container, hidden waiters only if there are any" {
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
  chmod -R a+rX "$BATS_TEST_TMPDIR" "$BATS_RUN_TMPDIR"
  # shellcheck disable=SC2016
  run -0 --separate-stderr alone -- sh -c 'sleep 60 &
    until grep -q "(sleep) S" "/proc/$!/stat"; do sleep 0.1; done
    setpriv --reuid=65534 --regid=65534 --clear-groups "$1" status --json' sh "$BATS_TEST_TMPDIR/crng"
  report=$output
  given waiters-hidden
  withheld start-blocking-reader
}

@test "each advice has a case where it is given and one where it is withheld" {
  for id in $("$CRNG" status --explain list | grep '^[a-z]'); do
    grep -qx " *given $id" "$BATS_TEST_FILENAME" && grep -qx " *withheld $id" "$BATS_TEST_FILENAME" ||
      { echo "no case: $id" && return 1; }
  done
}

@test "--watch counts the rows of lines that a narrow terminal wraps" {
  need script python3
  watched 'stty rows 8 cols 30' --watch=0.2 --color always
  python3 - "$output" <<'END'
import re, sys
frame = sys.argv[1].split("\033[2J\033[H")[1].split("\033[H")[0]
assert frame.endswith("\033[J")
lines = re.sub("\033\\[[0-9;]*[mKJ]", "", frame).replace("\r", "").split("\n")
assert lines.pop() == ""
assert lines[0].startswith("The kernel RNG"), lines
rows = sum(max(1, -(-len(line) // 30)) for line in lines)
assert rows == 7, (rows, lines)
END
}

@test "--watch tells why its output failed" {
  # shellcheck disable=SC2016
  run -3 --separate-stderr timeout 300 sh -c '"$1" status --watch=0.1 >/dev/full' sh "$CRNG"
  [ -z "$output" ]
  [ "$stderr" = "crng status: standard output: No space left on device" ]
  # shellcheck disable=SC2016
  run -0 --separate-stderr timeout 300 bash -c \
    'trap "" PIPE; "$1" status --watch=0.1 | :; exit $((PIPESTATUS[0] != 3))' bash "$CRNG"
  [ "$stderr" = "crng status: standard output: Broken pipe" ]
}
