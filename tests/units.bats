#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The units of systemd, as they are installed. tests/packages boots machines with them.
# shellcheck disable=SC2154

load helper
load systemd

UNITS=(crng-ready.service crng-ready.target crng-reseed.service crng-seed.service
  crng-seed-save.service crng-seed-save.timer
  prometheus-node-exporter-crng.service prometheus-node-exporter-crng.timer)

setup() {
  sanitized && skip "the test does not depend on the program"
  [ -f "${BUILD:-}/Makefile" ] || skip "BUILD is not a build directory"
  unset MAKEFLAGS MFLAGS MAKELEVEL
}

# installed: makes $ROOT, in which crng and its units are installed beside those of systemd.
installed() {
  need systemd-analyze
  local system
  for system in /usr/lib/systemd/system /lib/systemd/system; do
    [ ! -f "$system/sysinit.target" ] || break
  done
  [ -f "$system/sysinit.target" ] || skip "systemd's units are not installed"
  ROOT=$BATS_TEST_TMPDIR/root
  mkdir -p "$ROOT/usr/lib/systemd" "$ROOT/bin"
  cp -R "$system" "$ROOT/usr/lib/systemd"
  cp "$(type -P dash || type -P sh)" "$ROOT/bin/sh"
  make -s -C "$BUILD" install DESTDIR="$ROOT" >/dev/null
  # systemd searches this directory below $ROOT, wherever configure installs the units.
  INSTALLED=$(make -s -C "$BUILD" --no-print-directory --eval \
    'print-units:;@echo $(systemdsystemunitdir)' print-units)
  mkdir -p "$ROOT/usr/local/lib/systemd/system"
  [ "$INSTALLED" = /usr/local/lib/systemd/system ] ||
    cp "$ROOT$INSTALLED"/*crng* "$ROOT/usr/local/lib/systemd/system"
}

@test "systemd-analyze finds no fault in the units" {
  installed
  for unit in "${UNITS[@]}"; do
    run -0 systemd-analyze --man=no --root="$ROOT" verify "$unit"
    [ -z "$output" ]
  done
}

@test "systemd accepts each example drop-in for its unit" {
  installed
  for drop_in in "$TOP"/integration/systemd/drop-ins/*.d; do
    unit=$(basename "$drop_in" .d)
    cp -R "$drop_in" "$ROOT/usr/lib/systemd/system"
    printf '[Service]\nExecStart=/bin/sh\n' >"$ROOT/usr/lib/systemd/system/$unit"
    run -0 systemd-analyze --man=no --root="$ROOT" verify "${unit/@/@x}"
    [ -z "$output" ]
    chmod -R u+w "$ROOT"
    grep -qx 'After=crng-ready.target' "$drop_in"/50-crng.conf
  done
}

@test "systemd-analyze security is at most 3.0 for each service" {
  installed
  for unit in "${UNITS[@]}"; do
    [[ $unit == *.service ]] || continue
    run -0 systemd-analyze --no-pager --offline=yes --threshold=30 --root="$ROOT" security "$unit"
  done
}

# guest: starts a systemd with the units. There, crng runs the script /answers/COMMAND
# instead of a command, if there is one.
guest() {
  need_systemd
  printf '#!/bin/sh\nif [ -e "/answers/$1" ]; then exec sh "/answers/$1"; fi\nexec /crng-under-test "$@"\n' \
    >"$BATS_TEST_TMPDIR/crng"
  systemd '
    mkdir -p answers ".'"$bindir"'"
    install -m 755 "'"$BATS_TEST_TMPDIR"'/crng" ".'"$bindir"'/crng"
    cp "'"$BUILD"'"/integration/systemd/*.service "'"$TOP"'"/integration/systemd/*.t* \
      "'"$BUILD"'"/integration/prometheus/*.service "'"$TOP"'"/integration/prometheus/*.timer etc/systemd/system
    mkdir etc/systemd/system/crng-ready.service.d
    printf "[Service]\nStandardOutput=append:/run/ready.log\nStandardError=append:/run/ready.log\n" \
      >etc/systemd/system/crng-ready.service.d/log.conf
    cat >etc/systemd/system/keys@.service <<END
[Unit]
Requires=crng-ready.target
After=crng-ready.target
[Service]
Type=oneshot
ExecStart=/bin/sh -c "echo %i >/run/keys"
END
    sed s/Requires=/Wants=/ etc/systemd/system/keys@.service >etc/systemd/system/wants@.service
    for unit in crng-ready.target crng-seed.service; do systemctl --root=. enable $unit; done'
}

bindir=$(sed -n 's/^ExecStart=\(.*\)\/crng wait .*/\1/p' "${BUILD:-}/integration/systemd/crng-ready.service" 2>/dev/null || :)

# property UNIT NAME: prints this property of the unit.
property() {
  there systemctl show -p "$2" --value "$1"
}

@test "the boot waits for the seed and not for the RNG" {
  guest
  while read -r second relation first; do
    after=$(property "$second" After)
    [ -n "$after" ]
    case $relation in
    after) [[ " $after " == *" $first "* ]] ;;
    at-once) [[ $after != *crng-ready* ]] ;;
    esac
  done <<'ROWS'
sysinit.target after crng-seed.service
systemd-random-seed.service after crng-seed.service
keys@x.service after crng-ready.target
crng-ready.target after crng-ready.service
crng-ready.service at-once
sysinit.target at-once
basic.target at-once
multi-user.target at-once
ROWS
  [[ " $(property sysinit.target Wants) " == *" crng-ready.target "* ]]
  [[ " $(property timers.target Wants) " == *" crng-seed-save.timer "* ]]
}

@test "a unit that is ordered after crng-ready.target starts once the RNG is ready" {
  guest
  run -0 there systemctl start keys@ready.service
  [ "$(there cat /run/keys)" = ready ]
  [ "$(property crng-ready.service ActiveState)" = active ]
  [ "$(property crng-ready.target ActiveState)" = active ]
}

# skipped UNIT: whether its condition was not met at the last start.
skipped() {
  [ "$(property "$1" ConditionResult)" = no ]
}

@test "the metrics are written for node_exporter, if it is there, and nowhere else" {
  guest
  unit=prometheus-node-exporter-crng
  there rm -rf /var/lib/prometheus
  run -0 there systemctl start $unit.service
  [ "$(property $unit.service ConditionResult)" = no ]
  # Another user, who can write to the directory, leaves links there.
  there sh -c 'umask 077; head -c 512 /dev/zero >/var/lib/systemd/random-seed
    umask 022; mkdir -p /var/lib/prometheus/node-exporter; cd /var/lib/prometheus/node-exporter
    ln -s elsewhere crng.prom.new; ln -s elsewhere crng.prom; chown -R 65534 .'
  run -0 there systemctl start $unit.service
  [ "$(property $unit.service Result)" = success ]
  run -0 there sh -c 'cd /var/lib/prometheus/node-exporter && stat -c "%n %F %a" * && cat crng.prom'
  [ "${lines[0]}" = "crng.prom regular file 644" ]
  [[ ${lines[1]} == "# HELP "* ]]
  has -E '^crng_determined 1$'
  has -F '{path="/var/lib/systemd/random-seed",system="systemd"} 512'
  [[ $output != *'"seed-read-only"'* ]]
  # The timer starts it at once, and notices a node_exporter that is installed later.
  there rm /var/lib/prometheus/node-exporter/crng.prom
  run -0 there systemctl start $unit.timer
  eventually there test -e /var/lib/prometheus/node-exporter/crng.prom
  there sh -c "mv /var/lib/prometheus /var/lib/later; mkdir /run/systemd/system/$unit.timer.d
    printf '[Timer]\nOnUnitActiveSec=1s\nAccuracySec=100ms\n' >/run/systemd/system/$unit.timer.d/fast.conf
    systemctl daemon-reload; systemctl restart $unit.timer"
  eventually skipped $unit.service
  there sh -c 'rm /var/lib/later/node-exporter/crng.prom; mv /var/lib/later /var/lib/prometheus'
  eventually there test -e /var/lib/prometheus/node-exporter/crng.prom
  there systemctl stop $unit.timer
  # Without a report, the last one stays.
  there sh -c 'echo "exit 3" >/answers/status'
  run ! there systemctl start $unit.service
  there grep -q '^crng_determined 1$' /var/lib/prometheus/node-exporter/crng.prom
  # The example of the page, for another directory.
  there sh -euc 'rm -r /answers/status /var/lib/prometheus; mkdir /srv/textfile "/run/systemd/system/$1.service.d"
    printf "%s\n" "$2" >"/run/systemd/system/$1.service.d/directory.conf"; systemctl daemon-reload' sh \
    $unit "$(sed -n '/^\[Unit\]$/,/^\.Ed$/{/^\.Ed$/!p}' "$TOP/man/$unit.service.8")"
  run -0 there systemctl start $unit.service
  there grep -q '^crng_determined 1$' /srv/textfile/crng.prom
}

@test "after a failed wait, the log has the status, and only a unit that requires the RNG fails" {
  guest
  there sh -c 'echo "echo in vain; exit 124" >/answers/wait
    umask 077; head -c 32 /dev/zero >/var/lib/systemd/random-seed'
  run -1 there systemctl start keys@required.service
  [ "$(property keys@required.service Result)" = success ]
  run ! there test -e /run/keys
  [ "$(property crng-ready.service ExecMainStatus)" = 124 ]
  run -0 there cat /run/ready.log
  [[ ${lines[0]} = "in vain" ]]
  has -E 'Ready: the kernel RNG (is|has been) ready'
  # The sandbox of the unit does not change what is reported.
  has -F '/var/lib/systemd/random-seed: 32 bytes'
  [[ $output != *"file system read-only"* ]]
  run -0 there systemctl start wants@wanted.service
  [ "$(there cat /run/keys)" = wanted ]
  # A failed start can be repeated.
  there rm /answers/wait
  run -0 there systemctl start keys@again.service
  [ "$(there cat /run/keys)" = again ]
}
