"""Owns sealing the record, by one sealer alone, and erasing content by rule; checks nothing.

Whoever writes an event or a figure never touches the chain and waits for nobody. The sealer comes
once a minute with housekeeping, and links what it finds that is not linked yet.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from courts.frame.record import BEGINNING, digest_of, link_of, values_of
from courts.frame.streams import STREAMS, Stream
from courts.models import Event, RecordEntry, RecordErasure, RecordSalt

# In one transaction; the rest follows in the next.
BATCH = 2_000
# A transaction that began before the newest sealed row may commit after it: so far back of the
# newest sealed key a row is looked for.
LATE_ROWS = 10_000
# The sealer's place among PostgreSQL's advisory locks.
SEALER = 0x5EA1
RETENTION = "retention"


def seal(now: datetime) -> int:
    """Link everything that is ready and not linked; how much it was, 0 while another seals."""
    count = 0
    for stream in STREAMS.values():
        while True:
            done = _seal_some(stream, now)
            count += done
            if done < BATCH:
                break
    return count


@transaction.atomic
def _seal_some(stream: Stream, now: datetime) -> int:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Locks by number are of the whole database, the chain is of the schema.
            locked = "SELECT pg_try_advisory_xact_lock(%s, hashtext(current_schema()))"
            cursor.execute(locked, [SEALER])
            if not cursor.fetchone()[0]:
                return 0
    pks = _pending(stream)
    if not pks:
        return 0
    last = RecordEntry.objects.order_by("-seq").values_list("seq", "link").first()
    seq, link = last or (0, BEGINNING)
    found = values_of(stream, pks)
    entries, salts = [], []
    for pk in pks:
        seq, salt = seq + 1, secrets.token_hex(16)
        version = found[pk]["version"] if stream.versioned else 0
        digest = digest_of(stream.code, pk, found[pk], salt)
        link = link_of(link, seq, stream.code, pk, digest, now, version)
        entries.append(
            RecordEntry(
                seq=seq,
                stream=stream.code,
                row_id=pk,
                version=version,
                digest=digest,
                at=now,
                link=link,
            )
        )
        salts.append(RecordSalt(entry_id=seq, salt=salt))
    RecordEntry.objects.bulk_create(entries)
    RecordSalt.objects.bulk_create(salts)
    return len(entries)


def _pending(stream: Stream) -> list[int]:
    """The keys of rows that are ready and not linked, in their order."""
    sealed = RecordEntry.objects.filter(stream=stream.code)
    own = sealed.filter(row_id=OuterRef("pk"))
    if stream.versioned:
        own = own.filter(version=OuterRef("version"))
    rows = stream.rows.filter(~Exists(own))
    if stream.grows:
        newest = sealed.order_by("-row_id").values_list("row_id", flat=True).first()
        rows = rows.filter(pk__gt=(newest or 0) - LATE_ROWS)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])


def erase_old_events(now: datetime) -> int:
    """Erase who, why and what of events past `RECORD_YEARS`; that they were and when stays.

    The digest stays in the chain, the salt goes: nobody can find the content out by trying. What
    does not fit its digest was changed by somebody, and is left for a check to find.
    """
    if not settings.RECORD_YEARS:
        return 0
    past = now - timedelta(days=366 * settings.RECORD_YEARS)
    entries = RecordEntry.objects.filter(stream="event", erasure__isnull=True)
    old = Event.objects.filter(at__lt=past, pk__in=entries.values("row_id"))
    pks = list(old.values_list("pk", flat=True)[:BATCH])
    return _erase_events(entries.filter(row_id__in=pks).select_related("salt"), now)


@transaction.atomic
def _erase_events(entries: QuerySet[RecordEntry], now: datetime) -> int:
    found = values_of(STREAMS["event"], [one.row_id for one in entries])
    whole = [
        one.row_id
        for one in entries
        if one.row_id in found
        and digest_of("event", one.row_id, found[one.row_id], one.salt.salt) == one.digest
    ]
    count = erase(stream="event", rows=whole, rule=RETENTION, now=now)
    Event.objects.filter(pk__in=whole).update(actor=None, reason="", data={})
    return count


@transaction.atomic
def erase(*, stream: str, rows: Sequence[int], rule: str, now: datetime) -> int:
    """Note that the content of rows goes by a rule, and let their salts go; how many entries.

    The caller erases the content itself, in the same transaction. Rows that were not sealed yet
    have no entry, and get none.
    """
    keys = list(
        RecordEntry.objects.filter(
            stream=stream, row_id__in=rows, erasure__isnull=True
        ).values_list("pk", flat=True)
    )
    RecordErasure.objects.bulk_create(
        [RecordErasure(entry_id=key, rule=rule, at=now) for key in keys]
    )
    RecordSalt.objects.filter(pk__in=keys).delete()
    return len(keys)
