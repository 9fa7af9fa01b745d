# The completions, each in its own shell. For bash and zsh that is an interactive one on a
# terminal of its own, where a key inserts all completions, and another one writes down
# the line that has come of it.
# shellcheck shell=bash

INSERT_ALL=$'\e*' WRITE_DOWN=$'\a'

# need_shell SHELL: skips the test where it, or what asks it, is not installed.
need_shell() {
  need "$1" script timeout
}

# on_terminal LINE SHELL…: types LINE and the two keys; prints what was written to the
# file "line", without the words that LINE had already.
on_terminal() {
  local typed=$1 line
  shift
  rm -f "$BATS_TEST_TMPDIR/line"
  printf '%s' "$typed" "$INSERT_ALL" "$WRITE_DOWN" >"$BATS_TEST_TMPDIR/keys"
  TERM=dumb timeout 30 script -qec "$*" /dev/null <"$BATS_TEST_TMPDIR/keys" >/dev/null
  line=$(<"$BATS_TEST_TMPDIR/line")
  echo "${line#"${typed% *} "}"
}

# in_bash LINE: with the bash-completion package if BASH_COMPLETION is the path of its
# file, which then finds and loads the completion as it does where that is installed; with
# COMP_WORDBREAKS as in BASH_WORDBREAKS if that is not empty.
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
autoload -Uz compinit && compinit -u -D
zstyle ':completion:*' completer _all_matches _complete
zstyle ':completion:*' insert yes
write_down() { print -rn -- "\$BUFFER" >"$BATS_TEST_TMPDIR/line"; exit }
zle -N write_down
bindkey -e '\e*' complete-word '^G' write_down
RC
  ZDOTDIR=$BATS_TEST_TMPDIR on_terminal "$1" zsh -d -i
}

# fish finds completions by itself, for what is in PATH. It answers with a description
# behind each word.
in_fish() {
  mkdir -p "$BATS_TEST_TMPDIR/bin" "$BATS_TEST_TMPDIR/fish/completions"
  ln -sf "$CRNG" "$BATS_TEST_TMPDIR/bin/crng"
  ln -sf "$TOP/completions/crng.fish" "$BATS_TEST_TMPDIR/fish/completions/"
  PATH=$BATS_TEST_TMPDIR/bin:$PATH HOME=$BATS_TEST_TMPDIR \
    XDG_CONFIG_HOME=$BATS_TEST_TMPDIR XDG_DATA_HOME=$BATS_TEST_TMPDIR \
    fish -c "complete -C \$argv[1]" "$1" | cut -f 1
}

# words SHELL LINE: the words offered, one to a line and sorted.
words() {
  "in_$1" "$2" | tr -s ' ' '\n' | sed '/^$/d' | LC_ALL=C sort
}
