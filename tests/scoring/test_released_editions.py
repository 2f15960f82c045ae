"""Every edition that was released loads, keeps its hash, and scores as its own release did.

`editions/README.md` says where texts, figures and expected scores come from.
"""

from __future__ import annotations

import csv
import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import scoring
from scoring import Ballots, CourtFacts, Decision, Level, Month, Rulebook, Scorecard, Side, Status

EDITIONS = Path(__file__).with_name("editions")
RELEASED = sorted(path.parent.name for path in EDITIONS.glob("*/edition.toml"))


def about(name: str) -> dict[str, Any]:
    return tomllib.loads((EDITIONS / name / "edition.toml").read_text("utf-8"))


def sources(name: str) -> dict[str, str]:
    """The files of an edition: its own, and those it took over from the one before."""
    after = about(name).get("after")
    own = {path.name: path.read_text("utf-8") for path in (EDITIONS / name).glob("*.toml")}
    del own["edition.toml"]
    return (sources(after) if after else {}) | own


def courts() -> list[CourtFacts]:
    return [
        CourtFacts(
            court=given["court"],
            level=Level(given["level"]),
            current=given["current"],
            baseline_month=given.get("baseline_month", {}),
            baseline_annual=given["baseline_annual"],
            targets={item: Decimal(text) for item, text in given.get("targets", {}).items()},
            ballots=Ballots(given["ballots"]["count"], Fraction(given["ballots"]["points"]))
            if "ballots" in given
            else None,
            decisions={
                item: Decision(Decimal(text)) for item, text in given.get("decisions", {}).items()
            },
        )
        for given in tomllib.loads((EDITIONS / "figures.toml").read_text("utf-8"))["courts"]
    ]


def expected(name: str) -> list[dict[str, str]]:
    path = EDITIONS / "scores" / f"{about(name)['scores']}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_line(card: Scorecard, items: list[str]) -> dict[str, str]:
    scores = {score.item.code: score for score in card.items}
    line = {
        "court": card.court,
        "rank": str(card.rank or ""),
        "total": str(card.total_cents),
        "litigation": str(card.half_cents[Side.LITIGATION]),
        "enforcement": str(card.half_cents[Side.ENFORCEMENT]),
    }
    for code in items:
        score = scores.get(code)
        if score is None:
            line[code] = ""
        elif score.status is Status.SCORED:
            line[code] = str(score.cents)
        else:
            line[code] = " ".join([score.status.value, *([str(score.cents)] * bool(score.cents))])
    return line


@pytest.fixture(scope="module")
def editions() -> dict[str, Rulebook]:
    return {name: scoring.load_sources(sources(name)) for name in RELEASED}


def test_the_bundled_edition_is_stored(rulebook: Rulebook) -> None:
    """Whoever changes the bundled rulebook stores the new text beside the old ones."""
    assert about(rulebook.sha256[:8])["sha256"] == rulebook.sha256


@pytest.mark.parametrize("name", RELEASED)
def test_hash_and_scores_are_those_of_the_release(editions: dict[str, Rulebook], name: str) -> None:
    rulebook = editions[name]
    assert rulebook.sha256 == about(name)["sha256"]
    lines = expected(name)
    items = [item.code for item in rulebook.items]
    readings: dict[str, dict[str, str]] = {
        "default": {},
        "last": {reading.code: reading.values[-1] for reading in rulebook.readings},
    }
    found = [
        {"month": month, "readings": choice} | as_line(card, items)
        for month in ("2019-09", "2019-12")
        for choice, chosen in readings.items()
        for card in scoring.score(rulebook, Month.parse(month), courts(), chosen).scorecards
    ]
    assert found == lines


def test_the_figures_tell_editions_apart() -> None:
    """The eleventh reading moves points and ranks in the month that is scored."""
    assert expected("ecf55261") != expected("e4a31542")
