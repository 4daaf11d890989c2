from django.db import migrations

from journal.sql import append_only, status_needs_journal


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("journal", "0002_triggers")]

    operations = [
        status_needs_journal("cases_case", "cases.case"),
        status_needs_journal("cases_benefit", "cases.benefit"),
        append_only("cases_materialfile"),
        append_only("cases_authorization"),
        append_only("cases_assessment"),
        append_only("cases_frozen", closing="void_at", object_type="cases.frozen"),
        append_only("cases_signature", closing="void_at", object_type="cases.signature"),
        append_only("cases_decision"),
        append_only("cases_delivery"),
        append_only("cases_benefitterm"),
        # Equality of household and programme is written as ranges of one value, so that no extension is needed.
        migrations.RunSQL(
            """
            ALTER TABLE cases_benefit ADD CONSTRAINT cases_benefit_one_at_a_time EXCLUDE USING gist (
                int8range(household_id, household_id, '[]') WITH &&,
                int4range(hashtext(programme), hashtext(programme), '[]') WITH &&,
                daterange(from_month, until_month, '[]') WITH &&
            )
            """,
            "ALTER TABLE cases_benefit DROP CONSTRAINT cases_benefit_one_at_a_time",
        ),
    ]
