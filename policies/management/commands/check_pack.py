"""`manage.py check_pack FILE`: what is wrong or missing in a pack file, in sentences with their lines."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from policies.packfiles import check_file

WRONG, UNREADABLE = 1, 2


class Command(BaseCommand):
    help = (
        "Say what is wrong or missing in a pack file, each with its line, and what must be recorded locally before a case can run. "
        "Answers 0 where the pack can be loaded, 1 where not, 2 where the file cannot be read; changes nothing. "
        "Example: python manage.py check_pack /srv/packs/place-2026.toml"
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="pack file, TOML, UTF-8 (docs/packs.md)")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        try:
            report = check_file(path)
        except UnicodeDecodeError as error:
            raise CommandError(_("%s不是 UTF-8 编码的文本，读不出来。") % path, returncode=UNREADABLE) from error
        except OSError as error:
            words = {"path": path, "why": error.strerror}
            raise CommandError(_("读不到%(path)s：%(why)s。") % words, returncode=UNREADABLE) from error
        for one in report.problems:
            self.stdout.write(str(one))
        for sentence in report.advice:
            self.stdout.write(_("提示：%s") % sentence)
        if report.problems:
            raise CommandError(
                _("%(path)s有%(n)s处错误，不能载入。") % {"path": path, "n": len(report.problems)}, returncode=WRONG
            )
        self.stdout.write(_("%s没有错误，可以载入。") % path)
