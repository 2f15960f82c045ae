"""What a formula declares of itself, so that no page and no estimate has to know it.

Plain values over metrics: nothing here scores, and no library that draws is named.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from scoring.schema import NO_TEXT, Direction, Reference, Text, Unit
from scoring.sentences import Value
from scoring.weights import Weighed


class Series(NamedTuple):
    """What an item looks at, month by month and court by court: a sum of figures, or a quotient.

    `part` and `whole` are metrics that are added up; without a `whole` it is the sum alone.
    `complement` asks for what the part leaves of the whole.
    """

    part: tuple[str, ...]
    whole: tuple[str, ...] = ()
    complement: bool = False

    @property
    def metrics(self) -> tuple[str, ...]:
        """The metrics it is made of, once each."""
        return tuple(dict.fromkeys((*self.part, *self.whole)))

    @property
    def is_weighed(self) -> bool:
        """Whether a metric counts for more or less than one: the sum is no number of cases."""
        return isinstance(self.part, Weighed) or isinstance(self.whole, Weighed)


class Goal(NamedTuple):
    """What all points are earned by reaching: `target` in `unit`, None where `reference` gives it.

    `origin` says where the rulebook has it from.
    """

    direction: Direction
    target: Decimal | None
    unit: Unit
    origin: Text = NO_TEXT
    reference: Reference | None = None

    def is_reached(self, value: Fraction, target: Decimal | Fraction) -> bool:
        """Whether a value is at least as good as a target."""
        return value >= target if self.direction is Direction.AT_LEAST else value <= target


class Drawing(NamedTuple):
    """How an item's months and courts are drawn: on which axis, and where the better values lie.

    `unit` is that of the axis, None for what the metrics themselves are counted in; a quotient is
    drawn in percent unless its unit says otherwise. `direction` is which way is better.
    """

    unit: Unit | None
    direction: Direction


class Measured(NamedTuple):
    """A value and what it is held against, as a scorecard shows them; None where there is none.

    `met` tells of a target whether the value reaches it, None where that cannot be told.
    """

    value: Value | None = None
    against: Value | None = None
    caption: Value | None = None
    against_caption: Value | None = None
    is_target: bool = False
    met: bool | None = None
