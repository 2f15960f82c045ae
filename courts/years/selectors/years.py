"""Owns finding a quality year, its rulebook and its courts; never decides who may see them.

Terms: the courts of a year are those it assesses: its intermediate court and the grassroots
courts below it, without those left out (`Court.objects.of_year`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db.models import BigAutoField, Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

import scoring
from courts.frame.listing import enumerated
from courts.frame.read_once import read_once
from courts.frame.remembered import (
    everybodys,
    prepared_rows,
    remembered,
    remembered_rows,
    stamp_of_page,
)
from courts.models import Court, CourtChange, QualityYear, RulebookEdition, User
from courts.models.courts import Names, all_names, full_name_of, label_of
from courts.models.prepared import Prepared, QueryValue
from courts.permissions import roles, root_key
from scoring.facts import Month
from scoring.rates import MONTHS_OF_YEAR
from scoring.schema import Level, Rulebook, Side


class NoYearError(LookupError):
    """No quality year, or more than one, answers to what was asked; the text lists all."""


class NoMonthError(LookupError):
    """The month asked for is none of the quality year's twelve; the text says which are."""


@dataclass(frozen=True, slots=True)
class CourtRow:
    """One court as pages and files name it.

    `is_changed` says that it changed in some year, or that another became part of it: only then
    `court_changes` has anything to say of it.
    """

    pk: int
    code: str
    order: int
    short_name: str
    name: str
    name_ko: str
    level: Level
    is_changed: bool = False
    name_en: str = ""

    def label(self, language: str) -> str:
        """The name to show in a language: short in Chinese, else the language's own."""
        return label_of(self.names, language)

    def full_name(self, language: str) -> str:
        """The full name in a language: the language's own where there is one."""
        return full_name_of(self.names, language)

    @property
    def names(self) -> Names:
        """Short, full, Korean and English name."""
        return self.short_name, self.name, self.name_ko, self.name_en


def find_year(code: str | None = None) -> QualityYear:
    """The quality year of that code (`yanbian-2019`) or number (`2019`); None: the latest."""
    years = list(
        with_changes(QualityYear.objects.select_related("court", "edition")).order_by(
            "-year", "court__order"
        )
    )
    if code is None:
        found = [year for year in years if year.year == years[0].year]
    else:
        found = [year for year in years if year.code == code]
        found = found or [year for year in years if str(year.year) == code]
    if len(found) == 1:
        return found[0]
    if not years:
        raise NoYearError(_("还没有设立质量年，请先运行 setup_year。"))
    listed = enumerated(year.code for year in found or years)
    if found:
        raise NoYearError(_("有多个质量年，请指明其中一个：%(codes)s。") % {"codes": listed})
    raise NoYearError(
        _("没有质量年“%(code)s”；已设立的有：%(codes)s。") % {"code": code, "codes": listed}
    )


def year_of_months(months: Collection[Month]) -> QualityYear:
    """The quality year whose months these are, else the one whose baseline they are.

    Of a set, the year that accepts all of them and owns most; `NoYearError` with the codes where
    several years answer alike, such as those of two prefectures. Where none does, or no month is
    given, it is the latest year, as without a month.
    """
    years = list(QualityYear.objects.select_related("court", "edition").order_by("-year", "code"))
    fits = {year.pk: _fit(year, months) for year in years}
    best = max(fits.values(), default=(False, 0, 0))
    if best <= (False, 0, 0) or not months:
        return find_year()
    found = [year for year in years if fits[year.pk] == best]
    if len(found) > 1:
        text = _("有多个质量年，请用 --year 指明其中一个：%(codes)s。")
        raise NoYearError(text % {"codes": enumerated(year.code for year in found)})
    return found[0]


def _fit(year: QualityYear, months: Collection[Month]) -> tuple[bool, int, int]:
    """Whether the year accepts all months, how many are its own, how many its baseline's."""
    own = sum(month.year == year.year for month in months)
    baseline = sum(month.year == rulebook_of(year).baseline_year for month in months)
    return own + baseline >= len(months) > 0, own, baseline


def years_for(user: User) -> list[QualityYear]:
    """The quality years that assess the courts of this account, latest first."""
    root = root_key(user)
    if not roles(user) or root is None:
        return []
    # What is computed from the years is kept under a stamp from before they were read.
    stamp_of_page()
    return list(read_once(("years", root), lambda: tuple(_years(root))))


def _years_at(root: QueryValue) -> QuerySet[QualityYear]:
    rows = with_changes(QualityYear.objects.filter(court_id=root))
    rows = rows.select_related("court", "edition").order_by("-year")
    # The text of a rulebook is long, and read where its hash is not known yet.
    return rows.defer("edition__sources")


_years = Prepared(_years_at, BigAutoField)


def left_out(root: int) -> frozenset[tuple[int, int]]:
    """Courts that are not assessed in a year of the prefecture: the keys of both. One query."""
    key = ("left_out", root)
    stamp = everybodys(stamp_of_page())
    return read_once(key, lambda: remembered(stamp, key, lambda: frozenset(_left_out(root))))


def _left_out_at(root: QueryValue) -> QuerySet[Any, tuple[int, int]]:
    rows = QualityYear.left_out.through.objects.filter(qualityyear__court_id=root)
    return rows.values_list("court_id", "qualityyear_id")


_left_out = Prepared(_left_out_at, BigAutoField)


def with_changes(years: QuerySet[QualityYear]) -> QuerySet[QualityYear]:
    """The years, each knowing whether any court of its prefecture ever changed."""
    found = CourtChange.objects.filter(quality_year__court=OuterRef("court"))
    return years.annotate(has_changes=Exists(found))


def rulebook_of(quality_year: QualityYear, month: Month | None = None) -> Rulebook:
    """The rulebook in force for the month, or the latest; parsed once a process."""
    return rulebook_in(edition_of(quality_year, month))


def sides_of(quality_year: QualityYear, month: Month | None = None) -> tuple[Side, ...]:
    """The sides of the rules of a month, or of the latest, in their order."""
    return tuple(rulebook_of(quality_year, month).share_of)


def levels_reading_peers(rulebook: Rulebook) -> frozenset[Level]:
    """The levels whose courts earn points by the points of others."""
    return frozenset(
        level for item in rulebook.items if item.formula.reads_peers for level in item.points
    )


def rulebooks_of(quality_year: QualityYear) -> tuple[Rulebook, ...]:
    """The rulebooks that are in force in any month of the year, the latest first."""
    months = (Month(quality_year.year, number) for number in range(MONTHS_OF_YEAR, 0, -1))
    found = [rulebook_of(quality_year, month) for month in months]
    return tuple({rulebook.sha256: rulebook for rulebook in found}.values())


@dataclass(frozen=True, slots=True)
class YearRules:
    """The rulebooks of a year by the months they are in force for, the latest first.

    Figures of the year before are asked for by any of them.
    """

    rulebooks: tuple[Rulebook, ...]
    by_month: Mapping[Month, Rulebook]

    @classmethod
    def single(cls, rulebook: Rulebook) -> YearRules:
        """One rulebook for all months."""
        return cls((rulebook,), {})

    @property
    def latest(self) -> Rulebook:
        return self.rulebooks[0]

    def of(self, month: Month) -> Rulebook:
        """The rulebook that a month's return is checked by."""
        return self.by_month.get(month, self.latest)

    def naming(self, month: Month) -> tuple[Rulebook, ...]:
        """The rulebooks whose metrics may stand in a month, the nearest first."""
        if month.year != self.latest.year:
            return self.rulebooks
        return (self.of(month),)


def rules_of(quality_year: QualityYear) -> YearRules:
    """The rulebooks of all months of a year. One query where the rules changed, else none."""
    months = [Month(quality_year.year, number) for number in range(1, MONTHS_OF_YEAR + 1)]
    return YearRules(
        rulebooks_of(quality_year), {month: rulebook_of(quality_year, month) for month in months}
    )


def edition_of(quality_year: QualityYear, month: Month | None = None) -> RulebookEdition:
    """The edition in force for the month, or the latest one.

    No query for months that the latest edition governs; one, once, for those before.
    """
    latest = quality_year.edition
    if month is None or month.month >= (latest.from_month or 1):
        return latest
    earlier = quality_year.__dict__.get("_earlier_editions")
    if earlier is None:
        earlier = list(
            RulebookEdition.objects.filter(
                quality_year=quality_year, state=RulebookEdition.State.SUPERSEDED
            ).order_by("-enacted_at", "-pk")
        )
        quality_year.__dict__["_earlier_editions"] = earlier
    return next((one for one in earlier if month.month >= (one.from_month or 1)), latest)


def rulebook_in(edition: RulebookEdition) -> Rulebook:
    """The rulebook of one edition, parsed once a process; `RulebookError` for a faulty draft.

    No query where a rulebook of that hash was parsed before, else one if the text was left out.
    """
    return _rulebook(_Stored(edition.sha256, lambda: edition.sources))


def edition_title(edition: RulebookEdition) -> str:
    """The title of an edition in the language of the page.

    As it is stored where the text is faulty, or has another title by now. Queries as `rulebook_in`.
    """
    try:
        title = rulebook_in(edition).title
    except scoring.RulebookError:
        return edition.title
    return title.get(get_language() or "") if title.zh == edition.title else edition.title


@dataclass(frozen=True, slots=True)
class _Stored:
    """The text of an edition, known by its hash: what has the same hash is the same text."""

    sha256: str
    read: Callable[[], Mapping[str, str]] = field(compare=False)


@lru_cache(maxsize=16)
def _rulebook(stored: _Stored) -> Rulebook:
    rulebook = scoring.load_sources(dict(stored.read()))
    if rulebook.sha256 != stored.sha256:
        text = f"The stored text of edition {stored.sha256} has the hash {rulebook.sha256}."
        raise ValueError(text)
    return rulebook


def courts_of(quality_year: QualityYear, month: Month | None = None) -> list[CourtRow]:
    """The courts of a year, in the order of the notice, under their names of today. One query.

    Of a month: those that are assessed in it, under their names of then.
    """
    key = ("courts", quality_year.pk, month)
    stamp = everybodys(stamp_of_page())
    return list(remembered(stamp, key, lambda: tuple(_courts_of(quality_year, month))))


def courts_in(quality_year: QualityYear, month: Month | None = None) -> list[Court]:
    """The same courts as rows of the table, each with its parent. One query, none when kept."""

    rows = remembered_rows(
        ("courts in", *_known(quality_year), month),
        lambda: _assessed(quality_year, month).select_related("parent"),
    )
    return list(rows)


def rows_of(keys: Iterable[int]) -> list[CourtRow]:
    """These courts by key, whatever their year, under their names of today. One query."""
    return list(_told(_fields(Court.objects.filter(pk__in=keys), None), None))


def _known(quality_year: QualityYear) -> tuple[int, int, int]:
    """All that queries for its courts take from a year."""
    return (quality_year.pk, quality_year.court_id, quality_year.year)


def _courts_of(quality_year: QualityYear, month: Month | None) -> Iterator[CourtRow]:
    rows = prepared_rows(
        ("court rows", *_known(quality_year), month),
        lambda: _fields(_assessed(quality_year, month), month),
    )
    return _told(rows, month)


def _assessed(quality_year: QualityYear, month: Month | None) -> QuerySet[Court]:
    """The courts that are assessed in a year, or in a month of it."""
    if month is None:
        return Court.objects.of_year(quality_year)
    return Court.objects.in_month(quality_year, month.month)


def _fields(courts: QuerySet[Court], month: Month | None) -> QuerySet[Any, tuple[Any, ...]]:
    fields = ["pk", "code", "order", "level", "is_changed"]
    fields += ["short_name", "name", "name_ko", "name_en"]
    if month is not None:
        fields.append("names_then")
    changed = CourtChange.objects.filter(Q(court=OuterRef("pk")) | Q(other=OuterRef("pk")))
    return courts.annotate(is_changed=Exists(changed)).values_list(*fields)


def _told(rows: Iterable[tuple[Any, ...]], month: Month | None) -> Iterator[CourtRow]:
    for pk, code, order, level, is_changed, *names in rows:
        then = names.pop() if month is not None else None
        short_name, name, name_ko, name_en = all_names(then or names)
        yield CourtRow(
            pk, code, order, short_name, name, name_ko, Level(level), is_changed, name_en
        )


def courts_by_name(courts: Iterable[CourtRow]) -> dict[str, CourtRow]:
    """Every way to name a court: code, short, full, Korean and English name."""
    return {
        name: court
        for court in courts
        for name in (court.name_en, court.name_ko, court.name, court.short_name, court.code)
        if name
    }
