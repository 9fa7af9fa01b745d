#!/usr/bin/env bats
# crng status on captured trees, one for each line of the kernel's history: all formats
# are compared with what is kept in tests/data/golden, and read back by their real readers.
# UPDATE_GOLDEN=1 writes what is kept anew.
# shellcheck disable=SC2154

load helper

CASES=$TOP/tests/data/sysroot
GOLDEN=$TOP/tests/data/golden
SCHEMA=$TOP/share/crng-status.schema.json

# same FORMAT ENDING: each case in FORMAT is what GOLDEN/CASE.ENDING has.
same() {
  local case bad=0 out
  for case in "$CASES"/*/; do
    case=$(basename "$case")
    out=$BATS_TEST_TMPDIR/$case.$2
    LC_ALL=C.UTF-8 "$CRNG" status --sysroot "$CASES/$case" --format "$1" >"$out" || bad=1
    if [ -n "${UPDATE_GOLDEN:-}" ]; then
      cp "$out" "$GOLDEN/$case.$2"
    fi
    diff -u "$GOLDEN/$case.$2" "$out" || bad=1
  done
  return "$bad"
}

@test "each captured tree is shown to people as before" {
  same human txt
}

@test "each captured tree is the same JSON as before" {
  same json json
}

@test "each captured tree is the same shell assignments as before" {
  same shell sh
}

@test "each captured tree is the same metrics as before" {
  same prometheus prom
}

@test "the human form has at most 80 columns, and no bytes that a terminal acts upon" {
  for file in "$GOLDEN"/*.txt; do
    run ! env LC_ALL=C.UTF-8 grep -nE '^.{81}' "$file"
    run ! env LC_ALL=C grep -n '[[:cntrl:]]' "$file"
  done
}

@test "where the locale is not UTF-8 the human form is ASCII" {
  for case in "$CASES"/*/; do
    "$CRNG" status --sysroot "$case" >"$BATS_TEST_TMPDIR/out"
    run ! env LC_ALL=C grep -n '[^ -~]' "$BATS_TEST_TMPDIR/out"
    run ! grep -nE '^.{81}' "$BATS_TEST_TMPDIR/out"
  done
}

@test "colour is for terminals that want it" {
  tree=$CASES/linux-6.18-vm
  esc=$'\033'
  run -0 "$CRNG" status --sysroot "$tree"
  [[ $output != *"$esc"* ]]
  run -0 "$CRNG" status --sysroot "$tree" --color always
  [[ $output == *"${esc}[1mKernel${esc}[0m"* ]]
  usage_error 2 "--color 'blue': not auto, always or never" "$CRNG" status --color blue
  need script
  unset NO_COLOR
  on_terminal() {
    TERM=$1 script -qec "'$CRNG' status --sysroot '$tree'" /dev/null
  }
  [[ $(on_terminal xterm) == *"${esc}[1m"* ]]
  [[ $(on_terminal dumb) != *"$esc"* ]]
  [[ $(on_terminal '') != *"$esc"* ]]
  [[ $(NO_COLOR=1 on_terminal xterm) != *"$esc"* ]]
  [[ $(NO_COLOR='' on_terminal xterm) == *"${esc}[1m"* ]]
}

@test "the JSON of all trees and of this machine is valid by the schema" {
  need python3
  python3 -c 'import jsonschema' 2>/dev/null || skip "python3-jsonschema is not installed"
  "$CRNG" status --json >"$BATS_TEST_TMPDIR/live.json"
  python3 - "$SCHEMA" "$BATS_TEST_TMPDIR/live.json" "$GOLDEN"/*.json <<'END'
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
for name in sys.argv[2:]:
    status = json.load(open(name))
    validator.validate(status)
    for group, members in status.items():
        for key in ([] if not isinstance(members, dict) or group == "reasons" else members):
            if members[key] is None and group not in ("timeline", "waiters"):
                assert status["reasons"][group][key], (name, group, key)
wrong = json.load(open(sys.argv[2]))
wrong["verdict"] = "perhaps"
assert not validator.is_valid(wrong)
END
}

@test "a captured tree is never mixed with this machine" {
  for file in "$GOLDEN"/*.json; do
    run -0 jq -r '[.verdict, .waiters, .kernel.vdso_getrandom, .pool.rndgetentcnt_bits] | unique == [null]' "$file"
    [ "$output" = true ]
  done
}

@test "dash, bash, busybox sh, and zsh and ksh where there, take the assignments, hostile or not" {
  need jq
  for shell in dash bash "busybox sh" zsh ksh mksh; do
    command -v "${shell%% *}" >/dev/null || continue
    for file in "$GOLDEN"/*.sh; do
      # shellcheck disable=SC2016,SC2086
      run -0 --separate-stderr $shell -euc 'eval "$(cat "$1")"; printf "%s" "$CRNG_KERNEL_RELEASE|$CRNG_SOURCES_HWRNG_CURRENT|$CRNG_ADVICE"' sh "$file"
      [ -z "$stderr" ]
      [ "$output" = "$(jq -r '[.kernel.release, .sources.hwrng_current // "", ([.advice[].id] | join(" "))] | join("|")' "${file%.sh}.json")" ]
    done
  done
}

@test "every line of the shell form is one assignment in single quotes" {
  run ! grep -vhE "^CRNG_[A-Z0-9_]+='([^']|'\\\\'')*'\$" "$GOLDEN"/*.sh
}

# entropy_avail is in bits, everywhere and so in the name of its metric too.
@test "promtool reads the metrics; all it says is that one of them is in bits" {
  need promtool
  remark='crng_entropy_available_bits use base unit "bytes" instead of "bits"'
  "$CRNG" status --format prometheus >"$BATS_TEST_TMPDIR/live.prom"
  for file in "$GOLDEN"/*.prom "$BATS_TEST_TMPDIR/live.prom"; do
    run promtool check metrics <"$file"
    if grep -q '^crng_entropy_available_bits ' "$file"; then
      [ "$status" -eq 3 ]
      [ "$output" = "$remark" ]
    else
      [ "$status" -eq 0 ]
      [ -z "$output" ]
    fi
  done
  run ! promtool check metrics <<<'crng_ready{ 1'
}

@test "a real node_exporter serves the metrics" {
  need prometheus-node-exporter curl
  mkdir "$BATS_TEST_TMPDIR/textfile"
  cp "$GOLDEN/hostile.prom" "$BATS_TEST_TMPDIR/textfile/hostile.prom"
  prometheus-node-exporter --collector.disable-defaults --collector.textfile \
    --collector.textfile.directory "$BATS_TEST_TMPDIR/textfile" \
    --web.listen-address 127.0.0.1:0 2>"$BATS_TEST_TMPDIR/log" 3>&- &
  exporter=$!
  for _ in {1..500}; do
    port=$(sed -n 's/.*[Ll]istening on.*127\.0\.0\.1:\([0-9]*\).*/\1/p' "$BATS_TEST_TMPDIR/log")
    [ -z "$port" ] || break
    sleep 0.05
  done
  run curl -s "http://127.0.0.1:$port/metrics"
  kill "$exporter"
  [[ $output == *'node_textfile_scrape_error 0'* ]]
  [[ $output == *$'\ncrng_ready_seconds 2\n'* ]]
  while read -r sample; do
    [[ $output == *"${sample% *}"* ]] || { echo "missing: $sample" && return 1; }
  done < <(grep '^crng_advice' "$GOLDEN/hostile.prom")
}

@test "what is hostile in a tree is escaped in every format" {
  for file in "$GOLDEN"/hostile.*; do
    run ! env LC_ALL=C grep -n $'[\001-\010\013-\037\177]' "$file"
    iconv -f UTF-8 -t UTF-8 "$file" >/dev/null
  done
  run -0 jq -r '.timeline.events[].who' "$GOLDEN/hostile.json"
  [ "${lines[0]}" = '\x1b]0;x\x07' ]
  [ "${lines[1]}" = '"};' ]
  # shellcheck disable=SC2016
  [ "${lines[2]}" = "'\$(id)'" ]
  [ "${lines[3]}" = 'a\xff\xfeb' ]
  [ "${lines[4]}" = 'a\x0ab' ]
}

@test "capture makes a tree that tells the same as the machine" {
  run -0 --separate-stderr "$TOP/scripts/capture" "$BATS_TEST_TMPDIR/tree"
  [[ $stderr == *"--sysroot $BATS_TEST_TMPDIR/tree" ]]
  "$CRNG" status --json >"$BATS_TEST_TMPDIR/live"
  "$CRNG" status --sysroot "$BATS_TEST_TMPDIR/tree" --json >"$BATS_TEST_TMPDIR/captured"
  for key in .kernel.release .kernel.rng .kernel.trust_cpu .pool.poolsize_bits \
    .reasons.kernel.config_trust_cpu \
    .sources.cpu .sources.hwrng_current .sources.hwrng_quality .sources.virtio_rng \
    .sources.vmgenid .sources.tpm .environment.virtualization '[.seed_files[].path]' \
    '[.timeline.events[]?.kind]'; do
    [ "$(jq -c "$key" "$BATS_TEST_TMPDIR/live")" = \
      "$(jq -c "$key" "$BATS_TEST_TMPDIR/captured")" ] ||
      { echo "differs: $key" && return 1; }
  done
  run -2 "$TOP/scripts/capture"
}

@test "capture makes the same tree with BusyBox, and says where it is" {
  need busybox
  mkdir "$BATS_TEST_TMPDIR/bin"
  for tool in $(busybox --list); do
    ln -s "$(command -v busybox)" "$BATS_TEST_TMPDIR/bin/$tool"
  done
  "$TOP/scripts/capture" "$BATS_TEST_TMPDIR/full"
  run -0 --separate-stderr env PATH="$BATS_TEST_TMPDIR/bin" sh "$TOP/scripts/capture" \
    "$BATS_TEST_TMPDIR/tree"
  [ "$stderr" = "captured to $BATS_TEST_TMPDIR/tree; try: crng status --sysroot $BATS_TEST_TMPDIR/tree" ]
  if [ -e "$BATS_TEST_TMPDIR/full/dev/kmsg" ]; then
    diff "$BATS_TEST_TMPDIR/full/dev/kmsg" "$BATS_TEST_TMPDIR/tree/dev/kmsg"
  else # nobody may read it
    [ ! -e "$BATS_TEST_TMPDIR/tree/dev/kmsg" ]
  fi
}

@test "a captured tree holds no secret" {
  need_mounts
  mkdir "$BATS_TEST_TMPDIR/sshd" "$BATS_TEST_TMPDIR/seeds"
  echo TOPSECRET >"$BATS_TEST_TMPDIR/sshd/ssh_host_rsa_key"
  echo TOPSECRET >"$BATS_TEST_TMPDIR/seeds/random-seed"
  [ -d /var/lib/systemd ] && [ -d /etc ] || skip "no directory to mount over"
  # shellcheck disable=SC2016
  own_mounts sh -euc '
    mount -t tmpfs none /etc; mkdir /etc/ssh; cp "$2"/sshd/* /etc/ssh
    mount -t tmpfs none /run; mkdir -p /run/systemd/system /run/bin
    printf "#!/bin/sh\necho LoadState=loaded\necho \047Environment=X_$4=0 \"PW=TOPSECRET\" \"$4=1\" B=TOPSECRET\047\necho \047EnvironmentFiles=/TOPSECRET\047\n" \
      >/run/bin/systemctl
    chmod +x /run/bin/systemctl
    PATH=/run/bin:$PATH
    mount --bind "$2/seeds" /var/lib/systemd
    "$1/scripts/capture" "$2/tree" 2>/dev/null' sh "$TOP" "$BATS_TEST_TMPDIR" \
    systemd-random-seed.service SYSTEMD_RANDOM_SEED_CREDIT
  run -0 cat "$BATS_TEST_TMPDIR/tree/crng-capture/systemd-random-seed.service"
  [ "$output" = $'LoadState=loaded\nEnvironment=SYSTEMD_RANDOM_SEED_CREDIT=1\nEnvironmentFiles=captured' ]
  grep -q '^/var/lib/systemd/random-seed 10 ' "$BATS_TEST_TMPDIR/tree/crng-capture/seeds"
  grep -q '^/etc/ssh/ssh_host_rsa_key 10 ' "$BATS_TEST_TMPDIR/tree/crng-capture/seeds"
  run ! grep -r TOPSECRET "$BATS_TEST_TMPDIR/tree"
}

@test "each advice has its id explained" {
  run -0 --separate-stderr "$CRNG" status --explain list
  [ "${#lines[@]}" -ge 25 ]
  run ! grep -nE '^.{81}' <<<"$output"
  ids=$("$CRNG" status --explain list | grep '^[a-z]')
  [ "$(sort <<<"$ids" | uniq -d)" = "" ]
  for id in $ids; do
    run -0 --separate-stderr "$CRNG" status --explain "$id"
    [[ ${lines[0]} == "$id ("* ]]
    run ! grep -nE '^.{81}' <<<"$output"
  done
  usage_error 2 "--explain 'nonsense': no such advice" "$CRNG" status --explain nonsense
  for option in --watch --watch=1 --json --format=human --sysroot=/; do
    usage_error 2 "--explain excludes" "$CRNG" status --explain list "$option"
    usage_error 2 "--explain excludes" "$CRNG" status "$option" --explain list
  done
}

# waiting NAME…: with processes of these names blocked in getrandom, runs crng status in
# each format on a machine that is not ready; the outputs are in files named by format.
waiting() {
  need_fakeboot
  [ -x "${BLOCKER:-}" ] || skip "blocker is not built"
  local name
  mkdir -p "$BATS_TEST_TMPDIR/bin"
  for name; do
    cp "$BLOCKER" "$BATS_TEST_TMPDIR/bin/$name"
  done
  # shellcheck disable=SC2016
  fakeboot -- bash -uc '
    for program in "$2"/bin/*; do "$program" getrandom & pids+=($!); done
    for pid in "${pids[@]}"; do
      until read -r number _ <"/proc/$pid/syscall" && [ "$number" != running ]; do sleep 0.01; done
    done
    for format in human json shell prometheus; do "$1" status --format $format >"$2/$format"; done
    kill "${pids[@]}"' bash "$CRNG" "$BATS_TEST_TMPDIR"
}

@test "who waits is named, counted in the first line and in the metrics" {
  waiting keygen
  tasks=$(jq '.waiters.tasks | length' "$BATS_TEST_TMPDIR/json")
  [[ $(head -n 2 "$BATS_TEST_TMPDIR/human" | tr '\n' ' ') == *"not ready"*"wait"*" for it."* ]]
  # Others may wait on the machine that tests this.
  run -0 jq -r --arg exe "$BATS_TEST_TMPDIR/bin/keygen" \
    '.waiters.tasks[] | select(.exe == $exe) | "\(.comm) \(.call) \(.bytes)"' "$BATS_TEST_TMPDIR/json"
  [ "$output" = "keygen getrandom 21" ]
  [ "$tasks" -ge 1 ]
  grep -q '^crng_waiters [1-9]' "$BATS_TEST_TMPDIR/prometheus"
  grep -q '^crng_ready 0$' "$BATS_TEST_TMPDIR/prometheus"
  grep -q "^CRNG_WAITER_[0-9]*_COMM='keygen'$" "$BATS_TEST_TMPDIR/shell"
  run -0 jq -r '[.advice[].id] | index("start-blocking-reader")' "$BATS_TEST_TMPDIR/json"
  [ "$output" = null ]
}

@test "hostile names of processes do no harm in any format" {
  # shellcheck disable=SC2016
  waiting $'\e]0;x\a' '"};' "'\$(id)'" $'a\xff\xfeb' $'a\nb'
  for file in human json shell prometheus; do
    run ! env LC_ALL=C grep -n $'[\001-\010\013-\037\177]' "$BATS_TEST_TMPDIR/$file"
    iconv -f UTF-8 -t UTF-8 "$BATS_TEST_TMPDIR/$file" >/dev/null
  done
  run -0 jq -r --arg bin "$BATS_TEST_TMPDIR/bin/" \
    '.waiters.tasks[] | select(.exe // "" | startswith($bin)) | .comm' "$BATS_TEST_TMPDIR/json"
  # shellcheck disable=SC2016
  [ "$(sort <<<"$output")" = "$(printf '%s\n' '\x1b]0;x\x07' '"};' "'\$(id)'" 'a\xff\xfeb' 'a\x0ab' | sort)" ]
  # shellcheck disable=SC2016
  run -0 --separate-stderr dash -euc 'eval "$(cat "$1")"; set | grep "^CRNG_WAITER_.*_COMM="' \
    sh "$BATS_TEST_TMPDIR/shell"
  [ -z "$stderr" ]
  [[ $output == *'$(id)'* ]]
}

# reported: how many looks at a ready RNG --watch has printed.
reported() {
  grep -c '^The kernel RNG is ready' "$BATS_TEST_TMPDIR/out"
}

@test "--watch ends by itself when the RNG becomes ready" {
  need_fakeboot
  fakeboot -- "$CRNG" status --watch=0.2 >"$BATS_TEST_TMPDIR/out" 3>&- &
  eventually grep -qs '^The kernel RNG is not ready' "$BATS_TEST_TMPDIR/out"
  become_ready
  wait $!
  [ "$(reported)" -eq 1 ]
  # Also where that comes while the first look is taken.
  run -0 --separate-stderr fakeboot --ready-on probe:5 -- "$CRNG" status --watch=0.2
  [ -z "$stderr" ]
  [ "$(grep -c '^The kernel RNG is ready' <<<"$output")" -eq 1 ]
}

reports() {
  [ "$(reported)" -ge "$1" ]
}

@test "--watch of a ready RNG goes on until it is interrupted" {
  env --default-signal=INT "$CRNG" status --watch=0.2 >"$BATS_TEST_TMPDIR/out" 3>&- &
  eventually reports 2
  kill -INT $!
  status=0
  wait $! || status=$?
  [ "$status" -eq 130 ]
  run ! grep $'\033' "$BATS_TEST_TMPDIR/out"
  # Ten a second, at most.
  SECONDS=0
  "$CRNG" status --watch=0.001ms >"$BATS_TEST_TMPDIR/out" 3>&- &
  eventually reports 5
  kill $!
  [ "$(reported)" -le $(((SECONDS + 1) * 10 + 1)) ]
  usage_error 2 "--watch '0': must be more than 0" "$CRNG" status --watch=0
  usage_error 2 "--watch 'soon': not a duration" "$CRNG" status --watch=soon
  usage_error 2 "exclude each other" "$CRNG" status --watch --sysroot /
}

@test "--watch redraws in place on a terminal, and fits it" {
  need script
  watched 'stty rows 10' --watch=0.2
  [[ $output == $'\033[H\033[2J\033[H'* ]]
  [ "$(grep -c $'\033\\[J' <<<"$output")" -ge 2 ]
  frame=${output#*$'\033[2J\033[H'}
  frame=${frame%%$'\033[H'*}
  [ "$(wc -l <<<"$frame")" -le 10 ]
}

@test "the shell form has ASCII names in a locale with other capitals" {
  need localedef
  for charset in UTF-8 ISO-8859-9; do
    localedef -i tr_TR -f "$charset" "$BATS_TEST_TMPDIR/tr_TR.$charset" >/dev/null 2>&1 ||
      skip "the Turkish locale cannot be made here"
    run -0 env LOCPATH="$BATS_TEST_TMPDIR" LC_ALL="tr_TR.$charset" "$CRNG" status --format shell
    grep -q "^CRNG_VERDICT='" <<<"$output"
    run ! grep -avE "^CRNG_[A-Z0-9_]+='" <<<"$output"
  done
}
