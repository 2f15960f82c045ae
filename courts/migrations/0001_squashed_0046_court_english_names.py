"""A new database at once: every table as the migrations up to `LAST` leave it, made a single time.

On their own way Django draws all models anew for each of some four hundred operations. Here these
change the plain state alone, so the tables cannot become others than theirs. What they put in
besides is called again; what they do to rows of earlier days has nothing to do in a new database.

A database of any day before has some of them behind it, and Django then takes the others one by
one, as if this were not here. A migration after `LAST` is written as ever and depends on the one
before it, never on this. To take later ones in, rename this file after the new last one and call
what they put in; tests/upgrades/test_squash.py holds both ways beside each other.
"""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from django.db import migrations
from django.db.migrations.operations.base import Operation

LAST = "0046_court_english_names"
REPLACED = sorted(
    found.name
    for found in iter_modules([str(Path(__file__).parent)])
    if found.name <= LAST and "_squashed_" not in found.name
)
BY_NAME = {name: import_module(f"courts.migrations.{name}") for name in REPLACED}


class CreateEveryTable(Operation):
    """The tables of all models, once what is replaced has been played through without any."""

    reversible = False

    def state_forwards(self, app_label, state):
        # Models that were drawn would be drawn again after each operation.
        state.__dict__.pop("apps", None)
        for name, module in BY_NAME.items():
            module.Migration(name, app_label).mutate_state(state, preserve=False)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for label, name in to_state.models:
            model = to_state.apps.get_model(label, name)
            if label == app_label and self.allow_migrate_model(
                schema_editor.connection.alias, model
            ):
                schema_editor.create_model(model)

    def describe(self):
        return f"Create every table as {LAST} leaves it"


def put_in(apps, schema_editor):
    """Roles, the row of housekeeping, and the triggers that no later `migrate` puts up again."""
    BY_NAME["0002_roles"].create_roles(apps, schema_editor)
    BY_NAME["0010_ballots_held"].create_role(apps, schema_editor)
    BY_NAME["0031_housekeeping"].the_row(apps, schema_editor)
    BY_NAME["0007_editions_held"].hold(apps, schema_editor)
    BY_NAME["0010_ballots_held"].create_triggers(apps, schema_editor)
    BY_NAME["0020_ballot_rounds"].hold_all(apps, schema_editor)


class Migration(migrations.Migration):
    initial = True

    replaces = [("courts", name) for name in REPLACED]

    dependencies = [("auth", "0012_alter_user_first_name_max_length")]

    operations = [CreateEveryTable(), migrations.RunPython(put_in)]
