"""How a formula writes its working for a spreadsheet: expressions over cells, exact in integers.

A spreadsheet counts in doubles, and rounds them its own way. So a working never divides where it
rounds or compares: sums, products and the quotients' two sides stay integers below `LARGEST`,
which a double holds exactly, and `HalfUp` makes whole hundredths of them as `scoring.rounding`
does. Numbers with decimals (targets, points) are taken times a power of ten first.

An expression has a `text`, which a spreadsheet computes, and a `value`, which is computed here from
the same object: what a file shows before it is recalculated. Terms: a *cell* is named by what it
holds, and the *paper* knows its address; a *line* is one intermediate result of an item.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, Protocol

from scoring.facts import CourtFacts
from scoring.results import Status
from scoring.rounding import half_up
from scoring.schema import Text
from scoring.weights import places_of, weights_of

# Beyond it, comparing and dividing in a spreadsheet are no longer sure.
LARGEST = 10**14
# What appraisal targets and sums of ballots are written with at most.
DECIMALS = 4


class Kind(StrEnum):
    """What a cell holds: figures of this month, of the same month and the whole year before, an
    item's target, the number and the sum of ballots, the points an office gave for an item, a
    court's cents of one side, a line."""

    CURRENT = "current"
    SAME_MONTH = "same_month"
    ANNUAL = "annual"
    TARGET = "target"
    BALLOTS = "ballots"
    BALLOT_POINTS = "ballot_points"
    ASSESSED = "assessed"
    HALF = "half"
    LINE = "line"


class Cell(NamedTuple):
    """One cell; `court` is empty for the court whose item it is."""

    kind: Kind
    name: str
    court: str = ""


Number = int | Decimal
# Booleans come of conditions, None of a cell without a value.
Value = int | Decimal | Status | None


class Paper(Protocol):
    """Where cells stand, and what a status is called there."""

    def address(self, cell: Cell) -> str: ...

    def word(self, status: Status) -> str: ...


Given = Mapping[Cell, Value]


class Expression(ABC):
    """Something a spreadsheet computes."""

    @abstractmethod
    def text(self, paper: Paper) -> str:
        """It as a spreadsheet writes it, without the equals sign in front."""

    @abstractmethod
    def value(self, given: Given) -> Value:
        """What it comes to, exactly; a cell that is not given has no value."""

    def number(self, given: Given) -> Number:
        """The same as a number: none counts as nothing, as in a spreadsheet's N()."""
        value = self.value(given)
        return value if isinstance(value, int | Decimal) else 0

    def __add__(self, other: Expression | int) -> Expression:
        return Arithmetic("+", self, written(other))

    def __sub__(self, other: Expression | int) -> Expression:
        return Arithmetic("-", self, written(other))

    def __mul__(self, other: Expression | int) -> Expression:
        return Arithmetic("*", self, written(other))

    def at_least(self, other: Expression | int) -> Expression:
        return Comparison(">=", self, written(other))

    def at_most(self, other: Expression | int) -> Expression:
        return Comparison("<=", self, written(other))

    def equals(self, other: Expression | int) -> Expression:
        return Comparison("=", self, written(other))


def written(operand: Expression | int) -> Expression:
    """An operand as an expression."""
    return operand if isinstance(operand, Expression) else Constant(operand)


@dataclass(frozen=True, slots=True)
class Constant(Expression):
    """A number of the rule, always an integer."""

    constant: int

    def text(self, paper: Paper) -> str:
        return str(self.constant)

    def value(self, given: Given) -> int:
        return self.constant


@dataclass(frozen=True, slots=True)
class State(Expression):
    """A status, in words."""

    status: Status

    def text(self, paper: Paper) -> str:
        return '"' + paper.word(self.status).replace('"', '""') + '"'

    def value(self, given: Given) -> Status:
        return self.status


@dataclass(frozen=True, slots=True)
class In(Expression):
    """The number in a cell; nothing there counts as zero.

    `places` shifts the point: a number with so many decimals becomes an integer.
    """

    cell: Cell
    places: int = 0

    def text(self, paper: Paper) -> str:
        number = f"N({paper.address(self.cell)})"
        return f"ROUND({number}*{10**self.places},0)" if self.places else number

    def value(self, given: Given) -> int:
        value = given.get(self.cell)
        return int(value * 10**self.places) if isinstance(value, int | Decimal) else 0


@dataclass(frozen=True, slots=True)
class Total(Expression):
    """The sum of cells, nothing when one of them is empty.

    `factors` are what each counts for, as integers; none where all count alike. With `places`
    amounts stand in the cells as people write them, in 元, and are added up in 分.
    """

    cells: tuple[Cell, ...]
    factors: tuple[int, ...] = ()
    places: int = 0

    def text(self, paper: Paper) -> str:
        listed = _listed(paper, self.cells)
        summed = f"SUM({listed})"
        if self.factors or self.places:
            terms = zip(self.cells, self._factors, strict=True)
            summed = "+".join(
                f"{In(cell, self.places).text(paper)}*{factor}" for cell, factor in terms
            )
        return f'IF(COUNT({listed})={len(self.cells)},{summed},"")'

    def value(self, given: Given) -> Value:
        found = [given.get(cell) for cell in self.cells]
        numbers = [value for value in found if isinstance(value, int | Decimal)]
        if len(numbers) != len(found):
            return None
        return sum(value * factor for value, factor in zip(numbers, self._factors, strict=True))

    @property
    def _factors(self) -> tuple[int, ...]:
        return self.factors or (1,) * len(self.cells)


@dataclass(frozen=True, slots=True)
class Nothing(Expression):
    """No number: what is not known of another court."""

    def text(self, paper: Paper) -> str:
        return '""'

    def value(self, given: Given) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Over(Expression):
    """The sum, the number or the median of cells; cells without a number are left out."""

    how: str
    cells: tuple[Cell, ...]

    def text(self, paper: Paper) -> str:
        return f"{self.how}({_listed(paper, self.cells)})"

    def value(self, given: Given) -> Value:
        found = [given.get(cell) for cell in self.cells]
        numbers = sorted(value for value in found if isinstance(value, int | Decimal))
        if self.how == "COUNT":
            return len(numbers)
        if self.how == "SUM" or not numbers:
            return sum(numbers)
        middle = numbers[(len(numbers) - 1) // 2] + numbers[len(numbers) // 2]
        return Decimal(middle) / 2


@dataclass(frozen=True, slots=True)
class Known(Expression):
    """Whether all the cells have a number; with `some`, whether any has."""

    cells: tuple[Cell, ...]
    some: bool = False

    def text(self, paper: Paper) -> str:
        count = f"COUNT({_listed(paper, self.cells)})"
        return f"{count}>0" if self.some else f"{count}={len(self.cells)}"

    def value(self, given: Given) -> bool:
        known = [given.get(cell) is not None for cell in self.cells]
        return any(known) if self.some else all(known)


@dataclass(frozen=True, slots=True)
class Arithmetic(Expression):
    """A sum, a difference or a product."""

    sign: str
    left: Expression
    right: Expression

    def text(self, paper: Paper) -> str:
        return f"({self.left.text(paper)}{self.sign}{self.right.text(paper)})"

    def value(self, given: Given) -> Number:
        left, right = self.left.number(given), self.right.number(given)
        if self.sign == "*":
            return left * right
        return left + right if self.sign == "+" else left - right


@dataclass(frozen=True, slots=True)
class Comparison(Expression):
    """Whether two numbers stand so to each other."""

    sign: str
    left: Expression
    right: Expression

    def text(self, paper: Paper) -> str:
        return f"{self.left.text(paper)}{self.sign}{self.right.text(paper)}"

    def value(self, given: Given) -> bool:
        left, right = self.left.number(given), self.right.number(given)
        if self.sign == "=":
            return left == right
        return left >= right if self.sign == ">=" else left <= right


@dataclass(frozen=True, slots=True)
class Joined(Expression):
    """Several conditions: `AND` or `OR`."""

    how: str
    parts: tuple[Expression, ...]

    def text(self, paper: Paper) -> str:
        return f"{self.how}({','.join(part.text(paper) for part in self.parts)})"

    def value(self, given: Given) -> bool:
        held = [bool(part.value(given)) for part in self.parts]
        return all(held) if self.how == "AND" else any(held)


@dataclass(frozen=True, slots=True)
class If(Expression):
    """One of two, by a condition."""

    condition: Expression
    then: Expression
    otherwise: Expression

    def text(self, paper: Paper) -> str:
        parts = (self.condition, self.then, self.otherwise)
        return f"IF({','.join(part.text(paper) for part in parts)})"

    def value(self, given: Given) -> Value:
        return (self.then if self.condition.value(given) else self.otherwise).value(given)


@dataclass(frozen=True, slots=True)
class Bounded(Expression):
    """The smaller (`MIN`) or the larger (`MAX`) of a bound and a number, in the same unit."""

    how: str
    bound: int
    of: Expression

    def text(self, paper: Paper) -> str:
        return f"{self.how}({self.bound},{self.of.text(paper)})"

    def value(self, given: Given) -> Number:
        pick = min if self.how == "MIN" else max
        return pick(self.bound, self.of.number(given))


@dataclass(frozen=True, slots=True)
class Larger(Expression):
    """The larger of two numbers."""

    one: Expression
    other: Expression

    def text(self, paper: Paper) -> str:
        return f"MAX({self.one.text(paper)},{self.other.text(paper)})"

    def value(self, given: Given) -> Number:
        return max(self.one.number(given), self.other.number(given))


@dataclass(frozen=True, slots=True)
class Whole(Expression):
    """How often a positive number goes into another, whole times; zero goes into none.

    A quotient of doubles may round up to the next integer, so the product is held against it.
    """

    part: Expression
    unit: Expression

    def text(self, paper: Paper) -> str:
        part, unit = self.part.text(paper), self.unit.text(paper)
        return f"IF({unit}=0,0,{_floor(part, unit)})"

    def value(self, given: Given) -> int:
        unit = self.unit.number(given)
        return int(self.part.number(given) // unit) if unit else 0


@dataclass(frozen=True, slots=True)
class HalfUp(Expression):
    """A quotient rounded to an integer, halves away from zero; zero for one by zero."""

    above: Expression
    below: Expression

    def text(self, paper: Paper) -> str:
        above, below = self.above.text(paper), self.below.text(paper)
        doubled = _floor(f"(2*ABS({above})+{below})", f"(2*{below})")
        return f"IF({below}=0,0,SIGN({above})*{doubled})"

    def value(self, given: Given) -> int:
        below = self.below.number(given)
        return half_up(int(self.above.number(given)), int(below)) if below else 0


class Line(NamedTuple):
    """One intermediate result; `court` is the code of the court it is of, if of another."""

    key: str
    label: Text
    expression: Expression
    court: str = ""

    @property
    def cell(self) -> Cell:
        return Cell(Kind.LINE, self.key)

    @property
    def number(self) -> In:
        """Its result, for the lines below."""
        return In(self.cell)


class Worked(NamedTuple):
    """An item as a spreadsheet computes it.

    `status` tells whether it is scored; `cents`, the points in hundredths, are only looked at then.
    """

    lines: tuple[Line, ...]
    status: Expression
    cents: Expression


def worked_out(worked: Worked, given: Given) -> tuple[tuple[Value, ...], Status, int | None]:
    """What the lines, the status and the cents come to."""
    known: dict[Cell, Value] = dict(given)
    for line in worked.lines:
        known[line.cell] = line.expression.value(known)
    status = worked.status.value(known)
    if not isinstance(status, Status):
        raise TypeError(f"a status, not {status!r}")
    cents = int(worked.cents.number(known)) if status is Status.SCORED else None
    return tuple(known[line.cell] for line in worked.lines), status, cents


def given_of(facts: CourtFacts, court: str = "") -> dict[Cell, Value]:
    """The cells of a court's facts; `court` names it among others."""
    found: dict[Cell, Value] = {}
    for kind, reported in (
        (Kind.CURRENT, facts.current),
        (Kind.SAME_MONTH, facts.baseline_month),
        (Kind.ANNUAL, facts.baseline_annual),
        (Kind.TARGET, facts.targets),
    ):
        found |= {Cell(kind, code, court): value for code, value in reported.items()}
    for code, given in facts.assessed.items():
        found[Cell(Kind.ASSESSED, code, court)] = given.points
    if facts.ballots is not None:
        points = facts.ballots.points
        found[Cell(Kind.BALLOTS, "", court)] = facts.ballots.count
        found[Cell(Kind.BALLOT_POINTS, "", court)] = Decimal(points.numerator) / points.denominator
    return found


def figures(codes: Iterable[str], kind: Kind = Kind.CURRENT, court: str = "") -> tuple[Cell, ...]:
    """The cells of figures by metric."""
    return tuple(Cell(kind, code, court) for code in codes)


def total_of(codes: Sequence[str], scale: int, kind: Kind = Kind.CURRENT, court: str = "") -> Total:
    """A sum of figures times `scale`, which makes its weights integers."""
    cells = figures(codes, kind, court)
    if scale == 1:
        return Total(cells)
    factors = tuple(int(weight * scale) for weight in weights_of(codes))
    return Total(cells, factors, places_of(codes))


def products(worked: Worked) -> tuple[Expression, ...]:
    """What is worked out to be compared or divided without a line of its own: it has to stay below
    `LARGEST` as lines do."""
    found: dict[Expression, None] = {}
    for whole in (*(line.expression for line in worked.lines), worked.status, worked.cents):
        for one in _within(whole):
            sides: tuple[Expression, ...] = ()
            if isinstance(one, Comparison):
                sides = one.left, one.right
            elif isinstance(one, HalfUp):
                sides = one.above, one.below
            elif isinstance(one, Whole):
                sides = one.part, one.unit
            found |= dict.fromkeys(side for side in sides if isinstance(side, Arithmetic))
    return tuple(found)


def _within(expression: Expression) -> Iterator[Expression]:
    """An expression and all that it is made of."""
    yield expression
    for name in getattr(expression, "__dataclass_fields__", ()):
        value = getattr(expression, name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Expression):
                yield from _within(one)


def either(*parts: Expression) -> Expression:
    """Whether one of several conditions holds."""
    return Joined("OR", parts)


def both(*parts: Expression) -> Expression:
    """Whether all of several conditions hold."""
    return Joined("AND", parts)


def if_known(cells: Sequence[Cell], then: Expression) -> Expression:
    """What comes of figures that are all there; else the item is not reported."""
    return If(Known(tuple(cells)), then, State(Status.NOT_REPORTED))


def least(bound: int, of: Expression) -> Expression:
    """A number, at most the bound; both in the same unit."""
    return Bounded("MIN", bound, of)


def most(bound: int, of: Expression) -> Expression:
    """A number, at least the bound; both in the same unit."""
    return Bounded("MAX", bound, of)


SCORED = State(Status.SCORED)

# What lines are called that several formulas have.
NUMERATOR = Text("分子", "분자", "Numerator")
DENOMINATOR = Text("分母", "분모", "Denominator")
SUM = Text("本年合计", "올해 합계", "Sum, this year")
BEFORE = Text("上年合计", "지난해 합계", "Sum, last year")
SAME_MONTH = Text(
    "上年用数：1 为同月，0 为全年",
    "지난해 수: 1은 같은 달, 0은 전체",
    "Last year by: 1 same month, 0 whole year",
)
ABOVE = Text("得分（百分之一分）的分子", "득점(0.01점)의 분자", "Hundredths of points: numerator")
BELOW = Text("得分（百分之一分）的分母", "득점(0.01점)의 분모", "Hundredths of points: denominator")
MET = Text("达到为 1，未达到为 0", "도달 1, 미달 0", "1 if met, else 0")


def _listed(paper: Paper, cells: Iterable[Cell]) -> str:
    return ",".join(paper.address(cell) for cell in cells)


def _floor(part: str, unit: str) -> str:
    quotient = f"INT({part}/{unit})"
    return f"({quotient}-IF({quotient}*{unit}>{part},1,0))"
