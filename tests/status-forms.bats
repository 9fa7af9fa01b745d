#!/usr/bin/env bats
# The forms of crng status, --format and --color: what it prints of captured trees, one
# for each line of the kernel's history, is compared with tests/data/golden and read back
# by real readers. UPDATE_GOLDEN=1 overwrites what is kept there.
# shellcheck disable=SC2153,SC2154

load helper
load tree

CASES=$TOP/tests/data/sysroot
GOLDEN=$TOP/tests/data/golden
SCHEMA=$TOP/share/crng-status.schema.json

# timeless: the report without what differs from run to run and from release to release.
timeless() {
  sed -e 's/^\(  "time": "\|CRNG_TIME=.\)[-0-9]*T[0-9:]*Z/\12026-01-01T00:00:00Z/' \
    -e 's/^\(  "crng_version": "\)[^"]*/\10/'
}

# same ENDING COMMAND…: what COMMAND prints of each case is the content of
# GOLDEN/CASE.ENDING.
same() {
  local case bad=0 out ending=$1
  shift
  for case in "$CASES"/*/; do
    case=$(basename "$case")
    out=$BATS_TEST_TMPDIR/$case.$ending
    "$@" "$CASES/$case" | timeless >"$out" || bad=1
    if [ -n "${UPDATE_GOLDEN:-}" ]; then
      cp "$out" "$GOLDEN/$case.$ending"
    fi
    diff -u "$GOLDEN/$case.$ending" "$out" || bad=1
  done
  return "$bad"
}

@test "--format json is --json, and one object" {
  run -0 "$CRNG" status --format json
  [ "$(jq -s length <<<"$output")" = 1 ]
  [ "$(jq .schema_version <<<"$output")" = 1 ]
  usage_error 2 "--format 'xml': not a format" "$CRNG" status --format xml
}

# printed OPTION… TREE: what status prints of the captured tree.
printed() {
  LC_ALL=C.UTF-8 "$CRNG" status "${@:1:$#-1}" --sysroot "${*: -1}"
}

# on_screen COLUMNS ROWS TREE: what it shows of the tree on a terminal of that size.
on_screen() {
  LC_ALL=C.UTF-8 NO_COLOR=1 TERM=xterm script -qec \
    "stty cols $1 rows $2 -onlcr; '$CRNG' status --sysroot '$3'" /dev/null
}

@test "each captured tree is shown on a terminal of 80 columns as before" {
  need script
  same 80x24.txt on_screen 80 24
}

@test "each captured tree is shown on a terminal of 120 columns as before" {
  need script
  same 120x40.txt on_screen 120 40
}

@test "each captured tree is shown with all details as before" {
  same verbose.txt printed --verbose
}

@test "each captured tree is the same picture as before" {
  same svg printed --format svg
}

@test "each captured tree is the same JSON as before" {
  same json printed --format json
}

@test "each captured tree is the same shell assignments as before" {
  same sh printed --format shell
}

@test "each captured tree is the same metrics as before" {
  same prom printed --format prometheus
}

# wide: prints the lines of more than 80 columns. What is meant to be pasted is not wrapped.
wide() {
  grep -vE '^    [A-Za-z ]+: ' | LC_ALL=C.UTF-8 grep -nE '^.{81}'
}

@test "a captured tree is shown on one screen of 80 columns, a good one in three lines" {
  for file in "$GOLDEN"/*.80x24.txt; do
    [ "$(wc -l <"$file")" -le 22 ]
    run ! wide <"$file"
  done
  for case in linux-6.18-vm linux-5.18 ppc64le-pseries; do
    [ "$(wc -l <"$GOLDEN/$case.80x24.txt")" -le 3 ]
  done
}

@test "the forms for people have no control characters" {
  for file in "$GOLDEN"/*.txt; do
    run ! env LC_ALL=C grep -n '[[:cntrl:]]' "$file"
  done
}

@test "where the locale is not UTF-8 the human form is ASCII" {
  for case in "$CASES"/*/; do
    "$CRNG" status -v --sysroot "$case" >"$BATS_TEST_TMPDIR/out"
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
  [[ $output == *"${esc}[1mCaptured machine${esc}[0m"* ]]
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

@test "the picture is well-formed XML, refers to nothing and has no script, even with hostile names" {
  need xmllint
  # U+FFFE is valid UTF-8, and not allowed in XML.
  tree=$BATS_TEST_TMPDIR/tree
  mkdir -p "$tree/dev"
  printf '5,0,0,-;Linux version\n5,%s,%s00000,-;random: %b: uninitialized urandom read (9 bytes read)\n' \
    1 1 '\xef\xbf\xbe' 2 2 '</text><script>' 3 3 "]]>&amp;'" 4 4 '<!--' 5 5 '\xf0\x9f\x98\x80' >"$tree/dev/kmsg"
  LC_ALL=C.UTF-8 "$CRNG" status --sysroot "$tree" --format svg >"$BATS_TEST_TMPDIR/hostile.svg"
  [ "$(grep -c 'read /dev/urandom' "$BATS_TEST_TMPDIR/hostile.svg")" -eq 5 ]
  for file in "$GOLDEN"/*.svg "$BATS_TEST_TMPDIR/hostile.svg"; do
    xmllint --noout --nonet "$file"
    [ "$(xmllint --xpath 'count(//*[name()="script"]) + count(//@href) + count(//@*[starts-with(name(), "on")])' "$file")" = 0 ]
    run ! grep -iE 'url\(|@import|<!' "$file"
  done
}

@test "a browser draws the picture" {
  need chromium
  cp "$GOLDEN/hostile.svg" "$BATS_TEST_TMPDIR/plot.svg"
  browser() {
    timeout 120 chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir="$BATS_TEST_TMPDIR/browser" \
      "$@" "file://$BATS_TEST_TMPDIR/plot.svg" 2>/dev/null 3>&-
  }
  [[ $(browser --dump-dom) == *"read /dev/urandom too early"* ]] || skip "chromium does not run here"
  browser --screenshot="$BATS_TEST_TMPDIR/plot.png" --window-size=1240,400 >/dev/null
  # Of one colour alone it would be much smaller.
  [ "$(wc -c <"$BATS_TEST_TMPDIR/plot.png")" -gt 15000 ]
}

@test "the lists of words are arrays, and empty where there is nothing" {
  tree /proc/sys/kernel/osrelease 6.18 /proc/1/comm init /proc/7/comm rngd /proc/8/comm haveged \
    /proc/cpuinfo $'processor\t: 0\nflags\t\t: rdrand rdseed' \
    /sys/class/misc/hw_random/rng_current none \
    /sys/class/misc/hw_random/rng_available 'virtio_rng.0 none tpm-rng-0 none '
  run -0 of '.sources | [.cpu, .hwrng_available, .daemons] | tostring'
  [ "$output" = '[["rdrand","rdseed"],["virtio_rng.0","tpm-rng-0"],["haveged","rngd"]]' ]
  run -0 "$CRNG" status --sysroot "$TREE" --format shell
  has -F "CRNG_SOURCES_HWRNG_AVAILABLE='virtio_rng.0 tpm-rng-0'"
  # "none", the choice that switches all of them off, is no device (Linux 6.18).
  for available in none '' ' '; do
    tree /proc/sys/kernel/osrelease 6.18 /proc/1/comm init \
      /proc/cpuinfo $'processor\t: 0\nflags\t\t: fpu' \
      /sys/class/misc/hw_random/rng_current none \
      /sys/class/misc/hw_random/rng_available "$available"
    run -0 of '.sources | [.cpu, .hwrng_available, .daemons] | tostring'
    [ "$output" = '[[],[],[]]' ]
    run -0 "$CRNG" status --sysroot "$TREE" --format shell
    has -F "CRNG_SOURCES_HWRNG_AVAILABLE='none'"
    has -F "CRNG_SOURCES_DAEMONS='none'"
  done
  tree /etc/hostname x
  run -0 of '.sources | [.cpu, .hwrng_available, .daemons] | tostring'
  [ "$output" = '[null,null,null]' ]
}

@test "the JSON form has the version, the time and the boot that it is about" {
  before=$(date -u +%FT%TZ)
  run -0 "$CRNG" status --json
  after=$(date -u +%FT%TZ)
  [ "crng $(jq -r .crng_version <<<"$output")" = "$("$CRNG" --version)" ]
  time=$(jq -r .time <<<"$output")
  [[ ! $time < $before && ! $time > $after ]]
  [ "$(jq -r .boot_id <<<"$output")" = "$(cat /proc/sys/kernel/random/boot_id)" ]
  run -0 env TZ=Asia/Tokyo "$CRNG" status --json
  [[ ! $(jq -r .time <<<"$output") < $after && $(jq -r .time <<<"$output") < ${after%%T*}U ]]
  # A captured tree is looked at now, too, but about another boot.
  tree /proc/sys/kernel/random/boot_id 01234567-89ab-cdef-0123-456789abcdef
  run -0 of '.boot_id, .time'
  [ "${lines[0]}" = 01234567-89ab-cdef-0123-456789abcdef ]
  [[ ! ${lines[1]} < $after ]]
  run -0 "$CRNG" status --sysroot "$TREE" --format shell
  has -F "CRNG_BOOT_ID='01234567-89ab-cdef-0123-456789abcdef'"
  has -E "^CRNG_TIME='$(date -u +%F)T[0-9:]{8}Z'\$"
  tree /etc/hostname x
  run -0 of '.boot_id, .reasons.boot_id'
  [ "$output" = $'null\nNo such file or directory' ]
}

@test "the schema has an identifier, and describes each member in words" {
  [ "$(jq -r '."$id"' "$SCHEMA")" = urn:crng:status:1 ]
  run -0 jq -r '[paths(objects) as $p | select($p[-2] == "properties") |
    select(getpath($p).description // "" | test("^.{15,}\\.$") or . == "Process ID." or . == "Thread ID." | not) |
    $p | join(".")] | .[]' "$SCHEMA"
  [ -z "$output" ]
  # A member that may be null says when.
  run -0 jq -r '[paths(objects) as $p | select($p[-2] == "properties") | getpath($p) |
    select((.type? // [] | arrays | index("null")) and
      (.description | test("[Uu]nknown|null") | not)) | .description] | .[]' "$SCHEMA"
  [ -z "$output" ]
}

@test "the schema has each fact of the source, and each list" {
  # Their rows begin with the group and the name.
  facts=$(sed -nE '/^const struct field fields/,/^};/s/^\t(ROW|WORDS|SCALED)\("([a-z]*)", "([a-z_]+)",.*/\2.\3/p' \
    "$TOP/src/status/fields.c" | sed 's/^\.//' | LC_ALL=C sort)
  [ "$(wc -l <<<"$facts")" -gt 40 ]
  diff <(echo "$facts") <(jq -r '.properties | to_entries[] |
    if .value.properties and .key != "timeline" and .key != "waiters"
    then .key as $g | .value.properties | keys[] | "\($g).\(.)" else .key end' "$SCHEMA" |
    grep -vxE 'schema_version|crng_version|seed_files|timeline|waiters|advice|reasons' | LC_ALL=C sort)
}

@test "every line of the shell form is one assignment in single quotes" {
  run ! grep -vhE "^CRNG_[A-Z0-9_]+='([^']|'\\\\'')*'\$" "$GOLDEN"/*.sh
}

@test "promtool accepts the metrics without a remark" {
  need promtool
  "$CRNG" status --format prometheus >"$BATS_TEST_TMPDIR/live.prom"
  for file in "$GOLDEN"/*.prom "$BATS_TEST_TMPDIR/live.prom"; do
    run -0 promtool check metrics <"$file"
    [ -z "$output" ]
  done
  run ! promtool check metrics <<<'crng_ready{ 1'
}

@test "a real node_exporter serves the metrics" {
  need prometheus-node-exporter curl
  mkdir "$BATS_TEST_TMPDIR/textfile"
  : >"$BATS_TEST_TMPDIR/log"
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
