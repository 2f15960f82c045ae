"""Owns what waits for an office here: months that are over and lack points it gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from courts.assessments.selectors.assessments import assessed_items, last_ended
from courts.models import Assessment, Motion
from courts.permissions import may_assess
from courts.years.closings import closings_of
from courts.years.open_work import Asked, OpenItem, kind
from courts.years.selectors.entry_windows import first_moment, month_after
from courts.years.selectors.years import rulebook_of
from scoring.facts import Month


@kind(
    "assess",
    gettext_lazy("待评定的分数"),
    whom=gettext_lazy("负责该类数据的部门"),
    order=95,
    page="courts:assessments",
    of_court=False,
    for_offices=True,
)
def to_assess(asked: Asked) -> Iterator[OpenItem]:
    """One item a month and assessed item, with how many courts lack points. Two queries."""
    years = [year for year in asked.years if assessed_items(rulebook_of(year))]
    if not years:
        return
    given = asked.together(("assessed", asked.years), lambda: _given(asked))
    courts = [(court.pk, court.level) for court in asked.courts]
    language = get_language() or ""
    for year in years:
        if first_moment(Month(year.year, 2)) > asked.now:
            continue
        for number in range(1, last_ended(year, asked.now) + 1):
            month = Month(year.year, number)
            for item in assessed_items(rulebook_of(year, month)):
                side = item.side.value
                if asked.user is not None and not may_assess(asked.user, year, side):
                    continue
                if closings_of(year).is_locked(number, side):
                    continue
                due = sum(
                    level in {one.value for one in item.points}
                    and asked.takes_part(pk, year.pk, number)
                    for pk, level in courts
                )
                lacking = due - given[year.pk, number, item.code]
                if lacking > 0:
                    yield OpenItem(
                        view="courts:assessments",
                        args=(year.code,),
                        year=year,
                        since=first_moment(month_after(month)),
                        month=month,
                        side=side,
                        title=f"{item.code} {item.short.get(language)}",
                        note=_("还有%(count)s个法院") % {"count": lacking},
                    )


def _given(asked: Asked) -> Counter[tuple[int, int, str]]:
    """How many courts have points or a motion that waits, by year, month and item."""
    found: Counter[tuple[int, int, str]] = Counter()
    there = set(
        Assessment.objects.filter(quality_year__in=asked.years).values_list(
            "quality_year_id", "month", "item", "court__code"
        )
    )
    waiting = Motion.objects.filter(
        quality_year__in=asked.years, kind=Motion.Kind.ASSESSED, state=Motion.State.WAITING
    )
    for year, data in waiting.values_list("quality_year_id", "data"):
        there |= {(year, data["months"][0], data["item"], code) for code in data["courts"]}
    for year, month, item, _court in there:
        found[year, month, item] += 1
    return found
