"""`make bench`: the benchmarks on a throw-away PostgreSQL and broker, unless DATABASE_URL and REDIS_URL are given."""

import contextlib
import os
import subprocess
import sys

from ops.base import LOGS, PYTHON, ROOT, answer, prepare_var
from ops.test import start_servers


def main() -> int:
    prepare_var()
    LOGS.mkdir(mode=0o700, exist_ok=True)
    environment = {**os.environ, "DJANGO_ENV": "test", "DJANGO_SETTINGS_MODULE": "tests.settings"}
    with contextlib.ExitStack() as stack:
        start_servers(environment, stack)
        command = [str(PYTHON), "-m", "benchmarks.pages", *sys.argv[1:]]
        return subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL).returncode


if __name__ == "__main__":
    answer(main)
