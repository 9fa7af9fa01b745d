#!/usr/bin/env bats
# crng status: what it learns about the seed from a real systemd.
# shellcheck disable=SC2154

load helper
load systemd

DROP_IN=/etc/systemd/system/$SERVICE.d/50-test.conf

# seed: the report on the seed there, "CREDITED REASON".
seed() {
  there /crng-under-test status --json |
    jq -r '.seed_files[] | select(.system == "systemd") | "\(.credited) \(.credited_because)"'
}

credit='Environment=SYSTEMD_RANDOM_SEED_CREDIT'

@test "systemd credits nothing without being told to" {
  need_systemd
  systemd :
  run -0 seed
  [ "$output" = "false systemd is not told to: SYSTEMD_RANDOM_SEED_CREDIT is not set" ]
}

@test "told by a drop-in with continued lines, systemd credits a seed that it has marked" {
  need_systemd
  systemd "printf '[Service]\n%s\n%s\n' 'Environment=\"A=b c\" \\' SYSTEMD_RANDOM_SEED_CREDIT=yes >.$DROP_IN"
  run -0 seed
  [ "$output" = "true marked creditable, and systemd is told to" ]
  there setfattr -x user.random-seed-creditable /var/lib/systemd/random-seed
  run -0 seed
  [ "$output" = "false it is not marked creditable" ]
  there truncate -s 0 /var/lib/systemd/random-seed
  there setfattr -n user.random-seed-creditable -v 1 /var/lib/systemd/random-seed
  run -0 seed
  [ "$output" = "false it is empty" ]
  there mount -t tmpfs tmpfs /var/lib/systemd
  there sh -c 'echo 12345678901234567890123456789012 >/var/lib/systemd/random-seed'
  run -0 seed
  [[ $output == "false "* ]]
}

@test "forced to, systemd credits a seed without a mark as well" {
  need_systemd
  systemd "printf '[Service]\n%s=force\n' '$credit' >.$DROP_IN"
  there setfattr -x user.random-seed-creditable /var/lib/systemd/random-seed
  run -0 seed
  [ "$output" = "true systemd is told to, whether it is marked or not" ]
}

@test "drop-ins for all services and for their prefix count as well" {
  need_systemd
  for dir in service.d systemd-.service.d systemd-random-.service.d; do
    systemd "mkdir etc/systemd/system/$dir; printf '[Service]\n%s=1\n' '$credit' >etc/systemd/system/$dir/a.conf"
    run -0 seed
    [ "$output" = "true marked creditable, and systemd is told to" ]
    kill -9 "$BOOT" || true
  done
}

@test "DefaultEnvironment= of the manager counts as well" {
  need_systemd
  systemd "mkdir -p etc/systemd/system.conf.d
    printf '[Manager]\nDefault%s=1\n' '$credit' >etc/systemd/system.conf.d/a.conf"
  run -0 seed
  [ "$output" = "true marked creditable, and systemd is told to" ]
}

@test "a variable outside [Service], unset or in a file of variables does not count" {
  need_systemd
  systemd "printf '[Unit]\n%s=1\n' '$credit' >.$DROP_IN"
  run -0 seed
  [[ $output == "false systemd is not told to"* ]]
  there sh -c "printf '[Service]\n$credit=1\nUnsetEnvironment=SYSTEMD_RANDOM_SEED_CREDIT\n' >$DROP_IN; systemctl daemon-reload"
  run -0 seed
  [ "$output" = "false systemd is told not to: UnsetEnvironment=SYSTEMD_RANDOM_SEED_CREDIT" ]
  there sh -c "printf '[Service]\n$credit=1\nUnsetEnvironment=SYSTEMD_RANDOM_SEED_CREDIT=0\n' >$DROP_IN; systemctl daemon-reload"
  run -0 seed
  [[ $output == "true "* ]]
  there sh -c "printf '[Service]\n$credit=1\nEnvironmentFile=-/etc/no-such-file\n' >$DROP_IN; systemctl daemon-reload"
  run -0 seed
  [ "$output" = "null a file may tell systemd to: EnvironmentFile=" ]
}

@test "a masked service, and one whose conditions are not met, load nothing" {
  need_systemd
  systemd "printf '[Service]\n%s=1\n' '$credit' >.$DROP_IN"
  there systemctl mask "$SERVICE"
  run -0 seed
  [ "$output" = "false systemd-random-seed.service is masked" ]
  there systemctl unmask "$SERVICE"
  there sh -c "printf '[Unit]\nConditionPathExists=/no-such-file\n' >>$DROP_IN; systemctl daemon-reload; systemctl restart $SERVICE"
  run -0 seed
  [ "$output" = "false the conditions of systemd-random-seed.service are not met" ]
}

@test "a capture has the answers of systemd" {
  need_systemd
  systemd "printf '[Service]\n%s=1\nEnvironment=SECRET=hunter2\n' '$credit' >.$DROP_IN"
  there sh -c "cd /tmp && cat >capture && sh ./capture /tmp/tree 2>/dev/null && tar -C /tmp -cf - tree" \
    <"$TOP/scripts/crng-capture" >"$BATS_TEST_TMPDIR/tree.tar"
  tar -C "$BATS_TEST_TMPDIR" -xf "$BATS_TEST_TMPDIR/tree.tar"
  run -0 jq -r '.seed_files[0] | "\(.credited) \(.credited_because)"' \
    < <("$CRNG" status --sysroot "$BATS_TEST_TMPDIR/tree" --json)
  [ "$output" = "true marked creditable, and systemd is told to" ]
  run ! grep -r hunter2 "$BATS_TEST_TMPDIR/tree"
}

@test "a systemd that does not answer delays status only for a limited time" {
  need_systemd
  systemd :
  kill -STOP "$PID1"
  SECONDS=0
  run -0 seed
  [ "$output" = "null systemctl did not answer in time" ]
  [ "$SECONDS" -lt 30 ]
}
