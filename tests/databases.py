"""Test databases: one migrated template, copied for every worker and for every test that commits.

Tests run as `sunlight_web`, as the site does; only migrating is done by `sunlight_owner`. Committing tests get a fresh copy
(CREATE DATABASE … TEMPLATE), because flushing tables would need TRUNCATE, which the triggers refuse.
"""

import io
import os
import uuid
from contextlib import closing

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from config.management.commands.setup_database import connect, grant, make_roles

RUN = os.environ.setdefault("SUNLIGHT_TEST_RUN", uuid.uuid4().hex[:8])
TEMPLATE = f"sunlight_test_{RUN}"


def point_at(name: str) -> None:
    """Let both aliases use the database `name`, in every thread that connects from now on."""
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
        settings.DATABASES[alias]["NAME"] = name


def build_template() -> None:
    """Make the template database from zero by all migrations, mark it as test, load the packs and calendars."""
    administer(f"CREATE DATABASE \"{TEMPLATE}\" OWNER sunlight_owner TEMPLATE template0 ENCODING 'UTF8'", roles=True)
    with closing(connect(TEMPLATE)) as connection, connection.cursor() as cursor:
        grant(cursor)
    point_at(TEMPLATE)
    call_command("migrate", database="owner", verbosity=0)
    with connections["owner"].cursor() as cursor:
        cursor.execute("INSERT INTO common_database_mark (kind) VALUES ('test')")
    call_command("load_packs", stdout=io.StringIO())
    for connection in connections.all():
        connection.close()


def administer(statement: str, *, roles: bool = False) -> None:
    """Run one statement as the privileged login, outside any test database."""
    with closing(connect("postgres")) as connection, connection.cursor() as cursor:
        if roles:
            make_roles(cursor)
        cursor.execute(statement)


def copy(name: str, of: str = TEMPLATE) -> str:
    """A fresh copy of a database."""
    with closing(connect("postgres")) as connection, connection.cursor() as cursor:
        strategy = "STRATEGY file_copy" if connection.server_version >= 150000 else ""
        cursor.execute(f'CREATE DATABASE "{name}" OWNER sunlight_owner TEMPLATE "{of}" {strategy}')
    return name


def drop(name: str) -> None:
    """Remove a test database, whoever is still connected."""
    administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def drop_all() -> None:
    """Remove everything this run has made."""
    with closing(connect("postgres")) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{TEMPLATE}%"])
        names = [name for (name,) in cursor.fetchall()]
    for name in names:
        drop(name)


def address(alias: str = "default") -> str:
    """The URL under which another process reaches the present test database."""
    config = connections[alias].settings_dict
    login = config["USER"] + (f":{config['PASSWORD']}" if config["PASSWORD"] else "")
    if config["HOST"].startswith("/"):
        return f"postgresql://{login}@/{config['NAME']}?host={config['HOST']}"
    return f"postgresql://{login}@{config['HOST'] or '127.0.0.1'}:{config['PORT'] or 5432}/{config['NAME']}"


def session(role: str = "sunlight_web", database: str = ""):
    """A psycopg2 connection of its own to the present test database, under a role; not autocommitting."""
    config = connections["default"].settings_dict
    return psycopg2.connect(
        dbname=database or config["NAME"], user=config["USER"], password=config["PASSWORD"], host=config["HOST"],
        port=config["PORT"] or None, options=f"-c role={role} -c lock_timeout=4s",
    )  # fmt: skip


def dump() -> str:
    """Every row of every table of the present test database as text, as a backup would hold it."""
    tables = []
    with closing(session("sunlight_owner")) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        for (table,) in cursor.fetchall():
            rows = io.StringIO()
            cursor.copy_expert(f'COPY "{table}" TO STDOUT', rows)
            tables.append(f"{table}\n{rows.getvalue()}")
    return "\n".join(tables)
