"""Owns reading what stands beside a year's rules: what was taken up, what it says, what is new.

Nothing here moves a point. An *offered* supplement comes with the rulebook's files and has a higher
version than the one in force.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

import scoring
from courts.models import Motion, QualityYear, TakenSupplement, User
from courts.motions.selectors.waiting import waiting_kind
from courts.permissions import Account, may_move, may_view_motions
from courts.wording.amounts import with_unit
from courts.wording.explanations import metric_name
from courts.years.selectors.supplements import in_force, read
from courts.years.selectors.years import rulebook_of, years_for
from scoring.schema import Rulebook
from scoring.supplements import (
    FOLDER,
    Better,
    Evidence,
    Supplement,
    load_supplement,
)


class NoSupplementError(LookupError):
    """The year has taken up no supplement of that code."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A supplement that comes with the rules and is not in force; `held` is the version that is.

    `held` is 0 where none of the code was taken up.
    """

    code: str
    title: str
    about: str
    version: int
    sha256: str
    held: int


@dataclass(frozen=True, slots=True)
class News:
    """A year, and what is new beside its rules."""

    year: QualityYear
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class SupplementLine:
    """One version that was taken up: what it is, by whom and when."""

    row: TakenSupplement
    title: str
    about: str


@dataclass(frozen=True, slots=True)
class SupplementsPage:
    """What is in force, what is new, and what waits for a second person."""

    lines: tuple[SupplementLine, ...]
    offers: tuple[Offer, ...]
    waiting: tuple[int, ...]
    may_move: bool
    may_view_motions: bool


@dataclass(frozen=True, slots=True)
class SaidLine:
    """One thing that a supplement says: of what, by name, and its words.

    `is_known` is whether the rules in force have an item or figure of that code.
    """

    code: str
    label: str
    value: str
    place: str
    evidence: str
    note: str
    paragraph: str
    is_known: bool


@dataclass(frozen=True, slots=True)
class SupplementPage:
    """One supplement as it is in force, with the versions before it, the last first."""

    line: SupplementLine
    kind: str
    year: int | None
    said: tuple[SaidLine, ...]
    earlier: tuple[TakenSupplement, ...]


def bundled(rulebook: Rulebook) -> tuple[Supplement, ...]:
    """The supplements that come with the project for a rulebook, those that fit its text."""
    folder = scoring.BUNDLED / rulebook.code / FOLDER
    texts = tuple((file.name, file.read_text("utf-8")) for file in sorted(folder.glob("*.toml")))
    return _fitting(rulebook, texts)


@lru_cache(maxsize=16)
def _fitting(rulebook: Rulebook, texts: Sequence[tuple[str, str]]) -> tuple[Supplement, ...]:
    found = []
    for name, text in texts:
        try:
            found.append(load_supplement(name, text, rulebook))
        except scoring.RulebookError:
            # An edition of one's own may have dropped what the supplement names.
            continue
    return tuple(found)


def offers_of(years: Iterable[QualityYear]) -> Mapping[int, tuple[Offer, ...]]:
    """What comes with the rules of each year and is newer than what is in force. One query."""
    listed = list(years)
    held = in_force(listed)
    return {year.pk: newer(bundled(rulebook_of(year)), held[year.pk]) for year in listed}


def newer(
    supplements: Iterable[Supplement], held: Mapping[str, TakenSupplement]
) -> tuple[Offer, ...]:
    """Those of a higher version than is in force."""
    language = get_language() or ""
    found = []
    for one in supplements:
        version = held[one.code].version if one.code in held else 0
        if one.version > version:
            title, about = one.title.get(language), one.about.get(language)
            found.append(Offer(one.code, title, about, one.version, one.sha256, version))
    return tuple(found)


def news_for(user: Account) -> tuple[News, ...]:
    """The years of the account with something new beside their rules. Two queries."""
    years = years_for(user) if isinstance(user, User) else []
    found = offers_of(years)
    return tuple(News(year, found[year.pk]) for year in years if found[year.pk])


def supplements_page(user: Account, year: QualityYear) -> SupplementsPage:
    """What the page of a year's supplements shows. Two queries."""
    held = in_force([year])[year.pk]
    return SupplementsPage(
        lines=tuple(_line(row) for row in held.values()),
        offers=newer(bundled(rulebook_of(year)), held),
        waiting=waiting_kind(year, Motion.Kind.SUPPLEMENT),
        may_move=may_move(user, year, Motion.Kind.SUPPLEMENT, frozenset()),
        may_view_motions=may_view_motions(user, year),
    )


def supplement_page(year: QualityYear, code: str) -> SupplementPage:
    """What one supplement says; `NoSupplementError` when the year has none such. One query."""
    rows = TakenSupplement.objects.filter(quality_year=year, code=code)
    versions = list(rows.select_related("by", "confirmed_by").order_by("-version"))
    if not versions:
        raise NoSupplementError(_("没有采用过附则“%(code)s”。") % {"code": code})
    said = read(versions[0])
    return SupplementPage(
        line=_line(versions[0]),
        kind=said.kind.value,
        year=said.year,
        said=said_lines(rulebook_of(year), said),
        earlier=tuple(versions[1:]),
    )


def said_lines(rulebook: Rulebook, said: Supplement) -> tuple[SaidLine, ...]:
    """Everything a supplement says, in the active language and in its order."""
    language = get_language() or ""
    directions = [
        SaidLine(
            code=one.code,
            label=_name(rulebook, one.code),
            value=better_label(one.better),
            place="",
            evidence="",
            note="",
            paragraph=one.paragraph,
            is_known=_is_known(rulebook, one.code),
        )
        for one in said.directions
    ]
    averages = [
        SaidLine(
            code=one.item,
            label=_name(rulebook, one.item),
            value=with_unit(f"{one.value:f}", one.unit),
            place=one.place.get(language),
            evidence=evidence_label(one.evidence),
            note=one.note.get(language),
            paragraph=one.paragraph,
            is_known=_is_known(rulebook, one.item),
        )
        for one in said.averages
    ]
    return (
        *directions,
        *averages,
        *_bulletin_lines(said, language),
        *_supervision_lines(said, language),
    )


def _bulletin_lines(said: Supplement, language: str) -> Iterator[SaidLine]:
    """What bulletins say in the scheme's words, a line each."""
    rules = said.bulletin
    lines = [
        (_("标题"), rules.heading, ""),
        (_("目的"), rules.purpose, ""),
        (_("全体法院"), rules.area, ""),
        (_("主送"), rules.addressee, ""),
        *((_("总体情况"), one.label, one.paragraph) for one in rules.headlines),
        *((_("工作目标"), one.label, one.paragraph) for one in rules.goals),
        *((_("问题"), one.label, one.paragraph) for one in rules.problems),
        *((_("措施"), one.text, one.paragraph) for one in rules.measures),
        *((_("数据表"), one.label, one.paragraph) for one in rules.tables),
    ]
    for label, text, paragraph in lines:
        if text.zh:
            yield SaidLine("", label, text.get(language), "", "", "", paragraph, True)


def _supervision_lines(said: Supplement, language: str) -> Iterator[SaidLine]:
    """What follows a red cell, a line each."""
    rules = said.supervision
    lines = [
        *((_("督导建议"), one.label, one.advice, one.paragraph) for one in rules.proposals),
        *((_("原因"), one.label, None, "") for one in rules.causes),
        *((_("工作要求"), one.label, one.question, one.paragraph) for one in rules.measures),
    ]
    for label, text, note, paragraph in lines:
        about = "" if note is None else note.get(language)
        yield SaidLine("", label, text.get(language), "", "", about, paragraph, True)


def better_label(better: Better) -> str:
    """Which way is good, in words."""
    return {Better.HIGHER: _("越高越好"), Better.LOWER: _("越低越好")}[better]


def evidence_label(evidence: Evidence) -> str:
    """How a value is known, in words."""
    labels = {
        Evidence.GIVEN: _("文件写明"),
        Evidence.IMPLIED: _("由文件推算"),
        Evidence.INFERRED: _("推断"),
    }
    return labels[evidence]


def _line(row: TakenSupplement) -> SupplementLine:
    language, said = get_language() or "", read(row)
    return SupplementLine(row, said.title.get(language), said.about.get(language))


def _name(rulebook: Rulebook, code: str) -> str:
    item = rulebook.item_by_code.get(code)
    return metric_name(rulebook, code) if item is None else item.label.get(get_language() or "")


def _is_known(rulebook: Rulebook, code: str) -> bool:
    return code in rulebook.item_by_code or code in rulebook.metrics
