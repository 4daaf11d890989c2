"""One household of the demonstration: who they are, how far they have come, and the walk there."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from cases.enums import Channel, Distance, ExcuseKind, ItemCategory, ItemKind, Opinion
from cases.models import CaseLimit, CaseMember, EconomicCheck, HouseholdMember, Material
from cases.services import check, intake, materials, publicity, signing
from cases.services.excuses import record_excuse
from cases.services.intake import Application
from common import clock
from common.errors import KeyReused
from config.demo import pictures
from config.demo.families import Family, family, identity_number
from config.demo.journeys import Ending, ending_of
from config.demo.timetable import IsWorking, timetable
from config.demo.walk import HELD, People, Walk
from organizations.models import Area

CHANNELS = (Channel.WINDOW, Channel.VILLAGE, Channel.JINXINBAN, Channel.HOTLINE, Channel.TELEPHONE)
CHANNEL_WEIGHTS = (60, 25, 8, 4, 3)
KIN = 0.03
TOO_MUCH, MORE = Decimal("1.6"), Decimal("1.10")
STANDARD = Decimal("1080.00")


@dataclass(frozen=True)
class Plan:
    """What is known of a household before it is walked."""

    key: str
    index: int
    way: str
    ending: Ending
    moments: list[dt.datetime]
    random: Random


def plan(seed: int, index: int, last: dt.date, is_working: IsWorking) -> Plan:
    """The plan of one household; the same seed and number give the same one on the same day."""
    random = Random(f"{seed}:{index}")  # noqa: S311 - made-up people, not a secret
    way, ending = ending_of(random, index)
    return Plan(f"demo-{seed}-{index}", index, way, ending, timetable(random, ending, last, is_working), random)


def application_of(one: Plan, village: Area, people: People) -> tuple[Application, Family]:
    """The application of the household, as said at the window."""
    random, day = one.random, one.moments[0].date()
    home = family(random, day, lambda birth, sex, place: free_number(birth, sex, one.index * 6 + place))
    channel = random.choices(CHANNELS, CHANNEL_WEIGHTS)[0]
    kin = random.random() < KIN
    stem = village.name.removesuffix("社区")
    house = f"{random.randint(1, 24)}号楼{random.randint(1, 6)}门{random.randint(1, 6)}0{random.randint(1, 3)}"
    built = Application(
        programme="DIBAO",
        village_code=village.code,
        channel=channel,
        applied_on=day,
        address=f"{stem}{house}"
        if stem != village.name
        else f"{village.name}{random.randint(1, 30)}排{random.randint(1, 12)}号",
        phone=f"1390000{random.randrange(10_000):04d}",
        account=f"100000{random.randrange(10**10):010d}",
        account_holder=home.members[0].name,
        account_bank="示例银行示例支行",
        difficulty=home.difficulty,
        kin_declared=kin,
        kin_detail="表兄，示例区另一街道工作人员" if kin else "",
        rights_told=True,
        members=home.members,
        items=home.items,
        agent_name=people.village.name if channel == Channel.VILLAGE else "",
        agent_relation="社区民政工作人员" if channel == Channel.VILLAGE else "",
    )
    return built, home


def free_number(birth: dt.date, sex: str, code: int) -> str:
    """An identity number that nobody in the database has: another seed may have drawn the same one."""
    held = HouseholdMember.objects.unscoped(reason="a made-up number must be nobody's yet")
    index_of = HouseholdMember._meta.get_field("id_number_index").index_of
    number = identity_number(birth, sex, code)
    while held.filter(id_number_index=index_of(number)).exists():
        code += 1
        number = identity_number(birth, sex, code)
    return number


@dataclass
class Story(Walk):
    """A walk with the finer legs of the demonstration."""

    chance: Random = field(default_factory=Random)
    alone: bool = True

    @classmethod
    def of(cls, one: Plan, people: People) -> "Story":
        numbers = one.random.randrange(1000)
        return cls(people, lambda kind: pictures.picture(kind, numbers), chance=one.random)

    def tell(self, one: Plan, village: Area) -> None:
        """Walk every leg at its moment. A household that has been walked already is left alone."""
        with clock.moved(one.moments[0]):
            application, home = application_of(one, village, self.people)
            self.photographs = home.photographs
            self.notes["living"] = home.living
            try:
                self.registers(application, key=one.key)
            except KeyReused:
                return  # the process of an earlier run was about to end with this very household
            for leg, moment in zip(one.ending.legs[1:], one.moments[1:], strict=True):
                clock.move(moment)
                getattr(self, leg.name)()

    def brings_one(self) -> None:
        self.brings("application_form")

    def brings_materials(self) -> "Story":
        """What is required, and what shows the income or the illness where there is one."""
        wanted = {"income_proof"} if self.chance.random() < 0.3 else set()
        if "medicine" in self.photographs:
            wanted.add("illness_proof")
        present = Material.objects.unscoped(reason=HELD).filter(case_id=self.case_id, code__in=wanted)
        self.brings(*present.values_list("code", flat=True))
        super().brings_materials()
        return self

    def first_investigator_signs(self) -> None:
        self.signs_survey(self.people.handler)

    def second_investigator_signs(self) -> None:
        self.signs_survey(self.people.colleague)

    def centre_finds_more(self) -> None:
        """The first income is somewhat higher than declared."""
        first, *others = self._incomes()
        more = (first.amount * MORE + 10).quantize(Decimal("1")).quantize(Decimal("0.01"))
        self.centre_answers([check.Finding(first.member_id, first.kind, first.category, more), *others])

    def centre_finds_too_much(self) -> None:
        """Undeclared business income lifts the household above the standard."""
        persons = len(self.members())
        known = self.as_declared()
        applicant = CaseMember.objects.unscoped(reason=HELD).filter(case_id=self.case_id).earliest("pk")
        amount = (STANDARD * persons * TOO_MUCH).quantize(Decimal("0.01"))
        hidden = check.Finding(applicant.pk, ItemKind.INCOME, ItemCategory.BUSINESS, amount, "市场主体登记：经营小超市")
        self.centre_answers([*known, hidden])

    def _incomes(self) -> list[check.Finding]:
        """As declared, an income first."""
        return sorted(self.as_declared(), key=lambda one: one.kind != ItemKind.INCOME)

    def proposes_grant(self) -> None:
        self.gives_opinion()

    def proposes_refusal(self) -> None:
        self.gives_opinion(Opinion.REFUSE)

    def photographs_near(self) -> None:
        self.photographs_board(Distance.NEAR)

    def photographs_far(self) -> None:
        self.photographs_board(Distance.FAR)

    def loses_poster(self) -> None:
        cause = self.chance.choice(("大风刮落", "雨水浸湿，字迹不清", "被小广告覆盖"))
        self.do(publicity.record_loss, self.people.village, lost_on=clock.today(), cause=cause)

    def restores_poster(self) -> None:
        self.do(publicity.record_restoring, self.people.village, restored_on=clock.today())

    def excuses(self) -> None:
        """Why the limit that is late first was missed: the check centre where its answer is awaited, else the household."""
        limit = (
            CaseLimit.objects.unscoped(reason=HELD)
            .filter(case_id=self.case_id, ended_on=None)
            .earliest("flag_on", "pk")
        )
        waiting = EconomicCheck.objects.unscoped(reason=HELD).filter(case_id=self.case_id, answered_at=None).first()
        if waiting:
            kind, reason, since = (
                ExcuseKind.CHECK_CENTRE,
                "核对平台排队，已电话催办三次",
                waiting.requested_at.astimezone(clock.ZONE).date(),
            )
        else:
            kind, reason, since = ExcuseKind.APPLICANT, "申请人住院，补签的材料送来得晚", limit.started_on
        self.do(record_excuse, self.people.handler, limit_id=limit.pk, kind=kind, reason=reason, since=since)

    def deputy_signs(self) -> None:
        self.signs(self.people.deputy)

    def principal_signs(self) -> None:
        self.signs(self.people.principal)

    def principal_returns(self) -> None:
        reason = "请补充说明赡养费的认定依据"
        self.do(signing.return_signing, self.people.principal, reason=reason)

    def decides_refusal(self) -> None:
        self.decides("经核对，家庭人均月收入不低于当地最低生活保障标准")

    def withdraws(self) -> None:
        reason = self.chance.choice(("已找到稳定工作，申请人主动撤回", "子女接走共同生活，不再需要救助"))
        self.do(intake.withdraw, self.people.handler, reason=reason)

    def refuses_survey(self) -> None:
        self.do(intake.terminate, self.people.handler, reason="两次约定时间后均拒绝入户调查")

    def refuses_check(self) -> None:
        self.do(intake.terminate, self.people.handler, reason="调查后要求停止核对，不再配合提供经济状况信息")

    def refuses_acceptance(self) -> None:
        reason = "申请人户籍和居住地均不在本街道，已告知向居住地街道申请"
        self.do(materials.refuse_acceptance, self.people.handler, reason=reason, basis="《社会救助暂行办法》第十一条")
