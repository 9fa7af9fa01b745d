#!/usr/bin/env bats
# crng reseed on a machine that has VMClock, and that machine itself. VMCLOCK is the absolute
# path of the program that is made from tools/vmclock.c.
# shellcheck disable=SC2030,SC2031

load helper
load vmclock

setup() {
  enter_work
}

# --- the machine ----------------------------------------------------------------------

# ask REQUEST…: opens the device and prints the answers. "read" reads the structure: its
# size and generation. "past" reads at the end of the page and behind it. "change" makes the
# generation 7 a moment later. A number is poll() with that timeout.
ask() {
  "${ON_VMCLOCK[@]}" python3 -c '
import errno, os, select, sys

fd = os.open("/dev/vmclock0", os.O_RDONLY | os.O_NONBLOCK)
poll = select.poll()
poll.register(fd, select.POLLIN)
names = {0: "none", select.POLLIN: "in", select.POLLHUP: "hup"}

for request in sys.argv[1:]:
    if request == "read":
        try:
            data = os.pread(fd, 112, 0)
            print(len(data), int.from_bytes(data[104:], "little"))
        except OSError as error:
            print(errno.errorcode[error.errno])
    elif request == "past":
        print(len(os.pread(fd, 4096, 4000)), len(os.pread(fd, 4096, 4096)))
    elif request == "change":
        os.system("(sleep 0.1; echo 104 8 7) >>vmclock &")
    else:
        print(names[sum(event for _, event in poll.poll(int(request)))])
' "$@"
}

@test "the stand-in for /dev/vmclock0: each change is reported until it is read" {
  need_vmclock
  need python3
  ln -s "$VMCLOCK_CHANGES" vmclock
  run -0 ask 0 read 0 change -1 0 read 0
  [ "$output" = "in
112 0
none
in
in
112 7
none" ]
}

@test "the stand-in for /dev/vmclock0: without notifications there is nothing to wait for" {
  need_vmclock
  need python3
  vmclock no-notifications
  vmclock generation 3
  run -0 ask -1 read -1 past
  [ "$output" = "hup
112 3
hup
96 0" ]
}

@test "the stand-in for /dev/vmclock0: an update that does not end cannot be read" {
  need_vmclock
  need python3
  vmclock seq-count 5
  run -0 ask read 0
  [ "$output" = "ETIMEDOUT
in" ]
}

@test "the stand-in for /dev/vmclock0 is for root alone" {
  need_vmclock
  need_admin
  need setpriv
  run -1 "${ON_VMCLOCK[@]}" setpriv --reuid 65534 --clear-groups cat /dev/vmclock0
  [[ $output == *"Permission denied" ]]
}

# --- crng reseed ----------------------------------------------------------------------

# vm_generation: that of the JSON that crng reseed prints there.
vm_generation() {
  "${ON_VMCLOCK[@]}" "$CRNG" reseed --any --no-hwrng --json | jq -c .vm_generation
}

@test "a reseed records the generation, readable for everyone" {
  need_vmclock
  need_fresh
  vmclock generation 12
  # shellcheck disable=SC2016
  run -0 --separate-stderr "${ON_VMCLOCK[@]}" sh -euc 'umask 077
    "$@"
    cd /run/crng
    stat -c "%n %a" . *
    cat vm-generation' sh "$CRNG" reseed --any --no-hwrng
  [ "$output" = ". 755
vm-generation 644
12" ]
  # shellcheck disable=SC2154
  [ -z "$stderr" ]
}

@test "a reseed replaces the record of an earlier one, and one that fails leaves it" {
  need_vmclock
  need_fresh
  vmclock generation 18446744073709551615
  # shellcheck disable=SC2016
  run -0 --separate-stderr "${ON_VMCLOCK[@]}" sh -euc 'mkdir /run/crng
    echo 5 >/run/crng/vm-generation
    ! "$1" reseed --input=/dev/null || exit
    cat /run/crng/vm-generation
    "$1" reseed --any --no-hwrng
    cat /run/crng/*' sh "$CRNG"
  [ "$output" = "5
18446744073709551615" ]
}

@test "CMD finds the generation recorded" {
  need_vmclock
  need_fresh
  vmclock generation 3
  run -0 "${ON_VMCLOCK[@]}" "$CRNG" reseed --any --no-hwrng -- cat /run/crng/vm-generation
  [ "$output" = 3 ]
}

@test "--json has the generation, and null where VMClock does not count or its update never ends" {
  need_vmclock
  need_admin
  need jq
  vmclock generation 9007199254740991
  [ "$(vm_generation)" = 9007199254740991 ]
  vmclock no-notifications
  [ "$(vm_generation)" = 9007199254740991 ]
  vmclock no-counter
  [ "$(vm_generation)" = null ]
  vmclock seq-count 9
  [ "$(vm_generation)" = null ]
}

@test "nothing is recorded where VMClock does not count" {
  need_vmclock
  need_admin
  vmclock no-counter
  run -0 --separate-stderr "${ON_VMCLOCK[@]}" sh -euc '"$@" && ls -A /run' sh \
    "$CRNG" reseed --any --no-hwrng
  [ -z "$output$stderr" ]
}

@test "a reseed with nothing fresh records nothing, because clones may still be alike" {
  need_vmclock
  need_admin
  vmclock generation 6
  printf 'flags\t\t: fpu\n' >cpuinfo
  # shellcheck disable=SC2016
  run -0 --separate-stderr "${ON_VMCLOCK[@]}" sh -euc 'mkdir /run/crng
    echo 5 >/run/crng/vm-generation
    mount --bind cpuinfo /proc/cpuinfo
    "$1" reseed --any --no-hwrng
    cat /run/crng/vm-generation' sh "$CRNG"
  [ "$output" = 5 ]
}

@test "input does not count if the machine is cloned after it was read" {
  need_vmclock
  need_fresh
  mkfifo fifo
  "${ON_VMCLOCK[@]}" "$CRNG" reseed -v --no-hwrng --input=fifo >out 2>err 3>&- &
  reseed=$!
  # It has looked at VMClock when it opens the FIFO.
  exec 8>fifo
  head -c 20 /dev/urandom >&8
  vmclock generation 1
  exec 8>&-
  wait "$reseed"
  grep -q '^crng reseed: the input does not count as fresh: the machine was cloned after it had been read$' err
  grep -q ': CPU instruction$' out
}

@test "a record that cannot be written is a warning, and nothing with --quiet" {
  need_vmclock
  need_fresh
  # /run on the disk would show the record to the next boot.
  local on=("${ON_VMCLOCK[@]}" sh -c 'mount --bind /usr /run && exec "$@"' sh)
  run -0 --separate-stderr "${on[@]}" "$CRNG" reseed --any --no-hwrng
  [ -z "$output" ]
  [[ $stderr == "crng reseed: /run/crng/vm-generation: "* ]]
  run -0 --separate-stderr "${on[@]}" "$CRNG" reseed --any --no-hwrng -q
  [ -z "$output$stderr" ]
  [ ! -e /usr/crng ]
}
