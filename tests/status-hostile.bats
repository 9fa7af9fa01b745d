#!/usr/bin/env bats
# crng status on trees that are not what they should be.
# shellcheck disable=SC2154

load helper
load tree

GOLDEN=$TOP/tests/data/golden

setup() {
  TREE=$BATS_TEST_TMPDIR/tree
  cp -R "$TOP/tests/data/sysroot/linux-6.18-vm" "$TREE"
  chmod -R u+w "$TREE" # also where the source is not
}

# log RECORD…: makes these the records of the kernel log of the tree.
log() {
  printf '%s\n' '5,0,0,-;Linux version 6.18' "$@" >"$TREE/dev/kmsg"
}

# reported: status prints the tree in each form, without a control character.
reported() {
  local format forms=()
  for format in human json shell prometheus svg; do
    forms+=("$BATS_TEST_TMPDIR/$format")
    timeout 300 "$CRNG" status --sysroot "$TREE" --format "$format" >"${forms[-1]}" || return 1
  done 2>"$BATS_TEST_TMPDIR/err"
  [ ! -s "$BATS_TEST_TMPDIR/err" ] || return 1
  LC_ALL=C grep -c $'[\001-\011\013-\037\177]' "${forms[@]}" >"$BATS_TEST_TMPDIR/count" || [ $? -eq 1 ] || return 1
  jq -e .schema_version "$BATS_TEST_TMPDIR/json" >/dev/null || return 1
  sh -euc 'eval "$(cat "$1")"' sh "$BATS_TEST_TMPDIR/shell"
}

@test "any file of a tree may be missing, a directory, a pipe, a link out of it, or random data" {
  echo 'root of the outside' >"$BATS_TEST_TMPDIR/outside"
  while read -r file; do
    for kind in missing directory pipe absolute climbing rubbish zeros returns; do
      rm "$TREE/$file"
      case $kind in
      directory) mkdir "$TREE/$file" ;;
      pipe) mkfifo "$TREE/$file" ;;
      absolute) ln -s "$BATS_TEST_TMPDIR/outside" "$TREE/$file" ;;
      climbing) ln -s "../../../../../../../../../../../..$BATS_TEST_TMPDIR/outside" "$TREE/$file" ;;
      rubbish) head -c 70000 "$CRNG" >"$TREE/$file" ;;
      zeros) head -c 300 /dev/zero >"$TREE/$file" ;;
      returns) sed 's/$/\r/' "$TOP/tests/data/sysroot/linux-6.18-vm/$file" >"$TREE/$file" ;;
      esac
      reported || { echo "$kind: $file" && return 1; }
      run ! grep -rl 'root of the outside' "$BATS_TEST_TMPDIR/human" "$BATS_TEST_TMPDIR/json"
      rm -rf "${TREE:?}/$file"
      cp "$TOP/tests/data/sysroot/linux-6.18-vm/$file" "$TREE/$file"
    done
  done < <(cd "$TREE" && find . -type f ! -name .keep)
}

# without_openat2 ERROR: the report on the tree, where openat2() fails with ERROR.
without_openat2() {
  ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o "$BATS_TEST_TMPDIR/trace" -e trace=openat2 \
    -e "inject=openat2:error=$1" "$CRNG" status --sysroot "$TREE" --json
}

@test "without openat2, or where it fails, links of a tree lead to the same places" {
  need strace
  mv "$TREE/sys" "$TREE/elsewhere"
  ln -s ../../elsewhere/. "$TREE/sys"
  ln -s . "$TREE/via"
  ln -s loop "$TREE/loop"
  echo 4242 >"$TREE/real"
  echo 7777 >"$BATS_TEST_TMPDIR/real"
  ln -s real "$TREE/1"
  for i in {2..40}; do ln -s $((i - 1)) "$TREE/$i"; done
  while read -r link bits; do
    ln -sfn "$link" "$TREE/proc/sys/kernel/random/poolsize"
    [ "$(of .pool.poolsize_bits)" = "$bits" ]
    for error in ENOSYS EPERM EAGAIN; do
      without_openat2 "$error" | diff <(jq 'del(.time)') <(of 'del(.time)')
      grep -q "$error" "$BATS_TEST_TMPDIR/trace"
    done
  done <<EOF_LINKS
/real 4242
../../../../real 4242
../../../../../../../real 4242
//proc/./..///via/via/real 4242
$BATS_TEST_TMPDIR/real null
/loop null
/via/loop/real null
/real/real null
/real/../real null
/real/ null
/proc/../real 4242
/nowhere null
/via/$(printf 'x%.0s' {1..256}) null
$(printf './%.0s' {1..2000}) null
/39 4242
/40 null
EOF_LINKS
}

@test "impossible times are unknown" {
  for usec in 9223372036854775807 4611686018427387904 400000000000000000 2147483647000001; do
    log "5,1,$usec,-;random: crng init done"
    reported
    [ "$(of .ready_seconds)" = null ]
  done
  log '5,1,2147483647000000,-;random: crng init done'
  reported
  [ "$(of '.ready_seconds == 2147483647')" = true ]
  for uptime in 9223372036854775807 18446744073709 -5; do
    echo "$uptime.00 1.00" >"$TREE/proc/uptime"
    log '5,1,7,-;random: fast init done'
    reported
    [ "$(of .environment.uptime_seconds)" = null ]
  done
}

@test "the search for devices has a limit" {
  mkdir -p "$TREE/sys/bus/virtio/devices" "$TREE/sys/bus/pci/devices"
  (cd "$TREE/sys/bus/virtio/devices" && seq 5000 | xargs mkdir)
  reported
  [ "$(of .sources.virtio_rng)" = null ]
  [ "$(of .reasons.sources.virtio_rng)" = "there are too many devices to examine" ]
}

@test "a blank at the end of a list is not part of it, and a flag is 0 or 1" {
  printf 'virtio_rng.0 tpm-rng-0 \n' >"$TREE/sys/class/misc/hw_random/rng_available"
  echo 4096 >"$TREE/sys/class/misc/hw_random/rng_selected"
  reported
  [ "$(of '.sources.hwrng_available | tostring')" = '["virtio_rng.0","tpm-rng-0"]' ]
  grep -qx "CRNG_SOURCES_HWRNG_AVAILABLE='virtio_rng.0 tpm-rng-0'" "$BATS_TEST_TMPDIR/shell"
  [ "$(of .sources.hwrng_selected)" = true ]
  grep -qx "CRNG_SOURCES_HWRNG_SELECTED='1'" "$BATS_TEST_TMPDIR/shell"
}

@test "of the boots in a captured tree only numbers count" {
  printf '%s\n' 10 20 30 -1 0x40 99999999999999999999 ' 50' >"$TREE/crng-capture/boots"
  reported
  [ "$(of .environment.boot_before_last_seconds)" = 10 ]
}

@test "the largest user ID is not negative" {
  echo '/var/lib/systemd/random-seed 512 600 4294967294 5 -' >"$TREE/crng-capture/seeds"
  reported
  [ "$(of '.seed_files[0].uid')" = 4294967294 ]
}

@test "a log may go back in time, repeat numbers and contain any bytes" {
  log '5,7,9000000,-;random: fast init done' '5,7,5,-;random: crng init done' \
    '5,18446744073709551615,6,-;random: dd: uninitialized urandom read (9 bytes read)' \
    '65535,3,1,-;random: crng init done' '99999999999,3,1,-;random: crng init done' \
    ' 5,9,1,-;random: crng init done' '5,8,1;random: crng init done'
  printf '5,9,1,-;random: a\0b: uninitialized urandom read (9 bytes read)\n' >>"$TREE/dev/kmsg"
  reported
  [ "$(of '[.timeline.events[].kind] | join(" ")')" = "fast_init ready urandom_early urandom_early" ]
  [ "$(of '.ready_seconds == 0')" = true ]
  [ "$(of '.timeline.events[3].who')" = 'a\x00b' ]
}

@test "wide characters count as two columns" {
  need python3
  wide=$(printf '\344\270\255%.0s' {1..70})
  log "5,1,7,-;random: ${wide:0:15}: uninitialized urandom read (9 bytes read)"
  printf '%s\n' "$wide" >"$TREE/proc/sys/kernel/osrelease"
  printf '%s\n' "$wide" >"$TREE/sys/class/misc/hw_random/rng_current"
  # What is meant to be pasted is not wrapped.
  LC_ALL=C.UTF-8 "$CRNG" status -v --sysroot "$TREE" | grep -vE '^    [A-Za-z ]+: ' >"$BATS_TEST_TMPDIR/human"
  python3 - "$BATS_TEST_TMPDIR/human" <<'END'
import sys, unicodedata
text = open(sys.argv[1], encoding="utf-8").read()
assert text.count("\u4e2d") >= 145, text.count("\u4e2d")
for line in text.split("\n"):
    assert sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in line) <= 80, line
END
}

@test "links out of a tree, pipes and invalid values are not followed" {
  root=$BATS_TEST_TMPDIR/root
  mkdir -p "$root/proc/sys/kernel/random" "$BATS_TEST_TMPDIR/outside"
  echo 77 >"$BATS_TEST_TMPDIR/outside/secret"
  ln -s "$BATS_TEST_TMPDIR/outside/secret" "$root/proc/sys/kernel/random/poolsize"
  mkfifo "$root/proc/sys/kernel/random/entropy_avail"
  printf 'a\033]0;x\007b' >"$root/proc/sys/kernel/osrelease"
  run -0 --separate-stderr timeout 5 "$CRNG" status --sysroot "$root" --json
  [ "$(jq -r .pool.poolsize_bits <<<"$output")" = null ]
  [ "$(jq -r .pool.entropy_avail_bits <<<"$output")" = null ]
  [ "$(jq -r .kernel.release <<<"$output")" = 'a\x1b]0;x\x07b' ]
  printf '99999999999999999999999\n' >"$root/proc/sys/kernel/random/write_wakeup_threshold"
  rm "$root/proc/sys/kernel/random/poolsize"
  echo 99999999999999999999999 >"$root/proc/sys/kernel/random/poolsize"
  run -0 "$CRNG" status --sysroot "$root" --json
  [ "$(jq -r .pool.poolsize_bits <<<"$output")" = null ]
}

@test "values that are not numbers, or out of range, are unknown" {
  root=$BATS_TEST_TMPDIR/root
  mkdir -p "$root/proc/sys/kernel/random"
  for value in 18446744073709551615 9223372036854775808 $'256\n999' -1 0x10 ''; do
    printf '%s\n' "$value" >"$root/proc/sys/kernel/random/entropy_avail"
    run -0 "$CRNG" status --sysroot "$root" --json
    [ "$(jq -r .pool.entropy_avail_bits <<<"$output")" = null ]
    [ "$(jq -r .reasons.pool.entropy_avail_bits <<<"$output")" != null ]
  done
}

@test "hostile text in a tree is escaped in every format" {
  for file in "$GOLDEN"/hostile.*; do
    run ! env LC_ALL=C grep -n $'[\001-\010\013-\037\177]' "$file"
    iconv -f UTF-8 -t UTF-8 "$file" >/dev/null
  done
  run -0 jq -r '.timeline.events[].who' "$GOLDEN/hostile.json"
  [ "${lines[0]}" = '\x1b]0;x\x07' ]
  [ "${lines[1]}" = '"};' ]
  [ "${lines[2]}" = "'\$(id)'" ]
  [ "${lines[3]}" = 'a\xff\xfeb' ]
  [ "${lines[4]}" = 'a\x0ab' ]
}
