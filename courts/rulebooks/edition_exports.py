"""Owns what people take away of editions: the list, the differences, the effect, the files."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from courts.files.lists import ListFile, moment
from courts.models import RulebookEdition
from courts.rulebooks.selectors.edition_effects import EffectPage
from courts.rulebooks.selectors.editions import EditionDifferencesPage
from courts.rulebooks.services.editions import archive


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
    return ListFile(
        name="editions",
        title=_("规则版本"),
        about=[],
        columns=[
            _("代码"),
            _("名称"),
            _("状态"),
            _("自几月起生效"),
            _("改动说明"),
            _("起草人"),
            _("生效确认人"),
            _("生效确认时间"),
            _("校验值（SHA-256）"),
        ],
        rows=[
            [
                one.code,
                one.title,
                str(one.get_state_display()),
                one.from_month,
                one.summary,
                str(one.author or ""),
                str(one.enacted_by or ""),
                moment(one.enacted_at),
                one.sha256,
            ]
            for one in editions
        ],
    )


def of_differences(page: EditionDifferencesPage) -> ListFile:
    """What an edition changes, a value a line."""
    return ListFile(
        name=f"differences-{page.edition.pk}",
        title=_("规则差异"),
        about=[
            (_("原版本"), str(page.against or "")),
            (_("新版本"), str(page.edition)),
        ],
        columns=[_("文件"), _("键"), _("原值"), _("新值")],
        rows=[[line.file, line.key, line.before, line.after] for line in page.lines],
    )


def of_effect(page: EffectPage, *, shows_places: bool) -> ListFile:
    """Points and ranks of a month under two editions."""
    return ListFile(
        name=f"effect-{page.edition.pk}-{page.month}",
        title=_("规则改动的影响"),
        about=[
            (_("月份"), page.month_name),
            (_("原版本"), str(page.against)),
            (_("新版本"), str(page.edition)),
        ],
        columns=[
            _("法院代码"),
            _("法院"),
            _("原总分"),
            _("新总分"),
            *([_("原名次"), _("新名次")] if shows_places else []),
            _("得分变化的考核项"),
        ],
        rows=[
            [
                court.code,
                court.name,
                court.total_before,
                court.total_after,
                *([court.rank_before, court.rank_after] if shows_places else []),
                "；".join(
                    f"{item.code} {item.before or '—'}→{item.after or '—'}" for item in court.items
                ),
            ]
            for court in page.courts
        ],
        is_demo=page.is_demo,
    )
