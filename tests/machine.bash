# shellcheck shell=bash disable=SC2034 # variables for the suites
# SPDX-License-Identifier: MIT
# Machines in QEMU that boot Debian 12 with systemd, its kernel and its initramfs from a disk.
# They have no source of entropy: no device, and no instruction of the CPU.
#
# An x86 machine always has a cycle counter, so a waiting task makes the RNG ready within
# seconds, and interrupts make it ready within minutes. To keep the RNG from becoming
# ready, gdb switches both off in the memory of the running kernel: the functions return
# at once. The kernel behaves like this on boards whose counter is too slow.

# need_machine: skips where no machine can be made and booted.
need_machine() {
  [ "$(uname -m)" = x86_64 ] || skip "the machine is an x86 one"
  need_trees
  need qemu-system-x86_64 gdb mkfs.ext4 setpriv
}

# machine_tree DIRECTORY: puts the files of a machine without crng there, made only once.
machine_tree() {
  local tarball=$KEPT/machine.tar from=${BASH_SOURCE[0]}
  (
    flock 9
    [ ! -e "$tarball" ] || [ -n "$(find "$from" "${from%.bash}" -newer "$tarball")" ] || exit 0
    rm -rf "$KEPT/machine"
    make_tree bookworm "$KEPT/machine" && prepare "$KEPT/machine" &&
      tar -C "$KEPT/machine" -cf "$tarball.new" . &&
      mv "$tarball.new" "$tarball" || exit
    rm -rf "$KEPT/machine"
  ) 9>"$KEPT/machine.lock" >"$KEPT/machine.log" 2>&1 || { cat "$KEPT/machine.log" && return 1; }
  mkdir "$1" && tar -C "$1" -xf "$tarball"
}

# Units that a machine without users and a network does not need.
IDLE=(getty-static.service getty@tty1.service serial-getty@ttyS0.service apt-daily.timer
  apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer)

# prepare TREE: makes it a machine that boots quickly. Without a machine ID, systemd would
# take the boot for a first boot, and enable units by itself.
prepare() {
  local tree=$1 here=${BASH_SOURCE[0]%.bash}
  mkdir -p "$tree"/etc/{initramfs-tools/conf.d,systemd/system} "$tree/var/log/journal"
  echo MODULES=list >"$tree/etc/initramfs-tools/conf.d/test"
  printf '%s\n' ext4 virtio_blk virtio_pci >"$tree/etc/initramfs-tools/modules"
  install -m 644 "$here/starve" "$tree/etc/initramfs-tools/conf.d/"
  install -m 755 "$here/agent" "$tree/usr/local/sbin/"
  install -m 644 "$here"/*.service "$tree/etc/systemd/system/"
  echo '/dev/vda / ext4 errors=remount-ro 0 0' >"$tree/etc/fstab"
  echo 0123456789abcdef0123456789abcdef >"$tree/etc/machine-id"
  install_in "$tree" systemd systemd-sysv udev busybox zstd openssh-client libjansson4 libpopt0 \
    libsodium23 initramfs-tools linux-image-cloud-amd64 &&
    in_tree "$tree" systemctl enable agent.service &&
    in_tree "$tree" systemctl mask "${IDLE[@]}" || return
  touch "$tree/etc/.updated" "$tree/var/.updated"
  rm -rf "$tree"/usr/share/{doc,locale,man}
}

# A machine has a directory with tree/, disk, console, serial and what it needs while it
# runs. The files of the trees are hard links, so a test adds new files, and changes none.

# new_machine NAME [FROM]: a copy of the tree FROM.
new_machine() {
  MACHINE=$BATS_TEST_TMPDIR/$1
  TREE=$MACHINE/tree
  mkdir "$MACHINE" && cp -al "${2:-$PLAIN}" "$TREE"
}

# make_disk: puts the tree on the disk.
make_disk() {
  truncate -s 1G "$MACHINE/disk" && mkfs.ext4 -q -F -d "$TREE" "$MACHINE/disk"
}

# power_on WORD…: starts the machine, with more words for the kernel.
power_on() {
  local fifo
  cd "$MACHINE" || return
  rm -f gdb qmp.* input console serial
  for fifo in input qmp.in qmp.out; do mkfifo $fifo; done
  exec 7<>input 8<>qmp.in 9<>qmp.out
  setpriv --pdeathsig KILL qemu-system-x86_64 -accel tcg -cpu qemu64 -smp 2 -m 512 \
    -nodefaults -no-reboot -display none -serial file:console -serial stdio -qmp pipe:qmp \
    -gdb unix:gdb,server=on,wait=off -kernel "$(echo tree/boot/vmlinuz-*)" \
    -initrd "$(echo tree/boot/initrd.img-*)" -device virtio-blk-pci,drive=disk \
    -drive if=none,id=disk,format=raw,cache=unsafe,file=disk \
    -append "console=ttyS0 root=/dev/vda ro panic=-1 loglevel=6 no_timer_check mitigations=off \
random.trust_cpu=off random.trust_bootloader=off systemd.show_status=yes $*" \
    <&7 >serial 2>qemu 3>&- &
  QEMU=$!
  echo '{"execute": "qmp_capabilities"}' >&8
  [[ " $* " != *" test_starved "* ]] || starve
}

# starve: switches these functions of the kernel off, and lets the boot continue.
starve() {
  local address commands=()
  on_serial @starve || return
  while read -r address _; do
    commands+=(-ex "set {unsigned char}0x$address = 0xc3")
  done < <(grep -a '^f' serial)
  [ "${#commands[@]}" -eq 4 ] || { cat serial && return 1; }
  gdb -nx -batch -ex 'set architecture i386:x86-64' -ex 'target remote gdb' "${commands[@]}" \
    -ex detach >gdb.log 2>&1 || { cat gdb.log && return 1; }
  echo >&7
}

# until_machine CMD…: waits until CMD succeeds. A boot takes half a minute, but can take
# many times as long on a busy machine.
until_machine() {
  local end=$((SECONDS + 600))
  until "$@"; do
    if ! kill -0 "$QEMU" 2>/dev/null || [ "$SECONDS" -ge "$end" ]; then
      echo "the machine ended, or the time limit expired, before this succeeded: $*"
      return 1
    fi
    sleep 0.2
  done
}

on_console() {
  until_machine grep -aq -e "$1" "$MACHINE/console"
}

on_serial() {
  until_machine grep -aq -e "$1" "$MACHINE/serial"
}

# there CMD: runs a shell command in the machine, once it has reached sysinit.target.
# $output has what the command prints.
there() {
  local before
  on_serial @agent || return
  before=$(answers)
  echo "$1" >&7
  until_machine answered "$before" || return
  output=$(tr -d '\r' <"$MACHINE/serial" | awk -v n="$before" \
    '/^@status/ { if (seen++ == n) exit; next } on && seen == n; /^@agent/ { on = 1 }')
  [ "$(grep -a '^@status' "$MACHINE/serial" | tail -n 1 | tr -dc 0-9)" -eq 0 ]
}

answers() {
  grep -ac '^@status' "$MACHINE/serial" || true
}

answered() {
  [ "$(answers)" -gt "$1" ]
}

# plug_rng: the host gives the running machine a virtio-rng.
plug_rng() {
  echo '{"execute": "device_add", "arguments": {"driver": "virtio-rng-pci", "id": "rng"}}' >&8
}

# power_off: shuts the machine down, and waits for its end.
power_off() {
  echo 'systemctl poweroff' >&7
  on_console 'reboot: Power down' && wait "$QEMU"
  QEMU=
}

# ready_at: the time at which the RNG became ready, in seconds since boot.
ready_at() {
  sed -n 's/.*\[ *\([0-9.]*\)\] random: crng init done.*/\1/p' "$MACHINE/console" | grep .
}

# times UNIT…: puts into TIMES when systemd was started on the root, and when it reached each
# of the units, in seconds since boot.
times() {
  there "systemctl show -P UserspaceTimestampMonotonic; \
systemctl show -P ActiveEnterTimestampMonotonic $*" || return
  mapfile -t TIMES < <(awk 'NF { printf "%.2f\n", $1 / 1000000 }' <<<"$output")
}

# tell TEXT: shows it in the output of the suite.
tell() {
  echo "# ${1//$'\n'/$'\n# '}" >&3
}

# before SECONDS SECONDS…: succeeds if none is greater than the next one.
before() {
  printf '%s\n' "$@" | sort -gC
}

# machine_ends: for teardown. Ends the machine, and shows its console if the test failed.
machine_ends() {
  [ -z "${QEMU:-}" ] || kill -KILL "$QEMU" 2>/dev/null || true
  [ -n "${BATS_TEST_COMPLETED:-}" ] || tail -n 60 "$MACHINE"/{console,serial,qemu} 2>/dev/null || true
}
