"""Changes of courts during a year, each a motion."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courts", "0037_actions"),
    ]

    operations = [
        migrations.CreateModel(
            name="CourtChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("renamed", "更名"),
                            ("merged", "并入他院"),
                            ("split", "分设新院"),
                            ("abolished", "撤销"),
                        ],
                        max_length=16,
                        verbose_name="变动",
                    ),
                ),
                ("from_month", models.PositiveSmallIntegerField(verbose_name="自几月起")),
                ("old_names", models.JSONField(blank=True, default=list, verbose_name="原名称")),
                (
                    "shares",
                    models.JSONField(blank=True, default=dict, verbose_name="划给新院的上年数据"),
                ),
                ("document", models.CharField(max_length=200, verbose_name="文号和文件名称")),
                ("decided_on", models.DateField(verbose_name="文件日期")),
                (
                    "court",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="courts.court",
                        verbose_name="法院",
                    ),
                ),
                (
                    "motion",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="court_change",
                        to="courts.motion",
                        verbose_name="事项",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes_beside",
                        to="courts.court",
                        verbose_name="接收或者新设的法院",
                    ),
                ),
                (
                    "quality_year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="courts.qualityyear",
                        verbose_name="质量年",
                    ),
                ),
            ],
            options={
                "verbose_name": "法院变动",
                "verbose_name_plural": "法院变动",
                "ordering": ["quality_year", "from_month", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["renamed", "merged", "split", "abolished"])
                        ),
                        name="court_change_kind_known",
                        violation_error_message="没有这种变动。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_month__gte", 1), ("from_month__lte", 12)),
                        name="court_change_month_range",
                        violation_error_message="月份应在1至12之间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["merged", "split"]), ("other__isnull", False)),
                            models.Q(
                                ("kind__in", ["renamed", "abolished"]), ("other__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="court_change_other_of_kind",
                        violation_error_message="并入和分设须写明另一个法院，更名和撤销不写。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("other__isnull", True),
                            models.Q(("other", models.F("court")), _negated=True),
                            _connector="OR",
                        ),
                        name="court_change_not_itself",
                        violation_error_message="法院不能并入自己，也不能从自己分设。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "renamed"), ("old_names", []), _connector="OR"),
                        name="court_change_names_of_kind",
                        violation_error_message="只有更名才有原名称。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "split"), ("shares", {}), _connector="OR"),
                        name="court_change_shares_of_kind",
                        violation_error_message="只有分设才划出上年数据。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("document", ""), _negated=True),
                        name="court_change_has_document",
                        violation_error_message="法院变动须写明文件。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind__in", ["merged", "abolished"])),
                        fields=("court",),
                        name="court_change_ends_once",
                        violation_error_message="该法院已经并入他院或者撤销。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "split")),
                        fields=("other",),
                        name="court_change_begins_once",
                        violation_error_message="该法院已经设立。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "renamed")),
                        fields=("court", "quality_year", "from_month"),
                        name="court_change_one_name",
                        violation_error_message="该法院自该月起已经更名。",
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="motion",
            name="motion_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="motion",
            name="motion_side_of_kind",
        ),
        migrations.AlterField(
            model_name="motion",
            name="kind",
            field=models.CharField(
                choices=[
                    ("baseline", "上年数据"),
                    ("extract", "提取数据"),
                    ("settlement", "差异处理"),
                    ("reading", "解读"),
                    ("targets", "审判绩效考核指标"),
                    ("caps", "控制目标"),
                    ("supplement", "附则"),
                    ("assessed", "评定分"),
                    ("courts", "法院变动"),
                ],
                max_length=16,
                verbose_name="事项",
            ),
        ),
        migrations.AddConstraint(
            model_name="motion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "baseline",
                            "extract",
                            "settlement",
                            "reading",
                            "targets",
                            "caps",
                            "supplement",
                            "assessed",
                            "courts",
                        ],
                    )
                ),
                name="motion_kind_known",
                violation_error_message="没有这种事项。",
            ),
        ),
        migrations.AddConstraint(
            model_name="motion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind__in", ["baseline", "extract", "settlement", "assessed"]),
                        ("side__in", ["litigation", "enforcement", "both"]),
                    ),
                    models.Q(
                        ("kind__in", ["reading", "targets", "caps", "supplement", "courts"]),
                        ("side", ""),
                    ),
                    _connector="OR",
                ),
                name="motion_side_of_kind",
                violation_error_message="数据类事项须写明类别，其他事项不写。",
            ),
        ),
    ]
