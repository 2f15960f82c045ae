"""Owns what imports of lists share: one format of files, and what came of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import tablib
from django.db import transaction
from import_export.formats.base_formats import Format
from import_export.resources import Resource
from import_export.results import Result

from courts.files.sheets import Problem, SourceFile
from courts.models import QualityYear, User


class WholeFile(Format):
    """What only the service may look into: a dataset of one cell, which is the `SourceFile`."""

    HEADING = "file"

    def get_title(self) -> str:
        return "CSV / XLSX"

    def can_import(self) -> bool:
        return True

    def create_dataset(self, in_stream: SourceFile) -> tablib.Dataset:
        return tablib.Dataset([in_stream], headers=[self.HEADING])


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One row that would be written."""

    cells: tuple[str, ...]
    old: str
    new: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a service did with a file, or would do.

    `correct_at` is the page on which what closed months refuse is proposed instead.
    """

    problems: tuple[Problem, ...]
    warnings: tuple[str, ...]
    lines: tuple[PreviewLine, ...]
    unchanged: int
    correct_at: str = ""

    @property
    def new(self) -> int:
        return sum(line.is_new for line in self.lines)

    @property
    def changed(self) -> int:
        return len(self.lines) - self.new

    @property
    def digest(self) -> str:
        """What a person who confirms has seen."""
        return sha256(repr((self.lines, self.unchanged, self.warnings)).encode()).hexdigest()


class ServiceResult(Result):
    """The package's result, as the service gave it; `moved` when it is not what was confirmed."""

    def __init__(self, outcome: Outcome, *, file: SourceFile, moved: bool) -> None:
        super().__init__()
        self.outcome = outcome
        self.file = file
        self.moved = moved

    def has_errors(self) -> bool:
        return bool(self.outcome.problems)

    def has_validation_errors(self) -> bool:
        return False


class ServiceResource(Resource):
    """Hands the file to a service; what was not confirmed exactly so is not written."""

    columns: tuple[str, ...] = ()
    headings: tuple[Any, ...] = ()

    @classmethod
    def get_display_name(cls) -> str:
        return cls.__name__

    def import_data(
        self,
        dataset: tablib.Dataset,
        dry_run: bool = False,
        raise_errors: bool = False,
        file_name: str = "",
        user: User | None = None,
        year: QualityYear | None = None,
        confirmed: str = "",
        **kwargs: Any,
    ) -> ServiceResult:
        if user is None or year is None:
            raise ValueError("An import needs somebody who imports, and a year.")
        file = dataset[WholeFile.HEADING][0]
        with transaction.atomic():
            outcome = self.outcome(year=year, file=file, user=user, apply=not dry_run)
            moved = not dry_run and outcome.digest != confirmed
            if moved or outcome.problems:
                transaction.set_rollback(True)
        return ServiceResult(outcome, file=file, moved=moved)

    def outcome(self, *, year: QualityYear, file: SourceFile, user: User, apply: bool) -> Outcome:
        raise NotImplementedError


def carried_out(act: Callable[[], Outcome], confirmed: str) -> tuple[Outcome, bool]:
    """What came of a confirmed import, and whether it had moved: then nothing was written."""
    with transaction.atomic():
        outcome = act()
        moved = outcome.digest != confirmed
        if moved or outcome.problems:
            transaction.set_rollback(True)
    return outcome, moved


def outcome_of(
    problems: Sequence[Problem],
    warnings: Sequence[str],
    lines: Sequence[PreviewLine],
    unchanged: int,
) -> Outcome:
    """What an import says of a file: problems, warnings, changed lines, and how many stay."""
    return Outcome(tuple(problems), tuple(warnings), tuple(lines), unchanged)


def text_of(value: object) -> str:
    """A value as a preview shows it: decimals without an exponent, an empty text for none."""
    return "" if value is None else format(value, "f") if hasattr(value, "as_tuple") else str(value)
