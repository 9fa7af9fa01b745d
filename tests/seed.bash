# shellcheck shell=bash disable=SC2034,SC2154
# For the suites of crng seed.

# The machine of the tests, and another one.
HERE=1b4e28ba-2fa1-11d2-883f-0016d3cca427
ELSEWHERE=9a3f6c1e-0d52-4c7b-8e11-5f60a7b2c9d4

# need_seed: skips where crng seed cannot be played; enters an empty directory on a disk. DIR
# is where the seeds are, and need not exist.
need_seed() {
  need_fakeboot --admin
  need_mounts
  need jq
  sees_machine || skip "the RNG of a container is that of its host"
  enter_disk
  DIR=state
  machine "$HERE"
}

# sees_machine: in a mount namespace, which the tests need, crng does not see a container.
sees_machine() {
  [[ $(own_mounts "$CRNG" status --json | jq -r '.environment.container // "none"') == none ]]
}

# enter_disk: makes an empty directory that outlives a power cut, and changes to it. A seed
# in any other place is not credited.
enter_disk() {
  local place
  for place in "$BATS_TEST_TMPDIR" "${BUILD:-}" /var/tmp; do
    case $(stat -f -c %T "$place" 2>/dev/null) in
    ext2/ext3 | xfs | btrfs | f2fs | zfs) ;;
    *) continue ;;
    esac
    WORK=$(mktemp -d "$place/seed.XXXXXX" 2>/dev/null) && cd "$WORK" && return
  done
  skip "none of the directories for tests is on a disk"
}

leave_disk() {
  cd / || return
  [ -z "${WORK:-}" ] || discard "$WORK"
}

# discard DIR: removes it; overlayfs leaves a directory of mode 0 in its work directory.
discard() {
  chmod -R u+rwX "$1" 2>/dev/null
  rm -rf "$1"
}

# machine UUID|none|hidden: the identity that /sys shows; hidden: nothing is mounted there.
machine() {
  MACHINE=$1
  rm -rf sys
  mkdir -p sys/class/dmi/id sys/firmware
  case $1 in
  none | hidden) ;;
  *) printf '%s\n' "$1" >sys/class/dmi/id/product_uuid ;;
  esac
}

# serial TEXT: the machine has no DMI, and this serial number in its device tree.
serial() {
  machine none
  mkdir -p sys/firmware/devicetree/base
  printf '%s\0' "$1" >sys/firmware/devicetree/base/serial-number
}

# on_machine CMD…: runs CMD as root in a mount namespace with that identity, and with the
# shell commands in $BEFORE before it and in $AFTER after it.
BEFORE=: AFTER=:
on_machine() {
  local sys='mount --bind sys/class /sys/class && mount --bind sys/firmware /sys/firmware'
  [ "$MACHINE" != hidden ] || sys='mount -t tmpfs none /sys'
  "${UNSHARE[@]}" -m sh -c "{ $sys && $BEFORE; }"' >&2 || exit 77
    "$@"; status=$?
    '"{ $AFTER; } >&2"'; exit $status' sh "$@"
}

# faked OPTION… -- CMD…: CMD on that machine, with the RNG of a fakeboot and its OPTIONs.
faked() {
  local options=()
  while [ "$1" != -- ]; do options+=("$1") && shift; done
  shift
  export BEFORE AFTER MACHINE
  fakeboot "${options[@]}" -- bash -c \
    "$(declare -p UNSHARE); $(declare -f on_machine); on_machine \"\$@\"" bash "$@"
}

# played OPTION… -- ARG…: crng seed -d DIR ARG… there. Every caller has the privilege, and the
# kernel is not touched.
played() {
  local options=()
  while [ "$1" != -- ]; do options+=("$1") && shift; done
  shift
  faked --admin "${options[@]}" -- "$CRNG" seed -d "$DIR" "$@"
}

# The RNG is ready; it never is; it is once a seed is credited.
ready() { played --ready-after 0 -- "$@"; }
unready() { played -- "$@"; }
booting() { played --ready-on credit -- "$@"; }

# seed NAME [BYTES [MODE]]: puts such a file with random bytes into DIR, which is made.
seed() {
  [ -d "$DIR" ] || mkdir -m 700 "$DIR"
  rm -f "$DIR/$1"
  (umask 077 && head -c "${2:-32}" /dev/urandom >"$DIR/$1")
  chmod "${3:-400}" "$DIR/$1"
}

# fingerprint [PREFIX:]ID: the line of seed.machine for it.
fingerprint() {
  case $1 in
  none) echo none ;;
  *:*) printf %s "$1" | sha256sum | cut -d ' ' -f 1 ;;
  *) fingerprint "dmi:$1" ;;
  esac
}

# bound ID: the seeds in DIR were made on that machine.
bound() {
  rm -f "$DIR/seed.machine"
  fingerprint "$1" >"$DIR/seed.machine"
  chmod 400 "$DIR/seed.machine"
}

digest() {
  sha256sum <"$1" | cut -d ' ' -f 1
}

# state [DIR]: "NAME MODE BYTES" of each seed there; of other files, the name.
state() {
  (
    cd "${1:-$DIR}" || exit
    find . -mindepth 1 -name 'seed.*credit' -printf '%f %m %s\n' -o \
      -mindepth 1 -not -name seed.machine -printf '%P\n' | sort
  )
}

# whole [DIR]: all that can change there.
whole() {
  (
    cd "${1:-$DIR}" || exit
    find . -exec stat -c '%n %a %u %s %h %F %i %y %z' {} + | sort
    find . -type f -exec sha256sum {} + | sort
  )
}

# mixed: "CREDIT BYTES" of each RNDADDENTROPY, but for the one that asks for the privilege.
mixed() {
  sed -nE 's/.* event=add .* credit=([0-9]+) bytes=([0-9]+) .*/\1 \2/p' "$FAKEBOOT_LOG"
}

# mixed_digest: the SHA-256 of what was mixed.
mixed_digest() {
  field sha256 add | grep -v none
}

# untouched: nothing was mixed.
untouched() {
  [ -z "$(mixed)" ] || { mixed && return 1; }
}

# said LINE…: the last run printed these lines, after "crng seed: ", to standard error, and
# nothing to standard output. A line can be a pattern.
said() {
  [ -z "$output" ] && said_beside "$@"
}

said_beside() {
  local i=0 line
  for line; do
    # shellcheck disable=SC2053
    [[ ${stderr_lines[i++]:-} == "crng seed: "$line ]] || {
      printf '%s\n' "not said: $line" "stdout: $output" "stderr: $stderr"
      return 1
    }
  done
  [ "${#stderr_lines[@]}" -eq $# ] || {
    printf '%s\n' "said more:" "$stderr"
    return 1
  }
}

# refused WHY: the last run failed with this in its first line, and printed nothing to standard
# output.
refused() {
  # shellcheck disable=SC2053
  [ -z "$output" ] && [[ ${stderr_lines[0]} == "crng seed: "*$1* ]] && return
  printf '%s\n' "not said: $1" "stdout: $output" "stderr: $stderr"
  return 1
}

# member EXPRESSION: the value that jq finds in the JSON of the last run, with sorted names.
member() {
  jq -cS "$1" <<<"$output"
}

# valid: the JSON of the last run is as the schema says.
valid() {
  need python3
  python3 -c 'import jsonschema' 2>/dev/null || skip "python3-jsonschema is not installed"
  python3 -c '
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft7Validator.check_schema(schema)
jsonschema.Draft7Validator(schema).validate(json.loads(sys.argv[2]))' \
    "$TOP/share/crng-seed.schema.json" "$output"
}
