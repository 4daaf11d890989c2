"""The one clock: Python and SQL agree, and only a marked database lets it be moved."""

import datetime as dt
from contextlib import closing

import psycopg2
import pytest
from django.db import connection, connections, transaction

from common import clock
from common.errors import Refusal
from tests import databases


def sql(expression: str):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {expression}")
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_tests_start_on_the_first_of_september_2026():
    assert clock.now() == dt.datetime(2026, 9, 1, 9, tzinfo=clock.ZONE)
    assert clock.today() == dt.date(2026, 9, 1)


@pytest.mark.django_db
def test_sql_and_python_agree_about_moment_and_day():
    with clock.moved(dt.datetime(2026, 12, 31, 0, 30)):  # still the day before in UTC
        assert sql("sunlight_now()") == clock.now()
        assert sql("sunlight_now()::date") == clock.today() == dt.date(2026, 12, 31)


@pytest.mark.django_db
def test_the_clock_goes_back_to_where_it_stood():
    with clock.moved(dt.date(2027, 1, 1)):
        with clock.moved(dt.date(2028, 2, 29)):
            assert clock.today() == sql("sunlight_now()::date") == dt.date(2028, 2, 29)
        assert clock.today() == sql("sunlight_now()::date") == dt.date(2027, 1, 1)
    assert clock.now() == sql("sunlight_now()") == dt.datetime(2026, 9, 1, 9, tzinfo=clock.ZONE)


def test_a_rollback_does_not_part_sql_from_python(fresh_database):
    clock.move(None)
    with transaction.atomic():
        clock.move(dt.date(2026, 10, 1))
        transaction.set_rollback(True)
    clock.apply(connection)
    assert sql("sunlight_now()::date") == clock.today() == dt.date(2026, 10, 1)


def test_a_new_connection_learns_the_moved_time(fresh_database):
    clock.move(dt.date(2026, 10, 1))
    connection.close()
    clock.apply(connection)
    assert sql("sunlight_now()") == clock.now()


def test_an_unmarked_database_keeps_the_real_time(fresh_database):
    clock.move(None)
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM common_database_mark")
    with pytest.raises(Refusal) as refused:
        clock.move(dt.date(2026, 10, 1))
    assert refused.value.code == "COMMON_CLOCK_FIXED"
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('sunlight.clock', '2020-01-01 00:00+08', false)")
        cursor.execute("SELECT sunlight_now() > now() - interval '1 hour'")
        assert cursor.fetchone()[0]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO common_database_mark (kind) VALUES ('test')",
        "DELETE FROM common_database_mark",
        "TRUNCATE common_database_mark",
    ],
)
def test_the_web_role_cannot_mark_a_database(fresh_database, statement):
    with (
        closing(databases.session()) as session,
        session.cursor() as cursor,
        pytest.raises(psycopg2.errors.InsufficientPrivilege),
    ):
        cursor.execute(statement)


def test_a_temporary_table_does_not_pass_for_the_mark(fresh_database):
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM common_database_mark")
    with closing(databases.session()) as session, session.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE common_database_mark AS SELECT 1 AS id")
        cursor.execute("SELECT set_config('sunlight.clock', '2020-01-01 00:00+08', false)")
        cursor.execute("SELECT sunlight_now() > now() - interval '1 hour'")
        assert cursor.fetchone()[0]
