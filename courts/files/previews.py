"""Owns what a page shows of a file that was brought in: why it is refused, or what it would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from courts.files.reading import opaque_sentence
from courts.files.resources import Outcome
from courts.files.sheets import SourceFile, shown

MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class Preview:
    """The first problems, warnings and lines of a file, and how many there are of each.

    `doubt` is what a person has to have looked at before anything is taken in.
    """

    file_name: str
    problems: Sequence[Any]
    warnings: Sequence[str]
    lines: Sequence[Any]
    problem_count: int
    warning_count: int
    line_count: int
    doubt: str = ""

    @property
    def more_problems(self) -> int:
        return self.problem_count - len(self.problems)

    @property
    def more_warnings(self) -> int:
        return self.warning_count - len(self.warnings)

    @property
    def more_lines(self) -> int:
        return self.line_count - len(self.lines)


def preview_of(
    file: SourceFile, problems: Sequence[Any], warnings: Sequence[str], lines: Sequence[Any]
) -> Preview:
    """What is shown of a file; what was not read has a problem, and no line then counts."""
    return Preview(
        file_name=shown(file.name),
        problems=problems[:MOST_LISTED],
        warnings=warnings[:MOST_LISTED],
        lines=() if problems else lines[:MOST_LISTED],
        problem_count=len(problems),
        warning_count=len(warnings),
        line_count=0 if problems else len(lines),
        doubt=doubt_about(file),
    )


def preview_of_outcome(file: SourceFile, outcome: Outcome) -> Preview:
    """What is shown of what a service would do with a file."""
    return preview_of(file, outcome.problems, outcome.warnings, outcome.lines)


def doubt_about(file: SourceFile) -> str:
    """What nobody but a person can tell about a file; empty where there is nothing."""
    return opaque_sentence(file.table.kind) if file.table and file.is_opaque else ""


def unsure_sentence() -> str:
    """What is said when a file was confirmed without the tick that it was looked at."""
    return _("请先核对，再勾选“已核对”；没有写入任何数据。")
