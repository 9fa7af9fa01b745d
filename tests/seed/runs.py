# SPDX-License-Identifier: MIT
"""Runs crng seed on a copy of a directory, under strace, and reports all about the run."""
import os
import re
import shlex
import shutil
import subprocess
from collections import namedtuple

import calls
import rules
import scenarios

# What rules.py follows, and no more: each call that strace shows takes time.
FOLLOWED = (
    "?open,openat,?openat2,?creat,close,?dup2,dup,dup3,fcntl,read,pread64,write,pwrite64,writev,"
    "lseek,ftruncate,fchmod,fchown,fsync,fdatasync,syncfs,sync,?rename,?renameat,renameat2,"
    "?unlink,unlinkat,?link,linkat,?mkdir,mkdirat,chdir,fchdir,ioctl,flock,exit_group,"
    "getrandom,?newfstatat,?fork,?vfork,clone,?clone3,prctl,"
    "readv,preadv,sendfile,copy_file_range,splice,fallocate"
)
LIMIT = 40  # seconds; crng seed waits at most 10 for the lock

File = namedtuple("File", "data mode links")


class Run:
    """status is negative for a signal; before and after are the files of the directory."""

    def __init__(self, status, stdout, stderr, log, before, after):
        self.status, self.stdout, self.stderr = status, stdout, stderr
        self.calls, self.changed = log, before != after
        self.before, self.after = before or {}, after or {}
        self.keeper = None
        self.reached = any(
            c.killed if isinstance(c, calls.End) else c.injected for c in log
        ) or status == -9

    @property
    def credits(self):
        return [data for _, data in self.keeper.credits]


class Machine:
    """The place of the runs, and the way in which this user can have entropy credited."""

    def __init__(self, crng, fakeboot, place, templates=()):
        self.crng, self.place = crng, place
        self.fakeboot = fakeboot if works(fakeboot) else None
        os.makedirs(place, mode=0o700, exist_ok=True)
        self.parent = os.path.join(place, "lib")
        self.directory = os.path.join(self.parent, "seedrng")
        self.log = os.path.join(place, "log")
        self.templates, self.known, self.logs = dict(templates), {}, None
        self.plays = not privileged()
        with open(crng, "rb") as program:
            self.sanitized = b"__asan_init" in program.read()

    # Once, before all cases

    def prologue(self):
        """What the loader and libc do before the program itself."""
        self.start(["trace=all"], "", ["--version"])
        return [c.name for c in calls.read(self.log) if c.name]

    def why_not(self):
        """Why no case can run here, or None. Makes the states."""
        if not shutil.which("strace"):
            return "strace is not installed"
        if self.plays and not self.fakeboot:
            return "crediting needs root of the machine, or fakeboot"
        self.write({"seed.credit": scenarios.seed()})
        self.start(["trace=all"], "", ["seed", "--load", "-d", self.directory])
        loaded = self.done.stderr.decode()
        if "loaded 256 bits, credited\n" not in loaded:
            return "no seed earns credit here: " + loaded.strip().replace("\n", " ")
        record = self.files().get("seed.machine")
        here = record.data if record else b"none\n"
        self.templates = {state.name: state.make(here) for state in scenarios.STATES}
        self.write(self.templates["credit"])
        self.start(["trace=fsync", "inject=fsync:error=EIO:when=1"], "", self.arguments("--load"))
        if "INJECTED" not in self.text():
            return "strace cannot inject faults here: " + self.text().strip()[:100]
        return None

    # One run

    def arguments(self, options):
        return ["seed", *shlex.split(options), "-d", self.directory]

    def start(self, expressions, boot, arguments, follow=False):
        """Runs crng with these arguments; done has what it said, and log its calls."""
        options = []
        if self.plays or boot:
            options = [self.fakeboot, "--admin", *shlex.split(boot or "--ready-after 0"), "--", *options]
        expressions = list(expressions)
        if self.plays and "prctl" not in " ".join(expressions):
            # strace of an ordinary user must be able to read the memory.
            expressions[0] += "" if expressions[0] == "trace=all" else ",prctl"
            expressions.append("inject=prctl:retval=0")
        words = [word for e in expressions for word in ("-e", e)]
        # Children are followed only where that matters: crng asks for its place in one.
        command = [*options, "strace", *(["-f"] if follow else []), "-q", "-xx", "-s", "4096"]
        command += ["-o", self.log, *words, self.crng, *arguments]
        environment = {**os.environ, "LC_ALL": "C", "ASAN_OPTIONS": "detect_leaks=0"}
        self.done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LIMIT,
            env=environment,
            check=False,
        )
        status = self.done.returncode
        return 128 - status if options and status > 128 else status

    def text(self):
        with open(self.log, encoding="ascii", errors="replace") as log:
            return log.read()

    def write(self, files):
        shutil.rmtree(self.parent, ignore_errors=True)
        os.mkdir(self.parent, 0o700)
        if files is None:
            return
        os.mkdir(self.directory, 0o700)
        for name, (data, mode) in files.items():
            fd = os.open(os.path.join(self.directory, name), os.O_WRONLY | os.O_CREAT, 0o600)
            os.write(fd, data)
            os.fchmod(fd, mode)
            os.close(fd)

    def files(self):
        """The files of the directory, or None without one."""
        found = {}
        if not os.path.isdir(self.directory):
            return None
        for entry in os.scandir(self.directory):
            with open(entry.path, "rb") as file:
                st = os.fstat(file.fileno())
                found[entry.name] = File(file.read(), st.st_mode & 0o7777, st.st_nlink)
        return found

    def run(self, state, mode, fault, follow):
        self.write(self.templates[state.name])
        expressions = ["trace=all"]
        if fault:
            expressions = [f"trace={FOLLOWED},{fault.call}", scenarios.inject(fault)]
        return self.once(expressions, mode.boot, mode.options, follow or mode.waits)

    def once(self, expressions, boot, options, follow=False):
        before = self.files()
        try:
            status = self.start(expressions, boot, self.arguments(options), follow)
        except subprocess.TimeoutExpired:
            return None
        if self.done.stderr.startswith(b"strace: "):
            raise RuntimeError(self.done.stderr.decode())
        log = calls.read(self.log)
        run = Run(status, self.done.stdout, self.done.stderr, log, before, self.files())
        paths = [os.path.join(self.directory, name) for name in before or ()]
        run.keeper = rules.check(log, paths)
        return run

    def next_boot(self, state, run):
        """What a clean load does next. After runs that have changed nothing it is the same."""
        untouched = run and not run.changed and not run.credits
        if untouched and state.name in self.known:
            return self.known[state.name]
        following = self.once([f"trace={FOLLOWED}"], "", "--load")
        if untouched:
            self.known[state.name] = following
        return following


def works(fakeboot):
    """Is it built, and does the kernel let it run?"""
    if not fakeboot or not os.access(fakeboot, os.X_OK):
        return False
    command = [fakeboot, "--admin", "--", "true"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def privileged():
    """May this process credit entropy? CAP_SYS_ADMIN is bit 21."""
    with open("/proc/self/status", encoding="ascii") as status:
        effective = int(re.search(r"CapEff:\s*(\w+)", status.read())[1], 16)
    first = os.readlink("/proc/self/ns/user") == "user:[4026531837]"
    return first and bool(effective >> 21 & 1)
