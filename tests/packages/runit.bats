#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The scripts of runit, in the runit of Debian, which is the first process.
# shellcheck disable=SC2154

load ../helper
load ../packages
load ../init

setup_file() {
  init_tree runit
  can need_trees || return 0
  local from=$TOP/integration/runit
  : | put 644 /etc/runit/native.boot.run
  mkdir -p "$TREE/etc/runit/shutdown-run"
  for script in 01-crng 80-crng-seed; do
    put 644 "/etc/runit/boot-run/$script.sh" <"$from/core-services/${script/80/04}.sh"
  done
  put 644 /etc/runit/shutdown-run/30-crng-seed.sh <"$from/shutdown.d/30-crng-seed.sh"
  # The last service ends the machine, which makes runit enter stage 3.
  sed 's/exec .*sshd -D/crng check \&\& echo keys ready; chmod 100 \/run\/runit.stopit; kill -CONT 1/' "$from/sv/run" |
    put 755 /etc/runit/runsvdir/default/keys/run
  printf '#!/bin/sh\necho early $(crng check && echo ready || echo unready)\nexec sleep 1d\n' |
    put 755 /etc/runit/runsvdir/default/early/run
}

setup() {
  need_init
}

@test "the boot goes on while the RNG gathers, and a service waits in its own script" {
  run booted_until "early unready" "" -- /sbin/runit
  in_order "- runit: enter stage: /etc/runit/1" "- runit: enter stage: /etc/runit/2" "early unready" "keys ready" \
    "- runit: enter stage: /etc/runit/3"
  # The first process that blocks is that of the script in stage 1.
  [ "$(field pid block | sort -u | wc -l)" -ge 2 ]
  # Both scripts for the seed have been run: in a container, crng seed refuses.
  [ "$(grep -c 'crng seed: this is a container' <<<"$output")" -eq 2 ]
}

@test "a service logs the status if the time limit expires, and runsv tries again" {
  sed -i 's/-t 5m/-t 2s/' "$TREE/etc/runit/runsvdir/default/keys/run"
  run booted_until "early unready" "o Not ready" -- /sbin/runit
  in_order "crng wait: timed out" "o Not ready" "keys ready"
}
