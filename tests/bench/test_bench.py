"""The bench on a small prefecture: its figures are consistent, its points are the engine's."""

from __future__ import annotations

import pytest

import scoring
from scoring import Level, Month, Severity, Side, Status
from tests.bench import __main__ as bench
from tests.bench import with_numpy
from tests.bench.figures import Year, facts, made


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_numpy_and_engine_agree(seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["--courts", "60", "--rounds", "1", "--seed", str(seed)]) == 0
    printed = capsys.readouterr().out
    assert "60 courts × 12 months" in printed
    assert "ratio" in printed
    assert "all equal" in printed


def test_a_difference_of_a_hundredth_ends_with_status_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(with_numpy.GRASSROOTS, "Q11", 801)
    assert bench.main(["--courts", "60", "--rounds", "1"]) == 1
    assert "Q11: 800 and 801" in capsys.readouterr().out


@pytest.fixture(scope="module")
def year() -> Year:
    return made(60, bench.SEED)


def test_made_figures_pass_every_check(year: Year) -> None:
    rulebook = scoring.load_rulebook(scoring.BUNDLED / bench.RULEBOOK)
    for number in (1, 12):
        for court in facts(year, number):
            assert set(court.current) == set(rulebook.metrics)
            for side in Side:
                found = scoring.check_figures(rulebook, side, court.current)
                assert [one for one in found if one.severity is Severity.ERROR] == []
    months_of_all = {Month(2019, number): facts(year, number) for number in (1, 6, 12)}
    for place in range(year.courts):
        months = {month: courts[place].current for month, courts in months_of_all.items()}
        assert scoring.falls(rulebook, months) == ()


def test_made_figures_reach_both_ends_of_every_item(year: Year) -> None:
    """A comparison of points is worth something only where points differ."""
    rulebook = scoring.load_rulebook(scoring.BUNDLED / bench.RULEBOOK)
    boards = [scoring.score(rulebook, Month(2019, n), facts(year, n)) for n in (3, 12)]
    for item in rulebook.items_of(Level.GRASSROOTS):
        scores = [card.item(item.code) for board in boards for card in board.scorecards]
        earned = {score.cents for score in scores if score.status is Status.SCORED}
        assert len(earned) > 1, item.code
