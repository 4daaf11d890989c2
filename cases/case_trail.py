"""经过与责任: the lines of a case's trail as Chinese sentences, and the chain of who answers for what (ORG-19)."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archives.enums import PaperKind
from cases.case_facts import Facts, Row
from cases.documents.content import vote_words
from cases.enums import Channel, Distance, ExcuseKind, Method, Opinion, Signer
from cases.flow import LIMIT_TITLES
from common import clock
from common.money import format_yuan
from journal.models import Entry
from organizations.enums import Post

PAUSE, BAD, AUTO = "pause", "bad", "auto"


@dataclass(frozen=True)
class Happening:
    """One line of the timeline. `paper` and `page` lead to the evidence."""

    at: dt.datetime
    title: str
    detail: str
    by: str
    kind: str = ""
    paper: int | None = None


TITLES: dict[str, Any] = {
    "cases.register": gettext_lazy("登记申请"),
    "cases.apply_online": gettext_lazy("收到网上申请"),
    "cases.register_online": gettext_lazy("网上申请转为登记"),
    "cases.return_online": gettext_lazy("退回网上申请"),
    "cases.reveal_online": gettext_lazy("查看网上申请的完整信息"),
    "cases.amend": gettext_lazy("修改申报"),
    "cases.submit": gettext_lazy("提交申请"),
    "cases.add_material": gettext_lazy("收取材料"),
    "cases.ask_missing": gettext_lazy("一次性告知缺少的材料"),
    "cases.accept": gettext_lazy("受理"),
    "cases.refuse_acceptance": gettext_lazy("不予受理"),
    "cases.authorize": gettext_lazy("登记核对授权"),
    "cases.record_survey": gettext_lazy("登记入户调查"),
    "cases.sign_survey": gettext_lazy("调查人签字"),
    "cases.add_survey_photo": gettext_lazy("上传入户照片"),
    "cases.finish_survey": gettext_lazy("完成入户调查"),
    "cases.request_check": gettext_lazy("发起经济核对"),
    "cases.open_request": gettext_lazy("核对中心查看证件号码"),
    "cases.answer_check": gettext_lazy("反馈核对报告"),
    "cases.settle_items": gettext_lazy("认定收入、财产、支出"),
    "cases.finish_check": gettext_lazy("完成经济核对"),
    "cases.open_optional": gettext_lazy("决定组织民主评议"),
    "cases.record_appraisal": gettext_lazy("登记民主评议"),
    "cases.add_appraisal_photo": gettext_lazy("上传评议照片"),
    "cases.finish_appraisal": gettext_lazy("完成民主评议"),
    "cases.give_opinion": gettext_lazy("初审"),
    "cases.send_back": gettext_lazy("退回前一环节"),
    "cases.issue_poster": gettext_lazy("制作公示单"),
    "cases.record_posting": gettext_lazy("张贴公示"),
    "cases.add_publicity_photo": gettext_lazy("上传公示照片"),
    "cases.record_loss": gettext_lazy("公示中断"),
    "cases.record_restoring": gettext_lazy("恢复张贴"),
    "cases.finish_publicity": gettext_lazy("公示期满"),
    "cases.raise_objection": gettext_lazy("公示有异议"),
    "cases.answer_objection": gettext_lazy("答复异议"),
    "cases.sign": gettext_lazy("签批作废，等待重新签批"),
    "cases.signature": gettext_lazy("签批"),
    "cases.void_signature": gettext_lazy("签批失效"),
    "cases.return_signing": gettext_lazy("退回初审"),
    "cases.decide": gettext_lazy("作出决定"),
    "cases.revoke_decision": gettext_lazy("撤销决定"),
    "cases.file_result": gettext_lazy("上报区级备案"),
    "cases.serve": gettext_lazy("送达"),
    "cases.start_benefit": gettext_lazy("起发"),
    "cases.submission": gettext_lazy("对接系统提交"),
    "cases.send_material": gettext_lazy("对接系统补充材料"),
    "cases.recall": gettext_lazy("申请人经原系统撤回"),
    "cases.record_excuse": gettext_lazy("登记超期原因"),
    "cases.withdraw": gettext_lazy("申请人撤回"),
    "cases.terminate": gettext_lazy("终止办理"),
    "cases.reveal": gettext_lazy("查看完整信息"),
    "archives.issue": gettext_lazy("制发文书"),
    "policies.raise_flag": gettext_lazy("标记提醒"),
    "policies.close_flag": gettext_lazy("标记已说明"),
}
"""What each act of a case's trail is called."""

TOLD_BY_ANOTHER = {"cases.void_frozen", "cases.delivery", "cases.open_sitting"}
"""Lines that repeat what another line of the same act says; the full trail keeps them."""


def timeline(entries: Iterable[Entry], facts: Facts) -> list[Happening]:
    """The lines as sentences, the latest first."""
    papers = {row["pk"]: row for row in facts.papers}
    told = [happening(entry, papers) for entry in entries if not _repeats(entry)]
    return told[::-1]


def _repeats(entry: Entry) -> bool:
    if entry.act in TOLD_BY_ANOTHER:
        return True
    if entry.act == "cases.start_benefit":
        return entry.object_type != "cases.benefit"
    return entry.act == "cases.sign" and "voided_signatures" not in entry.changes


def happening(entry: Entry, papers: dict[int, Row]) -> Happening:
    """One line of the trail as a sentence."""
    paper = int(entry.object_id) if entry.act == "archives.issue" else None
    title = str(TITLES.get(entry.act, entry.act))
    if paper in papers:
        title = _("制发%(paper)s") % {"paper": PaperKind(papers[paper]["kind"]).label}
    for key, words in RETITLED.items():
        if key in entry.changes and entry.act in words:
            title = str(words[entry.act])
    said = DETAILS.get(entry.act)
    parts = [said(entry.changes) if said else "", entry.reason]
    return Happening(
        at=entry.at.astimezone(clock.ZONE),
        title=title,
        detail="　".join(part for part in parts if part),
        by=f"{entry.actor_name}　{entry.actor_post_title or _post(entry.actor_post)}".strip(),
        kind=KINDS.get(entry.act, AUTO if entry.actor_kind != "person" else ""),
        paper=paper,
    )


def _post(code: str) -> str:
    return str(Post(code).label) if code in Post.values else ""


RETITLED: dict[str, dict[str, Any]] = {
    "authorization_for": {"cases.authorize": gettext_lazy("打印核对授权书")},
    "household_signer": {"cases.sign_survey": gettext_lazy("家庭签字")},
    "sha256": {"cases.record_appraisal": gettext_lazy("上传签过字的评议表")},
}
KINDS = {
    "cases.record_loss": PAUSE,
    "cases.raise_objection": BAD,
    "cases.void_signature": BAD,
    "cases.sign": BAD,
    "cases.send_back": BAD,
    "cases.return_signing": BAD,
    "cases.refuse_acceptance": BAD,
    "cases.terminate": BAD,
    "cases.revoke_decision": BAD,
    "policies.raise_flag": PAUSE,
    "archives.issue": AUTO,
}
Changes = dict[str, Any]


def _after(changes: Changes, name: str) -> Any:
    return changes.get(name, [None, None])[1]


def _channel(changes: Changes) -> str:
    return _label(Channel, _after(changes, "channel"))


def _opinion(changes: Changes) -> str:
    return _with_amount(_label(Opinion, _after(changes, "opinion")), changes)


def _decision(changes: Changes) -> str:
    granted = _after(changes, "decision") == Opinion.GRANT
    return _with_amount(_("确认给予救助") if granted else _("不予确认"), changes)


def _with_amount(words: str, changes: Changes) -> str:
    amount = _after(changes, "amount")
    if amount in {None, "None", "0.00"}:
        return words
    return _("%(words)s，每月 %(amount)s 元") % {"words": words, "amount": format_yuan(amount)}


def _appraisal(changes: Changes) -> str:
    day, votes = _after(changes, "held_on"), _after(changes, "votes")
    return "，".join(part for part in (_("%(day)s评议") % {"day": day} if day else "", vote_words(votes or {})) if part)


def _posting(changes: Changes) -> str:
    return _("%(day)s张贴于%(place)s") % {"day": _after(changes, "posted_on"), "place": _after(changes, "place")}


def _restoring(changes: Changes) -> str:
    before, after = changes.get("last_day", [None, None])
    if before == after:
        return ""
    return _("期满日由 %(before)s 改为 %(after)s") % {"before": before, "after": after}


def _served(changes: Changes) -> str:
    return _("%(day)s，%(method)s") % {
        "day": _after(changes, "served_on"),
        "method": _label(Method, _after(changes, "method")),
    }


def _benefit(changes: Changes) -> str:
    month = str(_after(changes, "from_month"))[:7]
    return _("自 %(month)s 起，每月 %(amount)s 元") % {"month": month, "amount": format_yuan(_after(changes, "amount"))}


def _label(choices: Any, value: Any) -> str:
    return str(choices(value).label) if value in choices.values else ""


def _excuse(changes: Changes) -> str:
    limit = LIMIT_TITLES.get(str(_after(changes, "limit")), "")
    return _("%(limit)s，%(kind)s") % {"limit": limit, "kind": _label(ExcuseKind, _after(changes, "kind"))}


DETAILS: dict[str, Callable[[Changes], str]] = {
    "cases.register": _channel,
    "cases.submission": lambda changes: _("对方业务编号 %s") % _after(changes, "reference"),
    "cases.register_online": lambda changes: _("%(at)s 网上收到") % {"at": _after(changes, "received_at")},
    "cases.record_appraisal": _appraisal,
    "cases.finish_appraisal": _appraisal,
    "cases.give_opinion": _opinion,
    "cases.decide": _decision,
    "cases.record_posting": _posting,
    "cases.record_loss": lambda changes: str(_after(changes, "lost_on") or ""),
    "cases.record_restoring": _restoring,
    "cases.add_publicity_photo": lambda changes: _label(Distance, _after(changes, "distance")),
    "cases.sign_survey": lambda changes: _label(Signer, _after(changes, "household_signer")),
    "cases.answer_check": lambda changes: str(_after(changes, "report_number") or ""),
    "cases.file_result": lambda changes: str(_after(changes, "filing") or ""),
    "cases.record_excuse": _excuse,
    "cases.serve": _served,
    "cases.start_benefit": _benefit,
    "archives.issue": lambda changes: str(_after(changes, "number") or ""),
}


@dataclass(frozen=True)
class Link:
    """One link of the chain: the step, who, when, under which rule, and the evidence (a paper or a page)."""

    step: str
    who: str
    post: str
    office: str
    at: dt.datetime | None
    basis: str
    paper: int | None
    page: str
    label: str


CHAIN: list[tuple[Any, tuple[str, ...], str, str, Any]] = [
    (gettext_lazy("受理"), ("cases.accept", "cases.refuse_acceptance"), PaperKind.RECEIPT, "cases:materials", gettext_lazy("申请回执")),
    (gettext_lazy("调查"), ("cases.sign_survey",), PaperKind.SURVEY_FORM, "cases:survey", gettext_lazy("调查表")),
    (gettext_lazy("核对"), ("cases.answer_check",), "", "cases:check", gettext_lazy("核对报告")),
    (gettext_lazy("评议"), ("cases.finish_appraisal",), "", "cases:appraisal", gettext_lazy("评议记录")),
    (gettext_lazy("初审"), ("cases.give_opinion",), "", "cases:detail", gettext_lazy("初审意见")),
    (gettext_lazy("公示"), ("cases.record_posting",), PaperKind.POSTER, "cases:publicity", gettext_lazy("公示单")),
    (gettext_lazy("签批"), ("cases.signature",), PaperKind.APPROVAL_FORM, "cases:detail", gettext_lazy("签批内容")),
    (gettext_lazy("确认"), ("cases.decide",), PaperKind.APPROVAL_FORM, "cases:detail", gettext_lazy("审核确认表")),
    (gettext_lazy("送达"), ("cases.serve",), "notice", "cases:detail", gettext_lazy("通知书")),
]  # fmt: skip
NOTICES = (PaperKind.GRANT_NOTICE, PaperKind.DENIAL_NOTICE)


def chain(entries: Iterable[Entry], facts: Facts) -> list[Link]:
    """谁受理谁负责、谁调查谁负责、谁审批谁负责: each step's people as the trail has them, of its latest round."""
    lines = list(entries)
    latest_papers = {row["kind"]: row for row in facts.papers}
    latest_papers["notice"] = next((row for row in facts.papers if row["kind"] in NOTICES), {})
    voided = {line.object_id for line in lines if line.act == "cases.void_signature"}
    found = []
    for step, acts, kind, page, label in CHAIN:
        for line in _latest_round([one for one in lines if one.act in acts and _answers(one, voided)], acts[0]):
            paper = latest_papers.get(str(kind)) or {}
            found.append(_link(str(step), line, paper, page, str(label)))
    return found


def _answers(line: Entry, voided: set[str]) -> bool:
    """The household's own signature and signatures that fell away are no link of the chain."""
    if line.act == "cases.sign_survey":
        return "investigator" in line.changes
    return line.act != "cases.signature" or line.object_id not in voided


def _latest_round(lines: list[Entry], act: str) -> list[Entry]:
    """Where several people answer for a step together (investigators, signers) all of them, otherwise the last one."""
    if act not in {"cases.sign_survey", "cases.signature"}:
        return lines[-1:]
    people = {line.actor_id: line for line in lines}
    return sorted(people.values(), key=lambda line: line.pk)


def _link(step: str, line: Entry, paper: Row, page: str, label: str) -> Link:
    return Link(
        step=step,
        who=line.actor_name,
        post=line.actor_post_title or _post(line.actor_post),
        office=line.actor_office,
        at=line.at.astimezone(clock.ZONE),
        basis=line.basis,
        paper=paper.get("pk"),
        page=page,
        label=label,
    )
