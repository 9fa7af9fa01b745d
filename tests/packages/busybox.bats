#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The scripts for init of BusyBox, which is the first process.
# shellcheck disable=SC2154

load ../helper
load ../packages
load ../init

setup_file() {
  init_tree busybox-static
  can need_trees || return 0
  put 755 /etc/init.d/rcS <"$TOP/integration/busybox/rcS"
  # A script that ends the machine replaces the service. The last line starts at once.
  {
    sed 's|/usr/sbin/dropbear -F -R|/keys|' "$TOP/integration/busybox/inittab"
    echo '::once:/early'
  } | put 644 /etc/inittab
  printf '#!/bin/sh\ncrng check && echo keys ready\nkill -USR2 1\nexec sleep 1d\n' | put 755 /keys
  printf '#!/bin/sh\ncrng check || echo early unready\n' | put 755 /early
}

setup() {
  need_init
}

@test "the boot goes on while the RNG gathers, and a line of inittab waits for it" {
  run booted_until "early unready" "" -- /bin/busybox init
  in_order "early unready" "keys ready"
  # rcS has been run at the beginning and at the end: in a container, crng seed refuses.
  [ "$(grep -c 'crng seed: this is a container' <<<"$output")" -eq 2 ]
}

@test "init tries a service again that was not ready in time" {
  sed -i 's/-t 5m -- /-t 2s -- /' "$TREE/etc/inittab"
  run booted_until "early unready" "crng wait: timed out" -- /bin/busybox init
  in_order "crng wait: timed out" "keys ready"
}
