"""Rows for tests that speak to the database as a bare SQL session would."""

import uuid

from journal.sql import append_only, status_needs_journal
from tests import databases

SCRATCH = """
    CREATE TABLE scratch (id bigint PRIMARY KEY, status text, valid_to date, note text DEFAULT '');
"""


def make_scratch(*, closing: bool = False) -> None:
    """A table of the test's own, guarded as migrations guard real ones, with one row in status `open`."""
    guard = append_only("scratch", closing="valid_to", object_type="tests.scratch") if closing else None
    guard = guard or status_needs_journal("scratch", "tests.scratch")
    with databases.session("sunlight_owner") as owner, owner.cursor() as cursor:
        cursor.execute(SCRATCH)
        cursor.execute(guard.sql)
        cursor.execute("INSERT INTO scratch (id, status) VALUES (1, 'open')")
        write_entry(cursor, None, "open")
    owner.close()


def write_entry(cursor, from_status, to_status, *, object_id=1, table="journal_entry", xid=None) -> None:
    """A journal row about row `object_id` of the scratch table."""
    columns = {
        "uid": str(uuid.uuid4()), "act": "tests.move", "object_type": "tests.scratch", "object_id": str(object_id),
        "subject_type": "", "subject_id": "", "from_status": from_status, "to_status": to_status, "changes": "{}",
        "personal": b"", "reason": "", "basis": "", "actor_username": "t", "actor_name": "t", "actor_kind": "person",
        "actor_post": "handler", "actor_post_title": "", "actor_area": "", "actor_office": "", "road": "page", "ip": "",
        "mac": b"", "area_code": "120104001000",
    }  # fmt: skip
    if xid is not None:
        columns["xid"] = str(xid)
    names, places = ", ".join(columns), ", ".join(["%s"] * len(columns))
    cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", list(columns.values()))
