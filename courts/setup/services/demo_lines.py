"""Owns the lines of registers in the demonstration: made up, marked, and as many as figures say.

Lines are made from what a register says of itself, so that another prefecture's registers have
theirs. Each count of a register takes as many lines a month as the made-up figures grew by: a count
without conditions makes lines, one that only narrows it takes lines that are there. Three
differences are planted for people to find; where figures of part and whole do not grow alike, a
month's part waits for the next month.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from courts import database_clock
from courts.models import (
    Court,
    QualityYear,
    RegisterLine,
    RegisterLineChange,
    RegisterTally,
)
from courts.registers.selectors.described import Described, registers_of
from courts.registers.services.lines import write_lines
from courts.setup.services.demo_figures import SEED, MadeYear
from scoring.rates import MONTHS_OF_YEAR
from scoring.registers import FieldType, Register, RegisterField, month_of

# By court in their order: a count that has one line more or fewer than the figure, all year's end.
PLANTED = (
    (1, "appeal_revised", -1),
    (2, "enforcement_petitions_received", 1),
    (3, "supervised_matters_in_time", -1),
)
# Lines a month of a register that counts towards nothing, by the courts in turn.
A_MONTH = 2
LATE = timedelta(days=9)
LAST_DAY = 28
PEOPLE = 12
LESSONS = (
    "演示：文书应当逐项回应当事人的主要抗辩理由",
    "演示：计算利息、违约金的起止日期应当写明依据",
    "演示：送达不能的，应当先核实住所再公告",
    "演示：同类案件应当先检索本院和上级法院的判决",
)


@dataclass(slots=True)
class _Line:
    """One line in the making: what it counts towards, and its values."""

    values: dict[str, object] = field(default_factory=dict)
    counted: set[int] = field(default_factory=set)
    states: frozenset[str] = frozenset()


def make_lines(year: QualityYear, made: Sequence[MadeYear], at: datetime) -> int:
    """Write the lines of all registers; how many there are. A year that has lines keeps them."""
    if RegisterLine.objects.filter(quality_year=year).exists():
        return 0
    courts = {court.code: court for court in Court.objects.of_year(year).select_related("parent")}
    written = 0
    for described in registers_of(year):
        lines = [
            (courts[of_court.court], line)
            for place, of_court in enumerate(made)
            for line in _LineMaker(described, year.year, of_court, place, courts).lines()
        ]
        rows = write_lines(
            year=year,
            described=described,
            lines=[(court, values) for court, (values, _state) in lines],
            user=None,
            at=at,
            is_made=True,
            states=[state for _court, (_values, state) in lines],
        )
        written += len(rows)
    return written


def date_back(year: QualityYear, court: str, metric: str, month: int) -> None:
    """Date a line of the month after as of this one, as a figure corrected by one counts it.

    Nothing where no line of that month counts towards the metric.
    """
    tally = (
        RegisterTally.objects.filter(
            quality_year=year,
            court__code=court,
            metric=metric,
            month=month + 1,
            is_second=False,
            line__is_made=True,
        )
        .select_related("line")
        .order_by("line__number")
        .first()
    )
    if tally is None:
        return
    line = tally.line
    (register,) = (one.register for one in registers_of(year) if one.code == line.register)
    line.values[register.month_from] = date(year.year, month, LAST_DAY).isoformat()
    line.month, line.version = month, line.version + 1
    line.save()
    line.tallies.filter(month=month + 1).update(month=month)
    RegisterLineChange.objects.create(
        line=line,
        version=line.version,
        at=database_clock.now(),
        from_state=line.state,
        to_state=line.state,
        fields=[register.month_from],
        digest=line.digest,
    )


class _LineMaker:
    """The lines of one register and court."""

    def __init__(
        self,
        described: Described,
        year: int,
        made: MadeYear,
        place: int,
        courts: Mapping[str, Court],
    ) -> None:
        self.register: Register = described.register
        self.year, self.made, self.place, self.courts = year, made, place, courts
        self.random = Random(f"{SEED} {described.code} {made.court}")  # noqa: S311
        self.number = 0

    def lines(self) -> Iterator[tuple[dict[str, object], str]]:
        """Values and state of each line."""
        for line in self._counted() if self.register.counts else self._uncounted():
            self._keep_out(line)
            state = self._state(line)
            self._fill(line, state)
            yield line.values, state

    def _counted(self) -> list[_Line]:
        lines: list[_Line] = []
        # Where some count takes every line, the others only narrow it down.
        has_whole = any(not one.when for one in self.register.counts)
        for place, count in enumerate(self.register.counts):
            makes = not count.when or not has_whole
            waiting = 0
            for month, more in enumerate(self._growth(count.metric), start=1):
                waiting += more
                while waiting > 0:
                    if makes:
                        lines.append(_Line())
                        self._take(lines[-1], place, month)
                    else:
                        line = next((one for one in lines if self._takes(one, place, month)), None)
                        if line is None:
                            break
                        self._take(line, place, month)
                    waiting -= 1
        return lines

    def _uncounted(self) -> list[_Line]:
        """A few lines a month, by the courts in turn."""
        lines = []
        for number in range(MONTHS_OF_YEAR * A_MONTH):
            if number % len(self.courts) == self.place:
                month = number // A_MONTH + 1
                lines.append(_Line({self.register.month_from: self._day(month)}))
        return lines

    def _growth(self, metric: str) -> list[int]:
        """By how much the figure grew in each month, with the planted differences."""
        months = sorted(self.made.months)
        figures = [self.made.months[month].get(metric, 0) for month in months]
        growth = [new - old for new, old in zip(figures, [0, *figures], strict=False)]
        for place, code, more in PLANTED:
            if (place, code) == (self.place, metric):
                last = max(at for at, cases in enumerate(growth) if cases + more >= 0)
                growth[last] += more
        return growth

    def _takes(self, line: _Line, place: int, month: int) -> bool:
        """Whether a line that is there can count towards one thing more, in that month."""
        count = self.register.counts[place]
        stated = line.values.get(count.month_from)
        began = month_of(line.values.get(self.register.month_from), self.year)
        return (
            place not in line.counted
            and (month_of(stated, self.year) == month if stated else began <= month)
            and all(one.field not in line.values or one.not_after for one in count.when)
        )

    def _take(self, line: _Line, place: int, month: int) -> None:
        count = self.register.counts[place]
        line.counted.add(place)
        began = str(line.values.get(self.register.month_from, ""))
        line.values.setdefault(count.month_from, max(self._day(month), began))
        for one in count.when:
            if one.states:
                line.states = one.states
            elif one.not_after:
                line.values[one.field] = line.values[one.not_after]
            else:
                line.values[one.field] = self.random.choice(sorted(one.values))

    def _keep_out(self, line: _Line) -> None:
        """See to it that a line counts towards nothing more than it was taken for."""
        for place, count in enumerate(self.register.counts):
            if place in line.counted:
                continue
            for one in count.when:
                if one.not_after:
                    due = date.fromisoformat(str(line.values[one.not_after]))
                    line.values[one.field] = (due + LATE).isoformat()
                elif one.field and one.field not in line.values:
                    codes = [choice.code for choice in self.register.field[one.field].choices]
                    line.values[one.field] = next(code for code in codes if code not in one.values)

    def _state(self, line: _Line) -> str:
        """A state that fits what is filled in: of months long ago mostly the last one."""
        order = list(self.register.state)
        counted = {
            state for count in self.register.counts for one in count.when for state in one.states
        }
        filled = [self.register.field[code].required for code in line.values]
        first = max((order.index(code) for code in filled if code), default=0)
        free = [
            one
            for one in order[first:]
            if (one in line.states if line.states else one not in counted)
        ]
        month = month_of(line.values.get(self.register.month_from), self.year)
        if month < MONTHS_OF_YEAR - 1 and not counted:
            return free[-1]
        return self.random.choice(free)

    def _fill(self, line: _Line, state: str) -> None:
        """Fill what the state needs, and the cause, with words that say they are made up."""
        self.number += 1
        began = date.fromisoformat(str(line.values[self.register.month_from]))
        for one in self.register.needed(state):
            if one.code not in line.values and one.type is not FieldType.FILE:
                line.values[one.code] = self._value(one, began)

    def _value(self, one: RegisterField, began: date) -> object:
        match one.type:
            case FieldType.CHOICE:
                return self.random.choice(one.choices).code
            case FieldType.DATE:
                return (began + timedelta(days=self.random.randint(0, 20))).isoformat()
            case FieldType.NUMBER:
                return min(max(90, one.low), one.high)
            case FieldType.STAFF:
                return f"演示{self.random.randint(1, PEOPLE):02}"
            case FieldType.COURT:
                return str(next(iter(self.courts.values())).pk)
            case FieldType.COURT_NUMBERS:
                return {str(court.pk): self.random.randint(3, 20) for court in self._all()}
            case _ if one.shared:
                # What tells lines apart is no other line's.
                own = f"（{self.number}）" if one.code in self.register.identity else ""
                return self.random.choice(LESSONS) + own
            case FieldType.TEXT:
                return f"（{self.year}）演示{self.place + 1:02}第{self.number}号"
            case _:
                return f"演示：{one.label.zh}"

    def _all(self) -> Sequence[Court]:
        return tuple(self.courts.values())

    def _day(self, month: int) -> str:
        return date(self.year, month, self.random.randint(1, LAST_DAY)).isoformat()
