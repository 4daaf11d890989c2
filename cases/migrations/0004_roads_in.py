"""The draw code of every case, and the roads of residents and other systems."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_three_procedures")]

    operations = [
        migrations.AddField("case", "draw_code", models.CharField(max_length=26, null=True, verbose_name="抽签码")),
        migrations.AlterField(
            "case",
            "channel",
            models.CharField(
                choices=[
                    ("window", "街道窗口"),
                    ("village", "村（居）代办"),
                    ("online", "网上申请"),
                    ("system", "其他政务系统"),
                    ("telephone", "电话"),
                    ("letter", "来信"),
                    ("12345", "12345热线"),
                    ("jinxinban", "津心办"),
                    ("jinzhitong", "津治通APP"),
                    ("zhitongche", "天津社会救助“直通车”"),
                    ("jiujinan", "“救急难”平台"),
                ],
                max_length=20,
                verbose_name="申请渠道",
            ),
        ),
    ]
