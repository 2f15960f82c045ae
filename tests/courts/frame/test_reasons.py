"""Reasons of the system itself: stored in Chinese, told in the language of the page."""

from __future__ import annotations

import ast
from pathlib import Path

from django.utils import translation

from courts.frame import reasons
from courts.frame.reasons import reason_told

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
    """A keyword `reason` never takes a translated text of its own."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted((ROOT / "courts").rglob("services/*.py"))
        if "setup" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        for given in node.keywords
        if given.arg in {"reason", "default_change_reason"}
        and isinstance(given.value, ast.Call)
        and getattr(given.value.func, "id", "") == "_"
    ]
    assert found == []
