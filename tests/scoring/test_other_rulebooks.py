"""What a rulebook asks of a year before it is set up, and what it lets a court earn at most."""

from __future__ import annotations

from decimal import Decimal

import pytest

import scoring
from scoring import Rulebook
from tests.courts.made_rulebooks import HILLS, LAKES, WOODS, Made


def test_the_notice(rulebook: Rulebook) -> None:
    """Half of 100 and half of 100."""
    assert scoring.full_points(rulebook) == Decimal("100.00")
    assert scoring.compares_years(rulebook)


@pytest.mark.parametrize(
    ("made", "full", "compares"),
    [
        # 70 % of 60 and 30 % of 40; targets alone.
        (HILLS, "54.00", False),
        # 40 % of 150 and 60 % of 150; drops of a sum and of a rate.
        (LAKES, "150.00", True),
        (WOODS, "100.00", True),
    ],
)
def test_made_ones(made: Made, full: str, compares: bool) -> None:
    rulebook = scoring.load_sources(made.files)
    assert str(scoring.full_points(rulebook)) == full == made.total
    assert scoring.compares_years(rulebook) is compares
