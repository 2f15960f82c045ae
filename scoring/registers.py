"""Registers of cases behind counts, described as data: one kind of supplement. It scores nothing.

Terms: a *register* holds *lines*; a line has *fields* and stands in one *state*; who fills a field
or moves a line on is a *keeper*: the court's desk, the trial management office or the enforcement
command centre. A *count* says which lines make up which metric, and in which month. A *personal*
field is for the line's own court and office, and is erased by rule; a *shared* one is for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple, TypeVar

from scoring import faults
from scoring.schema import NO_TEXT, Side, Text
from scoring.tables import CODE, Table

MOST_DAYS, MOST_MONTHS, MOST_NUMBER = 730, 600, 1_000_000_000
EXAMPLE = "case_number"
# What forms, lists and addresses of every register are made of beside its own fields, and the sign
# between a field and a court; a file to bring in has a column for the court.
RESERVED = (
    *("seen", "note", "to", "csrfmiddlewaretoken"),
    *("court", "state", "month", "through", "overdue", "metric", "page", "number"),
)
BETWEEN = "__"


class FieldType(StrEnum):
    """What a field takes; `court_numbers` is a whole number for each court of the year."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    STAFF = "staff"
    COURT = "court"
    COURT_NUMBERS = "court_numbers"
    FILE = "file"


class Keeper(StrEnum):
    """Who fills fields and moves lines on."""

    DESK = "desk"
    OFFICE = "office"
    CENTRE = "centre"


class Sides(StrEnum):
    """Whose register it is: the desk and office of one side, or of both."""

    LITIGATION = "litigation"
    ENFORCEMENT = "enforcement"
    BOTH = "both"

    @property
    def sides(self) -> frozenset[Side]:
        """The sides of returns that it belongs to."""
        return frozenset(Side) if self is Sides.BOTH else frozenset({Side(self.value)})


class Choice(NamedTuple):
    """One value of a choice."""

    code: str
    label: Text


@dataclass(frozen=True, slots=True)
class RegisterField:
    """One field. `required` is the state from which on it is filled; empty for never.

    `low` and `high` bound numbers, in the unit of the field. `suggested_from` names a register and
    its shared field whose texts are offered here.
    """

    code: str
    label: Text
    type: FieldType
    by: frozenset[Keeper]
    paragraph: str = ""
    hint: Text = NO_TEXT
    choices: tuple[Choice, ...] = ()
    required: str = ""
    personal: bool = False
    shared: bool = False
    low: int = 0
    high: int = MOST_NUMBER
    suggested_from: tuple[str, str] = ("", "")

    def choice_label(self, code: str) -> Text:
        """The label of a choice; the code itself where there is none such (any more)."""
        return next((one.label for one in self.choices if one.code == code), Text(code))


class RegisterState(NamedTuple):
    """One state: who moves a line on from it, where to, and within how many days.

    `days` is 0 without a deadline; without `following` a line has come to its end.
    """

    code: str
    label: Text
    by: frozenset[Keeper]
    following: tuple[str, ...]
    days: int


class Condition(NamedTuple):
    """One thing that holds of a line: a field's value, its state, or one date not after another."""

    field: str = ""
    values: frozenset[str] = frozenset()
    not_after: str = ""
    states: frozenset[str] = frozenset()


class Count(NamedTuple):
    """Which lines make up a metric: all conditions hold; the month is that of a date field.

    Of a metric that several registers count, a `second` one is compared with the return as well,
    but figures are filled from the first.
    """

    metric: str
    month_from: str
    when: tuple[Condition, ...]
    second: bool


@dataclass(frozen=True)
class Register:
    """All of it. `retention` is in months after the quality year's end.

    `month_from` is the date that gives a line its month, `identity` the fields by which no line
    stands there twice, `cause` the choice that says what cases have in common. `draw` is the field
    that takes a number drawn by lot, empty where lines are not drawn.
    """

    paragraph: str = ""
    side: Sides = Sides.BOTH
    opened_by: frozenset[Keeper] = frozenset()
    month_from: str = ""
    identity: tuple[str, ...] = ()
    cause: str = ""
    columns: tuple[str, ...] = ()
    statistics: tuple[str, ...] = ()
    retention: int = 0
    draw: str = ""
    fields: tuple[RegisterField, ...] = ()
    states: tuple[RegisterState, ...] = ()
    counts: tuple[Count, ...] = ()

    @cached_property
    def field(self) -> Mapping[str, RegisterField]:
        """The fields by code."""
        return {one.code: one for one in self.fields}

    @cached_property
    def state(self) -> Mapping[str, RegisterState]:
        """The states by code, in their order."""
        return {one.code: one for one in self.states}

    @property
    def first(self) -> RegisterState:
        """The state of a new line."""
        return self.states[0]

    @cached_property
    def metrics(self) -> tuple[str, ...]:
        """The metrics it counts towards, once each."""
        return tuple(dict.fromkeys(one.metric for one in self.counts))

    def needed(self, state: str) -> tuple[RegisterField, ...]:
        """The fields that a line in this state must have."""
        order = list(self.state)
        at = order.index(state)
        return tuple(one for one in self.fields if one.required and order.index(one.required) <= at)

    def counted(self, values: Mapping[str, object], state: str, year: int) -> dict[str, int]:
        """The metrics that a line counts towards, with the month (1 to 12) of the year.

        `values` are a line's fields by code, dates as 2019-03-22. A count whose date is missing,
        or of another year, does not apply.
        """
        found = {}
        for count in self.counts:
            month = month_of(values.get(count.month_from), year)
            if month and all(_holds(one, values, state) for one in count.when):
                found[count.metric] = month
        return found


NO_REGISTER = Register()
T = TypeVar("T", "RegisterField", "RegisterState")
# Tells of a list of codes, under a key of a table, those that the rulebook does not have.
Known = Callable[[Table, str, Iterable[str]], None]


def month_of(value: object, year: int) -> int:
    """The month of a date such as 2019-03-22 in that year; 0 for any other."""
    text = value if isinstance(value, str) else ""
    return int(text[5:7]) if text[:5] == f"{year}-" else 0


def _holds(condition: Condition, values: Mapping[str, object], state: str) -> bool:
    if condition.states:
        return state in condition.states
    value = values.get(condition.field)
    if condition.not_after:
        other = values.get(condition.not_after)
        return isinstance(value, str) and isinstance(other, str) and value <= other
    return value in condition.values


def read_register(head: Table, known: Known) -> Register:
    """Read the tables of a supplement; faults go to the table's list."""
    states = _once(head, "states", map(_state, head.tables("states")))
    codes = tuple(one.code for one in states)
    for number, one in enumerate(states, start=1):
        _among(head, f"states[{one.code or number}].next", one.following, codes)
    fields = _once(head, "fields", (_field(table, codes) for table in head.tables("fields")))
    for field in fields:
        if field.code in RESERVED or BETWEEN in field.code:
            head.fault("fields", faults.RESERVED, found=field.code)
    by_type: dict[FieldType, list[str]] = {kind: [] for kind in FieldType}
    for field in fields:
        by_type[field.type].append(field.code)
    everything = [one.code for one in fields]
    dates, choices = by_type[FieldType.DATE], by_type[FieldType.CHOICE]
    grouped = [*choices, *by_type[FieldType.STAFF], *by_type[FieldType.COURT]]
    counts = tuple(
        _count(table, fields, codes, dates, known)
        for table in head.tables("counts", required=False)
    )
    return Register(
        paragraph=head.string("paragraph"),
        side=head.choice("side", Sides),
        opened_by=_keepers(head, "opened_by"),
        month_from=_one(head, "month_from", dates),
        identity=_several(head, "identity", everything),
        cause=_one(head, "cause", choices, required=False),
        columns=_several(head, "columns", everything),
        statistics=_several(head, "statistics", grouped, required=False),
        retention=head.integer("retention", 1, MOST_MONTHS),
        draw=_one(head, "draw", by_type[FieldType.TEXT], required=False),
        fields=fields,
        states=states,
        counts=counts,
    )


def _once(head: Table, name: str, read: Iterable[T]) -> tuple[T, ...]:
    """What was read, with a fault for each code that stands there twice."""
    found: dict[str, T] = {}
    for one in read:
        if one.code in found:
            head.fault(name, faults.REPEATED, code=one.code)
        found[one.code] = one
    return tuple(found.values())


def _among(table: Table, name: str, asked: Iterable[str], known: Iterable[str]) -> None:
    listed = tuple(known)
    for code in asked:
        if code not in listed:
            table.fault(name, faults.UNKNOWN_VALUE, found=code, known=listed)


def _one(table: Table, name: str, known: Iterable[str], *, required: bool = True) -> str:
    code = table.string(name, required=required)
    _among(table, name, (code,) if code else (), known)
    return code


def _several(
    table: Table, name: str, known: Iterable[str], *, required: bool = True
) -> tuple[str, ...]:
    codes = table.strings(name, required=required)
    _among(table, name, codes, known)
    return codes


def _keepers(table: Table, name: str, *, required: bool = True) -> frozenset[Keeper]:
    codes = _several(table, name, [one.value for one in Keeper], required=required)
    return frozenset(one for one in Keeper if one.value in codes)


def _state(table: Table) -> RegisterState:
    following = table.strings("next", required=False)
    found = RegisterState(
        code=table.code("code", CODE, "entered"),
        label=table.text("label"),
        by=_keepers(table, "by", required=bool(following)),
        following=following,
        days=table.integer("days", 1, MOST_DAYS) if table.has("days") else 0,
    )
    table.finish()
    return found


def _field(table: Table, states: Iterable[str]) -> RegisterField:
    kind = table.choice("type", FieldType)
    is_number = kind in {FieldType.NUMBER, FieldType.COURT_NUMBERS}
    is_choice = kind is FieldType.CHOICE
    suggested = table.string("suggested_from", required=False) if kind is FieldType.TEXT else ""
    personal, shared = table.boolean("personal"), table.boolean("shared")
    if kind is FieldType.STAFF and not personal:
        table.fault("personal", faults.STAFF_NOT_PERSONAL)
    if personal and shared:
        table.fault("shared", faults.PERSONAL_SHARED)
    register, point, field = suggested.partition(".")
    if suggested and not (register and point and field):
        table.fault("suggested_from", faults.BAD_CODE, found=suggested, example="cases.lesson")
    found = RegisterField(
        code=table.code("code", CODE, EXAMPLE),
        label=table.text("label"),
        type=kind,
        by=_keepers(table, "by"),
        paragraph=table.string("paragraph", required=False),
        hint=table.text("hint", required=False),
        choices=_choices(table) if is_choice else (),
        required=_one(table, "required", states, required=False),
        personal=personal,
        shared=shared,
        low=table.integer("low", 0, MOST_NUMBER) if is_number and table.has("low") else 0,
        high=(
            table.integer("high", 0, MOST_NUMBER)
            if is_number and table.has("high")
            else MOST_NUMBER
        ),
        suggested_from=(register, field),
    )
    table.finish()
    return found


def _choices(table: Table) -> tuple[Choice, ...]:
    found: dict[str, Choice] = {}
    for one in table.tables("choices"):
        choice = Choice(one.code("code", CODE, "revised"), one.text("label"))
        if choice.code in found:
            one.fault("code", faults.REPEATED, code=choice.code)
        found[choice.code] = choice
        one.finish()
    return tuple(found.values())


def _count(
    table: Table,
    fields: tuple[RegisterField, ...],
    states: tuple[str, ...],
    dates: list[str],
    known: Known,
) -> Count:
    metric = table.string("metric")
    known(table, "metric", (metric,) if metric else ())
    found = Count(
        metric=metric,
        month_from=_one(table, "month_from", dates),
        when=tuple(
            _condition(one, fields, states, dates) for one in table.tables("when", required=False)
        ),
        second=table.boolean("second"),
    )
    table.finish()
    return found


def _condition(
    table: Table,
    fields: tuple[RegisterField, ...],
    states: tuple[str, ...],
    dates: list[str],
) -> Condition:
    if table.has("states"):
        found = Condition(states=frozenset(_several(table, "states", states)))
    elif table.has("not_after"):
        found = Condition(
            field=_one(table, "field", dates), not_after=_one(table, "not_after", dates)
        )
    else:
        choices = {
            one.code: [choice.code for choice in one.choices]
            for one in fields
            if one.type is FieldType.CHOICE
        }
        field = _one(table, "field", choices)
        values = _several(table, "values", choices.get(field, ()))
        found = Condition(field=field, values=frozenset(values))
    table.finish()
    return found
