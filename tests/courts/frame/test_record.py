"""The record is a chain: sealed by one, held by triggers, and a hundred tamperings are found."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from courts.frame import events
from courts.frame.record import BEGINNING, MIRRORS, STREAMS, digest_of, link_of, values_of
from courts.frame.selectors.record import check, daily_head
from courts.frame.services import record
from courts.frame.services.record import erase_old_events, seal
from courts.models import (
    Cap,
    Event,
    Figure,
    QualityYear,
    ReadingDecision,
    RecordEntry,
    RecordErasure,
    RecordSalt,
)
from courts.models.record import DIGEST
from tests.pages import account, client_of, give, made_year, year
from tests.untied import untied

__all__ = ["made_year", "year"]

pytestmark = [pytest.mark.django_db, pytest.mark.database]

SEED = 20191231
TAMPERINGS = 100


@pytest.fixture
def sealed(year: QualityYear) -> str:
    """Acts, figures with their history and a decision, all sealed; the head that was printed."""
    user = account("office", "yanbian", "office")
    give(year, ("yanji", "2019-05", "first_instance_closed", 3000))
    give(year, ("yanji", "2019-05", "first_instance_closed", 3001))
    ReadingDecision.objects.create(
        quality_year=year,
        reading="step",
        number=1,
        value="whole",
        from_month=5,
        note="x",
        decided_on=timezone.localdate(),
        by=user,
        at=timezone.now(),
    )
    for number in range(12):
        events.record(
            action="set_deadline",
            year=year,
            actor=user,
            reason=f"act {number}",
            data={"day": number},
        )
    assert seal(timezone.now()) > 20
    return RecordEntry.objects.order_by("-seq")[0].link


def act(year: QualityYear) -> None:
    events.record(action="set_deadline", year=year, reason="one more", data={"day": 8})


# --- Sealing ---------------------------------------------------------------------------------


def test_what_happens_is_linked_once_in_turn(year: QualityYear, sealed: str) -> None:
    entries = list(RecordEntry.objects.order_by("seq"))
    assert [one.seq for one in entries] == list(range(1, len(entries) + 1))
    assert {one.stream for one in entries} >= {"event", "figure", "return", "year", "cap"}
    link = BEGINNING
    for one in entries[:20]:
        values = values_of(STREAMS[one.stream], [one.row_id])[one.row_id]
        assert one.digest == digest_of(one.stream, one.row_id, values, one.salt.salt)
        link = link_of(link, one.seq, one.stream, one.row_id, one.digest, one.at)
        assert one.link == link
        assert len(link) == DIGEST
    assert seal(timezone.now()) == 0
    found = check(sealed)
    assert (found.count, found.erased, found.link, found.faults) == (len(entries), 0, sealed, ())
    act(year)
    assert seal(timezone.now()) == 1
    assert check(sealed).faults == ()


def test_a_row_that_commits_after_later_ones_is_sealed_too(year: QualityYear, sealed: str) -> None:
    early = Event(action="set_deadline", quality_year=year, reason="slow", at=timezone.now())
    early.pk = Event.objects.order_by("-pk")[0].pk + 5
    later = Event(action="set_deadline", quality_year=year, reason="fast", at=timezone.now())
    later.pk = early.pk + 5
    later.save(force_insert=True)
    assert seal(timezone.now()) == 1
    early.save(force_insert=True)
    assert seal(timezone.now()) == 1
    assert check(sealed).faults == ()


def test_a_long_record_is_sealed_in_parts(
    year: QualityYear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "BATCH", 7)
    assert seal(timezone.now()) == RecordEntry.objects.count() > 50
    assert check().faults == ()


def test_a_year_of_work_is_as_its_history_says(made_year: QualityYear) -> None:
    """Nothing that imports, copies or corrects leaves a row that its history does not tell of."""
    assert seal(timezone.now()) > 500
    assert check().faults == ()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer anyway")
def test_one_sealer_at_a_time(year: QualityYear, sealed: str) -> None:
    act(year)
    other: Any = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [record.SEALER])
        assert seal(timezone.now()) == 0
    finally:
        other.close()
    assert seal(timezone.now()) == 1


def test_streams_and_mirrors_name_columns_that_are_there(year: QualityYear) -> None:
    """And what is digested stays: who adds a column adds a stream, or old digests would not fit."""
    for stream in STREAMS.values():
        assert stream.rows.values("pk", *stream.columns).first() is not False
    assert set(MIRRORS) == {"Figure", "QualityYear", "AppraisalTarget", "Cap"}
    assert digest_of("event", 1, {"reason": "因", "at": None}, "ab") == (
        "90bf64f621e64db5adbdd3d8dba25e46d27eb7db0ee148de644925e53ecd2733"
    )


# --- Held ------------------------------------------------------------------------------------


def test_nothing_of_the_record_is_changed_whoever_writes(year: QualityYear, sealed: str) -> None:
    held = [
        RecordEntry.objects.filter(seq=3),
        RecordSalt.objects.filter(pk=3),
        Event.objects.all(),
        Figure.history.model.objects.all(),
        Cap.history.model.objects.all(),
    ]
    for rows in held:
        name = rows.model._meta.concrete_fields[-1].attname
        for act in (rows._raw_delete, lambda _using, own=rows, to=name: own.update(**{to: None})):
            with pytest.raises(IntegrityError), transaction.atomic():
                act("default")
    # The triggers are what refuses it.
    with untied():
        assert Event.objects.filter(pk=Event.objects.order_by("-pk")[0].pk).delete()[0] == 1


def test_content_goes_by_rule_and_the_digest_stays(
    year: QualityYear, sealed: str, settings: Any
) -> None:
    later = timezone.now() + timedelta(days=366 * 3)
    assert erase_old_events(later) == 0
    settings.RECORD_YEARS = 2
    count = Event.objects.count()
    assert erase_old_events(later) == count > 10
    assert not Event.objects.exclude(reason="", data={}, actor=None).exists()
    assert Event.objects.count() == count == RecordErasure.objects.count()
    assert not RecordSalt.objects.filter(entry__stream="event").exists()
    found = check(sealed)
    assert (found.faults, found.erased) == ((), count)
    assert erase_old_events(later) == 0


# --- A hundred tamperings --------------------------------------------------------------------


def picked(rows: Any, draw: random.Random) -> Any:
    return draw.choice(list(rows.order_by("pk")))


def figure_by_sql(draw: random.Random) -> None:
    row = picked(Figure.objects, draw)
    Figure.objects.filter(pk=row.pk).update(value=(row.value or 0) + draw.randint(1, 99))


def history_rewritten(draw: random.Random) -> None:
    row = picked(Figure.history.model.objects, draw)
    rows = Figure.history.model.objects.filter(pk=row.pk)
    rows.update(value=(row.value or 0) + draw.randint(1, 99))


def history_dropped(draw: random.Random) -> None:
    picked(Figure.history.model.objects, draw).delete()


def figure_and_history(draw: random.Random) -> None:
    """A figure and all that is told of it, the same on both sides."""
    row = picked(Figure.objects, draw)
    value = (row.value or 0) + draw.randint(1, 99)
    Figure.objects.filter(pk=row.pk).update(value=value)
    Figure.history.model.objects.filter(id=row.pk).update(value=value)


def act_rewritten(draw: random.Random) -> None:
    row = picked(Event.objects, draw)
    Event.objects.filter(pk=row.pk).update(reason=f"{row.reason} {draw.random()}")


def act_moved_in_time(draw: random.Random) -> None:
    row = picked(Event.objects, draw)
    Event.objects.filter(pk=row.pk).update(at=row.at - timedelta(days=draw.randint(1, 99)))


def deadline_moved(draw: random.Random) -> None:
    year = QualityYear.objects.get()
    days = [day for day in range(1, 29) if day != year.deadline_day]
    QualityYear.objects.update(deadline_day=draw.choice(days))


def cap_and_history(draw: random.Random) -> None:
    row = picked(Cap.objects, draw)
    later = row.from_month % 12 + 1
    Cap.objects.filter(pk=row.pk).update(from_month=later)
    Cap.history.model.objects.filter(id=row.pk).update(from_month=later)


def decision_rewritten(draw: random.Random) -> None:
    ReadingDecision.objects.update(from_month=draw.choice([1, 2, 3, 4, 6]))


def entry_rewritten(draw: random.Random) -> None:
    row = picked(RecordEntry.objects, draw)
    RecordEntry.objects.filter(pk=row.pk).update(digest=f"{draw.getrandbits(256):064x}")


def entry_cut_out(draw: random.Random) -> None:
    row = picked(RecordEntry.objects, draw)
    RecordSalt.objects.filter(pk=row.pk).delete()
    RecordEntry.objects.filter(pk=row.pk).delete()


def salt_changed(draw: random.Random) -> None:
    row = picked(RecordSalt.objects, draw)
    RecordSalt.objects.filter(pk=row.pk).update(salt=f"{draw.getrandbits(128):032x}")


def cut(after: int) -> None:
    RecordSalt.objects.filter(pk__gt=after).delete()
    RecordEntry.objects.filter(pk__gt=after).delete()


def end_cut_off(draw: random.Random) -> None:
    """The last acts, with their entries: what is left is whole."""
    last = Event.objects.order_by("-pk")[0]
    entry = RecordEntry.objects.get(stream="event", row_id=last.pk)
    later = RecordEntry.objects.filter(seq__gt=entry.seq)
    cut(entry.seq - 1)
    last.delete()
    assert not later.exists()
    seal(timezone.now())


def all_made_anew(draw: random.Random) -> None:
    """Somebody who knows how everything is made rewrites an act and seals the whole again."""
    act_rewritten(draw)
    cut(0)
    seal(timezone.now())


LEFT_WHOLE = (end_cut_off, all_made_anew)
WAYS: tuple[Callable[[random.Random], None], ...] = (
    figure_by_sql,
    history_rewritten,
    history_dropped,
    figure_and_history,
    act_rewritten,
    act_moved_in_time,
    deadline_moved,
    cap_and_history,
    decision_rewritten,
    entry_rewritten,
    entry_cut_out,
    salt_changed,
    *LEFT_WHOLE,
)


def test_a_hundred_tamperings_are_found_against_a_printed_head(
    year: QualityYear, sealed: str
) -> None:
    draw = random.Random(SEED)
    found, unseen = 0, set()
    with untied():
        for number in range(TAMPERINGS):
            way = WAYS[number % len(WAYS)]
            before = transaction.savepoint()
            way(draw)
            found += bool(check(sealed).faults)
            # What is seen without a head hangs on the way alone.
            if number < len(WAYS) and not check().faults:
                unseen.add(way)
            transaction.savepoint_rollback(before)
        assert check(sealed).faults == ()
    assert found == TAMPERINGS
    # Without a head what was left whole is not seen, and the command says so.
    assert unseen == set(LEFT_WHOLE)


def test_the_command_says_what_it_found_and_what_it_cannot_see(
    year: QualityYear, sealed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("check_record", head=sealed)
    said = capsys.readouterr()
    assert "没有发现改动" in said.out
    assert sealed in said.out
    assert said.err == ""
    call_command("check_record")
    assert "末尾被截去、整条链被重做，都看不出来" in capsys.readouterr().err
    with pytest.raises(CommandError, match="链上没有所给的链值"):
        call_command("check_record", head="0" * 64)
    with untied():
        Figure.objects.filter(metric="first_instance_closed", value=3001).update(value=3100)
        with pytest.raises(CommandError, match=r"数据 的第\d+行与它的历史不符"):
            call_command("check_record", head=sealed)


# --- Shown -----------------------------------------------------------------------------------


def test_the_daily_head_stands_on_the_offices_desk(year: QualityYear, sealed: str) -> None:
    user = account("office2", "yanbian", "office")
    assert daily_head() is None
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        head = daily_head()
        assert head is not None
        assert (head.link, head.count) == (sealed, RecordEntry.objects.count())
        text = client_of(user).get(f"/{year.code}/desk/").content.decode()
        assert sealed in re.sub(r"\s+", "", text)
        assert head.day.isoformat() in text
