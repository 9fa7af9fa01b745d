#!/usr/bin/env bats
# crng seed --purge and --provision: seeds in images.
# shellcheck disable=SC2154,SC2030,SC2031

load helper

setup() {
  enter_work
}

# places: where the table of status knows seeds, and what crng keeps beside them.
places() {
  sed -nE 's/^\t\{ "[^"]+", "(\/[^"]+)",.*/\1/p' "$TOP/src/status/seeds.c"
  printf '/var/lib/seedrng/%s\n' seed.machine seed.new seed.machine.new
}

# put TREE PLACE…: a file at each of the places.
put() {
  local tree=$1 place
  shift
  for place; do
    mkdir -p "$tree${place%/*}"
    echo seed >"$tree$place"
  done
}

# snapshot TREE: all that can be seen of it.
snapshot() {
  find "$1" -printf '%p %y %m %s %n %l %T@\n' | sort
}

purge() {
  "$CRNG" seed --purge "$@"
}

# silent: neither a word nor a warning.
silent() {
  [ -z "$output" ] && [ -z "$stderr" ]
}

@test "--purge removes the seeds of all keepers, names each, and touches nothing else" {
  [ "$(places | wc -l)" -ge 15 ]
  mapfile -t all < <(places)
  put tree "${all[@]}"
  put tree /var/lib/systemd/other /var/lib/seedrng/other /etc/other /random-seed
  run -0 --separate-stderr purge --sysroot=tree
  [ "$output" = "$(places | sed 's/^/removed /')" ]
  [ -z "$stderr" ]
  [ "$(find tree -type f | sort)" = \
    $'tree/etc/other\ntree/random-seed\ntree/var/lib/seedrng/other\ntree/var/lib/systemd/other' ]
  [ -d tree/boot/efi/loader ]
}

@test "--purge that finds no seed says so, and succeeds" {
  put tree /var/lib/seedrng/seed.credit
  purge --sysroot=tree
  mkdir empty
  for tree in tree empty; do
    run -0 --separate-stderr purge --sysroot="$tree"
    [ -z "$output" ]
    [ "$stderr" = "crng seed: no seed found" ]
  done
}

@test "--purge -n says what would be removed, and removes nothing" {
  mapfile -t all < <(places)
  put tree "${all[@]}"
  before=$(snapshot tree)
  run -0 --separate-stderr purge -n --sysroot=tree
  [ "$output" = "$(places | sed 's/^/would remove /')" ]
  [ -z "$stderr" ]
  [ "$(snapshot tree)" = "$before" ]
}

@test "--purge -n counts a file once that two of the places lead to" {
  put tree /boot/loader/random-seed
  ln -s boot tree/efi
  run -0 --separate-stderr purge -n --sysroot=tree
  [ "$output" = "would remove /efi/loader/random-seed" ]
  run -0 --separate-stderr purge --sysroot=tree
  [ "$output" = "removed /efi/loader/random-seed" ]
}

@test "--purge -q is silent but for errors, and -v says where it has looked" {
  put tree /etc/random-seed /etc/machine-id
  run -0 --separate-stderr purge -q --sysroot=tree
  silent
  [ ! -e tree/etc/random-seed ]
  run -0 --separate-stderr purge -q --sysroot=tree
  silent
  ln -s away tree/etc/random-seed
  run -3 --separate-stderr purge -q --sysroot=tree
  [ -z "$output" ]
  [ "${stderr_lines[0]}" = "crng seed: /etc/random-seed: not removed: it is a symbolic link" ]
  rm tree/etc/random-seed
  put tree /etc/random-seed
  run -0 --separate-stderr purge -v --sysroot=tree
  [ "$output" = "removed /etc/random-seed" ]
  [ "$(grep -c '^crng seed: nothing at /' <<<"$stderr")" -eq "$(($(places | wc -l) - 1))" ]
  [[ $stderr == *"crng seed: nothing at /efi/loader/random-seed (systemd-boot)"* ]]
}

@test "--purge leaves alone what is no regular file, says what it is, and removes the rest" {
  put tree /var/lib/systemd/random-seed /var/lib/urandom/random-seed /target
  mkdir -p tree/var/lib/{seedrng,rngseed,misc} tree/efi/loader
  ln -s /target tree/var/lib/seedrng/seed.credit
  ln -s /nowhere tree/var/lib/seedrng/seed.no-credit
  mkfifo tree/var/lib/rngseed/seed
  mkdir tree/efi/loader/random-seed
  need python3
  mkdir tree/etc
  (cd tree/etc && python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("urandom.seed")')
  for option in -n ''; do
    run -3 --separate-stderr purge $option --sysroot=tree
    [ "$(grep -c remove <<<"$output")" -eq 2 ]
    [ "$(grep -v '^Remove the file that it leads to' <<<"$stderr" | sed 's/^crng seed: //')" = \
      "/var/lib/seedrng/seed.credit: not removed: it is a symbolic link
/var/lib/seedrng/seed.no-credit: not removed: it is a symbolic link
/etc/urandom.seed: not removed: it is a socket
/var/lib/rngseed/seed: not removed: it is a pipe
/efi/loader/random-seed: not removed: it is a directory" ]
  done
  [ -L tree/var/lib/seedrng/seed.credit ]
  [ -L tree/var/lib/seedrng/seed.no-credit ]
  [ -p tree/var/lib/rngseed/seed ]
  [ -S tree/etc/urandom.seed ]
  [ -d tree/efi/loader/random-seed ]
  [ "$(cat tree/target)" = seed ]
  [ ! -e tree/var/lib/systemd/random-seed ]
  [ ! -e tree/var/lib/urandom/random-seed ]
}

@test "--purge leaves a device alone" {
  mkdir -p tree/etc
  mknod tree/etc/random-seed c 1 3 2>/dev/null || skip "no device can be made here"
  run -3 --separate-stderr purge --sysroot=tree
  [ -z "$output" ]
  [ "$stderr" = "crng seed: /etc/random-seed: not removed: it is a device" ]
  [ -c tree/etc/random-seed ]
}

@test "--purge removes a name, and fails if the file has another one" {
  put tree /var/lib/systemd/random-seed /etc/random-seed
  ln tree/etc/random-seed tree/backup
  run -3 --separate-stderr purge -n --sysroot=tree
  [ "$output" = $'would remove /var/lib/systemd/random-seed\nwould remove /etc/random-seed' ]
  [ "${stderr_lines[0]}" = "crng seed: /etc/random-seed: another name of it would remain" ]
  run -3 --separate-stderr purge --sysroot=tree
  [ "$output" = $'removed /var/lib/systemd/random-seed\nremoved /etc/random-seed' ]
  [ "${stderr_lines[0]}" = "crng seed: /etc/random-seed: another name of it remains" ]
  command=$(sed -nE "s/^Find it on its file system with '(.*)', and remove it\.$/\1/p" <<<"$stderr")
  [ "$(${command/DIR/tree})" = tree/backup ]
  [ "$(cat tree/backup)" = seed ]
}

@test "--purge is content with two names of one file where it removes both" {
  put tree /var/lib/seedrng/seed.credit
  mkdir tree/etc
  ln tree/var/lib/seedrng/seed.credit tree/etc/random-seed
  for option in -n ''; do
    run -0 --separate-stderr purge $option --sysroot=tree
    [ "${#lines[@]}" -eq 2 ]
    [ -z "$stderr" ]
  done
}

# confined CMD…: of a tree whose links lead outside, CMD removes what they lead to within
# the tree, and nothing else.
confined() {
  rm -rf outside tree
  mkdir -p outside/{loader,lib/systemd,lib/seedrng} tree/outside
  put . /outside/loader/random-seed /outside/lib/systemd/random-seed /outside/lib/seedrng/seed.credit
  put tree /private/var/lib/random-seed /outside/loader/random-seed /outside/lib/seedrng/seed.credit
  ln -s ../../outside tree/boot
  ln -s "$PWD/outside" tree/efi
  ln -s /private/var tree/var
  ln -s ../../../../../../outside/lib/seedrng tree/private/var/lib/seedrng
  run -0 --separate-stderr "$@" --sysroot=tree
  [ -z "$stderr" ]
  [ "$output" = "removed /var/lib/seedrng/seed.credit
removed /var/lib/random-seed
removed /boot/loader/random-seed" ]
  [ "$(find outside -type f | wc -l)" -eq 3 ]
  [ -z "$(find tree -type f)" ]
}

@test "--purge follows the links on the way as if the tree were the root" {
  confined "$CRNG" seed --purge
}

@test "--purge stays in the tree where the kernel has no openat2, or forbids it" {
  need strace
  for error in ENOSYS EPERM EAGAIN; do
    confined env ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o trace -e trace=openat2 \
      -e "inject=openat2:error=$error" "$CRNG" seed --purge
    grep -q INJECTED trace
  done
}

@test "--purge fails where a link leads round in circles, and removes the rest" {
  put tree /etc/random-seed
  ln -s loop tree/loop
  ln -s loop tree/var
  run -3 --separate-stderr purge --sysroot=tree
  [ "$output" = "removed /etc/random-seed" ]
  [ "${stderr_lines[0]}" = "crng seed: /var/lib/systemd/random-seed: not removed: $(error_words ELOOP)" ]
}

@test "--purge needs a directory as its sysroot" {
  : >file
  mkdir -p $'odd\n\e[31m\\'
  run -3 --separate-stderr purge --sysroot=missing
  [ -z "$output" ]
  [ "$stderr" = "crng seed: missing: No such file or directory" ]
  run -3 --separate-stderr purge --sysroot=file
  [ -z "$output" ]
  [ "$stderr" = "crng seed: file: Not a directory" ]
  run -3 --separate-stderr purge --sysroot=$'odd\n\e[31m'
  [ "$stderr" = 'crng seed: odd\x0a\x1b[31m: No such file or directory' ]
  put $'odd\n\e[31m\\' /etc/random-seed
  run -0 --separate-stderr purge --sysroot=$'odd\n\e[31m\\'
  [ "$output" = "removed /etc/random-seed" ]
}

@test "--purge finds nothing where something other than a directory is in the way" {
  mkdir tree
  : >tree/var
  ln -s nowhere tree/etc
  mkfifo tree/efi
  run -0 --separate-stderr purge --sysroot=tree
  [ -z "$output" ]
  [ "$stderr" = "crng seed: no seed found" ]
}

@test "--purge follows a link to the sysroot, and takes the path from the current directory" {
  put tree /etc/random-seed
  ln -s tree link
  cd tree/etc || return
  run -0 --separate-stderr purge -n --sysroot=../../link
  [ "$output" = "would remove /etc/random-seed" ]
  run -0 --separate-stderr purge --sysroot=..
  [ "$output" = "removed /etc/random-seed" ]
}

# need_limits: puts a command into $AS that runs another one to which the modes of files
# apply, whoever runs the tests.
need_limits() {
  AS=()
  [ "$(id -u)" -eq 0 ] || return 0
  need setpriv
  AS=(setpriv --bounding-set=-all --inh-caps=-all)
  "${AS[@]}" true || skip "no capability can be dropped here"
}

@test "--purge without the permission names the file, removes the rest, and -n knows it" {
  need_limits
  put tree /etc/random-seed /var/lib/random-seed /var/lib/systemd/random-seed
  chmod 555 tree/etc
  chmod 0 tree/var/lib/systemd
  for option in -n ''; do
    run -3 --separate-stderr "${AS[@]}" "$CRNG" seed --purge $option --sysroot=tree
    [[ $output =~ ^(would )?removed?\ /var/lib/random-seed$ ]]
    [ "$stderr" = "crng seed: /var/lib/systemd/random-seed: not removed: Permission denied
crng seed: /etc/random-seed: not removed: Permission denied" ]
  done
  chmod 755 tree/etc tree/var/lib/systemd
  [ -e tree/etc/random-seed ]
  [ ! -e tree/var/lib/random-seed ]
}

@test "--purge on a read-only file system fails with the reason, and so does -n" {
  need_mounts
  put tree /etc/random-seed /var/lib/random-seed
  for option in -n ''; do
    run -3 --separate-stderr own_mounts sh -c '
      mount --bind tree/etc tree/etc && mount -o remount,bind,ro tree/etc &&
        exec "$1" seed --purge $2 --sysroot=tree' sh "$CRNG" "$option"
    [[ $output =~ ^(would )?removed?\ /var/lib/random-seed$ ]]
    [ "$stderr" = "crng seed: /etc/random-seed: not removed: Read-only file system" ]
  done
  [ -e tree/etc/random-seed ]
}

@test "--purge does not remove a mount point" {
  need_mounts
  put tree /etc/random-seed /var/lib/random-seed
  : >other
  run -3 --separate-stderr own_mounts sh -c '
    mount --bind other tree/etc/random-seed && exec "$1" seed --purge --sysroot=tree' sh "$CRNG"
  [ "$output" = "removed /var/lib/random-seed" ]
  [ "$stderr" = "crng seed: /etc/random-seed: not removed: $(error_words EBUSY)" ]
}

# on_image MKFS CMD…: runs CMD as root with an image that MKFS has formatted at tree.
on_image() {
  local mkfs=$1 status=0
  shift
  mkdir -p tree
  truncate -s 64M image
  # shellcheck disable=SC2086
  $mkfs image >/dev/null 2>&1 || skip "no file system of ${mkfs%% *}"
  own_mounts sh -c 'mount -o loop image tree 2>/dev/null || exit 77
    "$@"; status=$?; umount tree; exit "$status"' sh "$@" || status=$?
  [ "$status" -ne 77 ] || skip "the image of ${mkfs%% *} cannot be mounted here"
  return "$status"
}

need_images() {
  [ "$(id -u)" -eq 0 ] || skip "only root may mount images"
  need_mounts
}

@test "--purge names an immutable file, removes the rest, and works once it is mutable" {
  need_images
  need mkfs.ext4 chattr
  on_image 'mkfs.ext4 -q' bash -c '
    mkdir -p tree/etc tree/var/lib/seedrng
    touch tree/etc/random-seed tree/var/lib/seedrng/seed.credit
    chattr +i tree/etc/random-seed || exit 77
    "$1" seed --purge --sysroot=tree >out 2>err
    [ $? -eq 3 ] || exit 1
    chattr -i tree/etc/random-seed
    "$1" seed --purge --sysroot=tree >>out 2>>err' bash "$CRNG"
  [ "$(cat out)" = $'removed /var/lib/seedrng/seed.credit\nremoved /etc/random-seed' ]
  [ "$(cat err)" = "crng seed: /etc/random-seed: not removed: Operation not permitted" ]
}

@test "--purge finds the seed of an EFI system partition" {
  need_images
  need mkfs.vfat
  ln -s tree efi
  on_image mkfs.vfat sh -c '
    mkdir tree/LOADER && echo seed >tree/LOADER/RANDOM-SEED &&
    "$1" seed --purge --sysroot=. >out 2>err && ls -A tree/loader' sh "$CRNG"
  [ "$(cat out)" = "removed /efi/loader/random-seed" ]
  [ ! -s err ]
}

# injected EXPRESSION TRACE CALLS ARG…: purges tree while calls fail; the calls go to TRACE.
injected() {
  local expression=$1 trace=$2 calls=$3
  shift 3
  ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" strace -f -qq -o "$trace" \
    -e "trace=$calls" -e "inject=$expression" "$CRNG" seed --purge --sysroot=tree "$@"
}

@test "--purge syncs the directory of each file after its removal, and opens none" {
  need strace
  put tree /var/lib/systemd/random-seed /etc/random-seed /etc/ssh/ssh_host_rsa_key
  run -0 traced trace "$CRNG" seed --purge --sysroot=tree
  [ "$(grep -oE '(unlinkat|fsync)\(' trace | tr -d '\n')" = "unlinkat(fsync(unlinkat(fsync(" ]
  run ! grep -E 'open.*(random-seed|_key)"' trace
  run -0 traced trace "$CRNG" seed --purge -n --sysroot=tree
  run ! grep -E 'unlink|sync\(' trace
}

@test "--purge fails where the directory cannot be synced, and has removed the name" {
  need strace
  put tree /etc/random-seed /var/lib/random-seed
  run -3 --separate-stderr injected fsync:error=EIO trace fsync
  [ "$output" = $'removed /var/lib/random-seed\nremoved /etc/random-seed' ]
  [ "${stderr_lines[1]}" = \
    "crng seed: /etc/random-seed: removed, but this may not outlast a power cut: $(error_words EIO)" ]
}

@test "--purge syncs the whole file system where it cannot sync a directory" {
  need strace
  put tree /etc/random-seed
  run -0 --separate-stderr injected fsync:error=EINVAL trace fsync,syncfs
  [ "$output" = "removed /etc/random-seed" ]
  [ -z "$stderr" ]
  grep -q '^[0-9]* *syncfs(.*= 0$' trace
}

@test "--purge names a file that cannot be removed, and the reason" {
  need strace
  put tree /etc/random-seed
  run -3 --separate-stderr injected unlinkat:error=EIO trace unlinkat
  [ -z "$output" ]
  [ "$stderr" = "crng seed: /etc/random-seed: not removed: $(error_words EIO)" ]
}

@test "several --purge at once remove each file once, and all succeed" {
  mapfile -t all < <(places)
  for _ in {1..10}; do
    put tree "${all[@]}"
    pids=()
    for i in {1..6}; do
      purge --sysroot=tree >"out.$i" 2>"err.$i" &
      pids+=($!)
    done
    for pid in "${pids[@]}"; do wait "$pid"; done
    [ "$(sort out.*)" = "$(places | sed 's/^/removed /' | sort)" ]
    run ! sh -c 'cat err.* | grep -vFx "crng seed: no seed found"'
    [ -z "$(find tree -type f)" ]
  done
}

@test "--purge names the machine-id and the host keys, and leaves them alone" {
  put tree /etc/machine-id /var/lib/dbus/machine-id /etc/ssh/ssh_host_{rsa,ed25519}_key \
    /etc/ssh/ssh_host_rsa_key.pub /etc/ssh/ssh_config /etc/dropbear/dropbear_rsa_host_key
  before=$(snapshot tree)
  for option in -n ''; do
    run -0 --separate-stderr purge $option --sysroot=tree
    [ -z "$output" ]
    [ "$(grep '^crng seed: ' <<<"$stderr" | sed 's/^crng seed: //' | sort)" = \
      "left alone: /etc/dropbear/dropbear_rsa_host_key
left alone: /etc/machine-id
left alone: /etc/ssh/ssh_host_ed25519_key
left alone: /etc/ssh/ssh_host_rsa_key
left alone: /var/lib/dbus/machine-id
no seed found" ]
    [[ $stderr == *"Copies of this image would share them: "* ]]
  done
  [ "$(snapshot tree)" = "$before" ]
}

@test "--purge does not name a machine-id that each machine makes for itself" {
  mkdir -p tree/etc tree/var/lib/dbus
  for id in '' $'uninitialized\n' uninitialized; do
    printf %s "$id" >tree/etc/machine-id
    ln -sf /etc/machine-id tree/var/lib/dbus/machine-id
    run -0 --separate-stderr purge --sysroot=tree
    [ "$stderr" = "crng seed: no seed found" ]
  done
  echo 0123 >tree/etc/machine-id
  run -0 --separate-stderr purge --sysroot=tree
  [ "$(grep -c 'left alone' <<<"$stderr")" -eq 1 ]
  [[ $stderr == *"crng seed: left alone: /etc/machine-id"* ]]
}

@test "--purge says which of these it cannot read" {
  need_limits
  put tree /etc/machine-id /etc/dropbear/dropbear_rsa_host_key
  chmod 0 tree/etc/machine-id tree/etc/dropbear
  run -0 --separate-stderr "${AS[@]}" "$CRNG" seed --purge --sysroot=tree
  chmod 700 tree/etc/dropbear
  [ -z "$output" ]
  [ "$(grep 'left alone' <<<"$stderr")" = \
    "crng seed: left alone: /etc/machine-id: Permission denied
crng seed: left alone: /etc/dropbear/: Permission denied" ]
}

@test "--purge shows the name of a host key without its control characters" {
  put tree $'/etc/ssh/ssh_host_\e[31m\n_key'
  run -0 --separate-stderr purge --sysroot=tree
  [ "${stderr_lines[1]}" = 'crng seed: left alone: /etc/ssh/ssh_host_\x1b[31m\x0a_key' ]
}

@test "--purge of the running system says that a new seed may come at shutdown" {
  need_mounts
  run -0 --separate-stderr own_mounts sh -c '
    for directory in /var/lib /etc /boot /efi; do
      [ ! -d "$directory" ] || mount -t tmpfs none "$directory" || exit
    done
    mkdir /var/lib/seedrng && echo seed >/var/lib/seedrng/seed.credit
    "$1" seed --purge -n && "$1" seed --purge && ls -A /var/lib/seedrng' sh "$CRNG"
  [ "$output" = $'would remove /var/lib/seedrng/seed.credit\nremoved /var/lib/seedrng/seed.credit' ]
  [ "$(grep -c '^This system is running, ' <<<"$stderr")" -eq 2 ]
  run --separate-stderr purge -n --sysroot=/
  [[ $stderr == *"This system is running, "* ]]
  mkdir tree
  run -0 --separate-stderr purge --sysroot=tree
  [[ $stderr != *"This system is running"* ]]
}

@test "--purge removes all, whatever becomes of standard output" {
  put tree /etc/random-seed /var/lib/random-seed
  run -3 --separate-stderr sh -c '"$1" seed --purge --sysroot=tree >/dev/full' sh "$CRNG"
  [ "$stderr" = "crng seed: standard output: No space left on device" ]
  [ -z "$(find tree -type f)" ]
  put tree /etc/random-seed /var/lib/random-seed
  "$CRNG" seed --purge --sysroot=tree 2>&1 | true
  [ -z "$(find tree -type f)" ]
}

provision() {
  "$CRNG" seed --provision --sysroot=tree
}

SEEDS=tree/var/lib/seedrng

# refused TEXT: --provision fails with 3 and TEXT in its first line, and changes nothing.
refused() {
  local before
  before=$(snapshot tree)
  run -3 --separate-stderr provision
  [ -z "$output" ]
  [ "${stderr_lines[0]}" = "crng seed: $1" ]
  [[ ${stderr_lines[1]} == *"No seed was written." ]]
  [ "$(snapshot tree)" = "$before" ]
}

@test "--provision puts one private seed into a private directory, and nothing else" {
  mkdir -p tree/var/lib
  run -0 --separate-stderr provision
  [ -z "$output" ]
  [ "${stderr_lines[0]}" = "crng seed: provisioned 256 bits, creditable" ]
  [ "$(cd tree/var/lib && find . -type f -printf '%p %m %s %n ' -o -printf '%p %m ' | sort)" = \
    ". 755 ./seedrng 700 ./seedrng/seed.credit 400 32 1 " ]
  [ "$(find tree | wc -l)" -eq 5 ]
}

@test "--provision -q is silent for root, and -v says where the seed is" {
  mkdir -p tree/var/lib
  run -0 --separate-stderr "${UNSHARE[@]}" "$CRNG" seed --provision --sysroot=tree -q
  silent
  purge --sysroot=tree
  run -0 --separate-stderr "${UNSHARE[@]}" "$CRNG" seed --provision --sysroot=tree -v
  [ -z "$output" ]
  [ "$stderr" = "crng seed: provisioned 256 bits, creditable
crng seed: the seed is in /var/lib/seedrng/seed.credit
crng seed: the first load binds it to its machine: use this image for one device only" ]
}

@test "--provision gives each image a seed of its own, whatever the umask" {
  for mask in 000 022 077 777; do
    mkdir -p "tree.$mask/var/lib"
    (umask "$mask" && "$CRNG" seed --provision --sysroot="tree.$mask")
    [ "$(stat -c %a "tree.$mask/var/lib/seedrng" "tree.$mask/var/lib/seedrng/seed.credit" | xargs)" = "700 400" ]
  done
  [ "$(sha256sum tree.*/var/lib/seedrng/seed.credit | cut -d ' ' -f 1 | sort -u | wc -l)" -eq 4 ]
}

@test "--provision warns if the seed does not belong to root, even with -q" {
  local as=()
  if [ "$(id -u)" -eq 0 ]; then
    need setpriv
    # The directory of the test is root's alone.
    as=(setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=+dac_override
      --ambient-caps=+dac_override)
    "${as[@]}" test -x "$CRNG" || skip "no capability can be passed on here"
  fi
  local uid
  uid=$("${as[@]}" id -u)
  mkdir -p tree/var/lib
  run -0 --separate-stderr "${as[@]}" "$CRNG" seed --provision --sysroot=tree -q
  [ -z "$output" ]
  [ "${stderr_lines[0]}" = \
    "crng seed: /var/lib/seedrng: belongs to user $uid: the device credits only a seed that root owns" ]
}

@test "--provision refuses a tree that has a seed, or the record of a machine" {
  for name in seed.credit seed.no-credit seed.machine; do
    rm -rf tree
    put tree "/var/lib/seedrng/$name"
    chmod 700 "$SEEDS"
    refused "/var/lib/seedrng/$name: already there"
    [ "${stderr_lines[1]}" = "Remove it with 'crng seed --purge --sysroot=DIR'. No seed was written." ]
    ln -sf /nowhere "$SEEDS/$name"
    refused "/var/lib/seedrng/$name: already there"
    rm "$SEEDS/$name"
    mkdir "$SEEDS/$name"
    refused "/var/lib/seedrng/$name: already there"
  done
  rm -rf tree
  mkdir -p tree/var/lib
  provision
  refused "/var/lib/seedrng/seed.credit: already there"
  purge --sysroot=tree
  provision
  [ -s "$SEEDS/seed.credit" ]
}

@test "--provision takes no bytes of an RNG that is not ready, and changes nothing" {
  need_fakeboot
  mkdir -p tree/var/lib
  before=$(snapshot tree)
  run -1 --separate-stderr fakeboot -- "$CRNG" seed --provision --sysroot=tree
  [ -z "$output" ]
  [[ ${stderr_lines[0]} == "crng seed: the kernel RNG of this machine is not ready: "* ]]
  [ "${stderr_lines[1]}" = "Wait for it with 'crng wait'. Nothing was changed." ]
  run ! grep event=block "$FAKEBOOT_LOG"
  [ "$(snapshot tree)" = "$before" ]
  for error in ENOSYS EPERM; do
    run -3 --separate-stderr inject "$error" "$CRNG" seed --provision --sysroot=tree
    [ -z "$output" ]
    [[ $stderr == "crng seed: undetermined: getrandom: "* ]]
    [ "$(snapshot tree)" = "$before" ]
  done
}

@test "--provision needs /var/lib in the tree" {
  mkdir -p tree/var
  refused "/var/lib: No such file or directory"
  [[ ${stderr_lines[1]} == "DIR must be the root of an image, "* ]]
  : >tree/var/lib
  refused "/var/lib: Not a directory"
  run -3 --separate-stderr "$CRNG" seed --provision --sysroot=missing
  [ -z "$output" ]
  [ "$stderr" = "crng seed: missing: No such file or directory" ]
}

@test "--provision refuses a directory that others could change, or a link to one" {
  mkdir -p tree/var/lib "$SEEDS" tree/elsewhere
  for mode in 770 707 1777; do
    chmod "$mode" "$SEEDS"
    refused "/var/lib/seedrng: others can write to it"
  done
  if [ "$(id -u)" -eq 0 ]; then
    chmod 700 "$SEEDS"
    chown 12345 "$SEEDS"
    refused "/var/lib/seedrng: it belongs to another user"
  fi
  rmdir "$SEEDS"
  ln -s /elsewhere "$SEEDS"
  refused "/var/lib/seedrng: it is a symbolic link"
  ln -sfn /nowhere "$SEEDS"
  refused "/var/lib/seedrng: it is a symbolic link"
  rm "$SEEDS"
  : >"$SEEDS"
  refused "/var/lib/seedrng: Not a directory"
}

@test "--provision follows the links on the way as if the tree were the root" {
  mkdir -p outside/lib tree/private/var tree/outside/lib
  ln -s /private/var tree/var
  ln -s ../../../../outside/lib tree/private/var/lib
  provision
  [ "$(find . -type f)" = ./tree/outside/lib/seedrng/seed.credit ]
  need strace
  for error in ENOSYS EPERM; do
    rm -r tree/outside/lib/seedrng
    ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o trace -e trace=openat2 \
      -e "inject=openat2:error=$error" "$CRNG" seed --provision --sysroot=tree
    [ "$(find . -name seed.credit)" = ./tree/outside/lib/seedrng/seed.credit ]
  done
}

@test "--provision on a read-only file system fails with the reason" {
  need_mounts
  mkdir -p tree/var/lib
  run -3 --separate-stderr own_mounts sh -c '
    mount --bind tree tree && mount -o remount,bind,ro tree &&
      exec "$1" seed --provision --sysroot=tree' sh "$CRNG"
  [ -z "$output" ]
  [ "${stderr_lines[0]}" = "crng seed: /var/lib/seedrng: Read-only file system" ]
}

@test "--provision on a full file system fails with the reason, and leaves no file" {
  need_mounts
  mkdir tree
  run -3 --separate-stderr own_mounts sh -c '
    mount -t tmpfs -o size=64k none tree && mkdir -p tree/var/lib
    dd if=/dev/zero of=tree/full 2>/dev/null
    "$1" seed --provision --sysroot=tree; status=$?
    find tree -type f; exit "$status"' sh "$CRNG"
  [ "$output" = tree/full ]
  [ "${stderr_lines[0]}" = "crng seed: /var/lib/seedrng/seed.credit: No space left on device" ]
  [ "${stderr_lines[1]}" = "No seed was written." ]
}

@test "--provision leaves no file, whichever call fails" {
  need strace
  mkdir -p tree/var/lib
  traced clean "$CRNG" seed --provision --sysroot=tree
  for call in mkdirat flock openat write fsync renameat; do
    # libc opens its libraries before that, and the message is written last.
    before=$(sed /PR_SET_DUMPABLE/q clean | grep -c "\b$call(" || true)
    last=$(grep -v 'write(2,' clean | grep -c "\b$call(")
    [ "$before" -lt "$last" ]
    for ((when = before + 1; when <= last; when++)); do
      rm -rf tree
      mkdir -p tree/var/lib
      run -3 --separate-stderr env ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o trace \
        -e "trace=$call" -e "inject=$call:error=EIO:when=$when" \
        "$CRNG" seed --provision --sysroot=tree
      grep -q INJECTED trace
      [ -z "$output" ]
      [[ ${stderr_lines[0]} == "crng seed: /var/lib/seedrng"*": $(error_words EIO)" ]]
      [ -z "$(find tree -type f)" ]
    done
  done
}

@test "--provision under a limit of the size of files fails, and leaves no file" {
  mkdir -p tree/var/lib
  run -3 bash -c 'set -o pipefail
    (ulimit -f 0 && exec "$1" seed --provision --sysroot=tree) 2>&1 | cat' bash "$CRNG"
  [ "${lines[0]}" = "crng seed: /var/lib/seedrng/seed.credit: File too large" ]
  [ -z "$(find tree -type f)" ]
}

@test "--provision syncs the seed, its name and a new directory before it succeeds" {
  mkdir -p tree/var/lib
  run -0 traced trace "$CRNG" seed --provision --sysroot=tree
  calls='PR_SET_DUMPABLE|getrandom\(.*, 32, GRND_NONBLOCK|mkdirat|flock|write\([^2]|renameat|fsync'
  [[ "$(grep -oE "\b($calls)" trace | grep -oE '^[A-Za-z_]+' | xargs)" =~ \
    ^"PR_SET_DUMPABLE getrandom mkdirat fsync flock write fsync renameat"(" fsync")+$ ]]
}

@test "--provision replaces what a killed run has left, and follows no link there" {
  echo safe >target
  for left in file link; do
    rm -rf tree
    mkdir -p "$SEEDS"
    chmod 700 "$SEEDS"
    case $left in
    file) echo old >"$SEEDS/seed.new" && chmod 400 "$SEEDS/seed.new" ;;
    link) ln -s "$PWD/target" "$SEEDS/seed.new" ;;
    esac
    provision
    [ "$(ls -A "$SEEDS")" = seed.credit ]
    [ "$(stat -c '%s %a %F' "$SEEDS/seed.credit")" = "32 400 regular file" ]
  done
  [ "$(cat target)" = safe ]
}

@test "several --provision at once write one seed, and the others are refused" {
  for _ in {1..10}; do
    rm -rf tree
    mkdir -p tree/var/lib
    pids=()
    for i in {1..6}; do
      provision >"out.$i" 2>"err.$i" &
      pids+=($!)
    done
    good=0
    for pid in "${pids[@]}"; do
      status=0
      wait "$pid" || status=$?
      [ "$status" -eq 0 ] || [ "$status" -eq 3 ]
      [ "$status" -ne 0 ] || good=$((good + 1))
    done
    [ "$good" -eq 1 ]
    [ "$(cat err.* | grep -c 'seed.credit: already there$')" -eq 5 ]
    [ "$(ls -A "$SEEDS")" = seed.credit ]
    [ "$(stat -c %s "$SEEDS/seed.credit")" -eq 32 ]
  done
}

@test "--provision waits for the lock of another keeper" {
  need flock strace
  mkdir -p "$SEEDS"
  chmod 700 "$SEEDS"
  exec {lock}<"$SEEDS"
  flock "$lock"
  traced trace "$CRNG" seed --provision --sysroot=tree &
  eventually grep -qs 'flock(.*EAGAIN' trace
  [ -z "$(ls -A "$SEEDS")" ]
  flock -u "$lock"
  wait $!
  [ "$(ls -A "$SEEDS")" = seed.credit ]
}

@test "--provision gives up if another keeper holds the lock for long" {
  need flock
  mkdir -p "$SEEDS"
  chmod 700 "$SEEDS"
  exec {lock}<"$SEEDS"
  flock "$lock"
  refused "/var/lib/seedrng: another process has locked it for 10 s"
}

@test "--provision refuses a file system that shows the seed to others" {
  need_mounts
  need bindfs
  mkdir -p source/var/lib/seedrng tree
  run --separate-stderr own_mounts sh -c '
    bindfs --perms=g+r source tree || exit 77
    "$1" seed --provision --sysroot=tree; status=$?
    umount tree; exit "$status"' sh "$CRNG"
  [ "$status" -ne 77 ] || skip "bindfs cannot mount here"
  [ "$status" -eq 3 ]
  [ -z "$output" ]
  [ "${stderr_lines[0]}" = \
    "crng seed: /var/lib/seedrng/seed.credit: others could read it on this file system" ]
  [ -z "$(find source -type f)" ]
}

@test "the options for images take no others, and --sysroot is not empty" {
  usage_error 2 "--sysroot '': must not be empty" "$CRNG" seed --purge --sysroot=
  usage_error 2 "--provision needs --sysroot" "$CRNG" seed --provision
  usage_error 2 "--provision cannot be used with --dry-run" "$CRNG" seed --provision -n --sysroot=/nowhere
  usage_error 2 "use one of --load, --save, --purge and --provision" \
    "$CRNG" seed --purge --provision --sysroot=/nowhere
  usage_error 2 "--sysroot is for --purge and --provision" "$CRNG" seed --sysroot=/nowhere
  usage_error 2 "--quiet cannot be used with --verbose" "$CRNG" seed --purge -q -v
  for option in --json --no-credit --any-machine -t1 -d/nowhere; do
    usage_error 2 "--purge and --provision can be used with " \
      "$CRNG" seed --purge --sysroot=/nowhere "$option"
  done
  usage_error 2 "--purge'" "$CRNG" seed purge
}

@test "the first load credits a seed that was provisioned, and binds it to its machine" {
  need_fakeboot --admin
  mkdir -p tree/var/lib
  provision
  before=$(sha256sum <"$SEEDS/seed.credit")
  run --separate-stderr fakeboot --admin -- "$CRNG" seed --load -d "$SEEDS"
  [[ $stderr != *"this is a container"* ]] || skip "a seed cannot be loaded in a container"
  [[ $stderr != *"not credited: "*file\ system* ]] || skip "seeds are not durable here: $stderr"
  [ "$status" -eq 0 ]
  [ -z "$output" ]
  [ "$stderr" = "crng seed: loaded 256 bits, credited" ]
  [ "$(ls -A "$SEEDS")" = $'seed.credit\nseed.machine' ]
  [ "$(sha256sum <"$SEEDS/seed.credit")" != "$before" ]
  run -0 --separate-stderr purge --sysroot=tree
  [ "$output" = $'removed /var/lib/seedrng/seed.credit\nremoved /var/lib/seedrng/seed.machine' ]
}
