"""The ways that households have gone until today: each is a list of legs, and the list of endings names every state that the
demonstration shows. Data; `config.demo.story` walks it."""

from dataclasses import dataclass, replace
from random import Random

PUBLICITY = "publicity"


@dataclass(frozen=True)
class Leg:
    """One thing that happens: the story's method, at least and at most how many working days after the one before, at what time.
    After `PUBLICITY` the full days of the notice are waited for as well."""

    name: str
    days: tuple[int, int]
    at: str
    after: str = ""


APPLICATION = [
    Leg("registers", (0, 0), "09:10"),
    Leg("submits", (0, 0), "09:40"),
]
ACCEPTANCE = [
    Leg("brings_materials", (0, 2), "10:20"),
    Leg("accepts", (0, 0), "10:50"),
    Leg("authorizes", (0, 1), "11:20"),
]
SURVEY = [
    Leg("writes_survey", (1, 4), "13:40"),
    Leg("photographs_home", (0, 0), "14:00"),
    Leg("first_investigator_signs", (0, 0), "15:00"),
    Leg("second_investigator_signs", (0, 0), "15:20"),
    Leg("household_signs", (0, 1), "15:50"),
    Leg("finishes_survey", (0, 0), "16:10"),
]
CHECK = [
    Leg("requests_check", (0, 2), "16:30"),
    Leg("centre_answers", (2, 6), "14:10"),
    Leg("settles", (0, 2), "15:10"),
]
REVIEW = [Leg("proposes_grant", (0, 2), "16:20")]
POSTER = [
    Leg("makes_poster", (0, 1), "16:50"),
    Leg("hangs_poster", (1, 2), "10:10"),
    Leg("photographs_near", (0, 0), "10:20"),
    Leg("photographs_far", (0, 0), "10:30"),
]
OVER = [Leg("finishes_publicity", (0, 1), "09:20", PUBLICITY)]
SIGNATURES = [
    Leg("deputy_signs", (0, 2), "10:40"),
    Leg("principal_signs", (0, 2), "15:30"),
]
DECISION = [Leg("decides", (0, 2), "16:40")]
DELIVERY = [Leg("serves", (1, 3), "10:30")]
START = [Leg("starts_benefit", (0, 2), "11:10")]

GRANT = [
    *APPLICATION, *ACCEPTANCE, *SURVEY, *CHECK, *REVIEW, *POSTER, *OVER, *SIGNATURES, *DECISION, *DELIVERY, *START,
]  # fmt: skip
AGAIN = [
    Leg("objected", (1, 3), "11:00"),
    *SURVEY,
    Leg("answers_objection", (0, 1), "16:30"),
    Leg("settles", (0, 1), "16:40"),
]
"""An objection, the new survey and its answer; the report of the check is still of an age."""


def until(name: str, way: list[Leg] = GRANT) -> list[Leg]:
    """The way up to and with a leg."""
    names = [leg.name for leg in way]
    return way[: names.index(name) + 1]


def then(way: list[Leg], *names: str, days: tuple[int, int] = (0, 2), at: str = "16:55") -> list[Leg]:
    """The way with further legs at its end."""
    return way + [Leg(name, days, at) for name in names]


BEFORE_BOARD = until("hangs_poster")
DIFFERENCES = [replace(leg, name="centre_finds_more") if leg.name == "centre_answers" else leg for leg in GRANT]
AFTER_OBJECTION = [
    *until("photographs_far"),
    *AGAIN,
    *REVIEW,
    *POSTER,
    *OVER,
    *SIGNATURES,
    *DECISION,
    *DELIVERY,
    *START,
]
TOO_MUCH = [
    replace(leg, name="centre_finds_too_much") if leg.name == "centre_answers" else leg for leg in until("settles")
]
REFUSAL = [
    *TOO_MUCH, Leg("proposes_refusal", (0, 2), "16:20"), *SIGNATURES, Leg("decides_refusal", (0, 2), "16:40"), *DELIVERY,
]  # fmt: skip
INCOMPLETE = [
    *until("submits"), Leg("asks_missing", (0, 1), "10:00"), Leg("brings_one", (2, 5), "10:20"), Leg("asks_missing", (0, 1), "10:40"),
]  # fmt: skip
INTERRUPTED = [*until("photographs_far"), Leg("loses_poster", (1, 3), "09:30")]


@dataclass(frozen=True)
class Ending:
    """Where a household stands today: the legs so far, how many working days ago the last one was, how often it is drawn."""

    name: str
    legs: list[Leg]
    weight: int
    rest: tuple[int, int] = (0, 6)
    ended: bool = False


def _ended(name: str, legs: list[Leg], weight: int) -> Ending:
    return Ending(name, legs, weight, ended=True)


ENDINGS: tuple[Ending, ...] = (
    # one for each status
    Ending("registered", until("registers"), 6),
    Ending("notice_sent", then(until("submits"), "asks_missing"), 5),
    Ending("authorized", until("authorizes"), 7),
    Ending("check_waiting", until("requests_check"), 10, (0, 9)),
    Ending("to_review", until("settles"), 6),
    Ending("publicity_running", until("photographs_far"), 12, (0, 2)),
    Ending("to_sign", until("finishes_publicity"), 9),
    Ending("to_decide", until("principal_signs"), 5),
    Ending("not_served", until("decides"), 6),
    Ending("to_start", until("serves"), 4),
    _ended("confirmed", GRANT, 175),
    _ended("denied", REFUSAL, 20),
    _ended("withdrawn_early", then(until("submits"), "withdraws"), 5),
    _ended("terminated_survey", then(until("accepts"), "refuses_survey", days=(3, 8)), 4),
    _ended("not_accepted", then(until("submits"), "refuses_acceptance"), 7),
    # what else a caseworker meets
    Ending("survey_unsigned", until("photographs_home"), 5, (0, 3)),
    Ending("publicity_no_far", until("photographs_near"), 4, (0, 2)),
    Ending("publicity_interrupted", INTERRUPTED, 2, (0, 1)),
    Ending("objected", until("objected", AFTER_OBJECTION), 3),
    Ending("one_signature", until("deputy_signs"), 6),
    Ending("publicity_over", until("photographs_far"), 4, (9, 12)),
    Ending("check_differs", until("centre_finds_more", DIFFERENCES), 4),
    Ending("refusal_to_sign", until("proposes_refusal", REFUSAL), 3),
    _ended("confirmed_after_objection", AFTER_OBJECTION, 10),
    Ending("submitted", until("submits"), 6, (0, 4)),
    Ending("noticed_twice", INCOMPLETE, 2),
    Ending("materials_ready", until("brings_materials"), 4, (0, 3)),
    Ending("accepted", until("accepts"), 4),
    Ending("survey_one_signed", until("first_investigator_signs"), 3),
    Ending("survey_household_missing", until("second_investigator_signs"), 3),
    Ending("check_not_requested", until("finishes_survey"), 5),
    Ending("check_answered", until("centre_answers"), 3),
    Ending("poster_not_made", until("proposes_grant"), 3, (0, 2)),
    Ending("poster_not_hung", until("makes_poster"), 3, (0, 2)),
    Ending("publicity_restored", [*INTERRUPTED, Leg("restores_poster", (1, 1), "09:50")], 2, (0, 1)),
    Ending("publicity_over_no_far", until("photographs_near"), 2, (9, 14)),
    Ending("objection_answered", [*until("photographs_far"), *AGAIN], 2),
    Ending("second_publicity", [*until("photographs_far"), *AGAIN, *REVIEW, *POSTER], 2, (0, 2)),
    Ending("returned_by_leader", then(until("deputy_signs"), "principal_returns"), 2),
    Ending("refusal_to_decide", until("principal_signs", REFUSAL), 2),
    Ending("refusal_not_served", until("decides_refusal", REFUSAL), 2),
    _ended("confirmed_with_differences", DIFFERENCES, 22),
    _ended("withdrawn_late", then(until("photographs_far"), "withdraws", days=(1, 3)), 3),
    _ended("terminated_check", then(until("finishes_survey"), "refuses_check"), 3),
)


# --- The other districts, in the orders of their own documents --------------------------------------------------------

APPRAISAL = [Leg("appraises", (1, 3), "10:00")]
FILING = [Leg("files", (1, 3), "16:20")]
ONE_SIGNATURE = [Leg("deputy_signs", (0, 2), "10:40")]

YUQUAN_WAY = [
    *APPLICATION, *ACCEPTANCE, *SURVEY, *CHECK, *APPRAISAL, *REVIEW, *POSTER, *OVER, *POSTER, *OVER, *ONE_SIGNATURE, *DECISION,
    *DELIVERY, *START,
]  # fmt: skip
"""Appraisal always, review posted, approval posted, one signer."""
YUQUAN: tuple[Ending, ...] = (
    Ending("yuquan_to_appraise", until("settles", YUQUAN_WAY), 3, (0, 3)),
    Ending("yuquan_first_round", until("photographs_far", YUQUAN_WAY), 3, (0, 2)),
    Ending("yuquan_second_round", [*until("finishes_publicity", YUQUAN_WAY), *POSTER], 3, (0, 2)),
    Ending("yuquan_check_silent", [*until("requests_check", YUQUAN_WAY), Leg("excuses", (31, 33), "10:20")], 1, (0, 2)),
    Ending("yuquan_to_sign", [*until("finishes_publicity", YUQUAN_WAY), *POSTER, *OVER], 2),
    _ended("yuquan_confirmed", YUQUAN_WAY, 14),
)

CHENGQU_DECIDED = [*APPLICATION, *ACCEPTANCE, *SURVEY, *CHECK, *REVIEW, *SIGNATURES, *DECISION]
CHENGQU_WAY = [*CHENGQU_DECIDED, *FILING, *POSTER, *OVER, Leg("is_received", (0, 1), "09:50"), *DELIVERY, *START]
"""Confirmed, then filed and posted side by side, then served and paid."""
CHENGQU: tuple[Ending, ...] = (
    Ending("chengqu_to_review", until("settles", CHENGQU_WAY), 2, (0, 2)),
    Ending("chengqu_to_file", CHENGQU_DECIDED, 4, (0, 3)),
    Ending("chengqu_filed_and_posted", until("photographs_far", CHENGQU_WAY), 4, (0, 2)),
    Ending("chengqu_posted_not_filed", [*CHENGQU_DECIDED, *POSTER], 2, (4, 7)),
    Ending("chengqu_late_excused", [*CHENGQU_DECIDED, *POSTER, Leg("excuses", (6, 8), "09:30")], 1, (0, 2)),
    Ending("chengqu_to_serve", until("finishes_publicity", CHENGQU_WAY), 2),
    Ending("chengqu_objected", [*until("photographs_far", CHENGQU_WAY), Leg("objected", (1, 3), "11:00")], 2, (0, 3)),
    _ended("chengqu_confirmed", CHENGQU_WAY, 14),
)

DISPUTED = [
    *until("photographs_far"), Leg("objected", (1, 3), "11:00"), *SURVEY, *CHECK, *APPRAISAL,
    Leg("answers_objection", (0, 1), "16:30"), *REVIEW, *POSTER, *OVER, *SIGNATURES, *DECISION, *DELIVERY, *START,
]  # fmt: skip
"""The order that the national baseline proposes, with an appraisal because somebody objected."""
NANKAI: tuple[Ending, ...] = (
    Ending("nankai_publicity_running", until("photographs_far"), 3, (0, 2)),
    Ending("nankai_to_appraise", [*until("objected", DISPUTED), *SURVEY], 2, (0, 3)),
    Ending("nankai_to_sign", until("finishes_publicity"), 2),
    _ended("nankai_confirmed", GRANT, 8),
    _ended("nankai_confirmed_after_objection", DISPUTED, 2),
)

WAYS: dict[str, tuple[Ending, ...]] = {"tianjin": ENDINGS, "yuquan": YUQUAN, "chengqu": CHENGQU, "nankai": NANKAI}
SHARES = {"tianjin": 85, "yuquan": 5, "chengqu": 6, "nankai": 4}


def ending_of(random: Random, index: int) -> tuple[str, Ending]:
    """The district's way and the ending. The first households show every ending once; of the others about half are in benefit."""
    shown = [(way, ending) for way, endings in WAYS.items() for ending in endings]
    if index < len(shown):
        return shown[index]
    way = random.choices(list(SHARES), list(SHARES.values()))[0]
    return way, random.choices(WAYS[way], [one.weight for one in WAYS[way]])[0]
