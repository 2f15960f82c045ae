"""Owns short Korean names of courts, for tables and prose, where only the full ones are kept."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

# 연변조선족자치주중급인민법원 → 연변 + 중급; 연길시인민법원 → 연길.
_FULL = re.compile(
    r"(?P<place>[가-힣]{2,}?)(?:[가-힣]{2,}?족자치[주현]|자치[주현구]|[시주현구])?"
    r"\s*(?P<level>중급|고급)?\s*인민법원"
)


def short_korean(name: str) -> str:
    """The name without its kind of area and 인민: 연길법원; other names stay as they are."""
    found = _FULL.fullmatch(name)
    return f"{found['place']}{found['level'] or ''}법원" if found else name


def short_korean_names(names: Mapping[str, str]) -> dict[str, str]:
    """Short names by code; full ones where two courts would have the same."""
    short = {code: short_korean(name) for code, name in names.items()}
    often = Counter(short.values())
    return {code: name if often[short[code]] > 1 else short[code] for code, name in names.items()}
