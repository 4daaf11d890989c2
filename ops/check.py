"""`make check`: style, types, import order, templates, migrations, production settings; shows every failure."""

import os
import subprocess
import sys
import time

from ops.base import PYTHON, ROOT, VENV, answer, prepare_var, say
from ops.keys import new_secrets

BIN = VENV / "bin"
CHECKS: dict[str, list[str]] = {
    "ruff check": [str(BIN / "ruff"), "check", "."],
    "ruff format": [str(BIN / "ruff"), "format", "--check", "."],
    "mypy": [str(BIN / "mypy")],
    "import-linter": [str(BIN / "lint-imports"), "--no-cache"],
    "djlint": [str(BIN / "djlint"), "templates", "--lint", "--quiet"],
    "migrations": [str(PYTHON), "manage.py", "makemigrations", "--check", "--dry-run"],
    "production settings": [str(PYTHON), "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
}


def environment_of(name: str) -> dict[str, str]:
    """Production settings with keys made for the moment where they are checked; else those of development."""
    base = {name: value for name, value in os.environ.items() if name not in {"DJANGO_ENV", "DEBUG"}}
    if name != "production settings":
        return base
    return {**base, **new_secrets(), "DJANGO_ENV": "production", "ALLOWED_HOSTS": "sunlight.example"}


def main() -> int:
    prepare_var()
    failed = []
    for name, command in CHECKS.items():
        begun = time.monotonic()
        done = subprocess.run(
            command, cwd=ROOT, env=environment_of(name), capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        say(f"{name}: {'ok' if done.returncode == 0 else 'FAILED'} ({time.monotonic() - begun:.1f} s)")
        if done.returncode:
            failed.append(name)
            print(done.stdout + done.stderr, flush=True)
    if failed:
        print(f"Failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    answer(main)
