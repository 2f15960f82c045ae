"""Owns what is not done of a month yet: one step a kind, with its count and whom it waits for.

What waits for somebody is asked of the registry of open work; targets, given points and ballots,
which wait for nobody until somebody begins, are counted here. A constant number of queries. Never
closes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from courts.figures.selectors.assessed import assessed_of
from courts.figures.selectors.tallies import tallies, tally_in
from courts.frame.remembered import remembered_rows
from courts.models import AppraisalTarget, QualityYear
from courts.permissions import Role
from courts.returns.selectors.beginnings import has_begun
from courts.returns.selectors.timeliness import has_ended
from courts.years.open_work import KINDS, Kept, OpenItem, OpenWork, open_work_of_years
from courts.years.selectors.years import courts_of, rulebook_of
from scoring.facts import Month
from scoring.rates import MONTHS_OF_YEAR
from scoring.schema import Rulebook

# The steps in their order, each with the kinds of open work that it counts. A kind that stands in
# none of them and names the month is a step of its own.
STEPS: tuple[tuple[str, str | Promise, tuple[str, ...]], ...] = (
    ("due", gettext_lazy("报表应报未报"), ("missing",)),
    ("verified", gettext_lazy("报表已报未核实"), ("review", "return_reopened")),
    ("differences", gettext_lazy("与提取数据的差异"), ("difference_settle", "difference_explain")),
    ("objections", gettext_lazy("法院的异议"), ("objection",)),
    ("unlocks", gettext_lazy("解锁申请"), ("unlock",)),
    ("cases", gettext_lazy("单独评分"), ("case_verify", "case_decide")),
    (
        "motions",
        gettext_lazy("数据和目标待另一人确认"),
        (
            "motion_baseline",
            "motion_extract",
            "motion_settlement",
            "motion_targets",
            "motion_caps",
            "motion_assessed",
        ),
    ),
    ("readings", gettext_lazy("解读和规则待确认"), ("motion_reading", "edition")),
)
# In what each step is counted, and every other thing that waits.
AMOUNTS: dict[str, str | Promise] = {
    "due": gettext_lazy("%(count)s张"),
    "verified": gettext_lazy("%(count)s张"),
    "differences": gettext_lazy("%(count)s处"),
    "objections": gettext_lazy("%(count)s条"),
    "readings": gettext_lazy("%(count)s条"),
    "targets": gettext_lazy("%(count)s个"),
    "assessed": gettext_lazy("%(count)s个"),
    "ballot": gettext_lazy("%(count)s家"),
}
OTHER_AMOUNT = gettext_lazy("%(count)s件")
# Kinds that say nothing against closing, or that another step counts.
LEFT_OUT = frozenset({"return_due", "return_returned", "mark", "motion_supplement", "assess"})
# What one office is told of and another does: the kind of those who do it.
DONE_BY = {"missing": "return_due"}
_BALLOTS = "ballot_"
OWN_LABELS: dict[str, str | Promise] = {
    **{code: label for code, label, _kinds in STEPS},
    "targets": gettext_lazy("考核项没有目标值"),
    "assessed": gettext_lazy("没有评定和确认的分数"),
    "ballot": gettext_lazy("无记名评分没有结果的法院"),
}
SNAPSHOT_LANGUAGE = "zh-hans"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what there is still to do, of which side (empty: of both), for whom, and where."""

    code: str
    label: str
    side: str
    count: int
    whom: str
    address: str

    @property
    def is_done(self) -> bool:
        return self.count == 0

    @property
    def amount(self) -> str:
        """How much there is still to do, with its unit."""
        return amount_of(self.code, self.count)

    @property
    def sentence(self) -> str:
        """What is missing."""
        return gap_sentence(self.label, self.amount)

    def as_json(self) -> dict[str, Any]:
        """The gap as a closing and its snapshot keep it: in Chinese, whoever closes."""
        with override(SNAPSHOT_LANGUAGE):
            sentence = gap_sentence(label_of(self.code) or self.label, self.amount)
        return {"code": self.code, "side": self.side, "count": self.count, "sentence": sentence}


def amount_of(code: str, count: object) -> str:
    """A count of a step's things with their unit; a count may be a number's token."""
    return str(AMOUNTS.get(code, OTHER_AMOUNT)) % {"count": count}


def label_of(code: str) -> str:
    """What a step is called in the active language; empty for one that is no more."""
    if code in OWN_LABELS:
        return str(OWN_LABELS[code])
    return str(KINDS[code].label) if code in KINDS else ""


def gap_sentence(label: str, amount: str) -> str:
    """A step that is not done, in words."""
    return _("%(label)s：%(amount)s") % {"label": label, "amount": amount}


def gap_words(gap: Mapping[str, Any]) -> str:
    """A gap that a closing kept, in the active language."""
    label = label_of(gap["code"])
    return gap_sentence(label, amount_of(gap["code"], gap["count"])) if label else gap["sentence"]


def gaps_of(steps: Iterable[Step]) -> tuple[Step, ...]:
    """The steps that are not done."""
    return tuple(step for step in steps if not step.is_done)


def open_steps(
    year: QualityYear,
    month: Month,
    sides: Collection[str],
    now: datetime,
    *,
    years: Sequence[QualityYear] = (),
    kept: Kept | None = None,
) -> tuple[Step, ...]:
    """Every step of closing these sides of a month, done or not.

    `kept` holds what was read of `years` already, of which the year is one.
    """
    rulebook = rulebook_of(year, month)
    work = open_work_of_years(years or [year], now, kept=kept)
    items = {
        code: [
            item
            for item in work.of(code)
            if item.year in (None, year) and _bears_on(item, rulebook, month, sides)
        ]
        for code in KINDS
    }
    # Nobody is reminded of a year that has not begun; who closes a month of it lacks all returns.
    never_asked = not items["missing"] and has_ended(month, now) and not has_begun(year)
    lacking = len(courts_of(year, month)) * len(sides) if never_asked else 0
    return (
        *_registered(year, items, {"due": lacking}),
        *_targets(year, month, rulebook, sides),
        *_assessed(year, month, rulebook, sides),
        *_ballots(year, month, rulebook, sides, work),
    )


def _registered(
    year: QualityYear, items: dict[str, list[OpenItem]], beside: Mapping[str, int]
) -> Iterator[Step]:
    """The steps that open work counts, with what it does not tell of beside it."""
    known = {code for _step, _label, codes in STEPS for code in codes} | LEFT_OUT
    for code, label, kinds in STEPS:
        found = [item for name in kinds for item in items.get(name, ())]
        # A difference waits for its court and for the office: it is one.
        distinct = {(item.address, item.side, item.title) for item in found}
        kind = KINDS[next((name for name in kinds if items.get(name)), kinds[0])]
        whom = KINDS[DONE_BY.get(kind.code, kind.code)].whom
        count = len(distinct) + beside.get(code, 0)
        yield Step(code, str(label), "", count, str(whom), kind.address(year, None))
    for code, kind in KINDS.items():
        is_other = kind.holds_month and code not in known and not code.startswith(_BALLOTS)
        if is_other and items[code]:
            yield Step(
                code, str(kind.label), "", len(items[code]), str(kind.whom), items[code][0].address
            )


def _bears_on(item: OpenItem, rulebook: Rulebook, month: Month, sides: Collection[str]) -> bool:
    if item.month is not None and item.month != month:
        return False
    side = item.side
    if not side and item.title in rulebook.item_by_code:
        side = rulebook.item_by_code[item.title].side.value
    return not side or side in sides


def _targets(
    year: QualityYear, month: Month, rulebook: Rulebook, sides: Collection[str]
) -> Iterator[Step]:
    """Items whose target stands in another document and has not been entered."""
    wanted = [
        code for code in rulebook.appraisal_items if rulebook.item_by_code[code].side.value in sides
    ]
    if not wanted:
        return

    def write() -> QuerySet[Any, str]:
        rows = AppraisalTarget.objects.filter(
            quality_year=year.pk, item__in=wanted, from_month__lte=month.month
        )
        return rows.values_list("item", flat=True).order_by()

    held = set(remembered_rows(("targets held", year.pk, month, tuple(wanted)), write))
    yield Step(
        "targets",
        label_of("targets"),
        "",
        len(set(wanted) - held),
        str(Role.OFFICE.label),
        reverse("courts:targets", args=(year.code,)),
    )


def _assessed(
    year: QualityYear, month: Month, rulebook: Rulebook, sides: Collection[str]
) -> Iterator[Step]:
    """Points of courts that an office has to give and a second person to confirm, each month."""
    items = [
        item for item in rulebook.items if item.formula.reads_assessed and item.side.value in sides
    ]
    if not items:
        return
    given = assessed_of(year, [month])
    lacking = sum(
        item.code not in given.get((court.pk, month.month), {})
        for court in courts_of(year, month)
        for item in items
        if court.level in item.points
    )
    yield Step(
        "assessed",
        label_of("assessed"),
        "",
        lacking,
        str(KINDS["assess"].whom),
        f"{reverse('courts:assessments', args=(year.code,))}?month={month.month}",
    )


def _ballots(
    year: QualityYear,
    month: Month,
    rulebook: Rulebook,
    sides: Collection[str],
    work: OpenWork,
) -> Iterator[Step]:
    """Courts without the leading group's points: asked for in December, and while a vote runs."""
    votes = [
        item for item in rulebook.items if item.formula.reads_ballots and item.side.value in sides
    ]
    if not votes:
        return
    held = tallies(year)
    results = [tally_in(held.get(court.pk, ()), month.month) for court in courts_of(year, month)]
    lacking = results.count(None)
    running = [
        item
        for code in KINDS
        if code.startswith(_BALLOTS)
        for item in work.of(code)
        if item.month == month
    ]
    is_due = month.month == MONTHS_OF_YEAR or bool(running)
    yield Step(
        "ballot",
        label_of("ballot"),
        "",
        lacking if is_due else 0,
        str(KINDS["ballot_step"].whom),
        reverse("courts:ballots", args=(year.code,)),
    )


def whole_sides(rulebook: Rulebook) -> Sequence[str]:
    """The sides of a rulebook, in its order."""
    return [share.side.value for share in rulebook.sides]
