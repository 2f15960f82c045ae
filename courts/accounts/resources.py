"""Owns how a list of accounts is shown before it is confirmed, and what came of it."""

from __future__ import annotations

from django.utils.translation import gettext as _t

from courts.accounts.services.lists import COLUMNS, COURT, NAME, USERNAME, Slip, take_list
from courts.files.resources import Outcome, PreviewLine, outcome_of
from courts.files.sheets import SourceFile
from courts.models import User


class AccountImport:
    """Accounts of a list; `slips` are those of the accounts that it made."""

    columns = tuple(column.code for column in COLUMNS)
    headings = (USERNAME, NAME, COURT)

    def __init__(self) -> None:
        self.slips: tuple[Slip, ...] = ()

    def outcome(self, *, file: SourceFile, user: User, apply: bool) -> Outcome:
        result = take_list(user=user, file=file, apply=apply)
        self.slips = result.slips
        lines = [
            PreviewLine(
                cells=(one.username, one.name, one.court.short_name),
                old="",
                new=_t("新增：%(roles)s") % {"roles": one.role_labels},
                is_new=True,
            )
            for one in result.wanted
        ]
        return outcome_of(result.problems, (), lines, result.unchanged)
