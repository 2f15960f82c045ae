"""Owns keeping what was computed while nothing it was computed from has changed.

The key is the data stamp, which triggers change with every row that counts: what is kept is never
older than the database was when the page began. Inside a transaction nothing is kept or taken,
because its own changes are not stamped yet. Kept in each process's memory, for the last stamp of
each prefecture alone: what one of them writes leaves what was computed for the others.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache
from threading import Lock
from typing import Any, TypeVar, cast

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import BigAutoField, Q, QuerySet

from courts import database_clock
from courts.frame.read_once import once_made, page_request, read_once
from courts.frame.stamping import EVERYBODY, tables
from courts.models import DataStamp
from courts.models.prepared import Prepared, PreparedByKey, QueryValue
from courts.permissions import root_key

# About a year of months on both bases, the courts' own pages of the month, and what small things
# of their years pages ask for.
MOST = 1024
# Between a prefecture and the words of its stamp.
OF = ":"

Value = TypeVar("Value")
Row = TypeVar("Row")


class _Kept:
    """What belongs to the last stamp of each prefecture, the longest unused first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._stamps: dict[str, str] = {}
        self._values: OrderedDict[tuple[str, Hashable], object] = OrderedDict()

    def take(self, stamp: str, key: Hashable) -> tuple[object] | None:
        whose = _whose(stamp)
        with self._lock:
            if self._stamps.get(whose) != stamp or (whose, key) not in self._values:
                return None
            self._values.move_to_end((whose, key))
            return (self._values[whose, key],)

    def put(self, stamp: str, key: Hashable, value: object) -> None:
        whose = _whose(stamp)
        with self._lock:
            if self._stamps.get(whose) != stamp:
                for old in [one for one in self._values if one[0] == whose]:
                    del self._values[old]
                self._stamps[whose] = stamp
            self._values[whose, key] = value
            while len(self._values) > MOST:
                self._values.popitem(last=False)


def _whose(stamp: str) -> str:
    return stamp.partition(OF)[0]


_kept = _Kept()
# The queries of some accounts and prefectures.
_queries = PreparedByKey(most=512)


def _words_of(root: QueryValue) -> QuerySet[Any, str]:
    return _words_in_order().filter(Q(root=EVERYBODY) | Q(root=root))


def _words_in_order() -> QuerySet[Any, str]:
    return DataStamp.objects.order_by("pk").values_list("value", flat=True)


_own_words = Prepared(_words_of, BigAutoField)
_all_words = Prepared(_words_in_order)


def stamp_of_now(root: int | None = None) -> str:
    """The stamp of a prefecture's data, by its intermediate court's key, or of all data. One query.

    Empty inside a transaction, and before anything was stamped.
    """
    if _is_inside():
        return ""
    words = _all_words() if root is None else _own_words(root)
    return f"{root or ''}{OF}{' '.join(words)}" if words else ""


def stamp_of_page() -> str:
    """The data's stamp from when the page first asked; empty where no page only reads.

    It is that of the prefecture of whoever asks, as nobody is shown another's; of all data for who
    stands outside the prefectures, and where a token asks. Whoever reads rows that much is computed
    from, such as the years, asks for it before.
    """
    request = page_request()
    if request is None:
        return ""
    return read_once("stamp", lambda: stamp_of_now(root_key(getattr(request, "user", None))))


def remembered(stamp: str, key: Hashable, make: Callable[[], Value]) -> Value:
    """What `make` answers, made anew after any change; `key` names it and all it depends on.

    `stamp` was read before anything that `make` uses was, such as the year itself. Besides the
    stamped rows the answer may depend on the key alone: language, account and day are part of it
    where they matter. No query when it is kept; one more than those of `make` when it is made, on a
    page one more for all that was made for it.
    """
    if not stamp or _is_inside():
        return make()
    found = _kept.take(stamp, key)
    if found is not None:
        return cast(Value, found[0])
    made = read_once(("made", stamp), lambda: _made_under(stamp))
    if key not in made:
        made[key] = make()
    value = cast(Value, made[key])
    if page_request() is None:
        _keep(stamp, made)
    return value


def _made_under(stamp: str) -> dict[Hashable, object]:
    """What is made for a page is kept for others at its end."""
    made: dict[Hashable, object] = {}
    once_made(lambda: _keep(stamp, made))
    return made


def _keep(stamp: str, made: Mapping[Hashable, object]) -> None:
    """Keep what was made, unless rows changed meanwhile, which may be in it or not. One query."""
    whose = _whose(stamp)
    if stamp_of_now(int(whose) if whose else None) == stamp:
        for key, value in made.items():
            _kept.put(stamp, key, value)


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
