"""A rulebook as text: where each value stands, one value changed in place, how two texts differ.

An edition is its text, comments and spacing included, so an edit puts a new value where the old
one stood and leaves every other byte alone. Whatever this module finds is compared with what
`tomllib` reads: a file it cannot place exactly has no places, and is edited as a whole.

Terms: the *key* of a value is its path as faults name it, `items[L1].rule.per_percent`; a side
goes by its name too.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import unified_diff
from typing import Any

Step = str | int
Path = tuple[Step, ...]
# An entry of a list is a text, or a table such as a metric with its weight.
Entry = str | Mapping[str, Any]
Value = str | bool | int | Decimal | tuple[Entry, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^\s,\]}#]+")
_BLANK = re.compile(r"[ \t]*")
# Blanks, line ends and comments, as they may stand between the parts of a list.
_GAP = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRINGS = (
    re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}', re.DOTALL),
    re.compile(r"'''.*?'{3,5}", re.DOTALL),
    re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    re.compile(r"'[^'\n]*'"),
)
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


@dataclass(frozen=True, slots=True)
class Place:
    """One value of a file: its path, its key, the value, and where its text stands."""

    path: Path
    key: str
    value: Value
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that two texts do not share; None where a text has no such value."""

    file: str
    key: str
    before: str | None
    after: str | None


class _UnplacedError(Exception):
    """A construct that this module does not follow."""


def places(text: str) -> tuple[Place, ...]:
    """The values of a file with their places; none for a file that cannot be followed."""
    try:
        data = _parsed(text)
        found = list(_Scanner(text).scan())
        read = {path: _read(text[start:end]) for path, start, end in found}
    except (tomllib.TOMLDecodeError, RecursionError, _UnplacedError):
        return ()
    expected = dict(_leaves(data, ()))
    if read != expected or any(type(read[path]) is not type(expected[path]) for path in read):
        return ()
    return tuple(
        Place(path, _key(data, path), expected[path], start, end) for path, start, end in found
    )


def with_value(text: str, path: Path, value: Value) -> str:
    """The text with one value replaced; KeyError for a path that has no place."""
    for place in places(text):
        if place.path == path:
            return text[: place.start] + written(value) + text[place.end :]
    raise KeyError(path)


def written(value: Value) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        escaped = "".join(
            _ESCAPES.get(sign) or (sign if sign.isprintable() else f"\\U{ord(sign):08x}")
            for sign in value
        )
        return f'"{escaped}"'
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_entry, value)) + "]"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _entry(entry: Entry) -> str:
    if isinstance(entry, str):
        return written(entry)
    return "{ " + ", ".join(f"{name} = {written(value)}" for name, value in entry.items()) + " }"


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Difference, ...]:
    """Value by value what two rulebooks do not share, in the order of the later text.

    A file that is no TOML counts as one value without a key.
    """
    found = []
    for name in dict.fromkeys([*before, *after]):
        old, new = _keyed(before.get(name)), _keyed(after.get(name))
        found += [
            Difference(name, key, old.get(key), new.get(key))
            for key in dict.fromkeys([*new, *old])
            if old.get(key) != new.get(key)
        ]
    return tuple(found)


def unified(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """The differences line by line, with three lines around each."""
    lines: list[str] = []
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name, ""), after.get(name, "")
        lines += unified_diff(
            old.splitlines(), new.splitlines(), f"a/{name}", f"b/{name}", lineterm=""
        )
    return "\n".join(lines)


def top_value(text: str, name: str) -> object:
    """What a file says under one key of its top; None when it says nothing or is no TOML."""
    try:
        return _parsed(text).get(name)
    except (tomllib.TOMLDecodeError, RecursionError):
        return None


def _parsed(text: str) -> dict[str, Any]:
    return tomllib.loads(text, parse_float=Decimal)


def _read(text: str) -> Any:
    value = _parsed(f"value = {text}")["value"]
    return tuple(value) if isinstance(value, list) else value


def _leaves(data: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Every value of parsed TOML that is no table; a list of texts is one value."""
    if isinstance(data, dict):
        for name, inner in data.items():
            yield from _leaves(inner, (*path, name))
    elif isinstance(data, list) and data and all(isinstance(one, dict) for one in data):
        for number, inner in enumerate(data):
            yield from _leaves(inner, (*path, number))
    else:
        yield path, tuple(data) if isinstance(data, list) else data


def _key(data: Any, path: Path) -> str:
    """The key of a path, as faults name it: a table of a list by its code, else by its number."""
    key = ""
    for step in path:
        data = data[step]
        if isinstance(step, int):
            label = data.get("code") or data.get("value") or data.get("side")
            key += f"[{label}]" if isinstance(label, str) else f"[{step + 1}]"
        else:
            key += f".{step}" if key else step
    return key


def _keyed(text: str | None) -> dict[str, str]:
    """The values of a file by key, as TOML writes them."""
    if text is None:
        return {}
    try:
        data = _parsed(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {"": text}
    found: dict[str, str] = {}
    for path, value in _leaves(data, ()):
        key = _key(data, path)
        while key in found:
            key += "′"
        found[key] = (
            written(value) if isinstance(value, str | bool | int | Decimal | tuple) else str(value)
        )
    return found


class _Scanner:
    """One walk through a file; yields paths with the places of their values."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.counts: dict[Path, int] = {}
        self.table: Path = ()

    def scan(self) -> Iterator[tuple[Path, int, int]]:
        while self._skip(_GAP):
            if self.text.startswith("[", self.at):
                self._header()
            else:
                name = self._word(_BARE)
                self._skip(_BLANK)
                self._sign("=")
                self._skip(_BLANK)
                yield from self._value((*self.table, name))

    def _header(self) -> None:
        is_list = self.text.startswith("[[", self.at)
        self._sign("[[" if is_list else "[")
        names = [self._word(_BARE)]
        while self.text.startswith(".", self.at):
            self._sign(".")
            names.append(self._word(_BARE))
        self._sign("]]" if is_list else "]")
        path: Path = ()
        for number, name in enumerate(names, start=1):
            path = (*path, name)
            if is_list and number == len(names):
                self.counts[path] = self.counts.get(path, 0) + 1
            if path in self.counts:
                path = (*path, self.counts[path] - 1)
        self.table = path

    def _value(self, path: Path) -> Iterator[tuple[Path, int, int]]:
        if self.text.startswith("{", self.at):
            yield from self._inline(path)
            return
        start = self.at
        if self.text.startswith("[", self.at):
            tables = self._list(path)
            if tables is not None:
                yield from tables
                return
        elif not self._string():
            self._word(_SCALAR)
        yield path, start, self.at

    def _inline(self, path: Path) -> Iterator[tuple[Path, int, int]]:
        self._sign("{")
        self._skip(_BLANK)
        while not self.text.startswith("}", self.at):
            name = self._word(_BARE)
            self._skip(_BLANK)
            self._sign("=")
            self._skip(_BLANK)
            yield from self._value((*path, name))
            self._skip(_BLANK)
            if self.text.startswith(",", self.at):
                self._sign(",")
                self._skip(_BLANK)
        self._sign("}")

    def _list(self, path: Path) -> list[tuple[Path, int, int]] | None:
        """Go past a list; the values of its tables where it has nothing else, None otherwise."""
        found: list[tuple[Path, int, int]] = []
        number, has_texts = 0, False
        self._sign("[")
        self._skip(_GAP)
        while not self.text.startswith("]", self.at):
            if self.text.startswith("{", self.at):
                found += self._inline((*path, number))
            elif self._string():
                has_texts = True
            else:
                raise _UnplacedError
            number += 1
            self._skip(_GAP)
            if self.text.startswith(",", self.at):
                self._sign(",")
                self._skip(_GAP)
        self._sign("]")
        return None if has_texts or not number else found

    def _string(self) -> bool:
        return any(self._match(pattern) for pattern in _STRINGS)

    def _word(self, pattern: re.Pattern[str]) -> str:
        start = self.at
        if not self._match(pattern):
            raise _UnplacedError
        return self.text[start : self.at]

    def _sign(self, sign: str) -> None:
        if not self.text.startswith(sign, self.at):
            raise _UnplacedError
        self.at += len(sign)

    def _match(self, pattern: re.Pattern[str]) -> bool:
        found = pattern.match(self.text, self.at)
        if found is None:
            return False
        self.at = found.end()
        return True

    def _skip(self, pattern: re.Pattern[str]) -> bool:
        """Go past what the pattern matches; whether anything is left."""
        self._match(pattern)
        return self.at < len(self.text)
