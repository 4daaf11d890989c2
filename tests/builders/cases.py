"""Cases for tests, made by walking the real services (`config.demo.walk`), never by setting a status.

`street()` gives the people of the first street of the made-up Tianjin district, whose bureau has bound the pack and
recorded the local choices; `walk()` registers a household there; `walk().to("SIGN_OFF")` goes on to that step, days
passing as they must."""

import datetime as dt
import io
import itertools
from decimal import Decimal

from PIL import Image

from cases.enums import Condition, ItemCategory, ItemKind, Relation, Work
from cases.services.intake import Application, ItemData, MemberData
from common import clock
from common.ids import check_digit
from config.demo.choices import record_choices
from config.demo.walk import People, Walk
from organizations.models import Area
from organizations.services.areas import founder
from policies.models import LocalChoice, PackBinding
from policies.services.packs import bind_pack
from tests.builders.organization import DISTRICT, STREET, VILLAGE, actor, district, post
from tests.leaks.plants import ACCOUNT, PHONE

PACK = "tianjin-district-2022"
SINCE = dt.date(2023, 9, 1)
_serial = itertools.count(1)


def picture(kind="picture"):
    """A small real JPEG; another one each time, so that hashes differ."""
    output = io.BytesIO()
    number = next(_serial)
    Image.new("RGB", (64, 48), (number % 256, number // 256 % 256, 120)).save(output, "JPEG")
    return output.getvalue()


def identity(birth=dt.date(1964, 5, 20), sex="F", region="120199"):
    """A valid made-up identity number: another person at each call."""
    sequence = next(_serial) * 2 % 1000 + (sex == "M")
    first = f"{region}{birth:%Y%m%d}{sequence:03d}"
    return first + check_digit(first)


def governed(district_code=DISTRICT, pack=PACK):
    """The district with its pack bound and its bureau's choices recorded; calling it again changes nothing."""
    if not Area.objects.filter(code=district_code).exists():
        district(district_code[:6])
    if not PackBinding.objects.filter(area_code=district_code).exists():
        bind_pack(founder(), area_code=district_code, pack=pack, valid_from=SINCE)
    if not LocalChoice.objects.filter(area_code=district_code).exists():
        record_choices(actor(post("district_supervisor", district_code)), district_code, SINCE, pack)


def street(street_code=STREET, village_code=VILLAGE, pack=PACK):
    """Everybody a street needs, as actors, under the pack of its district."""
    governed(street_code[:6] + "000000", pack)
    return People(
        handler=actor(post("handler", street_code)),
        colleague=actor(post("handler", street_code)),
        deputy=actor(post("deputy_leader", street_code), road="command"),
        principal=actor(post("principal_leader", street_code), road="command"),
        village=actor(post("village", village_code)),
        centre=actor(post("reconciliation", street_code[:6] + "000000")),
    )


def applicant(name="李桂兰", **changes):
    values = {"name": name, "relation": Relation.SELF, "id_number": identity(), "work": Work.UNEMPLOYED}
    return MemberData(**(values | changes))


def application(village_code=VILLAGE, *, members=None, items=None, **changes):
    """An application of one woman without income, unless told otherwise."""
    values = {
        "programme": "DIBAO",
        "village_code": village_code,
        "channel": "window",
        "applied_on": clock.today(),
        "address": "春和里3号楼2门501",
        "phone": PHONE[0],
        "account": ACCOUNT[0],
        "account_holder": "李桂兰",
        "account_bank": "示例银行",
        "difficulty": "本人下岗多年，无固定收入，生活困难。",
        "kin_declared": False,
        "kin_detail": "",
        "rights_told": True,
        "members": members or [applicant()],
        "items": items
        if items is not None
        else [ItemData(ItemKind.INCOME, ItemCategory.TRANSFER, Decimal("420.00"), 0, "养老金")],
    }
    return Application(**(values | changes))


def family():
    """Three generations: the worked example of the calculation sheet (1,900.00 yuan a month)."""
    members = [
        applicant("李桂兰", work=Work.EMPLOYED, id_number=identity(dt.date(1968, 3, 15))),
        MemberData(
            "王德顺", Relation.SPOUSE, identity(dt.date(1967, 1, 9), "M"), Work.RETIRED, Condition.SEVERELY_DISABLED
        ),
        MemberData("王子墨", Relation.GRANDCHILD, identity(dt.date(2012, 6, 1), "M"), Work.STUDENT),
    ]
    items = [
        ItemData(ItemKind.INCOME, ItemCategory.WAGE, Decimal("1450.00"), 0, "保洁"),
        ItemData(ItemKind.INCOME, ItemCategory.TRANSFER, Decimal("420.00"), 1, "养老金"),
        ItemData(ItemKind.INCOME, ItemCategory.SUPPORT, Decimal("300.00"), 2, "其母每月给付"),
    ]
    return application(members=members, items=items)


def walk(people=None, **changes):
    """A registered application, ready to be walked on."""
    built = changes.pop("application", None) or application(**changes)
    return Walk(people or street(), picture).registers(built)


def post_user(one):
    """The user behind an actor."""
    from organizations.models import User

    return User.objects.get(pk=one.user_id)
