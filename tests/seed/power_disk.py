# SPDX-License-Identifier: MIT
"""A disk with a volatile write cache, which QEMU reaches as an NBD server.

What the guest writes is safe once it has flushed the disk. When the power is cut, the
disk keeps none, all or any of the blocks that were written since then.
"""
import os
import random
import socket
import struct
import threading

BLOCK = 4096
HELLO = struct.Struct(">8sQQI124x")  # the old negotiation: no options
REQUEST = struct.Struct(">IHHQQI")
REPLY = struct.Struct(">IIQ")
REQUEST_MAGIC, REPLY_MAGIC = 0x25609513, 0x67446698
HAS_FLAGS, SEND_FLUSH, SEND_FUA = 1, 4, 8
READ, WRITE, DISCONNECT, FLUSH = range(4)
FUA = 1


class Disk:
    def __init__(self, image, path):
        self.now = bytearray(image)
        self.sure = bytearray(image)
        self.written = []  # blocks since the last flush, in their order
        self.path = path
        self.random = random.SystemRandom()

    def listen(self):
        """Serves the next machine, until it ends."""
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(self.path)
        self.server.listen(1)
        self.server.settimeout(30)
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self):
        try:
            connection, _ = self.server.accept()
        except TimeoutError:
            return
        finally:
            self.server.close()
        os.unlink(self.path)
        with connection:
            connection.settimeout(None)
            flags = HAS_FLAGS | SEND_FLUSH | SEND_FUA
            connection.sendall(
                HELLO.pack(b"NBDMAGIC", 0x420281861253, len(self.now), flags)
            )
            try:
                while self.answer(connection):
                    pass
            except ConnectionError:
                pass

    def answer(self, connection):
        head = receive(connection, REQUEST.size)
        _, flags, kind, handle, offset, length = REQUEST.unpack(head)
        data = b""
        if kind == DISCONNECT:
            return False
        if kind == READ:
            data = self.now[offset : offset + length]
        elif kind == WRITE:
            self.write(offset, receive(connection, length), bool(flags & FUA))
        elif kind == FLUSH:
            self.flush()
        connection.sendall(REPLY.pack(REPLY_MAGIC, 0, handle) + data)
        return True

    def write(self, offset, data, sure):
        self.now[offset : offset + len(data)] = data
        for start in range(0, len(data), BLOCK):
            block = data[start : start + BLOCK]
            self.written.append((offset + start, block, sure))

    def flush(self):
        for offset, data, _ in self.written:
            self.sure[offset : offset + len(data)] = data
        self.written.clear()

    def cut(self):
        """The machine has been killed: decides what of the unflushed data survives."""
        self.thread.join()
        chance = self.random.choice([0, 0.5, 0.5, 1])
        self.written = [
            write for write in self.written if write[2] or self.random.random() < chance
        ]
        self.flush()
        self.now[:] = self.sure


def receive(connection, length):
    data = bytearray()
    while len(data) < length:
        part = connection.recv(length - len(data))
        if not part:
            raise ConnectionResetError
        data += part
    return bytes(data)
