# SPDX-License-Identifier: MIT
"""The directories that crng seed may find, the ways to start it, and how its calls can fail."""
import os
import re
from collections import namedtuple

# Files: name -> (bytes, mode). A state is made by make(machine), where machine is the record
# of this one; good: its seed.credit earns credit here. None: there is no directory.
State = namedtuple("State", "name good make")
# Mode: the options, how fakeboot plays the machine ("" is ready), which steps it does, whether
# a child waits, and the names of the states that it is tried on.
Mode = namedtuple("Mode", "name options boot load save waits states")

OTHER = b"0123456789abcdef" * 4 + b"\n"


def seed(size=32):
    return os.urandom(size), 0o400


def bound(machine, **files):
    """Files whose names are written with _ for . and __ for -, and the record."""
    named = {n.replace("__", "-").replace("_", "."): f for n, f in files.items()}
    return {**named, "seed.machine": (machine, 0o400)}


STATES = [
    State("credit", True, lambda m: bound(m, seed_credit=seed())),
    State("no-credit", False, lambda m: bound(m, seed_no__credit=seed())),
    State("both", True, lambda m: bound(m, seed_credit=seed(), seed_no__credit=seed())),
    State("other-machine", False, lambda m: bound(OTHER, seed_credit=seed())),
    State(
        "other-machine-both",
        False,
        lambda m: bound(OTHER, seed_credit=seed(), seed_no__credit=seed()),
    ),
    State("empty", False, lambda m: {}),
    State("missing", False, lambda m: None),
    State("leftovers", True, lambda m: bound(m, seed_credit=seed(), seed_new=seed(7))),
    State(
        "leftovers-both",
        True,
        lambda m: {
            "seed.credit": seed(),
            "seed.no-credit": seed(),
            "seed.new": seed(),
            "seed.machine.new": (b"none", 0o400),
        },
    ),
    State("short", False, lambda m: bound(m, seed_credit=seed(16))),
    State("short-both", False, lambda m: bound(m, seed_credit=seed(16), seed_no__credit=seed())),
    State("unbound", True, lambda m: {"seed.credit": seed()}),
    State("exposed", False, lambda m: bound(m, seed_credit=(os.urandom(32), 0o644))),
    State("constant", False, lambda m: bound(m, seed_credit=(bytes(32), 0o400))),
    State("large", True, lambda m: bound(m, seed_credit=seed(512))),
    State(
        "garbled-machine",
        False,
        lambda m: {"seed.credit": seed(), "seed.machine": (b"?\n", 0o400)},
    ),
]

READY = ""
UNREADY = "--ready-after never"
SOON = "--ready-on block"
BOOTING = "--ready-on credit"

ALL = tuple(state.name for state in STATES)
MAIN = ("credit", "no-credit", "both", "other-machine", "empty", "missing", "unbound", "short")
SOME = ("credit", "no-credit", "other-machine", "missing")
FEW = ("credit", "no-credit")

MODES = [
    Mode("--load", "--load", READY, True, False, False, ALL),
    Mode("--save", "--save", READY, False, True, False, ALL),
    Mode("default", "", READY, True, True, False, ALL),
    Mode("--no-credit", "--no-credit", READY, True, True, False, SOME),
    Mode("--any-machine", "--any-machine", READY, True, True, False, ("credit", "other-machine")),
    Mode("--json", "--json", READY, True, True, False, SOME),
    Mode("-n", "-n", READY, False, False, False, MAIN),
    Mode("-t", "-t 3", READY, True, True, True, ("credit",)),
    Mode("unready--save", "--save", UNREADY, False, True, False, MAIN),
    Mode("unready", "", UNREADY, True, True, False, MAIN),
    Mode("booting", "", BOOTING, True, True, False, SOME),
    Mode("unready-t", "-t 3", SOON, True, True, True, FEW),
    Mode("expired-t", "-t 0.05", UNREADY, True, True, True, FEW),
]

# Which errors each call may have. A name with "=" is a result that strace gives in its place.
DISK = ["EIO", "ENOSPC", "EROFS", "EDQUOT"]
NAMES = ["EIO", "EACCES", "ENOMEM"]
ERRORS = {
    "openat": ["EIO", "EACCES", "EMFILE", "ENFILE", "ENOMEM", "EROFS", "ENOSPC", "ELOOP"],
    "read": ["EIO", "EINTR", "EISDIR"],
    "write": DISK + ["EINTR", "EFBIG", "EAGAIN", "EPIPE"],
    "fsync": DISK + ["EINVAL", "EINTR"],
    "syncfs": DISK,
    "close": ["EIO", "EINTR", "ENOSPC"],
    "renameat": DISK + ["EACCES", "EPERM", "EBUSY"],
    "unlinkat": DISK + ["EACCES", "EPERM", "EBUSY"],
    "mkdir": DISK + ["EACCES", "ENOENT", "EMLINK"],
    "flock": ["EINTR", "ENOLCK", "EAGAIN", "ENOSYS", "EIO"],
    "ioctl": ["EPERM", "EIO", "EINTR", "EFAULT", "EINVAL", "ENOTTY", "ENOSYS"],
    "getrandom": ["EAGAIN", "EINTR", "ENOSYS", "EPERM", "EINVAL", "retval=16", "retval=0"],
    "newfstatat": NAMES + ["ELOOP", "ESTALE"],
    "fstat": ["EIO", "ENOMEM", "ESTALE"],
    "statx": NAMES,
    "fstatfs": ["EIO", "ENOSYS", "ENOMEM"],
    "statfs": NAMES,
    "lseek": ["ESPIPE"],
    "fcntl": ["EINTR", "ENOMEM"],
    "readlink": NAMES,
    "readlinkat": NAMES,
    "access": NAMES,
    "faccessat": NAMES,
    "faccessat2": NAMES,
    "getdents64": ["EIO"],
    "openat2": NAMES + ["ENOSYS", "EMFILE", "EAGAIN"],
    "prctl": ["EPERM", "EINVAL"],
    "prlimit64": ["EPERM"],
    "rt_sigaction": ["EINVAL"],
    "rt_sigprocmask": ["EINVAL"],
    "poll": ["EINTR", "ENOMEM"],
    "ppoll": ["EINTR", "ENOMEM"],
    "clock_nanosleep": ["EINTR"],
    "clone": ["EAGAIN", "ENOMEM"],
    "clone3": ["EAGAIN", "ENOSYS"],
    "fork": ["EAGAIN"],
    "vfork": ["EAGAIN"],
    "wait4": ["EINTR", "ECHILD"],
    "waitid": ["EINTR", "ECHILD"],
    "pipe2": ["EMFILE"],
    "brk": ["ENOMEM"],
    "mmap": ["ENOMEM"],
    "mlock": ["ENOMEM", "EPERM"],
}
# Errors with which only an open that writes can fail.
WRITING = {"EROFS", "ENOSPC"}
# Neither fails, nor could a kill at it differ from one at the next.
INFALLIBLE = {"rt_sigreturn", "restart_syscall"}

# Calls whose first argument is a descriptor.
WITH_DESCRIPTOR = set(
    "openat openat2 read write fsync syncfs close renameat unlinkat flock ioctl newfstatat fstat "
    "statx fstatfs lseek fcntl readlinkat faccessat faccessat2 getdents64".split()
)

Fault = namedtuple("Fault", "call number how")


def inject(fault):
    """The option of strace for this fault."""
    how = fault.how
    if how != "signal=KILL" and "=" not in how:
        how = "error=" + how
    return f"inject={fault.call}:{how}:when={fault.number}"


def errors_of(call):
    for error in ERRORS.get(call.name, ()):
        if call.name == "openat" and error in WRITING and "O_CREAT" not in call.args[2]:
            continue
        yield error


class Nearness:
    """Which calls are about the seeds, their directory, the kernel RNG or a message."""

    def __init__(self, place):
        self.places = (place.encode(), b"/dev/random", b"/dev/urandom")
        self.descriptors = {1, 2}

    def path(self, call):
        """The path of the call and the argument with the directory it begins at, if any."""
        for at, index in ((None, 0), (0, 1)):
            if index < len(call.args) and call.args[index].startswith('"'):
                if call.name not in ("read", "write", "getrandom"):
                    return call.text(index), at
        return None, None

    def is_near(self, call):
        path, at = self.path(call)
        if path and path.startswith(b"/"):
            near = any(place.startswith(path) or path.startswith(place) for place in self.places)
        elif call.args and call.fd() is not None and (path is None or at == 0):
            near = call.fd() in self.descriptors or call.name not in WITH_DESCRIPTOR
        else:
            near = True
        if call.ok and call.name.startswith("openat"):
            (self.descriptors.add if near else self.descriptors.discard)(call.value)
        return near
