"""The record is a chain: sealed by one, held by triggers, and a hundred tamperings are found."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from courts.frame import events
from courts.frame.record import BEGINNING, digest_of, link_of, values_of
from courts.frame.selectors import record as selected
from courts.frame.selectors.record import check, daily_head
from courts.frame.services import record
from courts.frame.services.record import erase_old_events, seal
from courts.frame.streams import MIRRORS, STREAMS
from courts.models import (
    Assessment,
    Cap,
    Court,
    Event,
    Extract,
    ExtractFigure,
    Figure,
    Motion,
    QualityYear,
    ReadingDecision,
    RecordEntry,
    RecordErasure,
    RecordSalt,
    User,
)
from courts.models.record import DIGEST
from tests.pages import account, client_of, give
from tests.untied import untied

pytestmark = [pytest.mark.django_db, pytest.mark.database]

SEED = 20191231
# Each way more than once with every change, a hundred by night.
TAMPERINGS = (28, pytest.param(100, marks=pytest.mark.nightly))


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
        version = values["version"] if STREAMS[one.stream].versioned else 0
        link = link_of(link, one.seq, one.stream, one.row_id, one.digest, one.at, version)
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
def test_one_sealer_at_a_time(year: QualityYear) -> None:
    other: Any = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            numbers = "(%s, hashtext(current_schema()))"
            cursor.execute(f"SELECT pg_advisory_lock{numbers}", [record.SEALER])
            assert seal(timezone.now()) == 0
            # A connection that was closed may hold it for a moment longer.
            cursor.execute(f"SELECT pg_advisory_unlock{numbers}", [record.SEALER])
    finally:
        other.close()
    assert seal(timezone.now()) > 0


def test_streams_and_mirrors_name_columns_that_are_there(year: QualityYear) -> None:
    """And what is digested stays: who adds a column adds a stream, or old digests would not fit."""
    for stream in STREAMS.values():
        # A column that is not there raises.
        stream.rows.values("pk", *stream.columns).first()
    assert set(MIRRORS) >= {"Figure", "QualityYear", "AppraisalTarget", "Cap", "User", "Court"}
    assert all("version" in one.columns for one in STREAMS.values() if one.versioned)
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
    # What stays of them is sealed in its turn: when it was, and what kind of act.
    assert seal(later) >= 2 * count
    assert check(sealed).faults == ()
    with untied():
        Event.objects.filter(pk=Event.objects.order_by("pk")[0].pk).update(action="submit")
        assert any("erased_act" in fault for fault in check(sealed).faults)


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


@pytest.mark.parametrize("tamperings", TAMPERINGS)
def test_tamperings_are_found_against_a_printed_head(
    year: QualityYear, sealed: str, tamperings: int
) -> None:
    draw = random.Random(SEED)
    found, unseen = 0, set()
    with untied():
        for number in range(tamperings):
            way = WAYS[number % len(WAYS)]
            before = transaction.savepoint()
            way(draw)
            found += bool(check(sealed).faults)
            # What is seen without a head hangs on the way alone.
            if number < len(WAYS) and not check().faults:
                unseen.add(way)
            transaction.savepoint_rollback(before)
        assert check(sealed).faults == ()
    assert found == tamperings
    # Without a head what was left whole is not seen, and the command says so.
    assert unseen == set(LEFT_WHOLE)


def test_the_command_says_what_it_found_and_what_it_cannot_see(
    year: QualityYear, sealed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    # As papers print it, in groups.
    grouped = " ".join(sealed[at : at + 8] for at in range(0, DIGEST, 8))
    call_command("check_record", head=grouped.upper())
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


# --- Every stream, column by column ------------------------------------------------------------

MADE = 900_001
# What lets a made row be ready where its state decides; everything else is made of the types.
STATES: dict[str, dict[str, Any]] = {
    "RulebookEdition": {"state": "in_force"},
    "UnlockRequest": {"state": "granted"},
    "Motion": {"state": "confirmed", "kind": "caps"},
    "SpecialCase": {"state": "decided"},
    "BallotRound": {"state": "tallied"},
    "Bulletin": {"state": "withdrawn"},
    "Meeting": {"state": "closed"},
    "Restatement": {"state": "approved"},
    "FactorRelease": {"state": "done"},
    "WordTemplate": {"state": "in_use"},
}
# Of a row with one state there is one of these two; the other is made of it.
OTHER_STATE = {"word_template_refused": {"state": "refused"}}
# Made by erasing alone, and tested there.
OF_ERASING = {"erased_act", "erasure"}


def value_for(field: Any, moment: datetime, *, is_other: bool = False) -> Any:
    """A value of a column's type; another one of the same type."""
    kind = field.get_internal_type()
    if field.is_relation:
        return MADE + is_other
    if "Integer" in kind or kind in ("AutoField", "BigAutoField"):
        return MADE + is_other if field.primary_key else 7 + is_other
    return {
        "DecimalField": Decimal(1 + is_other),
        "BooleanField": is_other,
        "DateTimeField": moment + timedelta(hours=is_other),
        "DateField": moment.date() + timedelta(days=is_other),
        "JSONField": {"a": int(is_other)},
        "BinaryField": b"b" if is_other else b"a",
    }.get(kind, "b" if is_other else "a")


def made(model: Any, moment: datetime, **given: Any) -> None:
    """A row that no rule of the tables has looked at, in the place of whatever stands there."""
    values = {one.attname: value_for(one, moment) for one in model._meta.concrete_fields}
    model._base_manager.bulk_create([model(**values | given)])


@contextmanager
def lawless() -> Iterator[None]:
    """No trigger, no constraint, taken back: somebody who has the database itself."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                "SELECT conrelid::regclass::text, conname FROM pg_constraint "
                "WHERE contype = 'c' AND connamespace = current_schema()::regnamespace"
            )
            for table, name in cursor.fetchall():
                cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        else:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        try:
            with untied():
                yield
        finally:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA ignore_check_constraints = OFF")
            transaction.set_rollback(True)


def faults_of(entry: RecordEntry) -> list[str]:
    """What a check says of this entry's row."""
    if STREAMS[entry.stream].versioned:
        return list(selected._of_versions([entry.seq]))
    return list(selected._of_rows([entry], set()))


def test_whatever_is_changed_of_any_stream_is_found(db: None) -> None:
    """Each digested column of each stream, the row itself, and a version that goes back."""
    moment = timezone.now().replace(microsecond=0)
    models = {one.model: apps.get_model("courts", one.model) for one in STREAMS.values()}
    tried = 0
    with lawless():
        for name, table in models.items():
            if name != "RecordErasure":
                made(table, moment, **STATES.get(name, {}))
        seal(moment)
        for code, given in OTHER_STATE.items():
            rows: Any = models[STREAMS[code].model]._default_manager.filter(pk=MADE)
            rows.update(**given)
            seal(moment)
        for code, stream in STREAMS.items():
            if code in OF_ERASING:
                continue
            model: Any = models[stream.model]
            rows = model._default_manager.filter(pk=MADE)
            before = transaction.savepoint()
            rows.update(**STATES.get(stream.model, {}) | OTHER_STATE.get(code, {}))
            entry = RecordEntry.objects.get(stream=code, row_id=MADE)
            assert faults_of(entry) == [], code
            for column in stream.columns:
                field = next(one for one in model._meta.concrete_fields if one.attname == column)
                if column == "version" and stream.versioned:
                    change: Any = entry.version - 1
                else:
                    change = value_for(field, moment, is_other=True)
                here = transaction.savepoint()
                rows.update(**{column: change})
                assert faults_of(entry), (code, column)
                transaction.savepoint_rollback(here)
                tried += 1
            here = transaction.savepoint()
            rows._raw_delete("default")
            assert faults_of(entry), code
            transaction.savepoint_rollback(here)
            # The negative control: what is not digested is not the record's to say.
            assert faults_of(entry) == [], code
            transaction.savepoint_rollback(before)
    assert tried > 400


def test_what_follows_from_decisions_is_held_to_them(year: QualityYear, sealed: str) -> None:
    """Roles, rights, which figure of an extract counts, points that an office gave."""
    user = User.objects.get(username="office")
    cell = {"court": year.court, "year": 2019, "month": 5, "side": "litigation", "metric": "m"}
    for value in (1, 2):
        extract = Extract.objects.create(
            quality_year=year,
            side="litigation",
            source="x",
            file_name="x",
            sha256=f"{value}" * 64,
            uploaded_at=timezone.now(),
        )
        ExtractFigure.objects.filter(metric="m").update(is_current=False)
        ExtractFigure.objects.create(extract=extract, value=value, **cell)
    motion = Motion.objects.create(
        quality_year=year,
        kind="assessed",
        side="litigation",
        state="confirmed",
        reason="查实",
        data={"item": "L7", "months": [5], "courts": ["yanji"], "points": "4.50", "version": 0},
        moved_by=user,
        moved_at=timezone.now(),
        decided_by=account("second", "yanbian", "office"),
        decided_at=timezone.now(),
    )
    given = Assessment.objects.create(
        quality_year=year,
        court=Court.objects.get(code="yanji"),
        item="L7",
        month=5,
        points=Decimal("4.50"),
        reason="查实",
        motion=motion,
        given_by=user,
        confirmed_by=motion.decided_by,
        at=timezone.now(),
    )
    seal(timezone.now())
    assert check(sealed).faults == ()
    leader = Group.objects.get(name="leader")
    figures = ExtractFigure.objects.order_by("pk")
    tamperings: dict[str, Callable[[], object]] = {
        "角色": lambda: User.groups.through.objects.create(user=user, group=leader),
        "账号": lambda: User.objects.filter(pk=user.pk).update(is_superuser=True),
        "现行": lambda: [
            figures.filter(pk=figures[1].pk).update(is_current=False),
            figures.filter(pk=figures[0].pk).update(is_current=True),
        ],
        "评定分": lambda: Assessment.objects.filter(pk=given.pk).update(points=Decimal("9.99")),
        "评定分没有了": lambda: Assessment.objects.filter(pk=given.pk).delete(),
    }
    with untied():
        for word, act_of in tamperings.items():
            before = transaction.savepoint()
            act_of()
            assert any(word in one for one in check(sealed).faults), word
            transaction.savepoint_rollback(before)
        assert check(sealed).faults == ()


def test_nothing_is_called_erased_that_was_not_by_rule(
    year: QualityYear, sealed: str, settings: Any
) -> None:
    """Erasing is no way round the check: of what may go it has to be gone, and due."""
    entry = RecordEntry.objects.get(stream="event", row_id=Event.objects.order_by("-pk")[0].pk)
    reading = RecordEntry.objects.get(stream="reading")

    def call_erased(one: RecordEntry, at: datetime) -> None:
        RecordErasure.objects.create(entry=one, rule="retention", at=at)
        RecordSalt.objects.filter(pk=one.pk).delete()

    late = timezone.now() + timedelta(days=800)
    with untied():
        for one, moment, change in (
            (entry, late, {"reason": "another"}),
            (entry, timezone.now(), {"reason": "", "data": {}, "actor": None}),
        ):
            before = transaction.savepoint()
            call_erased(one, moment)
            Event.objects.filter(pk=one.row_id).update(**change)
            assert any("其实没有" in fault for fault in check(sealed).faults)
            transaction.savepoint_rollback(before)
        before = transaction.savepoint()
        call_erased(reading, late)
        ReadingDecision.objects.all().delete()
        assert any("不是按规定删除的" in fault for fault in check(sealed).faults)
        transaction.savepoint_rollback(before)
        # What does not fit its digest is not erased, so that it is found.
        settings.RECORD_YEARS = 1
        Event.objects.filter(pk=entry.row_id).update(reason="another")
        erase_old_events(late)
        assert Event.objects.get(pk=entry.row_id).reason == "another"
        seal(timezone.now())
        assert [one for one in check(sealed).faults if f"第{entry.row_id}行" in one]
