from django.db import migrations

from journal.sql import append_only, status_needs_journal


def one_at_a_time(table: str, *columns: str) -> migrations.RunSQL:
    """No two rows of the same key hold on the same day. The key is hashed into a one-element range, so that no extension is needed."""
    text = " || chr(31) || ".join(columns)
    key = f"hashtextextended({text}, 0) / 2"
    return migrations.RunSQL(
        f"""
        ALTER TABLE {table} ADD CONSTRAINT {table}_one_at_a_time EXCLUDE USING gist (
            int8range({key}, {key}, '[]') WITH &&, daterange(valid_from, valid_to, '[)') WITH &&
        );
        ALTER TABLE {table} ADD CONSTRAINT {table}_dates CHECK (valid_to IS NULL OR valid_to >= valid_from);
        """,
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_one_at_a_time; ALTER TABLE {table} DROP CONSTRAINT {table}_dates;",
    )


class Migration(migrations.Migration):
    dependencies = [("policies", "0001_initial"), ("journal", "0002_triggers")]

    operations = [
        one_at_a_time("policies_parameterrow", "pack", "parameter", "scope"),
        one_at_a_time("policies_localchoice", "area_code", "parameter"),
        one_at_a_time("policies_packbinding", "area_code"),
        append_only("policies_parameterrow", closing="valid_to", object_type="policies.parameterrow"),
        append_only("policies_localchoice", closing="valid_to", object_type="policies.localchoice"),
        append_only("policies_packbinding", closing="valid_to", object_type="policies.packbinding"),
        status_needs_journal("policies_flag", "policies.flag"),
    ]
