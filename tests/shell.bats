#!/usr/bin/env bats
# Every shell and bats file is clean under shellcheck.

load helper

@test "shellcheck has nothing to say" {
  need shellcheck
  cd "$TOP"
  for file in scripts/* tests/*.bats tests/*.bash tests/boot/* .ci/run bench/*; do
    [ -f "$file" ] || continue
    case $(head -n 1 "$file") in
    *bats) shellcheck -x -s bats "$file" ;;
    *bash) shellcheck -x -s bash "$file" ;;
    '#!/bin/sh' | '#!/usr/bin/env sh') shellcheck -x -s sh "$file" ;;
    '# Common to'*) shellcheck -x -s bash "$file" ;;
    esac
  done
}
