"""Owns with what mark things stand in a row, so that no mark stands inside what it parts.

A list takes the lightest mark of its language that none of its items holds: names of courts stand
with 、, and with ； as soon as one of them has a comma of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

# From light to heavy: the mark, and what an item that it parts must not hold.
_CHINESE = (("、", "、，"), ("，", "，"), ("；", "；"), ("／", ""))
_OTHERS = ((", ", ",，、"), (", ", ",，"), ("; ", ";；"), (" / ", ""))
# What Korean and English write for the other signs of a Chinese sentence.
_SIGNS = {
    "ko": {"：": ": ", "（": "(", "）": ")", "。": "."},
    "en": {"：": ": ", "（": " (", "）": ")", "。": "."},
}
WORDS, PHRASES, CLAUSES = range(3)


def mark_in(language: str, place: int) -> str:
    """The mark between WORDS, PHRASES or CLAUSES in a language such as `zh-hans`, `ko` or `en`."""
    return _marks(language)[place][0]


def sign_in(language: str, sign: str) -> str:
    """What a language writes where Chinese writes one of 、，；：（）。."""
    chinese = [mark for mark, _held in _CHINESE]
    if sign in chinese:
        return _marks(language)[chinese.index(sign)][0]
    return _SIGNS.get(language[:2], {}).get(sign, sign)


def listed_in(language: str, items: Iterable[object], lightest: int = WORDS) -> str:
    """The items in a row, parted by the first mark from `lightest` on that none of them holds."""
    texts = [str(item) for item in items]
    marks = _marks(language)
    free = (
        mark
        for mark, held in (marks[lightest], *marks[max(lightest + 1, CLAUSES) :])
        if len(texts) < 2 or not any(sign in text for text in texts for sign in held)
    )
    return next(free).join(texts)


def filled(template: str, values: Mapping[str, object], language: str = "zh") -> str:
    """A template with its values, those that are tuples in a row."""
    return template % {
        name: listed_in(language, value) if isinstance(value, tuple) else value
        for name, value in values.items()
    }


def _marks(language: str) -> tuple[tuple[str, str], ...]:
    return _OTHERS if language.startswith(("ko", "en")) else _CHINESE
