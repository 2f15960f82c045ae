"""Owns how a month and a day are called: 3月, 2019年3月, 2019年3月2日, in each language its way."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from scoring.facts import Month


def month_word(number: int) -> str:
    """A month of a year that is known: 3月, 3월, Mar."""
    # Any year has the months.
    return date_format(date(2000, number, 1), _("n月"))


def month_name(month: Month) -> str:
    """A month with its year: 2019年12月, 2019년 12월, December 2019."""
    return date_format(date(month.year, month.month, 1), _("Y年n月"))


def day_name(day: date) -> str:
    """A day: 2019年12月2日, 2019년 12월 2일, 2 December 2019."""
    return date_format(day, _("Y年n月j日"))
