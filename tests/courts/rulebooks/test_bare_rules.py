"""Pages of rules that have no sum, no quotient, no cap and no ballot: nothing to draw, no error."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import scoring
from courts.ballots.services.held_rounds import BallotError
from courts.ballots.services.rounds import DraftEntry, draft_round
from courts.models import QualityYear, RulebookEdition, User
from scoring import Month
from tests import documents
from tests.pages import account, client_of, elsewhere, give

CONDITION = """formula = "conditions"
[[items.rule.conditions]]
numerator = ["{part}"]
denominator = ["{whole}"]
target = 20
"""


pytestmark = pytest.mark.walk


@pytest.fixture
def bare(year: QualityYear) -> QualityYear:
    """Another prefecture, whose two items are conditions; both courts reported December."""
    sources = {
        name: text
        for name, text in documents.files(documents.read("scoring.md")).items()
        if name.endswith(".toml")
    }
    for side, part, whole in (
        ("litigation", "appeal_revised", "appeal_filed"),
        ("enforcement", "closed", "received"),
    ):
        head = sources[f"{side}.toml"].partition("formula = ")[0]
        sources[f"{side}.toml"] = head + CONDITION.format(part=part, whole=whole)
    metric = sources["metrics.toml"].partition("[[metrics]]\n")[2].partition("[[metrics]]")[0]
    filed = metric.replace("appeal_revised", "appeal_filed").replace("二审被改判", "二审立案")
    sources["metrics.toml"] += f"\n[[metrics]]\n{filed}"
    rulebook = scoring.load_sources(sources)
    there = elsewhere(year)
    edition = RulebookEdition.objects.create(
        code=rulebook.code,
        title=str(rulebook.title),
        sha256=rulebook.sha256,
        sources=sources,
        court=there.court,
    )
    found = QualityYear.objects.create(
        code=rulebook.code, court=there.court, year=rulebook.year, edition=edition
    )
    RulebookEdition.objects.filter(pk=edition.pk).update(
        state="in_force", from_month=1, quality_year=found
    )
    found = QualityYear.objects.select_related("court", "edition").get(pk=found.pk)
    for court in ("tonghua", "meihekou"):
        for code, value in (("appeal_revised", 1), ("appeal_filed", 9)):
            give(found, (court, "2020-12", code, value))
    return found


@pytest.fixture
def office(bare: QualityYear) -> User:
    return account("tonghua-office", "tonghua", "office", name="审管办")


@pytest.mark.django_db
def test_every_page_of_points_opens(bare: QualityYear, office: User) -> None:
    client: Client = client_of(office)
    month = Month(2020, 12)
    pages = {}
    for name, arguments in (
        ("dashboard", [month]),
        ("funnels", [month]),
        ("ranking", [month]),
        ("scorecard", [month, "meihekou"]),
        ("court_page", [month, "meihekou"]),
        ("court_print", [month, "meihekou"]),
        ("what_if", [month, "meihekou"]),
        ("outlook", [month, "meihekou"]),
        ("small_counts", [month, "meihekou"]),
        ("rulebook", []),
        ("rule", ["L1"]),
        ("readings", []),
        ("caps", []),
        ("targets", []),
        ("ballots", []),
    ):
        response = client.get(reverse(f"courts:{name}", args=[bare.code, *arguments]))
        assert response.status_code == 200, name
        pages[name] = response.content.decode()
    assert "规则里没有能分月看的考核项。" in pages["small_counts"]
    assert "规则里没有以案件比案件的考核项。" in pages["funnels"]
    assert "每满足一个条件" not in pages["rule"]
    assert "各条件全部满足才得分。" in pages["rule"]


@pytest.mark.django_db
def test_no_ballot_is_prepared_that_nothing_is_scored_by(bare: QualityYear, office: User) -> None:
    entry = DraftEntry(
        month=Month(2020, 12),
        title="无",
        targets=(),
        voters=(),
        scrutineers=(),
        closes_at=timezone.now() + timedelta(days=1),
    )
    with pytest.raises(BallotError, match="没有以投票评分的考核项"):
        draft_round(user=office, year=bare, entry=entry)
