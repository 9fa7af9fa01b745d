#!/usr/bin/env bats
# crng status: what it knows of clones of this machine, and how often the RNG was reseeded.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154

load helper
load tree

setup() {
  need jq
}

platform=/sys/bus/platform acpi=/sys/bus/acpi

# devices VMGENID DEVICE VMCLOCK PATH TEXT…: status reports these in the tree.
devices() {
  local expected="$1 $2 $3"
  late /sys/bus/platform/devices/serial8250/modalias platform:serial8250 "${@:4}"
  run -0 of '.sources | "\(.vmgenid) \(.vmgenid_device) \(.vmclock)"'
  [ "$output" = "$expected" ] || { echo "not $expected, but $output" && return 1; }
}

@test "the devices that tell of a clone are known by their IDs, with or without a driver" {
  devices false absent absent
  devices false unbound absent $platform/devices/a/modalias acpi:VMGENCTR:VM_GEN_COUNTER:
  devices false unbound absent $acpi/devices/a/modalias acpi:VMGENCTR:
  devices false unbound absent $platform/devices/a/modalias acpi:QEMUVGID:VM_Gen_Counter:
  devices false unbound absent $platform/devices/a/modalias 'of:NvmgenidT(null)Cmicrosoft,vmgenid'
  devices false absent unbound $platform/devices/a/modalias acpi:AMZNC10C:VMCLOCK:
  devices false absent unbound $platform/devices/a/modalias 'of:NptpT(null)Camazon,vmclock'
  devices false absent absent $platform/devices/a/modalias acpi:VMGENCTR2:XVMCLOCK:
  for bus in platform acpi; do
    devices true bound absent /sys/bus/$bus/drivers/vmgenid/VMGENCTR:00/.keep '' \
      $platform/devices/a/modalias acpi:VMGENCTR:
  done
  devices false absent absent $platform/drivers/vmgenid/bind '' $platform/drivers/vmclock/uevent ''
  devices false absent bound $platform/drivers/vmclock/VMCLOCK:00/.keep ''
  devices false absent bound /sys/class/misc/vmclock0/.keep ''
}

@test "a device is absent only if the devices of the platform are listed" {
  late
  run -0 of '[.sources.vmgenid_device, .sources.vmclock, .sources.vm_generation] | tostring'
  [ "$output" = '[null,null,null]' ]
  run -0 of '[.reasons.sources | .vmgenid_device, .vmclock, .vm_generation] | unique | join(", ")'
  [ "$output" = "the platform's devices are not listed" ]
  tree /etc/hostname test
  run -0 of '[.reasons.sources | .vmgenid_device, .vmclock, .vm_generation] | unique | join(", ")'
  [ "$output" = "the captured tree has no /sys" ]
}

# generation REASON: the counter of VMClock is unknown for that reason.
generation() {
  run -0 of '"\(.sources.vm_generation) \(.reasons.sources.vm_generation)"'
  [ "$output" = "null $1" ] || { echo "not $1, but $output" && return 1; }
}

@test "the counter of VMClock is read from its structure, or unknown with the reason" {
  for n in 0 7 511 9223372036854775807; do
    clone "$n" ''
    run -0 "$CRNG" status --sysroot "$TREE" --json
    [[ $output == *"\"vm_generation\": $n"[,$'\n']* ]]
    run -0 "$CRNG" status --sysroot "$TREE" --format prometheus
    [[ $output == *$'\ncrng_vm_generation '"$n"$'\n'* ]]
    run -0 "$CRNG" status --sysroot "$TREE" -v
    has -F "  VMClock        bound, generation $n"
  done
  clone '' ''
  generation 'the captured tree has no dev/vmclock0'
  rm -r "$TREE/sys/bus/platform/drivers"
  generation 'there is no VMClock'
  mkdir -p "$TREE/sys/bus/platform/devices/a"
  echo acpi:AMZNC10C:VMCLOCK: >"$TREE/sys/bus/platform/devices/a/modalias"
  generation 'VMClock has no driver'
  clone '' ''
  vmclock_at 7 2 >"$TREE/dev/vmclock0"
  generation 'this VMClock has no counter of clones'
  vmclock_at 7 | head -c 111 >"$TREE/dev/vmclock0"
  generation 'this VMClock has no counter of clones'
  vmclock_at 7 | head -c 31 >"$TREE/dev/vmclock0"
  generation '/dev/vmclock0 does not hold a VMClock'
  head -c 112 /dev/zero >"$TREE/dev/vmclock0"
  generation '/dev/vmclock0 does not hold a VMClock'
  vmclock_at -1 >"$TREE/dev/vmclock0"
  generation "VMClock's counter is too large to be shown"
  rm "$TREE/dev/vmclock0"
  mkfifo "$TREE/dev/vmclock0"
  generation 'Invalid argument'
}

stale='"\(.environment.cloned_not_reseeded)"'

@test "a clone that was not reseeded is in every form, and the short report fits a console" {
  clone 6 5
  run -0 of "$stale"
  [ "$output" = true ]
  run -0 "$CRNG" status --sysroot "$TREE" --format prometheus
  [[ $output == *$'\ncrng_cloned_not_reseeded 1\n'* ]]
  run -0 "$CRNG" status --sysroot "$TREE" --format shell
  has -F "CRNG_ENVIRONMENT_CLONED_NOT_RESEEDED='1'"
  note='  This machine was cloned, and its RNG is not known to have been reseeded since.'
  run -0 "$CRNG" status --sysroot "$TREE" -v
  has -F "$note"
  has -F '  cloned RNG     yes, and no reseed is known since (VMClock has counted a'
  # In a container nothing is advised.
  clone 6 5 /run/systemd/container podman /sys/class/dmi/id/sys_vendor 'Amazon EC2' \
    /dev/kmsg $'5,0,0,-;Linux version 6.1.0\n5,1,900000,-;random: crng init done'
  run -0 "$CRNG" status --sysroot "$TREE"
  has -F "$note"
  [[ $output != *'no warnings'* ]]
  clone 5 5
  run -0 of "$stale"
  [ "$output" = false ]
  run -0 "$CRNG" status --sysroot "$TREE"
  [[ $output != *'was cloned'* ]]
  for machine in "$TOP"/tests/data/sysroot/*; do
    cp -a "$machine" "$BATS_TEST_TMPDIR/machine"
    chmod -R u+w "$BATS_TEST_TMPDIR/machine" # also where the source is not
    mkdir -p "$BATS_TEST_TMPDIR/machine/"{dev,run/crng}
    vmclock_at 6 >"$BATS_TEST_TMPDIR/machine/dev/vmclock0"
    echo 5 >"$BATS_TEST_TMPDIR/machine/run/crng/vm-generation"
    run -0 "$CRNG" status --sysroot "$BATS_TEST_TMPDIR/machine" --json
    # Where the log may hide a reseed of the kernel, it is unknown.
    if [ "$(jq .environment.cloned_not_reseeded <<<"$output")" = true ]; then
      run -0 "$CRNG" status --sysroot "$BATS_TEST_TMPDIR/machine"
      has -F "$note"
      [ "${#lines[@]}" -le 22 ]
    fi
    rm -r "$BATS_TEST_TMPDIR/machine"
  done
}

@test "the record is one line of digits; nothing else is taken for a clone" {
  for record in '' '-5' ' 5' '0x5' '5 6' '5.0' $'5\n6' 99999999999999999999 $'5\t' $'\e[31m5' five; do
    clone 6 ''
    echo "$record" >"$TREE/run/crng/vm-generation"
    run -0 of "$stale"
    [ "$output" = null ] || { echo "$record: $output" && return 1; }
  done
  rm "$TREE/run/crng/vm-generation"
  mkfifo "$TREE/run/crng/vm-generation"
  run -0 of "$stale"
  [ "$output" = null ]
  rm "$TREE/run/crng/vm-generation"
  ln -s /dev/zero "$TREE/run/crng/vm-generation"
  run -0 of "$stale"
  [ "$output" = null ]
}

@test "a reseed of the kernel counts if the log shows it after the date of the record" {
  fork=$'5,0,0,-;Linux version 6.1.0\n5,1,900000,-;random: crng init done\n5,2,50000000,-;random: crng reseeded due to virtual machine fork'
  clone 6 5 /dev/kmsg "$fork"
  mkdir -p "$TREE/sys/bus/platform/drivers/vmgenid/VMGENCTR:00"
  touch -d @1760000049 "$TREE/run/crng/vm-generation"
  run -0 of "$stale"
  [ "$output" = false ]
  run -0 of .environment.cloned_because
  [ "$output" = 'the kernel reseeded the RNG when the machine was last cloned' ]
  touch -d @1760000050 "$TREE/run/crng/vm-generation"
  run -0 of "$stale"
  [ "$output" = true ]
}

@test "the reseeds of the running kernel are counted by each user" {
  run -0 of_live '"\(.kernel.reseeds) \(.reasons.kernel.reseeds)"'
  reason='null there is no counter without getrandom() in the vDSO (Linux 6.11)'
  if [ "$(of_live .kernel.vdso_getrandom)" = false ]; then
    [ "$output" = "$reason" ]
    skip "the vDSO has no getrandom()"
  fi
  first=${output%% *}
  [ "$first" -ge 1 ]
  [ "$(of_live .kernel.reseeds)" -ge "$first" ]
  # A program that has no vDSO cannot count.
  run -0 "$CRNG" status --format prometheus
  [[ $output == *$'\ncrng_reseeds '* ]]
  run -0 "$CRNG" status -v
  grep -qE '^  reseeds        [0-9]+ since boot$' <<<"$output"
}

of_live() {
  "$CRNG" status --json | jq -r "$1"
}

@test "on a machine that is not ready nothing waits for the counter of reseeds" {
  need_fakeboot
  run -0 --separate-stderr fakeboot -- "$CRNG" status --json
  [ "$(jq -r '"\(.kernel.reseeds) \(.reasons.kernel.reseeds)"' <<<"$output")" = \
    'null the RNG is not known to be ready' ]
  [ "$(field event block | wc -l)" -eq 0 ]
}

# in_dev SCRIPT: runs it as root, where /dev and /run are empty but for what it makes.
in_dev() {
  need_mounts
  vmclock_at 6 >"$BATS_TEST_TMPDIR/vmclock"
  run -0 --separate-stderr own_mounts sh -euc 'mkdir -p "$2/dev"
    mount -t tmpfs none "$2/dev"
    for device in null zero; do
      : >"$2/dev/$device"
      mount --bind "/dev/$device" "$2/dev/$device"
    done
    mount --rbind "$2/dev" /dev
    mount -t tmpfs none /run
    '"$1" sh "$CRNG" "$BATS_TEST_TMPDIR" "$TOP/scripts/crng-capture"
}

@test "the running machine's VMClock is read, and compared with the record" {
  in_dev 'cp "$2/vmclock" /dev/vmclock0
    mkdir /run/crng
    echo 5 >/run/crng/vm-generation
    exec "$1" status --json'
  [ "$(jq -c '[.sources.vmclock, .sources.vm_generation]' <<<"$output")" = '["bound",6]' ]
  # This machine may have been cloned, too.
  [ "$(jq .environment.cloned_not_reseeded <<<"$output")" != false ] ||
    [ "$(jq -r .environment.cloned_because <<<"$output")" = 'the kernel reseeded the RNG when the machine was last cloned' ]
  in_dev 'cp "$2/vmclock" /dev/vmclock0
    mkdir /run/crng
    echo 6 >/run/crng/vm-generation
    exec "$1" status --json'
  [ "$(jq .environment.cloned_not_reseeded <<<"$output")" = false ]
}

@test "a VMClock that only root can read is not absent" {
  [ "$(id -u)" -eq 0 ] || skip "two users take root"
  need setpriv
  cp "$CRNG" "$BATS_TEST_TMPDIR/crng"
  chmod a+rx "$BATS_RUN_TMPDIR" "${BATS_TEST_TMPDIR%/*}"
  chmod -R a+rX "$BATS_TEST_TMPDIR"
  in_dev 'cp "$2/vmclock" /dev/vmclock0
    chmod 600 /dev/vmclock0
    exec setpriv --reuid=65534 --regid=65534 --clear-groups "$2/crng" status --json'
  [ "$(jq -r .sources.vm_generation <<<"$output")" = null ]
  [ "$(jq -r .reasons.sources.vm_generation <<<"$output")" = 'only root can read /dev/vmclock0' ]
}

@test "capture takes 112 bytes of VMClock, and the record with its date" {
  [ "$(id -u)" -eq 0 ] || skip "an ordinary user cannot put a device in the place of VMClock"
  in_dev ': >/dev/vmclock0
    mount --bind /dev/zero /dev/vmclock0
    mkdir /run/crng
    echo 5 >/run/crng/vm-generation
    touch -d @1760000050 /run/crng/vm-generation
    exec "$3" "$2/tree"'
  [ "$(stat -c %s "$BATS_TEST_TMPDIR/tree/dev/vmclock0")" = 112 ]
  [ "$(stat -c %Y "$BATS_TEST_TMPDIR/tree/run/crng/vm-generation")" = 1760000050 ]
  [ "$(cat "$BATS_TEST_TMPDIR/tree/run/crng/vm-generation")" = 5 ]
}

@test "capture takes the devices that tell of a clone, and no other of the platform" {
  run -0 --separate-stderr "$TOP/scripts/crng-capture" "$BATS_TEST_TMPDIR/tree"
  "$CRNG" status --json >"$BATS_TEST_TMPDIR/live"
  "$CRNG" status --sysroot "$BATS_TEST_TMPDIR/tree" --json >"$BATS_TEST_TMPDIR/captured"
  for key in .sources.vmgenid_device .sources.vmclock .sources.vm_generation; do
    [ "$(jq -c "$key" "$BATS_TEST_TMPDIR/live")" = "$(jq -c "$key" "$BATS_TEST_TMPDIR/captured")" ]
  done
  for alias in "$BATS_TEST_TMPDIR"/tree/sys/bus/{platform,acpi}/devices/*/modalias; do
    [ ! -e "$alias" ] || grep -qiE 'vmgen|vm_gen|vmclock' "$alias"
  done
}
