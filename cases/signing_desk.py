"""Reads of the signing desk: what waits for the actor's signature, the machine's findings first, and the state of a sitting."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import documents
from cases.case_clock import Badge, list_badge
from cases.case_facts import Facts, Row, facts, with_facts
from cases.enums import MaterialState, Opinion, Step, Vote
from cases.models import Assessment, Case, EconomicItem, Frozen, Signature, SigningSitting, SurveyInvestigator
from cases.models.household import disagree
from cases.queries import in_step
from cases.services import engine
from common import clock
from common.actors import Actor
from common.crypto import canonical, content_hash
from common.errors import NotFound
from organizations.enums import Permission
from policies.queries import Rules

QUEUE = 60
STREET_DIGITS = 9
BY_DEADLINE = (F("due_on").asc(nulls_last=True), "pk")


@dataclass(frozen=True)
class Finding:
    """What the machine found: level ok, warn or bad; `page` (URL name) shows the evidence."""

    level: str
    what: str
    why: str = ""
    page: str = ""
    action: str = ""


@dataclass(frozen=True)
class Waiting:
    """A case that waits for the actor's signature."""

    facts: Facts
    opinion: Assessment | None
    findings: list[Finding]
    clock: Badge | None
    recused: str = ""

    @property
    def case(self) -> Case:
        return self.facts.case

    @property
    def refused(self) -> bool:
        return self.opinion is not None and self.opinion.opinion == Opinion.REFUSE

    @property
    def to_read(self) -> int:
        """How many findings a person should look at."""
        return sum(one.level != "ok" for one in self.findings)


def queue(actor: Actor, case_ids: list[int] | None = None) -> list[Waiting]:
    """The cases whose next signature is the actor's post's, by deadline; with `case_ids` those among them."""
    ids = _next_is_mine(actor, case_ids)[:QUEUE]
    rows = with_facts(Case.objects.visible_to(actor).filter(pk__in=ids))
    mine = [facts(case) for case in rows.order_by(*BY_DEADLINE)]
    opinions = {
        one.case_id: one
        for one in Assessment.objects.visible_to(actor).filter(case__in=ids).defer("sheet").order_by("pk")
    }
    duties = _own_duties(actor, mine, opinions)
    today = clock.today()
    return [_waiting(one, opinions.get(one.case.pk), duties.get(one.case.pk, ""), today) for one in mine]


def _next_is_mine(actor: Actor, case_ids: list[int] | None) -> list[int]:
    """The cases open for signing whose next place is the actor's post's; the rules of each street are read once."""
    rows = Case.objects.visible_to(actor).filter(in_step(Step.SIGN_OFF))
    if case_ids is not None:
        rows = rows.filter(pk__in=case_ids)
    valid = Signature.objects.visible_to(actor).filter(case=OuterRef("pk"), void_at=None).order_by()
    given = Subquery(valid.values("case").annotate(n=Count("pk")).values("n"))
    rows = rows.annotate(given=Coalesce(given, 0)).order_by(*BY_DEADLINE)
    posts: dict[str, list[str]] = {}
    found = []
    for pk, area_code, place in rows.values_list("pk", "area_code", "given"):
        street = area_code[:STREET_DIGITS]
        if street not in posts:
            posts[street] = _posts(area_code)
        if posts[street][place : place + 1] == [actor.post] and actor.can(Permission.SIGN_CASE, area_code):
            found.append(pk)
    return found


def _posts(area_code: str) -> list[str]:
    """The posts that sign, in their order; none where no rule names them."""
    value = Rules(area_code, clock.today())["dec.signoffs"]
    return [] if value.open else list(value.value)  # type: ignore[union-attr]


def _own_duties(actor: Actor, held: list[Facts], opinions: dict[int, Assessment]) -> dict[int, str]:
    """The cases in which the actor has had a duty that excludes the signature (case id → duty)."""
    ids = [one.case.pk for one in held]
    rows = SurveyInvestigator.objects.visible_to(actor).filter(survey__case__in=ids, user=actor.user_id or 0)
    found = dict.fromkeys(rows.values_list("survey__case_id", flat=True), _("调查人"))
    found |= {pk: _("初审人") for pk, one in opinions.items() if one.given_by_id == actor.user_id}
    return found | {one.case.pk: _("经办人") for one in held if one.case.handler_id == actor.user_id}


def _waiting(held: Facts, opinion: Assessment | None, duty: str, today: dt.date) -> Waiting:
    findings = [
        *(
            [Finding("bad", _("您是这一户的%(duty)s，须回避") % {"duty": duty}, _("请由另一位负责人签批。"))]
            if duty
            else []
        ),
        *_signatures(held),
        *[Finding("warn", row["message"], row["basis"]) for row in held.flags if row["status"] == "open"],
        _materials(held),
        _survey(held),
        _check(held),
        *_appraisal(held),
        _publicity(held, opinion),
    ]
    return Waiting(held, opinion, findings, list_badge(held.case, today), duty)


def _signatures(held: Facts) -> list[Finding]:
    given = [row for row in held.signatures if row["void_at"] is None]
    void = [row for row in held.signatures if row["void_at"] is not None]
    found = [
        Finding(
            "ok",
            _("%(post)s%(name)s已签批") % {"post": row["post_title"], "name": row["name"]},
            f"{row['signed_at']:%m-%d %H:%M}",
        )
        for row in given
    ]
    if void:
        names = "、".join(dict.fromkeys(str(row["name"]) for row in void))
        found.append(
            Finding(
                "warn", _("以前的签批已失效"), _("%(names)s签过，内容改动或退回后失效，要重新签。") % {"names": names}
            )
        )
    return found


def _materials(held: Facts) -> Finding:
    to = {"page": "cases:materials", "action": _("看清单")}
    asked = [row for row in held.materials if row["required"] and not row.get("obtainable")]
    wanted = [str(row["title"]) for row in asked if row["state"] == MaterialState.WANTED]
    if wanted:
        return Finding("bad", _("还缺 %(n)d 项要件") % {"n": len(wanted)}, "、".join(wanted), **to)
    return Finding("ok", _("要件 %(n)d 项齐全") % {"n": len(asked)}, **to)


def _survey(held: Facts) -> Finding:
    to = {"page": "cases:survey", "action": _("看调查")}
    survey = held.survey
    if survey is None:
        return Finding("bad", _("没有入户调查记录"), **to)
    people = [row for row in held.investigators if row["survey"] == survey["pk"]]
    names = "、".join(str(row["name"]) for row in people)
    if survey["signed_scan"] is None or any(row["signed_at"] is None for row in people):
        return Finding("bad", _("入户调查签字不全"), names, **to)
    said = _("%(day)s入户，调查人 %(names)s，家庭由%(signer)s签字") % {
        "day": f"{survey['visited_on']:%m-%d}",
        "names": names,
        "signer": survey["signer_name"],
    }
    return Finding("ok", said, **to)


def _check(held: Facts) -> Finding:
    to = {"page": "cases:check", "action": _("看核对")}
    answered = [row for row in held.checks if row["answered_at"] is not None]
    differing = [row for row in held.items if disagree(row["declared"], row["surveyed"], row["checked"])]
    open_items = sum(row["counted"] is None for row in differing)
    if open_items:
        return Finding("bad", _("有 %(n)d 处差异没有认定") % {"n": open_items}, **to)
    report = answered[-1]["report_number"] if answered else _("没有核对报告")
    if differing or not answered:
        what = (
            _("申报、调查、核对有 %(n)d 处差异，经办人已说明") % {"n": len(differing)}
            if differing
            else _("没有核对报告，原因见留痕")
        )
        return Finding("warn", what, str(report), **to)
    return Finding("ok", _("申报、调查、核对一致"), str(report), **to)


def _appraisal(held: Facts) -> list[Finding]:
    """The appraisal where the procedure has one: how it went; missing where every case, or this objected one, needs it."""
    to = {"page": "cases:appraisal", "action": _("看评议")}
    stage = next((one for one in held.case.procedure if one["step"] == Step.APPRAISAL), None)
    if stage is None:
        return []
    row = held.appraisal
    if row is None:
        always, objected = stage["when"] == engine.ALWAYS, stage["when"] == engine.ON_OBJECTION and held.objections
        why = _("每户都要评议。") if always else _("有异议的要评议。")
        return [Finding("bad", _("没有民主评议记录"), why, **to)] if always or objected else []
    votes = Counter(one["vote"] for one in held.appraisers if one["appraisal"] == row["pk"] and one["attended"])
    said = _("%(day)s民主评议：%(votes)s") % {"day": f"{row['held_on']:%m-%d}", "votes": documents.vote_words(votes)}
    if any(one["pk"] == row["stage"] and one["result"] == engine.SENT_BACK for one in held.stages):
        return [Finding("warn", said, _("之后退回过，没有再评议。"), **to)]
    level = "warn" if votes[Vote.DISAGREE] else "ok"
    return [Finding(level, said, _("主持人 %(who)s") % {"who": row["chaired_by"]}, **to)]


def _publicity(held: Facts, opinion: Assessment | None) -> Finding:
    to = {"page": "cases:publicity", "action": _("看公示")}
    row = held.publicity
    objections = len(held.objections)
    if opinion is not None and opinion.opinion == Opinion.REFUSE:
        return Finding("ok", _("拟不予确认，按规定不公示"), **to)
    if row is None or row["last_day"] is None:
        return Finding("bad", _("没有公示记录"), **to)
    said = _("公示 %(first)s 至 %(last)s") % {"first": f"{row['first_day']:%m-%d}", "last": f"{row['last_day']:%m-%d}"}
    why = _("张贴人 %(who)s，照片 %(n)d 张") % {
        "who": row["posted_by_name"],
        "n": sum(one["publicity"] == row["pk"] for one in held.publicity_photos),
    }
    if objections:
        return Finding("warn", _("%(said)s，曾有异议 %(n)d 条") % {"said": said, "n": objections}, why, **to)
    return Finding("ok", _("%(said)s，无异议") % {"said": said}, why, **to)


# --- One case, to be read before it is signed -------------------------------------------------------------------------


@dataclass(frozen=True)
class Summary:
    """One case on one page: its sheet, the differences with their explanations, and the content that is signed.

    `changed` names the parts that differ from what the earlier signers signed; their signatures no longer hold.
    """

    waiting: Waiting
    assessment: Assessment | None
    differences: list[EconomicItem]
    content_hash: str
    changed: list[str] = field(default_factory=list)

    @property
    def case(self) -> Case:
        return self.waiting.case


def summary(actor: Actor, waiting: Waiting) -> Summary:
    """What a leader reads before signing."""
    case = waiting.case
    items = EconomicItem.objects.visible_to(actor).filter(case=case).select_related("member").order_by("kind", "pk")
    content = documents.frozen_content(case)
    digest = content_hash(content)
    frozen = Frozen.objects.visible_to(actor).filter(case=case, void_at=None).first()
    return Summary(
        waiting=waiting,
        assessment=Assessment.objects.visible_to(actor).filter(case=case).order_by("-pk").first(),
        differences=[item for item in items if item.disagrees],
        content_hash=digest,
        changed=_changed(frozen.content, content) if frozen and frozen.content_hash != digest else [],
    )


PARTS = {
    "declaration": gettext_lazy("申报"),
    "materials": gettext_lazy("材料"),
    "surveys": gettext_lazy("入户调查"),
    "checks": gettext_lazy("经济核对"),
    "appraisals": gettext_lazy("民主评议"),
    "assessment": gettext_lazy("初审意见和核算单"),
    "publicity": gettext_lazy("公示"),
    "objections": gettext_lazy("异议"),
}


def _changed(before: Row, now: Row) -> list[str]:
    return [str(title) for key, title in PARTS.items() if canonical(before.get(key)) != canonical(now.get(key))]


# --- A sitting --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SittingRow:
    """One case of a sitting: to be signed, signed, or no longer waiting."""

    case: Case
    content_hash: str
    signature: Signature | None
    waits: bool


@dataclass(frozen=True)
class Sitting:
    """An opened sitting with its cases."""

    row: SigningSitting
    cases: list[SittingRow]
    expired: bool

    @property
    def unsigned(self) -> list[SittingRow]:
        return [] if self.expired else [one for one in self.cases if one.waits]

    @property
    def amount(self) -> Any:
        return sum(one.case.amount or 0 for one in self.unsigned)


def sitting(actor: Actor, sitting_id: int) -> Sitting:
    """The actor's own sitting. Raises `NotFound`."""
    row = SigningSitting.objects.visible_to(actor).filter(pk=sitting_id).first()
    if row is None:
        raise NotFound()
    ids = [int(pk) for pk in row.hashes]
    signed = {one.case_id: one for one in Signature.objects.visible_to(actor).filter(sitting=row)}
    waiting = {one.case.pk for one in queue(actor, ids)}
    cases = Case.objects.visible_to(actor).filter(pk__in=ids).order_by("pk")
    return Sitting(
        row=row,
        cases=[SittingRow(case, row.hashes[str(case.pk)], signed.get(case.pk), case.pk in waiting) for case in cases],
        expired=clock.now() > row.expires_at,
    )


def is_signed(actor: Actor, sitting_id: int, case_id: int) -> bool:
    """Whether the act left a signature: content that changed in between voids earlier ones instead."""
    return bool(
        Signature.objects.visible_to(actor).filter(sitting_id=sitting_id, case_id=case_id, void_at=None).exists()
    )
