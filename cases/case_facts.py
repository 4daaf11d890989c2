"""The facts of a case that its page and the workbench ask for, read for any number of cases in one query.

Only columns without personal ciphertext are read here. The lists come as JSON beside the case (`ArraySubquery`), so that
the page of a case costs the same few queries whatever lies in it.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, JSONObject

from archives.models import IssuedPaper
from cases.models import (
    Authorization,
    Case,
    CaseMember,
    CaseStage,
    EconomicCheck,
    EconomicItem,
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
from cases.queries import HELD
from common import clock
from common.actors import Actor
from organizations.models import Area
from policies.models import Flag

Row = dict[str, Any]
WHENS = {"opened_at", "closed_at", "signed_at", "void_at", "requested_at", "answered_at", "issued_at", "raised_at"}
DAYS = {"birth", "posted_on", "first_day", "last_day", "open_from", "taken_on", "visited_on", "report_on", "signed_on"}


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
    publicities: list[Row]
    publicity_photos: list[Row]
    interruptions: list[Row]
    objections: list[Row]
    signatures: list[Row]
    papers: list[Row]
    flags: list[Row]

    @property
    def survey(self) -> Row | None:
        """The survey of the stage as it was last opened; an earlier round's does not count any more."""
        return self._of_last_stage(self.surveys, "SURVEY")

    @property
    def publicity(self) -> Row | None:
        """The round of publicity of the stage as it was last opened."""
        return self._of_last_stage(self.publicities, "PUBLICITY")

    def _of_last_stage(self, rows: list[Row], step: str) -> Row | None:
        stage = next((row["pk"] for row in reversed(self.stages) if row["step"] == step), None)
        return next((row for row in rows if row["stage"] == stage), None)


def facts_of(actor: Actor, case_ids: list[int]) -> dict[int, Facts]:
    """The facts of those of the cases that the actor may see, by their numbers, in one query."""
    rows = with_facts(Case.objects.visible_to(actor).filter(pk__in=case_ids))
    return {case.pk: facts(case) for case in rows}


def with_facts(cases: "QuerySet[Case]") -> "QuerySet[Case]":
    """The cases with their lists beside them (`row_…`)."""
    village = Area.objects.filter(code=OuterRef("area_code")).values("name")[:1]
    return cases.select_related("office").annotate(
        row_village=Subquery(village),
        **{f"row_{name}": _list(*where) for name, where in LISTS.items()},
    )


LISTS: dict[str, tuple[Any, str, str]] = {
    "stages": (CaseStage, "case", "key step round opened_at closed_at closed_by_name result"),
    "members": (CaseMember, "case", "name birth has_capacity counts relation"),
    "items": (EconomicItem, "case", "kind category member note declared surveyed checked counted explanation"),
    "materials": (Material, "case", "code title required obtainable state note basis"),
    "notices": (MissingNotice, "case", "codes issued_at paper"),
    "authorizations": (Authorization, "case", "member scan signed_on signer signer_name"),
    "checks": (EconomicCheck, "case", "stage requested_at answered_at answered_by_name report_number report_on scan"),
    "surveys": (Survey, "case", "stage visited_on signer signer_name signed_scan paper helper_name"),
    "investigators": (SurveyInvestigator, "survey__case", "survey name post_title signed_at"),
    "survey_photos": (SurveyPhoto, "survey__case", "survey file caption"),
    "publicities": (
        Publicity, "case", "stage paper days place posted_on posted_by_name first_day last_day open_from closed_at",
    ),
    "publicity_photos": (PublicityPhoto, "publicity__case", "publicity file distance taken_on taken_by_name"),
    "interruptions": (PublicityInterruption, "publicity__case", "publicity lost_on restored_on cause"),
    "objections": (Objection, "case", "answered_at upheld"),
    "signatures": (Signature, "case", "place post post_title name signed_at void_at remark content_hash"),
    "papers": (IssuedPaper, "", "kind number issued_at issued_by_name owner_type owner_id"),
    "flags": (Flag, "", "rule message basis status raised_at raised_by closed_by close_reason"),
}  # fmt: skip
AMOUNTS = {"declared", "surveyed", "checked", "counted"}
"""Amounts travel as text: JSON numbers are no money."""


def _list(model: Any, link: str, names: str) -> ArraySubquery:
    columns: dict[str, Any] = {
        name: Cast(F(name), TextField()) if name in AMOUNTS else F(name) for name in names.split()
    }
    rows = model.objects.unscoped(reason=HELD).filter(**_link(model, link)).order_by("pk")
    return ArraySubquery(rows.values(row=JSONObject(pk=F("pk"), **columns)))


def _link(model: Any, link: str) -> dict[str, Any]:
    if link:
        return {link: OuterRef("pk")}
    number = Cast(OuterRef("pk"), CharField())
    if model is Flag:
        return {"object_type": Case._meta.label_lower, "object_id": number}
    return {"subject_type": "case", "subject_id": number}


def facts(case: Case) -> Facts:
    """The lists that `with_facts` put beside a case, moments and days as such."""
    lists = {name: [_typed(row) for row in getattr(case, f"row_{name}")] for name in LISTS}
    return Facts(case=case, village=getattr(case, "row_village", "") or case.area_code, **lists)


def _typed(row: Row) -> Row:
    return {name: _value(name, value) for name, value in row.items()}


def _value(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in WHENS:
        return dt.datetime.fromisoformat(value).astimezone(clock.ZONE)
    return dt.date.fromisoformat(value) if name in DAYS or name.endswith("ed_on") else value
