"""Reads printed explanations as a person with a calculator would, and says what does not compute.

It knows nothing of the engine: only the printed lines go in. Terms: a *chain* is a computation and
its printed result, `25 ÷ 252 ≈ 9.92%`; `=` promises that nothing was rounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from tests.documents import rounded, value

SIGNS = str.maketrans({"（": "(", "）": ")", "−": "-", "–": "-"})
NUMBER = r"-?\d+(?:\.\d+)?(?:/\d+)?"
# A number with whatever its unit is written with.
AMOUNT = rf"{NUMBER}(?:%|天|일|个百分点|퍼센트포인트|分|점| days| percentage points| points)?"
CHAIN = re.compile(
    rf"(?P<left>\(?{AMOUNT}(?:[ ()]*[-+×÷][ ()]*{AMOUNT}\)?)+)"
    rf" (?P<sign>[=≈]) (?P<result>{NUMBER})(?P<unit>%|个百分点|퍼센트포인트| percentage points)?"
)
SUM = re.compile(rf"[:：](?P<left>[^:：]*\+[^:：=]*?) = (?P<result>{NUMBER})")
# A figure, with the weight it counts for if it has one.
LAST_NUMBER = re.compile(r"(?P<number>\d+)(?: × (?P<weight>\d+(?:\.\d+)?))?$")
# Courts with points, and weights in brackets where there are any.
PEER = re.compile(r" (?P<points>\d+\.\d\d)(?:\s?\(\D*(?P<weight>\d+)\))?(?=[、,;；.])")
MEANS = ("加权平均", "平均", "가중평균", "평균", "weighted mean", "mean")
CAPPED = ("超过满分", "만점을 넘어", "above the maximum")
WHOLE = re.compile(
    rf"({NUMBER})(?:%|个百分点|퍼센트포인트| percentage points) (?:计为|→|counts as) (\d+)"
)
POINTS = re.compile(
    r"(?:得 (?P<zh>[\d.]+) 分(?:，满分 (?P<zh_max>[\d.]+) 分)?"
    r"|득점 (?P<ko>[\d.]+)점(?:, 만점 (?P<ko_max>[\d.]+)점)?"
    r"|(?P<en>[\d.]+) of (?P<en_max>[\d.]+) points|: (?P<en_capped>[\d.]+) points)"
)
BOUND = re.compile(
    r"(?:(?P<zh>不低于|不高于) (?P<zh_number>[\d.]+)"
    r"|(?P<ko_number>[\d.]+)(?:%|일) (?P<ko>이상|이하)"
    r"|(?P<en>at least|at most) (?P<en_number>[\d.]+))"
)
FLOORS = ("不低于", "이상", "at least")
VERDICTS = {
    "已完成": True, "未完成": False, "已满足": True, "未满足": False,
    "달성.": True, "미달.": False, " 충족.": True, "불충족.": False,
    "; met.": True, "; missed.": False, "; satisfied.": True, "not satisfied.": False,
}  # fmt: skip
# Where a line says that print and exact value differ, print alone cannot show the verdict.
ALIKE = ("两位小数", "소수점 두자리", "two decimals")


def faults(lines: Sequence[str]) -> list[str]:
    """Every line whose printed operands do not give what it prints."""
    found = []
    before = ""
    for raw in lines:
        line = raw.translate(SIGNS)
        found += [f"{raw}  [{fault}]" for fault in _faults_of(line, before)]
        before += line
    return found


def _faults_of(line: str, before: str) -> Iterator[str]:
    yield from _chains(line)
    yield from _sums(line)
    yield from _means(line)
    yield from _points(line, before)
    whole = WHOLE.search(line)
    if whole and int(Fraction(whole[1])) != int(whole[2]):
        yield f"the whole part of {whole[1]} is not {whole[2]}"
    yield from _verdict(line, before)


def _number(amount: str) -> str:
    """An amount as arithmetic: percents (and points of them) are hundredths."""
    bare = re.match(NUMBER, amount)
    assert bare, amount
    percent = any(unit in amount for unit in ("%", "百分点", "퍼센트", "percentage"))
    return f"({bare[0]}/100)" if percent else f"({bare[0]})"


def _chains(line: str) -> Iterator[str]:
    sums = [found.span() for found in SUM.finditer(line)]
    for chain in CHAIN.finditer(line):
        if any(start <= chain.start() < end for start, end in sums):
            continue
        left = re.sub(AMOUNT, lambda amount: _number(amount[0]), _balanced(chain["left"]))
        exact = value(left.replace("×", "*").replace("÷", "/"))
        places = len(chain["result"].partition(".")[2])
        scale = 100 if chain["unit"] else 1
        printed = Fraction(chain["result"])
        if (exact * scale if "/" in chain["result"] else rounded(exact * scale, places)) != printed:
            yield f"{chain[0]}: comes to {float(exact * scale)}"
        if chain["sign"] == "=" and exact * scale != printed:
            yield f"{chain[0]}: was rounded"


def _balanced(text: str) -> str:
    """A computation without the bracket of the words before it."""
    return text.lstrip("(") if text.count("(") > text.count(")") else text


def _sums(line: str) -> Iterator[str]:
    for found in SUM.finditer(line):
        numbers = [LAST_NUMBER.search(part.strip()) for part in found["left"].split("+")]
        if not all(numbers):
            continue
        summed = sum(
            int(number["number"]) * Fraction(number["weight"] or 1) for number in numbers if number
        )
        if summed != Fraction(found["result"]):
            yield f"{found[0]}: adds up to {summed}"


def _means(line: str) -> Iterator[str]:
    """The sum under a mean is that of the courts listed before it."""
    if " ÷ " not in line:
        return
    chain = CHAIN.search(line)
    listed = list(PEER.finditer(line[: chain.start()] if chain else ""))
    if not chain or not listed or not any(word in line for word in MEANS):
        return
    weighted = any(court["weight"] for court in listed)
    terms = [
        (Fraction(court["points"]), int(court["weight"] or 0) if weighted else 1)
        for court in listed
    ]
    total, count = re.findall(NUMBER, chain["left"])
    if sum(points * weight for points, weight in terms) != Fraction(total):
        yield f"the points do not add up to {total}"
    if sum(weight for _points, weight in terms) != int(count):
        yield f"there are not {count} of them"


def _points(line: str, before: str) -> Iterator[str]:
    """The points are the result before them, or the full points above which it lies."""
    found = POINTS.search(line)
    chain = CHAIN.search(line)
    if (
        found is None
        or chain is None
        or not line[: found.start()].rstrip("，,:; ").endswith((chain[0], *CAPPED))
    ):
        return
    points = next(
        Fraction(text) for name, text in found.groupdict().items() if text and "max" not in name
    )
    result = Fraction(chain["result"])
    if any(word in line for word in CAPPED):
        if result <= points:
            yield f"{result} is not above {points}"
    elif result != points:
        yield f"{points} points are not the result {result}"
    operand = re.findall(AMOUNT, chain["left"])
    numbers = [re.match(NUMBER, amount)[0] for amount in operand]  # type: ignore[index]
    if not any(f"{number}" in before for number in numbers):
        yield "no operand was printed before"


def _verdict(line: str, before: str) -> Iterator[str]:
    """Value and bound, as printed, lead to the verdict."""
    bound = BOUND.search(line)
    verdict = next((met for word, met in VERDICTS.items() if word in line), None)
    if bound is None or verdict is None or any(word in line for word in ALIKE):
        return
    limit = Fraction(bound["zh_number"] or bound["ko_number"] or bound["en_number"])
    floor = (bound["zh"] or bound["ko"] or bound["en"]) in FLOORS
    amounts = re.findall(NUMBER, line[: bound.start()])
    own = any(word in line for word in ("满足", "충족", "satisfied"))
    if own:
        amounts = [amounts[-1]]
    else:
        amounts = [chain["result"] for chain in CHAIN.finditer(before)][-1:]
    if not amounts:
        return
    shown = Fraction(amounts[0])
    if (shown >= limit if floor else shown <= limit) is not verdict:
        yield f"{shown} against {limit} does not show the verdict"
