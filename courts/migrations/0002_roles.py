"""The groups that carry the roles; `courts.permissions` says what each may do."""

from django.db import migrations

ROLES = ("litigation", "enforcement", "office", "centre", "leader", "party", "admin")


def create_roles(apps, schema_editor):
    group = apps.get_model("auth", "Group")
    for name in ROLES:
        group.objects.get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [("courts", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [migrations.RunPython(create_roles, migrations.RunPython.noop)]
