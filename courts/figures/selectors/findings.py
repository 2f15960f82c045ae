"""Owns what speaks against the figures of a return: errors that stop it, warnings to explain.

A return is held against itself, against the court's other months of the year, and against what
last year and the months before make likely. Of other returns count those handed in, and what was
verified of those open again; made-up figures count beside made-up ones alone. Months before a
merger count with what the merged court reported. Two queries, however many returns are looked at,
one more where courts changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import get_language
from django.utils.translation import gettext as _

import scoring
from courts.figures.selectors.as_seen import Reported, falls_of, months_seen
from courts.figures.selectors.stored import Figures, StoredReturns, stored_returns
from courts.frame.remembered import remembered, stamp_of_page
from courts.wording.explanations import (
    fall_elsewhere_sentence,
    fall_sentence,
    finding_sentence,
    metric_name,
    unlikely_sentence,
)
from courts.years.court_changes import CourtChanges, court_changes_of
from courts.years.selectors.slots import Slot
from scoring.facts import Month
from scoring.periods import due_metrics
from scoring.schema import Rulebook, Severity


class FindingKind(StrEnum):
    """What found it."""

    CHECK = "check"
    FALL = "fall"
    UNLIKELY = "unlikely"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class ReturnFinding:
    """One thing found. The key stays the same while the thing does; metrics in the grid's order."""

    key: str
    kind: FindingKind
    severity: Severity
    metrics: tuple[str, ...]
    sentence: str

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR


def findings(slot: Slot, figures: Figures | None = None) -> tuple[ReturnFinding, ...]:
    """What speaks against the figures of a slot, errors first; `figures` to try others."""
    return findings_of([slot], {} if figures is None else {slot.key: figures})[slot.key]


def findings_of(
    slots: Sequence[Slot],
    tried: Mapping[str, Figures] | None = None,
    stored: StoredReturns | None = None,
) -> dict[str, tuple[ReturnFinding, ...]]:
    """The findings of several slots by their keys; no query when their returns are given."""
    held = stored_returns(slots) if stored is None else stored
    given = tried or {}

    def found(slot: Slot) -> tuple[ReturnFinding, ...]:
        if slot.key in given:
            return _findings(slot, held, given[slot.key])
        key = ("findings", slot.year.pk, slot.key, get_language())
        return remembered(stamp_of_page(), key, lambda: _findings(slot, held, None))

    return {slot.key: found(slot) for slot in slots}


def _findings(
    slot: Slot, stored: StoredReturns, tried: Figures | None
) -> tuple[ReturnFinding, ...]:
    own = stored.at(slot)
    figures = tried if tried is not None else own.figures if own else {}
    is_demo = own is not None and own.is_made_up
    changes = court_changes_of(slot.year)
    reported = dict(stored.reported(slot, lambda one: is_demo or not one.is_made_up))
    reported[slot.court.pk] = {**reported[slot.court.pk], slot.month: figures}
    found = [
        *_checks(slot, figures),
        *_falls(slot, changes, reported),
        *_unlikely(slot, months_seen(changes, slot.court.pk, slot.month, reported)),
        *_blanks(slot, figures),
    ]
    return tuple(sorted(found, key=lambda finding: not finding.is_error))


def _checks(slot: Slot, figures: Figures) -> Iterable[ReturnFinding]:
    for finding in scoring.check_figures(slot.rulebook, slot.side, figures):
        yield ReturnFinding(
            key=f"{FindingKind.CHECK}:{finding.check.code}",
            kind=FindingKind.CHECK,
            severity=finding.severity,
            metrics=_ordered(slot.rulebook, (*finding.check.left, *finding.check.right)),
            sentence=finding_sentence(finding, slot.rulebook),
        )


def _falls(slot: Slot, changes: CourtChanges, reported: Reported) -> Iterable[ReturnFinding]:
    """Counts below an earlier month, and those that a later month already went below.

    The court that another was merged into may be that later one.
    """
    of_year = {
        court: {month: figures for month, figures in held.items() if month.year == slot.month.year}
        for court, held in reported.items()
    }
    found = (one for court in of_year for one in falls_of(slot.rulebook, changes, court, of_year))
    for fall, court, sources in found:
        if court == slot.court.pk and fall.month == slot.month:
            other = fall.earlier_month
        elif slot.court.pk in sources and fall.earlier_month == slot.month:
            other = fall.month
        else:
            continue
        yield ReturnFinding(
            key=f"{FindingKind.FALL}:{fall.metric}:{other}",
            kind=FindingKind.FALL,
            severity=Severity.ERROR,
            metrics=(fall.metric,),
            # Another court's figures are not for this one's desk.
            sentence=fall_sentence(fall, slot.rulebook, len(sources))
            if court == slot.court.pk
            else fall_elsewhere_sentence(fall, slot.rulebook),
        )


def _unlikely(slot: Slot, months: Mapping[Month, Figures]) -> Iterable[ReturnFinding]:
    for found in scoring.unlikely(slot.rulebook, slot.month, months):
        yield ReturnFinding(
            key=f"{FindingKind.UNLIKELY}:{found.metric}",
            kind=FindingKind.UNLIKELY,
            severity=Severity.WARNING,
            metrics=(found.metric,),
            sentence=unlikely_sentence(found, slot.rulebook),
        )


def _blanks(slot: Slot, figures: Figures) -> Iterable[ReturnFinding]:
    for metric in due_metrics(slot.rulebook, slot.side, slot.month.month):
        if metric.code not in figures:
            name = metric_name(slot.rulebook, metric.code)
            yield ReturnFinding(
                key=f"{FindingKind.BLANK}:{metric.code}",
                kind=FindingKind.BLANK,
                severity=Severity.WARNING,
                metrics=(metric.code,),
                sentence=_("%(metric)s未填报，须说明原因。") % {"metric": name},
            )


def _ordered(rulebook: Rulebook, metrics: Iterable[str]) -> tuple[str, ...]:
    order = list(rulebook.metrics)
    return tuple(sorted(set(metrics), key=order.index))
