"""Owns reading the record's chain: its head of a day, and whether all is as it was sealed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from courts.frame.record import BEGINNING, CHECKS, digest_of, link_of, values_of
from courts.frame.streams import MIRRORS, STREAMS, Stream
from courts.models import Event, RecordEntry, RecordErasure, RecordSalt

CHUNK = 2_000
# `RECORD_YEARS` is one at least.
YOUNGEST_ERASED = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Head:
    """The newest link at the end of a day, and how many entries it stands for."""

    day: date
    link: str
    count: int


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: how many entries, how many of them erased by rule, and the faults."""

    count: int
    erased: int
    link: str
    faults: Sequence[str]


def daily_head(now: datetime | None = None) -> Head | None:
    """The head at the end of yesterday; None while nothing was sealed before today. One query."""
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    last = RecordEntry.objects.filter(at__lt=today).order_by("-seq").first()
    if last is None:
        return None
    return Head((today - timedelta(days=1)).date(), last.link, last.seq)


def check(head: str = "") -> Checked:
    """Compare every row with its digest, every link with the one before, rows with their history.

    With a head that was printed earlier it also tells that everything up to it is there and is
    what it was; without one an end that was cut off, or a chain that was made anew, is not seen.
    """
    faults: list[str] = []
    link, expected, is_found = BEGINNING, 0, False
    erased = set(RecordErasure.objects.values_list("pk", flat=True))
    newest: dict[tuple[str, int], tuple[int, int]] = {}
    for chunk in _chunks():
        faults += _of_rows([one for one in chunk if not _is_versioned(one)], erased)
        for entry in chunk:
            expected += 1
            own = link_of(
                *(link, expected, entry.stream, entry.row_id, entry.digest, entry.at),
                version=entry.version,
            )
            if (entry.seq, entry.link) != (expected, own):
                faults.append(_("第%(seq)s条：与前一条连不上。") % {"seq": entry.seq})
                expected = entry.seq
            link = entry.link
            is_found = is_found or link == head
            if _is_versioned(entry):
                row = entry.stream, entry.row_id
                newest[row] = max(newest.get(row, (0, 0)), (entry.version, entry.seq))
    faults += _of_versions([seq for _version, seq in newest.values()])
    if head and not is_found:
        faults.append(_("链上没有所给的链值：末尾被截去，或者整条链被重做过。"))
    faults += _of_erased_acts()
    faults += _of_mirrors()
    for own_check in CHECKS:
        faults += own_check()
    return Checked(expected, len(erased), link if expected else "", tuple(faults))


def _is_versioned(entry: RecordEntry) -> bool:
    stream = STREAMS.get(entry.stream)
    return stream is not None and stream.versioned


def _chunks() -> Iterator[list[RecordEntry]]:
    after = -1
    while chunk := list(RecordEntry.objects.filter(seq__gt=after).order_by("seq")[:CHUNK]):
        yield chunk
        after = chunk[-1].seq


def _of_rows(chunk: Sequence[RecordEntry], erased: set[int]) -> Iterator[str]:
    """Whether each row of the entries is there and has the digest that was sealed."""
    for stream, entries, salts in _by_stream(chunk):
        if stream is None:
            yield _("没有这种记录：%(code)s。") % {"code": entries[0].stream}
            continue
        found = values_of(stream, (one.row_id for one in entries))
        for one in entries:
            values = found.get(one.row_id)
            if one.seq in erased:
                # An act stays, empty; of registers the rows themselves go. Nothing else is erased.
                if not stream.erasable or (values is not None and stream.code != "event"):
                    yield _("第%(seq)s条：%(code)s 的第%(row)s行不是按规定删除的。") % _named(one)
            elif values is None:
                yield _("第%(seq)s条：%(code)s 的第%(row)s行没有了。") % _named(one)
            elif digest_of(one.stream, one.row_id, values, salts.get(one.seq, "")) != one.digest:
                yield _("第%(seq)s条：%(code)s 的第%(row)s行被改动过。") % _named(one)


def _of_versions(newest: Sequence[int]) -> Iterator[str]:
    """Whether rows that go on changing are what was sealed of their newest version, or later."""
    for chunk in _portions(newest):
        sealed = RecordEntry.objects.filter(pk__in=chunk).order_by("seq")
        for stream, entries, salts in _by_stream(list(sealed)):
            if stream is None:
                continue
            found = values_of(stream, (one.row_id for one in entries))
            for one in entries:
                values = found.get(one.row_id)
                if values is None:
                    yield _("第%(seq)s条：%(code)s 的第%(row)s行没有了。") % _named(one)
                elif values["version"] > one.version:
                    continue
                elif (
                    values["version"] < one.version
                    or digest_of(one.stream, one.row_id, values, salts.get(one.seq, ""))
                    != one.digest
                ):
                    yield _("第%(seq)s条：%(code)s 的第%(row)s行被改动过。") % _named(one)


def _by_stream(
    chunk: Sequence[RecordEntry],
) -> Iterator[tuple[Stream | None, list[RecordEntry], dict[int, str]]]:
    """The entries of a chunk by stream, each with the salts of all."""
    salts = dict(
        RecordSalt.objects.filter(pk__in=[one.seq for one in chunk]).values_list("pk", "salt")
    )
    by_stream = defaultdict(list)
    for one in chunk:
        by_stream[one.stream].append(one)
    for code, entries in by_stream.items():
        yield STREAMS.get(code), entries, salts


def _named(entry: RecordEntry) -> dict[str, object]:
    return {"seq": entry.seq, "code": entry.stream, "row": entry.row_id}


def _of_erased_acts() -> Iterator[str]:
    """Whether acts that are said to be erased are empty, and were old enough to be."""
    erased = RecordEntry.objects.filter(stream="event", erasure__isnull=False)
    at = dict(erased.values_list("row_id", "erasure__at"))
    for chunk in _portions(sorted(at)):
        for act in Event.objects.filter(pk__in=chunk):
            is_empty = (act.actor_id, act.reason, act.data) == (None, "", {})
            if not is_empty or at[act.pk] < act.at + YOUNGEST_ERASED:
                yield _("操作记录第%(row)s行说是按规定删除了，其实没有，或者还没有到期。") % {
                    "row": act.pk
                }


def _portions(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]


def _of_mirrors() -> Iterator[str]:
    """Whether each row of the data says what its newest row of history says."""
    for name, columns in MIRRORS.items():
        model: Any = apps.get_model("courts", name)
        history = model.history.model._default_manager
        newest = history.order_by().values("id").annotate(last=Max("history_id")).values("last")
        said: dict[int, tuple[Any, ...]] = {}
        kinds: dict[int, str] = {}
        for pk, kind, *values in history.filter(pk__in=newest).values_list(
            "id", "history_type", *columns
        ):
            said[pk], kinds[pk] = tuple(values), kind
        for pk, *values in model._default_manager.values_list("pk", *columns):
            named = {"name": model._meta.verbose_name, "row": pk}
            if pk not in said:
                yield _("%(name)s 的第%(row)s行没有历史。") % named
            elif said.pop(pk) != tuple(values) or kinds[pk] == "-":
                yield _("%(name)s 的第%(row)s行与它的历史不符。") % named
        for pk in said:
            if kinds[pk] != "-":
                named = {"name": model._meta.verbose_name, "row": pk}
                yield _("%(name)s 的第%(row)s行没有了，历史里没有删除。") % named
