"""Scrutineers get their group; the board is append-only, and an open round's manifest stands."""

from django.db import migrations

# What may never change again once a round is open.
FROZEN = (
    "manifest",
    "fingerprint",
    "unit",
    "unit_max",
    "min_ballots",
    "quality_year_id",
    "month",
    "code",
)

TRIGGERS = {
    "board_event_update": ("UPDATE", "courts_boardevent", "", "the board is append-only"),
    "board_event_delete": ("DELETE", "courts_boardevent", "", "the board is append-only"),
    "ballot_round_frozen": (
        "UPDATE",
        "courts_ballotround",
        "OLD.state NOT IN ('draft', 'keys') AND ({changes})",
        "the manifest of an open round is frozen",
    ),
    "ballot_round_tallied": (
        "UPDATE",
        "courts_ballotround",
        "OLD.state IN ('tallied', 'void') AND NEW.state <> OLD.state",
        "a round that ended has ended",
    ),
}


def conditions(vendor):
    distinct = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
    changes = " OR ".join(f"NEW.{name} {distinct} OLD.{name}" for name in FROZEN)
    for name, (verb, table, condition, message) in TRIGGERS.items():
        yield name, verb, table, condition.format(changes=changes), message


def create_triggers(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for name, verb, table, condition, message in conditions(vendor):
        when = f"WHEN ({condition})" if condition else ""
        if vendor == "sqlite":
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {when} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        else:
            schema_editor.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
                f"BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; "
                "END $$"
            )
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
                f"FOR EACH ROW {when} EXECUTE FUNCTION {name}()"
            )


def drop_triggers(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for name, _verb, table, _condition, _message in conditions(vendor):
        if vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()")


def create_role(apps, schema_editor):
    apps.get_model("auth", "Group").objects.get_or_create(name="scrutineer")


class Migration(migrations.Migration):
    dependencies = [("courts", "0009_ballots")]

    operations = [
        migrations.RunPython(create_role, migrations.RunPython.noop),
        migrations.RunPython(create_triggers, drop_triggers),
    ]
