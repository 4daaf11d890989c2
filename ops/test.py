"""`make test`: the suite on a throw-away PostgreSQL and broker, unless DATABASE_URL and REDIS_URL are given."""

import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from ops.base import LOGS, PYTHON, ROOT, answer, prepare_var, say
from ops.broker import Broker
from ops.database import candidates, throw_away_cluster

PROCESSES = "2"


def with_programs(environment: dict[str, str], folder: Path | None) -> None:
    """psql, pg_dump and pg_restore of the server's version come first on the path."""
    if folder:
        environment["PATH"] = f"{folder}{os.pathsep}{environment.get('PATH', os.defpath)}"


def start_servers(environment: dict[str, str], stack: contextlib.ExitStack) -> None:
    """Add the addresses of database and broker to the environment; start private ones where none are given."""
    if os.environ.get("DATABASE_URL"):
        found = candidates(os.environ.get("SUNLIGHT_PG_BIN", ""))
        with_programs(environment, found[0].folder if found else None)
    else:
        for name in [name for name in environment if name.startswith("PG")]:
            del environment[name]
        cluster = stack.enter_context(throw_away_cluster())
        environment["DATABASE_URL"] = environment["MIGRATION_DATABASE_URL"] = cluster.url
        with_programs(environment, cluster.binaries.folder)
        say(f"PostgreSQL {cluster.binaries.major}, thrown away afterwards")
    if not os.environ.get("REDIS_URL"):
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sunlight-broker-")))
        broker = Broker(folder, LOGS / "broker-test.log")
        stack.callback(broker.stop)
        broker.start()
        environment["REDIS_URL"] = broker.url


def main() -> int:
    prepare_var()
    LOGS.mkdir(mode=0o700, exist_ok=True)
    environment = {**os.environ, "DJANGO_ENV": "test", "PYTHONUNBUFFERED": "1"}
    with contextlib.ExitStack() as stack:
        start_servers(environment, stack)
        command = [str(PYTHON), "-m", "pytest", "-n", PROCESSES, *sys.argv[1:]]
        return subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL).returncode


if __name__ == "__main__":
    answer(main)
