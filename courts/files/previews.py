"""Owns what a page shows of a file that was brought in: why it is refused, or what it would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from courts.files.resources import Outcome

MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class Preview:
    """The first problems, warnings and lines of a file, and how many there are of each."""

    file_name: str
    problems: Sequence[Any]
    warnings: Sequence[str]
    lines: Sequence[Any]
    problem_count: int
    warning_count: int
    line_count: int

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
    file_name: str, problems: Sequence[Any], warnings: Sequence[str], lines: Sequence[Any]
) -> Preview:
    """What is shown of a file; what was not read has a problem, and no line then counts."""
    return Preview(
        file_name=file_name,
        problems=problems[:MOST_LISTED],
        warnings=warnings[:MOST_LISTED],
        lines=() if problems else lines[:MOST_LISTED],
        problem_count=len(problems),
        warning_count=len(warnings),
        line_count=0 if problems else len(lines),
    )


def preview_of_outcome(file_name: str, outcome: Outcome) -> Preview:
    """What is shown of what a service would do with a file."""
    return preview_of(file_name, outcome.problems, outcome.warnings, outcome.lines)
