"""Marks between things in a row, by language."""

from __future__ import annotations

import pytest

from scoring.listing import CLAUSES, PHRASES, WORDS, filled, listed_in, mark_in, sign_in


def test_marks_of_each_language() -> None:
    assert [mark_in("zh-hans", place) for place in (WORDS, PHRASES, CLAUSES)] == ["、", "，", "；"]
    for language in ("ko", "en-us"):
        assert [mark_in(language, place) for place in (WORDS, PHRASES, CLAUSES)] == [
            ", ",
            ", ",
            "; ",
        ]


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("zh-hans", "、，；：（）。!"),
        ("ko", ", , ; : ().!"),
        ("en", ", , ; :  ().!"),
    ],
)
def test_signs_of_each_language(language: str, written: str) -> None:
    """What is no sign of a Chinese sentence stays what it is."""
    assert "".join(sign_in(language, sign) for sign in "、，；：（）。!") == written


def test_a_template_takes_what_is_many_in_a_row() -> None:
    assert filled("%(names)s：%(one)s", {"names": ("甲", "乙、丙"), "one": 3}) == "甲；乙、丙：3"
    assert listed_in("en", ["a, b", "c"]) == "a, b; c"
