"""A socket proxy of our own (TCP or unix) that cuts, delays, trickles and goes silent: what networks do."""

import contextlib
import select
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

Where = tuple[str, int] | str  # a TCP address, or the path of a unix socket
Rule = Callable[["Line", bytes, bool], bytes | None]  # the line, what came, whether from the client; None cuts the line
PIECE = 65536


def as_it_is(_line: "Line", data: bytes, _from_client: bool) -> bytes | None:
    """Everything passes."""
    return data


class Line:
    """One connection through the proxy: the client's end and the server's."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.client, self.server = client, server
        self.notes: dict[str, object] = {}  # for rules that remember

    def cut(self) -> None:
        """Both ends see it at once."""
        for end in (self.client, self.server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


class Proxy:
    """Listens on `at` (a free TCP port when not said) and passes to `to` what `rule` lets pass. `silent` = nothing passes, nothing breaks."""

    def __init__(self, to: Where, *, at: Where = ("127.0.0.1", 0), rule: Rule = as_it_is) -> None:
        self.to, self.rule = to, rule
        self.lines: set[Line] = set()
        self.silent = self.ended = False
        self.slow = 0.0  # seconds a byte
        self.listener = socket.socket(socket.AF_UNIX if isinstance(at, str) else socket.AF_INET)
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if isinstance(at, str):
            Path(at).parent.mkdir(parents=True, exist_ok=True)
        self.listener.bind(at)
        self.listener.listen(256)
        threading.Thread(target=self._accept, name="proxy", daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def __enter__(self) -> "Proxy":
        return self

    def __exit__(self, *_error: object) -> None:
        self.ended = True
        self.listener.close()
        self.cut()

    def cut(self, most: int = 10**6) -> int:
        """Cut this many lines; how many there were."""
        lines = list(self.lines)[:most]
        for line in lines:
            line.cut()
        return len(lines)

    def _accept(self) -> None:
        while not self.ended:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX if isinstance(self.to, str) else socket.AF_INET)
            try:
                server.connect(self.to)
            except OSError:
                client.close()
                server.close()
                continue
            line = Line(client, server)
            self.lines.add(line)
            threading.Thread(target=self._carry, args=(line,), name="line", daemon=True).start()

    def _carry(self, line: Line) -> None:
        with contextlib.suppress(OSError, ValueError):
            while not self.ended:
                for end in select.select([line.client, line.server], [], [], 0.2)[0]:
                    while self.silent and not self.ended:
                        time.sleep(0.02)
                    data = end.recv(PIECE)
                    passed = self.rule(line, data, end is line.client) if data else None
                    if passed is None:
                        raise OSError("cut")
                    self._pass(line.server if end is line.client else line.client, passed)
        line.cut()
        line.client.close()
        line.server.close()
        self.lines.discard(line)

    def _pass(self, end: socket.socket, data: bytes) -> None:
        if not self.slow:
            end.sendall(data)
            return
        for n in range(len(data)):
            end.sendall(data[n : n + 1])
            time.sleep(self.slow)
