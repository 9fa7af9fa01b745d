#!/usr/bin/env bats
# crng status: whether this is a container. Names of one are weighed against the
# namespaces.
# shellcheck disable=SC2154

load helper
load tree

# process [NAME=INODE…] [-- PATH TEXT…]: makes a captured tree with these files. Its
# process is in these namespaces, and otherwise in the first ones of the machine.
process() {
  local spaces=()
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    spaces+=("$1")
    shift
  done
  tree /proc/sys/.keep '' /proc/self/mountinfo '22 1 0:20 / /' "${@:2}"
  namespaces "${spaces[@]}"
}

# container: what status reports of the tree, or "unknown" with the reason.
container() {
  "$CRNG" status --sysroot "$TREE" --json |
    jq -r '.environment.container // "unknown: \(.reasons.environment.container)"'
}

# live CMD…: what status reports when CMD runs it.
live() {
  "$@" "$CRNG" status --json |
    jq -r '.environment.container // "unknown: \(.reasons.environment.container)"'
}

elsewhere='/proc/self/mountinfo'

@test "a file left over in an image does not make a machine a container" {
  for mark in /.dockerenv /run/.containerenv; do
    process -- $mark ''
    [ "$(container)" = none ]
  done
  process
  [ "$(container)" = none ]
}

@test "the file of a container runtime names it where the namespaces agree" {
  process pid=4026532300 mnt=4026532299 -- /.dockerenv '' $elsewhere '700 650 0:50 / /'
  [ "$(container)" = docker ]
  process uts=4026532300 ipc=4026532301 mnt=4026532299 -- /.dockerenv '' $elsewhere '700 650 0:50 / /'
  [ "$(container)" = docker ]
  # A root that is a whole disk belongs to a machine and not to a container runtime.
  process pid=4026532300 -- /.dockerenv '' $elsewhere '700 650 8:1 / /'
  [ "$(container)" = other ]
  process mnt=4026532299 -- /.dockerenv '' $elsewhere '700 650 8:1 / /'
  [[ $(container) == "unknown: "* ]]
}

@test "such a file alone, where no namespace can be seen, leaves it unknown" {
  process -- /.dockerenv ''
  rm -r "$TREE/proc/self/ns"
  [[ $(container) == "unknown: "* ]]
}

@test "a PID namespace that is not the machine's is a container's, of any kind" {
  process pid=4026532300
  [ "$(container)" = other ]
  process pid=4026532300 -- /run/systemd/container systemd-nspawn
  [ "$(container)" = systemd-nspawn ]
  process pid=4026532300 -- /run/host/container-manager systemd-nspawn
  [ "$(container)" = systemd-nspawn ]
  process pid=4026532300 -- /proc/1/cgroup '0::/kubepods.slice/x.scope'
  [ "$(container)" = kubernetes ]
  process pid=4026532300
  printf 'A=container=no\0container=lxc\0B=c\0' >"$TREE/proc/1/environ" 2>/dev/null ||
    { mkdir "$TREE/proc/1" && printf 'A=container=no\0container=lxc\0B=c\0' >"$TREE/proc/1/environ"; }
  [ "$(container)" = lxc ]
}

@test "a name and namespaces that contradict each other leave it unknown" {
  process -- /run/systemd/container podman
  [ "$(container)" = "unknown: there are signs of a container, but all namespaces are the machine's" ]
  process user=4026532300
  [[ $(container) == "unknown: it has some namespaces of its own"* ]]
}

@test "another root in another mount namespace is a container, and a chroot is not" {
  process mnt=4026532299 -- /crng-capture/root other $elsewhere '700 650 0:50 / /'
  [ "$(container)" = other ]
  process -- /crng-capture/root other
  [ "$(container)" = none ]
}

@test "a systemd sandbox around a service is not a container" {
  service=(/proc/1/cgroup 0::/init.scope /proc/self/cgroup 0::/system.slice/x.service)
  process mnt=4026532299 user=4026532300 -- $elsewhere '700 650 8:1 / /' "${service[@]}"
  [ "$(container)" = none ]
  process mnt=4026532299 -- $elsewhere '700 650 8:1 / /' /proc/1/cgroup 0::/init.scope
  [[ $(container) == "unknown: "* ]]
}

@test "gVisor, WSL and OpenVZ are known by their own signs" {
  process pid=1 -- /proc/version 'Linux version 4.4.0 #1 SMP Sun Jan 10 15:06:54 PST 2016'
  [ "$(container)" = gvisor ]
  process pid=4026532300 -- /proc/sys/kernel/osrelease 5.15.90.1-microsoft-standard-WSL2
  [ "$(container)" = wsl ]
  process -- /proc/vz ''
  [ "$(container)" = openvz ]
  # The host of such servers has this as well.
  process -- /proc/vz '' /proc/bc ''
  [ "$(container)" = none ]
}

@test "a tree without namespaces is a container only if something names one" {
  process
  rm -r "$TREE/proc/self"
  [ "$(container)" = "unknown: its namespaces cannot be seen" ]
  echo podman >"$TREE/name"
  mkdir -p "$TREE/run/systemd" && mv "$TREE/name" "$TREE/run/systemd/container"
  [ "$(container)" = podman ]
}

@test "links that are not namespaces are not taken for namespaces" {
  for link in 'pid:[]' 'pid:[x]' pid '../../../../../../proc/self/ns/pid' 'pid:[99999999999999999999]'; do
    process
    ln -sfn "$link" "$TREE/proc/self/ns/pid"
    container >/dev/null
  done
}

need_plain() {
  [ "$(live env)" = none ] || skip "these tests run in a container, or something like it"
}

@test "unshare with a PID namespace makes a container, and with less it may be one" {
  need_plain
  "${UNSHARE[@]}" -m -p -f --mount-proc true 2>/dev/null || skip "no namespaces can be made here"
  [[ $(live "${UNSHARE[@]}" -m -p -f --mount-proc) =~ ^(other|docker|podman)$ ]]
  [[ $(live "${UNSHARE[@]}" -m) == "unknown: "* ]]
}

@test "a PID namespace for children only is not a container, at any look" {
  unshare -p true 2>/dev/null || skip "needs root"
  need jq
  own=$(live)
  [ "$(live unshare -p)" = "$own" ]
  looks=$(unshare -p "$CRNG" status --json --watch=1 |
    jq -nr 'limit(3; inputs) | .environment.container // "unknown: \(.reasons.environment.container)"')
  [ "$looks" = "$own"$'\n'"$own"$'\n'"$own" ]
}

@test "bubblewrap is never reported as none" {
  need_plain
  need bwrap
  bwrap --ro-bind / / true 2>/dev/null || skip "bubblewrap does not run here"
  for options in '' --unshare-pid --unshare-all; do
    # shellcheck disable=SC2086
    [[ $(live bwrap --ro-bind / / --proc /proc --dev /dev $options) != none ]]
  done
}

# root_directory: makes a root directory with crng and the libraries that it needs.
root_directory() {
  local file
  ROOT=$BATS_TEST_TMPDIR/root
  mkdir -p "$ROOT"/{bin,proc,sys,dev,run,tmp,etc,usr,var}
  cp "$CRNG" "$ROOT/bin/crng"
  for file in $(ldd "$CRNG" 2>/dev/null | grep -o '/[^ ]*'); do
    mkdir -p "$ROOT${file%/*}" && cp -L "$file" "$ROOT$file"
  done
  echo ID=test >"$ROOT/etc/os-release"
}

@test "systemd-nspawn is recognized" {
  need_plain
  need systemd-nspawn
  root_directory
  run --separate-stderr timeout 60 systemd-nspawn -q --register=no --keep-unit -D "$ROOT" /bin/crng status --json
  [ "$status" -eq 0 ] && [ -n "$output" ] || skip "systemd-nspawn does not run here"
  [ "$(jq -r .environment.container <<<"$output")" = systemd-nspawn ]
}

@test "a container of runc or crun is recognized, without a name" {
  need_plain
  [ "$(id -u)" -eq 0 ] || skip "the bundle is made for root"
  for runtime in runc crun; do
    command -v $runtime >/dev/null || continue
    [ -n "${ROOT:-}" ] || root_directory
    bundle=$BATS_TEST_TMPDIR/$runtime
    mkdir "$bundle"
    (cd "$bundle" && $runtime spec)
    jq --arg root "$ROOT" '.root.path = $root | .process.terminal = false | .process.args = ["/bin/crng", "status", "--json"]' \
      "$bundle/config.json" >"$bundle/new"
    mv "$bundle/new" "$bundle/config.json"
    run --separate-stderr timeout 60 $runtime run -b "$bundle" "crng-test-$$"
    [ "$status" -eq 0 ] || continue
    ran=yes
    [ "$(jq -r .environment.container <<<"$output")" = other ]
  done
  [ -n "${ran:-}" ] || skip "neither runc nor crun runs here"
}
