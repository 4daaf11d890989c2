"""Environment and servers of a run: what is given by the environment is used, what is not is started privately."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from ops import keys
from ops.base import LOGS, PYTHON, ROOT, VAR, VENV, Problem, Stamp, fingerprint, prepare_var, private_folder, say
from ops.broker import Broker, private_broker
from ops.database import Cluster, private_cluster

MANAGE = str(ROOT / "manage.py")


def manage(environment: dict[str, str], *commands: str) -> None:
    """Run management commands to their end; a failure ends the start."""
    done = subprocess.run(
        [PYTHON, "-m", "ops.commands", *commands], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        raise Problem("The set-up stopped; the lines above say why. What was done stays, and the next start goes on.")


def prepared_from() -> list[Path]:
    """The files that decide what a prepared database looks like."""
    migrations = [file for file in ROOT.glob("*/migrations/*.py") if not file.is_relative_to(VENV)]
    policies = [file for file in (ROOT / "policies").rglob("*") if file.suffix in {".toml", ".py"}]
    return sorted(
        {*migrations, *policies, ROOT / "config/management/commands/setup_database.py", ROOT / "requirements.txt"}
    )


class Services:
    """PostgreSQL and broker of one run, with the environment in which the project finds them."""

    def __init__(self, purpose: str) -> None:
        prepare_var()
        LOGS.mkdir(mode=0o700, exist_ok=True)
        self.cluster: Cluster | None = None if os.environ.get("DATABASE_URL") else private_cluster()
        self.broker: Broker | None = None if os.environ.get("REDIS_URL") else private_broker()
        self.environment = self._environment(purpose)

    def _environment(self, purpose: str) -> dict[str, str]:
        data_exists = self.cluster is not None and self.cluster.data.exists()
        secrets = keys.ensure(VAR / "secrets.env", data_exists)
        own: dict[str, str] = {"DJANGO_ENV": purpose, "PYTHONUNBUFFERED": "1"}
        result = dict(os.environ)
        if self.cluster:
            result = {name: value for name, value in result.items() if not name.startswith("PG")}
            own["DATABASE_URL"] = own["MIGRATION_DATABASE_URL"] = self.cluster.url
            own["PATH"] = f"{self.cluster.binaries.folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        if self.broker:
            own["REDIS_URL"] = self.broker.url
        given = {name: os.environ[name] for name in secrets if os.environ.get(name)}
        return {**result, **secrets, **given, **own}

    @contextlib.contextmanager
    def running(self, keep: bool = False) -> Iterator[dict[str, str]]:
        """PostgreSQL, then the broker; stopped in reverse. With `keep`, servers that ran before are left running."""
        with contextlib.ExitStack() as stack:
            if self.cluster:
                if not (keep and self.cluster.running()):
                    stack.callback(self.cluster.stop)
                if self.cluster.start():
                    say(f"PostgreSQL {self.cluster.binaries.major} runs")
            if self.broker:
                if not (keep and self.broker.answers()):
                    stack.callback(self.broker.stop)
                if self.broker.start():
                    say("The broker runs")
            yield self.environment

    def prepare_database(self, mark: str) -> None:
        """Roles, database, tables, policy packs. Left out where a private cluster has had just these."""
        stamp = Stamp("prepared", fingerprint(prepared_from(), mark), self._stamps())
        if self.cluster and stamp.fresh():
            return
        say("Setting up roles, tables and policy packs")
        manage(
            self.environment,
            "setup_database",
            "migrate --database owner --no-input --verbosity 0",
            f"setup_database --mark {mark}",
            "load_packs",
        )
        stamp.set()

    def _stamps(self) -> Path:
        """Beside the data, so that a new cluster never meets an old stamp."""
        return self.cluster.folder if self.cluster else VAR / "stamps"

    def collect_static(self) -> None:
        """Compressed static files with names by content; left out where nothing changed."""
        sources = [file for file in (ROOT / "static").rglob("*") if file.is_file()]
        stamp = Stamp("static", fingerprint([*sources, ROOT / "requirements.txt"]))
        if stamp.fresh() and (VAR / "static").is_dir():
            return
        say("Collecting static files")
        manage(self.environment, "collectstatic --no-input --clear --verbosity 0")
        stamp.set()


def private_files(environment: dict[str, str]) -> None:
    """The folder of uploaded files, closed to everybody else."""
    if "MEDIA_ROOT" not in environment:
        private_folder(VAR / "files")
