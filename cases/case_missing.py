"""还缺什么: what the open stage of a case still needs, who owes it, and where it is supplied.

The same facts that the services check: where nothing is missing, the act that closes the stage is not refused.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from cases.case_facts import Facts, Row
from cases.enums import Distance, MaterialState, Step
from cases.models.household import disagree
from cases.queries import ADULT
from common.ids import age_on
from organizations.enums import Permission, Post
from policies.queries import Rules, Value


@dataclass(frozen=True)
class Missing:
    """One thing that is missing: what, who owes it, why, and the page (URL name and its word) where whoever carries
    `permission` supplies it. `stage`: the key of the open stage that needs it."""

    what: str
    who: str = ""
    why: str = ""
    page: str = ""
    action: str = ""
    permission: str = ""
    icon: str = ""
    stage: str = ""


def missing(facts: Facts, today: dt.date, rules: Rules | None = None) -> list[Missing]:
    """What the open stages need before they can be closed; with `rules` also what the area's rules ask for."""
    found: list[Missing] = []
    for stage in open_stages(facts):
        look = BY_STEP.get(str(stage["step"]))
        found += [replace(one, stage=str(stage["key"])) for one in look(facts, today, rules)] if look else []
    return found


def open_stages(facts: Facts) -> list[dict[str, object]]:
    """The procedure's entries of the open stages, in the procedure's order."""
    keys = facts.case.open_keys
    return [stage for stage in facts.case.procedure if stage["key"] in keys]


def _intake(facts: Facts, today: dt.date, rules: Rules | None) -> list[Missing]:
    case = facts.case
    amend = {"page": "cases:amend", "action": _("去补填"), "permission": Permission.REGISTER_APPLICATION}
    found = []
    if not case.difficulty:
        found.append(Missing(_("困难情况说明"), case.applicant_name, _("申请时要说明家庭困难的情况。"), **amend))
    if not case.rights_told:
        found.append(Missing(_("权利义务和举证要求的告知"), case.handler_name, _("要当面告知，再提交申请。"), **amend))
    return found


def _acceptance(facts: Facts, today: dt.date, rules: Rules | None) -> list[Missing]:
    asked = [row for row in facts.materials if row["required"] and not row["obtainable"]]
    wanted = [row for row in asked if row["state"] == MaterialState.WANTED]
    told = {code: notice["issued_at"] for notice in facts.notices for code in notice["codes"]}
    return [
        Missing(
            row["title"], facts.case.applicant_name, _told(told.get(row["code"])), "cases:materials", _("收取材料"),
            Permission.ACCEPT_CASE, "doc",
        )
        for row in wanted
    ]  # fmt: skip


def _told(at: dt.datetime | None) -> str:
    if at is None:
        return _("还没有告知申请人。能由政务数据取得的，不用申请人提交。")
    return _("%(day)s已一次性告知申请人。") % {"day": f"{at:%m-%d}"}


def _survey(facts: Facts, today: dt.date, rules: Rules | None) -> list[Missing]:
    to = {"page": "cases:survey", "permission": Permission.SURVEY_CASE}
    survey = facts.survey
    if survey is None:
        return [
            Missing(
                _("入户调查记录"),
                _("街道调查人员"),
                _("还没有登记入户调查。"),
                action=_("填写调查表"),
                icon="pen",
                **to,
            )
        ]
    people = [row for row in facts.investigators if row["survey"] == survey["pk"]]
    found = [
        Missing(_("调查人签字"), row["name"], _("请本人登录后签字。"), action=_("去签字"), icon="pen", **to)
        for row in people
        if row["signed_at"] is None
    ]
    if survey["signed_scan"] is None:
        who = _("申请人、家庭成员或监护人")
        found.append(
            Missing(_("签过字的调查表"), who, _("打印调查表，当面签字后上传。"), action=_("上传"), icon="upload", **to)
        )
    return found + _too_few(people, rules)


def _too_few(people: list[Row], rules: Rules | None) -> list[Missing]:
    minimum = rules["sur.investigators_min"] if rules else None
    if not isinstance(minimum, Value) or minimum.open or len(people) >= minimum.value:
        return []
    return [
        Missing(
            _("调查人员"), _("街道调查人员"), _("每组不得少于%(n)d人，现在%(has)d人。") % {"n": minimum.value, "has": len(people)},
            "cases:survey", _("补充人员"), Permission.SURVEY_CASE, "users",
        )
    ]  # fmt: skip


def _check(facts: Facts, today: dt.date, rules: Rules | None) -> list[Missing]:
    to = {"page": "cases:check", "permission": Permission.REQUEST_CHECK}
    found = [] if facts.checks else [_authorization(row) for row in unauthorized(facts, today)]
    answered = [row for row in facts.checks if row["answered_at"] is not None]
    waiting = next((row for row in facts.checks if row["answered_at"] is None), None)
    if not answered or too_old(answered[-1], today, rules):
        found.append(Missing(**to, **_report(waiting, bool(answered), facts)))
    if number := sum(unsettled(row) for row in facts.items):
        what = _("%(n)d项收入、财产或支出的认定") % {"n": number}
        found.append(
            Missing(
                what, facts.case.handler_name, _("申报、调查、核对不一致，要认定并说明。"), action=_("去认定"), **to
            )
        )
    return found


def _authorization(member: Row) -> Missing:
    what = _("%(name)s的核对授权书") % {"name": member["name"]}
    why = _("先授权，再核对；要本人当面签字，严禁代签。")
    to = ("cases:authorizations", _("登记授权"), Permission.ACCEPT_CASE, "pen")
    return Missing(what, _signer_of(member), why, *to)


def _report(waiting: Row | None, expired: bool, facts: Facts) -> dict[str, str]:
    if waiting:
        why = _("%(day)s发起，正在等核对中心反馈。") % {"day": f"{waiting['requested_at']:%m-%d}"}
        return {"what": _("核对报告"), "who": _("核对中心"), "why": why, "action": _("看核对")}
    if expired:
        why = _("上一份报告已经过期，要重新发起。")
        return {"what": _("新的核对报告"), "who": facts.case.handler_name, "why": why, "action": _("重新发起")}
    why = _("还没有向核对中心发起。")
    return {"what": _("核对请求"), "who": facts.case.handler_name, "why": why, "action": _("发起核对")}


def _signer_of(member: Row) -> str:
    return str(member["name"]) if member["has_capacity"] else _("%(name)s的监护人") % {"name": member["name"]}


def unauthorized(facts: Facts, today: dt.date) -> list[Row]:
    """The adult members whose authorization is not there (CHK-04)."""
    signed = {row["member"] for row in facts.authorizations}
    return [row for row in facts.members if age_on(row["birth"], today) >= ADULT and row["pk"] not in signed]


def too_old(check: Row, today: dt.date, rules: Rules | None) -> bool:
    """Whether a report is older than the rules allow."""
    limit = rules["chk.report_max_age_days"] if rules else None
    if not isinstance(limit, Value) or limit.open:
        return False
    return bool((today - check["report_on"]).days > limit.value)


def unsettled(item: Row) -> bool:
    """Whether the sources are at odds and nobody has said yet what counts."""
    return disagree(item["declared"], item["surveyed"], item["checked"]) and item["counted"] is None


def _appraisal(facts: Facts, today: dt.date, rules: Rules | None) -> list[Missing]:
    to = {"page": "cases:appraisal", "permission": Permission.APPRAISE_CASE}
    row = facts.appraisal
    if row is None:
        why = _("还没有登记民主评议。")
        return [Missing(_("评议记录"), facts.case.handler_name, why, action=_("填写评议记录"), icon="pen", **to)]
    found = []
    demanded = rules["app.required_signer"] if rules else None
    if isinstance(demanded, Value) and not demanded.open and not (row["signer_name"] and row["signer_post"]):
        why = _("要参加评议并签字（%(source)s）。") % {"source": demanded.cited}
        found.append(Missing(_("评议签字人"), str(demanded.value), why, action=_("补填"), icon="pen", **to))
    if row["scan"] is None:
        why = _("打印评议记录，到会人员和村（居）签字后上传。")
        what = _("签过字的民主评议表")
        found.append(Missing(what, facts.case.handler_name, why, action=_("上传"), icon="upload", **to))
    return found


def _review(facts: Facts, today: dt.date, rules: Rules | None) -> list[Missing]:
    """What the calculation needs and the area's rules do not give."""
    needed = [rules[key] for key in ("calc.standard.dibao", "calc.rounding")] if rules else []
    return [
        Missing(
            _("“%(title)s”的规定") % {"title": one.title},
            one.definition.recorders,
            _("文件没有写明，也没有登记本地选择，算不出金额。"),
        )
        for one in needed
        if one.open
    ]


def _publicity(facts: Facts, today: dt.date, rules: Rules | None) -> list[Missing]:
    row = facts.publicity
    street = {"page": "cases:publicity", "permission": Permission.PUBLISH_CASE}
    village = {"page": "cases:publicity", "permission": Permission.POST_NOTICE}
    found = _objections(facts)
    if row is None:
        return [
            *found,
            Missing(
                _("审核公示单"),
                facts.case.handler_name,
                _("还没有制作。"),
                action=_("制作公示单"),
                icon="doc",
                **street,
            ),
        ]
    if row["posted_on"] is None:
        why = _("公示单已制作，盖章后张贴并登记。")
        return [*found, Missing(_("张贴登记"), facts.village, why, action=_("登记张贴"), icon="pin", **village)]
    present = {one["distance"] for one in facts.publicity_photos if one["publicity"] == row["pk"]}
    found += [
        Missing(
            _("公示%(what)s照片") % {"what": label}, facts.village, "", action=_("上传照片"), icon="camera", **village
        )
        for value, label in Distance.choices
        if value not in present
    ]
    if any(gap["publicity"] == row["pk"] and gap["restored_on"] is None for gap in facts.interruptions):
        found.append(
            Missing(
                _("恢复张贴"), facts.village, _("公示单损毁，还没有恢复。"), action=_("登记恢复"), icon="pin", **village
            )
        )
    if today < row["open_from"]:
        days = {"last": f"{row['last_day']:%m-%d}", "next": f"{row['open_from']:%m-%d}"}
        found.append(Missing(_("公示期满"), "", _("%(last)s期满，%(next)s起可以办下一步。") % days, icon="clock"))
    return found


def _objections(facts: Facts) -> list[Missing]:
    waiting = sum(row["answered_at"] is None for row in facts.objections)
    if not waiting:
        return []
    why = _("答复以前不能往下办。")
    return [
        Missing(
            _("%(n)d条异议的答复") % {"n": waiting}, facts.case.handler_name, why, "cases:publicity", _("去答复"),
            Permission.REVIEW_CASE, "chat",
        )
    ]  # fmt: skip


def _sign_off(facts: Facts, today: dt.date, rules: Rules | None) -> list[Missing]:
    posts = rules["dec.signoffs"] if rules else None
    if posts is None:
        return _objections(facts)
    if posts.open:
        why = _("文件没有写明由谁签批，也没有登记本地选择。")
        return [*_objections(facts), Missing(_("签批人的规定"), posts.definition.recorders, why)]
    given = sum(row["void_at"] is None for row in facts.signatures)
    taken = "、".join(people_before(facts))
    waiting = [Post(post).label for post in posts.value][given:]  # type: ignore[union-attr]
    first = _("不得是%(names)s。") % {"names": taken}
    to = {"page": "cases:sign-desk", "action": _("去签批"), "permission": Permission.SIGN_CASE}
    found = _objections(facts)
    for place, post in enumerate(waiting):
        what = _("%(post)s签批") % {"post": post}
        later = Missing(what, "", _("前一位签批之后。"), icon="pen")
        found.append(later if place else Missing(what, "", first, icon="pen", **to))
    return found


def people_before(facts: Facts) -> list[str]:
    """Handler and investigators: who may not sign any more."""
    return list(dict.fromkeys([facts.case.handler_name, *(row["name"] for row in facts.investigators)]))


def _decision(facts: Facts, today: dt.date, rules: Rules | None) -> list[Missing]:
    return _objections(facts)


BY_STEP: dict[str, Callable[[Facts, dt.date, Rules | None], list[Missing]]] = {
    Step.INTAKE: _intake,
    Step.ACCEPTANCE: _acceptance,
    Step.SURVEY: _survey,
    Step.ECONOMIC_CHECK: _check,
    Step.APPRAISAL: _appraisal,
    Step.INITIAL_REVIEW: _review,
    Step.PUBLICITY: _publicity,
    Step.SIGN_OFF: _sign_off,
    Step.DECISION: _decision,
}
