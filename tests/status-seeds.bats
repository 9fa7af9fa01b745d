#!/usr/bin/env bats
# crng status: which seed files are credited, by the captured answers of systemctl.
# shellcheck disable=SC2154

load helper
load tree

# credited FLAGS LINES [MANAGER]: prints whether systemd's seed file, with these FLAGS, is
# credited and why, where the answer of systemctl begins with LINES.
credited() {
  late "$ANSWER" "$2"$'\n'"$ANSWERED" "$MANAGER" "${3:-Version=252}" /crng-capture/seeds \
    "/var/lib/systemd/random-seed 512 600 0 1760000000 $1"
  of '.seed_files[0] | "\(.credited) \(.credited_because)"'
}

@test "a seed is credited if systemd's answer says so, its own environment included" {
  [ "$(credited creditable "Environment=$CREDIT=1")" = "true marked creditable, and systemd is told to" ]
  for word in yes y true t on ON; do
    [[ $(credited creditable "Environment=$CREDIT=$word") == true* ]]
  done
  for word in 0 no '' 10 only Force; do
    [[ $(credited creditable "Environment=$CREDIT=$word") == "false systemd is told not to: "* ]]
  done
  [[ $(credited creditable "Environment=\"A=b \\\" c\" $CREDIT=1 B=c") == true* ]]
  [[ $(credited creditable "Environment=\"A=b $CREDIT=1\"") == false* ]]
  [[ $(credited creditable "Environment=X_$CREDIT=1 ${CREDIT}ED=1") == false* ]]
  [[ $(credited creditable Environment= $'Version=252\nEnvironment='"$CREDIT=1") == true* ]]
  [[ $(credited creditable "Environment=$CREDIT=0" $'Version=252\nEnvironment='"$CREDIT=1") == false* ]]
  [[ $(credited creditable "Environment=$CREDIT=1" 'Version=systemd 241') == "false only systemd 243 or later credits seeds" ]]
  late "$ANSWER" "$TOLD" /crng-capture/seeds '/var/lib/systemd/random-seed 512 600 0 1760000000 creditable'
  rm "$TREE$MANAGER"
  [[ $(of '.seed_files[0].credited') == true ]]
}

@test "a seed is credited only if it is marked, unless systemd is forced to" {
  on="Environment=$CREDIT=1"
  [[ $(credited - "$on") == "false it is not marked creditable" ]]
  [[ $(credited ro,hidden "$on") == "null its mark cannot be read" ]]
  [[ $(credited - "Environment=$CREDIT=force") == "true systemd is told to, whether it is marked or not" ]]
  [[ $(credited hidden "Environment=$CREDIT=force") == true* ]]
  [[ $(credited creditable,volatile "$on") == "false it will be gone at the next boot" ]]
  late "$ANSWER" "$TOLD" /crng-capture/seeds '/var/lib/systemd/random-seed 0 600 0 1760000000 creditable'
  [ "$(of '.seed_files[0].credited_because')" = "it is empty" ]
  late "$ANSWER" "$TOLD" /run/systemd/first-boot '' /crng-capture/seeds \
    '/var/lib/systemd/random-seed 512 600 0 1760000000 creditable'
  [ "$(of '.seed_files[0].credited')" = null ]
}

@test "variables that are unset, passed on or in files do not count as a yes" {
  on="Environment=$CREDIT=1"
  [[ $(credited creditable "$on"$'\nUnsetEnvironment=A '"$CREDIT") == "false systemd is told not to: Unset"* ]]
  [[ $(credited creditable "$on"$'\nUnsetEnvironment='"$CREDIT=1") == "false systemd is told not to: Unset"* ]]
  [[ $(credited creditable "$on"$'\nUnsetEnvironment='"$CREDIT $CREDIT=0") == "false systemd is told not to: Unset"* ]]
  [[ $(credited creditable "$on"$'\nUnsetEnvironment='"$CREDIT=0") == true* ]]
  [[ $(credited creditable "$on"$'\nEnvironmentFiles=/a (ignore_errors=yes)') == "null a file may tell systemd"* ]]
  [[ $(credited creditable "PassEnvironment=$CREDIT") == "null "*PassEnvironment= ]]
  [[ $(credited creditable "$on"$'\nPassEnvironment='"$CREDIT") == true* ]]
}

@test "a service that does not run loads nothing, and without an answer it is unknown" {
  on=$'\n'"Environment=$CREDIT=1"
  never=$'ConditionTimestampMonotonic=0\nConditionResult=no\nActiveState=inactive'
  [[ $(credited creditable "LoadState=masked$on") == "false systemd-random-seed.service is masked" ]]
  [[ $(credited creditable "UnitFileState=masked-runtime$on") == "null systemd-random-seed.service is masked until"* ]]
  [[ $(credited creditable "LoadState=not-found$on") == "false systemd has no systemd-random-seed.service" ]]
  [[ $(credited creditable "LoadState=error$on") == "false systemd cannot load"* ]]
  [[ $(credited creditable "ActiveState=failed$on") == "null systemd-random-seed.service failed"* ]]
  [[ $(credited creditable "ConditionResult=no$on") == "false the conditions of systemd-random-seed.service"* ]]
  [[ $(credited creditable "$never$on") == "null systemd has not started"* ]]
  [[ $(credited creditable "$never"$'\nWantedBy='"$on") == "false nothing makes systemd start"* ]]
  [[ $(credited creditable "ExecStart={ path=/bin/true ; }$on") == "null systemd-random-seed.service runs another command" ]]
  late "$ANSWER" 'Failed to connect to bus' /crng-capture/seeds \
    '/var/lib/systemd/random-seed 512 600 0 1760000000 creditable'
  [ "$(of '.seed_files[0] | "\(.credited) \(.credited_because)"')" = "null systemctl gave no answer" ]
  rm "$TREE$ANSWER"
  [ "$(of '.seed_files[0] | "\(.credited) \(.credited_because)"')" = "null the captured tree has no answer from systemd" ]
}

@test "a captured tree that names a seed twice gives one sample in the metrics" {
  late /crng-capture/seeds "$(printf '/var/lib/seedrng/seed.credit %s 600 0 1760000000 -\n' 32 64 128)"
  run -0 "$CRNG" status --sysroot "$TREE" --format prometheus
  [ "$(grep -c '^crng_seed_file_size_bytes{' <<<"$output")" -eq 1 ]
  [[ $output == *$'seedrng/seed.credit",system="SeedRNG"} 32\n'* ]]
  # 3 is a remark on style; another test checks those.
  ! command -v promtool >/dev/null || promtool check metrics <<<"$output" || [ $? -eq 3 ]
}

# kept FLAGS [SIZE] [MODE] [UID]: a tree with seed.credit, and then prints what the report says
# of it. $KEEPER are further files of the tree, each as PATH TEXT.
kept() {
  late /crng-capture/seeds "/var/lib/seedrng/seed.credit ${2:-32} ${3:-400} ${4:-0} 1760000000 $1" \
    "${KEEPER[@]}"
  of '.seed_files[0] | "\(.credited) \(.credited_because)"'
}

CRNG_ALONE=(/var/lib/seedrng/seed.machine captured)

@test "a seed is credited by crng only if crng has nothing against it, and by SeedRNG anyway" {
  count=0
  while IFS='|' read -r seed why; do
    read -ra seed <<<"$seed"
    KEEPER=("${CRNG_ALONE[@]}")
    [ "$(kept "${seed[@]}")" = "false $why" ]
    KEEPER=()
    [ "$(kept "${seed[@]}")" = "true its name says so" ]
    KEEPER=("${CRNG_ALONE[@]}" /usr/sbin/seedrng '')
    [ "$(kept "${seed[@]}")" = "null $why: SeedRNG credits it, crng does not" ]
    count=$((count + 1))
  done <<'END'
machine=other|it was made on another machine
machine=other,linked|it has another name as well
machine=same 31|it holds less than 256 bits
machine=same 32 440|others can read it
machine=same 32 404|others can read it
machine=same 32 420|others can write it
machine=same 32 400 1000|it belongs to another user
machine=none,linked|it has another name as well
machine=same,unkept|its file system need not keep what is synced
refused,machine=same|crng refuses its directory
END
  [ "$count" -eq 10 ]
}

@test "crng credits its own seeds and those of no machine, and it is unknown where the machine is" {
  for flags in machine=same machine=none -; do
    KEEPER=("${CRNG_ALONE[@]}")
    [ "$(kept "$flags")" = "true crng credits it, if crng seed runs at boot" ]
    KEEPER+=(/sbin/seedrng '')
    [ "$(kept "$flags")" = "true its name says so" ]
  done
  [ "$(kept machine=unknown)" = "null whether this machine made it is unknown" ]
  KEEPER=("${CRNG_ALONE[@]}")
  [ "$(kept machine=unknown)" = "null whether this machine made it is unknown" ]
}

@test "neither crng nor SeedRNG credits a seed that is empty, orphaned, read-only or in memory" {
  for KEEPER in "" /sbin/seedrng /var/lib/seedrng/seed.machine; do
    KEEPER=(${KEEPER:+"$KEEPER" ''})
    for machine in same other; do
      [ "$(kept volatile,machine=$machine | cut -c 1-5)" = false ]
      [ "$(kept ro,machine=$machine | cut -c 1-5)" = false ]
      [ "$(kept machine=$machine 0 | cut -c 1-5)" = false ]
      [ "$(kept orphan,machine=$machine)" = "false nothing here would load it" ]
    done
  done
  KEEPER=("${CRNG_ALONE[@]}")
  late /crng-capture/seeds '/var/lib/seedrng/seed.no-credit 32 400 0 1760000000 machine=same' "${KEEPER[@]}"
  [ "$(of '.seed_files[0] | "\(.credited) \(.credited_because)"')" = "false its name says so" ]
}

@test "crng keeps the seeds where its files are or its service is enabled" {
  wants=systemd/system/sysinit.target.wants/crng-seed.service
  for sign in /var/lib/seedrng/seed.machine /var/lib/seedrng/seed.machine.new /var/lib/seedrng/seed.new \
    {/etc,/usr/lib,/lib}/$wants \
    /etc/runlevels/{sysinit,boot,default}/crng-seed; do
    KEEPER=("$sign" '')
    [ "$(kept machine=other)" = "false it was made on another machine" ]
  done
}

@test "a service of crng that is only installed keeps no seed" {
  for file in {/etc,/usr/lib,/lib}/systemd/system/crng-seed.service /etc/init.d/crng-seed; do
    KEEPER=("$file" '')
    [ "$(kept machine=other)" = "true its name says so" ]
  done
}

@test "a service of crng is enabled by a link, even one that leads nowhere" {
  late /crng-capture/seeds '/var/lib/seedrng/seed.credit 32 400 0 1760000000 machine=other'
  [ "$(of '.seed_files[0].credited')" = true ]
  for link in /etc/systemd/system/sysinit.target.wants/crng-seed.service /etc/runlevels/boot/crng-seed; do
    mkdir -p "$TREE${link%/*}"
    ln -s /lib/nowhere/crng-seed "$TREE$link"
    [ "$(of '.seed_files[0].credited')" = false ]
    rm "$TREE$link"
  done
}

@test "each form names the machine that made a seed" {
  KEEPER=("${CRNG_ALONE[@]}")
  for row in 'same|"same"|, made on this machine;' 'other|"other"|, made on another machine;' \
    'none|"none"|uid 0; ' 'unknown|null|, machine unknown (the machine of the capture did not know);'; do
    IFS='|' read -r machine json human <<<"$row"
    kept "machine=$machine"
    [ "$(of '.seed_files[0].machine | tojson')" = "$json" ]
    run -0 "$CRNG" status --sysroot "$TREE" --format shell
    has -F "CRNG_SEED_FILE_1_MACHINE='$machine'"
    run -0 "$CRNG" status --sysroot "$TREE" -v
    [[ $(tr -s ' \n' ' ' <<<"$output") == *"$human"* ]]
  done
  [ "$(of '.seed_files[0].machine_unknown_because')" = "the machine of the capture did not know" ]
}

UUID=4c4c4544-0043-3510-8052-b4c04f4a4831

# name UUID: prints what seed.machine holds on a machine with that UUID of DMI.
name() {
  printf 'dmi:%s' "$1" | sha256sum | cut -c 1-64
}

# here SCRIPT: runs SCRIPT in a /var/lib/seedrng on this disk with a good seed.credit, on a
# machine with the identity $UUID and without SeedRNG, and writes two reports: "live", and
# "captured" on a captured tree. SCRIPT finds the name of the machine in $NAME, and that of
# another one in $OTHER.
here() {
  local work=$BATS_TEST_TMPDIR/here
  rm -rf "$work"
  mkdir -p "$work/lib"
  NAME=$(name "${UUID,,}") OTHER=$(name other) own_mounts sh -euc '
    mount --bind "$1/lib" /var/lib
    for dir in /sys/class /sys/firmware /etc/init.d; do
      [ ! -d "$dir" ] || mount -t tmpfs none "$dir"
    done
    mkdir -p /sys/class/dmi/id
    echo "$2" >/sys/class/dmi/id/product_uuid
    mkdir -m 700 /var/lib/seedrng
    cd /var/lib/seedrng
    head -c 32 /dev/zero >seed.credit
    chmod 400 seed.credit
    echo "$NAME" >seed.machine
    eval "$3"
    timeout 300 "$CRNG" status --json >"$1/live"
    timeout 300 "$4/scripts/crng-capture" "$1/tree" 2>/dev/null
    "$CRNG" status --sysroot "$1/tree" --json >"$1/captured"' \
    sh "$work" "$UUID" "$1" "$TOP"
}

# said REPORT: what it says of that seed, "MACHINE CREDITED BECAUSE".
said() {
  jq -r '.seed_files[] | select(.path == "/var/lib/seedrng/seed.credit") |
    "\(.machine) \(.credited) \(.credited_because)"' "$BATS_TEST_TMPDIR/here/$1"
}

# says TEXT: both reports say TEXT of that seed.
says() {
  echo "live: $(said live), captured: $(said captured)"
  [ "$(said live)" = "$1" ] && [ "$(said captured)" = "$1" ]
}

# need_here: skips where here cannot work.
need_here() {
  local program
  need jq sha256sum
  need_mounts
  for program in /{,usr/}{,s}bin/seedrng /usr/local/{,s}bin/seedrng {/lib,/usr/libexec}/rc/bin/seedrng; do
    [ ! -e "$program" ] || skip "SeedRNG is installed"
  done
  [ -d /var/lib ] || skip "no /var/lib"
  [ -d /sys/class ] || skip "no /sys/class"
  here :
  [[ $(said live) == *" true "* ]] || skip "this disk earns no credit: $(said live)"
}

@test "a seed beside a record of this machine is credited by crng, and that of a clone is not" {
  need_here
  says "same true crng credits it, if crng seed runs at boot"
  here 'echo "$OTHER" >seed.machine'
  says "other false it was made on another machine"
  here 'echo none >seed.machine'
  says "other false it was made on another machine"
  here 'rm seed.machine; : >seed.new'
  says "none true crng credits it, if crng seed runs at boot"
  here 'rm seed.machine'
  says "none false nothing here would load it"
  if [ -d /etc/systemd ]; then
    here 'rm seed.machine; : >/etc/init.d/crng-seed; mount -t tmpfs none /etc/systemd'
    says "none false nothing here would load it"
    here 'rm seed.machine; mount -t tmpfs none /etc/systemd
      mkdir -p /etc/systemd/system/sysinit.target.wants
      ln -s /nowhere /etc/systemd/system/sysinit.target.wants/crng-seed.service'
    says "none true crng credits it, if crng seed runs at boot"
  fi
  here 'echo "$OTHER" >seed.machine; : >/etc/init.d/seedrng'
  says "other null it was made on another machine: SeedRNG credits it, crng does not"
  UUID=${UUID^^} here :
  says "same true crng credits it, if crng seed runs at boot"
}

@test "a machine that nobody has given an identity is like any other such machine" {
  need_here
  for uuid in 00000000-0000-0000-0000-000000000000 FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF \
    03000200-0400-0500-0006-000700080009 'Not Settable' ''; do
    UUID=$uuid here 'echo none >seed.machine'
    says "none true crng credits it, if crng seed runs at boot"
    UUID=$uuid here :
    says "other false it was made on another machine"
  done
  # The serial number of a device tree counts where there is no UUID.
  UUID='' here 'mkdir -p /sys/firmware/devicetree/base
    printf "10000000A\0" >/sys/firmware/devicetree/base/serial-number
    printf dt:10000000a | sha256sum | cut -c 1-64 >seed.machine'
  says "same true crng credits it, if crng seed runs at boot"
}

@test "a record of the machine that is not understood is unknown with its reason, and nothing hangs" {
  need_here
  unknown="null null whether this machine made it is unknown"
  for content in '' '\n' 'none' 'none\n\n' 'none \n' 'None\n' 'none\0x\n' '\377\376\n' '%01000d\n' \
    'g%063d\n' '%064d' '%065d\n' ' %064d\n' '%064d\n%064d\n' '%063d\0\n'; do
    CONTENT=$content here 'printf "$CONTENT" 0 >seed.machine'
    says "$unknown"
    [ "$(jq -r '.seed_files[0].machine_unknown_because' "$BATS_TEST_TMPDIR/here/live")" = \
      "seed.machine is not understood" ]
  done
  for make in 'mkfifo seed.machine' 'mkdir seed.machine' 'ln -s seed.credit seed.machine' \
    'ln -s nowhere seed.machine' 'ln -s seed.machine seed.machine' \
    'mkfifo fifo; ln -s fifo seed.machine'; do
    here "rm seed.machine; $make"
    says "$unknown"
    [ "$(jq -r '.seed_files[0].machine_unknown_because' "$BATS_TEST_TMPDIR/here/live")" = \
      "seed.machine is not a regular file" ]
  done
}

@test "status sees on a real disk what crng has against a seed" {
  need_here
  here 'chmod 440 seed.credit'
  says "same false others can read it"
  here 'truncate -s 31 seed.credit'
  says "same false it holds less than 256 bits"
  here 'ln seed.credit another'
  says "same false it has another name as well"
  here 'chmod 770 .'
  says "same false crng refuses its directory"
  here 'mount --bind . /var/lib/seedrng; mount -o remount,bind,ro /var/lib/seedrng'
  says "same false it cannot be removed before it is used"
  here 'mv /var/lib/seedrng /var/lib/moved; ln -s moved /var/lib/seedrng'
  [ "$(said live)" = "none false crng refuses its directory" ]
  [ "$(id -u)" -eq 0 ] || return 0
  here 'chown 1 seed.credit'
  says "same false it belongs to another user"
  here 'chown 1 .'
  says "same false crng refuses its directory"
}

# The processes 1 and 2 of namespaces of their own, and two more directories for the seed.
# shellcheck disable=SC2016 # for sh
PROCESS_1='mount -t tmpfs none /mnt
  mkdir -p -m 700 /mnt/lib/seedrng /mnt/other/seedrng
  for dir in lib other; do head -c 32 /dev/zero >/mnt/$dir/seedrng/seed.credit; done
  mount --bind /mnt/lib /var/lib
  eval "$1"
  unshare -m sh -euc "$2" sh
  :'

# read_only FIRST SECOND: whether the seed is on a read-only file system, according to a
# status that runs after SECOND, in a new mount namespace, created after FIRST.
read_only() {
  own_mounts --pid --fork --mount-proc sh -euc "$PROCESS_1" sh "$1" \
    "$2
    \"\$CRNG\" status --json" | jq '.seed_files[] | select(.system == "SeedRNG").read_only'
}

@test "a read-only mount counts if process 1 or the file system itself has it, not if only a sandbox does" {
  need jq
  need_mounts
  need_pid_namespace
  [ -d /var/lib ] || skip "no /var/lib"
  remount='mount -o remount,bind,ro'
  [ "$(read_only : :)" = false ]
  [ "$(read_only : "$remount /var/lib")" = false ]
  [ "$(read_only : "mount --bind /var/lib/seedrng /var/lib/seedrng; $remount /var/lib/seedrng")" = false ]
  [ "$(read_only "$remount /var/lib" :)" = true ]
  [ "$(read_only "mount -o remount,ro /mnt" :)" = true ]
  # What process 1 has at this path is another file, or is on another file system.
  [ "$(read_only : "mount --bind /mnt/other /var/lib; $remount /var/lib")" = true ]
  [ "$(read_only : "mount -t tmpfs none /var/lib; cp -R /mnt/lib/seedrng /var/lib; $remount /var/lib")" = true ]
  # The mount at the longest path is hidden, here or there, by a later one above it.
  over='mkdir -p -m 755 /mnt/var/lib; cp -R /mnt/lib/seedrng /mnt/var/lib; mount --bind /mnt/var /var'
  [ "$(read_only : "$over; $remount /var")" = true ]
  [ "$(read_only "$over; $remount /var" :)" = true ]
  [ "$(read_only "$over" "$remount /var")" = false ]
  # Its mounts cannot be seen.
  [ "$(read_only : "$remount /var/lib; mount --bind /dev/null /proc/1/mountinfo")" = true ]
}

@test "a user who may not read the record or the UUID learns why the machine is unknown" {
  need_here
  [ "$(id -u)" -eq 0 ] || skip "an ordinary user has no second user"
  need setpriv
  for hidden in seed.machine /sys/class/dmi/id/product_uuid; do
    HIDDEN=$hidden here 'chmod 755 .; chmod 400 "$HIDDEN"
      mount -t tmpfs none /mnt && cp "$CRNG" /mnt/crng
      setpriv --reuid=65534 --regid=65534 --clear-groups /mnt/crng status --json >"$1/nobody"'
    [ "$(said nobody)" = "null null whether this machine made it is unknown" ]
    [ "$(jq -r '.seed_files[0].machine_unknown_because' "$BATS_TEST_TMPDIR/here/nobody")" = "Permission denied" ]
    [[ $(said live) == "same true "* ]]
  done
}

@test "crng credits no seed on a file system that need not keep it" {
  need_here
  here 'mount -t tmpfs -o mode=700 none .; cd .; head -c 32 /dev/zero >seed.credit; chmod 400 seed.credit; echo "$NAME" >seed.machine'
  says "same false it will be gone at the next boot"
  need bindfs
  [ -c /dev/fuse ] && [ "$(id -u)" -eq 0 ] || skip "FUSE cannot be mounted here"
  here 'bindfs -f . /var/lib/seedrng >/dev/null 2>&1 3>&- &
    trap "kill $!" EXIT
    while kill -0 $! 2>/dev/null && ! grep -q " /var/lib/seedrng .* fuse" /proc/self/mountinfo; do
      sleep 0.02
    done'
  [[ $(said live) != *" true "* ]] || skip "FUSE cannot be mounted here"
  says "same false its file system need not keep what is synced"
}

@test "boots are read from the wtmp of any libc, whether its times have 32 or 64 bits" {
  need_mounts
  need jq python3
  for form in h338xii36x h342xqq40x; do
    # Types 2 and 7: a boot, and a login.
    python3 -c 'import struct, sys
kinds = [2] + 99 * [7] + [2, 7, 2, 7, 2, 7]
for time, kind in enumerate(kinds, 1700000000):
    sys.stdout.buffer.write(struct.pack("=" + sys.argv[1], kind, time, 5))' $form >"$BATS_TEST_TMPDIR/wtmp"
    run -0 own_mounts sh -ec 'mount -t tmpfs none /var/log; cp "$1" /var/log/wtmp
      exec "$CRNG" status --json' sh "$BATS_TEST_TMPDIR/wtmp"
    [ "$(jq .environment.boot_before_last_seconds <<<"$output")" -eq 1700000100 ]
  done
}

@test "status opens no seed, whatever crng seed has left beside it" {
  need_here
  need strace
  here 'ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o "$1/trace" -e trace=open,openat,openat2 "$CRNG" status --json >"$1/traced"'
  grep -q 'seed\.machine' "$BATS_TEST_TMPDIR/here/trace"
  grep -q 'seed\.credit' "$BATS_TEST_TMPDIR/here/trace"
  run ! grep -vE 'O_PATH|seed\.machine' <(grep 'seed\.' "$BATS_TEST_TMPDIR/here/trace")
}
