"""Owns laying given figures over the stored ones: what would change, what speaks against it.

A figure given as empty is *not reported*: it takes a stored value away, and where nothing is stored
it changes nothing. Only figures that count — verified or published ones — are compared with; a
desk's unfinished return is neither compared with nor overwritten. Made-up figures count for
nothing: a return of them is replaced whole by the first real figure given for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

import scoring
from courts.figures.selectors.as_seen import Reported, falls_of, months_seen
from courts.files.sheets import Problem
from courts.frame.listing import itemized
from courts.models import Figure, MonthlyReturn, QualityYear
from courts.wording.explanations import (
    fall_sentence,
    finding_sentence,
    metric_name,
    side_label,
    unlikely_sentence,
)
from courts.years.closed_months import closed_by, closed_sentence
from courts.years.court_changes import CourtChanges, changes_among
from courts.years.selectors.years import CourtRow, YearRules
from courts.years.services.entries import Entry
from scoring.facts import Month
from scoring.periods import due_metrics
from scoring.schema import Rulebook, Severity, Side

State = MonthlyReturn.State


class ReturnKey(NamedTuple):
    """One return: a court's, of a month and side."""

    court: int
    month: Month
    side: Side


class HeldFigure(NamedTuple):
    """A figure's row."""

    pk: int
    value: int | None
    note: str = ""


# The returns of a hundred courts in two years; databases take no longer lists everywhere.
KEYS_AT_ONCE = 5000


@dataclass(slots=True)
class HeldReturn:
    """A return as it is stored, with its figures by metric."""

    row: MonthlyReturn
    figures: dict[str, HeldFigure] = field(default_factory=dict)

    @property
    def notes(self) -> dict[str, str]:
        """What stands beside the reported figures, such as their source."""
        return {code: self.figures[code].note for code in self.values}

    @property
    def values(self) -> dict[str, int]:
        """The reported figures; none when they are made up."""
        if self.row.is_demo:
            return {}
        return {code: f.value for code, f in self.figures.items() if f.value is not None}

    @property
    def counts(self) -> bool:
        """Whether other figures are compared with these."""
        return self.row.state in MonthlyReturn.VERIFIED_STATES and not self.row.is_demo

    @property
    def in_progress(self) -> bool:
        """Whether a desk is at work on it: an empty draft may be taken over, nothing else."""
        if self.row.verified_figures is not None:
            return True
        if self.row.is_demo or self.row.state in MonthlyReturn.VERIFIED_STATES:
            return False
        return self.row.state != State.ENTERING or bool(self.values)


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One figure that would be written: `old` and `new` are None where not reported.

    `old_note` is what stands beside it so far. Where the two values are equal that alone changes.
    """

    entry: Entry
    old: int | None
    new: int | None
    old_note: str = ""

    @property
    def is_new(self) -> bool:
        return self.old is None

    @property
    def is_of_note(self) -> bool:
        """Whether the value stays: then nothing that points come from changes."""
        return self.old == self.new


@dataclass
class Overlay:
    """What the entries would do to the stored returns, and all that was found wrong with it.

    `closed` are the changes that a closed month refuses.
    """

    changes: dict[ReturnKey, list[FigureChange]]
    stored: Mapping[ReturnKey, HeldReturn]
    replaced: frozenset[ReturnKey]
    unchanged: int
    errors: list[Problem]
    warnings: list[str]
    closed: tuple[FigureChange, ...] = ()


def lay_over(entries: Sequence[Entry], rules: YearRules, year: QualityYear) -> Overlay:
    """Hold the entries against what is stored, and what is closed of the year's prefecture.

    A note that is given for an equal value is a change; none given leaves the note as it is. Four
    queries at most.
    """
    given: dict[ReturnKey, dict[str, Entry]] = defaultdict(dict)
    for entry in entries:
        key = ReturnKey(entry.court.pk, entry.month, Side(entry.metric.side))
        given[key][entry.metric.code] = entry
    court_changes = changes_among(year, [entry.court for entry in entries])
    stored = _stored(entries, court_changes)

    changes: dict[ReturnKey, list[FigureChange]] = {}
    merged: dict[ReturnKey, dict[str, int]] = {}
    unchanged = 0
    for key, of_return in given.items():
        old = stored[key].values if key in stored else {}
        notes = stored[key].notes if key in stored else {}
        found = [
            FigureChange(entry, old.get(code), entry.value, notes.get(code, ""))
            for code, entry in of_return.items()
            if old.get(code) != entry.value
            or (entry.value is not None and entry.note not in ("", notes.get(code, "")))
        ]
        unchanged += len(of_return) - len(found)
        if found:
            changes[key] = found
        merged[key] = old | {c: e.value for c, e in of_return.items() if e.value is not None}
        for code, entry in of_return.items():
            if entry.value is None:
                merged[key].pop(code, None)

    closed = _closed(changes, year)
    errors = [*_locked(given, changes, stored, rules), *(problem for problem, _found in closed)]
    warnings: list[str] = []
    for key, figures in merged.items():
        check_return(rules.of(key.month), key, given[key], figures, errors, warnings)
    counted = _counted(given, merged, stored)
    errors += falling(rules, given, counted, court_changes)
    warnings += _unlikely(rules, changes, counted, court_changes)
    warnings += _blanks(rules, given, merged)
    replaced = frozenset(key for key in changes if key in stored and stored[key].row.is_demo)
    refused = tuple(change for _problem, found in closed for change in found)
    return Overlay(changes, stored, replaced, unchanged, errors, warnings, refused)


def _stored(entries: Iterable[Entry], changes: CourtChanges) -> dict[ReturnKey, HeldReturn]:
    """All returns of the courts and years that the entries speak of, and of the years before.

    Those of courts merged with them are among them.
    """
    entries = list(entries)
    years = {entry.month.year for entry in entries}
    returns = MonthlyReturn.objects.filter(
        court_id__in=changes.kin(entry.court.pk for entry in entries),
        year__in=years | {year - 1 for year in years},
    ).order_by()
    # Held until the caller's transaction ends: a desk may be writing in one of them.
    by_pk = {row.pk: HeldReturn(row) for row in returns.select_for_update()}
    keys = list(by_pk)
    for start in range(0, len(keys), KEYS_AT_ONCE):
        # By their keys: a country's returns would be read through once more to find them.
        own = keys[start : start + KEYS_AT_ONCE]
        figures = Figure.objects.filter(monthly_return__in=own).order_by()
        for pk, owner, metric, value, note in figures.values_list(
            "pk", "monthly_return_id", "metric", "value", "note"
        ):
            by_pk[owner].figures[metric] = HeldFigure(pk, value, note)
    return {
        ReturnKey(
            stored.row.court_id, Month(stored.row.year, stored.row.month), Side(stored.row.side)
        ): stored
        for stored in by_pk.values()
    }


Given = Mapping[ReturnKey, Mapping[str, Entry]]


def _locked(
    given: Given,
    changes: Mapping[ReturnKey, Sequence[FigureChange]],
    stored: Mapping[ReturnKey, HeldReturn],
    rules: YearRules,
) -> Iterable[Problem]:
    """Returns that may not be overwritten: published ones, and those a desk works on."""
    for key, of_return in given.items():
        if key not in stored:
            continue
        row = stored[key].row
        if stored[key].in_progress:
            entry = next(iter(of_return.values()))
            expected = _("该院这个月的%(side)s报表%(state)s，尚未核实，不能被导入覆盖。")
        elif row.state == State.PUBLISHED and key in changes:
            entry = changes[key][0].entry
            expected = _("该院这个月的%(side)s报表%(state)s，不能再改。")
        else:
            continue
        side = side_label(rules.of(key.month), row.side)
        text = expected % {"side": side, "state": row.get_state_display()}
        yield entry.row.problem("court", text)


def _closed(
    changes: Mapping[ReturnKey, Sequence[FigureChange]], year: QualityYear
) -> list[tuple[Problem, Sequence[FigureChange]]]:
    """Changes of what a closed month counts by, its baseline included: a line for each return."""
    refused: list[tuple[Problem, Sequence[FigureChange]]] = []
    for key, of_return in changes.items():
        found = [change for change in of_return if not change.is_of_note]
        if not found:
            continue
        closed = tuple(closed_by(year, [(key.month.year, key.month.month, key.side.value)]))
        if closed:
            refused.append((found[0].entry.row.problem("month", closed_sentence(closed)), found))
    return refused


def check_return(
    rulebook: Rulebook,
    key: ReturnKey,
    of_return: Mapping[str, Entry],
    figures: Mapping[str, int],
    errors: list[Problem],
    warnings: list[str],
) -> None:
    """The relations that must or should hold between the figures of one return."""
    for finding in scoring.check_figures(rulebook, key.side, figures):
        check = finding.check
        touched = [of_return[c] for c in (*check.left, *check.right) if c in of_return]
        if not touched:
            continue
        sentence = finding_sentence(finding, rulebook)
        last = max(touched, key=lambda entry: (entry.row.file, entry.row.number))
        if check.severity is Severity.ERROR:
            errors.append(last.row.problem("value", sentence))
        else:
            warnings.append(_about(last.court, last.month, sentence))


def _counted(
    given: Given,
    merged: Mapping[ReturnKey, Mapping[str, int]],
    stored: Mapping[ReturnKey, HeldReturn],
) -> Reported:
    """What would count once the entries were in: stored figures that count, the entries on top.

    Both sides together.
    """
    figures: dict[int, dict[Month, dict[str, int]]] = defaultdict(dict)
    for key, old in stored.items():
        if old.counts:
            figures[key.court].setdefault(key.month, {}).update(old.values)
    for key, of_return in given.items():
        month = figures[key.court].setdefault(key.month, {})
        for metric in of_return:
            month.pop(metric, None)
        month.update(merged[key])
    return figures


def falling(
    rules: YearRules, given: Given, counted: Reported, changes: CourtChanges
) -> Iterable[Problem]:
    """Counts below an earlier month of the year, where an entry is one of the two.

    Of a merged court the earlier ones are those of all its parts.
    """
    for court in counted:
        told = set()
        for rulebook in rules.rulebooks:
            for fall, _court, sources in falls_of(rulebook, changes, court, counted):
                # Rules of several months know the same counts.
                if fall in told:
                    continue
                told.add(fall)
                side = rulebook.metrics[fall.metric].side
                keys = [
                    ReturnKey(court, fall.month, side),
                    *(ReturnKey(one, fall.earlier_month, side) for one in sorted(sources)),
                ]
                entries = (given.get(key, {}).get(fall.metric) for key in keys)
                entry = next((one for one in entries if one is not None), None)
                if entry is not None:
                    sentence = fall_sentence(fall, rulebook, len(sources))
                    yield entry.row.problem("value", sentence)


def _unlikely(
    rules: YearRules,
    changed: Mapping[ReturnKey, Sequence[FigureChange]],
    counted: Reported,
    changes: CourtChanges,
) -> Iterable[str]:
    """Changed figures that last year or the months before make unlikely."""
    for key, found in changed.items():
        rulebook = rules.of(key.month)
        if key.month.year != rulebook.year:
            continue
        codes = {change.entry.metric.code for change in found}
        court = found[0].entry.court
        months = months_seen(changes, key.court, key.month, counted)
        only = {
            **months,
            key.month: {c: v for c, v in counted[key.court][key.month].items() if c in codes},
        }
        for unlikely in scoring.unlikely(rulebook, key.month, only):
            yield _about(court, key.month, unlikely_sentence(unlikely, rulebook))


def _blanks(
    rules: YearRules, given: Given, merged: Mapping[ReturnKey, Mapping[str, int]]
) -> Iterable[str]:
    """One line for each return of the quality year that still lacks figures."""
    language = get_language() or ""
    for key, of_return in given.items():
        rulebook = rules.of(key.month)
        if key.month.year != rulebook.year:
            continue
        asked = due_metrics(rulebook, key.side, key.month.month)
        blank = [m.code for m in asked if m.code not in merged[key]]
        if blank:
            # Names of metrics have the lighter comma within.
            names = itemized(metric_name(rulebook, code, language) for code in blank)
            text = _("%(side)s报表有%(count)s项未填报：%(names)s。") % {
                "side": side_label(rulebook, key.side.value, language),
                "count": len(blank),
                "names": names,
            }
            entry = next(iter(of_return.values()))
            yield _about(entry.court, entry.month, text)


def _about(court: CourtRow, month: Month, text: str) -> str:
    name = court.label(get_language() or "")
    return _("%(court)s %(month)s：%(text)s") % {"court": name, "month": month, "text": text}
