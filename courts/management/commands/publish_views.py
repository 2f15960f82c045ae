"""Puts up views of published months for reporting tools, in PostgreSQL (docs/reporting.md).

    manage.py publish_views --reader bi_reader
    manage.py publish_views --drop

The role must exist and may have nothing else in this database. Run it again after an upgrade, and
with `--drop` before one that changes tables.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from courts.frame.listing import enumerated
from courts.frame.refusals import ReturnError
from courts.models import Court
from courts.systems.services.published_views import SCHEMA, VIEWS, put_up_views, take_down_views


class Command(BaseCommand):
    """Views of published months."""

    help = "Put up, or drop, the views of published months that reporting tools read."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--reader", action="append", default=[], help="role that may read; may be repeated"
        )
        parser.add_argument("--court", help="code of the intermediate court, where there are more")
        parser.add_argument("--drop", action="store_true", help="remove the views")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["drop"]:
                there = take_down_views()
                self.stdout.write(_("视图已删除。") if there else _("没有视图。"))
                return
            if not options["reader"]:
                raise CommandError(_("请用 --reader 指明读取视图的数据库角色。"))
            put_up_views(root=_root(options["court"]), readers=options["reader"])
        except ReturnError as error:
            raise CommandError(error.message) from error
        for view in VIEWS:
            self.stdout.write(f"{SCHEMA}.{view.name}")


def _root(code: str | None) -> Court:
    """The intermediate court whose prefecture the views tell of."""
    roots = list(Court.objects.roots().order_by("order", "code"))
    found = [court for court in roots if code is None or court.code == code]
    if len(found) != 1:
        text = _("请用 --court 指明中级法院，现有：%(codes)s。")
        raise CommandError(text % {"codes": enumerated(court.code for court in roots)})
    return found[0]
