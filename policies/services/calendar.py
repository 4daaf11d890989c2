"""Loading the official working-day calendar: the State Council's yearly notice as a file, or the published years."""

import csv
import datetime as dt
import io

from chinese_calendar import constants
from django.db import transaction
from django.utils.translation import gettext as _

from common.actors import Actor
from common.acts import act
from common.errors import Forbidden
from journal.services import record
from policies.enums import DayKind
from policies.errors import WrongFile
from policies.models import WorkingDay

MAX_BYTES = 100_000
PUBLISHED_SOURCE = "国务院办公厅历年节假日安排通知"
NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}


@act("policies.load_calendar")
def load_calendar(actor: Actor, *, year: int, content: bytes, source: str) -> WorkingDay:
    """Replace the calendar of one year by the days of a notice, given as CSV `date,working|rest,name`; all or
    nothing."""
    if actor.kind != "system" and not actor.holds("manage_calendar"):
        raise Forbidden()
    if not source.strip():
        raise WrongFile(_("请写明通知的名称或文号，以便查对。"), field="source")
    days = read_notice(year, content, source.strip())
    before = WorkingDay.objects.filter(date__year=year).count()
    _replace(year, days)
    record(
        actor, "policies.load_calendar", days[0], reason=source.strip(),
        changes={"year": [None, year], "days": [before, len(days)]}, area_code=actor.area,
    )  # fmt: skip
    return days[0]


def read_notice(year: int, content: bytes, source: str) -> list[WorkingDay]:
    """The days of a notice file. Refuses the whole file with the number of the first wrong line."""
    if len(content) > MAX_BYTES:
        raise WrongFile(_("文件太大，不像节假日安排。请核对后重新选择。"), field="file")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongFile(_("文件不是 UTF-8 编码的文本。请另存为 CSV（UTF-8）后再上传。"), field="file") from error
    days: dict[dt.date, WorkingDay] = {}
    for number, line in enumerate(csv.reader(io.StringIO(text)), start=1):
        if not line or line[0].strip().lower() in {"date", "日期"}:
            continue
        day = _read_line(year, number, [cell.strip() for cell in line], source)
        if day.date in days:
            raise WrongFile(_("第 %s 行的日期重复。请删去多余的一行。") % number, field="file")
        days[day.date] = day
    if not days:
        raise WrongFile(_("文件里没有任何日期。请核对后重新选择。"), field="file")
    return list(days.values())


def _read_line(year: int, number: int, cells: list[str], source: str) -> WorkingDay:
    try:
        date = dt.date.fromisoformat(cells[0])
        kind = DayKind(cells[1])
    except (ValueError, IndexError) as error:
        raise WrongFile(
            _("第 %s 行读不懂。每行应写：日期（如 2027-01-01）,working 或 rest,名称。") % number, field="file"
        ) from error
    if date.year != year:
        raise WrongFile(_("第 %(line)s 行不是 %(year)s 年的日期。") % {"line": number, "year": year}, field="file")
    name = cells[2] if len(cells) > 2 else ""
    if len(name) > 40:
        raise WrongFile(_("第 %s 行的名称太长。") % number, field="file")
    return WorkingDay(date=date, kind=kind, name=name, source=source[:120])


def _replace(year: int, days: list[WorkingDay]) -> None:
    WorkingDay.objects.filter(date__year=year).delete()
    WorkingDay.objects.bulk_create(days)


def load_published_years(actor: Actor) -> int:
    """Make sure that every year published with the calendar package is loaded; a year that is there already stays as
    it is."""
    published: dict[int, list[WorkingDay]] = {}
    for kind, days in ((DayKind.REST, constants.holidays), (DayKind.WORKING, constants.workdays)):
        for date, name in days.items():
            row = WorkingDay(date=date, kind=kind, name=NAMES.get(name, name), source=PUBLISHED_SOURCE)
            published.setdefault(date.year, []).append(row)
    with transaction.atomic():
        held = set(WorkingDay.objects.values_list("date__year", flat=True))
        missing = {year: days for year, days in published.items() if year not in held}
        for year, days in sorted(missing.items()):
            _replace(year, days)
            record(
                actor, "policies.load_calendar", days[0], changes={"year": [None, year], "days": [0, len(days)]},
                reason=PUBLISHED_SOURCE, area_code="",
            )  # fmt: skip
    return len(missing)
