"""`python -m guanxi.supervisor.around NAME COMMAND...`: the command beside a demo server, which is started when none answers on PORT.

`{base}`, `{gateway_port}` and `{pid}` in the command become the server's address, its gateway's port and its supervisor's process id.
A server started here keeps its data in DATA_DIR/NAME, apart from the one of `make run`, and is stopped afterwards.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

from guanxi.supervisor.place import CHECKOUT, Place, place
from guanxi.supervisor.serve import answers
from guanxi.supervisor.trouble import Trouble

START_LIMIT = 300.0  # seconds; a first start builds the demo world


def main(name: str, command: list[str]) -> int:
    """The command's exit code."""
    here = place()
    if answers(here):
        return _run(command, here)
    with _served(name) as started:
        return _run(command, started)


def _run(command: list[str], here: Place) -> int:
    pid = json.loads((here.data / "run" / "processes.json").read_text())["supervisor"]
    words = {"{base}": f"http://{here.near}:{here.port}", "{gateway_port}": str(here.gateway_port), "{pid}": str(pid)}
    filled = [words.get(part, part) for part in command]
    environ = os.environ | {"DATA_DIR": str(here.data), "PORT": str(here.port), "GATEWAY_PORT": str(here.gateway_port), "DEMO": "1"}
    return subprocess.run(filled, check=False, env=environ).returncode


@contextlib.contextmanager
def _served(name: str) -> Iterator[Place]:
    port = _free_port()
    environ = os.environ | {"DATA_DIR": str(place().data / name), "PORT": str(port), "GATEWAY_PORT": str(port + 1), "DEMO": "1", "HOST": "127.0.0.1"}
    here = place(environ)
    print(f"starting a server of its own on {here.data}", file=sys.stderr, flush=True)
    here.data.mkdir(parents=True, exist_ok=True)
    with (here.data / "serve.log").open("ab") as log:
        server = subprocess.Popen([sys.executable, "-m", "guanxi.cli", "serve"], cwd=CHECKOUT, env=environ, stdout=log, stderr=log)
    try:
        _await(server, here)
        yield here
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def _await(server: subprocess.Popen[bytes], here: Place) -> None:
    until = time.monotonic() + START_LIMIT
    while not answers(here):
        if server.poll() is not None or time.monotonic() > until:
            raise Trouble("The server did not start.", remedy=f"Read {here.data / 'serve.log'}.")
        time.sleep(0.2)


def _free_port() -> int:
    """Two free ports beside each other; the second is the gateway's."""
    while True:
        with socket.socket() as first, socket.socket() as second, contextlib.suppress(OSError, OverflowError):
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            second.bind(("127.0.0.1", port + 1))
            return port


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1], sys.argv[2:]))
    except Trouble as trouble:
        sys.exit(f"guanxi: {trouble}")
