"""The steps that explanations of any formula are made of, each with the values it carries.

Steps hold plain JSON values: counts are integers, everything else is text. `shown` numbers have two
decimals, `exact` ones are fractions `p/q`. Beside its values a step carries the sentence that says
them, whose operands have the decimals it takes to compute its result by hand (`scoring.printed`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from scoring import sentences
from scoring.facts import Month, Replaced
from scoring.printed import Printed, printed
from scoring.rates import MONTHS_OF_YEAR, Baseline, Ratio, total
from scoring.results import Context, Status, Step
from scoring.rounding import PLACES, cents, places_apart, to_text
from scoring.schema import OPEN_POINTS, Direction, Text, Unit
from scoring.sentences import Amount, Bound, MetricNames, Replacements, Sentence
from scoring.weights import Weighed, places_of, sum_text

# What any formula may use; what only one needs stands beside it, and in its `kinds`.
KINDS = (
    "figures", "replaced", "baseline", "rate", "target", "points", "status",
    "decision", "reading", "paragraph",
)  # fmt: skip


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
    whole = total(values, codes)
    summed = None if whole is None else sum_text(whole)
    pairs = tuple(zip(codes, found, strict=True))
    return Step(
        "figures",
        {
            "role": role,
            "condition": condition,
            "period": period,
            "month": str(month),
            "figures": [
                {"metric": code, "value": amount(value, places_of(codes))} for code, value in pairs
            ],
            "total": summed,
        },
        sentences.figures(role, period, str(month), _weighed(codes, pairs), summed),
    )


def _weighed(
    codes: Sequence[str], pairs: Sequence[tuple[str, int | None]]
) -> Sequence[tuple[str, int | str | None]]:
    """The figures of a sum as they are printed, with the weights they count for."""
    if not isinstance(codes, Weighed):
        return pairs
    return [
        (code, _times(amount(value, codes.places), weight * 10**codes.places))
        for (code, value), weight in zip(pairs, codes.weights, strict=True)
    ]


def _times(value: int | str | None, weight: Fraction) -> int | str | None:
    return value if value is None or weight == 1 else f"{value} × {sum_text(weight)}"


def amount(value: int | None, places: int) -> int | str | None:
    """A figure as it is written: what is held in hundredths with its decimals."""
    return value if value is None or not places else to_text(Fraction(value, 10**places), places)


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
            {**figure, **_replaced(figure["value"], of_month[figure["metric"]])}
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
                Sentence(
                    sentences.REPLACED, {"figures": Replacements(step.data["month"], tuple(found))}
                ),
            )


def _replaced(value: int | str, was: Replaced) -> dict[str, object]:
    """What was reported, written as the figure is that was taken."""
    places = PLACES if isinstance(value, str) else 0
    return {**was._asdict(), "reported": amount(was.reported, places)}


def _baseline_data(origin: Baseline, value: Fraction) -> dict[str, object]:
    months = origin.multiplier if origin.divisor == MONTHS_OF_YEAR else MONTHS_OF_YEAR
    return {
        "how": origin.how,
        "month": str(origin.month),
        "months": months,
        "value": to_text(value),
        "exact": exact(value),
    }


def baseline(origin: Baseline, before: int, value: Fraction, shown: Printed) -> Step:
    """How the baseline of a sum was chosen and what it comes to; `before` is the sum reported."""
    data = _baseline_data(origin, value)
    sentence = sentences.baseline(origin.how, str(origin.month), origin.multiplier, before, shown)
    return Step("baseline", data, sentence)


def baseline_rate(origin: Baseline, value: Fraction) -> Step:
    """Which rate of last year is the baseline; a rate is never prorated."""
    sentence = sentences.baseline_rate(origin.how, str(origin.month))
    return Step("baseline", _baseline_data(origin, value), sentence)


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
    shown: Printed | None = None,
) -> Step:
    """A quotient of two sums; with `complement`, what it lacks to the whole.

    It has as many decimals as it takes to tell it from the value `beside` it; in the sentence as
    many as `shown` has, for what is computed from it further down.
    """
    places = places_apart(value, value if beside is None else beside)
    template = sentences.RATE
    if unit in (Unit.DAYS, Unit.YUAN):
        template = sentences.AVERAGE
    elif period == "baseline":
        template = sentences.RATE_LAST_YEAR
    elif complement:
        template = sentences.COMPLEMENT
    return Step(
        "rate",
        {
            "period": period,
            "condition": condition,
            "numerator": sum_text(numerator),
            "denominator": sum_text(denominator),
            "complement": complement,
            "value": to_text(value, places),
            "exact": exact(value),
            "unit": unit.value,
        },
        sentences.rate(template, numerator, denominator, shown or printed(value, places), unit),
    )


def target(
    wanted: Decimal | Fraction | None,
    direction: Direction,
    *,
    appraisal: bool,
    met: bool | None,
    unit: Unit,
    value: Fraction | None = None,
    reference: tuple[str, Text] | None = None,
) -> Step:
    """The target, where it comes from, and whether it is met (None: cannot be told).

    `reference` names a target that is no number of the rulebook, in the data and in words.
    """
    source = "appraisal" if appraisal else "rulebook"
    bound = None
    if wanted is not None:
        bound = Bound(direction, Amount(target_text(wanted), unit))
    return Step(
        "target",
        {
            "target": None if wanted is None else target_text(wanted),
            "direction": direction.value,
            "source": source if reference is None else reference[0],
            "met": met,
            "unit": unit.value,
        },
        sentences.target(
            bound,
            appraisal=appraisal,
            met=met,
            prints_alike=prints_alike(value, wanted, direction),
            source=None if reference is None else reference[1],
        ),
    )


def prints_alike(
    value: Fraction | None, wanted: Decimal | Fraction | None, direction: Direction
) -> bool:
    """Whether a value prints like its target, with two decimals, and yet is not as good."""
    if value is None or wanted is None:
        return False
    exact_target = Fraction(wanted)
    short = value < exact_target if direction is Direction.AT_LEAST else value > exact_target
    return short and cents(value) == cents(exact_target)


def target_text(value: Decimal | Fraction) -> str:
    """A target as it was set: with two decimals, or all it has; one that was computed with two."""
    if isinstance(value, Fraction):
        return to_text(value)
    _, _, exponent = value.normalize().as_tuple()
    return to_text(value, max(PLACES, -int(exponent)))


def points(
    before_cap: Ratio,
    full: int,
    cents_earned: int,
    per: Decimal | None = None,
    unit: Unit | None = None,
    working: Sentence | None = None,
    *,
    operands_exact: bool = True,
    floor: int = 0,
) -> Step:
    """Points before and after the cap and the rounding; `per` is points for one `unit`.

    `working` is the computation that gives the points before the cap, where there is one; `floor`
    the least cents that it may come to.
    """
    earned = before_cap.fraction / 100
    capped = earned * 100 > full
    is_open = full >= cents(OPEN_POINTS)
    result = printed(earned)
    if not operands_exact:
        result = result._replace(exact=False)
    return Step(
        "points",
        {
            "rate": None if per is None else f"{per.normalize():f}",
            "unit": None if unit is None else unit.value,
            "before_cap": to_text(earned),
            "exact": exact(earned),
            "max": None if is_open else to_text(Fraction(full, 100)),
            "points": to_text(Fraction(cents_earned, 100)),
            "capped": capped,
        },
        sentences.points(
            to_text(Fraction(cents_earned, 100)),
            None if is_open else to_text(Fraction(full, 100)),
            working,
            result,
            capped=capped,
            floored=earned * 100 < floor,
            nothing=per is not None and earned == 0,
        ),
    )


def status(
    found: Status,
    *,
    missing: Sequence[str] = (),
    missing_baseline: Sequence[str] = (),
    baseline_month: Month | None = None,
    pending: Text = sentences.PENDING,
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
        Sentence(pending, {})
        if found is Status.PENDING
        else _status_sentence(found, missing, missing_baseline, baseline_month),
    )


def _status_sentence(
    found: Status,
    missing: Sequence[str],
    missing_baseline: Sequence[str],
    baseline_month: Month | None,
) -> Sentence:
    if found is not Status.NOT_REPORTED:
        return Sentence(_WITHOUT_POINTS[found], {})
    template = sentences.MISSING
    if missing_baseline:
        template = sentences.MISSING_BOTH if missing else sentences.MISSING_BASELINE
    return Sentence(
        template,
        {
            "missing": MetricNames(tuple(missing)),
            "baseline": MetricNames(tuple(missing_baseline)),
            "month": str(baseline_month),
        },
    )


_WITHOUT_POINTS: Mapping[Status, Text] = {
    Status.NO_TARGET: sentences.NO_TARGET,
    Status.NO_DENOMINATOR: sentences.NO_DENOMINATOR,
    Status.NO_BASELINE: sentences.NO_BASELINE,
    Status.NOT_DUE: sentences.NOT_DUE,
}


def decision(value: Decimal, reference: str, computed: Decimal | None) -> Step:
    """Points decided in place of the computed ones (附件1·五)."""
    values: dict[str, sentences.Value] = {
        "reference": reference or sentences.SPECIAL_CASE,
        "points": to_text(value),
    }
    template = sentences.DECIDED_ALONE
    if computed is not None:
        template = sentences.DECIDED
        values["computed"] = to_text(computed)
    return Step(
        "decision",
        {
            "points": to_text(value),
            "reference": reference,
            "computed": None if computed is None else to_text(computed),
        },
        Sentence(template, values),
    )


def reading(code: str, value: str, context: Context) -> Step:
    """The reading taken, and whether it is the rulebook's default."""
    of_rulebook = context.rulebook.reading_by_code[code]
    default = value == of_rulebook.default
    template = sentences.READING_DEFAULT if default else sentences.READING_OTHER
    option = of_rulebook.option(value).label
    return Step(
        "reading",
        {"reading": code, "value": value, "default": default},
        Sentence(template, {"question": of_rulebook.question, "option": option}),
    )


def paragraph(text: str) -> Step:
    """The paragraph of the notice that the item stands in."""
    return Step(
        "paragraph", {"paragraph": text}, Sentence(sentences.PARAGRAPH, {"paragraph": text})
    )
