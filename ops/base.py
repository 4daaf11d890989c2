"""What every script of this folder shares: where things lie, how a person is told, what is already up to date."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VAR / "stamps"
LOGS = VAR / "log"
RUN_MARK = "SUNLIGHT_RUN"  # environment variable of every process of `make run` but the database server


class Problem(Exception):
    """Something a person has to put right; the message is the one sentence they get."""


def say(text: str) -> None:
    """Tell the person at the terminal."""
    print(f"· {text}", flush=True)


def answer(main: Callable[[], int]) -> None:
    """Run a script's `main` and end with its status; a Problem becomes one line on standard error."""
    try:
        status = main()
    except Problem as problem:
        print(f"\n{problem}", file=sys.stderr, flush=True)
        status = 1
    except KeyboardInterrupt:
        status = 130
    sys.exit(status)


def fingerprint(files: Iterable[Path], *extra: str) -> str:
    """SHA-256 over names and contents of files, in order of name, and any further strings."""
    total = hashlib.sha256()
    for file in sorted(files):
        total.update(f"{file.relative_to(ROOT)}\0".encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    for text in extra:
        total.update(f"\0{text}".encode())
    return total.hexdigest()


class Stamp:
    """Remembers in a file that a step was done for a fingerprint, so that the next start can leave it out."""

    def __init__(self, name: str, value: str, folder: Path = STAMPS) -> None:
        self.path = folder / name
        self.value = value

    def fresh(self) -> bool:
        return self.path.is_file() and self.path.read_text(encoding="utf-8") == self.value

    def set(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.value, encoding="utf-8")


def tail(file: Path, lines: int = 12) -> str:
    """The last lines of a log, for the sentence that reports a failure."""
    if not file.is_file():
        return ""
    return "\n".join(file.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def is_root() -> bool:
    return os.geteuid() == 0


def reachable_by_others(path: Path) -> bool:
    """Whether a user who is neither owner nor in the group may pass through every folder down to `path`."""
    existing = path
    while not existing.exists():
        existing = existing.parent
    folders = [existing, *existing.parents] if existing.is_dir() else list(existing.parents)
    return all(folder.stat().st_mode & 0o001 for folder in folders)


def short_socket_folder(wanted: Path, name: str) -> Path:
    """`wanted`, or a short folder of the system's temporary directory where a socket's path would not fit.

    A socket path has about 100 bytes at most, and goes into addresses: so plain letters only.
    """
    text = str(wanted)
    plain = all(sign.isalnum() or sign in "/._-" for sign in text) and text.isascii()
    if plain and len(text) <= 80:
        return wanted
    mark = hashlib.sha256(text.encode()).hexdigest()[:12]
    return Path("/tmp") / f"sunlight-{os.geteuid()}-{name}-{mark}"  # noqa: S108 made with mode 0700, owner checked


def prepare_var() -> None:
    """Make var/: closed to others, but passable where root's database server runs as another user."""
    VAR.mkdir(exist_ok=True)
    VAR.chmod(0o711 if is_root() else 0o700)


def private_folder(path: Path, owner: int | None = None) -> None:
    """Make `path` with mode 0700 for `owner` (a user id); refuse one that belongs to somebody else."""
    wanted = os.geteuid() if owner is None else owner
    if path.is_symlink():
        raise Problem(f"{path} is a link; Sunlight keeps its data in real folders only. Remove it and start again.")
    if not path.exists():
        path.mkdir(parents=True, mode=0o700)
        if is_root():
            os.chown(path, wanted, -1)
    if path.stat().st_uid != wanted:
        raise Problem(f"{path} belongs to another user. Start Sunlight as that user, or remove it if it is empty.")
    path.chmod(0o700)
