"""What a scheme supervises by: one kind of supplement. It scores nothing.

Terms: a *proposal* is an alarm on a court's figures that a rule raises, for an office to take up,
put off or decline; a *cause* is what is found behind an alarm; a *measure* is one of the tasks of
the year that every court reports on (正文三·1–15), with the *evidence* that figures and registers
give of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeVar

from scoring import faults
from scoring.schema import Side, Text
from scoring.tables import Table

# Percent, months, places, days or cases: nothing that a rule counts goes beyond.
MOST_COUNTED = 1_000
MOST_DAYS = 366


class ProposalRule(StrEnum):
    """By what an alarm is raised; in brackets what `at_least` counts.

    The chance that the year ends over the cap (percent); months in a row below the target; places
    lost since the month before; days a return is overdue; figures far from what is likely; cases by
    which a register and the return differ.
    """

    CAP_IN_DANGER = "cap_in_danger"
    TARGET_MISSED = "target_missed"
    RANK_FALLEN = "rank_fallen"
    OVERDUE = "overdue"
    UNLIKELY = "unlikely"
    REGISTER_DIFFERS = "register_differs"


class ProposalKind(NamedTuple):
    """A kind of alarm: its rule and from what on, its name, what to do, within how many days.

    `days` are what a court gets to answer an action that comes of the alarm.
    """

    code: str
    rule: ProposalRule
    at_least: int
    label: Text
    advice: Text
    days: int
    paragraph: str


class Cause(NamedTuple):
    """A cause to choose from; `sides` are those it can occur on."""

    code: str
    label: Text
    sides: frozenset[Side]


class Evidence(NamedTuple):
    """A number that shows a measure at work: the count of a register, or figures of the returns.

    `register` is the code of a register, empty for figures; `metrics` are summed.
    """

    label: Text
    register: str
    metrics: tuple[str, ...]


class YearMeasure(NamedTuple):
    """A task of the whole year, what a court is asked about it, and what shows it."""

    code: str
    label: Text
    question: Text
    paragraph: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class SupervisionRules:
    """All of it."""

    proposals: tuple[ProposalKind, ...] = ()
    causes: tuple[Cause, ...] = ()
    measures: tuple[YearMeasure, ...] = ()

    def proposal(self, code: str) -> ProposalKind | None:
        """The kind of alarm of that code; None where the scheme has none such."""
        return next((one for one in self.proposals if one.code == code), None)

    def cause(self, code: str) -> Cause | None:
        """The cause of that code; None where the scheme has none such."""
        return next((one for one in self.causes if one.code == code), None)

    def measure(self, code: str) -> YearMeasure | None:
        """The measure of that code; None where the scheme has none such."""
        return next((one for one in self.measures if one.code == code), None)


NO_RULES = SupervisionRules()
# Tells of a list of codes, under a key of a table, those that the rulebook does not have.
Known = Callable[[Table, str, Iterable[str]], None]
Coded = TypeVar("Coded", ProposalKind, Cause, YearMeasure)


def read_rules(head: Table, known: Known) -> SupervisionRules:
    """Read the tables of a supplement; faults go to the table's list."""
    return SupervisionRules(
        proposals=_distinct(head, "proposals", map(_proposal, head.tables("proposals"))),
        causes=_distinct(head, "causes", map(_cause, head.tables("causes", required=False))),
        measures=_distinct(
            head,
            "measures",
            (_measure(table, known) for table in head.tables("measures", required=False)),
        ),
    )


def _distinct(head: Table, name: str, given: Iterable[Coded]) -> tuple[Coded, ...]:
    """All of them; a fault for a code that comes twice."""
    found = tuple(given)
    codes: set[str] = set()
    for one in found:
        if one.code in codes:
            head.fault(name, faults.REPEATED, code=one.code)
        codes.add(one.code)
    return found


def _proposal(table: Table) -> ProposalKind:
    found = ProposalKind(
        code=table.string("code"),
        rule=table.choice("rule", ProposalRule),
        at_least=table.integer("at_least", 1, MOST_COUNTED),
        label=table.text("label"),
        advice=table.text("advice"),
        days=table.integer("days", 1, MOST_DAYS),
        paragraph=table.string("paragraph"),
    )
    table.finish()
    return found


def _cause(table: Table) -> Cause:
    code, label = table.string("code"), table.text("label")
    sides = table.strings("sides", required=False)
    known = [side.value for side in Side]
    for side in sides:
        if side not in known:
            table.fault("sides", faults.UNKNOWN_VALUE, found=side, known=tuple(known))
    table.finish()
    return Cause(code, label, frozenset(side for side in Side if not sides or side.value in sides))


def _measure(table: Table, known: Known) -> YearMeasure:
    found = YearMeasure(
        code=table.string("code"),
        label=table.text("label"),
        question=table.text("question"),
        paragraph=table.string("paragraph"),
        evidence=tuple(_evidence(one, known) for one in table.tables("evidence", required=False)),
    )
    table.finish()
    return found


def _evidence(table: Table, known: Known) -> Evidence:
    """A register or figures; neither is nothing to count, and both are two things."""
    label = table.text("label")
    register = table.string("register", required=False)
    metrics = table.strings("metrics", required=False)
    known(table, "metrics", metrics)
    if bool(register) == bool(metrics):
        table.fault("register", faults.EVIDENCE_OF_ONE)
    table.finish()
    return Evidence(label, register, metrics)
