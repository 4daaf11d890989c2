"""Proof that nothing was written: a fingerprint of every table."""

from contextlib import contextmanager

from django.db import connection

BOOKKEEPING = {"django_session", "django_migrations", "axes_accesslog", "axes_accessattempt"}


def fingerprint(*, leave_out=()):
    """{table: digest of its rows}; sessions and sign-in bookkeeping are left out."""
    skipped = BOOKKEEPING | set(leave_out)
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - skipped)
        query = " UNION ALL ".join(
            f"SELECT '{table}', count(*) || ':' || coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {table} t"
            for table in tables
        )
        cursor.execute(query)
        return dict(cursor.fetchall())


@contextmanager
def nothing_changes(*, leave_out=()):
    """`with nothing_changes():` – every table is afterwards as it was before."""
    before = fingerprint(leave_out=leave_out)
    yield
    after = fingerprint(leave_out=leave_out)
    changed = [table for table in after if after[table] != before.get(table)]
    assert not changed, f"written although nothing should be: {changed}"
