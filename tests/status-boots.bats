#!/usr/bin/env bats
# crng status --boots and --boot: the boots before this one, from real files of the journal.
# shellcheck disable=SC2030,SC2031,SC2154

load helper
load journal

@test "each boot is a row, the oldest first, with when it was ready and who read early" {
  journal_tree
  {
    boot 0
    started 1
    kernel 1 2000000 'random: dbus-daemon: uninitialized urandom read (12 bytes read)'
    kernel 1 2100000 'random: dbus-daemon: uninitialized urandom read (12 bytes read)'
    kernel 1 3000000 'random: sshd: uninitialized urandom read (32 bytes read)'
    kernel 1 4000000 'urandom_read: 5 callbacks suppressed' 4
    kernel 1 7500000 'random: crng init done'
    boot 2 250000
  } | journal
  export TZ=UTC
  run -0 --separate-stderr boots
  [ -z "$stderr" ]
  [ "${lines[0]}" = 'Boots (local time)' ]
  has -E '^ +-2  2025-10-09 08:53:20  ready after 9 s, source unknown$'
  has -E '^ +-1  2025-10-09 09:53:20  ready after 7.5 s, source unknown; 8 early reads$'
  has -F '(dbus-daemon 2, sshd 1, other 5)'
  has -E '^ +0  2025-10-09 10:53:20  ready after 0.25 s'
  [ "$(all '[.boots[] | [.boot_id, .offset, .started, .ready_seconds, .early_reads,
    .reseeds_after_clone, .source, .running]] | tostring')" = "$(jq -nc --arg a "$(boot_id 0)" \
    --arg b "$(boot_id 1)" --arg c "$(boot_id 2)" '[[$a, -2, "2025-10-09T08:53:20Z", 9, 0, 0, "journal", false],
    [$b, -1, "2025-10-09T09:53:20Z", 7.5, 8, 0, "journal", false],
    [$c, 0, "2025-10-09T10:53:20Z", 0.25, 0, 0, "journal", false]]')" ]
  [ "$(all .boots[1].early_readers)" = \
    '[{"who":"dbus-daemon","reads":2},{"who":"sshd","reads":1}]' ]
  [ "$(all '[.unknown_because, .empty_because, .older_unknown_because, .gaps_because] | unique')" = '[null]' ]
}

@test "--boots takes the number of boots, 10 by default" {
  journal_tree
  for n in {0..11}; do boot "$n"; done | journal
  [ "$(boots --json | jq -c '[.boots[].offset]')" = '[-9,-8,-7,-6,-5,-4,-3,-2,-1,0]' ]
  [ "$(all '.boots | length')" = 12 ]
  run -0 "$CRNG" status --sysroot "$TREE" --boots=1 --json
  [ "$(jq -r '.boots[].boot_id' <<<"$output")" = "$(boot_id 11)" ]
}

@test "a boot whose log ends before readiness is reported as not ready, and for how long" {
  journal_tree
  {
    started 0
    kernel 0 8000000 'random: sshd: uninitialized urandom read (32 bytes read)'
    ended 0 42500000
    boot 1
  } | journal
  run -0 boots
  has -E 'not ready when its log ended, after 42.5 s; 1$'
  [ "$(all '.boots[0] | [.ready_seconds, .not_ready_after_seconds, .log_ends]')" = '[null,42.5,true]' ]
  [ "$(all '.boots[0].reasons.ready_seconds')" = 'not ready when its log ended, after 42.5 s' ]
  run -0 "$CRNG" status --sysroot "$TREE" --boot=-1
  has -F 'Earlier boot: its RNG was not ready when its log ended, after 42.5 s.'
  has -F 'end of log, 42.5 s'
  run ! grep -F 'unknown whether' <<<"$output"
  [ "$(past -1 .reasons.ready_seconds)" = 'not ready when its log ended, after 42 s' ]
}

@test "only what the log proves is named as the cause of readiness" {
  seed=(_TRANSPORT=stdout PRIORITY=6 'MESSAGE=crng seed: loaded 256 bits, credited')
  unit=_SYSTEMD_UNIT=crng-seed.service
  journal_tree
  {
    started 0
    kernel 0 100000 "random: crng done (trusting CPU's manufacturer)"
    started 1
    kernel 1 2000000 'random: crng init done'
    entry 1 2004000 "${seed[@]}" $unit
    # Too late, too early, of another unit, not credited, and after a process gave up.
    started 2
    kernel 2 2000000 'random: crng init done'
    entry 2 5000000 "${seed[@]}" $unit
    started 3
    entry 3 1000000 "${seed[@]}" $unit
    kernel 3 2000000 'random: crng init done'
    started 4
    kernel 4 2000000 'random: crng init done'
    entry 4 2004000 "${seed[@]}" _SYSTEMD_UNIT=other.service
    started 5
    kernel 5 2000000 'random: crng init done'
    entry 5 2004000 _TRANSPORT=stdout PRIORITY=6 $unit \
      'MESSAGE=crng seed: loaded 256 bits, not credited: made on another machine'
    started 6
    entry 6 1999000 _TRANSPORT=stdout PRIORITY=4 _SYSTEMD_UNIT=crng-ready.service \
      'MESSAGE=crng wait: not ready after 60 s'
    kernel 6 2000000 'random: crng init done'
  } | journal
  [ "$(all '[.boots[].ready_by]')" = '["trusted_cpu","probably_crng_seed",null,null,null,null,null]' ]
  [ "$(all '.boots[1].ready_by_message')" = 'loaded 256 bits, credited' ]
  [ "$(all '[.boots[2:][].reasons.ready_by] | unique | .[]')" = 'the log does not tell' ]
  run -0 boots
  has -F "ready after 0.1 s, thanks to the CPU's random"
  has -F 'ready after 2 s, probably thanks to a seed'
}

@test "reseeds after clones are counted, and other messages are not" {
  journal_tree
  {
    boot 0
    kernel 0 70000000 'random: crng reseeded due to virtual machine fork'
    kernel 0 80000000 'random: crng reseeded due to virtual machine fork'
    kernel 0 90000000 'random: crng reseeded on system resumption'
  } | journal
  [ "$(all '.boots[].reseeds_after_clone')" = 2 ]
  run -0 boots
  has -E 'reseeded 2 times$'
}

@test "lines that a process wrote to the kernel log do not count" {
  journal_tree
  {
    started 0
    kernel 0 1000000 'random: crng init done' 5 1
    kernel 0 1000000 'random: sshd: uninitialized urandom read (32 bytes read)' 5 3
    entry 0 1500000 _TRANSPORT=syslog PRIORITY=5 'MESSAGE=random: crng init done'
    ended 0 3000000
  } | journal
  [ "$(all '.boots[] | [.ready_seconds, .early_reads]')" = '[null,0]' ]
  [ "$(past 0 '.timeline | [.spoofed, .early_reads]')" = '[2,0]' ]
}

@test "--boot is the report on one boot, as its log tells it" {
  journal_tree
  {
    started 0
    kernel 0 2000000 'random: dbus-daemon: uninitialized urandom read (12 bytes read)'
    kernel 0 3000000 'urandom_read: 5 callbacks suppressed' 4
    kernel 0 9000000 'random: crng init done'
    boot 1
  } | journal
  run -0 --separate-stderr "$CRNG" status --sysroot "$TREE" --boot=-1
  has -F 'Earlier boot: its log says that the RNG became ready 9 s after boot.'
  has -F '2 s: dbus-daemon read /dev/urandom too early, 12 bytes'
  has -F 'by 3 s: 5 more early reads'
  has -F 'Taken from the journal'
  [ "$(past -1 '[.boot_id, .ready_seconds, .timeline.origin, .timeline.early_reads]')" = \
    '["b0070000-0000-0000-0000-000000000000",9,"journal",6]' ]
  [ "$(past -1 '[.timeline.events[].kind] | join(" ")')" = 'urandom_early suppressed ready' ]
  [ "$(past -1 '[.kernel.release, .kernel.trust_cpu, .environment.boot_time_seconds]')" = \
    '["6.1.0-13-amd64","off",1760000000]' ]
  [ "$(past -1 '[.advice[].id] | join(" ")')" = early-readers ]
  [ "$(past -1 '[.verdict, .waiters, .pool.entropy_avail_bits, .sources.cpu] | unique')" = '[null]' ]
  [ "$(past -1 .reasons.verdict)" = 'only a running kernel can tell' ]
  run -0 "$CRNG" status --sysroot "$TREE" --boot=-1 --format=shell
  has -F "CRNG_READY_SECONDS='9.000'"
  run -0 "$CRNG" status --sysroot "$TREE" --boot=-1 --format=svg
  has -F '</svg>'
}

@test "--boot takes offsets and IDs as journalctl does" {
  journal_tree
  for n in {0..3}; do boot "$n" "$((n + 1))000000"; done | journal
  uuid=$(sed -E 's/(.{8})(.{4})(.{4})(.{4})/\1-\2-\3-\4-/' <<<"$(boot_id 1)")
  [ "$(past "$uuid" '.boot_id')" = "$uuid" ]
  # journalctl itself names the boot that each of them is.
  for which in 0 -0 +0 -1 -3 1 +2 4 "$(boot_id 2)" "$(boot_id 2)-1" "$(boot_id 1)+2"; do
    theirs=$(journalctl --file "$TREE$JOURNAL/system.journal" -q -b "$which" -n 1 -o json |
      jq -r ._BOOT_ID)
    ours=$(past "$which" '.boot_id | gsub("-"; "")')
    [ -n "$theirs" ] && [ "$ours" = "$theirs" ] || {
      echo "$which: $ours, but journalctl says $theirs"
      return 1
    }
  done
}

@test "a boot that does not exist is a failure of one line, which names --boots" {
  journal_tree
  for n in 0 1; do boot "$n"; done | journal
  for which in -2 3 "$(boot_id 7)" "$(boot_id 0)-1" "$(boot_id 1)+1"; do
    run -3 --separate-stderr "$CRNG" status --sysroot "$TREE" --boot="$which"
    [ -z "$output" ]
    [ "$stderr" = "crng status: --boot=$which: no such boot; 'crng status --boots=1000' lists them" ]
  done
}

@test "an ID that comes back after a step of the clock is one boot" {
  journal_tree
  {
    started 0
    ended 0 1000000
    boot 1
    kernel 0 9000000 'random: crng init done'
  } | journal
  [ "$(all '[.boots[] | [.boot_id[-1:], .ready_seconds]]')" = '[["1",9],["0",9]]' ]
  [ "$("$CRNG" status --sysroot "$TREE" --boots=1 --json | jq -c '[.boots[].ready_seconds]')" = '[9]' ]
  [ "$(journalctl --file "$TREE$JOURNAL/system.journal" -q -b 0 -n 1 -o json | jq -r ._BOOT_ID)" = \
    "$(past 0 '.boot_id | gsub("-"; "")')" ]
}

@test "a boot whose clock was set after its start keeps its place, and is not listed twice" {
  journal_tree
  # at BOOT WALL USEC TEXT: an entry of the kernel, where the clock of the machine says WALL.
  at() {
    printf '%s\n' "__REALTIME_TIMESTAMP=$2" "__MONOTONIC_TIMESTAMP=$3" "_BOOT_ID=$(boot_id "$1")" \
      _TRANSPORT=kernel PRIORITY=5 SYSLOG_FACILITY=0 "_SOURCE_MONOTONIC_TIMESTAMP=$3" "MESSAGE=$4" ''
  }
  boot 1 | journal "$TREE$JOURNAL/system@a.journal~"
  {
    at 2 1000000 0 'Linux version 6.1.0'
    at 2 3000000 2000000 'random: crng init done'
    at 2 $((EPOCH + 7200000000)) 30000000 'other: the clock is right now'
  } | journal
  expected="[[\"1\",-1,9],[\"2\",0,2]]"
  [ "$(all '[.boots[] | [.boot_id[-1:], .offset, .ready_seconds]]')" = "$expected" ]
  [ "$("$CRNG" status --sysroot "$TREE" --boots=1 --json |
    jq -c '[.boots[] | [.boot_id[-1:], .ready_seconds, .early_reads]]')" = '[["2",2,0]]' ]
  [ "$(past 0 '.boot_id[-1:]')" = 2 ]
  mkdir "$TREE/crng-capture"
  printf '%s\n' $((EPOCH / 1000000 + 7200 - 20)) $((EPOCH / 1000000 + 7200 - 20)) >"$TREE/crng-capture/boots"
  [ "$(all '[.boots[] | [.boot_id[-1:], .offset, .ready_seconds]]')" = "$expected" ]
}

@test "fast init is taken for neither ready nor not ready where some kernels take it for ready" {
  journal_tree
  {
    kernel 0 0 'Linux version 4.9.0-13-amd64 (builder@host)'
    kernel 0 2000000 'random: fast init done'
    ended 0 40000000
    kernel 1 0 'Linux version 5.10.0-20-amd64 (builder@host)'
    kernel 1 2000000 'random: fast init done'
    ended 1 40000000
  } | journal
  [ "$(all '[.boots[].not_ready_after_seconds]')" = '[null,40]' ]
  [ "$(all '.boots[0].reasons.ready_seconds')" = \
    'only fast init is logged, which Linux 4.8 to 4.16 may take for ready' ]
  [ "$(past -1 .reasons.ready_seconds)" = "$(all '.boots[0].reasons.ready_seconds')" ]
}

@test "the files of a rotated journal are one journal" {
  journal_tree
  boot 0 | journal "$TREE$JOURNAL/system@00000000000000000000000000000001-0000000000000001-0000000000000001.journal"
  started 1 | journal "$TREE$JOURNAL/system@0005-0001.journal~"
  mkdir -p "$TREE/run/log/journal/$MACHINE"
  {
    kernel 1 5000000 'random: crng init done'
    boot 2
  } | journal "$TREE/run/log/journal/$MACHINE/system.journal"
  [ "$(all '[.boots[].ready_seconds]')" = '[9,5,9]' ]
}

@test "journals of other machines, of users and behind links are left alone" {
  journal_tree
  boot 0 | journal
  other=$TREE/var/log/journal/fedcba9876543210fedcba9876543210
  mkdir -p "$other" "$TREE$JOURNAL/system@dir.journal"
  boot 5 | journal "$other/system.journal"
  boot 6 | journal "$TREE$JOURNAL/user-1000.journal"
  boot 7 | journal "$BATS_TEST_TMPDIR/outside.journal"
  ln -s "$BATS_TEST_TMPDIR/outside.journal" "$TREE$JOURNAL/system@out.journal"
  ln -s "../fedcba9876543210fedcba9876543210/system.journal" "$TREE$JOURNAL/system@in.journal"
  mkfifo "$TREE$JOURNAL/system@fifo.journal"
  [ "$(all '[.boots[].boot_id[-1:]] | join("")')" = 0 ]
}

@test "damaged files lose only their own entries, and the report says so" {
  journal_tree
  boot 0 | journal "$TREE$JOURNAL/system@a.journal"
  boot 1 | journal
  head -c 5000 "$TREE$JOURNAL/system.journal" >"$TREE$JOURNAL/system@b.journal"
  echo garbage >"$TREE$JOURNAL/system@c.journal"
  : >"$TREE$JOURNAL/system@d.journal~"
  [ "$(all '[.boots[].ready_seconds, .gaps_because]')" = '[9,9,"some journal files are damaged"]' ]
  run -0 boots
  has -F 'The list may be incomplete: some journal files are damaged.'
  # A good header, and nonsense after it.
  size=$(stat -c %s "$TREE$JOURNAL/system@a.journal")
  head -c $((size - 4096)) /dev/zero | tr '\0' '\377' |
    dd of="$TREE$JOURNAL/system@a.journal" bs=4096 seek=1 conv=notrunc status=none
  [ "$(all '[.boots[].ready_seconds, .gaps_because]')" = '[9,"some journal files are damaged"]' ]
  rm "$TREE$JOURNAL/system.journal" "$TREE$JOURNAL/system@a.journal"
  [ "$(all '[.boots, .unknown_because]')" = '[null,"all journal files are damaged"]' ]
}

@test "where entries may be missing, nothing follows from their absence" {
  journal_tree
  {
    started 0
    entry 0 2000000 _TRANSPORT=driver PRIORITY=4 MESSAGE_ID=e9bf28e6e834481bb6f48f548ad13606 \
      'MESSAGE=Missed 7 kernel messages'
    kernel 1 5000000 'random: sshd: uninitialized urandom read (32 bytes read)'
    entry 2 2000000 _TRANSPORT=stdout MESSAGE_ID=f77379a8490b408bbe5f6940505a777b MESSAGE=started
  } | journal
  [ "$(all '[.boots[].reasons.ready_seconds] | join(", ")')" = "$(printf '%s, ' \
    'journald missed kernel messages' 'the beginning of its log was not found')the journal has no kernel messages of this boot" ]
  [ "$(all '[.boots[] | [.early_reads, .reseeds_after_clone]]')" = '[[null,null],[1,null],[null,null]]' ]
}

@test "fields that are not text, too large or missing do no harm" {
  journal_tree
  {
    started 0
    kernel 0 1000000 $'random: \e[31mevil\e[m: uninitialized urandom read (12 bytes read)'
    kernel 0 1100000 "$(printf 'x%.0s' {1..9000})"
    entry 0 1200000 _TRANSPORT=kernel PRIORITY=5 'MESSAGE=random: crng init done'
    entry 0 1300000 _TRANSPORT=kernel PRIORITY=5
    kernel 0 9000000 'random: crng init done'
  } | journal
  run -0 boots
  has -F '\x1b[31mevil\x1b[m 1'
  [[ $output != *$'\e'* ]]
  [ "$(all '.boots[] | [.ready_seconds, .early_reads]')" = '[9,1]' ]
}

@test "without any boot the list is empty, with the reason, in each format" {
  need jq
  TREE=$BATS_TEST_TMPDIR/none
  mkdir -p "$TREE/etc"
  run -0 boots
  [ "${lines[0]}" = 'Boots: none' ]
  has -F 'neither a journal nor wtmp remembers a boot.'
  [ "$(all '[.boots, .empty_because, .unknown_because]')" = \
    '[[],"neither a journal nor wtmp remembers a boot",null]' ]
  run -0 boots --format=shell
  has -F "CRNG_BOOTS='0'"
  has -F "CRNG_BOOTS_BECAUSE='neither a journal nor wtmp remembers a boot'"
}

@test "a list that is not known is not an empty one" {
  need jq
  TREE=$BATS_TEST_TMPDIR/unknown
  mkdir -p "$TREE/var/log/journal"
  run -0 boots
  [ "${lines[0]}" = 'Boots: unknown' ]
  has -F 'there is no /etc/machine-id'
  [ "$(all '[.boots, .empty_because, .unknown_because]')" = \
    '[null,null,"there is no /etc/machine-id, which names the journal"]' ]
  run -0 boots --format=shell
  has -F "CRNG_BOOTS=''"
  run -3 --separate-stderr "$CRNG" status --sysroot "$TREE" --boot=0
  [ -z "$output" ]
  [ "$stderr" = "crng status: --boot=0: there is no /etc/machine-id, which names the journal" ]
}

@test "without permission the list is unknown, and says who has it" {
  journal_tree
  boot 0 | journal
  chmod 000 "$TREE$JOURNAL/system.journal"
  user=()
  if [ "$(id -u)" -eq 0 ]; then
    need setpriv
    user=(setpriv --bounding-set '-dac_override,-dac_read_search')
  fi
  run -0 "${user[@]}" "$CRNG" status --sysroot "$TREE" --boots
  has -F 'no permission to read the journal; ask as root'
}

@test "boots that only wtmp remembers are listed, with only their start" {
  journal_tree
  for n in 5 6; do boot "$n"; done | journal
  mkdir "$TREE/crng-capture"
  # The last of these is boot 5, which is in the journal as well.
  printf '%s\n' $((EPOCH / 1000000 + 60)) $((EPOCH / 1000000 + 3600)) \
    $((EPOCH / 1000000 + 5 * 3600 + 7)) >"$TREE/crng-capture/boots"
  [ "$(all '[.boots[] | [.source, .offset, .ready_seconds]]')" = \
    '[["wtmp",null,null],["wtmp",null,null],["journal",-1,9],["journal",0,9]]' ]
  [ "$(all '.boots[0].reasons.ready_seconds')" = 'only wtmp remembers this boot' ]
  [ "$(all '.boots[0].started')" = 2025-10-09T08:54:20Z ]
  run -0 boots
  has -E '^ +wtmp  20.*unknown when it was ready \(only wtmp'
  [ "$("$CRNG" status --sysroot "$TREE" --boots=3 --json | jq '.boots | length')" = 3 ]
  rm -r "${TREE:?}/var"
  [ "$(all '[.boots[].source] | unique | .[]')" = wtmp ]
  [ "$(all '.boots[0].reasons.ready_seconds')" = 'the captured tree has no journal' ]
}

@test "the last boots are those of wtmp where the journal has none of them" {
  journal_tree
  for n in 1 2 3; do boot "$n"; done | journal
  mkdir "$TREE/crng-capture"
  printf '%s\n' $((EPOCH / 1000000 + 86400 * 30)) $((EPOCH / 1000000 + 86400 * 60)) >"$TREE/crng-capture/boots"
  [ "$("$CRNG" status --sysroot "$TREE" --boots=3 --json | jq -c '[.boots[] | [.source, .offset]]')" = \
    '[["journal",0],["wtmp",null],["wtmp",null]]' ]
}

@test "a journal or wtmp that cannot be read is not one that has no boots" {
  journal_tree
  boot 1 | journal
  mkdir "$TREE/crng-capture"
  echo $((EPOCH / 1000000)) >"$TREE/crng-capture/boots"
  : >"$TREE$JOURNAL/system.journal"
  [ "$(all '[.boots[].reasons.ready_seconds, .gaps_because] | unique | .[]')" = 'all journal files are damaged' ]
  rm -r "$TREE$JOURNAL" "$TREE/crng-capture"
  mkfifo "$TREE/var/log/wtmp"
  [ "$(all '[.boots, .empty_because, .unknown_because]')" = '[null,null,"wtmp could not be read"]' ]
  rm "$TREE/var/log/wtmp"
  ln -s "$MACHINE" "$TREE$JOURNAL"
  [ "$(all '[.boots, .unknown_because]')" = '[null,"the journal cannot be opened"]' ]
  mkdir -p "$TREE/run/log/journal/$MACHINE"
  boot 1 | journal "$TREE/run/log/journal/$MACHINE/system.journal"
  [ "$(all '[.boots[].ready_seconds, .gaps_because]')" = '[9,"some journal files could not be opened"]' ]
}

@test "entries that tell of no boot are not taken for proof that there was none" {
  journal_tree
  ended 0 1000000 | journal
  [ "$(all '[.boots, .unknown_because]')" = '[null,"the entries of the journal tell of no boot"]' ]
}

@test "where few files can be open, the newest ones are read, and older boots are unknown" {
  journal_tree
  need prlimit
  for n in {1..9}; do
    boot "$n" | journal "$TREE$JOURNAL/system@$((10 - n)).journal"
  done
  run -0 prlimit --nofile=40:40 "$CRNG" status --sysroot "$TREE" --boots --json
  [ "$(jq -c '[[.boots[].boot_id[-1:]], .older_unknown_because]' <<<"$output")" = \
    '[["6","7","8","9"],"there are too many journal files"]' ]
  run -0 prlimit --nofile=12:12 "$CRNG" status --sysroot "$TREE" --boots --json
  [ "$(jq -c .boots <<<"$output")" = null ]
}

@test "a journalctl that hangs is killed, and what it printed before counts" {
  journal_tree
  for n in 0 1; do boot "$n"; done | journal
  entries=$(journalctl --file "$TREE$JOURNAL/system.journal" -r -o json)
  printf '%s\n' "$entries" >"$BATS_TEST_TMPDIR/lines"
  run -0 by_journalctl "head -n 6 '$BATS_TEST_TMPDIR/lines'; exec sleep 1000" \
    "$CRNG" status --sysroot "$TREE" --boots --json
  [ "$(jq -c '[.boots[].ready_seconds, .older_unknown_because]' <<<"$output")" = \
    '[9,"journalctl did not finish in time"]' ]
  run -0 by_journalctl 'exec sleep 1000' "$CRNG" status --sysroot "$TREE" --boots
  [ "${lines[0]}" = 'Boots: unknown' ]
  has -F 'journalctl did not finish in time.'
  run -3 --separate-stderr by_journalctl 'exec sleep 1000' "$CRNG" status --sysroot "$TREE" --boot=-1
  [ -z "$output" ]
  [ "$stderr" = 'crng status: --boot=-1: journalctl did not finish in time' ]
  # The oldest boot is not known, either.
  run -3 --separate-stderr by_journalctl "head -n 6 '$BATS_TEST_TMPDIR/lines'; exec sleep 1000" \
    "$CRNG" status --sysroot "$TREE" --boot=1
  [ "$stderr" = 'crng status: --boot=1: journalctl did not finish in time' ]
}

@test "a journalctl that is stopped, trickles, or leaves its output open ends as well" {
  journal_tree
  for n in 0 1; do boot "$n"; done | journal
  journalctl --file "$TREE$JOURNAL/system.journal" -r -o json >"$BATS_TEST_TMPDIR/lines"
  # shellcheck disable=SC2016
  for rest in 'kill -STOP $$' 'sleep 100 & exit 0' 'while :; do echo "{}"; sleep 0.03; done'; do
    run -0 by_journalctl "head -n 6 '$BATS_TEST_TMPDIR/lines'; $rest" \
      timeout -s KILL 300 "$CRNG" status --sysroot "$TREE" --boots --json
    [ "$(jq -c '[.boots[].ready_seconds, .older_unknown_because]' <<<"$output")" = \
      '[9,"journalctl did not finish in time"]' ]
  done
}

@test "a journalctl that fails is not a damaged journal" {
  journal_tree
  boot 0 | journal
  run -0 by_journalctl 'echo "unrecognized option" >&2; exit 1' "$CRNG" status --sysroot "$TREE" --boots
  has -F 'journalctl could not read all journal files.'
}

@test "a journalctl that prints nonsense, without an end, does no harm" {
  journal_tree
  boot 0 | journal
  # shellcheck disable=SC2016
  for script in 'exec yes' 'exec tr "\0" x </dev/zero' 'exec head -c 5000000 /dev/urandom' 'exit 1' 'kill -KILL $$' \
    'echo "{\"_BOOT_ID\":[1,{}],\"__REALTIME_TIMESTAMP\":{}}"' 'echo "[[[["; echo null'; do
    run -0 by_journalctl "$script" "$CRNG" status --sysroot "$TREE" --boots --json
    [ "$(jq -c '.boots // []' <<<"$output")" = '[]' ]
  done
}

@test "too many boots do not fill the memory" {
  journal_tree
  boot 0 | journal
  # shellcheck disable=SC2016
  run -0 by_journalctl 'i=0
    while [ $i -lt 1500 ]; do
      printf "{\"_BOOT_ID\":\"%032x\",\"__REALTIME_TIMESTAMP\":\"1\",\"__MONOTONIC_TIMESTAMP\":\"1\"}\n" $i
      i=$((i + 1))
    done' "$CRNG" status --sysroot "$TREE" --boots=1000 --json
  [ "$(jq '.boots | length' <<<"$output")" = 1000 ]
  run -3 --separate-stderr by_journalctl "$(cat "$BATS_TEST_TMPDIR/journalctl")" \
    "$CRNG" status --sysroot "$TREE" --boot=1
  [ "$stderr" = 'crng status: --boot=1: only the newest 1000 boots are looked at' ]
}

@test "crng-capture takes what is about the RNG, and status reads it back" {
  journal_tree
  {
    started 0
    kernel 0 2000000 'random: dbus-daemon: uninitialized urandom read (12 bytes read)'
    kernel 0 3000000 'secret: hunter2' 4
    kernel 0 9000000 'random: crng init done'
    boot 1
  } | journal
  need_mounts
  [ -s /etc/machine-id ] || skip "this machine has no ID"
  run -0 own_mounts sh -c 'mount -t tmpfs tmpfs /var/log && mkdir -p "/var/log/journal" &&
    cp -r "$1" "/var/log/journal/$(cat /etc/machine-id)" && "$2" "$3"' sh "$TREE$JOURNAL" \
    "$TOP/scripts/crng-capture" "$BATS_TEST_TMPDIR/captured"
  run ! grep -rE 'hunter2|builder@host|vda1|__CURSOR' "$BATS_TEST_TMPDIR/captured/crng-capture"
  TREE=$BATS_TEST_TMPDIR/captured
  [ "$(all '[.boots[] | [.ready_seconds, .early_reads]]')" = '[[9,1],[9,0]]' ]
  [ "$(past -1 '[.kernel.release, .kernel.trust_cpu, .timeline.early_reads]')" = '["6.1.0-13-amd64","off",1]' ]
}

@test "crng-capture tells that journalctl did not finish" {
  journal_tree
  boot 0 | journal
  journalctl --file "$TREE$JOURNAL/system.journal" -r -o json >"$BATS_TEST_TMPDIR/lines"
  run -0 by_journalctl "head -n 3 '$BATS_TEST_TMPDIR/lines'; tail -n 1 '$BATS_TEST_TMPDIR/lines' | head -c 100; exec sleep 1000" \
    "$TOP/scripts/crng-capture" "$BATS_TEST_TMPDIR/captured"
  [ "$(head -n 1 "$BATS_TEST_TMPDIR/captured/crng-capture/journal")" = '# older entries were left out' ]
}

@test "crng-capture takes the entries that crng asks for" {
  matches() {
    grep -oE '(_TRANSPORT|PRIORITY|MESSAGE_ID|_SYSTEMD_UNIT)=[a-z0-9.-]+|output-fields=[A-Z_,]+' "$1" | sort -u
  }
  # In C, the list of fields is in two strings.
  diff <(matches "$TOP/scripts/crng-capture" | grep -v ^output) \
    <(matches "$TOP/src/status/history/ask-journal.c" | grep -v ^output)
}

@test "a capture that had to leave out older entries says so" {
  need jq
  TREE=$BATS_TEST_TMPDIR/cut
  mkdir -p "$TREE/crng-capture"
  cat >"$TREE/crng-capture/journal" <<END
# older entries were left out
{"_BOOT_ID":"$(boot_id 1)","__REALTIME_TIMESTAMP":"1760000000000000","__MONOTONIC_TIMESTAMP":"5"}
END
  [ "$(all '[.older_unknown_because, (.boots | length)]')" = '["they were not captured",1]' ]
  run -3 --separate-stderr "$CRNG" status --sysroot "$TREE" --boot=1
  [ "$stderr" = 'crng status: --boot=1: they were not captured' ]
  rm "$TREE/crng-capture/journal"
  [ "$(all '[.boots, .unknown_because]')" = '[null,"the captured tree has no journal"]' ]
}

# valid: standard input is JSON as the schema $1 says.
valid() {
  python3 -c 'import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft7Validator.check_schema(schema)
jsonschema.Draft7Validator(schema).validate(json.load(sys.stdin))' "$TOP/share/crng-$1.schema.json"
}

@test "the JSON of --boots and --boot is as their schemas say" {
  need python3
  python3 -c 'import jsonschema' 2>/dev/null || skip "python3-jsonschema is not installed"
  journal_tree
  {
    boot 0
    started 1
    kernel 1 2000000 'random: sshd: uninitialized urandom read (32 bytes read)'
    kernel 3 2000000 'random: sshd: uninitialized urandom read (32 bytes read)'
    boot 4 100000
  } | journal
  mkdir "$TREE/crng-capture"
  echo $((EPOCH / 1000000 - 86400)) >"$TREE/crng-capture/boots"
  "$CRNG" status --sysroot "$TREE" --boots --json | valid boots
  for boot in 0 -1 -2 -3; do
    "$CRNG" status --sysroot "$TREE" --boot="$boot" --json | valid status
  done
  rm -r "${TREE:?}/crng-capture" "${TREE:?}/var"
  "$CRNG" status --sysroot "$TREE" --boots --json | valid boots
}

@test "the schema of --boots describes each member, and says when one is null" {
  need jq
  schema=$TOP/share/crng-boots.schema.json
  [ "$(jq -r '."$id"' "$schema")" = urn:crng:boots:1 ]
  run -0 jq -r '[paths(objects) as $p | select($p[-2] == "properties") | getpath($p) |
    select((.description // "" | test("^.{15,}\\.$") | not) or
      ((.type? // [] | arrays | index("null")) and (.description | test("null") | not)))] | .[]' "$schema"
  [ -z "$output" ]
}

@test "options that do not go together are usage errors" {
  usage_error 2 '--boots and --boot cannot be used together' "$CRNG" status --boots --boot=0
  for past in --boots --boot=0; do
    usage_error 2 '--watch cannot be used with --boots or --boot' "$CRNG" status "$past" --watch
    usage_error 2 '--explain cannot be used with --boots or --boot' "$CRNG" status "$past" --explain list
  done
  for format in prometheus svg; do
    usage_error 2 '--boots supports only the formats human, json and shell' "$CRNG" status --boots --format=$format
  done
  usage_error 2 '--boot cannot be used with --format prometheus' "$CRNG" status --boot=0 --format=prometheus
  for number in 0 1001 -1 x ''; do
    usage_error 2 'crng status: --boots' "$CRNG" status --boots="$number"
  done
  for which in x '' 1x --1 all "$(boot_id 1)x" "$(boot_id 1)-" 123456789012345678901234567890; do
    usage_error 2 'not a boot: give an offset, such as -1, or the ID of a boot' "$CRNG" status --boot="$which"
  done
}

@test "a tree that does not exist is a failure of --boots and --boot" {
  for past in --boots --boot=0; do
    run -3 --separate-stderr "$CRNG" status --sysroot "$BATS_TEST_TMPDIR/missing" "$past"
    [ -z "$output" ]
    [[ $stderr == "crng status: "*"/missing: No such file or directory" ]]
  done
}

@test "on this machine, --boots gives a list, or the reason why there is none" {
  need jq
  run -0 --separate-stderr "$CRNG" status --boots --json
  [ -z "$stderr" ]
  jq -e '.boots == null and .unknown_because != null or .boots == [] and .empty_because != null or
    (.boots | length) > 0 and .unknown_because == null and .empty_because == null' <<<"$output"
}
