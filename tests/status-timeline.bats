#!/usr/bin/env bats
# crng status: the boot timeline. DUMP is the absolute path of the program that prints it.
# shellcheck disable=SC2030,SC2031,SC2154

load helper

setup() {
  [ -x "$DUMP" ]
  tree=$BATS_TEST_TMPDIR/tree
  mkdir -p "$tree/dev" "$tree/proc"
}

# kmsg LINE…: makes a captured log of these records.
kmsg() {
  printf '%s\n' "$@" >"$tree/dev/kmsg"
}

# collect: $output is the timeline of the captured tree.
collect() {
  run -0 --separate-stderr "$DUMP" timeline "$tree"
  [ -z "$stderr" ]
}

events() {
  grep -c '^event ' <<<"$output" || true
}

# says TEXT EVENT: the parser makes EVENT of this message.
says() {
  kmsg '6,0,0,-;Linux version 6.1.0' "5,1,2345678,-;$1"
  collect
  [ "$(events)" = 1 ]
  has -F "event $2"
}

@test "the messages of Linux 3.16 to 4.7 are known" {
  says 'random: nonblocking pool is initialized' \
    'pool_ready usec=2345678 who= bytes=0 missed=0 bits=-1'
  says 'random: dd urandom read with 5 bits of entropy available' \
    'urandom_early usec=2345678 who=dd bytes=0 missed=0 bits=5'
  says 'random: dd: uninitialized urandom read (4 bytes read, 7 bits of entropy available)' \
    'urandom_early usec=2345678 who=dd bytes=4 missed=0 bits=7'
  says 'random: init_oops_id+0x2c/0x40 get_random_bytes called with 3 bits of entropy available' \
    'kernel_early usec=2345678 who=init_oops_id+0x2c/0x40 bytes=0 missed=0 bits=3'
}

@test "the messages of Linux 4.8 to 5.18 are known" {
  says 'random: neigh_hash_alloc+0x7d/0xc0 get_random_bytes called with crng_init = 0' \
    'kernel_early usec=2345678 who=neigh_hash_alloc+0x7d/0xc0 '
  says 'random: get_random_bytes called from start_kernel+0x8b/0x4f0 with crng_init=0' \
    'kernel_early usec=2345678 who=start_kernel+0x8b/0x4f0 '
  says 'random: get_random_u64 called from f+0x1/0x2 [zfs] with crng_init=1' \
    'kernel_early usec=2345678 who=f+0x1/0x2 [zfs] '
  says 'random: systemd: uninitialized urandom read (16 bytes read)' \
    'urandom_early usec=2345678 who=systemd bytes=16 missed=0 bits=-1'
  says 'random: fast init done' 'fast_init usec=2345678 '
  says 'random: crng init done' 'ready usec=2345678 '
  says "random: crng done (trusting CPU's manufacturer)" 'ready_trusted usec=2345678 '
  says "random: crng init done (trusting CPU's manufacturer)" 'ready_trusted usec=2345678 '
  says 'random: 17 get_random_xx warning(s) missed due to ratelimiting' \
    'suppressed usec=2345678 who= bytes=0 missed=17 '
  says 'random: 3 urandom warning(s) missed due to ratelimiting' \
    'suppressed usec=2345678 who= bytes=0 missed=3 '
  says 'urandom_read: 4 callbacks suppressed' \
    'suppressed usec=2345678 who= bytes=0 missed=4 '
  says 'hwrng: no data available' 'hwrng_no_data usec=2345678 '
  says 'efi: seeding entropy pool' 'efi_seed usec=2345678 '
}

@test "the messages of Linux 5.19 and later are known" {
  says 'random: crng reseeded on system resumption' 'reseed_resume usec=2345678 '
  says 'random: crng reseeded due to virtual machine fork' 'reseed_vm_fork usec=2345678 '
  says 'Missing cycle counter and fallback timer; RNG entropy collection will consequently suffer.' \
    'no_cycle_counter usec=2345678 '
  says 'RDRAND is not reliable on this platform; disabling.' 'cpu_unreliable usec=2345678 '
  says 'RDSEED32 is broken. Disabling the corresponding CPUID bit.' 'rdseed_unreliable usec=2345678 '
  says 'RDSEED is not reliable on this platform; disabling.' 'rdseed_unreliable usec=2345678 '
}

@test "that RDSEED is broken is one event for all CPUs, and is called by its name" {
  kmsg '6,0,0,-;Linux version 6.18.13' \
    '0,1,100000,-;RDSEED is not reliable on this platform; disabling.' \
    '0,2,100400,-;RDSEED is not reliable on this platform; disabling.' \
    '0,3,110000,-;RDSEED is not reliable on this platform; disabling.' \
    '5,4,950000,-;random: crng init done'
  run -0 "$CRNG" status -v --sysroot "$tree"
  [ "$(grep -c RDSEED <<<"$output")" -eq 1 ]
  has -F '0.1 s to 0.11 s: RDSEED is broken on this CPU, so it is not used'
}

# Each message of the kernel that is known, one a kind at least.
messages() {
  sed -nE '/^} kinds\[/,/^};/p' "$TOP/src/status/timeline/messages.c" | tr -d '\n\t' |
    sed -E 's/" *"//g' | grep -oE '"[^"]{12,}"' | tr -d '"' |
    sed -e 's/%[bemrn]/7/g' -e 's/%[ws]/word/g' | grep -E '[ :]'
}

@test "crng-capture copies each message that the timeline knows" {
  need_mounts
  [ -e /dev/kmsg ] || skip "no /dev/kmsg"
  {
    echo '6,0,0,-;Linux version 6.18.13'
    messages | awk '{ print "5," NR "," NR ",-;" $0 }'
  } >"$BATS_TEST_TMPDIR/kmsg"
  [ "$(wc -l <"$BATS_TEST_TMPDIR/kmsg")" -gt 20 ]
  own_mounts sh -euc 'mount --bind "$1" /dev/kmsg; exec "$2" "$3"' sh "$BATS_TEST_TMPDIR/kmsg" \
    "$TOP/scripts/crng-capture" "$BATS_TEST_TMPDIR/captured"
  diff <(tail -n +2 "$BATS_TEST_TMPDIR/kmsg") <(tail -n +2 "$BATS_TEST_TMPDIR/captured/dev/kmsg")
  cp "$BATS_TEST_TMPDIR/kmsg" "$tree/dev/kmsg"
  collect
  [ "$(events)" -eq "$(($(wc -l <"$BATS_TEST_TMPDIR/kmsg") - 1))" ]
}

@test "a text that only quotes a message is not an event" {
  kmsg '6,0,0,-;Linux version 6.1.0' \
    '6,1,0,-;Command line: root=/dev/vda random: crng init done' \
    '6,2,0,-;Kernel command line: random.trust_cpu=1 quiet' \
    '5,3,9,-;random: crng init done now' \
    '5,4,9,-; random: crng init done' \
    '5,5,9,-;Random: crng init done' \
    '5,6,9,-;random: crng init done\x0arandom: fast init done' \
    '5,7,9,-;random: dd: uninitialized urandom read (-4 bytes read)' \
    '5,8,9,-;random: dd: uninitialized urandom read (99999999999999999999 bytes read)' \
    '5,9,9,-;random: dd: uninitialized urandom read (4 bytes read) '
  collect
  [ "$(events)" = 0 ]
  has -F 'unknown= origin=/dev/kmsg not_kmsg='
  has -F 'proven=1 wrapped=0 records=10 lost=0 spoofed=0'
}

@test "records that a process wrote are counted and ignored" {
  kmsg '6,0,0,-;Linux version 6.1.0' '12,1,500,-;random: crng init done' \
    '13,2,501,-;random: fast init done' '14,3,502,-;systemd[1]: hello' \
    '5,4,9000000,-;random: crng init done'
  collect
  has -F 'records=2 lost=0 spoofed=2'
  has -F 'event ready usec=9000000'
  [ "$(events)" = 1 ]
}

@test "lines of a record's dictionary are not records" {
  kmsg '6,0,0,-;Linux version 6.1.0' '6,1,7,-;vda: hello' ' SUBSYSTEM=block' \
    ' 5,1,7,-;random: crng init done' ' DEVICE=b254:0' \
    '5,2,8,-,caller=T1;random: crng init done'
  collect
  has -F 'records=3'
  has -F 'event ready usec=8 '
  [ "$(events)" = 1 ]
}

@test "a log whose beginning is overwritten is wrapped" {
  kmsg '6,4711,90000000,-;usb 1-1: new device' '5,4712,91000000,-;random: crng init done'
  collect
  has -F 'wrapped=1'
  has -F 'event ready usec=91000000'
}

@test "a name is escaped, even where the kernel has escaped it already" {
  kmsg '6,0,0,-;Linux version 6.1.0' \
    '5,1,7,-;random: \x1b]0;x\x07\xff: uninitialized urandom read (1 bytes read)' \
    '5,2,8,-;random: a\x5cb: uninitialized urandom read (2 bytes read)' \
    '5,3,9,-;random: : uninitialized urandom read (3 bytes read)' \
    '5,4,9,-;random: a: b (c): uninitialized urandom read (4 bytes read)'
  collect
  has -F 'who=\x1b]0;x\x07\xff bytes=1'
  has -F 'who=a\x5cb bytes=2'
  has -F 'who= bytes=3'
  has -F 'who=a: b (c) bytes=4'
}

@test "of each kind the first events and the latest are kept, and the rest are counted" {
  {
    echo '6,0,0,-;Linux version 6.1.0'
    for i in {1..200}; do
      echo "5,$i,$i,-;random: p$i: uninitialized urandom read (1 bytes read)"
    done
    echo '5,201,201,-;random: crng init done'
  } >"$tree/dev/kmsg"
  collect
  has -F 'dropped=136'
  [ "$(events)" = 65 ]
  has -F 'event urandom_early usec=1 who=p1 '
  has -F 'event urandom_early usec=63 who=p63 '
  has -F 'event urandom_early usec=200 who=p200 '
  has -F 'event ready usec=201 '
  ! has -F 'who=p64 ' || false
}

@test "the output of dmesg serves where no records were captured, and proves nothing" {
  printf '%s\n' '[    0.000000] Linux version 4.19.0' \
    '[    2.345678] random: fast init done' \
    '<5>[  754.000001][    T1] random: crng init done' \
    '[  754.1] random: crng init done' 'random: crng init done' >"$tree/dmesg"
  collect
  has -F 'unknown= origin=dmesg not_kmsg=the captured tree has no dev/kmsg'
  has -F 'proven=0 wrapped=0 records=3'
  has -F 'event fast_init usec=2345678 '
  has -F 'event ready usec=754000001 '
  [ "$(events)" = 2 ]
  printf '%s\n' '[  400.345678] usb 1-1: new device' >"$tree/dmesg"
  collect
  has -F 'wrapped=1'
}

@test "for a tree without a log this machine's is never read" {
  collect
  has -F 'unknown=the captured tree has no kernel log origin= '
  has -F 'records=0'
  mkdir "$tree/dev/kmsg"
  collect
  has -F 'unknown=dev/kmsg in the captured tree is not a regular file'
  rmdir "$tree/dev/kmsg"
  ln -s /proc/self/fd/0 "$tree/dev/kmsg"
  run -0 --separate-stderr "$DUMP" timeline "$tree" <<<'5,1,7,-;random: crng init done'
  [ "$(events)" = 0 ]
  rm "$tree/dev/kmsg"
  echo nonsense >"$tree/dev/kmsg"
  collect
  has -F 'unknown=the captured kernel log has no records'
}

@test "entries of the journal count only where the kernel wrote them" {
  entry() {
    printf '{"_TRANSPORT":"%s","SYSLOG_FACILITY":"%s","PRIORITY":"5",%s,"MESSAGE":%s}\n' "$@"
  }
  at='"_SOURCE_MONOTONIC_TIMESTAMP":"113849"'
  done='"random: crng init done"'
  bytes='[114,97,110,100,111,109,58,32,255,58,32,117,110,105,110,105,116,105,97,108,105,122,101,100,32,117,114,97,110,100,111,109,32,114,101,97,100,32,40,49,32,98,121,116,101,115,32,114,101,97,100,41]'
  run -0 --separate-stderr "$DUMP" journal < <(
    entry kernel 0 "$at" "$done"
    entry kernel 0 "$at" "$bytes"
    entry kernel 3 "$at" "$done"
    entry syslog 0 "$at" "$done"
    entry kernel 0 '"__MONOTONIC_TIMESTAMP":"113849"' "$done"
    entry kernel 0 '"_SOURCE_MONOTONIC_TIMESTAMP":"-1"' "$done"
    entry kernel 0 "$at" null
    echo '{"_TRANSPORT":"kernel"'
    echo '[]'
  )
  [ "${lines[0]}" = 'facility=0 event ready usec=113849 who= bytes=0 missed=0 bits=-1' ]
  [ "${lines[1]}" = 'facility=0 event urandom_early usec=113849 who=\xff bytes=1 missed=0 bits=-1' ]
  [ "${lines[2]}" = 'facility=3 event ready usec=113849 who= bytes=0 missed=0 bits=-1' ]
  for i in {3..8}; do
    [ "${lines[i]}" = 'no record' ]
  done
}

@test "this machine's log is read as dmesg reads it" {
  dmesg >"$BATS_TEST_TMPDIR/dmesg" 2>&1 || skip 'the kernel log is not readable'
  run -0 --separate-stderr "$DUMP" timeline
  has -F 'origin=/dev/kmsg'
  ready=$(sed -n 's/^\[ *\([0-9]*\)\.\([0-9]*\)\] random: crng init done$/\1\2/p' \
    "$BATS_TEST_TMPDIR/dmesg")
  [ -z "$ready" ] || has -F "event ready usec=$((10#$ready)) "
}

# in_namespace SCRIPT: runs SCRIPT with its own mounts and without a journal.
in_namespace() {
  [ "$(id -u)" = 0 ] || skip 'needs root'
  unshare -m true || skip 'needs a mount namespace'
  run -0 --separate-stderr unshare -m bash -euc \
    "mount -t tmpfs tmpfs /run; mount -t tmpfs tmpfs /var/log; $1"
}

@test "a user who may not read the log gets the reason" {
  [ "$(cat /proc/sys/kernel/dmesg_restrict)" = 1 ] || skip 'dmesg_restrict is off here'
  [ -c /dev/kmsg ] || skip 'no /dev/kmsg'
  cp "$DUMP" "$BATS_TEST_TMPDIR/dump"
  chmod a+rx "$BATS_RUN_TMPDIR" "${BATS_TEST_TMPDIR%/*}"
  chmod -R a+rX "$BATS_TEST_TMPDIR"
  in_namespace "exec setpriv --reuid=65534 --regid=65534 --clear-groups \
    '$BATS_TEST_TMPDIR/dump' timeline"
  has -F 'unknown=kernel.dmesg_restrict=1 allows reading it only with CAP_SYSLOG'
}

@test "a /dev/kmsg that is another device, as in containers, is not read" {
  [ -c /dev/kmsg ] || skip 'no /dev/kmsg'
  in_namespace "mount --bind /dev/null /dev/kmsg; exec '$DUMP' timeline"
  has -F 'unknown=/dev/kmsg is not the kernel log, as in some containers'
}

@test "the journal of a real journald gives the events that /dev/kmsg gave" {
  journald=/lib/systemd/systemd-journald
  [ -x $journald ] && [ -c /dev/kmsg ] || skip 'needs systemd-journald and /dev/kmsg'
  run -0 "$DUMP" timeline
  kmsg=$(grep '^event ' <<<"$output") || skip 'the log says nothing of the RNG'
  in_namespace "mkdir -p /run/systemd/journal /run/log/journal
    echo 0123456789abcdef0123456789abcdef >/run/machine-id
    mount --bind /run/machine-id /etc/machine-id
    $journald & journald=\$!
    trap 'kill \$journald; wait' EXIT
    for _ in {1..600}; do
      ! journalctl -k -b -q | grep -q . || break
      sleep 0.1
    done
    journalctl -k -b -q | grep -q . || { echo 'no journal'; exit; }
    mount --bind /dev/null /dev/kmsg
    '$DUMP' timeline"
  [[ $output != *'no journal'* ]] || skip 'systemd-journald keeps no log here'
  has -F 'unknown= origin=journal not_kmsg=/dev/kmsg is not the kernel log'
  [ "$(grep '^event ' <<<"$output")" = "$kmsg" ]
}

# reading INJECTION: $output is the report where the reads of /dev/kmsg that INJECTION
# names fail, and no journal takes the place of the log; $reads is their number.
reading() {
  need strace
  head -c 0 /dev/kmsg 2>/dev/null || skip '/dev/kmsg is not readable'
  in_namespace "ASAN_OPTIONS=detect_leaks=0 exec strace -f -qq -o '$BATS_TEST_TMPDIR/trace' \
    -P /dev/kmsg -e trace=read -e inject=read:$1 '$CRNG' status --json"
  reads=$(wc -l <"$BATS_TEST_TMPDIR/trace")
}

# unknown REASON INJECTION [MORE]: the log is unknown for that reason, after few reads.
unknown() {
  reading "$2"
  [ "$(jq -r .timeline <<<"$output")" = null ]
  [ "$(jq -r .reasons.timeline <<<"$output")" = "$1" ]
  [ "$(jq -r .reasons.ready_seconds <<<"$output")" = "$1" ]
  [ "$reads" -le $((100 + ${3:-0})) ]
}

@test "a log that cannot be read, from the first record or from a later one on, is unknown" {
  need jq
  for at in 1 4; do
    unknown "$(error_words EIO)" "error=EIO:when=$at+" 4
    [ "$(cat /proc/sys/kernel/dmesg_restrict)" = 1 ] ||
      unknown 'a security module or sandbox forbids reading /dev/kmsg' "error=EPERM:when=$at+" 4
    unknown '/dev/kmsg gives no records, as before Linux 3.5' "error=EINVAL:when=$at+" 4
    unknown 'records are overwritten faster than they can be read' "error=EPIPE:when=$at+" 4
    unknown 'Bad address' "error=EFAULT:when=$at" 4
  done
  unknown 'the log has no records' error=EAGAIN
  unknown 'the log has no records' retval=0
}

@test "records that cannot be read count as lost, and an interrupted read does not" {
  need jq
  whole=$("$CRNG" status --json | jq -c '[.timeline.records, .timeline.lost]')
  reading error=EINTR:when=2+2
  [ "$(jq -c '[.timeline.records, .timeline.lost]' <<<"$output")" = "$whole" ]
  # strace answers in the place of the kernel, whose next record stays the same.
  for error in EINVAL EPIPE; do
    reading "error=$error:when=3"
    [ "$(jq .timeline.lost <<<"$output")" -gt "$(jq '.[1]' <<<"$whole")" ]
    [ "$(jq .timeline.records <<<"$output")" -ge "$(jq '.[0]' <<<"$whole")" ]
  done
}

@test "no event is in the future, even where the clock of the log is ahead" {
  "$DUMP" timeline | grep -q '^event ready usec=[1-9][0-9][0-9][0-9]' ||
    skip 'this log has no moment of readiness, or it is too early'
  ! grep -q __asan_init "$DUMP" || skip 'a sanitizer must be loaded first'
  cat >"$BATS_TEST_TMPDIR/young.c" <<'END'
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
int clock_gettime(clockid_t clock, struct timespec *ts)
{
	if (clock != CLOCK_BOOTTIME)
		return (int)syscall(SYS_clock_gettime, clock, ts);
	*ts = (struct timespec){ 0, 500000 };
	return 0;
}
END
  gcc -shared -fPIC -o "$BATS_TEST_TMPDIR/young.so" "$BATS_TEST_TMPDIR/young.c" ||
    skip 'needs gcc'
  run -0 env LD_PRELOAD="$BATS_TEST_TMPDIR/young.so" "$DUMP" timeline
  has -F 'event ready usec=500 '
}

@test "a record of the current second is on the timeline" {
  root=$BATS_TEST_TMPDIR/young
  mkdir -p "$root/dev" "$root/proc"
  echo '2.88 0.10' >"$root/proc/uptime"
  printf '%s\n' '5,0,0,-;(first record)' \
    '5,9,2372402,-;random: dd: uninitialized urandom read (16 bytes read)' >"$root/dev/kmsg"
  run -0 env LC_ALL=C "$CRNG" status --sysroot "$root"
  [[ $output == *" capture, 2.37 s"*"2.37 s: dd read /dev/urandom too early, 16 bytes ^"* ]]
}

@test "records that are lost in the middle of the log are counted and reported" {
  need_log
  first=$(dd if=/dev/kmsg iflag=nonblock bs=8192 count=1 2>/dev/null | head -n 1 | cut -d, -f2)
  logged 4 "6,$((first + 8)),3,-;a"
  run -0 --separate-stderr "${TELL[@]}" "$CRNG" status --json
  [ "$(jq .timeline.lost <<<"$output")" = 5 ]
  run -0 --separate-stderr "${TELL[@]}" "$CRNG" status -v
  [[ $output == *"  Log records lost: 5."* ]]
  run -0 "$CRNG" status --json
  [ "$(jq .timeline.lost <<<"$output")" = 0 ]
  logged 1 '6,9,0,-;a'
  run -0 --separate-stderr "${TELL[@]}" "$CRNG" status --json
  [ "$(jq .timeline.wrapped <<<"$output")" = true ]
}
