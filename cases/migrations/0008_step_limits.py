"""The running limits of a case are kept with their two dates, and the excuses for missing them."""

import django.db.models.deletion
from django.db import migrations, models

from journal.sql import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0007_online"),
        ("organizations", "0003_three_procedures"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseLimit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area_code", models.CharField(db_collation="C", db_index=True, max_length=12)),
                ("parameter", models.CharField(db_collation="C", max_length=60)),
                (
                    "step",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("INTAKE", "申请"),
                            ("ACCEPTANCE", "受理"),
                            ("SURVEY", "入户调查"),
                            ("ECONOMIC_CHECK", "经济核对"),
                            ("APPRAISAL", "民主评议"),
                            ("INITIAL_REVIEW", "初审"),
                            ("PUBLICITY", "公示"),
                            ("SIGN_OFF", "签批"),
                            ("DECISION", "审核确认"),
                            ("FILING", "区级备案"),
                            ("DELIVERY", "送达"),
                            ("PAYMENT_START", "起发"),
                        ],
                        max_length=20,
                        verbose_name="环节",
                    ),
                ),
                ("source", models.CharField(max_length=400, verbose_name="出处")),
                ("excludes", models.JSONField(default=list)),
                ("reading", models.CharField(blank=True, max_length=120)),
                ("started_on", models.DateField(verbose_name="起算日")),
                ("due_on", models.DateField(verbose_name="到期日")),
                ("flag_on", models.DateField(verbose_name="起算超期日")),
                ("ended_on", models.DateField(null=True, verbose_name="办结日")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="limits", to="cases.case"
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
                "verbose_name": "时限",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Excuse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area_code", models.CharField(db_collation="C", db_index=True, max_length=12)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("check_centre", "核对机构未反馈"),
                            ("applicant", "申请人原因"),
                            ("force_majeure", "不可抗力"),
                            ("other", "其他原因"),
                        ],
                        max_length=20,
                        verbose_name="情形",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="说明")),
                ("since", models.DateField(verbose_name="从哪一天起")),
                ("basis", models.CharField(blank=True, max_length=300, verbose_name="依据")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by_id", models.BigIntegerField()),
                ("recorded_by_name", models.CharField(max_length=60, verbose_name="登记人")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="excuses", to="cases.case"
                    ),
                ),
                (
                    "limit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="excuses", to="cases.caselimit"
                    ),
                ),
            ],
            options={
                "verbose_name": "超期原因",
                "ordering": ["pk"],
            },
        ),
        migrations.AddIndex(
            model_name="caselimit",
            index=models.Index(
                condition=models.Q(("ended_on", None)), fields=["office", "flag_on", "id"], name="cases_limit_running"
            ),
        ),
        migrations.AddConstraint(
            model_name="caselimit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_on", None)), fields=("case", "parameter"), name="cases_limit_once_running"
            ),
        ),
        append_only("cases_excuse"),
    ]
