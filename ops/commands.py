"""Run several management commands in one process, because starting Django takes longer than most of them.

python -m ops.commands "migrate --database owner" "load_packs"
"""

import os
import shlex
import sys

from ops.base import Problem, answer


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.core.management import CommandError, call_command

    django.setup()
    for line in sys.argv[1:]:
        try:
            call_command(*shlex.split(line))
        except CommandError as error:
            raise Problem(f"manage.py {line}: {error}") from error
    return 0


if __name__ == "__main__":
    answer(main)
