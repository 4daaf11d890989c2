from django.db import migrations

from common.sql import NOW


class Migration(migrations.Migration):
    dependencies = [("common", "0002_initial")]

    operations = [
        migrations.RunSQL(NOW, "DROP FUNCTION sunlight_now()"),
        migrations.RunSQL(
            "REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON common_database_mark FROM sunlight_web",
            "GRANT INSERT, UPDATE, DELETE ON common_database_mark TO sunlight_web",
        ),
    ]
