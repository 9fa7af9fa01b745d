# shellcheck shell=bash disable=SC2034,SC2154
# Journal files for the suites of crng status, written by systemd-journal-remote.

MACHINE=0123456789abcdef0123456789abcdef
JOURNAL=/var/log/journal/$MACHINE

# When the first boot of a journal began, in microseconds since the epoch.
EPOCH=1760000000000000

need_journal() {
  need systemd-journal-remote journalctl jq
}

# A machine with a journal at $TREE, and nothing in it yet.
journal_tree() {
  need_journal
  TREE=$(mktemp -d "$BATS_TEST_TMPDIR/treeXXXXXX")
  mkdir -p "$TREE/etc" "$TREE$JOURNAL"
  echo "$MACHINE" >"$TREE/etc/machine-id"
}

# boot_id N: the ID of boot N. The first digits tell it apart from other numbers.
boot_id() {
  printf 'b007%028x' "$1"
}

# entry BOOT USEC FIELD=VALUE…: an entry in the export format. USEC is since the boot; each
# boot begins an hour after the previous one.
entry() {
  printf '%s\n' "__REALTIME_TIMESTAMP=$((EPOCH + $1 * 3600000000 + $2))" \
    "__MONOTONIC_TIMESTAMP=$2" "_BOOT_ID=$(boot_id "$1")" "${@:3}" ''
}

# kernel BOOT USEC TEXT [PRIORITY [FACILITY]]: a record of the kernel log.
kernel() {
  entry "$1" "$2" _TRANSPORT=kernel "PRIORITY=${4:-5}" "SYSLOG_FACILITY=${5:-0}" \
    SYSLOG_IDENTIFIER=kernel "_SOURCE_MONOTONIC_TIMESTAMP=$2" "MESSAGE=$3"
}

# started BOOT: the beginning of a boot.
started() {
  kernel "$1" 0 'Linux version 6.1.0-13-amd64 (builder@host) #1 SMP'
  kernel "$1" 1 'Command line: quiet' 6
  kernel "$1" 2 'Kernel command line: quiet random.trust_cpu=off root=/dev/vda1'
  entry "$1" 900000 _TRANSPORT=driver PRIORITY=6 MESSAGE_ID=f77379a8490b408bbe5f6940505a777b \
    _SYSTEMD_UNIT=systemd-journald.service 'MESSAGE=Journal started'
}

# ended BOOT USEC: an entry that has nothing to do with the RNG.
ended() {
  entry "$1" "$2" _TRANSPORT=stdout PRIORITY=6 _SYSTEMD_UNIT=other.service MESSAGE=done
}

# boot BOOT [USEC]: a boot that is ready after USEC, 9 s by default.
boot() {
  started "$1"
  kernel "$1" "${2:-9000000}" 'random: crng init done'
  ended "$1" 60000000
}

# journal [FILE]: writes standard input, entries, to a file of the journal.
journal() {
  local file=${1:-$TREE$JOURNAL/system.journal}
  cat >"$BATS_TEST_TMPDIR/export"
  systemd-journal-remote -o "$BATS_TEST_TMPDIR/new.journal" "$BATS_TEST_TMPDIR/export" >/dev/null 2>&1
  mv "$BATS_TEST_TMPDIR/new.journal" "$file"
}

# boots ARG…: runs crng status --boots on $TREE.
boots() {
  "$CRNG" status --sysroot "$TREE" --boots "$@"
}

# all FILTER: prints what jq finds in the list of all boots of $TREE.
all() {
  "$CRNG" status --sysroot "$TREE" --boots=1000 --json | jq -rc "$1"
}

# past ID FILTER: prints what jq finds in the report on that boot of $TREE.
past() {
  "$CRNG" status --sysroot "$TREE" --boot="$1" --json | jq -rc "$2"
}

# by_journalctl SCRIPT CMD…: runs CMD where journalctl is a shell script with these lines.
by_journalctl() {
  local real
  need_mounts
  real=$(readlink -f "$(command -v journalctl)")
  printf '#!/bin/sh\n%s\n' "$1" >"$BATS_TEST_TMPDIR/journalctl"
  chmod +x "$BATS_TEST_TMPDIR/journalctl"
  # shellcheck disable=SC2016
  own_mounts sh -c 'mount --bind "$1" "$2" && shift 2 && exec "$@"' sh \
    "$BATS_TEST_TMPDIR/journalctl" "$real" "${@:2}"
}
