"""Formats that hide formulas and percents: pages take them with a tick alone, commands never.

The forms are sent as the pages show them, once without the tick and once with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from courts.models import AppraisalTarget, Court, Figure, Motion, QualityYear
from tests.courts.files.made_files import HIDING
from tests.courts.files.test_every_way import CAPS, COURTS, FIGURES, TARGETS
from tests.pages import account, client_of

pytestmark = pytest.mark.django_db

DOUBT = "看不出哪些格子是公式、哪些是百分比，请逐格核对"
UNTICKED = ("没有写入任何数据", "请先核对")
DESK = (("指标", "1-12月"), ("二审被改判", 11), ("二审立案数", 300))


@dataclass(frozen=True)
class Page:
    """A page that takes a file: who sends what there, and how many rows say that it was taken."""

    who: str
    address: str
    table: Sequence[Sequence[str | int]]
    taken: Callable[[], int]
    field: str = "file"
    more: Mapping[str, Any] | None = None


def pages(year: QualityYear) -> dict[str, Page]:
    def of_year(name: str) -> str:
        return reverse(f"courts:{name}", args=[year.code])

    desk = reverse("courts:upload", args=[year.code, "dunhua", "2019-12", "litigation"])
    figures = Figure.objects.filter(monthly_return__year=2019).count
    admin = {"year": year.pk, "format": "0", "resource": "0"}
    litigation = (FIGURES[0], FIGURES[1])
    return {
        "targets": Page("office", of_year("targets_import"), TARGETS, Motion.objects.count),
        "caps": Page("office", of_year("caps_import"), CAPS, Motion.objects.count),
        "courts": Page("operator", reverse("courts:courts_import"), COURTS, Court.objects.count),
        "extracts": Page(
            "office", of_year("extracts"), litigation, Motion.objects.count, more={"source": "系统"}
        ),
        "admin": Page(
            "office",
            reverse("admin:courts_figure_import"),
            litigation,
            figures,
            "import_file",
            admin,
        ),
        "desk": Page("desk", desk, DESK, figures),
    }


def form_of(page: str, address: str) -> tuple[str, dict[str, Any]]:
    """Where the form with the tick goes, and what it sends as it stands; nothing is ticked."""
    forms = re.findall(r"<form([^>]*)>(.*?)</form>", page, re.DOTALL)
    ((head, body),) = [form for form in forms if 'name="agreed"' in form[1]]
    sent: dict[str, Any] = {}
    for field in re.findall(r"<input[^>]*>", body):
        given = dict(re.findall(r'([a-z-]+)="([^"]*)"', field))
        is_sent = given.get("type") == "hidden" or re.search(r"\bchecked\b", field)
        if "name" in given and is_sent and given["name"] != "csrfmiddlewaretoken":
            sent.setdefault(given["name"], []).append(unescape(given.get("value", "")))
    action = dict(re.findall(r'([a-z-]+)="([^"]*)"', head)).get("action", "")
    return action or address, sent


def brought(client: Client, page: Page, name: str) -> str:
    """The preview of the page's own table in the format of that name."""
    file = SimpleUploadedFile(name, HIDING[name](page.table))
    sent = {page.field: file, **(page.more or {})}
    return client.post(page.address, sent, follow=True).content.decode()


@pytest.mark.parametrize(
    ("where", "name"),
    [("targets", name) for name in HIDING]
    + [(where, "sheet.ods") for where in ("caps", "courts", "extracts", "admin", "desk")],
)
def test_a_page_takes_it_with_a_tick_alone(year: QualityYear, where: str, name: str) -> None:
    page = pages(year)[where]
    client = client_of(
        {
            "office": lambda: account("office", "yanbian", "office", is_staff=True),
            "desk": lambda: account("desk", "dunhua", "litigation"),
            "operator": lambda: account("operator", None, is_superuser=True, is_staff=True),
        }[page.who]()
    )
    before = page.taken()
    for ticked in (False, True):
        text = brought(client, page, name)
        assert DOUBT in text
        action, sent = form_of(text, page.address)
        assert "agreed" not in sent
        if ticked:
            value = re.search(r'name="agreed" value="(\w+)"', text)
            assert value
            sent["agreed"] = value[1]
        answer = client.post(action, sent, follow=True).content.decode()
        if not ticked:
            assert any(words in answer for words in UNTICKED)
            assert DOUBT in answer
        assert (page.taken() > before) is ticked


def test_where_no_preview_could_ask_it_is_refused(year: QualityYear) -> None:
    client = client_of(account("office", "yanbian", "office"))
    for name, make in HIDING.items():
        file = SimpleUploadedFile(name, make(FIGURES))
        sent = {"file": file, "source": "二〇一八年年报", "upload": "1"}
        page = reverse("courts:base_give", args=[year.code])
        answer = client.post(page, sent, follow=True).content.decode()
        assert f"{name}：这种格式看不出公式和百分比" in answer
    assert not Motion.objects.exists()


@pytest.mark.parametrize(
    ("command", "table", "more"),
    [
        ("import_figures", FIGURES, {}),
        ("import_targets", TARGETS, {}),
        ("import_extract", FIGURES, {"source": "系统"}),
    ],
)
def test_no_command_takes_it(
    year: QualityYear, tmp_path: Path, command: str, table: Any, more: dict[str, str],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    before = Figure.objects.count(), AppraisalTarget.objects.count()
    for name, make in HIDING.items():
        path = tmp_path / name
        path.write_bytes(make(table))
        with pytest.raises((CommandError, SystemExit)) as refusal:
            call_command(command, str(path), **more)
        said = capsys.readouterr()
        assert "看不出公式和百分比" in f"{refusal.value} {said.err} {said.out}"
        assert "另存为 .xlsx" in f"{refusal.value} {said.err} {said.out}"
    assert (Figure.objects.count(), AppraisalTarget.objects.count()) == before
