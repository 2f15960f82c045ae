"""How a rule is written in symbols, over metric codes: the same for every formula.

`P` are the full points, `N` and `D` numerator and denominator, `′` marks the baseline year.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from scoring.weights import sum_text, written_weights

# As wide as the digits, and no hyphen: a line never breaks behind it.
MINUS = "−"
AT_LEAST, AT_MOST = "≥", "≤"


def plain(number: Decimal) -> str:
    """A number of the rulebook as it stands there: no needless zeros, no exponent."""
    return f"{number.normalize():f}"


def summed(codes: Sequence[str]) -> str:
    """Metrics that are added up, each times its weight if it has one."""
    terms = zip(codes, written_weights(codes), strict=True)
    return " + ".join(
        code if weight == 1 else f"{sum_text(weight)} × {code}" for code, weight in terms
    )


def quotient(part: Sequence[str], whole: Sequence[str]) -> str:
    """A quotient of two sums."""
    return f"({summed(part)}) ÷ ({summed(whole)})"
