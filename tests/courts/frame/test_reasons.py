"""Reasons of the system itself: stored in Chinese, told in the language of the page."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from courts.frame import reasons
from courts.frame.reasons import reason_told
from courts.models import Event, QualityYear
from tests.pages import account, client_of

ROOT = Path(__file__).resolve().parents[3]


def test_a_stored_reason_is_told_in_the_language_of_the_page() -> None:
    with translation.override("en"):
        assert reason_told("核实报表") != "核实报表"
        assert reason_told("代报：系统故障") == translation.gettext("代报：%(reason)s") % {
            "reason": "系统故障"
        }
        assert reason_told("导入 十月.xlsx、十一月.xlsx").endswith("十月.xlsx、十一月.xlsx")
        assert not reason_told("导入 a.csv").startswith("导入")
        # What people write stays as they wrote it, even if it begins alike.
        assert reason_told("核实报表以后发现") == "核实报表以后发现"
        assert reason_told("") == ""
    with translation.override("zh-hans"):
        for one in reasons.AUTOMATIC:
            assert reason_told(one) == one


def test_no_service_stores_a_reason_in_the_language_of_whoever_acts() -> None:
    """Neither a keyword `reason`, nor what saves or voids a row, takes a translated text."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted((ROOT / "courts").rglob("services/*.py"))
        if "setup" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and any(map(is_translated, reasons_in(node)))
    ]
    assert found == []


def test_a_translated_reason_is_seen() -> None:
    planted = ('save_issue(held, user, _("编辑"))', 'save(reason=note or _("退回"))')
    for text in planted:
        call = ast.parse(text, mode="eval").body
        assert isinstance(call, ast.Call)
        assert any(map(is_translated, reasons_in(call)))


def reasons_in(call: ast.Call) -> Iterator[ast.expr]:
    """What a call may store as a reason."""
    name = getattr(call.func, "id", "") or getattr(call.func, "attr", "")
    if name.startswith(("save_", "void", "_void")):
        yield from call.args
    for given in call.keywords:
        if given.arg in {"reason", "default_change_reason"}:
            yield given.value


def is_translated(value: ast.expr) -> bool:
    """Whether it is a translated text, or one of two ways is."""
    if isinstance(value, ast.BoolOp):
        return any(map(is_translated, value.values))
    return isinstance(value, ast.Call) and getattr(value.func, "id", "") == "_"


@pytest.mark.django_db
def test_records_and_histories_tell_it_in_the_language_of_the_page(year: QualityYear) -> None:
    """A signed issue that was edited again, as the administration lists it."""
    office = account("office", "yanbian", "office", is_staff=True)
    Event.objects.create(
        action="set_issue", quality_year=year, actor=office, reason=reasons.SIGNED_BEFORE
    )
    Event.objects.create(
        action="set_issue", quality_year=year, actor=office, reason="SIGNED_BEFORE 由人写的"
    )
    client = client_of(office)
    for language, told in (("zh-hans", "签发后又有编辑"), ("en", "edited after it was signed")):
        client.cookies["django_language"] = language
        text = client.get("/admin/courts/event/").content.decode()
        assert told in text
        assert "SIGNED_BEFORE 由人写的" in text
