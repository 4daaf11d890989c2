"""Append-only tables refuse UPDATE, DELETE and TRUNCATE, for the site and for sessions of the owner."""

import psycopg2
import pytest
from django.apps import apps
from psycopg2.errors import InsufficientPrivilege, RestrictViolation

from tests.journal.rows import make_scratch, write_entry

APPEND_ONLY = ["journal_entry", "journal_block", "common_storedfile", "archives_issuedpaper", "archives_paperfile"]


@pytest.fixture
def one_entry(fresh_database, web):
    with web.cursor() as cursor:
        write_entry(cursor, None, "open")
    web.commit()


@pytest.mark.requirement("SEC-07", "MAT-21", "CHK-10")
@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_site_may_not_change_or_remove(web, table, statement):
    key = next(m for m in apps.get_models() if m._meta.db_table == table)._meta.pk.column
    with web.cursor() as cursor, pytest.raises(InsufficientPrivilege):
        cursor.execute(statement.format(table, key, key))


@pytest.mark.requirement("SEC-07", "MAT-21", "CHK-10")
@pytest.mark.parametrize("table", APPEND_ONLY)
def test_the_owner_may_not_truncate(owner, table):
    with owner.cursor() as cursor, pytest.raises(RestrictViolation, match="append-only: TRUNCATE refused"):
        cursor.execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.requirement("SEC-07")
@pytest.mark.parametrize("statement", ["UPDATE journal_entry SET act = 'x'", "DELETE FROM journal_entry"])
def test_the_owner_may_not_change_or_remove_rows_either(one_entry, owner, statement):
    with owner.cursor() as cursor, pytest.raises(RestrictViolation):
        cursor.execute(statement)


@pytest.mark.requirement("SEC-07")
def test_a_table_with_status_is_neither_deleted_nor_truncated(web, owner):
    make_scratch()
    with web.cursor() as cursor, pytest.raises(InsufficientPrivilege):
        cursor.execute("DELETE FROM scratch")
    for statement in ["DELETE FROM scratch", "TRUNCATE scratch"]:
        with owner.cursor() as cursor, pytest.raises(RestrictViolation):
            cursor.execute(statement)
        owner.rollback()


class TestClosing:
    """`append_only(table, closing="valid_to")`: from nothing to a value, once, with a journal row."""

    @pytest.fixture(autouse=True)
    def scratch(self, fresh_database):
        make_scratch(closing=True)

    def close(self, session, value="'2026-09-30'", *, entry=True, also=""):
        with session.cursor() as cursor:
            cursor.execute(f"UPDATE scratch SET valid_to = {value}{also} WHERE id = 1")
            if entry:
                write_entry(cursor, None, None)
        session.commit()

    def test_closes_with_a_journal_row(self, web):
        self.close(web)
        with web.cursor() as cursor:
            cursor.execute("SELECT valid_to::text FROM scratch")
            assert cursor.fetchone() == ("2026-09-30",)

    def test_does_not_close_without_a_journal_row(self, web):
        with pytest.raises(psycopg2.errors.IntegrityConstraintViolation, match="closing row 1 of table scratch"):
            self.close(web, entry=False)

    def test_the_error_does_not_repeat_the_row(self, owner, web):
        with owner.cursor() as cursor:
            cursor.execute("INSERT INTO scratch (id, note) VALUES (2, '示例张三')")
        owner.commit()
        with web.cursor() as cursor:
            cursor.execute("UPDATE scratch SET valid_to = '2026-09-30' WHERE id = 2")
        with pytest.raises(psycopg2.errors.IntegrityConstraintViolation) as error:
            web.commit()
        assert "示例张三" not in str(error.value)

    @pytest.mark.parametrize("value", ["'2026-12-31'", "NULL"])
    def test_is_not_closed_twice_nor_opened_again(self, web, value):
        self.close(web)
        with pytest.raises(RestrictViolation):
            self.close(web, value)

    def test_no_other_column_changes(self, web, owner):
        with pytest.raises(InsufficientPrivilege):
            self.close(web, also=", note = 'x'")
        with pytest.raises(RestrictViolation):
            self.close(owner, also=", note = 'x'")

    def test_is_not_deleted_nor_truncated(self, web, owner):
        for session, refused in [(web, InsufficientPrivilege), (owner, RestrictViolation)]:
            for statement in ["DELETE FROM scratch", "TRUNCATE scratch"]:
                with session.cursor() as cursor, pytest.raises(refused):
                    cursor.execute(statement)
                session.rollback()
