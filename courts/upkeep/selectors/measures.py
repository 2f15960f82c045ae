"""Owns the measures for monitoring: numbers of the server, none of the assessment.

They come from the database, so that every process of a server says the same. A library that counts
in each process would need a folder shared by them, and the containers have none.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.contrib.sessions.models import Session

from courts import database_clock
from courts.frame import replica
from courts.models import HousekeepingRun, RecordEntry

# Name, kind and meaning of each.
MEASURES = {
    "info": ("gauge", "The running version, as a label."),
    "healthy": ("gauge", "1 when /healthz answers ok."),
    "housekeeping_age_seconds": ("gauge", "Seconds since housekeeping was last done whole."),
    "housekeeping_failed": ("gauge", "How many of its parts failed in the last run."),
    "record_entries": ("counter", "Entries of the record's chain."),
    "record_age_seconds": ("gauge", "Seconds since something was sealed last."),
    "replica_lag_seconds": ("gauge", "Seconds the replica is behind; none where none answers."),
    "sessions": ("gauge", "Sessions that are not over."),
}
PREFIX = "qualityyear"


def as_text(reason: str | None) -> str:
    """The measures as text; those of the database only while it is well.

    Three queries, two more with a replica.
    """
    lines = []
    for name, value, labels in _values(reason):
        kind, meaning = MEASURES[name]
        lines += [
            f"# HELP {PREFIX}_{name} {meaning}",
            f"# TYPE {PREFIX}_{name} {kind}",
            f"{PREFIX}_{name}{labels} {value}",
        ]
    return "\n".join(lines) + "\n"


def _values(reason: str | None) -> Iterator[tuple[str, float, str]]:
    yield "info", 1, f'{{version="{settings.VERSION}"}}'
    yield "healthy", int(reason is None), f'{{reason="{reason or ""}"}}'
    if reason not in (None, "housekeeping"):
        return
    now = database_clock.now()
    run = HousekeepingRun.objects.first()
    if run is not None:
        yield "housekeeping_age_seconds", round((now - run.whole_at).total_seconds()), ""
        yield "housekeeping_failed", len(run.failed), ""
    last = RecordEntry.objects.order_by("-seq").first()
    yield "record_entries", last.seq if last else 0, ""
    if last is not None:
        yield "record_age_seconds", round((now - last.at).total_seconds()), ""
    if replica.is_on() and (seen := replica.look()):
        yield "replica_lag_seconds", round(seen.behind, 1), ""
    yield "sessions", Session.objects.filter(expire_date__gt=now).count(), ""
