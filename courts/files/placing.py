"""Owns pairing a block without names by its place: the cell it was pasted on and those after it.

Headings in it are still read, for they say which column is meant; rows of headings, sums and
sections take no cell. A blank row may be a cell without a figure or a row between groups: where the
two come to different pairs a person is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from courts.files.cells import Cell
from courts.files.headings import NEVER, HeadRole, is_sum, role_of, strongest
from courts.files.pairs import (
    Pair,
    Pairing,
    PairOption,
    Question,
    Rows,
    Sought,
    doubts,
    drop_reason,
)
from courts.files.tracks import Track, column_letter, counts, is_number, is_text, text_of, the_one
from courts.frame.listing import enumerated

MOST_SAMPLES = 3
KEEP, SKIP, GROUPS = "keep", "skip", "groups"


@dataclass(frozen=True, slots=True)
class ColumnTarget:
    """The cells from the one pasted on: metrics downwards, courts to the right.

    `starts` are the metrics with which a group begins: tables have a row without figures there.
    """

    metrics: tuple[str, ...]
    starts: frozenset[str]
    courts: tuple[str, ...]


def place(rows: Rows, sought: Sought, target: ColumnTarget, blanks: str = "") -> Pairing:
    """The pairs of a block by place; `rows` has blank rows too, `blanks` answers what they are."""
    found = Pairing()
    lines = sorted(rows)
    first = next((n for n in lines if any(map(is_number, rows[n]))), None)
    if first is None:
        found.faults.append(_("粘贴的内容里没有数据。"))
        return found
    heads: dict[int, list[Cell]] = {}
    above = [n for n in lines if n < first and any(cell != "" for cell in rows[n])]
    for number in above:
        found.drop(str(number), _name(rows[number]), _("标题或表头，没有数据"))
        for at, cell in enumerate(rows[number]):
            if cell != "":
                heads.setdefault(at, []).append(cell)
    found.doubts = list(doubts(rows, first, sought))
    body = _body(found, rows, [n for n in lines if not above or n > above[-1]])
    tracks = _tracks(found, rows, body, heads, sought)
    courts = _courts(found, rows, body, tracks, sought, target)
    order = _aligned(found, rows, body, target, blanks, is_headed=bool(above))
    if not found.questions and not found.faults:
        for track, court in courts.items():
            for metric, number in order.items():
                cell = _at(rows[number], track)
                found.pairs.append(
                    Pair(
                        court, metric, cell, f"{column_letter(track)}{number}", _name(rows[number])
                    )
                )
    return found


def _body(found: Pairing, rows: Rows, lines: Sequence[int]) -> list[int]:
    """The lines that take a cell, without blank ones at the end."""
    body: list[int] = []
    for number in lines:
        cells = rows[number]
        name = _name(cells)
        if name and is_sum(name):
            found.drop(str(number), name, _("合计，不是一个指标"))
        elif name and not any(map(is_number, cells)):
            # A text where a figure is due is shown as what it is: not a figure.
            if sum(cell != "" for cell in cells) == 1 and len(cells) == 1:
                body.append(number)
            else:
                found.drop(str(number), name, _("标题或分组，没有数据"))
        else:
            body.append(number)
    while body and not any(cell != "" for cell in rows[body[-1]]):
        body.pop()
    return body


def _tracks(
    found: Pairing,
    rows: Rows,
    body: Sequence[int],
    heads: Mapping[int, list[Cell]],
    sought: Sought,
) -> list[Track]:
    """The columns with figures that may be written."""
    width = max(len(rows[number]) for number in body)
    at_figures = [at for at in range(width) if any(is_number(_at(rows[n], at)) for n in body)]
    tracks = []
    for at in at_figures:
        track = Track(at, column_letter(at), heads.get(at, []))
        track.role = strongest([role_of(head, sought.month) for head in track.heads])
        track.court = next(filter(None, map(sought.court_of, track.heads)), None)
        track.is_sum = any(is_text(h) and is_sum(text_of(h)) for h in track.heads)
        values = [_at(rows[number], at) for number in body]
        if (
            track.role is HeadRole.NONE
            and len(at_figures) > 1
            and not track.court
            and counts(values)
        ):
            track.role = HeadRole.SERIAL
        tracks.append(track)
    across = any(track.court for track in tracks)
    kept = []
    for track in tracks:
        if track.role in NEVER:
            found.drop(track.key, track.heading, drop_reason(track.role))
        elif across and track.is_sum:
            found.drop(track.key, track.heading, _("合计"))
        elif across and track.court is None:
            found.drop(track.key, track.heading, _("没有认出是哪个法院"))
        elif sought.court and track.court not in (None, sought.court):
            found.drop(track.key, track.heading, _("其他法院"))
        else:
            kept.append(track)
    if not kept:
        found.faults.append(_("没有找到数据列。"))
    return kept


def _courts(
    found: Pairing,
    rows: Rows,
    body: Sequence[int],
    tracks: Sequence[Track],
    sought: Sought,
    target: ColumnTarget,
) -> dict[int, str]:
    """The court of each column that is taken; a question when the column is not clear."""
    if any(track.court for track in tracks) and not sought.court:
        return {track.place: track.court for track in tracks if track.court}
    answer = next((track for track in tracks if track.key == sought.column), None)
    own = sought.court or target.courts[0]
    one = the_one(tracks, answer)
    if one is not None:
        for track in tracks:
            if track is not one:
                found.drop(track.key, track.heading, drop_reason(track.role))
        return {one.place: own}
    if not sought.court and all(track.role is HeadRole.NONE for track in tracks):
        for track in tracks[len(target.courts) :]:
            found.drop(track.key, track.heading, _("右边没有法院了"))
        return {t.place: court for t, court in zip(tracks, target.courts, strict=False)}
    if tracks:
        options = []
        for track in tracks:
            values = [text_of(c) for n in body if (c := _at(rows[n], track.place)) != ""]
            options.append(PairOption(track.key, track.heading, enumerated(values[:MOST_SAMPLES])))
        text = _("请选择本月累计数在哪一列。")
        found.questions.append(Question("column", text, tuple(options)))
    return {}


def _aligned(
    found: Pairing,
    rows: Rows,
    body: Sequence[int],
    target: ColumnTarget,
    blanks: str,
    *,
    is_headed: bool,
) -> dict[str, int]:
    """The line of each metric."""
    is_blank = {number: not any(cell != "" for cell in rows[number]) for number in body}
    filled = [number for number in body if not is_blank[number]]
    is_headed = is_headed or is_blank[body[0]]
    ways: dict[str, dict[str, int]] = {}
    grouped = _grouped(body, is_blank, target, is_headed=is_headed)
    if grouped is not None:
        ways[GROUPS] = grouped
    if len(body) <= len(target.metrics):
        ways[KEEP] = {
            metric: number
            for metric, number in zip(target.metrics, body, strict=False)
            if not is_blank[number]
        }
    dense = dict(zip(target.metrics, filled, strict=False))
    if not ways or len(filled) <= len(target.metrics):
        ways[SKIP] = dense
    texts = {
        GROUPS: _("每组前面的空行是分组行，其余空行是没有数的指标"),
        KEEP: _("空行是没有数的指标，那一格保持原样"),
        SKIP: _("空行只是分隔，跳过"),
    }
    distinct = {
        key: way
        for key, way in ways.items()
        if list(ways.values()).index(way) == list(ways).index(key)
    }
    if blanks in ways:
        return ways[blanks]
    if len(distinct) > 1:
        options = tuple(PairOption(key, texts[key], "") for key in distinct)
        found.questions.append(Question("blanks", _("粘贴的内容里有空行，请选择："), options))
        return {}
    way = next(iter(distinct.values()))
    for number in filled:
        if number not in way.values():
            found.drop(str(number), _name(rows[number]), _("下面没有格子了"))
    return way


def _grouped(
    body: Sequence[int], is_blank: Mapping[int, bool], target: ColumnTarget, *, is_headed: bool
) -> dict[str, int] | None:
    """The lines when a blank row stands before each group, as in our template; None: none does."""
    order: dict[str, int] = {}
    numbers = iter(body)
    for place_, metric in enumerate(target.metrics):
        number = next(numbers, None)
        if number is not None and metric in target.starts and (place_ or is_headed):
            if not is_blank[number]:
                return None
            number = next(numbers, None)
        if number is None:
            break
        if not is_blank[number]:
            order[metric] = number
    return order if next(numbers, None) is None and order else None


def _at(cells: Sequence[Cell], at: int) -> Cell:
    return cells[at] if at < len(cells) else ""


def _name(cells: Sequence[Cell]) -> str:
    return next((text_of(cell) for cell in cells if is_text(cell)), "")
