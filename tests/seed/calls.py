# SPDX-License-Identifier: MIT
"""Reads a log of strace -xx: one Call for each system call, in the order of their ends."""
import re

LINE = re.compile(r"(?:(\d+) +)?(.*)")  # without -f there is no number of a process
CALL = re.compile(r"(\w+)\((.*)\) += (-?\d+|0x[0-9a-f]+|\?)(?: (E[A-Z0-9]+))?(.*)", re.S)
CUT = re.compile(r"(\w+)\((.*) <unfinished \.\.\.>$")
REST = re.compile(r"<\.\.\. (\w+) resumed>(.*)")
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
TOKEN = re.compile(r'"[^"]*"|[][(){},]')


class BadLog(Exception):
    """The log does not have what the caller needs."""


class Call:
    """A system call: its arguments as strace shows them, value None for "?"."""

    def __init__(self, number, tid, match):
        self.line, self.tid = number, int(tid or 0)
        self.name, self._inside, value, self.error, tail = match.groups()
        self.value = number_of(value)
        self.injected = "INJECTED" in tail
        self._args = None

    @property
    def args(self):
        if self._args is None:
            self._args = list(split(self._inside))
        return self._args

    @property
    def ok(self):
        return self.value is not None and self.value >= 0 and not self.error

    def fd(self, index=0):
        """The descriptor in this argument; AT_FDCWD is None."""
        word = self.args[index].split("<")[0]
        return int(word) if re.fullmatch(r"-?\d+", word) else None

    def text(self, index):
        """The bytes of a string, which must be there in full."""
        match = TEXT.fullmatch(self.args[index])
        if not match or match[2]:
            raise BadLog(f"line {self.line}: a string is cut or not in hex: strace needs -xx -s 4096")
        return unhex(match[1])


class End:
    """The end of a process: its exit status, or the signal that killed it."""

    name = None

    def __init__(self, number, tid, text):
        self.line, self.tid = number, int(tid or 0)
        word = text.split()
        self.killed = word[3] if word[1] == "killed" else None
        self.status = None if self.killed else int(word[3])


def number_of(text):
    """The result of a call; umask() has an octal one."""
    if text == "?":
        return None
    return int(text, 16 if text.startswith("0x") else 8 if text.startswith("0") else 10)


def unhex(text):
    return bytes.fromhex(text.replace("\\x", ""))


def split(inside):
    """The arguments, cut at the commas that are in no bracket and no string."""
    depth = start = 0
    for token in TOKEN.finditer(inside):
        mark = token[0]
        if mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth -= 1
        elif mark == "," and not depth:
            yield inside[start : token.start()].strip()
            start = token.end()
    if inside.strip():
        yield inside[start:].strip()


def parse(lines):
    """All calls and ends of processes in these lines of a log."""
    begun = {}
    for number, line in enumerate(lines, 1):
        tid, text = LINE.fullmatch(line.rstrip("\n")).groups()
        if cut := CUT.match(text):
            begun[tid] = cut.groups()
            continue
        if rest := REST.match(text):
            text = f"{rest[1]}({begun.pop(tid)[1]}{rest[2]}"
        if text.startswith("+++"):
            yield End(number, tid, text)
        elif call := CALL.fullmatch(text):
            yield Call(number, tid, call)
        elif not text.startswith(("---", "???", "<... ???")):
            raise BadLog(f"line {number}: this cannot be read: {text[:60]}")


def read(path):
    with open(path, encoding="ascii") as log:
        return list(parse(log))
