"""Owns texts that people must give: without blanks around them, and no longer than their column."""

from __future__ import annotations

from django.utils.translation import gettext as _

from courts.frame.refusals import ReturnError
from courts.models import MonthlyReturn
from courts.models.reviews import LONGEST_REASON


def stated(text: str, message: str, longest: int = LONGEST_REASON) -> str:
    """A text a person must give, without blanks around it; refused when there is none."""
    text = text.strip()
    if not text:
        raise ReturnError(message)
    if len(text) > longest:
        raise ReturnError(_("最多%(most)s字。请删减。") % {"most": longest})
    return text


def longest_history_reason() -> int:
    """How much of a reason the history of a row can hold."""
    field = MonthlyReturn.history.model._meta.get_field("history_change_reason")
    return int(field.max_length or 0)
