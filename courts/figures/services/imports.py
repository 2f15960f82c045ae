"""Owns importing figures the offices take from the case systems: all of a set of files, or none.

What the command line brings in counts at once: that is the operator's way. What an account brings
in counts when another person of its office has verified it, or confirmed it where `confirmed_by`
says so (`motions`). `apply=False` goes through everything and writes nothing. Two imports never
interleave: each holds the row of its quality year (on SQLite the transaction itself is exclusive).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from courts import database_clock
from courts.figures.selectors.corrections import CorrectedRow, correction_address
from courts.figures.services.figures import FigureChange, Overlay, ReturnKey, lay_over
from courts.figures.services.handed_in import hand_in
from courts.figures.services.new_rows import NewFigure, create_figures
from courts.files.sheets import Problem, SourceFile
from courts.frame import events
from courts.frame.reasons import IMPORTED
from courts.models import Event, Figure, MonthlyReturn, QualityYear, User
from courts.wording.amounts import figure_text
from courts.years.court_changes import base_courts_of, changes_among
from courts.years.month_locks import hold_alone
from courts.years.selectors.years import rules_of
from courts.years.services.entries import read_entries
from courts.years.voiding import real_input
from scoring.listing import listed_in

BATCH = 2_000
# An update names every row in one long choice that each of the rows goes through.
UPDATE_BATCH = 100
ACTION = "import_figures"


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, or with `applied` false what it would do; errors keep all from it.

    `correct_at` is the page that proposes a restatement of what closed months refuse, if any do.
    """

    errors: tuple[Problem, ...]
    warnings: tuple[str, ...]
    changes: tuple[FigureChange, ...]
    unchanged: int
    applied: bool
    correct_at: str = ""

    @property
    def new(self) -> int:
        return sum(change.is_new for change in self.changes)

    @property
    def changed(self) -> int:
        return len(self.changes) - self.new


def import_figures(
    *,
    year: QualityYear,
    files: Sequence[SourceFile],
    actor: User | None = None,
    confirmed_by: User | None = None,
    of_years: Collection[int] | None = None,
    with_notes: bool = False,
    apply: bool = True,
) -> ImportResult:
    """Check the files and, without an error among them, write what differs from what is stored.

    `of_years` keeps to the rows of these years; `with_notes` takes what stands beside each figure,
    such as its source. With an `actor` and nobody who confirmed, the
    returns wait for another person of the office, and what was verified before goes on counting.
    """
    rules = rules_of(year)
    courts = base_courts_of(year)
    entries, errors = read_entries(
        files, courts, rules, with_notes=with_notes, changes=changes_among(year, courts)
    )
    if of_years is not None:
        entries = [entry for entry in entries if entry.month.year in of_years]
    with transaction.atomic():
        if apply:
            hold_alone(year)
        overlay = lay_over(entries, rules, year)
        errors += overlay.errors
        write = apply and not errors
        if write and overlay.changes:
            names = listed_in("zh", (file.name for file in files))
            reason = IMPORTED % {"names": names}
            waits = actor is not None and confirmed_by is None
            people = (actor, confirmed_by)
            rows = write_figures(overlay=overlay, people=people, reason=reason, waits=waits)
            if actor is not None and waits:
                hand_in(overlay=overlay, rows=rows, actor=actor, reason=reason)
            record_import(action=ACTION, year=year, files=files, overlay=overlay, actor=actor)
            real_input(year, by=actor)
    warnings = list(overlay.warnings)
    if overlay.replaced:
        text = _("有%(count)s张演示报表被所给数据取代。")
        warnings.append(text % {"count": len(overlay.replaced)})
    changes = () if errors else tuple(c for found in overlay.changes.values() for c in found)
    return ImportResult(
        errors=tuple(sorted(errors, key=lambda problem: (problem.file, problem.row or 0))),
        warnings=tuple(warnings),
        changes=changes,
        unchanged=overlay.unchanged,
        applied=write,
        correct_at=_correct_at(year, overlay.closed),
    )


def _correct_at(year: QualityYear, closed: Sequence[FigureChange]) -> str:
    if not closed:
        return ""
    rows = [
        CorrectedRow(
            change.entry.court.code,
            str(change.entry.month),
            change.entry.metric.code,
            figure_text(change.new, change.entry.metric.places),
        )
        for change in closed
    ]
    return correction_address(year, rows)


# Who brought the figures in, and who confirmed them: nobody, and nobody, for the command line.
People = tuple[User | None, User | None]


def write_figures(
    *, overlay: Overlay, people: People, reason: str, waits: bool = False
) -> Mapping[ReturnKey, MonthlyReturn]:
    """Write the changes with their history; the caller holds the transaction and has no errors.

    Rows are written in bulk, so nothing is cleaned one by one: entries were checked more strictly
    than the models do, and the database's own constraints stand behind.
    """
    actor = people[0]
    reason = reason[: _longest_reason()]
    history: Mapping[str, Any] = {
        "default_user": actor,
        "default_change_reason": reason,
    }
    rows = _write_returns(overlay, people, history, waits=waits)
    created: list[NewFigure] = []
    # Value and note of figures that have a row, by its key.
    wanted: dict[int, tuple[int | None, str]] = {}
    for key, changes in overlay.changes.items():
        figures = overlay.stored[key].figures if key in overlay.stored else {}
        if key in overlay.replaced:
            wanted |= {f.pk: (None, "") for f in figures.values() if f.value is not None}
        for change in changes:
            metric, note = change.entry.metric.code, change.entry.note
            if metric in figures:
                wanted[figures[metric].pk] = change.new, note
            else:
                created.append(NewFigure(rows[key].pk, metric, change.new, note))
    if created:
        create_figures(created, actor=actor, reason=reason)
    updated = list(Figure.objects.in_bulk(list(wanted)).values())
    for figure in updated:
        figure.value, figure.note = wanted[figure.pk]
        figure.blank_reason = "" if figure.value is not None else figure.blank_reason
        figure.version += 1
    if updated:
        fields = ["value", "note", "blank_reason", "version"]
        bulk_update_with_history(updated, Figure, fields, batch_size=UPDATE_BATCH, **history)
    return rows


def _write_returns(
    overlay: Overlay, people: People, history: Mapping[str, Any], *, waits: bool
) -> dict[ReturnKey, MonthlyReturn]:
    """The returns that the changes belong to: as verified, or as handed in and waiting."""
    now = database_clock.now()
    actor, confirmed_by = people
    verified: dict[str, Any] = {
        "state": MonthlyReturn.State.SUBMITTED if waits else MonthlyReturn.State.VERIFIED,
        "origin": MonthlyReturn.Origin.IMPORT,
        "is_demo": False,
        "verified_by": confirmed_by,
        "verified_at": None if waits else now,
    }
    if actor is not None:
        verified |= {"submitted_by": actor, "submitted_at": now}
    nobody: dict[str, Any] = {} if actor else {"submitted_by": None, "submitted_at": None}
    created: list[MonthlyReturn] = []
    updated: list[MonthlyReturn] = []
    replaced: list[MonthlyReturn] = []
    rows: dict[ReturnKey, MonthlyReturn] = {}
    for key in overlay.changes:
        if key in overlay.stored:
            row = overlay.stored[key].row
            (replaced if key in overlay.replaced else updated).append(row)
        else:
            row = MonthlyReturn(
                court_id=key.court, year=key.month.year, month=key.month.month, side=key.side.value
            )
            created.append(row)
        rows[key] = row
    reopened = _reopened(overlay) if waits else {}
    for found, values in ((created, verified), (updated, verified), (replaced, verified | nobody)):
        for row in found:
            row.version += 1
            was_demo = row.is_demo
            for name, value in values.items():
                setattr(row, name, value)
            # What is made up and goes on counting stays marked until the return is verified.
            row.is_demo = was_demo and row.pk in reopened
            row.verified_figures = reopened.get(row.pk)
    if created:
        bulk_create_with_history(created, MonthlyReturn, batch_size=BATCH, **history)
    if reopened:
        fields = [*verified, "verified_figures", "version"]
        MonthlyReturn.objects.bulk_update([*updated, *replaced], fields, batch_size=UPDATE_BATCH)
    else:
        # One statement a batch: all rows get the same values, so none needs naming apart.
        _update(updated, verified)
        _update(replaced, verified | nobody)
    MonthlyReturn.history.bulk_history_create(
        [*updated, *replaced], batch_size=BATCH, update=True, **history
    )
    return rows


def _reopened(overlay: Overlay) -> Mapping[int, dict[str, int]]:
    """What the verified returns among those written say so far, by key: it goes on counting."""
    return {
        stored.row.pk: {code: f.value for code, f in stored.figures.items() if f.value is not None}
        for key, stored in overlay.stored.items()
        if key in overlay.changes and stored.row.state == MonthlyReturn.State.VERIFIED
    }


def _update(rows: Sequence[MonthlyReturn], values: Mapping[str, Any]) -> None:
    for start in range(0, len(rows), BATCH):
        keys = [row.pk for row in rows[start : start + BATCH]]
        MonthlyReturn.objects.filter(pk__in=keys).update(**values, version=F("version") + 1)


def record_import(
    *,
    action: str,
    year: QualityYear,
    files: Sequence[SourceFile],
    overlay: Overlay,
    actor: User | None,
) -> Event:
    """Note which files were taken in, by their hashes, and what they changed."""
    changes = [change for found in overlay.changes.values() for change in found]
    new = sum(change.is_new for change in changes)
    return events.record(
        action=action,
        year=year,
        actor=actor,
        data={
            "files": [{"name": file.name, "sha256": file.sha256} for file in files],
            "new": new,
            "changed": len(changes) - new,
            "unchanged": overlay.unchanged,
            "returns": len(overlay.changes),
            "demo_returns_replaced": len(overlay.replaced),
        },
    )


def _longest_reason() -> int:
    return Figure.history.model._meta.get_field("history_change_reason").max_length
