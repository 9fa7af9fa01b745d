# shellcheck shell=bash
# A machine with a single process, for the suites of crng status. It needs tree.bash.

# need_alone: skips where alone cannot work. A skip inside "run" would not count.
need_alone() {
  need_fakeboot
  need_mounts
}

# alone OPTION… -- CMD…: runs CMD as the only process of a machine that is not ready. Of a
# container it sees only the PID namespace, and the name in $CONTAINER, unless that is
# empty. "$MACHINE" is a crng for which the namespaces look like those of the machine.
alone() {
  local options=()
  while [ "$1" != -- ]; do options+=("$1") && shift; done
  shift
  mkdir -p "$BATS_TEST_TMPDIR/new"
  TREE=$BATS_TEST_TMPDIR namespaces mnt=4026531832
  printf '#!/bin/sh\nmount --bind "%s" "/proc/$$/ns" && exec "%s" "$@"\n' \
    "$BATS_TEST_TMPDIR/proc/self/ns" "$CRNG" >"$MACHINE"
  chmod +x "$MACHINE"
  fakeboot "${options[@]}" -- "${UNSHARE[@]}" -m -f -p --mount-proc sh -euc '
    new=$1
    shift
    mount -t tmpfs none "$new"
    for place in /*; do
      if [ -L "$place" ]; then
        cp -P "$place" "$new"
      elif [ -d "$place" ]; then
        mkdir "$new$place"
        mount --rbind "$place" "$new$place"
      fi
    done
    mount -t tmpfs none "$new/run"
    [ -z "$CONTAINER" ] || { mkdir "$new/run/systemd"; echo "$CONTAINER" >"$new/run/systemd/container"; }
    exec chroot "$new" "$@"' sh "$BATS_TEST_TMPDIR/new" "$@"
}
export CONTAINER=''
MACHINE=${BATS_TEST_TMPDIR:-}/machine
