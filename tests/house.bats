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
  reseed) echo base rng ;;
  seed) echo base rng ;;
  status) echo base status/timeline status/waiters ;;
  status/history) echo base status/timeline ;;
  status/timeline) echo base ;;
  status/waiters) echo base rng ;;
  status/collect) echo base rng seed status status/history status/timeline status/waiters ;;
  status/advice) echo status ;;
  status/render) echo base status status/advice status/history ;;
  .) echo base rng bytes reseed seed status status/collect status/advice status/history \
    status/render ;;
  *) echo "no row for $1" >&2 && return 1 ;;
  esac
}

setup() {
  cd "$TOP/src" || return
}

rooms() {
  find . -name '*.[ch]' -printf '%h\n' | sed 's|^\./||' | sort -u
}

# includes ROOM: "FILE HEADER THEIRS" for each header of ours that a file of the room includes.
# THEIRS is the room of the header.
includes() {
  find "$1" -maxdepth 1 -name '*.[ch]' -exec \
    sed -nE 's|^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"].*|\1|; T; F; p' {} + |
    paste -d ' ' - - | while read -r file header; do
      [ ! -e "$header" ] || case $header in
      */*) echo "$file $header ${header%/*}" ;;
      *) echo "$file $header ." ;;
      esac
    done
}

@test "every room includes only those that its row allows" {
  while read -r room; do
    allowed=" $room $(may "$room") "
    while read -r file header theirs; do
      [[ $allowed == *" $theirs "* ]] || fail "$file includes $header"
    done < <(includes "$room")
  done < <(rooms)
}

@test "a room of status shows the header of its name alone" {
  while read -r room; do
    while read -r file header theirs; do
      [[ $theirs == "$room" || $theirs != status/* || $header == "$theirs/${theirs#status/}.h" ]] ||
        fail "$file includes $header"
    done < <(includes "$room")
  done < <(rooms)
}

@test "a command includes its own helpers, and not those of another" {
  while read -r file header _; do
    [[ ! $header =~ ^cmd-([a-z]+) || $file == ./cmd-${BASH_REMATCH[1]}[-.]* ]] ||
      fail "$file includes $header"
  done < <(includes .)
  commands=$(find . -maxdepth 1 -name 'cmd-*.c' | sed -nE 's|^\./cmd-([a-z]+)\.c$|\1|p')
  [ "$(wc -w <<<"$commands")" -ge 4 ]
  for command in $commands; do
    run -0 grep -l "command_$command\b" ./*.c
    [ "$(grep -vcE "^\./(main|cmd-$command)\.c$" <<<"$output")" -eq 0 ]
  done
}

# code: the sources, as "PATH:LINE", without comments and the text of strings.
code() {
  find . -name '*.[ch]' -exec awk '
    { line = $0
      gsub(/"([^"\\]|\\.)*"/, line ~ /^#/ ? "&" : "\"\"", line)
      gsub(/\/\*([^*]|\*[^\/])*\*\//, "", line)
      if (comment && sub(/^.*\*\//, "", line)) comment = 0
      if (!comment && sub(/\/\*.*$/, "", line)) { comment = 1; print FILENAME ":" line }
      else if (!comment) print FILENAME ":" line }' {} +
}

# only_in PATTERN PLACES: PATTERN occurs in the code of files whose paths match PLACES, and of
# no other; nowhere if PLACES is empty.
only_in() {
  local found
  found=$(code | grep -E "^[^:]*:.*($1)" | cut -d : -f 1 | sort -u)
  [ -z "$2" ] || [ -n "$found" ] || fail "$1 is nowhere"
  [ "$(grep -vE "^\./($2)$" <<<"$found" | grep -c .)" -eq 0 ] || fail "$1 also in: $found"
}

@test "a library is known where it is needed, and getrandom in its room alone" {
  only_in '<popt.h>|popt[A-Z]|POPT_' '[^/]*'
  only_in '[<"]sodium|\b(sodium|crypto)_' 'bytes/chacha.c|seed/(machine|ratchet).c'
  only_in '<jansson.h>' 'cmd-(reseed|seed)-report.c|status/(render/json.*|timeline/journal-record.c)'
  only_in '(SYS_|__NR_)getrandom\b' 'rng/rng.c|status/waiters/abi.c'
  only_in '\b(syscall|getrandom) *\(.*getrandom|\bgetrandom *\(' 'rng/.*'
  only_in '<sys/random.h>|\b(getentropy|arc4random[a-z_]*) *\(' ''
}

@test "a silent room prints no message, writes to no standard stream and never exits" {
  only_in '\bmessage(_va|_hint)? *\(' '[^/]*|base/message.[ch]'
  only_in '\bmessage_write *\(' 'base/(message|statusline).[ch]'
  only_in '\b(exit|quick_exit|abort) *\(' ''
  only_in '\b_exit *\(' '[^/]*|base/(aside-start|cleanup).c'
  only_in '<err.h>|\bstderr\b|\b(v?printf|v?dprintf|puts|putchar|perror) *\(' ''
  only_in '\bstdout\b' 'base/io.c'
  only_in '\bio_out *\(' '[^/]*|base/io.[ch]'
}

@test "collectors conclude nothing, and advice and formats read nothing" {
  only_in '"status/judge(-[a-z]+)?.h"' 'status/(judge.*|collect/(collect|past).c)'
  only_in '"base/(root|io|ask|child).h"|\b(open|openat|fopen|popen) *\(' \
    '[^/]*|base/.*|rng/.*|bytes/.*|reseed/.*|seed/.*|status/(collect|history|timeline|waiters)/.*'
}

# compiles CODE: it does, with the facts at hand.
compiles() {
  need cc
  cc -fsyntax-only -D_GNU_SOURCE -Werror=incompatible-pointer-types -I. -x c - \
    <<<"#include \"status/facts.h\"
      bool f(const struct facts *facts) { return $1; }"
}

@test "a yes-or-no question to a text or a number does not compile" {
  for good in 'fact_yes(&facts->tpm)' 'fact_no(&facts->tpm)' 'fact_is(&facts->container, "none")'; do
    compiles "$good"
  done
  run ! compiles 'fact_yes(&facts->container)'
  run ! compiles 'fact_no(&facts->poolsize)'
  run ! compiles 'fact_is(&facts->tpm, "none")'
}

@test "each fact has a row in fields.c, and no two stand in one declaration" {
  facts=$(sed -n '/^struct facts {/,/^};/p' status/facts.h | tr '\n\t' '  ' |
    grep -oE 'struct fact_[a-z]+[^;]*;' | sed -E 's/^struct fact_[a-z]+ +//; s/;$//' | sort)
  [ "$(wc -l <<<"$facts")" -gt 50 ]
  diff <(echo "$facts") <(sed -n '/^const struct field fields/,/^};/p' status/fields.c |
    sed -E 's/"([^"\\]|\\.)*"//g' | tr -d ' \t\n' | grep -oE '(ROW|WORDS|SCALED|HIDDEN)\([^)]*' |
    sed -E 's/^HIDDEN\(//; s/^(ROW|WORDS)\(,,//; s/^SCALED\(,,[A-Z_]*,//; s/,.*//' | sort)
}

@test "no weak generator and no clock is ever a source of bytes" {
  only_in '\b(s?rand|random|[dljmne]rand48|rand_r) *\(' ''
  only_in '\b(clock_gettime|time|gettimeofday) *\(' 'base/(boot-time|deadline).c|cmd-status-watch.c|reseed/clone.c|seed/ratchet.c|status/(collect|timeline|waiters)/.*'
}

@test "status, crng-capture and a purge look for SeedRNG in the same places" {
  places=$(sed -n '/^const char \*const seed_seedrng/,/^}/s/^\t"\(.*\)",$/\1/p' status/seeds.c)
  [ "$(wc -l <<<"$places")" -ge 10 ]
  diff <(echo "$places") <(sed -n "/^seedrng='/,/'\$/p" "$TOP/scripts/crng-capture" |
    grep -oE "/[^ ']+")
  export DPKG_ROOT=$BATS_TEST_TMPDIR
  while read -r place; do
    mkdir -p "$DPKG_ROOT${place%/*}" "$DPKG_ROOT/var/lib/seedrng"
    touch "$DPKG_ROOT$place" "$DPKG_ROOT/var/lib/seedrng/seed.credit"
    sh "$TOP/packaging/debian/crng.postrm" purge
    [ -e "$DPKG_ROOT/var/lib/seedrng/seed.credit" ] || fail "a purge overlooks $place"
    rm "$DPKG_ROOT$place"
  done <<<"$places"
  sh "$TOP/packaging/debian/crng.postrm" purge
  [ ! -e "$DPKG_ROOT/var/lib/seedrng" ]
}

@test "no two files of the archive have one name" {
  run -0 sh -c 'find . -mindepth 2 -name "*.c" -printf "%f\n" | sort | uniq -d'
  [ -z "$output" ]
}

@test "files have at most 300 lines, of at most 90 columns" {
  run -0 find . -name '*.[ch]' -exec awk 'FNR == 301 { print FILENAME }' {} +
  [ -z "$output" ]
  # A message or a line of help is not split, so that it can be found.
  run ! sh -c 'find . -name "*.[ch]" -exec expand -t 8 {} + |
    grep -vE "\"([;,)]*|, \"DUR\" },)$" | grep -nE "^.{91}"'
}

@test "functions have at most 70 lines" {
  run -0 find . -name '*.c' -exec awk '/^{/ { start = FNR }
    /^}/ { if (start && FNR - start > 70) print FILENAME ":" start; start = 0 }' {} +
  [ -z "$output" ]
}
