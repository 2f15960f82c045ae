"""Proposals, actions, their measures and answers; tasks of the year; meetings."""

import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courts", "0036_registers"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="takensupplement",
            name="supplement_kind_known",
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
                    ("supervision", "督导与整改"),
                ],
                max_length=16,
                verbose_name="种类",
            ),
        ),
        migrations.AddConstraint(
            model_name="takensupplement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["directions", "averages", "bulletin", "register", "supervision"])
                ),
                name="supplement_kind_known",
                violation_error_message="没有这种附则。",
            ),
        ),
        migrations.CreateModel(
            name="MeasurePlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("measure", models.CharField(max_length=64, verbose_name="工作要求")),
                ("person", models.CharField(max_length=200, verbose_name="负责人")),
                ("plan", models.CharField(max_length=2000, verbose_name="计划")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("at", models.DateTimeField(verbose_name="填写时间")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="填写人",
                    ),
                ),
                (
                    "court",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measure_plans",
                        to="courts.court",
                        verbose_name="法院",
                    ),
                ),
                (
                    "quality_year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measure_plans",
                        to="courts.qualityyear",
                        verbose_name="质量年",
                    ),
                ),
            ],
            options={
                "verbose_name": "工作计划",
                "verbose_name_plural": "工作计划",
                "ordering": ["quality_year", "court", "measure"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("quality_year", "court", "measure"),
                        name="measure_plan_once",
                        violation_error_message="这项工作已有计划，请刷新。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("version__gte", 1),
                            models.Q(("person", ""), _negated=True),
                            models.Q(("plan", ""), _negated=True),
                            models.Q(("measure", ""), _negated=True),
                        ),
                        name="measure_plan_whole",
                        violation_error_message="请写明负责人和计划。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeasureProgress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.PositiveSmallIntegerField(verbose_name="月")),
                ("text", models.CharField(max_length=2000, verbose_name="进展")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("at", models.DateTimeField(verbose_name="填写时间")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="填写人",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="months",
                        to="courts.measureplan",
                        verbose_name="工作计划",
                    ),
                ),
            ],
            options={
                "verbose_name": "工作进展",
                "verbose_name_plural": "工作进展",
                "ordering": ["plan", "month"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("plan", "month"),
                        name="measure_progress_once",
                        violation_error_message="这个月的进展已有人填写，请刷新。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__gte", 1), ("month__lte", 12)),
                        name="measure_progress_month_range",
                        violation_error_message="月份应在1至12之间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("version__gte", 1), models.Q(("text", ""), _negated=True)
                        ),
                        name="measure_progress_stated",
                        violation_error_message="请写明进展。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.PositiveSmallIntegerField(verbose_name="月")),
                ("title", models.CharField(max_length=200, verbose_name="名称")),
                ("held_on", models.DateField(verbose_name="会议日期")),
                ("present", models.CharField(blank=True, max_length=2000, verbose_name="出席人员")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "进行中"), ("closed", "已结束")],
                        default="open",
                        max_length=16,
                        verbose_name="状态",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("made_at", models.DateTimeField(verbose_name="建立时间")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="结束时间")),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="结束人",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="召集人",
                    ),
                ),
                (
                    "quality_year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="courts.qualityyear",
                        verbose_name="质量年",
                    ),
                ),
            ],
            options={
                "verbose_name": "会商",
                "verbose_name_plural": "会商",
                "ordering": ["quality_year", "-held_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "closed"])),
                        name="meeting_state",
                        violation_error_message="没有这种状态。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__gte", 1), ("month__lte", 12)),
                        name="meeting_month_range",
                        violation_error_message="月份应在1至12之间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", True),
                                ("closed_by__isnull", True),
                                ("state", "open"),
                            ),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                                ("state", "closed"),
                            ),
                            _connector="OR",
                        ),
                        name="meeting_closed_by",
                        violation_error_message="结束的会商须写明结束人和时间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("version__gte", 1), models.Q(("title", ""), _negated=True)
                        ),
                        name="meeting_whole",
                        violation_error_message="请写明会商名称。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeetingTopic",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="次序")),
                ("title", models.CharField(max_length=200, verbose_name="议题")),
                (
                    "side",
                    models.CharField(
                        blank=True,
                        choices=[("litigation", "诉讼"), ("enforcement", "执行")],
                        max_length=16,
                        verbose_name="类别",
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=64, verbose_name="对象")),
                (
                    "figures",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        verbose_name="数据",
                    ),
                ),
                ("decision", models.CharField(blank=True, max_length=2000, verbose_name="决定")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                (
                    "court",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="courts.court",
                        verbose_name="法院",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="topics",
                        to="courts.meeting",
                        verbose_name="会商",
                    ),
                ),
            ],
            options={
                "verbose_name": "会商议题",
                "verbose_name_plural": "会商议题",
                "ordering": ["meeting", "position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("meeting", "position"),
                        name="meeting_topic_position",
                        violation_error_message="议题已有变动，请刷新。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ["", "litigation", "enforcement"])),
                        name="meeting_topic_side",
                        violation_error_message="类别只能是诉讼或执行。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("version__gte", 1), models.Q(("title", ""), _negated=True)
                        ),
                        name="meeting_topic_whole",
                        violation_error_message="请写明议题。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(max_length=64, verbose_name="规则")),
                (
                    "side",
                    models.CharField(
                        choices=[("litigation", "诉讼"), ("enforcement", "执行")],
                        max_length=16,
                        verbose_name="类别",
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=64, verbose_name="对象")),
                ("month", models.PositiveSmallIntegerField(verbose_name="月")),
                (
                    "figures",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        verbose_name="数据",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("taken", "已采纳"),
                            ("postponed", "暂缓"),
                            ("declined", "不采纳"),
                        ],
                        max_length=16,
                        verbose_name="状态",
                    ),
                ),
                ("until", models.DateField(blank=True, null=True, verbose_name="暂缓至")),
                ("reason", models.CharField(blank=True, max_length=2000, verbose_name="理由")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("at", models.DateTimeField(verbose_name="处理时间")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="处理人",
                    ),
                ),
                (
                    "court",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="courts.court",
                        verbose_name="法院",
                    ),
                ),
                (
                    "quality_year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="courts.qualityyear",
                        verbose_name="质量年",
                    ),
                ),
            ],
            options={
                "verbose_name": "督导建议",
                "verbose_name_plural": "督导建议",
                "ordering": ["quality_year", "month", "rule", "court"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("quality_year", "month", "rule", "court", "side", "subject"),
                        name="proposal_once",
                        violation_error_message="这条建议已经处理过。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["taken", "postponed", "declined"])),
                        name="proposal_state",
                        violation_error_message="没有这种状态。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ["litigation", "enforcement"])),
                        name="proposal_side",
                        violation_error_message="类别只能是诉讼或执行。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__gte", 1), ("month__lte", 12)),
                        name="proposal_month_range",
                        violation_error_message="月份应在1至12之间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "postponed"), ("until__isnull", False)),
                            models.Q(
                                models.Q(("state", "postponed"), _negated=True),
                                ("until__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="proposal_until",
                        violation_error_message="暂缓须写明到哪一天。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "taken"),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="proposal_reason",
                        violation_error_message="暂缓或不采纳须写明理由。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("version__gte", 1), models.Q(("rule", ""), _negated=True)
                        ),
                        name="proposal_whole",
                        violation_error_message="建议须写明规则。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Action",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="编号")),
                (
                    "side",
                    models.CharField(
                        choices=[("litigation", "诉讼"), ("enforcement", "执行")],
                        max_length=16,
                        verbose_name="类别",
                    ),
                ),
                ("department", models.CharField(blank=True, max_length=200, verbose_name="部门")),
                ("subject", models.CharField(blank=True, max_length=64, verbose_name="对象")),
                ("month", models.PositiveSmallIntegerField(verbose_name="月")),
                ("asks", models.CharField(max_length=2000, verbose_name="督导要求")),
                ("due_on", models.DateField(verbose_name="答复期限")),
                (
                    "cause_code",
                    models.CharField(blank=True, max_length=64, verbose_name="原因代码"),
                ),
                ("cause", models.CharField(blank=True, max_length=2000, verbose_name="原因")),
                ("visit_on", models.DateField(blank=True, null=True, verbose_name="计划督导日期")),
                (
                    "visited_on",
                    models.DateField(blank=True, null=True, verbose_name="实际督导日期"),
                ),
                (
                    "findings",
                    models.CharField(blank=True, max_length=2000, verbose_name="督导发现"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ordered", "待答复"),
                            ("answered", "待检查"),
                            ("returned", "退回补充"),
                            ("accepted", "整改中"),
                            ("closed", "已办结"),
                            ("withdrawn", "已撤销"),
                        ],
                        default="ordered",
                        max_length=16,
                        verbose_name="状态",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("opened_at", models.DateTimeField(verbose_name="发出时间")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="办结时间")),
                (
                    "closing_note",
                    models.CharField(blank=True, max_length=2000, verbose_name="办结意见"),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="办结人",
                    ),
                ),
                (
                    "court",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="courts.court",
                        verbose_name="法院",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="发出人",
                    ),
                ),
                (
                    "quality_year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="courts.qualityyear",
                        verbose_name="质量年",
                    ),
                ),
                (
                    "proposal",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="action",
                        to="courts.proposal",
                        verbose_name="督导建议",
                    ),
                ),
            ],
            options={
                "verbose_name": "督导",
                "verbose_name_plural": "督导",
                "ordering": ["quality_year", "-number"],
                "indexes": [
                    models.Index(fields=["quality_year", "state", "due_on"], name="action_waiting"),
                    models.Index(
                        fields=["quality_year", "court", "subject"], name="action_of_court"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("quality_year", "number"),
                        name="action_number_once",
                        violation_error_message="这个编号已经用过。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "ordered",
                                    "answered",
                                    "returned",
                                    "accepted",
                                    "closed",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="action_state",
                        violation_error_message="没有这种状态。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ["litigation", "enforcement"])),
                        name="action_side",
                        violation_error_message="类别只能是诉讼或执行。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__gte", 1), ("month__lte", 12)),
                        name="action_month_range",
                        violation_error_message="月份应在1至12之间。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", False),
                                ("state__in", ["closed", "withdrawn"]),
                                ("closed_by__isnull", False),
                                models.Q(("closing_note", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state__in", ["closed", "withdrawn"]), _negated=True),
                                ("closed_at__isnull", True),
                                ("closed_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="action_closed_by",
                        violation_error_message="办结须写明办结人、时间和意见。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), _negated=True),
                            models.Q(("cause", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="action_cause",
                        violation_error_message="办结前须写明原因。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("visited_on__isnull", True),
                            models.Q(("findings", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="action_findings",
                        violation_error_message="督导之后须写明发现。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("version__gte", 1),
                            ("number__gte", 1),
                            models.Q(("asks", ""), _negated=True),
                        ),
                        name="action_whole",
                        violation_error_message="请写明督导要求。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ActionAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="第几次")),
                ("text", models.CharField(max_length=2000, verbose_name="答复")),
                ("at", models.DateTimeField(verbose_name="答复时间")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("waiting", "待检查"),
                            ("accepted", "检查通过"),
                            ("returned", "退回补充"),
                        ],
                        default="waiting",
                        max_length=16,
                        verbose_name="检查结果",
                    ),
                ),
                (
                    "check_note",
                    models.CharField(blank=True, max_length=2000, verbose_name="检查意见"),
                ),
                (
                    "checked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="检查时间"),
                ),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="courts.action",
                        verbose_name="督导",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="答复人",
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="检查人",
                    ),
                ),
            ],
            options={
                "verbose_name": "整改答复",
                "verbose_name_plural": "整改答复",
                "ordering": ["action", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("action", "number"),
                        name="action_answer_once",
                        violation_error_message="已经有人答复，请刷新。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["waiting", "accepted", "returned"])),
                        name="action_answer_outcome",
                        violation_error_message="没有这种检查结果。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("checked_at__isnull", True),
                                ("checked_by__isnull", True),
                                ("outcome", "waiting"),
                            ),
                            models.Q(
                                models.Q(("outcome", "waiting"), _negated=True),
                                ("checked_at__isnull", False),
                                ("checked_by__isnull", False),
                                models.Q(("check_note", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="action_answer_checked",
                        violation_error_message="检查须写明意见。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("checked_by__isnull", True),
                            models.Q(("checked_by", models.F("by")), _negated=True),
                            _connector="OR",
                        ),
                        name="action_answer_two_people",
                        violation_error_message="答复人不得检查自己的答复。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="action_answer_stated",
                        violation_error_message="请写明答复。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ActionFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                (
                    "answer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="courts.actionanswer",
                        verbose_name="答复",
                    ),
                ),
            ],
            options={
                "verbose_name": "答复附件",
                "verbose_name_plural": "答复附件",
                "ordering": ["answer", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("answer", "sha256"),
                        name="action_file_once",
                        violation_error_message="同一个文件只需附一次。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("size__gte", 1)),
                        name="action_file_size",
                        violation_error_message="文件是空的。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["pdf", "docx", "xlsx", "png", "jpeg"])),
                        name="action_file_kind",
                        violation_error_message="附件只能是 pdf、docx、xlsx 或图片。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ActionMeasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=2000, verbose_name="措施")),
                ("owner", models.CharField(max_length=200, verbose_name="责任人")),
                ("due_on", models.DateField(verbose_name="期限")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="完成日期")),
                ("note", models.CharField(blank=True, max_length=2000, verbose_name="完成情况")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="courts.action",
                        verbose_name="督导",
                    ),
                ),
            ],
            options={
                "verbose_name": "整改措施",
                "verbose_name_plural": "整改措施",
                "ordering": ["action", "due_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text", ""), _negated=True),
                            models.Q(("owner", ""), _negated=True),
                            ("version__gte", 1),
                        ),
                        name="action_measure_whole",
                        violation_error_message="措施须写明内容和责任人。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("done_on__isnull", True),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="action_measure_done",
                        violation_error_message="完成的措施须写明完成情况。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeetingTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=2000, verbose_name="任务")),
                (
                    "side",
                    models.CharField(
                        choices=[("litigation", "诉讼"), ("enforcement", "执行")],
                        max_length=16,
                        verbose_name="类别",
                    ),
                ),
                ("department", models.CharField(blank=True, max_length=200, verbose_name="部门")),
                ("due_on", models.DateField(verbose_name="期限")),
                ("at", models.DateTimeField(verbose_name="记录时间")),
                (
                    "action",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="task",
                        to="courts.action",
                        verbose_name="督导",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="记录人",
                    ),
                ),
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
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="courts.meetingtopic",
                        verbose_name="议题",
                    ),
                ),
            ],
            options={
                "verbose_name": "会商任务",
                "verbose_name_plural": "会商任务",
                "ordering": ["topic", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ["litigation", "enforcement"])),
                        name="meeting_task_side",
                        violation_error_message="类别只能是诉讼或执行。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="meeting_task_stated",
                        violation_error_message="请写明任务。",
                    ),
                ],
            },
        ),
    ]
