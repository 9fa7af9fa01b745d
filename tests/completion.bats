#!/usr/bin/env bats
# The completions, asked in their real shells. Which options they know is compared with
# --help in docs.bats.
# shellcheck disable=SC2154

load helper
load complete

setup() {
  mkdir -p "$BATS_TEST_TMPDIR/here/key-dir" "$BATS_TEST_TMPDIR/bin"
  cd "$BATS_TEST_TMPDIR/here" || return
  touch key-file
  # A command to be completed after "--".
  ln -s "$(type -P true)" "$BATS_TEST_TMPDIR/bin/crng-test-server"
  # The completions ask crng itself for the advice that it can explain.
  ln -s "$CRNG" "$BATS_TEST_TMPDIR/bin/crng"
  PATH=$BATS_TEST_TMPDIR/bin:$PATH
}

# offers SHELL LINE WORDS: the shell completes LINE to exactly these words.
offers() {
  run -0 words "$1" "$2"
  [ "$output" = "$(tr ' ' '\n' <<<"$3")" ] || {
    echo "$1: '$2' offers:" "$output"
    return 1
  }
}

# common SHELL [=]: the completions that are the same in all three shells; fish adds no
# "=".
common() {
  offers "$1" 'crng by' bytes
  offers "$1" 'crng help wa' wait
  offers "$1" 'crng bytes --form' --format"$2"
  offers "$1" 'crng bytes --format ' 'base32 base64 base64url hex raw'
  offers "$1" 'crng bytes --chars al' 'alnum alpha'
  offers "$1" 'crng bytes -pj 2 --fas' --fast
  offers "$1" 'crng check --format ' nagios
  offers "$1" 'crng status --format ' 'human json prometheus shell svg'
  offers "$1" 'crng status --color ' 'always auto never'
  offers "$1" 'crng status --explain trust-' 'trust-bootloader trust-cpu'
  offers "$1" 'crng status --explain li' list
  offers "$1" 'crng status --watch --js' --json
  offers "$1" 'crng bytes 32 --no-' --no-newline
  offers "$1" 'crng wait -- crng-test-' crng-test-server
  offers "$1" 'crng wait -t 5 --passive -- crng-test-' crng-test-server
  offers "$1" 'crng wait -- crng-test-server key-f' key-file
  offers "$1" 'crng res' reseed
  offers "$1" 'crng reseed --no-' --no-hwrng
  offers "$1" 'crng reseed --inp' --input"$2"
  offers "$1" 'crng reseed --input key-f' key-file
  offers "$1" 'crng reseed --any -- crng-test-' crng-test-server
  offers "$1" 'crng see' seed
  offers "$1" 'crng seed --no-' --no-credit
  offers "$1" 'crng seed --dir' --directory"$2"
}

@test "bash completes commands, options, values and the command after --" {
  need_shell bash
  common bash =
  offers bash 'crng bytes --format=base64u' --format=base64url
  offers bash 'crng bytes -o key' 'key-dir key-file'
  offers bash 'crng bytes -xo key-f' key-file
  offers bash 'crng bytes --output=key-f' --output=key-file
  offers bash 'crng reseed --input=key-f' --input=key-file
  offers bash 'crng seed --directory key' key-dir
  offers bash 'crng seed -nd key' key-dir
  offers bash 'crng seed --sysroot=key' --sysroot=key-dir
  offers bash 'crng seed -t key' key
  offers bash 'crng status --wa' --watch
  offers bash 'crng status --explain=trust-c' --explain=trust-cpu
  offers bash 'crng status --sysroot key' key-dir
  offers bash 'crng status --sysroot=key' --sysroot=key-dir
}

@test "bash does the same with the bash-completion package" {
  need_shell bash
  export BASH_COMPLETION=/usr/share/bash-completion/bash_completion
  [ -e "$BASH_COMPLETION" ] || skip "bash-completion is not installed"
  common bash =
  offers bash 'crng bytes --format=base64u' --format=base64url
  offers bash 'crng bytes --output key' 'key-dir key-file'
  offers bash 'crng status --sysroot=key' --sysroot=key-dir
  offers bash 'crng wait -- crng by' bytes
  offers bash 'crng wait -- ls --author' --author
}

@test "bash completes --option=value even where = does not separate words" {
  need_shell bash
  export BASH_WORDBREAKS=$' \t\n'
  offers bash 'crng bytes --format=base64u' --format=base64url
  offers bash 'crng bytes --output=key-f' --output=key-file
}

@test "bash offers no options after --, and none for an unknown command" {
  need_shell bash
  offers bash 'crng bytes -- -' -
  offers bash 'crng nonsense -' -
}

@test "zsh completes commands, options, values and the command after --" {
  need_shell zsh
  common zsh =
  offers zsh 'crng ' 'bytes check help reseed seed status wait'
  offers zsh 'crng bytes --format=base64u' --format=base64url
  offers zsh 'crng bytes -o key' 'key-dir key-file'
  offers zsh 'crng bytes -xo key-f' key-file
  offers zsh 'crng bytes --output=key-f' --output=key-file
  offers zsh 'crng seed -nd key' key-dir/
  offers zsh 'crng status --sysroot key' key-dir/
  offers zsh 'crng status --sysroot=key' --sysroot=key-dir/
  offers zsh 'crng wait -- crng by' bytes
}

@test "zsh offers no option that contradicts those on the line" {
  need_shell zsh
  offers zsh 'crng bytes --hex --i' --insecure
  offers zsh 'crng bytes --nonblock --i' --i
  offers zsh 'crng bytes --nonblock --form' --format=
  offers zsh 'crng bytes --hex --form' --form
  offers zsh 'crng bytes --hex --ch' --ch
  offers zsh 'crng bytes --chars alnum --ba' --ba
  offers zsh 'crng bytes --insecure --fa' --fa
  offers zsh 'crng bytes --hex --ra' --random
  offers zsh 'crng bytes --insecure --ra' --ra
  offers zsh 'crng bytes --random --i' --i
  offers zsh 'crng status --watch=5 --sys' --sys
  offers zsh 'crng check -v --form' --form
  offers zsh 'crng reseed --watch --js' --js
  offers zsh 'crng seed --load --sa' --sa
  offers zsh 'crng seed --load --ti' --ti
  offers zsh 'crng seed --save --ti' --timeout=
  offers zsh 'crng seed --purge --pro' --pro
  offers zsh 'crng seed --purge --dr' --dry-run
  offers zsh 'crng seed --provision --dr' --dr
  offers zsh 'crng seed --json --pu' --pu
}

@test "fish completes commands, options, values and the command after --" {
  need_shell fish
  common fish ''
  offers fish 'crng ' 'bytes check help reseed seed status wait'
  offers fish 'crng bytes --format=base64u' --format=base64url
  offers fish 'crng bytes -o key' 'key-dir/ key-file'
  offers fish 'crng bytes -xo key-f' key-file
  offers fish 'crng bytes --output=key-f' --output=key-file
  offers fish 'crng seed -nd key' key-dir/
  offers fish 'crng status --sysroot key' key-dir/
  offers fish 'crng status --sysroot=key' --sysroot=key-dir/
  offers fish 'crng wait -- crng by' bytes
}

@test "fish offers neither files nor options where neither is allowed" {
  need_shell fish
  offers fish 'crng bytes key' ''
  offers fish 'crng bytes -t key' ''
  offers fish 'crng bytes -j key' ''
  offers fish 'crng bytes -- -' ''
}

@test "zsh and fish describe each piece of advice by its sentence" {
  need_shell fish
  need_shell zsh
  # Tab-separated, as fish prints them.
  sentences=$("$CRNG" status --explain list | awk '
    /^ / { sub(/^ +/, ""); line = line (line ~ /\t$/ ? "" : " ") $0; next }
    { if (line) print line; line = $0 "\t" }
    END { print line }')
  [ "$(wc -l <<<"$sentences")" -ge 25 ]
  diff <(advice_in_zsh | grep -v '^list:' | sed 's/\([^\\]\):/\1\t/; s/\\:/:/g') <(echo "$sentences")
  diff <(described_by_fish 'crng status --explain ' | grep -v '^list' | LC_ALL=C sort) \
    <(LC_ALL=C sort <<<"$sentences")
}
