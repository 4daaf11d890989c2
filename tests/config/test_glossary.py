"""docs/glossary.md holds every term of the program beside its identifier."""

import importlib
import pkgutil
import re

import pytest
from django.conf import settings
from django.db import models

APPS = ("archives", "cases", "common", "disclosure", "funds", "journal", "organizations", "policies", "supervision")


def enums():
    """Every enumeration of the apps."""
    for app in APPS:
        for info in pkgutil.iter_modules(importlib.import_module(app).__path__):
            if info.name != "enums":
                continue
            module = importlib.import_module(f"{app}.enums")
            for found in vars(module).values():
                if (
                    isinstance(found, type)
                    and issubclass(found, models.TextChoices)
                    and found.__module__ == module.__name__
                ):
                    yield app, found


@pytest.mark.parametrize(
    ("app", "enum"), [pytest.param(app, enum, id=f"{app}.{enum.__name__}") for app, enum in enums()]
)
def test_every_term_of_an_enumeration_stands_in_the_glossary(app, enum):
    text = (settings.BASE_DIR / "docs" / "glossary.md").read_text(encoding="utf-8")
    section = re.search(rf"^## {app}\.{enum.__name__}\b.*?(?=^## |\Z)", text, re.M | re.S)
    assert section, f"docs/glossary.md has no section {app}.{enum.__name__}"
    for member in enum:
        assert f"| {member.label} | `{member.value}` |" in section.group(), member
