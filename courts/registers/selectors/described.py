"""Owns which registers a year has: those among its supplements in force. One query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.models import QualityYear
from courts.years.selectors.supplements import in_force, read
from scoring.registers import Register
from scoring.supplements import Kind


class NoRegisterError(LookupError):
    """The year has no register of that code, or the register no such line."""


@dataclass(frozen=True, slots=True)
class Described:
    """A register as a year has it in force: its code and version, and what it is made of."""

    code: str
    version: int
    title: str
    about: str
    register: Register


def registers_of(year: QualityYear) -> tuple[Described, ...]:
    """The registers of a year by code, named in the active language. One query."""
    return registers_of_years([year])[year.pk]


def registers_of_years(years: Iterable[QualityYear]) -> Mapping[int, tuple[Described, ...]]:
    """The registers of each year by its key. One query."""
    language = get_language() or ""
    found = {}
    for year, taken in in_force(years).items():
        said = [read(row) for row in taken.values() if row.kind == Kind.REGISTER]
        found[year] = tuple(
            Described(
                one.code,
                one.version,
                one.title.get(language),
                one.about.get(language),
                one.register,
            )
            for one in said
        )
    return found


def register_of(year: QualityYear, code: str) -> Described:
    """One register; `NoRegisterError` when the year has none of that code. One query."""
    for one in registers_of(year):
        if one.code == code:
            return one
    raise NoRegisterError(_("没有台账“%(code)s”。") % {"code": code})
