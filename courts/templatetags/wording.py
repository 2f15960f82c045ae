"""Owns spelling numbers in templates, by the functions that spell them everywhere."""

from __future__ import annotations

from decimal import Decimal

from django import template

from courts.wording import amounts

register = template.Library()


@register.filter
def figure(value: int | None, places: int | str) -> str:
    """A figure as it is written, with its decimals; nothing where there is none."""
    return amounts.figure_text(value, int(places or 0))


@register.filter
def percent(value: str | int | Decimal) -> str:
    """A number in percent."""
    return amounts.percent(str(value))
