"""Hand-written triggers, put into migrations by two helpers.

`append_only(table)`: rows are added, never changed or removed, not even by TRUNCATE.
`append_only(table, closing="valid_to")`: the one named column may go once from null to a value, with a journal row of the
same transaction.
`status_needs_journal(table, object_type)`: at commit every new or changed `status` has a journal row of the same object,
from, to and transaction.

The journal is named with its schema throughout: a temporary table of the same name would otherwise come first, and whoever
may make one could satisfy the triggers with a row that nobody keeps.
"""

from django.db.migrations import RunSQL

FUNCTIONS = """
CREATE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION journal_allow_closing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    closing text := TG_ARGV[0];
    before jsonb := to_jsonb(OLD);
    after jsonb := to_jsonb(NEW);
BEGIN
    IF before->>closing IS NOT NULL OR after->>closing IS NULL OR (before - closing) IS DISTINCT FROM (after - closing) THEN
        RAISE EXCEPTION 'table % is append-only: only % may be set, once', TG_TABLE_NAME, closing
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION journal_require_closing_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.journal_entry
        WHERE object_type = TG_ARGV[0] AND object_id = (to_jsonb(NEW)->>'id') AND xid = pg_current_xact_id()
    ) THEN
        RAISE EXCEPTION 'closing row % of table % has no journal entry', to_jsonb(NEW)->>'id', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION journal_require_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        before := OLD.status;
        IF OLD.status IS NOT DISTINCT FROM NEW.status THEN RETURN NULL; END IF;
    END IF;
    IF NOT EXISTS (
        SELECT FROM public.journal_entry
        WHERE object_type = TG_ARGV[0] AND object_id = NEW.id::text
          AND from_status IS NOT DISTINCT FROM before AND to_status = NEW.status AND xid = pg_current_xact_id()
    ) THEN
        RAISE EXCEPTION 'status of % % went from % to % without a journal entry', TG_ARGV[0], NEW.id, before, NEW.status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION journal_own_transaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.xid := pg_current_xact_id();
    RETURN NEW;
END $$;

CREATE TRIGGER journal_entry_own_transaction BEFORE INSERT ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_own_transaction();
"""

DROP_FUNCTIONS = """
DROP TRIGGER journal_entry_own_transaction ON journal_entry; DROP FUNCTION journal_own_transaction();
DROP FUNCTION journal_require_entry(); DROP FUNCTION journal_require_closing_entry();
DROP FUNCTION journal_allow_closing(); DROP FUNCTION journal_refuse_change();
"""


def append_only(table: str, *, closing: str = "", object_type: str = "") -> RunSQL:
    """Triggers and grants that make a table append-only, for the owner's sessions too (unless triggers are disabled).

    With `closing`, `object_type` (the model's label_lower) names whose journal row the closing needs.
    """
    row_event = "DELETE" if closing else "UPDATE OR DELETE"
    forward = f"""
        CREATE TRIGGER {table}_append_only BEFORE {row_event} ON {table}
            FOR EACH ROW EXECUTE FUNCTION journal_refuse_change();
        CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();
        REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM sunlight_web;
    """
    backward = f"""
        DROP TRIGGER {table}_append_only ON {table};
        DROP TRIGGER {table}_no_truncate ON {table};
        GRANT UPDATE, DELETE ON {table} TO sunlight_web;
    """
    if closing:
        forward += f"""
            CREATE TRIGGER {table}_closing BEFORE UPDATE ON {table}
                FOR EACH ROW EXECUTE FUNCTION journal_allow_closing('{closing}');
            CREATE CONSTRAINT TRIGGER {table}_closing_entry AFTER UPDATE ON {table} DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION journal_require_closing_entry('{object_type}');
            GRANT UPDATE ({closing}) ON {table} TO sunlight_web;
        """
        backward += f"DROP TRIGGER {table}_closing ON {table}; DROP TRIGGER {table}_closing_entry ON {table};"
    return RunSQL(forward, backward)


def status_needs_journal(table: str, object_type: str) -> RunSQL:
    """The deferred trigger on `status`; deleting and truncating such a table is refused altogether."""
    return RunSQL(
        f"""
        CREATE CONSTRAINT TRIGGER {table}_status_entry AFTER INSERT OR UPDATE OF status ON {table}
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journal_require_entry('{object_type}');
        CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION journal_refuse_change();
        CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();
        REVOKE DELETE, TRUNCATE ON {table} FROM sunlight_web;
        """,
        f"""
        DROP TRIGGER {table}_status_entry ON {table};
        DROP TRIGGER {table}_no_delete ON {table};
        DROP TRIGGER {table}_no_truncate ON {table};
        GRANT DELETE ON {table} TO sunlight_web;
        """,
    )
