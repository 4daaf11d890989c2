from django.db import migrations

from journal.sql import append_only


class Migration(migrations.Migration):
    dependencies = [("organizations", "0001_initial"), ("journal", "0002_triggers")]

    operations = [
        append_only("organizations_appointment", closing="valid_to", object_type="organizations.appointment"),
        append_only("organizations_responsibility", closing="valid_to", object_type="organizations.responsibility"),
        append_only("organizations_delegation", closing="valid_to", object_type="organizations.delegation"),
    ]
