"""Owns the rulebook and trials of readings as files to take away."""

from __future__ import annotations

from django.utils.translation import gettext as _

from courts.files.lists import ListFile
from courts.models import QualityYear
from courts.rulebooks.selectors.reading_pages import ReadingsPage
from courts.rulebooks.selectors.rulebook_pages import RulebookPage


def of_rulebook(page: RulebookPage, year: QualityYear) -> ListFile:
    """Every item with its rule."""
    return ListFile(
        name=f"rulebook-{year.code}",
        title=page.title,
        about=[(_("依据"), page.document), (_("规则版本"), page.edition)],
        columns=[
            _("代码"),
            _("考核项"),
            _("依据段落"),
            _("分值"),
            _("目标"),
            _("目标由来"),
            _("算法"),
            _("公式"),
        ],
        rows=[
            [
                item.code,
                item.label,
                item.paragraph,
                item.points_text,
                item.target,
                item.origin,
                "".join(item.words),
                item.symbols,
            ]
            for item in page.items
        ],
    )


def of_trial(page: ReadingsPage, year: QualityYear, *, shows_places: bool) -> ListFile:
    """Every court under the readings tried, beside those in force."""
    taken = [
        (line.code, next(option.label for option in line.options if option.is_chosen))
        for line in page.lines
    ]
    return ListFile(
        name=f"readings-{year.code}-{page.month}",
        title=_("解读试算（不是正式得分）") if page.is_trial else _("现行解读下的得分"),
        about=[(_("月份"), page.month_name), *taken],
        columns=[
            _("法院代码"),
            _("法院"),
            _("总分"),
            *([_("名次")] if shows_places else []),
            _("与现行相差"),
            _("变动的考核项"),
        ],
        rows=[
            [
                court.code,
                court.name,
                court.standings[0].total,
                *([court.standings[0].rank] if shows_places else []),
                court.standings[0].moved,
                "；".join(court.standings[0].items),
            ]
            for court in page.courts
        ],
        is_demo=page.is_demo,
    )
