"""公示: poster, posting, photographs, losses, objections, the full days (PUB-01 … PUB-05, PUB-11, PUB-12, PUB-16, PUB-24;
DEC-06, DEC-34; 002 二(二)1, 3)."""

import datetime as dt

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from archives.enums import PaperKind
from archives.services import issue
from cases import documents
from cases.access import begin, cite, open_stage, require_no_objection
from cases.enums import Distance, Step
from cases.errors import Incomplete, TooEarly
from cases.flow import Move
from cases.models import Case, Objection, Publicity, PublicityInterruption, PublicityPhoto
from cases.queries import latest_assessment
from cases.services import engine, signing
from common import clock, files
from common.actors import Actor
from common.acts import act
from common.crypto import content_hash
from common.errors import Invalid
from common.ids import check_phone
from policies.queries import Calendar, Rules, Value
from policies.rules import publicity_period

HELD = "rows of a case already held"


@act("cases.issue_poster")
def issue_poster(actor: Actor, case_id: int, *, seen: int) -> Case:
    """Make the sheet (公示单) with its exact text: category, time, telephone (PUB-03); nothing unrelated stands on it (PUB-05)."""
    case, move = begin(actor, case_id, "issue_poster", seen)
    stage = engine.current(case, move)
    if Publicity.objects.unscoped(reason=HELD).filter(stage=stage).exists():
        raise Invalid(_("本轮公示单已经制作，不用重复制作。请打印、盖章后张贴。"))
    held = Rules(case.area_code, clock.today())
    limit = held.required("pub.days")
    hotline = case.office.hotline or held.required("pub.hotline").value
    title = str(open_stage(case, move)["title"])  # type: ignore[index]
    text = documents.poster(case, latest_assessment(case), limit.value.n, hotline, title)
    paper = issue(
        actor, kind=PaperKind.POSTER, owner=case, subject=engine.subject(case), area_code=case.area_code,
        office_name=case.office.name, prefix=documents.prefix(case), data=text,
    )  # fmt: skip
    Publicity.objects.create(
        case=case,
        area_code=case.area_code,
        stage=stage,
        paper=paper,
        text=text,
        text_hash=content_hash(text),
        days=limit.value.n,
    )
    return engine.trace(actor, case, move, changes={"paper": [None, paper.number]})


def _running(case: Case, move: Move) -> Publicity:
    row = Publicity.objects.unscoped(reason=HELD).filter(stage=engine.current(case, move)).first()
    if row is None:
        raise Incomplete(_("本轮公示单还没有制作。请街道经办人员先制作公示单。"))
    return row


@act("cases.record_posting")
def record_posting(actor: Actor, case_id: int, *, posted_on: dt.date, place: str, sealed: bool, seen: int) -> Case:
    """Record who posted the sealed sheet where and when; the period runs from the day after (A-18)."""
    case, move = begin(actor, case_id, "record_posting", seen)
    row = _running(case, move)
    if row.posted_on:
        raise Invalid(_("本轮张贴已经登记，不能再改。"), field="posted_on")
    if not sealed:
        raise Incomplete(
            _("公示单要先加盖街道（乡镇）印章再张贴。请盖章后登记。"), field="sealed", basis=cite(case, "PUB-04")
        )
    if not place.strip():
        raise Incomplete(_("请写明张贴地点，例如“村（居）务公开栏”。"), field="place", basis=cite(case, "PUB-24"))
    if not row.paper.issued_at.date() <= posted_on <= clock.today():
        raise Invalid(_("张贴日期应在公示单制作之日到今天之间。请核对。"), field="posted_on")
    row.posted_on, row.place, row.sealed, row.posted_by_name = posted_on, place.strip(), True, actor.name
    _set_period(case, row)
    row.save()
    changes = {"posted_on": [None, posted_on.isoformat()], "place": [None, row.place]}
    return engine.trace(actor, case, move, changes=changes, clock_moved=True)


def _set_period(case: Case, row: Publicity) -> None:
    """The days of the round by the rules of the day of posting, made up for lost ones where the office chose so."""
    assert row.posted_on is not None  # noqa: S101 - the callers have set it
    held = Rules(case.area_code, row.posted_on)
    limit = held.required("pub.days").value
    moves, make_up = held["pub.end_moves"], held["pub.make_up_lost_days"]
    lost = lost_days(row) if isinstance(make_up, Value) and make_up.value else []
    period = publicity_period(
        row.posted_on, limit, moves.value if isinstance(moves, Value) else "none", Calendar().is_working, lost
    )
    assert period is not None  # noqa: S101 - a required limit has its number
    row.first_day, row.last_day, row.open_from = period.first, period.last, period.confirm_from


def lost_days(row: Publicity) -> list[dt.date]:
    """The days on which the sheet did not hang, from the loss to the day before it was restored."""
    days = []
    for gap in PublicityInterruption.objects.unscoped(reason=HELD).filter(publicity=row).order_by("pk"):
        end = gap.restored_on or clock.today() + dt.timedelta(days=1)
        days += [gap.lost_on + dt.timedelta(days=n) for n in range((end - gap.lost_on).days)]
    return days


@act("cases.add_publicity_photo")
def add_publicity_photo(
    actor: Actor, case_id: int, *, upload: UploadedFile, distance: str, taken_on: dt.date, seen: int
) -> Case:
    """Keep a near or far photograph of the posted sheet; none from before the first day of posting (PUB-12, A-34)."""
    case, move = begin(actor, case_id, "add_publicity_photo", seen)
    row = _running(case, move)
    if row.posted_on is None:
        raise Incomplete(_("还没有登记张贴。请先登记张贴日期和地点，再上传照片。"))
    if distance not in Distance.values:
        raise Invalid(_("请选择近景或远景。"), field="distance")
    if not row.posted_on <= taken_on <= clock.today():
        raise Invalid(
            _("照片应在张贴当天或之后拍摄。请核对拍摄日期，或者重新拍摄。"),
            field="taken_on",
            basis=cite(case, "PUB-12", "PUB-24"),
        )
    stored = files.store(actor, upload, area_code=case.area_code, purpose="publicity_photo")
    if not stored.is_image:
        raise Invalid(_("公示照片请上传图片，不要上传PDF。"), field="file")
    if stored.taken_at and stored.taken_at.date() < row.posted_on:
        raise Invalid(
            _("照片自带的拍摄时间早于张贴日期，不能作为公示照片。请重新拍摄。"),
            field="file",
            basis=cite(case, "PUB-12", "PUB-24"),
        )
    PublicityPhoto.objects.create(
        publicity=row,
        area_code=case.area_code,
        file=stored,
        distance=distance,
        taken_on=taken_on,
        taken_by_name=actor.name,
    )
    return engine.trace(actor, case, move, changes={"distance": [None, distance], "sha256": [None, stored.sha256]})


@act("cases.record_loss")
def record_loss(actor: Actor, case_id: int, *, lost_on: dt.date, cause: str, seen: int) -> Case:
    """Record that the sheet was damaged or lost (PUB-11 因天气、人为等原因)."""
    case, move = begin(actor, case_id, "record_loss", seen)
    row = _running(case, move)
    open_gap = PublicityInterruption.objects.unscoped(reason=HELD).filter(publicity=row, restored_on=None)
    if row.posted_on is None or open_gap.exists():
        raise Invalid(_("公示单还没有张贴，或者上一次损毁还没有恢复。请先登记张贴或恢复。"))
    if not cause.strip():
        raise Invalid(_("请写明损毁的原因。"), field="cause")
    if not row.posted_on <= lost_on <= clock.today():
        raise Invalid(_("损毁日期应在张贴之日到今天之间。请核对。"), field="lost_on")
    PublicityInterruption.objects.create(publicity=row, area_code=case.area_code, lost_on=lost_on, cause=cause.strip())
    return engine.trace(actor, case, move, reason=cause, changes={"lost_on": [None, lost_on.isoformat()]})


@act("cases.record_restoring")
def record_restoring(actor: Actor, case_id: int, *, restored_on: dt.date, seen: int) -> Case:
    """Record that the sheet hangs again; where the office makes up lost days, the end moves (PUB-11 要及时恢复)."""
    case, move = begin(actor, case_id, "record_restoring", seen)
    row = _running(case, move)
    gap = PublicityInterruption.objects.unscoped(reason=HELD).filter(publicity=row, restored_on=None).first()
    if gap is None:
        raise Invalid(_("没有登记过损毁，不用登记恢复。"))
    if not gap.lost_on <= restored_on <= clock.today():
        raise Invalid(_("恢复日期应在损毁之日到今天之间。请核对。"), field="restored_on")
    before = str(row.last_day)
    gap.restored_on = restored_on
    gap.save(update_fields=["restored_on"])
    _set_period(case, row)
    row.save()
    changes = {"restored_on": [None, restored_on.isoformat()], "last_day": [before, str(row.last_day)]}
    return engine.trace(actor, case, move, changes=changes, clock_moved=True)


@act("cases.finish_publicity")
def finish_publicity(actor: Actor, case_id: int, *, seen: int) -> Case:
    """End the round: posted its full days, photographed near and far, no objection open (DEC-06, DEC-34, PUB-12)."""
    case, move = begin(actor, case_id, "finish_publicity", seen)
    row = _running(case, move)
    if row.posted_on is None or row.open_from is None or row.last_day is None:
        raise Incomplete(_("公示单还没有登记张贴。请村（社区）张贴后登记。"), basis=cite(case, "PUB-24"))
    require_no_objection(case)
    if clock.today() < row.open_from:
        raise TooEarly(
            _("公示还没有期满：%(last)s期满，%(next)s起可以办下一步。")
            % {"last": documents.day_words(row.last_day), "next": documents.day_words(row.open_from)},
            basis=cite(case, "DEC-06", "PUB-21"),
        )
    if PublicityInterruption.objects.unscoped(reason=HELD).filter(publicity=row, restored_on=None).exists():
        raise Incomplete(_("公示单损毁后还没有登记恢复。请先恢复张贴并登记。"), basis=cite(case, "PUB-11"))
    present = set(PublicityPhoto.objects.unscoped(reason=HELD).filter(publicity=row).values_list("distance", flat=True))
    lacking = [str(label) for value, label in Distance.choices if value not in present]
    if lacking:
        raise Incomplete(
            _("公示记录还缺%(what)s照片。请村（社区）补拍上传，或者您自己上传。") % {"what": "、".join(lacking)},
            basis=cite(case, "PUB-12", "PUB-24"),
        )
    row.closed_at = clock.now()
    row.save(update_fields=["closed_at"])
    return engine.close(actor, case, move)


@act("cases.raise_objection")
def raise_objection(
    actor: Actor, case_id: int, *, raised_on: dt.date, content: str, anonymous: bool, raised_by: str = "", phone: str = "",
    seen: int,
) -> Case:  # fmt: skip
    """Record an objection (PUB-16), until the notice of the decision is served (A-32). The case goes back to the survey; signatures given
    fall away, a decision is revoked; a new round follows."""
    case, move = begin(actor, case_id, "raise_objection", seen)
    row = Publicity.objects.unscoped(reason=HELD).filter(case=case, posted_on__isnull=False).order_by("-pk").first()
    if row is None or row.posted_on is None:
        raise Invalid(_("这一户还没有张贴公示，不能登记对公示的异议。其他反映请按信访登记。"))
    if not content.strip():
        raise Invalid(_("请写明异议的内容。"), field="content")
    if not anonymous and not raised_by.strip():
        raise Invalid(_("请写明提出人；不愿具名的，请选“匿名”。"), field="raised_by")
    if not row.posted_on <= raised_on <= clock.today():
        raise Invalid(_("异议日期应在张贴之日到今天之间。请核对。"), field="raised_on")
    objection = Objection.objects.create(
        case=case, area_code=case.area_code, publicity=row, raised_on=raised_on, anonymous=anonymous,
        raised_by="" if anonymous else raised_by.strip(), phone=check_phone(phone) if phone else "", content=content.strip(),
    )  # fmt: skip
    break_off(case)
    signing.void(actor, case, _("公示有异议"))
    survey = next(str(stage["key"]) for stage in case.procedure if stage["step"] == Step.SURVEY)
    return engine.send_back(
        actor, case, move, survey, reason=_("公示有异议，重新调查"), changes={"objection": [None, objection.pk]}
    )


def break_off(case: Case) -> None:
    """Close the rounds that still hang, because the case goes back behind them."""
    running = Publicity.objects.unscoped(reason=HELD).filter(case=case, posted_on__isnull=False, closed_at=None)
    for row in running.order_by("pk"):
        row.closed_at = clock.now()
        row.save(update_fields=["closed_at"])


def appraisal_open(case: Case) -> bool:
    """Whether an appraisal has been opened and is not over."""
    return bool(engine.stage_rows(case).filter(step=Step.APPRAISAL, closed_at=None).exists())


@act("cases.answer_objection")
def answer_objection(actor: Actor, case_id: int, *, objection_id: int, upheld: bool, answer: str, seen: int) -> Case:
    """Answer an objection after the new survey, with the result (PUB-16)."""
    case, move = begin(actor, case_id, "answer_objection", seen)
    objection = Objection.objects.unscoped(reason=HELD).filter(case=case, pk=objection_id, answered_at=None).first()
    if objection is None:
        raise Invalid(_("这条异议已经答复，或者不属于这一户。请刷新页面。"))
    survey = next(str(stage["key"]) for stage in case.procedure if stage["step"] == Step.SURVEY)
    if survey not in engine.closed_keys(case) or appraisal_open(case):
        raise Incomplete(_("异议提出后还没有完成重新调查（或评议）。请先完成，再答复。"), basis=cite(case, "PUB-16"))
    if not answer.strip():
        raise Invalid(_("请写明调查结果和答复内容。"), field="answer")
    objection.upheld, objection.answer = upheld, answer.strip()
    objection.answered_at, objection.answered_by_name = clock.now(), actor.name
    objection.save()
    return engine.trace(actor, case, move, changes={"objection": [objection.pk, upheld]})
