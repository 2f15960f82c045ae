"""What is brought in waits as the table that was read, one for each account and area."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courts", "0027_word_templates"),
    ]

    operations = [
        migrations.CreateModel(
            name="WaitingTable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "area",
                    models.CharField(
                        choices=[
                            ("figures", "数据"),
                            ("extracts", "提取数据"),
                            ("targets", "审判绩效考核指标"),
                            ("caps", "控制目标"),
                            ("courts", "法院"),
                        ],
                        max_length=16,
                        verbose_name="种类",
                    ),
                ),
                ("file_name", models.CharField(max_length=255, verbose_name="文件名")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("source", models.CharField(blank=True, max_length=255, verbose_name="来源系统")),
                ("table", models.JSONField(verbose_name="表格")),
                ("at", models.DateTimeField(db_index=True, verbose_name="上传时间")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="上传人",
                    ),
                ),
                (
                    "year",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="courts.qualityyear",
                        verbose_name="质量年",
                    ),
                ),
            ],
            options={
                "verbose_name": "待确认的上传",
                "verbose_name_plural": "待确认的上传",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "area"),
                        name="waiting_table_one_each",
                        violation_error_message="已有待确认的上传。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("area__in", ["figures", "extracts", "targets", "caps", "courts"])
                        ),
                        name="waiting_table_area",
                        violation_error_message="种类不对。",
                    ),
                ],
            },
        ),
    ]
