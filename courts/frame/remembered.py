"""Owns keeping what was computed while nothing it was computed from has changed.

The key is the data stamp, which triggers change with every row that counts: what is kept is never
older than the database was when the page began. Inside a transaction nothing is kept or taken,
because its own changes are not stamped yet. Kept in each process's memory, for one stamp alone.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar, cast

from django.db import transaction

from courts.frame.read_once import is_reading, read_once
from courts.models import DataStamp
from courts.models.prepared import Prepared

# About a year of months on both bases, the courts' own pages of the month, and what small things
# of their years pages ask for.
MOST = 512

Value = TypeVar("Value")


class _Kept:
    """What belongs to one stamp, the longest unused first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._stamp = ""
        self._values: OrderedDict[Hashable, object] = OrderedDict()

    def take(self, stamp: str, key: Hashable) -> tuple[object] | None:
        with self._lock:
            if stamp != self._stamp or key not in self._values:
                return None
            self._values.move_to_end(key)
            return (self._values[key],)

    def put(self, stamp: str, key: Hashable, value: object) -> None:
        with self._lock:
            if stamp != self._stamp:
                self._stamp, self._values = stamp, OrderedDict()
            self._values[key] = value
            while len(self._values) > MOST:
                self._values.popitem(last=False)


_kept = _Kept()
_words = Prepared(lambda: DataStamp.objects.order_by("pk").values_list("value", flat=True))


def stamp_of_now() -> str:
    """The data's stamp; empty inside a transaction, and before anything was stamped. One query."""
    if _is_inside():
        return ""
    return " ".join(_words())


def stamp_of_page() -> str:
    """The data's stamp from when the page first asked; empty where no page only reads.

    Whoever reads rows that much is computed from, such as the years, asks for it before.
    """
    return read_once("stamp", stamp_of_now) if is_reading() else ""


def remembered(stamp: str, key: Hashable, make: Callable[[], Value]) -> Value:
    """What `make` answers, made anew after any change; `key` names it and all it depends on.

    `stamp` was read before anything that `make` uses was, such as the year itself. Besides the
    stamped rows the answer may depend on the key alone: language, account and day are part of it
    where they matter. No query when it is kept, one more than those of `make` when it is made.
    """
    if not stamp or _is_inside():
        return make()
    found = _kept.take(stamp, key)
    if found is not None:
        return cast(Value, found[0])
    value = make()
    # Rows that changed meanwhile may be in it or not.
    if stamp_of_now() == stamp:
        _kept.put(stamp, key, value)
    return value


def _is_inside() -> bool:
    """Whether a transaction is open; its own changes have no stamp yet."""
    return transaction.get_connection().in_atomic_block
