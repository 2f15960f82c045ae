"""How numbers are spelled: one way for a sign, a percent, a bound, a unit; and nowhere else."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils import translation

import scoring
from courts.wording import amounts

ROOT = Path(__file__).parents[3]
RULEBOOK = scoring.load_rulebook(scoring.BUNDLED / "yanbian-2019")

# What a spelling of one's own looks like in Python and in templates.
OWN_SPELLINGS = {
    "a sign by format": r"\{[^{}]*:\+[^{}]*\}|%\(\w+\)\+",
    "a sign by replacing": r"""replace\(["']-["'], ["'][^_]""",
    "a sign by hand": r"""\[0\] == ["']-["']|startswith\(["']-["']\)|f["']\+\{""",
    "a bound by sign": r"""["']≥|["']≤|≥ ?\{|≤ ?\{""",
    "a bound by word": r"不低于|不高于|以上的，得|以下的，得",
    "a percent by hand": r"\}%[^(\w]|\)s%%|\+ ?[\"']%[\"']|=\s*[\"']%[\"']",
}
IN_TEMPLATES = {
    "a percent by hand": r"\}\}%|\}\}％",
    "a sign by hand": r"%\}\+\{%|> 0 %\}\+",
    "a bound": r"≥|≤",
}
# The module that spells; minutes and protocol of ballots; papers, whose language is one of its own,
# held by the checker of wording and its table of cases (a percent stands beside a live field).
OWN_LANGUAGE = (
    "courts/ballots/protocol/",
    "courts/bulletins/selectors/prose/",
    "courts/papers/",
    "courts/wording/amounts.py",
    "templates/courts/ballots/",
)
# Where such text is no spelling of a number for a reader, by file and what stands in the line.
ALLOWED = {
    # Reads what somebody typed.
    ("courts/files/values.py", "startswith"),
    # How rows of other models name themselves in the administration.
    ("courts/models/targets.py", "return f"),
    # A percent as spreadsheets read it back, and a format of cells, by which they spell.
    ("courts/files/lists.py", "hundredths"),
    ("courts/scores/ranking_exports.py", "POINTS"),
}


def own_spellings() -> list[str]:
    """Every line of the application that spells a number for itself."""
    found = []
    for folder, kind, patterns in (
        ("courts", "*.py", OWN_SPELLINGS),
        ("templates", "*.html", IN_TEMPLATES),
    ):
        for path in sorted((ROOT / folder).rglob(kind)):
            name = path.relative_to(ROOT).as_posix()
            if "/migrations/" in name or name.startswith(OWN_LANGUAGE):
                continue
            for place, line in enumerate(path.read_text().splitlines(), start=1):
                if any(file == name and text in line for file, text in ALLOWED):
                    continue
                found += [
                    f"{name}:{place}: {what}: {line.strip()}"
                    for what, pattern in patterns.items()
                    if re.search(pattern, line)
                ]
    return found


def test_nobody_else_spells_a_number() -> None:
    assert own_spellings() == []


@pytest.mark.parametrize(
    "line",
    [
        'text = f"{moved:+.2f}"',
        '_("%(metric)s%(change)+d")',
        'return value.replace("-", "−")',
        'moved if moved[0] == "-" else f"+{moved}"',
        'f"≥ {target}"',
        '_("%(rate)s，不低于考核指标的")',
        'f"{line.share}%" if line.share else ""',
        '_("按完成程度计分：%(share)s%%。")',
        'unit = "%"',
    ],
)
def test_the_search_finds_a_new_spelling(line: str) -> None:
    assert any(re.search(pattern, line) for pattern in OWN_SPELLINGS.values())


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("1.20", "+1.20"),
        ("-0.50", "−0.50"),
        ("0.00", "0.00"),
        ("-0.00", "0.00"),
        ("3", "+3"),
        ("-12", "−12"),
        ("0", "0"),
    ],
)
def test_signs(text: str, spelled: str) -> None:
    assert amounts.signed(text) == spelled


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(-15), "-15"),
        (Fraction(10), "10"),
        (Fraction(1), "1.0"),
        (Fraction(1234, 10), "120"),
        # 12.5 lies in the middle, and goes away from zero.
        (Fraction(25, 2), "13"),
        (Fraction(-25, 2), "-13"),
        (Fraction(996, 100), "10"),
        (Fraction(123, 10000), "0.012"),
        (Fraction(1, 3), "0.33"),
        (Decimal("2.25"), "2.3"),
    ],
)
def test_two_significant_digits(value: Fraction | Decimal, text: str) -> None:
    assert amounts.two_digits(value) == text


def test_a_change_of_points() -> None:
    assert amounts.signed_points(Decimal("5.4")) == "+5.40"
    assert amounts.signed_points(Decimal("-5.404")) == "−5.40"


@pytest.mark.parametrize(
    ("language", "least", "most"),
    [
        ("zh-hans", "不低于 80.00%", "不高于 153.25天"),
        ("ko", "80.00% 이상", "153.25일 이하"),
        ("en", "at least 80.00%", "at most 153.25 days"),
    ],
)
def test_bounds(language: str, least: str, most: str) -> None:
    with translation.override(language):
        assert amounts.bound("at_least", amounts.percent("80.00")) == least
        assert amounts.bound("at_most", amounts.with_unit("153.25", "days")) == most


def test_a_minus_before_any_unit() -> None:
    with translation.override("zh-hans"):
        assert amounts.with_unit("-10.00", "%") == "−10.00%"
        assert amounts.with_unit("-1.5", "pp") == "−1.5个百分点"
        assert amounts.with_unit("-2", "days") == "−2天"
        assert amounts.with_unit("-2", "points") == "−2分"


@pytest.mark.parametrize(
    ("language", "cases", "people", "days"),
    [
        ("zh-hans", "−3件", "+1人", "284天"),
        ("ko", "−3건", "+1명", "284일"),
        ("en", "−3 cases", "+1 people", "284 days"),
    ],
)
def test_figures_have_the_unit_of_their_metric(
    language: str, cases: str, people: str, days: str
) -> None:
    with translation.override(language):
        assert amounts.figure_change(-3, RULEBOOK, "appeal_revised") == cases
        assert amounts.figure_change(1, RULEBOOK, "enforcement_quota_judges") == people
        assert amounts.figure(284, RULEBOOK, "closing_days") == days


def test_metrics_that_share_no_unit_have_none() -> None:
    assert amounts.unit_of(RULEBOOK, ["appeal_revised", "closing_days"]) == ""
    assert amounts.counted("5", "") == "5"


def test_the_filter_spells_the_same() -> None:
    template = Template("{% load wording %}{{ value|percent }}")
    assert template.render(Context({"value": Decimal("-9.25")})) == "−9.25%"
