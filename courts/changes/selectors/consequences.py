"""Owns telling what a change does before anybody confirms it: figures, caps, returns, people.

Each is a line of the motion: whose, what, as it is, as it would be. Points and ranks stand beside
it on the motion's page, worked out by carrying the change out on trial.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.changes.selectors.caps import cap_words, caps_by, merged_cap, split_caps
from courts.changes.selectors.plans import Kind, baseline_of
from courts.frame.listing import noted
from courts.models import (
    Action,
    AppraisalTarget,
    BallotTarget,
    Court,
    CourtChange,
    MonthlyReturn,
    QualityYear,
    RegisterLine,
    SpecialCase,
    User,
)
from courts.models.courts import all_names
from courts.motions.kinds import MotionLine
from courts.wording.amounts import percent, written
from courts.wording.explanations import metric_name
from courts.wording.months import month_name, month_word
from courts.years.selectors.metrics import item_labels
from courts.years.selectors.years import rulebook_of
from scoring.facts import Month
from scoring.rates import MONTHS_OF_YEAR

NOTHING = "—"


def consequences(year: QualityYear, data: Mapping[str, Any]) -> tuple[MotionLine, ...]:
    """The lines of a change as it is stored in a motion; of an unknown court nothing."""
    courts = Court.objects.of_year(year).in_bulk(field_name="code")
    court, other = courts.get(data["court"]), courts.get(data["other"])
    if court is None:
        return ()
    told = _ChangeInWords(year, Month(year.year, data["from_month"]), court, other, data)
    lines = {
        Kind.RENAMED: told.renamed,
        Kind.MERGED: told.merged,
        Kind.SPLIT: told.split,
        Kind.ABOLISHED: told.abolished,
    }
    return (told.document(), *lines[Kind(data["change"])]())


class _ChangeInWords:
    """A change in words."""

    def __init__(
        self,
        year: QualityYear,
        month: Month,
        court: Court,
        other: Court | None,
        data: Mapping[str, Any],
    ) -> None:
        self.year, self.month, self.court, self.other, self.data = year, month, court, other, data
        self.language = get_language() or ""
        self.name = court.label(self.language)
        self.other_name = other.label(self.language) if other else ""
        self.from_month = month_name(month)

    def document(self) -> MotionLine:
        said = noted(self.data["document"], self.data["decided_on"])
        kind = str(CourtChange.Kind(self.data["change"]).label)
        text = _("自%(month)s起，依据%(document)s")
        return MotionLine(
            (self.name, kind), NOTHING, text % {"month": self.from_month, "document": said}
        )

    def renamed(self) -> Iterator[MotionLine]:
        labels = (_("简称"), _("全称"), _("朝鲜文名称"), _("英文名称"))
        new_names = all_names(self.data["names"])
        for label, old, new in zip(labels, self.court.names, new_names, strict=True):
            if old != new:
                yield MotionLine((self.name, label), old or NOTHING, new or NOTHING)
        yield MotionLine(
            (self.name, _("以前的月份")), self.name, _("仍用原名；代码、数据、账号都不变")
        )

    def merged(self) -> Iterator[MotionLine]:
        yield from self._ends()
        if self.other is None:
            return
        text = _("自%(month)s起填报年初至今，含%(court)s变动以前的数据；不得低于两院此前之和")
        values = {"month": self.from_month, "court": self.name}
        yield MotionLine((self.other_name, _("报表")), _("本院年初至今"), text % values)
        own = baseline_of(self.year, self.month, self.other)
        joined = baseline_of(self.year, self.month, self.court)
        for metric, value in own.items():
            yield self._sum(metric, value, joined.get(metric))
        yield from self._caps_of_merger()
        yield from self._targets(self.court, _("不再适用；按接收法院的目标值"))
        yield from self._cases()

    def split(self) -> Iterator[MotionLine]:
        new = self.data["names"][0]
        months = _span(self.month.month, MONTHS_OF_YEAR)
        yield MotionLine((new, _("参加考核的月份")), NOTHING, months)
        for name in (self.name, new):
            text = _("自%(month)s起只报本院辖区的年初至今") % {"month": self.from_month}
            yield MotionLine((name, _("报表")), NOTHING, text)
        own = baseline_of(self.year, self.month, self.court)
        rulebook = rulebook_of(self.year, self.month)
        for metric, value in own.items():
            share = self.data["shares"].get(metric)
            if share is not None:
                whole, part, left = (
                    written(one, rulebook, metric) for one in (value, share, value - share)
                )
                then = f"{whole} − {part} = {left}"
                yield MotionLine(self._of_baseline(self.name, metric), whole, then)
                yield MotionLine(self._of_baseline(new, metric), NOTHING, part)
        yield from self._caps_of_split(own)
        yield from self._targets(self.court, _("仍适用于原院；新院按本审级的目标值"))
        yield MotionLine((new, _("账号")), "0", _("由系统管理员开立"))

    def abolished(self) -> Iterator[MotionLine]:
        yield from self._ends()
        yield from self._targets(self.court, _("不再适用"))
        yield from self._cases()

    def _ends(self) -> Iterator[MotionLine]:
        last = self.month.month - 1
        text = _("%(months)s；以后不报、不考核、不排名，也不计入报送率")
        yield MotionLine(
            (self.name, _("参加考核的月份")),
            _span(1, MONTHS_OF_YEAR),
            text % {"months": _span(1, last) if last else _("没有")},
        )
        rows = MonthlyReturn.objects.filter(court=self.court, year=self.year.year)
        before = rows.filter(month__lt=self.month.month).exclude(
            state__in=MonthlyReturn.VERIFIED_STATES
        )
        after = rows.filter(month__gte=self.month.month)
        text = _("仍由原院报送、核实")
        yield from self._count(_("变动以前还没有核实的报表"), before.count(), text)
        yield from self._count(_("变动以后已有的报表"), after.count(), _("保留，不再计入"))
        users = User.objects.filter(court=self.court, is_active=True)
        text = _("保留，可看、可办变动以前的月份；人员调动由系统管理员改其所在法院")
        yield from self._count(_("账号"), users.count(), text)

    def _cases(self) -> Iterator[MotionLine]:
        """What is under way at a court that ends."""
        of_court = {"quality_year": self.year, "court": self.court}
        lines = RegisterLine.objects.filter(**of_court).count()
        text = _("留在原院名下，照常流转")
        if self.other is not None:
            text = _("留在原院名下；自%(month)s起同时计入%(court)s的核对")
            text %= {"month": self.from_month, "court": self.other_name}
        yield from self._count(_("台账记录"), lines, text)
        actions = Action.objects.filter(**of_court, state__in=Action.OPEN).count()
        yield from self._count(_("未办结的督导"), actions, _("仍由原院的账号答复、办结"))
        cases = SpecialCase.objects.filter(**of_court, state__in=SpecialCase.WAITING).count()
        text = _("照常办理，只作用于变动以前的月份")
        yield from self._count(_("待办的单独评分申请"), cases, text)
        votes = BallotTarget.objects.filter(court=self.court, round__quality_year=self.year)
        text = _("照常进行；结果只计入变动以前的月份")
        yield from self._count(_("列为评分对象的投票"), votes.count(), text)

    def _count(self, label: str, count: int, then: str) -> Iterator[MotionLine]:
        if count:
            yield MotionLine((self.name, label), str(count), then)

    def _sum(self, metric: str, own: int, joined: int | None) -> MotionLine:
        text = _("%(court)s未报，没有合计") % {"court": self.name}
        rulebook = rulebook_of(self.year, self.month)
        if joined is not None:
            one, other, both = (
                written(value, rulebook, metric) for value in (own, joined, own + joined)
            )
            text = f"{one} + {other} = {both}"
        held = written(own, rulebook, metric)
        return MotionLine(self._of_baseline(self.other_name, metric), held, text)

    def _of_baseline(self, name: str, metric: str) -> tuple[str, ...]:
        rulebook = rulebook_of(self.year, self.month)
        whole_year = _("%(year)s年全年") % {"year": rulebook.baseline_year}
        return (name, whole_year, metric_name(rulebook, metric))

    def _caps_of_merger(self) -> Iterator[MotionLine]:
        held = caps_by(self.year, self.month)
        own = held.get(self.other.pk if self.other else 0)
        joined = held.get(self.court.pk)
        if own is None or joined is None:
            return
        added = merged_cap(own, joined)
        yield MotionLine((self.other_name, _("控制目标")), cap_words(own), cap_words(added))
        yield MotionLine((self.name, _("控制目标")), cap_words(joined), NOTHING)

    def _caps_of_split(self, baseline: Mapping[str, int]) -> Iterator[MotionLine]:
        held = caps_by(self.year, self.month).get(self.court.pk)
        found = split_caps(self.year, self.month, held, self.data["shares"])
        if held is None or found is None:
            return
        left, new = found
        yield MotionLine((self.name, _("控制目标")), cap_words(held), cap_words(left))
        yield MotionLine((self.data["names"][0], _("控制目标")), NOTHING, cap_words(new))

    def _targets(self, court: Court, then: str) -> Iterator[MotionLine]:
        labels = item_labels(self.year, self.language)
        rows = AppraisalTarget.objects.filter(quality_year=self.year, court=court)
        for row in rows.order_by("item", "from_month"):
            what = (court.label(self.language), labels.get(row.item, row.item))
            yield MotionLine(what, percent(f"{row.percent.normalize():f}"), then)


def _span(first: int, last: int) -> str:
    if first == last:
        return month_word(first)
    return _("%(first)s至%(last)s月") % {"first": first, "last": last}
