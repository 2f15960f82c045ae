"""Owns setting how long courts are asked, what their silence means, how long they may object."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from courts.consultations.selectors.terms import terms_of
from courts.frame import events
from courts.frame.refusals import ReturnError, StaleError
from courts.frame.texts import stated
from courts.models import IssuingTerms, QualityYear, User
from courts.permissions import may_set_terms

FIELDS = ("consultation_days", "silence", "objection_days")


@transaction.atomic
def set_terms(
    *, user: User, year: QualityYear, values: dict[str, Any], seen: int, reason: str
) -> IssuingTerms:
    """Set the terms of a year for consultations and publications to come; `seen` is the version.

    `PermissionDenied` but for the trial management office; `StaleError` when somebody set them
    since; `ReturnError` without a reason or when nothing changes.
    """
    if not may_set_terms(user, year):
        raise PermissionDenied(_("只有审判管理办公室可以设定征求意见和异议的期限。"))
    reason = stated(reason, _("请说明原因。"))
    held_year = QualityYear.objects.select_for_update(of=("self",)).order_by().get(pk=year.pk)
    terms = terms_of(held_year)
    if terms.version != seen:
        raise StaleError(_("期限刚刚被别人改过，请看过现在的期限再决定。"))
    before = {name: getattr(terms, name) for name in FIELDS}
    if before == values:
        raise ReturnError(_("没有改动。请先改动再保存。"))
    for name in FIELDS:
        setattr(terms, name, values[name])
    terms.version += 1
    terms.full_clean()
    terms.save()
    events.record(
        action="set_issuing_terms",
        year=held_year,
        actor=user,
        reason=reason,
        data={"before": before, "after": values},
    )
    return terms
