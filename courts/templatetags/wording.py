"""Owns spelling numbers in templates, by the functions that spell them everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django import template
from django.utils.translation import get_language

from courts.frame import listing, reasons
from courts.models import Court, RulebookEdition
from courts.wording import amounts, months
from courts.years.selectors.years import edition_title

register = template.Library()


@register.filter
def figure(value: int | None, places: int | str) -> str:
    """A figure as it is written, with its decimals; nothing where there is none."""
    return amounts.figure_text(value, int(places or 0))


@register.filter
def percent(value: str | int | Decimal) -> str:
    """A number in percent."""
    return amounts.percent(str(value))


@register.filter
def enumerated(items: Iterable[object], field: str = "") -> str:
    """Words and names in a row, or what each thing has in `field`."""
    return listing.enumerated(getattr(one, field) if field else one for one in items)


@register.filter
def itemized(items: Iterable[object]) -> str:
    """Things of several words in a row."""
    return listing.itemized(items)


@register.filter
def month_word(number: int | str) -> str:
    """A month of a year that is known."""
    return months.month_word(int(number))


@register.filter
def court_label(court: Court) -> str:
    """The name of a court as lists have it."""
    return court.label(get_language() or "")


@register.filter
def title_of(edition: RulebookEdition) -> str:
    """The title of an edition of rules."""
    return edition_title(edition)


@register.filter
def told_reason(stored: str | None) -> str:
    """Why something was stored: what the system says itself in the language of the page."""
    return reasons.reason_told(stored or "")


@register.simple_tag
def sign(chinese: str) -> str:
    """What the language of the page writes for a sign between words that a page sets itself."""
    return listing.sign(chinese)
