"""Tests of housekeeping: what it does, what a failure stops, who hears when it is late."""

from __future__ import annotations

import configparser
import re
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import time_machine
import yaml
from axes.models import AccessLog
from django.conf import settings as project
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from courts.frame.duties import DUTIES, Duty, duty
from courts.models import (
    Draft,
    HousekeepingRun,
    QualityYear,
    RecordEntry,
    RegisterLine,
    User,
    WaitingTable,
)
from tests.courts.desks.test_open_work import a_round, staff
from tests.pages import account, client_of

__all__ = ["staff"]

DEPLOY = Path(project.BASE_DIR) / "docs" / "deploy"
MINUTES = 30
LINE = "日常维护自"


def set_back(minutes: int) -> None:
    HousekeepingRun.objects.update(whole_at=timezone.now() - timedelta(minutes=minutes))


def kept_rows(user: User, age: timedelta, name: str) -> None:
    """One row of everything that is kept for a while only, of that age."""
    at = timezone.now() - age
    Draft.objects.create(user=user, thing=f"/{name}/", field="x", text=name, at=at)
    area = WaitingTable.Area.CAPS if name == "old" else WaitingTable.Area.COURTS
    WaitingTable.objects.create(
        user=user, area=area, file_name=name, sha256="0" * 64, table={}, at=at
    )
    Session.objects.create(session_key=name, session_data="x", expire_date=at)
    log = AccessLog.objects.create(username=name)
    AccessLog.objects.filter(pk=log.pk).update(attempt_time=at)


@pytest.mark.django_db
def test_one_command_does_what_every_area_registered(
    year: QualityYear, staff: dict[str, User], capsys: pytest.CaptureFixture[str]
) -> None:
    kinds = {"ballots", "reopenings", "uploads", "drafts", "sessions", "logins", "record"}
    assert set(DUTIES) == {*kinds, "registers", "notices", "old_notices", "outbox"}
    user = staff["office"]
    kept_rows(user, timedelta(days=91), "old")
    kept_rows(user, timedelta(minutes=-5), "new")
    with time_machine.travel(timezone.now() - timedelta(days=4)):
        due = a_round(year, staff, 11, "closed")
    due.voters.filter(name="voted").update(objection="不符")
    later = a_round(year, staff, 12, "open")
    set_back(40)
    # What is personal in petitions is kept for 36 months after their year: until 2023.
    line = RegisterLine.objects.create(
        quality_year=year,
        register="petitions",
        court=year.court,
        number=1,
        state="received",
        personal={"petitioner": "某人"},
        salt="00",
        digest="0",
        opened_at=timezone.now(),
    )
    call_command("housekeeping")

    assert list(Draft.objects.values_list("text", flat=True)) == ["new"]
    assert list(WaitingTable.objects.values_list("file_name", flat=True)) == ["new"]
    assert not Session.objects.filter(session_key="old").exists()
    assert Session.objects.filter(session_key="new").exists()
    assert list(AccessLog.objects.values_list("username", flat=True)) == ["new"]
    due.refresh_from_db()
    later.refresh_from_db()
    assert (due.state, later.state) == ("void", "open")

    line.refresh_from_db()
    assert line.personal == {}

    run = HousekeepingRun.objects.get()
    assert run.whole_at == run.tried_at > timezone.now() - timedelta(minutes=1)
    # Everything that happened so far is sealed, whatever it was.
    assert run.counts.pop("record") == RecordEntry.objects.count() > 0
    # Nothing goes outside unless it is set up, and nobody has read a notice yet.
    nothing = {"reopenings": 0, "outbox": 0, "old_notices": 0}
    assert run.counts == dict.fromkeys(DUTIES.keys() - {"record"}, 1) | nothing
    assert (run.failed, run.version) == ([], project.VERSION)
    assert "处理到期的投票：1" in capsys.readouterr().out


@pytest.mark.django_db
def test_nothing_is_done_while_a_server_migrates() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'courts'")
    with pytest.raises(CommandError, match="migrate"):
        call_command("housekeeping")
    assert not HousekeepingRun.objects.exclude(counts={}).exists()


@pytest.mark.django_db
def test_a_duty_that_fails_stops_no_other_and_is_no_whole_run(
    monkeypatch: pytest.MonkeyPatch, year: QualityYear, settings
) -> None:
    def fails(_now: object) -> int:
        raise RuntimeError

    user = account("office", "yanbian", "office")
    kept_rows(user, timedelta(days=91), "old")
    set_back(40)
    settings.HOUSEKEEPING_LATE_MINUTES = MINUTES
    monkeypatch.setitem(DUTIES, "ballots", Duty("ballots", "投票", fails))
    with pytest.raises(CommandError, match="投票"):
        call_command("housekeeping")
    run = HousekeepingRun.objects.get()
    assert run.failed == ["ballots"]
    assert not Draft.objects.exists()
    assert run.whole_at < timezone.now() - timedelta(minutes=39) < run.tried_at
    text = client_of(user).get(reverse("courts:desk", args=[year.code])).content.decode()
    assert LINE in text
    monkeypatch.undo()
    call_command("housekeeping")
    text = client_of(user).get(reverse("courts:desk", args=[year.code])).content.decode()
    assert LINE not in text


@pytest.mark.django_db
def test_desks_and_the_administrator_hear_when_it_is_late(year: QualityYear, settings) -> None:
    office = client_of(account("office", "yanbian", "office"))
    court = client_of(account("desk", "yanji", "litigation"))
    pages = (
        (office, reverse("courts:desk", args=[year.code])),
        (court, reverse("courts:returns", args=[year.code, "yanji"])),
    )
    admin = client_of(account("admin", "yanbian", "admin"))
    for watched, ago, is_late in ((MINUTES, 31, True), (MINUTES, 29, False), (0, 31, False)):
        settings.HOUSEKEEPING_LATE_MINUTES = watched
        set_back(ago)
        for client, page in pages:
            assert (client.get(page).content.decode().count(LINE) == 1) is is_late
        text = admin.get(reverse("admin:index")).content.decode()
        assert ("已经逾期" in text) is is_late
        assert project.VERSION in text
        assert str(year.edition) in text
        assert "处理到期的投票" in text


@pytest.mark.django_db
def test_there_is_one_row_and_one_duty_of_a_code() -> None:
    with transaction.atomic(), pytest.raises(IntegrityError):
        HousekeepingRun.objects.create(pk=2)
    with pytest.raises(ValueError, match="ballots"):
        duty("ballots", "x")(lambda _now: 0)


def unit(name: str) -> configparser.ConfigParser:
    read = configparser.ConfigParser(interpolation=None)
    read.optionxform = str  # type: ignore[assignment]
    read.read_string((DEPLOY / name).read_text("utf-8"))
    return read


def test_what_is_shipped_runs_it_well_before_it_is_late() -> None:
    service = unit("qualityyear-housekeeping.service")
    assert service["Service"]["ExecStart"].endswith("manage.py housekeeping")
    timer = unit("qualityyear-housekeeping.timer")
    assert timer["Timer"]["OnUnitInactiveSec"] == "50s"
    task = ET.fromstring((DEPLOY / "housekeeping.xml").read_text("utf-8"))
    name = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
    assert task.findtext(".//t:Arguments", "", name) == "manage.py housekeeping"
    assert task.findtext(".//t:Interval", "", name) == "PT1M"
    compose = yaml.safe_load((Path(project.BASE_DIR) / "docker-compose.yml").read_text("utf-8"))
    command = compose["services"]["housekeeping"]["command"]
    assert command == ["python", "manage.py", "housekeeping", "--every", "60"]
    source = (Path(project.BASE_DIR) / "qualityyear" / "settings.py").read_text("utf-8")
    default = re.search(r"HOUSEKEEPING_LATE_MINUTES\".*else (\d+)\)", source)
    assert default
    assert int(default[1]) >= 3 * 5
