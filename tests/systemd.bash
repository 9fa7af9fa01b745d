# shellcheck shell=bash
# A real systemd for the suites of crng status: PID 1 in namespaces of its own, on an overlay
# of this machine's files, which starts only the service of the seed.

SERVICE=systemd-random-seed.service
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
  BOOT=$!
  disown "$BOOT"
  for _ in {1..600}; do
    PID1=$(pgrep -P "$BOOT" || true)
    ! is_up || return 0
    kill -0 "$BOOT" || break
    sleep 0.1
  done
  cat "$WORK.log"
  skip "systemd does not get that far here"
}

there() {
  nsenter -t "$PID1" -m -p -u -i -C -r -w "$@"
}

teardown() {
  [ -z "${BOOT:-}" ] || kill -9 "$BOOT" || true
}
