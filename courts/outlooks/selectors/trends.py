"""Owns the course of one item over the months, for chosen courts side by side; the engine's points.

Every month stands by the rules and readings that were in force for it. No two months are called a
trend: the sentence tells from where to where over all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.figures.selectors.facts import Gathered
from courts.frame.choices import Choice
from courts.frame.listing import clauses, enumerated
from courts.outlooks.charts import Chart, Limit, Line, lines
from courts.outlooks.marks import ActionMark, events_of
from courts.scores.selectors.kept_scores import board_in, gathered_to
from courts.wording.months import month_word
from courts.years.selectors.periods import Period
from courts.years.selectors.years import CourtRow, rulebook_of
from scoring.facts import Month
from scoring.results import Scoreboard
from scoring.rounding import to_decimal, to_text
from scoring.schema import Item

# More lines than this nobody tells apart.
MOST_COURTS = 5
TOTAL = "total"


@dataclass(frozen=True, slots=True)
class TrendsPage:
    """Points of one item, or totals, of the chosen courts month by month."""

    period: Period
    items: tuple[Choice, ...]
    courts: tuple[Choice, ...]
    most: int
    too_many: bool
    charts: tuple[Chart, ...]
    is_demo: bool


def trends_page(period: Period, item: str, courts: Sequence[str]) -> TrendsPage:
    """The course of an item up to the month; the first ranked courts where none is chosen."""
    language = get_language() or ""
    months = [Month(period.month.year, number) for number in range(1, period.month.month + 1)]
    gathered = gathered_to(period)
    rulebook = rulebook_of(period.year, period.month)
    known = {one.code: one for one in rulebook.items}
    code = item if item in known else (TOTAL if rulebook.has_total else rulebook.items[0].code)
    all_courts = {court.code: court for court in _courts_to(gathered, months)}
    wanted = [court for court in dict.fromkeys(courts) if court in all_courts]
    chosen = wanted[:MOST_COURTS] or _first_ranked(gathered, period, MOST_COURTS)
    boards = {month: board_in(period, gathered, month) for month in months}
    rows = [all_courts[court] for court in chosen]
    label = _("总分") if code == TOTAL else known[code].label.get(language)
    about = None if code == TOTAL else (code, *known[code].metrics)
    happened = events_of(period.year, chosen, about, period.month.month)
    return TrendsPage(
        period=period,
        items=(
            *([Choice(TOTAL, _("总分"), code == TOTAL)] if rulebook.has_total else []),
            *(
                Choice(one.code, one.label.get(language), one.code == code)
                for one in rulebook.items
            ),
        ),
        courts=tuple(
            Choice(court.code, court.label(language), court.code in chosen)
            for court in all_courts.values()
        ),
        most=MOST_COURTS,
        too_many=len(wanted) > MOST_COURTS,
        charts=(_chart(gathered, boards, code, label, rows, known.get(code), happened),),
        is_demo=any(gathered.demo[month] for month in months),
    )


def _courts_to(gathered: Gathered, months: Sequence[Month]) -> list[CourtRow]:
    """The courts that are assessed in any of the months, under their names of the last."""
    last = {court.code: court for court in gathered.courts}
    known = {one.court for month in months for one in gathered.facts[month]}
    return [last.get(court.code, court) for court in gathered.of_year if court.code in known]


def _first_ranked(gathered: Gathered, period: Period, most: int) -> list[str]:
    board = board_in(period, gathered, period.month)
    ranked = sorted(
        (card for card in board.scorecards if card.rank is not None),
        key=lambda card: card.rank or 0,
    )
    return [card.court for card in ranked[:most]]


def _cents(
    gathered: Gathered, board: Scoreboard, month: Month, court: str, code: str
) -> int | None:
    """Points in cents; None where the court reported nothing, or the item has no points."""
    facts = next((one for one in gathered.facts[month] if one.court == court), None)
    if facts is None or not facts.current:
        return None
    card = board.court(court)
    if code == TOTAL:
        return card.total_cents
    return next((one.cents for one in card.items if one.item.code == code), None)


def _chart(
    gathered: Gathered,
    boards: dict[Month, Scoreboard],
    code: str,
    label: str,
    courts: Sequence[CourtRow],
    item: Item | None,
    happened: Sequence[ActionMark],
) -> Chart:
    language = get_language() or ""
    labels = {court.code: court.label(language) for court in courts}
    names = [court.label(language) for court in courts]
    table: list[list[str]] = []
    series: dict[str, list[tuple[str, int | None]]] = {name: [] for name in names}
    for month, board in boards.items():
        place = month_word(month.month)
        cells = [place]
        for court, name in zip(courts, names, strict=True):
            cents = _cents(gathered, board, month, court.code, code)
            series[name].append((place, cents))
            cells.append("—" if cents is None else to_text(to_decimal(cents)))
        table.append(cells)
    spec = lines(
        [
            Line(name, [(p, None if c is None else to_decimal(c)) for p, c in values])
            for name, values in series.items()
        ],
        x_title=_("月份"),
        y_title=_("得分"),
        limits=[] if item is None else _full(item, courts),
        from_zero=True,
        marks=[(month_word(one.month), f"{labels[one.court]} {one.text}") for one in happened],
    )
    by_month: dict[int, list[str]] = {}
    for one in happened:
        by_month.setdefault(one.month, []).append(f"{labels[one.court]} {one.text}")
    if by_month:
        for row, month in zip(table, boards, strict=True):
            row.append(enumerated(by_month.get(month.month, [])) or "—")
    return Chart(
        code="trends",
        title=_("%(item)s：各月得分") % {"item": label},
        sentence=_sentence(series),
        spec=spec,
        headings=(_("月份"), *names, *((_("督导"),) if by_month else ())),
        rows=table,
        is_demo=any(gathered.demo[month] for month in boards),
        months=list(boards),
    )


def _full(item: Item, courts: Sequence[CourtRow]) -> list[Limit]:
    """What the item can bring, where it is the same for all courts shown."""
    if item.is_bonus:
        return []
    most = {item.points[court.level] for court in courts if court.level in item.points}
    return [Limit(_("满分"), value, is_bound=False) for value in most] if len(most) == 1 else []


def _sentence(series: dict[str, list[tuple[str, int | None]]]) -> str:
    """From where to where each court went, over all months that have points."""
    said = []
    for name, values in series.items():
        known = [(place, cents) for place, cents in values if cents is not None]
        if len(known) < 2:
            continue
        texts = {
            "court": name,
            "first": known[0][0],
            "from": to_text(to_decimal(known[0][1])),
            "last": known[-1][0],
            "to": to_text(to_decimal(known[-1][1])),
        }
        said.append(_("%(court)s%(first)s%(from)s分，%(last)s%(to)s分") % texts)
    return clauses(said) + _("。") if said else _("还没有两个月的得分可看。")
