"""The frame of a legal act: one transaction, one act per form key, deferred constraints checked where they are caused."""

import dataclasses
import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.apps import apps
from django.core.files.base import File
from django.core.serializers.json import DjangoJSONEncoder
from django.db import OperationalError, connection, models, transaction
from django.utils.translation import gettext as _

from common import clock, files
from common.actors import Actor
from common.crypto import blind_index, canonical
from common.errors import Busy, Invalid, KeyReused
from common.models import ActKey

R = TypeVar("R")
LOCK_NOT_AVAILABLE, DEADLOCK = "55P03", "40P01"
KEY_LENGTH = 64


def act(name: str) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Turn `fn(actor, …, key=None)` into a legal act named `name`.

    - Everything inside is one transaction; a `Refusal` leaves nothing behind, in the storage of files neither.
    - The same `key` from the same person for the same act with the same content returns what the first call returned (a model
      instance); anything else under a used key is refused, so that nothing typed is dropped in silence.
    - A lock that cannot be had within the lock time-out becomes `Busy`.
    """

    def decorate(fn: Callable[..., R]) -> Callable[..., R]:
        @functools.wraps(fn)
        def run(*args: Any, **kwargs: Any) -> R:
            key = kwargs.pop("key", None)
            claim = Claim.of(str(key), name, args, kwargs) if key else None
            with whole():
                if claim and (repeated := claim.take()) is not None:
                    return repeated  # type: ignore[no-any-return]
                result = fn(*args, **kwargs)
                if claim:
                    claim.remember(result)
                return result

        run.act_name = name  # type: ignore[attr-defined]
        return run

    return decorate


@contextmanager
def whole() -> Iterator[None]:
    """All or nothing: one transaction with its files and its deferred constraints; a lock that cannot be had becomes `Busy`."""
    try:
        with files.dropped_on_refusal(), transaction.atomic():
            clock.apply(connection)
            yield
            check_constraints()
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") in {LOCK_NOT_AVAILABLE, DEADLOCK}:
            raise Busy() from error
        raise


def check_constraints() -> None:
    """Fire the deferred triggers now, so that the error appears in the act that caused it and not at commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


@dataclasses.dataclass(frozen=True)
class Claim:
    """The right to act once under a form key. `content` is a keyed digest of what was sent: no plain copy of it stays."""

    key: str
    act: str
    user_id: int | None
    content: str

    @classmethod
    def of(cls, key: str, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> "Claim":
        if len(key) > KEY_LENGTH or not key.isprintable():
            raise Invalid(_("表单信息不完整，没有保存。请重新打开页面再填。"))
        actor: Actor = args[0]
        sent = canonical([args[1:], kwargs], cls=Sent)
        return cls(key, name, actor.user_id, blind_index("act", sent))

    def take(self) -> Any:
        """Take the key; where it was taken before, return the earlier result. Waits for a concurrent holder to finish."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO common_actkey (key, act, user_id, content, result_type, result_id, at)"
                " VALUES (%s, %s, %s, %s, '', '', %s) ON CONFLICT (key) DO NOTHING",
                [self.key, self.act, self.user_id, self.content, clock.now()],
            )
            if cursor.rowcount:
                return None
        first = ActKey.objects.get(key=self.key)
        if (first.act, first.user_id, first.content) != (self.act, self.user_id, self.content):
            raise KeyReused()
        return apps.get_model(first.result_type)._base_manager.get(pk=first.result_id)

    def remember(self, result: object) -> None:
        """Note what came of it, for whoever comes again with the key."""
        if not isinstance(result, models.Model) or result.pk is None:
            raise TypeError("an act that is called with a key returns a stored model instance")
        ActKey.objects.filter(key=self.key).update(result_type=result._meta.label_lower, result_id=str(result.pk))


class Sent(DjangoJSONEncoder):
    """The arguments of an act in a form that is the same when the same form is sent again."""

    def default(self, o: Any) -> Any:
        if isinstance(o, File):
            return [o.name, o.size]
        if isinstance(o, models.Model):
            return [o._meta.label_lower, o.pk]
        if dataclasses.is_dataclass(o) and not isinstance(o, type):
            return {field.name: getattr(o, field.name) for field in dataclasses.fields(o)}
        if isinstance(o, bytes | bytearray | memoryview):
            return bytes(o).hex()
        if isinstance(o, set | frozenset):
            return sorted(o, key=str)
        return super().default(o)
