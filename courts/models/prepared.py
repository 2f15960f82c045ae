"""Owns queries that are asked with every request: Django makes their SQL once, not each time.

Making the SQL takes longer than the answer of the database. What is asked stays an ordinary
queryset, written once, with a `QueryValue` for each value that a request brings. Nothing is kept
of an answer: every call asks the database.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from threading import local
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Field, QuerySet, prefetch_related_objects
from django.db.models.expressions import Expression

Row = TypeVar("Row")


class QueryValue(Expression):
    """The place of a value in a prepared query; `field` says how the database takes the value."""

    def __init__(self, place: int, field: Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.place = place

    def as_sql(self, *_compiling: Any, **_options: Any) -> tuple[str, Any]:
        return "%s", (self,)


@dataclass(slots=True)
class _Made(Generic[Row]):
    """The SQL on one connection, and what it is asked with at the moment."""

    rows: QuerySet[Any, Row]
    compiler: Any
    sql: str
    parts: Sequence[Any]
    values: tuple[Any, ...] = ()

    def as_sql(self, *_compiling: Any, **_options: Any) -> tuple[str, tuple[Any, ...]]:
        return self.sql, self.values

    @property
    def is_current(self) -> bool:
        """Whether the connection it was made for is still the thread's."""
        return self.compiler.connection is connections[self.rows.db]

    def ask(self, given: Sequence[Any]) -> list[Row]:
        connection = self.compiler.connection
        self.values = tuple(
            part.output_field.get_db_prep_value(given[part.place], connection)
            if isinstance(part, QueryValue)
            else part
            for part in self.parts
        )
        # Not over the queryset itself, which would keep its first answer.
        rows: Any = self.rows
        return list(rows._iterable_class(rows))


class Prepared(Generic[Row]):
    """A query of which only the given values change from call to call.

    `write` makes the queryset from a `QueryValue` for each of the fields, in their order. Each
    thread makes the SQL for itself, because it has a connection of its own.
    """

    def __init__(
        self, write: Callable[..., QuerySet[Any, Row]], *fields: Callable[[], Field[Any, Any]]
    ) -> None:
        self._write, self._fields = write, fields
        self._local = local()

    def __call__(self, *values: Any) -> list[Row]:
        """The rows for these values, one for each field. One query."""
        if len(values) != len(self._fields):
            raise TypeError(f"The query takes {len(self._fields)} values, not {len(values)}.")
        return self._made().ask(values)

    def _made(self) -> _Made[Row]:
        # By database: what a replica is asked is made for its own connection.
        held: dict[str, _Made[Row]] = self._local.__dict__.setdefault("made", {})
        made = next((held.get(one.rows.db) for one in held.values()), None)
        if made is None or not made.is_current:
            given = (QueryValue(place, field()) for place, field in enumerate(self._fields))
            made = _make(self._write(*given))
            held[made.rows.db] = made
        return made


class PreparedByKey:
    """Queries that are known by a key, which names all they are written from: no value is given.

    For queries of which the number of values changes, such as the keys of several years. Of each
    thread the last ones are kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._local = local()

    def __call__(self, key: Hashable, write: Callable[[], QuerySet[Any, Row]]) -> list[Row]:
        """The rows, with what the query prefetches. One query, one more for each of those."""
        kept: OrderedDict[Hashable, _Made[Row]] = self._local.__dict__.setdefault(
            "kept", OrderedDict()
        )
        made = kept.pop(key, None)
        if made is None or not made.is_current:
            try:
                made = _make(write())
            except EmptyResultSet:
                return []
        kept[key] = made
        while len(kept) > self._most:
            kept.popitem(last=False)
        found: list[Any] = made.ask(())
        rows: Any = made.rows
        prefetch_related_objects(found, *rows._prefetch_related_lookups)
        return found


def _make(rows: QuerySet[Any, Row]) -> _Made[Row]:
    query: Any = rows.query
    compiler = query.get_compiler(using=rows.db)
    made = _Made(rows, compiler, *compiler.as_sql())
    # Django asks the query for a compiler, and the compiler for the SQL, each time anew.
    compiler.as_sql = made.as_sql
    query.get_compiler = lambda *_using, **_options: compiler
    return made
