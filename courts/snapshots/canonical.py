"""How a snapshot is written: canonical JSON, one way to write the same values, and its bounds.

Values are texts, integers, truth values, null, lists and objects. Points and percents are texts
with their decimals, exact values `p/q`: no float ever stands in a snapshot.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

# Far above a thousand courts; a text above it is refused before it is read.
MOST_BYTES = 64 * 1024 * 1024
MOST_DEPTH = 24
LARGEST_INTEGER = 2**53
_SURROGATE = re.compile("[\ud800-\udfff]")


class SnapshotError(Exception):
    """A text that is no snapshot; `code` names the fault, the message tells it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def canonical(data: object) -> str:
    """Sorted keys, no blanks, letters unescaped."""
    return json.dumps(
        data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )


def digest(data: object) -> str:
    """SHA-256 over the canonical text, in hex."""
    return hashlib.sha256(canonical(data).encode()).hexdigest()


def composed(data: Any) -> Any:
    """The same values with texts in the composed form (NFC), tuples as lists."""
    if isinstance(data, str):
        return unicodedata.normalize("NFC", data)
    if isinstance(data, Mapping):
        return {composed(key): composed(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [composed(value) for value in data]
    return data


def read(raw: bytes) -> Any:
    """The values of a canonical text; `SnapshotError` for anything else, and for too much."""
    if len(raw) > MOST_BYTES:
        raise SnapshotError("too_much", f"more than {MOST_BYTES} bytes")
    try:
        text = raw.decode("utf-8")
        data = json.loads(
            text, object_pairs_hook=_distinct, parse_float=_never, parse_constant=_never
        )
    except SnapshotError:
        raise
    except (ValueError, RecursionError) as error:
        raise SnapshotError("json", "this is not JSON in UTF-8") from error
    check_values(data)
    if canonical(data) != text.rstrip("\n"):
        raise SnapshotError("json", "this is not canonical JSON")
    return data


def check_values(data: Any, depth: int = 0) -> None:
    """Refuse floats, large integers, lone surrogates, and what is nested too deeply."""
    if depth > MOST_DEPTH:
        raise SnapshotError("too_much", f"nested more than {MOST_DEPTH} deep")
    if data is None or isinstance(data, bool):
        return
    if isinstance(data, str):
        if _SURROGATE.search(data):
            raise SnapshotError("text", "a text has a lone surrogate")
    elif isinstance(data, int):
        if abs(data) >= LARGEST_INTEGER:
            raise SnapshotError("integer", "an integer is too large")
    elif isinstance(data, list):
        for value in data:
            check_values(value, depth + 1)
    elif isinstance(data, dict):
        for key, value in data.items():
            if not isinstance(key, str):
                raise SnapshotError("shape", "a key is not a text")
            check_values(key, depth + 1)
            check_values(value, depth + 1)
    else:
        raise SnapshotError("shape", f"{type(data).__name__} has no place in a snapshot")


def record(data: Any, what: str, *keys: str) -> dict[str, Any]:
    """An object that has at least these keys."""
    if not isinstance(data, dict):
        raise SnapshotError("shape", f"{what} is an object")
    missing = [key for key in keys if key not in data]
    if missing:
        raise SnapshotError("shape", f"{what} lacks {', '.join(missing)}")
    return data


def array(data: Any, what: str) -> list[Any]:
    """A list."""
    if not isinstance(data, list):
        raise SnapshotError("shape", f"{what} is a list")
    return data


def text(data: Any, what: str) -> str:
    """A text."""
    if not isinstance(data, str):
        raise SnapshotError("shape", f"{what} is a text")
    return data


def integer(data: Any, what: str) -> int:
    """An integer; a truth value is none."""
    if not isinstance(data, int) or isinstance(data, bool):
        raise SnapshotError("shape", f"{what} is an integer")
    return data


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise SnapshotError("json", "a key is repeated")
    return found


def _never(text: str) -> Any:
    raise SnapshotError("json", f"{text[:20]} is not an integer")
