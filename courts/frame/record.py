"""Owns what the record's chain is made of: the digest of a row and the link of an entry.

What is digested of which table stands in `courts.frame.streams`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from courts.frame.streams import Stream

# The link before the first.
BEGINNING = "0" * 64
# What a check of an area's own finds, in words.
Check = Callable[[], Iterator[str]]
CHECKS: list[Check] = []


def record_check(check: Check) -> Check:
    """Register what an area can tell by itself: rows that must follow from others of the record.

    It stands in the area's module `record_checks`, which `courts.apps` imports.
    """
    CHECKS.append(check)
    return check


def digest_of(stream: str, row_id: int, values: Mapping[str, Any], salt: str) -> str:
    """The digest of a row's plain values and its salt."""
    text = json.dumps([stream, row_id, dict(values)], sort_keys=True, ensure_ascii=False)
    return sha256(f"{salt}\n{text}".encode()).hexdigest()


def link_of(
    before: str, seq: int, stream: str, row_id: int, digest: str, at: datetime, version: int = 0
) -> str:
    """The link of an entry, which stands for it and for all before it."""
    moment = at.astimezone(UTC).isoformat()
    # Entries that were sealed before there were versions keep their links.
    row = f"{row_id}@{version}" if version else f"{row_id}"
    return sha256(f"{before}|{seq}|{stream}|{row}|{digest}|{moment}".encode()).hexdigest()


def values_of(stream: Stream, pks: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The digested columns of rows that are there, plain, by their keys; files as their digest."""
    rows: Any = stream.rows.filter(pk__in=list(pks)).order_by()
    found: dict[int, dict[str, Any]] = {}
    for values in rows.values("pk", *stream.columns).iterator(chunk_size=100):
        pk = values.pop("pk")
        found[pk] = {name: _plain(value) for name, value in values.items()}
    return found


def _plain(value: Any) -> Any:
    """A value as JSON has it, the same from either database."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, bytes | memoryview):
        return sha256(value).hexdigest()
    return value
