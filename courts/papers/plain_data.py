"""Turns frozen dataclasses into plain data and back, refusing whatever does not fit. No Django.

Terms: *plain data* are dicts, lists, texts, integers and truth values, as JSON holds them. A
dataclass that stands beside others in a union carries its name under `kind`.
"""

from __future__ import annotations

import json
import unicodedata
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Plain = Any
Made = TypeVar("Made")
KIND = "kind"


class PlainDataError(ValueError):
    """Plain data that make no such object; `place` says where, as `blocks.2.runs.0`."""

    def __init__(self, place: str, fault: str) -> None:
        super().__init__(f"{place or 'document'}: {fault}")
        self.place = place
        self.fault = fault


def canonical(data: Plain) -> str:
    """Plain data as one text that is always the same: NFC, keys sorted, no blanks."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return unicodedata.normalize("NFC", text)


def to_plain(value: Any, *, with_kind: bool = False) -> Plain:
    """An object and all it holds as plain data."""
    if isinstance(value, tuple):
        return [to_plain(each, with_kind=with_kind) for each in value]
    if not is_dataclass(value):
        return value
    kind: Any = type(value)
    hints = _hints(kind)
    data = {
        field.name: to_plain(getattr(value, field.name), with_kind=_is_choice(hints[field.name]))
        for field in fields(value)
    }
    return {KIND: _kind(kind), **data} if with_kind else data


def from_plain(wanted: type[Made], data: Plain) -> Made:
    """The object of a dataclass that plain data describe. `PlainDataError`."""
    made: Made = _read(wanted, data, "")
    return made


def _read(wanted: Any, data: Plain, place: str) -> Any:
    if get_origin(wanted) is tuple:
        return _read_list(get_args(wanted), data, place)
    if get_origin(wanted) in {Union, UnionType}:
        return _read_choice(get_args(wanted), data, place)
    if is_dataclass(wanted):
        return _read_object(wanted, data, place)
    if type(data) is not wanted:
        raise PlainDataError(place, f"{wanted.__name__} expected")
    return data


def _read_list(wanted: tuple[Any, ...], data: Plain, place: str) -> tuple[Any, ...]:
    if not isinstance(data, list | tuple):
        raise PlainDataError(place, "list expected")
    return tuple(
        _read(wanted[0], each, f"{place}.{number}".lstrip(".")) for number, each in enumerate(data)
    )


def _read_choice(wanted: tuple[Any, ...], data: Plain, place: str) -> Any:
    if type(None) in wanted:
        kept = [each for each in wanted if each is not type(None)]
        return None if data is None else _read(kept[0], data, place)
    kinds = {_kind(each): each for each in wanted}
    kind = data.get(KIND) if isinstance(data, dict) else None
    if kind not in kinds:
        raise PlainDataError(place, f"{KIND} must be one of {', '.join(kinds)}")
    return _read_object(
        kinds[kind], {key: value for key, value in data.items() if key != KIND}, place
    )


def _read_object(wanted: Any, data: Plain, place: str) -> Any:
    if not isinstance(data, dict):
        raise PlainDataError(place, "object expected")
    known = {field.name: field for field in fields(wanted)}
    for name in data:
        if name not in known:
            raise PlainDataError(place, f"{name!r} unknown; known: {', '.join(known)}")
    hints = _hints(wanted)
    given = {}
    for name, field in known.items():
        if name in data:
            given[name] = _read(hints[name], data[name], f"{place}.{name}".lstrip("."))
        elif not _has_default(field):
            raise PlainDataError(place, f"{name!r} missing")
    try:
        return wanted(**given)
    except PlainDataError:
        raise
    except ValueError as error:
        raise PlainDataError(place, str(error)) from error


def _has_default(field: Field[Any]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


def _is_choice(hint: Any) -> bool:
    """Whether a value, or each value of a list, may be of several dataclasses."""
    if get_origin(hint) is tuple:
        return _is_choice(get_args(hint)[0])
    return get_origin(hint) in {Union, UnionType} and type(None) not in get_args(hint)


def _kind(wanted: Any) -> str:
    return str(wanted.__name__).lower()


@cache
def _hints(wanted: Any) -> dict[str, Any]:
    return get_type_hints(wanted)
