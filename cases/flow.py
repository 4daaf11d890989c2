"""The table of moves: in which step a move is possible, who may do it, what it needs and where it leads. Data, no logic.

The order of the steps is not here: it is the pack's (DEC-01). `closes` says that the move ends the open stage; `ends` that it ends
the whole case; a move without steps is possible in every open stage up to the decision.
"""

from dataclasses import dataclass

from cases.enums import ExcuseKind, Outcome, Step
from organizations.enums import Permission


@dataclass(frozen=True)
class Move:
    """One move: its name, the steps in which it is possible, the permission it needs, its effect, and the requirements it carries out,
    the first that the area's document speaks of being cited."""

    name: str
    title: str
    steps: tuple[str, ...]
    permission: str
    closes: bool = False
    ends: str = ""
    basis: tuple[str, ...] = ()


EVERY_STEP = tuple(Step)
BEFORE_DECISION = (
    Step.INTAKE,
    Step.ACCEPTANCE,
    Step.SURVEY,
    Step.ECONOMIC_CHECK,
    Step.APPRAISAL,
    Step.INITIAL_REVIEW,
    Step.PUBLICITY,
    Step.SIGN_OFF,
    Step.DECISION,
)
GATHERING = (Step.INTAKE, Step.ACCEPTANCE, Step.SURVEY, Step.ECONOMIC_CHECK, Step.APPRAISAL, Step.INITIAL_REVIEW)
AUTHORIZING = (Step.INTAKE, Step.ACCEPTANCE, Step.SURVEY, Step.ECONOMIC_CHECK)
DECLARING = (Step.INTAKE, Step.ACCEPTANCE)

_ALL = (
    Move("amend", "修改申报", DECLARING, Permission.REGISTER_APPLICATION, basis=("INT-01",)),
    Move("submit", "提交申请", (Step.INTAKE,), Permission.REGISTER_APPLICATION, closes=True, basis=("INT-01",)),
    Move("add_material", "收取材料", GATHERING, Permission.ACCEPT_CASE, basis=("MAT-01",)),
    Move("ask_missing", "一次性告知", (Step.ACCEPTANCE,), Permission.ACCEPT_CASE, basis=("INT-04",)),
    Move("authorize", "登记核对授权", AUTHORIZING, Permission.ACCEPT_CASE, basis=("CHK-02", "MAT-06")),
    Move("accept", "受理", (Step.ACCEPTANCE,), Permission.ACCEPT_CASE, closes=True, basis=("INT-01",)),
    Move(
        "refuse_acceptance",
        "不予受理",
        (Step.ACCEPTANCE,),
        Permission.ACCEPT_CASE,
        ends=Outcome.NOT_ACCEPTED,
        basis=("INT-02",),
    ),
    Move("record_survey", "登记入户调查", (Step.SURVEY,), Permission.SURVEY_CASE, basis=("SUR-05", "SUR-01")),
    Move("sign_survey", "调查人签字", (Step.SURVEY,), Permission.SURVEY_CASE, basis=("SUR-07",)),
    Move("add_survey_photo", "上传入户照片", (Step.SURVEY,), Permission.SURVEY_CASE, basis=("SUR-09",)),
    Move("finish_survey", "完成调查", (Step.SURVEY,), Permission.SURVEY_CASE, closes=True, basis=("SUR-01",)),
    Move("request_check", "发起核对", (Step.ECONOMIC_CHECK,), Permission.REQUEST_CHECK, basis=("CHK-08",)),
    Move("answer_check", "反馈核对报告", (Step.ECONOMIC_CHECK,), Permission.ANSWER_CHECK, basis=("CHK-07", "CHK-15")),
    Move(
        "settle_items",
        "认定收入财产",
        (Step.ECONOMIC_CHECK, Step.INITIAL_REVIEW),
        Permission.REVIEW_CASE,
        basis=("CHK-15",),
    ),
    Move("finish_check", "完成核对", (Step.ECONOMIC_CHECK,), Permission.REQUEST_CHECK, closes=True, basis=("CHK-08",)),
    Move(
        "open_optional",
        "决定组织民主评议",
        (Step.ECONOMIC_CHECK, Step.INITIAL_REVIEW),
        Permission.APPRAISE_CASE,
        basis=("APP-02", "APP-11"),
    ),
    Move("record_appraisal", "登记民主评议", (Step.APPRAISAL,), Permission.APPRAISE_CASE, basis=("APP-07", "APP-11")),
    Move("add_appraisal_photo", "上传评议照片", (Step.APPRAISAL,), Permission.APPRAISE_CASE, basis=("APP-08",)),
    Move(
        "finish_appraisal",
        "完成评议",
        (Step.APPRAISAL,),
        Permission.APPRAISE_CASE,
        closes=True,
        basis=("APP-06", "APP-07", "APP-11"),
    ),
    Move(
        "give_opinion",
        "提出初审意见",
        (Step.INITIAL_REVIEW,),
        Permission.REVIEW_CASE,
        closes=True,
        basis=("DEC-05", "DEC-01"),
    ),
    Move(
        "issue_poster",
        "制作公示单",
        (Step.PUBLICITY,),
        Permission.PUBLISH_CASE,
        basis=("PUB-01", "PUB-06", "PUB-21", "PUB-07"),
    ),
    Move("record_posting", "登记张贴", (Step.PUBLICITY,), Permission.POST_NOTICE, basis=("PUB-24",)),
    Move("add_publicity_photo", "上传公示照片", (Step.PUBLICITY,), Permission.POST_NOTICE, basis=("PUB-12", "PUB-24")),
    Move("record_loss", "登记损毁", (Step.PUBLICITY,), Permission.POST_NOTICE, basis=("PUB-11",)),
    Move("record_restoring", "登记恢复张贴", (Step.PUBLICITY,), Permission.POST_NOTICE, basis=("PUB-11",)),
    Move(
        "raise_objection",
        "登记异议",
        (Step.PUBLICITY, Step.SIGN_OFF, Step.DECISION, Step.DELIVERY),
        Permission.REVIEW_CASE,
        basis=("PUB-16",),
    ),
    Move("answer_objection", "答复异议", BEFORE_DECISION, Permission.REVIEW_CASE, basis=("PUB-16",)),
    Move(
        "finish_publicity",
        "公示结束",
        (Step.PUBLICITY,),
        Permission.PUBLISH_CASE,
        closes=True,
        basis=("PUB-02", "PUB-06", "PUB-21"),
    ),
    Move("sign", "签批", (Step.SIGN_OFF,), Permission.SIGN_CASE, closes=True, basis=("DEC-14", "DEC-15")),
    Move("return_signing", "退回初审", (Step.SIGN_OFF,), Permission.SIGN_CASE, basis=("DEC-28",)),
    Move(
        "send_back",
        "退回前一环节",
        (Step.INITIAL_REVIEW, Step.PUBLICITY, Step.DECISION),
        Permission.REVIEW_CASE,
        basis=("DEC-28",),
    ),
    Move("decide", "作出决定", (Step.DECISION,), Permission.DECIDE_CASE, closes=True, basis=("DEC-16", "DEC-01")),
    Move("file_result", "上报备案", (Step.FILING,), Permission.FILE_RESULTS, closes=True, basis=("DEC-23",)),
    Move("serve", "送达", (Step.DELIVERY,), Permission.SERVE_NOTICE, closes=True, basis=("DEC-16",)),
    Move("start_benefit", "起发", (Step.PAYMENT_START,), Permission.DECIDE_CASE, closes=True),
    Move("send_material", "补充材料", GATHERING, Permission.EXCHANGE_APPLICATION, basis=("MAT-01",)),
    Move(
        "recall",
        "经原系统撤回申请",
        BEFORE_DECISION,
        Permission.EXCHANGE_APPLICATION,
        ends=Outcome.WITHDRAWN,
        basis=("INT-15",),
    ),
    Move("record_excuse", "登记超期原因", EVERY_STEP, Permission.ACCEPT_CASE, basis=("CHK-11",)),
    Move("withdraw", "撤回申请", BEFORE_DECISION, Permission.ACCEPT_CASE, ends=Outcome.WITHDRAWN, basis=("INT-15",)),
    Move(
        "terminate",
        "终止",
        (Step.SURVEY, Step.ECONOMIC_CHECK),
        Permission.REVIEW_CASE,
        ends=Outcome.TERMINATED,
        basis=("INT-15",),
    ),
)
MOVES: dict[str, Move] = {move.name: move for move in _ALL}


@dataclass(frozen=True)
class ClockRule:
    """A limit of a part of the way: its parameter and the steps in which it runs, none for the whole matter. `until`: what ends it
    before its step is over (request, answer), or what has to be there for it to run at all (confirmation: a notice was posted)."""

    parameter: str
    title: str
    steps: tuple[str, ...] = ()
    until: str = ""


TOTAL_LIMIT = {"DIBAO": ClockRule("dec.limit.dibao", "审核确认总时限")}
FILING_LIMIT = ClockRule("dec.filing_days", "备案时限", (Step.FILING,))
STEP_LIMITS = (
    ClockRule("int.accept_days", "受理时限", (Step.ACCEPTANCE,)),
    ClockRule("chk.start_days", "发起核对时限", (Step.ECONOMIC_CHECK,), "request"),
    ClockRule("chk.report_days", "反馈核对报告时限", (Step.ECONOMIC_CHECK,), "answer"),
    FILING_LIMIT,
    ClockRule("dec.confirm_days_after_publicity", "公示后确认时限", (Step.SIGN_OFF, Step.DECISION), "confirmation"),
)
LIMIT_TITLES = {rule.parameter: rule.title for rule in (*TOTAL_LIMIT.values(), *STEP_LIMITS)}
EXCUSED_BY: dict[str, tuple[str, ...]] = {ExcuseKind.CHECK_CENTRE: ("CHK-11",)}
"""The requirements under which a document may recognise an excuse; the other kinds are stated without one."""
