"""Owns queries that are asked with every request: Django makes their SQL once, not each time.

Making the SQL takes longer than the answer of the database. What is asked stays an ordinary
queryset, written once, with a `QueryValue` for each value that a request brings. Nothing is kept
of an answer: every call asks the database.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from threading import local
from typing import Any, Generic, TypeVar

from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Field, QuerySet, prefetch_related_objects
from django.db.models.constants import LOOKUP_SEP
from django.db.models.expressions import Expression
from django.utils.functional import cached_property

Row = TypeVar("Row")
# What a query hangs on that asks for the time.
CLOCK = "clock"
_ASKS_THE_TIME = re.compile(
    r"\b(CURRENT_(TIME|DATE|TIMESTAMP)|STATEMENT_TIMESTAMP|NOW)\b", re.IGNORECASE
)


class QueryValue(Expression):
    """The place of a value in a prepared query; `field` says how the database takes the value."""

    def __init__(self, place: int, field: Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.place = place

    def as_sql(self, *_compiling: Any, **_options: Any) -> tuple[str, Any]:
        return "%s", (self,)


@dataclass
class _Made(Generic[Row]):
    """The SQL on one connection, and what it is asked with at the moment."""

    rows: QuerySet[Any, Row]
    compiler: Any
    sql: str
    parts: Sequence[Any]
    values: tuple[Any, ...] = ()

    def as_sql(self, *_compiling: Any, **_options: Any) -> tuple[str, tuple[Any, ...]]:
        return self.sql, self.values

    @cached_property
    def hangs_on(self) -> frozenset[str]:
        """The tables it reads, with those of what is prefetched by the names of relations."""
        known = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
        rows: Any = self.rows
        found = set(re.findall(r'"(\w+)"', self.sql)) & known
        if _ASKS_THE_TIME.search(self.sql):
            found.add(CLOCK)
        for lookup in rows._prefetch_related_lookups:
            model: Any = rows.model
            for name in lookup.split(LOOKUP_SEP):
                relation: Any = model._meta.get_field(name)
                through = getattr(relation, "through", None)
                through = through or getattr(relation.remote_field, "through", None)
                model = relation.related_model
                found |= {one._meta.db_table for one in (model, through) if one}
        return frozenset(found)

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
        made = self._made(key, write)
        if made is None:
            return []
        found: list[Any] = made.ask(())
        rows: Any = made.rows
        prefetch_related_objects(found, *rows._prefetch_related_lookups)
        return found

    def hangs_on(self, key: Hashable, write: Callable[[], QuerySet[Any, Row]]) -> frozenset[str]:
        """What the rows hang on: the tables they are read from, with what the query prefetches.

        Among them is `CLOCK` where the query asks the database for the time. No query.
        """
        made = self._made(key, write)
        return frozenset() if made is None else made.hangs_on

    def _made(self, key: Hashable, write: Callable[[], QuerySet[Any, Row]]) -> _Made[Row] | None:
        """The query of the key; None where it is known to find nothing."""
        kept: OrderedDict[Hashable, _Made[Row] | None] = self._local.__dict__.setdefault(
            "kept", OrderedDict()
        )
        is_known, made = key in kept, kept.pop(key, None)
        if not is_known or (made is not None and not made.is_current):
            try:
                made = _make(write())
            except EmptyResultSet:
                made = None
        kept[key] = made
        while len(kept) > self._most:
            kept.popitem(last=False)
        return made


def _make(rows: QuerySet[Any, Row]) -> _Made[Row]:
    query: Any = rows.query
    compiler = query.get_compiler(using=rows.db)
    made = _Made(rows, compiler, *compiler.as_sql())
    # Django asks the query for a compiler, and the compiler for the SQL, each time anew.
    compiler.as_sql = made.as_sql
    query.get_compiler = lambda *_using, **_options: compiler
    return made
