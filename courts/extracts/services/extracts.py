"""Owns taking in extracts of the case systems: all of a set of files, or none.

An extract stands beside the returns and never changes one. What it says of a cell supersedes what
an earlier one said; an empty value withdraws it. Two uploads never interleave: each holds the row
of its quality year.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts import database_clock
from courts.figures.selectors.extracts import ExtractCell
from courts.figures.selectors.facts import Counted, counted_figures
from courts.figures.services.figures import ReturnKey, check_return, falling
from courts.files.sheets import Problem, SourceFile
from courts.frame import events
from courts.models import Extract, ExtractFigure, QualityYear, User
from courts.models.sides import joined
from courts.permissions import Basis, may_upload_extracts, office_label, review_sides
from courts.years.closed_months import closed_by, closed_sentence
from courts.years.court_changes import CourtChanges, changes_among
from courts.years.month_locks import hold_alone
from courts.years.selectors.years import YearRules, courts_of, rulebook_of, rules_of, sides_of
from courts.years.services.entries import Entry, read_entries
from courts.years.voiding import real_input
from scoring.facts import Month
from scoring.schema import Side

BATCH = 2_000
KEYS_AT_ONCE = 500
ACTION = "import_extract"
LONGEST_SOURCE = 100
LONGEST_NAME = 255


@dataclass(frozen=True, slots=True)
class ExtractLine:
    """One row: what the extract says, what one said before, and what the court reported.

    Values are None where there is none; `handed_in` tells whether there is a return to compare.
    """

    court: str
    court_name: str
    month: Month
    side: str
    metric: str
    label: str
    before: int | None
    value: int | None
    reported: int | None
    handed_in: bool
    places: int = 0

    @property
    def differs(self) -> bool:
        return self.handed_in and self.value is not None and self.value != self.reported


@dataclass(frozen=True, slots=True)
class ExtractResult:
    """What taking it in did, or with `applied` false what it would do; errors keep all from it."""

    errors: tuple[Problem, ...]
    warnings: tuple[str, ...]
    lines: tuple[ExtractLine, ...]
    applied: bool

    @property
    def changed(self) -> int:
        """Cells of which an extract now says something else, or for the first time."""
        return sum(line.before != line.value for line in self.lines)

    @property
    def differing(self) -> int:
        return sum(line.differs for line in self.lines)

    @property
    def telling(self) -> tuple[ExtractLine, ...]:
        """The lines, those that differ from the returns first."""
        return tuple(sorted(self.lines, key=lambda line: not line.differs))


def import_extract(
    *,
    year: QualityYear,
    files: Sequence[SourceFile],
    source: str,
    actor: User | None = None,
    confirmed_by: User | None = None,
    sides: Collection[str] | None = None,
    apply: bool = True,
) -> ExtractResult:
    """Check the files and, without an error among them, set them beside the returns.

    What an office brings in is moved by `actor` and carried out when `confirmed_by` confirms it.

    `source` names the system they are from. An office brings in its own side only; the command
    line, where there is no actor, either; a system, which is nobody, the `sides` of its token.
    Raises `PermissionDenied`.
    """
    if actor is not None and not may_upload_extracts(actor, year):
        raise PermissionDenied(_("只有负责核实报表的管理部门可以上传提取数据。"))
    rules = rules_of(year)
    courts = courts_of(year)
    changes = changes_among(year, courts)
    entries, errors = read_entries(files, courts, rules, of_year=year.year, changes=changes)
    allowed = set(sides_of(year)) if sides is None else sides
    errors += _out_of_place(entries, year, allowed if actor is None else review_sides(actor))
    warnings: list[str] = []
    with transaction.atomic():
        if apply:
            hold_alone(year)
        stored = _stored(year, entries, changes)
        _check(rules, entries, stored, changes, errors, warnings)
        errors += _closed(year, entries, stored)
        reported = counted_figures(year, Basis.REPORTED, Q(year=year.year))
        lines = tuple(_line(entry, stored, reported) for entry in entries)
        result = ExtractResult(
            errors=tuple(sorted(errors, key=lambda problem: (problem.file, problem.row or 0))),
            warnings=tuple(warnings),
            lines=() if errors else lines,
            applied=apply and not errors,
        )
        if result.applied:
            _write(year, files, source.strip(), entries, stored, (actor, confirmed_by))
            real_input(year, by=actor)
            events.record(
                action=ACTION,
                year=year,
                actor=actor,
                data={
                    "source": source.strip(),
                    "files": [{"name": file.name, "sha256": file.sha256} for file in files],
                    "figures": len(lines),
                    "changed": result.changed,
                    "differing": result.differing,
                },
            )
    return result


Stored = Mapping[ExtractCell, ExtractFigure]


def _stored(year: QualityYear, entries: Iterable[Entry], changes: CourtChanges) -> Stored:
    """The current figures of the courts that the entries speak of, and of those merged with them.

    One query.
    """
    courts = changes.kin(entry.court.pk for entry in entries)
    rows = ExtractFigure.objects.current().filter(year=year.year, court__in=courts).order_by()
    return {ExtractCell(row.court_id, Month(row.year, row.month), row.metric): row for row in rows}


def _cell(entry: Entry) -> ExtractCell:
    return ExtractCell(entry.court.pk, entry.month, entry.metric.code)


def _out_of_place(
    entries: Iterable[Entry], year: QualityYear, sides: Collection[str]
) -> Iterable[Problem]:
    """Rows of another year than the quality year, and rows of another office."""
    for entry in entries:
        if entry.month.year != year.year:
            expected = _("提取数据只与%(year)s年的报表比对。") % {"year": year.year}
            yield entry.row.problem("month", expected)
        if entry.metric.side not in sides:
            expected = _("这项指标的提取数据由%(office)s上传。")
            yield entry.row.problem(
                "metric", expected % {"office": office_label(rulebook_of(year), entry.metric.side)}
            )


def _closed(year: QualityYear, entries: Iterable[Entry], stored: Stored) -> Iterable[Problem]:
    """Rows that would change what a closed month counts by: a line for each month and side."""
    told = set()
    for entry in entries:
        before = stored.get(_cell(entry))
        key = (entry.month.year, entry.month.month, entry.metric.side.value)
        if key in told or (before.value if before else None) == entry.value:
            continue
        closed = tuple(closed_by(year, [key]))
        if closed:
            told.add(key)
            yield entry.row.problem("month", closed_sentence(closed))


def _check(
    rules: YearRules,
    entries: Iterable[Entry],
    stored: Stored,
    changes: CourtChanges,
    errors: list[Problem],
    warnings: list[str],
) -> None:
    """Check the cells of the extract against each other, as a return is checked."""
    values = {cell: row.value for cell, row in stored.items()}
    given: dict[ReturnKey, dict[str, Entry]] = defaultdict(dict)
    for entry in entries:
        values[_cell(entry)] = entry.value
        key = ReturnKey(entry.court.pk, entry.month, Side(entry.metric.side))
        given[key][entry.metric.code] = entry
    months: dict[int, dict[Month, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for cell, value in values.items():
        if value is not None:
            months[cell.court][cell.month][cell.metric] = value
    for key, of_return in given.items():
        figures = months[key.court][key.month]
        check_return(rules.of(key.month), key, of_return, figures, errors, warnings)
    errors += falling(rules, given, months, changes)


def _line(entry: Entry, stored: Stored, reported: Counted) -> ExtractLine:
    period = (entry.court.pk, *entry.month)
    before = stored.get(_cell(entry))
    language = get_language() or ""
    return ExtractLine(
        court=entry.court.code,
        court_name=entry.court.label(language),
        month=entry.month,
        side=entry.metric.side.value,
        metric=entry.metric.code,
        label=entry.metric.label.get(language),
        before=before.value if before else None,
        value=entry.value,
        reported=reported.figures.get(period, {}).get(entry.metric.code),
        handed_in=entry.metric.side.value in reported.sides.get(period, ()),
        places=entry.metric.places,
    )


def _write(
    year: QualityYear,
    files: Sequence[SourceFile],
    source: str,
    entries: Sequence[Entry],
    stored: Stored,
    people: tuple[User | None, User | None],
) -> None:
    """Supersede and add, in bulk: entries were checked more strictly than the models do."""
    superseded = [stored[_cell(entry)].pk for entry in entries if _cell(entry) in stored]
    for start in range(0, len(superseded), KEYS_AT_ONCE):
        keys = superseded[start : start + KEYS_AT_ONCE]
        ExtractFigure.objects.filter(pk__in=keys).update(is_current=False)
    now = database_clock.now()
    for file in files:
        of_file = [entry for entry in entries if entry.row.file == file.name]
        extract = Extract(
            quality_year=year,
            side=joined(_in_order(year, {entry.metric.side for entry in of_file})),
            source=source,
            file_name=file.name[-LONGEST_NAME:],
            sha256=file.sha256,
            uploaded_by=people[0],
            uploaded_at=now,
            confirmed_by=people[1],
        )
        extract.full_clean()
        extract.save()
        rows = [
            ExtractFigure(
                extract=extract,
                court_id=entry.court.pk,
                year=entry.month.year,
                month=entry.month.month,
                side=entry.metric.side.value,
                metric=entry.metric.code,
                value=entry.value,
            )
            for entry in of_file
        ]
        ExtractFigure.objects.bulk_create(rows, batch_size=BATCH)


def _in_order(year: QualityYear, sides: Collection[str]) -> list[str]:
    """Sides in the order of the rules, those of other editions after them."""
    known = sides_of(year)
    return [one for one in known if one in sides] + sorted(set(sides) - set(known))
