"""Owns importing appraisal targets: all of a file or nothing.

The targets stand in another document ; only items whose rule leaves its target to
that document take one. A row is for one court, for a level of courts, or, with an empty court, for
all of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from courts.figures.selectors.facts import DEMO_DOCUMENT
from courts.files.cells import Cell, RefusedCell
from courts.files.headings import in_every_language
from courts.files.months import day_meant
from courts.files.sheets import Column, Problem, Row, SourceFile, read
from courts.frame import events
from courts.frame.listing import enumerated
from courts.models import AppraisalTarget, QualityYear, User
from courts.rulebooks.services.target_edits import target_sides, tell_late
from courts.wording.amounts import level_label, level_name
from courts.years.closings import forget_closings
from courts.years.month_locks import MonthClosedError, check_open_from, holds_from
from courts.years.selectors.metrics import item_labels
from courts.years.selectors.years import CourtRow, courts_by_name, courts_of, rulebook_of
from courts.years.services.entries import court_expected
from courts.years.voiding import real_input
from scoring.rates import MONTHS_OF_YEAR
from scoring.schema import Rulebook

LONGEST_DOCUMENT = 200
ACTION = "import_targets"
BATCH = 2_000
# What the column holds: a value may be above 100 %.
HIGHEST = Decimal("99999.9999")

_PERCENT = re.compile(r"[0-9]{1,5}(?:\.[0-9]{1,4})?", re.ASCII)
_FINEST = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class TargetEntry:
    """What one row says: the item, for which level (empty: all) or court, and the percent."""

    row: Row
    item: str
    level: str
    court: CourtRow | None
    percent: Decimal
    document: str = ""
    decided_on: date | None = None

    def differs(self, stored: AppraisalTarget) -> bool:
        """Whether the row says anything else than what is stored; what it leaves out, it keeps."""
        return (
            stored.percent != self.percent
            or (stored.document == DEMO_DOCUMENT and self.document != DEMO_DOCUMENT)
            or bool(self.document and stored.document != self.document)
            or bool(self.decided_on and stored.decided_on != self.decided_on)
        )

    @property
    def key(self) -> tuple[str, str, int | None]:
        return self.item, self.level, None if self.court is None else self.court.pk


@dataclass(frozen=True, slots=True)
class TargetChange:
    """One target that would be written."""

    entry: TargetEntry
    old: Decimal | None


@dataclass(frozen=True, slots=True)
class TargetResult:
    """What an import did, or with `applied` false what it would do."""

    errors: tuple[Problem, ...]
    changes: tuple[TargetChange, ...]
    unchanged: int
    applied: bool

    @property
    def new(self) -> int:
        return sum(change.old is None for change in self.changes)

    @property
    def changed(self) -> int:
        return len(self.changes) - self.new


def import_targets(
    *,
    year: QualityYear,
    files: Sequence[SourceFile],
    actor: User | None = None,
    from_month: int | None = None,
    apply: bool = True,
) -> TargetResult:
    """Check the files and, without an error among them, write what differs from what is stored.

    What is written holds from a month (1 to 12) on, by default the oldest that is open; an error
    when that month, or a later one, is closed.
    """
    entries, errors = _read_entries(
        files, courts_of(year), list(item_labels(year, "")), rulebook_of(year)
    )
    with transaction.atomic():
        if apply:
            QualityYear.objects.select_for_update().get(pk=year.pk)
            forget_closings(year)
        since, closed = _since(year, entries, from_month)
        errors += closed
        stored = {
            (target.item, target.level, target.court_id): target
            for target in AppraisalTarget.objects.filter(quality_year=year).order_by("from_month")
            if target.from_month <= since.get(target.item, 0)
        }
        changes = []
        for entry in entries:
            old = stored.get(entry.key)
            if old is None:
                changes.append(TargetChange(entry, None))
            elif entry.differs(old):
                changes.append(TargetChange(entry, old.percent))
        write = apply and not errors
        if write and changes:
            _write(year, files, changes, stored, actor, len(entries) - len(changes), since)
    return TargetResult(
        errors=tuple(sorted(errors, key=lambda problem: (problem.file, problem.row or 0))),
        changes=() if errors else tuple(changes),
        unchanged=len(entries) - len(changes),
        applied=write,
    )


def _since(
    year: QualityYear, entries: Sequence[TargetEntry], from_month: int | None
) -> tuple[dict[str, int], list[Problem]]:
    """From which month the items of a file hold; a problem where that month is closed."""
    since: dict[str, int] = {}
    problems: list[Problem] = []
    for entry in entries:
        if entry.item in since:
            continue
        sides = target_sides(year, entry.item)
        try:
            if from_month is not None:
                check_open_from(year, from_month, sides)
            since[entry.item] = from_month or holds_from(year, sides)
        except MonthClosedError as error:
            since[entry.item] = from_month or MONTHS_OF_YEAR
            if not problems:
                problems.append(entry.row.problem("target", error.message))
    return since, problems


def _write(
    year: QualityYear,
    files: Sequence[SourceFile],
    changes: Sequence[TargetChange],
    stored: dict[tuple[str, str, int | None], AppraisalTarget],
    actor: User | None,
    unchanged: int,
    since: Mapping[str, int],
) -> None:
    """Write in bulk: entries were checked more strictly than the model does."""
    created, updated = [], []
    for change in changes:
        entry = change.entry
        target, from_month = stored.get(entry.key), since[entry.item]
        if target is None or target.from_month < from_month:
            item, level, court = entry.key
            kept = target
            target = AppraisalTarget(
                quality_year=year, item=item, level=level, court_id=court, from_month=from_month
            )
            if kept is not None:
                # What counted before stays; what the row leaves out, it takes over.
                target.document, target.decided_on = kept.document, kept.decided_on
                target.version = kept.version + 1
            created.append(target)
        else:
            updated.append(target)
        target.percent = entry.percent
        target.version += 1 if target.pk else 0
        if target.document == DEMO_DOCUMENT:
            # A made-up target that somebody gave a value is a real one from now on.
            target.document = ""
        target.document = entry.document or target.document
        target.decided_on = entry.decided_on or target.decided_on
    names = enumerated(file.name for file in files)
    reason = (_("导入 %(names)s") % {"names": names})[:100]
    if created:
        bulk_create_with_history(
            created,
            AppraisalTarget,
            batch_size=BATCH,
            default_user=actor,
            default_change_reason=reason,
        )
    if updated:
        bulk_update_with_history(
            updated,
            AppraisalTarget,
            ["percent", "document", "decided_on", "version"],
            batch_size=BATCH,
            default_user=actor,
            default_change_reason=reason,
        )
    events.record(
        action=ACTION,
        year=year,
        actor=actor,
        data={
            "files": [{"name": file.name, "sha256": file.sha256} for file in files],
            "new": len(created),
            "changed": len(updated),
            "unchanged": unchanged,
            "from_months": dict(since),
        },
    )
    for target in (*created, *updated):
        tell_late(target, actor, reason)
    real_input(year, by=actor)


@cache
def target_columns() -> tuple[Column, ...]:
    """The columns of a file of targets; the list of targets that people take away is one."""
    return (
        Column("court", in_every_language(lazy("法院"), lazy("适用于"))),
        Column("item", in_every_language(lazy("考核项"))),
        Column("target", in_every_language(lazy("目标值"), lazy("目标值（%）"))),
        Column("document", in_every_language(lazy("依据文件")), optional=True),
        Column("decided_on", in_every_language(lazy("文件日期")), optional=True),
        Column("label", in_every_language(lazy("名称")), optional=True, ignored=True),
    )


def _read_entries(
    files: Sequence[SourceFile],
    courts: Sequence[CourtRow],
    known: Sequence[str],
    rulebook: Rulebook,
) -> tuple[list[TargetEntry], list[Problem]]:
    named = courts_by_name(courts)
    levels = {
        text: level.value
        for level, named in rulebook.label_of_level.items()
        for text in (level.value, named.zh, named.ko, named.en)
        if text
    }
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            levels |= {level_label(level): level.value for level in rulebook.label_of_level}
    levels |= dict.fromkeys(in_every_language(lazy("各级法院")), "")
    items = enumerated(known)
    expected_item = _("应为需要录入目标值的考核项之一：%(items)s。") % {"items": items}
    expected_court = _("留空（各级法院）、%(levels)s，或：") % {
        "levels": enumerated(level_name(rulebook, level) for level in rulebook.label_of_level)
    } + court_expected(courts)
    entries: list[TargetEntry] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, str, int | None], Row] = {}
    for file in files:
        rows, wrong = read(file, target_columns())
        problems += wrong
        for row in rows:
            before = len(problems)
            scope = _scope(row.cells["court"], named, levels)
            if scope is None:
                problems.append(_wrong(row, "court", expected_court))
            item = row.cells["item"]
            if item not in known:
                problems.append(_wrong(row, "item", expected_item))
            percent = _percent(row.cells["target"], is_shown=file.is_shown)
            if percent is None:
                expected = _("应为0至%(most)s的数，最多四位小数，不写百分号，如 12.5。")
                problems.append(_wrong(row, "target", expected % {"most": HIGHEST}))
            document, decided_on, wrong = _basis(row, is_shown=file.is_shown)
            problems += wrong
            if scope is None or percent is None or len(problems) > before:
                continue
            entry = TargetEntry(row, str(item), *scope, percent, document, decided_on)
            first = seen.setdefault(entry.key, row)
            if first is not row:
                text = _("与 %(file)s 第%(row)s行重复：同一法院、考核项只能有一行。")
                problems.append(
                    row.problem("item", text % {"file": first.file, "row": first.number})
                )
            else:
                entries.append(entry)
    return entries, problems


def _scope(
    cell: Cell, courts: dict[str, CourtRow], levels: dict[str, str]
) -> tuple[str, CourtRow | None] | None:
    """The level and court a row is for; None when the cell names neither."""
    if cell == "":
        return "", None
    if not isinstance(cell, str):
        return None
    if cell in courts:
        return "", courts[cell]
    return (levels[cell], None) if cell in levels else None


def _basis(row: Row, *, is_shown: bool) -> tuple[str, date | None, list[Problem]]:
    """The document a target stands in and its date, where the file has them."""
    document, decided_on = row.cells.get("document", ""), row.cells.get("decided_on", "")
    problems = []
    if not isinstance(document, str) or len(document) > LONGEST_DOCUMENT:
        expected = _("应为文件名称或文号，最多%(most)s字。") % {"most": LONGEST_DOCUMENT}
        problems.append(_wrong(row, "document", expected))
    if isinstance(decided_on, str) and decided_on:
        try:
            decided_on = date.fromisoformat(decided_on)
        except ValueError:
            decided_on = (day_meant(decided_on) if is_shown else None) or decided_on
    if decided_on != "" and not isinstance(decided_on, date):
        problems.append(_wrong(row, "decided_on", _("请写成 2019-12-31 这样的日期。")))
    return str(document), decided_on if isinstance(decided_on, date) else None, problems


def _percent(cell: Cell, *, is_shown: bool) -> Decimal | None:
    """The percent, or None; full-width digits are read where a person sees what they became."""
    if is_shown and isinstance(cell, str):
        cell = unicodedata.normalize("NFKC", cell)
    if isinstance(cell, str) and _PERCENT.fullmatch(cell):
        cell = Decimal(cell)
    if not isinstance(cell, int | Decimal):
        return None
    percent = Decimal(cell)
    if not 0 <= percent <= HIGHEST or percent % _FINEST:
        return None
    return percent


def _wrong(row: Row, column: str, expected: str) -> Problem:
    cell = row.cells[column]
    return row.problem(column, cell.expected if isinstance(cell, RefusedCell) else expected)
