"""Owns keeping what was computed while nothing it was computed from has changed.

The key is the data stamp, which triggers change with every row that counts: what is kept is never
older than the database was when the page began. Inside a transaction nothing is kept or taken,
because its own changes are not stamped yet. Kept in each process's memory, for one stamp alone.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from functools import cache
from threading import Lock
from typing import Any, TypeVar, cast

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet

from courts import database_clock
from courts.frame.read_once import is_reading, read_once
from courts.frame.stamping import tables
from courts.models import DataStamp
from courts.models.prepared import Prepared, PreparedByKey

# About a year of months on both bases, the courts' own pages of the month, and what small things
# of their years pages ask for.
MOST = 1024

Value = TypeVar("Value")
Row = TypeVar("Row")


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
# The queries of some accounts and prefectures.
_queries = PreparedByKey(most=512)
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


def remembered_rows(key: Hashable, write: Callable[[], QuerySet[Any, Row]]) -> Sequence[Row]:
    """The rows of a query, kept while nothing changed where every table it reads is stamped.

    `key` names the query and all that it is written from; under it its SQL is made once a process.
    Rows may be shared with other pages of the day: nobody changes them, and what is cached on them
    is of stamped rows or of the day. What is not kept, such as what asks for the time, is read once
    a page. One query and one for each relation that is prefetched, none when they are kept.
    """
    return read_once(("rows", key), lambda: _rows(key, write))


def prepared_rows(key: Hashable, write: Callable[[], QuerySet[Any, Row]]) -> Sequence[Row]:
    """The rows of a query, always read anew: for many of which only what is made of them is kept.

    `key` as for `remembered_rows`.
    """
    return _queries(key, write)


def _rows(key: Hashable, write: Callable[[], QuerySet[Any, Row]]) -> Sequence[Row]:
    stamp = stamp_of_page()
    on = _queries.hangs_on(key, write) if stamp else frozenset()
    if not on or not on <= _stamped():
        return _queries(key, write)
    day = database_clock.today()
    return remembered(stamp, ("rows", key, day), lambda: tuple(_queries(key, write)))


@cache
def _stamped() -> frozenset[str]:
    # The groups are those of the roles: migrations alone write them.
    return frozenset(tables().values()) | {Group._meta.db_table}


def _is_inside() -> bool:
    """Whether a transaction is open; its own changes have no stamp yet."""
    return transaction.get_connection().in_atomic_block
