"""What residents send in themselves."""

import common.crypto
import django.db.models.deletion
from django.db import migrations, models

from journal.sql import status_needs_journal


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0006_draw_code_once"),
        ("organizations", "0003_three_procedures"),
    ]

    operations = [
        migrations.CreateModel(
            name="OnlineApplication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area_code", models.CharField(db_collation="C", db_index=True, max_length=12)),
                (
                    "programme",
                    models.CharField(choices=[("DIBAO", "最低生活保障")], max_length=20, verbose_name="救助类型"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("waiting", "待登记"), ("registered", "已登记"), ("returned", "已退回")],
                        default="waiting",
                        max_length=20,
                        verbose_name="状态",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("applicant_name", models.CharField(max_length=60, verbose_name="申请人")),
                ("persons", models.PositiveIntegerField(default=1, verbose_name="家庭人口")),
                ("id_number", common.crypto.EncryptedTextField()),
                ("id_number_tail", common.crypto.BlindIndexField(last=4, source="id_number")),
                ("phone", common.crypto.EncryptedTextField()),
                ("typed", common.crypto.EncryptedJSONField()),
                ("receipt_code", models.CharField(max_length=20, unique=True, verbose_name="回执查询码")),
                ("draw_code", models.CharField(max_length=26, unique=True, verbose_name="抽签码")),
                ("received_at", models.DateTimeField(verbose_name="收到时间")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="处理时间")),
                ("answered_by_name", models.CharField(blank=True, max_length=60, verbose_name="处理人")),
                ("answer", models.CharField(blank=True, max_length=500, verbose_name="给申请人的答复")),
                (
                    "case",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.office"
                    ),
                ),
            ],
            options={
                "verbose_name": "网上申请",
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "waiting")),
                        fields=["area_code", "received_at"],
                        name="cases_online_waiting",
                    )
                ],
            },
        ),
        status_needs_journal("cases_onlineapplication", "cases.onlineapplication"),
    ]
