"""Owns reading caps from a file: all of it or nothing; a cap is last year's cases less those
asked for (附件2). The list of caps that people take away is such a file. What it changes becomes a
motion, which another person confirms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from courts.files.cells import RefusedCell
from courts.files.headings import in_every_language
from courts.files.recognition import value_of
from courts.files.sheets import Column, Problem, Row, SourceFile, read
from courts.files.values import FigureError
from courts.models import Cap, QualityYear
from courts.years.selectors.years import CourtRow, courts_by_name, courts_of
from courts.years.services.entries import court_expected


@dataclass(frozen=True, slots=True)
class CapChange:
    """One cap that would be written; `old` is None where there is none yet."""

    court: CourtRow
    baseline_cases: int
    reduction_cases: int
    old: Cap | None

    @property
    def cap_cases(self) -> int:
        """What is left when those asked for are taken off."""
        return self.baseline_cases - self.reduction_cases


@dataclass(frozen=True, slots=True)
class CapResult:
    """What a file says: everything wrong with it, or the caps that it would change."""

    errors: tuple[Problem, ...]
    changes: tuple[CapChange, ...]
    unchanged: int


@cache
def cap_columns() -> tuple[Column, ...]:
    """The columns of a file of caps; a stated cap has to be the difference of the other two."""
    return (
        Column("court", in_every_language(lazy("法院代码"))),
        Column("baseline_cases", in_every_language(lazy("上年合计（件）"))),
        Column("reduction_cases", in_every_language(lazy("减少目标（件）"))),
        Column("cap_cases", in_every_language(lazy("上限（件）")), optional=True),
        Column("name", in_every_language(lazy("法院")), optional=True, ignored=True),
        Column(
            "proposed_reduction",
            in_every_language(lazy("规则提出的减少目标（件）")),
            optional=True,
            ignored=True,
        ),
        Column(
            "proposed_cap",
            in_every_language(lazy("规则提出的上限（件）")),
            optional=True,
            ignored=True,
        ),
    )


def read_caps(*, year: QualityYear, file: SourceFile) -> CapResult:
    """Check the file and tell, without an error in it, which caps differ; nothing is written."""
    rows = Cap.objects.filter(quality_year=year).order_by("from_month")
    stored = {cap.court_id: cap for cap in rows}
    found, errors = _read(file, courts_of(year), stored)
    changes = [change for change in found if _differs(change)]
    return CapResult(
        errors=tuple(errors),
        changes=() if errors else tuple(changes),
        unchanged=len(found) - len(changes),
    )


def _differs(change: CapChange) -> bool:
    old = change.old
    return old is None or (old.baseline_cases, old.reduction_cases) != (
        change.baseline_cases,
        change.reduction_cases,
    )


def _read(
    file: SourceFile, courts: Sequence[CourtRow], stored: dict[int, Cap]
) -> tuple[list[CapChange], list[Problem]]:
    named, changes, seen = courts_by_name(courts), list[CapChange](), dict[int, Row]()
    rows, problems = read(file, cap_columns())
    for row in rows:
        before = len(problems)
        court = named.get(str(row.cells["court"]))
        if court is None:
            problems.append(_wrong(row, "court", court_expected(courts)))
        baseline = _whole(row, "baseline_cases", problems)
        reduction = _whole(row, "reduction_cases", problems)
        if court is None or baseline is None or reduction is None:
            continue
        if reduction > baseline:
            problems.append(_wrong(row, "reduction_cases", _("减少目标不能大于上年合计。")))
        stated = row.cells.get("cap_cases", "")
        if stated not in ("", baseline - reduction, str(baseline - reduction)):
            text = _("应为上年合计减去减少目标，即%(cap)s；也可以留空。")
            problems.append(_wrong(row, "cap_cases", text % {"cap": baseline - reduction}))
        first = seen.setdefault(court.pk, row)
        if first is not row:
            text = _("与 %(file)s 第%(row)s行重复：同一法院只能有一行。")
            problems.append(_wrong(row, "court", text % {"file": file.name, "row": first.number}))
        if len(problems) == before:
            changes.append(CapChange(court, baseline, reduction, stored.get(court.pk)))
    return changes, problems


def _whole(row: Row, column: str, problems: list[Problem]) -> int | None:
    """The cell as a whole number ≥ 0; a problem when it is none."""
    try:
        cases = value_of(row.cells[column])
    except FigureError:
        cases = None
    if cases is not None:
        return cases
    problems.append(_wrong(row, column, _("应为不小于0的整数。")))
    return None


def _wrong(row: Row, column: str, expected: str) -> Problem:
    cell = row.cells[column]
    return row.problem(column, cell.expected if isinstance(cell, RefusedCell) else expected)
