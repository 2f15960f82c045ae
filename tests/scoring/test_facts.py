"""Months, and the little that facts do by themselves."""

from __future__ import annotations

import pytest

from scoring import CourtFacts, Level, Month


@pytest.mark.parametrize(
    ("text", "month"),
    [("2019-01", Month(2019, 1)), ("2019-12", Month(2019, 12)), ("0001-10", Month(1, 10))],
)
def test_a_month_is_read_and_written(text: str, month: Month) -> None:
    assert Month.parse(text) == month
    assert str(month) == text


@pytest.mark.parametrize(
    "text",
    [
        "", "2019", "2019-1", "2019-00", "2019-13", "2019-012", "19-12", "2019/12", "2019-12-31",
        " 2019-12", "2019-12\n", "２０１９-１２", "2019-12 ", "-2019-12", "٢٠١٩-١٢",
    ],
)  # fmt: skip
def test_what_is_no_month(text: str) -> None:
    with pytest.raises(ValueError, match="not a month such as 2019-12"):
        Month.parse(text)


def test_months_come_in_order() -> None:
    assert sorted([Month(2019, 2), Month(2018, 12), Month(2019, 1)]) == [
        Month(2018, 12),
        Month(2019, 1),
        Month(2019, 2),
    ]


def test_the_month_before_is_of_the_same_year() -> None:
    assert Month(2019, 2).previous == Month(2019, 1)
    assert Month(2019, 12).previous == Month(2019, 11)
    assert Month(2019, 1).previous is None


def test_a_court_may_have_nothing_at_all() -> None:
    facts = CourtFacts("x", Level.GRASSROOTS)
    assert not facts.current
    assert not facts.targets
    assert facts.ballots is None
