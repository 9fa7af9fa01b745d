# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Void: /etc/runit/core-services/04-crng-seed.sh; Debian: /etc/runit/boot-run/80-crng-seed.sh
# Loads the seed that the last boot left, once the file systems are writable, and saves one for
# the next boot. Use it together with shutdown.d/30-crng-seed.sh, and instead of seedrng.
[ -n "${VIRTUALIZATION:-}" ] || crng seed
