"""What a scheme's bulletins say in words of their own: one kind of supplement. It scores nothing.

Terms: *headlines* are the items that open a bulletin; a *goal* asks that indicators of a side move
the good way, held against the baseline or against averages; a *problem* is found by a rule; a
*measure* is what is to be done about problems, by whom and until when.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from scoring import faults
from scoring.schema import NO_TEXT, Side, Text
from scoring.tables import Table

MOST_TIMES = 12


class Against(StrEnum):
    """What the indicators of a goal are held against."""

    BASELINE = "baseline"
    AVERAGES = "averages"


class ProblemRule(StrEnum):
    """By what a problem is found; `at_least` counts months, places, or cases over the cap."""

    CAP_PASSED = "cap_passed"
    TARGET_MISSED = "target_missed"
    OVERDUE = "overdue"
    UNLIKELY = "unlikely"
    RANK_FALLEN = "rank_fallen"


class Headline(NamedTuple):
    """Items that the first part of a bulletin names together."""

    label: Text
    items: tuple[str, ...]
    paragraph: str


class GoalOfSide(NamedTuple):
    """A goal for the indicators of one side, by its name in the notice."""

    side: Side
    label: Text
    against: Against
    paragraph: str


class Problem(NamedTuple):
    """A problem that bulletins name, its rule, and from how many months, places or cases on."""

    code: str
    rule: ProblemRule
    at_least: int
    label: Text
    paragraph: str


class Measure(NamedTuple):
    """What is to be done about problems; until the end of the month so many `months` later."""

    problems: tuple[str, ...]
    text: Text
    unit: Text
    months: int
    paragraph: str


class BaseTable(NamedTuple):
    """A table of figures beside those of the baseline year, in the shape of an annex."""

    label: Text
    metrics: tuple[str, ...]
    paragraph: str


@dataclass(frozen=True, slots=True)
class BulletinRules:
    """All of it. `heading` and `purpose` have the place %(months)s, such as 2019年1—12月.

    `area` is what all courts together are called; `names` say, by item, what it measures where
    its label names a fall. A line end in the heading breaks it on paper.
    """

    heading: Text = NO_TEXT
    purpose: Text = NO_TEXT
    area: Text = NO_TEXT
    addressee: Text = NO_TEXT
    names: Mapping[str, Text] = field(default_factory=dict)
    headlines: tuple[Headline, ...] = ()
    goals: tuple[GoalOfSide, ...] = ()
    problems: tuple[Problem, ...] = ()
    measures: tuple[Measure, ...] = ()
    tables: tuple[BaseTable, ...] = ()


NO_RULES = BulletinRules()
# Tells of a list of codes, under a key of a table, those that the rulebook does not have.
Known = Callable[[Table, str, Iterable[str]], None]


def read_rules(head: Table, known: Known, sides: Sequence[Side] | None) -> BulletinRules:
    """Read the tables of a supplement; faults go to the table's list.

    `sides` are those of the rulebook, None where none is at hand.
    """
    problems = tuple(map(_problem, head.tables("problems", required=False)))
    codes = _distinct(head, problems)
    return BulletinRules(
        heading=_with_places(head, "heading"),
        purpose=_with_places(head, "purpose"),
        area=head.text("area"),
        addressee=head.text("addressee"),
        names=_names(head, known),
        headlines=tuple(
            _headline(table, known) for table in head.tables("headlines", required=False)
        ),
        goals=tuple(_goal(table, sides) for table in head.tables("goals", required=False)),
        problems=problems,
        measures=tuple(_measure(table, codes) for table in head.tables("measures", required=False)),
        tables=tuple(_table(table, known) for table in head.tables("tables", required=False)),
    )


def _with_places(head: Table, name: str) -> Text:
    """A text with the place of the months and no others."""
    text = head.text(name)
    for said in (text.zh, text.ko, text.en):
        if "%" in said.replace("%(months)s", ""):
            head.fault(name, faults.BAD_PLACES, found=said)
    return text


def _names(head: Table, known: Known) -> Mapping[str, Text]:
    """What items measure, each once."""
    found: dict[str, Text] = {}
    for table in head.tables("names", required=False):
        item = table.string("item")
        known(table, "item", (item,) if item else ())
        if item in found:
            table.fault("item", faults.REPEATED, code=item)
        found[item] = table.text("text")
        table.finish()
    return found


def _distinct(head: Table, problems: Iterable[Problem]) -> frozenset[str]:
    codes: set[str] = set()
    for one in problems:
        if one.code in codes:
            head.fault("problems", faults.REPEATED, code=one.code)
        codes.add(one.code)
    return frozenset(codes)


def _headline(table: Table, known: Known) -> Headline:
    items = table.strings("items")
    known(table, "items", items)
    found = Headline(table.text("label"), items, table.string("paragraph"))
    table.finish()
    return found


def _goal(table: Table, sides: Sequence[Side] | None) -> GoalOfSide:
    found = GoalOfSide(
        side=Side(table.string("side") if sides is None else table.one_of("side", sides)),
        label=table.text("label"),
        against=table.choice("against", Against),
        paragraph=table.string("paragraph"),
    )
    table.finish()
    return found


def _problem(table: Table) -> Problem:
    found = Problem(
        code=table.string("code"),
        rule=table.choice("rule", ProblemRule),
        at_least=table.integer("at_least", 1, MOST_TIMES),
        label=table.text("label"),
        paragraph=table.string("paragraph"),
    )
    table.finish()
    return found


def _measure(table: Table, codes: frozenset[str]) -> Measure:
    problems = table.strings("problems")
    for code in problems:
        if code not in codes:
            known = tuple(sorted(codes))
            table.fault("problems", faults.UNKNOWN_VALUE, found=code, known=known)
    found = Measure(
        problems=problems,
        text=table.text("text"),
        unit=table.text("unit"),
        months=table.integer("months", 1, MOST_TIMES),
        paragraph=table.string("paragraph"),
    )
    table.finish()
    return found


def _table(table: Table, known: Known) -> BaseTable:
    metrics = table.strings("metrics")
    known(table, "metrics", metrics)
    found = BaseTable(table.text("label"), metrics, table.string("paragraph"))
    table.finish()
    return found
