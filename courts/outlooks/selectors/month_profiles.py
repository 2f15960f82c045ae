"""Owns how a year's cases are spread over its months: what is set, and what last year proposes."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from courts.figures.selectors.facts import own_figures
from courts.frame.remembered import remembered_rows
from courts.models import Event, MonthProfile, QualityYear
from courts.models.month_profiles import MONTH_FIELDS
from courts.permissions import Basis
from courts.wording.months import month_word
from courts.years.court_changes import Figures, changes_among
from courts.years.selectors.years import courts_of, rulebook_of
from scoring.facts import Month
from scoring.rates import MONTHS_OF_YEAR
from scoring.schema import Kind, Period
from scoring.seasons import Profile, proposed_profile


@dataclass(frozen=True, slots=True)
class ProfileLine:
    """A month: the form's field, and last year's thousandths where they are known."""

    field: str
    label: str
    proposed: int | None


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """Who set what, when and why; `shares` is empty where the months were left even again."""

    shares: str
    reason: str
    by: str
    at: object


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """What is set, what is proposed, and what was set before; newest first."""

    is_set: bool
    has_proposal: bool
    lines: tuple[ProfileLine, ...]
    changes: tuple[ProfileChange, ...]


def profile_row(year: QualityYear) -> MonthProfile | None:
    """What is set for the year, as a row."""
    found = remembered_rows(
        ("month profile", year.pk), lambda: MonthProfile.objects.filter(quality_year=year.pk)
    )
    return next(iter(found), None)


def profile_of(year: QualityYear) -> Profile | None:
    """The months as an office set them for the year; None where it did not."""
    row = profile_row(year)
    return None if row is None else row.shares


def proposal(year: QualityYear) -> Profile | None:
    """The months of the year before, over all courts and counts; None where they are not known."""
    rulebook = rulebook_of(year)
    counts = {
        code
        for code, metric in rulebook.metrics.items()
        if metric.kind is Kind.COUNT and metric.period is Period.YEAR_TO_DATE
    }
    baseline = rulebook.baseline_year
    own = own_figures(year, Basis.VERIFIED, Q(year=baseline))
    courts = courts_of(year)
    changes = changes_among(year, courts)

    def reported(court: int, month: Month) -> Figures:
        return own.get((court, *month), {})

    # As the end of that year saw them: what two courts had before they merged counts together.
    last = Month(baseline, MONTHS_OF_YEAR)
    return proposed_profile(
        {
            number: {
                code: value
                for code, value in changes.figures(
                    court.pk, Month(baseline, number), last, reported
                ).items()
                if code in counts
            }
            for number in range(1, MONTHS_OF_YEAR + 1)
        }
        for court in courts
    )


def profile_page(year: QualityYear) -> ProfilePage:
    """The page's months and changes. A constant number of queries."""
    proposed = proposal(year)
    acts = Event.objects.filter(quality_year=year, action="set_month_profile")
    return ProfilePage(
        is_set=profile_row(year) is not None,
        has_proposal=proposed is not None,
        lines=tuple(
            ProfileLine(
                name,
                month_word(place + 1),
                None if proposed is None else proposed[place],
            )
            for place, name in enumerate(MONTH_FIELDS)
        ),
        changes=tuple(
            ProfileChange(
                " ".join(map(str, event.data["after"])),
                event.reason,
                str(event.actor or ""),
                event.at,
            )
            for event in acts.select_related("actor").order_by("-pk")
        ),
    )


def initial_of(row: MonthProfile | None, page: ProfilePage, *, propose: bool) -> dict[str, int]:
    """What the form starts with: what is proposed if it is asked for, else what is set."""
    held = {"seen": 0 if row is None else row.version}
    if propose and page.has_proposal:
        return held | {line.field: line.proposed or 0 for line in page.lines}
    if row is None:
        return held
    return held | dict(zip(MONTH_FIELDS, row.shares, strict=True))
