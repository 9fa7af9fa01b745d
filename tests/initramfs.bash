# shellcheck shell=bash disable=SC2034,SC2153
# SPDX-License-Identifier: MIT
# For the suites that boot an initramfs in QEMU: kernel and initramfs of a tree of Debian, a
# disk whose root is BusyBox, and no source of entropy.

# need_machine: skips where no such machine can be started.
need_machine() {
  [ "$(uname -m)" = x86_64 ] || skip "the machine is an x86 one"
  need_trees
  need qemu-system-x86_64 mkfs.ext4 cpio setpriv
}

# make_busybox: gets $BUSYBOX, a static one.
make_busybox() {
  make_tree bookworm "$BATS_FILE_TMPDIR/busybox-tree" busybox-static
  mv "$BATS_FILE_TMPDIR/busybox-tree/bin/busybox" "$BUSYBOX"
  rm -rf "$BATS_FILE_TMPDIR/busybox-tree"
}
BUSYBOX=${BATS_FILE_TMPDIR:-}/busybox

# install_crng TREE: puts the program under test and its libraries into the tree.
install_crng() {
  install_in "$1" libpopt0 libsodium23 libjansson4
  install -m 755 "$CRNG" "$1/usr/bin/crng"
  in_tree "$1" crng --version
}

# with_files INITRAMFS FILE…: prints the initramfs, in which files of the current directory
# replace those with the same paths.
with_files() {
  cat "$1"
  # The kernel reads archives one after another, each of which begins at a multiple of 4.
  head -c $((-$(stat -c %s "$1") & 3)) /dev/zero
  shift
  printf '%s\n' "$@" | cpio --quiet -o -H newc -R 0:0
}

# configure SETTING…: prints the name of an initramfs in which conf.d/crng is as packaged,
# except for these settings.
configure() {
  mkdir -p conf/conf.d
  cp "$TOP/integration/initramfs-tools/conf.d/crng" conf/conf.d/crng
  printf '%s\n' "$@" >>conf/conf.d/crng
  with_files "$INITRAMFS" conf conf/conf.d conf/conf.d/crng >configured
  echo configured
}

# The second stage: reports to the second serial port, and marks its start in the kernel's
# log.
SECOND_STAGE='#!/bin/busybox sh
busybox mkdir -p /proc /dev
[ -e /proc/self ] || busybox mount -t proc proc /proc
[ -e /dev/null ] || busybox mount -t devtmpfs devtmpfs /dev
echo "second stage" >/dev/kmsg
exec >/dev/ttyS1 2>&1 </dev/null
echo "bits=$(busybox cat /proc/sys/kernel/random/entropy_avail)"
echo "root=$(busybox awk "\$2 == \"/\" { print \$4 }" /proc/mounts | busybox tail -n 1)"
echo "seeds=$(cd /var/lib/seedrng && busybox stat -c "%n,%a,%s" * | busybox tr "\n" " ")"
echo "hash=$(busybox cat /var/lib/seedrng/seed.*credit | busybox sha256sum)"
echo "left=$(busybox awk "\$2 ~ /crng/ { print \$2 }" /proc/mounts)"
# The two processes of a wait, what they have open, and where they are.
for pid in $(busybox grep -l "^crng\|^@crng" /proc/[0-9]*/cmdline | busybox grep -o "[0-9]*"); do
  echo "process=$(busybox tr "\0" " " </proc/$pid/cmdline)"
  for link in /proc/$pid/fd/[012] /proc/$pid/cwd; do
    echo "open=$(busybox readlink $link)"
  done
done
echo "finished=yes"
busybox poweroff -f'

# make_disk NAME: makes a disk with this root, and the files of the directory `add`.
make_disk() {
  rm -rf root
  mkdir -p root/{bin,sbin,dev,proc,sys,run,tmp,etc} root/var/lib/seedrng
  chmod 700 root/var/lib/seedrng
  install -m 755 "$BUSYBOX" root/bin/busybox
  # systemd does not accept a root without this file.
  echo 'ID=test' >root/etc/os-release
  echo "$SECOND_STAGE" >root/sbin/init
  chmod 755 root/sbin/init
  [ ! -d add ] || cp -a add/. root
  chown -R 0:0 root
  truncate -s 32M "$1"
  mkfs.ext4 -q -F -L root -d root "$1"
}

# provision: the next make_disk puts a seed on the disk that the first boot may credit.
provision() {
  mkdir -p add/var/lib
  "$CRNG" seed --provision --sysroot=add
}

# make_seed_disk NAME: makes a disk that has a seed in /seedrng, which the first boot may
# credit, and another directory.
make_seed_disk() {
  mkdir -p seeds/lost provisioned/var/lib
  echo something >seeds/lost/file
  "$CRNG" seed --provision --sysroot=provisioned
  mv provisioned/var/lib/seedrng seeds
  truncate -s 16M "$1"
  mkfs.ext4 -q -F -L SEEDS -d seeds "$1"
}

# break_disk NAME: loses that directory, which fsck does not repair by itself.
break_disk() {
  debugfs -w -R 'clri lost' "$1"
  debugfs -w -R 'set_super_value state 2' "$1"
  cp "$1" broken
  run -4 e2fsck -a broken
}

# with_seed_disk NAME: the machine of the next boot has this disk as well.
with_seed_disk() {
  DEVICES="-drive if=none,id=seeds,format=raw,cache=writethrough,file=$1
    -device nvme,drive=seeds,serial=2"
}

# make_starved NAME: makes usr/bin/NAME, a crng that only watches, as if this machine had
# no source that a wait could use, and usr/bin/NAME-real, which it executes. A slow boot
# may take more than a minute, so it waits longer.
make_starved() {
  mkdir -p usr/bin
  rm -f "usr/bin/$1"
  printf '#!/bin/sh\nshift\nexec %s-real wait --passive "$@" -t 1h\n' "$1" >"usr/bin/$1"
  chmod 755 "usr/bin/$1"
  install -m 755 "$CRNG" "usr/bin/$1-real"
}

# boot INITRAMFS DISK [PARAMETER…]: boots the kernel of $TREE without a source of entropy,
# and waits until it is off. $DISK_AS is the kind of the disk, and $DEVICES are further
# arguments of the emulator. The console is in the file console, the report in the file
# report.
boot() {
  local initramfs=$1 disk=$2
  shift 2
  # shellcheck disable=SC2086 # words
  timeout --foreground -k 5 600 setpriv --pdeathsig KILL qemu-system-x86_64 \
    -accel tcg -cpu qemu64 -m 512 -nodefaults -no-reboot -display none \
    -serial file:console -serial file:report -kernel "$(echo "$TREE"/boot/vmlinuz-*)" \
    -initrd "$initramfs" -uuid 11111111-2222-4333-8444-555555555555 \
    -drive "if=none,id=disk,format=raw,cache=writethrough,file=$disk" \
    -device "${DISK_AS:-nvme},drive=disk,serial=1" ${DEVICES:-} \
    -append "console=ttyS0 panic=-1 printk.devkmsg=on no_timer_check random.trust_cpu=off \
      random.trust_bootloader=off root=LABEL=root ro $*" </dev/null
  sed -i 's/\r$//' console report
  grep -q '^finished=yes' report
}

# said KEY: prints the value that the second stage reported for KEY.
said() {
  sed -n "s/^$1=//p" report
}

# stamp TEXT: prints the time since boot of the first kernel message with TEXT, or fails.
stamp() {
  sed -n "s|^.*\[ *\([0-9.]*\)\] $1.*|\1|p" console | head -n 1 | grep ''
}

# before TEXT OTHER: both lines came, in this order.
before() {
  local first second
  if ! first=$(stamp "$1") || ! second=$(stamp "$2"); then
    tail -n 40 console
    return 1
  fi
  echo "# $1: $first s; $2: $second s" >&3
  awk "BEGIN { exit !($first < $second) }"
}

READY='random: crng init done' STAGE='second stage'
