#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The boots before this one, from a journal that systemd-journald itself has written: four boots
# of one disk of Debian 12, each with a different story. What crng says about them is compared with
# what the console of each boot has shown, in the machine and from outside.
# shellcheck disable=SC2154 # set by bats and by the functions of machine.bash

load ../helper
load ../packages
load ../machine

setup() {
  need_machine
  need debugfs jq journalctl
  need_deb
  PLAIN=$BATS_FILE_TMPDIR/plain
  ROWS=$BATS_TEST_TMPDIR/rows
}

teardown() {
  machine_ends
}

# early_reader: the machine reads /dev/urandom before crng-seed.service, N times with
# test_reads=N on the command line of the kernel.
early_reader() {
  cat >"$TREE/usr/local/sbin/early-reader" <<'SCRIPT'
#!/bin/sh
reads=$(grep -o 'test_reads=[0-9]*' /proc/cmdline)
for _ in $(seq "${reads#*=}"); do
  head -c 16 /dev/urandom >/dev/null
done
SCRIPT
  cat >"$TREE/etc/systemd/system/early-reader.service" <<'UNIT'
[Unit]
Description=Reads /dev/urandom Early
ConditionKernelCommandLine=test_reads
DefaultDependencies=no
After=systemd-remount-fs.service systemd-journald.service
Before=crng-seed.service sysinit.target
[Service]
Type=oneshot
ExecStart=/usr/local/sbin/early-reader
[Install]
WantedBy=sysinit.target
UNIT
  chmod 755 "$TREE/usr/local/sbin/early-reader"
  in_tree "$TREE" systemctl enable early-reader.service
}

# reads: how many early reads the console has shown, or counted later. The kernel limits how
# many it shows; it counts the others when the RNG becomes ready.
reads() {
  awk '/random: .*: uninitialized urandom read \([0-9]+ bytes read\)/ { n++ }
    match($0, /random: [0-9]+ urandom warning\(s\) missed/) {
      split(substr($0, RSTART), word, " ")
      n += word[2]
    }
    END { print n + 0 }' "$MACHINE/console"
}

# patient: on a busy machine, the watchdog would end journald.
patient() {
  local dropin=$TREE/etc/systemd/system/systemd-journald.service.d
  mkdir -p "$dropin"
  printf '[Service]\nWatchdogSec=0\n' >"$dropin/patient.conf"
}

# ready: when the RNG was ready, in seconds as jq writes them, or "never".
ready() {
  local at
  at=$(ready_at) || { echo never && return; }
  sed 's/0*$//; s/\.$//' <<<"$at"
}

# measured NAME: adds to ROWS what this boot has shown: its ID, the Unix time of its start,
# when the RNG was ready, or "never", and the early reads.
measured() {
  local id start
  there 'cat /proc/sys/kernel/random/boot_id; echo $(($(date +%s) - $(cut -d . -f 1 /proc/uptime)))'
  { read -r id && read -r start; } <<<"$output"
  echo "${id//-/} $start $(ready) $(reads) $1" >>"$ROWS"
}

# seed_logged: sets LATE to the microseconds between readiness and the arrival in the journal
# of the message that the seed was credited.
seed_logged() {
  there 'journalctl -b -u crng-seed.service -o json'
  LATE=$(jq --arg ready "$(ready)" 'select(.MESSAGE == "crng seed: loaded 256 bits, credited")
    | (.__MONOTONIC_TIMESTAMP | tonumber) - ($ready | tonumber) * 1000000 | round' <<<"$output")
  [ -n "$LATE" ]
}

# reached UNIT: waits until the machine has reached it.
reached() {
  on_console "Reached target.*$1"
}

# lose_power: what journald has is on the disk, but it has not closed its file.
lose_power() {
  there 'journalctl --sync; sync'
  kill -KILL "$QEMU"
  wait "$QEMU" || true
  QEMU=
}

# four_boots: the last one keeps running.
four_boots() {
  power_on test_starved test_reads=7
  reached multi-user.target
  run ! ready_at
  plug_rng
  on_console 'random: crng init done'
  measured 'not ready until it gets a virtio-rng'
  power_off

  power_on test_starved test_reads=2
  reached multi-user.target
  ready_at
  seed_logged
  there 'systemctl disable crng-seed.service; rm -r /var/lib/seedrng'
  measured 'the seed of the boot before'
  power_off

  power_on test_starved test_reads=3
  reached multi-user.target
  measured 'never ready; its power is cut'
  lose_power

  power_on
  reached multi-user.target
  measured 'gathers entropy in the initramfs'
}

# from_outside DIRECTORY: puts there what crng reads from the disk of the machine.
from_outside() {
  mkdir -p "$1"/{etc,var}
  debugfs -R "rdump /var/log $1/var" "$MACHINE/disk" 2>/dev/null
  debugfs -R "dump /etc/machine-id $1/etc/machine-id" "$MACHINE/disk" 2>/dev/null
  [ -s "$1/etc/machine-id" ] && [ -n "$(compgen -G "$1/var/log/journal/*/system.journal")" ]
}

# boots FILE: prints the boots of a report as measured does, without the name. Starts less
# than 10 s apart count as equal.
boots() {
  jq -r --rawfile rows "$ROWS" '($rows | split("\n")) as $rows | .boots | to_entries[]
    | ($rows[.key] // "" | split(" ")) as $row | .value
    | (.started_seconds - ($row[1] // "0" | tonumber)) as $apart
    | "\(.boot_id) \(if $apart > -10 and $apart < 10 then $row[1] else .started_seconds end) \(
      .ready_seconds // "never") \(.early_reads)"' "$1"
}

# agrees FILE: the report has the boots that were measured, the oldest first, and what else
# is known about them.
agrees() {
  diff <(cut -d ' ' -f -4 "$ROWS") <(boots "$1") &&
    jq -e '[.boots[].offset] == [-3, -2, -1, 0]
      and all(.boots[]; .source == "journal" and .reseeds_after_clone == 0)
      and all(.boots[]; .early_reads >= ([.early_readers[].reads] | add // 0))
      and all(.boots[].early_readers[]; .who == "head")
      and .unknown_because == null and .older_unknown_because == null' "$1" >/dev/null &&
    causes "$1" && return
  cat "$1"
  return 1
}

# causes FILE: what made the RNG ready is not claimed without a proof in the log. On a busy
# machine, the message of crng seed may come too late to be one.
causes() {
  jq -e --argjson late "$LATE" '
    [.boots[] | {ready_by, ready_by_message, why: .reasons.ready_by}] | (
      .[0].ready_by == null and .[0].why == "the log does not tell"
      and (.[1] | .ready_by == "probably_crng_seed" and .ready_by_message == "loaded 256 bits, credited"
        or $late > 200000 and .ready_by == null and .why == "the log does not tell")
      and .[2].ready_by == null and (.[2].why | startswith("not ready when its log ended, after "))
      and .[3].ready_by == null and .[3].why == "the log does not tell")' "$1" >/dev/null
}

# complete FILE: the report is not cut short, as it can be on a busy machine, since crng gives
# journalctl only a few seconds.
complete() {
  ! grep -qE 'journalctl did not finish in time|does not answer' "$1"
}

# try_here, try_inside FILE OPTION…: a report of crng, from outside or in the machine.
try_here() {
  "$CRNG" status --sysroot="$OUTSIDE" --json "${@:2}" >"$BATS_TEST_TMPDIR/$1"
  complete "$BATS_TEST_TMPDIR/$1"
}

try_inside() {
  there "crng status --json ${*:2}"
  cat >"$BATS_TEST_TMPDIR/$1" <<<"$output"
  complete "$BATS_TEST_TMPDIR/$1"
}

here() {
  eventually try_here "$@"
}

inside() {
  until_machine try_inside "$@"
}

# one_boot FILE N: the report on one boot has what was measured in the Nth.
one_boot() {
  local id ready reads
  read -r id _ ready reads _ < <(sed -n "$2p" "$ROWS")
  jq -e --arg id "$id" --arg ready "$ready" --argjson reads "$reads" '
    (.boot_id | gsub("-"; "")) == $id and .timeline.early_reads == $reads
    and if $ready == "never" then .ready_seconds == null
    else .ready_seconds - ($ready | tonumber) | fabs < 0.001 end' \
    "$BATS_TEST_TMPDIR/$1" >/dev/null
}

# timeless FILE: a report without the time at which it was made.
timeless() {
  jq 'del(.time)' "$BATS_TEST_TMPDIR/$1"
}

# last_entry: when the last entry of the boot before this one was made, as journald says.
last_entry() {
  there 'journalctl -b -1 -n 1 -o json' && jq .__MONOTONIC_TIMESTAMP <<<"$output" | tr -d '"'
}

@test "the boots in the journal of a machine are those that its console has shown" {
  machine_tree "$PLAIN"
  new_machine machine
  install_in "$TREE" "$DEB"
  early_reader
  patient
  in_tree "$TREE" systemctl enable crng-seed.service
  make_disk
  four_boots
  tell "boot ID, Unix time, seconds until ready, early reads, and what was done:
$(cat "$ROWS")
The seed of the second one was logged $LATE microseconds after it had made the RNG ready."

  inside boots.json --boots
  agrees "$BATS_TEST_TMPDIR/boots.json"
  there 'journalctl --list-boots | grep -oE "[0-9a-f]{32}"'
  [ "$output" = "$(cut -d ' ' -f 1 "$ROWS")" ]
  # The boot whose power was cut has a log up to then, in a file that journald did not close.
  there 'ls /var/log/journal/*/*.journal~'
  jq -e --argjson last "$(last_entry)" '.boots[2] | .log_ends
    and (.not_ready_after_seconds * 1000000 | round) == $last' "$BATS_TEST_TMPDIR/boots.json"
  for at in 1 2 3; do
    inside one.json --boot=$((at - 4))
    one_boot one.json $at
    inside same.json --boot="$(sed -n "$at{s/ .*//;p}" "$ROWS")"
    diff <(timeless one.json) <(timeless same.json)
  done
  there 'crng status --boots; crng status --boot=-1'
  tell "$output"
  power_off

  OUTSIDE=$BATS_TEST_TMPDIR/outside
  from_outside "$OUTSIDE"
  here boots.json --boots
  agrees "$BATS_TEST_TMPDIR/boots.json"
  for at in 1 2 3 4; do
    here one.json --boot=$((at - 4))
    one_boot one.json $at
  done
  # Without the journal, only wtmp remembers them.
  rm -r "$OUTSIDE/var/log/journal"
  here boots.json --boots
  jq -e --rawfile rows "$ROWS" '($rows | split("\n") | map(split(" ")[1])) as $starts
    | (.boots | length) == 4 and all(.boots | to_entries[]; .value.source == "wtmp"
      and .value.ready_seconds == null and .value.early_reads == null
      and (.value.started_seconds - ($starts[.key] | tonumber)) as $late
      | $late > -10 and $late < 300)' "$BATS_TEST_TMPDIR/boots.json"
}
