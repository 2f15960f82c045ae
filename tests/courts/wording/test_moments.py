"""Tests of how a deadline is said: the 24th hour of its last day, and how long that still is."""

from __future__ import annotations

import pytest
from django.utils import translation

from courts.wording.moments import day_and_hour, until
from tests.courts.returns_fixtures import shanghai

# The first moment after 8 January: the deadline of December's return with day 8.
AFTER = shanghai("2020-01-09", "00:00:00")


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (("2020-01-05", "12:00:00"), "1月8日24时前（还有3天）"),
        (("2020-01-05", "23:59:59"), "1月8日24时前（还有3天）"),
        (("2020-01-07", "00:00:00"), "1月8日24时前（还有1天）"),
        (("2020-01-08", "00:00:00"), "1月8日24时前（今天截止）"),
        (("2020-01-08", "23:59:59"), "1月8日24时前（今天截止）"),
        (("2020-01-09", "00:00:00"), "1月8日24时前（已截止）"),
        # Twelve days of December are left from the 20th on, and eight of January: 11 + 8 = 19.
        (("2019-12-20", "12:00:00"), "2020年1月8日24时前（还有19天）"),
    ],
)
def test_days_are_those_of_the_calendar(now: tuple[str, str], words: str) -> None:
    with translation.override("zh-hans"):
        assert until(AFTER, shanghai(*now)) == words


def test_a_moment_within_a_day_is_said_by_the_clock() -> None:
    now = shanghai("2020-01-05")
    with translation.override("zh-hans"):
        assert until(shanghai("2020-01-08", "17:30:00"), now) == "1月8日17时30分前（还有3天）"
        assert day_and_hour(AFTER, now) == "1月8日24时前"


def test_in_other_languages() -> None:
    now = shanghai("2020-01-05")
    with translation.override("ko"):
        assert until(AFTER, now) == "1월 8일 24시까지 (3일 남음)"
    with translation.override("en"):
        assert until(AFTER, now) == "by 24:00 on 8 January (3 days left)"
        assert until(AFTER, shanghai("2020-01-07")) == "by 24:00 on 8 January (1 day left)"
