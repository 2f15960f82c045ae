"""Owns what the pages of restatements show: those that wait, those decided, the figures to correct.

What an open one would do is tried out by its service; of a decided one its rows tell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.frame.choices import Choice
from courts.models import Bulletin, QualityYear, RestatedMonth, Restatement
from courts.permissions import (
    Account,
    may_approve_restatement,
    may_propose_restatement,
    may_withdraw_restatement,
    review_sides,
)
from courts.restatements.selectors.restatements import (
    CourtCorrection,
    ItemChange,
    LineWords,
    line_words,
)
from courts.scores.selectors.shifts import any_rank, any_total
from courts.snapshots.inputs import InputLine
from courts.wording.explanations import listed_sides, metric_name
from courts.wording.months import month_name
from courts.years.closings import closings_of
from courts.years.court_changes import changes_among
from courts.years.selectors.years import courts_of, rulebook_of, rulebooks_of
from scoring.facts import Month

State = Restatement.State
LATEST = 100


class NoRestatementError(LookupError):
    """The year has no such restatement."""


@dataclass(frozen=True, slots=True)
class RestatementRow:
    """One restatement as lists name it; `why_not` says why the account may not approve it."""

    pk: int
    kind: str
    kind_label: str
    sides_label: str
    state: str
    state_label: str
    reason: str
    months: tuple[str, ...]
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    note: str
    cause: int | None
    cause_year: str
    is_demo: bool
    may_approve: bool
    may_withdraw: bool
    why_not: str

    @property
    def is_waiting(self) -> bool:
        return self.state == State.PROPOSED


@dataclass(frozen=True, slots=True)
class RestatementsPage:
    """What waits for the account, for others, and what was decided, the last first."""

    own: tuple[RestatementRow, ...]
    others: tuple[RestatementRow, ...]
    decided: tuple[RestatementRow, ...]
    may_propose: bool

    @property
    def is_demo(self) -> bool:
        return any(row.is_demo for row in (*self.own, *self.others, *self.decided))


@dataclass(frozen=True, slots=True)
class KeptMonth:
    """One month of a decided restatement: its lines, effect, hashes, and the issue of it."""

    month_name: str
    words: tuple[LineWords, ...]
    courts: tuple[CourtCorrection, ...]
    old_sha256: str
    new_sha256: str
    issue: int | None
    issue_state: str
    is_published: bool
    old_issue: int | None

    @property
    def has_total(self) -> bool:
        """Whether the rules add the sides of any court up."""
        return any_total(self.courts)

    @property
    def has_ranks(self) -> bool:
        """Whether the rules rank any court."""
        return any_rank(self.courts)


@dataclass(frozen=True, slots=True)
class ProposalChoices:
    """What a corrected figure can be chosen from: courts, closed months, metrics of the office.

    `places` are the decimals that figures of a metric are written with, where there are any.
    """

    courts: tuple[Choice, ...]
    months: tuple[Choice, ...]
    metrics: tuple[Choice, ...]
    places: Mapping[str, int]


def restatements_page(user: Account, year: QualityYear) -> RestatementsPage:
    """The restatements of a year. Three queries."""
    rows = _rows(Restatement.objects.filter(quality_year=year))
    waiting = [_row(user, row) for row in rows.filter(state=State.PROPOSED)]
    decided = rows.exclude(state=State.PROPOSED).order_by("-decided_at", "-pk")[:LATEST]
    return RestatementsPage(
        own=tuple(row for row in waiting if row.may_approve),
        others=tuple(row for row in waiting if not row.may_approve),
        decided=tuple(_row(user, row) for row in decided),
        may_propose=any(
            may_propose_restatement(user, year, Restatement.Kind.FIGURE, [side])
            for side in review_sides(user)
        ),
    )


def find_restatement(year: QualityYear, pk: int) -> Restatement:
    """One restatement; `NoRestatementError` where the year has none such."""
    row = _rows(Restatement.objects.filter(quality_year=year, pk=pk)).first()
    if row is None:
        raise NoRestatementError(_("没有这项更正。请从列表里重新打开。"))
    return row


def restatement_row(user: Account, row: Restatement) -> RestatementRow:
    """The restatement as its page shows it."""
    return _row(user, row)


def kept_months(row: Restatement) -> tuple[KeptMonth, ...]:
    """What a restatement did, or would have done, as it was kept. Three queries."""
    language = get_language() or ""
    listed = courts_of(row.quality_year)
    changes = changes_among(row.quality_year, listed)
    months = row.months.select_related("old__quality_year", "new")
    issues = _issues(months)

    def names(month: int) -> dict[str, str]:
        at = Month(row.quality_year.year, month)
        return {court.code: changes.named(court, at).label(language) for court in listed}

    return tuple(_kept_month(one, names(one.month), issues) for one in months)


def proposal_choices(user: Account, year: QualityYear) -> ProposalChoices:
    """What the account's office can correct in closed months. A few queries."""
    language = get_language() or ""
    sides = review_sides(user)
    rulebook = rulebook_of(year)
    months = [Month(year.year, number) for number in closings_of(year).correctable_months(sides)]
    baseline = rulebook.baseline_year
    own = QualityYear.objects.filter(court=year.court_id, year=baseline).exists()
    if months and not own:
        months += [Month(baseline, number) for number in range(1, 13)]
    known = [
        (one, metric)
        for one in rulebooks_of(year)
        for metric in one.metrics.values()
        if metric.side.value in sides
    ]
    metrics = {metric.code: metric_name(one, metric.code, language) for one, metric in known}
    places = {metric.code: metric.places for _one, metric in known if metric.places}
    return ProposalChoices(
        courts=tuple(Choice(one.code, one.label(language)) for one in courts_of(year)),
        months=tuple(Choice(str(month), month_name(month)) for month in months),
        metrics=tuple(Choice(code, label) for code, label in metrics.items()),
        places=places,
    )


def open_restatements(year: QualityYear, month: int) -> tuple[Choice, ...]:
    """Those proposed for a month, which an objection may be answered with. One query."""
    rows = Restatement.objects.filter(
        quality_year=year, state=State.PROPOSED, months__month=month
    ).distinct()
    return tuple(
        Choice(str(row.pk), f"{row.pk} · {row.get_kind_display()} · {row.reason[:40]}")
        for row in rows
    )


# --- Inside -----------------------------------------------------------------------------------


def _rows(rows: QuerySet[Restatement]) -> QuerySet[Restatement]:
    return rows.select_related(
        "quality_year__court",
        "quality_year__edition",
        "proposed_by",
        "decided_by",
        "cause__quality_year",
    ).prefetch_related(
        Prefetch("months", RestatedMonth.objects.select_related("old").defer("old__text", "effect"))
    )


def _row(user: Account, row: Restatement) -> RestatementRow:
    is_waiting = row.state == State.PROPOSED
    approves = is_waiting and may_approve_restatement(user, row, row.side_codes)
    why_not = ""
    if is_waiting and not approves:
        own = may_propose_restatement(user, row.quality_year, row.kind, row.side_codes)
        why_not = _("由您本人提出，须由另一人批准。") if own else _("由负责这类数据的部门批准。")
    year, rulebook = row.quality_year, rulebook_of(row.quality_year)
    return RestatementRow(
        pk=row.pk,
        kind=row.kind,
        kind_label=str(row.get_kind_display()),
        sides_label=listed_sides(rulebook, row.side_codes),
        state=row.state,
        state_label=str(row.get_state_display()),
        reason=row.reason,
        months=tuple(
            dict.fromkeys(month_name(Month(year.year, one.month)) for one in row.months.all())
        ),
        proposed_by=str(row.proposed_by or ""),
        proposed_at=row.proposed_at,
        decided_by=str(row.decided_by or ""),
        decided_at=row.decided_at,
        note=row.note,
        cause=row.cause_id,
        cause_year=row.cause.quality_year.code if row.cause else "",
        is_demo=any(one.old.is_demo for one in row.months.all()),
        may_approve=approves,
        may_withdraw=is_waiting and may_withdraw_restatement(user, row),
        why_not=why_not,
    )


def _issues(months: QuerySet[RestatedMonth]) -> dict[int, Bulletin]:
    """The issues of the old and new snapshots, by snapshot."""
    keys = {pk for one in months for pk in (one.old_id, one.new_id) if pk is not None}
    rows = Bulletin.objects.filter(snapshot__in=keys, state__in=Bulletin.STANDING)
    return {row.snapshot_id: row for row in rows}


def _kept_month(
    one: RestatedMonth, names: dict[str, str], issues: dict[int, Bulletin]
) -> KeptMonth:
    lines = tuple(InputLine.of(line) for line in one.lines)
    issue = issues.get(one.new_id or 0)
    old_issue = issues.get(one.old_id)
    return KeptMonth(
        month_name=month_name(Month(one.old.quality_year.year, one.month)),
        words=line_words(one.old, lines),
        courts=_kept_courts(one.effect, names),
        old_sha256=one.old.sha256,
        new_sha256=one.new.sha256 if one.new else "",
        issue=issue.pk if issue else None,
        issue_state=str(issue.get_state_display()) if issue else "",
        is_published=issue is not None and issue.state == Bulletin.State.PUBLISHED,
        old_issue=old_issue.pk if old_issue else None,
    )


def _kept_courts(
    effect: Sequence[dict[str, Any]], names: dict[str, str]
) -> tuple[CourtCorrection, ...]:
    return tuple(
        CourtCorrection(
            code=data["court"],
            name=names.get(data["court"], data["court"]),
            total_before=data["total"][0],
            total_after=data["total"][1],
            rank_before=data["rank"][0],
            rank_after=data["rank"][1],
            items=tuple(ItemChange(code, *pair) for code, pair in data["items"].items()),
        )
        for data in effect
    )
