# SPDX-License-Identifier: MIT
"""Machines in QEMU whose power can be cut, with what all of them share."""

import lzma
import random
import re
import secrets
import shutil
import subprocess
import tempfile
import threading
import time
import uuid
from pathlib import Path

from power_disk import Disk

HERE = Path(__file__).resolve().parent
APPLETS = "cat chmod dd hexdump insmod mkdir mount rm sed sh stty sync usleep"
MODULES = (
    "nls_cp437 nls_ascii fat vfat overlay "
    "virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_blk"
)
DISK_BYTES = 16 << 20
LIMIT = 180  # seconds until a machine must have come to its cut
KERNEL_ARGS = (
    "console=ttyS0 panic=-1 loglevel=5 no_timer_check mitigations=off nokaslr "
    "cryptomgr.notests random.trust_cpu=off random.trust_bootloader=off"
)


def run(*command, **options):
    return subprocess.run(command, check=True, **options)


class Kit:
    """The kernel, the initramfs and the empty file systems."""

    def __init__(self, programs, busybox, kernel, directory):
        self.directory = directory
        self.sockets = tempfile.TemporaryDirectory()  # a path that is short enough
        self.busybox = busybox
        self.kernel = next(p for p in kernel.rglob("vmlinuz*") if p.is_file())
        # As last seen: the calls of each phase, and the seconds that loading takes.
        self.calls = {"load": 60, "run": 120}
        self.span = 0.3
        root = directory / "root"
        for name in "bin dev disk overlay modules proc sys tmp".split():
            (root / name).mkdir(parents=True)
        credits = root / "bin/credits"
        run("cc", "-O2", "-static", "-o", credits, HERE / "credits.c")
        for name, path in {**programs, "busybox": busybox}.items():
            shutil.copy(path, root / "bin" / name)
            (root / "bin" / name).chmod(0o755)
        for applet in APPLETS.split():
            (root / "bin" / applet).symlink_to("busybox")
        shutil.copy(HERE / "power-init", root / "init")
        (root / "init").chmod(0o755)
        for name in MODULES.split():
            self.add_module(kernel, name, root / "modules")
        self.initramfs = directory / "initramfs"
        pack = f"find . | cpio --quiet -o -H newc -R 0:0 >'{self.initramfs}'"
        run("sh", "-c", pack, cwd=root)

    @staticmethod
    def add_module(kernel, name, modules):
        """Unpacks a module, unless it is built into this kernel."""
        for path in kernel.rglob(f"{name}.ko*"):
            data = path.read_bytes()
            if path.suffix == ".xz":
                data = lzma.decompress(data)
            elif path.suffix == ".zst":
                data = run("zstd", "-qdc", path, stdout=subprocess.PIPE).stdout
            (modules / f"{name}.ko").write_bytes(data)
            return

    def remove(self):
        shutil.rmtree(self.directory / "root")
        self.initramfs.unlink()
        (self.directory / "empty").unlink()

    def empty_disk(self, place):
        image = self.directory / "empty"
        image.write_bytes(bytes(DISK_BYTES))
        make = [self.busybox, "mkdosfs"] if place == "vfat" else ["mkfs.ext4", "-qF"]
        run(*make, image, stdout=subprocess.DEVNULL)
        return image.read_bytes()


class Machine:
    def __init__(self, kit, name, place, provisioned=True):
        self.kit, self.name, self.place = kit, name, place
        self.disk = Disk(kit.empty_disk(place), f"{kit.sockets.name}/{name}")
        self.uuid = str(uuid.uuid4())
        self.console = kit.directory / f"{name}.console"
        self.log = kit.directory / f"{name}.log"
        self.provisioned, self.seed = provisioned, secrets.token_hex(32)
        self.boots = 0

    # Not with an NVMe disk: there, QEMU ignores FUA, which a journal depends on.
    def start(self, place, keeper, cut, without_sync):
        words = f"place={place} keeper={keeper} cut={cut}"
        if self.provisioned:
            words += f" provision={self.seed}"
        if random.random() < 0.25:
            words += " unbind=yes"  # its first load binds the seed to the machine
        if without_sync:
            words += " without_sync=--without-sync"
        disk = f"driver=nbd,node-name=disk,server.type=unix,server.path={self.disk.path}"
        command = "setpriv --pdeathsig KILL qemu-system-x86_64".split()
        command += "-accel tcg -cpu qemu64 -m 128 -nodefaults -no-reboot".split()
        command += ["-display", "none"]
        command += ["-serial", f"file:{self.console}", "-serial", "stdio"]
        command += ["-blockdev", disk, "-device", "virtio-blk-pci,drive=disk"]
        command += ["-uuid", self.uuid, "-kernel", self.kit.kernel]
        command += ["-initrd", self.kit.initramfs, "-append", f"{KERNEL_ARGS} {words}"]
        self.disk.listen()
        self.lines, self.times = [], []
        self.changed = threading.Condition()
        self.qemu = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        for line in self.qemu.stdout:
            if not line.endswith("\n"):
                break  # the power went in the middle of it
            with self.changed:
                self.lines.append(line.rstrip("\r\n"))
                self.times.append(time.monotonic())
                self.changed.notify()
        with self.changed:
            self.lines.append("@end")
            self.changed.notify()

    def wait_for(self, word, count=1):
        """Waits until so many lines begin with the word, or the machine ends."""

        def come():
            begun = [line.split(" ")[0] for line in self.lines]
            return begun.count(word) >= count or "@cut" in begun or "@end" in begun

        with self.changed:
            return self.changed.wait_for(come, LIMIT)

    def learn(self, lines):
        for line, moment in zip(lines, self.times):
            word, _, rest = line.partition(" ")
            if word == "@phase":
                phase, began = rest, moment
            elif word == "@calls":
                self.kit.calls[phase] = int(rest)
                if phase == "load":
                    self.kit.span = moment - began

    def disk_errors(self):
        for line in self.console.read_text(errors="replace").splitlines():
            if re.search(r"(EXT4|FAT|overlay).*\berror", line):
                yield line

    def boot(self, keeper, cut, delay, place=None, without_sync=False):
        """Boots, and cuts the power at the call of the keeper that cut names as PHASE:N,
        or so many seconds after it has started. Returns what the machine wrote."""
        place = place or self.place
        began = time.monotonic()
        self.start(place, keeper, cut, without_sync)
        came = self.wait_for("@phase")
        if came and cut != "none":
            self.wait_for("@phase", 2 if cut.startswith("load") else 3)
        elif came:
            time.sleep(delay)
        ended = self.qemu.poll() is not None
        self.qemu.kill()
        self.qemu.wait()
        self.reader.join()
        self.disk.cut()
        self.boots += 1
        lines = self.lines[:-1]
        self.learn(lines)
        if not came:
            lines.append(f"@broken it has not come up in {LIMIT} s")
        if ended:
            lines.append("@broken it has ended by itself")
        lines += [f"@broken {error}" for error in self.disk_errors()]
        with self.log.open("a") as log:
            seconds = time.monotonic() - began
            moment = f"at {cut}" if cut != "none" else f"after {delay:.2f} s"
            head = f"== boot {self.boots}, {place}, cut {moment}, {seconds:.1f} s"
            print(head, *lines, sep="\n", file=log)
        return lines
