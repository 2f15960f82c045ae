"""Tests of measures and logs: for whom they are, and that neither tells of anybody's data."""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client, RequestFactory
from django.utils import timezone

from courts.models import Figure, HousekeepingRun, QualityYear
from courts.upkeep.selectors.measures import MEASURES
from courts.upkeep.services import health
from courts.upkeep.services.health import Reason
from qualityyear.logs import Lines, RefusalsInOneLine
from tests.pages import account, client_of, give

pytestmark = pytest.mark.django_db
TOKEN = {"authorization": "Bearer a-token"}


def test_measures_are_for_the_token_alone(
    monkeypatch: pytest.MonkeyPatch, settings: Any, year: QualityYear
) -> None:
    monkeypatch.setattr(health, "ask", lambda: None)
    assert Client().get("/metrics", headers=TOKEN).status_code == 404
    settings.MONITORING_TOKEN = "a-token"
    assert Client().get("/metrics").status_code == 404
    assert Client().get("/metrics", headers={"authorization": "Bearer x"}).status_code == 404
    HousekeepingRun.objects.update(whole_at=timezone.now() - timedelta(seconds=90), failed=["x"])
    client_of(account("office", "yanbian", "office"))
    answer = Client().get("/metrics", headers=TOKEN)
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    text = answer.content.decode()
    samples = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    by_name = {
        name.split("{")[0].removeprefix("qualityyear_"): value for name, value in samples.items()
    }
    assert set(by_name) == set(MEASURES) - {"record_age_seconds", "replica_lag_seconds"}
    assert f'qualityyear_info{{version="{project.VERSION}"}}' in samples
    assert 89 <= int(by_name["housekeeping_age_seconds"]) <= 120
    assert (by_name["housekeeping_failed"], by_name["sessions"]) == ("1", "1")
    # While the database is not well nothing is asked of it.
    monkeypatch.setattr(health, "ask", lambda: Reason.BLOCKED)
    text = Client().get("/metrics", headers=TOKEN).content.decode()
    assert 'qualityyear_healthy{reason="blocked"} 0' in text
    assert "sessions" not in text


def line_of(record: logging.LogRecord) -> dict[str, Any]:
    RefusalsInOneLine().filter(record)
    text = Lines().format(record)
    assert "\n" not in text
    found: dict[str, Any] = json.loads(text)
    return found


def record_of(status: int, error: Exception, path: str) -> logging.LogRecord:
    try:
        raise error
    except type(error):
        record = logging.LogRecord(
            "django.request", logging.ERROR, "x", 1, "Said: %s", (path,), sys.exc_info()
        )
    record.status_code = status
    record.request = RequestFactory().get(path + "?q=案件")
    return record


def test_a_refused_request_is_one_line_and_a_fault_keeps_its_traceback() -> None:
    refused = line_of(record_of(403, PermissionDenied("no"), "/x/"))
    assert "fault" not in refused
    assert (refused["status"], refused["method"], refused["path"]) == (403, "GET", "/x/")
    assert refused["version"] == project.VERSION
    failed = line_of(record_of(500, RuntimeError("unforeseen"), "/x/"))
    assert "RuntimeError: unforeseen" in failed["fault"]
    assert "案件" not in json.dumps(failed, ensure_ascii=False)


@pytest.mark.database
def test_no_value_of_a_row_stands_in_a_log(year: QualityYear) -> None:
    give(year, ("yanji", "2019-05", "first_instance_closed", 73_219))
    row = Figure.objects.get(value=73_219)
    again = Figure(monthly_return=row.monthly_return, metric=row.metric, value=73_219)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        again.save_base(raw=True, force_insert=True)
    failed = line_of(record_of(500, caught.value, "/x/"))
    assert "IntegrityError" in failed["fault"]
    assert "DETAIL" not in failed["fault"]
    assert row.metric not in failed["fault"].replace('metric"', "")
    assert "73219" not in failed["fault"]


def test_the_version_has_a_heading_and_a_day() -> None:
    assert re.fullmatch(r"\d{4}\.\d{2}\.\d{2}(?:\.\d+)?", project.VERSION)
    text = (Path(project.BASE_DIR) / "CHANGELOG.md").read_text("utf-8")
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    # The newest first, each by its day.
    assert headings[0] == project.VERSION
    assert headings == sorted(headings, reverse=True)
