#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The configuration of cloud-init, in the cloud-init of Debian.
# shellcheck disable=SC2030,SC2031,SC2154

load ../helper
load ../packages
load ../init

setup_file() {
  init_tree cloud-init
  cp "$TOP/integration/cloud-init/50_crng.cfg" "$TREE/etc/cloud/cloud.cfg.d"
  printf 'datasource_list: [None]\n' | put 644 /etc/cloud/cloud.cfg.d/99_none.cfg
}

setup() {
  need_fakeboot
  cp "$TOP/integration/cloud-init/50_crng.cfg" "$TREE/etc/cloud/cloud.cfg.d"
}

# module OPTION…: runs the module that seeds, on a machine that is as ready as these options
# of fakeboot say.
module() {
  booted "$@" -- sh -c 'cloud-init init --local >/dev/null 2>&1; cloud-init init >/dev/null 2>&1
    crng check || echo before: unready
    rm -f /var/lib/cloud/instance/sem/config_seed_random
    cloud-init single --name cc_seed_random --frequency always --report
    status=$?
    crng check && echo after: ready
    grep -i -E "seed_random|random command" /var/log/cloud-init.log
    exit $status' 2>&1
}

@test "cloud-init finds the configuration valid" {
  (echo '#cloud-config' && cat "$TOP/integration/cloud-init/50_crng.cfg") | put 644 /tmp/user-data
  run -0 in_tree "$TREE" cloud-init schema --config-file /tmp/user-data
  has -F 'Valid'
  sed 's/command_required/command_request/' "$TREE/tmp/user-data" | put 644 /tmp/user-data
  run -1 in_tree "$TREE" cloud-init schema --config-file /tmp/user-data
}

@test "cloud-init seeds first, and makes SSH host keys and passwords after that" {
  run -0 in_tree "$TREE" sed -n '/^cloud_init_modules/,/^$/p; /^cloud_config_modules/,/^$/p' /etc/cloud/cloud.cfg
  in_order "cloud_init_modules:" " - seed_random" " - ssh" "cloud_config_modules:" " - set-passwords"
}

@test "cloud-init waits until the RNG is ready" {
  run -0 module --ready-on block+2s
  in_order "before: unready" "after: ready"
}

@test "cloud-init records an error if the RNG is not ready in time" {
  sed -i 's/5m/2s/' "$TREE/etc/cloud/cloud.cfg.d/50_crng.cfg"
  run -1 module
  has -F 'crng wait: timed out before the RNG was ready'
  [[ $output != *"after: ready"* ]]
}
