"""The facts of a case that its page and the workbench ask for, read for any number of cases in one query.

Only columns without personal ciphertext are read here. The lists come as JSON beside the case, so that a page costs the
same few queries whatever lies in its cases.
"""

import datetime as dt
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.expressions import RawSQL

from archives.models import IssuedPaper
from cases.models import (
    Appraisal,
    AppraisalPhoto,
    Appraiser,
    Authorization,
    Case,
    CaseLimit,
    CaseMember,
    CaseStage,
    EconomicCheck,
    EconomicItem,
    Excuse,
    FilingItem,
    Material,
    MissingNotice,
    Objection,
    Publicity,
    PublicityInterruption,
    PublicityPhoto,
    Signature,
    Survey,
    SurveyInvestigator,
    SurveyPhoto,
)
from common import clock
from organizations.models import Area
from policies.models import Flag

Row = dict[str, Any]
WHENS = {
    "opened_at",
    "closed_at",
    "signed_at",
    "void_at",
    "requested_at",
    "answered_at",
    "issued_at",
    "raised_at",
    "finished_at",
    "recorded_at",
}
DAYS = {
    "birth",
    "posted_on",
    "first_day",
    "last_day",
    "open_from",
    "taken_on",
    "visited_on",
    "report_on",
    "signed_on",
    "held_on",
    "public_until",
    "started_on",
    "due_on",
    "flag_on",
    "ended_on",
    "since",
}


@dataclass(frozen=True)
class Facts:
    """One case with what lies in it, each list oldest first."""

    case: Case
    village: str
    stages: list[Row]
    members: list[Row]
    items: list[Row]
    materials: list[Row]
    notices: list[Row]
    authorizations: list[Row]
    checks: list[Row]
    surveys: list[Row]
    investigators: list[Row]
    survey_photos: list[Row]
    appraisals: list[Row]
    appraisers: list[Row]
    appraisal_photos: list[Row]
    filings: list[Row]
    publicities: list[Row]
    publicity_photos: list[Row]
    interruptions: list[Row]
    objections: list[Row]
    signatures: list[Row]
    papers: list[Row]
    flags: list[Row]
    limits: list[Row]
    excuses: list[Row]

    @property
    def survey(self) -> Row | None:
        """The survey of the stage as it was last opened; an earlier round's does not count any more."""
        return self._of_last_stage(self.surveys, "SURVEY")

    @property
    def appraisal(self) -> Row | None:
        """The appraisal of the stage as it was last opened."""
        return self._of_last_stage(self.appraisals, "APPRAISAL")

    @property
    def publicity(self) -> Row | None:
        """The round of publicity of the stage as it was last opened."""
        return self._of_last_stage(self.publicities, "PUBLICITY")

    def _of_last_stage(self, rows: list[Row], step: str) -> Row | None:
        stage = next((row["pk"] for row in reversed(self.stages) if row["step"] == step), None)
        return next((row for row in rows if row["stage"] == stage), None)


def with_facts(cases: "QuerySet[Case]") -> "QuerySet[Case]":
    """The cases with everything that lies in each as one JSON object beside it (`facts_json`)."""
    return cases.select_related("office").annotate(facts_json=RawSQL(_facts_sql(), (), output_field=TextField()))  # noqa: S611


OWN = "one.case_id = cases_case.id"
OF_SURVEY = "one.survey_id IN (SELECT id FROM cases_survey WHERE case_id = cases_case.id)"
OF_APPRAISAL = "one.appraisal_id IN (SELECT id FROM cases_appraisal WHERE case_id = cases_case.id)"
OF_PUBLICITY = "one.publicity_id IN (SELECT id FROM cases_publicity WHERE case_id = cases_case.id)"
OF_PAPERS = "one.subject_type = 'case' AND one.subject_id = cases_case.id::text"
OF_FLAGS = "one.object_type = 'cases.case' AND one.object_id = cases_case.id::text"
LISTS: dict[str, tuple[Any, str, str]] = {
    "stages": (CaseStage, OWN, "key step round opened_at closed_at closed_by_name result"),
    "members": (CaseMember, OWN, "name birth has_capacity counts relation"),
    "items": (EconomicItem, OWN, "kind category member note declared surveyed checked counted explanation"),
    "materials": (Material, OWN, "code title required obtainable state note basis"),
    "notices": (MissingNotice, OWN, "codes issued_at paper"),
    "authorizations": (Authorization, OWN, "member scan signed_on signer signer_name"),
    "checks": (EconomicCheck, OWN, "stage requested_at answered_at answered_by_name report_number report_on scan"),
    "surveys": (Survey, OWN, "stage visited_on signer signer_name signed_scan paper helper_name"),
    "investigators": (SurveyInvestigator, OF_SURVEY, "survey name post_title signed_at"),
    "survey_photos": (SurveyPhoto, OF_SURVEY, "survey file caption"),
    "appraisals": (
        Appraisal, OWN, "stage held_on place chaired_by assisted_by signer_name signer_post scan finished_at recorded_by_name",
    ),
    "appraisers": (Appraiser, OF_APPRAISAL, "appraisal name role attended vote"),
    "appraisal_photos": (AppraisalPhoto, OF_APPRAISAL, "appraisal file caption"),
    "filings": (FilingItem, OWN, "filing stage decision public_until"),
    "publicities": (
        Publicity, OWN, "stage paper days place posted_on posted_by_name first_day last_day open_from closed_at",
    ),
    "publicity_photos": (PublicityPhoto, OF_PUBLICITY, "publicity file distance taken_on taken_by_name"),
    "interruptions": (PublicityInterruption, OF_PUBLICITY, "publicity lost_on restored_on cause"),
    "objections": (Objection, OWN, "answered_at upheld"),
    "signatures": (Signature, OWN, "place post post_title name signed_at void_at remark content_hash"),
    "papers": (IssuedPaper, OF_PAPERS, "kind number issued_at issued_by_name owner_type owner_id"),
    "flags": (Flag, OF_FLAGS, "rule message basis status raised_at raised_by closed_by close_reason"),
    "limits": (CaseLimit, OWN, "parameter step source reading started_on due_on flag_on ended_on"),
    "excuses": (Excuse, OWN, "limit kind reason since basis recorded_at recorded_by_name"),
}  # fmt: skip
AMOUNTS = {"declared", "surveyed", "checked", "counted"}
"""Amounts travel as text: JSON numbers are no money."""


@cache
def _facts_sql() -> str:
    """One object of arrays, oldest first. Written once as text: put together by the ORM it would be compiled for every page."""
    village = f"SELECT name FROM {Area._meta.db_table} WHERE code = cases_case.area_code"  # noqa: S608 names of our own tables
    lists = ", ".join(f"'{name}', ({_list_sql(*where)})" for name, where in LISTS.items())
    return f"jsonb_build_object('village', ({village}), {lists})::text"


def _list_sql(model: Any, link: str, names: str) -> str:
    pairs = ", ".join(f"'{name}', {_column(model, name)}" for name in names.split())
    rows = f"jsonb_agg(jsonb_build_object('pk', one.id, {pairs}) ORDER BY one.id)"
    return f"SELECT coalesce({rows}, '[]') FROM {model._meta.db_table} one WHERE {link}"  # noqa: S608 names of our own tables


def _column(model: Any, name: str) -> str:
    column = f"one.{model._meta.get_field(name).column}"
    return f"{column}::text" if name in AMOUNTS else column


def facts(case: Case) -> Facts:
    """The object that `with_facts` put beside a case, moments and days as such."""
    found: dict[str, Any] = json.loads(case.facts_json)  # type: ignore[attr-defined]
    lists = {name: [_typed(row) for row in found[name]] for name in LISTS}
    return Facts(case=case, village=found["village"] or case.area_code, **lists)


def _typed(row: Row) -> Row:
    return {name: _value(name, value) for name, value in row.items()}


def _value(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in WHENS:
        return dt.datetime.fromisoformat(value).astimezone(clock.ZONE)
    return dt.date.fromisoformat(value) if name in DAYS or name.endswith("ed_on") else value
