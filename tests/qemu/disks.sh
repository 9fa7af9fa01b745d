# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034
# A scenario whose guests have a disk calls these in `host` and `before`. Its guests call
# mount_disk. The files *.disk of the log directory are removed after the scenario.

# make_disk NAME: makes a disk with an empty ext4.
make_disk() {
	truncate -s 16M "$1.disk" && mkfs.ext4 -q -F "$1.disk"
}

# use_disk NAME DIGIT: gives the next guest this disk, and a UUID that differs from those of
# other machines by this digit. NVMe needs no module in Debian's kernels.
use_disk() {
	guest_args="-uuid $2$2$2$2$2$2$2$2-2222-4333-8444-555555555555 \
		-device nvme,drive=disk,serial=1 \
		-drive if=none,id=disk,format=raw,cache=writethrough,file=$1.disk"
}
