"""Owns the way from a table to pairs "metric ← value", for uploads and pasted blocks alike.

Pure: a table is rows of cells, whatever file or clipboard they came from. What is left out is told
with the reason, what may be meant in two ways becomes a question; nothing is guessed. How a line, a
track and a turned table are meant: see `tracks`.

Long because one table is paired in one pass: its steps share what they found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from courts.files.cells import Cell
from courts.files.headings import (
    COURT_HEADINGS,
    MONTH_HEADINGS,
    NEVER,
    HeadRole,
    folded,
    is_name_heading,
    is_sum,
    period_of,
    role_of,
    strongest,
)
from courts.files.pairs import (
    Pair,
    Pairing,
    PairOption,
    Question,
    Rows,
    Sought,
    Unknown,
    doubts,
    drop_reason,
)
from courts.files.tracks import Matrix, Track, counts, is_number, is_text, text_of, the_one
from courts.frame.listing import enumerated

MOST_HEADS = 4
MOST_SAMPLES = 3
MOST_OPTIONS = 20
_FILLERS = re.compile(r"案件|件数|[数、，,·/]")


def pair(rows: Rows, sought: Sought) -> Pairing:
    """Read a table that names its metrics; without any name there are neither pairs nor faults."""
    by_column: dict[int, list[str]] = {}
    by_row: dict[int, list[str]] = {}
    for number, cells in rows.items():
        for place, cell in enumerate(cells):
            metric = sought.metric(cell)
            if metric is not None:
                by_column.setdefault(place, []).append(metric)
                by_row.setdefault(number, []).append(metric)
    if not by_row:
        return Pairing()
    parts = _side_by_side(rows, by_column)
    if parts:
        return _joined([pair(part, sought) for part in parts])
    column = max(by_column, key=lambda place: _variety(by_column[place]))
    row = max(by_row, key=lambda number: _variety(by_row[number]))
    across, down = _variety(by_row[row]), _variety(by_column[column])
    # One heading alone names a row if there is a number beside it.
    beside = any(is_number(cell) for cell in rows[row][column + 1 :])
    turned = across > down or (across == down and not beside)
    if beside and across[0] <= 2 and down[0] <= 1:
        turned = False
    found = _Reader(Matrix(rows, turned=turned), row if turned else column, sought).read()
    found.doubts = list(doubts(rows, min(by_row), sought))
    return found


def _side_by_side(rows: Rows, by_column: Mapping[int, list[str]]) -> list[Rows]:
    """The parts of a table that lists metrics twice beside each other, as paper forms do."""
    starts: list[int] = []
    seen: set[str] = set()
    for place in sorted(by_column):
        named = set(by_column[place])
        between = range(starts[-1] + 1, place) if starts else range(0)
        figures = (cells[at] for cells in rows.values() for at in between if at < len(cells))
        if len(named) > 1 and not named & seen and (not starts or any(map(is_number, figures))):
            starts.append(place)
            seen |= named
    if len(starts) < 2:
        return []
    starts[0] = 0
    ends = [*starts[1:], None]
    return [
        {number: [*[""] * start, *cells[start:end]] for number, cells in rows.items()}
        for start, end in zip(starts, ends, strict=True)
    ]


def _joined(parts: Sequence[Pairing]) -> Pairing:
    """The pairs of tables beside each other."""
    found = parts[0]
    for part in parts[1:]:
        for name in ("pairs", "dropped", "questions", "unknown", "faults", "doubts", "doubles"):
            getattr(found, name).extend(getattr(part, name))
    if sum(question.key == "column" for question in found.questions) > 1:
        found.questions = []
        found.faults.append(_("各部分都有不止一列数据：请只保留本月累计一列。"))
    return found


def _variety(metrics: Sequence[str]) -> tuple[int, int]:
    """How many metrics, then how many cells that name one."""
    return len(set(metrics)), len(metrics)


class _Reader:
    """One table on its way to pairs."""

    def __init__(self, matrix: Matrix, names: int, sought: Sought) -> None:
        self.matrix, self.names, self.sought = matrix, names, sought
        self.found = Pairing(by_row=not matrix.turned)
        self.named: dict[int, str] = {}
        self.tracks: list[Track] = []

    def read(self) -> Pairing:
        matrix = self.matrix
        self._name_lines()
        places = self._figure_places()
        heads = self._other_lines(min(self.named), places)
        court_place, month_place = self._aside(heads)
        for place in matrix.places:
            track = Track(place, matrix.key(place), heads.get(place, []))
            if place in (self.names, court_place, month_place):
                continue
            if place in places or self._is_headed(track):
                self.tracks.append(track)
        self._describe_tracks()
        self.tracks = self._of_known_courts(self.tracks)
        lines = self._of_court_and_month(court_place, month_place)
        if not self.found.faults:
            self._take(self._chosen(lines), lines, court_place)
            self._settle_doubles()
        return self.found

    # --- Lines --------------------------------------------------------------------------------

    def _exact(self, line: int) -> str | None:
        """The metric the line's own cells name; a code and a name that disagree are a fault."""
        cells = self.matrix.cells[line]
        metric = self.sought.metric(cells.get(self.names, ""))
        for place, cell in cells.items():
            other = self.sought.metric(cell) if place != self.names else None
            if other is None or other == metric:
                continue
            if metric is not None and abs(place - self.names) == 1:
                text = _("%(address)s：代码与名称说的不是同一个指标，请改正。")
                sentence = text % {"address": self.matrix.address(line, place)}
                if sentence not in self.found.faults:
                    self.found.faults.append(sentence)
            metric = metric or other
        return metric

    def _name_lines(self) -> None:
        """Find each line's metric, also from headings of two steps."""
        cores = _cores(self.sought)
        carried: dict[int, str] = {}
        for line in self.matrix.lines:
            cells = self.matrix.cells[line]
            metric = self._exact(line)
            labels = {p: c for p, c in cells.items() if abs(p - self.names) <= 1 and is_text(c)}
            for place, cell in labels.items():
                carried = {p: text for p, text in carried.items() if p < place} | {
                    place: text_of(cell)
                }
            if metric is None and labels:
                own = max(labels)
                above = [text for place, text in carried.items() if place < own]
                if above:
                    metric = cores.get(_core("".join([*above, text_of(labels[own])])))
            if metric is not None:
                self.named[line] = metric

    def _figure_places(self) -> set[int]:
        """The places where a metric's line has a number."""
        return {
            place
            for line in self.named
            for place, cell in self.matrix.cells[line].items()
            if place != self.names and is_number(cell)
        }

    def _other_lines(self, first: int, places: set[int]) -> dict[int, list[Cell]]:
        """What stands above each track; whatever else names no metric is left out, and told."""
        heads: dict[int, list[Cell]] = {}
        for line in self.matrix.lines:
            if line in self.named:
                continue
            cells = self.matrix.cells[line]
            name = self._label_of(line)
            figures = [place for place in cells if place in places and is_number(cells[place])]
            if self._is_head(line, first, name, places):
                for place, cell in cells.items():
                    heads.setdefault(place, []).append(cell)
                continue
            self._leave_out(line, name, figures)
        return {place: above[-MOST_HEADS:] for place, above in heads.items()}

    def _label_of(self, line: int) -> Cell:
        """What the line is called: beside or above the metrics' names, else its first text."""
        cells = self.matrix.cells[line]
        near = sorted(cells, key=lambda place: (place > self.names, abs(place - self.names)))
        return next((cells[place] for place in near if is_text(cells[place])), "")

    def _is_head(self, line: int, first: int, name: Cell, places: set[int]) -> bool:
        """Whether the line stands above the figures and says what they are."""
        cells = self.matrix.cells[line]
        if self.matrix.turned and (
            self._is_called(line, COURT_HEADINGS | MONTH_HEADINGS) or self._names_courts(line)
        ):
            return True
        if line > first:
            return False
        if self.matrix.turned and role_of(name, self.sought.month) is HeadRole.SERIAL:
            return False
        if not self.matrix.turned and len(cells) == 1 and not self._may_head(line, first, places):
            return False
        figures = [place for place in cells if place in places and is_number(cells[place])]
        is_period = all(
            isinstance(cells[place], date) or len(str(cells[place])) == 6 for place in figures
        )
        return not figures or is_period or name == "" or is_name_heading(text_of(name))

    def _may_head(self, line: int, first: int, places: set[int]) -> bool:
        """Whether a row of one cell is a heading; above a row of several it is a title."""
        ((place, cell),) = self.matrix.cells[line].items()
        below = [n for n in self.matrix.lines if line < n < first]
        if any(len(self.matrix.cells[n]) > 1 for n in below) and not self.sought.court_of(cell):
            return False
        return place in places or role_of(cell, self.sought.month) is HeadRole.TO_DATE

    def _is_called(self, line: int, words: frozenset[str]) -> bool:
        """Whether one of the line's headings is one of these words."""
        return any(
            folded(text_of(cell)) in words
            for place, cell in self.matrix.cells[line].items()
            if place <= self.names + 1
        )

    def _names_courts(self, line: int) -> bool:
        return any(self.sought.court_of(cell) for cell in self.matrix.cells[line].values())

    def _leave_out(self, line: int, name: Cell, figures: list[int]) -> None:
        """A line that names no metric of this return: of the table's own making, or unknown."""
        matrix, text = self.matrix, text_of(name)
        address = matrix.line_key(line)
        if role_of(name, self.sought.month) is HeadRole.SERIAL:
            self.found.drop(address, name, _("序号，不是数据"))
        elif is_sum(text):
            self.found.drop(address, name, _("合计，不是一个指标"))
        elif folded(text) in self.sought.elsewhere:
            self.found.drop(address, name, _("是另一张报表的指标"))
        elif not figures:
            if not matrix.turned:
                self.found.drop(address, name, _("标题或分组，没有数据"))
        elif not is_text(name):
            self.found.drop(address, name, _("没有名称"))
        else:
            place = next(place for place in figures)
            at = self.names if self.names in matrix.cells[line] else place
            self.found.unknown.append(
                Unknown(text, matrix.address(line, at), text_of(matrix.at(line, place)))
            )

    # --- Tracks -------------------------------------------------------------------------------

    def _aside(self, heads: Mapping[int, list[Cell]]) -> tuple[int | None, int | None]:
        """The places that name each line's court and month, in a list of courts and months."""
        if self.matrix.turned:
            return None, None
        court = month = None
        for place in self.matrix.places:
            above = {folded(text_of(head)) for head in heads.get(place, [])}
            cells = [self.matrix.at(line, place) for line in self.matrix.lines]
            if court is None and any(
                self.sought.court_of(self.matrix.at(line, place)) for line in self.named
            ):
                court = place
            elif month is None and above & MONTH_HEADINGS and any(map(period_of, cells)):
                month = place
        return court, month

    def _is_headed(self, track: Track) -> bool:
        roles = [role_of(head, self.sought.month) for head in track.heads]
        return strongest(roles) is HeadRole.TO_DATE

    def _describe_tracks(self) -> None:
        """What each track's heads say of it; a merged cell goes on for the tracks after it."""
        others = [line for line in self.matrix.lines if line not in self.named]
        court_line = next(filter(self._names_courts, others), None)
        month_line = None
        if self.matrix.turned:
            months = (line for line in others if self._is_called(line, MONTH_HEADINGS))
            month_line = next(months, None)
        merged = None
        names_courts = any(self.sought.court_of(h) for track in self.tracks for h in track.heads)
        for track in self.tracks:
            heads = track.heads
            track.court = next(filter(None, map(self.sought.court_of, heads)), None)
            own = heads
            if month_line is not None:
                cell = self.matrix.at(month_line, track.place)
                own = [head for head in heads if head is not cell]
                track.role = self._role_of_row(cell)
                track.is_row_of_month = True
            if track.role is HeadRole.NONE:
                track.role = strongest([role_of(head, self.sought.month) for head in own])
            crossing = [self.matrix.at(line, track.place) for line in others]
            track.is_sum = any(is_text(cell) and is_sum(text_of(cell)) for cell in crossing)
            strange = court_line is not None and self.matrix.at(court_line, track.place) != ""
            if track.court is None and not track.is_sum and names_courts and not strange:
                track.court = merged
            merged = None if track.is_sum else track.court
        if not self.matrix.turned:
            self._find_serial()

    def _role_of_row(self, cell: Cell) -> HeadRole:
        """What a row of a table with a column of months is: there a bare month is the return's."""
        period = period_of(cell)
        if period is None:
            return HeadRole.NONE
        month = self.sought.month
        if period.is_doubtful and month.month in (1, 10):
            text = _("“%(month)s”看不出是1月还是10月，请写成 %(year)s-01 或 %(year)s-10。")
            self.found.faults.append(text % {"month": cell, "year": month.year})
        role = role_of(cell, month)
        if period.is_of(month) and not period.is_clear:
            return HeadRole.MONTH
        return role if role is not HeadRole.NONE else HeadRole.OTHER_MONTH

    def _find_serial(self) -> None:
        """A column without a heading that counts 1, 2, 3 is a running number beside another."""
        for track in self.tracks:
            values = [self.matrix.at(line, track.place) for line in self.named]
            if track.role is HeadRole.NONE and len(self.tracks) > 1 and counts(values):
                track.role = HeadRole.SERIAL

    def _of_known_courts(self, tracks: list[Track]) -> list[Track]:
        """The tracks that may hold what is looked for; the others are told."""
        kept: list[Track] = []
        across = any(track.court for track in tracks)
        for track in tracks:
            if track.role in NEVER:
                self._drop_track(track, drop_reason(track.role))
            elif track.is_sum and (across or self.matrix.turned):
                self._drop_track(track, _("合计"))
            elif across and track.court is None:
                self._drop_track(track, _("没有认出是哪个法院"))
            elif self.sought.court and track.court not in (None, self.sought.court):
                self._drop_track(track, _("其他法院"))
            else:
                kept.append(track)
        if across and not kept:
            self.found.faults.append(_("表里没有本院的数据行。"))
        return kept

    def _drop_track(self, track: Track, reason: str) -> None:
        self.found.drop(track.key, track.heading, reason)

    def _of_court_and_month(self, court: int | None, month: int | None) -> list[int]:
        """The named lines of the court and month; a fault when there are others only."""
        lines = list(self.named)
        if court is not None:
            own = [
                line
                for line in lines
                if (code := self.sought.court_of(self.matrix.at(line, court)))
                and code == (self.sought.court or code)
            ]
            self._drop_lines(set(lines) - set(own), _("其他法院"))
            lines = own
            if not own:
                self.found.faults.append(_("表里没有本院的数据行。"))
        if month is not None and lines:
            roles = {line: self._role_of_row(self.matrix.at(line, month)) for line in lines}
            own = [line for line in lines if roles[line] is HeadRole.TO_DATE]
            own = own or [line for line in lines if roles[line] is HeadRole.MONTH]
            self._drop_lines(set(lines) - set(own), _("其他月份"))
            lines = own
            if not own:
                text = _("表里没有%(month)s的数据行。")
                self.found.faults.append(text % {"month": self.sought.month})
        return lines

    def _drop_lines(self, lines: Iterable[int], reason: str) -> None:
        for line in sorted(lines):
            self.found.drop(self.matrix.line_key(line), self._label_of(line), reason)

    def _chosen(self, lines: Sequence[int]) -> list[Track]:
        """The track of each court that holds the year-to-date figures, or else a question."""
        options = [
            PairOption(track.key, track.heading, self._sample(track, lines))
            for track in self.tracks
        ]
        self.found.tracks = tuple(options)
        groups: dict[str | None, list[Track]] = {}
        for track in self.tracks:
            groups.setdefault(track.court, []).append(track)
        answer = next((t for t in self.tracks if t.key == self.sought.column), None)
        chosen = []
        for tracks in groups.values():
            picked = the_one(tracks, answer)
            if picked is not None:
                chosen.append(picked)
        if len(chosen) < len(groups) or not groups:
            self._ask_for_track(chosen, groups)
            return []
        if len(chosen) == 1:
            self.found.column = chosen[0].key
        for track in self.tracks:
            if track not in chosen:
                self._drop_track(track, drop_reason(track.role))
        return chosen

    def _ask_for_track(self, chosen: list[Track], groups: Mapping[str | None, list[Track]]) -> None:
        if not self.tracks:
            text = _("表头下面没有数据。") if self.matrix.turned else _("没有找到数据列。")
            self.found.faults.append(text)
            return
        if all(track.role in (HeadRole.OTHER_MONTH, HeadRole.LAST_MONTH) for track in self.tracks):
            if self.matrix.turned:
                text = _("表里没有%(month)s的数据行。")
            else:
                text = _("没有%(month)s的累计数，只有其他月份的。")
            self.found.faults.append(text % {"month": self.sought.month})
            return
        open_groups = [
            tracks for tracks in groups.values() if not any(track in chosen for track in tracks)
        ]
        if len(open_groups) > 1:
            text = _("各法院都有不止一列数据：请只复制本月累计一列。")
            self.found.faults.append(text)
            return
        text = (
            _("有多行数据，请选择本月累计数在哪一行。")
            if self.matrix.turned
            else _("请选择本月累计数在哪一列。")
        )
        if len(open_groups[0]) == 1:
            text = _("“%(heading)s”可能是1月到本月的累计数，也可能是本月单独的数：请确认。") % {
                "heading": open_groups[0][0].heading
            }
        keys = {track.key for track in open_groups[0]}
        options = tuple(option for option in self.found.tracks if option.key in keys)
        self.found.questions.append(Question("column", text, options))

    def _sample(self, track: Track, lines: Sequence[int]) -> str:
        cells = (self.matrix.at(line, track.place) for line in lines)
        texts = [text_of(cell) for cell in cells if cell != ""]
        return enumerated(texts[:MOST_SAMPLES])

    # --- Pairs --------------------------------------------------------------------------------

    def _take(self, chosen: Sequence[Track], lines: Sequence[int], court: int | None) -> None:
        matrix = self.matrix
        for track in chosen:
            for line in lines:
                code = track.court
                if court is not None:
                    code = self.sought.court_of(matrix.at(line, court))
                code = code or self.sought.court or self.sought.here
                cell = matrix.at(line, track.place)
                name = text_of(self._label_of(line))
                pair = Pair(code, self.named[line], cell, matrix.address(line, track.place), name)
                self.found.pairs.append(pair)

    def _settle_doubles(self) -> None:
        """Of two lines with the same name: the one that was chosen, else a question."""
        by_cell: dict[tuple[str, str], list[Pair]] = {}
        for each in self.found.pairs:
            by_cell.setdefault((each.court, each.metric), []).append(each)
        if len(by_cell) == len(self.found.pairs):
            return
        kept: list[Pair] = []
        for (_court, metric), pairs in by_cell.items():
            answer = self.sought.lines.get(metric)
            told = [each for each in pairs if each.address == answer]
            if len(pairs) == 1 or told:
                kept += told or pairs
                continue
            self.found.doubles.append(pairs)
            sentence = _("“%(name)s”出现了 %(count)s 次，请选择用哪一个。")
            options = (PairOption(each.address, each.name, text_of(each.cell)) for each in pairs)
            self.found.questions.append(
                Question(
                    f"line:{metric}",
                    sentence % {"name": pairs[0].name, "count": len(pairs)},
                    tuple(options)[:MOST_OPTIONS],
                )
            )
        self.found.pairs = kept


def _cores(sought: Sought) -> dict[str, str]:
    """Metrics by what their names have in common with headings of two steps; doubtful ones fall."""
    cores: dict[str, str] = {}
    for name, metric in sought.metrics.items():
        core = _core(name)
        if cores.setdefault(core, metric) != metric:
            cores[core] = ""
    return {core: metric for core, metric in cores.items() if core and metric}


def _core(text: str) -> str:
    return _FILLERS.sub("", folded(text))
