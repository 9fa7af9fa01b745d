#!/usr/bin/env bats
# crng seed: the reasons for which a seed is mixed without credit, and what is then on the disk.
# shellcheck disable=SC2030,SC2031,SC2034,SC2153,SC2154

load helper
load seed

setup() {
  need_seed
}

teardown() {
  [ ! -s zram ] || cat zram >/sys/class/zram-control/hot_remove
  leave_disk
}

# uncredited WHY: a load mixes the seeds in DIR without credit, because of WHY; the
# replacement is not creditable either, and no later boot credits it.
uncredited() {
  run -1 --separate-stderr booting --load
  said "loaded * bits, not credited: $1" || return
  [ "$(mixed) $(state)" = "0 32 seed.no-credit 400 32" ] || { mixed && state && return 1; }
  run -1 --separate-stderr booting --load
  [ "$(mixed)" = "0 32" ]
}

# credited: a load credits the seed in DIR, and the replacement is creditable.
credited() {
  run -0 --separate-stderr booting --load
  said "loaded 256 bits, credited" || return
  [ "$(mixed) $(state)" = "256 32 seed.credit 400 32" ]
}

# fresh [BYTES [MODE]]: DIR has only a seed that is creditable on this machine.
fresh() {
  rm -rf "$DIR"
  seed seed.credit "$@"
  bound "$HERE"
}

# --- the seed ------------------------------------------------------------------------

@test "a seed without any fault is credited" {
  fresh
  credited
}

@test "a seed that is too short is not credited" {
  for bytes in 31 16 1; do
    fresh $bytes
    uncredited "it holds less than 256 bits"
  done
}

@test "a seed whose bytes are all equal is not credited" {
  for byte in '\0' '\377' x; do
    for bytes in 32 512; do
      fresh
      chmod 600 state/seed.credit
      head -c $bytes /dev/zero | tr '\0' "$byte" >state/seed.credit
      chmod 400 state/seed.credit
      uncredited "all of its bytes are equal"
    done
  done
}

@test "a seed that others can use is not credited, whatever the umask is" {
  for mode in 644 440 404 602 420 666; do
    fresh 32 $mode
    uncredited "others can * it (mode 0$mode)"
  done
  for mode in 400 600 700; do
    fresh 32 $mode
    credited
  done
}

@test "a seed that belongs to another user is not credited" {
  [ "$(id -u)" -eq 0 ] || skip "needs root"
  fresh
  chown 12345 state/seed.credit
  uncredited "it belongs to another user"
  # The group does not matter as long as it may do nothing.
  fresh
  chgrp 12345 state/seed.credit
  credited
}

@test "a seed that has another name is not credited, and the other name keeps its bytes" {
  fresh
  ln state/seed.credit other
  old=$(digest other)
  uncredited "it has another name as well"
  [ "$(digest other)" = "$old" ]
  [ "$(stat -c %h other)" -eq 1 ]
}

@test "a good seed beside a bad one that was never creditable is credited" {
  for damage in ":" "chmod 644" "truncate -s 3" "truncate -s 0"; do
    fresh
    seed seed.no-credit 32 600
    $damage state/seed.no-credit
    credited
  done
}

@test "a bad creditable seed beside another one takes the credit from both" {
  fresh 16
  seed seed.no-credit
  uncredited "it holds less than 256 bits"
}

@test "an empty seed is none: nothing is mixed, and it is not kept" {
  for name in seed.credit seed.no-credit; do
    rm -rf state
    seed $name 0
    run -1 --separate-stderr booting --load
    said "no seed yet in state"
    untouched
    run -1 --separate-stderr unready --save
    said "saved 256 bits, not creditable: the RNG is not ready"
    [ "$(state)" = "seed.no-credit 400 32" ]
    rm -rf state
    seed $name 0
    run -0 --separate-stderr ready
    said "no seed yet in state" "saved 256 bits, creditable"
    [ "$(state)" = "seed.credit 400 32" ]
  done
}

@test "an empty file beside a good seed does not matter" {
  fresh
  seed seed.no-credit 0
  credited
}

# --- the machine ---------------------------------------------------------------------

@test "a seed that another machine made is not credited" {
  for other in "$ELSEWHERE" none dt:10000000abcdef01; do
    fresh
    bound "$other"
    uncredited "it was made on another machine"
  done
  machine none
  fresh
  uncredited "it was made on another machine"
}

@test "a seed that came along with a cloned disk is not credited, and a save heals that" {
  fresh
  cp -a state image
  credited
  machine "$ELSEWHERE"
  DIR=image
  uncredited "it was made on another machine"
  run -0 ready --save
  [ "$(cat image/seed.machine)" = "$(fingerprint "$ELSEWHERE")" ]
  credited
}

@test "where the machine cannot be known a seed that is bound is not credited" {
  machine hidden
  fresh
  run -1 --separate-stderr booting --load
  said "loaded 256 bits, not credited: *sysfs*"
  [ "$(mixed)" = "0 32" ]
  [ "$(state)" = "seed.no-credit 400 32" ]
}

@test "where the machine cannot be known a save does not break the binding of the next boot" {
  machine hidden
  mkdir -m 700 state
  run --separate-stderr ready --save
  [[ $status == [01] ]]
  # Whatever is said about the next boot holds.
  saved=$status
  machine "$HERE"
  run --separate-stderr booting --load
  [ "$status" -eq "$saved" ]
}

@test "a record of the machine that is not understood binds to no machine" {
  for record in '' x "$(fingerprint "$HERE")x" "$(fingerprint "$HERE" | tr a-f A-F)" \
    "$(fingerprint "$HERE" | cut -c 1-63)" "none " $'none\nnone'; do
    fresh
    printf '%s\n' "$record" >record
    rm state/seed.machine && mv record state/seed.machine
    run -1 --separate-stderr booting --load
    [[ $stderr == "crng seed: loaded 256 bits, not credited: "* ]]
    [ "$(mixed)" = "0 32" ]
    run -0 ready --save
    [ "$(cat state/seed.machine)" = "$(fingerprint "$HERE")" ]
  done
}

@test "--any-machine credits a seed that another machine made, and binds its replacement" {
  for other in "$ELSEWHERE" none; do
    fresh
    bound "$other"
    run -0 --separate-stderr booting --load --any-machine
    said "loaded 256 bits, credited"
    [ "$(mixed)" = "256 32" ]
    [ "$(state)" = "seed.credit 400 32" ]
  done
  # The replacement was made here.
  credited
}

@test "--any-machine credits where the machine cannot be known" {
  fresh
  rm state/seed.machine
  echo "not understood" >state/seed.machine
  run -0 --separate-stderr booting --load --any-machine
  said "loaded 256 bits, credited"
  [ "$(mixed)" = "256 32" ]
}

@test "--any-machine does not excuse any other fault" {
  fresh 16
  bound "$ELSEWHERE"
  run -1 --separate-stderr booting --load --any-machine
  said "loaded * bits, not credited: it holds less than 256 bits"
  fresh 32 644
  bound "$ELSEWHERE"
  run -1 --separate-stderr booting --load --any-machine
  said "loaded 256 bits, not credited: others can read it (mode 0644)"
}

# --- the place -----------------------------------------------------------------------

# placed: a load in DIR, where something else is mounted over it before. $WHERE mounts, and
# the seed is put there then; the state is in the file "after".
placed() {
  seed seed.credit
  bound "$HERE"
  cp -a "$DIR" seeds
  BEFORE="$WHERE && chmod 700 $DIR && cp -a seeds/. $DIR/"
  AFTER="find $DIR/. -name 'seed.*credit' -printf '%f %m %s\n' >after"
}

@test "a seed in memory is not credited, and neither is one that is saved there" {
  for type in tmpfs ramfs; do
    rm -rf state seeds
    WHERE="mount -t $type none $DIR"
    placed
    run -1 --separate-stderr booting --load
    said "loaded 256 bits, not credited: the file system is in memory"
    [ "$(mixed)" = "0 32" ]
    [ "$(cat after)" = "seed.no-credit 400 32" ]
    run -1 --separate-stderr ready
    said "loaded 256 bits, not credited: the file system is in memory" \
      "saved 256 bits, not creditable: the file system is in memory"
    [ "$(cat after)" = "seed.no-credit 400 32" ]
  done
}

@test "--json and -n tell of a place in memory, too" {
  WHERE="mount -t tmpfs none $DIR"
  placed
  run -1 --separate-stderr ready --json
  valid
  [ "$(member '[.loaded.why, .saved.why, .next_boot_credited]')" = \
    '["the file system is in memory","the file system is in memory",false]' ]
  run -1 --separate-stderr ready -n
  [ "$output" = $'would load 256 bits, not credited: the file system is in memory\nwould save 256 bits, not creditable: the file system is in memory' ]
}

@test "-n foresees that a directory that is missing would be in memory" {
  mkdir memory
  BEFORE="mount -t tmpfs none memory"
  DIR=memory/state
  run -1 --separate-stderr ready -n
  [ "$output" = $'no seed yet in memory/state\nwould save 256 bits, not creditable: the file system is in memory' ]
  run -1 --separate-stderr ready
  said "no seed yet in memory/state" "saved 256 bits, not creditable: the file system is in memory"
}

@test "a seed on a read-only file system is mixed without credit, and the status is 3" {
  fresh
  old=$(whole)
  BEFORE="mount --bind $DIR $DIR && mount -o remount,ro,bind $DIR"
  for options in --load "" --any-machine; do
    # shellcheck disable=SC2086
    run -3 --separate-stderr booting $options
    said_beside "loaded 256 bits, not credited: [Rr]ead-only file system" ||
      [[ ${stderr_lines[0]} == *"loaded 256 bits, not credited: "[Rr]"ead-only file system"* ]]
    [ -z "$output" ]
    [ "$(mixed)" = "0 32" ]
    [ "$(whole)" = "$old" ]
  done
}

@test "each load of a seed that cannot be replaced mixes something else" {
  fresh
  BEFORE="mount --bind $DIR $DIR && mount -o remount,ro,bind $DIR"
  for _ in 1 2 3; do
    run -3 booting --load
    mixed_digest
  done >digests
  [ "$(sort -u digests | wc -l)" -eq 3 ]
}

@test "--json is printed although a load fails, once it has mixed" {
  fresh
  BEFORE="mount --bind $DIR $DIR && mount -o remount,ro,bind $DIR"
  run -3 --separate-stderr booting --json
  valid
  [ "$(member '[.loaded.bits, .loaded.credited, .saved]')" = '[256,false,null]' ]
  [[ $(member .loaded.why) == *'ead-only file system"' ]]
}

@test "a save on a read-only file system is a failure, and the old seed is there" {
  fresh
  old=$(whole)
  BEFORE="mount --bind $DIR $DIR && mount -o remount,ro,bind $DIR"
  run -3 --separate-stderr ready --save
  refused "ead-only file system"
  [ "$(whole)" = "$old" ]
}

@test "a read-only directory without a seed, or none at all, is a failure" {
  mkdir -m 700 state
  BEFORE="mount --bind $DIR $DIR && mount -o remount,ro,bind $DIR"
  run -3 --separate-stderr ready
  [ -z "$output" ]
  [[ $stderr == *"ead-only file system"* ]]
  mkdir outer
  BEFORE="mount --bind outer outer && mount -o remount,ro,bind outer"
  DIR=outer/state
  run -3 --separate-stderr ready
  refused "outer/state"
  [ ! -e outer/state ]
  untouched
}

# overlay UPPER: makes $WHERE mount an overlayfs at DIR with that directory as its upper layer.
overlay() {
  local options="lowerdir=lower,upperdir=$1/upper,workdir=$1/work"
  mkdir -p lower "$1"
  WHERE="mkdir -p $1/upper $1/work && { mount -t overlay none -o $options,userxattr $DIR ||
    mount -t overlay none -o $options $DIR; } 2>/dev/null"
}

need_overlay() {
  mkdir -p state
  BEFORE=$WHERE
  on_machine true 2>/dev/null || skip "overlayfs cannot be mounted here"
  BEFORE=:
}

@test "a seed on an overlayfs whose upper layer is in memory is not credited" {
  overlay layers
  WHERE="mount -t tmpfs none layers && $WHERE"
  need_overlay
  placed
  run -1 --separate-stderr booting --load
  said "loaded 256 bits, not credited: *"
  [[ $stderr == *memory* ]]
  [ "$(mixed)" = "0 32" ]
  [ "$(cat after)" = "seed.no-credit 400 32" ]
  run -1 --separate-stderr ready --save
  said "saved 256 bits, not creditable: *memory*"
}

@test "a seed on an overlayfs without an upper layer is on a read-only file system" {
  fresh
  mkdir lower view
  WHERE="mount -t overlay none -o lowerdir=$DIR:lower view"
  BEFORE=$WHERE
  on_machine true 2>/dev/null || skip "overlayfs cannot be mounted here"
  old=$(whole)
  DIR=view
  run -3 --separate-stderr booting --load
  [[ $stderr == *"loaded 256 bits, not credited: "* ]]
  [ "$(mixed)" = "0 32" ]
  [ "$(whole state)" = "$old" ]
}

@test "a seed on an overlayfs whose upper layer is on a disk is credited" {
  overlay layers
  need_overlay
  placed
  run -0 --separate-stderr booting --load
  said "loaded 256 bits, credited"
  [ "$(mixed)" = "256 32" ]
  [ "$(cat after)" = "seed.credit 400 32" ]
}

@test "a seed on an overlayfs that does not sync is not credited" {
  overlay layers
  WHERE=${WHERE//lowerdir=/volatile,lowerdir=}
  need_overlay
  # A volatile overlay refuses to be mounted a second time.
  discard layers
  mkdir layers
  placed
  run -1 --separate-stderr booting --load
  said "loaded 256 bits, not credited: *volatile*"
  [ "$(mixed)" = "0 32" ]
  [ "$(cat after)" = "seed.no-credit 400 32" ]
}

@test "a seed in the lower layer of an overlayfs stays there, and is not credited" {
  fresh
  mv state lower
  mkdir -m 700 state
  overlay layers
  need_overlay
  old=$(digest lower/seed.credit)
  BEFORE=$WHERE
  AFTER="find $DIR/. -name 'seed.*credit' -printf '%f %m %s\n' >after"
  run -1 --separate-stderr booting --load
  said "loaded 256 bits, not credited: the upper layer of overlayfs does not hold it"
  [ "$(mixed)" = "0 32" ]
  [ "$(cat after)" = "seed.no-credit 400 32" ]
  [ "$(digest lower/seed.credit)" = "$old" ]
}

# on_fuse OPTION…: puts a seed into DIR, over which bindfs is mounted.
on_fuse() {
  need bindfs
  mkdir -p source state
  BEFORE="bindfs $* source $DIR" AFTER="umount $DIR"
  on_machine true 2>/dev/null || skip "bindfs cannot mount here"
  fresh
  rm -rf seeds && cp -a state seeds && rm -r state && mkdir state
  BEFORE="$BEFORE && chmod 700 $DIR; cp -a seeds/. $DIR/"
  AFTER="find source/. -name 'seed.*credit' -printf '%f %m %s\n' >after; umount $DIR"
}

@test "a seed on FUSE is not credited, and neither is one that is saved there" {
  on_fuse
  run -1 --separate-stderr booting --load
  said "loaded 256 bits, not credited: *FUSE*"
  [ "$(mixed)" = "0 32" ]
  [ "$(cat after)" = "seed.no-credit 400 32" ]
  run -1 --separate-stderr ready --save
  said "saved 256 bits, not creditable: *FUSE*"
  run ! grep -x 'seed.credit .*' after
}

@test "a file system that shows a new seed to others gets none that is creditable" {
  on_fuse --perms=a+rX
  run -1 --separate-stderr booting --load
  said "loaded 256 bits, not credited: others can *"
  [ "$(mixed)" = "0 32" ]
  run -1 --separate-stderr ready --save
  said "saved 256 bits, not creditable: others can read what is written here"
  run ! grep -x 'seed.credit .*' after
}

# image OPTION…: $WHERE mounts a file system on a loop device, at DIR.
image() {
  [ "$(id -u)" -eq 0 ] || skip "needs root"
  need mkfs.ext4 losetup
  truncate -s 8M image
  mkfs.ext4 -q -F image
  mkdir -p state
  WHERE="mount -o loop$1 image $DIR"
  BEFORE=$WHERE
  on_machine true 2>/dev/null || skip "no loop device can be mounted here"
  BEFORE=:
}

@test "a seed on a loop device whose file is on a disk is credited" {
  image
  placed
  run -0 --separate-stderr booting --load
  said "loaded 256 bits, credited"
  [ "$(cat after)" = "seed.credit 400 32" ]
}

@test "a seed on a file system without barriers is not credited" {
  for option in nobarrier barrier=0; do
    rm -rf state seeds
    image ,$option
    placed
    run -1 --separate-stderr booting --load
    said "loaded 256 bits, not credited: *barrier*"
    [ "$(mixed)" = "0 32" ]
    [ "$(cat after)" = "seed.no-credit 400 32" ]
  done
}

@test "a seed on a loop device whose file is in memory is not credited" {
  image
  mkdir -p memory
  WHERE="mount -t tmpfs none memory && cp image memory/ && mount -o loop memory/image $DIR"
  placed
  run -1 --separate-stderr booting --load
  said "loaded 256 bits, not credited: *memory*"
  [ "$(mixed)" = "0 32" ]
}

@test "a seed on a RAM disk is not credited" {
  [ "$(id -u)" -eq 0 ] || skip "needs root"
  need mkfs.ext4
  disk=$(ramdisk) || skip "there is no RAM disk that is free"
  mkfs.ext4 -q -F "$disk"
  mkdir -p state
  WHERE="mount $disk $DIR"
  placed
  run -1 --separate-stderr booting --load
  said "loaded 256 bits, not credited: the file system is in memory"
  [ "$(mixed)" = "0 32" ]
}

# ramdisk: makes one, and prints its name; its number is in the file "zram".
ramdisk() {
  local number
  cat /sys/class/zram-control/hot_add >zram 2>/dev/null || return
  number=$(cat zram)
  echo 16M >"/sys/block/zram$number/disksize" && [ -b "/dev/zram$number" ] &&
    echo "/dev/zram$number"
}
