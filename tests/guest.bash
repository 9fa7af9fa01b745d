# shellcheck shell=bash
# A guest in QEMU for hooks.bats: a real kernel, with programs of this machine in its initramfs.

# need_guest: skips where no guest can be booted. make check-qemu fetches the kernels.
need_guest() {
  local dir=${BUILD:-.}/qemu-test/kernels
  need qemu-system-x86_64 busybox cpio gzip xz ldd
  KERNEL=$(compgen -G "$dir/*/boot/vmlinuz-*" | sort -V | tail -n 1)
  [ -n "$KERNEL" ] || skip "there is no kernel in $dir: make check-qemu puts some there"
  MODULES=$(compgen -G "${KERNEL%/boot/*}/lib/modules/*/kernel" | head -n 1)
  ! ldd "$(type -P busybox)" >/dev/null 2>&1 || skip "there is no static busybox"
}

# put FILE…: copies programs of this machine into the guest, with their libraries.
put() {
  local file
  { printf '%s\n' "$@" && ldd "$@" | grep -oE '^\s.*' | grep -oE '/[^ ]+'; } | sort -u >files
  while read -r file; do
    mkdir -p "guest$(dirname "$file")"
    cp -L "$file" "guest$file"
  done <files
}

# put_module NAME…: unpacks modules of the guest's kernel; some may be built in.
put_module() {
  local name
  for name; do
    find "$MODULES" -name "$name.ko.xz" -exec xz -dc {} + >>"guest/modules/$name.ko"
  done
}

# guest_begins: an empty guest.
guest_begins() {
  mkdir -p guest/{bin,dev,etc,modules,proc,run,sys,tmp}
  cp "$(type -P busybox)" guest/bin/busybox
  put "$CRNG"
  put_module virtio-rng
}

# boot SCRIPT OPTION…: boots the guest, in which the script runs, with more options of QEMU.
# What it prints is in guest.log.
boot() {
  cat >guest/init <<INIT
#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin:/usr/bin:/usr/sbin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
for module in virtio-rng vsock vmw_vsock_virtio_transport_common vsock_loopback virtio_console; do
  [ ! -s /modules/\$module.ko ] || insmod /modules/\$module.ko
done
ip link set lo up
$1
INIT
  chmod +x guest/init
  (cd guest && find . | cpio -o -H newc 2>/dev/null | gzip -1) >initrd
  background qemu-system-x86_64 -accel tcg -cpu qemu64 -m 512 -display none -nodefaults -no-reboot -kernel "$KERNEL" \
    -device virtio-rng-pci -initrd initrd -append 'console=ttyS0 quiet panic=-1' -serial file:guest.log "${@:2}"
}

# guest_reaches TEXT: waits for a line that begins with TEXT.
guest_reaches() {
  eventually guest_says "$1" || { cat guest.log && return 1; }
}

# guest_says TEXT: the guest has printed a line that begins with TEXT.
guest_says() {
  grep -aqs "^$1" guest.log
}
