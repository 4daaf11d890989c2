"""Reads of personal tables are scoped or fail loudly.

The guard sits in the query object, because a guard in queryset methods misses subqueries, Exists, unions and explain.
A queryset may be compiled only after `.visible_to(actor)` or `.unscoped(reason=…)`.
"""

from typing import Any, Self

from django.db import models
from django.db.models import sql

from common.actors import Actor


class UnscopedRead(Exception):
    """A personal table was touched without saying for whom."""

    def __init__(self, model: Any, what: str = "read") -> None:
        super().__init__(
            f"unscoped {what} of {model._meta.label}: call .visible_to(actor) or .unscoped(reason=…) first"
        )


class ScopedQuery(sql.Query):
    """Refuses to be compiled before it was scoped."""

    scoped = False

    def get_compiler(self, *args: Any, **kwargs: Any) -> Any:
        if not self.scoped:
            raise UnscopedRead(self.model)
        return super().get_compiler(*args, **kwargs)


class ScopedQuerySet(models.QuerySet[Any]):
    """The queryset of personal tables."""

    def __init__(self, model: Any = None, query: Any = None, using: str | None = None, hints: Any = None) -> None:
        super().__init__(model, query if query is not None else ScopedQuery(model), using, hints)

    def _mark(self) -> Self:
        clone = self.all()
        clone.query.scoped = True  # type: ignore[attr-defined]
        return clone

    def visible_to(self, actor: Actor) -> Self:
        """Only the rows that the actor's post may see, by area (SEC-01, SEC-04)."""
        marked = self._mark()
        return marked.filter(self.model.scope(actor))

    def unscoped(self, *, reason: str) -> Self:
        """All rows, for a reason that stands in the code."""
        if not reason:
            raise ValueError("unscoped() needs a reason")
        return self._mark()

    def _require(self, what: str) -> None:
        if not getattr(self.query, "scoped", False):
            raise UnscopedRead(self.model, what)

    def update(self, **kwargs: Any) -> int:
        self._require("update")
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._require("delete")
        return super().delete()

    def _raw_delete(self, using: str | None) -> int:
        self._require("delete")
        return super()._raw_delete(using)

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        raise UnscopedRead(self.model, "raw read")

    def _combine(self, other: Any, what: str) -> None:
        self._require(what)
        if isinstance(other, ScopedQuerySet):
            other._require(what)

    def __or__(self, other: Any) -> Self:
        self._combine(other, "union")
        return super().__or__(other)

    def __and__(self, other: Any) -> Self:
        self._combine(other, "intersection")
        return super().__and__(other)

    def __xor__(self, other: Any) -> Self:
        self._combine(other, "difference")
        return super().__xor__(other)


ScopedManager = models.Manager.from_queryset(ScopedQuerySet)


class ScopedModel(models.Model):
    """Base of every table with personal data. `area_code` is the village or office to which the row belongs."""

    area_code = models.CharField(max_length=12, db_collation="C", db_index=True)

    objects = ScopedManager()

    VIEW_PERMISSION = "view_case"

    class Meta:
        abstract = True

    @classmethod
    def scope(cls, actor: Actor) -> models.Q:
        """The condition for the actor's rows: inside one of the ranges of the view permission."""
        return in_ranges("area_code", actor.ranges(cls.VIEW_PERMISSION))


def in_ranges(field: str, ranges: list[tuple[str, str]]) -> models.Q:
    """`field` lies in one of the half-open ranges of area codes; no range, no rows."""
    condition = models.Q(pk__in=[])
    for lo, hi in ranges:
        condition |= models.Q(**{f"{field}__gte": lo, f"{field}__lt": hi})
    return condition
