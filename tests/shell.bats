#!/usr/bin/env bats
# The scripts of the tree pass shellcheck, and no test hides a failure or hangs.

load helper

# scripts: lists the files whose first line names a shell, or that state their dialect.
scripts() {
  grep -rlE '^#!.*(sh|bats)$|^# shellcheck shell=' "$TOP/scripts" "$TOP/tests" "$TOP/bench" \
    "$TOP/completions" "$TOP/integration" "$TOP/man" "$TOP/packaging" "$TOP/.ci" --include='*' 2>/dev/null |
    grep -vE '\.(c|h|log|trs)$|/fuzz/corpus/|/data/'
}

@test "shellcheck finds nothing" {
  need shellcheck
  cd "$TOP" || return
  [ "$(scripts | wc -l)" -ge 20 ]
  while read -r file; do
    shellcheck "$file"
  done < <(scripts)
}

@test "only the last command of a test may be an assertion with &&" {
  cd "$TOP/tests" || return
  # "set -e" does not see that the first half of such a list fails.
  run ! awk '
    hidden && !/^}/ { print file ": " hidden; found = 1 }
    { hidden = "" }
    /^[ \t]+\[.*\]\]? &&( |$)/ && !/[|][|]|return|\$\(\[/ { hidden = $0; file = FILENAME }
    END { exit !found }' ./*.bats ./*/*.bats
}

@test "a test that hangs fails in the end, even if its command ignores SIGTERM" {
  need pgrep
  cp "$TOP/tests/helper.bash" "$BATS_TEST_TMPDIR"
  printf '%s\n' 'load helper' '@test hang {' '  run sh -c "trap : TERM; sleep 1d; :"' '}' \
    >"$BATS_TEST_TMPDIR/hang.bats"
  run -1 env BATS_TEST_TIMEOUT=1 bats --tap "$BATS_TEST_TMPDIR/hang.bats"
  [[ $output == *"not ok 1 hang # timeout after 1s"* ]]
}

@test "a suite that hangs is ended with all that it started, and its log shows what ran" {
  need pgrep ps
  # Another run of this test may be going on.
  long="sleep $((1000000 + $$))"
  run ! sh "$TOP/tests/in-time" 2 sh -c "trap : TERM; echo begun; sh -c '$long; :'; :"
  has -x begun
  has -E '^sh -c .* takes more than 2 s:$'
  has -E " $long\$"
  run ! pgrep -fx "$long"
}

@test "a suite that leaves a process behind does not wait for it" {
  # shellcheck disable=SC2016 # for sh
  run -0 sh "$TOP/tests/in-time" 60 sh -c 'sleep 86398 & echo $!'
  kill "$output"
}
