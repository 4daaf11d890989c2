"""Every case has a draw code, and no two the same."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_draw_codes")]

    operations = [
        migrations.AlterField("case", "draw_code", models.CharField(max_length=26, unique=True, verbose_name="抽签码")),
    ]
