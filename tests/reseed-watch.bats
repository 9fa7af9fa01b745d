#!/usr/bin/env bats
# crng reseed --watch, on a machine whose VMClock the tests drive. VMCLOCK is the absolute
# path of the program that is made from tools/vmclock.c.

load helper
load vmclock

setup() {
  enter_work
}

# --- the machine itself --------------------------------------------------------------

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
  vmclock unfinished 5
  run -0 ask read 0
  [ "$output" = "ETIMEDOUT
in" ]
}

@test "the stand-in for /dev/vmclock0 is for root alone" {
  need_vmclock
  need setpriv
  run -1 "${ON_VMCLOCK[@]}" setpriv --reuid 65534 --clear-groups cat /dev/vmclock0
  [[ $output == *"Permission denied" ]]
}
