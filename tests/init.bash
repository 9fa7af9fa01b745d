# shellcheck shell=bash disable=SC2154
# For the suites of init systems other than systemd: a tree that has one of them and crng,
# on a machine whose RNG is not ready.

# init_tree PACKAGE…: makes $TREE, with crng in it, for all tests of a suite.
init_tree() {
  can need_trees || return 0
  make_tree bookworm "$TREE" libpopt0 libsodium23 libjansson4 "$@" >"$TREE.log" 2>&1 || {
    tail -n 30 "$TREE.log"
    return 1
  }
  install -m 755 "$CRNG" "$TREE/usr/bin/crng"
}

# need_init: skips where there is no such tree, or it cannot run crng unready.
need_init() {
  need_trees
  need_fakeboot
  in_tree "$TREE" crng --version >/dev/null 2>&1 ||
    skip "crng cannot be run in Debian 12: it was built for another system"
}
TREE=${BATS_FILE_TMPDIR:-}/tree

# put MODE PATH: writes standard input to PATH in the tree.
put() {
  mkdir -p "$TREE${2%/*}"
  cat >"$TREE$2"
  chmod "$1" "$TREE$2"
}

# booted OPTION… -- CMD…: runs CMD in the tree, under fakeboot with these options, which
# say when the RNG becomes ready.
booted() {
  local options=()
  while [ "$1" != -- ]; do options+=("$1") && shift; done
  shift
  export TREE MOUNTS
  fakeboot "${options[@]}" -- bash -c "$(declare -f in_tree)"'; in_tree "$TREE" "$@"' bash "$@"
}

# booted_until FIRST SECOND OPTION… -- CMD: the same, but the RNG becomes ready once the output
# has a line that begins with FIRST and one that begins with SECOND, in any order.
booted_until() {
  local line first=$1 second=$2
  shift 2
  booted "$@" 2>&1 | while IFS= read -r line; do
    printf '%s\n' "$line"
    [ -n "$first$second" ] || continue
    [[ -z $first || $line != "$first"* ]] || first=
    [[ -z $second || $line != "$second"* ]] || second=
    [ -n "$first$second" ] || become_ready
  done
  return "${PIPESTATUS[0]}"
}

# in_order TEXT…: $output has lines that begin with these texts, in this order.
in_order() {
  local text rest=$'\n'$output
  for text; do
    [[ $rest == *$'\n'"$text"* ]] || {
      printf 'not there, or not in this order: %s\n%s\n' "$text" "$output"
      return 1
    }
    rest=$'\n'${rest#*$'\n'"$text"}
  done
}
