"""Owns what people take away of editions: the list, the differences, the effect, the files."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from courts.files.lists import Column, ListFile, named, number
from courts.frame.listing import itemized
from courts.models import RulebookEdition
from courts.rulebooks.selectors.edition_effects import EffectPage
from courts.rulebooks.selectors.edition_words import ChangedLine
from courts.rulebooks.selectors.editions import EditionDifferencesPage
from courts.rulebooks.services.edition_archives import archive
from courts.scores.selectors.shifts import CourtShift
from courts.years.selectors.years import edition_title


def name_of(edition: RulebookEdition) -> str:
    """The name of the archive: ASCII, whatever a draft calls itself."""
    safe = "".join(
        sign for sign in edition.code if sign.isascii() and (sign.isalnum() or sign == "-")
    )
    return f"{safe or 'rulebook'}-{edition.sha256[:8]}.zip"


def archive_of(edition: RulebookEdition) -> bytes:
    """The files, byte for byte."""
    return archive(edition.sources)


def of_editions(editions: Iterable[RulebookEdition]) -> ListFile:
    """The editions of a prefecture."""
    columns: list[Column[RulebookEdition]] = [
        Column(_("代码"), lambda one: one.code),
        Column(_("名称"), edition_title),
        Column(_("状态"), lambda one: str(one.get_state_display())),
        Column(_("自几月起生效"), lambda one: one.from_month),
        Column(_("改动说明"), lambda one: one.summary),
        Column(_("起草人"), lambda one: str(one.author or "")),
        Column(_("生效确认人"), lambda one: str(one.enacted_by or "")),
        Column(_("生效确认时间"), lambda one: one.enacted_at),
        Column(_("校验值（SHA-256）"), lambda one: one.sha256),
    ]
    return ListFile(
        name=_("规则版本"),
        title=_("规则版本"),
        about=[],
        columns=columns,
        rows=list(editions),
    )


def of_differences(page: EditionDifferencesPage) -> ListFile:
    """What an edition changes, a value a line."""
    columns: list[Column[ChangedLine]] = [
        Column(_("改什么"), lambda line: line.what),
        Column(_("键"), lambda line: line.key),
        Column(_("原值"), lambda line: number(line.before)),
        Column(_("新值"), lambda line: number(line.after)),
    ]
    return ListFile(
        name=named(edition_title(page.edition), _("规则差异")),
        title=_("规则差异"),
        about=[
            (_("原版本"), str(page.against or "")),
            (_("新版本"), str(page.edition)),
        ],
        columns=columns,
        rows=page.lines,
    )


def of_effect(page: EffectPage, *, shows_places: bool) -> ListFile:
    """Points and ranks of a month under two editions."""
    totals: list[Column[CourtShift]] = [
        Column(_("原总分"), lambda court: number(court.total_before)),
        Column(_("新总分"), lambda court: number(court.total_after)),
    ]
    ranks: list[Column[CourtShift]] = [
        Column(_("原名次"), lambda court: court.rank_before),
        Column(_("新名次"), lambda court: court.rank_after),
    ]
    columns: list[Column[CourtShift]] = [
        Column(_("法院代码"), lambda court: court.code),
        Column(_("法院"), lambda court: court.name),
        *(totals if page.has_total else []),
        *(ranks if shows_places and page.has_ranks else []),
        Column(
            _("得分变化的考核项"),
            lambda court: itemized(
                f"{item.code} {item.before or '—'}→{item.after or '—'}" for item in court.items
            ),
        ),
    ]
    return ListFile(
        name=named(page.month_name, _("规则改动的影响")),
        title=_("规则改动的影响"),
        about=[
            (_("月份"), page.month_name),
            (_("原版本"), str(page.against)),
            (_("新版本"), str(page.edition)),
        ],
        columns=columns,
        rows=page.courts,
        is_demo=page.is_demo,
    )
