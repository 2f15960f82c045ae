"""Supplements of a rulebook: what does not score, each with a version and a hash of its own.

A supplement is one TOML file in the folder `supplements` beside a rulebook's files. It is no part
of the edition: taking another one up changes neither the edition's hash nor any point. Its `kind`
says what it holds: *directions* tell which way each item and figure is good, *averages* what a year
before came to elsewhere, a *bulletin* what bulletins say in the scheme's own words
(`scoring.bulletins`), a *register* describes the cases behind counts (`scoring.registers`), a
*supervision* what follows a red cell (`scoring.supervision`). Reading is as strict as that of a
rulebook, and tells every fault at once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from scoring import faults
from scoring.bulletins import NO_RULES, BulletinRules, read_rules
from scoring.engine import context_of, plan
from scoring.facts import Month
from scoring.faults import Fault, RulebookError
from scoring.loader import (
    FIRST_YEAR,
    LAST_YEAR,
    MOST_PERCENT,
    digest,
)
from scoring.rates import MONTHS_OF_YEAR
from scoring.registers import NO_REGISTER, Register, read_register
from scoring.schema import Rulebook, Text, Unit
from scoring.supervision import NO_RULES as NO_SUPERVISION
from scoring.supervision import SupervisionRules
from scoring.supervision import read_rules as read_supervision
from scoring.tables import CODE, Table

FOLDER = "supplements"
# Generous limits that keep a slip of the pen from passing as a number.
MOST_VERSION, MOST_DAYS = 9_999, 10_000


class Kind(StrEnum):
    """What a supplement holds."""

    DIRECTIONS = "directions"
    AVERAGES = "averages"
    BULLETIN = "bulletin"
    REGISTER = "register"
    SUPERVISION = "supervision"


class Better(StrEnum):
    """Which way an item's value, or a figure, is good."""

    HIGHER = "higher"
    LOWER = "lower"


class Evidence(StrEnum):
    """How a document tells a value: it states it, lets it be computed, or makes it likely."""

    GIVEN = "given"
    IMPLIED = "implied"
    INFERRED = "inferred"


class Direction(NamedTuple):
    """One item or figure, by code, and which way it is good."""

    code: str
    better: Better
    paragraph: str


class Average(NamedTuple):
    """What an item's value was elsewhere, in percent or days: where, and how that is known."""

    item: str
    value: Decimal
    unit: Unit
    place: Text
    evidence: Evidence
    paragraph: str
    note: Text


@dataclass(frozen=True)
class Supplement:
    """One supplement. `year` is that of averages; `text` the file, `sha256` the hash over it.

    `bulletin`, `register` and `supervision` are empty in all other kinds.
    """

    code: str
    kind: Kind
    version: int
    title: Text
    about: Text
    directions: tuple[Direction, ...]
    averages: tuple[Average, ...]
    year: int | None
    text: str
    sha256: str
    bulletin: BulletinRules = NO_RULES
    register: Register = NO_REGISTER
    supervision: SupervisionRules = NO_SUPERVISION

    @cached_property
    def better(self) -> Mapping[str, Better]:
        """Which way is good, by the code of an item or figure."""
        return {one.code: one.better for one in self.directions}

    @cached_property
    def average(self) -> Mapping[str, Average]:
        """The averages by item."""
        return {one.item: one for one in self.averages}


def load_supplements(folder: Path, rulebook: Rulebook) -> tuple[Supplement, ...]:
    """The supplements beside a rulebook's files, by code; RulebookError with every fault."""
    loaded: list[Supplement] = []
    found: list[Fault] = []
    for file in sorted((folder / FOLDER).glob("*.toml")):
        try:
            text = file.read_bytes().decode("utf-8")
            loaded.append(load_supplement(file.name, text, rulebook))
        except UnicodeDecodeError as error:
            place = f"{FOLDER}/{file.name}"
            found.append(Fault(place, "", faults.UNREADABLE, {"detail": str(error)}))
        except RulebookError as error:
            found.extend(error.faults)
    if found:
        raise RulebookError(tuple(found))
    return tuple(loaded)


def load_supplement(name: str, text: str, rulebook: Rulebook | None = None) -> Supplement:
    """Read one file; RulebookError with every fault.

    Without a rulebook, items and figures are taken as they are named: what was taken up stays
    readable when a later edition has them no more.
    """
    return _Loader(name, text, rulebook).load()


class _Loader:
    """One reading of one file; `found` gathers the faults."""

    def __init__(self, name: str, text: str, rulebook: Rulebook | None) -> None:
        self.name = name
        self.text = text
        self.rulebook = rulebook
        self.found: list[Fault] = []
        self.units = _units(rulebook)

    def load(self) -> Supplement:
        data: dict[str, Any] = {}
        place = f"{FOLDER}/{self.name}"
        try:
            data = tomllib.loads(self.text, parse_float=Decimal)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            fault = Fault(place, "", faults.UNREADABLE, {"detail": str(error)})
            raise RulebookError((fault,)) from error
        head = Table(data, place, "", self.found)
        code = head.code("code", CODE, "directions")
        if code and self.name != f"{code}.toml":
            head.fault("code", faults.SUPPLEMENT_NAME, expected=f"{code}.toml")
        kind = head.choice("kind", Kind)
        version = head.integer("version", 1, MOST_VERSION)
        title, about = head.text("title"), head.text("about")
        held = READERS[kind](self, head)
        head.finish()
        if self.found:
            raise RulebookError(tuple(self.found))
        return Supplement(
            code=code,
            kind=kind,
            version=version,
            title=title,
            about=about,
            **{"directions": (), "averages": (), "year": None} | held,
            text=self.text,
            sha256=digest({self.name: self.text}),
        )

    def directions(self, head: Table) -> dict[str, Any]:
        """Items and figures under each direction; none of them twice."""
        found: dict[str, Direction] = {}
        for table in head.tables("directions"):
            better = table.choice("better", Better)
            paragraph = table.string("paragraph")
            items = table.strings("items", required=False)
            metrics = table.strings("metrics", required=False)
            if not table.has("items") and not table.has("metrics"):
                table.fault("items", faults.SUPPLEMENT_OF_NOTHING)
            self._known(table, "items", items)
            self._known(table, "metrics", metrics)
            for name, codes in (("items", items), ("metrics", metrics)):
                for code in codes:
                    if code in found:
                        table.fault(name, faults.REPEATED, code=code)
                    found[code] = Direction(code, better, paragraph)
            table.finish()
        return {"directions": tuple(found.values())}

    def averages(self, head: Table) -> dict[str, Any]:
        """One value for each item, of a year before the rulebook's own."""
        last = LAST_YEAR if self.rulebook is None else self.rulebook.year - 1
        year = head.integer("year", FIRST_YEAR, last)
        found: dict[str, Average] = {}
        for table in head.tables("averages"):
            item = table.string("item")
            unit = table.choice("unit", Unit)
            if item in found:
                table.fault("item", faults.REPEATED, code=item)
            self._known(table, "item", (item,) if item else ())
            if item in self.units and unit is not self.units[item]:
                expected = self.units[item].value
                table.fault(
                    "unit", faults.SUPPLEMENT_UNIT, code=item, expected=expected, found=unit.value
                )
            found[item] = Average(
                item=item,
                value=table.decimal("value", 0, MOST_DAYS if unit is Unit.DAYS else MOST_PERCENT),
                unit=unit,
                place=table.text("place"),
                evidence=table.choice("evidence", Evidence),
                paragraph=table.string("paragraph"),
                note=table.text("note", required=False),
            )
            table.finish()
        return {"averages": tuple(found.values()), "year": year}

    def bulletin(self, head: Table) -> dict[str, Any]:
        """What bulletins say in words of the scheme."""
        sides = None
        if self.rulebook is not None:
            sides = [share.side for share in self.rulebook.sides]
        return {"bulletin": read_rules(head, self._known, sides)}

    def register(self, head: Table) -> dict[str, Any]:
        """What a register of cases is made of."""
        return {"register": read_register(head, self._known)}

    def supervision(self, head: Table) -> dict[str, Any]:
        """What follows a red cell."""
        return {"supervision": read_supervision(head, self._known)}

    def _known(self, table: Table, name: str, codes: Iterable[str]) -> None:
        if self.rulebook is None:
            return
        if name in {"metric", "metrics"}:
            known: Iterable[str] = self.rulebook.metrics
            template = faults.UNKNOWN_METRIC
        else:
            known, template = self.rulebook.item_by_code, faults.UNKNOWN_ITEM
        for code in codes:
            if code not in known:
                table.fault(name, template, code=code)


# What reads each kind: what it holds, by field of the supplement.
READERS: Mapping[Kind, Callable[[_Loader, Table], dict[str, Any]]] = {
    Kind.DIRECTIONS: _Loader.directions,
    Kind.AVERAGES: _Loader.averages,
    Kind.BULLETIN: _Loader.bulletin,
    Kind.REGISTER: _Loader.register,
    Kind.SUPERVISION: _Loader.supervision,
}


def _units(rulebook: Rulebook | None) -> Mapping[str, Unit]:
    """The unit of each item's value."""
    if rulebook is None:
        return {}
    context = context_of(rulebook, Month(rulebook.year, MONTHS_OF_YEAR))
    levels = [named.level for named in rulebook.levels]
    return {formula.item.code: formula.unit for level in levels for formula in plan(context, level)}
