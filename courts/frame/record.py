"""Owns what the record's chain is made of: its streams, the digest of a row, the link of an entry.

A *stream* is a table whose rows never change once they are ready. What is digested are the columns
named here and no others: a column that is added to a table later belongs to a stream of its own.
A *mirror* is a table of which each row has to say what its newest row of history says.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet

# The link before the first.
BEGINNING = "0" * 64
_HISTORY = ("history_date", "history_change_reason", "history_type", "history_user_id")


@dataclass(frozen=True, slots=True)
class Stream:
    """One kind of rows: model by name, columns in the digest, and which rows are ready.

    With `grows` rows come with growing keys and are ready at once, so that old ones need not be
    looked for again.
    """

    code: str
    model: str
    columns: tuple[str, ...]
    ready: Q = Q()  # noqa: RUF009
    grows: bool = False

    @property
    def rows(self) -> QuerySet[Model]:
        """All rows of the table that are ready."""
        found: Any = apps.get_model("courts", self.model)._default_manager
        rows: QuerySet[Model] = found.filter(self.ready)
        return rows


def _history(code: str, model: str, *columns: str) -> Stream:
    return Stream(code, f"Historical{model}", ("id", *columns, *_HISTORY), grows=True)


STREAMS: Mapping[str, Stream] = {
    one.code: one
    for one in (
        Stream(
            "event",
            "Event",
            ("at", "actor_id", "action", "quality_year_id", "reason", "data"),
            grows=True,
        ),
        _history(
            "figure",
            "Figure",
            *("metric", "value", "note", "blank_reason", "version", "monthly_return_id"),
        ),
        _history(
            "return",
            "MonthlyReturn",
            *("year", "month", "side", "state", "origin", "is_demo", "version", "submitted_at"),
            *("verified_at", "verified_figures", "court_id", "submitted_by_id", "verified_by_id"),
        ),
        _history(
            "year",
            "QualityYear",
            *("code", "year", "deadline_day", "case_days", "ranking_shown"),
            *("court_id", "edition_id"),
        ),
        _history(
            "target",
            "AppraisalTarget",
            *("item", "level", "percent", "from_month", "document", "decided_on", "version"),
            *("quality_year_id", "court_id"),
        ),
        _history(
            "cap",
            "Cap",
            *("baseline_cases", "reduction_cases", "cap_cases", "from_month", "version"),
            *("quality_year_id", "court_id"),
        ),
        _history(
            "difference",
            "Difference",
            *("year", "month", "side", "metric", "extract_value", "court_value", "state"),
            *("version", "explanation", "explained_at", "note", "settled_at", "court_id"),
            *("explained_by_id", "settled_by_id", "confirmed_by_id"),
        ),
        Stream(
            "reading",
            "ReadingDecision",
            (
                *(
                    "quality_year_id",
                    "reading",
                    "number",
                    "value",
                    "from_month",
                    "note",
                    "document",
                ),
                *("decided_on", "by_id", "at", "confirmed_by_id"),
            ),
        ),
        Stream(
            "motion",
            "Motion",
            (
                *("quality_year_id", "kind", "side", "state", "reason", "data", "moved_by_id"),
                *("moved_at", "decided_by_id", "decided_at", "note"),
            ),
            ~Q(state="waiting"),
        ),
        Stream(
            "case",
            "SpecialCase",
            (
                *("quality_year_id", "court_id", "item", "side", "month", "reasons", "points"),
                *("applied_by_id", "applied_at"),
            ),
            Q(state__in=["decided", "revoked"]),
        ),
        Stream(
            "closing",
            "Closing",
            ("quality_year_id", "month", "side", "number", "by_id", "at", "gaps", "reason"),
        ),
        Stream(
            "snapshot",
            "Snapshot",
            (
                *("quality_year_id", "month", "sides", "number", "text", "sha256", "is_demo"),
                *("made_at", "made_by_id", "restates_id"),
            ),
        ),
        Stream(
            "bulletin",
            "Bulletin",
            (
                *("quality_year_id", "snapshot_id", "side", "month", "carrier", "number"),
                *(
                    "number_year",
                    "title",
                    "title_ko",
                    "dated_on",
                    "published_by_id",
                    "published_at",
                ),
            ),
            Q(state__in=["published", "withdrawn"]),
        ),
        Stream(
            "issued_file",
            "BulletinFile",
            ("bulletin_id", "kind", "language", "scope", "name", "content", "size", "made_at"),
            Q(bulletin__state__in=["published", "withdrawn"]),
        ),
        Stream(
            "restatement",
            "Restatement",
            (
                *("quality_year_id", "kind", "state", "reason", "sides", "source", "data"),
                *("proposed_by_id", "proposed_at", "decided_by_id", "decided_at", "note"),
            ),
            ~Q(state="proposed"),
        ),
        Stream("consultation", "Consultation", ("snapshot_id", "opened_by_id", "ends_at")),
        Stream("objection_term", "ObjectionTerm", ("bulletin_id", "until")),
    )
}
# Tables whose rows must be as their newest row of history; each with the columns that must be.
MIRRORS: Mapping[str, tuple[str, ...]] = {
    "Figure": ("metric", "value", "note", "blank_reason", "version", "monthly_return_id"),
    "QualityYear": ("code", "year", "deadline_day", "case_days", "ranking_shown", "edition_id"),
    "AppraisalTarget": ("item", "level", "percent", "from_month", "version", "court_id"),
    "Cap": ("baseline_cases", "reduction_cases", "cap_cases", "from_month", "version"),
}


def digest_of(stream: str, row_id: int, values: Mapping[str, Any], salt: str) -> str:
    """The digest of a row's plain values and its salt."""
    text = json.dumps([stream, row_id, dict(values)], sort_keys=True, ensure_ascii=False)
    return sha256(f"{salt}\n{text}".encode()).hexdigest()


def link_of(before: str, seq: int, stream: str, row_id: int, digest: str, at: datetime) -> str:
    """The link of an entry, which stands for it and for all before it."""
    moment = at.astimezone(UTC).isoformat()
    return sha256(f"{before}|{seq}|{stream}|{row_id}|{digest}|{moment}".encode()).hexdigest()


def values_of(stream: Stream, pks: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The digested columns of rows that are there, plain, by their keys; files as their digest."""
    rows: Any = stream.rows.filter(pk__in=list(pks))
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
