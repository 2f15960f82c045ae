"""Sides and levels become data: columns hold codes whose form alone is checked.

What was there runs on the two sides that there were: their roles are written down for every
prefecture, and each signature under an issue gets a row.
"""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


def take_over(apps, schema_editor):
    court = apps.get_model("courts", "Court")
    group = apps.get_model("auth", "Group")
    role = apps.get_model("courts", "SideRole")
    sides = (
        ("litigation", {"zh": "诉讼", "ko": "소송", "en": "Litigation"}, "litigation", "office"),
        ("enforcement", {"zh": "执行", "ko": "집행", "en": "Enforcement"}, "enforcement", "centre"),
    )
    for root in court.objects.filter(parent__isnull=True, quality_years__isnull=False).distinct():
        for side, labels, desk, office in sides:
            for part, name in (("desk", desk), ("office", office)):
                role.objects.create(
                    court=root,
                    side=side,
                    part=part,
                    labels=labels,
                    group=group.objects.get_or_create(name=name)[0],
                )
    signature = apps.get_model("courts", "BulletinSignature")
    for issue in apps.get_model("courts", "Bulletin").objects.all():
        for side in ("litigation", "enforcement"):
            by = getattr(issue, f"{side}_signed_by_id")
            if by is not None:
                at = getattr(issue, f"{side}_signed_at")
                signature.objects.create(bulletin=issue, side=side, by_id=by, at=at)


def put_down(_apps, schema_editor):
    """Its function names columns that go; it is put up again after every `migrate`."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER IF EXISTS bulletin_issued ON courts_bulletin")


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("courts", "0042_record_and_releases"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="action",
            name="action_side",
        ),
        migrations.RemoveConstraint(
            model_name="apitoken",
            name="api_token_sends_known",
        ),
        migrations.RemoveConstraint(
            model_name="appraisaltarget",
            name="target_level_known",
        ),
        migrations.RemoveConstraint(
            model_name="bulletin",
            name="bulletin_side_known",
        ),
        migrations.RemoveConstraint(
            model_name="bulletin",
            name="bulletin_litigation_signed_whole",
        ),
        migrations.RemoveConstraint(
            model_name="bulletin",
            name="bulletin_enforcement_signed_whole",
        ),
        migrations.RemoveConstraint(
            model_name="bulletin",
            name="bulletin_signed_by_each_office",
        ),
        migrations.RemoveConstraint(
            model_name="bulletin",
            name="bulletin_two_people",
        ),
        migrations.RemoveConstraint(
            model_name="caseverification",
            name="case_verification_office",
        ),
        migrations.RemoveConstraint(
            model_name="closing",
            name="closing_side_known",
        ),
        migrations.RemoveConstraint(
            model_name="consultationanswer",
            name="consultation_answer_side",
        ),
        migrations.RemoveConstraint(
            model_name="court",
            name="court_tree",
        ),
        migrations.RemoveConstraint(
            model_name="deputyship",
            name="deputyship_role_known",
        ),
        migrations.RemoveConstraint(
            model_name="difference",
            name="difference_side_known",
        ),
        migrations.RemoveConstraint(
            model_name="extract",
            name="extract_side_known",
        ),
        migrations.RemoveConstraint(
            model_name="extractfigure",
            name="extract_figure_side_known",
        ),
        migrations.RemoveConstraint(
            model_name="meetingtask",
            name="meeting_task_side",
        ),
        migrations.RemoveConstraint(
            model_name="meetingtopic",
            name="meeting_topic_side",
        ),
        migrations.RemoveConstraint(
            model_name="monthlyreturn",
            name="return_side_known",
        ),
        migrations.RemoveConstraint(
            model_name="motion",
            name="motion_side_of_kind",
        ),
        migrations.RemoveConstraint(
            model_name="objection",
            name="objection_side",
        ),
        migrations.RemoveConstraint(
            model_name="proposal",
            name="proposal_side",
        ),
        migrations.RemoveConstraint(
            model_name="restatement",
            name="restatement_sides_known",
        ),
        migrations.RemoveConstraint(
            model_name="sentextract",
            name="sent_extract_side_known",
        ),
        migrations.RemoveConstraint(
            model_name="sheetsource",
            name="sheet_source_side",
        ),
        migrations.RemoveConstraint(
            model_name="snapshot",
            name="snapshot_sides_known",
        ),
        migrations.RemoveConstraint(
            model_name="specialcase",
            name="special_case_side",
        ),
        migrations.CreateModel(
            name="BulletinSignature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("side", models.CharField(max_length=16, verbose_name="类别")),
                ("at", models.DateTimeField(verbose_name="签发时间")),
                (
                    "bulletin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="signatures",
                        to="courts.bulletin",
                        verbose_name="通报",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="签发人",
                    ),
                ),
            ],
            options={
                "verbose_name": "通报的签发",
                "verbose_name_plural": "通报的签发",
                "ordering": ["bulletin", "pk"],
            },
        ),
        migrations.CreateModel(
            name="SideRole",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("side", models.CharField(max_length=16, verbose_name="类别")),
                (
                    "part",
                    models.CharField(
                        choices=[("desk", "报表岗"), ("office", "管理部门")],
                        max_length=8,
                        verbose_name="职责",
                    ),
                ),
                ("labels", models.JSONField(default=dict, verbose_name="类别名称")),
                (
                    "court",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="courts.court",
                        verbose_name="中级法院",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="side_roles",
                        to="auth.group",
                        verbose_name="角色",
                    ),
                ),
            ],
            options={
                "verbose_name": "类别的角色",
                "verbose_name_plural": "类别的角色",
                "ordering": ["court", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="bulletinsignature",
            constraint=models.UniqueConstraint(
                fields=("bulletin", "side"),
                name="bulletin_signature_once",
                violation_error_message="这一类别已经签发过。",
            ),
        ),
        migrations.AddConstraint(
            model_name="bulletinsignature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("side__in", ["", "both", "none", "rulebook", "metrics"]), _negated=True
                    ),
                    ("side", django.db.models.functions.text.Lower(models.F("side"))),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(","), models.Value("")
                        ),
                    ),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(" "), models.Value("")
                        ),
                    ),
                ),
                name="bulletin_signature_side",
                violation_error_message="类别的代码不合格式。",
            ),
        ),
        migrations.AddConstraint(
            model_name="siderole",
            constraint=models.UniqueConstraint(
                fields=("court", "side", "part"),
                name="side_role_once",
                violation_error_message="这一类别已有这种角色。",
            ),
        ),
        migrations.AddConstraint(
            model_name="siderole",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("side__in", ["", "both", "none", "rulebook", "metrics"]), _negated=True
                    ),
                    ("side", django.db.models.functions.text.Lower(models.F("side"))),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(","), models.Value("")
                        ),
                    ),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(" "), models.Value("")
                        ),
                    ),
                ),
                name="side_role_side",
                violation_error_message="类别的代码不合格式。",
            ),
        ),
        migrations.AddConstraint(
            model_name="siderole",
            constraint=models.CheckConstraint(
                condition=models.Q(("part__in", ["desk", "office"])),
                name="side_role_part",
                violation_error_message="没有这种职责。",
            ),
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
        migrations.RunPython(put_down, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name="bulletin",
            name="enforcement_signed_at",
        ),
        migrations.RemoveField(
            model_name="bulletin",
            name="enforcement_signed_by",
        ),
        migrations.RemoveField(
            model_name="bulletin",
            name="litigation_signed_at",
        ),
        migrations.RemoveField(
            model_name="bulletin",
            name="litigation_signed_by",
        ),
        migrations.RemoveField(
            model_name="historicalbulletin",
            name="enforcement_signed_at",
        ),
        migrations.RemoveField(
            model_name="historicalbulletin",
            name="enforcement_signed_by",
        ),
        migrations.RemoveField(
            model_name="historicalbulletin",
            name="litigation_signed_at",
        ),
        migrations.RemoveField(
            model_name="historicalbulletin",
            name="litigation_signed_by",
        ),
        migrations.AlterField(
            model_name="action",
            name="side",
            field=models.CharField(max_length=16, verbose_name="类别"),
        ),
        migrations.AlterField(
            model_name="apitoken",
            name="sends",
            field=models.CharField(blank=True, max_length=255, verbose_name="报送提取数据"),
        ),
        migrations.AlterField(
            model_name="appraisaltarget",
            name="level",
            field=models.CharField(blank=True, default="", max_length=16, verbose_name="适用审级"),
        ),
        migrations.AlterField(
            model_name="bulletin",
            name="side",
            field=models.CharField(max_length=255, verbose_name="类别"),
        ),
        migrations.AlterField(
            model_name="caseverification",
            name="office",
            field=models.CharField(max_length=64, verbose_name="部门"),
        ),
        migrations.AlterField(
            model_name="closing",
            name="side",
            field=models.CharField(max_length=16, verbose_name="类别"),
        ),
        migrations.AlterField(
            model_name="consultationanswer",
            name="side",
            field=models.CharField(max_length=16, verbose_name="类别"),
        ),
        migrations.AlterField(
            model_name="deputyship",
            name="role",
            field=models.CharField(max_length=64, verbose_name="代理的角色"),
        ),
        migrations.AlterField(
            model_name="court",
            name="level",
            field=models.CharField(max_length=16, verbose_name="审级"),
        ),
        migrations.AlterField(
            model_name="court",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                limit_choices_to={"parent__isnull": True},
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="children",
                to="courts.court",
                verbose_name="上级法院",
            ),
        ),
        migrations.AlterField(
            model_name="difference",
            name="side",
            field=models.CharField(max_length=16, verbose_name="类别"),
        ),
        migrations.AlterField(
            model_name="extract",
            name="side",
            field=models.CharField(max_length=255, verbose_name="类别"),
        ),
        migrations.AlterField(
            model_name="extractfigure",
            name="side",
            field=models.CharField(max_length=16, verbose_name="类别"),
        ),
        migrations.AlterField(
            model_name="historicalappraisaltarget",
            name="level",
            field=models.CharField(blank=True, default="", max_length=16, verbose_name="适用审级"),
        ),
        migrations.AlterField(
            model_name="historicalbulletin",
            name="side",
            field=models.CharField(max_length=255, verbose_name="类别"),
        ),
        migrations.AlterField(
            model_name="historicalcourt",
            name="level",
            field=models.CharField(max_length=16, verbose_name="审级"),
        ),
        migrations.AlterField(
            model_name="historicalcourt",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                limit_choices_to={"parent__isnull": True},
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="courts.court",
                verbose_name="上级法院",
            ),
        ),
        migrations.AlterField(
            model_name="historicaldifference",
            name="side",
            field=models.CharField(max_length=16, verbose_name="类别"),
        ),
        migrations.AlterField(
            model_name="historicalmonthlyreturn",
            name="side",
            field=models.CharField(max_length=16, verbose_name="类别"),
        ),
        migrations.AlterField(
            model_name="historicalsheetsource",
            name="side",
            field=models.CharField(max_length=16, verbose_name="类别"),
        ),
        migrations.AlterField(
            model_name="meetingtask",
            name="side",
            field=models.CharField(max_length=16, verbose_name="类别"),
        ),
        migrations.AlterField(
            model_name="meetingtopic",
            name="side",
            field=models.CharField(blank=True, max_length=16, verbose_name="类别"),
        ),
        migrations.AlterField(
            model_name="monthlyreturn",
            name="side",
            field=models.CharField(max_length=16, verbose_name="类别"),
        ),
        migrations.AlterField(
            model_name="motion",
            name="side",
            field=models.CharField(blank=True, default="", max_length=255, verbose_name="类别"),
        ),
        migrations.AlterField(
            model_name="objection",
            name="side",
            field=models.CharField(max_length=16, verbose_name="类别"),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="side",
            field=models.CharField(max_length=16, verbose_name="类别"),
        ),
        migrations.AlterField(
            model_name="restatement",
            name="sides",
            field=models.CharField(max_length=255, verbose_name="类别"),
        ),
        migrations.AlterField(
            model_name="sentextract",
            name="side",
            field=models.CharField(max_length=255, verbose_name="类别"),
        ),
        migrations.AlterField(
            model_name="sheetsource",
            name="side",
            field=models.CharField(max_length=16, verbose_name="类别"),
        ),
        migrations.AlterField(
            model_name="snapshot",
            name="sides",
            field=models.CharField(max_length=255, verbose_name="类别"),
        ),
        migrations.AlterField(
            model_name="specialcase",
            name="side",
            field=models.CharField(max_length=16, verbose_name="类别"),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("side__in", ["", "both", "none", "rulebook", "metrics"]), _negated=True
                    ),
                    ("side", django.db.models.functions.text.Lower(models.F("side"))),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(","), models.Value("")
                        ),
                    ),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(" "), models.Value("")
                        ),
                    ),
                ),
                name="action_side",
                violation_error_message="类别的代码不合格式。",
            ),
        ),
        migrations.AddConstraint(
            model_name="apitoken",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sends", ""),
                    models.Q(
                        models.Q(("sends__in", ["", "none", "rulebook", "metrics"]), _negated=True),
                        ("sends", django.db.models.functions.text.Lower(models.F("sends"))),
                        (
                            "sends",
                            django.db.models.functions.text.Replace(
                                models.F("sends"), models.Value(",,"), models.Value("")
                            ),
                        ),
                        (
                            "sends",
                            django.db.models.functions.text.Replace(
                                models.F("sends"), models.Value(" "), models.Value("")
                            ),
                        ),
                    ),
                    _connector="OR",
                ),
                name="api_token_sends_known",
                violation_error_message="没有这种报送。",
            ),
        ),
        migrations.AddConstraint(
            model_name="appraisaltarget",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("level", ""),
                    models.Q(
                        models.Q(
                            ("level__in", ["", "both", "none", "rulebook", "metrics"]),
                            _negated=True,
                        ),
                        ("level", django.db.models.functions.text.Lower(models.F("level"))),
                        (
                            "level",
                            django.db.models.functions.text.Replace(
                                models.F("level"), models.Value(","), models.Value("")
                            ),
                        ),
                        (
                            "level",
                            django.db.models.functions.text.Replace(
                                models.F("level"), models.Value(" "), models.Value("")
                            ),
                        ),
                    ),
                    _connector="OR",
                ),
                name="target_level_known",
                violation_error_message="没有这种审级。",
            ),
        ),
        migrations.AddConstraint(
            model_name="bulletin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("side__in", ["", "none", "rulebook", "metrics"]), _negated=True),
                    ("side", django.db.models.functions.text.Lower(models.F("side"))),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(",,"), models.Value("")
                        ),
                    ),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(" "), models.Value("")
                        ),
                    ),
                ),
                name="bulletin_side_known",
                violation_error_message="类别的代码不合格式。",
            ),
        ),
        migrations.AddConstraint(
            model_name="bulletin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("made_by__isnull", True),
                    ("published_by__isnull", True),
                    models.Q(("published_by", models.F("made_by")), _negated=True),
                    _connector="OR",
                ),
                name="bulletin_two_people",
                violation_error_message="起草人不得签发、发布自己起草的通报，须由另一人办理。",
            ),
        ),
        migrations.AddConstraint(
            model_name="caseverification",
            constraint=models.CheckConstraint(
                condition=models.Q(("office", ""), _negated=True),
                name="case_verification_office",
                violation_error_message="没有这个部门。",
            ),
        ),
        migrations.AddConstraint(
            model_name="closing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("side__in", ["", "both", "none", "rulebook", "metrics"]), _negated=True
                    ),
                    ("side", django.db.models.functions.text.Lower(models.F("side"))),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(","), models.Value("")
                        ),
                    ),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(" "), models.Value("")
                        ),
                    ),
                ),
                name="closing_side_known",
                violation_error_message="类别的代码不合格式。",
            ),
        ),
        migrations.AddConstraint(
            model_name="consultationanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("side__in", ["", "both", "none", "rulebook", "metrics"]), _negated=True
                    ),
                    ("side", django.db.models.functions.text.Lower(models.F("side"))),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(","), models.Value("")
                        ),
                    ),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(" "), models.Value("")
                        ),
                    ),
                ),
                name="consultation_answer_side",
                violation_error_message="类别的代码不合格式。",
            ),
        ),
        migrations.AddConstraint(
            model_name="court",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("level__in", ["", "both", "none", "rulebook", "metrics"]), _negated=True
                    ),
                    ("level", django.db.models.functions.text.Lower(models.F("level"))),
                    (
                        "level",
                        django.db.models.functions.text.Replace(
                            models.F("level"), models.Value(","), models.Value("")
                        ),
                    ),
                    (
                        "level",
                        django.db.models.functions.text.Replace(
                            models.F("level"), models.Value(" "), models.Value("")
                        ),
                    ),
                ),
                name="court_level_form",
                violation_error_message="审级的代码不合格式。",
            ),
        ),
        migrations.AddConstraint(
            model_name="difference",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("side__in", ["", "both", "none", "rulebook", "metrics"]), _negated=True
                    ),
                    ("side", django.db.models.functions.text.Lower(models.F("side"))),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(","), models.Value("")
                        ),
                    ),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(" "), models.Value("")
                        ),
                    ),
                ),
                name="difference_side_known",
                violation_error_message="类别的代码不合格式。",
            ),
        ),
        migrations.AddConstraint(
            model_name="extract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("side__in", ["", "none", "rulebook", "metrics"]), _negated=True),
                    ("side", django.db.models.functions.text.Lower(models.F("side"))),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(",,"), models.Value("")
                        ),
                    ),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(" "), models.Value("")
                        ),
                    ),
                ),
                name="extract_side_known",
                violation_error_message="类别的代码不合格式。",
            ),
        ),
        migrations.AddConstraint(
            model_name="extractfigure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("side__in", ["", "both", "none", "rulebook", "metrics"]), _negated=True
                    ),
                    ("side", django.db.models.functions.text.Lower(models.F("side"))),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(","), models.Value("")
                        ),
                    ),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(" "), models.Value("")
                        ),
                    ),
                ),
                name="extract_figure_side_known",
                violation_error_message="类别的代码不合格式。",
            ),
        ),
        migrations.AddConstraint(
            model_name="meetingtask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("side__in", ["", "both", "none", "rulebook", "metrics"]), _negated=True
                    ),
                    ("side", django.db.models.functions.text.Lower(models.F("side"))),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(","), models.Value("")
                        ),
                    ),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(" "), models.Value("")
                        ),
                    ),
                ),
                name="meeting_task_side",
                violation_error_message="类别的代码不合格式。",
            ),
        ),
        migrations.AddConstraint(
            model_name="meetingtopic",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("side", ""),
                    models.Q(
                        models.Q(
                            ("side__in", ["", "both", "none", "rulebook", "metrics"]), _negated=True
                        ),
                        ("side", django.db.models.functions.text.Lower(models.F("side"))),
                        (
                            "side",
                            django.db.models.functions.text.Replace(
                                models.F("side"), models.Value(","), models.Value("")
                            ),
                        ),
                        (
                            "side",
                            django.db.models.functions.text.Replace(
                                models.F("side"), models.Value(" "), models.Value("")
                            ),
                        ),
                    ),
                    _connector="OR",
                ),
                name="meeting_topic_side",
                violation_error_message="类别的代码不合格式。",
            ),
        ),
        migrations.AddConstraint(
            model_name="monthlyreturn",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("side__in", ["", "both", "none", "rulebook", "metrics"]), _negated=True
                    ),
                    ("side", django.db.models.functions.text.Lower(models.F("side"))),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(","), models.Value("")
                        ),
                    ),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(" "), models.Value("")
                        ),
                    ),
                ),
                name="return_side_known",
                violation_error_message="类别的代码不合格式。",
            ),
        ),
        migrations.AddConstraint(
            model_name="motion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind__in", ["baseline", "extract", "settlement", "assessed"]),
                        models.Q(("side__in", ["", "none", "rulebook", "metrics"]), _negated=True),
                        ("side", django.db.models.functions.text.Lower(models.F("side"))),
                        (
                            "side",
                            django.db.models.functions.text.Replace(
                                models.F("side"), models.Value(",,"), models.Value("")
                            ),
                        ),
                        (
                            "side",
                            django.db.models.functions.text.Replace(
                                models.F("side"), models.Value(" "), models.Value("")
                            ),
                        ),
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
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("side__in", ["", "both", "none", "rulebook", "metrics"]), _negated=True
                    ),
                    ("side", django.db.models.functions.text.Lower(models.F("side"))),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(","), models.Value("")
                        ),
                    ),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(" "), models.Value("")
                        ),
                    ),
                ),
                name="objection_side",
                violation_error_message="类别的代码不合格式。",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("side__in", ["", "both", "none", "rulebook", "metrics"]), _negated=True
                    ),
                    ("side", django.db.models.functions.text.Lower(models.F("side"))),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(","), models.Value("")
                        ),
                    ),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(" "), models.Value("")
                        ),
                    ),
                ),
                name="proposal_side",
                violation_error_message="类别的代码不合格式。",
            ),
        ),
        migrations.AddConstraint(
            model_name="restatement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sides__in", ["", "none", "rulebook", "metrics"]), _negated=True),
                    ("sides", django.db.models.functions.text.Lower(models.F("sides"))),
                    (
                        "sides",
                        django.db.models.functions.text.Replace(
                            models.F("sides"), models.Value(",,"), models.Value("")
                        ),
                    ),
                    (
                        "sides",
                        django.db.models.functions.text.Replace(
                            models.F("sides"), models.Value(" "), models.Value("")
                        ),
                    ),
                ),
                name="restatement_sides_known",
                violation_error_message="类别的代码不合格式。",
            ),
        ),
        migrations.AddConstraint(
            model_name="sentextract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("side__in", ["", "none", "rulebook", "metrics"]), _negated=True),
                    ("side", django.db.models.functions.text.Lower(models.F("side"))),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(",,"), models.Value("")
                        ),
                    ),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(" "), models.Value("")
                        ),
                    ),
                ),
                name="sent_extract_side_known",
                violation_error_message="类别的代码不合格式。",
            ),
        ),
        migrations.AddConstraint(
            model_name="sheetsource",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("side__in", ["", "both", "none", "rulebook", "metrics"]), _negated=True
                    ),
                    ("side", django.db.models.functions.text.Lower(models.F("side"))),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(","), models.Value("")
                        ),
                    ),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(" "), models.Value("")
                        ),
                    ),
                ),
                name="sheet_source_side",
                violation_error_message="类别的代码不合格式。",
            ),
        ),
        migrations.AddConstraint(
            model_name="snapshot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sides__in", ["", "none", "rulebook", "metrics"]), _negated=True),
                    ("sides", django.db.models.functions.text.Lower(models.F("sides"))),
                    (
                        "sides",
                        django.db.models.functions.text.Replace(
                            models.F("sides"), models.Value(",,"), models.Value("")
                        ),
                    ),
                    (
                        "sides",
                        django.db.models.functions.text.Replace(
                            models.F("sides"), models.Value(" "), models.Value("")
                        ),
                    ),
                ),
                name="snapshot_sides_known",
                violation_error_message="类别的代码不合格式。",
            ),
        ),
        migrations.AddConstraint(
            model_name="specialcase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("side__in", ["", "both", "none", "rulebook", "metrics"]), _negated=True
                    ),
                    ("side", django.db.models.functions.text.Lower(models.F("side"))),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(","), models.Value("")
                        ),
                    ),
                    (
                        "side",
                        django.db.models.functions.text.Replace(
                            models.F("side"), models.Value(" "), models.Value("")
                        ),
                    ),
                ),
                name="special_case_side",
                violation_error_message="类别的代码不合格式。",
            ),
        ),
        migrations.AddConstraint(
            model_name="deputyship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("role__in", ["", "admin", "litigation", "enforcement"]), _negated=True
                ),
                name="deputyship_role_known",
                violation_error_message="这个角色不能代理。",
            ),
        ),
    ]
