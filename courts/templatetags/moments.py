"""Owns the filters that say until when, in the words of `courts.wording.moments`."""

from __future__ import annotations

from datetime import datetime

from django import template

from courts.wording import moments

register = template.Library()


@register.filter
def until(moment: datetime | None) -> str:
    """Until when and how long that still is; nothing for no moment."""
    return moments.until(moment) if moment else ""


@register.filter
def day_and_hour(moment: datetime | None) -> str:
    """Until when; nothing for no moment."""
    return moments.day_and_hour(moment) if moment else ""
