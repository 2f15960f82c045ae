"""Owns reading a trial out of an address: figures by metric, and the total or rank wished for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from courts.files.values import FigureError, read_value

# No court counts that many cases; larger numbers are slips of the hand.
MOST = 10_000_000
MOST_RANK = 10_000
CENTS = 100


@dataclass(frozen=True, slots=True)
class GivenTrial:
    """What is tried: figures that are whole numbers of at least 0, and a goal; faults in words."""

    figures: Mapping[str, int]
    goal_cents: int | None
    goal_rank: int | None
    faults: tuple[str, ...]


def read_trial(query: Mapping[str, str], places: Mapping[str, int], full: Decimal) -> GivenTrial:
    """The trial of an address; what is wrong is told and left out. `full` is the highest total.

    `places` are the decimals of each figure that may be tried: 元 are typed, 分 are held.
    """
    figures: dict[str, int] = {}
    faults: list[str] = []
    for code, decimals in places.items():
        text = query.get(code, "").strip()
        if not text:
            continue
        if decimals:
            try:
                money = read_value(text, decimals)
            except FigureError as error:
                faults.append(str(error))
            else:
                figures |= {} if money is None else {code: money}
            continue
        number = _whole(text)
        if number is None or number > MOST:
            faults.append(_("“%(text)s”不是数据：应为不小于0的整数。") % {"text": text[:20]})
        else:
            figures[code] = number
    return GivenTrial(figures, _cents(query, full, faults), _rank(query, faults), tuple(faults))


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def _cents(query: Mapping[str, str], full: Decimal, faults: list[str]) -> int | None:
    text = query.get("goal", "").strip()
    if not text:
        return None
    try:
        goal = Decimal(text)
    except InvalidOperation:
        goal = Decimal(-1)
    if not goal.is_finite() or not 0 <= goal <= full or goal * CENTS % 1:
        most = f"{full.normalize():f}"
        faults.append(_("目标总分应在0至%(most)s之间，最多两位小数。") % {"most": most})
        return None
    return int(goal * CENTS)


def _rank(query: Mapping[str, str], faults: list[str]) -> int | None:
    text = query.get("rank", "").strip()
    if not text:
        return None
    number = _whole(text)
    if number is None or not 1 <= number <= MOST_RANK:
        faults.append(_("目标名次应为1或更大的整数。"))
        return None
    return number
