"""The kinds of step an explanation is made of, each with the values it carries.

Steps hold plain JSON values: counts are integers, everything else is text. `shown` numbers have two
decimals, `exact` ones are fractions `p/q`. Wording is left to whoever prints them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from scoring.facts import Month, Replaced
from scoring.rates import MONTHS_OF_YEAR, Baseline, Ratio
from scoring.results import Context, Status, Step
from scoring.rounding import PLACES, places_apart, to_text
from scoring.schema import Direction, Unit


def exact(value: Fraction) -> str:
    """A fraction as `p/q`, or as an integer when it is one."""
    return str(value)


def figures(
    codes: Sequence[str],
    values: Mapping[str, int],
    month: Month,
    *,
    role: str,
    period: str = "current",
    condition: int | None = None,
) -> Step:
    """Figures that are added up; `role` is sum, numerator or denominator, or against_* of those."""
    found = [values.get(code) for code in codes]
    known = [value for value in found if value is not None]
    return Step(
        "figures",
        {
            "role": role,
            "condition": condition,
            "period": period,
            "month": str(month),
            "figures": [
                {"metric": code, "value": value} for code, value in zip(codes, found, strict=True)
            ],
            "total": sum(known) if len(known) == len(found) else None,
        },
    )


def with_replaced(
    steps: Iterable[Step], replaced: Mapping[str, Mapping[str, Replaced]]
) -> Iterator[Step]:
    """The steps, and after figures which of them were not taken as the court reported them."""
    for step in steps:
        yield step
        if step.kind != "figures" or step.data["month"] not in replaced:
            continue
        of_month = replaced[step.data["month"]]
        found = [
            {**figure, **of_month[figure["metric"]]._asdict()}
            for figure in step.data["figures"]
            if figure["metric"] in of_month
        ]
        if found:
            yield Step(
                "replaced",
                {
                    "condition": step.data["condition"],
                    "month": step.data["month"],
                    "figures": found,
                },
            )


def baseline(origin: Baseline, value: Fraction) -> Step:
    """How the baseline was chosen and what it comes to."""
    months = origin.multiplier if origin.divisor == MONTHS_OF_YEAR else MONTHS_OF_YEAR
    return Step(
        "baseline",
        {
            "how": origin.how,
            "month": str(origin.month),
            "months": months,
            "value": to_text(value),
            "exact": exact(value),
        },
    )


def rate(
    numerator: int,
    denominator: int,
    value: Fraction,
    *,
    unit: Unit = Unit.PERCENT,
    period: str = "current",
    complement: bool = False,
    condition: int | None = None,
    beside: Decimal | Fraction | None = None,
) -> Step:
    """A quotient of two sums; with `complement`, what it lacks to the whole.

    It has as many decimals as it takes to tell it from the value `beside` it.
    """
    return Step(
        "rate",
        {
            "period": period,
            "condition": condition,
            "numerator": numerator,
            "denominator": denominator,
            "complement": complement,
            "value": to_text(value, places_apart(value, value if beside is None else beside)),
            "exact": exact(value),
            "unit": unit.value,
        },
    )


def drop(before: Fraction, now: Fraction, value: Fraction, unit: Unit) -> Step:
    """By how much the baseline was undercut: in percent of it, or in percentage points."""
    return Step(
        "drop",
        {
            "baseline": exact(before),
            "current": exact(now),
            "value": to_text(value),
            "exact": exact(value),
            "unit": unit.value,
        },
    )


def whole(value: Fraction, counted: int) -> Step:
    """Only whole percents (or percentage points) earn points."""
    return Step("whole", {"value": to_text(value), "counted": counted})


def target(
    value: Decimal | None, direction: Direction, *, appraisal: bool, met: bool | None, unit: Unit
) -> Step:
    """The target, where it comes from, and whether it is met (None: cannot be told)."""
    return Step(
        "target",
        {
            "target": None if value is None else target_text(value),
            "direction": direction.value,
            "source": "appraisal" if appraisal else "rulebook",
            "met": met,
            "unit": unit.value,
        },
    )


def target_text(value: Decimal) -> str:
    """A target as it was set: with two decimals, or all it has."""
    _, _, exponent = value.normalize().as_tuple()
    return to_text(value, max(PLACES, -int(exponent)))


def condition(number: int, value: Fraction, wanted: Fraction, *, met: bool) -> Step:
    """One of several conditions, in percent, with the decimals it takes to see the verdict."""
    places = places_apart(value, wanted)
    return Step(
        "condition",
        {
            "condition": number,
            "value": to_text(value, places),
            "direction": Direction.AT_LEAST.value,
            "target": to_text(wanted, places),
            "met": met,
        },
    )


def attainment(share: Fraction) -> Step:
    """The share of a missed target that was attained, in percent."""
    return Step("attainment", {"share": to_text(share), "exact": exact(share)})


def points(
    before_cap: Ratio,
    full: int,
    cents: int,
    per: Decimal | None = None,
    unit: Unit | None = None,
) -> Step:
    """Points before and after the cap and the rounding; `per` is points for one `unit`."""
    earned = before_cap.fraction / 100
    return Step(
        "points",
        {
            "rate": None if per is None else f"{per.normalize():f}",
            "unit": None if unit is None else unit.value,
            "before_cap": to_text(earned),
            "exact": exact(earned),
            "max": to_text(Fraction(full, 100)),
            "points": to_text(Fraction(cents, 100)),
            "capped": earned * 100 > full,
        },
    )


def ballots(count: int, total: Fraction) -> Step:
    """The tally: number of ballots, sum and mean of their points."""
    return Step("ballots", {"count": count, "sum": to_text(total), "mean": to_text(total / count)})


def peers(
    courts: Sequence[tuple[str, int, int | None]], mean: Fraction, share: Decimal, *, weighted: bool
) -> Step:
    """The points of the courts a mean is taken of, with their weights when they have any."""
    return Step(
        "peers",
        {
            "courts": [
                {"court": court, "points": to_text(Fraction(cents, 100)), "weight": weight}
                for court, cents, weight in courts
            ],
            "mean": to_text(mean),
            "exact": exact(mean),
            "share": to_text(share),
            "weighted": weighted,
        },
    )


def peer_mean(mean: Fraction, share: Decimal) -> Step:
    """The mean of other courts' points without the courts, for who may not see these."""
    return Step("peer_mean", {"mean": to_text(mean), "share": to_text(share)})


def status(
    found: Status,
    *,
    missing: Sequence[str] = (),
    missing_baseline: Sequence[str] = (),
    baseline_month: Month | None = None,
) -> Step:
    """Why there are no points, or none were computed."""
    return Step(
        "status",
        {
            "status": found.value,
            "missing": list(missing),
            "missing_baseline": list(missing_baseline),
            "baseline_month": None if baseline_month is None else str(baseline_month),
        },
    )


def decision(value: Decimal, reference: str, computed: Decimal | None) -> Step:
    """Points decided in place of the computed ones (附件1·五)."""
    return Step(
        "decision",
        {
            "points": to_text(value),
            "reference": reference,
            "computed": None if computed is None else to_text(computed),
        },
    )


def reading(code: str, value: str, context: Context) -> Step:
    """The reading taken, and whether it is the rulebook's default."""
    default = context.rulebook.reading_by_code[code].default
    return Step("reading", {"reading": code, "value": value, "default": value == default})


def paragraph(text: str) -> Step:
    """The paragraph of the notice that the item stands in."""
    return Step("paragraph", {"paragraph": text})
