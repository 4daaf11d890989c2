"""Which post carries which permissions, and how a code covers its subtree. Pure."""

from organizations.enums import Level, Permission, Post

_READ = frozenset({Permission.VIEW_CASE})
_STREET_LEADER = _READ | {Permission.SIGN_CASE, Permission.REVEAL_PERSONAL, Permission.VIEW_JOURNAL}

POST_PERMISSIONS: dict[str, frozenset[str]] = {
    Post.VILLAGE: _READ | {Permission.REGISTER_APPLICATION, Permission.POST_NOTICE},
    Post.ASSISTANT: _READ | {Permission.REGISTER_APPLICATION, Permission.POST_NOTICE},
    Post.HANDLER: _READ
    | {
        Permission.REGISTER_APPLICATION,
        Permission.ACCEPT_CASE,
        Permission.SURVEY_CASE,
        Permission.REQUEST_CHECK,
        Permission.APPRAISE_CASE,
        Permission.REVIEW_CASE,
        Permission.PUBLISH_CASE,
        Permission.POST_NOTICE,
        Permission.DECIDE_CASE,
        Permission.FILE_RESULTS,
        Permission.SERVE_NOTICE,
        Permission.REVEAL_PERSONAL,
    },
    Post.DEPUTY_LEADER: _STREET_LEADER,
    Post.PRINCIPAL_LEADER: _STREET_LEADER,
    Post.RECONCILIATION: frozenset({Permission.ANSWER_CHECK}),
    Post.DISTRICT_OFFICER: _READ | {Permission.REVEAL_PERSONAL, Permission.RECEIVE_FILING},
    Post.DISTRICT_SUPERVISOR: _READ
    | {Permission.REVEAL_PERSONAL, Permission.VIEW_JOURNAL, Permission.RECORD_CHOICE, Permission.BIND_PACK},
    Post.DISTRICT_FUNDS: _READ,
    Post.CITY: frozenset({Permission.RECORD_CHOICE}),
    Post.PROVINCE: frozenset({Permission.RECORD_CHOICE}),
    Post.VISITOR: frozenset(),
    Post.DISCIPLINE: _READ | {Permission.VIEW_JOURNAL},
    Post.SYSTEM_ADMIN: frozenset({Permission.MANAGE_ORGANIZATION, Permission.MANAGE_CALENDAR}),
    Post.SECURITY_ADMIN: frozenset({Permission.MANAGE_SECURITY}),
    Post.AUDIT_ADMIN: frozenset({Permission.VIEW_JOURNAL}),
    Post.CLIENT: frozenset({Permission.EXCHANGE_APPLICATION}),
}
"""ORG-30: no post of the bureau carries both a signing or deciding permission of the street and supervision of it."""

SIGNIFICANT_DIGITS: dict[str, slice] = {
    Level.PROVINCE: slice(None, -len("1234567890")),
    Level.CITY: slice(None, -len("12345678")),
    Level.DISTRICT: slice(None, -len("123456")),
    Level.STREET: slice(None, -len("123")),
    Level.VILLAGE: slice(None),
}
"""How much of a 12-digit code names the level itself (rule of the statistics bureau: 2, 4, 6, 9, 12 digits)."""

LEVEL_ORDER = [Level.PROVINCE, Level.CITY, Level.DISTRICT, Level.STREET, Level.VILLAGE]


def subtree(code: str, level: str) -> tuple[str, str]:
    """The half-open range of 12-digit codes below and including an area: `120104` district → ("120104000000",
    "120105000000")."""
    prefix = code[SIGNIFICANT_DIGITS[level]]
    after = str(int(prefix) + 1).rjust(len(prefix), "0")
    return code, after.ljust(len(code), "0")


def parent_codes(code: str) -> list[str]:
    """The codes an area may lie under, nearest first: `120104001901` → 120104001000, 120104000000, 120100000000,
    120000000000."""
    padded = [code[SIGNIFICANT_DIGITS[level]].ljust(len(code), "0") for level in reversed(LEVEL_ORDER)]
    return [above for above in dict.fromkeys(padded) if above != code]


_CONFIRMING = frozenset({Post.HANDLER, Post.DEPUTY_LEADER, Post.PRINCIPAL_LEADER})
_SUPERVISING = frozenset({Post.DISTRICT_OFFICER, Post.DISTRICT_SUPERVISOR, Post.DISCIPLINE})
_ADMINISTRATORS = frozenset({Post.SYSTEM_ADMIN, Post.SECURITY_ADMIN, Post.AUDIT_ADMIN})


def are_incompatible(one: str, other: str) -> bool:
    """Whether one person may not hold both posts over the same area at the same time.

    审核和监管职能有效分离 (004 序言, 002 附件1.5; ORG-30): who reviews and confirms does not supervise. And the three
    administrators (三员分立) are three people, none of whom handles cases: a system administrator who is also a
    security administrator, or a handler, is refused; a handler who is also deputy leader is not."""
    pair = {Post(one), Post(other)}
    if pair & _ADMINISTRATORS:
        return len(pair) > 1
    return bool(pair & _CONFIRMING) and bool(pair & _SUPERVISING)


def overlap(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two half-open ranges of codes have a code in common."""
    return one[0] < other[1] and other[0] < one[1]
