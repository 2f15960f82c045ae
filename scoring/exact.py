"""Whole tables of exact integers: NumPy's 64 bits where they are known to do, Python's where not.

Each table carries bounds of what may stand in it. Every operation works out the bounds of its
result first; only where they fit into 64 bits is it done in 64 bits, else with Python's own
integers in the same table. So no value is ever cut off, and no test of values is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
# One bit less than there are, so that a sum of two is still right.
LARGEST = 2**62
# Up to here a float is an integer exactly, so that a quotient of floats is off by one at most.
EXACT_IN_FLOATS = 2**53


class Exact:
    """A table of integers, `low` ≤ each ≤ `high`; arithmetic with tables and with integers."""

    __slots__ = ("high", "low", "values")

    def __init__(self, values: NDArray[Any], low: int, high: int) -> None:
        self.values, self.low, self.high = values, low, high

    @classmethod
    def of(cls, values: Sequence[Any] | NDArray[Any]) -> Exact:
        """A table with the bounds that its values have."""
        try:
            found = np.asarray(values, np.int64)
        except OverflowError:
            found = np.asarray(values, object)
        if not found.size:
            return cls(found, 0, 0)
        return cls(found, int(found.min()), int(found.max()))

    @classmethod
    def constant(cls, value: int) -> Exact:
        """One number, for tables of any shape."""
        fits = abs(value) < LARGEST
        return cls(np.asarray(value, np.int64 if fits else object), value, value)

    @property
    def is_small(self) -> bool:
        """Whether it is held in 64 bits."""
        return self.values.dtype.kind == "i"

    def sliced(self, places: Any) -> Exact:
        """The same of some columns."""
        if self.values.ndim == 0 or self.values.shape[-1] == 1:
            return self
        return Exact(self.values[..., places], self.low, self.high)

    def of_rows(self, rows: slice) -> Exact:
        """The same of some rows."""
        if self.values.ndim == 0 or len(self.values) == 1:
            return self
        return Exact(self.values[rows], self.low, self.high)

    def __add__(self, other: Exact | int) -> Exact:
        two = _table(other)
        return _done(np.add, self, two, self.low + two.low, self.high + two.high)

    def __sub__(self, other: Exact | int) -> Exact:
        two = _table(other)
        return _done(np.subtract, self, two, self.low - two.high, self.high - two.low)

    def __mul__(self, other: Exact | int) -> Exact:
        if isinstance(other, int):
            if other == 1:
                return self
            ends = (self.low * other, self.high * other)
            return _done(np.multiply, self, _table(other), min(ends), max(ends))
        if self.is_constant and other.is_constant:
            return Exact.constant(self.low * other.low)
        if self.low >= 0 and other.low >= 0:
            low, high = self.low * other.low, self.high * other.high
        else:
            ends_ = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
            low, high = min(ends_), max(ends_)
        return _done(np.multiply, self, other, low, high)

    @property
    def is_constant(self) -> bool:
        """Whether it is one number for tables of any shape."""
        return not self.values.ndim

    def __floordiv__(self, other: Exact | int) -> Exact:
        """Rounded down; the other one is above zero."""
        if other == 1:
            return self
        two = _table(other)
        ends = [one // max(1, end) for one in (self.low, self.high) for end in (two.low, two.high)]
        low, high = min(ends), max(ends)
        most = max(abs(self.low), abs(self.high), two.high)
        if most >= EXACT_IN_FLOATS or not (self.is_small and two.is_small):
            return _done(np.floor_divide, self, two, low, high)
        # The nearest float of a quotient is never below the integer under it, but may reach the
        # one above.
        quotient = np.floor(self.values / two.values).astype(np.int64)
        quotient -= quotient * two.values > self.values
        return Exact(quotient, low, high)

    def __neg__(self) -> Exact:
        return self * -1

    def __ge__(self, other: Exact | int) -> Mask:
        return np.asarray(self.values >= _table(other).values, np.bool_)

    def __gt__(self, other: Exact | int) -> Mask:
        return np.asarray(self.values > _table(other).values, np.bool_)

    def __le__(self, other: Exact | int) -> Mask:
        return np.asarray(self.values <= _table(other).values, np.bool_)

    def __lt__(self, other: Exact | int) -> Mask:
        return np.asarray(self.values < _table(other).values, np.bool_)

    def at_least(self, low: int) -> Exact:
        """Cut off below."""
        if self.low >= low:
            return self
        return Exact(np.maximum(self.values, low), low, max(low, self.high))

    def at_most(self, high: Exact | int) -> Exact:
        """Cut off above."""
        most = _table(high)
        if self.high <= most.low:
            return self
        found = np.minimum(self.values, most.values)
        return Exact(found, min(most.low, self.low), min(most.high, self.high))

    @property
    def zeros(self) -> Mask | None:
        """Where nothing stands; None where that cannot be."""
        if self.low > 0:
            return None
        found = np.asarray(self.values == 0, np.bool_)
        return found if found.any() else None

    def nowhere_zero(self) -> Exact:
        """To divide by, where nothing is asked of what nothing divides: 1 in its place."""
        return self if self.low > 0 else self.at_least(1)

    def sum_of_row(self) -> Exact:
        """The sum of all columns, in a table of one."""
        count = self.values.shape[-1]
        low, high = self.low * count, self.high * count
        values = self.values if _fits(low, high) else self.values.astype(object)
        return Exact(values.sum(axis=-1, keepdims=True), low, high)


def _table(value: Exact | int) -> Exact:
    return value if isinstance(value, Exact) else Exact.constant(value)


def spread(number: Exact, shape: tuple[int, ...]) -> Exact:
    """The same in a table of this shape."""
    return Exact(np.broadcast_to(number.values, shape), number.low, number.high)


def _fits(low: int, high: int) -> bool:
    return low > -LARGEST and high < LARGEST


def _done(operation: Callable[..., Any], one: Exact, two: Exact, low: int, high: int) -> Exact:
    if _fits(low, high) and one.is_small and two.is_small:
        return Exact(operation(one.values, two.values), low, high)
    found = operation(one.values.astype(object), two.values.astype(object))
    return Exact(np.asarray(found, np.int64 if _fits(low, high) else object), low, high)


def where(mask: Mask | None, one: Exact | int, other: Exact | int) -> Exact:
    """The one where the mask holds, the other elsewhere; None holds nowhere."""
    first, second = _table(one), _table(other)
    if mask is None:
        return second
    low, high = min(first.low, second.low), max(first.high, second.high)
    return Exact(np.where(mask, first.values, second.values), low, high)


def larger(one: Exact, other: Exact) -> Exact:
    """The larger of both."""
    found = np.maximum(one.values, other.values)
    return Exact(found, max(one.low, other.low), max(one.high, other.high))


def half_up(numerator: Exact, denominator: Exact | int) -> Exact:
    """Rounded to integers, halves away from zero, as `scoring.rounding` does; denominators > 0."""
    whole = _table(denominator)
    if whole.low == whole.high == 1:
        return numerator
    if numerator.low >= 0:
        return (numerator * 2 + whole) // (whole * 2)
    size = larger(numerator, -numerator)
    size.low = max(0, size.low)
    found = (size * 2 + whole) // (whole * 2)
    return where(numerator < 0, -found, found)


def in_any(*masks: Mask | None) -> Mask | None:
    """Where any of them holds; None holds nowhere."""
    found: Mask | None = None
    for mask in masks:
        if mask is not None:
            found = mask if found is None else found | mask
    return found
