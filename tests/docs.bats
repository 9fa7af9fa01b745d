#!/usr/bin/env bats
# --help, the man page, the completions and README agree with each other and with the
# program.
# shellcheck disable=SC2154

load helper
load complete

setup() {
  MAN=$TOP/man/crng.1
  # The completions ask crng itself for its formats.
  mkdir -p "$BATS_TEST_TMPDIR/bin"
  ln -sf "$CRNG" "$BATS_TEST_TMPDIR/bin/crng"
  PATH=$BATS_TEST_TMPDIR/bin:$PATH
  COMMANDS=$("$CRNG" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' |
    grep -vx help)
}

sorted() {
  tr -s ' ' '\n' | sed '/^$/d' | LC_ALL=C sort
}

# same NAME FIRST SECOND: two sorted lists are equal, and not empty; NAME is that of the
# second.
same() {
  [ -n "$2" ] && diff <(echo "$2") <(echo "$3") && return
  echo "(< --help, > $1)"
  return 1
}

# help CMD: prints the help of the command; "crng" stands for that of the program.
help() {
  if [ "$1" = crng ]; then
    "$CRNG" --help
  else
    "$CRNG" "$1" --help
  fi
}

# The options in help, man page and completions, as "-t" and "--timeout=": "=" marks a
# value, and "[=" an optional one.
help_options() {
  help "$1" | sed -n '/^Options:/,$p' |
    sed -nE 's/^ +(-[A-Za-z], )?(--[a-z0-9-]+)(\[?=[A-Z]+\]?)?( .*)?$/\1 \2\3/p' |
    sed -E 's/,//; s/=.*/=/' | sorted
}

man_options() {
  local heading=".Ss crng $1"
  [ "$1" != crng ] || heading=".Sh DESCRIPTION"
  awk -v heading="$heading" '
    /^\.S[hs] / { here = $0 == heading }
    here && /^\.It Fl / {
      for (i = 2; i < NF; i++)
        if ($i == "Fl")
          print "-" $(i + 1) ($(i + 2) != "Ns" ? "" : $(i + 3) == "Op" ? "[=" : "=")
    }' "$MAN" | sorted
}

# offered_options SHELL CMD: prints the words to which the shell completes "-".
offered_options() {
  if [ "$2" = crng ]; then
    words "$1" 'crng -'
  else
    words "$1" "crng $2 -"
  fi
}

# The names that --format accepts.
help_formats() {
  help "$1" | sed -nE 's/^ *--format=NAME +//p' |
    sed -E 's/:.*//; s/ ?\(default\)//; s/,| or / /g' | sorted
}

man_formats() {
  awk -v heading=".Ss crng $1" '
    /^\.S[hs] / { here = $0 == heading }
    /^\.It Fl / { format = here && $3 == "-format" }
    format && /^\.(It )?Cm / { print $1 == ".It" ? $3 : $2 }' "$MAN" | sorted
}

# compare_completion SHELL: the shell completes to the options of --help.
compare_completion() {
  local cmd
  need_shell "$1"
  for cmd in crng $COMMANDS; do
    same "$1, crng $cmd" "$(help_options "$cmd" | tr -d '[=')" \
      "$(offered_options "$1" "$cmd" | tr -d =)"
    [ -n "$(help_formats "$cmd")" ] || continue
    same "$1, crng $cmd --format" "$(help_formats "$cmd")" \
      "$(words "$1" "crng $cmd --format ")"
  done
  same "$1" "$(sorted <<<"$COMMANDS help")" "$(words "$1" 'crng ' | grep -v '^-')"
}

# examples: prints the examples of the man page, one to a line.
examples() {
  awk '
    /^\.Sh / { here = $2 == "EXAMPLES" }
    here && /^\.Ed/ { literal = 0 }
    literal { print }
    here && /^\.Bd -literal/ { literal = 1 }' "$MAN" |
    sed 's/\\-/-/g; s/\\(aq/'\''/g; s/\\(ga/`/g; s/\\(ti/~/g; s/\\(ha/^/g; s/\\e/\\/g'
}

@test "the man page has the commands and options of --help, and no others" {
  same "man page" "$(sorted <<<"$COMMANDS help")" \
    "$(sed -n 's/^\.Ss crng \([a-z]*\)$/\1/p' "$MAN" | sorted)"
  for cmd in crng $COMMANDS; do
    same "man page, crng $cmd" "$(help_options "$cmd")" "$(man_options "$cmd")"
    same "man page, crng $cmd --format" "$(help_formats "$cmd"; echo .)" \
      "$(man_formats "$cmd"; echo .)"
  done
}

@test "the synopsis of the man page has each option" {
  for cmd in $COMMANDS; do
    synopsis=$(awk -v cmd=".Cm $cmd" '/^\.Sh / { here = $2 == "SYNOPSIS" }
      here && /^\.Nm/ { in_cmd = 0 } here && $0 == cmd { in_cmd = 1 } in_cmd' "$MAN")
    count=0
    while read -r item; do
      count=$((count + 1))
      # Either name is enough: "Fl qv", "Fl t Ar DUR" or "Fl -passive".
      short=$(sed -nE 's/^\.It Fl ([A-Za-z]) .*/\1/p' <<<"$item")
      long=$(sed -nE 's/.*Fl (-[a-z0-9-]+).*/\1/p' <<<"$item")
      [ "$long" != -help ] || continue
      grep -qE "Fl (${short:+[A-Za-z]*${short}[A-Za-z]*|}$long)( |\$)" <<<"$synopsis" || {
        echo "crng $cmd: -$long is not in the synopsis"
        return 1
      }
    done < <(awk -v heading=".Ss crng $cmd" '/^\.S[hs] / { here = $0 == heading }
      here && /^\.It Fl /' "$MAN")
    [ "$count" -gt 1 ]
  done
}

@test "the completion of bash has the commands and options of --help, and no others" {
  compare_completion bash
  for cmd in $COMMANDS; do
    # The completion of bash also knows which options need a value.
    same "bash, crng $cmd" "$(help_options "$cmd" | sed 's/\[=//' | grep -- --)" \
      "$(offered_options bash "$cmd" | grep -- --)"
  done
}

@test "the completion of zsh has the commands and options of --help, and no others" {
  compare_completion zsh
}

@test "the completion of fish has the commands and options of --help, and no others" {
  compare_completion fish
}

@test "the usage line of each command is the synopsis of its help" {
  for cmd in $COMMANDS; do
    run -0 --separate-stderr help "$cmd"
    [[ ${lines[0]} == "Usage: crng $cmd [OPTION]..."* ]]
    [ -z "$stderr" ]
    run -0 "$CRNG" help "$cmd"
    [ "$output" = "$(help "$cmd")" ]
  done
}

@test "each help fits 80 columns" {
  for cmd in crng $COMMANDS; do
    run -0 help "$cmd"
    run ! grep -E '.{81}' <<<"$output"
  done
}

@test "the exit statuses of the man page are those of the source" {
  man=$(awk '/^\.Sh / { here = $2 == "EXIT" } here && /^\.It [0-9]/ { print $2 }' "$MAN")
  source=$(sed -nE 's/^\tSTATUS_[A-Z_]+ = ([0-9]+),.*/\1/p' "$TOP/src/command.h")
  same "man page" "$(sorted <<<"$source")" "$(sorted <<<"$man")"
}

@test "mandoc finds no fault in the man page" {
  need mandoc
  run -0 mandoc -T lint -W warning "$MAN"
  [ -z "$output" ]
  # It finds no fault in the style either, except in the manuals that are installed here.
  run mandoc -T lint -W style "$MAN"
  run ! grep -vE 'referenced manual not found|outdated mandoc.db|^$' <<<"$output"
}

# man_section NAME: prints the formatted text of the section in one line.
man_section() {
  mandoc -T ascii "$MAN" | sed 's/.\x08//g' |
    awk -v name="$1" '/^[A-Z]/ { here = $0 == name } here' | tr -s ' \n' ' '
}

@test "the man page has each piece of advice in the words of --explain, and no others" {
  need mandoc
  ids=$("$CRNG" status --explain list | grep '^[a-z]')
  section=$(man_section ADVICE)
  for id in $ids; do
    text=$("$CRNG" status --sysroot "$BATS_TEST_TMPDIR" --explain "$id" |
      sed -E 's/^(No sign of this here.*|Or .*):$//' | tr -s ' \n' ' ')
    [[ $section == *" $text"* ]] || {
      echo "$id: --explain says: $text"
      return 1
    }
  done
  same "man page, advice" "$(sorted <<<"$ids")" \
    "$(sed -nE 's/^\.It Cm ([a-z-]+) Pq (info|warning|critical)$/\1/p' "$MAN" | sorted)"
}

@test "the man page has each metric, and the schema explains each kind of event" {
  need jq
  run -0 jq -r '.properties.timeline.properties.events.items.properties.kind | .description as $d |
    .enum[] | select(. as $kind | $d | test("\\b\($kind)\\b") | not)' "$TOP/share/crng-status.schema.json"
  [ -z "$output" ]
  metrics=$("$CRNG" status --format prometheus | cat - "$TOP"/tests/data/golden/*.prom |
    sed -nE 's/^# TYPE ([a-z_]+) .*/\1/p' | LC_ALL=C sort -u)
  [ -n "$metrics" ]
  for name in $metrics; do
    grep -qE "^\.(It|Pq)? ?Li (.* )?$name( |\$)" "$MAN" || {
      echo "missing: $name"
      return 1
    }
  done
}

@test "the man page and the completions have the classes of --chars" {
  classes=$(sed -n '/^static const struct class classes/,/^};/p' "$TOP/src/bytes/charset.c" |
    sed -nE 's/^\t\{ "([a-z0-9]+)", .* \},$/\1/p' | sorted)
  same "man page" "$classes" "$(awk '
    /^\.It Fl / { chars = $3 == "-chars" }
    chars && /^\.It Cm / { for (i = 3; i <= NF; i += 3) print $i }' "$MAN" | sorted)"
  for shell in bash zsh fish; do
    command -v "$shell" script >/dev/null || continue
    same "$shell" "$classes" "$(words "$shell" 'crng bytes --chars ')"
  done
}

@test "the man page has each seed file" {
  files=$(sed -nE 's/^\t\{ "[^"]+", "(\/[^"]+)",.*/\1/p' "$TOP/src/status/seeds.c")
  [ -n "$files" ]
  for file in $files; do
    grep -qE "^\.Pa (.* )?$file( |\$)" "$MAN" || {
      echo "missing: $file"
      return 1
    }
  done
}

@test "the man page has every section that is promised" {
  for section in "EXIT STATUS" ENVIRONMENT FILES EXAMPLES DIAGNOSTICS COMPATIBILITY \
    "WHAT CRNG DOES NOT DO" CAVEATS "SECURITY CONSIDERATIONS"; do
    grep -qx ".Sh $section" "$MAN"
  done
}

@test "each idiom of PEP 524 is an example of one line" {
  for idiom in "Use case 1.1" "Use case 1.2" "Use case 2" best_effort_rng \
    wait_for_system_rng create_nonblocking_random; do
    run -0 awk -v idiom="$idiom" '
      index($0, idiom) { found = 1 }
      found && literal && !/^\.Ed/ { n++ }
      found && /^\.Bd -literal/ { literal = 1 }
      found && /^\.Ed/ { print n; exit }' "$MAN"
    [ "$output" = 1 ]
  done
}

# run_example SHELL EXAMPLE: runs the example in an empty directory. Fails where the
# variable that it sets, the file that it writes or the output of its function is empty.
run_example() {
  local result where
  where=$(mktemp -d "$BATS_TEST_TMPDIR/XXXXXX")
  result=$(sed -nE 's/.*\<(id|token|password)=.*/"$\1"/p; s/.*\<random\(\).*/"$(random)"/p
    s/.*(app\.key|host_key|sample|codes|noise|nonce).*/-s \1/p' <<<"$2")
  # shellcheck disable=SC2086 # "busybox sh"
  (cd "$where" && $1 -c "$2
    rc=\$?
    wait
    [ ${result:-x} ]
    exit \"\$rc\"" </dev/null)
}

@test "the examples of the man page work, in each shell" {
  ln -s "$(type -P true)" "$BATS_TEST_TMPDIR/bin/nginx"
  count=0
  while IFS= read -r example; do
    count=$((count + 1))
    echo "$example"
    tool=$(grep -oE 'jq|ssh-keygen' <<<"$example") || tool="sh"
    for shell in sh bash dash "busybox sh" zsh; do
      command -v "${shell%% *}" >/dev/null || continue
      echo "in $shell"
      $shell -n -c "$example"
      ! command -v "$tool" >/dev/null || run_example "$shell" "$example"
    done
  done < <(examples)
  [ "$count" -ge 12 ]
}

@test "README names each command" {
  for cmd in $COMMANDS; do
    grep -qw "crng $cmd" "$TOP/README.md"
  done
}

@test "each path that CONTRIBUTING names exists" {
  paths=$(grep -oE '`[^`]+`' "$TOP/CONTRIBUTING.md" | tr -d '`' | cut -d ' ' -f 1 |
    grep -E '^(bench|completions|man|scripts|share|src|tests)/|^[A-Za-z]+\.(am|md)$' | grep -v NAME)
  [ "$(wc -l <<<"$paths")" -gt 40 ]
  while read -r path; do
    [ -n "$(compgen -G "$TOP/$path")" ] || { echo "no $path" && return 1; }
  done <<<"$paths"
}
