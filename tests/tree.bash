# shellcheck shell=bash disable=SC2034
# Captured trees for the suites of crng status.

# tree PATH TEXT…: makes $TREE, a captured tree with these files; printf writes each as
# $TEXT.
TEXT=%s
tree() {
  TREE=$(mktemp -d "$BATS_TEST_TMPDIR/treeXXXXXX")
  while [ $# -gt 0 ]; do
    mkdir -p "$TREE${1%/*}"
    # shellcheck disable=SC2059
    printf "$TEXT\\n" "$2" >"$TREE$1"
    shift 2
  done
}

# namespaces [NAME=INODE…]: puts the process of the tree into these namespaces, and
# otherwise into the first ones of the machine, as far as these have a fixed number.
namespaces() {
  local space
  mkdir -p "$TREE/proc/self/ns"
  for space in ipc=4026531839 uts=4026531838 user=4026531837 pid=4026531836 \
    cgroup=4026531835 "$@"; do
    ln -sfn "${space%=*}:[${space#*=}]" "$TREE/proc/self/ns/${space%=*}"
  done
}

# of FILTER: prints what jq finds in the report on the tree.
of() {
  "$CRNG" status --sysroot "$TREE" --json | jq -r "$1"
}

# The answers of systemctl where systemd runs the service of its seed and is not told to
# credit the seed. Of two lines with the same name the first counts.
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

# late PATH TEXT…: $TREE is of a kernel with the 256-bit pool that became ready late, with
# these files.
late() {
  tree /proc/sys/kernel/osrelease 6.1.0 /proc/sys/kernel/random/poolsize 256 \
    /proc/sys/kernel/random/entropy_avail 256 \
    /proc/sys/kernel/random/write_wakeup_threshold 256 \
    /proc/stat 'btime 1760000000' /proc/uptime '100.0 1.0' /proc/cmdline quiet \
    /proc/cpuinfo $'processor\t: 0\nflags\t\t: fpu rdrand rdseed hypervisor' \
    /proc/1/comm init /proc/version 'Linux version 6.1.0' /sys/bus/.keep '' \
    "$ANSWER" "$ANSWERED" "$MANAGER" $'Version=252.39-1\nEnvironment=LANG=C.UTF-8' \
    /sys/class/misc/hw_random/rng_current none \
    /sys/class/misc/hw_random/rng_available '' \
    /dev/kmsg $'5,0,0,-;Linux version 6.1.0\n5,1,9000000,-;random: crng init done' "$@"
  if grep -qs . "$TREE/run/systemd/container"; then
    namespaces mnt=4026531832 pid=4026532000
  else
    namespaces mnt=4026531832
  fi
}

# vmclock_at N [FLAGS]: prints the beginning of a VMClock whose counter is N. FLAGS are bits 8 to
# 15 of its flags: 1 has the counter, 2 notifies.
vmclock_at() {
  local byte
  printf 'VCLK\0\20\0\0\1\0\0\0'
  head -c 13 /dev/zero
  printf '%b' "\\0$(printf %o "${2:-3}")"
  head -c 78 /dev/zero
  for byte in 0 8 16 24 32 40 48 56; do
    printf '%b' "\\0$(printf %o $(($1 >> byte & 255)))"
  done
}

# clone NOW RECORDED PATH TEXT…: the same as late, of a virtual machine whose VMClock is at
# NOW, and for which crng has recorded RECORDED. Both can be empty.
clone() {
  late "${@:3}"
  mkdir -p "$TREE/dev" "$TREE/run/crng" "$TREE/sys/bus/platform/devices" \
    "$TREE/sys/bus/platform/drivers/vmclock/VMCLOCK:00"
  [ -z "$1" ] || vmclock_at "$1" >"$TREE/dev/vmclock0"
  [ -z "$2" ] || echo "$2" >"$TREE/run/crng/vm-generation"
}
