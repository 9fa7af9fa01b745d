#!/usr/bin/env bats
# The rooms of src/ and the walls between them. See CONTRIBUTING.md.
# shellcheck disable=SC2030,SC2031

load helper

# may ROOM: the other rooms that it may include; "." is src/ itself, the commands.
may() {
  case $1 in
  base) ;;
  rng) echo base ;;
  bytes) echo base rng ;;
  status) echo base status/timeline status/waiters ;;
  status/timeline) echo base ;;
  status/waiters) echo base rng ;;
  status/collect) echo base rng status status/timeline status/waiters ;;
  status/advice) echo status ;;
  status/render) echo base status status/advice ;;
  .) echo base rng bytes status status/collect status/advice status/render ;;
  *) echo "no row for $1" >&2 && return 1 ;;
  esac
}

setup() {
  cd "$TOP/src" || return
}

fail() {
  echo "$*"
  return 1
}

rooms() {
  find . -name '*.[ch]' -printf '%h\n' | sed 's|^\./||' | sort -u
}

# includes ROOM: "FILE HEADER" for each header of ours that a file of the room includes.
includes() {
  find "$1" -maxdepth 1 -name '*.[ch]' -exec \
    sed -n 's|^#include "\(.*\)"$|\1|; T; F; p' {} + | paste -d ' ' - -
}

@test "every room includes only those that its row allows" {
  while read -r room; do
    allowed=" $room $(may "$room") "
    while read -r file header; do
      [[ $allowed == *" $(dirname "$header") "* ]] || fail "$file includes $header"
    done < <(includes "$room")
  done < <(rooms)
}

@test "a room of status shows the header of its name alone" {
  while read -r room; do
    while read -r file header; do
      theirs=$(dirname "$header")
      [[ $theirs == "$room" || $theirs != status/* || $header == "$theirs/${theirs#status/}.h" ]] ||
        fail "$file includes $header"
    done < <(includes "$room")
  done < <(rooms)
}

@test "a command includes its own helpers, and not those of another" {
  while read -r file header; do
    [[ $header != cmd-* || $file == ./"${header%-*}"[-.]* ]] || fail "$file includes $header"
  done < <(includes .)
  for command in check wait bytes status; do
    run -0 grep -l "command_$command\b" ./*.c
    [ "$(grep -vcE "^\./(main|cmd-$command)\.c$" <<<"$output")" -eq 0 ]
  done
}

# only_in PATTERN PLACES: it stands in no other file; PLACES is a pattern of paths.
only_in() {
  run grep -rlE "$1" .
  [ "$(grep -vE "^\./($2)$" <<<"$output" | grep -c .)" -eq 0 ] || fail "$1 also in: $output"
}

@test "a library is known where it is needed, and getrandom in its room alone" {
  only_in '<popt.h>|popt[A-Z]|POPT_' '[^/]*'
  only_in '<sodium.h>' 'bytes/chacha.c'
  only_in '<jansson.h>' 'status/(render/json.*|timeline/journal-record.c)'
  only_in 'SYS_getrandom|[^_a-z]getrandom\([a-z]' 'rng/.*'
}

@test "a silent room prints no message, writes to no standard stream and never exits" {
  only_in '(^|[^_a-z])message\(|[^_a-z]exit\(' '[^/]*|base/message.[ch]'
  only_in '(^|[^a-z_f])(printf|puts|putchar|perror|err|warn)\([^0-9]|stderr' '[^/]*'
  only_in '[^"/a-z_]stdout' '[^/]*|base/io.[ch]'
}

# compiles CODE: it does, with the facts at hand.
compiles() {
  need cc
  cc -fsyntax-only -D_GNU_SOURCE -Werror=incompatible-pointer-types -I. -x c - \
    <<<"#include \"status/facts.h\"
      bool f(const struct facts *facts) { return $1; }"
}

@test "a yes-or-no question to a text or a number does not compile" {
  compiles 'fact_yes(&facts->tpm)'
  run ! compiles 'fact_yes(&facts->container)'
  run ! compiles 'fact_no(&facts->poolsize)'
  run ! compiles 'fact_is(&facts->tpm, "none")'
}

@test "each fact has a row in fields.c" {
  facts=$(sed -nE 's/^\tstruct fact_[a-z]+ ([a-z_]+);.*/\1/p' status/facts.h)
  [ "$(wc -l <<<"$facts")" -gt 50 ]
  for fact in $facts; do
    grep -qE "^\s.*[( ]${fact}[,)]" status/fields.c || fail "$fact has none"
  done
}

@test "no weak generator, no clock and no pid is ever a source of bytes" {
  only_in '[^a-z_](s?rand|random|[dljmne]rand48|rand_r)\(' ''
  only_in '[^a-z_](clock_gettime|time|gettimeofday)\(' 'base/(boot-time|deadline).c|status/.*'
}

@test "no two files of the archive have one name" {
  run -0 sh -c 'find . -mindepth 2 -name "*.c" -printf "%f\n" | sort | uniq -d'
  [ -z "$output" ]
}

@test "files have at most 300 lines, of at most 90 columns" {
  while read -r file; do
    [ "$(wc -l <"$file")" -le 300 ] || fail "$file is too long"
  done < <(find . -name '*.[ch]')
  # A message or a line of help is not split, so that it can be found.
  run ! sh -c 'find . -name "*.[ch]" -exec expand -t 8 {} + |
    grep -vE "\"([;,)]*|, \"DUR\" },)$" | grep -nE "^.{91}"'
}

@test "functions have at most 70 lines" {
  run -0 find . -name '*.c' -exec awk '/^{/ { start = FNR }
    /^}/ { if (start && FNR - start > 70) print FILENAME ":" start; start = 0 }' {} +
  [ -z "$output" ]
}
