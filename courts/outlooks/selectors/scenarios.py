"""Owns which saved trials an account sees of a court, and what they come to side by side.

What a scenario comes to is computed anew each time, by the engine, from the figures of today with
the tried ones in their place; a figure that is no longer the rules' is left out and told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from courts.models import Scenario, User
from courts.outlooks.selectors.trials import TrialPage, trial_metrics, trial_page, trial_query
from courts.permissions import Account, may_change_scenario
from courts.scores.selectors.explored import Explored
from courts.wording.amounts import written
from courts.wording.explanations import metric_name
from scoring.facts import Month

PER_PAGE = 25
MOST_COMPARED = 4


class NoScenarioError(LookupError):
    """No scenario of that number that the account may read."""


@dataclass(frozen=True, slots=True)
class ScenarioLine:
    """A scenario and what it comes to; `trial` is None for another month than the page's."""

    pk: int
    title: str
    note: str
    month: Month
    by: str
    at: datetime
    is_shared: bool
    is_own: bool
    version: int
    query: str
    changed: int
    trial: TrialPage | None
    is_compared: bool = False


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One figure or item: at present, and under each compared scenario."""

    label: str
    now: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScenariosPage:
    """The scenarios of a court that the account sees, and those it chose to compare."""

    explored: Explored
    lines: tuple[ScenarioLine, ...]
    pages: Page[Scenario]
    compared: tuple[ScenarioLine, ...]
    figures: tuple[ComparedRow, ...]
    items: tuple[ComparedRow, ...]
    whose: str
    text: str
    any_there: bool
    too_many: bool


def scenarios_page(
    user: Account,
    explored: Explored,
    *,
    whose: str = "",
    text: str = "",
    chosen: Iterable[str] = (),
    number: str | None = None,
) -> ScenariosPage:
    """The court's scenarios of the year, those of the page's month first. A constant number of
    queries; `whose` is `own`, `shared` or empty for both, `text` stands in the title or note."""
    seen = list(_of_court(user, explored).select_related("created_by", "court__parent"))
    found = [row for row in seen if _matches(row, user, whose, text)]
    found.sort(key=lambda row: row.month != explored.month.month)
    wanted = [
        row for row in seen if str(row.pk) in set(chosen) and row.month == explored.month.month
    ]
    compared = tuple(_line(user, explored, row) for row in wanted[:MOST_COMPARED])
    codes = {line.pk for line in compared}
    pages: Page[Scenario] = Paginator(found, PER_PAGE).get_page(number)
    return ScenariosPage(
        explored=explored,
        lines=tuple(
            _line(user, explored, row, is_compared=row.pk in codes) for row in pages.object_list
        ),
        pages=pages,
        compared=compared,
        figures=tuple(_figure_rows(explored, compared)),
        items=tuple(_item_rows(compared)),
        whose=whose,
        text=text,
        any_there=bool(seen),
        too_many=len(wanted) > MOST_COMPARED,
    )


def scenario_line(user: Account, explored: Explored, pk: int) -> ScenarioLine:
    """One scenario of the court that the account may read; `NoScenarioError`."""
    return _line(user, explored, find_scenario(user, explored, pk))


def find_scenario(user: Account, explored: Explored, pk: int) -> Scenario:
    """The scenario's row. `NoScenarioError` for a missing one and for another account's own."""
    row = (
        _of_court(user, explored)
        .select_related("created_by", "court__parent")
        .filter(pk=pk)
        .first()
    )
    if row is None:
        raise NoScenarioError(str(pk))
    return row


def _of_court(user: Account, explored: Explored) -> QuerySet[Scenario]:
    """Shared ones and the account's own, of a court that it may explore."""
    mine = Q(created_by=user.pk) if isinstance(user, User) else Q(pk__in=[])
    return Scenario.objects.filter(
        mine | Q(is_shared=True), quality_year=explored.period.year, court=explored.court
    )


def _matches(row: Scenario, user: Account, whose: str, text: str) -> bool:
    is_own = row.created_by_id == user.pk
    if (whose == "own" and not is_own) or (whose == "shared" and not row.is_shared):
        return False
    return text.casefold() in f"{row.title}\n{row.note}".casefold()


def _line(
    user: Account, explored: Explored, row: Scenario, *, is_compared: bool = False
) -> ScenarioLine:
    known = set(trial_metrics(explored))
    figures = {code: int(value) for code, value in row.figures.items() if code in known}
    is_here = row.month == explored.month.month
    return ScenarioLine(
        pk=row.pk,
        title=row.title,
        note=row.note,
        month=Month(explored.month.year, row.month),
        by=str(row.created_by),
        at=row.created_at,
        is_shared=row.is_shared,
        is_own=may_change_scenario(user, row),
        version=row.version,
        query=trial_query(explored, row.figures),
        changed=len(row.figures),
        trial=trial_page(explored, figures) if is_here else None,
        is_compared=is_compared,
    )


def _figure_rows(explored: Explored, compared: Sequence[ScenarioLine]) -> Iterable[ComparedRow]:
    """Every figure that any of them changes."""
    trials = [line.trial for line in compared if line.trial is not None]
    tried = [{one.code: one for one in trial.figures} for trial in trials]
    for code in trial_metrics(explored):
        if any(found[code].is_changed for found in tried):
            now = tried[0][code].now
            yield ComparedRow(
                label=metric_name(explored.rulebook, code, get_language()),
                now=written(now, explored.rulebook, code) or "—",
                values=tuple(
                    written(found[code].tried, explored.rulebook, code) or "—" for found in tried
                ),
            )


def _item_rows(compared: Sequence[ScenarioLine]) -> Iterable[ComparedRow]:
    """Every item that any of them moves, in the notice's order."""
    trials = [line.trial for line in compared if line.trial is not None]
    moved = [{item.code: item for item in trial.items} for trial in trials]
    known = {code: item for found in moved for code, item in found.items()}
    for code, item in sorted(known.items()):
        yield ComparedRow(
            label=f"{code} {item.label}",
            now=item.before,
            values=tuple(found[code].after if code in found else item.before for found in moved),
        )
