"""Owns what the pages of extracts and differences list, and what they can be narrowed to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from courts import database_clock
from courts.extracts.selectors.differences import (
    STANDINGS,
    DifferenceLine,
    DifferenceSearch,
    DifferenceStanding,
    differences,
    differences_of,
)
from courts.frame.choices import Choice
from courts.models import Difference, Extract, ExtractFigure, QualityYear
from courts.models.sides import naming, parted
from courts.permissions import Account, may_oversee_returns
from courts.wording.explanations import sides_label
from courts.wording.months import month_name
from courts.years.selectors.entry_windows import Lock, window_of
from courts.years.selectors.slots import Slot
from courts.years.selectors.years import courts_of, rulebook_of
from scoring.facts import Month
from scoring.rates import MONTHS_OF_YEAR

UNSETTLED = "unsettled"
STATES: Mapping[str, object] = {
    UNSETTLED: gettext_lazy("未处理和待处理"),
    **{standing.value: STANDINGS[standing] for standing in DifferenceStanding},
}


@dataclass(frozen=True, slots=True)
class ExtractFileLine:
    """One file. `figures` are what it held, `current` those no later file superseded."""

    at: datetime
    by: str
    source: str
    side_label: str
    file_name: str
    sha256: str
    figures: int
    current: int
    confirmed_by: str


@dataclass(frozen=True, slots=True)
class DifferencesPage:
    """The differences found, and what the search can be narrowed to.

    `to_settle` counts those of all that wait for the account's office, `to_act` those that wait
    for the account's court: to be explained, or corrected.
    """

    lines: tuple[DifferenceLine, ...]
    total: int
    to_settle: int
    to_act: int
    courts: tuple[Choice, ...]
    months: tuple[Choice, ...]
    sides: tuple[Choice, ...]
    states: tuple[Choice, ...]

    @property
    def is_demo(self) -> bool:
        return any(line.is_demo for line in self.lines)


def extract_files(year: QualityYear, side: str = "") -> list[ExtractFileLine]:
    """The files of a year, the last first; a side also finds those of both. One query."""
    found = Extract.objects.filter(quality_year=year).select_related("uploaded_by", "confirmed_by")
    if side:
        found = found.filter(naming("side", [side]))
    counted = found.annotate(
        held=Count("figures"), current=Count("figures", filter=Q(figures__is_current=True))
    )
    rulebook = rulebook_of(year)
    # Said again: grouping drops the order of the model.
    return [
        ExtractFileLine(
            at=extract.uploaded_at,
            by=str(extract.uploaded_by or _("命令行")),
            source=extract.source,
            side_label=sides_label(rulebook, parted(extract.side)),
            file_name=extract.file_name,
            sha256=extract.sha256,
            figures=extract.held,
            current=extract.current,
            confirmed_by=str(extract.confirmed_by or ""),
        )
        for extract in counted.order_by("-uploaded_at", "-pk")
    ]


def side_choices(year: QualityYear, side: str) -> tuple[Choice, ...]:
    """The sides to choose from."""
    language = get_language() or ""
    return tuple(
        Choice(one.side.value, one.label.get(language), one.side.value == side)
        for one in rulebook_of(year).sides
    )


def differences_page(user: Account, year: QualityYear, search: DifferenceSearch) -> DifferencesPage:
    """The differences the account may see; `PermissionDenied` for who may see none."""
    found = differences(user, year)
    language = get_language() or ""
    courts = courts_of(year) if may_oversee_returns(user, year) else []
    months = [Month(year.year, number) for number in range(1, MONTHS_OF_YEAR + 1)]
    return DifferencesPage(
        lines=tuple(line for line in found if search.matches(line)),
        total=len(found),
        to_settle=sum(line.waits_for_office for line in found),
        to_act=sum(line.may_explain and line.waits_for_court for line in found),
        courts=tuple(
            Choice(court.code, court.label(language), court.code == search.court)
            for court in courts
        ),
        months=tuple(
            Choice(str(month), month_name(month), str(month) == search.month) for month in months
        ),
        sides=side_choices(year, search.side),
        states=tuple(
            Choice(value, str(label), value == search.state) for value, label in STATES.items()
        ),
    )


@dataclass(frozen=True, slots=True)
class PastLine:
    """One act on the cell: an extract that came, an explanation, a decision."""

    at: datetime
    by: str
    act: str
    extract_value: int | None
    court_value: int | None
    text: str


def past_of(slot: Slot, metric: str) -> tuple[PastLine, ...]:
    """All that happened to the cell, the last first. Two queries."""
    cell: dict[str, Any] = {
        "court": slot.court,
        "year": slot.month.year,
        "month": slot.month.month,
        "metric": metric,
    }
    figures = ExtractFigure.objects.filter(**cell).select_related("extract__uploaded_by")
    lines = [
        PastLine(
            at=figure.extract.uploaded_at,
            by=str(figure.extract.uploaded_by or _("命令行")),
            act=_("提取"),
            extract_value=figure.value,
            court_value=None,
            text=f"{figure.extract.source} · {figure.extract.file_name}",
        )
        for figure in figures
    ]
    for row in Difference.history.filter(**cell).select_related("explained_by", "settled_by"):
        explained = row.state == Difference.State.EXPLAINED
        lines.append(
            PastLine(
                at=row.explained_at if explained else row.settled_at,
                by=str((row.explained_by if explained else row.settled_by) or ""),
                act=row.get_state_display(),
                extract_value=row.extract_value,
                court_value=row.court_value,
                text=row.explanation if explained else row.note,
            )
        )
    return tuple(sorted(lines, key=lambda line: line.at, reverse=True))


@dataclass(frozen=True, slots=True)
class DifferencePage:
    """One cell: its difference, where there is one, why its return is locked, what happened."""

    slot: Slot
    court_name: str
    month_name: str
    metric: str
    label: str
    definition: str
    line: DifferenceLine | None
    lock: Lock | None
    past: tuple[PastLine, ...]
    places: int = 0

    @property
    def is_demo(self) -> bool:
        return self.line is not None and self.line.is_demo


def difference_page(user: Account, slot: Slot, metric: str) -> DifferencePage:
    """The cell as its page shows it, for an account that may look at the return."""
    language = get_language() or ""
    described = slot.rulebook.metrics[metric]
    return DifferencePage(
        slot=slot,
        court_name=slot.court.label(language),
        month_name=month_name(slot.month),
        metric=metric,
        label=described.label.get(language),
        definition=described.definition.get(language),
        line=differences_of(user, slot).get(metric),
        lock=window_of(slot, slot.row(), database_clock.now()).lock,
        past=past_of(slot, metric),
        places=described.places,
    )
