"""Cases from before get their draw code: random too, in hexadecimal digits."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_roads_in")]

    operations = [
        migrations.RunSQL(
            "UPDATE cases_case SET draw_code = upper(left(replace(gen_random_uuid()::text, '-', ''), 26)) WHERE draw_code IS NULL",
            migrations.RunSQL.noop,
        )
    ]
