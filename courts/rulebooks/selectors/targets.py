"""Owns what the pages of appraisal targets and caps show, and what caps the rulebook proposes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

import scoring
from courts.figures.selectors.facts import DEMO_DOCUMENT, YEAR_END, gather
from courts.frame.reasons import reason_told
from courts.models import AppraisalTarget, Cap, QualityYear
from courts.permissions import Account, Basis, may_keep_targets
from courts.wording.amounts import level_name, percent
from courts.years.closed_months import open_courts
from courts.years.court_changes import changes_among
from courts.years.selectors.metrics import item_labels
from courts.years.selectors.years import CourtRow, courts_of, rulebook_of
from scoring.caps import CapProposal
from scoring.facts import Month
from scoring.schema import Level


class NoTargetError(LookupError):
    """The year has no such target or court."""


@dataclass(frozen=True, slots=True)
class TargetChoice:
    """Something by which the list of targets can be narrowed."""

    value: str
    label: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One target, in percent; `version` tells a form whether the row changed since it opened."""

    pk: int
    item: str
    item_label: str
    scope: str
    level: str
    court: str
    percent: Decimal
    document: str
    decided_on: date | None
    version: int
    from_month: int
    is_latest: bool

    @property
    def is_demo(self) -> bool:
        return self.document == DEMO_DOCUMENT

    @property
    def percent_text(self) -> str:
        """The percent without zeros that say nothing."""
        return f"{self.percent.normalize():f}"


@dataclass(frozen=True, slots=True)
class TargetChangeLine:
    """One line of a row's history; `what` is its value in words."""

    at: datetime
    by: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class TargetsPage:
    """The targets of a year, narrowed; items without any are named, since they are not scored."""

    lines: tuple[TargetRow, ...]
    items: tuple[TargetChoice, ...]
    scopes: tuple[TargetChoice, ...]
    missing: tuple[str, ...]
    may_edit: bool
    is_demo: bool


@dataclass(frozen=True, slots=True)
class CapRow:
    """The cap of a court, and what the rulebook proposes; None where there is none.

    `last_month` is the last that the court was assessed in, where it ended during the year.
    """

    court: CourtRow
    name: str
    baseline_cases: int | None
    reduction_cases: int | None
    cap_cases: int | None
    version: int
    proposal: CapProposal | None
    from_month: int = 1
    last_month: int | None = None

    @property
    def differs(self) -> bool:
        """Whether the cap is not the one proposed."""
        return (
            self.cap_cases is not None
            and self.proposal is not None
            and (self.baseline_cases, self.reduction_cases) != self.proposal[:2]
        )


@dataclass(frozen=True, slots=True)
class CapsPage:
    """The caps of a year, in the order of the notice; `percent` by which they are reduced."""

    lines: tuple[CapRow, ...]
    percent: Decimal | None
    paragraph: str
    may_edit: bool
    may_propose: bool


def targets_page(user: Account, year: QualityYear, item: str, scope: str) -> TargetsPage:
    """The targets of a year. Three queries."""
    language = get_language() or ""
    labels = item_labels(year, language)
    courts = courts_of(year)
    found = _lines(year, labels, courts, language)
    scopes = dict.fromkeys([line.scope for line in found])
    shown = [
        line
        for line in found
        if (not item or line.item == item) and (not scope or line.scope == scope)
    ]
    held = {line.item for line in found}
    return TargetsPage(
        lines=tuple(shown),
        items=tuple(TargetChoice(code, label, code == item) for code, label in labels.items()),
        scopes=tuple(TargetChoice(name, name, name == scope) for name in scopes),
        missing=tuple(label for code, label in labels.items() if code not in held),
        may_edit=may_keep_targets(user, year),
        is_demo=any(line.is_demo for line in shown),
    )


def find_target(year: QualityYear, pk: int) -> TargetRow:
    """One target; `NoTargetError` when the year has none such, or a later one took its place."""
    language = get_language() or ""
    for line in _lines(year, item_labels(year, language), courts_of(year), language):
        if line.pk == pk and line.is_latest:
            return line
    raise NoTargetError(_("没有这个目标值。请从列表里重新打开。"))


def target_history(pk: int) -> tuple[TargetChangeLine, ...]:
    """What happened to a target, the last first. One query."""
    return _history(
        AppraisalTarget.history.filter(id=pk),
        lambda row: " · ".join(
            filter(
                None,
                [percent(f"{row.percent.normalize():f}"), row.document, str(row.decided_on or "")],
            )
        ),
    )


def scope_name(year: QualityYear, level: str) -> str:
    """What the courts of a level are called that a target is for; all without one."""
    return level_name(rulebook_of(year), Level(level)) if level else _("各级法院")


def scope_choices(year: QualityYear) -> list[tuple[str, str]]:
    """Whom a target may be for: a level, written `level:…`, or a court, `court:…`.

    Not a court that has ended by the oldest open month.
    """
    language = get_language() or ""
    levels = [("level:", scope_name(year, ""))]
    levels += [
        (f"level:{level}", scope_name(year, level)) for level in rulebook_of(year).label_of_level
    ]
    courts = [(f"court:{court.code}", court.label(language)) for court in open_courts(year)]
    return levels + courts


def item_choices(year: QualityYear) -> list[tuple[str, str]]:
    """The items that take a target."""
    return list(item_labels(year, get_language() or "").items())


def caps_page(user: Account, year: QualityYear) -> CapsPage:
    """The caps of a year with the proposals. Six queries."""
    language = get_language() or ""
    proposals = cap_proposals(year)
    rows = Cap.objects.filter(quality_year=year).order_by("from_month")
    stored = {cap.court_id: cap for cap in rows}
    lines = []
    courts = courts_of(year)
    changes = changes_among(year, courts)
    for court in courts:
        cap = stored.get(court.pk)
        lines.append(
            CapRow(
                court=court,
                name=court.label(language),
                baseline_cases=cap.baseline_cases if cap else None,
                reduction_cases=cap.reduction_cases if cap else None,
                cap_cases=cap.cap_cases if cap else None,
                version=cap.version if cap else 0,
                proposal=proposals.get(court.code),
                from_month=cap.from_month if cap else 1,
                last_month=changes.last_month(court.pk, year.year),
            )
        )
    rule = rulebook_of(year).caps
    may_edit = may_keep_targets(user, year)
    return CapsPage(
        lines=tuple(lines),
        percent=rule.percent if rule else None,
        paragraph=rule.paragraph if rule else "",
        may_edit=may_edit,
        may_propose=may_edit and any(one.proposal and one.cap_cases is None for one in lines),
    )


def find_cap(page: CapsPage, court: str) -> CapRow:
    """The line of a court; `NoTargetError` when the year does not assess it."""
    for line in page.lines:
        if line.court.code == court:
            return line
    raise NoTargetError(_("这个质量年不考核“%(court)s”。请另选法院。") % {"court": court})


def cap_history(year: QualityYear, court: CourtRow) -> tuple[TargetChangeLine, ...]:
    """What happened to a court's cap, the last first. One query."""
    return _history(
        Cap.history.filter(quality_year=year, court=court.pk),
        lambda row: f"{row.baseline_cases} − {row.reduction_cases} = {row.cap_cases}",
    )


def cap_proposals(year: QualityYear) -> Mapping[str, CapProposal]:
    """What the rulebook proposes by court, from last year's verified figures. Four queries."""
    rulebook = rulebook_of(year)
    last = Month(year.year, YEAR_END)
    found = {}
    for facts in gather(year, [last], Basis.VERIFIED).facts[last]:
        proposal = scoring.proposed_cap(rulebook, facts.baseline_annual)
        if proposal is not None:
            found[facts.court] = proposal
    return found


def _lines(
    year: QualityYear, labels: Mapping[str, str], courts: list[CourtRow], language: str
) -> list[TargetRow]:
    """Item by item in the order of the notice, the widest scope first."""
    names = {court.pk: (place, court.label(language)) for place, court in enumerate(courts)}
    codes: dict[int | None, str] = {court.pk: court.code for court in courts}
    order = {code: place for place, code in enumerate(labels)}
    rows = [
        row
        for row in AppraisalTarget.objects.filter(quality_year=year).order_by()
        if row.court_id is None or row.court_id in names
    ]
    rows.sort(
        key=lambda row: (
            order.get(row.item, len(order)),
            names[row.court_id][0] if row.court_id in names else -1,
            row.level,
            row.from_month,
        )
    )
    latest = {(row.item, row.level, row.court_id): row.pk for row in rows}
    return [
        TargetRow(
            pk=row.pk,
            item=row.item,
            item_label=labels.get(row.item, row.item),
            scope=names[row.court_id][1] if row.court_id in names else scope_name(year, row.level),
            level=row.level,
            court=codes.get(row.court_id, ""),
            percent=row.percent,
            document=row.document,
            decided_on=row.decided_on,
            version=row.version,
            from_month=row.from_month,
            is_latest=latest[row.item, row.level, row.court_id] == row.pk,
        )
        for row in rows
    ]


def _history(rows: Any, words: Any) -> tuple[TargetChangeLine, ...]:
    return tuple(
        TargetChangeLine(
            at=row.history_date,
            by=str(row.history_user or ""),
            what=_("删除") if row.history_type == "-" else words(row),
            reason=reason_told(row.history_change_reason or ""),
        )
        for row in rows.select_related("history_user").order_by("-history_id")
    )
