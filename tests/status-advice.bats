#!/usr/bin/env bats
# crng status: what is advised, and above all when nothing is. What is not known is said
# to be so.
# shellcheck disable=SC2154

load helper

# tree PATH TEXT…: a captured tree with these files.
tree() {
  TREE=$(mktemp -d "$BATS_TEST_TMPDIR/treeXXXXXX")
  while [ $# -gt 0 ]; do
    mkdir -p "$TREE${1%/*}"
    printf '%s\n' "$2" >"$TREE$1"
    shift 2
  done
}

# of FILTER: what jq finds in the report on the tree.
of() {
  "$CRNG" status --sysroot "$TREE" --json | jq -r "$1"
}

advised() {
  of "[.advice[].id] | index(\"$1\") != null"
}

# alone OPTION… -- CMD…: CMD on a machine that is not ready, the only process there, with
# nothing of a container to be seen but what the kind in $CONTAINER says.
alone() {
  need_fakeboot
  need_mounts
  local options=() user=-r
  while [ "$1" != -- ]; do options+=("$1") && shift; done
  shift
  [ "$(id -u)" -ne 0 ] || user=
  mkdir -p "$BATS_TEST_TMPDIR/new"
  # shellcheck disable=SC2016,SC2086
  boot "${options[@]}" -- unshare $user -m -f -p --mount-proc sh -euc '
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
export CONTAINER=

# critical: the critical advice in the report.
critical() {
  jq -r '[.advice[] | select(.severity == "critical").id] | join(" ")' <<<"$output"
}

@test "where nothing makes an idle kernel gather, a blocking reader is advised" {
  run -0 --separate-stderr alone -- "$CRNG" status --json
  [ "$(critical)" = start-blocking-reader ]
}

@test "no blocking reader is advised before Linux 5.4, where it would not help" {
  run -0 --separate-stderr alone --no-insecure -- "$CRNG" status --json
  [ "$(jq .kernel.jitter_seeding <<<"$output")" = null ]
  [ "$(critical)" = "" ]
}

@test "no blocking reader is advised in a container" {
  CONTAINER=podman run -0 --separate-stderr alone -- "$CRNG" status --json
  [ "$(jq -r .environment.container <<<"$output")" = podman ]
  [ "$(critical)" = "" ]
}

@test "a task that runs unseen may be gathering: it is counted, and nothing is advised" {
  [ "$(id -u)" -eq 0 ] || skip "a real-time task needs root"
  need chrt
  # shellcheck disable=SC2016
  run -0 --separate-stderr alone -- sh -c '
    chrt -f 1 sh -c "while :; do :; done" &
    until chrt -p $! | grep -q FIFO; do :; done
    "$1" status --json
    "$1" status' sh "$CRNG"
  [[ $(tr '\n' ' ' <<<"$output") == *"nothing is seen waiting for it (1 running task unknown)."* ]]
  [[ $output != *start-blocking-reader* ]]
  [[ $output == *"running        1, and maybe gathering"* ]]
}

@test "without /proc and /sys in a tree nothing is said to be absent" {
  tree /etc/hostname test
  run -0 of '[.sources.virtio_rng, .sources.efi, .sources.device_tree, .sources.tpm,
    .sources.vmgenid, .sources.daemons, .sources.monitors, .environment.container,
    .environment.virtualization] | unique | tostring'
  [ "$output" = '[null]' ]
  run -0 of '[.reasons.sources.virtio_rng, .reasons.sources.efi, .reasons.sources.tpm,
    .reasons.sources.vmgenid] | unique | join(", ")'
  [ "$output" = "the tree has no /sys" ]
  run -0 of '[.reasons.sources.daemons, .reasons.environment.container] | unique | join(", ")'
  [ "$output" = "the tree has no /proc" ]
}

@test "what is missing in /proc and /sys is absent" {
  tree /proc/sys/kernel/osrelease 6.1 /proc/version 'Linux version 6.1' /proc/1/comm init \
    /sys/bus/.keep '' /sys/class/.keep ''
  run -0 of '[.sources.virtio_rng, .sources.efi, .sources.tpm, .sources.vmgenid,
    .sources.daemons, .environment.container, .environment.virtualization] | tostring'
  [ "$output" = '["absent",false,false,false,"none","none","none"]' ]
}
