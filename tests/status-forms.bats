#!/usr/bin/env bats
# The forms of crng status, --format and --color: what it prints of captured trees, one
# for each line of the kernel's history, is compared with tests/data/golden and read back
# by real readers. UPDATE_GOLDEN=1 overwrites what is kept there.
# shellcheck disable=SC2154

load helper

CASES=$TOP/tests/data/sysroot
GOLDEN=$TOP/tests/data/golden
SCHEMA=$TOP/share/crng-status.schema.json

# same FORMAT ENDING: each case in FORMAT is the content of GOLDEN/CASE.ENDING.
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

@test "--format json is --json, and one object" {
  run -0 "$CRNG" status --format json
  [ "$(jq -s length <<<"$output")" = 1 ]
  [ "$(jq .schema_version <<<"$output")" = 1 ]
  usage_error 2 "--format 'xml': not a format" "$CRNG" status --format xml
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

# wide: prints the lines of more than 80 columns. What is meant to be pasted is not wrapped.
wide() {
  grep -vE '^ *[a-z-]+> ' | LC_ALL=C.UTF-8 grep -nE '^.{81}'
}

@test "the human form has at most 80 columns and no control characters" {
  for file in "$GOLDEN"/*.txt; do
    run ! wide <"$file"
    run ! env LC_ALL=C grep -n '[[:cntrl:]]' "$file"
  done
}

@test "where the locale is not UTF-8 the human form is ASCII" {
  for case in "$CASES"/*/; do
    "$CRNG" status --sysroot "$case" >"$BATS_TEST_TMPDIR/out"
    run ! env LC_ALL=C grep -n '[^ -~]' "$BATS_TEST_TMPDIR/out"
    run ! wide <"$BATS_TEST_TMPDIR/out"
  done
}

@test "colour is only for terminals that support it, unless it is asked for" {
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

@test "each installed shell evaluates the assignments, even with hostile values" {
  need jq
  for shell in dash bash "busybox sh" zsh ksh mksh; do
    command -v "${shell%% *}" >/dev/null || continue
    for file in "$GOLDEN"/*.sh; do
      # shellcheck disable=SC2086
      run -0 --separate-stderr $shell -euc 'eval "$(cat "$1")"; printf "%s" "$CRNG_KERNEL_RELEASE|$CRNG_SOURCES_HWRNG_CURRENT|$CRNG_ADVICE"' sh "$file"
      [ -z "$stderr" ]
      [ "$output" = "$(jq -r '[.kernel.release, .sources.hwrng_current // "", ([.advice[].id] | join(" "))] | join("|")' "${file%.sh}.json")" ]
    done
  done
}

@test "every line of the shell form is one assignment in single quotes" {
  run ! grep -vhE "^CRNG_[A-Z0-9_]+='([^']|'\\\\'')*'\$" "$GOLDEN"/*.sh
}

# entropy_avail is in bits everywhere, and so in the name of its metric.
@test "promtool accepts the metrics, and remarks only that one of them is in bits" {
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
  count=0
  while read -r sample; do
    [[ $output == *"${sample% *}"* ]] || { echo "missing: $sample" && return 1; }
    count=$((count + 1))
  done < <(grep '^crng_advice' "$GOLDEN/hostile.prom")
  [ "$count" -gt 0 ]
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
