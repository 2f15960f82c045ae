"""Owns erasing what is personal by rule: so many months after a year's end as its register says.

What stays of a line is what is counted, who acted when, the salted digest of what was erased, and
the entries of the record, without their salts.
Whoever holds the erased text can prove by salt and digest that it stood there. Erasing is done in
portions, each a transaction, and can be done again at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from courts import database_clock
from courts.frame import events
from courts.frame.services import record
from courts.models import (
    Draft,
    QualityYear,
    RegisterChangePayload,
    RegisterDraw,
    RegisterFile,
    RegisterLine,
    User,
    WaitingTable,
)
from courts.registers.selectors.described import Described, registers_of
from scoring.rates import MONTHS_OF_YEAR

ACTION = "register_erasure"
PORTION = 500


@dataclass(frozen=True, slots=True)
class Erased:
    """How many lines of a register were erased; `until` is when its time was over."""

    register: str
    until: date
    lines: int


def erased_from(year: QualityYear, described: Described) -> date:
    """The first day on which nothing personal of the year's lines is kept."""
    months = described.register.retention
    return date(year.year + 1 + months // MONTHS_OF_YEAR, months % MONTHS_OF_YEAR + 1, 1)


def erase_year(
    *, year: QualityYear, today: date | None = None, user: User | None = None
) -> list[Erased]:
    """Erase what is due of a year's registers; one event for each register with such lines."""
    on = today or database_clock.today()
    found = []
    for described in registers_of(year):
        until = erased_from(year, described)
        if until > on:
            continue
        lines = 0
        while portion := _portion(year, described):
            lines += len(portion)
            _erase(portion, described)
        with transaction.atomic():
            RegisterDraw.objects.filter(quality_year=year, register=described.code).exclude(
                numbers=[]
            ).update(numbers=[])
            _forget_waiting(year, described)
            if lines:
                data = {"register": described.code, "lines": lines, "until": until.isoformat()}
                events.record(action=ACTION, year=year, actor=user, data=data)
        found.append(Erased(described.code, until, lines))
    return found


def _portion(year: QualityYear, described: Described) -> list[int]:
    rows = RegisterLine.objects.filter(
        quality_year=year, register=described.code, erased_at__isnull=True
    )
    return list(rows.order_by("pk").values_list("pk", flat=True)[:PORTION])


@transaction.atomic
def _erase(lines: list[int], described: Described) -> None:
    personal = [one.code for one in described.register.fields if one.personal]
    now = database_clock.now()
    files = RegisterFile.objects.filter(line__in=lines, field__in=personal)
    texts = RegisterChangePayload.objects.filter(change__line__in=lines)
    for stream, rows in (("register_file", files), ("register_text", texts)):
        keys = list(rows.values_list("pk", flat=True))
        record.erase(stream=stream, rows=keys, rule=ACTION, now=now)
    files.delete()
    texts.delete()
    RegisterLine.objects.filter(pk__in=lines).update(personal={}, identity="", erased_at=now)


def _forget_waiting(year: QualityYear, described: Described) -> None:
    """What was typed or brought in for the register and never sent."""
    place = f"/{year.code}/registers/{described.code}/"
    Draft.objects.filter(Q(thing__contains=place)).delete()
    WaitingTable.objects.filter(year=year, area=WaitingTable.Area.REGISTERS).delete()
