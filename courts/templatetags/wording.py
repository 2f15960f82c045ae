"""Owns spelling numbers in templates, by the functions that spell them everywhere."""

from __future__ import annotations

from decimal import Decimal

from django import template

from courts.wording import amounts

register = template.Library()


@register.filter
def percent(value: str | int | Decimal) -> str:
    """A number in percent."""
    return amounts.percent(str(value))
