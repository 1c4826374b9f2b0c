"""The same as ``limit.c`` in Python, for machines without a C compiler: its server only.

``python -m bench.limit.plain FILE`` prints its port and serves until it is killed. Whoever reports
a limit measured with it says so.
"""

import os
import select
import socket
import sys
from dataclasses import dataclass, field


@dataclass
class _End:
    socket: socket.socket
    pair: int = -1
    reads: bool = False
    rest: bytes = b""
    lines: list[bytes] = field(default_factory=list)


def _taken(end: _End, readers: dict[int, _End]) -> bool:
    """Read what came; whether there is something to store."""
    *whole, end.rest = (end.rest + end.socket.recv(65536)).split(b"\n")
    if end.pair < 0 and whole:
        kind, pair = whole.pop(0).split()
        end.pair, end.reads = int(pair), kind == b"R"
        if end.reads:
            readers[end.pair] = end
        end.socket.sendall(b"\n")
    end.lines = whole
    return bool(whole)


def serve(path: str) -> None:
    """Take lines, append them, one ``fdatasync`` for all that came together, hand them on."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    door = socket.create_server(("127.0.0.1", 0), backlog=1024)
    print(door.getsockname()[1], flush=True)
    ends: dict[int, _End] = {}
    readers: dict[int, _End] = {}
    poll = select.epoll()
    poll.register(door, select.EPOLLIN)
    while True:
        batch = []
        for fd, _ in poll.poll():
            if fd == door.fileno():
                one = door.accept()[0]
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                ends[one.fileno()] = _End(one)
                poll.register(one, select.EPOLLIN)
            elif _taken(ends[fd], readers):
                batch.append(ends[fd])
        if batch:
            os.write(file, b"".join(b"\n".join((*end.lines, b"")) for end in batch))
            os.fdatasync(file)
        for end in batch:
            end.socket.sendall(b"".join(line.split(b" ", 1)[0] + b"\n" for line in end.lines))
            readers[end.pair].socket.sendall(b"\n".join((*end.lines, b"")))


if __name__ == "__main__":
    serve(sys.argv[1])
