#!/usr/bin/env bats
# Debian's dracut, with the module of crng, and machines that boot its images: an initrd
# with systemd, and one without.
# shellcheck disable=SC2154

load ../helper
load ../packages
load ../initramfs

setup_file() {
  can need_machine || return 0
  export TREE=$BATS_FILE_TMPDIR/bookworm
  make_busybox
  # Without systemd-sysv, there is no program that dracut could copy as reboot.
  make_tree bookworm "$TREE" systemd-sysv
  install_in "$TREE" dracut linux-image-cloud-amd64
  install_crng "$TREE"
  make_images "$TREE"
}

setup() {
  need_machine
  enter_work
}

# make_images TREE: makes an initrd of either kind in its /boot.
make_images() {
  cp -r "$TOP/integration/dracut/50crng" "$1/usr/lib/dracut/modules.d"
  make_image "$1" systemd
  make_image "$1" plain -o 'systemd systemd-initrd dracut-systemd'
}

# make_image TREE NAME OPTION…: for any machine, with few modules.
make_image() {
  local tree=$1 name=$2
  shift 2
  in_tree "$tree" sh -ec 'name=$1 && shift
    dracut -q -f --no-hostonly --no-compress --drivers "nvme ext4" "$@" \
      "/boot/$name.img" "$(ls /lib/modules)"' sh "$name" "$@" >&2
}

@test "the initrd has crng, its libraries and its hooks" {
  for name in systemd plain; do
    run -0 in_tree "$TREE" lsinitrd "/boot/$name.img"
    for path in usr/bin/crng usr/bin/@crng 'hooks/pre-udev/10-crng-gather.sh' \
      'hooks/pre-pivot/50-crng-seed.sh'; do
      has -F "$path"
    done
    while read -r library; do
      has -F "${library#/}"
    done < <(in_tree "$TREE" sh -c "ldd /usr/bin/crng | grep -o '/[^ ]*'")
  done
}

@test "the RNG is ready before the root is switched, and nothing is printed" {
  make_disk disk
  boot "$TREE/boot/plain.img" disk
  before "$READY" "$STAGE"
  [ "$(said bits)" = 256 ]
  run ! grep -E 'crng (wait|seed)|crng:' console
}

# systemd ends all other processes of its initrd.
@test "the boot goes on while the RNG cannot become ready, and the wait survives the switch" {
  make_starved @crng
  with_files "$TREE/boot/systemd.img" usr/bin/@crng usr/bin/@crng-real >starved
  make_disk disk
  boot starved disk systemd.show_status=no
  run ! before "$READY" "$STAGE"
  [ "$(said bits)" -lt 256 ]
  [[ $(said process) == *"wait --passive -q -t 60 -t 1h"* ]]
  [ "$(said open | sort | uniq -c | xargs)" = "1 / 3 /dev/null" ]
  run ! grep -E 'crng (wait|seed)|crng:' console
}

# seeded NAME: boots an initrd with the disk, and adds the hash of the new seed to
# $hashes.
seeded() {
  boot "$TREE/boot/$1.img" disk systemd.show_status=no rd.crng.gather=0 rd.crng.seed=1
  before 'crng seed: loaded 256 bits, credited' "$STAGE"
  before "$READY" "$STAGE"
  [ "$(said seeds)" = "seed.credit,400,32 seed.machine,400,65 " ]
  [[ $(said root) == ro,* ]]
  [ -z "$(said left)" ]
  hashes+=$'\n'$(said hash)
}

@test "at each boot, a new seed on the root is credited before the root is switched" {
  provision
  make_disk disk
  hashes=$(sha256sum <add/var/lib/seedrng/seed.credit)
  seeded plain
  seeded plain
  seeded systemd
  [ "$(sort -u <<<"$hashes" | wc -l)" -eq 4 ]
}

# The kernel considers this disk writable, but each write fails.
@test "a seed on a disk that cannot be written to is mixed in, not credited, and the boot goes on" {
  provision
  make_disk disk
  boot "$TREE/boot/plain.img" disk,readonly=on rd.crng.gather=0 rd.crng.seed=1
  before 'crng seed: .*read-only file system' "$STAGE"
  # With rd.crng.gather=0, nothing makes the kernel gather entropy.
  run ! before "$READY" "$STAGE"
  [ "$(said bits)" -lt 256 ]
  [ -z "$(said process)" ]
}

@test "rd.crng.seed.device is mounted for the load, and a missing one is only reported" {
  make_disk disk
  make_seed_disk seed-disk
  settings='rd.crng.gather=0 rd.crng.seed=1 rd.crng.seed.device=LABEL=SEEDS rd.crng.seed.dir=/seedrng'
  boot "$TREE/boot/plain.img" disk "$settings"
  before 'crng seed: no seed is loaded: there is no LABEL=SEEDS' "$STAGE"
  with_seed_disk seed-disk
  boot "$TREE/boot/plain.img" disk "$settings"
  before 'crng seed: loaded 256 bits, credited' "$STAGE"
  [ -z "$(said left)" ]
  break_disk seed-disk
  boot "$TREE/boot/plain.img" disk "$settings"
  before 'crng seed: loaded 256 bits, not credited: read-only file system' "$STAGE"
}

# functions FILE: prints the functions that both have, without the indentation.
functions() {
  sed -n 's/^\t*//; /^\(log\|no_seed\|is_readonly\|remount\|load_seed\)() {/,/^}/p' "$1"
}

@test "dracut and initramfs-tools load a seed with the same functions" {
  run -0 functions "$TOP/integration/dracut/50crng/crng-seed.sh"
  [ "$(grep -c '^}' <<<"$output")" -eq 5 ]
  diff <(echo "$output") <(functions "$TOP/integration/initramfs-tools/scripts/init-bottom/crng")
}

@test "dracut of Debian 13 gathers and loads a seed as well" {
  provision
  make_disk disk
  TREE=$BATS_TEST_TMPDIR/trixie
  make_tree trixie "$TREE" systemd-sysv
  install_in "$TREE" dracut linux-image-cloud-amd64
  install_crng "$TREE"
  make_images "$TREE"
  boot "$TREE/boot/plain.img" disk
  before "$READY" "$STAGE"
  boot "$TREE/boot/plain.img" disk rd.crng.gather=0 rd.crng.seed=1
  before 'crng seed: loaded 256 bits, credited' "$STAGE"
  [[ $(said root) == ro,* ]]
}
