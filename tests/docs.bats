#!/usr/bin/env bats
# --help, the manual, the completions and README agree with each other and with the
# program.
# shellcheck disable=SC2154

load helper
load complete

setup() {
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

# page CMD: prints the path of the manual page of the command, or of the program.
page() {
  if [ "$1" = crng ]; then
    echo "$TOP/man/crng.1"
  else
    compgen -G "$TOP/man/crng-$1.[18]"
  fi
}

# section NAME FILE: prints the source of a section of a manual page.
section() {
  awk -v heading=".Sh $1" '/^\.Sh / { here = $0 == heading } here' "$2"
}

# The options in help, manual and completions, as "-t" and "--timeout=": "=" marks a
# value, and "[=" an optional one.
help_options() {
  help "$1" | sed -n '/^Options:/,$p' |
    sed -nE 's/^ +(-[A-Za-z], )?(--[a-z0-9-]+)(\[?=[A-Z]+\]?)?( .*)?$/\1 \2\3/p' |
    sed -E 's/,//; s/=.*/=/' | sorted
}

man_options() {
  section DESCRIPTION "$(page "$1")" | awk '
    /^\.It Fl / {
      for (i = 2; i < NF; i++)
        if ($i == "Fl")
          print "-" $(i + 1) ($(i + 2) != "Ns" ? "" : $(i + 3) == "Op" ? "[=" : "=")
    }' | sorted
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
  section DESCRIPTION "$(page "$1")" | awk '
    /^\.It Fl / { format = $3 == "-format" }
    format && /^\.(It )?Cm / { print $1 == ".It" ? $3 : $2 }' | sorted
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

# examples: prints the examples of the manual, one to a line.
examples() {
  local file
  for file in "$TOP/man/crng.1" $(for cmd in $COMMANDS; do page "$cmd"; done); do
    section EXAMPLES "$file" | awk '
      /^\.Ed/ { literal = 0 }
      literal { print }
      /^\.Bd -literal/ { literal = 1 }'
  done | sed 's/\\-/-/g; s/\\(aq/'\''/g; s/\\(ga/`/g; s/\\(ti/~/g; s/\\(ha/^/g; s/\\e/\\/g'
}

@test "the manual has the commands of --help, and a page for each" {
  same crng.1 "$(sorted <<<"$COMMANDS help")" \
    "$(section DESCRIPTION "$TOP/man/crng.1" | sed -nE 's/^\.It Cm ([a-z]+)( .*)?$/\1/p' | sorted)"
  same "pages" "$(sorted <<<"$COMMANDS")" \
    "$(cd "$TOP/man" && printf '%s\n' crng-*.[18] | sed '/capture\|service/d; s/crng-//; s/\.[18]$//' | sorted)"
}

@test "the page of each command has the options and formats of --help, and no others" {
  for cmd in crng $COMMANDS; do
    same "crng $cmd, its page" "$(help_options "$cmd")" "$(man_options "$cmd")"
    same "crng $cmd --format, its page" "$(help_formats "$cmd"; echo .)" \
      "$(man_formats "$cmd"; echo .)"
  done
}

@test "the synopsis of each page has each option" {
  for cmd in $COMMANDS; do
    synopsis=$(section SYNOPSIS "$(page "$cmd")")
    count=0
    while read -r item; do
      count=$((count + 1))
      # Either name is enough: "Fl qv", "Fl t Ar DUR" or "Fl -passive".
      short=$(sed -nE 's/^\.It Fl ([A-Za-z]) .*/\1/p' <<<"$item")
      long=$(sed -nE 's/.*Fl (-[a-z0-9-]+).*/\1/p' <<<"$item")
      [ "$long" != -help ] || continue
      grep -qE "(Fl|\|) (${short:+[A-Za-z]*${short}[A-Za-z]*|}$long)( |\$)" <<<"$synopsis" || {
        echo "crng $cmd: -$long is not in the synopsis"
        return 1
      }
    done < <(section DESCRIPTION "$(page "$cmd")" | grep '^\.It Fl ')
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

# statuses FILE: prints the exit statuses of a manual page.
statuses() {
  section "EXIT STATUS" "$1" | sed -nE 's/^\.It ([0-9]+)$/\1/p' | sorted
}

@test "the exit statuses of the manual are those of the source" {
  source=$(sed -nE 's/^\tSTATUS_[A-Z_]+ = ([0-9]+),.*/\1/p' "$TOP/src/command.h" | sorted)
  same crng.1 "$source" "$(statuses "$TOP/man/crng.1")"
  for cmd in $COMMANDS; do
    own=$(statuses "$(page "$cmd")")
    same "crng $cmd" "$own" "$(LC_ALL=C comm -12 <(echo "$own") <(echo "$source"))"
    # Those that --help names are among them.
    for status in $(help "$cmd" | sed -n '/^Exit status:/,/^$/p' | sed 's/;.*nagios.*//' |
      grep -oE '\<(0|[1-3]|12[4-7])\>'); do
      grep -qx "$status" <<<"$own" || { echo "crng $cmd: $status" && return 1; }
    done
  done
}

@test "mandoc finds no fault in the manual" {
  need mandoc
  for file in "$TOP"/man/*.[178]; do
    # It only misses manuals that are not installed here.
    run mandoc -T lint -W style "$file"
    run ! grep -vE 'referenced manual not found|outdated mandoc.db|^$' <<<"$output"
  done
}

@test "no page says that it belongs to BSD" {
  need man
  for file in "$TOP"/man/*.[178]; do
    run -0 man -l "$file"
    [ "${#lines[@]}" -gt 10 ]
    [[ ${lines[0]}${lines[-1]} == *Linux* && ${lines[0]}${lines[-1]} != *BSD* ]]
  done
}

@test "crng(1) has at most 450 lines" {
  [ "$(wc -l <"$TOP/man/crng.1")" -le 450 ]
}

# installed_man: the manual, in a directory of its own, where the index can be written.
installed_man() {
  local section
  for section in 1 7 8; do
    mkdir -p "$BATS_TEST_TMPDIR/man/man$section"
    cp "$TOP"/man/*."$section" "$BATS_TEST_TMPDIR/man/man$section"
  done
  cd "$BATS_TEST_TMPDIR/man" || return
}

@test "apropos entropy finds crng" {
  need mandb apropos
  installed_man
  # mandb changes to a user of its own, which may not write here.
  MANPATH=$PWD mandb -cq . 2>/dev/null || skip "mandb cannot make an index here"
  run apropos -M "$PWD" entropy
  [ "$status" -eq 0 ] || [ -e index.db ] || skip "mandb has made no index here"
  has -E '^crng \(1\)'
  has -E '^crng-advice \(7\)'
}

@test "mandoc's apropos entropy finds crng, too" {
  need makewhatis mapropos
  installed_man
  run -0 makewhatis "$PWD"
  run -0 mapropos -M "$PWD" entropy
  has -E '^crng\(1\)'
}

@test "make html makes a page of each, and their links lead somewhere" {
  need mandoc
  [ -w "${BUILD:-}/Makefile" ] || skip "BUILD is not a build directory that can be written"
  unset MAKEFLAGS MFLAGS MAKELEVEL
  run -0 make -C "$BUILD" html
  cd "$BUILD/html" || return
  for file in "$TOP"/man/*.[178]; do
    [ -s "${file##*/}.html" ]
  done
  count=0
  while IFS=: read -r from link; do
    count=$((count + 1))
    to=${link%%#*} anchor=${link#"${link%%#*}"}
    [ -s "${to:-$from}" ] && { [ -z "$anchor" ] || grep -qF "id=\"${anchor#\#}\"" "${to:-$from}"; } || {
      echo "$from: $link"
      return 1
    }
  done < <(grep -oE 'href="[^"]*"' ./*.html | sed -E 's/href="(.*)"/\1/' | grep -v ':https:')
  [ "$count" -gt 100 ]
  grep -qF 'href="crng-wait.1.html"' crng.1.html
}

@test "crng-advice(7) is what man/advice makes of --explain" {
  run -0 --separate-stderr "$TOP/man/advice" "$CRNG"
  [ -z "$stderr" ]
  diff "$TOP/man/crng-advice.7" - <<<"$output"
  same crng-advice.7 \
    "$("$CRNG" status --explain list | grep -oE '^[a-z][a-z0-9-]+' | sorted)" \
    "$(sed -nE 's/^\.It Cm ([a-z-]+) Pq (info|warning|critical)$/\1/p' "$TOP/man/crng-advice.7" | sorted)"
}

@test "the schema explains each kind of event" {
  need jq
  run -0 jq -r '.properties.timeline.properties.events.items.properties.kind | .description as $d |
    .enum[] | select(. as $kind | $d | test("\\b\($kind)\\b") | not)' "$TOP/share/crng-status.schema.json"
  [ -z "$output" ]
}

@test "the schemas of reseed and seed describe each member, and their pages have it" {
  need jq
  for cmd in reseed seed; do
    schema=$TOP/share/crng-$cmd.schema.json
    [ "$(jq -r '."$id"' "$schema")" = "urn:crng:$cmd:1" ]
    run -0 jq -r '[paths(objects) as $p | select($p[-2] == "properties") | getpath($p) |
      select(.description // "" | test("^.{15,}\\.$") | not)] | .[]' "$schema"
    [ -z "$output" ]
    # A member that may be null says when.
    run -0 jq -r '[paths(objects) as $p | select($p[-2] == "properties") | getpath($p) |
      select((.type? // [] | arrays | index("null")) and (.description | test("null") | not))] | .[]' "$schema"
    [ -z "$output" ]
    same "crng-$cmd.8" "$(jq -r '.properties | keys[]' "$schema" | sorted)" \
      "$(section JSON "$(page "$cmd")" | sed -n 's/^\.It Li //p' | tr , ' ' | sorted)"
  done
}

@test "crng-status(1) has each metric" {
  metrics=$("$CRNG" status --format prometheus | cat - "$TOP"/tests/data/golden/*.prom |
    sed -nE 's/^# TYPE ([a-z_]+) .*/\1/p' | LC_ALL=C sort -u)
  [ -n "$metrics" ]
  for name in $metrics; do
    grep -qE "^\.(It|Pq)? ?Li (.* )?$name( |\$)" "$(page status)" || {
      echo "missing: $name"
      return 1
    }
  done
}

@test "crng-bytes(1) and the completions have the classes of --chars" {
  classes=$(sed -n '/ classes\[/,/^};/p' "$TOP"/src/bytes/chars*.c |
    sed -nE 's/^\t\{ "([a-z0-9]+)", .* \},$/\1/p' | sorted)
  same crng-bytes.1 "$classes" "$(section "CHARACTER SETS" "$(page bytes)" | awk '
    /^\.It Cm / { for (i = 3; i <= NF; i += 3) print $i }' | sorted)"
  for shell in bash zsh fish; do
    command -v "$shell" script >/dev/null || continue
    same "$shell" "$classes" "$(words "$shell" 'crng bytes --chars ')"
  done
}

@test "crng-status(1) has each seed file" {
  files=$(sed -nE 's/^\t\{ "[^"]+", "(\/[^"]+)",.*/\1/p' "$TOP/src/status/seeds.c")
  [ -n "$files" ]
  for file in $files; do
    grep -qE "^\.Pa (.* )?$file( |\$)" "$(page status)" || {
      echo "missing: $file"
      return 1
    }
  done
}

@test "every page has the sections that are promised" {
  for file in "$TOP"/man/*.[178]; do
    for section in NAME DESCRIPTION "SEE ALSO" AUTHORS BUGS; do
      grep -qx ".Sh $section" "$file"
    done
    [[ $file == *.7 ]] || for section in "EXIT STATUS" EXAMPLES; do
      grep -qx ".Sh $section" "$file"
    done
  done
  for section in ENVIRONMENT COMPATIBILITY CAVEATS "SECURITY CONSIDERATIONS"; do
    grep -qx ".Sh $section" "$TOP/man/crng.1"
  done
}

# unit_page UNIT: prints the page that describes the unit, without its font escapes.
unit_page() {
  local name
  name=$(sed -nE "s/^\t$1:([a-z.-]+).*/\1/p" "$TOP/Makefile.am")
  sed 's/\\-/-/g' "$TOP/man/${name:-$1}.8"
}

# settings KEY UNIT…: prints the values of a setting in these units, one per line.
settings() {
  local key=$1
  shift
  sed -nE "s/^($key)=(.+)/\2/p" "$@" | tr ' ' '\n'
}

UNITS=("$TOP"/integration/systemd/crng-* "$TOP"/integration/prometheus/prometheus-node-exporter-*)

@test "the page of each unit says what the unit runs, when, and with which limits" {
  for file in "${UNITS[@]}"; do
    unit=$(basename "$file" .in)
    page=$(unit_page "$unit")
    count=0
    while read -r said; do
      count=$((count + 1))
      grep -qE -- "$said( 8)?( [.,;:])?\$" <<<"$page" || { echo "$unit: $said" && return 1; }
    done < <(
      echo "$unit"
      sed -nE "s%^Exec.*@bindir@/(crng [^'>]*[^'> ]).*%Ql \1%p" "$file"
      sed -nE 's/^On.*Sec=/Ql /p' "$file"
      grep -E '^(Condition.*|SuccessExitStatus|Timeout.*)=' "$file" || true
      settings 'Before|After|WantedBy|Also' "$file" | grep -v '^shutdown\|^timers'
    )
    [ "$count" -ge 2 ]
  done
}

@test "each setting of a unit that its page names is in the unit" {
  for page in "$TOP"/man/*.service.8; do
    count=0
    while read -r setting; do
      count=$((count + 1))
      grep -qxF -- "$setting" "${UNITS[@]}" || { echo "$page: $setting" && return 1; }
    done < <(sed -nE 's/\\-/-/g; s/^\.Pq Ql ([A-Z][A-Za-z]+=[^ ]+).*/\1/p' "$page")
    [ "$count" -ge 1 ]
  done
  commands() {
    sed -nE "s%^$1(crng [^']*).*%\1%p" | LC_ALL=C sort
  }
  same crng-seed.service.8 "$(cat "$TOP"/integration/systemd/crng-seed*.in | commands 'Exec.*@bindir@/')" \
    "$(section DESCRIPTION "$TOP/man/crng-seed.service.8" | sed 's/\\-/-/g' | commands '\.Ql ' | sed 's/ [,.]$//')"
}

# literal N PAGE: prints the Nth literal block of a manual page.
literal() {
  awk -v n="$1" '
    /^\.Ed/ { literal = 0 }
    literal && count == n { print }
    /^\.Bd -literal/ { literal = 1; count++ }' "$2" | sed 's/\\-/-/g'
}

@test "crng-ready.service(8) has the lines of the drop-ins, and names each" {
  page=$TOP/man/crng-ready.service.8
  cd "$TOP/integration/systemd/drop-ins" || return
  for unit in ssh dropbear nginx; do
    diff <(literal 1 "$page") <(grep -v '^#' "$unit.service.d/50-crng.conf")
  done
  diff <(literal 1 "$page" | sed s/Wants/Requires/) <(grep -v '^#' sshd-keygen@.service.d/50-crng.conf)
  same "crng-ready.service.8" "$(printf '%s\n' */*.conf | sorted)" \
    "$(section DROP-INS "$page" | sed -nE 's/^\.It Pa (.*\.conf)$/\1/p' | sorted)"
}

@test "the hooks and their settings that the manual names are in integration" {
  count=0
  while read -r path; do
    count=$((count + 1))
    [ -e "$TOP/integration/$path" ] || { echo "no $path" && return 1; }
  done < <(awk '
    /^\.(Sh|Pp|El)/ { where = "" }
    sub(/^\.Pa examples\//, "") { print $1 }
    sub(/^\.It .*Pa examples\//, "") { print where = $1 }
    /^\.Pa [a-z]/ && where { print where "/" $2 }' "$TOP"/man/*.service.8)
  while read -r setting; do
    count=$((count + 1))
    grep -rqE "^#?$setting=|getarg(bool .)? $setting\>" "$TOP/integration" || { echo "no $setting" && return 1; }
  done < <(grep -hE '^\.(It |Pq )?Li ' "$TOP"/man/*.service.8 |
    grep -oE '\<(CRNG_[A-Z_]+|crng_[a-z]+|rd\.crng[a-z.]+)')
  [ "$count" -ge 20 ]
}

@test "systemctl enable crng-seed.service enables the timer as well, as the manual says" {
  need systemctl
  units=$BATS_TEST_TMPDIR/etc/systemd/system
  mkdir -p "$units"
  for file in "${UNITS[@]}"; do
    cp "$file" "$units/$(basename "$file" .in)"
  done
  run -0 systemctl --root="$BATS_TEST_TMPDIR" enable crng-seed.service
  [ -h "$units/sysinit.target.wants/crng-seed.service" ]
  [ -h "$units/timers.target.wants/crng-seed-save.timer" ]
}

@test "systemd accepts the units and drop-ins that the manual shows" {
  need systemd-analyze
  cd "$BATS_TEST_TMPDIR" || return
  mkdir units
  for file in "${UNITS[@]}"; do
    sed "s,@bindir@,${CRNG%/*},; /^Documentation=/d" "$file" >"units/$(basename "$file" .in)"
  done
  export SYSTEMD_UNIT_PATH=$PWD/units:
  printf '[Service]\nExecStart=/bin/true\n' >units/trivial.service
  run systemd-analyze verify --man=no units/trivial.service
  [ -z "$output" ] || skip "systemd-analyze cannot verify a unit here"
  run -0 systemd-analyze verify --man=no units/crng-ready.target
  [ -z "$output" ]
  count=0
  for page in ready seed; do
    for n in $(seq "$(grep -c '^.Bd -literal' "$TOP/man/crng-$page.service.8")"); do
      literal "$n" "$TOP/man/crng-$page.service.8" | sed "s,/usr/bin/crng,$CRNG," >block
      case $(cat block) in
      "[Unit]"*ExecStart*) unit=own.service conf=own.service ;;
      "["*ExecStart*) unit=crng-$page.service conf=$unit.d/50-own.conf ;;
      "["*) unit=other.service conf=$unit.d/50-own.conf && printf '[Service]\nExecStart=/bin/true\n' >"units/$unit" ;;
      *) continue ;;
      esac
      count=$((count + 1))
      mkdir -p "units/$conf" && rmdir "units/$conf" && mv block "units/$conf"
      run -0 systemd-analyze verify --man=no "units/$unit"
      [ -z "$output" ]
      rm -r "units/$conf"
    done
  done
  [ "$count" -ge 5 ]
}

@test "each idiom of PEP 524 is an example of one line" {
  for idiom in "Use case 1.1" "Use case 1.2" "Use case 2" best_effort_rng \
    wait_for_system_rng create_nonblocking_random; do
    run -0 awk -v idiom="$idiom" '
      index($0, idiom) { found = 1 }
      found && literal && !/^\.Ed/ { n++ }
      found && /^\.Bd -literal/ { literal = 1 }
      found && /^\.Ed/ { print n; exit }' "$TOP/man/crng.1"
    [ "$output" = 1 ]
  done
}

# run_example SHELL EXAMPLE: runs the example in an empty directory. Fails where the
# variable that it sets, the file that it writes or the output of its function is empty.
# More of the script can follow, which sees the exit status in rc.
run_example() {
  local result where
  where=$(mktemp -d "$BATS_TEST_TMPDIR/XXXXXX")
  result=$(sed -nE 's/.*\<(id|token|password)=.*/"$\1"/p; s/.*\<random\(\).*/"$(random)"/p
    s/.*(app\.key|host_key|sample|codes|noise|nonce|boot\.svg).*/-s \1/p' <<<"$2")
  # shellcheck disable=SC2086 # "busybox sh"
  (cd "$where" && $1 -c "$2
    rc=\$?
    wait
    $3
    [ ${result:-x} ]
    exit \"\$rc\"" </dev/null)
}

@test "the examples of the manual work, in each shell" {
  ln -s "$(type -P true)" "$BATS_TEST_TMPDIR/bin/nginx"
  ln -s "$(type -P true)" "$BATS_TEST_TMPDIR/bin/systemctl"
  count=0 failed=0
  while IFS= read -r example; do
    count=$((count + 1))
    # This one ends by itself only on a machine that was not ready; busybox says 143 then.
    [[ $example != *--watch ]] || example="timeout 1 $example || [ \$? -ge 124 ]"
    # Not every machine lets every user reseed; jq says 4 then.
    allow=
    [[ $example != "crng reseed"* ]] || allow='case $rc in [34] | 125) rc=0 ;; esac'
    # Nor does every machine keep a journal.
    [[ $example != *--boot=* ]] || allow='case $rc in 3) rc=0 ;; esac'
    # Neither does every machine load a seed; in memory, a seed earns no credit.
    case $example in
    *"crng seed"*--sysroot=/mnt/image)
      example="mkdir -p mnt/image/var/lib && ${example/\/mnt/mnt}"
      ;;
    *"crng seed"*)
      example=${example/crng seed/crng seed -d seedrng}
      allow='case $rc in [134]) rc=0 ;; esac'
      ;;
    esac
    tool=$(grep -oE 'jq|ssh-keygen' <<<"$example") || tool="sh"
    for shell in sh bash dash "busybox sh" zsh; do
      command -v "${shell%% *}" >/dev/null || continue
      $shell -n -c "$example" &&
        { ! command -v "$tool" >/dev/null || run_example "$shell" "$example" "$allow"; } || {
        echo "in $shell: $example"
        failed=$((failed + 1))
      }
    done
  done < <(examples)
  [ "$count" -ge 25 ]
  [ "$failed" -eq 0 ]
}

@test "README names each command" {
  for cmd in $COMMANDS; do
    grep -qw "crng $cmd" "$TOP/README.md"
  done
}

@test "CONTRIBUTING names each directory of integration and packaging" {
  for dir in "$TOP"/integration/*/ "$TOP"/packaging/*/; do
    [ ! -d "$dir" ] || grep -q "^| .*\`$(basename "$dir")/\`.* |" "$TOP/CONTRIBUTING.md" || {
      echo "not named: $dir"
      return 1
    }
  done
}

@test "each path that the documents name exists" {
  paths=$(cat "$TOP"/*.md "$TOP"/docs/*.md | grep -oE '`[^`]+`' | tr -d '`' | cut -d ' ' -f 1 |
    grep -E '^(bench|completions|docs|integration|man|scripts|share|src|tests)/|^[A-Za-z]+\.(am|md)$' |
    grep -v NAME)
  [ "$(wc -l <<<"$paths")" -gt 40 ]
  while read -r path; do
    # A program is in the build directory, and its source here.
    [ -n "$(compgen -G "$TOP/$path")" ] || [ -e "$TOP/$path.c" ] || { echo "no $path" && return 1; }
  done <<<"$paths"
}
