"""Owns what a check of the record asks of registers: what is personal, drawn and counted.

The chain has a line without what is personal, since that goes by rule. Here it is asked whether
what is personal has the line's own salted digest, whether it went only when its time was over, and
whether what counts follows from the lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from courts import database_clock
from courts.frame.record import record_check
from courts.models import (
    QualityYear,
    RegisterChangePayload,
    RegisterDraw,
    RegisterLine,
    RegisterLineChange,
    RegisterTally,
)
from courts.registers.selectors.described import Described, registers_of
from courts.registers.selectors.lines import values_of
from courts.registers.services.erasure import erased_from
from courts.registers.services.lines import digest_of
from scoring.lots import digest_of as digest_of_numbers


@record_check
def registers() -> Iterator[str]:
    """Each fault in words, by the line's key."""
    years = QualityYear.objects.select_related("court", "edition").order_by("pk")
    for year in years:
        for described in registers_of(year):
            yield from _of_lines(year, described)
            yield from _of_draws(year, described)


def _of_lines(year: QualityYear, described: Described) -> Iterator[str]:
    lines = RegisterLine.objects.filter(quality_year=year, register=described.code)
    counted: dict[int, set[tuple[str, int]]] = defaultdict(set)
    tallies = RegisterTally.objects.filter(line__in=lines.values("pk"))
    for pk, metric, month in tallies.values_list("line_id", "metric", "month"):
        counted[pk].add((metric, month))
    changes = RegisterLineChange.objects.filter(line__in=lines.filter(erased_at=None).values("pk"))
    texts = RegisterChangePayload.objects.values("change_id")
    untold = set(changes.exclude(pk__in=texts).values_list("line_id", flat=True))
    until = erased_from(year, described)
    for line in lines.order_by("pk").iterator():
        named = {"name": described.code, "row": line.pk}
        if line.erased_at is not None:
            is_due = timezone.localdate(line.erased_at) >= until
            if not is_due or line.personal:
                yield _("台账 %(name)s 的第%(row)s行不是按规定清除的。") % named
            continue
        if line.pk in untold or digest_of(line.salt, line.personal) != line.digest:
            yield _("台账 %(name)s 的第%(row)s行的个人信息被改动过。") % named
        due = described.register.counted(values_of(line), line.state, year.year)
        if counted[line.pk] != set(due.items()):
            yield _("台账 %(name)s 的第%(row)s行的计数与内容不符。") % named


def _of_draws(year: QualityYear, described: Described) -> Iterator[str]:
    draws = RegisterDraw.objects.filter(quality_year=year, register=described.code)
    is_over = database_clock.today() >= erased_from(year, described)
    for draw in draws:
        is_gone = not draw.numbers and is_over
        if not is_gone and digest_of_numbers(draw.numbers) != draw.sha256:
            yield _("台账 %(name)s 第%(row)s次摇号的案号被改动过。") % {
                "name": described.code,
                "row": draw.pk,
            }
