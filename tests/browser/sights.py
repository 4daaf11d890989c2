"""Every page a person can reach, as the person who uses it: data for the pictures (tour.py) and for axe (test_accessibility.py)."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Sight:
    """One page: the name of its picture, the resolver's name, its address (`{paper}`: the check code of a paper).

    With `case`, a query of the list of cases, the address stands below the first case found there whose page shows the selector
    `shows`. `types` fills fields by name (`{code}`: the one-time code of the moment, `{locked}`: the account to lock out), then
    `clicks` are pressed one after the other; all of that `times` times."""

    name: str
    view: str
    address: str = ""
    case: str = ""
    shows: str = ""
    types: dict[str, str] = field(default_factory=dict)
    clicks: tuple[str, ...] = ()
    times: int = 1


FIND = "main form[action$='/search/'] button"
FIRST = "main tbody a"
SAVE = "main form:not([role=search]) .btn-primary"

PUBLIC = (
    Sight("start", "start", "/"),
    Sight("sign-in", "account_login", "/account/login/"),
    Sight("sign-in-ended", "account_login", "/account/login/?ended=1"),
    Sight("sign-in-wrong", "account_login", "/account/login/", types={"login": "somebody", "password": "-"}, clicks=(SAVE,)),
    Sight(
        "locked-out", "account_login", "/account/login/", types={"login": "{locked}", "password": "-"}, clicks=(SAVE,), times=5
    ),
    Sight("paper", "archives:verify", "/archives/verify/{paper}/"),
    Sight("paper-unknown", "archives:verify", "/archives/verify/unknown/"),
    Sight("apply-district", "cases:apply", "/apply/"),
    Sight("apply-street", "cases:apply", "/apply/?district=120199000000"),
    Sight("apply", "cases:apply", "/apply/?street=120199001000"),
    Sight("apply-errors", "cases:apply", "/apply/?street=120199001000", clicks=("main form .sl-cta",)),
    Sight("apply-receipt-gone", "cases:apply-receipt", "/apply/receipt/"),
    Sight("progress", "cases:progress", "/progress/"),
    Sight(
        "progress-unknown", "cases:progress", "/progress/", types={"receipt_code": "2222222222", "tail": "000X"},
        clicks=("main form .sl-cta",),
    ),
    Sight("start-large", "start", "/", clicks=("button.sl-big",)),
    Sight("apply-large", "cases:apply", "/apply/?street=120199001000"),
)  # fmt: skip

ACCOUNT = (
    Sight("account-menu", "workbench", "/workbench/", clicks=("summary.sl-me",)),
    Sight("password", "account_change_password", "/account/password/"),
    Sight("second-factor", "organizations:second-factor", "/organizations/second-factor/"),
    Sight("second-factor-check", "organizations:second-factor-check", "/organizations/second-factor/check/"),
    Sight("sign-out", "account_logout", "/account/logout/"),
    Sight("not-found", "", "/nowhere/"),
    Sight("not-my-post", "organizations:areas", "/organizations/"),
)

LISTS = (
    Sight("workbench", "workbench", "/workbench/"),
    Sight("late", "cases:late", "/cases/late/"),
    Sight("excuse", "cases:excuse", "/cases/late/", clicks=("main a[href*='/excuse/']",)),
    Sight("case-list", "cases:list", "/cases/"),
    Sight("case-list-found", "cases:list", "/cases/", types={"q": "l"}, clicks=(FIND,)),
    Sight("case-list-nothing", "cases:list", "/cases/", types={"q": "没有这个人"}, clicks=(FIND,)),
)

INTAKE = (
    Sight(
        "register-draft", "cases:register", "/cases/new/", types={"address": "春和里3号楼2门501"}, clicks=("[value=draft]",)
    ),
    Sight("register-errors", "cases:register", "/cases/new/", clicks=("[value=discard]", SAVE)),
    Sight("register", "cases:register", "/cases/new/"),
    Sight("case-intake", "cases:detail", case="step=INTAKE"),
    Sight("amend", "cases:amend", "amend/", case="step=INTAKE"),
    Sight("withdraw", "cases:withdraw", "withdraw/", case="step=INTAKE"),
    Sight("case-acceptance", "cases:detail", case="step=ACCEPTANCE"),
    Sight("materials", "cases:materials", "materials/", case="step=ACCEPTANCE", shows="form[action$='/ask-missing/']"),
    Sight("materials-noticed", "cases:materials", "materials/", case="step=ACCEPTANCE", shows="main > .sl-messages a"),
    Sight("materials-complete", "cases:materials", "materials/", case="step=ACCEPTANCE", shows="form[action$='/accept/']"),
    Sight("refuse-acceptance", "cases:refuse-acceptance", "refuse-acceptance/", case="step=ACCEPTANCE"),
    Sight(
        "authorizations", "cases:authorizations", "authorizations/", case="step=SURVEY", shows="form[action$='/authorize/']"
    ),
    Sight("authorizations-signed", "cases:authorizations", "authorizations/", case="step=ECONOMIC_CHECK"),
)  # fmt: skip

ONLINE = (
    Sight("online", "cases:online", "/cases/online/"),
    Sight("online-answered", "cases:online", "/cases/online/?view=answered"),
    Sight("online-detail", "cases:online-detail", "/cases/online/", clicks=(FIRST,)),
    Sight("online-returned", "cases:online-detail", "/cases/online/?view=answered", clicks=(FIRST,)),
    Sight("online-register", "cases:online-register", "/cases/online/", clicks=(FIRST, "main a[href$='/register/']")),
    Sight("online-return", "cases:online-return", "/cases/online/", clicks=(FIRST, "main a[href$='/return/']")),
)

SURVEY_AND_CHECK = (
    Sight("case-survey", "cases:detail", case="step=SURVEY"),
    Sight("survey", "cases:survey", "survey/", case="step=SURVEY", shows="form[data-draft] #s1:visible"),
    Sight("survey-unsigned", "cases:survey", "survey/", case="step=SURVEY", shows="form[action$='/survey-sign/']"),
    Sight("survey-done", "cases:survey", "survey/", case="step=INITIAL_REVIEW"),
    Sight("terminate", "cases:terminate", "terminate/", case="step=SURVEY"),
    Sight("check-to-request", "cases:check", "check/", case="step=ECONOMIC_CHECK", shows="form[action$='/check-request/'] .btn-primary"),
    Sight("check-waiting", "cases:check", "check/", case="step=ECONOMIC_CHECK", shows=".sl-cols .sl-card:first-child header .sl-tag"),
    Sight("check-differs", "cases:check", "check/", case="step=ECONOMIC_CHECK", shows="form[action$='/settle/'] .btn-primary"),
    Sight("review", "cases:review", "review/", case="step=INITIAL_REVIEW"),
    Sight("send-back", "cases:send-back", "send-back/", case="step=INITIAL_REVIEW"),
)  # fmt: skip

PUBLICITY = (
    Sight("case", "cases:detail", case="step=PUBLICITY"),
    Sight("case-reveal", "cases:detail", case="step=PUBLICITY", clicks=(".sl-reveal summary",)),
    Sight("timeline", "cases:timeline", "timeline/", case="step=PUBLICITY"),
    Sight("chain", "cases:chain", "chain/", case="step=PUBLICITY"),
    Sight("poster-to-make", "cases:publicity", "publicity/", case="step=PUBLICITY", shows="form[action$='/poster-issue/']"),
    Sight("publicity", "cases:publicity", "publicity/", case="step=PUBLICITY", shows=".sl-photo"),
    Sight("publicity-lost", "cases:publicity", "publicity/", case="step=PUBLICITY", shows="form[action$='/restoring/']"),
    Sight("objection", "cases:publicity", "publicity/", case="step=PUBLICITY", clicks=("#objections summary",)),
    Sight("objection-answer", "cases:publicity", "publicity/", case="step=SURVEY", shows="form[action$='/objection-answer/']"),
)  # fmt: skip

DECISION = (
    Sight("case-sign-off", "cases:detail", case="step=SIGN_OFF"),
    Sight("case-decision", "cases:detail", case="step=DECISION"),
    Sight("decide", "cases:decide", "decide/", case="step=DECISION"),
    Sight("serve", "cases:serve", "serve/", case="step=DELIVERY"),
    Sight("start-benefit", "cases:start-benefit", "start-benefit/", case="step=PAYMENT_START"),
    Sight("benefit", "cases:detail", case="view=confirmed"),
    Sight("case-denied", "cases:detail", case="view=ended", shows=".sl-messages:has-text('不予确认')"),
    Sight("case-withdrawn", "cases:detail", case="view=ended", shows=".sl-messages:has-text('撤回')"),
)

LEADER = (
    Sight("leader-workbench", "workbench", "/workbench/"),
    Sight("leader-case", "cases:detail", case="step=SIGN_OFF"),
    Sight("sign-desk", "cases:sign-desk", "/cases/signing/"),
    Sight("sign-desk-return", "cases:sign-desk", "/cases/signing/", clicks=("details summary.btn",)),
    Sight(
        "sign-sitting", "cases:sign-desk", "/cases/signing/", types={"code": "{code}"},
        clicks=(".sl-qitem input:enabled", ".sl-signbar .btn-primary"),
    ),
)  # fmt: skip

VILLAGE = (
    Sight("village-workbench", "workbench", "/workbench/"),
    Sight("village-case", "cases:detail", case="step=PUBLICITY"),
    Sight("publicity-photos", "cases:publicity", "publicity/", case="step=PUBLICITY", shows="#photos .sl-tag[data-level=warn]"),
)  # fmt: skip
ASSISTANT = (
    Sight("assistant-workbench", "workbench", "/workbench/"),
    Sight("posting", "cases:publicity", "publicity/", case="step=PUBLICITY", shows="form[action$='/posting/']"),
)

CHECK_CENTRE = (
    Sight("check-workbench", "workbench", "/workbench/"),
    Sight("checks", "cases:checks", "/cases/checks/"),
    Sight("checks-answered", "cases:checks", "/cases/checks/?view=answered"),
    Sight("check-answer", "cases:check-answer", "/cases/checks/", clicks=(FIRST,)),
    Sight("check-opened", "cases:check-open", "/cases/checks/", clicks=(FIRST, "button[formaction]")),
    Sight("check-report", "cases:check-answer", "/cases/checks/?view=answered", clicks=(FIRST,)),
)

RULES = (
    Sight("rules", "policies:in-force", "/policies/"),
    Sight("rules-found", "policies:in-force", "/policies/?q=公示"),
    Sight("rule", "policies:parameter", "/policies/dec.limit.dibao/"),
    Sight("documents", "policies:documents", "/policies/documents/"),
    Sight("calendar", "policies:calendar", "/policies/calendar/"),
    Sight("procedure", "policies:procedure", "/policies/procedure/"),
)
SUPERVISOR = (
    Sight("rule-choose", "policies:parameter", "/policies/int.accept_days/?area=120199000000&proposal=0"),
    Sight("bindings", "policies:bindings", "/policies/bindings/"),
    Sight(
        "bindings-nothing-chosen",
        "pack-preview",
        "/policies/bindings/",
        types={"valid_from": "2027-01-01"},
        clicks=(SAVE,),
    ),
    Sight(
        "pack-preview",
        "pack-preview",
        "/policies/bindings/",
        types={"valid_from": "2027-01-01", "pack": "yuquan-2020"},
        clicks=(SAVE,),
    ),
    Sight("late-streets", "cases:late", "/cases/late/"),
)

APPRAISED = (
    Sight("appraisal", "cases:appraisal", "appraisal/", case="step=APPRAISAL"),
    Sight("procedure-two-rounds", "policies:procedure", "/policies/procedure/"),
)
FILED = (
    Sight("optional", "cases:optional", "optional/", case="step=INITIAL_REVIEW"),
    Sight("case-side-by-side", "cases:detail", case="step=FILING"),
    Sight("filing", "cases:filing", "/cases/filing/"),
    Sight("procedure-side-by-side", "policies:procedure", "/policies/procedure/"),
)
RECEIVED = (
    Sight("filing-received", "cases:filing", "/cases/filing/"),
    Sight(
        "filing-summary",
        "cases:filing-summary",
        "/cases/filing/",
        clicks=("main a[href^='/cases/filing/'][href$='/']",),
    ),
)

AREAS = "/organizations/"
OFFICES = "/organizations/offices/"
USER = "/organizations/users/?q=village"
ADMINISTRATION = (
    Sight("administrator-workbench", "workbench", "/workbench/"),
    Sight("areas", "organizations:areas", AREAS + "?at=120199000000"),
    Sight("areas-found", "organizations:areas", AREAS + "?q=里社区"),
    Sight("area-add", "organizations:area-add", AREAS + "areas/add/?at=120199001000"),
    Sight("area-recode", "organizations:area-recode", AREAS + "?at=120199001901", clicks=("main a[href*='/recode/']",)),
    Sight("offices", "organizations:offices", OFFICES),
    Sight("office-add", "organizations:office-add", OFFICES + "add/?at=120199001000"),
    Sight("office", "organizations:office-edit", OFFICES + "?kind=street", clicks=(FIRST,)),
    Sight("office-close", "organizations:office-close", OFFICES + "?kind=street", clicks=("main a[href*='/close/']",)),
    Sight("users", "organizations:users", "/organizations/users/"),
    Sight("user-add", "organizations:user-add", "/organizations/users/add/"),
    Sight("user", "organizations:user", USER, clicks=(FIRST,)),
    Sight("user-active", "organizations:user-active", USER, clicks=(FIRST, "main a[href$='/active/']")),
    Sight("user-password", "organizations:user-password", USER, clicks=(FIRST, "main a[href$='/password/']")),
    Sight("user-hand-over", "organizations:user-hand-over", USER, clicks=(FIRST, "main a[href$='/hand-over/']")),
    Sight("appoint", "organizations:appoint", USER, clicks=(FIRST, "main a[href*='?user=']")),
    Sight("appoint-deputy", "organizations:appoint", USER, clicks=(FIRST, "main a[href*='?deputises=']")),
    Sight("end-appointment", "organizations:end-appointment", USER, clicks=(FIRST, "main a[href$='/end/']")),
    Sight("responsibilities", "organizations:responsibilities", AREAS + "responsibilities/"),
    Sight(
        "end-responsibility", "organizations:end-responsibility", AREAS + "responsibilities/", clicks=("main a[href$='/end/']",)
    ),
    Sight("delegations", "organizations:delegations", AREAS + "delegations/"),
    Sight("end-delegation", "organizations:end-delegation", AREAS + "delegations/", clicks=("main a[href$='/end/']",)),
    Sight("clients", "organizations:clients", AREAS + "clients/"),
    Sight("client-add", "organizations:client-add", AREAS + "clients/add/"),
    Sight("client-secret", "organizations:client-secret", AREAS + "clients/", clicks=("main a[href$='/secret/']",)),
    Sight("client-end", "organizations:client-end", AREAS + "clients/", clicks=("main a[href$='/end/']",)),
    Sight("tasks", "organizations:tasks", AREAS + "tasks/"),
    Sight("calendar-load", "policies:calendar", "/policies/calendar/"),
)  # fmt: skip
SECURITY = (
    Sight("locked", "organizations:locked", AREAS + "locked/"),
    Sight("unlock", "organizations:unlock", AREAS + "locked/", clicks=(FIRST,)),
    Sight("second-factor-lost", "organizations:second-factor-lost", AREAS + "second-factor/lost/"),
)


def home(role):
    return (Sight(f"{role}-workbench", "workbench", "/workbench/"),)


ROUNDS = {
    "intake": (("handler", (*LISTS, *INTAKE, *ONLINE, *RULES, *ACCOUNT)),),
    "proceeding": (("handler", (*SURVEY_AND_CHECK, *PUBLICITY, *DECISION)),),
    "leaders, village, check": (
        ("deputy", LEADER),
        ("village", VILLAGE),
        ("assistant", ASSISTANT),
        ("check", CHECK_CENTRE),
    ),
    "other orders": (
        ("yuquan-handler", APPRAISED),
        ("chengqu-handler", FILED),
        ("chengqu-officer", RECEIVED),
    ),
    "above the street": (
        ("supervisor", (*SUPERVISOR, *home("supervisor"))),
        *((role, home(role)) for role in ("officer", "funds", "visitor", "discipline", "city", "province")),
    ),
    "public, administration": (
        ("", PUBLIC),
        ("sysadmin", ADMINISTRATION),
        ("secadmin", (*SECURITY, *home("secadmin"))),
        ("auditadmin", home("auditadmin")),
    ),
}
"""Who looks at what, by the demonstration's usernames; nobody is who has not signed in."""
