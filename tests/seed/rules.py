# SPDX-License-Identifier: MIT
"""The order in which a keeper of seed files must call the kernel, checked on one run.

After a power cut, a directory may have any of the changes that were made since it was last
synced, and a file has what it had when it was synced. So Keeper follows the names and keeps
these changes. On FAT, a file must be synced after its rename as well. Once a sync has failed,
what is on the disk is unknown.
"""
import itertools
import os.path
import re
from collections import namedtuple

from calls import BadLog, End

SEEDS = ("seed.credit", "seed.no-credit")
LEFTOVERS = ("seed.new", "seed.machine.new")
RECORDS = ("seed.machine",)
OURS = SEEDS + LEFTOVERS + RECORDS
RULES = {
    "before-credit": "each seed that was read is replaced or removed, durably, before a credit",
    "before-rename": "a file is synced after its last change, and before its rename",
    "machine-first": "seed.machine is synced, by name too, before a new seed becomes seed.credit",
    "machine-last": "seed.machine is replaced only once the old seed.credit is durably demoted",
    "before-word": "a message says that something is done only once it is, durably",
    "before-exit": "a run that succeeds syncs each directory after its last change",
    "always-a-seed": "a directory that held a complete seed holds one at every instant",
    "credit-once": "a run credits once",
    "own-bytes": "the bytes that are credited are in no seed file",
    "open-flags": "seed files and their directory are opened with O_CLOEXEC and O_NOFOLLOW",
    "leftovers": "a temporary file that was left over is never read",
}
Problem = namedtuple("Problem", "line rule text")

# Ways to read and to change a file that no keeper takes.
OPAQUE = set(
    "readv preadv preadv2 pwritev pwritev2 mmap sendfile copy_file_range splice fallocate "
    "truncate io_uring_setup".split()
)
DONE = re.compile(
    rb"^(?:crng seed: )?(?:(?P<credited>loaded) \d+ bits, credited$|(?:saved|kept|provisioned) )"
    rb'|(?P<json>"credited": *true)|"creditable": *true',
    re.M,
)
ENTROPY = re.compile(r'\{entropy_count=(-?\d+), buf_size=-?\d+, buf="([^"]*)"\}')


class File:
    """What was read from a file and written to it, and whether the disk has it."""

    def __init__(self, made):
        self.made, self.synced, self.named, self.lost = made, not made, not made, False
        self.content, self.passed = bytearray(), []
        self.read = None  # where it was read under the name of a seed

    def change(self):
        self.synced = False

    def sync(self):
        self.synced = self.named = not self.lost

    def truncate(self, size):
        self.made = True
        self.content[size:] = bytes(max(0, size - len(self.content)))
        self.change()

    def write(self, offset, data):
        if offset > len(self.content):
            self.truncate(offset)
        self.content[offset : offset + len(data)] = data
        self.passed.append(data)
        self.change()

    def complete(self):
        """A seed that the disk has in full. One from before counts as such."""
        return self.synced and (not self.made or 32 <= len(self.content) <= 512)


class Directory:
    """Its files by name: now, when it was synced, and the changes since then."""

    def __init__(self, path):
        self.path, self.lost, self.line = path, False, 0
        self.now, self.base, self.changes = {}, {}, []

    def change(self, line, names):
        self.now.update(names)
        self.changes.append(names)
        self.line = line

    def add(self, name, file):
        """It was there before."""
        self.now[name] = self.base[name] = file

    def sync(self):
        if not self.lost:
            self.base, self.changes = dict(self.now), []

    def pending(self, *names):
        """The changes of these names, or of all but the temporary ones."""
        return [
            change
            for change in self.changes
            if any(name in names if names else name not in LEFTOVERS for name in change)
        ]

    def states(self, names=SEEDS):
        """All that a power cut may leave of these names."""
        changes = self.pending(*names)
        for some in itertools.product((False, True), repeat=len(changes)):
            state = dict(self.base)
            for change in itertools.compress(changes, some):
                state.update(change)
            yield state


class Open:
    """An open file description; file is None for one that is no seed file."""

    def __init__(self, path, flags, file=None):
        self.path, self.flags, self.file, self.offset = path, flags, file, 0


class Keeper:
    """Follows the calls of one run, which began with the files of start (paths)."""

    def __init__(self, start=()):
        self.problems, self.directories, self.tables = [], {}, {}
        self.cwd, self.credits, self.told, self.last = ".", [], {1: [b"", 0], 2: [b"", 0]}, None
        self.first = None
        self.before, self.files, self.seen, self.reads = set(), [], set(), []
        for path in start:
            self.find(os.path.normpath(path))
        self.held = {d for d in self.directories.values() if self.has_seed(d.now)}

    # Names and descriptors

    def wrong(self, line, rule, text):
        if (rule, text) not in self.seen:
            self.seen.add((rule, text))
            self.problems.append(Problem(line, rule, text))

    def parent(self, path):
        at = os.path.dirname(path) or "."
        if at not in self.directories:
            self.directories[at] = Directory(at)
        return self.directories[at]

    def make(self, path, line):
        self.files.append(file := File(made=True))
        self.parent(path).change(line, {os.path.basename(path): file})
        return file

    def find(self, path):
        """The file of this name, which is there: if the run has not made it, since before."""
        directory, name = self.parent(path), os.path.basename(path)
        if not directory.now.get(name):
            self.before.add(path)
            self.files.append(file := File(made=False))
            directory.add(name, file)
        return directory.now[name]

    def table(self, call):
        """The descriptors of the process; a new one begins with those of its parent."""
        self.first = self.first or call.tid
        if call.tid not in self.tables:
            self.tables[call.tid] = dict(self.tables.get(self.last, {}))
        self.last = call.tid
        return self.tables[call.tid]

    def opened(self, call, index=0):
        return self.table(call).get(call.fd(index))

    def path(self, call, at, index):
        """The path in argument index, from the directory in argument at, if any."""
        path = call.text(index).decode(errors="surrogateescape")
        if match := re.fullmatch(r"/proc/(?:self|\d+)/fd/(\d+)", path):
            known = self.table(call).get(int(match[1]))
            return known.path if known else path
        base = self.cwd
        if at is not None and call.fd(at) is not None:
            base = self.opened(call, at).path if self.opened(call, at) else f"<{call.args[at]}>"
        path = os.path.normpath(os.path.join(base, path))
        if at is not None and os.path.basename(path) in OURS and self.opened(call, at):
            self.check_flags(call, self.opened(call, at))
        return path

    def check_flags(self, call, opened):
        missing = {"O_CLOEXEC", "O_NOFOLLOW"} - opened.flags
        if "RESOLVE_NO_SYMLINKS" in opened.flags:
            missing -= {"O_NOFOLLOW"}
        if missing:
            self.wrong(call.line, "open-flags", f"{opened.path}: without {', '.join(sorted(missing))}")

    # The state of the disk

    @staticmethod
    def has_seed(state):
        return any(state.get(name) and state[name].complete() for name in SEEDS)

    def check_held(self, call):
        for directory in self.held:
            if not all(map(self.has_seed, directory.states())):
                self.wrong(call.line, "always-a-seed", f"{directory.path} holds no complete seed")

    def unsettled(self):
        """What a power cut would undo now."""
        for directory in self.directories.values():
            if directory.lost:
                yield f"a sync of {directory.path} failed in line {directory.lost}"
            elif directory.pending():
                yield f"{directory.path} changed in line {directory.line} and is not synced"
            for name, file in directory.now.items():
                path = f"{directory.path}/{name}"
                if file and name in SEEDS + RECORDS and not file.synced:
                    yield f"{path} is not synced"
                elif file and name in SEEDS + RECORDS and not file.named:
                    yield f"{path} is not synced after its rename"
                elif file and name in LEFTOVERS and file.made:
                    yield f"{path} is still there"

    def check_demoted(self, call, directory):
        """seed.machine is replaced: no seed of the other machine may look like ours then."""
        old = [state.get("seed.credit") for state in directory.states()]
        moved = [directory.now.get(name) for name in SEEDS]
        if any(f and not f.made for f in old) or any(f and not f.named for f in moved):
            self.wrong(call.line, "machine-last", f"{directory.path} may still have seed.credit")

    def check_credit(self, call):
        for directory in self.directories.values():
            for name in SEEDS:
                file = directory.now.get(name)
                if file and file.read:
                    self.wrong(
                        call.line,
                        "before-credit",
                        f"{directory.path}/{name} is still what was read in line {file.read}",
                    )
        for text in self.unsettled():
            self.wrong(call.line, "before-credit", text)

    # The calls, each by its name

    def follow(self, calls, after=lambda keeper: None):
        """after is called with this after each call that changes something."""
        for call in calls:
            if isinstance(call, End):
                continue
            if call.name in OPAQUE:
                self.opaque(call)
            elif handler := getattr(self, "on_" + call.name, None):
                handler(call)
                self.check_held(call)
                after(self)
        self.check_bytes()
        self.problems.sort()

    def opaque(self, call):
        for index in range(len(call.args)):
            opened = self.opened(call, index)
            if opened and opened.file:
                raise BadLog(f"line {call.line}: {call.name} of a seed file cannot be followed")

    def open(self, call, path, flags):
        name = os.path.basename(path)
        opened = Open(path, flags)
        if name in OURS:
            self.check_flags(call, opened)
        if not call.ok:
            return
        self.table(call)[call.value] = opened
        if name not in OURS and "O_CREAT" not in flags:
            return
        if "O_CREAT" in flags and not self.parent(path).now.get(name):
            opened.file = self.make(path, call.line)
        else:
            opened.file = self.find(path)
        if "O_TRUNC" in flags:
            opened.file.truncate(0)

    def on_openat(self, call):
        self.open(call, self.path(call, 0, 1), set(call.args[2].split("|")))

    def on_open(self, call):
        self.open(call, self.path(call, None, 0), set(call.args[1].split("|")))

    def on_openat2(self, call):
        self.open(call, self.path(call, 0, 1), set(re.findall(r"[A-Z]+_[A-Z_]+", call.args[2])))

    def on_creat(self, call):
        self.open(call, self.path(call, None, 0), {"O_WRONLY", "O_CREAT", "O_TRUNC"})

    def on_newfstatat(self, call):
        path = self.path(call, 0, 1) if call.ok and call.args[1] != '""' else ""
        if os.path.basename(path) in OURS:
            self.find(path)

    on_statx = on_newfstatat

    def on_close(self, call):
        if call.ok:
            self.table(call).pop(call.fd(), None)

    def on_dup(self, call):
        if call.ok and self.opened(call):
            self.table(call)[call.value] = self.opened(call)

    on_dup2 = on_dup3 = on_dup

    def on_fcntl(self, call):
        if call.args[1].startswith("F_DUPFD"):
            self.on_dup(call)

    def on_chdir(self, call):
        if call.ok:
            self.cwd = self.path(call, None, 0)

    def on_fchdir(self, call):
        if call.ok:
            self.cwd = self.opened(call).path

    def on_lseek(self, call):
        if call.ok and self.opened(call):
            self.opened(call).offset = call.value

    def on_read(self, call):
        opened = self.opened(call)
        if not (call.ok and call.value and opened and opened.file):
            return
        opened.file.passed.append(call.text(1)[: call.value])
        opened.offset += call.value
        name = os.path.basename(opened.path)
        if name in SEEDS:
            opened.file.read = call.line
            self.reads.append((call.line, opened.file.passed[-1]))
        if name in LEFTOVERS and not opened.file.made:
            self.wrong(call.line, "leftovers", f"{opened.path} was left over, and is read")

    on_pread64 = on_read

    def on_write(self, call):
        opened = self.opened(call)
        if call.ok and opened and opened.file:
            opened.file.write(opened.offset, call.text(1)[: call.value])
            opened.offset += call.value
        elif not opened and call.fd() in self.told:
            # A message that could not be written was meant as well.
            self.tell(call, call.text(1))

    def on_pwrite64(self, call):
        if call.ok and self.opened(call) and self.opened(call).file:
            self.opened(call).file.write(int(call.args[3], 0), call.text(1)[: call.value])

    def on_writev(self, call):
        if self.opened(call) and self.opened(call).file:
            self.opaque(call)
        elif not self.opened(call) and call.fd() in self.told:
            parts = re.findall(r'iov_base="([^"]*)"', call.args[1])
            self.tell(call, bytes.fromhex("".join(parts).replace("\\x", "")))

    def on_ftruncate(self, call):
        if call.ok and self.opened(call) and self.opened(call).file:
            self.opened(call).file.truncate(int(call.args[1], 0))

    def on_fchmod(self, call):
        if call.ok and self.opened(call) and self.opened(call).file:
            self.opened(call).file.change()

    on_fchown = on_fchmod

    def on_fsync(self, call):
        opened = self.opened(call)
        what = opened and (opened.file or self.directories.get(opened.path))
        if what and call.ok:
            what.sync()
        elif what and call.error in ("EIO", "ENOSPC", "EDQUOT"):
            what.lost = what.lost or call.line

    on_fdatasync = on_fsync

    def on_sync(self, _):
        for what in [*self.files, *self.directories.values()]:
            what.sync()

    def on_syncfs(self, call):
        if call.ok:
            self.on_sync(call)

    def rename(self, call, old, new, swap=False):
        if not {os.path.basename(old), os.path.basename(new)} & set(OURS):
            return
        source = self.find(old) if call.ok else self.parent(old).now.get(os.path.basename(old))
        target = self.find(new) if swap else None
        if not source:
            return
        if os.path.basename(new) == "seed.credit" and self.parent(new).pending(*RECORDS):
            self.wrong(call.line, "machine-first", f"{new} is put in place before seed.machine")
        if os.path.basename(new) in RECORDS and self.parent(new).now.get(os.path.basename(new)):
            self.check_demoted(call, self.parent(new))
        if not source.synced:
            self.wrong(call.line, "before-rename", f"{old} becomes {new} before it is synced")
        if call.ok:
            names = {os.path.basename(old): target}
            if self.parent(old) is not self.parent(new):
                self.parent(old).change(call.line, names)
                names = {}
            self.parent(new).change(call.line, {**names, os.path.basename(new): source})
            source.named = False

    def on_rename(self, call):
        self.rename(call, self.path(call, None, 0), self.path(call, None, 1))

    def on_renameat(self, call):
        self.rename(call, self.path(call, 0, 1), self.path(call, 2, 3))

    def on_renameat2(self, call):
        old, new = self.path(call, 0, 1), self.path(call, 2, 3)
        self.rename(call, old, new, "RENAME_EXCHANGE" in call.args[4])

    def unlink(self, call, path):
        if call.ok:
            self.find(path)
            self.parent(path).change(call.line, {os.path.basename(path): None})

    def on_unlink(self, call):
        self.unlink(call, self.path(call, None, 0))

    def on_unlinkat(self, call):
        self.unlink(call, self.path(call, 0, 1))

    def on_linkat(self, call):
        raise BadLog(f"line {call.line}: {call.name} cannot be followed")

    on_link = on_linkat

    def on_mkdir(self, call, at=None):
        if call.ok:
            path = self.path(call, at, 0 if at is None else 1)
            self.make(path, call.line)

    def on_mkdirat(self, call):
        self.on_mkdir(call, 0)

    def on_ioctl(self, call):
        if not call.args[1].startswith("RNDADD"):
            return
        if call.args[1] == "RNDADDTOENTCNT":
            raise BadLog(f"line {call.line}: RNDADDTOENTCNT cannot be followed")
        entropy = ENTROPY.fullmatch(call.args[2])
        if not entropy:
            raise BadLog(f"line {call.line}: RNDADDENTROPY is not decoded: strace is too old")
        if int(entropy[1]) <= 0:
            return
        self.check_credit(call)
        if call.ok:
            if self.credits:
                self.wrong(call.line, "credit-once", "this is not the first credit of the run")
            self.credits.append((call.line, bytes.fromhex(entropy[2].replace("\\x", ""))))

    def on_exit_group(self, call):
        if call.args[0] in ("0", "1") and call.tid == self.first:
            for text in self.unsettled():
                self.wrong(call.line, "before-exit", text)

    def tell(self, call, text):
        buffer = self.told[call.fd()]
        buffer[0] += text
        matches = list(DONE.finditer(buffer[0]))
        for match in matches[buffer[1] :]:
            word = match[0].decode().strip()
            if match["credited"] or match["json"]:
                if not self.credits:
                    self.wrong(call.line, "before-word", f"'{word}' before anything is credited")
                continue
            for text in self.unsettled():
                self.wrong(call.line, "before-word", f"'{word}' is said, but {text}")
        buffer[1] = len(matches)

    def check_bytes(self):
        for line, credited in self.credits:
            for data in (data for file in self.files for data in file.passed):
                if credited in data or (len(data) >= 16 and data in credited):
                    self.wrong(line, "own-bytes", "the bytes that are credited are in a seed file")


def check(calls, start=None):
    """Follows a run that began with the files of start (paths). If that is not known, the
    names that it finds were there, so that it is followed twice."""
    if start is None:
        scout = Keeper()
        scout.follow(calls)
        start = scout.before
    keeper = Keeper(start)
    keeper.follow(calls)
    return keeper
