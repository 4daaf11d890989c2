"""Acts on areas (ORG-01): the tree of divisions, loaded from a list or grown by the administrator, recoded without
loss."""

import csv
import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from common import clock
from common.actors import Actor
from common.acts import act
from common.errors import Forbidden, Invalid, NotFound
from journal.services import record
from organizations.enums import Level, Permission
from organizations.models import Appointment, Area, Office, User
from organizations.rules import LEVEL_ORDER, SIGNIFICANT_DIGITS, parent_codes, subtree
from organizations.services.powers import derive_powers

DATA = Path(__file__).resolve().parent.parent / "data"
EVERYWHERE = ("000000000000", "999999999999")


def founder() -> Actor:
    """The set-up of a system without people yet: registers areas and offices everywhere. Commands and builders only."""
    powers = frozenset({(str(Permission.MANAGE_ORGANIZATION), *EVERYWHERE)})
    return Actor(
        user_id=None,
        username="founding",
        name=_("系统初始化"),
        post="system",
        kind="system",
        road="command",
        area=EVERYWHERE[0],
        powers=powers,
    )


def require_administrator(actor: Actor, area_code: str) -> None:
    """The system administrator of the area, and nobody else; a foreign area is as good as absent."""
    if not actor.can(Permission.MANAGE_ORGANIZATION, area_code):
        raise NotFound() if actor.holds(Permission.MANAGE_ORGANIZATION) else Forbidden()


@act("organizations.add_area")
def add_area(
    actor: Actor,
    *,
    code: str,
    name: str,
    level: str,
    parent_code: str = "",
    source: str = "",
    made_up: bool = False,
    valid_from: dt.date | None = None,
    key: str | None = None,
) -> Area:
    """Register an area under its parent: the code lies inside the parent's, the level below it. A province has no
    parent."""
    require_administrator(actor, parent_code or code)
    parent = Area.objects.select_related("parent").filter(code=parent_code).first()
    if parent is None and (parent_code or level != Level.PROVINCE):
        raise NotFound()
    if parent is not None and parent.valid_to is not None:
        raise Invalid(_("上级区划已经停用。请选择在用的上级区划。"), field="parent_code")
    if not name.strip():
        raise Invalid(_("请填写区划名称。"), field="name")
    _check_code(code, level, parent)
    return _open(
        actor,
        "organizations.add_area",
        Area(
            code=code,
            name=name.strip(),
            level=level,
            parent=parent,
            source=source,
            made_up=made_up,
            valid_from=valid_from or clock.today(),
        ),
    )


@act("organizations.load_areas")
def load_areas(
    actor: Actor, rows: Iterable[Mapping[str, str]], *, valid_from: dt.date | None = None, key: str | None = None
) -> list[Area]:
    """Register every area of a list that is not registered yet. Rows have code, name, level, made_up ("1" or empty),
    source; the parent follows from the code. Running it again changes nothing. Returns what was added."""
    ordered = sorted(rows, key=lambda row: (_rank(row["level"]), row["code"]))
    known = {area.code: area for area in Area.objects.order_by("code")}
    added = []
    for row in ordered:
        if row["code"] in known:
            continue
        require_administrator(actor, row["code"])
        parent = next((known[code] for code in parent_codes(row["code"]) if code in known), None)
        if parent is None and row["level"] != Level.PROVINCE:
            raise Invalid(
                _("区划 %(code)s 的上级区划没有登记。请补上级区划。") % {"code": row["code"]}, field="area_code"
            )
        _check_code(row["code"], row["level"], parent)
        area = Area(
            code=row["code"],
            name=row["name"],
            level=row["level"],
            parent=parent,
            source=row.get("source", ""),
            made_up=bool(row.get("made_up")),
            valid_from=valid_from,
        )
        known[area.code] = _open(actor, "organizations.add_area", area)
        added.append(area)
    return added


def area_rows() -> list[dict[str, str]]:
    """The list that comes with the system (organizations/data/areas.csv)."""
    with (DATA / "areas.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def prefix(area: Area) -> str:
    """The digits that all codes below an area begin with: `120104` for a district."""
    return area.code[SIGNIFICANT_DIGITS[area.level]]


def _rank(level: str) -> int:
    if level not in Level.values:
        raise Invalid(_("区划层级不在目录里。请重新选择层级。"), field="level")
    return LEVEL_ORDER.index(Level(level))


def _check_code(code: str, level: str, parent: Area | None) -> None:
    """Twelve digits, inside the parent's range, no digits below the own level."""
    if len(code) != len(EVERYWHERE[0]) or not (code.isascii() and code.isdigit()):
        raise Invalid(_("区划代码应为12位数字。请核对后重新输入。"), field="area_code")
    if _rank(level) and parent is None:
        raise Invalid(_("请选择上级区划。"), field="parent_code")
    if code[SIGNIFICANT_DIGITS[level]].ljust(len(code), "0") != code:
        raise Invalid(_("区划代码与层级不符。请核对后几位。"), field="area_code")
    if parent is None:
        return
    if _rank(level) <= _rank(parent.level):
        raise Invalid(_("下级区划的层级必须低于上级区划。请重新选择层级。"), field="level")
    lo, hi = subtree(parent.code, parent.level)
    if not lo < code < hi:
        raise Invalid(_("这个代码不在上级区划的代码范围内。请核对前几位。"), field="area_code")


def _open(actor: Actor, act_name: str, area: Area, *, reason: str = "") -> Area:
    """Write the row and its line in the journal; a code is used once and for all."""
    try:
        with transaction.atomic():
            area.save(force_insert=True)
    except IntegrityError as error:
        message = _("区划代码 %(code)s 已经登记过，代码不能重复使用。请核对代码。")
        raise Invalid(message % {"code": area.code}, field="area_code") from error
    before = area.replaces.code if area.replaces else None
    changes = {"code": [before, area.code], "name": [area.replaces.name if area.replaces else None, area.name]}
    record(actor, act_name, area, changes=changes, reason=reason, area_code=area.code)
    return area


@act("organizations.recode_area")
def recode_area(
    actor: Actor, area_id: int, *, code: str, name: str, reason: str, on: dt.date, key: str | None = None
) -> Area:
    """Give an area a new code or name from a day on. The old row stays, closed on the day before, and the new one names
    it; the areas below move along with the last digits they had; offices that covered the old code cover both."""
    old = Area.objects.select_for_update(of=("self",)).select_related("parent").filter(pk=area_id).first()
    if old is None:
        raise NotFound()
    require_administrator(actor, old.code)
    if old.valid_to is not None:
        raise Invalid(_("这个区划已经停用，不能再改代码。"), field="area_code")
    if code == old.code:
        raise Invalid(_("新代码与原代码相同。请填写批复的新代码。"), field="area_code")
    if not reason.strip():
        raise Invalid(_("请写明变更依据，例如批复文号。"), field="reason")
    if old.valid_from and on <= old.valid_from:
        raise Invalid(_("变更日期必须晚于原代码的启用日期。请核对日期。"), field="on")
    _check_code(code, old.level, old.parent)
    require_administrator(actor, code)
    new = _replace(actor, old, old.parent, code, name.strip() or old.name, reason=reason, on=on)
    lo, hi = subtree(old.code, old.level)
    inside = Q(area__code__gte=lo, area__code__lt=hi) | Q(office__areas__code__gte=lo, office__areas__code__lt=hi)
    for user in User.objects.filter(appointments__in=Appointment.objects.filter(inside)).distinct().order_by("pk"):
        derive_powers(user)
    return new


def _replace(actor: Actor, old: Area, parent: Area | None, code: str, name: str, *, reason: str, on: dt.date) -> Area:
    old.valid_to = on - dt.timedelta(days=1)
    old.save(update_fields=["valid_to"])
    new = Area(
        code=code,
        name=name,
        level=old.level,
        parent=parent,
        valid_from=on,
        replaces=old,
        made_up=old.made_up,
        source=reason[:100],
    )
    _open(actor, "organizations.recode_area", new, reason=reason)
    _move_offices(actor, old, new, reason)
    own = prefix(new)
    for child in Area.objects.filter(parent=old, valid_to=None).order_by("code"):
        _replace(actor, child, new, own + child.code[len(own) :], child.name, reason=reason, on=on)
    return new


def _move_offices(actor: Actor, old: Area, new: Area, reason: str) -> None:
    """Offices keep the old code (their old matters lie there), gain the new one, and sit under it."""
    for office in Office.objects.filter(areas=old).order_by("pk"):
        office.areas.add(new)
        record(
            actor,
            "organizations.save_office",
            office,
            changes={"areas": [old.code, f"{old.code},{new.code}"]},
            reason=reason,
            area_code=new.code,
        )
    for office in Office.objects.filter(seat=old).order_by("pk"):
        office.seat = new
        office.save(update_fields=["seat"])
        record(
            actor,
            "organizations.save_office",
            office,
            changes={"seat": [old.code, new.code]},
            reason=reason,
            area_code=new.code,
        )
