"""Every page of a year scored by two formulas that no page knows.

What a formula says of itself is all that pages, exports and commands have.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import given, settings

import scoring
from courts.models import QualityYear, RulebookEdition
from courts.rulebooks.selectors.edition_fields import find_section
from courts.setup.services.setup import setup_year
from courts.wording import rule_texts
from courts.wording.explanations import sentence
from scoring import CourtFacts, Month, Rulebook
from tests import by_hand, toy_formulas
from tests.scoring import random_years
from tests.test_access_matrix import clients
from tests.toy_formulas import FIGURES, RATE_ITEM, SUM_ITEM
from tests.walks import walked

__all__ = ["clients"]

CODES = (SUM_ITEM, RATE_ITEM)


pytestmark = pytest.mark.walk


@pytest.fixture(scope="module", autouse=True)
def rulebook() -> Iterator[Rulebook]:
    with pytest.MonkeyPatch.context() as patch:
        yield toy_formulas.registered(patch)


@pytest.fixture
def toy_year(clients: dict[str, Client], made_year: QualityYear, rulebook: Rulebook) -> QualityYear:
    """The year of the golden files, by rules of which two items are scored by toys.

    Everybody is there before its rules change: their rows are kept for other tests.
    """
    old = made_year.edition
    RulebookEdition.objects.filter(pk=old.pk).update(state="superseded", quality_year=made_year)
    edition = RulebookEdition.objects.create(
        court=made_year.court,
        code=old.code,
        title=old.title,
        sources=dict(rulebook.sources),
        sha256=rulebook.sha256,
        state="in_force",
        quality_year=made_year,
        from_month=1,
        enacted_at=timezone.now(),
    )
    QualityYear.objects.filter(pk=made_year.pk).update(edition=edition)
    return QualityYear.objects.select_related("court", "edition").get(pk=made_year.pk)


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return " ".join(response.content.decode().split())


@pytest.mark.walk
@pytest.mark.django_db
def test_every_page_opens(toy_year: QualityYear, clients: dict[str, Client]) -> None:
    returns = [address for address in walked() if "/returns/" in address]
    for who, addresses in (("office", walked()), ("litigation", returns)):
        clients[who].raise_request_exception = False
        found = []
        for address in addresses:
            response = clients[who].get(address)
            if response.status_code >= 500:
                found.append((who, address, repr(getattr(response, "exc_info", None))))
        assert found == []


@pytest.mark.django_db
def test_pages_say_what_the_formulas_say(toy_year: QualityYear, clients: dict[str, Client]) -> None:
    """Words, symbols, targets; sentences, verdicts; what can be moved, and how it is drawn."""
    office = clients["office"]

    def page(name: str, *arguments: Any, query: str = "") -> str:
        return text_of(office, reverse(f"courts:{name}", args=["yanbian-2019", *arguments]) + query)

    month, court = Month(2019, 12), "yanji"
    rules = page("rulebook")
    for item, words, symbols in (
        (SUM_ITEM, "每有1件扣0.1分，扣完为止：二审被改判 + ", "max(0, P − S × 0.1)"),
        (RATE_ITEM, "不高于 10%的得满分，否则扣2.5分。", "v ≤ 10 → P, P − 2.5"),
    ):
        assert words in rules
        rule = page("rule", item)
        assert words in rule
        assert symbols in rule
    assert "试行办法" in page("rule", RATE_ITEM)

    card = page("scorecard", month, court)
    # 145 + 54 + 17 + 4 + 3 overturned cases; 40 − 22.3 points. 1658 of 4890 are 33.91 percent.
    assert "扣分：223 × 0.1 = 22.30。" in card
    assert "40.00 − 22.30 = 17.70，得 17.70 分，满分 40.00 分。" in card
    assert "目标：不高于 10.00%，未完成。" in card
    what_if = page("what_if", month, court)
    assert all(f'name="{code}"' in what_if for code in (*FIGURES, "procedure_terminated"))
    assert "二审被改判少" in page("court_page", month, court)
    for item in CODES:
        chosen = page("small_counts", month, court, query=f"?item={item}")
        assert f'value="{item}" selected' in chosen
    assert f'value="{RATE_ITEM}" selected' in page("funnels", month, query=f"?item={RATE_ITEM}")
    assert "不高于 10.00%" in page("dashboard", month)
    outlook = page("outlook", Month(2019, 6), court)
    assert "发改指" in outlook


@pytest.mark.django_db
def test_an_edition_is_written_field_by_field(toy_year: QualityYear) -> None:
    fields = {
        field.label: field.choices
        for file, section in (("litigation.toml", "items-1"), ("enforcement.toml", "items-1"))
        for field in find_section(toy_year.edition, file, section).fields
    }
    assert {"每件扣分", "上限（%）", "超过时扣分"} <= set(fields)
    assert fields["分母为零时"] == (("none", "不计分"), ("full", "得满分"))


@pytest.mark.django_db
def test_what_is_missing_is_named(toy_year: QualityYear, clients: dict[str, Client]) -> None:
    """A court that reported nothing reads which of a formula's figures are wanted."""
    address = reverse("courts:scorecard", args=["yanbian-2019", Month(2019, 3), "yanji"])
    text = text_of(clients["office"], address)
    assert "未填报，不计分：二审被改判；" in text


@pytest.mark.django_db
def test_commands_take_the_rules(
    toy_year: QualityYear, rulebook: Rulebook, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in rulebook.sources.items():
        (tmp_path / name).write_text(text, "utf-8")
    call_command("check_rulebook", str(tmp_path))
    assert rulebook.sha256[:8] in capsys.readouterr().out
    call_command("score", "2019-12", "--year", "yanbian-2019", "--court", "yanji", "--explain")
    assert "扣分：" in capsys.readouterr().out
    call_command(
        "score", "2019-12", "--year", "yanbian-2019", "--court", "yanji", "--format", "json"
    )
    (card,) = json.loads(capsys.readouterr().out)["courts"]
    items = {item["item"]: item for item in card["items"]}
    kinds = [step["kind"] for step in items[SUM_ITEM]["steps"]]
    assert kinds[:3] == ["figures", "taken_off", "points"]


@pytest.mark.django_db
def test_a_year_is_set_up_on_the_rules(rulebook: Rulebook, tmp_path: Path) -> None:
    """Its caps come from a sum that no drop is reckoned from."""
    for name, text in rulebook.sources.items():
        (tmp_path / name).write_text(text, "utf-8")
    found = setup_year(folder=tmp_path)
    assert (found.created, found.caps) == (True, 9)


@settings(max_examples=settings().max_examples, deadline=None)
@given(random_years.months, random_years.courts())
@pytest.mark.parametrize(
    "language",
    ["zh-hans", *(pytest.param(other, marks=pytest.mark.nightly) for other in ("ko", "en"))],
)
def test_every_line_computes_by_hand(
    rulebook: Rulebook, language: str, month: Month, courts: list[CourtFacts]
) -> None:
    with translation.override(language):
        board = scoring.score(rulebook, month, courts)
        for card in board.scorecards:
            for code in CODES:
                lines = [sentence(step, rulebook, {}) for step in card.item(code).steps]
                assert by_hand.faults(lines) == []


@pytest.mark.parametrize("language", ["zh-hans", "ko", "en"])
def test_rules_are_told_in_every_language(rulebook: Rulebook, language: str) -> None:
    with translation.override(language):
        for code in CODES:
            item = rulebook.item_by_code[code]
            (words,) = rule_texts.in_words(item, rulebook)
            assert "%(" not in words
            chinese = "扣" in words
            assert chinese is (language == "zh-hans")
