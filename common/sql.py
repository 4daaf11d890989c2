"""SQL objects of `common`, used by its migrations.

Tables are named with their schema: a temporary table of the same name would otherwise come first for whoever makes one.
"""

NOW = """
CREATE FUNCTION sunlight_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN coalesce(current_setting('sunlight.clock', true), '') <> '' AND EXISTS (SELECT FROM public.common_database_mark)
        THEN current_setting('sunlight.clock', true)::timestamptz
        ELSE clock_timestamp()
    END
$$
"""
