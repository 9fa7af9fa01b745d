#!/usr/bin/env bats
# crng status: what it learns about the seed from a real systemd. That is PID 1 in
# namespaces of its own, on an overlay of this machine's files, and starts only the
# service of the seed.
# shellcheck disable=SC2154

load helper

SERVICE=systemd-random-seed.service
DROP_IN=/etc/systemd/system/$SERVICE.d/50-test.conf
WORK=${BATS_TEST_TMPDIR:-}/work

need_systemd() {
  [ "$(id -u)" -eq 0 ] || skip "another PID 1 needs root"
  need unshare systemctl getfattr setfattr
  SYSTEMD=
  for program in /usr/lib/systemd/systemd /lib/systemd/systemd; do
    [ ! -x "$program" ] || SYSTEMD=$program
  done
  [ -n "$SYSTEMD" ] || skip "systemd is not installed"
  [ -e "${SYSTEMD%/*}/systemd-random-seed" ] || skip "this systemd keeps no seed"
  mkdir -p "$WORK"
  unshare -m sh -c 'mount -t tmpfs none "$1" && mkdir "$1/u" "$1/w" "$1/n" &&
    mount -t overlay -o "lowerdir=/,upperdir=$1/u,workdir=$1/w" overlay "$1/n" &&
    mount -t cgroup2 none "$1/n/sys"' sh "$WORK" 2>/dev/null ||
    skip "overlays or control groups cannot be mounted here"
}

# Starts systemd on the files of the machine. $1 is the directory for them, $2 systemd, $3
# crng, $4 a script that prepares the files; the rest are options of systemd.
START='work=$1 systemd=$2 crng=$3 prepare=$4
  shift 4
  mount -t tmpfs none "$work"
  mkdir "$work/u" "$work/w" "$work/n"
  mount -t overlay -o "lowerdir=/,upperdir=$work/u,workdir=$work/w" overlay "$work/n"
  cd "$work/n"
  cp "$crng" ./crng-under-test
  rm -f .dockerenv
  mount -t proc proc proc
  mount -t sysfs sysfs sys
  mount --rbind /dev dev
  for dir in run tmp; do mount -t tmpfs tmpfs "$dir"; done
  mkdir -p sys/fs/cgroup && mount -t cgroup2 cgroup2 sys/fs/cgroup
  rm -f var/lib/systemd/random-seed
  mkdir -p var/lib/systemd etc/systemd/system/'$SERVICE'.d
  # From 257 on systemd takes any PID namespace for a container, where no seed is loaded.
  printf "[Unit]\nConditionVirtualization=\n" >etc/systemd/system/'$SERVICE'.d/00-here.conf
  ln -sf /dev/null etc/systemd/system/systemd-remount-fs.service
  cat >etc/systemd/system/crng-test.target <<END
[Unit]
DefaultDependencies=no
Wants='$SERVICE'
END
  eval "$prepare"
  exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot . "$systemd" --system \
    --unit=crng-test.target --log-target=null --show-status=no "$@"'

# is_up: $PID1 is a systemd that has finished starting.
is_up() {
  [ -n "$PID1" ] || return
  [ "$(cat "/proc/$PID1/comm" 2>/dev/null)" = systemd ] || return
  [ "$(there systemctl show -p ActiveState crng-test.target 2>/dev/null)" = ActiveState=active ] || return
  [ -z "$(there systemctl list-jobs --no-legend 2>/dev/null)" ]
}

# systemd PREPARE OPTION…: boots with the files that the script PREPARE makes, which runs
# in the new root; then "there CMD" runs CMD there.
systemd() {
  local prepare=$1
  shift
  unshare -m -p -u -i -C -f --kill-child --propagation private \
    sh -euc "$START" sh "$WORK" "$SYSTEMD" "$CRNG" "$prepare" "$@" >"$WORK.log" 2>&1 3>&- &
  UNSHARE=$!
  disown "$UNSHARE"
  for _ in {1..600}; do
    PID1=$(pgrep -P "$UNSHARE" || true)
    ! is_up || return 0
    kill -0 "$UNSHARE" || break
    sleep 0.1
  done
  cat "$WORK.log"
  skip "systemd does not get that far here"
}

there() {
  nsenter -t "$PID1" -m -p -u -i -C -r -w "$@"
}

teardown() {
  [ -z "${UNSHARE:-}" ] || kill -9 "$UNSHARE" || true
}

# seed: the report on the seed there, "CREDITED REASON".
seed() {
  there /crng-under-test status --json |
    jq -r '.seed_files[] | select(.system == "systemd") | "\(.credited) \(.credited_because)"'
}

credit='Environment=SYSTEMD_RANDOM_SEED_CREDIT'

@test "systemd credits nothing without being told to" {
  need_systemd
  systemd :
  run -0 seed
  [ "$output" = "false systemd is not told to by SYSTEMD_RANDOM_SEED_CREDIT=1" ]
}

@test "told by a drop-in with continued lines, systemd credits a seed that it has marked" {
  need_systemd
  systemd "printf '[Service]\n%s\n%s\n' 'Environment=\"A=b c\" \\' SYSTEMD_RANDOM_SEED_CREDIT=yes >.$DROP_IN"
  run -0 seed
  [ "$output" = "true marked creditable, and systemd is told to" ]
  there setfattr -x user.random-seed-creditable /var/lib/systemd/random-seed
  run -0 seed
  [ "$output" = "false it is not marked creditable" ]
  there truncate -s 0 /var/lib/systemd/random-seed
  there setfattr -n user.random-seed-creditable -v 1 /var/lib/systemd/random-seed
  run -0 seed
  [ "$output" = "false it is empty" ]
  there mount -t tmpfs tmpfs /var/lib/systemd
  there sh -c 'echo 12345678901234567890123456789012 >/var/lib/systemd/random-seed'
  run -0 seed
  [[ $output == "false "* ]]
}

@test "forced to, systemd credits a seed without a mark as well" {
  need_systemd
  systemd "printf '[Service]\n%s=force\n' '$credit' >.$DROP_IN"
  there setfattr -x user.random-seed-creditable /var/lib/systemd/random-seed
  run -0 seed
  [ "$output" = "true systemd is told to, marked or not" ]
}

@test "drop-ins for all services and for their prefix count as well" {
  need_systemd
  for dir in service.d systemd-.service.d systemd-random-.service.d; do
    systemd "mkdir etc/systemd/system/$dir; printf '[Service]\n%s=1\n' '$credit' >etc/systemd/system/$dir/a.conf"
    run -0 seed
    [ "$output" = "true marked creditable, and systemd is told to" ]
    kill -9 "$UNSHARE" || true
  done
}

@test "DefaultEnvironment= of the manager counts as well" {
  need_systemd
  systemd "mkdir -p etc/systemd/system.conf.d
    printf '[Manager]\nDefault%s=1\n' '$credit' >etc/systemd/system.conf.d/a.conf"
  run -0 seed
  [ "$output" = "true marked creditable, and systemd is told to" ]
}

@test "a variable outside [Service], unset or in a file of variables does not count" {
  need_systemd
  systemd "printf '[Unit]\n%s=1\n' '$credit' >.$DROP_IN"
  run -0 seed
  [[ $output == "false systemd is not told to"* ]]
  there sh -c "printf '[Service]\n$credit=1\nUnsetEnvironment=SYSTEMD_RANDOM_SEED_CREDIT\n' >$DROP_IN; systemctl daemon-reload"
  run -0 seed
  [ "$output" = "false systemd is told not to: UnsetEnvironment=SYSTEMD_RANDOM_SEED_CREDIT" ]
  there sh -c "printf '[Service]\n$credit=1\nUnsetEnvironment=SYSTEMD_RANDOM_SEED_CREDIT=0\n' >$DROP_IN; systemctl daemon-reload"
  run -0 seed
  [[ $output == "true "* ]]
  there sh -c "printf '[Service]\n$credit=1\nEnvironmentFile=-/etc/no-such-file\n' >$DROP_IN; systemctl daemon-reload"
  run -0 seed
  [ "$output" = "null a file of variables may tell systemd to: EnvironmentFile=" ]
}

@test "a masked service, and one whose conditions are not met, load nothing" {
  need_systemd
  systemd "printf '[Service]\n%s=1\n' '$credit' >.$DROP_IN"
  there systemctl mask "$SERVICE"
  run -0 seed
  [ "$output" = "false systemd-random-seed.service is masked" ]
  there systemctl unmask "$SERVICE"
  there sh -c "printf '[Unit]\nConditionPathExists=/no-such-file\n' >>$DROP_IN; systemctl daemon-reload; systemctl restart $SERVICE"
  run -0 seed
  [ "$output" = "false the conditions of systemd-random-seed.service are not met" ]
}

@test "a capture has the answers of systemd" {
  need_systemd
  systemd "printf '[Service]\n%s=1\nEnvironment=SECRET=hunter2\n' '$credit' >.$DROP_IN"
  there sh -c "cd /tmp && cat >capture && sh ./capture /tmp/tree 2>/dev/null && tar -C /tmp -cf - tree" \
    <"$TOP/scripts/crng-capture" >"$BATS_TEST_TMPDIR/tree.tar"
  tar -C "$BATS_TEST_TMPDIR" -xf "$BATS_TEST_TMPDIR/tree.tar"
  run -0 jq -r '.seed_files[0] | "\(.credited) \(.credited_because)"' \
    < <("$CRNG" status --sysroot "$BATS_TEST_TMPDIR/tree" --json)
  [ "$output" = "true marked creditable, and systemd is told to" ]
  run ! grep -r hunter2 "$BATS_TEST_TMPDIR/tree"
}

@test "a systemd that does not answer delays status only for a limited time" {
  need_systemd
  systemd :
  kill -STOP "$PID1"
  SECONDS=0
  run -0 seed
  [ "$output" = "null systemctl did not answer in time" ]
  [ "$SECONDS" -lt 30 ]
}
