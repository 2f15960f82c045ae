"""Owns adopting one option of a reading from a month on; what was adopted never changes."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from courts import database_clock
from courts.frame import events
from courts.frame.refusals import ReturnError, StaleError
from courts.models import QualityYear, ReadingDecision, User
from courts.models.readings import LONGEST_DOCUMENT, LONGEST_NOTE
from courts.permissions import may_adopt_readings
from courts.years.month_locks import check_open_from
from courts.years.selectors.years import rulebook_of
from courts.years.voiding import real_input
from scoring.facts import Month


@transaction.atomic
def adopt(
    *,
    user: User,
    year: QualityYear,
    reading: str,
    value: str,
    from_month: int,
    note: str,
    decided_on: date,
    seen: int,
    document: str = "",
    confirmed_by: User | None,
) -> ReadingDecision:
    """Take one option from a month on. `seen` is how many decisions there were to look at.

    Carries out what `user` moved and `confirmed_by` confirms; None only to try it out.

    `PermissionDenied` for whoever does not interpret the notice, `StaleError` when somebody decided
    in the meantime, `ReturnError` for an option that the month's rulebook does not have.
    """
    if not may_adopt_readings(user, year):
        raise PermissionDenied(_("只有负责解释通知的审判管理办公室可以采用解读。"))
    held = QualityYear.objects.select_for_update().get(pk=year.pk)
    note, document = note.strip(), document.strip()
    if not 0 < len(note) <= LONGEST_NOTE or len(document) > LONGEST_DOCUMENT:
        raise ReturnError(_("采用一种理解须写明理由，最多500字。"))
    if not 1 <= from_month <= 12:
        raise ReturnError(_("月份应在1至12之间。"))
    rulebook = rulebook_of(held, Month(held.year, from_month))
    known = rulebook.reading_by_code.get(reading)
    if known is None or value not in known.values:
        raise ReturnError(_("那个月的规则里没有这条解读或这种理解。"))
    sides = {item.side.value for item in rulebook.items if item.code in known.items}
    check_open_from(held, from_month, sides)
    count = ReadingDecision.objects.filter(quality_year=held, reading=reading).count()
    if count != seen:
        raise StaleError(_("刚刚有人对这条解读作了决定，请看过再决定。"))
    if decided_on > database_clock.today():
        raise ReturnError(_("决定日期不能晚于今天。"))
    decision = ReadingDecision(
        quality_year=held,
        reading=reading,
        number=count + 1,
        value=value,
        from_month=from_month,
        note=note,
        document=document,
        decided_on=decided_on,
        by=user,
        at=database_clock.now(),
        confirmed_by=confirmed_by,
    )
    decision.full_clean()
    decision.save()
    year.__dict__.pop("_reading_decisions", None)
    real_input(held, by=user)
    events.record(
        action="adopt_reading",
        year=held,
        actor=user,
        reason=note,
        data={
            "reading": reading,
            "value": value,
            "from_month": from_month,
            "number": decision.number,
            "document": document,
            "decided_on": decided_on.isoformat(),
        },
    )
    return decision
