#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The configuration of cloud-init, in the cloud-init of Debian.
# shellcheck disable=SC2030,SC2031,SC2154

load ../helper
load ../packages
load ../init

setup_file() {
  init_tree cloud-init
  can need_trees || return 0
  cp "$TOP/integration/cloud-init/50_crng.cfg" "$TREE/etc/cloud/cloud.cfg.d"
  printf 'datasource_list: [None]\n' | put 644 /etc/cloud/cloud.cfg.d/99_none.cfg
}

setup() {
  need_init
  cp "$TOP/integration/cloud-init/50_crng.cfg" "$TREE/etc/cloud/cloud.cfg.d"
}

# Each stage but the first replaces a link, whose temporary name takes random bytes: without
# that link, nothing waits for the RNG before the command of the configuration.
#
# first_boot OPTION…: runs the stages of the first boot until the modules that seed and
# make SSH host keys have run, under fakeboot with these options, by the command $BOOTED.
BOOTED=(booted)
first_boot() {
  rm -rf "$TREE/var/lib/cloud" "$TREE"/var/log/cloud-init*
  "${BOOTED[@]}" "$@" -- sh -c 'cloud-init init --local >/dev/null
    crng check || echo before: unready
    rm /run/cloud-init/status.json
    cloud-init init
    crng check && echo after: ready
    grep -E "(start|finish): init-network/config-(seed_random|ssh)" /var/log/cloud-init.log |
      sed "s/.*DEBUG.: //"
    rm -f /var/lib/cloud/instance/sem/config_seed_random
    cloud-init single --name cc_seed_random --frequency always
    echo "single: $?"' 2>&1
}

@test "cloud-init finds the configuration valid" {
  (echo '#cloud-config' && cat "$TOP/integration/cloud-init/50_crng.cfg") | put 644 /tmp/user-data
  run -0 in_tree "$TREE" cloud-init schema --config-file /tmp/user-data
  has -F 'Valid'
  sed 's/command_required/command_request/' "$TREE/tmp/user-data" | put 644 /tmp/user-data
  run -1 in_tree "$TREE" cloud-init schema --config-file /tmp/user-data
}

@test "cloud-init seeds first, and makes SSH host keys and passwords afterwards" {
  run -0 in_tree "$TREE" sed -n '/^cloud_init_modules/,/^$/p; /^cloud_config_modules/,/^$/p' /etc/cloud/cloud.cfg
  in_order "cloud_init_modules:" " - seed_random" " - ssh" "cloud_config_modules:" " - set-passwords"
}

@test "cloud-init waits until the RNG is ready, before it makes SSH host keys" {
  run -0 first_boot --ready-on block+2s
  in_order "before: unready" "after: ready" "start: init-network/config-seed_random" \
    "finish: init-network/config-seed_random: SUCCESS" "start: init-network/config-ssh" "single: 0"
}

@test "cloud-init records an error if the RNG is not ready in time, and continues" {
  sed -i 's/5m/2s/' "$TREE/etc/cloud/cloud.cfg.d/50_crng.cfg"
  # Without a ready RNG, ssh-keygen would wait forever.
  BOOTED=(booted_until "crng wait: timed out before the RNG was ready" "")
  run -0 first_boot
  in_order "crng wait: timed out" "finish: init-network/config-seed_random: FAIL" \
    "start: init-network/config-ssh" "single: 0"
}
