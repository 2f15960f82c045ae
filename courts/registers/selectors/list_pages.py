"""Owns what the pages of lines offer: by what a list is narrowed, and whose turn a line is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.frame.choices import Choice
from courts.models import Court, RegisterLine
from courts.permissions import Role
from courts.registers.selectors.described import Described
from courts.registers.selectors.fields import fillable
from courts.registers.selectors.lines import Search
from courts.wording.months import month_word
from scoring.rates import MONTHS_OF_YEAR
from scoring.registers import FieldType, RegisterField, RegisterState


@dataclass(frozen=True, slots=True)
class Narrowing:
    """One select above a list."""

    name: str
    label: str
    all: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class PageTurn:
    """What an account can do with a line: its fields, and where it may move it.

    `needed` are the codes of the fields that some following state needs.
    """

    is_own: bool
    fields: tuple[RegisterField, ...]
    following: tuple[tuple[RegisterState, str, bool], ...]
    needed: frozenset[str]
    waits_for: tuple[str, ...]


def choices_of(
    described: Described, courts: Mapping[int, Court], search: Search
) -> list[Narrowing]:
    """The selects of a list: court, state, month, and its choices that are not personal."""
    language = get_language() or ""
    register = described.register
    found = []
    if len(courts) > 1:
        listed = [(court.code, court.label(language)) for court in courts.values()]
        found.append(_narrowing("court", _("法院"), _("全部法院"), listed, search.court))
    states = [(one.code, one.label.get(language)) for one in register.states]
    found.append(_narrowing("state", _("状态"), _("全部状态"), states, search.state))
    months = [(str(number), month_word(number)) for number in range(1, MONTHS_OF_YEAR + 1)]
    found.append(_narrowing("month", _("月份"), _("全部月份"), months, search.month))
    for one in register.fields:
        if one.type is FieldType.CHOICE and not one.personal and one.code in register.statistics:
            listed = [(choice.code, choice.label.get(language)) for choice in one.choices]
            current = search.choices.get(one.code, "")
            label = one.label.get(language)
            found.append(_narrowing(one.code, label, _("全部"), listed, current))
    return found


def _narrowing(
    name: str, label: str, every: str, listed: list[tuple[str, str]], current: str
) -> Narrowing:
    choices = tuple(Choice(value, text, value == current) for value, text in listed)
    return Narrowing(name, label, every, choices)


def line_turn(described: Described, row: RegisterLine, keepers: Collection[str]) -> PageTurn:
    """Whose turn a line is, and what this account may do with it. No query."""
    register, language = described.register, get_language() or ""
    state = register.state.get(row.state)
    is_own = (
        state is not None
        and row.erased_at is None
        and bool(set(keepers) & {str(one) for one in state.by})
    )
    following = [register.state[code] for code in (state.following if state else ())]
    needed = {one.code for target in following for one in register.needed(target.code)}
    order = list(register.state)
    return PageTurn(
        is_own=is_own,
        fields=tuple(fillable(register, keepers)) if is_own else (),
        following=tuple(
            (one, one.label.get(language), order.index(one.code) < order.index(row.state))
            for one in following
        )
        if is_own
        else (),
        needed=frozenset(needed),
        waits_for=tuple(keeper_label(str(one)) for one in sorted(state.by)) if state else (),
    )


def keeper_label(keeper: str) -> str:
    """A keeper in words: the court, or a role."""
    return str(Role(keeper).label) if keeper in Role.values else _("法院")
