from django.db import migrations

from journal.sql import append_only


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_triggers"), ("common", "0001_initial")]

    operations = [append_only("common_storedfile")]
