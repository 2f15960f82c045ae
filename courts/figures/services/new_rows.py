"""Owns writing many new figures at once with their history, as plain rows instead of objects.

On PostgreSQL the rows go in by COPY. The history is copied from the rows inside the database, which
alone knows their keys. Constraints, triggers and what a row of history says are as ever.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Max

from courts import database_clock
from courts.models import Figure, User

BATCH = 5_000
# So many returns in one statement: SQLite bounds the values of a statement.
MOST_RETURNS = 500
COLUMNS = ("monthly_return_id", "metric", "value", "note", "blank_reason", "version")
HISTORY = ("history_date", "history_type", "history_change_reason", "history_user_id")


class NewFigure(NamedTuple):
    """A figure that has no row yet; `value` is None where it is not reported."""

    monthly_return: int
    metric: str
    value: int | None
    note: str


def create_figures(figures: Sequence[NewFigure], *, actor: User | None, reason: str) -> None:
    """Write the figures at version 1, each with the row of history of its creation.

    The caller holds the transaction and the rows of the returns. IntegrityError as ever.
    """
    rows = [(*figure, "", 1) for figure in figures]
    returns = sorted({figure.monthly_return for figure in figures})
    before = _last_key(returns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for start in range(0, len(rows), BATCH):
                _copy(cursor, rows[start : start + BATCH])
        else:
            places = ", ".join(["%s"] * len(COLUMNS))
            cursor.executemany(
                f"INSERT INTO {_table(Figure)} ({_named(COLUMNS)}) VALUES ({places})",  # noqa: S608
                rows,
            )
    user = actor or Figure.history.model.get_default_history_user(Figure())
    said = (
        connection.ops.adapt_datetimefield_value(database_clock.now()),
        "+",
        reason,
        user.pk if user else None,
    )
    for start in range(0, len(returns), MOST_RETURNS):
        _remember(returns[start : start + MOST_RETURNS], before, said)


def _last_key(returns: Sequence[int]) -> int:
    """The greatest key of a figure that these returns have so far; 0 for none.

    Keys only grow, and nobody else writes into these returns now.
    """
    found = 0
    for start in range(0, len(returns), MOST_RETURNS):
        part = Figure.objects.filter(monthly_return__in=returns[start : start + MOST_RETURNS])
        found = max(found, part.aggregate(last=Max("pk"))["last"] or 0)
    return found


def _copy(cursor: Any, rows: Sequence[Sequence[Any]]) -> None:
    text = io.StringIO()
    for owner, metric, value, note, blank_reason, version in rows:
        # A bare nothing is NULL; an empty text stands in quotes.
        number = "" if value is None else value
        text.write(
            f"{owner},{_quoted(metric)},{number},{_quoted(note)},{_quoted(blank_reason)},{version}\n"
        )
    text.seek(0)
    # The driver's own method: Django does not turn its errors into its own.
    with connection.wrap_database_errors:
        cursor.copy_expert(
            f"COPY {_table(Figure)} ({_named(COLUMNS)}) FROM STDIN WITH (FORMAT csv)", text
        )


def _remember(returns: Sequence[int], after: int, said: Sequence[Any]) -> None:
    """The rows of history of what the returns were given after that key."""
    columns = _named(("id", *COLUMNS))
    places = ", ".join(["%s"] * len(said))
    owners = ", ".join(["%s"] * len(returns))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_table(Figure.history.model)} ({columns}, {_named(HISTORY)}) "  # noqa: S608
            f"SELECT {columns}, {places} FROM {_table(Figure)} "
            f"WHERE id > %s AND monthly_return_id IN ({owners}) ORDER BY id",
            [*said, after, *returns],
        )


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _table(model: Any) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _named(columns: Sequence[str]) -> str:
    return ", ".join(connection.ops.quote_name(column) for column in columns)
