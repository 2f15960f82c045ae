"""Registers as supplements: what a small one says, which lines count, and how one is refused."""

from __future__ import annotations

import pytest

import scoring
from scoring import Rulebook, RulebookError, faults, supplements
from scoring.registers import FieldType, Keeper, Sides
from scoring.schema import Side
from scoring.supplements import Kind, load_supplement, load_supplements
from tests.scoring.made_register import MADE, NAME

BUNDLED = scoring.BUNDLED / "yanbian-2019"


@pytest.fixture(scope="module")
def made(rulebook: Rulebook) -> supplements.Supplement:
    return load_supplement(NAME, MADE, rulebook)


def test_a_register_says_what_its_lines_are(made: supplements.Supplement) -> None:
    register = made.register
    assert (made.kind, made.directions, made.averages) == (Kind.REGISTER, (), ())
    assert register.side is Sides.ENFORCEMENT
    assert register.opened_by == {Keeper.DESK}
    assert register.side.sides == {Side.ENFORCEMENT}
    assert Sides.BOTH.sides == set(Side)
    assert [one.type for one in register.fields] == [
        FieldType.TEXT,
        FieldType.CHOICE,
        FieldType.DATE,
        FieldType.DATE,
        FieldType.NUMBER,
        FieldType.STAFF,
    ]
    assert register.first.code == "begun"
    assert register.first.by == {Keeper.DESK, Keeper.CENTRE}
    assert (register.first.following, register.first.days) == (("ended",), 10)
    assert register.state["ended"].days == 0
    assert register.metrics == ("supervised_matters_due", "supervised_matters_in_time")
    assert (register.field["size"].low, register.field["size"].high) == (1, 90)
    assert register.field["name"].suggested_from == ("overturned", "lesson")
    assert register.field["kind"].choice_label("small").zh == "小"
    assert register.field["kind"].choice_label("gone").zh == "gone"


def test_what_a_state_needs_is_what_all_states_to_it_need(made: supplements.Supplement) -> None:
    register = made.register
    assert [one.code for one in register.needed("begun")] == ["name", "kind", "due_on"]
    assert [one.code for one in register.needed("ended")] == ["name", "kind", "due_on", "done_on"]


BASE = {"kind": "big", "due_on": "2019-04-30", "done_on": "2019-04-30"}


@pytest.mark.parametrize(
    ("values", "state", "counted"),
    [
        # Due in April, and done on the last day of its time.
        (BASE, "ended", {"supervised_matters_due": 4, "supervised_matters_in_time": 4}),
        # Done a day late, not done at all, and done in time but not yet ended.
        (BASE | {"done_on": "2019-05-01"}, "ended", {"supervised_matters_due": 4}),
        (BASE | {"done_on": None}, "ended", {"supervised_matters_due": 4}),
        (BASE, "begun", {"supervised_matters_due": 4}),
        # Small ones count nowhere, nor do those of another year or without a date.
        (BASE | {"kind": "small"}, "ended", {}),
        (BASE | {"due_on": "2020-01-01"}, "ended", {}),
        ({"kind": "big"}, "ended", {}),
    ],
)
def test_a_line_counts_where_every_condition_holds(
    made: supplements.Supplement, values: dict[str, object], state: str, counted: dict[str, int]
) -> None:
    assert made.register.counted(values, state, 2019) == counted


@pytest.mark.parametrize(
    ("old", "new", "key", "template", "says"),
    [
        ('side = "enforcement"', 'side = "all"', "side", faults.UNKNOWN_VALUE, "both"),
        ('opened_by = ["desk"]', 'opened_by = ["all"]', "opened_by", faults.UNKNOWN_VALUE, "desk"),
        ('month_from = "due_on"\nid', 'month_from = "kind"\nid', "month_from",
         faults.UNKNOWN_VALUE, "due_on、done_on"),
        ('identity = ["name"]', 'identity = ["nom"]', "identity", faults.UNKNOWN_VALUE, "kind"),
        ('cause = "kind"', 'cause = "name"', "cause", faults.UNKNOWN_VALUE, "kind"),
        ('statistics = ["kind"', 'statistics = ["name"', "statistics", faults.UNKNOWN_VALUE,
         "judge"),
        ("retention = 12", "retention = 0", "retention", faults.OUT_OF_RANGE, "600"),
        ("retention = 12", 'retention = 12\ndraw = "kind"', "draw", faults.UNKNOWN_VALUE, "name"),
        ("retention = 12", "retention = 12\nretain = 3", "retain", faults.UNKNOWN_KEY, "retention"),
        ('next = ["ended"]', 'next = ["over"]', "states[begun].next", faults.UNKNOWN_VALUE,
         "ended"),
        ('by = ["desk", "centre"]\nnext', "next", "states[begun].by", faults.MISSING_KEY, ""),
        ("days = 10", "days = 0", "states[begun].days", faults.OUT_OF_RANGE, "730"),
        ("days = 10", "days = 10\nday = 1", "states[begun].day", faults.UNKNOWN_KEY, "days"),
        ('code = "ended"', 'code = "begun"', "states", faults.REPEATED, "begun"),
        ('code = "done_on"', 'code = "due_on"', "fields", faults.REPEATED, "due_on"),
        ('code = "size"', 'code = "month"', "fields", faults.RESERVED, "month"),
        ('code = "size"', 'code = "size__1"', "fields", faults.RESERVED, "size__1"),
        ('type = "number"', 'type = "float"', "fields[size].type", faults.UNKNOWN_VALUE,
         "court_numbers"),
        ('required = "ended"', 'required = "over"', "fields[done_on].required",
         faults.UNKNOWN_VALUE, "begun、ended"),
        ("low = 1", "low = -1", "fields[size].low", faults.OUT_OF_RANGE, "-1"),
        ("high = 90", 'high = "90"', "fields[size].high", faults.WRONG_TYPE, "整数"),
        ("personal = true", "personal = false", "fields[judge].personal",
         faults.STAFF_NOT_PERSONAL, ""),
        ("personal = true", "personal = true\nshared = true", "fields[judge].shared",
         faults.PERSONAL_SHARED, ""),
        ('"overturned.lesson"', '"lesson"', "fields[name].suggested_from", faults.BAD_CODE,
         "lesson"),
        ('code = "small"', 'code = "big"', "fields[kind].choices[big].code", faults.REPEATED,
         "big"),
        ('code = "small"', 'code = "Small"', "fields[kind].choices[Small].code", faults.BAD_CODE,
         "Small"),
        ('metric = "supervised_matters_due"', 'metric = "supervised"', "counts[1].metric",
         faults.UNKNOWN_METRIC, "supervised"),
        ('metric = "supervised_matters_due"\n', "", "counts[1].metric", faults.MISSING_KEY, ""),
        ('values = ["big"]', 'values = ["huge"]', "counts[1].when[1].values",
         faults.UNKNOWN_VALUE, "big、small"),
        ('not_after = "due_on"', 'not_after = "kind"', "counts[2].when[2].not_after",
         faults.UNKNOWN_VALUE, "due_on"),
        ('states = ["ended"]', 'states = ["over"]', "counts[2].when[3].states",
         faults.UNKNOWN_VALUE, "ended"),
        ('states = ["ended"]', 'states = ["ended"], state = 1', "counts[2].when[3].state",
         faults.UNKNOWN_KEY, "states"),
    ],
)  # fmt: skip
def test_refused(
    rulebook: Rulebook, old: str, new: str, key: str, template: str, says: str
) -> None:
    assert old in MADE
    with pytest.raises(RulebookError) as error:
        load_supplement(NAME, MADE.replace(old, new, 1), rulebook)
    found = [one for one in error.value.faults if (one.key, one.template) == (key, template)]
    assert len(found) == 1, error.value.faults
    assert says in found[0].message


def test_a_register_may_do_without_counts_causes_and_statistics(rulebook: Rulebook) -> None:
    text = MADE[: MADE.index("[[counts]]")]
    text = text.replace('cause = "kind"\n', "").replace('statistics = ["kind", "judge"]\n', "")
    register = load_supplement(NAME, text, rulebook).register
    assert (register.counts, register.cause, register.statistics) == ((), "", ())
    assert register.counted(BASE, "ended", 2019) == {}


def registers() -> dict[str, supplements.Supplement]:
    rulebook = scoring.load_rulebook(BUNDLED)
    found = load_supplements(BUNDLED, rulebook)
    return {one.code: one for one in found if one.kind is Kind.REGISTER}


def test_every_word_of_the_bundled_ones_stands_in_three_languages() -> None:
    for one in registers().values():
        texts = [one.title, one.about]
        for field in one.register.fields:
            texts += [field.label, *(choice.label for choice in field.choices)]
            texts += [field.hint] if field.hint.zh else []
        texts += [state.label for state in one.register.states]
        assert all(text.zh and text.ko and text.en for text in texts), one.code
        # Free text can name people: it is erased by rule, or it is written for all to read.
        for field in one.register.fields:
            if field.type in {FieldType.TEXT, FieldType.LONG_TEXT}:
                assert field.personal or field.shared, f"{one.code}.{field.code}"


def test_every_state_of_the_bundled_ones_can_be_reached_and_left() -> None:
    for one in registers().values():
        reached, waiting = set(), [one.register.first.code]
        while waiting:
            state = waiting.pop()
            if state not in reached:
                reached.add(state)
                waiting += one.register.state[state].following
        assert reached == set(one.register.state), one.code
        assert any(not state.following for state in one.register.states), one.code
        # Whoever moves a line on can fill what the next state needs, or somebody could before.
        for field in one.register.fields:
            assert field.by, field.code
