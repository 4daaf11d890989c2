"""Run a management command with the private servers and keys of `make run`: make manage ARGS="check_integrity"."""

import subprocess
import sys

from ops.base import PYTHON, ROOT, answer
from ops.services import MANAGE, Services


def main() -> int:
    services = Services("demo")
    with services.running(keep=True) as environment:
        services.prepare_database("demo")
        return subprocess.run([PYTHON, MANAGE, *sys.argv[1:]], cwd=ROOT, env=environment).returncode


if __name__ == "__main__":
    answer(main)
