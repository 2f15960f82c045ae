"""Rounds on the same targets are few; once a part is given a round is never void; who challenged.

Events and rows keep no sums of a tally of paper that was dropped.
"""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


HELD = import_module("courts.migrations.0010_ballots_held")
DEADLINE = import_module("courts.migrations.0017_ballot_people")

SAME = (
    "(a.court_id = b.court_id OR (a.court_id IS NULL AND b.court_id IS NULL AND a.name = b.name))"
)
# Rounds of the year that voted, or vote, on a target of the round that is to open.
OTHERS = (
    "SELECT {what} FROM courts_ballotround r JOIN courts_ballottarget a ON a.round_id = r.id "
    f"JOIN courts_ballottarget b ON b.round_id = NEW.id AND {SAME} WHERE r.id <> NEW.id "
    "AND r.quality_year_id = NEW.quality_year_id AND r.manifest <> '' AND r.state {states}"
)
RUNNING = OTHERS.format(what="1", states="IN ('open', 'closed', 'incomplete')")
TALLIED = OTHERS.format(what="1", states="= 'tallied'")
TWICE = OTHERS.format(what="b.id", states="= 'tallied'") + " GROUP BY b.id HAVING COUNT(*) > 1"
AGREED = (
    "SELECT 1 FROM courts_secondround s WHERE s.round_id = NEW.id AND s.agreed_by_id IS NOT NULL"
)
PART = "SELECT 1 FROM courts_scrutineer s WHERE s.round_id = NEW.id AND s.partial IS NOT NULL"

# By name: table, when a row is looked at, what must not hold of it, and what is said then.
TRIGGERS = {
    "ballot_round_few": (
        "courts_ballotround",
        "NEW.state = 'open' AND OLD.state <> 'open'",
        f"EXISTS ({RUNNING}) OR EXISTS ({TWICE}) OR (EXISTS ({TALLIED}) AND NOT EXISTS ({AGREED}))",
        "targets are voted on twice a year at most, one round after the other, for a reason",
    ),
    "ballot_round_part": (
        "courts_ballotround",
        "NEW.state <> OLD.state",
        f"(NEW.state = 'void' AND EXISTS ({PART})) "
        "OR (OLD.state = 'incomplete' AND NEW.state <> 'tallied')",
        "once a part is given the round is tallied or stays incomplete",
    ),
    "ballot_round_kappa": (
        "courts_ballotround",
        "OLD.close_hash <> ''",
        "NEW.close_hash <> OLD.close_hash",
        "a closed round keeps its closing hash",
    ),
    "scrutineer_part": (
        "courts_scrutineer",
        "OLD.partial IS NOT NULL",
        "NEW.partial {distinct} OLD.partial OR NEW.public_key {distinct} OLD.public_key "
        "OR NEW.user_id <> OLD.user_id OR NEW.round_id <> OLD.round_id",
        "a part that was given stands",
    ),
}


def let_go_all(apps, schema_editor):
    """Take all triggers away: PostgreSQL changes no column that one of them looks at."""
    DEADLINE.let_go(apps, schema_editor)
    HELD.drop_triggers(apps, schema_editor)


def hold_all(apps, schema_editor):
    """The earlier triggers and these."""
    DEADLINE.hold(apps, schema_editor)
    vendor = schema_editor.connection.vendor
    distinct = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
    for name, (table, when, wrong, message) in TRIGGERS.items():
        wrong = wrong.format(distinct=distinct)
        if vendor == "sqlite":
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} WHEN ({when}) AND ({wrong}) "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
            continue
        schema_editor.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {wrong} THEN "
            f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            "RETURN NEW; END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} "
            f"FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {name}()"
        )


def let_go(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for name, (table, _when, _wrong, _message) in TRIGGERS.items():
        if vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()")
    let_go_all(apps, schema_editor)


def forget_sums(apps, schema_editor):
    """Sums of paper are kept with a confirmed tally alone; a tally of a void round was dropped."""
    tallies = apps.get_model("courts", "PaperTally").objects
    events = apps.get_model("courts", "Event").objects
    for tally in tallies.filter(round__state="void").select_related("round"):
        data = {
            "round": tally.round.code,
            "ballots": tally.counted,
            "scan_sha256": tally.scan_sha256,
        }
        events.create(
            action="ballot_paper_drop", quality_year_id=tally.round.quality_year_id, data=data
        )
        tally.delete()
    for event in events.filter(action__in=["ballot_paper", "ballot_paper_drop"]):
        if "sums" in event.data:
            event.data = {key: value for key, value in event.data.items() if key != "sums"}
            event.save(update_fields=["data"])


def know_incomplete(apps, schema_editor):
    """A closed round that has a part is incomplete."""
    rounds = apps.get_model("courts", "BallotRound").objects
    rounds.filter(state="closed", scrutineers__partial__isnull=False).update(state="incomplete")


def know_closed(apps, schema_editor):
    apps.get_model("courts", "BallotRound").objects.filter(state="incomplete").update(
        state="closed"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("courts", "0019_extension_payload"),
    ]

    operations = [
        migrations.RunPython(let_go_all, DEADLINE.hold),
        migrations.CreateModel(
            name="SecondRound",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="第二轮的理由")),
                ("given_at", models.DateTimeField(verbose_name="提出时间")),
                ("agreed_at", models.DateTimeField(blank=True, null=True, verbose_name="同意时间")),
            ],
            options={
                "verbose_name": "第二轮的理由",
                "verbose_name_plural": "第二轮的理由",
                "ordering": ["pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="ballotround",
            name="ballot_round_state_known",
        ),
        migrations.RemoveConstraint(
            model_name="ballotround",
            name="ballot_round_closed_whole",
        ),
        migrations.RemoveConstraint(
            model_name="ballotround",
            name="ballot_round_one_a_month",
        ),
        migrations.AddField(
            model_name="voter",
            name="has_challenged",
            field=models.BooleanField(default=False, verbose_name="自述做过抽验"),
        ),
        migrations.AlterField(
            model_name="ballotround",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "准备中"),
                    ("keys", "制作密钥"),
                    ("open", "投票中"),
                    ("closed", "已截止"),
                    ("incomplete", "开票未完成"),
                    ("tallied", "已计票"),
                    ("void", "已作废"),
                ],
                default="draft",
                max_length=12,
                verbose_name="状态",
            ),
        ),
        migrations.AddConstraint(
            model_name="ballotround",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        ["draft", "keys", "open", "closed", "incomplete", "tallied", "void"],
                    )
                ),
                name="ballot_round_state_known",
                violation_error_message="没有这种状态。",
            ),
        ),
        migrations.AddConstraint(
            model_name="ballotround",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["closed", "incomplete"]), _negated=True),
                    models.Q(
                        models.Q(("close_hash", ""), _negated=True), ("check_until__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="ballot_round_closed_whole",
                violation_error_message="截止后须有截止校验值和核对期。",
            ),
        ),
        migrations.AddConstraint(
            model_name="ballotround",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["void", "incomplete"]), _negated=True),
                fields=("quality_year", "month"),
                name="ballot_round_one_a_month",
                violation_error_message="这个月份已有一轮投票；作废后才能另建。",
            ),
        ),
        migrations.AddConstraint(
            model_name="voter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("has_challenged", False), ("confirmed_at__isnull", False), _connector="OR"
                ),
                name="voter_challenged_when_confirmed",
                violation_error_message="核对时才说做过抽验。",
            ),
        ),
        migrations.AddField(
            model_name="secondround",
            name="agreed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="同意人",
            ),
        ),
        migrations.AddField(
            model_name="secondround",
            name="given_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="提出人",
            ),
        ),
        migrations.AddField(
            model_name="secondround",
            name="round",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="second_round",
                to="courts.ballotround",
                verbose_name="投票轮次",
            ),
        ),
        migrations.AddConstraint(
            model_name="secondround",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="second_round_has_reason",
                violation_error_message="请说明为什么要投第二轮。",
            ),
        ),
        migrations.AddConstraint(
            model_name="secondround",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("agreed_at__isnull", True), ("agreed_by__isnull", True)),
                    models.Q(("agreed_at__isnull", False), ("agreed_by__isnull", False)),
                    _connector="OR",
                ),
                name="second_round_agreed_whole",
                violation_error_message="同意须有同意人和时间。",
            ),
        ),
        migrations.AddConstraint(
            model_name="secondround",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("agreed_by__isnull", True),
                    models.Q(("agreed_by", models.F("given_by")), _negated=True),
                    _connector="OR",
                ),
                name="second_round_two_people",
                violation_error_message="提出理由的人不能自己同意，须由另一人同意。",
            ),
        ),
        migrations.RunPython(know_incomplete, know_closed),
        migrations.RunPython(forget_sums, migrations.RunPython.noop),
        migrations.RunPython(hold_all, let_go),
    ]
