"""Acts on offices and on what is delegated to them (ORG-02 … ORG-05)."""

import datetime as dt
import tomllib
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from common.actors import Actor
from common.acts import act
from common.errors import Invalid, NotFound
from journal.services import record
from organizations.enums import DelegatedProgramme, Level, OfficeKind
from organizations.models import Area, Delegation, Office
from organizations.queries import bounds
from organizations.services.areas import DATA, require_administrator
from organizations.services.powers import derive_powers

VALUES = ("name", "kind", "seat", "short_name", "hotline", "address", "number_prefix", "treated_as_city", "parent")


@act("organizations.save_office")
def save_office(
    actor: Actor,
    office_id: int | None,
    *,
    name: str,
    kind: str,
    seat_code: str,
    area_codes: list[str],
    short_name: str = "",
    hotline: str = "",
    address: str = "",
    number_prefix: str = "",
    treated_as_city: bool = False,
    parent_id: int | None = None,
    key: str | None = None,
) -> Office:
    """Register or change an office with the areas it covers; every change is in the journal, powers follow at once."""
    office = managed_office(actor, office_id) if office_id else Office()
    areas = _areas_of(actor, office, seat_code, area_codes)
    if not name.strip():
        raise Invalid(_("请填写机构名称。"), field="name")
    if kind not in OfficeKind.values:
        raise Invalid(_("请选择机构类型。"), field="kind")
    values = {
        "name": name.strip(),
        "kind": kind,
        "seat": areas[0],
        "short_name": short_name.strip(),
        "hotline": hotline.strip(),
        "address": address.strip(),
        "number_prefix": number_prefix.strip(),
        "treated_as_city": treated_as_city,
        "parent": managed_office(actor, parent_id) if parent_id else None,
    }
    before = {key: str(getattr(office, key)) for key in VALUES} if office.pk else {}
    for key, value in values.items():
        setattr(office, key, value)
    try:
        with transaction.atomic():
            office.save()
    except IntegrityError as error:
        raise Invalid(_("已有同名机构。请核对名称。"), field="name") from error
    covered_before = sorted(office.areas.values_list("code", flat=True)) if before else []
    office.areas.set(areas[1:])
    changes: dict[str, Any] = {k: [before.get(k), str(v)] for k, v in values.items() if before.get(k) != str(v)}
    covered = sorted(area.code for area in areas[1:])
    if covered != covered_before:
        changes["areas"] = [covered_before, covered]
    record(actor, "organizations.save_office", office, changes=changes, area_code=seat_code)
    if "areas" in changes:
        _derive_all(office)
    return office


def managed_office(actor: Actor, office_id: int) -> Office:
    """The office, locked, if its seat lies in the administrator's area and it was not closed."""
    found = Office.objects.select_for_update(of=("self",)).select_related("seat").filter(pk=office_id).first()
    if found is None:
        raise NotFound()
    require_administrator(actor, found.seat.code)
    if found.closed_on is not None:
        raise Invalid(_("这个机构已经撤销，不能再改。"))
    return found


def _areas_of(actor: Actor, office: Office, seat_code: str, area_codes: list[str]) -> list[Area]:
    """The seat, then the areas covered: all in force and in the administrator's area. Replaced codes already covered
    stay, because old matters lie there."""
    require_administrator(actor, seat_code)
    found = {area.code: area for area in Area.objects.filter(code__in={seat_code, *area_codes}, valid_to=None)}
    if seat_code not in found:
        raise Invalid(_("请选择机构所在区划，区划必须已经登记且在用。"), field="seat_code")
    if not area_codes or any(code not in found for code in area_codes):
        raise Invalid(_("请选择管辖范围，区划必须已经登记且在用。"), field="area_codes")
    for code in area_codes:
        require_administrator(actor, code)
    replaced = list(office.areas.exclude(valid_to=None).order_by("code")) if office.pk else []
    return [found[seat_code], *(found[code] for code in sorted(set(area_codes))), *replaced]


def _derive_all(office: Office) -> None:
    for appointment in office.appointments.select_related("user").order_by("user_id").distinct("user_id"):
        derive_powers(appointment.user)


@act("organizations.close_office")
def close_office(actor: Actor, office_id: int, *, on: dt.date, reason: str, key: str | None = None) -> Office:
    """Close an office after its last day; it must have no posts held beyond that day and no units of its own."""
    office = managed_office(actor, office_id)
    if not reason.strip():
        raise Invalid(_("请写明撤销依据，例如批复文号。"), field="reason")
    if office.appointments.filter(Q(valid_to=None) | Q(valid_to__gt=on)).exists():
        raise Invalid(_("这个机构在撤销日之后还有人任职。请先登记离任。"), field="on")
    if office.units.filter(closed_on=None).exists():
        raise Invalid(_("这个机构还有下设单位。请先处理下设单位。"), field="on")
    office.closed_on = on
    office.save(update_fields=["closed_on"])
    record(
        actor,
        "organizations.close_office",
        office,
        changes={"closed_on": [None, on.isoformat()]},
        reason=reason,
        area_code=office.seat.code,
    )
    return office


@act("organizations.delegate")
def delegate(
    actor: Actor, *, district_code: str, programme: str, basis: str, valid_from: dt.date, key: str | None = None
) -> Delegation:
    """Record that the district's streets confirm a programme from a day on (ORG-03, ORG-04)."""
    require_administrator(actor, district_code)
    district = Area.objects.select_for_update(of=("self",)).filter(code=district_code, level=Level.DISTRICT).first()
    if district is None:
        raise NotFound()
    if programme not in DelegatedProgramme.values:
        raise Invalid(_("请选择救助类型。"), field="programme")
    if not basis.strip():
        raise Invalid(_("请写明权限下放的依据，例如文件名称和条款。"), field="basis")
    later = Q(valid_to=None) | Q(valid_to__gte=valid_from)
    if Delegation.objects.filter(later, district=district, programme=programme).exists():
        raise Invalid(_("这一救助类型的审核确认权限在这一天已经下放，不用重复登记。"), field="programme")
    row = Delegation.objects.create(district=district, programme=programme, basis=basis.strip(), valid_from=valid_from)
    changes = {"programme": [None, programme], "valid_from": [None, valid_from.isoformat()]}
    record(actor, "organizations.delegate", row, changes=changes, basis=basis.strip(), area_code=district_code)
    return row


@act("organizations.end_delegation")
def end_delegation(actor: Actor, delegation_id: int, *, on: dt.date, reason: str, key: str | None = None) -> Delegation:
    """Take a delegated authority back after its last day; decisions made until then stand."""
    row = Delegation.objects.select_related("district").filter(pk=delegation_id).first()
    if row is None:
        raise NotFound()
    require_administrator(actor, row.district.code)
    Area.objects.select_for_update().get(pk=row.district_id)
    row.refresh_from_db(fields=["valid_to"])
    if row.valid_to is not None:
        raise Invalid(_("这项权限已经登记收回，不能再改。"), field="on")
    if on < row.valid_from:
        raise Invalid(_("收回日期不能早于下放日期。请核对日期。"), field="on")
    if not reason.strip():
        raise Invalid(_("请写明收回依据。"), field="reason")
    row.valid_to = on
    row.save(update_fields=["valid_to"])
    record(
        actor,
        "organizations.end_delegation",
        row,
        changes={"valid_to": [None, on.isoformat()]},
        reason=reason,
        area_code=row.district.code,
    )
    return row


@act("organizations.load_offices")
def load_offices(actor: Actor, district_code: str, *, key: str | None = None) -> list[Office]:
    """The offices every district has, named after its areas: bureau, check centre, supervising unit, one per
    town/street, one per village. What exists already stays as it is. Returns what was added."""
    require_administrator(actor, district_code)
    district = Area.objects.filter(code=district_code, level=Level.DISTRICT).select_related("parent__parent").first()
    if district is None:
        raise NotFound()
    lo, hi = bounds(district)
    below = Area.objects.filter(code__gt=lo, code__lt=hi, valid_to=None)
    rows = _standard_offices(district, list(below.select_related("parent").order_by("code")))
    return _add_missing(actor, rows)


@act("organizations.load_special_offices")
def load_special_offices(actor: Actor, *, key: str | None = None) -> list[Office]:
    """The offices of organizations/data/offices.toml: over several ranges, or treated like a city (ORG-02)."""
    with (DATA / "offices.toml").open("rb") as file:
        return _add_missing(actor, tomllib.load(file)["office"])


def _add_missing(actor: Actor, rows: list[dict[str, Any]]) -> list[Office]:
    present = set(Office.objects.filter(name__in=[row["name"] for row in rows]).values_list("name", flat=True))
    return [save_office(actor, None, **row) for row in rows if row["name"] not in present]


def _standard_offices(district: Area, below: list[Area]) -> list[dict[str, Any]]:
    def row(name: str, kind: OfficeKind, area: Area, short_name: str = "", prefix: str = "") -> dict[str, Any]:
        return {
            "name": name,
            "kind": str(kind),
            "seat_code": area.code,
            "area_codes": [area.code],
            "short_name": short_name,
            "number_prefix": prefix,
        }

    whole = f"{_city_name(district)}{district.name}"
    short = district.name[-1:]
    rows = [
        row(f"{whole}民政局", OfficeKind.GOVERNMENT, district, f"{short}民政局", f"{district.name[:2]}民"),
        row(f"{whole}社会救助中心", OfficeKind.SUPERVISING_UNIT, district, f"{short}社救中心"),
        row(f"{whole}居民家庭经济状况核对中心", OfficeKind.CHECK_CENTRE, district, f"{short}核对中心"),
    ]
    for area in below:
        if area.level == Level.STREET:
            body = "办事处" if area.name.endswith("街道") else "人民政府"
            prefix = area.name.removesuffix("街道").removesuffix("镇")
            rows.append(row(f"{whole}{area.name}{body}", OfficeKind.STREET, area, area.name, prefix))
        elif area.parent is not None:
            body = "村民委员会" if area.name.endswith("村") else "居民委员会"
            rows.append(row(f"{whole}{area.parent.name}{area.name}{body}", OfficeKind.VILLAGE, area, area.name))
    return rows


def _city_name(district: Area) -> str:
    """The city above a district; directly under a municipality (市辖区) the municipality itself."""
    above = district.parent
    if above is not None and above.name in {"市辖区", "县"}:
        above = above.parent
    return above.name if above else ""
