"""Owns bringing in the courts of a prefecture from a file: all of it or nothing.

A file of one prefecture: its intermediate court and the grassroots courts below it. Courts that
are there already stay as they are, and must stand at the same place of the tree.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from courts.files.sheets import Problem, SourceFile
from courts.frame import events
from courts.models import Court, User
from courts.permissions import may_import_courts
from courts.setup.services.setup import SetupError, store_courts

ACTION = "import_courts"


@dataclass(frozen=True, slots=True)
class CourtsResult:
    """The courts that the file adds, how many were there, or everything wrong with it."""

    created: tuple[Court, ...]
    unchanged: int
    problems: tuple[Problem, ...]


def import_courts(*, user: User, file: SourceFile, apply: bool) -> CourtsResult:
    """Store the courts of the file that are not there yet; `apply=False` writes nothing.

    Raises `PermissionDenied`.
    """
    if not may_import_courts(user):
        raise PermissionDenied(_("只有系统管理员可以导入法院。"))
    with transaction.atomic():
        before = set(Court.objects.values_list("pk", flat=True))
        try:
            root = store_courts(file)
        except SetupError as error:
            transaction.set_rollback(True)
            return CourtsResult((), 0, tuple(_problem(file, one) for one in error.found))
        if not may_import_courts(user, root):
            transaction.set_rollback(True)
            expected = _("只能导入本地区的法院。")
            return CourtsResult((), 0, (Problem(file.name, None, "code", root.code, expected),))
        courts = list(Court.objects.under(root))
        created = tuple(court for court in courts if court.pk not in before)
        if apply and created:
            events.record(
                action=ACTION,
                actor=user,
                data={
                    "file": {"name": file.name, "sha256": file.sha256},
                    "courts": [court.code for court in created],
                },
            )
        if not apply:
            transaction.set_rollback(True)
    return CourtsResult(created, len(courts) - len(created), ())


def _problem(file: SourceFile, found: Problem | str) -> Problem:
    return found if isinstance(found, Problem) else Problem(file.name, None, "", "", found)
