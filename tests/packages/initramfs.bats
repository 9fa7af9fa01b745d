#!/usr/bin/env bats
# Debian's initramfs-tools, with the hook of crng, and machines that boot its images.
# shellcheck disable=SC2154

load ../helper
load ../packages
load ../initramfs

setup_file() {
  can need_machine || return 0
  export TREE=$BATS_FILE_TMPDIR/bookworm
  make_busybox
  make_kernel_tree bookworm "$TREE"
  cp "$TREE"/boot/initrd.img-* "$BATS_FILE_TMPDIR/without"
  install_hook "$TREE"
  export INITRAMFS=$BATS_FILE_TMPDIR/with
  update "$TREE" >&3
  cp "$TREE"/boot/initrd.img-* "$INITRAMFS"
}

setup() {
  need_machine
  enter_work
}

# make_kernel_tree SUITE TREE: a tree with initramfs-tools and a kernel.
make_kernel_tree() {
  make_tree "$1" "$2" initramfs-tools busybox zstd
  echo COMPRESSLEVEL=1 >"$2/etc/initramfs-tools/conf.d/quick"
  install_in "$2" linux-image-cloud-amd64
}

# install_hook TREE: as the package does.
install_hook() {
  install_crng "$1"
  cp -r "$TOP"/integration/initramfs-tools/{hooks,scripts} "$1/usr/share/initramfs-tools"
  cp "$TOP/integration/initramfs-tools/conf.d/crng" "$1/etc/initramfs-tools/conf.d"
}

update() {
  in_tree "$1" update-initramfs -u
}

# listed TREE: the files of its initramfs.
listed() {
  in_tree "$1" sh -c 'lsinitramfs /boot/initrd.img-*'
}

@test "the initramfs has crng, its libraries, its scripts and its configuration" {
  run -0 listed "$TREE"
  for path in usr/bin/crng scripts/init-top/crng scripts/init-bottom/crng conf/conf.d/crng; do
    has -x "$path"
  done
  while read -r library; do
    has -F "${library#/}"
  done < <(in_tree "$TREE" sh -c "ldd /usr/bin/crng | grep -o '/[^ ]*'")
  # Before udev, which first waits for all devices, and before overlayroot.
  run -0 in_tree "$TREE" sh -c 'cd /tmp && rm -rf i && unmkinitramfs /boot/initrd.img-* i &&
    cat $(find i -path "*init-top/ORDER") && cat $(find i -path "*init-bottom/ORDER")'
  [ "$(grep -n 'init-top/crng' <<<"$output" | cut -d : -f 1)" -lt \
    "$(grep -n 'init-top/udev' <<<"$output" | cut -d : -f 1)" ]
  [ "$(grep -n 'init-bottom/crng' <<<"$output" | cut -d : -f 1)" -lt \
    "$(grep -n 'init-bottom/udev' <<<"$output" | cut -d : -f 1)" ]
}

@test "crng-static goes into the initramfs as crng where it is installed" {
  printf '#!/bin/sh\n# the static one\n' >"$TREE/usr/bin/crng-static"
  chmod 755 "$TREE/usr/bin/crng-static"
  run -0 in_tree "$TREE" sh -c 'mkinitramfs -o /tmp/static $(ls /lib/modules) &&
    unmkinitramfs /tmp/static /tmp/s && grep -rh "the static one" /tmp/s'
  rm "$TREE/usr/bin/crng-static"
  [ "$output" = "# the static one" ]
}

@test "with the hook the RNG is ready before the root is switched, and nothing is printed" {
  make_disk disk
  boot "$INITRAMFS" disk
  before "$READY" "$STAGE"
  [ "$(said bits)" = 256 ]
  run ! grep -E 'crng (wait|seed)|crng:' console
}

@test "without the hook the RNG is not ready before the root is switched" {
  make_disk disk
  boot "$BATS_FILE_TMPDIR/without" disk
  run ! before "$READY" "$STAGE"
  [ "$(said bits)" -lt 256 ]
}

@test "the boot goes on while the RNG cannot become ready" {
  make_starved crng
  with_files "$INITRAMFS" usr/bin/crng usr/bin/crng-real >starved
  make_disk disk
  boot starved disk
  run ! before "$READY" "$STAGE"
  [ "$(said bits)" -lt 256 ]
  [[ $(said process) == *"wait --passive -q -t 60 -t 1h"* ]]
  [ "$(said open | sort | uniq -c | xargs)" = "1 / 3 /dev/null" ]
  run ! grep -E 'crng (wait|seed)|crng:' console
}

@test "at each boot, a new seed on the root is credited before the root is switched" {
  provision
  make_disk disk
  configured=$(configure CRNG_GATHER=no CRNG_SEED=yes)
  hashes=$(sha256sum <add/var/lib/seedrng/seed.credit)
  for _ in 1 2; do
    boot "$configured" disk
    before 'crng seed: loaded 256 bits, credited' "$STAGE"
    before "$READY" "$STAGE"
    grep -F 'crng seed: saved 256 bits, creditable' console
    [ "$(said bits)" = 256 ]
    [ "$(said seeds)" = "seed.credit,400,32 seed.machine,400,65 " ]
    # The root is as the kernel's parameter says.
    [[ $(said root) == ro,* ]]
    [ -z "$(said left)" ]
    hashes+=$'\n'$(said hash)
  done
  [ "$(sort -u <<<"$hashes" | wc -l)" -eq 3 ]
}

@test "a seed on a disk that cannot be written to is mixed in, not credited, and the boot goes on" {
  provision
  make_disk disk
  configured=$(configure CRNG_GATHER=no CRNG_SEED=yes)
  sum=$(sha256sum <disk)
  DISK_AS=virtio-blk-pci boot "$configured" disk,readonly=on
  before 'crng seed: loaded 256 bits, not credited: read-only file system' "$STAGE"
  [ "$(sha256sum <disk)" = "$sum" ]
  # With CRNG_GATHER=no, nothing makes the kernel gather entropy.
  run ! before "$READY" "$STAGE"
  [ "$(said bits)" -lt 256 ]
  [ -z "$(said process)" ]
}

@test "CRNG_SEED_DEVICE is mounted for the load, and a missing one is only reported" {
  need mkfs.vfat mcopy mdir
  make_disk disk
  provision
  truncate -s 4M esp
  mkfs.vfat -n SEEDS esp
  mmd -i esp ::/crng
  mcopy -i esp add/var/lib/seedrng/seed.credit ::/crng/seed.credit
  # The hook adds what vfat needs.
  run -0 with_settings CRNG_GATHER=no CRNG_SEED=yes CRNG_SEED_DEVICE=LABEL=SEEDS CRNG_SEED_DIR=crng \
    CRNG_SEED_OPTIONS=umask=077
  [ "$(grep -c ^W: <<<"$output")" -eq 1 ]
  has -F 'W: crng: CRNG_SEED_DEVICE=LABEL=SEEDS is not here'
  boot "$TREE/tmp/image" disk
  before 'crng seed: no seed is loaded: there is no LABEL=SEEDS' "$STAGE"
  with_seed_disk esp
  for _ in 1 2; do
    boot "$TREE/tmp/image" disk
    before 'crng seed: loaded 256 bits, credited' "$STAGE"
    [ -z "$(said left)" ]
  done
  mdir -b -i esp ::/crng | grep -F seed.machine
}

# with_settings SETTING…: makes /tmp/image of the tree, with these settings in conf.d/crng.
with_settings() {
  rm -rf "$TREE/tmp/confdir"
  cp -a "$TREE/etc/initramfs-tools" "$TREE/tmp/confdir"
  printf '%s\n' "$@" >>"$TREE/tmp/confdir/conf.d/crng"
  in_tree "$TREE" sh -c 'mkinitramfs -d /tmp/confdir -o /tmp/image "$(ls /lib/modules)"'
}

@test "nothing is written to a CRNG_SEED_DEVICE whose errors fsck does not repair" {
  need debugfs e2fsck
  make_disk disk
  make_seed_disk seed-disk
  settings=(CRNG_GATHER=no CRNG_SEED=yes CRNG_SEED_DIR=/seedrng)
  # As long as the device has a name, the hook adds what its file system needs.
  cp seed-disk "$TREE/tmp"
  run -0 with_settings "${settings[@]}" CRNG_SEED_DEVICE=/tmp/seed-disk
  [ -z "$output" ]
  break_disk seed-disk
  INITRAMFS=$TREE/tmp/image
  configured=$(configure "${settings[@]}" CRNG_SEED_DEVICE=LABEL=SEEDS)
  with_seed_disk seed-disk
  boot "$configured" disk
  before 'crng seed: loaded 256 bits, not credited: read-only file system' "$STAGE"
  [ -z "$(said left)" ]
  run e2fsck -y seed-disk
  boot "$configured" disk
  before 'crng seed: loaded 256 bits, credited' "$STAGE"
}

@test "a setting that is not understood is reported when the initramfs is built" {
  cp -a "$TREE/etc/initramfs-tools/conf.d/crng" saved
  for setting in CRNG_SEED=on CRNG_GATHER=; do
    echo "$setting" >>"$TREE/etc/initramfs-tools/conf.d/crng"
    run -0 update "$TREE"
    has -F "W: crng: /etc/initramfs-tools/conf.d/crng: $setting: neither yes nor no"
    cp -a saved "$TREE/etc/initramfs-tools/conf.d/crng"
  done
}

@test "a missing program, directory or configuration does not stop the boot" {
  make_disk disk
  boot "$(configure CRNG_SEED=yes CRNG_SEED_DIR=/no/such/directory)" disk
  before 'crng seed: no seed is loaded: there is no directory /no/such/directory on the root' "$STAGE"
  mkdir -p usr/bin
  printf '\177ELF' >usr/bin/crng
  chmod 755 usr/bin/crng
  with_files "$(configure CRNG_SEED=yes)" usr/bin/crng >broken
  boot broken disk
  run -0 stamp "$STAGE"
}

@test "Debian 13 gathers and loads a seed as well" {
  provision
  make_disk disk
  TREE=$BATS_TEST_TMPDIR/trixie
  make_kernel_tree trixie "$TREE"
  install_hook "$TREE"
  update "$TREE"
  cp "$TREE"/boot/initrd.img-* "$BATS_TEST_TMPDIR/with"
  INITRAMFS=$BATS_TEST_TMPDIR/with
  run -0 listed "$TREE"
  has -F usr/bin/crng
  boot "$INITRAMFS" disk
  before "$READY" "$STAGE"
  boot "$(configure CRNG_GATHER=no CRNG_SEED=yes)" disk
  before 'crng seed: loaded 256 bits, credited' "$STAGE"
  before "$READY" "$STAGE"
  [[ $(said root) == ro,* ]]
}
