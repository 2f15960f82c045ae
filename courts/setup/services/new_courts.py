"""Owns what a new court means for years that are set up already: nothing, and so for their points.

A year assesses the courts it was set up with, which took two people: one more would move the mean
and the ranks of all others.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from courts.frame.listing import enumerated
from courts.models import Court, QualityYear


def leave_out_of_years(court: Court) -> None:
    """Keep a court that was just stored out of the years its prefecture already has."""
    years = QualityYear.objects.filter(court=court.root)
    court.left_out_of.add(*years)


def check_takes_no_part(court: Court) -> None:
    """`ValidationError` for a court that a year assesses: deleting it would move points."""
    taking = QualityYear.objects.filter(court=court.root).exclude(left_out=court)
    codes = list(taking.order_by("year").values_list("code", flat=True))
    if codes:
        text = _("该法院参加质量年 %(codes)s 的考核，不能删除。")
        raise ValidationError(text % {"codes": enumerated(codes)})
