# The completions, each in its own shell. bash and zsh run interactively on a terminal of
# their own, where one key inserts all completions and another one writes the resulting
# line to a file.
# shellcheck shell=bash

INSERT_ALL=$'\e*' WRITE_DOWN=$'\a'

# need_shell SHELL: skips the test where the shell, or a tool that runs it, is not
# installed.
need_shell() {
  need "$1" script timeout
}

# on_terminal LINE SHELL…: types LINE and the two keys; prints the line that the shell
# wrote to the file "line", without the words that LINE had already.
on_terminal() {
  local typed=$1 line
  shift
  rm -f "$BATS_TEST_TMPDIR/line"
  printf '%s' "$typed" "$INSERT_ALL" "$WRITE_DOWN" >"$BATS_TEST_TMPDIR/keys"
  TERM=dumb timeout 300 script -qec "$*" /dev/null <"$BATS_TEST_TMPDIR/keys" >/dev/null
  line=$(<"$BATS_TEST_TMPDIR/line")
  echo "${line#"${typed% *} "}"
}

# in_bash LINE: completes LINE in bash. If BASH_COMPLETION is the path of the
# bash-completion package's file, that file finds and loads the completion, as where crng
# is installed. If BASH_WORDBREAKS is not empty, it is used as COMP_WORDBREAKS.
in_bash() {
  local installed=$BATS_TEST_TMPDIR/bash-completion/completions
  mkdir -p "$installed"
  ln -sf "$TOP/completions/crng" "$installed/"
  cat >"$BATS_TEST_TMPDIR/bashrc" <<RC
source "${BASH_COMPLETION:-$TOP/completions/crng}"
PS1= HISTFILE= ${BASH_WORDBREAKS:+COMP_WORDBREAKS=${BASH_WORDBREAKS@Q}}
bind '"\e*": insert-completions'
bind -x '"\a": printf %s "\$READLINE_LINE" >"$BATS_TEST_TMPDIR/line"; exit'
RC
  INPUTRC=/dev/null XDG_DATA_HOME=$BATS_TEST_TMPDIR on_terminal "$1" \
    bash --noprofile --rcfile "$BATS_TEST_TMPDIR/bashrc" -i
}

in_zsh() {
  cat >"$BATS_TEST_TMPDIR/.zshrc" <<RC
PS1= HISTFILE= fpath=("$TOP/completions" \$fpath)
autoload -Uz compinit && compinit -u -d "$BATS_FILE_TMPDIR/zcompdump"
zstyle ':completion:*' completer _all_matches _complete
zstyle ':completion:*' insert yes
write_down() { print -rn -- "\$BUFFER" >"$BATS_TEST_TMPDIR/line"; exit }
zle -N write_down
bindkey -e '\e*' complete-word '^G' write_down
RC
  ZDOTDIR=$BATS_TEST_TMPDIR on_terminal "$1" zsh -d -i
}

# fish finds the completions of commands in PATH by itself, and prints a description after
# each word.
described_by_fish() {
  mkdir -p "$BATS_TEST_TMPDIR/bin" "$BATS_TEST_TMPDIR/fish/completions"
  ln -sf "$CRNG" "$BATS_TEST_TMPDIR/bin/crng"
  ln -sf "$TOP/completions/crng.fish" "$BATS_TEST_TMPDIR/fish/completions/"
  PATH=$BATS_TEST_TMPDIR/bin:$PATH HOME=$BATS_TEST_TMPDIR \
    XDG_CONFIG_HOME=$BATS_TEST_TMPDIR XDG_DATA_HOME=$BATS_TEST_TMPDIR \
    fish -c "complete -C \$argv[1]" "$1"
}

in_fish() {
  described_by_fish "$1" | cut -f 1
}

# advice_in_zsh: prints the advice that the completion of zsh describes, as ID:SENTENCE.
advice_in_zsh() {
  zsh -fc '_arguments() { :; }
    _call_program() { shift; "$@"; }
    _describe() { print -rl -- ${(P)4}; }
    source "$1" && _crng_advice' zsh "$TOP/completions/_crng"
}

# words SHELL LINE: prints the words that the shell offers, sorted, one to a line.
words() {
  "in_$1" "$2" | tr -s ' ' '\n' | sed '/^$/d' | LC_ALL=C sort
}
