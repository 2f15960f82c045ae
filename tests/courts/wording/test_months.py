"""Months and days are called as each language calls them."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from courts.wording.months import day_name, month_name, month_word
from scoring.facts import Month


@pytest.mark.parametrize(
    ("language", "word", "month", "day"),
    [
        ("zh-hans", "3月", "2019年3月", "2019年3月2日"),
        ("ko", "3월", "2019년 3월", "2019년 3월 2일"),
        ("en", "Mar", "March 2019", "2 March 2019"),
    ],
)
def test_a_month_has_its_name(language: str, word: str, month: str, day: str) -> None:
    with translation.override(language):
        assert month_word(3) == word
        assert month_name(Month(2019, 3)) == month
        assert day_name(date(2019, 3, 2)) == day
