"""Writing the trail and sealing it."""

import json
import logging
import uuid
from collections.abc import Iterable
from typing import Any, TypedDict, Unpack

from django.conf import settings
from django.db import connection, models, transaction

from common import clock
from common.actors import Actor
from common.crypto import SUITE, canonical
from common.errors import Refusal
from journal.models import Block, Entry

UNMACED = {"id", "xid", "mac"}
LOCK = 7_301_226
ROWS_AT_ONCE = 5000
WATERMARK = """
    WITH present AS MATERIALIZED (SELECT pg_current_snapshot() AS snapshot)
    SELECT coalesce(min(running::text::bigint), (SELECT pg_snapshot_xmax(snapshot)::text::bigint FROM present))
    FROM present, pg_snapshot_xip(snapshot) AS running
    WHERE NOT EXISTS (
        SELECT FROM pg_stat_activity JOIN pg_database ON pg_database.oid = datid
        WHERE backend_xid = running::xid AND pg_database.datname <> current_database()
    )
"""
"""The oldest transaction that still runs and may write here: those of other databases of the server may not."""
log = logging.getLogger("journal.seal")


class What(TypedDict, total=False):
    """What a line says beside actor, act and object.

    `from_status`, `to_status`: the move of a status; `changes`: {column: [before, after]} of columns without personal data;
    `personal`: the same for personal ones (kept as ciphertext); `basis`: document and article; `subject`: ("case", id) where
    the object belongs to one; `area_code`: where the object itself has none.
    """

    from_status: str | None
    to_status: str | None
    changes: dict[str, Any] | None
    personal: dict[str, Any] | None
    reason: str
    basis: str
    subject: tuple[str, object] | None
    area_code: str | None


def record(actor: Actor, act: str, obj: models.Model, **what: Unpack[What]) -> Entry:
    """Add one line: `actor` did `act` to `obj`."""
    entry = line(actor, act, obj, **what)
    entry.save(force_insert=True)
    return entry


def record_all(entries: Iterable[Entry]) -> int:
    """Add many lines made by `line`, for acts on many objects at once. Returns how many."""
    return len(Entry.objects.bulk_create(entries, batch_size=ROWS_AT_ONCE))


def line(actor: Actor, act: str, obj: models.Model, **what: Unpack[What]) -> Entry:
    """A line that is not written yet, for `record_all`."""
    subject, area_code = what.get("subject"), what.get("area_code")
    entry = Entry(
        uid=uuid.uuid4(),
        at=clock.now(),
        act=act,
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk),
        subject_type=subject[0] if subject else "",
        subject_id=str(subject[1]) if subject else "",
        from_status=what.get("from_status"),
        to_status=what.get("to_status"),
        changes=_as_stored(what.get("changes")),
        personal=_as_stored(what.get("personal")),
        reason=what.get("reason", ""),
        basis=what.get("basis", ""),
        area_code=area_code if area_code is not None else getattr(obj, "area_code", actor.area),
        **_actor_values(actor),
    )
    entry.mac = mac_of(entry)
    return entry


def _as_stored(values: dict[str, Any] | None) -> dict[str, Any]:
    """The values as JSON gives them back (dates, amounts and numbers of keys as text), so that the digest stays the same."""
    stored: dict[str, Any] = json.loads(canonical(values or {}))
    return stored


def record_refusal(actor: Actor, refusal: Refusal, door: str) -> None:
    """A refusal is a line of the trail too: written by the door after the rollback, in a transaction of its own, without
    personal data and without the sentence shown."""
    with transaction.atomic():
        entry = Entry(
            uid=uuid.uuid4(),
            at=clock.now(),
            act=f"refused:{door}"[:80],
            object_type="refusal",
            object_id=refusal.code[:64],
            area_code=actor.area,
            basis=refusal.basis[:300],
            **_actor_values(actor),
        )
        entry.mac = mac_of(entry)
        entry.save(force_insert=True)


def _actor_values(actor: Actor) -> dict[str, Any]:
    return {
        "actor_id": actor.user_id,
        "actor_username": actor.username,
        "actor_name": actor.name,
        "actor_kind": actor.kind,
        "actor_post": actor.post,
        "actor_post_title": actor.post_title,
        "actor_appointment_id": actor.appointment_id,
        "actor_area": actor.area,
        "actor_office": actor.office,
        "road": actor.road,
        "ip": actor.ip,
    }


def mac_of(entry: Entry) -> bytes:
    """The keyed digest over every column but the database's own (id, xid) and itself; personal data as plain content."""
    values: dict[str, Any] = {}
    for field in Entry._meta.concrete_fields:
        if field.attname in UNMACED:
            continue
        value = getattr(entry, field.attname)
        values[field.attname] = value.astimezone(clock.ZONE).isoformat() if field.attname == "at" else value
    return SUITE.mac(settings.JOURNAL_KEY, canonical(values).encode())


def seal() -> int:
    """Seal the entries of all finished transactions into the next block. Returns how many; 0 makes no block.

    The watermark is the oldest transaction still running, so nothing can appear below it later. Number and digest of each
    block go to the log as well: kept elsewhere, they show when the newest block itself was taken away.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            cursor.execute(WATERMARK)
            watermark = int(cursor.fetchone()[0])
        last = Block.objects.order_by("-number").first()
        block = Block(
            number=last.number + 1 if last else 1,
            from_xid=last.to_xid if last else 0,
            to_xid=watermark,
            sealed_at=clock.now(),
        )
        if watermark < block.from_xid:
            raise RuntimeError(
                "the server's transaction counter is behind the last seal: restored into another cluster?"
            )
        block.entries, block.digest = block_digest(block, bytes(last.digest) if last else b"")
        if not block.entries:
            return 0
        block.save(force_insert=True)
    log.info("sealed block %s, %s entries, %s", block.number, block.entries, block.digest.hex())
    return block.entries


def block_digest(block: Block, previous: bytes) -> tuple[int, bytes]:
    """Number of entries with from_xid ≤ xid < to_xid, and the keyed digest over the block's own columns, the digest of the block
    before it and (id, xid, mac) of each entry."""
    own = f"{block.number}:{block.from_xid}:{block.to_xid}:{block.sealed_at.astimezone(clock.ZONE).isoformat()}"
    digest = SUITE.mac(settings.JOURNAL_KEY, previous + own.encode())
    count = 0
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(
            "SELECT id, xid::text, mac FROM journal_entry WHERE xid >= %s::text::xid8 AND xid < %s::text::xid8 ORDER BY id",
            [block.from_xid, block.to_xid],
        )
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            for row_id, xid, mac in rows:
                digest = SUITE.mac(settings.JOURNAL_KEY, digest + f"{row_id}:{xid}:".encode() + bytes(mac))
            count += len(rows)
    return count, digest
