# shellcheck shell=bash
# Machines with one process, for the suites of crng status. Needs tree.bash.

# need_alone: skips where alone cannot work; within run, as alone mostly is, no skip counts.
need_alone() {
  need_fakeboot
  need_mounts
}

# alone OPTION… -- CMD…: CMD on a machine that is not ready, the only process there, with
# nothing of a container to be seen but its PID namespace, and what the kind in $CONTAINER
# says. "$MACHINE" is a crng to which the namespaces look like those of the machine.
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
