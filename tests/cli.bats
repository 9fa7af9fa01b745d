#!/usr/bin/env bats
# What all commands have in common: usage, help, output errors, hostile surroundings.
# shellcheck disable=SC2154

load helper

@test "without a command it is a usage error, with the usage on standard error" {
  run -2 --separate-stderr "$CRNG"
  [ -z "$output" ]
  [ "$stderr" = "crng: a command is missing"$'\n'"$("$CRNG" --help)" ]
}

@test "--help and help list all commands on standard output" {
  for words in --help -h help "help help" "help --help" "help -h"; do
    # shellcheck disable=SC2086
    run -0 --separate-stderr "$CRNG" $words
    for command in check wait bytes status reseed seed help; do
      [[ $output == *"  $command "* ]]
    done
    [ -z "$stderr" ]
  done
}

@test "--version prints the version that configure.ac has" {
  version=$(sed -n 's/^AC_INIT(\[crng\], \[\(.*\)\])$/\1/p' "$TOP/configure.ac")
  [ -n "$version" ]
  for words in --version -V version; do
    run -0 --separate-stderr "$CRNG" "$words"
    [ "$output" = "crng $version" ]
    [ -z "$stderr" ]
  done
}

@test "--version with -v has the libraries and features, too" {
  for words in "--version -v" "-v --version" "-V --verbose" -Vv -vV "version -v"; do
    # shellcheck disable=SC2086
    run -0 --separate-stderr "$CRNG" $words
    [ "${lines[0]}" = "$("$CRNG" --version)" ]
    [[ $output == *"  linking "*"  libc "*"  popt "*"  libsodium "*"  jansson "*"  vDSO "* ]]
    [ "${#lines[@]}" -eq 7 ]
    [ -z "$stderr" ]
  done
  [[ $output == *"  vDSO       has getrandom()" ]] ||
    [ "$("$CRNG" status --json | jq .kernel.vdso_getrandom)" = false ]
  usage_error 2 "crng: now: unexpected operand" "$CRNG" -v --version now
  usage_error 2 "crng: -v: unknown option" "$CRNG" -v
}

@test "each command has help, with examples and exit statuses before the options" {
  for command in check wait bytes status reseed seed; do
    run -0 --separate-stderr "$CRNG" "$command" --help
    [[ $output == "Usage: crng $command "*Examples:*"Exit status: 0 "*Options:*--help* ]]
    [ -z "$stderr" ]
    [ "$("$CRNG" help "$command")" = "$output" ]
    [ "$("$CRNG" "$command" -h)" = "$output" ]
  done
}

@test "help says what a duration is, and what COUNT counts" {
  for command in wait bytes; do
    run -0 "$CRNG" "$command" --help
    [[ $output == *"DUR is a number of seconds, or has units as in 500ms, 5min or 1h30m, or is"$'\n'"'infinity'."* ]]
  done
  [[ $output == *"'--chars hex 32' writes 32 digits"*"'--hex 32' writes 64 digits."* ]]
  [ "$("$CRNG" bytes --chars hex 32 | wc -c) $("$CRNG" bytes --hex 32 | wc -c)" = "33 65" ]
}

@test "-h shows help only as the only argument, --help anywhere" {
  mkdir "$BATS_TEST_TMPDIR/work"
  cd "$BATS_TEST_TMPDIR/work" || return
  for words in "-hex 32" "-xh 32" "-nh 3" "-h 32" "32 -h" "-o k -h" "-h -x 32" "-h -h" "-hx"; do
    # shellcheck disable=SC2086
    usage_error 2 "crng bytes: -" "$CRNG" bytes $words
    [[ ${stderr_lines[0]} == *": -h shows help only when it is the only argument; use --hex or --help" ]]
  done
  for words in "check -vh" "check -h -v" "wait -ht5" "status -h1" "status --json -h"; do
    # shellcheck disable=SC2086
    usage_error 2 "-h shows help only when it is the only argument; use --help" "$CRNG" $words
  done
  usage_error 3 "-h shows help only" "$CRNG" check --format=nagios -h
  usage_error 125 "-h shows help only" "$CRNG" wait -h -- echo ran
  [ -z "$(ls -A)" ]
  for words in "--hex 32 --help" "-o k --help 8" "--help -h"; do
    # shellcheck disable=SC2086
    [ "$("$CRNG" bytes $words)" = "$("$CRNG" bytes --help)" ]
  done
  # As a value, as an operand and after "--" it is an ordinary word.
  run -0 "$CRNG" bytes -o -h 5
  run -0 "$CRNG" bytes -o --help 5
  [ "$(cat ./-h ./--help | wc -c)" -eq 10 ]
  usage_error 2 "COUNT '-h': not a size" "$CRNG" bytes -- -h
  run -0 "$CRNG" wait -- echo -h --help
  [ "$output" = "-h --help" ]
}

@test "output is complete through a non-blocking pipe and with interrupted writes" {
  need python3
  run -0 python3 -c '
import fcntl, os, subprocess, sys, time
command = [sys.argv[1], "--help"]
whole = subprocess.run(command, stdout=subprocess.PIPE).stdout
r, w = os.pipe()
fcntl.fcntl(w, fcntl.F_SETPIPE_SZ, 4096)
os.set_blocking(w, False)
full = b"x" * os.write(w, b"x" * 4096)
child = subprocess.Popen(command, stdout=w)
os.close(w)
time.sleep(0.1)
text = b""
while part := os.read(r, 1000):
    text += part
assert (child.wait(), text) == (0, full + whole)
' "$CRNG"
  need strace
  run -0 env ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o /dev/null -e trace=write \
    -e inject=write:error=EINTR:when=1+2 "$CRNG" --help
  [ "$output" = "$("$CRNG" --help)" ]
}

@test "help or a report that cannot be written is a failure" {
  for words in --help --version "check --help" "wait --help" "bytes --help" \
    "status --help" status "status --json" "status --explain list"; do
    # shellcheck disable=SC2086
    run -3 --separate-stderr sh -c '"$@" >/dev/full' sh "$CRNG" $words
    [[ $stderr == crng*": standard output: No space left on device" ]]
    # shellcheck disable=SC2086
    run -3 --separate-stderr sh -c '"$@" >&-' sh "$CRNG" $words
    [[ $stderr == crng*": standard output: Bad file descriptor" ]]
  done
}

@test "an unknown command is named, with the most similar one" {
  usage_error 2 "crng: chek: unknown command; did you mean 'check'?" "$CRNG" chek
  usage_error 2 "crng: byte: unknown command; did you mean 'bytes'?" "$CRNG" byte
  usage_error 2 "crng: statsu: unknown command; did you mean 'status'?" "$CRNG" statsu
  usage_error 2 "crng: frobnicate: unknown command" "$CRNG" frobnicate
  run ! grep -q "did you mean" <<<"$stderr"
  usage_error 2 "crng: '': unknown command" "$CRNG" ""
  usage_error 2 "crng: --bogus: unknown option" "$CRNG" --bogus
  usage_error 2 "crng: --versoin: unknown option; did you mean '--version'?" "$CRNG" --versoin
  usage_error 2 "crng: CHECK: unknown command; did you mean 'check'?" "$CRNG" CHECK
  usage_error 2 "crng: statsu: unknown command; did you mean 'status'?" "$CRNG" help statsu
}

# meant WORD WORDS TEXT: with these WORDS, WORD is wrong, and TEXT says what was meant.
meant() {
  # shellcheck disable=SC2086
  usage_error 2 "$1: $3" "$CRNG" $2
  [[ ${stderr_lines[0]} == *": $1: $3" ]]
}

@test "an unknown long option is named, with the most similar one" {
  meant --out "bytes 32 --out" "unknown option; did you mean '--output'?"
  meant --hexx "bytes --hexx 32" "unknown option; did you mean '--hex'?"
  meant --HEX "bytes --HEX 32" "unknown option; did you mean '--hex'?"
  meant --fromat=hex "bytes --fromat=hex 32" "unknown option; did you mean '--format'?"
  meant --time "wait --time 5" "unknown option; did you mean '--timeout'?"
  meant --jsn "status --jsn" "unknown option; did you mean '--json'?"
  meant --colour "status --colour" "unknown option; did you mean '--color'?"
  meant -base64 "bytes -base64 3" "unknown option; did you mean '--base64'?"
  meant -json "status -json" "unknown option; did you mean '--json'?"
  meant --frobnicate "bytes --frobnicate" "unknown option"
  meant --x "bytes --x 8" "unknown option"
}

@test "among letters the unknown one is named" {
  meant -x8 "bytes -x8" "unknown option -8; did you mean '-x 8'?"
  meant -nx16K "bytes -nx16K" "unknown option -1; did you mean '-nx 16K'?"
  meant -xZ "bytes -xZ 8" "unknown option -Z"
  meant -Zx "bytes -Zx 8" "unknown option -Z"
  meant -8 "bytes -8" "unknown option"
}

@test "an unknown format, colour or piece of advice is named, with the most similar one" {
  meant "--format 'jsn'" "status --format jsn" \
    "not a format: use human, json, shell, prometheus or svg; did you mean 'json'?"
  meant "--format 'bas64'" "bytes --format bas64 3" \
    "not a format: use raw, hex, base64, base64url or base32; did you mean 'base64'?"
  meant "--format 'HEX'" "bytes --format HEX 3" \
    "not a format: use raw, hex, base64, base64url or base32; did you mean 'hex'?"
  meant "--color 'alway'" "status --color alway" \
    "not auto, always or never; did you mean 'always'?"
  meant "--explain 'trust-cpus'" "status --explain trust-cpus" \
    "no such advice: 'crng status --explain list' lists all IDs; did you mean 'trust-cpu'?"
  meant "--explain 'frobnicate'" "status --explain frobnicate" \
    "no such advice: 'crng status --explain list' lists all IDs"
}

@test "a missing operand is named" {
  for words in "bytes" "bytes -o f" "bytes -t 8"; do
    # shellcheck disable=SC2086
    usage_error 2 "crng bytes: COUNT is missing" "$CRNG" $words
  done
}

@test "an operand that was meant for an option is named, with that option" {
  meant 30 "wait 30" "unexpected operand; did you mean '-t 30'?"
  meant 1m30s "wait 1m30s" "unexpected operand; did you mean '-t 1m30s'?"
  meant nginx "wait -t 30 nginx" "unexpected operand; did you mean '-- nginx'?"
  meant nginx "wait -t 30 nginx -g daemon" "unexpected operand; did you mean '-- nginx'?"
  meant hex "bytes hex 32" "unexpected operand; did you mean '--hex'?"
  meant hex "bytes 32 hex" "unexpected operand; did you mean '--hex'?"
  meant hex "bytes hex" "unexpected operand; did you mean '--hex'?"
  meant base32 "bytes base32 32" "unexpected operand; did you mean '--format base32'?"
  meant json "status json" "unexpected operand; did you mean '--json'?"
  meant '!#:+' "wait !#:+ -g x" "unexpected operand; did you mean '-- !#:+'?"
  usage_error 2 "crng wait: '': unexpected operand" "$CRNG" wait ""
  run ! grep -q "did you mean" <<<"$stderr"
}

@test "an unknown option or a superfluous operand is named" {
  for command in check wait bytes status reseed seed; do
    usage_error 2 "crng $command: --bogus: unknown option" "$CRNG" "$command" --bogus
    usage_error 2 "crng $command: -Z: unknown option" "$CRNG" "$command" -Z
  done
  usage_error 2 "crng check: now: unexpected operand" "$CRNG" check now
  usage_error 2 "crng status: now: unexpected operand" "$CRNG" status now
  usage_error 2 "crng bytes: 17: unexpected operand" "$CRNG" bytes 16 17
  usage_error 2 "crng wait: nginx: unexpected operand" "$CRNG" wait nginx
  for words in "--help now" "--version now" "help check now"; do
    # shellcheck disable=SC2086
    usage_error 2 "crng: now: unexpected operand" "$CRNG" $words
  done
}

@test "long options cannot be abbreviated" {
  usage_error 2 "--verb: unknown option" "$CRNG" check --verb
  usage_error 2 "--he: unknown option" "$CRNG" bytes --he 8
  usage_error 2 "--time: unknown option" "$CRNG" wait --time 1
}

@test "an option without its value, or a flag with one, is an error" {
  usage_error 2 "--timeout: missing argument" "$CRNG" wait --timeout
  usage_error 2 "-t: missing argument" "$CRNG" wait -t
  usage_error 2 "--hex=1: option does not take an argument" "$CRNG" bytes --hex=1 8
}

@test "a short option takes no = before its value, which popt would drop" {
  mkdir "$BATS_TEST_TMPDIR/work"
  cd "$BATS_TEST_TMPDIR/work" || return
  usage_error 2 "-o=x: write '-o x' or '--output=x'" "$CRNG" bytes -o=x 8
  usage_error 2 "-xo=x: write '-o x' or '--output=x'" "$CRNG" bytes -xo=x 8
  usage_error 2 "-o==x: write '-o =x' or '--output==x'" "$CRNG" bytes -o==x 8
  usage_error 2 "-o=: write '-o ' or '--output='" "$CRNG" bytes -o= 8
  usage_error 2 "-j=4: write '-j 4' or '--jobs=4'" "$CRNG" bytes -j=4 8
  usage_error 2 "-t=5: write '-t 5' or '--timeout=5'" "$CRNG" bytes -t=5 8
  usage_error 2 "-w=5: write '-w5' or '--watch=5'" "$CRNG" status -w=5
  usage_error 125 "-t=5: write '-t 5' or '--timeout=5'" "$CRNG" wait -t=5 -- true
  usage_error 2 "-x=1: option does not take an argument" "$CRNG" bytes -x=1 8
  [ -z "$(ls -A)" ]
  # Elsewhere the '=' belongs to the value.
  "$CRNG" bytes -oa=b 8
  "$CRNG" bytes -o -o=c 8
  "$CRNG" bytes -o =d 8
  "$CRNG" bytes --output==e 8
  "$CRNG" bytes --output=-o=f 8
  [ "$(printf '%s|' *)" = "-o=c|-o=f|=d|=e|a=b|" ]
  usage_error 2 "COUNT '-o=x': not a size" "$CRNG" bytes -- -o=x
  run -0 "$CRNG" wait -- echo -t=5
  [ "$output" = "-t=5" ]
}

@test "options are taken before and after operands, even with POSIXLY_CORRECT" {
  run -0 "$CRNG" bytes --hex 4
  [ "${#output}" -eq 8 ]
  run -0 "$CRNG" bytes 4 --hex
  [ "${#output}" -eq 8 ]
  run -0 env POSIXLY_CORRECT=1 POSIX_ME_HARDER=1 "$CRNG" bytes 4 --hex
  [ "${#output}" -eq 8 ]
  run -0 "$CRNG" bytes --hex -- 4
  [ "${#output}" -eq 8 ]
}

@test "a .popt file in the home directory is ignored" {
  echo "crng exec --help echo PWNED" >"$BATS_TEST_TMPDIR/.popt"
  echo "crng alias --hex --base64" >>"$BATS_TEST_TMPDIR/.popt"
  sed 's/^crng/crng bytes/' "$BATS_TEST_TMPDIR/.popt" >>"$BATS_TEST_TMPDIR/.popt2"
  cat "$BATS_TEST_TMPDIR/.popt2" >>"$BATS_TEST_TMPDIR/.popt"
  run -0 env HOME="$BATS_TEST_TMPDIR" "$CRNG" bytes --help
  [[ $output == "Usage: crng bytes"* ]]
  run -0 env HOME="$BATS_TEST_TMPDIR" "$CRNG" bytes --hex 4
  [ "${#output}" -eq 8 ]
}

@test "an empty environment changes nothing" {
  run -0 env -i "$CRNG" check
  run -0 env -i "$CRNG" wait -t 1
  run -0 env -i "$CRNG" bytes --hex 4
  run -0 env -i "$CRNG" status
}

@test "without any argument, not even argv[0], it is a usage error" {
  need python3
  run -2 --separate-stderr python3 -c '
import ctypes, sys
libc = ctypes.CDLL(None)
none = (ctypes.c_char_p * 1)(None)
libc.execve(sys.argv[1].encode(), none, none)' "$CRNG"
  [[ ${stderr_lines[0]} == "crng: a command is missing" ]]
  [ -z "$output" ]
}

@test "text from arguments cannot control the terminal" {
  run -2 --separate-stderr "$CRNG" $'\e]0;x\a'
  [[ ${stderr_lines[0]} == 'crng: \x1b]0;x\x07: unknown command'* ]]
  run -2 --separate-stderr "$CRNG" bytes $'5\n6'
  [[ ${stderr_lines[0]} == *"COUNT '5\\x0a6': not a size"* ]]
  run -2 --separate-stderr "$CRNG" bytes $'\xff\xc2\x9b31m'
  [[ ${stderr_lines[0]} == *"COUNT '\\xff\\xc2\\x9b31m'"* ]]
  run -2 --separate-stderr "$CRNG" bytes $'\xe2\x80\xae1'
  [[ ${stderr_lines[0]} == *"COUNT '\\xe2\\x80\\xae1'"* ]]
  run -2 --separate-stderr "$CRNG" bytes $'gr\xc3\xbc\xc3\x9fe'
  [[ ${stderr_lines[0]} == *$'COUNT \'gr\xc3\xbc\xc3\x9fe\''* ]]
}

@test "a very long argument gives one line and no crash" {
  long=$(head -c 100000 /dev/zero | tr '\0' x)
  run -2 --separate-stderr "$CRNG" "$long"
  [ "${#stderr_lines[@]}" -eq 2 ]
  run -2 --separate-stderr "$CRNG" bytes "$long"
  [ "${#stderr_lines[@]}" -eq 2 ]
}

@test "a long word does not push the reason out of the message" {
  long=$(head -c 3000 /dev/zero | tr '\0' x)
  run -3 --separate-stderr "$CRNG" bytes -o "/nonexistent/$long" 4
  [[ $stderr == *"$(error_words ENAMETOOLONG)" || $stderr == *"No such file or directory" ]]
  run -2 --separate-stderr "$CRNG" bytes "$long"
  [[ ${stderr_lines[0]} == *"or 'infinity'" ]]
  run -2 --separate-stderr "$CRNG" bytes '--foo!#:+'
  [[ ${stderr_lines[0]} == 'crng bytes: --foo!#:+: unknown option' ]]
}

@test "option values reach the command as they were typed" {
  cd "$BATS_TEST_TMPDIR"
  for name in 'a!#:+b' $'a!\001#:+b' '!#:+' '!!#:+!#:+'; do
    run -0 "$CRNG" bytes -o "$name" 5
    [ "$(wc -c <"$name")" -eq 5 ]
  done
  run -3 --separate-stderr "$CRNG" status --sysroot '/nowhere/!#:+'
  [[ $stderr == 'crng status: /nowhere/!#:+: No such file or directory' ]]
}

@test "a file never takes the place of a closed standard descriptor" {
  cd "$BATS_TEST_TMPDIR"
  run -0 sh -c '"$1" bytes -o closed 64 <&- >&- 2>&-' sh "$CRNG"
  [ "$(wc -c <closed)" -eq 64 ]
  run -0 sh -c '"$1" check <&- >&- 2>&-' sh "$CRNG"
  run -2 sh -c '"$1" check --bogus <&- >&- 2>&-' sh "$CRNG"
  run -0 sh -c '"$1" wait -v -t 1 <&- >&- 2>&-' sh "$CRNG"
  run -3 sh -c '"$1" bytes 4 <&- >&- 2>&-' sh "$CRNG"
}

@test "a standard error without a reader does not end a command" {
  need python3
  run -0 python3 -c '
import os, signal, subprocess, sys
def run(*words):
    r, w = os.pipe()
    os.close(r)
    got = subprocess.run([sys.argv[1], *words], stdout=subprocess.PIPE, stderr=w,
        preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_DFL))
    os.close(w)
    return got.returncode, len(got.stdout)
assert run("bytes", "-p", "700M") == (0, 700 << 20)
assert run("bytes", "x") == (2, 0)
assert run("bytes", "--bogus") == (2, 0)
assert run("chek") == (2, 0)
assert run("wait", "-v") == (0, 0)
assert run("wait", "--", "/nowhere") == (127, 0)
assert run("bytes", "-o", "/nowhere/key", "8") == (3, 0)
' "$CRNG"
}
