"""Registers: lines behind counts, what they count towards, history, files, views and lots."""

import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courts", "0035_second_factor"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="takensupplement",
            name="supplement_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="waitingtable",
            name="waiting_table_area",
        ),
        migrations.AlterField(
            model_name="takensupplement",
            name="kind",
            field=models.CharField(
                choices=[
                    ("directions", "好的方向"),
                    ("averages", "平均值"),
                    ("bulletin", "通报用语"),
                    ("register", "台账"),
                ],
                max_length=16,
                verbose_name="种类",
            ),
        ),
        migrations.AlterField(
            model_name="waitingtable",
            name="area",
            field=models.CharField(
                choices=[
                    ("figures", "数据"),
                    ("extracts", "提取数据"),
                    ("targets", "审判绩效考核指标"),
                    ("caps", "控制目标"),
                    ("courts", "法院"),
                    ("returns", "报表"),
                    ("registers", "台账"),
                ],
                max_length=16,
                verbose_name="种类",
            ),
        ),
        migrations.AddConstraint(
            model_name="takensupplement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["directions", "averages", "bulletin", "register"])
                ),
                name="supplement_kind_known",
                violation_error_message="没有这种附则。",
            ),
        ),
        migrations.AddConstraint(
            model_name="waitingtable",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "area__in",
                        [
                            "figures",
                            "extracts",
                            "targets",
                            "caps",
                            "courts",
                            "returns",
                            "registers",
                        ],
                    )
                ),
                name="waiting_table_area",
                violation_error_message="种类不对。",
            ),
        ),
        migrations.CreateModel(
            name="RegisterDraw",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("register", models.CharField(max_length=64, verbose_name="台账")),
                ("month", models.PositiveSmallIntegerField(verbose_name="月")),
                ("seed", models.CharField(max_length=64, verbose_name="种子")),
                ("numbers", models.JSONField(blank=True, default=list, verbose_name="全部案号")),
                ("size", models.PositiveIntegerField(verbose_name="案件数")),
                ("wanted", models.PositiveIntegerField(verbose_name="抽中数")),
                (
                    "sha256",
                    models.CharField(max_length=64, verbose_name="案号清单校验值（SHA-256）"),
                ),
                ("at", models.DateTimeField(verbose_name="摇号时间")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="摇号人",
                    ),
                ),
                (
                    "court",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draws",
                        to="courts.court",
                        verbose_name="法院",
                    ),
                ),
                (
                    "quality_year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draws",
                        to="courts.qualityyear",
                        verbose_name="质量年",
                    ),
                ),
            ],
            options={
                "verbose_name": "抽查摇号",
                "verbose_name_plural": "抽查摇号",
                "ordering": ["quality_year", "register", "-at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("month__gte", 1), ("month__lte", 12)),
                        name="register_draw_month",
                        violation_error_message="月份应在1至12之间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("wanted__gte", 1), ("size__gte", models.F("wanted"))),
                        name="register_draw_size",
                        violation_error_message="抽中数须至少为1，不得多于案件数。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seed", ""), _negated=True),
                            models.Q(("sha256", ""), _negated=True),
                        ),
                        name="register_draw_seeded",
                        violation_error_message="摇号须有种子和清单校验值。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegisterLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("register", models.CharField(max_length=64, verbose_name="台账")),
                ("number", models.PositiveIntegerField(verbose_name="序号")),
                ("state", models.CharField(max_length=64, verbose_name="状态")),
                (
                    "month",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="月"),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="本环节期限")),
                ("values", models.JSONField(blank=True, default=dict, verbose_name="内容")),
                ("personal", models.JSONField(blank=True, default=dict, verbose_name="个人信息")),
                ("identity", models.CharField(blank=True, max_length=64, verbose_name="查重值")),
                ("salt", models.CharField(max_length=64, verbose_name="盐值")),
                ("digest", models.CharField(max_length=64, verbose_name="个人信息校验值")),
                ("is_made", models.BooleanField(default=False, verbose_name="演示数据")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("opened_at", models.DateTimeField(verbose_name="登记时间")),
                ("erased_at", models.DateTimeField(blank=True, null=True, verbose_name="清除时间")),
                (
                    "court",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="courts.court",
                        verbose_name="法院",
                    ),
                ),
                (
                    "draw",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="courts.registerdraw",
                        verbose_name="抽查摇号",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "quality_year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="courts.qualityyear",
                        verbose_name="质量年",
                    ),
                ),
            ],
            options={
                "verbose_name": "台账记录",
                "verbose_name_plural": "台账记录",
                "ordering": ["quality_year", "register", "court", "number"],
                "indexes": [
                    models.Index(
                        fields=["quality_year", "register", "month", "court"],
                        name="register_line_month",
                    ),
                    models.Index(
                        fields=["quality_year", "register", "state", "court", "due_on"],
                        name="register_line_state",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("quality_year", "register", "court", "number"),
                        name="register_line_number",
                        violation_error_message="这个序号已经用过。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("identity", ""), _negated=True),
                        fields=("quality_year", "register", "court", "identity"),
                        name="register_line_once",
                        violation_error_message="台账里已有这一条。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("month__isnull", True),
                            models.Q(("month__gte", 1), ("month__lte", 12)),
                            _connector="OR",
                        ),
                        name="register_line_month_range",
                        violation_error_message="月份应在1至12之间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("number__gte", 1),
                            ("version__gte", 1),
                            models.Q(("register", ""), _negated=True),
                            models.Q(("state", ""), _negated=True),
                            models.Q(("salt", ""), _negated=True),
                            models.Q(("digest", ""), _negated=True),
                        ),
                        name="register_line_whole",
                        violation_error_message="记录须有台账、序号、状态和校验值。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("erased_at__isnull", True),
                            models.Q(("identity", ""), ("personal", {})),
                            _connector="OR",
                        ),
                        name="register_line_erased",
                        violation_error_message="已清除的记录不得再有个人信息。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegisterLineChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(verbose_name="版本")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("from_state", models.CharField(blank=True, max_length=64, verbose_name="原状态")),
                ("to_state", models.CharField(max_length=64, verbose_name="新状态")),
                ("fields", models.JSONField(blank=True, default=list, verbose_name="改动的栏目")),
                ("digest", models.CharField(max_length=64, verbose_name="个人信息校验值")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="操作人",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="courts.registerline",
                        verbose_name="台账记录",
                    ),
                ),
            ],
            options={
                "verbose_name": "台账改动",
                "verbose_name_plural": "台账改动",
                "ordering": ["line", "version"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("line", "version"),
                        name="register_change_once",
                        violation_error_message="这一版已有改动记录。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("version__gte", 1),
                            models.Q(("to_state", ""), _negated=True),
                            models.Q(("digest", ""), _negated=True),
                        ),
                        name="register_change_whole",
                        violation_error_message="改动须有版本、状态和校验值。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegisterLineView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("register", models.CharField(max_length=64, verbose_name="台账")),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("page", "打开记录"),
                            ("file", "打开附件"),
                            ("list", "查看清单"),
                            ("export", "导出清单"),
                        ],
                        max_length=8,
                        verbose_name="方式",
                    ),
                ),
                ("lines", models.PositiveIntegerField(default=1, verbose_name="条数")),
                ("at", models.DateTimeField(db_index=True, verbose_name="时间")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="查看人",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="views",
                        to="courts.registerline",
                        verbose_name="台账记录",
                    ),
                ),
                (
                    "quality_year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="courts.qualityyear",
                        verbose_name="质量年",
                    ),
                ),
            ],
            options={
                "verbose_name": "台账查看记录",
                "verbose_name_plural": "台账查看记录",
                "ordering": ["-at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["page", "file", "list", "export"])),
                        name="register_view_way",
                        violation_error_message="没有这种方式。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RegisterTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("register", models.CharField(max_length=64, verbose_name="台账")),
                ("metric", models.CharField(max_length=64, verbose_name="指标")),
                ("month", models.PositiveSmallIntegerField(verbose_name="月")),
                ("is_second", models.BooleanField(default=False, verbose_name="只作对照")),
                (
                    "court",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="courts.court",
                        verbose_name="法院",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tallies",
                        to="courts.registerline",
                        verbose_name="台账记录",
                    ),
                ),
                (
                    "quality_year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="courts.qualityyear",
                        verbose_name="质量年",
                    ),
                ),
            ],
            options={
                "verbose_name": "台账计数",
                "verbose_name_plural": "台账计数",
                "ordering": ["line", "metric"],
                "indexes": [
                    models.Index(
                        fields=[
                            "quality_year",
                            "register",
                            "metric",
                            "court",
                            "month",
                            "is_second",
                        ],
                        name="register_tally_count",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("line", "metric"),
                        name="register_tally_once",
                        violation_error_message="一条记录在一项指标里只计一次。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__gte", 1), ("month__lte", 12)),
                        name="register_tally_month",
                        violation_error_message="月份应在1至12之间。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegisterChangePayload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "before",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        verbose_name="原内容",
                    ),
                ),
                (
                    "after",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        verbose_name="新内容",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                (
                    "change",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="payload",
                        to="courts.registerlinechange",
                        verbose_name="台账改动",
                    ),
                ),
            ],
            options={
                "verbose_name": "台账改动内容",
                "verbose_name_plural": "台账改动内容",
            },
        ),
        migrations.CreateModel(
            name="RegisterFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("field", models.CharField(max_length=64, verbose_name="栏目")),
                ("name", models.CharField(max_length=200, verbose_name="文件名")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pdf", "PDF"),
                            ("docx", "Word 文档"),
                            ("xlsx", "Excel 工作簿"),
                            ("png", "图片"),
                            ("jpeg", "照片"),
                        ],
                        max_length=8,
                        verbose_name="种类",
                    ),
                ),
                ("content", models.BinaryField(verbose_name="内容")),
                ("size", models.PositiveIntegerField(verbose_name="字节数")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("at", models.DateTimeField(verbose_name="上传时间")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="上传人",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="courts.registerline",
                        verbose_name="台账记录",
                    ),
                ),
            ],
            options={
                "verbose_name": "台账附件",
                "verbose_name_plural": "台账附件",
                "ordering": ["line", "field"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("line", "field"),
                        name="register_file_one",
                        violation_error_message="这一栏已有文件。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("size__gte", 1)),
                        name="register_file_size",
                        violation_error_message="文件是空的。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["pdf", "docx", "xlsx", "png", "jpeg"])),
                        name="register_file_kind",
                        violation_error_message="附件只能是 pdf、docx、xlsx 或图片。",
                    ),
                ],
            },
        ),
    ]
