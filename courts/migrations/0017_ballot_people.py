"""Organiser, voter and scrutineer of a round are different people; who set an account's password is
known; an open round's deadline moves later, and with the chain alone."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


HELD = import_module("courts.migrations.0010_ballots_held")

# What the office does to a round, by the name of the act in the table of events.
ACTS = (
    "draft",
    "ask_keys",
    "back_to_draft",
    "drop_key",
    "open",
    "extend",
    "void",
    "paper",
    "paper_confirm",
    "paper_drop",
)

NAME, MESSAGE = "ballot_round_deadline", "the deadline of an open round moves by the chain, later"
MOVED = "OLD.state = 'open' AND NEW.closes_at {distinct} OLD.closes_at"
# The payload is canonical JSON, a list of the time alone: 0019 makes databases of old read it so.
UNSAID = (
    "NEW.closes_at < OLD.closes_at OR NOT EXISTS (SELECT 1 FROM courts_boardevent "
    """WHERE round_id = NEW.id AND kind = 'extend' AND payload = '["' || {text} || '"]')"""
)


def hold(apps, schema_editor):
    """The deadline's trigger; and the earlier ones, which SQLite lost with the table."""
    HELD.drop_triggers(apps, schema_editor)
    HELD.create_triggers(apps, schema_editor)
    if schema_editor.connection.vendor == "sqlite":
        unsaid = UNSAID.format(text="strftime('%%Y-%%m-%%dT%%H:%%M:%%SZ', NEW.closes_at)")
        when = MOVED.format(distinct="IS NOT")
        schema_editor.execute(
            f"CREATE TRIGGER {NAME} BEFORE UPDATE ON courts_ballotround WHEN ({when}) AND ({unsaid}) "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )
        return
    unsaid = UNSAID.format(
        text="""to_char(NEW.closes_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""
    )
    when = MOVED.format(distinct="IS DISTINCT FROM")
    schema_editor.execute(
        f"CREATE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {unsaid} THEN "
        f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "RETURN NEW; END $$"
    )
    schema_editor.execute(
        f"CREATE TRIGGER {NAME} BEFORE UPDATE ON courts_ballotround "
        f"FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {NAME}()"
    )


def let_go(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {NAME}")
        return
    schema_editor.execute(f"DROP TRIGGER IF EXISTS {NAME} ON courts_ballotround")
    schema_editor.execute(f"DROP FUNCTION IF EXISTS {NAME}()")


def know_rounds(apps, schema_editor):
    """Rounds that are open or over end under the old rule; of the others, who organized them."""
    rounds = apps.get_model("courts", "BallotRound").objects
    organizers = apps.get_model("courts", "RoundOrganizer").objects
    events = apps.get_model("courts", "Event").objects
    rounds.exclude(state__in=["draft", "keys"]).update(keeps_apart=False)
    for row in rounds.filter(keeps_apart=True):
        acts = events.filter(action__in=[f"ballot_{act}" for act in ACTS], actor__isnull=False)
        people = {row.author_id}
        people |= {one.actor_id for one in acts if one.data.get("round") == row.code}
        for user in people:
            organizers.get_or_create(round=row, user_id=user)


class Migration(migrations.Migration):
    dependencies = [
        ("courts", "0016_conversation"),
    ]

    operations = [
        migrations.AddField(
            model_name="ballotround",
            name="keeps_apart",
            field=models.BooleanField(
                default=True, verbose_name="组织人、选举人、监票人各为不同的人"
            ),
        ),
        migrations.CreateModel(
            name="CredentialChange",
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
                            ("password", "密码"),
                            ("factor", "第二因素"),
                            ("identity", "登录身份"),
                        ],
                        max_length=8,
                        verbose_name="种类",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="credential_changes",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
            ],
            options={
                "verbose_name": "登录凭据变更",
                "verbose_name_plural": "登录凭据变更",
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["user", "at"], name="credential_change_user_at")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["password", "factor", "identity"])),
                        name="credential_change_kind_known",
                        violation_error_message="没有这种凭据。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RoundOrganizer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="organizers",
                        to="courts.ballotround",
                        verbose_name="投票轮次",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
            ],
            options={
                "verbose_name": "组织人",
                "verbose_name_plural": "组织人",
                "ordering": ["round", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "user"),
                        name="round_organizer_user",
                        violation_error_message="同一组织人列了两次。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Vouch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="courts.voter",
                        verbose_name="确认人",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="vouches",
                        to="courts.ballotround",
                        verbose_name="投票轮次",
                    ),
                ),
                (
                    "voter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="vouches",
                        to="courts.voter",
                        verbose_name="投票人",
                    ),
                ),
            ],
            options={
                "verbose_name": "本人确认",
                "verbose_name_plural": "本人确认",
                "ordering": ["round", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("voter", "by"),
                        name="vouch_once",
                        violation_error_message="您已经确认过。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("voter", models.F("by")), _negated=True),
                        name="vouch_for_another",
                        violation_error_message="不能为自己确认。",
                    ),
                ],
            },
        ),
        migrations.RunPython(hold, let_go),
        migrations.RunPython(know_rounds, migrations.RunPython.noop),
    ]
