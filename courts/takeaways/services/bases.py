"""Owns giving figures of the year before with their source, by one person for another to confirm.

Typed figures and files become the same thing: rows of a file, each with its source, that waits as a
motion. Everything is checked as an import would check it; nothing is written here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import PurePath

from django.utils.translation import gettext as _

from courts.figures.services.imports import import_figures
from courts.files.plain import FileError
from courts.files.reading import fault_sentence
from courts.files.sheets import Problem, SourceFile, as_table, complaint
from courts.frame.refusals import ReturnError
from courts.frame.texts import stated
from courts.models import Motion, QualityYear, User
from courts.returns.services.baselines import move_baseline
from courts.wording.amounts import figure_text
from courts.years.court_changes import base_courts_of, changes_among
from courts.years.selectors.years import rulebook_of, rules_of
from courts.years.services.entries import LONGEST_NOTE, read_entries
from scoring.facts import Month

HEADINGS = ("court", "month", "metric", "value", "note")
MOST_TOLD = 10

Row = tuple[str, str, str, str, str]


def type_base(
    *,
    user: User,
    year: QualityYear,
    month: int,
    metric: str,
    values: Mapping[str, str],
    source: str,
) -> Motion:
    """One figure of several courts, by court code; what was left blank is left as it is.

    A figure that stands there already, with another source, has its source corrected.
    """
    told = _source(source)
    of = Month(rulebook_of(year).baseline_year, month)
    rows = [
        (court, str(of), metric, value.strip(), told)
        for court, value in values.items()
        if value.strip()
    ]
    return _propose(user, year, f"{metric}-{of}.csv", rows, told)


def bring_base(*, user: User, year: QualityYear, file: SourceFile, source: str) -> Motion:
    """A file of figures of the year before; rows without a note get the source.

    The source of an equal figure is corrected by the row's own note alone: what is meant for the
    file as a whole says nothing of figures that it only repeats. Raises `ReturnError`.
    """
    told = _source(source)
    file = as_table(file)
    if file.is_opaque:
        # No preview of this page could ask for a tick.
        raise ReturnError(complaint(file.name, fault_sentence(FileError("opaque"))))
    courts = base_courts_of(year)
    changes = changes_among(year, courts)
    entries, problems = read_entries(
        [file], courts, rules_of(year), with_notes=True, changes=changes
    )
    _check(problems)
    baseline_year = rulebook_of(year).baseline_year
    changed = _changed(year, file)
    if any(entry.month.year != baseline_year for entry in entries):
        text = _("这里只收%(year)s年的数据；其他年份的请从报表或数据导入。")
        raise ReturnError(text % {"year": baseline_year})
    rows = [
        (
            entry.court.code,
            str(entry.month),
            entry.metric.code,
            figure_text(entry.value, entry.metric.places),
            entry.note or told,
        )
        for entry in entries
        if (entry.court.code, entry.month, entry.metric.code) in changed
    ]
    return _propose(user, year, f"{PurePath(file.name).stem}.csv", rows, told)


def _changed(year: QualityYear, file: SourceFile) -> set[tuple[str, Month, str]]:
    """Court, month and figure of what the file itself changes, before rows get its source."""
    result = import_figures(
        year=year,
        files=[file],
        of_years={rulebook_of(year).baseline_year},
        with_notes=True,
        apply=False,
    )
    _check(result.errors)
    return {
        (change.entry.court.code, change.entry.month, change.entry.metric.code)
        for change in result.changes
    }


def _propose(user: User, year: QualityYear, name: str, rows: Iterable[Row], source: str) -> Motion:
    listed = list(rows)
    if not listed:
        raise ReturnError(_("没有要改的内容。请先改动再保存。"))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerows(listed)
    file = SourceFile(name, text.getvalue().encode("utf-8-sig"))
    result = import_figures(
        year=year,
        files=[file],
        of_years={rulebook_of(year).baseline_year},
        with_notes=True,
        apply=False,
    )
    _check(result.errors)
    if not result.changes:
        raise ReturnError(_("所给的数据与现有的相同，没有要改的。"))
    return move_baseline(user=user, year=year, file=file, changes=result.changes, source=source)


def _source(text: str) -> str:
    """Where the figures come from."""
    return stated(text, _("请写明数据来源。"), LONGEST_NOTE)


def _check(problems: Iterable[Problem]) -> None:
    told = [str(problem) for problem in problems]
    if told:
        raise ReturnError(" ".join(told[:MOST_TOLD]))
