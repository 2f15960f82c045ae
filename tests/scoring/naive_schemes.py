"""Whole schemes once more, slow and obvious, from the files as they are written.

Owns a second scoring of a month: items by `naive_formulas`, then sides, overrides, total, ranks. It
takes nothing from `scoring`: rulebooks are plain dictionaries of TOML. Months are December's, for
what compares with the year before.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from tests.scoring import naive_formulas
from tests.scoring.naive_formulas import Answer, hundredths


class Given(NamedTuple):
    """One court of a month."""

    code: str
    level: str
    current: Mapping[str, int]
    before: Mapping[str, int] = {}
    assessed: Mapping[str, Decimal] = {}


class Card(NamedTuple):
    """What a court has: items by code, sides and total in hundredths, the overrides that apply."""

    items: dict[str, Answer]
    sides: dict[str, int]
    provisional: set[str]
    total: int | None
    overrides: list[str]
    rank: int | None


Book = Mapping[str, Any]


def read(folder: Path) -> Book:
    found: dict[str, Any] = {}
    for path in folder.glob("*.toml"):
        found[path.stem] = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
    return found


def listed(value: object) -> list[str]:
    """Every metric named anywhere in a rule."""
    if isinstance(value, dict):
        return [code for entry in value.values() for code in listed(entry)]
    if isinstance(value, list):
        return [code for entry in value for code in listed(entry)]
    return [value] if isinstance(value, str) else []


def score(book: Book, month: int, courts: Sequence[Given]) -> dict[str, Card]:
    metrics = {metric["code"]: metric for metric in book["metrics"]["metrics"]}
    cards: dict[str, Card] = {}
    answers: dict[str, dict[str, Answer]] = {court.code: {} for court in courts}
    for side in book["rulebook"]["sides"]:
        for item in book[side["side"]]["items"]:
            for level, points in item["points"].items():
                own = [court for court in courts if court.level == level]
                for code, answer in answers_of(item, points, month, own, metrics).items():
                    answers[code][item["code"]] = answer
    for court in courts:
        cards[court.code] = summed(book, court.level, answers[court.code])
    return ranked(book, courts, cards)


def answers_of(
    item: Mapping[str, Any],
    points: Any,
    month: int,
    courts: Sequence[Given],
    metrics: Mapping[str, Any],
) -> dict[str, Answer]:
    """One item for every court of a level."""
    rule = item.get("rule", {})
    named = [code for code in listed(rule) if code in metrics]
    if month % 3 and any(metrics[code].get("period") == "quarter" for code in named):
        return {court.code: ("not_due", None) for court in courts}

    def written(figures: Mapping[str, int]) -> dict[str, Any]:
        """Money in 元."""
        return {
            code: Fraction(value, 10 ** metrics[code].get("places", 0))
            for code, value in figures.items()
            if code in named
        }

    return naive_formulas.score(
        item["formula"],
        rule,
        Fraction(points),
        {court.code: written(court.current) for court in courts},
        {},
        {
            court.code: Fraction(court.assessed[item["code"]])
            for court in courts
            if item["code"] in court.assessed
        },
        {court.code: written(court.before) for court in courts},
    )


def summed(book: Book, level: str, items: dict[str, Answer]) -> Card:
    sides: dict[str, int] = {}
    full: dict[str, Fraction] = {}
    provisional: set[str] = set()
    for side in book["rulebook"]["sides"]:
        code = side["side"]
        full[code] = Fraction(side["points"])
        sides[code], is_open = of_side(book[code], side, level, items)
        if is_open:
            provisional.add(code)
    known = {code: cents for code, (_status, cents) in items.items()}
    before = dict(sides)
    applied: list[str] = []
    total: int | None = None
    for on_total in (False, True):
        if on_total:
            total = total_of(book, sides)
        for override in book["rulebook"].get("overrides", []):
            on = override.get("on", "total")
            if (on == "total") is not on_total:
                continue
            if not holds(override.get("when"), known, before, provisional):
                continue
            old = (total or 0) if on_total else sides[on]
            new = old
            if "most" in override:
                new = min(old, hundredths(Fraction(override["most"])))
            elif isinstance(override.get("times"), str):
                share = Fraction(before[override["times"]]) / (100 * full[override["times"]])
                new = hundredths(old * share / 100)
            elif "times" in override:
                new = hundredths(old * Fraction(override["times"]) / 100)
            if new != old or "when" in override:
                applied.append(override["code"])
            if on_total:
                total = new
            else:
                sides[on] = new
    return Card(items, sides, provisional, total, applied, None)


def of_side(
    file: Book, side: Mapping[str, Any], level: str, items: Mapping[str, Answer]
) -> tuple[int, bool]:
    """Hundredths of a side, and whether points of it are still open."""
    groups = {group["code"]: group for group in file["groups"]}
    own = [item for item in file["items"] if level in item["points"]]
    extra = [item for item in own if item.get("kind") == "bonus"]
    plain = [item for item in own if item.get("kind") != "bonus"]
    on_top = sum(items[item["code"]][1] or 0 for item in extra)
    is_open = any(items[item["code"]][1] is None for item in extra)
    weighs = any("weight" in group for group in groups.values())
    if side.get("mean_of_applicable"):
        plain = [
            item
            for item in plain
            if items[item["code"]][0] not in ("no_denominator", "no_baseline")
            and not (
                items[item["code"]][0] == "no_target"
                and item.get("rule", {}).get("target") in ("mean", "median")
            )
        ]
    is_open = is_open or any(items[item["code"]][1] is None for item in plain)
    if not weighs and not side.get("mean_of_applicable"):
        return on_top + sum(items[item["code"]][1] or 0 for item in plain), is_open
    if not plain:
        return on_top, True
    parts: list[tuple[Fraction, Fraction]] = []
    for code, group in groups.items():
        members = [item for item in plain if item["group"] == code] if weighs else plain
        if members:
            weight = Fraction(group["weight"]) if weighs else Fraction(1)
            earned = sum(items[item["code"]][1] or 0 for item in members)
            could = sum(Fraction(item["points"][level]) for item in members) * 100
            parts.append((weight, Fraction(earned) / could))
    whole = sum(weight for weight, _share in parts)
    mean = sum((weight * share for weight, share in parts), Fraction(0)) / whole
    return on_top + hundredths(mean * Fraction(side["points"])), is_open


def total_of(book: Book, sides: Mapping[str, int]) -> int | None:
    if book["rulebook"].get("total") == "none":
        return None
    weighed = sum(
        (
            sides[side["side"]] * Fraction(side["weight"]) / 100
            for side in book["rulebook"]["sides"]
        ),
        Fraction(0),
    )
    return hundredths(weighed / 100)


def holds(
    when: Mapping[str, Any] | None,
    points: Mapping[str, int | None],
    sides: Mapping[str, int],
    provisional: set[str],
) -> bool:
    if when is None:
        return True
    if "item" in when:
        found = points.get(when["item"])
    else:
        found = None if when["side"] in provisional else sides[when["side"]]
    if found is None:
        return False
    if "below" in when:
        return Fraction(found, 100) < Fraction(when["below"])
    return Fraction(found, 100) >= Fraction(when["at_least"])


def ranked(book: Book, courts: Sequence[Given], cards: dict[str, Card]) -> dict[str, Card]:
    level = book["rulebook"]["ranked_level"]
    barring = {one["code"] for one in book["rulebook"].get("overrides", []) if "not_ranked" in one}
    ranked_ones = [
        court.code
        for court in courts
        if court.level == level and not barring & set(cards[court.code].overrides)
    ]
    for code in ranked_ones:
        own = cards[code].total or 0
        rank = 1 + sum((cards[other].total or 0) > own for other in ranked_ones)
        cards[code] = cards[code]._replace(rank=rank)
    return cards
