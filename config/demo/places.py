"""The demonstration's districts: divisions, offices, packs, what is delegated. Every function may run again and changes nothing then."""

import datetime as dt

from django.db import transaction

from common.actors import Actor
from config.demo.choices import record_choices
from organizations.enums import DelegatedProgramme, OfficeKind
from organizations.models import Area, Delegation, Office
from organizations.services.areas import area_rows, founder, load_areas
from organizations.services.offices import delegate, load_offices, load_special_offices, save_office
from policies.models import LocalChoice, PackBinding
from policies.services.packs import bind_pack

FOUNDED = dt.date(2023, 9, 1)
"""The day from which everything is in force: after the youngest of the five documents, before the first household."""

DISTRICT = "120199000000"
NANKAI, YUQUAN, CHENGQU, JILIN = "120104000000", "150104000000", "140502000000", "229901000000"
PACKS = {
    DISTRICT: "tianjin-district-2022",
    NANKAI: "nankai-2022",
    YUQUAN: "yuquan-2020",
    CHENGQU: "jincheng-chengqu-2023",
    "229900000000": "jilin-2019",
}
DISTRICTS = (DISTRICT, NANKAI, YUQUAN, CHENGQU, JILIN, "229902000000")

STREETS = {
    "120199001000": ("示一", "022-00001001", "示例区文杏道1号"),
    "120199002000": ("示二", "022-00001002", "示例区玉兰道2号"),
    "120199003000": ("示三", "022-00001003", "示例区知秋道3号"),
    "120199004000": ("示四", "022-00001004", "示例区望湖道4号"),
    "120199100000": ("示镇", "022-00001005", "示例区示例镇政府路5号"),
    "150104001000": ("玉一", "0471-00001001", "玉泉区示例路1号"),
    "140502001000": ("城一", "0356-00001001", "城区示例街1号"),
    "120104001000": ("南一", "022-00002001", "南开区示例路1号"),
}
"""Number prefix, supervision telephone and address of each town/street where cases run; all invented."""

ZONE = "示例区开发区管理委员会"
OPERATOR = "阳光救助系统运行中心"
FURTHER_OFFICES = [
    ("天津市民政局", OfficeKind.GOVERNMENT, "120000000000", ["120000000000"]),
    ("吉林省民政厅", OfficeKind.GOVERNMENT, "220000000000", ["220000000000"]),
    ("示例区纪检监察机关", OfficeKind.DISCIPLINE, DISTRICT, [DISTRICT]),
    ("示例社会工作服务中心", OfficeKind.THIRD_PARTY, DISTRICT, [DISTRICT]),
    (OPERATOR, OfficeKind.OPERATOR, "120000000000", ["120000000000", "140000000000", "150000000000", "220000000000"]),
]

DELEGATED = {
    DISTRICT: (("DIBAO", "TEKUN", "LOW_INCOME", "EDGE", "TEMPORARY"), "002 二(一)3"),
    NANKAI: (("DIBAO", "TEKUN", "LOW_INCOME", "EDGE", "TEMPORARY"), "000 一"),
    YUQUAN: (("DIBAO", "TEKUN", "TEMPORARY"), "001 第四条(一)1、第二条"),
    CHENGQU: (("DIBAO", "TEKUN"), "004 标题、四(一)-(二)"),
}
"""What each document delegates to the towns/streets (ORG-03, ORG-04); the Jilin document delegates nothing."""


def found_places() -> None:
    """Divisions, offices, packs in force, delegations."""
    load_areas(founder(), area_rows(), valid_from=None)
    for district in DISTRICTS:
        load_offices(founder(), district)
    load_special_offices(founder())
    _further_offices()
    _furnish_streets()
    for area_code, pack in PACKS.items():
        if not PackBinding.objects.filter(area_code=area_code).exists():
            bind_pack(founder(), area_code=area_code, pack=pack, valid_from=FOUNDED)
    for district, (programmes, basis) in DELEGATED.items():
        for programme in programmes:
            _delegate(district, DelegatedProgramme(programme), basis)


def _further_offices() -> None:
    present = set(Office.objects.values_list("name", flat=True))
    for name, kind, seat, areas in FURTHER_OFFICES:
        if name not in present:
            save_office(founder(), None, name=name, kind=kind, seat_code=seat, area_codes=areas)


def _furnish_streets() -> None:
    """Telephone, address and a number prefix of their own for the offices whose papers are printed."""
    for code, (prefix, hotline, address) in STREETS.items():
        office = Office.objects.get(seat__code=code, kind=OfficeKind.STREET)
        if office.hotline:
            continue
        save_office(
            founder(), office.pk, name=office.name, kind=office.kind, seat_code=code, area_codes=[code],
            short_name=office.short_name, hotline=hotline, address=address, number_prefix=prefix,
        )  # fmt: skip
    zone = Office.objects.get(name=ZONE)
    if not zone.hotline:
        covered = list(zone.areas.values_list("code", flat=True))
        save_office(
            founder(), zone.pk, name=zone.name, kind=zone.kind, seat_code=DISTRICT, area_codes=covered,
            short_name=zone.short_name, hotline="022-00001006", address="示例区创业路6号", number_prefix=zone.number_prefix,
        )  # fmt: skip


def _delegate(district: str, programme: str, basis: str) -> None:
    if not Delegation.objects.filter(district__code=district, programme=programme).exists():
        delegate(founder(), district_code=district, programme=programme, basis=basis, valid_from=FOUNDED)


def choose(supervisor: Actor, district: str) -> None:
    """The local choices of a district, all or none."""
    with transaction.atomic():
        if not LocalChoice.objects.filter(area_code=district).exists():
            record_choices(supervisor, district, FOUNDED, PACKS[district])


def villages_of(office: Office) -> list[Area]:
    """The villages of an office, those left out that another office covers by name."""
    zone = set(Office.objects.get(name=ZONE).areas.values_list("code", flat=True))
    if office.name == ZONE:
        return list(Area.objects.filter(code__in=zone).order_by("code"))
    found = Area.objects.filter(parent__code=office.seat.code, valid_to=None).exclude(code__in=zone)
    return list(found.order_by("code"))
