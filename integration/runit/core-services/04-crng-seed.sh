# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Void: /etc/runit/core-services/04-crng-seed.sh; Debian: /etc/runit/boot-run/80-crng-seed.sh
# Loads the seed that the last boot left, once the file systems are writable, and saves one for
# the next boot. Use it together with shutdown.d/30-crng-seed.sh, and remove what keeps
# another seed, such as seedrng, or the lines for it in 05-misc.sh of Void.
[ -n "${VIRTUALIZATION:-}" ] || crng seed
