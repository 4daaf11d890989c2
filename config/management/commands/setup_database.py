"""Make the roles and the database, idempotently.

    python manage.py setup_database [--mark demo|test]

Uses MIGRATION_DATABASE_URL (or DATABASE_URL): a login that may create databases and roles. After it, `migrate --database owner`.
"""

from typing import Any

import psycopg2
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from psycopg2 import sql

ROLES = ("sunlight_owner", "sunlight_web", "sunlight_reader")


def connect(name: str) -> Any:
    """A connection of the privileged login itself (no SET ROLE), autocommitting."""
    config = settings.DATABASES["owner"]
    connection = psycopg2.connect(
        dbname=name, user=config["USER"], password=config["PASSWORD"], host=config["HOST"], port=config["PORT"] or None
    )
    connection.autocommit = True
    return connection


def make_roles(cursor: Any) -> None:
    """The three roles, each a member's worth of the login that creates them."""
    for role in ROLES:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [role])
        if not cursor.fetchone()[0]:
            cursor.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
        # since 16 who makes a role may administer it, but not act as it
        right = "SET" if cursor.connection.server_version >= 160000 else "MEMBER"
        cursor.execute("SELECT pg_has_role(current_user, %s, %s)", [role, right])
        if not cursor.fetchone()[0]:
            cursor.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(role)))


def make_database(cursor: Any, name: str) -> None:
    """The database, owned by sunlight_owner."""
    cursor.execute("SELECT EXISTS (SELECT FROM pg_database WHERE datname = %s)", [name])
    if not cursor.fetchone()[0]:
        cursor.execute(
            sql.SQL("CREATE DATABASE {} OWNER sunlight_owner TEMPLATE template0 ENCODING 'UTF8'").format(
                sql.Identifier(name)
            )
        )


def grant(cursor: Any) -> None:
    """Schema and default privileges: owner makes, web uses; the reader is granted tables one by one in migrations."""
    cursor.execute("ALTER SCHEMA public OWNER TO sunlight_owner")
    cursor.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    cursor.execute("GRANT USAGE ON SCHEMA public TO sunlight_web, sunlight_reader")
    cursor.execute("SET ROLE sunlight_owner")
    cursor.execute(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO sunlight_web"
    )
    cursor.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO sunlight_web")
    cursor.execute("RESET ROLE")


class Command(BaseCommand):
    help = "Make the database roles and the database. Example: python manage.py setup_database --mark demo (before migrate)"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--mark", choices=["demo", "test"], help="mark the database after migrating; its clock may be moved"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        name = settings.DATABASES["owner"]["NAME"]
        if options["mark"] and settings.PRODUCTION:
            raise CommandError("a production database is never marked as demonstration or test")
        try:
            with connect("postgres").cursor() as cursor:
                make_roles(cursor)
                make_database(cursor, name)
            with connect(name).cursor() as cursor:
                grant(cursor)
                if options["mark"]:
                    self.mark(cursor, options["mark"])
        except psycopg2.Error as error:
            raise CommandError(f"the database could not be set up: {error}") from error

    def mark(self, cursor: Any, kind: str) -> None:
        cursor.execute("SELECT to_regclass('common_database_mark') IS NOT NULL")
        if not cursor.fetchone()[0]:
            raise CommandError("migrate first: python manage.py migrate --database owner")
        cursor.execute(
            "INSERT INTO common_database_mark (kind) SELECT %s WHERE NOT EXISTS (SELECT FROM common_database_mark)",
            [kind],
        )
