#!/usr/bin/env bats
# crng status: which seed files are credited, by the captured answers of systemctl.
# shellcheck disable=SC2154

load helper
load tree

# credited FLAGS LINES [MANAGER]: prints whether systemd's seed file, with these FLAGS, is
# credited and why, where the answer of systemctl begins with LINES.
credited() {
  late "$ANSWER" "$2"$'\n'"$ANSWERED" "$MANAGER" "${3:-Version=252}" /crng-capture/seeds \
    "/var/lib/systemd/random-seed 512 600 0 1760000000 $1"
  of '.seed_files[0] | "\(.credited) \(.credited_because)"'
}

@test "a seed is credited if systemd's answer says so, its own environment included" {
  [ "$(credited creditable "Environment=$CREDIT=1")" = "true marked creditable, and systemd is told to" ]
  for word in yes y true t on ON; do
    [[ $(credited creditable "Environment=$CREDIT=$word") == true* ]]
  done
  for word in 0 no '' 10 only Force; do
    [[ $(credited creditable "Environment=$CREDIT=$word") == "false systemd is told not to: "* ]]
  done
  [[ $(credited creditable "Environment=\"A=b \\\" c\" $CREDIT=1 B=c") == true* ]]
  [[ $(credited creditable "Environment=\"A=b $CREDIT=1\"") == false* ]]
  [[ $(credited creditable "Environment=X_$CREDIT=1 ${CREDIT}ED=1") == false* ]]
  [[ $(credited creditable Environment= $'Version=252\nEnvironment='"$CREDIT=1") == true* ]]
  [[ $(credited creditable "Environment=$CREDIT=0" $'Version=252\nEnvironment='"$CREDIT=1") == false* ]]
  [[ $(credited creditable "Environment=$CREDIT=1" 'Version=systemd 241') == "false only systemd 243 or later credits seeds" ]]
  late "$ANSWER" "$TOLD" /crng-capture/seeds '/var/lib/systemd/random-seed 512 600 0 1760000000 creditable'
  rm "$TREE$MANAGER"
  [[ $(of '.seed_files[0].credited') == true ]]
}

@test "a seed is credited only if it is marked, unless systemd is forced to" {
  on="Environment=$CREDIT=1"
  [[ $(credited - "$on") == "false it is not marked creditable" ]]
  [[ $(credited ro,hidden "$on") == "null its mark cannot be read" ]]
  [[ $(credited - "Environment=$CREDIT=force") == "true systemd is told to, whether it is marked or not" ]]
  [[ $(credited hidden "Environment=$CREDIT=force") == true* ]]
  [[ $(credited creditable,volatile "$on") == "false it will be gone at the next boot" ]]
  late "$ANSWER" "$TOLD" /crng-capture/seeds '/var/lib/systemd/random-seed 0 600 0 1760000000 creditable'
  [ "$(of '.seed_files[0].credited_because')" = "it is empty" ]
  late "$ANSWER" "$TOLD" /run/systemd/first-boot '' /crng-capture/seeds \
    '/var/lib/systemd/random-seed 512 600 0 1760000000 creditable'
  [ "$(of '.seed_files[0].credited')" = null ]
}

@test "variables that are unset, passed on or in files do not count as a yes" {
  on="Environment=$CREDIT=1"
  [[ $(credited creditable "$on"$'\nUnsetEnvironment=A '"$CREDIT") == "false systemd is told not to: Unset"* ]]
  [[ $(credited creditable "$on"$'\nUnsetEnvironment='"$CREDIT=1") == "false systemd is told not to: Unset"* ]]
  [[ $(credited creditable "$on"$'\nUnsetEnvironment='"$CREDIT $CREDIT=0") == "false systemd is told not to: Unset"* ]]
  [[ $(credited creditable "$on"$'\nUnsetEnvironment='"$CREDIT=0") == true* ]]
  [[ $(credited creditable "$on"$'\nEnvironmentFiles=/a (ignore_errors=yes)') == "null a file may tell systemd"* ]]
  [[ $(credited creditable "PassEnvironment=$CREDIT") == "null "*PassEnvironment= ]]
  [[ $(credited creditable "$on"$'\nPassEnvironment='"$CREDIT") == true* ]]
}

@test "a service that does not run loads nothing, and without an answer it is unknown" {
  on=$'\n'"Environment=$CREDIT=1"
  never=$'ConditionTimestampMonotonic=0\nConditionResult=no\nActiveState=inactive'
  [[ $(credited creditable "LoadState=masked$on") == "false systemd-random-seed.service is masked" ]]
  [[ $(credited creditable "UnitFileState=masked-runtime$on") == "null systemd-random-seed.service is masked until"* ]]
  [[ $(credited creditable "LoadState=not-found$on") == "false systemd has no systemd-random-seed.service" ]]
  [[ $(credited creditable "LoadState=error$on") == "false systemd cannot load"* ]]
  [[ $(credited creditable "ActiveState=failed$on") == "null systemd-random-seed.service failed"* ]]
  [[ $(credited creditable "ConditionResult=no$on") == "false the conditions of systemd-random-seed.service"* ]]
  [[ $(credited creditable "$never$on") == "null systemd has not started"* ]]
  [[ $(credited creditable "$never"$'\nWantedBy='"$on") == "false nothing makes systemd start"* ]]
  [[ $(credited creditable "ExecStart={ path=/bin/true ; }$on") == "null systemd-random-seed.service runs another command" ]]
  late "$ANSWER" 'Failed to connect to bus' /crng-capture/seeds \
    '/var/lib/systemd/random-seed 512 600 0 1760000000 creditable'
  [ "$(of '.seed_files[0] | "\(.credited) \(.credited_because)"')" = "null systemctl gave no answer" ]
  rm "$TREE$ANSWER"
  [ "$(of '.seed_files[0] | "\(.credited) \(.credited_because)"')" = "null the captured tree has no answer from systemd" ]
}

@test "a captured tree that names a seed twice gives one sample in the metrics" {
  late /crng-capture/seeds "$(printf '/var/lib/seedrng/seed.credit %s 600 0 1760000000 -\n' 32 64 128)"
  run -0 "$CRNG" status --sysroot "$TREE" --format prometheus
  [ "$(grep -c '^crng_seed_file_size_bytes{' <<<"$output")" -eq 1 ]
  [[ $output == *$'seedrng/seed.credit",system="SeedRNG"} 32\n'* ]]
  # 3 is a remark on style; another test checks those.
  ! command -v promtool >/dev/null || promtool check metrics <<<"$output" || [ $? -eq 3 ]
}
