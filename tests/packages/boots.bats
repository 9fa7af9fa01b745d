#!/usr/bin/env bats
# Real boots of Debian 12, with and without crng: when the RNG is ready, and what waits for it.
# shellcheck disable=SC2154 # set by bats and by the functions of machine.bash

load ../helper
load ../packages
load ../machine

setup() {
  need_machine
  PLAIN=$BATS_FILE_TMPDIR/plain WITH_CRNG=$BATS_FILE_TMPDIR/crng TABLE=$BATS_FILE_TMPDIR/table
  [ -e "$TABLE" ] || make_trees
}

# make_trees: two trees for all tests.
make_trees() {
  need_deb
  rm -rf "$PLAIN" "$WITH_CRNG"
  machine_tree "$PLAIN"
  cp -al "$PLAIN" "$WITH_CRNG"
  install_in "$WITH_CRNG" "$DEB"
  printf '%-44s %8s %8s %8s %8s %8s\n' 'seconds since boot' systemd ready sysinit multi keys >"$TABLE"
}

teardown() {
  machine_ends
}

teardown_file() {
  local table=$BATS_FILE_TMPDIR/table
  [ ! -s "$table" ] || tell "$(cat "$table")"
}

# row NAME UNIT: adds a line to the table. UNIT is the one that makes keys.
row() {
  ready=$(ready_at)
  times sysinit.target multi-user.target "$2"
  systemd=${TIMES[0]} sysinit=${TIMES[1]} multi_user=${TIMES[2]} keys=${TIMES[3]}
  printf '%-44s %8s %8.2f %8s %8s %8s\n' "$1" "$systemd" "$ready" "$sysinit" "$multi_user" "$keys" \
    >>"$TABLE"
}

active() {
  there "systemctl is-active $1"
}

# starts UNIT: succeeds while UNIT is starting.
starts() {
  there "systemctl show -P ActiveState $1" && [ "$output" = activating ]
}

# unit NAME: prints what a unit has written to the journal in this boot.
unit() {
  there "journalctl -b -u $1 -o cat"
}

@test "without crng, keys that are made in the usual way hold up the boot until there is entropy" {
  new_machine control
  in_tree "$TREE" systemctl enable usual-keys.service
  make_disk
  power_on test_starved
  on_console 'Reached target.*basic.target'
  # The unit is started, and ssh-keygen blocks, with the rest of the boot behind it.
  until_machine starts usual-keys.service
  run ! grep -a 'Reached target.*multi-user.target' "$MACHINE/console"
  plug_rng
  on_console 'Reached target.*multi-user.target'
  row 'without crng, no jitter, late virtio-rng' usual-keys.service
  before "$ready" "$keys" "$multi_user"
  power_off
}

@test "without crng, the RNG of an ordinary machine is ready once a service blocks" {
  new_machine ordinary
  in_tree "$TREE" systemctl enable usual-keys.service
  make_disk
  power_on
  on_console 'Reached target.*multi-user.target'
  row 'without crng' usual-keys.service
  before "$systemd" "$ready" "$keys" "$multi_user"
  power_off
}

@test "with the package, the initramfs makes the RNG ready before systemd starts on the root" {
  new_machine hook "$WITH_CRNG"
  in_tree "$TREE" systemctl enable keys.service
  make_disk
  power_on
  on_console 'Reached target.*multi-user.target'
  until_machine active keys.service
  row 'with crng: the initramfs gathers' keys.service
  before "$ready" "$systemd"
  power_off
}

@test "a seed that the last shutdown saved makes the RNG ready before sysinit.target" {
  new_machine seed "$WITH_CRNG"
  in_tree "$TREE" systemctl enable crng-seed.service keys.service
  make_disk
  power_on test_starved
  # There is no seed to load, and the one that is saved is not creditable: the boot goes
  # on.
  on_console 'Reached target.*multi-user.target'
  run ! ready_at
  unit crng-seed.service
  has -F 'saved 256 bits, not creditable: the RNG is not ready'
  active crng-seed.service
  plug_rng
  on_console 'random: crng init done'
  until_machine active keys.service
  row 'crng-seed, first boot, late virtio-rng' keys.service
  there 'rm /etc/ssh/ssh_host_*'
  power_off

  power_on test_starved
  on_console 'Reached target.*multi-user.target'
  until_machine active keys.service
  row 'crng-seed, second boot, no jitter' keys.service
  unit crng-seed.service
  # The sandbox of the unit does not keep crng from crediting the seed.
  has -F 'crng seed: loaded 256 bits, credited'
  has -F 'crng seed: saved 256 bits, creditable'
  before "$systemd" "$ready" "$sysinit" "$multi_user"
  there 'journalctl -b -1 -u crng-seed.service -o cat'
  has -F 'crng seed: saved 256 bits, creditable'
  active crng-seed-save.timer
  there 'systemctl start crng-seed-save.service; journalctl -b -u crng-seed-save.service -o cat'
  has -F 'crng seed: saved 256 bits, creditable'
  power_off
}

# consumer NAME Wants|Requires: a service that is ordered after the target.
consumer() {
  cat >"$TREE/etc/systemd/system/$1.service" <<UNIT
[Unit]
$2=crng-ready.target
After=crng-ready.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/true
[Install]
WantedBy=multi-user.target
UNIT
}

failed() {
  there 'systemctl is-failed crng-ready.service'
}

@test "if the RNG is not ready in time, the journal says why, and a unit that requires it does not start" {
  new_machine failure "$WITH_CRNG"
  consumer wanting Wants
  consumer requiring Requires
  mkdir "$TREE/etc/systemd/system/crng-ready.service.d"
  printf '[Service]\nExecStart=\nExecStart=/usr/bin/crng wait -t 15\n' \
    >"$TREE/etc/systemd/system/crng-ready.service.d/short.conf"
  in_tree "$TREE" systemctl enable wanting.service requiring.service
  make_disk
  power_on test_starved
  until_machine failed
  on_console 'Reached target.*multi-user.target'
  active wanting.service
  run ! active requiring.service
  there 'systemctl show -P ActiveState requiring.service'
  [ "$output" = inactive ]
  unit crng-ready.service
  tell "$output"
  has -E '^crng wait: timed out before the RNG was ready: '
  has -E 'Not ready +[0-9]+ of 256 bits'
  # The blocked task is that of systemd-random-seed. On a busy machine, crng may not have
  # the time to look at all tasks.
  grep -q 'not examined, for lack of time' <<<"$output" || has -F systemd-random-seed
  has -E '^ +container +none$'
  power_off
}
