"""Owns the ended months of the demonstration: two published, one of them restated, one half done.

Everything goes through the services that people's own acts go through, with two accounts of each
office: the first closes, edits and proposes, the second signs, publishes and approves. Run again,
or where something is closed already, it changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from courts import database_clock
from courts.bulletins.services.prose import IssueValues, make_draft, set_issue
from courts.bulletins.services.publishing import publish
from courts.bulletins.services.receipts import note_reader
from courts.bulletins.services.signatures import sign
from courts.closings.services.closing import close_month
from courts.figures.selectors.facts import facts_of_months
from courts.models import Bulletin, Closing, Court, MonthlyReturn, QualityYear, Snapshot, User
from courts.permissions import Basis
from courts.restatements.services.restatements import approve, propose_figures, trial
from courts.returns.services.unlocks import request_unlock
from courts.reviews.services.reviews import reopen
from courts.setup.services.ballot_samples import demo_people
from courts.setup.services.demo_lines import date_back
from courts.setup.services.demo_scenes import OPEN_FOR, hand_in
from courts.years.selectors.slots import Slot
from scoring.facts import Month
from scoring.schema import Level, Side

NAMES = ("office", "office2", "centre", "centre2")
PUBLISHED, RESTATED, HALF_DONE = 9, 10, 11
ISSUED_DAY = 12
# A count of appealed cases that were changed: one more costs points.
CORRECTED = "appeal_revised"
REASON = "演示：漏计1件发改案件，经核对案件系统后更正"


@dataclass(frozen=True, slots=True)
class DemoIssues:
    """How many issues were published, and in how many months."""

    months: int
    issues: int


def make_demo_issues(*, year: QualityYear) -> DemoIssues:
    """Publish two months of made-up figures, restate one, and leave three things in the next.

    Nothing where a month was ever closed, where a figure of the year is real, or without accounts.
    """
    people = demo_people(year, NAMES)
    returns = MonthlyReturn.objects.filter(court__in=Court.objects.of_year(year), year=year.year)
    if (
        people is None
        or Closing.objects.filter(quality_year=year).exists()
        or not returns.exists()
        or returns.filter(is_demo=False).exists()
    ):
        return DemoIssues(0, 0)
    with transaction.atomic():
        play = _Play(year, people)
        play.publish_month(PUBLISHED, number=1)
        play.publish_month(RESTATED, number=2)
        play.restate(RESTATED, number=3)
        play.leave_open(HALF_DONE)
    return DemoIssues(2, 3)


class _Play:
    """The acts in turn, each by who would do it."""

    def __init__(self, year: QualityYear, people: Mapping[str, User]) -> None:
        self.year, self.people = year, people
        courts = Court.objects.of_year(year).select_related("parent")
        self.courts = list(courts.filter(level=Level.GRASSROOTS.value))

    def publish_month(self, month: int, number: int) -> None:
        """Close both sides, draft, number, sign as each office, publish; some courts read it."""
        sides = ((Side.LITIGATION, "office"), (Side.ENFORCEMENT, "centre"))
        for side, name in sides:
            snapshot = close_month(
                user=self.people[name],
                year=self.year,
                month=month,
                sides=[side.value],
                reason="演示：先行关账",
            )
        draft = make_draft(user=self.people["office"], snapshot=snapshot)
        self._issue(draft, number)

    def restate(self, month: int, number: int) -> None:
        """Correct a figure of a published month, and publish the issue that names the old one."""
        court, value = self._one_more(month)
        proposed = propose_figures(
            user=self.people["office"],
            year=self.year,
            rows=[
                {
                    "court": court,
                    "month": str(Month(self.year.year, month)),
                    "metric": CORRECTED,
                    "value": value,
                }
            ],
            reason=REASON,
        )
        seen = trial(proposed).digest
        approve(user=self.people["office2"], restatement=proposed, seen=seen, note="演示：属实")
        date_back(self.year, court, CORRECTED, month)
        new = Snapshot.objects.get(restated_month__restatement=proposed)
        self._issue(Bulletin.objects.get(snapshot=new), number)

    def leave_open(self, month: int) -> None:
        """On each side a return to verify and one to unlock; the waiting target is the third."""
        for side, name in ((Side.LITIGATION, "office"), (Side.ENFORCEMENT, "centre")):
            first, second = self.courts[0], self.courts[-1]
            slot = self._slot(first, month, side)
            until = database_clock.now() + OPEN_FOR
            reopen(user=self.people[name], slot=slot, reason="演示：法院申请更正", expires_at=until)
            hand_in(slot, self._desk(first, side))
            other = self._slot(second, month, side)
            request_unlock(
                user=self._desk(second, side), slot=other, reason="演示：核对后需更正1件"
            )

    def _issue(self, draft: Bulletin, number: int) -> None:
        month = Month(self.year.year, draft.month)
        values = IssueValues(
            carrier=draft.carrier,
            number_year=month.year,
            number=number,
            dated_on=_issued_on(month, is_later=draft.restates_id is not None),
            title=draft.title,
            in_korean=False,
            title_ko=draft.title_ko,
        )
        issue = set_issue(
            user=self.people["office"], bulletin=draft, values=values, seen=draft.version
        )
        for name in ("office2", "centre2"):
            issue = sign(user=self.people[name], bulletin=issue, seen=issue.version)
        issue = publish(user=self.people["office2"], bulletin=issue, seen=issue.version)
        # Fewer read the later ones, so that there is somebody to remind.
        for court in self.courts[: len(self.courts) - number]:
            note_reader(user=self._desk(court, Side.LITIGATION), bulletin=issue)

    def _one_more(self, month: int) -> tuple[str, int]:
        """The court whose count is corrected, and to what: never above that of the month after."""
        now, after = Month(self.year.year, month), Month(self.year.year, month + 1)
        facts = facts_of_months(self.year, [now, after], Basis.VERIFIED)
        later = {one.court: one.current[CORRECTED] for one in facts[after]}
        names = {court.code for court in self.courts}
        return next(
            (one.court, one.current[CORRECTED] + 1)
            for one in facts[now]
            if one.court in names and one.current[CORRECTED] < later[one.court]
        )

    def _slot(self, court: Court, month: int, side: Side) -> Slot:
        return Slot(self.year, court, Month(self.year.year, month), side)

    def _desk(self, court: Court, side: Side) -> User:
        return User.objects.select_related("court__parent").get(
            username=f"{court.code}-{side.value}"
        )


def _issued_on(month: Month, *, is_later: bool) -> date:
    """The day that an issue bears: in the month after, a correction a week later."""
    first = date(month.year + month.month // 12, month.month % 12 + 1, ISSUED_DAY)
    return first + timedelta(days=7 if is_later else 0)
