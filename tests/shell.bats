#!/usr/bin/env bats
# Every shell and bats file is clean under shellcheck.

load helper

# The scripts of the tree: what has a shell's name in its first line, or says its dialect.
scripts() {
  grep -rlE '^#!.*(sh|bats)$|^# shellcheck shell=' "$TOP/scripts" "$TOP/tests" "$TOP/bench" \
    "$TOP/completions" "$TOP/.ci" --include='*' 2>/dev/null |
    grep -vE '\.(c|h|log|trs)$|/fuzz/corpus/|/sysroot/'
}

@test "shellcheck has nothing to say" {
  need shellcheck
  cd "$TOP" || return
  [ "$(scripts | wc -l)" -ge 20 ]
  while read -r file; do
    shellcheck "$file"
  done < <(scripts)
}

@test "no assertion but a last one hides behind &&" {
  cd "$TOP/tests" || return
  # "set -e" does not see that the first half of such a list fails.
  run ! awk '
    hidden && !/^}/ { print file ": " hidden; found = 1 }
    { hidden = "" }
    /^[ \t]+\[.*\]\]? &&( |$)/ && !/[|][|]|return|\$\(\[/ { hidden = $0; file = FILENAME }
    END { exit !found }' ./*.bats
}
