"""A status changes only together with its journal row: the database demands it at commit, whatever the program does."""

import psycopg2
import pytest
from psycopg2.errors import IntegrityConstraintViolation

from tests.journal.rows import make_scratch, write_entry

pytestmark = pytest.mark.requirement("SEC-07")


@pytest.fixture(autouse=True)
def scratch(fresh_database):
    make_scratch()


def set_status(cursor, status):
    cursor.execute("UPDATE scratch SET status = %s WHERE id = 1", [status])


def status_now(session):
    session.rollback()
    with session.cursor() as cursor:
        cursor.execute("SELECT status FROM scratch WHERE id = 1")
        return cursor.fetchone()[0]


def test_the_session_is_the_role_of_the_site(web):
    with web.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("sunlight_web",)


def test_a_status_change_with_its_row_commits(web):
    with web.cursor() as cursor:
        set_status(cursor, "accepted")
        write_entry(cursor, "open", "accepted")
    web.commit()
    assert status_now(web) == "accepted"


def test_a_status_change_without_a_row_fails_at_commit(web):
    with web.cursor() as cursor:
        set_status(cursor, "accepted")  # the statement itself passes
    with pytest.raises(IntegrityConstraintViolation, match="without a journal entry"):
        web.commit()
    assert status_now(web) == "open"


@pytest.mark.parametrize(
    ("written_from", "written_to", "object_id"),
    [("other", "accepted", 1), ("open", "other", 1), (None, "accepted", 1), ("open", "accepted", 2)],
)
def test_a_row_about_something_else_does_not_serve(web, written_from, written_to, object_id):
    with web.cursor() as cursor:
        set_status(cursor, "accepted")
        write_entry(cursor, written_from, written_to, object_id=object_id)
    with pytest.raises(IntegrityConstraintViolation):
        web.commit()
    assert status_now(web) == "open"


def test_a_row_of_an_earlier_transaction_does_not_serve(web):
    with web.cursor() as cursor:
        write_entry(cursor, "open", "accepted")
        web.commit()
        set_status(cursor, "accepted")
    with pytest.raises(IntegrityConstraintViolation):
        web.commit()


def test_a_row_cannot_be_written_in_advance_for_a_later_transaction(web):
    with web.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint + 1")
        following = cursor.fetchone()[0]
        write_entry(cursor, "open", "accepted", xid=following)
        web.commit()
        set_status(cursor, "accepted")
    with pytest.raises(IntegrityConstraintViolation):
        web.commit()


def test_each_of_several_moves_in_one_transaction_needs_its_row(web):
    with web.cursor() as cursor:
        set_status(cursor, "accepted")
        set_status(cursor, "surveyed")
        write_entry(cursor, "accepted", "surveyed")
    with pytest.raises(IntegrityConstraintViolation):
        web.commit()


def test_there_and_back_is_two_moves_and_not_none(web):
    with web.cursor() as cursor:
        set_status(cursor, "accepted")
        set_status(cursor, "open")
    with pytest.raises(IntegrityConstraintViolation):
        web.commit()


def test_a_new_row_needs_its_journal_row_too(web):
    with web.cursor() as cursor:
        cursor.execute("INSERT INTO scratch (id, status) VALUES (2, 'open')")
    with pytest.raises(IntegrityConstraintViolation):
        web.commit()


def test_other_columns_change_freely(web):
    with web.cursor() as cursor:
        cursor.execute("UPDATE scratch SET note = 'x' WHERE id = 1")
    web.commit()


def test_a_temporary_table_does_not_pass_for_the_journal(web):
    with web.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE journal_entry (LIKE public.journal_entry INCLUDING DEFAULTS)")
        set_status(cursor, "accepted")
        cursor.execute(
            'INSERT INTO pg_temp.journal_entry SELECT (jsonb_populate_record(entry, \'{"to_status": "accepted",'
            ' "from_status": "open"}\')).* FROM public.journal_entry AS entry'
        )
        cursor.execute("UPDATE pg_temp.journal_entry SET xid = pg_current_xact_id()")
    with pytest.raises(IntegrityConstraintViolation):
        web.commit()


def test_the_site_cannot_mute_the_triggers_for_its_session(web):
    with web.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
        cursor.execute("SET session_replication_role = 'replica'")


def test_the_site_cannot_alter_the_table(web):
    with web.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
        cursor.execute("ALTER TABLE scratch DISABLE TRIGGER ALL")
