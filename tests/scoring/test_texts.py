"""Owns proving that a rulebook's text is changed where asked, and nowhere else."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import scoring
from scoring import texts

YANBIAN = {
    file.name: file.read_bytes().decode()
    for file in sorted((scoring.BUNDLED / "yanbian-2019").glob("*.toml"))
}

SMALL = '''# head
code = "a"   # the code
year = 2019
[[items]]
code = "L1"
points = { grassroots = 40, intermediate = 12.50 }
label = { zh = '率', en = "Rate \\"x\\"" }
empty = {}
[items.rule]
figures = [ # both
  "one",
  'two',
]
none = []
whole = true
[[items]]
code = "L2"
[items.rule]
text = """
two
lines"""
raw = \'\'\'r\'\'\'
[[items.rule.conditions]]
target = 5
[[items.rule.conditions]]
target = 6
[[items.rule.conditions]]
'''


def keyed(text: str) -> dict[str, texts.Value]:
    return {place.key: place.value for place in texts.places(text)}


def test_every_value_has_its_key_and_place() -> None:
    assert keyed(SMALL) == {
        "code": "a",
        "year": 2019,
        "items[L1].code": "L1",
        "items[L1].points.grassroots": 40,
        "items[L1].points.intermediate": Decimal("12.50"),
        "items[L1].label.zh": "率",
        "items[L1].label.en": 'Rate "x"',
        "items[L1].rule.figures": ("one", "two"),
        "items[L1].rule.none": (),
        "items[L1].rule.whole": True,
        "items[L2].code": "L2",
        "items[L2].rule.text": "two\nlines",
        "items[L2].rule.raw": "r",
        "items[L2].rule.conditions[1].target": 5,
        "items[L2].rule.conditions[2].target": 6,
    }


@pytest.mark.parametrize("name", sorted(YANBIAN))
def test_the_files_of_the_notice_can_be_placed_whole(name: str) -> None:
    """Four keys that do not repeat, picked by hand, and as many values as lines at least."""
    found = keyed(YANBIAN[name])
    expected = {
        "rulebook.toml": ("sides[litigation].weight", 50),
        "metrics.toml": ("metrics[closing_days].kind", "sum"),
        "litigation.toml": ("items[L1].rule.per_percent", 4),
        "enforcement.toml": ("items[Q1].rule.target", Decimal("53.48")),
    }[name]
    assert found[expected[0]] == expected[1]
    assert len(found) == len(texts.places(YANBIAN[name])) > 150


def test_one_value_is_replaced_and_every_other_byte_stays() -> None:
    changed = texts.with_value(SMALL, ("items", 0, "points", "intermediate"), Decimal("13.5"))
    assert changed == SMALL.replace("12.50", "13.5")
    changed = texts.with_value(SMALL, ("items", 1, "rule", "conditions", 1, "target"), 7)
    assert changed == SMALL.replace("target = 6", "target = 7")
    changed = texts.with_value(SMALL, ("items", 0, "rule", "figures"), ("three",))
    assert '\nfigures = ["three"]\nnone' in changed
    assert texts.with_value(SMALL, ("items", 0, "rule", "whole"), False).count("false") == 1


def test_a_path_that_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError):
        texts.with_value(SMALL, ("nowhere",), 1)


def test_lines_may_end_as_windows_ends_them() -> None:
    text = SMALL.replace("\n", "\r\n")
    changed = texts.with_value(text, ("year",), 2020)
    assert changed == text.replace("2019", "2020")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_whatever_is_written_is_read_again(value: str) -> None:
    text = texts.with_value(SMALL, ("items", 0, "label", "zh"), value)
    assert keyed(text)["items[L1].label.zh"] == value


@pytest.mark.parametrize(
    "text",
    [
        "code =",  # no TOML
        '"quoted key" = 1',  # TOML, but nothing that a rulebook is written in
        "a.b = 1",
        "[ spaced ]\nx = 1",
        "numbers = [1, 2]",
        "nested = [[1]]",
        "inner = [{ x = 1 }, 2]",
        "x = 2019-12-31 08:00:00",
        "x = nan",  # equal to nothing, itself included
    ],
)
def test_what_cannot_be_followed_has_no_places(text: str) -> None:
    assert texts.places(text) == ()


def test_tables_in_a_list_are_values_of_their_own_and_beside_texts_part_of_the_list() -> None:
    text = (
        "bands = [\n  { share = 50, points = 9 },\n  { share = 100, points = 1 },\n]\nnone = []\n"
    )
    text += 'sum = [{ metric = "a", weight = 0.6 }, "b"]\n'
    assert keyed(text) == {
        "bands[1].share": 50,
        "bands[1].points": 9,
        "bands[2].share": 100,
        "bands[2].points": 1,
        "none": (),
        "sum": ({"metric": "a", "weight": Decimal("0.6")}, "b"),
    }
    changed = texts.with_value(text, ("bands", 1, "points"), 2)
    assert changed == text.replace("points = 1 ", "points = 2 ")
    value = ("b", {"metric": "a", "weight": Decimal("0.7")})
    assert keyed(texts.with_value(text, ("sum",), value))["sum"] == value


def test_a_value_is_never_taken_for_its_neighbour() -> None:
    """True is no 1 in TOML: a place whose type differs would write over something else."""
    assert keyed("a = true\nb = 1") == {"a": True, "b": 1}


def test_differences_name_file_key_before_and_after() -> None:
    after = SMALL.replace("= 40", "= 38").replace("year = 2019\n", "").replace('"L2"', '"L3"')
    assert texts.differences({"a.toml": SMALL}, {"a.toml": SMALL}) == ()
    found = texts.differences({"a.toml": SMALL}, {"a.toml": after})
    assert [(one.file, one.key, one.before, one.after) for one in found] == [
        ("a.toml", "items[L1].points.grassroots", "40", "38"),
        ("a.toml", "items[L3].code", None, '"L3"'),
        ("a.toml", "items[L3].rule.text", None, '"two\\nlines"'),
        ("a.toml", "items[L3].rule.raw", None, '"r"'),
        ("a.toml", "items[L3].rule.conditions[1].target", None, "5"),
        ("a.toml", "items[L3].rule.conditions[2].target", None, "6"),
        ("a.toml", "year", "2019", None),
        ("a.toml", "items[L2].code", '"L2"', None),
        ("a.toml", "items[L2].rule.text", '"two\\nlines"', None),
        ("a.toml", "items[L2].rule.raw", '"r"', None),
        ("a.toml", "items[L2].rule.conditions[1].target", "5", None),
        ("a.toml", "items[L2].rule.conditions[2].target", "6", None),
    ]


def test_files_that_only_one_side_has_or_that_are_no_toml() -> None:
    found = texts.differences({"a.toml": "x = 1"}, {"a.toml": "x =", "b.toml": "y = 1.50"})
    assert [(one.file, one.key, one.before, one.after) for one in found] == [
        ("a.toml", "", None, "x ="),
        ("a.toml", "x", "1", None),
        ("b.toml", "y", None, "1.50"),
    ]


def test_tables_of_one_name_are_told_apart() -> None:
    twice = '[[items]]\ncode = "L1"\nx = 1\n[[items]]\ncode = "L1"\nx = 2\n'
    found = texts.differences({"a": twice}, {"a": twice.replace("= 2", "= 3")})
    assert [(one.key, one.before, one.after) for one in found] == [("items[L1].x′", "2", "3")]


def test_line_by_line() -> None:
    assert texts.unified({"a": "x = 1\ny = 2\n"}, {"a": "x = 1\ny = 3\n"}).splitlines() == [
        "--- a/a",
        "+++ b/a",
        "@@ -1,2 +1,2 @@",
        " x = 1",
        "-y = 2",
        "+y = 3",
    ]
    assert texts.unified({"a": "x"}, {"a": "x"}) == ""


def test_the_top_of_a_file() -> None:
    assert texts.top_value(SMALL, "year") == 2019
    assert texts.top_value(SMALL, "month") is None
    assert texts.top_value("x =", "x") is None


def test_dates_are_shown_as_they_are() -> None:
    found = texts.differences({"a": "d = 2019-12-30"}, {"a": "d = 2019-12-31"})
    assert [(one.before, one.after) for one in found] == [("2019-12-30", "2019-12-31")]
