"""What comes after a month was published: each thing proposes, is approved, and gets into an issue.

One published June, and June of the next year closed on it as its baseline.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from courts.ballots.services.held_rounds import tallied
from courts.cases.services.special_cases import (
    PartyMeeting,
    apply_for,
    decide_case,
    revoke_case,
    verify_case,
)
from courts.models import (
    BallotRound,
    BallotTarget,
    Bulletin,
    Cap,
    Court,
    MonthlyReturn,
    QualityYear,
    Restatement,
    RulebookEdition,
    Snapshot,
    SpecialCase,
    User,
)
from courts.restatements.selectors.restatements import heads
from courts.restatements.services.restatements import approve, trial
from courts.reviews.services.reviews import verify as verify_return
from courts.rulebooks.services.editions import put_in_force
from courts.rulebooks.services.target_edits import set_cap
from courts.scores.selectors.scores import month_scores
from courts.snapshots.verification import verify
from courts.years.closings import MonthStanding, closings_of
from courts.years.late_acts import ProposedInsteadError
from scoring.facts import Month
from tests.courts.closing_fixtures import fresh
from tests.courts.issue_fixtures import closed_month, issued, people_of_issuing, published_issue
from tests.courts.returns_fixtures import shanghai, slot_of
from tests.courts.rulebooks.test_editions import copied, edited, proposed
from tests.pages import client_of, give, year_after

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]

JUNE = Month(2019, 6)
CLOSE_HASH = "5e" * 32
MEETING = PartyMeeting(date(2019, 7, 10), "2019年第7次")


def part(snapshot: Snapshot, name: str) -> dict:
    parts = json.loads(snapshot.text)["parts"]
    return next(one["content"] for one in parts if one["name"] == name)


def points(snapshot: Snapshot, item: str, court: str = "yanji", card: str = "score") -> str | None:
    items = part(snapshot, f"court/{court}")[card]["items"]
    return next(one["points"] for one in items if one["item"] == item)


def decided(year: QualityYear, people: dict[str, User]) -> SpecialCase:
    """1.25 points for Yanji's L3.2 of June, decided in time."""
    court = Court.objects.select_related("parent").get(code="yanji")
    case = apply_for(
        user=people["desk"], year=year, court=court, item="L3.2", month=6, reasons="系列案件"
    )
    for name, office in (("office", "office"), ("centre", "centre")):
        case = verify_case(
            user=people[name], case=case, office=office, note="属实", seen=case.version
        )
    return decide_case(
        user=people["party"],
        case=case,
        meeting=MEETING,
        points=Decimal("1.25"),
        seen=case.version,
    )


def handed_in(people: dict[str, User]) -> MonthlyReturn:
    """Tumen's litigation of June, not verified when the month is closed."""
    row = MonthlyReturn.objects.get(court__code="tumen", year=2019, month=6, side="litigation")
    MonthlyReturn.objects.filter(pk=row.pk).update(
        state="submitted",
        origin="entry",
        submitted_by=people["tumen"],
        submitted_at=shanghai("2019-07-05"),
    )
    return row


def a_tally(year: QualityYear, by: User) -> None:
    """Three ballots for Yanji in April, 60 units of half a point: 10 points each on average."""
    row = BallotRound.objects.create(
        quality_year=year,
        month=4,
        code="late",
        title="综合评价",
        unit="0.5",
        unit_max=24,
        min_ballots=3,
        author=by,
        closes_at=timezone.now(),
    )
    yanji = Court.objects.get(code="yanji")
    BallotTarget.objects.create(round=row, position=0, name="延吉", court=yanji)
    BallotRound.objects.filter(pk=row.pk).update(
        state="tallied", sums=[60], counted=3, close_hash=CLOSE_HASH
    )
    row.refresh_from_db()
    tallied(row, by)


def test_each_late_input_gets_into_a_new_issue(made_year: QualityYear) -> None:
    people = people_of_issuing()
    case = decided(fresh(made_year), people)
    late_return = handed_in(people)
    issue = published_issue(fresh(made_year), people, month=6)
    old = issue.snapshot
    later = year_after(made_year)
    give(later, ("tumen", "2020-06", "appeals_filed", 100))
    closed_month(later, people["office"], month=6)
    numbers = [old.number]

    def approved(kind: str, by: str, *, moves_next_year: bool = False) -> Snapshot:
        """Approve what was proposed; the snapshot that came of it, which the new issue tells of."""
        row = Restatement.objects.get(kind=kind, state="proposed", quality_year=made_year)
        tried = trial(row)
        assert tried.refusal == ""
        assert bool(tried.next_year) is moves_next_year, kind
        approve(user=people[by], restatement=row, seen=tried.digest)
        new = row.months.get(month=6).new
        assert new is not None
        assert verify(new.text.encode(), new.sha256).is_equal
        assert new.restates == old
        # Until the issue is published all that comes goes into one draft, which names the old one.
        assert Bulletin.objects.get(restates=issue).snapshot == new
        numbers.append(new.number)
        assert closings_of(fresh(made_year)).standing(6, "litigation") is MonthStanding.PUBLISHED
        return new

    def refused(act: Callable[[], object]) -> None:
        with pytest.raises(ProposedInsteadError, match="已作为更正提出"):
            act()

    # A decision is revoked: the points by the figures count again.
    assert points(old, "L3.2") == "1.25"
    refused(
        lambda: revoke_case(
            user=people["party"],
            case=SpecialCase.objects.select_related("quality_year__court").get(pk=case.pk),
            meeting=MEETING,
            note="情况有误",
            seen=case.version,
        )
    )
    assert SpecialCase.objects.get(pk=case.pk).state == "decided"
    new = approved("decision", "office2")
    assert SpecialCase.objects.get(pk=case.pk).state == "revoked"
    assert points(new, "L3.2") == points(old, "L3.2", card="computed") != "1.25"

    # A ballot is tallied.
    assert points(new, "L7") is None
    a_tally(fresh(made_year), people["office"])
    new = approved("tally", "office2")
    assert points(new, "L7") == "10.00"
    # The page of an issue leads to the board of the round, and shows the hash that closed it.
    page = client_of(people["leader"]).get(f"/yanbian-2019/bulletins/{issue.pk}/").content.decode()
    assert 'href="/yanbian-2019/ballots/late/"' in page
    assert CLOSE_HASH in page

    # A cap becomes lower by one case; it is written for the months that are open.
    before = Cap.objects.get(court__code="yanji")
    set_cap(
        user=people["office"],
        year=fresh(made_year),
        court="yanji",
        seen_version=before.version,
        baseline_cases=before.baseline_cases,
        reduction_cases=before.reduction_cases + 1,
        reason="更正",
        confirmed_by=people["office2"],
    )
    caps = Cap.objects.filter(court__code="yanji").order_by("from_month")
    assert list(caps.values_list("from_month", flat=True)) == [1, 7]
    held = part(new, "court/yanji")["cap"]["cap_cases"]
    new = approved("caps", "centre")
    assert part(new, "court/yanji")["cap"]["cap_cases"] == held - 1
    assert list(caps.values_list("from_month", flat=True)) == [1, 6]

    # An edition from March on.
    year = fresh(made_year)
    proposed(people["office"], edited(people["office"], copied(people["office"], year.edition)))
    edition = RulebookEdition.objects.select_related("court").get(state="proposed")
    refused(
        lambda: put_in_force(
            user=people["office2"],
            edition=edition,
            seen_version=edition.version,
            seen_in_force=year.edition_id,
            month=3,
        )
    )
    sources = part(new, "rules")["sources"]
    new = approved("edition", "office3")
    assert RulebookEdition.objects.get(pk=edition.pk).state == "in_force"
    assert part(new, "rules")["sources"] == edition.sources != sources
    assert part(new, "month")["edition"]["sha256"] == edition.sha256

    # A return is verified; it is the baseline of next year's June, which is closed too.
    assert points(new, "L3.2", "tumen") is None
    slot = slot_of(fresh(made_year), "tumen", JUNE)
    late_return.refresh_from_db()
    version = late_return.version
    refused(lambda: verify_return(user=people["office"], slot=slot, seen_version=version))
    new = approved("return", "office2", moves_next_year=True)
    assert points(new, "L3.2", "tumen") is not None
    assert numbers == [1, 2, 3, 4, 5, 6]
    effect = Restatement.objects.get(quality_year=later)
    assert effect.cause is not None
    assert (effect.kind, effect.cause.kind, effect.state) == ("baseline", "return", "proposed")
    (head,) = heads(later)
    seen = trial(effect).digest
    approve(user=people["office2"], restatement=effect, seen=seen)
    (moved,) = heads(later)
    assert moved.restates == head
    baseline = part(moved, "court/tumen")["facts"]["baseline_month"]
    assert (
        baseline["appeals_filed"] == part(new, "court/tumen")["facts"]["current"]["appeals_filed"]
    )

    # One issue tells of all five, and then the month counts by it.
    draft = Bulletin.objects.get(restates=issue)
    Bulletin.objects.filter(pk=draft.pk).update(
        number=2, number_year=2020, dated_on=date(2020, 1, 20)
    )
    draft.writers.add(people["office2"])
    issued(Bulletin.objects.get(pk=draft.pk), people)
    assert closings_of(fresh(made_year)).standing(6, "litigation") is MonthStanding.RESTATED
    card = month_scores(fresh(made_year), JUNE).scoreboard.court("yanji")
    assert card.item("L7").points == Decimal(10)
