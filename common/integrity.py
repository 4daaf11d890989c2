"""What `check_integrity` needs everywhere, and what it asks of every table: ciphertexts open, blind indexes fit them."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from common.crypto import BlindIndexField, EncryptedTextField, Unreadable

ROWS_AT_ONCE = 2000


def readable(rows: "models.QuerySet[Any]") -> Iterator[tuple[Any, Any]]:
    """(primary key, row) of all rows in portions; the row is None where a ciphertext in it does not open."""
    ordered = rows.order_by("pk")
    keys = list(ordered.values_list("pk", flat=True)[:ROWS_AT_ONCE])
    while keys:
        try:
            yield from ((row.pk, row) for row in list(ordered.filter(pk__in=keys)))
        except Unreadable:
            yield from ((key, _read(rows, key)) for key in keys)
        keys = list(ordered.filter(pk__gt=keys[-1]).values_list("pk", flat=True)[:ROWS_AT_ONCE])


def _read(rows: "models.QuerySet[Any]", key: Any) -> Any:
    try:
        return rows.get(pk=key)
    except Unreadable:
        return None


def violations() -> Iterator[str]:
    """One sentence for each row whose personal columns were altered."""
    for model in apps.get_models():
        indexes = [field for field in model._meta.concrete_fields if isinstance(field, BlindIndexField)]
        if any(isinstance(field, EncryptedTextField) for field in model._meta.concrete_fields):
            yield from _check(model, indexes)


def _check(model: type[models.Model], indexes: list[BlindIndexField]) -> Iterator[str]:
    rows: Any = model._default_manager
    rows = rows.unscoped(reason="integrity check") if hasattr(rows, "unscoped") else rows.all()
    for key, row in readable(rows):
        if row is None:
            yield f"{model._meta.label} {key} 的加密内容被改动，无法解密"
            continue
        for index in indexes:
            if getattr(row, index.attname) != index.index_of(getattr(row, index.source) or ""):
                yield f"{model._meta.label} {key} 的 {index.source} 与检索索引不一致"
