#!/usr/bin/env bats
# crng seed: what it refuses, with nothing changed, and wrong usage.
# shellcheck disable=SC2030,SC2031,SC2034,SC2153,SC2154

load helper
load seed

setup() {
  need_seed
}

teardown() {
  leave_disk
}

# unchanged WHY CMD…: CMD is a crng seed that fails because of WHY; it mixes nothing, and
# changes nothing in the current directory.
unchanged() {
  local why=$1 before
  shift
  FAKEBOOT_LOG=$BATS_TEST_TMPDIR/refused.log
  : >"$FAKEBOOT_LOG"
  before=$(whole .)
  run -3 --separate-stderr "$@"
  refused "$why" || return
  untouched || return
  [ "$(whole .)" = "$before" ] || { diff <(echo "$before") <(whole .) && return 1; }
}

fresh() {
  rm -rf "$DIR"
  seed seed.credit
  bound "$HERE"
}

# --- who may, and where --------------------------------------------------------------

# unprivileged CMD…: CMD without the privilege, on that machine.
unprivileged() {
  faked --ready-after 0 -- setpriv --bounding-set=-sys_admin --inh-caps=-all "$@"
}

@test "without the privilege a load is refused, with what to do, and no directory is made" {
  for options in "" --load "--load --json" "--no-credit" "--any-machine"; do
    # shellcheck disable=SC2086
    unchanged "no privilege: " unprivileged "$CRNG" seed -d state $options
    [ "${#stderr_lines[@]}" -ge 2 ]
    [ ! -e state ]
  done
  fresh
  unchanged "no privilege: " unprivileged "$CRNG" seed -d state
}

@test "root of a user namespace has no privilege" {
  unshare -Ur true 2>/dev/null || skip "no user namespace can be made here"
  fresh
  unchanged "no privilege: " unshare -Ur "$CRNG" seed -d state
}

@test "-n needs no privilege, or says that it would be refused" {
  fresh
  before=$(whole)
  run --separate-stderr unprivileged "$CRNG" seed -n -d state
  [[ $status == [03] ]]
  [ "$(whole)" = "$before" ]
}

@test "something that answers in the kernel's place is caught before anything is touched" {
  fresh
  for answer in --sandbox "--add 0"; do
    # shellcheck disable=SC2086
    unchanged "something other than the kernel answers for the device" \
      played --ready-after 0 $answer --
  done
  for answer in EIO ENOTTY ENOSYS EFAULT; do
    unchanged "" played --ready-after 0 --add $answer --
  done
}

@test "without /dev a load is refused" {
  fresh
  BEFORE='mount -t tmpfs none /dev'
  unchanged "/dev/" ready
  unchanged "/dev/" ready --load
}

@test "a /dev/urandom that is another file is refused" {
  fresh
  for file in /dev/null /dev/zero; do
    BEFORE="mount -t tmpfs none /mnt && touch /mnt/r && mount --bind $file /mnt/r &&
      mount -t tmpfs none /dev && touch /dev/random /dev/urandom /dev/null &&
      mount --bind /mnt/r /dev/random && mount --bind /mnt/r /dev/urandom"
    unchanged "/dev/" ready
  done
  BEFORE='mount -t tmpfs none /dev && echo bytes >/dev/random && echo bytes >/dev/urandom'
  unchanged "/dev/" ready
  BEFORE='mount -t tmpfs none /dev && mkfifo /dev/random /dev/urandom'
  unchanged "/dev/" ready
  BEFORE='mount -t tmpfs none /dev && ln -s /proc/version /dev/random && ln -s random /dev/urandom'
  unchanged "/dev/" ready
}

@test "in a PID namespace of its own it is in a container, whose RNG is the host's" {
  "${UNSHARE[@]}" -m -p -f --mount-proc true 2>/dev/null || skip "no namespaces can be made here"
  fresh
  for options in "" --load --save "--load --json"; do
    # shellcheck disable=SC2086
    unchanged "the RNG is the host's" \
      fakeboot --admin --ready-after 0 -- "${UNSHARE[@]}" -m -p -f --mount-proc \
      "$CRNG" seed -d state $options
  done
}

@test "in a container of runc or crun it is refused" {
  [ "$(id -u)" -eq 0 ] || skip "the bundle is made for root"
  local file runtime
  mkdir -p root/{bin,proc,sys,dev,run,tmp,etc,usr,var/lib}
  cp "$CRNG" root/bin/crng
  for file in $(ldd "$CRNG" 2>/dev/null | grep -o '/[^ ]*'); do
    mkdir -p "root${file%/*}" && cp -L "$file" "root$file"
  done
  for runtime in runc crun; do
    command -v $runtime >/dev/null || continue
    mkdir $runtime
    (cd $runtime && $runtime spec)
    jq --arg root "$PWD/root" '.root.path = $root | .root.readonly = false |
      .process.terminal = false | .process.args = ["/bin/crng", "seed"]' \
      $runtime/config.json >new && mv new $runtime/config.json
    run --separate-stderr timeout 60 $runtime run -b $runtime "crng-seed-$$"
    [[ $stderr == "crng seed: "* ]] || continue
    ran=yes
    [ "$status" -eq 3 ]
    refused "the RNG is the host's"
    [ ! -e root/var/lib/seedrng ]
  done
  [ -n "${ran:-}" ] || skip "neither runc nor crun runs here"
}

# --- the directory -------------------------------------------------------------------

@test "a directory that belongs to somebody else is refused" {
  [ "$(id -u)" -eq 0 ] || skip "needs root"
  fresh
  chown 12345 state
  for options in "" --load --save; do
    # shellcheck disable=SC2086
    unchanged "state: " ready $options
  done
}

@test "a directory that others can write to is refused" {
  for mode in 777 770 720 702 1777; do
    fresh
    chmod $mode state
    for options in "" --load --save; do
      # shellcheck disable=SC2086
      unchanged "state: " ready $options
    done
  done
  # That others can read it is no fault.
  for mode in 755 711; do
    fresh
    chmod $mode state
    run -0 ready
    [ "$(stat -c %a state)" = $mode ]
  done
}

@test "a directory that is a link, a file, a FIFO or a socket is refused" {
  fresh
  mv state real
  ln -s real state
  for options in "" --load --save; do
    # shellcheck disable=SC2086
    unchanged "state: " ready $options
  done
  rm state
  ln -s missing state
  unchanged "state: " ready
  rm state
  echo text >state
  unchanged "state: " ready
  rm state
  mkfifo state
  unchanged "state: " ready
}

@test "a slash after the name of a link does not help" {
  fresh
  mv state real
  ln -s real state
  DIR=state/
  unchanged "state" ready
  rm state
}

@test "a lock that is taken during the wait of -t is a failure, and the seed of before is there" {
  need flock
  { unready -t 1000 2>err && echo 0 >status || echo $? >status; } 3>&- &
  wait_for_event block
  exec {lock}<state
  flock "$lock"
  become_ready
  wait $!
  exec {lock}<&-
  [ "$(cat status)" = 3 ]
  grep -q "^crng seed: state: another process" err
  [ "$(state)" = "seed.no-credit 400 32" ]
}

@test "a directory that is not a directory by its device node is refused" {
  DIR=/dev/null
  unchanged "/dev/null: " ready
}

# refused_file NAME CMD…: CMD makes NAME in DIR; nothing is done about it.
refused_file() {
  local name=$1
  shift
  fresh
  rm -f "$DIR/$name"
  "$@" || return
  unchanged "$name" ready && unchanged "$name" unready --load
}

@test "a seed that is a link, a FIFO, a directory or a device is refused" {
  echo secret >target
  for name in seed.credit seed.no-credit; do
    refused_file $name ln -s ../target "$DIR/$name"
    refused_file $name ln -s missing "$DIR/$name"
    refused_file $name ln -s seed.old "$DIR/$name"
    refused_file $name mkfifo "$DIR/$name"
    refused_file $name mkdir "$DIR/$name"
    [ "$(id -u)" -ne 0 ] || refused_file $name mknod "$DIR/$name" c 1 5
    refused_file $name python3 -c 'import socket, sys
socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$DIR/$name"
  done
  [ "$(cat target)" = secret ]
}

@test "a seed that cannot be read is refused, and stays" {
  [ "$(id -u)" -ne 0 ] || skip "root can read any file"
  fresh
  chmod 000 state/seed.credit
  # As a user without a namespace of its own.
  before=$(stat -c '%a %s %i' state/seed.credit)
  run -3 --separate-stderr fakeboot --admin --ready-after 0 -- "$CRNG" seed -d state
  refused "seed.credit"
  [ "$(stat -c '%a %s %i' state/seed.credit)" = "$before" ]
}

@test "a file of the machine that is a link or a directory is not followed" {
  echo precious >target
  for make in "ln -s ../target" "ln -s missing" mkdir mkfifo; do
    fresh
    rm state/seed.machine
    $make state/seed.machine
    run --separate-stderr booting --load
    [[ $status == [13] ]]
    run ! grep '^256 ' <(mixed)
    [ "$(cat target)" = precious ]
    [ ! -e state/missing ]
    run --separate-stderr ready --save
    [[ $status == [013] ]]
    [ "$(cat target)" = precious ]
    [ ! -e state/missing ]
  done
}

@test "a leftover that is a link or a hard link is removed, and its target stays" {
  echo precious >target
  for make in "ln -s ../target" "ln target" "ln -s /dev/full" mkfifo; do
    fresh
    $make state/seed.new
    run -0 booting
    [ "$(state)" = "seed.credit 400 32" ]
    [ ! -L state/seed.credit ]
    [ "$(cat target)" = precious ]
  done
}

@test "a leftover that cannot be removed stops the load before anything is credited" {
  fresh
  old=$(digest state/seed.credit)
  mkdir state/seed.new
  run -3 --separate-stderr booting
  [ -z "$output" ]
  run ! grep '^256 ' <(mixed)
  [ "$(digest state/seed.credit)" = "$old" ]
}

# --- the disk ------------------------------------------------------------------------

@test "on a full disk the seed is mixed without credit, stays, and the status is 3" {
  [ "$(id -u)" -eq 0 ] || skip "needs root"
  need mkfs.ext4 losetup
  truncate -s 4M image
  mkfs.ext4 -q -F -b 1024 -m 0 image
  fresh
  cp -a state seeds && rm -r state && mkdir -m 700 state
  BEFORE="mount -o loop image $DIR"
  on_machine true 2>/dev/null || skip "no loop device can be mounted here"
  # ext4 refuses a write while it may need more space for what it has not allocated yet.
  BEFORE="$BEFORE && chmod 700 $DIR && cp -a seeds/. $DIR/ && {
    for i in 1 2 3; do cat /dev/zero >>$DIR/full; sync -f $DIR; done
    while sh -c \"echo full >$DIR/\$i\" && sync -f $DIR; do i=\$((i + 1)); done; } 2>/dev/null; true"
  AFTER="find $DIR/. -name 'seed.*' -printf '%f %m %s\n' >after; cmp $DIR/seed.credit seeds/seed.credit >>after"
  run -3 --separate-stderr booting --load
  [[ ${stderr_lines[0]} == "crng seed: loaded 256 bits, not credited: "*"No space left on device"* ]]
  [ -z "$output" ]
  [ "$(mixed)" = "0 32" ]
  [ "$(sort after)" = $'seed.credit 400 32\nseed.machine 400 65' ]
  run -3 --separate-stderr ready --save
  refused "No space left on device"
  [ "$(sort after)" = $'seed.credit 400 32\nseed.machine 400 65' ]
}

@test "without free inodes the seed is mixed without credit, and stays" {
  fresh
  cp -a state seeds
  # One for the directory, one each for the two files.
  BEFORE="mount -t tmpfs -o nr_inodes=3 none $DIR && chmod 700 $DIR && cp -a seeds/. $DIR/"
  AFTER="find $DIR/. -name 'seed.*' -printf '%f %m %s\n' >after; cmp $DIR/seed.credit seeds/seed.credit >>after"
  run -3 --separate-stderr booting --load
  [ -z "$output" ]
  [ "$(mixed)" = "0 32" ]
  [ "$(sort after)" = $'seed.credit 400 32\nseed.machine 400 65' ]
}

@test "with a limit on the size of files the seed is mixed without credit, and stays" {
  need prlimit
  fresh
  # The messages go to a pipe, which has no such limit.
  limited() {
    faked --admin --ready-on credit -- bash -o pipefail -c '"$@" 2>&1 | cat' bash \
      prlimit --fsize=16 env --ignore-signal=XFSZ "$CRNG" seed -d state "$@"
  }
  run -3 limited --load
  [ "$(mixed)" = "0 32" ]
  [[ ${lines[0]} == "crng seed: loaded 256 bits, not credited: "*"File too large"* ]]
  [ "$(state)" = "seed.credit 400 32" ]
}

@test "where names cannot be changed the seed is mixed without credit, and stays" {
  [ "$(id -u)" -eq 0 ] || skip "chattr needs root"
  need chattr
  fresh
  chattr +i state/seed.credit 2>/dev/null || skip "this file system has no immutable files"
  old=$(digest state/seed.credit)
  run -3 --separate-stderr booting
  chattr -i state/seed.credit
  [[ ${stderr_lines[0]} == "crng seed: loaded 256 bits, not credited: "*"Operation not permitted"* ]]
  [ "$(mixed)" = "0 32" ]
  [ "$(state) $(digest state/seed.credit)" = "seed.credit 400 32 $old" ]
  chattr +i state
  run -3 --separate-stderr booting
  chattr -i state
  [ "$(mixed)" = "0 32" ]
  [ "$(state) $(digest state/seed.credit)" = "seed.credit 400 32 $old" ]
}

# --- the lock ------------------------------------------------------------------------

@test "a lock that another process holds for 10 s is a failure that says so, and changes nothing" {
  need flock
  fresh
  exec {lock}<state
  flock "$lock"
  begin=$SECONDS
  unchanged "another process" ready
  took=$((SECONDS - begin))
  exec {lock}<&-
  ((took >= 9))
  run -0 ready
}

@test "a lock that is given back in time is waited for" {
  need flock
  fresh
  exec {lock}<state
  flock "$lock"
  { ready 2>err && echo 0 >status || echo $? >status; } {lock}<&- 3>&- &
  wait_for_event add
  sleep 0.3
  [ ! -e status ]
  [ "$(mixed)" = "" ]
  exec {lock}<&-
  wait $!
  [ "$(cat status)" = 0 ]
}

@test "eight runs at once mix eight different seeds, and leave one" {
  fresh
  : >digests
  pids=()
  for i in {1..8}; do
    (FAKEBOOT_LOG=$WORK/log.$i && ready -q && mixed_digest >>digests) 3>&- &
    pids+=($!)
  done
  # Not for the countdown of the test.
  wait "${pids[@]}"
  [ "$(wc -l <digests)" -eq 8 ]
  [ "$(sort -u digests | wc -l)" -eq 8 ]
  rm log.*
  [ "$(state)" = "seed.credit 400 32" ]
}

# --- hostile surroundings ------------------------------------------------------------

@test "a name of -d with newlines or escapes is escaped in messages" {
  for DIR in $'a\nb' $'\e[31mred' $'tab\tbell\a' $'\xff\xfe' "a'b\"c"; do
    echo text >"$DIR"
    run -3 --separate-stderr ready
    [ -z "$output" ]
    [[ $stderr == "crng seed: "* && $stderr != *[$'\e\a\t\xff']* ]]
    [ "${#stderr_lines[@]}" -le 2 ]
    rm "$DIR"
    for options in -v -q "-n -v"; do
      # shellcheck disable=SC2086
      run --separate-stderr ready $options
      [[ "$output$stderr" != *[$'\e\a\t\xff']* ]]
      [ "${#stderr_lines[@]}" -le 3 ]
      [ "${#lines[@]}" -le 3 ]
    done
    [ "$(state)" = "seed.credit 400 32" ]
  done
}

@test "a very long name of -d is an error, and an empty one as well" {
  DIR=$(printf 'x%.0s' {1..300})
  unchanged "$(error_words ENAMETOOLONG)" ready
  DIR=$(printf 'x/%.0s' {1..5000})
  unchanged "" ready
  DIR=
  run --separate-stderr ready
  [[ $status == [23] ]]
  [ -z "$output" ]
  [ -n "$stderr" ]
  untouched
}

@test "a long name of -d that is valid works" {
  DIR=$(printf 'x%.0s' {1..255})
  run -0 --separate-stderr ready
  said "no seed yet in x*" "saved 256 bits, creditable"
  [ "$(state)" = "seed.credit 400 32" ]
}

@test "with closed standard streams no seed is damaged" {
  fresh
  for closed in '<&-' '>&-' '2>&-' '<&- >&- 2>&-'; do
    run -0 faked --admin --ready-on credit -- sh -c "exec \"\$@\" $closed" sh \
      "$CRNG" seed -d state
    [ "$(state)" = "seed.credit 400 32" ]
    [ "$(mixed)" = "256 32" ]
  done
}

@test "with an empty environment it works" {
  fresh
  run -0 --separate-stderr faked --admin --ready-on credit -- env -i "$CRNG" seed -d state
  said "loaded 256 bits, credited" "saved 256 bits, creditable"
}

@test "in an empty root directory it is refused" {
  sanitized && skip "a sanitizer needs /proc itself"
  mkdir root
  cp "$CRNG" root/crng
  for file in $(ldd "$CRNG" 2>/dev/null | grep -o '/[^ ]*'); do
    mkdir -p "root${file%/*}" && cp -L "$file" "root$file"
  done
  before=$(find root | sort)
  for options in "" --load; do
    # shellcheck disable=SC2086
    run -3 --separate-stderr fakeboot --admin --ready-after 0 -- "${UNSHARE[@]}" \
      chroot root /crng seed -d /state $options
    [ -z "$output" ]
    [[ $stderr == "crng seed: "* ]]
    [ "$(find root | sort)" = "$before" ]
  done
}

@test "where the current directory is gone it still works" {
  mkdir gone
  DIR=$PWD/state
  gone() {
    cd gone && rmdir ../gone && "$@"
  }
  BEFORE='cd / && :'
  run -0 ready
  [ "$(state)" = "seed.credit 400 32" ]
}

# --- usage ---------------------------------------------------------------------------

@test "options that contradict each other are wrong usage, and change nothing" {
  fresh
  before=$(whole)
  while read -r words; do
    # shellcheck disable=SC2086
    usage_error 2 "" "$CRNG" seed -d "$PWD/state" $words
    [ "$(whole)" = "$before" ]
  done <<'EOF_USAGE'
--load --save
--load -t 5
--load --timeout=5
--quiet --verbose
--save --no-credit
--purge
--provision
--load --purge
--bogus
--load=1
file
load
-t
-t x
-t -1
-t 5x
EOF_USAGE
}

@test "options of a boot do not go with --purge and --provision" {
  mkdir tree
  while read -r words; do
    for mode in "--purge --sysroot=tree" "--provision --sysroot=tree"; do
      # shellcheck disable=SC2086
      usage_error 2 "" "$CRNG" seed $mode $words
    done
  done <<'EOF_USAGE'
--load
--save
-t 5
--no-credit
--any-machine
--directory=state
--json
EOF_USAGE
  usage_error 2 "" "$CRNG" seed --purge --provision --sysroot=tree
  usage_error 2 "" "$CRNG" seed --sysroot=tree
  usage_error 2 "" "$CRNG" seed --provision
  usage_error 2 "" "$CRNG" seed --provision --sysroot=tree -n
  [ -z "$(ls tree)" ]
}

@test "--help prints to standard output, and asks nothing of the kernel" {
  run -0 --separate-stderr unready --help
  [ -z "$stderr" ]
  [[ $output == *--load* && $output == *--save* ]]
  untouched
  [ ! -e state ]
}
