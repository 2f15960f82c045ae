"""Owns the registry itself: what a kind and an item are, and gathering them for an account.

Terms: a *kind* is a sort of work, such as a return to verify; an *item* is one such thing that
waits; a *group* is the items of one kind. Knows no kind: the areas register theirs.

How a kind is added: in the area's module `open_work` (`courts.apps` imports it) write a function
that yields an `OpenItem` for each thing that waits, and mark it with `@kind(...)`. The function
gets an `Asked`: whom it is for (an account, or nobody in particular), the quality years, the
moment. The rules, which tests/courts/desks/test_open_work.py holds for every kind at once:

* For an account yield what this account itself can act on, and ask `courts.permissions` who may.
  For nobody in particular (`asked.user is None`) yield everything that is open in the years.
* Read all years at once: the number of queries grows with neither years, courts nor months.
  What several kinds need is read once, by `asked.once`. What a query answers whoever asks is read
  by `asked.rows`, once for all who are asked about on one page.
* Leave out the courts that do not take part (`asked.takes_part`).
* Never name who has not voted: of a vote there is one item for everybody in particular, and one
  a round for nobody in particular.

An alert on figures (a cap that is broken, a rate below its target) is not open work: no act ends
it. It stays on the dashboard.

Long because the rules, what is asked and what is answered are one contract for all areas.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar, cast

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language

from courts import database_clock
from courts.frame.remembered import remembered_rows
from courts.models import Court, QualityYear
from courts.permissions import Account, in_office, may_await, own_root, review_sides
from courts.wording.explanations import side_label
from courts.wording.months import month_name
from courts.years.closings import closings_of, share_closings
from courts.years.court_changes import absences
from courts.years.selectors.periods import years_of
from courts.years.selectors.years import rulebook_of
from scoring.facts import Month
from scoring.rates import MONTHS_OF_YEAR

Value = TypeVar("Value")
Row = TypeVar("Row")
# What was read, by what reads it.
Kept = dict[object, Any]
# How many items of a kind are named one by one.
MOST_SHOWN = 3
# Work on figures, which nobody can do any more once the month is closed.
ENDS_WITH_MONTH = frozenset(
    {
        "return_due",
        "return_returned",
        "return_reopened",
        "review",
        "missing",
        "difference_explain",
        "difference_settle",
    }
)


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One thing that waits: of which year, since when, until when (the first moment after), where.

    `view` and `args` name the page on which it is done, `query` narrows it; `title` is what it is
    unless court, month and side say so; `note` is what else to know, in the words of `by` if
    somebody wrote it.
    """

    view: str
    args: tuple[object, ...]
    year: QualityYear | None
    since: datetime | None
    until: datetime | None = None
    court: Court | None = None
    month: Month | None = None
    side: str = ""
    title: str = ""
    note: str = ""
    by: str = ""
    is_demo: bool = False
    query: str = ""

    @property
    def address(self) -> str:
        """Where it is done."""
        return reverse(self.view, args=self.args) + self.query

    @property
    def side_label(self) -> str:
        """What the rules of its month call the side; nothing where it is of no year or side."""
        if self.year is None or not self.side:
            return ""
        return side_label(rulebook_of(self.year, self.month), self.side)

    @property
    def what(self) -> str:
        """What waits, in words."""
        words = [
            self.court.label(get_language() or "") if self.court else "",
            month_name(self.month) if self.month else "",
            self.side_label,
            self.title,
        ]
        return " ".join(word for word in words if word)

    def is_past(self, now: datetime) -> bool:
        return self.until is not None and self.until <= now

    @property
    def place(self) -> tuple[object, ...]:
        """What tells it from others of its kind."""
        court = self.court.pk if self.court else 0
        what = (self.view, self.args, self.query, court, self.month, self.side)
        return (*what, self.until, self.note)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the registry is asked: whose work (None: everybody's), of which years, at which moment.

    The years are of one prefecture, and none before its first. `only` is the key of the one court
    that is asked about; kinds may find items of other courts all the same, which are left out
    afterwards.
    """

    user: Account | None
    years: tuple[QualityYear, ...]
    now: datetime
    shared: Kept = field(default_factory=dict)
    only: int | None = None
    _kept: dict[str, object] = field(default_factory=dict)

    def once(self, key: str, read: Callable[[], Value]) -> Value:
        """What `read` answers, read once however many kinds ask."""
        if key not in self._kept:
            self._kept[key] = read()
        return cast(Value, self._kept[key])

    def together(self, key: object, read: Callable[[], Value]) -> Value:
        """What `read` answers, whoever it is for: read once for all who are asked together."""
        if key not in self.shared:
            self.shared[key] = read()
        return cast(Value, self.shared[key])

    def rows(self, key: Hashable, write: Callable[[], QuerySet[Any, Row]]) -> Sequence[Row]:
        """The rows of a query, read once for all who are asked together, kept while they stand.

        `key` names the query and all that it is written from beside the years: the account, the
        one court, the day where they narrow it. Under that key its SQL is made once a process.
        """
        # All that queries take from a year: of two prefectures' none is ever asked for the other.
        years = tuple((year.pk, year.court_id, year.year) for year in self.years)
        full = (key, years or self.root)
        return self.together(("rows", full), lambda: remembered_rows(full, write))

    @property
    def root(self) -> int:
        """The intermediate court's key: that of the years, before the first one the account's."""
        if self.years:
            return self.years[0].court_id
        root = own_root(self.user) if self.user is not None else None
        return root.pk if root is not None else 0

    @property
    def courts(self) -> Sequence[Court]:
        """The courts of the prefecture that are asked about, in order. One query."""
        found = self.rows("courts", lambda: Court.objects.under(self.root).select_related("parent"))
        return [court for court in found if self.only in (None, court.pk)]

    def takes_part(self, court: int, year: int, month: int | None = None) -> bool:
        """Whether the court of that key is assessed in the year of that key, or in a month of it.

        One query.
        """

        def read() -> Collection[tuple[int, int, int]]:
            spans = self.rows("absences", lambda: absences(self.years))
            return {
                (absent, of, number)
                for absent, of, first, last in spans
                for number in range(first, last + 1)
            }

        missing = self.once("absences", read)
        months = range(1, MONTHS_OF_YEAR + 1) if month is None else [month]
        return not all((court, year, number) in missing for number in months)

    def year_of(self, number: int) -> QualityYear:
        """The quality year of that number; it is one of those asked about."""
        return next(year for year in self.years if year.year == number)

    def of_returns(self, prefix: str = "") -> Q:
        """The returns of the years; `prefix` is the way from a row to its return."""
        # Few courts first: by a join PostgreSQL looks through the returns of every prefecture.
        courts = Court.objects.under(self.root).order_by().values("pk")
        own = Q(**{f"{prefix}court__in": courts if self.only is None else [self.only]})
        return own & Q(**{f"{prefix}year__in": [year.year for year in self.years]})


Finder = Callable[[Asked], Iterable[OpenItem]]


@dataclass(frozen=True, slots=True)
class WorkKind:
    """A sort of work: what it is called, for whom it is, and the page of a year that lists it.

    `page` takes the year's code, or nothing where `of_year` is false; `query` narrows it. What does
    not hold a month (`holds_month`) goes on for longer and changes none of its points. What is of
    no court (`of_court`) nobody waits for; what is for offices (`for_offices`) is asked for theirs
    alone. Both only spare queries: who may act the finder asks `courts.permissions`.
    """

    code: str
    label: str | Promise
    whom: str | Promise
    order: int
    page: str
    find: Finder
    query: str = ""
    of_year: bool = True
    holds_month: bool = True
    of_court: bool = True
    for_offices: bool = False

    def address(self, year: QualityYear | None, user: Account | None) -> str:
        """The page that lists the items of this kind in a year."""
        if self.page == "courts:returns" and year is not None:
            court = getattr(user, "court", None)
            return reverse(self.page, args=(year.code, court.code if court else year.court.code))
        args = (year.code,) if self.of_year and year is not None else ()
        return reverse(self.page, args=args) + self.query


KINDS: dict[str, WorkKind] = {}


def kind(
    code: str,
    label: str | Promise,
    *,
    whom: str | Promise,
    order: int,
    page: str,
    query: str = "",
    of_year: bool = True,
    holds_month: bool = True,
    of_court: bool = True,
    for_offices: bool = False,
) -> Callable[[Finder], Finder]:
    """Register what finds the items of a kind; `ValueError` for a code that is there already."""

    def register(find: Finder) -> Finder:
        if code in KINDS:
            raise ValueError(f"There is a kind of open work named {code} already.")
        KINDS[code] = WorkKind(
            *(code, label, whom, order, page, find, query),
            *(of_year, holds_month, of_court, for_offices),
        )
        return find

    return register


@dataclass(frozen=True, slots=True)
class YearCount:
    """How many items of a kind a year has, and the page that lists them."""

    year: QualityYear | None
    count: int
    address: str


@dataclass(frozen=True, slots=True)
class OpenGroup:
    """The items of one kind, the most urgent first."""

    kind: WorkKind
    items: tuple[OpenItem, ...]
    user: Account | None
    now: datetime

    @property
    def code(self) -> str:
        return self.kind.code

    @property
    def count(self) -> int:
        return len(self.items)

    @property
    def first(self) -> tuple[OpenItem, ...]:
        """Those to show one by one; the rest stand on the lists of their years."""
        return self.items[:MOST_SHOWN]

    @property
    def has_list(self) -> bool:
        """Whether its items stand on lists that show more than is named here."""
        return len(self.years) > 1 or self.count > len(self.first)

    @property
    def past(self) -> int:
        """How many of them are past their time."""
        return sum(item.is_past(self.now) for item in self.items)

    @property
    def years(self) -> tuple[YearCount, ...]:
        """How many there are in each year, the earliest first."""
        years = {item.year.pk if item.year else 0: item.year for item in self.items}
        counts = Counter(item.year.pk if item.year else 0 for item in self.items)
        found = [
            YearCount(year, counts[key], self.kind.address(year, self.user))
            for key, year in years.items()
        ]
        return tuple(sorted(found, key=lambda one: one.year.year if one.year else 0))


@dataclass(frozen=True, slots=True)
class OpenWork:
    """Everything that waits, kind by kind; kinds with nothing are not there."""

    groups: tuple[OpenGroup, ...]

    def __bool__(self) -> bool:
        return bool(self.groups)

    def __iter__(self) -> Iterator[OpenGroup]:
        return iter(self.groups)

    @property
    def items(self) -> tuple[OpenItem, ...]:
        return tuple(item for group in self.groups for item in group.items)

    @property
    def is_demo(self) -> bool:
        """Whether any of it is about made-up figures."""
        return any(item.is_demo for item in self.items)

    def of(self, code: str) -> tuple[OpenItem, ...]:
        """The items of a kind. `KeyError` for a kind that is not registered."""
        wanted = KINDS[code]
        return next((group.items for group in self.groups if group.kind is wanted), ())

    def only(self, *codes: str) -> OpenWork:
        """The work of these kinds."""
        return OpenWork(tuple(group for group in self.groups if group.code in codes))

    def without(self, *codes: str) -> OpenWork:
        """The work of all other kinds."""
        return OpenWork(tuple(group for group in self.groups if group.code not in codes))

    def outside(self, year: QualityYear) -> OpenWork:
        """The work of all other years."""
        groups = (
            OpenGroup(
                group.kind,
                tuple(i for i in group.items if i.year is not None and i.year.pk != year.pk),
                group.user,
                group.now,
            )
            for group in self.groups
        )
        return OpenWork(tuple(group for group in groups if group.items))


def open_work(
    user: Account,
    now: datetime | None = None,
    *,
    codes: Collection[str] = (),
    kept: Kept | None = None,
) -> OpenWork:
    """What waits for the account, in every year it sees; of these kinds only, if any are named.

    What was read is kept in `kept`, for who else is asked about at the same moment.
    """
    theirs = [
        one.code
        for one in KINDS.values()
        if (not codes or one.code in codes) and (in_office(user) or not one.for_offices)
    ]
    return _gather(user, years_of(user), now, theirs, kept)


def open_work_of_years(
    years: Sequence[QualityYear],
    now: datetime | None = None,
    *,
    codes: Collection[str] = (),
    kept: Kept | None = None,
) -> OpenWork:
    """What waits for anybody at all in these years of one prefecture; names no voter."""
    return _gather(None, years, now, codes or None, kept)


def awaited_work(
    user: Account, own: OpenWork, now: datetime | None = None, *, kept: Kept | None = None
) -> OpenWork:
    """What others have to do and the account waits for: at its own court, or at courts in its care.

    `own` is what waits for the account itself, which is left out; `kept` what was read for it. Of
    what others wrote nothing is told: neither note nor author.
    """
    mine = {(group.code, item.place) for group in own for item in group.items}
    codes = [one.code for one in KINDS.values() if one.of_court]
    only = None if review_sides(user) else getattr(user, "court_id", None)
    everything = _gather(None, years_of(user), now, codes, kept, only)
    groups = (
        OpenGroup(
            group.kind,
            tuple(
                replace(item, note="", by="")
                for item in group.items
                if item.court is not None
                and (group.code, item.place) not in mine
                and may_await(user, item.court, item.side)
            ),
            user,
            group.now,
        )
        for group in everything
    )
    return OpenWork(tuple(group for group in groups if group.items))


def _gather(
    user: Account | None,
    years: Sequence[QualityYear],
    now: datetime | None,
    codes: Collection[str] | None,
    kept: Kept | None,
    only: int | None = None,
) -> OpenWork:
    asked = Asked(
        user, tuple(years), now or database_clock.now(), {} if kept is None else kept, only
    )
    if not asked.root:
        return OpenWork(())
    share_closings(asked.years)
    groups = (
        OpenGroup(one, _of_open_months(one, one.find(asked)), user, asked.now)
        for one in sorted(KINDS.values(), key=lambda one: one.order)
        # Before the first year accounts and editions wait already.
        if (codes is None or one.code in codes) and (asked.years or not one.of_year)
    )
    return OpenWork(tuple(group for group in groups if group.items))


def _of_open_months(of: WorkKind, items: Iterable[OpenItem]) -> tuple[OpenItem, ...]:
    """The items that can still be done, the most urgent first: no figures of a closed month."""
    found = (
        item
        for item in items
        if of.code not in ENDS_WITH_MONTH
        or item.year is None
        or item.month is None
        or not closings_of(item.year).is_locked(item.month.month, item.side)
    )
    return tuple(sorted(found, key=_urgency))


def _urgency(item: OpenItem) -> tuple[bool, float, float]:
    """What ends first stands first; then what has waited longest."""
    until, since = item.until, item.since
    return (
        until is None,
        until.timestamp() if until else 0.0,
        since.timestamp() if since else 0.0,
    )
