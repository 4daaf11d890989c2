"""Walking one household through the real services, step by step, as each person in turn.

The demonstration and the tests use it: nothing here sets a status.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from cases.enums import AppraiserRole, Distance, Method, Opinion, Signer, Step, Vote
from cases.models import Case, CaseMember, EconomicCheck, EconomicItem, FilingItem, Material, Objection, Publicity
from cases.queries import adults, missing_materials, signing_posts
from cases.services import appraisal, check, decision, filing, intake, materials, publicity, review, signing, survey
from cases.services.intake import Application
from common import clock
from common.actors import Actor

HELD = "the demonstration walks its own cases"
Pictures = Callable[[str], bytes]
CAPTIONS = {"door": "门牌", "room": "居室", "kitchen": "厨房", "medicine": "常用药品"}


@dataclass
class People:
    """Who acts in a street: two handlers, its two leaders, a village worker, the check centre. `deputy` and `principal` have an
    actor of the command road as well, for sittings without a code. `leaders`: further signers, where the rules ask for more."""

    handler: Actor
    colleague: Actor
    deputy: Actor
    principal: Actor
    village: Actor
    centre: Actor
    officer: Actor | None = None
    leaders: tuple[Actor, ...] = ()


@dataclass
class Walk:
    """One case on its way. `picture(kind)` gives the bytes of a photograph or scan."""

    people: People
    picture: Pictures
    case_id: int = 0
    notes: dict[str, str] = field(default_factory=dict)
    photographs: tuple[str, ...] = ("door", "room")
    alone: bool = False
    """Nobody else touches the case: it is known from the last act without asking."""
    known: Case | None = None

    @property
    def case(self) -> Case:
        """The case as it is now."""
        if self.alone and self.known:
            return self.known
        return Case.objects.unscoped(reason=HELD).select_related("office").get(pk=self.case_id)

    @property
    def seen(self) -> int:
        """The version that the next act goes by."""
        if self.alone and self.known:
            return self.known.version
        return int(Case.objects.unscoped(reason=HELD).values_list("version", flat=True).get(pk=self.case_id))

    def upload(self, kind: str) -> SimpleUploadedFile:
        return SimpleUploadedFile(f"{kind}.jpg", self.picture(kind), content_type="image/jpeg")

    def do(self, act: Callable[..., Case], actor: Actor, **more: Any) -> "Walk":
        """One act on the case by one of the people."""
        self.known = act(actor, self.case_id, **more, seen=self.seen)
        return self

    # --- application and acceptance

    def registers(self, application: Application, key: str | None = None) -> "Walk":
        self.known = intake.register(self.people.handler, application=application, key=key)
        self.case_id = self.known.pk
        return self

    def submits(self) -> "Walk":
        return self.do(intake.submit, self.people.handler)

    def brings_materials(self) -> "Walk":
        """Everything that acceptance needs: handed in, or proven by data where that is possible."""
        return self.brings(*(one.code for one in missing_materials(self.case))).proves_by_data()

    def brings(self, *codes: str) -> "Walk":
        """The items of the checklist with these codes are handed in."""
        for one in Material.objects.unscoped(reason=HELD).filter(case_id=self.case_id, code__in=codes).order_by("pk"):
            self.do(materials.add_material, self.people.handler, material_id=one.pk, upload=self.upload(one.code))
        return self

    def proves_by_data(self) -> "Walk":
        """What government data can answer is taken from there."""
        for one in Material.objects.unscoped(reason=HELD).filter(case_id=self.case_id, obtainable=True, required=True):
            self.do(materials.material_by_data, self.people.handler, material_id=one.pk, note="公安户籍数据核验")
        return self

    def asks_missing(self) -> "Walk":
        return self.do(materials.ask_missing, self.people.handler)

    def accepts(self) -> "Walk":
        return self.do(materials.accept, self.people.handler)

    def authorizes(self) -> "Walk":
        for member in adults(self.case):
            guardian = not member.has_capacity
            self.do(
                materials.authorize,
                self.people.handler,
                member_id=member.pk,
                signer=Signer.GUARDIAN
                if guardian
                else (Signer.APPLICANT if member.relation == "self" else Signer.MEMBER),
                signer_name=self.case.applicant_name if guardian else member.name,
                in_person=True,
                signed_on=clock.today(),
                scan=self.upload("authorization"),
            )
        return self

    # --- survey and check

    def surveys(self, figures: dict[int, Decimal] | None = None) -> "Walk":
        """The visit is written down, photographed and signed by both investigators and the applicant."""
        self.writes_survey(figures).photographs_home().signs_survey(self.people.handler).signs_survey(
            self.people.colleague
        )
        return self.household_signs().finishes_survey()

    def writes_survey(self, figures: dict[int, Decimal] | None = None) -> "Walk":
        case = self.case
        data = survey.SurveyData(
            visited_on=clock.today(),
            started_at=dt.time(9, 30),
            ended_at=dt.time(10, 20),
            place=case.address or "申请人家中",
            investigators=[self.people.handler.user_id or 0, self.people.colleague.user_id or 0],
            members_found=self.notes.get("members", f"共同生活{case.persons}人，与申报一致。"),
            living=self.notes.get("living", "住房一室一厅，家具简单，无贵重物品。"),
            conclusion=self.notes.get("conclusion", "家庭生活困难，情况属实。"),
            helper_name=self.people.village.name,
            figures=figures or {},
        )
        return self.do(survey.record_survey, self.people.handler, data=data)

    def photographs_home(self) -> "Walk":
        for kind in self.photographs:
            self.do(survey.add_survey_photo, self.people.handler, upload=self.upload(kind), caption=CAPTIONS[kind])
        return self.do(survey.print_survey_form, self.people.handler)

    def signs_survey(self, investigator: Actor) -> "Walk":
        return self.do(survey.sign_survey, investigator)

    def household_signs(self) -> "Walk":
        return self.do(
            survey.sign_survey_household, self.people.handler, signer=Signer.APPLICANT, signer_name=self.case.applicant_name,
            scan=self.upload("survey_form"),
        )  # fmt: skip

    def finishes_survey(self) -> "Walk":
        return self.do(survey.finish_survey, self.people.handler)

    def requests_check(self) -> "Walk":
        return self.do(check.request_check, self.people.handler)

    def centre_answers(self, findings: list[check.Finding] | None = None) -> "Walk":
        """The report: as declared, unless `findings` says otherwise."""
        waiting = EconomicCheck.objects.unscoped(reason=HELD).get(case_id=self.case_id, answered_at=None)
        report = check.Report(
            number=f"核〔{clock.today().year}〕{waiting.pk}号",
            on=clock.today(),
            conclusion="已核对完毕，详见核对明细。",
            findings=self.as_declared() if findings is None else findings,
        )
        check.answer_check(self.people.centre, waiting.pk, report=report)
        self.known = None
        return self

    def as_declared(self) -> list[check.Finding]:
        """Findings that agree with what is known of each member."""
        rows = EconomicItem.objects.unscoped(reason=HELD).filter(case_id=self.case_id).order_by("pk")
        known = [(one, one.declared if one.declared is not None else one.surveyed) for one in rows]
        return [
            check.Finding(one.member_id, one.kind, one.category, amount)
            for one, amount in known
            if one.member_id is not None and amount is not None
        ]

    def settles(self) -> "Walk":
        """Every difference is decided by the report, with a reason, and the check closed."""
        rows = EconomicItem.objects.unscoped(reason=HELD).filter(case_id=self.case_id)
        decided = {
            one.pk: (one.checked if one.checked is not None else one.surveyed, "以核对报告为准")
            for one in rows
            if one.unsettled
        }
        if decided:
            self.do(check.settle_items, self.people.handler, decided=decided)
        return self.do(check.finish_check, self.people.handler)

    def appraises(self, *votes: str) -> "Walk":
        """The appraisal group meets, votes (all agree unless told otherwise), and the signed form is kept."""
        given = votes or (Vote.AGREE, Vote.AGREE, Vote.AGREE)
        seats = [
            appraisal.Seat(f"{surname}代表", AppraiserRole.RESIDENT, True, vote)
            for surname, vote in zip("赵钱孙周吴", given, strict=False)
        ]
        data = appraisal.AppraisalData(
            held_on=clock.today(), place="社区会议室", chaired_by=self.people.handler.name, minutes="经评议，情况属实。",
            seats=seats, assisted_by=self.people.village.name, signer_name="王主任", signer_post="居委会主任",
        )  # fmt: skip
        self.do(appraisal.record_appraisal, self.people.handler, data=data)
        self.do(appraisal.sign_appraisal, self.people.handler, scan=self.upload("appraisal_form"))
        return self.do(appraisal.finish_appraisal, self.people.handler)

    def opens_appraisal(self, reason: str = "群众有不同意见，需要评议。") -> "Walk":
        key = next(str(stage["key"]) for stage in self.case.procedure if stage["step"] == Step.APPRAISAL)
        return self.do(appraisal.open_optional, self.people.handler, stage_key=key, reason=reason)

    # --- review and publicity

    def gives_opinion(self, opinion: str = Opinion.GRANT) -> "Walk":
        grounds = (
            "经调查核对，家庭人均收入低于保障标准。"
            if opinion == Opinion.GRANT
            else "经核对，家庭人均收入不低于保障标准。"
        )
        return self.do(
            review.give_opinion,
            self.people.handler,
            opinion=opinion,
            grounds=grounds,
            basis="《社会救助暂行办法》第九条",
        )

    def posts(self, place: str = "村（居）务公开栏") -> "Walk":
        """The poster is made, sealed, posted and photographed near and far."""
        return self.makes_poster().hangs_poster(place).photographs_board(*Distance.values)

    def makes_poster(self) -> "Walk":
        return self.do(publicity.issue_poster, self.people.handler)

    def hangs_poster(self, place: str = "村（居）务公开栏") -> "Walk":
        return self.do(publicity.record_posting, self.people.village, posted_on=clock.today(), place=place, sealed=True)

    def photographs_board(self, *distances: str) -> "Walk":
        for distance in distances:
            self.do(
                publicity.add_publicity_photo, self.people.village, upload=self.upload(f"board-{distance}"),
                distance=distance, taken_on=clock.today(),
            )  # fmt: skip
        return self

    def objected(self, content: str = "反映这一户有子女在外打工寄钱。") -> "Walk":
        return self.do(
            publicity.raise_objection, self.people.handler, raised_on=clock.today(), content=content, anonymous=True
        )

    def answers_objection(self) -> "Walk":
        row = Objection.objects.unscoped(reason=HELD).filter(case_id=self.case_id, answered_at=None).earliest("pk")
        answer = "经重新入户调查，反映的情况不属实。"
        return self.do(
            publicity.answer_objection, self.people.handler, objection_id=row.pk, upheld=False, answer=answer
        )

    def waits_for_the_end_of_publicity(self) -> "Walk":
        """The days pass until the round that hangs may be closed."""
        row = Publicity.objects.unscoped(reason=HELD).filter(case_id=self.case_id).latest("pk")
        assert row.open_from is not None  # noqa: S101 - the poster hangs
        return self.days_pass(max(0, (row.open_from - clock.today()).days))

    def finishes_publicity(self) -> "Walk":
        return self.do(publicity.finish_publicity, self.people.handler)

    # --- signatures, decision, service, benefit

    def all_sign(self) -> "Walk":
        """Everybody whose signature the rules ask for, in their order, each place another person."""
        waiting = [self.people.deputy, self.people.principal, *self.people.leaders]
        for post in signing_posts(self.case, clock.today()):
            signer = next(one for one in waiting if one.post == post)
            waiting.remove(signer)
            self.signs(signer)
        return self

    def files(self) -> "Walk":
        """The result goes to the district, alone."""
        filing.file_results(self.people.handler, seen={self.case_id: self.seen})
        self.known = None
        return self

    def is_received(self) -> "Walk":
        """The district receives the summary."""
        item = FilingItem.objects.unscoped(reason=HELD).filter(case_id=self.case_id).latest("pk")
        assert self.people.officer is not None  # noqa: S101 - who files has a district to file with
        filing.receive_filing(self.people.officer, item.filing_id, remarks="收悉")
        return self

    def signs(self, signer: Actor) -> "Walk":
        """One leader signs, in a sitting that only a marked database opens without a code."""
        sitting = signing.open_unattended_sitting(signer, case_ids=[self.case_id])
        return self.do(signing.sign, signer, sitting_id=sitting.pk, remark="同意")

    def decides(self, reasons: str = "") -> "Walk":
        return self.do(decision.decide, self.people.handler, reasons=reasons)

    def serves(self) -> "Walk":
        return self.do(
            decision.serve, self.people.handler, method=Method.IN_PERSON, served_on=clock.today(),
            received_by=self.case.applicant_name, receiver_relation="本人", duties_told=True, remedies_told=True,
            scan=self.upload("delivery"),
        )  # fmt: skip

    def starts_benefit(self) -> "Walk":
        return self.do(decision.start_benefit, self.people.handler)

    def to(self, step: str, *, opinion: str = Opinion.GRANT) -> "Walk":
        """From registered on to the opening of `step`, in the order of the case's own procedure, days passing as they must.
        `CONFIRMED` walks to the end."""
        while not self.case.outcome and step not in self.open_steps():
            self.does(self.open_steps()[0], opinion)
        return self

    def open_steps(self) -> list[str]:
        """The steps of the open stages, in the procedure's order."""
        case = self.case
        return [str(stage["step"]) for stage in case.procedure if stage["key"] in case.open_keys]

    def does(self, step: str, opinion: str = Opinion.GRANT) -> "Walk":
        """What the people do in one open step."""
        refused = opinion == Opinion.REFUSE
        work: dict[str, Callable[[], object]] = {
            Step.INTAKE: self.submits,
            Step.ACCEPTANCE: lambda: self.brings_materials().accepts().authorizes(),
            Step.SURVEY: self.surveys,
            Step.ECONOMIC_CHECK: lambda: self.requests_check().centre_answers().settles(),
            Step.APPRAISAL: self.appraises,
            Step.INITIAL_REVIEW: lambda: self.gives_opinion(opinion),
            Step.PUBLICITY: lambda: self.posts().waits_for_the_end_of_publicity().finishes_publicity(),
            Step.SIGN_OFF: self.all_sign,
            Step.DECISION: lambda: self.decides("人均收入不低于保障标准" if refused else ""),
            Step.FILING: self.files,
            Step.DELIVERY: self.serves,
            Step.PAYMENT_START: self.starts_benefit,
        }
        work[step]()
        return self

    def days_pass(self, days: int) -> "Walk":
        clock.move(clock.now() + dt.timedelta(days=days))
        return self

    def members(self) -> list[CaseMember]:
        """The members of the case, the applicant first."""
        return list(CaseMember.objects.unscoped(reason=HELD).filter(case_id=self.case_id).order_by("pk"))
