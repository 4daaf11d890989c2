"""Personal tables are read for somebody, or not at all; every other table is public for a written reason."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Prefetch, Subquery, prefetch_related_objects
from django.test.utils import CaptureQueriesContext

from common.scoping import ScopedModel, ScopedQuery, ScopedQuerySet, UnscopedRead
from organizations.models import User
from tests.common.public_tables import PUBLIC
from tests.people import actor

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("SEC-01", "SEC-04")]
PERSONAL = [model for model in apps.get_models() if issubclass(model, ScopedModel)]


def scoped(model):
    return model.objects.unscoped(reason="test")


READS = {
    "list": lambda m: list(m.objects.all()),
    "len": lambda m: len(m.objects.filter(area_code="1")),
    "bool": lambda m: bool(m.objects.all()),
    "repr": lambda m: repr(m.objects.all()),
    "slice": lambda m: m.objects.all()[3],
    "get": lambda m: m.objects.get(pk=1),
    "first": lambda m: m.objects.first(),
    "last": lambda m: m.objects.last(),
    "latest": lambda m: m.objects.latest("pk"),
    "count": lambda m: m.objects.count(),
    "exists": lambda m: m.objects.filter(area_code="1").exists(),
    "contains": lambda m: m.objects.contains(m(pk=1)),
    "aggregate": lambda m: m.objects.aggregate(n=Count("pk")),
    "annotated aggregate": lambda m: m.objects.annotate(n=Count("pk")).aggregate(m=Count("n")),
    "distinct count": lambda m: m.objects.values("area_code").distinct().count(),
    "values": lambda m: list(m.objects.values("area_code")),
    "values_list": lambda m: list(m.objects.values_list("area_code", flat=True)),
    "in_bulk": lambda m: m.objects.in_bulk([1]),
    "explain": lambda m: m.objects.all().explain(),
    "iterator": lambda m: list(m.objects.iterator()),
    "only": lambda m: list(m.objects.only("pk")),
    "select_for_update": lambda m: list(m.objects.select_for_update()),
    "raw": lambda m: list(m.objects.raw(f"SELECT * FROM {m._meta.db_table}")),
    "sql": lambda m: str(m.objects.all().query),
    "default manager": lambda m: list(m._default_manager.all()),
    "other database": lambda m: list(m.objects.using("default")),
    "get_or_create": lambda m: m.objects.get_or_create(pk=1),
    "update_or_create": lambda m: m.objects.update_or_create(pk=1, defaults={"area_code": "1"}),
    "in": lambda m: list(User.objects.filter(pk__in=m.objects.values("pk"))),
    "in of models": lambda m: list(scoped(m).filter(pk__in=m.objects.all())),
    "Subquery": lambda m: list(User.objects.annotate(x=Subquery(m.objects.values("pk")[:1]))),
    "Exists": lambda m: list(User.objects.filter(Exists(m.objects.filter(pk=OuterRef("pk"))))),
    "not Exists": lambda m: User.objects.filter(~Exists(m.objects.all())).count(),
    "union": lambda m: list(m.objects.all().union(m.objects.all())),
    "union behind a scoped one": lambda m: list(scoped(m).union(m.objects.all())),
    "union before a scoped one": lambda m: list(m.objects.all().union(scoped(m))),
    "union behind a public one": lambda m: list(User.objects.values("pk").union(m.objects.values("pk"))),
    "intersection": lambda m: list(scoped(m).intersection(m.objects.all())),
    "difference": lambda m: list(scoped(m).difference(m.objects.all())),
    "|": lambda m: list(m.objects.all() | scoped(m)),
    "| behind": lambda m: list(scoped(m) | m.objects.filter(area_code="1")),
    "&": lambda m: list(scoped(m) & m.objects.filter(area_code="1")),
    "^": lambda m: list(scoped(m) ^ m.objects.filter(area_code="1")),
}
WRITES = {
    "update": lambda m: m.objects.update(area_code="1"),
    "filtered update": lambda m: m.objects.filter(pk=1).update(area_code="1"),
    "bulk_update": lambda m: m.objects.bulk_update([m(pk=1)], ["area_code"]),
    "delete": lambda m: m.objects.all().delete(),
    "filtered delete": lambda m: m.objects.filter(pk=1).delete(),
    "_raw_delete": lambda m: m.objects.all()._raw_delete("default"),
}


def is_refused(use):
    """Whether UnscopedRead comes before any statement but the savepoints that frame it."""
    with CaptureQueriesContext(connection) as queries:
        try:
            use()
        except UnscopedRead:
            return not [q for q in queries if "SAVEPOINT" not in q["sql"]]
    return False


@pytest.mark.parametrize("use", {**READS, **WRITES}.values(), ids={**READS, **WRITES})
def test_nothing_is_done_with_an_unscoped_queryset(use):
    assert [model._meta.label for model in PERSONAL if not is_refused(lambda model=model: use(model))] == []


RELATED = [
    (model, relation.get_accessor_name())
    for model in apps.get_models()
    for relation in model._meta.related_objects
    if relation.one_to_many and issubclass(relation.related_model, ScopedModel) and relation.get_accessor_name()
]


@pytest.mark.parametrize(("model", "accessor"), RELATED, ids=[f"{m._meta.label}.{a}" for m, a in RELATED])
class TestRelatedManagers:
    def test_are_unscoped_until_they_are_scoped(self, model, accessor):
        related = getattr(model(pk=1), accessor)
        uses = [
            lambda: list(related.all()), related.count, related.exists, related.first, lambda: related.update(area_code="1"),
            lambda: related.all().delete(), lambda: prefetch_related_objects([model(pk=1)], accessor),
        ]  # fmt: skip
        assert all(is_refused(use) for use in uses)

    def test_work_when_scoped(self, model, accessor):
        related = getattr(model(pk=1), accessor)
        assert list(related.visible_to(actor())) == []
        row = model(pk=1)
        prefetch_related_objects([row], Prefetch(accessor, queryset=related.model.objects.visible_to(actor())))
        assert list(getattr(row, accessor).all()) == []


@pytest.mark.parametrize("model", PERSONAL, ids=lambda model: model._meta.label)
def test_scoped_querysets_do_all_of_it(model):
    for queryset in [
        model.objects.visible_to(actor()),
        scoped(model).filter(pk=-1),
        model.objects.filter(pk=-1).visible_to(actor()),
    ]:
        assert len(list(queryset)) == queryset.count()
        assert queryset.exists() == bool(queryset.count())
        queryset.aggregate(n=Count("pk"))
        list(queryset.union(queryset))
        list(queryset | queryset)
        assert User.objects.filter(Exists(queryset.filter(pk=-1))).count() == 0


@pytest.mark.parametrize("model", PERSONAL, ids=lambda model: model._meta.label)
def test_a_post_without_the_area_sees_nothing(model):
    nowhere = actor(user_id=-1, permissions=())
    assert model.objects.visible_to(nowhere).count() == 0


@pytest.mark.parametrize("model", PERSONAL, ids=lambda model: model._meta.label)
def test_no_manager_goes_round_the_guard(model):
    for manager in model._meta.managers:
        queryset = manager.get_queryset()
        assert isinstance(queryset, ScopedQuerySet)
        assert isinstance(queryset.query, ScopedQuery)
        assert not queryset.query.scoped


def test_unscoped_wants_a_reason():
    with pytest.raises(ValueError, match="reason"):
        PERSONAL[0].objects.unscoped(reason="")


def test_every_table_is_scoped_or_public_for_a_reason():
    others = {m._meta.label for m in apps.get_models(include_auto_created=True) if not issubclass(m, ScopedModel)}
    own = {label for label in others if not label.startswith("tests.")}
    assert own - set(PUBLIC) == set(), (
        "new tables: scope them, or say in public_tables.py why they hold no personal data"
    )
    assert set(PUBLIC) - own == set(), "tables that are gone or scoped by now"
    assert all(PUBLIC.values())


def test_personal_tables_are_not_in_the_admin():
    assert not apps.is_installed("django.contrib.admin")
