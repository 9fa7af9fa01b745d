# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Void: /etc/runit/shutdown.d/30-crng-seed.sh; Debian: /etc/runit/shutdown-run/30-crng-seed.sh
# Saves a seed of the kernel RNG for the next boot, while the file systems are still writable.
[ -n "${VIRTUALIZATION:-}" ] || crng seed --save
