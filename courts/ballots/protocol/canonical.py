"""How things are written: canonical JSON and lower-case hex; the parser lets nothing else by."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from courts.ballots.protocol.group import P, Q, checked_element
from courts.ballots.protocol.refused import ProtocolError

LARGEST_INTEGER = 2**53
_NUMBER = re.compile(r"0|[1-9a-f][0-9a-f]*", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_SLOT = re.compile(r"[0-9a-f]{32}", re.ASCII)
_SURROGATE = re.compile("[\ud800-\udfff]")
# The longest number is an element's 1024 digits.
_LONGEST_NUMBER = (P.bit_length() + 3) // 4


def canonical(data: object) -> bytes:
    """Sorted keys, no spaces, UTF-8 unescaped."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def parse(raw: bytes) -> Any:
    """Strict JSON: no repeated key, no fraction, no truth value, no lone surrogate.

    Null stands for sums that are not there yet; whoever reads anything else wants a type.
    """
    try:
        data = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_distinct,
            parse_float=_never,
            parse_constant=_never,
        )
        _check_values(data)
    except ProtocolError:
        raise
    except (ValueError, RecursionError) as error:
        raise ProtocolError("json", "this is not JSON in UTF-8") from error
    return data


def parse_canonical(raw: bytes, what: str) -> Any:
    """Strict JSON, written as `canonical` writes it."""
    data = parse(raw)
    if canonical(data) != raw:
        raise ProtocolError("json", f"{what} is not canonical JSON")
    return data


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ProtocolError("json", "a key is repeated")
    return found


def _never(text: str) -> Any:
    raise ProtocolError("json", f"{text[:20]} is not an integer")


def _check_values(data: Any) -> None:
    if isinstance(data, str):
        text(data, "a string")
    elif isinstance(data, bool):
        raise ProtocolError("json", "no truth values")
    elif isinstance(data, int):
        if abs(data) >= LARGEST_INTEGER:
            raise ProtocolError("json", "an integer is too large")
    elif isinstance(data, list):
        for one in data:
            _check_values(one)
    elif data is not None:
        for key, value in data.items():
            text(key, "a key")
            _check_values(value)


def record(data: Any, keys: Iterable[str], what: str) -> Mapping[str, Any]:
    """An object with exactly these keys."""
    wanted = set(keys)
    if not isinstance(data, dict) or set(data) != wanted:
        raise ProtocolError(
            "shape", f"{what} has the keys {', '.join(sorted(wanted))} and no other"
        )
    return data


def array(data: Any, what: str, length: int | None = None) -> Sequence[Any]:
    """A list, of exactly this length if one is given."""
    if not isinstance(data, list) or (length is not None and len(data) != length):
        raise ProtocolError("shape", f"{what} is a list" + (f" of {length}" if length else ""))
    return data


def text(data: Any, what: str) -> str:
    """A string that has bytes."""
    if not isinstance(data, str) or _SURROGATE.search(data):
        raise ProtocolError("text", f"{what} is text without lone surrogates")
    return data


def integer(data: Any, what: str) -> int:
    """An integer; True is none."""
    if not isinstance(data, int) or isinstance(data, bool) or abs(data) >= LARGEST_INTEGER:
        raise ProtocolError("integer", f"{what} is an integer")
    return data


def number_text(number: int) -> str:
    """A number as it travels."""
    return format(number, "x")


def number(data: Any, what: str) -> int:
    """A number that travelled: lower-case hex without leading zeros."""
    if not isinstance(data, str) or len(data) > _LONGEST_NUMBER or not _NUMBER.fullmatch(data):
        raise ProtocolError("number", f"{what} is lower-case hex without leading zeros")
    return int(data, 16)


def scalar(data: Any, what: str) -> int:
    """A number below q."""
    value = number(data, what)
    if value >= Q:
        raise ProtocolError("number", f"{what} is below q")
    return value


def element(data: Any, what: str) -> int:
    """A number in the subgroup."""
    return checked_element(number(data, what), what)


def hash_text(data: Any, what: str) -> str:
    """64 hex digits."""
    if not isinstance(data, str) or not _HASH.fullmatch(data):
        raise ProtocolError("hash", f"{what} is 64 lower-case hex digits")
    return data


def slot_text(data: Any, what: str) -> str:
    """32 hex digits."""
    if not isinstance(data, str) or not _SLOT.fullmatch(data):
        raise ProtocolError("slot", f"{what} is 32 lower-case hex digits")
    return data
