from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("common", "0003_clock")]

    operations = [
        migrations.AddField("actkey", "content", models.CharField(default="", max_length=64)),
    ]
