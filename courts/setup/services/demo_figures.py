"""Owns making up a year of figures for courts that no court ever reported; stores nothing.

A court's *fortune* (per mille) leans its rates towards good or bad; the seed fixes it all. Every
year-end number is chosen first and then spread over the months, so that counts only grow and every
check holds in every month. Rates are per mille and everything is an integer, so that each machine
makes up the same year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from scoring.facts import CourtFacts, Month
from scoring.rates import MONTHS_OF_YEAR
from scoring.schema import Level, Rulebook

SEED = 2019
MILLE = 1000
# No court is hopeless, and hardly one perfect.
WORST, BEST = 280, 780
# The size of a court that has no figures of last year.
APPEALS_UNKNOWN = 150

Figures = dict[str, int]


@dataclass(frozen=True, slots=True)
class MadeYear:
    """The figures of one court by month."""

    court: str
    level: Level
    months: Mapping[Month, Mapping[str, int]]


def make_year(rulebook: Rulebook, courts: Sequence[CourtFacts]) -> list[MadeYear]:
    """A year for each court, leaning on its whole baseline year where there is one."""
    order = list(range(len(courts)))
    # Not for secrets: the same seed must make the same year.
    Random(SEED).shuffle(order)  # noqa: S311
    spread = max(len(courts) - 1, 1)
    years = []
    for court, place in zip(courts, order, strict=True):
        maker = _Maker(court, WORST + (BEST - WORST) * place // spread)
        months = {
            Month(rulebook.year, number): {
                code: value for code, value in figures.items() if code in rulebook.metrics
            }
            for number, figures in enumerate(maker.months(), start=1)
        }
        years.append(MadeYear(court.court, court.level, months))
    return years


class _Maker:
    """One court's year in the making."""

    def __init__(self, court: CourtFacts, fortune: int) -> None:
        self.random = Random(f"{SEED} {court.court}")  # noqa: S311
        self.fortune = fortune
        self.level = court.level
        self.before = court.baseline_annual
        self.appeals = self.before.get("appeals_filed") or APPEALS_UNKNOWN
        weights = [self.random.randint(96, 104) for _month in range(MONTHS_OF_YEAR)]
        self.passed = [sum(weights[: number + 1]) for number in range(MONTHS_OF_YEAR)]
        self.now: Figures = {}

    def months(self) -> list[Figures]:
        """Year-to-date figures of January to December."""
        self.year_end = self._counts()
        self.rates = self._rates()
        stocks = self._staff()
        made = []
        for number in range(MONTHS_OF_YEAR):
            self._litigation(number)
            self._enforcement(number)
            made.append(self.now | stocks)
        return made

    # --- What is chosen for the whole year ---

    def _counts(self) -> Figures:
        """Independent counts of the year, from last year's where it knows them."""
        first_instance = self.appeals * self._between(8600, 11600) // MILLE
        effective = first_instance * (3600 if self.level is Level.INTERMEDIATE else 930) // MILLE
        received = self.appeals * self._between(4300, 5300, lean=False) // MILLE
        counts = {
            code: self._like_last_year(code)
            for code in (
                "appeal_revised",
                "appeal_remanded",
                "retrial_revised",
                "retrial_remanded",
                "retrial_directed",
                "retrial_decided",
                "retrial_escalated",
                "retrial_designated",
                "appeals_filed",
                "retrial_petitions_received",
            )
        }
        return counts | {
            "first_instance_closed": first_instance,
            "effective_judgments": effective,
            "enforcement_received": received,
            "enforcement_petitions_received": 6 + received * self.random.randint(6, 10) // MILLE,
            "preservation_base": first_instance * 780 // MILLE,
            "supervised_matters_due": 12 + received * self.random.randint(14, 22) // MILLE,
            "defaulters_listed": received * self.random.randint(210, 290) // MILLE,
            "resumed_cases": 8 + received * self.random.randint(60, 90) // MILLE,
        }

    def _like_last_year(self, code: str) -> int:
        """Last year's number, lower by a fifth at best and a little higher at worst."""
        noise = self.random.randint(-25, 25)
        kept = 1030 - self.fortune * 230 // MILLE + noise
        return (self.before.get(code, 0) * kept + MILLE // 2) // MILLE

    def _rates(self) -> Figures:
        """Year-end rates, each around its target, on one side of it or the other."""
        between = self._between
        return {
            "carried_over": between(90, 140, lean=False),
            "closed": between(770, 860),
            "actually_closed": between(645, 690),
            "fully_enforced": between(525, 590),
            "enforcement_terminated": between(385, 405),
            "actually_closed_in_time": between(925, 985),
            "open_past_limit": MILLE - between(950, 990),
            "closed_in_time": between(690, 820),
            "days": 190 - between(24, 52),
            "retrial_petitions_closed": between(900, 970, lean=False),
            "enforcement_petitions_closed": between(840, 1000),
            "procedure_terminated_checked": between(150, 260, lean=False),
            "procedure_terminated_qualified": between(870, 980),
            "preservation_cases": between(270, 370),
            "supervised_matters_in_time": between(790, 960),
            "defaulters_revoked": 800 - between(340, 460),
            "resumed_fully_enforced": between(480, 590),
        }

    def _staff(self) -> Figures:
        """People, the same all year."""
        staff = 45 + self.appeals // 6
        enforcement = staff * self._between(135, 185) // MILLE
        established = max(enforcement * 800 // MILLE, 4)
        trial = staff * 520 // MILLE
        return {
            "court_staff": staff,
            "enforcement_staff": enforcement,
            "enforcement_established_staff": established,
            "enforcement_quota_judges": established * self._between(330, 470) // MILLE,
            "trial_established_staff": trial,
            "trial_quota_judges": trial * 380 // MILLE,
        }

    def _between(self, low: int, high: int, *, lean: bool = True) -> int:
        """A number between two, nearer to the upper one the better the court's fortune."""
        span = high - low
        if not lean:
            return low + self.random.randint(0, span)
        place = (self.fortune + self.random.randint(0, MILLE)) * span // (2 * MILLE)
        return low + place

    # --- What has happened by the end of a month ---

    def _litigation(self, number: int) -> None:
        for code in ("first_instance_closed", "effective_judgments", "appeals_filed"):
            self._grow(code, self._spread(code, number))
        for code in ("appeal_revised", "appeal_remanded"):
            self._grow(code, self._spread(code, number))
        received = self._grow(
            "retrial_petitions_received", self._spread("retrial_petitions_received", number)
        )
        self._part("retrial_petitions_closed", received, number)
        reopened = self._shared(
            ("retrial_directed", "retrial_decided", "retrial_escalated", "retrial_designated"),
            received,
            number,
        )
        self._shared(("retrial_revised", "retrial_remanded"), reopened, number)

    def _enforcement(self, number: int) -> None:
        received = self._grow("enforcement_received", self._spread("enforcement_received", number))
        whole = self.year_end["enforcement_received"]
        carried = whole * self.rates["carried_over"] // MILLE
        self.now["enforcement_carried_over"] = carried
        due = (carried + whole) * self.rates["closed"] // MILLE
        closed = self._grow("enforcement_closed", min(self._share(due, number), carried + received))
        actual = self._part("actually_closed", closed, number)
        self._grow("procedure_terminated", closed - actual)
        # What is neither enforced in full nor terminated was closed some other way.
        full = self._part("fully_enforced", actual, number)
        ended = actual * self.rates["enforcement_terminated"] // MILLE
        self._grow("enforcement_terminated", min(ended, actual - full))
        self._part("actually_closed_in_time", actual, number)
        self.now["open_past_limit"] = actual * self.rates["open_past_limit"] // MILLE
        self._part("closed_in_time", closed, number)
        self._grow("closing_days", closed * self.rates["days"] + self.random.randint(0, 40))
        terminated = self.now["procedure_terminated"]
        before = self.now.get("procedure_terminated_checked", 0)
        checked = self._part("procedure_terminated_checked", terminated, number)
        # A file is found in order in the month in which it is checked.
        most = self.now.get("procedure_terminated_qualified", 0) + checked - before
        self._part("procedure_terminated_qualified", checked, number, most)
        for whole_code, code in (
            ("enforcement_petitions_received", "enforcement_petitions_closed"),
            ("preservation_base", "preservation_cases"),
            ("supervised_matters_due", "supervised_matters_in_time"),
            ("defaulters_listed", "defaulters_revoked"),
            ("resumed_cases", "resumed_fully_enforced"),
        ):
            whole = self._grow(whole_code, self._spread(whole_code, number))
            self._part(code, whole, number)

    def _spread(self, code: str, number: int) -> int:
        return self._share(self.year_end[code], number)

    def _share(self, whole: int, number: int) -> int:
        """The part of a year's number that falls into the months so far."""
        all_months = self.passed[-1]
        return (2 * whole * self.passed[number] + all_months) // (2 * all_months)

    def _grow(self, code: str, value: int) -> int:
        """The new value of a count, never below the month before."""
        self.now[code] = max(self.now.get(code, 0), value)
        return self.now[code]

    def _part(self, code: str, whole: int, number: int, most: int | None = None) -> int:
        """A part of a whole at its rate, which wavers until the year ends; `most` at the most."""
        left = MONTHS_OF_YEAR - 1 - number
        rate = self.rates[code] + self.random.randint(-1, 1) * left
        most = whole if most is None else most
        return self._grow(code, min(most, (2 * whole * rate + MILLE) // (2 * MILLE)))

    def _shared(self, codes: Sequence[str], whole: int, number: int) -> int:
        """Counts that together stay within a whole; their sum."""
        for code in codes:
            others = sum(self.now.get(other, 0) for other in codes if other != code)
            self._grow(code, min(self._spread(code, number), whole - others))
        return sum(self.now[code] for code in codes)
