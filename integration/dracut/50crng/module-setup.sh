#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the kernel gather entropy from the first second of the boot on, and loads a seed
# where that is configured. Parameters of the kernel, which dracut.conf(5) can also set, for
# example by kernel_cmdline+=" rd.crng.seed=1 ":
#
#   rd.crng.gather=0              do not gather; the default is to run "crng wait" in the
#                                 background for at most 60 seconds, without holding up the boot
#   rd.crng.seed=1                load a seed with "crng seed" once the root has been mounted,
#                                 and replace it; a root that is mounted read-only becomes
#                                 writable while this happens
#   rd.crng.seed.dir=DIRECTORY    where the seed is; the default is /var/lib/seedrng
#   rd.crng.seed.device=DEVICE    the directory is on this file system, such as UUID=..., which
#                                 is checked by fsck, and mounted for a moment
#   rd.crng.seed.options=OPTIONS  for that mount; a vfat needs umask=077
#
# The directory must exist. omit_dracutmodules+=" crng " in dracut.conf omits the module.
# shellcheck disable=SC2154

check() {
	require_any_binary crng-static crng || return 1
}

depends() {
	return 0
}

install() {
	local crng
	crng=$(find_binary crng-static || find_binary crng)
	inst "$crng" /usr/bin/crng
	# systemd ends the processes of the initrd when it switches the root, but not those
	# whose names begin with "@".
	ln_r /usr/bin/crng /usr/bin/@crng
	inst_multiple mount umount mkdir
	inst_multiple -o blkid fsck.ext4 fsck.vfat
	inst_hook pre-udev 10 "$moddir/crng-gather.sh"
	inst_hook pre-pivot 50 "$moddir/crng-seed.sh"
}
