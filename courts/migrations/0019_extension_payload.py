"""The chain writes a later deadline as a list of one (QB2); the deadline's trigger reads that."""

from importlib import import_module

from django.db import migrations

DEADLINE = import_module("courts.migrations.0017_ballot_people")


def hold_again(apps, schema_editor):
    """In its new words; the trigger of old took the time alone."""
    DEADLINE.let_go(apps, schema_editor)
    DEADLINE.hold(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("courts", "0018_two_people"),
    ]

    operations = [
        migrations.RunPython(hold_again, migrations.RunPython.noop),
    ]
