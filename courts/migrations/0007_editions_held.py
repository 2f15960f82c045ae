"""An edition in force never changes: a trigger holds its text, whoever writes.

SQLite loses a table's triggers when a later migration makes the table anew; such a migration ends
with `HOLD` again. tests/courts/rulebooks/test_editions.py tells when one forgot.
"""

from django.db import migrations
from django.db.models import F

MESSAGE = "an edition in force never changes"

SQLITE = f"""
CREATE TRIGGER edition_in_force_held BEFORE UPDATE ON courts_rulebookedition
WHEN OLD.state IN ('in_force', 'superseded') AND (
    NEW.sources IS NOT OLD.sources OR NEW.sha256 IS NOT OLD.sha256
    OR NEW.code IS NOT OLD.code OR NEW.from_month IS NOT OLD.from_month
    OR NEW.state NOT IN ('in_force', 'superseded')
    OR (OLD.state = 'superseded' AND NEW.state <> 'superseded'))
BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END
"""

POSTGRESQL = (
    f"""
CREATE FUNCTION edition_in_force_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.sources IS DISTINCT FROM OLD.sources OR NEW.sha256 IS DISTINCT FROM OLD.sha256
        OR NEW.code IS DISTINCT FROM OLD.code OR NEW.from_month IS DISTINCT FROM OLD.from_month
        OR NEW.state NOT IN ('in_force', 'superseded')
        OR (OLD.state = 'superseded' AND NEW.state <> 'superseded')
    THEN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
""",
    """
CREATE TRIGGER edition_in_force_held BEFORE UPDATE ON courts_rulebookedition
FOR EACH ROW WHEN (OLD.state IN ('in_force', 'superseded'))
EXECUTE FUNCTION edition_in_force_held()
""",
)


def hold(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in POSTGRESQL if vendor == "postgresql" else (SQLITE,):
        schema_editor.execute(statement, params=None)


def let_go(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION edition_in_force_held() CASCADE", params=None)
    else:
        schema_editor.execute("DROP TRIGGER edition_in_force_held", params=None)


HOLD = migrations.RunPython(hold, let_go)


def name_the_years(apps, schema_editor):
    """Editions stored before belong to the year they were set up with, and to its court."""
    for year in apps.get_model("courts", "QualityYear").objects.order_by("pk"):
        apps.get_model("courts", "RulebookEdition").objects.filter(
            pk=year.edition_id, quality_year=None
        ).update(quality_year=year.pk, court=year.court_id, enacted_at=F("created_at"))


class Migration(migrations.Migration):
    dependencies = [("courts", "0006_editions")]

    operations = [HOLD, migrations.RunPython(name_the_years, migrations.RunPython.noop)]
