"""Owns the phrases that every part of a bulletin is made of: values, changes, distances, lists.

Numbers go to the ledger, and their tokens into the phrase. A change of cases is told in cases and
percent, computed from the cases; a change of rates or days is the difference of the two as they are
printed, since readers subtract what they read. Phrases are in the active language.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from courts.bulletins.selectors.prose import changes
from courts.bulletins.selectors.prose.month import BulletinMonth, CourtMonth
from courts.bulletins.selectors.prose.numbers import Ledger
from courts.bulletins.selectors.prose.sums import SumBasis, Summed, percent_change
from courts.frame.listing import enumerated, phrases
from courts.wording.amounts import number, unit_of
from scoring.rounding import PLACES, places_apart, to_text
from scoring.schema import Item, Unit


@dataclass(frozen=True, slots=True)
class Pen:
    """One month in one language, and the ledger its numbers go to."""

    month: BulletinMonth
    language: str
    ledger: Ledger

    # --- Numbers -------------------------------------------------------------------------------

    def plain(self, key: str, value: object, label: str = "", paragraph: str = "") -> str:
        """A number that no figures are added up for."""
        return self.ledger.put(key, str(value), label=label, paragraph=paragraph)

    def months(self) -> str:
        """The months told of: 2019年1—12月."""
        year = self.plain("month:year", self.month.month.year, _("年度"))
        last = self.plain("month:month", self.month.month.month, _("月份"))
        if self.month.month.month == 1:
            return _("%(year)s年%(month)s月") % {"year": year, "month": last}
        first = self.plain("month:first", 1, _("月份"))
        return _("%(year)s年%(first)s—%(month)s月") % {"year": year, "first": first, "month": last}

    def baseline_year(self) -> str:
        return self.plain("month:baseline", self.month.rulebook.baseline_year, _("基期年度"))

    def unit(self, item: Item) -> str:
        """The unit in which cases of an item are counted."""
        return unit_of(self.month.rulebook, () if item.series is None else item.series.part)

    def value(self, told: Summed, beside: Fraction | None = None) -> tuple[str, str]:
        """The token of a sum or rate, and its text; told apart from what stands `beside` it."""
        value = told.value if told.value is not None else Fraction(0)
        text = value_text(told, value, beside)
        share = None
        if told.cases is not None and told.whole is not None:
            share = (told.cases, told.whole)
        token = self.ledger.put(
            f"{told.area.value}:{told.item.code}:value",
            text,
            label=self._label(told),
            paragraph=told.item.paragraph,
            courts=told.courts,
            metrics=told.item.series.metrics if told.item.series else (),
            exact=value,
            share=share,
        )
        return token, text

    def counts(self, told: Summed) -> str:
        """The cases behind a rate of a few: （5件中4件）; empty for more of them."""
        if told.cases is None or told.whole is None or not 0 < told.whole <= FEW_CASES:
            return ""
        key = f"{told.area.value}:{told.item.code}"
        label = self._label(told)
        return _("（%(whole)s%(unit)s中%(cases)s%(unit)s）") % {
            "whole": self.ledger.put(f"{key}:whole", str(told.whole), label=label),
            "cases": self.ledger.put(f"{key}:cases", str(told.cases), label=label),
            "unit": self.unit(told.item),
        }

    def with_unit(self, told: Summed, token: str) -> str:
        """A token with its unit: 571件, 88.20%, 140.10天."""
        if told.unit is Unit.PERCENT:
            return f"{token}%"
        if told.unit is Unit.DAYS:
            return _("%(number)s天") % {"number": token}
        return _("%(number)s%(unit)s") % {"number": token, "unit": self.unit(told.item)}

    def _label(self, told: Summed) -> str:
        area = self.month.area_name(told.area, self.language)
        return f"{area} · {self.month.measured_name(told.item, self.language)}"

    # --- Changes -------------------------------------------------------------------------------

    def change(self, told: Summed, text: str) -> str:
        """How a sum or rate changed against the year before; empty with nothing to compare.

        `text` is the value as it is printed.
        """
        if told.before is None or told.value is None:
            return ""
        return self._rate_change(told, text) if told.is_rate else self._sum_change(told)

    def _before(self, told: Summed, text: str) -> str:
        return self.ledger.put(
            f"{told.area.value}:{told.item.code}:before",
            text,
            label=self._label(told),
            paragraph=told.item.paragraph,
            courts=told.courts,
            metrics=told.item.series.metrics if told.item.series else (),
            of_baseline=True,
            exact=told.before,
        )

    def _sum_change(self, told: Summed) -> str:
        assert told.before is not None and told.value is not None  # noqa: S101, PT018
        key = f"{told.area.value}:{told.item.code}"
        values = {
            "before": self._before(told, value_text(told, told.before)),
            "unit": self.unit(told.item),
        }
        if told.basis is not SumBasis.SAME:
            values["year"] = self.baseline_year()
        if told.value == told.before:
            return changes.LEVEL[told.basis] % values
        if told.before == 0:
            return _("上年同期为%(before)s%(unit)s") % values
        percent = to_text(abs(percent_change(told.value, told.before)))
        is_up = told.value > told.before
        if Fraction(percent) == 0:
            if told.basis is not SumBasis.SAME:
                return changes.NEARLY[told.basis] % values
            values["change"] = self._changed(f"{key}:change", told, is_up=is_up)
            return (changes.FEW_MORE if is_up else changes.FEW_LESS) % values
        values["percent"] = self.ledger.put(
            f"{key}:percent",
            percent,
            label=self._label(told),
            paragraph=told.item.paragraph,
            courts=told.courts,
            metrics=told.item.series.metrics if told.item.series else (),
            exact=abs(percent_change(told.value, told.before)),
            rose=is_up,
        )
        if told.basis is SumBasis.SAME:
            values["change"] = self._changed(f"{key}:change", told, is_up=is_up)
        return (changes.SUM_UP if is_up else changes.SUM_DOWN)[told.basis] % values

    def _changed(self, key: str, told: Summed, *, is_up: bool) -> str:
        assert told.before is not None and told.value is not None  # noqa: S101, PT018
        text = value_text(told, abs(told.value - told.before))
        return self.ledger.put(key, text, label=self._label(told), courts=told.courts, rose=is_up)

    def _rate_change(self, told: Summed, text: str) -> str:
        assert told.before is not None  # noqa: S101
        before = to_text(told.before)
        # Of a rate the whole year says what its months would: it is no 同比 before December.
        basis = SumBasis.ANNUAL if told.basis is SumBasis.PRORATED else told.basis
        unit = _("%(number)s天") if told.unit is Unit.DAYS else "%(number)s%%"
        values = {"before": unit % {"number": self._before(told, before)}}
        if basis is not SumBasis.SAME:
            values["year"] = self.baseline_year()
        difference = Fraction(text) - Fraction(before)
        if difference == 0:
            return changes.RATE_LEVEL[basis] % values
        key = f"{told.area.value}:{told.item.code}:change"
        values["change"] = self.ledger.put(
            key,
            _apart(difference, text),
            label=self._label(told),
            courts=told.courts,
            rose=difference > 0,
        )
        is_up = difference > 0
        if told.unit is Unit.DAYS:
            return (changes.DAYS_UP if is_up else changes.DAYS_DOWN)[basis] % values
        return (changes.RATE_UP if is_up else changes.RATE_DOWN)[basis] % values

    def distance(self, told: Summed, text: str, target: Decimal) -> str:
        """How far the printed value lies from the target: 比目标高8.20个百分点."""
        difference = Fraction(text) - Fraction(target)
        if difference == 0:
            return _("与目标持平")
        key = f"{told.area.value}:{told.item.code}:distance"
        values = {
            "distance": self.ledger.put(
                key,
                _apart(difference, text),
                label=self._label(told),
                paragraph=told.item.paragraph,
                courts=told.courts,
                rose=difference > 0,
            )
        }
        is_up = difference > 0
        if told.unit is Unit.DAYS:
            return (_("比目标多%(distance)s天") if is_up else _("比目标少%(distance)s天")) % values
        return (
            _("比目标高%(distance)s个百分点") if is_up else _("比目标低%(distance)s个百分点")
        ) % values

    # --- Courts --------------------------------------------------------------------------------

    def names(self, courts: Iterable[CourtMonth]) -> str:
        """Courts in a row: A、B、C."""
        return enumerated(court.name(self.language) for court in courts)


FEW_CASES = 10


def value_text(told: Summed, value: Fraction, beside: Fraction | None = None) -> str:
    """A value as it is printed: cases as integers where they are, all else with two decimals."""
    if not told.is_rate and value.denominator == 1:
        return str(value.numerator)
    return to_text(value, places_apart(value, value if beside is None else beside))


def _apart(difference: Fraction, text: str) -> str:
    """The size of a difference of printed values, with the decimals of the finer one."""
    places = len(text.partition(".")[2])
    return to_text(abs(difference), max(PLACES, places))


def printed(text: str) -> str:
    """A printed number with its minus."""
    return number(text)


def sentence(*parts: str) -> str:
    """One sentence; empty without any phrase."""
    text = phrases(parts)
    return _("%(text)s。") % {"text": text} if text else ""
