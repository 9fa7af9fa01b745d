#!/usr/bin/env bats
# A real boot of Debian 12 with the package of crng, on a machine without entropy.
# shellcheck disable=SC2154 # set by bats and by the functions of machine.bash

load ../helper
load ../packages
load ../machine

teardown() {
  machine_ends
}

# tells_why: succeeds once the wait has written to the journal, which it does after 10 s.
tells_why() {
  there 'journalctl -b -u crng-ready.service -o cat' &&
    grep -q '^crng wait: still waiting for the kernel RNG' <<<"$output"
}

keys_made() {
  there 'systemctl is-active keys.service'
}

@test "the boot ends while a unit waits for the RNG, and the unit makes its keys once the RNG is ready" {
  need_machine
  need_deb
  PLAIN=$BATS_TEST_TMPDIR/plain
  machine_tree "$PLAIN"
  new_machine machine
  install_in "$TREE" "$DEB"
  in_tree "$TREE" systemctl enable keys.service
  make_disk
  begin=$SECONDS
  power_on test_starved

  on_console 'Reached target.*multi-user.target'
  booted=$((SECONDS - begin))
  # The boot does not wait for the RNG; only units that need the RNG wait. A command can
  # take long on a busy machine, and crng-ready.service waits only five minutes.
  there 'systemctl is-active multi-user.target; crng check; echo check $?; ls /etc/ssh; systemctl list-jobs --no-legend'
  has -E '^active$'
  has -E '^check 1$'
  has -E 'crng-ready\.service +start +running'
  has -E 'crng-ready\.target +start +waiting'
  has -E 'keys\.service +start +waiting'
  has -E 'systemd-random-seed\.service +start +running'
  run ! grep -F ssh_host_ <<<"$output"
  run ! ready_at
  until_machine tells_why
  journal=$output

  plug_rng
  on_console 'random: crng init done'
  until_machine keys_made
  ready=$(ready_at)
  # A key was made at the uptime minus the age of its file.
  there 'echo "$(stat -c %.3Y /etc/ssh/ssh_host_ed25519_key) $(date +%s.%3N) $(cut -d " " -f 1 /proc/uptime)"'
  keys=$(awk '{ printf "%.2f", $3 - ($2 - $1) }' <<<"$output")
  times sysinit.target multi-user.target
  before "${TIMES[@]}" "$ready" "$keys"

  there 'journalctl -b -u crng-ready.service -o short-monotonic --no-hostname'
  tell "$output"
  output=$journal
  has -E 'after 10 s: [0-9]+ of 256 bits gathered \(sources: .*hw_random none'
  there 'systemctl --failed --no-legend; systemctl is-active crng-ready.target systemd-random-seed.service'
  [ "$output" = $'active\nactive' ]
  power_off
  tell "seconds since boot, in the machine:
systemd ${TIMES[0]}, sysinit.target ${TIMES[1]}, multi-user.target ${TIMES[2]}, RNG ready $ready, keys $keys
the boot took $booted s here, the whole test $((SECONDS - begin)) s"
}
