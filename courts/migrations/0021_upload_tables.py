"""Uploads wait as the table that was read, never as the bytes of the file."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models


def forget_waiting(apps: Any, schema_editor: Any) -> None:
    """Uploads wait for a day at most; the file is at hand and is chosen again."""
    apps.get_model("courts", "ReturnUpload").objects.using(schema_editor.connection.alias).delete()


class Migration(migrations.Migration):
    dependencies = [("courts", "0020_ballot_rounds")]

    operations = [
        migrations.RunPython(forget_waiting, migrations.RunPython.noop),
        migrations.RemoveField("returnupload", "content"),
        migrations.AddField(
            "returnupload",
            "table",
            models.JSONField(verbose_name="表格", default=dict),
            preserve_default=False,
        ),
        migrations.AddField(
            "returnupload",
            "sheet",
            models.CharField(blank=True, max_length=120, verbose_name="工作表", default=""),
            preserve_default=False,
        ),
    ]
