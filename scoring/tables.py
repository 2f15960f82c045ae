"""Strict reading of TOML tables: every key accounted for, every fault collected.

A reader hands back a stand-in for a value it cannot read, so that reading goes on and all faults of
a rulebook come to light at once; the loader never returns a rulebook that had any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from scoring import faults
from scoring.faults import Fault
from scoring.rounding import PLACES
from scoring.schema import Text

E = TypeVar("E", bound=StrEnum)

# Lower-case letters, digits, underscores.
CODE = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
# What the office's own targets may have; more would be a slip, and could be a number without end.
MOST_DECIMALS = 4

TYPE_NAMES = {
    str: "文字",
    bool: "true或false",
    int: "整数",
    Decimal: "数值",
    list: "列表",
    dict: "表",
}


class Table:
    """One TOML table with its place in the file; faults go to the shared list."""

    def __init__(self, data: Mapping[str, Any], file: str, place: str, found: list[Fault]) -> None:
        self.data = data
        self.file = file
        self.place = place
        self._found = found
        self._known: dict[str, None] = {}

    def key(self, name: str) -> str:
        return f"{self.place}.{name}" if self.place else name

    def fault(self, name: str, template: str, **values: object) -> None:
        self._found.append(Fault(self.file, self.key(name), template, values))

    def has(self, name: str) -> bool:
        self._known[name] = None
        return name in self.data

    def _get(self, name: str, kind: type, *, required: bool = True) -> Any:
        self._known[name] = None
        if name not in self.data:
            if required:
                self.fault(name, faults.MISSING_KEY)
            return None
        value = self.data[name]
        if kind is Decimal and isinstance(value, int) and not isinstance(value, bool):
            value = Decimal(value)
        if type(value) is not kind:
            self.fault(
                name,
                faults.WRONG_TYPE,
                expected=TYPE_NAMES[kind],
                found=TYPE_NAMES.get(type(value), str(value)),
            )
            return None
        return value

    def string(self, name: str, *, required: bool = True) -> str:
        value: str | None = self._get(name, str, required=required)
        if value is not None and not value.strip():
            self.fault(name, faults.EMPTY)
        return value or ""

    def code(self, name: str, pattern: re.Pattern[str], example: str) -> str:
        value = self.string(name)
        if value and not pattern.fullmatch(value):
            self.fault(name, faults.BAD_CODE, found=value, example=example)
        return value

    def boolean(self, name: str) -> bool:
        return bool(self._get(name, bool, required=False))

    def integer(self, name: str, low: int, high: int) -> int:
        value: int | None = self._get(name, int)
        if value is None:
            return low
        if not low <= value <= high:
            self.fault(name, faults.OUT_OF_RANGE, found=value, low=low, high=high)
        return value

    def decimal(self, name: str, low: int, high: int) -> Decimal:
        """A number within limits, both included; integers are taken as they are."""
        value: Decimal | None = self._get(name, Decimal)
        if value is None:
            return Decimal(max(low, 0))
        if not value.is_finite() or not low <= value <= high:
            self.fault(name, faults.OUT_OF_RANGE, found=value, low=low, high=high)
            return Decimal(max(low, 0))
        if int(value.as_tuple().exponent) < -MOST_DECIMALS:
            self.fault(name, faults.TOO_PRECISE, found=value, most=MOST_DECIMALS)
            return Decimal(max(low, 0))
        return value

    def points(self, name: str, high: int, least: Decimal | None = None) -> Decimal:
        """Points: more than nothing, two decimals at most, since they are printed so.

        `least` is the least they may be, where that is not a hundredth.
        """
        value = self.decimal(name, 0, high)
        if name in self.data and value == 0 and least is None:
            self.fault(name, faults.OUT_OF_RANGE, found=value, low="0.01", high=high)
        if value * 100 % 1:
            self.fault(name, faults.TOO_PRECISE, found=value, most=PLACES)
        return value

    def strings(self, name: str, *, required: bool = True) -> tuple[str, ...]:
        value: list[Any] | None = self._get(name, list, required=required)
        if value is None:
            return ()
        if not value:
            self.fault(name, faults.EMPTY)
        for entry in value:
            if not isinstance(entry, str):
                self.fault(name, faults.WRONG_TYPE, expected=TYPE_NAMES[str], found=entry)
        return tuple(entry for entry in value if isinstance(entry, str))

    def choice(self, name: str, kind: type[E], default: E | None = None) -> E:
        value = self.string(name, required=default is None)
        if value in {member.value for member in kind}:
            return kind(value)
        if value:
            known = tuple(member.value for member in kind)
            self.fault(name, faults.UNKNOWN_VALUE, found=value, known=known)
        return default or next(iter(kind))

    def one_of(self, name: str, known: Sequence[str], *, required: bool = True) -> str:
        """One of the codes that the rulebook itself has; empty where there is none."""
        value = self.string(name, required=required)
        if value and value not in known:
            self.fault(name, faults.UNKNOWN_VALUE, found=value, known=tuple(known))
            return ""
        return value

    def text(self, name: str, *, required: bool = True) -> Text:
        """A text in up to three languages, `{ zh = …, ko = …, en = … }`."""
        value: dict[str, Any] | None = self._get(name, dict, required=required)
        if value is None:
            return Text("")
        inner = Table(value, self.file, self.key(name), self._found)
        text = Text(
            inner.string("zh"),
            inner.string("ko", required=False),
            inner.string("en", required=False),
        )
        inner.finish()
        return text

    def table(self, name: str) -> Table:
        value: dict[str, Any] | None = self._get(name, dict)
        return Table(value or {}, self.file, self.key(name), self._found)

    def tables(self, name: str, *, required: bool = True) -> Iterator[Table]:
        value: list[Any] | None = self._get(name, list, required=required)
        for number, entry in enumerate(value or (), start=1):
            place = f"{self.key(name)}[{number}]"
            if isinstance(entry, dict):
                label = entry.get("code") or entry.get("value")
                named = f"{self.key(name)}[{label}]" if isinstance(label, str) else place
                yield Table(entry, self.file, named, self._found)
            else:
                self._found.append(
                    Fault(
                        self.file,
                        place,
                        faults.WRONG_TYPE,
                        {"expected": TYPE_NAMES[dict], "found": entry},
                    )
                )

    def finish(self) -> None:
        """Report every key that no reader asked for."""
        known = tuple(self._known)
        for name in self.data:
            if name not in self._known:
                self.fault(name, faults.UNKNOWN_KEY, known=known)
