"""Owns the cards of a month's alarms, with what offices decided about them.

Terms: an alarm is *open* while nobody decided, and again when the day comes until which it was put
off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.actions.selectors.alarms import Alarm, alarms
from courts.actions.selectors.sentences import alarm_sentence, subject_label
from courts.models import Proposal, QualityYear
from courts.permissions import Account, may_supervise, may_view_proposals
from courts.scores.selectors.kept_scores import gathered_to
from courts.wording.explanations import side_label
from courts.years.selectors.entry_windows import local_day
from courts.years.selectors.periods import Period
from courts.years.selectors.supervision import supervision_of
from courts.years.selectors.years import rulebook_of
from scoring.facts import Month

State = Proposal.State
# Until when an alarm is put off unless somebody says otherwise.
USUAL_DAYS = 14


@dataclass(frozen=True, slots=True)
class ProposalCard:
    """One alarm in words, and what was decided about it; `state` is empty while it is open.

    `address` of the item, metric or return it is about is made by the page; `days` are the calendar
    days that a court gets to answer.
    """

    key: str
    rule: str
    label: str
    advice: str
    paragraph: str
    court: str
    court_name: str
    side: str
    side_label: str
    subject: str
    subject_label: str
    text: str
    days: int
    due_on: date
    state: str
    state_label: str
    until: date | None
    reason: str
    by: str
    at: datetime | None
    version: int
    action: int | None
    may_decide: bool
    is_item: bool

    @property
    def is_open(self) -> bool:
        return not self.state


@dataclass(frozen=True, slots=True)
class ProposalsPage:
    """The alarms of a month: those to decide on, and those that were decided on."""

    period: Period
    open: tuple[ProposalCard, ...]
    decided: tuple[ProposalCard, ...]
    until: date
    has_rules: bool
    is_demo: bool

    @property
    def cards(self) -> tuple[ProposalCard, ...]:
        return (*self.open, *self.decided)

    def card(self, key: str) -> ProposalCard | None:
        """The card of that key; None where the figures raise no such alarm."""
        return next((card for card in self.cards if card.key == key), None)


def check_proposals(user: Account, year: QualityYear) -> None:
    """`PermissionDenied` unless the account sees what the rules propose."""
    if not may_view_proposals(user, year):
        raise PermissionDenied(_("督导建议供管理部门、领导小组和院党组查看。"))


def proposals_page(user: Account, period: Period, now: datetime) -> ProposalsPage:
    """The alarms of a month of verified figures. A constant number of queries."""
    check_proposals(user, period.year)
    found = alarms(period, now)
    decided = decided_in(period.year, period.month)
    today = local_day(now)
    cards = [_card(user, period, alarm, decided.get(alarm.key), today) for alarm in found]
    return ProposalsPage(
        period=period,
        open=tuple(card for card in cards if card.is_open),
        decided=tuple(card for card in cards if not card.is_open),
        until=today + timedelta(days=USUAL_DAYS),
        has_rules=bool(supervision_of(period.year).proposals),
        is_demo=bool(gathered_to(period).demo[period.month]),
    )


def decided_in(year: QualityYear, month: Month) -> Mapping[str, Proposal]:
    """What was decided about the alarms of a month, by key. One query."""
    rows = Proposal.objects.filter(quality_year=year, month=month.month)
    return {key_of(row): row for row in rows.select_related("court", "by", "action")}


def key_of(row: Proposal) -> str:
    """The key of the alarm that a row decided about."""
    return f"{row.rule}:{row.court.code}:{row.side}:{row.subject}"


def is_open_again(row: Proposal, today: date) -> bool:
    """Whether the day has come until which the alarm was put off."""
    return row.state == State.POSTPONED and row.until is not None and row.until <= today


def _card(
    user: Account, period: Period, alarm: Alarm, row: Proposal | None, today: date
) -> ProposalCard:
    language = get_language() or ""
    rulebook = rulebook_of(period.year, period.month)
    stands = row is not None and not is_open_again(row, today)
    action = getattr(row, "action", None) if row is not None else None
    return ProposalCard(
        key=alarm.key,
        rule=alarm.kind.code,
        label=alarm.kind.label.get(language),
        advice=alarm.kind.advice.get(language),
        paragraph=alarm.kind.paragraph,
        court=alarm.court.code,
        court_name=alarm.court.label(language),
        side=alarm.side,
        side_label=side_label(rulebook, alarm.side),
        subject=alarm.subject,
        subject_label=subject_label(rulebook, alarm.subject) if alarm.subject else "",
        text=alarm_sentence(alarm.values, rulebook),
        days=alarm.kind.days,
        due_on=today + timedelta(days=alarm.kind.days),
        state=row.state if row is not None and stands else "",
        state_label=row.get_state_display() if row is not None and stands else "",
        until=row.until if row is not None else None,
        reason=row.reason if row is not None else "",
        by=str(row.by) if row is not None else "",
        at=row.at if row is not None else None,
        version=row.version if row is not None else 0,
        action=action.pk if action is not None else None,
        may_decide=may_supervise(user, period.year, alarm.side),
        is_item=alarm.subject in rulebook.item_by_code,
    )
