"""`make run`: PostgreSQL → broker → roles and tables → demonstration, web, worker, scheduler; stopped in reverse."""

import contextlib
import fcntl
import os
import shlex
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from honcho.manager import Manager

from ops.base import PYTHON, ROOT, RUN_MARK, VAR, Problem, answer, prepare_var, say
from ops.services import MANAGE, Services, private_files

HOST = "127.0.0.1"
WEB_WORKERS = 2
IN_THE_BACKGROUND = ("nice", "-n", "5")  # no page waits for a job
# Containers often have root alone; the queue holds numbers only and never pickled objects, which the warning is about.
QUIET_ROOT = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser"}
READY_SECONDS = 120


# --- One run at a time ------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def only_run() -> Iterator[None]:
    """Hold the lock of this checkout; a record lock, which child processes do not inherit."""
    with (VAR / "run.lock").open("w") as lock:
        try:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Problem(
                "Sunlight is running already in this folder. Stop it with Ctrl-C where it was started."
            ) from error
        yield


def left_overs() -> list[int]:
    """Processes of an earlier run of this checkout whose launcher was killed (Linux only)."""
    wanted = f"{RUN_MARK}={ROOT}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if wanted in (folder / "environ").read_bytes().split(b"\0") and int(folder.name) != os.getpid():
                found.append(int(folder.name))
    return found


def end_left_overs() -> None:
    """Ask them to stop, and after five seconds make them. The database server is not among them: it is taken over."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + 5
        for process in left_overs():
            with contextlib.suppress(OSError):
                os.kill(process, number)
        while left_overs() and time.monotonic() < deadline:
            time.sleep(0.1)


def require_free_port(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise Problem(
                f"Port {port} is in use by another program. Stop that one, or choose another: make run PORT={port + 1}"
            ) from error


# --- The demonstration ------------------------------------------------------------------------------------------------


class Demonstration:
    """Loads the demonstration beside the running site, as its own process."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.wanted = environment.get("DEMO", "1") != "0"
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        if not self.wanted:
            return
        self.process = subprocess.Popen(
            [*IN_THE_BACKGROUND, PYTHON, MANAGE, "load_demo"], cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip
        threading.Thread(target=self._relay, args=(self.process,), daemon=True).start()

    def _relay(self, process: subprocess.Popen[str]) -> None:
        output: IO[str] | None = process.stdout
        for line in output or ():
            print(line, end="", flush=True)
        if process.wait() != 0 and self.wanted:
            say("The demonstration is not complete; the lines above say why. It goes on at the next start.")

    def stop(self) -> None:
        """Stop loading; what is complete stays, the rest is loaded at the next start."""
        self.wanted = False
        if self.process is None or self.process.poll() is not None:
            return
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)


# --- The processes ----------------------------------------------------------------------------------------------------


def commands(port: int) -> dict[str, list[str]]:
    """Web, worker and scheduler, as honcho starts them."""
    celery = [*IN_THE_BACKGROUND, str(PYTHON), "-m", "celery", "--quiet", "--app", "config.celery:app"]
    return {
        "web": [
            str(PYTHON), "-m", "gunicorn", "config.wsgi:application", "--bind", f"{HOST}:{port}",
            "--preload", "--workers", str(WEB_WORKERS), "--threads", "4", "--timeout", "120", "--log-level", "warning",
            "--no-control-socket",
        ],
        "worker": [*celery, "worker", "--concurrency", "1", "--loglevel", "warning", "--without-mingle"],
        "beat": [*celery, "beat", "--loglevel", "warning", "--pidfile", ""],
    }  # fmt: skip


def announce(port: int, demonstration: Demonstration) -> None:
    """Say where the site is as soon as it answers, and only then load the demonstration beside it."""
    address = f"http://{HOST}:{port}/"
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(f"{address}healthz", timeout=5)  # noqa: S310 our own address
            print(f"\n  Sunlight answers at {address}   (Ctrl-C stops it)\n", flush=True)
            demonstration.start()
            return
        time.sleep(0.2)


def supervise(environment: dict[str, str], port: int) -> int:
    """Run until Ctrl-C or until one of the processes ends; then the others are stopped too."""
    manager = Manager()
    for name, command in commands(port).items():
        manager.add_process(name, f"exec {shlex.join(command)}", env={**environment, **QUIET_ROOT}, cwd=str(ROOT))
    demonstration = Demonstration(environment)
    threading.Thread(target=announce, args=(port, demonstration), daemon=True).start()
    try:
        manager.loop()
    finally:
        demonstration.stop()
    # 130 and 143: somebody asked it to stop.
    return 0 if manager.returncode in (130, 143) else int(manager.returncode or 1)


def interrupt(number: int, frame: Any) -> None:
    raise KeyboardInterrupt


def main() -> int:
    port = int(os.environ.get("PORT", "8000"))
    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)
    prepare_var()
    with only_run():
        end_left_overs()
        require_free_port(port)
        os.environ[RUN_MARK] = str(ROOT)
        os.environ.setdefault("LOG_LEVEL", "WARNING")
        os.environ.setdefault("SITE_ADDRESS", f"http://{HOST}:{port}")
        services = Services("demo")
        private_files(services.environment)
        with services.running() as environment:
            services.prepare_database("demo")
            services.collect_static()
            status = supervise(environment, port)
            say("Stopping")
    return status


if __name__ == "__main__":
    answer(main)
