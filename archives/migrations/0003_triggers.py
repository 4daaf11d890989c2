from django.db import migrations

from journal.sql import append_only


class Migration(migrations.Migration):
    dependencies = [("archives", "0002_initial"), ("journal", "0002_triggers")]

    operations = [append_only("archives_issuedpaper"), append_only("archives_paperfile")]
