"""Joins are not guarded at run time: none may lead from a public table into a personal one.

Read from the source: every path in a call on `PublicModel.objects` – keyword (`filter(a__b=…)`, `Q(…)`) or text
(`select_related("a__b")`, `values("a__b")`, `Count("a")`, `OuterRef`). What goes through a variable is not seen.
"""

import ast
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist

from common.scoping import ScopedModel
from organizations.models import Office

MODELS = {model.__name__: model for model in apps.get_models()}
APPS = [
    "archives",
    "cases",
    "common",
    "config",
    "disclosure",
    "funds",
    "journal",
    "organizations",
    "policies",
    "supervision",
]
BASE_MANAGER_ALLOWED = {"common/acts.py"}  # the first result of a form key, which the same person got before


def sources():
    for app in APPS:
        for path in sorted((Path(settings.BASE_DIR) / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_text(encoding="utf-8")


def manager_of(call):
    """The model on whose `objects` a chain of calls stands."""
    node = call
    while isinstance(node, ast.Call | ast.Attribute | ast.Subscript):
        if isinstance(node, ast.Attribute) and node.attr == "objects" and isinstance(node.value, ast.Name):
            return MODELS.get(node.value.id)
        node = node.func if isinstance(node, ast.Call) else node.value
    return None


def paths_of(call):
    """Names and texts in the arguments of a call, those inside Q(), F(), Count() … too, but not inside another queryset."""
    waiting = [*call.args, *[keyword.value for keyword in call.keywords]]
    yield from (keyword.arg for keyword in call.keywords if keyword.arg)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call) and manager_of(node) is None:
            yield from paths_of(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value.lstrip("-")
        elif isinstance(node, ast.BinOp | ast.UnaryOp | ast.List | ast.Tuple | ast.Starred):
            waiting.extend(ast.iter_child_nodes(node))


def leads_into_personal_table(model, path, is_personal):
    for part in path.split("__"):
        try:
            field = model._meta.get_field(part)
        except (FieldDoesNotExist, AttributeError):
            return False
        if not field.is_relation or field.related_model is None:
            return False
        model = field.related_model
        if is_personal(model):
            return True
    return False


def is_scoped(model):
    return issubclass(model, ScopedModel)


def joins_into_personal_tables(source, is_personal=is_scoped):
    found = set()
    for node in ast.walk(ast.parse(source)):
        model = manager_of(node) if isinstance(node, ast.Call) else None
        if model is None or is_personal(model):
            continue
        for path in paths_of(node):
            if leads_into_personal_table(model, path, is_personal):
                found.add(f"line {node.lineno}: {model.__name__} … {path}")
    return sorted(found)


def test_the_reader_sees_a_join():
    source = """
Area.objects.filter(made_up=True).filter(Q(offices__name="x") | Q(name="x")).select_related("parent__parent")
Area.objects.order_by("-offices__name").annotate(n=Count("covered_by"))
Area.objects.filter(pk__in=Office.objects.filter(seat__name="x").values("seat__offices"))
"""
    found = joins_into_personal_tables(source, is_personal=lambda model: model is Office)
    assert found == ["line 2: Area … offices__name", "line 3: Area … covered_by", "line 3: Area … offices__name"]


def test_no_join_leads_from_a_public_table_into_a_personal_one():
    found = {str(path): joins_into_personal_tables(text) for path, text in sources()}
    assert {path: joins for path, joins in found.items() if joins} == {}


def test_the_unguarded_base_manager_is_not_used():
    users = {str(path.relative_to(settings.BASE_DIR)) for path, text in sources() if "_base_manager" in text}
    assert users <= BASE_MANAGER_ALLOWED
