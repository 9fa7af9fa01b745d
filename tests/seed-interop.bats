#!/usr/bin/env bats
# crng seed and the other programs that keep seeds in the same directory: BusyBox's seedrng, and
# SeedRNG itself. Each takes over from the other.
# shellcheck disable=SC2030,SC2031,SC2034,SC2153,SC2154

load helper
load seed

setup() {
  need_seed
  DIR=lib/seedrng
  mkdir lib
  # SeedRNG knows no other directory.
  BEFORE='mount --bind lib /var/lib'
  [ -d /var/lib ] || skip "there is no /var/lib"
  find_keepers
}

teardown() {
  leave_disk
}

# find_keepers: puts those that are here into KEEPERS, each a command line. Some are where
# scripts/fetch-keepers puts them.
find_keepers() {
  local name
  KEEPERS=()
  for name in busybox-seedrng busybox; do
    "$name" --list 2>/dev/null | grep -qx seedrng || continue
    KEEPERS+=("$(type -P "$name") seedrng")
    break
  done
  for name in openrc-seedrng /lib/rc/sbin/seedrng /usr/libexec/rc/sbin/seedrng; do
    type -P "$name" >/dev/null || continue
    KEEPERS+=("$(type -P "$name")")
    break
  done
  [ "${#KEEPERS[@]}" -gt 0 ] || skip "neither a BusyBox with seedrng nor SeedRNG is here (scripts/fetch-keepers)"
}

# keep OPTION… -- KEEPER: a keeper with the RNG of a fakeboot and its OPTIONs.
keep() {
  # shellcheck disable=SC2086
  faked --admin "${@:1:$#-1}" ${!#}
}

@test "crng credits what a keeper saved, and a keeper credits what crng saved" {
  for keeper in "${KEEPERS[@]}"; do
    rm -rf lib/seedrng
    run -0 keep --ready-after 0 -- "$keeper"
    [[ $output == *"Saving 256 bits of creditable seed for next boot"* ]]
    [ "$(state)" = "seed.credit 400 32" ]
    for _ in 1 2 3; do
      saved=$(digest lib/seedrng/seed.credit)
      run -0 --separate-stderr booting
      said "loaded 256 bits, credited" "saved 256 bits, creditable"
      [ "$(mixed)" = "256 32" ]
      [ "$(state)" = "seed.credit 400 32" ]
      crng=$(digest lib/seedrng/seed.credit)
      [ "$crng" != "$saved" ]
      run -0 keep --ready-on credit -- "$keeper"
      [[ $output == *"Seeding 256 bits and crediting"* ]]
      [[ $output == *"Saving 256 bits of creditable seed for next boot"* ]]
      # It has mixed what crng left, to the byte.
      [ "$(mixed) $(mixed_digest)" = "256 32 $crng" ]
      [ "$(state)" = "seed.credit 400 32" ]
    done
  done
}

@test "a keeper credits the replacement that a load of crng left" {
  for keeper in "${KEEPERS[@]}"; do
    rm -rf lib/seedrng
    keep --ready-after 0 -- "$keeper"
    run -0 booting --load
    loaded=$(mixed_digest)
    left=$(digest lib/seedrng/seed.credit)
    run -0 keep --ready-on credit -- "$keeper"
    [[ $output == *"Seeding 256 bits and crediting"* ]]
    [ "$(mixed_digest)" = "$left" ]
    [ "$left" != "$loaded" ]
  done
}

@test "neither credits what the other saved before the RNG was ready" {
  for keeper in "${KEEPERS[@]}"; do
    rm -rf lib/seedrng
    run keep -- "$keeper"
    [[ $output == *"Saving 256 bits of non-creditable seed for next boot"* ]]
    [ "$(state)" = "seed.no-credit 400 32" ]
    run -1 --separate-stderr booting
    said "loaded 256 bits, not credited: it is marked as not creditable" \
      "saved 256 bits, not creditable: the RNG is not ready"
    [ "$(mixed)" = "0 32" ]
    run keep --ready-on credit -- "$keeper"
    [[ $output == *"Seeding 256 bits without crediting"* ]]
    [ "$(mixed)" = "0 32" ]
    [ "$(state)" = "seed.no-credit 400 32" ]
  done
}

@test "a keeper does not credit a seed from which crng has taken the credit" {
  for keeper in "${KEEPERS[@]}"; do
    rm -rf lib/seedrng
    keep --ready-after 0 -- "$keeper"
    bound "$ELSEWHERE"
    run -1 --separate-stderr booting --load
    said "loaded 256 bits, not credited: it was made on another machine"
    run keep --ready-on credit -- "$keeper"
    [[ $output == *"Seeding 256 bits without crediting"* ]]
  done
}

@test "the file of the machine survives a keeper, and its seed counts as made here" {
  for keeper in "${KEEPERS[@]}"; do
    rm -rf lib/seedrng
    run -0 ready
    run -0 keep --ready-on credit -- "$keeper"
    [ "$(cat lib/seedrng/seed.machine)" = "$(fingerprint "$HERE")" ]
    run -0 --separate-stderr booting
    said "loaded 256 bits, credited" "saved 256 bits, creditable"
  done
}

@test "crng takes the seeds that a keeper makes for other sizes of the pool" {
  mkdir proc
  echo 100 >proc/entropy_avail
  need_fakeboot --proc proc
  for keeper in "${KEEPERS[@]}"; do
    for bits in 128 256 1024 2048 4096 32768; do
      echo $bits >proc/poolsize
      rm -rf lib/seedrng
      run -0 keep --ready-after 0 --proc proc -- "$keeper"
      bytes=$(stat -c %s lib/seedrng/seed.credit)
      ((bytes >= 32 && bytes <= 512))
      run -0 --separate-stderr booting --load
      said "loaded 256 bits, credited"
      [ "$(mixed)" = "256 32" ]
      [ "$(state)" = "seed.credit 400 32" ]
    done
  done
}

@test "crng waits for a keeper that holds the lock, and a keeper for crng" {
  need flock
  # A directory that a third process holds, until both wait.
  for keeper in "${KEEPERS[@]}"; do
    rm -rf lib/seedrng
    run -0 keep --ready-after 0 -- "$keeper"
    exec {lock}<lib/seedrng
    flock "$lock"
    (FAKEBOOT_LOG=$WORK/keeper.log keep --ready-after 0 -- "$keeper") {lock}<&- >keeper.out 2>&1 3>&- &
    first=$!
    (FAKEBOOT_LOG=$WORK/crng.log ready) {lock}<&- >crng.out 2>&1 3>&- &
    second=$!
    eventually both_wait
    sleep 0.3
    [ -z "$(FAKEBOOT_LOG=$WORK/crng.log mixed)" ]
    exec {lock}<&-
    wait $first && wait $second
    # Each has credited a seed, and no two were the same.
    for log in keeper.log crng.log; do
      FAKEBOOT_LOG=$WORK/$log
      [ "$(mixed)" = "256 32" ]
      mixed_digest
    done >digests
    [ "$(sort -u digests | wc -l)" -eq 2 ]
    [ "$(state)" = "seed.credit 400 32" ]
  done
}

# both_wait: the keeper waits for the lock of DIR, and crng has begun.
both_wait() {
  grep -q -- "-> FLOCK .*:$(stat -c %i lib/seedrng) " /proc/locks &&
    FAKEBOOT_LOG=crng.log has_event add
}

@test "crng and the keepers at once, over and over, never mix one seed twice" {
  run -0 ready -q
  pids=()
  for keeper in "${KEEPERS[@]}"; do
    for _ in {1..4}; do
      (FAKEBOOT_LOG=$WORK/log.${#pids[@]} && keep --ready-after 0 -- "$keeper" >/dev/null && mixed_digest >>digests) 3>&- &
      pids+=($!)
      (FAKEBOOT_LOG=$WORK/log.${#pids[@]} && ready -q && mixed_digest >>digests) 3>&- &
      pids+=($!)
    done
  done
  wait "${pids[@]}"
  [ "$(wc -l <digests)" -eq $((8 * ${#KEEPERS[@]})) ]
  [ "$(sort -u digests | wc -l)" -eq "$(wc -l <digests)" ]
  [ "$(state)" = "seed.credit 400 32" ]
}

@test "a keeper that is told to credit nothing mixes what crng saved" {
  for keeper in "${KEEPERS[@]}"; do
    rm -rf lib/seedrng
    run -0 ready
    left=$(digest lib/seedrng/seed.credit)
    run keep --ready-on credit -- "$keeper --skip-credit"
    [[ $output == *"Seeding 256 bits without crediting"* ]]
    [ "$(mixed) $(mixed_digest)" = "0 32 $left" ]
  done
}
