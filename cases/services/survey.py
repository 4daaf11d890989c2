"""入户调查: the visit, its findings, photographs and signatures (SUR-01 … SUR-10, SUR-13, SUR-16; 002 二(一)2)."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from archives.enums import PaperKind
from archives.services import issue
from cases import documents
from cases.access import begin, cite
from cases.enums import Signer
from cases.errors import Incomplete, SamePerson
from cases.flow import Move
from cases.models import Case, CaseMember, EconomicItem, Survey, SurveyInvestigator, SurveyPhoto
from cases.services import engine
from common import clock, files
from common.actors import Actor
from common.acts import act
from common.errors import Invalid
from organizations.queries import holders
from policies.queries import Rules, Value

HELD = "rows of a case already held"


@dataclass(frozen=True)
class SurveyData:
    """What the investigators write down; `figures` gives per economic item the amount found, `found` new lines."""

    visited_on: dt.date
    started_at: dt.time
    ended_at: dt.time
    place: str
    investigators: list[int]
    members_found: str
    living: str
    conclusion: str
    helper_name: str = ""
    figures: dict[int, Decimal] = field(default_factory=dict)
    found: list[tuple[str, str, str, Decimal]] = field(default_factory=list)


@act("cases.record_survey")
def record_survey(actor: Actor, case_id: int, *, data: SurveyData, seen: int) -> Case:
    """Write down or correct the visit. Signatures given before a correction fall away: one signs what one has read."""
    case, move = begin(actor, case_id, "record_survey", seen)
    people = _investigators(case, data.investigators)
    _check(case, data)
    stage = engine.current(case, move)
    survey = Survey.objects.unscoped(reason=HELD).filter(stage=stage).first() or Survey(stage=stage, case=case)
    before = documents.survey_content(survey) if survey.pk else {}
    survey.area_code = case.area_code
    for name in (
        "visited_on",
        "started_at",
        "ended_at",
        "place",
        "members_found",
        "living",
        "conclusion",
        "helper_name",
    ):
        value = getattr(data, name)
        setattr(survey, name, value.strip() if isinstance(value, str) else value)
    survey.signer, survey.signer_name, survey.signed_scan = "", "", None
    survey.save()
    SurveyInvestigator.objects.unscoped(reason=HELD).filter(survey=survey).delete()
    for appointment in people:
        SurveyInvestigator.objects.create(
            survey=survey, area_code=case.area_code, user=appointment.user, name=appointment.user.name,
            post_title=appointment.post_title,
        )  # fmt: skip
    _write_figures(case, data)
    return engine.trace(actor, case, move, personal={"survey": [before, documents.survey_content(survey)]})


def _investigators(case: Case, user_ids: list[int]) -> list[Any]:
    """The appointments of the named investigators: different persons, in the number the rules ask for (SUR-03, SUR-04)."""
    if len(set(user_ids)) != len(user_ids):
        raise SamePerson(_("调查人员不能重复。请选择不同的人。"), basis=cite(case, "SUR-04"))
    minimum = Rules(case.area_code, clock.today())["sur.investigators_min"]
    if isinstance(minimum, Value) and not minimum.open and len(user_ids) < minimum.value:
        raise Incomplete(
            _("每组调查人员不得少于%(n)d人，现在只有%(has)d人。请再选一位。")
            % {"n": minimum.value, "has": len(user_ids)},
            field="investigators",
            basis=minimum.cited,
        )
    if not user_ids:
        raise Incomplete(_("请选择调查人员。"), field="investigators")
    found = {one.user_id: one for one in eligible_investigators(case)}
    if set(user_ids) - found.keys():
        raise Invalid(_("所选人员在本街道没有调查职责。请从名单里选择。"), field="investigators")
    return [found[user_id] for user_id in user_ids]


def eligible_investigators(case: Case) -> list[Any]:
    """Street handlers of the case's area; village staff help, they do not investigate."""
    return holders("handler", case.area_code)


def _check(case: Case, data: SurveyData) -> None:
    if not case.accepted_on or not case.accepted_on <= data.visited_on <= clock.today():
        raise Invalid(_("调查日期应在受理之日到今天之间。请核对。"), field="visited_on")
    if data.ended_at <= data.started_at:
        raise Invalid(_("结束时间应晚于开始时间。请核对。"), field="ended_at")
    wanted = {
        "place": _("调查地点"),
        "members_found": _("人口情况"),
        "living": _("实际生活情况"),
        "conclusion": _("调查结论"),
    }
    for name, label in wanted.items():
        if not getattr(data, name).strip():
            raise Incomplete(_("还没有填写%(what)s。") % {"what": label}, field=name, basis=cite(case, "SUR-05"))


def _write_figures(case: Case, data: SurveyData) -> None:
    for item in EconomicItem.objects.unscoped(reason=HELD).filter(case=case):
        if item.pk in data.figures:
            item.surveyed = data.figures[item.pk]
            item.save(update_fields=["surveyed"])
    for kind, category, note, amount in data.found:
        EconomicItem.objects.create(
            case=case, area_code=case.area_code, kind=kind, category=category, note=note.strip(), surveyed=amount
        )


def _survey(case: Case, move: Move) -> Survey:
    survey = Survey.objects.unscoped(reason=HELD).filter(stage=engine.current(case, move)).first()
    if survey is None:
        raise Incomplete(_("还没有登记入户调查的内容。请先填写调查表。"))
    return survey


@act("cases.sign_survey")
def sign_survey(actor: Actor, case_id: int, *, seen: int) -> Case:
    """An investigator signs the survey under the own account (SUR-07, ORG-18)."""
    case, move = begin(actor, case_id, "sign_survey", seen)
    rows = SurveyInvestigator.objects.unscoped(reason=HELD).filter(survey=_survey(case, move), user_id=actor.person_id)
    mine = rows.first()
    if mine is None:
        raise Invalid(_("您不是这次调查的调查人员，不用签字。"))
    if mine.signed_at:
        raise Invalid(_("您已经签过字，不用重复签。"))
    mine.signed_at = clock.now()
    mine.save(update_fields=["signed_at"])
    return engine.trace(actor, case, move, changes={"investigator": [None, actor.user_id]})


@act("cases.sign_survey_household")
def sign_survey_household(
    actor: Actor, case_id: int, *, signer: str, signer_name: str, scan: UploadedFile, seen: int
) -> Case:
    """Keep the survey form signed by applicant, member or guardian, and which of them signed (SUR-08)."""
    case, move = begin(actor, case_id, "sign_survey", seen)
    survey = _survey(case, move)
    names = set(CaseMember.objects.unscoped(reason=HELD).filter(case=case).values_list("name", flat=True))
    if signer not in Signer.values:
        raise Invalid(_("请选择由谁签字：申请人、家庭成员或监护人。"), field="signer", basis=cite(case, "SUR-08"))
    if not signer_name.strip():
        raise Invalid(_("请填写签字人姓名。"), field="signer_name")
    if signer == Signer.APPLICANT and signer_name.strip() != case.applicant_name:
        raise Invalid(_("签字人与申请人姓名不一致。请核对，或改选家庭成员、监护人。"), field="signer_name")
    if signer == Signer.MEMBER and signer_name.strip() not in names:
        raise Invalid(_("签字人不在家庭成员里。请核对姓名，或改选监护人。"), field="signer_name")
    survey.signer, survey.signer_name = signer, signer_name.strip()
    survey.signed_scan = files.store(actor, scan, area_code=case.area_code, purpose="survey_form", field="scan")
    survey.save()
    return engine.trace(
        actor, case, move, changes={"household_signer": [None, signer], "sha256": [None, survey.signed_scan.sha256]}
    )


@act("cases.add_survey_photo")
def add_survey_photo(actor: Actor, case_id: int, *, upload: UploadedFile, caption: str = "", seen: int) -> Case:
    """Keep a photograph of the visit (SUR-09)."""
    case, move = begin(actor, case_id, "add_survey_photo", seen)
    survey = _survey(case, move)
    stored = files.store(actor, upload, area_code=case.area_code, purpose="survey_photo")
    if not stored.is_image:
        raise Invalid(_("入户照片请上传图片，不要上传PDF。"), field="file")
    SurveyPhoto.objects.create(survey=survey, area_code=case.area_code, file=stored, caption=caption.strip())
    return engine.trace(actor, case, move, changes={"sha256": [None, stored.sha256]})


@act("cases.print_survey_form")
def print_survey_form(actor: Actor, case_id: int, *, seen: int) -> Case:
    """Issue the filled survey form, to be signed by the household on paper (SUR-06)."""
    case, move = begin(actor, case_id, "record_survey", seen)
    survey = _survey(case, move)
    survey.paper = issue(
        actor, kind=PaperKind.SURVEY_FORM, owner=survey, subject=engine.subject(case), area_code=case.area_code,
        office_name=case.office.name, prefix=documents.prefix(case), data=documents.survey_form(case, survey),
    )  # fmt: skip
    survey.save(update_fields=["paper"])
    return engine.trace(actor, case, move)


@act("cases.finish_survey")
def finish_survey(actor: Actor, case_id: int, *, seen: int) -> Case:
    """Close the survey: every investigator has signed, somebody of the household has signed (SUR-07, SUR-08)."""
    case, move = begin(actor, case_id, "finish_survey", seen)
    survey = _survey(case, move)
    people = list(SurveyInvestigator.objects.unscoped(reason=HELD).filter(survey=survey))
    _investigators(case, [one.user_id for one in people])
    unsigned = [one.name for one in people if one.signed_at is None]
    if unsigned:
        raise Incomplete(
            _("调查人员%(names)s还没有签字。请本人登录后在这一户的调查页签字。") % {"names": "、".join(unsigned)},
            basis=cite(case, "SUR-07"),
        )
    if survey.signed_scan_id is None:
        raise Incomplete(
            _("调查表还没有申请人、家庭成员或监护人签字。请上传签过字的调查表。"), basis=cite(case, "SUR-08")
        )
    survey.finished_at = clock.now()
    survey.save(update_fields=["finished_at"])
    return engine.close(actor, case, move)


def surveyed_by(case: Case) -> dict[int, str]:
    """The investigators of every survey of the case: user id → duty."""
    rows = SurveyInvestigator.objects.unscoped(reason=HELD).filter(survey__case=case)
    return dict.fromkeys(rows.values_list("user_id", flat=True), _("调查人"))
