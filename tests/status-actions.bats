#!/usr/bin/env bats
# crng status: its shell actions. Each test makes a fault, runs the action that is advised,
# and sees that the advice is gone.
# shellcheck disable=SC2016,SC2153,SC2154

load helper
load tree
load alone
load systemd

# heals ID ACTION: ACTION is advised as a shell command; it succeeds, and then the advice is
# no longer given. $REPORT prints the report.
heals() {
  local report
  report=$(eval "$REPORT") || return
  [ "$(jq -r --arg id "$1" '.advice[] | select(.id == $id).action | "\(.kind): \(.text)"' <<<"$report")" = "shell: $2" ] || {
    echo "not advised: $2"
    jq -c '.advice[] | [.id, .action]' <<<"$report"
    return 1
  }
  sh -c "$2" || return
  report=$(eval "$REPORT") || return
  jq -e --arg id "$1" '[.advice[].id] | index($id) == null' <<<"$report" >/dev/null || {
    echo "still advised: $1"
    return 1
  }
}

# A function cannot be exported through every shell.
HEALS=$(declare -f heals)

# The log of a kernel that was late to be ready, and of which a program read too early.
late_log() {
  printf '%s\n' '5,0,0,-;Linux version 6.1.0' \
    '5,1,2000000,-;random: sshd: uninitialized urandom read (32 bytes read)' \
    '5,9,9000000,-;random: crng init done' >"$1"
}

# machine OPTION… -- SCRIPT: runs SCRIPT as root of a machine where nothing else runs, not
# even systemd; options are those of fakeboot.
machine() {
  local options=()
  while [ "$1" != -- ]; do options+=("$1") && shift; done
  mkdir -p "$BATS_TEST_TMPDIR/bin"
  ln -sf "$CRNG" "$BATS_TEST_TMPDIR/bin/crng"
  PATH=$BATS_TEST_TMPDIR/bin:$PATH REPORT="$MACHINE status --json" \
    alone "${options[@]}" -- bash -euc "$HEALS; $2"
}

# need_seed: skips where crng cannot take a file for the seed of a systemd that does not run.
need_seed() {
  need_alone
  [ -e /usr/lib/systemd/systemd-random-seed ] || skip "systemd is not installed"
}

# SCRIPTs begin with this: a seed of 512 bytes, and no service of sshd.
PREPARE='rm -rf "$BATS_TEST_TMPDIR/lib" && mkdir "$BATS_TEST_TMPDIR/lib" && mount --bind "$BATS_TEST_TMPDIR/lib" /var/lib
  mkdir /var/lib/systemd
  [ ! -d /etc/init.d ] || mount -t tmpfs none /etc/init.d
  SEED=/var/lib/systemd/random-seed
  (umask 077 && head -c 512 /dev/zero >"$SEED")
  '

@test "crng wait makes an idle kernel gather entropy" {
  need_alone
  machine --ready-on block -- 'heals start-blocking-reader "crng wait"'
}

@test "a generator is put to use" {
  need_alone
  [ -d /sys/class/misc ] || skip "no /sys/class/misc"
  machine --ready-after 0 -- 'mount -t tmpfs none /sys/class/misc
    mkdir /sys/class/misc/hw_random
    cd /sys/class/misc/hw_random
    echo none >rng_current
    echo "virtio_rng.0 none" >rng_available
    heals hwrng-unused "echo virtio_rng.0 > /sys/class/misc/hw_random/rng_current"'
}

@test "a clone that nothing has reseeded is reseeded" {
  need_mounts
  mkdir "$BATS_TEST_TMPDIR/bin"
  ln -s "$CRNG" "$BATS_TEST_TMPDIR/bin/crng"
  "$CRNG" reseed -q || skip "crng cannot reseed the kernel's RNG here"
  vmclock_at 6 >"$BATS_TEST_TMPDIR/vmclock"
  # Without vmgenid, no log can show a reseed of the kernel's own.
  PATH=$BATS_TEST_TMPDIR/bin:$PATH REPORT='crng status --json' own_mounts bash -euc "$HEALS"'
    mkdir "$BATS_TEST_TMPDIR/dev"
    mount -t tmpfs none "$BATS_TEST_TMPDIR/dev"
    for device in null urandom random hwrng kmsg; do
      [ -e "/dev/$device" ] || continue
      : >"$BATS_TEST_TMPDIR/dev/$device"
      mount --bind "/dev/$device" "$BATS_TEST_TMPDIR/dev/$device"
    done
    mount --move "$BATS_TEST_TMPDIR/dev" /dev
    cp "$BATS_TEST_TMPDIR/vmclock" /dev/vmclock0
    for drivers in /sys/bus/*/drivers/vmgenid; do
      [ ! -e "$drivers" ] || mount -t tmpfs none "$drivers"
    done
    mount -t tmpfs none /run
    mkdir /run/crng
    echo 5 >/run/crng/vm-generation
    heals reseed-after-clone "crng reseed"
    [ "$(cat /run/crng/vm-generation)" = 6 ]'
}

@test "a seed file is hidden from other users" {
  need_seed
  machine --ready-after 0 -- "$PREPARE"'chmod 644 "$SEED"
    heals seed-world-readable "chmod 600 /var/lib/systemd/random-seed"'
}

@test "a short seed file is filled where systemd does not run" {
  need_seed
  machine --ready-after 0 -- "$PREPARE"'truncate -s 5 "$SEED"
    heals seed-too-small "crng bytes --force -o /var/lib/systemd/random-seed 512"
    [ "$(stat -c %a:%s "$SEED")" = 600:512 ]'
}

# Stand-ins for OpenRC's tools, which only check what they are asked for.
OPENRC='mount -t tmpfs none /usr/local
  mkdir -p /usr/local/sbin
  PATH=/usr/local/sbin:$PATH
  printf "#!/bin/sh\n[ \"\$*\" = \"add seedrng boot\" ] && : >/usr/local/added\n" >/usr/local/sbin/rc-update
  printf "#!/bin/sh\n[ \"\$*\" = \"seedrng restart\" ] && mkdir -p /var/lib/seedrng &&
    crng bytes -o /var/lib/seedrng/seed.credit 512\n" >/usr/local/sbin/rc-service
  chmod +x /usr/local/sbin/rc-*
  mount -t tmpfs none /etc/init.d
  : >/etc/init.d/seedrng
  '

@test "SeedRNG is started where OpenRC has it, for want of a seed or of credit" {
  need_alone
  [ -d /etc/init.d ] || skip "no /etc/init.d"
  [ "$(stat -f -c %T "$BATS_TEST_TMPDIR")" != tmpfs ] || skip "a seed in memory is never credited"
  late_log "$BATS_TEST_TMPDIR/kmsg"
  machine --ready-after 0 --kmsg "$BATS_TEST_TMPDIR/kmsg" -- "$PREPARE$OPENRC"'rm "$SEED"
    mkdir -p /var/lib/urandom
    head -c 512 /dev/zero >/var/lib/urandom/random-seed
    : >/etc/init.d/urandom
    heals seed-uncreditable "rc-update add seedrng boot && rc-service seedrng restart"
    [ -e /usr/local/added ]'
  machine --ready-after 0 -- "$PREPARE$OPENRC"'rm "$SEED"
    [ ! -d /usr/lib/systemd ] || mount -t tmpfs none /usr/lib/systemd
    heals seed-missing "rc-update add seedrng boot && rc-service seedrng restart"
    [ -e /usr/local/added ]'
}

# Seeds that crng itself keeps: "crng" is on the machine, too, and there is no SeedRNG.
KEEPER='ln -sf "$BATS_TEST_TMPDIR/machine" "$BATS_TEST_TMPDIR/bin/crng"
  SEED=/var/lib/seedrng/seed.credit
  mkdir -m 700 /var/lib/seedrng
  '

# need_keeper: skips where crng cannot save a seed that it credits.
need_keeper() {
  local program
  need_alone
  [ -d /etc/init.d ] || skip "no /etc/init.d"
  [ "$(stat -f -c %T "$BATS_TEST_TMPDIR")" != tmpfs ] || skip "a seed in memory is never credited"
  for program in /{,usr/}{,s}bin/seedrng /usr/local/{,s}bin/seedrng {/lib,/usr/libexec}/rc/bin/seedrng; do
    [ ! -e "$program" ] || skip "SeedRNG is installed"
  done
  mkdir "$BATS_TEST_TMPDIR/place"
  ! "$CRNG" seed -n --save -d "$BATS_TEST_TMPDIR/place"  | grep -q 'not creditable' ||
    skip "this disk earns no credit"
  late_log "$BATS_TEST_TMPDIR/kmsg"
}

# keeper SCRIPT: runs SCRIPT on a machine whose kernel takes seeds.
keeper() {
  machine --ready-after 0 --admin --kmsg "$BATS_TEST_TMPDIR/kmsg" -- "$PREPARE$KEEPER$1"
}

@test "crng seed makes a seed that is credited, for want of a seed or of credit" {
  need_keeper
  keeper 'rm /var/lib/systemd/random-seed
    [ ! -d /usr/lib/systemd ] || mount -t tmpfs none /usr/lib/systemd
    heals seed-missing "crng wait && crng seed"
    [ "$(stat -c %a:%s "$SEED")" = 400:32 ]'
  keeper 'rm /var/lib/systemd/random-seed
    mkdir /var/lib/urandom
    head -c 512 /dev/zero >/var/lib/urandom/random-seed
    : >/etc/init.d/urandom
    heals seed-uncreditable "crng wait && crng seed"
    rm "$SEED"
    head -c 32 /dev/zero >/var/lib/seedrng/seed.no-credit
    heals seed-uncreditable "crng wait && crng seed"
    [ ! -e /var/lib/seedrng/seed.no-credit ]'
}

@test "crng seed makes a seed that is credited, where systemd cannot be told to credit its own" {
  need_seed
  need_keeper
  keeper ': >/var/lib/systemd/random-seed
    heals seed-uncredited "crng wait && crng seed"'
}

@test "crng seed replaces a seed that everyone could read" {
  need_keeper
  keeper 'head -c 32 /dev/urandom >"$SEED"
    chmod 644 "$SEED"
    cp "$SEED" /var/lib/before
    echo none >/var/lib/seedrng/seed.machine
    heals seed-world-readable "crng wait && crng seed"
    ! cmp -s "$SEED" /var/lib/before
    [ "$(stat -c %a "$SEED")" = 400 ]'
}

@test "crng seed replaces the seed of another machine by one of this machine" {
  need_keeper
  keeper 'head -c 32 /dev/urandom >"$SEED"
    chmod 400 "$SEED"
    cp "$SEED" /var/lib/before
    printf "%064d\n" 0 >/var/lib/seedrng/seed.machine
    heals seed-other-machine "crng wait && crng seed"
    ! cmp -s "$SEED" /var/lib/before
    ! grep -qx "0*" /var/lib/seedrng/seed.machine'
}

# early_keys SCRIPT ACTION: SCRIPT prepares the service of sshd, and leaves a mark when that
# is restarted.
early_keys() {
  need_alone
  need ssh-keygen
  [ -d /etc/ssh ] || skip "no /etc/ssh"
  [ -d /etc/init.d ] || skip "no /etc/init.d"
  late_log "$BATS_TEST_TMPDIR/kmsg"
  ACTION=$2 machine --ready-after 0 --kmsg "$BATS_TEST_TMPDIR/kmsg" -- "$PREPARE"'
    mount -t tmpfs none /etc/ssh
    cd /etc/ssh
    ssh-keygen -q -A
    for key in ssh_host_*_key; do cp "$key" "/var/lib/$key"; done
    touch -d "@$(($(sed -n "s/^btime //p" /proc/stat) + 3))" ssh_host_*
    '"$1"'
    heals keys-before-ready "$ACTION"
    for key in ssh_host_*_key; do ! cmp -s "$key" "/var/lib/$key"; done
    [ "$(ls | grep -vc "^ssh_host_")" -eq 0 ]'
}

@test "early host keys are replaced, and sshd is restarted by its script" {
  early_keys '' '(cd /etc/ssh && mkdir -p etc/ssh && ssh-keygen -A -f . && mv -f etc/ssh/* . && rmdir -p etc/ssh)'
  script='printf "#!/bin/sh\n[ \$1 = restart ] && : >/etc/init.d/restarted\n" >/etc/init.d/$name
    chmod +x /etc/init.d/$name
    trap "[ -e /etc/init.d/restarted ]" EXIT'
  early_keys "name=ssh; $script" '(cd /etc/ssh && mkdir -p etc/ssh && ssh-keygen -A -f . && mv -f etc/ssh/* . && rmdir -p etc/ssh) && /etc/init.d/ssh restart'
  early_keys "name=sshd; $script" '(cd /etc/ssh && mkdir -p etc/ssh && ssh-keygen -A -f . && mv -f etc/ssh/* . && rmdir -p etc/ssh) && /etc/init.d/sshd restart'
}

# booted PREPARE: boots systemd on files that the script PREPARE has changed, with the tools
# that heal needs. SCRIPTs run there by "heal".
booted() {
  need_systemd
  need jq
  [ -x "${FAKEBOOT:-}" ] || skip "fakeboot is not built (libseccomp)"
  TREE=$BATS_TEST_TMPDIR namespaces mnt=4026531832
  late_log "$BATS_TEST_TMPDIR/kmsg"
  systemd "cp '$FAKEBOOT' fakeboot-under-test
    cp -a '$BATS_TEST_TMPDIR/proc/self/ns' namespaces
    cp '$BATS_TEST_TMPDIR/kmsg' late-kmsg
    mkdir -p usr/local/bin
    cp crng-under-test usr/local/bin/crng
    printf '#!/bin/sh\nmount --bind /namespaces /proc/\$\$/ns && exec crng status --json\n' >report
    chmod +x report
    $1"
  there true || skip "no namespaces can be entered here"
}

# heal SCRIPT: runs it there. The kernel log is that of a late boot.
heal() {
  REPORT='/fakeboot-under-test --log /dev/null --ready-after 0 --kmsg /late-kmsg -- /report' \
    PATH=/usr/local/bin:$PATH there bash -euc "$HEALS; $1"
}

old_boots='for time in 144 145 146; do
  printf "\2\0" && head -c 338 /dev/zero && printf "\\$time\0\0\0" && head -c 40 /dev/zero
done >var/log/wtmp'

@test "an entropy daemon is stopped and disabled" {
  booted 'cp -L "$(command -v sleep)" usr/local/bin/haveged
    printf "[Unit]\nDefaultDependencies=no\n[Service]\nExecStart=/usr/local/bin/haveged 1d\n[Install]\nWantedBy=crng-test.target\n" \
      >etc/systemd/system/haveged.service'
  heal 'systemctl enable --now haveged.service
    heals pointless-daemon "systemctl disable --now haveged.service"
    ! systemctl is-enabled --quiet haveged.service'
}

@test "a seed that systemd keeps is renewed, refilled and no longer reused" {
  booted "$old_boots"
  heal 'touch -d @5 /var/lib/systemd/random-seed
    heals seed-stale "systemctl restart systemd-random-seed.service"
    truncate -s 5 /var/lib/systemd/random-seed
    heals seed-too-small "systemctl restart systemd-random-seed.service"
    mkdir -p /etc/systemd/system/systemd-random-seed.service.d
    printf "[Service]\nEnvironment=SYSTEMD_RANDOM_SEED_CREDIT=1\n" \
      >/etc/systemd/system/systemd-random-seed.service.d/credit.conf
    systemctl daemon-reload
    touch -d @5 /var/lib/systemd/random-seed
    heals seed-reused "systemctl restart systemd-random-seed.service"'
}

@test "a seed that is not there is made, whatever kept systemd from it" {
  booted :
  heal 'rm /var/lib/systemd/random-seed
    heals seed-missing "systemctl restart systemd-random-seed.service"
    systemctl mask systemd-random-seed.service
    rm /var/lib/systemd/random-seed
    heals seed-missing "systemctl unmask systemd-random-seed.service && systemctl restart systemd-random-seed.service"
    systemctl mask --runtime systemd-random-seed.service
    rm /var/lib/systemd/random-seed
    heals seed-missing "systemctl unmask --runtime systemd-random-seed.service && systemctl restart systemd-random-seed.service"'
}

@test "systemd is made to load a seed again that nothing makes it load" {
  booted 'sed -i "/^Wants=/d" etc/systemd/system/crng-test.target
    for dir in etc lib usr/lib; do
      rm -f $dir/systemd/system/sysinit.target.wants/systemd-random-seed.service
    done'
  heal 'heals seed-missing "systemctl add-wants sysinit.target systemd-random-seed.service && systemctl restart systemd-random-seed.service"'
}

@test "systemd is told to credit its seed, and saves one that it credits" {
  booted :
  heal 'setfattr -x user.random-seed-creditable /var/lib/systemd/random-seed
    heals seed-uncredited '\''mkdir -p /etc/systemd/system/systemd-random-seed.service.d && printf "[Service]\nEnvironment=SYSTEMD_RANDOM_SEED_CREDIT=1\n" > /etc/systemd/system/systemd-random-seed.service.d/zz-credit.conf && systemctl daemon-reload && crng wait && systemctl restart systemd-random-seed.service'\''
    setfattr -x user.random-seed-creditable /var/lib/systemd/random-seed
    heals seed-uncredited "crng wait && systemctl restart systemd-random-seed.service"
    printf "[Service]\nUnsetEnvironment=SYSTEMD_RANDOM_SEED_CREDIT\nEnvironment=SYSTEMD_RANDOM_SEED_CREDIT=no\n" \
      >/etc/systemd/system/systemd-random-seed.service.d/override.conf
    systemctl daemon-reload
    heals seed-uncredited '\''mkdir -p /etc/systemd/system/systemd-random-seed.service.d && printf "[Service]\nUnsetEnvironment=\nEnvironment=SYSTEMD_RANDOM_SEED_CREDIT=1\n" > /etc/systemd/system/systemd-random-seed.service.d/zz-credit.conf && systemctl daemon-reload && crng wait && systemctl restart systemd-random-seed.service'\'''
}

@test "early host keys are replaced, and sshd is restarted by systemd" {
  need ssh-keygen
  for name in ssh sshd; do
    booted "for dir in etc lib usr/lib; do
        rm -f \$dir/systemd/system/ssh.service \$dir/systemd/system/sshd.service
      done
      printf '[Unit]\nDefaultDependencies=no\n[Service]\nExecStart=/bin/sleep 1d\n' >etc/systemd/system/$name.service"
    NAME=$name heal 'mkdir -p /etc/ssh
      cd /etc/ssh
      rm -f ssh_host_*
      ssh-keygen -q -A
      touch -d "@$(($(sed -n "s/^btime //p" /proc/stat) + 3))" ssh_host_*
      systemctl start "$NAME.service"
      before=$(systemctl show -p MainPID "$NAME.service")
      case $NAME in
        ssh) heals keys-before-ready "(cd /etc/ssh && mkdir -p etc/ssh && ssh-keygen -A -f . && mv -f etc/ssh/* . && rmdir -p etc/ssh) && systemctl try-restart ssh.service" ;;
        sshd) heals keys-before-ready "(cd /etc/ssh && mkdir -p etc/ssh && ssh-keygen -A -f . && mv -f etc/ssh/* . && rmdir -p etc/ssh) && systemctl try-restart sshd.service" ;;
      esac
      [ "$(systemctl show -p MainPID "$NAME.service")" != "$before" ]'
    kill -9 "$BOOT"
  done
}

# As nobody, beside a process of root, writes the report before and the one of ACTION. What
# becomes root may itself wait for the RNG, and so make it ready.
SHOWN='mount -t tmpfs none /usr/local
  mkdir /usr/local/bin
  cp "$CRNG" /usr/local/bin
  mount --bind "$BATS_TEST_TMPDIR/config" "$CONFIG"
  sleep 1d & asleep $!
  export PATH=/usr/local/bin:$PATH
  nobody="setpriv --reuid=65534 --regid=65534 --clear-groups"
  $nobody crng status --json >"$BATS_TEST_TMPDIR/before"
  $nobody sh -c "${ACTION/crng status/crng status --json}" </dev/null >"$BATS_TEST_TMPDIR/after"'

# hidden FILE: prints the action of the advice waiters-hidden in this report.
hidden() {
  jq -r '.advice[] | select(.id == "waiters-hidden").action | "\(.kind): \(.text)"' "$1"
}

# shown_by ACTION CONFIG TEXT: TEXT, in the file CONFIG, allows nobody what ACTION needs.
shown_by() {
  need_alone
  [ "$(id -u)" -eq 0 ] || skip "two users take root"
  need setpriv "${1%% *}"
  need_fakeboot --setuid
  [ -e "$2" ] || skip "no $2"
  for better in sudo doas; do
    [[ $1 == "$better"* || $1 == sudo* ]] || ! command -v "$better" || skip "$better is installed"
  done
  printf '%s\n' "$3" >"$BATS_TEST_TMPDIR/config"
  chmod 440 "$BATS_TEST_TMPDIR/config"
  ACTION=$1 CONFIG=$2 alone --setuid --jitter 300ms -- bash -euc "$(declare -f asleep is_asleep); $SHOWN"
  [ "$(hidden "$BATS_TEST_TMPDIR/before")" = "shell: $1" ]
  [ "$(jq -r .verdict "$BATS_TEST_TMPDIR/after")" != null ]
  [ "$(hidden "$BATS_TEST_TMPDIR/after")" = "" ]
}

@test "sudo shows what the tasks of other users wait for" {
  shown_by 'sudo crng status' /etc/sudoers 'nobody ALL=(ALL) NOPASSWD: ALL'
}

@test "doas shows what the tasks of other users wait for" {
  shown_by 'doas crng status' /etc/doas.conf 'permit nopass nobody'
}

@test "su shows what the tasks of other users wait for" {
  shown_by "su - -c 'crng status'" /etc/pam.d/su $'auth sufficient pam_permit.so\naccount sufficient pam_permit.so\nsession sufficient pam_permit.so'
}

@test "a user who is not root is told how to become root" {
  need_alone
  [ "$(id -u)" -eq 0 ] || skip "two users take root"
  need setpriv
  [ -d /sys/class/misc ] || skip "no /sys/class/misc"
  if command -v sudo; then
    as_root="sudo sh -c"
  elif command -v doas; then
    skip "doas may allow root nothing"
  else
    need su
    as_root="su - -c"
  fi
  AS_ROOT=$as_root machine --ready-after 0 -- 'mount -t tmpfs none /sys/class/misc
    mkdir /sys/class/misc/hw_random
    cd /sys/class/misc/hw_random
    echo none >rng_current
    echo virtio_rng.0 >rng_available
    mount -t tmpfs none /usr/local
    mkdir /usr/local/bin
    cp "$CRNG" /usr/local/bin
    as_nobody() {
      mount --bind "$BATS_TEST_TMPDIR/proc/self/ns" "/proc/$BASHPID/ns"
      exec setpriv --reuid=65534 --regid=65534 --clear-groups /usr/local/bin/crng status --json
    }
    REPORT="(as_nobody)"
    heals hwrng-unused "$AS_ROOT '\''echo virtio_rng.0 > /sys/class/misc/hw_random/rng_current'\''"'
}

@test "each shell action that the program knows has a test here or on real kernels" {
  mkdir "$BATS_TEST_TMPDIR/empty"
  count=0
  for id in $("$CRNG" status --explain list | grep '^[a-z]'); do
    while read -r action; do
      # A function that more than one test calls has the ID.
      grep -hF -- "$action" "$BATS_TEST_FILENAME" "$TOP/tests/qemu/scenarios/actions" |
        grep -qE "heals $id |early_keys |shown_by |is [a-z]+\.stdout 'shell: " ||
        { echo "no test of $id: $action" && return 1; }
      count=$((count + 1))
    done < <("$CRNG" status --sysroot "$BATS_TEST_TMPDIR/empty" --explain "$id" |
      sed -n '/ (shell):$/{n;s/^  //p}')
  done
  [ "$count" -ge 25 ]
}
