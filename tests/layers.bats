#!/usr/bin/env bats
# The layers of src/: each includes and calls only lower ones. See CONTRIBUTING.md.
# shellcheck disable=SC2030,SC2031

load helper

# The layer of each module; a new file must find its place here.
layer() {
  case $1 in
  aside* | ask | child | deadline | discard | fork | io | message | namespace | parse | resolve | text) echo 0 ;;
  boot-time | bulk | cgroup | chars | collect* | cpus | device | expand | facts | kmsg* | memory | rng | source | timeline* | vdso* | vgetrandom | wait | waiters* | seeds*) echo 1 ;;
  advice* | guard | blocks | encode | fields | layout | output | progress | pump* | render* | target | worker) echo 2 ;;
  bytes-options | cli | cmd-* | command | emit | expiry | explain | shield | watch) echo 3 ;;
  main) echo 4 ;;
  *) echo "no layer: $1" >&2 && return 1 ;;
  esac
}

setup() {
  cd "$TOP/src" || return
}

@test "every file belongs to a layer" {
  for file in *.[ch]; do
    layer "${file%.[ch]}"
  done
}

@test "no file includes a higher layer" {
  for file in *.[ch]; do
    own=$(layer "${file%.[ch]}")
    while read -r header; do
      [ "$(layer "$header")" -le "$own" ] || { echo "$file includes $header.h" && return 1; }
    done < <(sed -n 's/^#include "\(.*\)\.h"$/\1/p' "$file")
  done
}

@test "commands do not know each other" {
  run ! grep -lE '#include "cmd-' ./*.[ch]
  for command in check wait bytes status; do
    run -0 grep -l "command_$command\b" ./*.c
    [ "$(grep -vcE "^\./(main|cmd-$command)\.c$" <<<"$output")" -eq 0 ]
  done
}

only_in() {
  local pattern=$1 allowed=$2
  run grep -lE "$pattern" ./*.[ch]
  [ "$(grep -vE "^\./($allowed)\.[ch]$" <<<"$output" | grep -c .)" -eq 0 ] ||
    { echo "$pattern also in: $output" && return 1; }
}

@test "popt is known to the command line alone, getrandom to rng.c" {
  only_in '<popt.h>|popt[A-Z]|POPT_' 'cli|cmd-.*'
  only_in 'SYS_getrandom|[^_a-z]getrandom\([a-z]' 'rng'
  only_in '<jansson.h>' 'render-json.*|kmsg-journal'
}

@test "the lower layers print nothing and never exit" {
  for file in *.c; do
    [ "$(layer "${file%.c}")" -le 2 ] || continue
    case $file in message.c) continue ;; esac
    run ! grep -nE '(^|[^a-z_f])(printf|puts|putchar|perror|err|warn)\(|stderr|[^_a-z]exit\(' "$file"
    case $file in io.c) continue ;; esac
    run ! grep -n '[^"a-z_]stdout' "$file"
  done
}

@test "no weak generator, no clock and no pid is ever a source of bytes" {
  run ! grep -nE '[^a-z_](s?rand|random|[dljmne]rand48|rand_r)\(' ./*.c
  only_in '[^a-z_](clock_gettime|time|gettimeofday)\(' 'deadline|timeline.*|collect.*|waiters.*|seeds.*'
}

@test "files have at most 300 lines, of at most 90 columns" {
  for file in *.[ch]; do
    [ "$(wc -l <"$file")" -le 300 ] || { echo "$file is too long" && return 1; }
  done
  # A message or a line of help is not split, so that it can be found.
  run ! sh -c 'expand -t 8 ./*.[ch] | grep -vE "\"([;,)]*|, \"DUR\" },)$" | grep -nE "^.{91}"'
}

@test "functions have at most 70 lines" {
  for file in *.c; do
    awk -v file="$file" '/^{/ { start = NR } /^}/ { if (start && NR - start > 70) {
      print file ":" start; bad = 1 }; start = 0 } END { exit bad }' "$file"
  done
}
