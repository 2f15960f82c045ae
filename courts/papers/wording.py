"""The wording checker: what a bulletin may not say, found in the text as it reads. No Django.

A change of a rate is in percentage points, of a count in percent or cases, of days in days; a rank
moves by places; a change from zero has no percent, and no change is 持平. What is said twice by
verb and sign, compared with the wrong months, or spelled against the form is found as well. The
checker knows nothing of figures; `Live` tells it which numbers are live, and of how many cases.

Terms: a *finding* is one place that is wrong; an *error* keeps a bulletin from being published, a
*warning* does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from courts.papers import findings
from courts.papers.findings import Finding, Severity
from courts.papers.vocabulary import FITTING, VOCABULARIES, Kind, Measure, Vocabulary

# A share of so few cases says little without the counts themselves.
FEW_CASES = 10
_ZERO = re.compile(r"0+(?:\.0+)?\Z")
_INTEGER = re.compile(r"(?<![0-9.])[0-9]+(?![0-9.]*[0-9%％])")
_NAMES = re.compile(r"“[^”]*”|《[^》]*》|〔[0-9]{4}〕[0-9]+号")


class Live(NamedTuple):
    """A live number in the text: where it stands, and of how many cases it is a share, if any.

    `rose` is whether the figures rose or fell by it; None for a number that is no change.
    """

    start: int
    end: int
    cases: int | None = None
    whole: int | None = None
    rose: bool | None = None


class Span(NamedTuple):
    """A sentence of the text, with where it begins."""

    start: int
    text: str


def check(
    text: str, language: str = "zh", live: Sequence[Live] = (), *, is_annual: bool = False
) -> tuple[Finding, ...]:
    """What is wrong in a text, in its order. `language` is `zh` or `ko`.

    `is_annual` says that figures of the year before exist for the whole year alone, so that no
    number of the text is one of the same period.
    """
    vocabulary = VOCABULARIES[language]
    plain = _without_names(text)
    found = [*_spelling(plain, vocabulary)]
    for sentence in _sentences(plain, vocabulary):
        for rule in _RULES:
            found.extend(rule(sentence, vocabulary))
        found.extend(_comparisons(sentence, vocabulary, is_annual=is_annual))
        found.extend(_few_cases(sentence, live))
        found.extend(_directions(sentence, vocabulary, live))
    # The same place twice says the same thing twice.
    first: dict[tuple[int, int], Finding] = {}
    for one in sorted(found, key=lambda one: (one.start, one.severity is Severity.WARNING)):
        first.setdefault((one.start, one.end), one)
    return tuple(first.values())


def _without_names(text: str) -> str:
    """The text with what is quoted or named covered up: numbers in names are no figures."""
    return _NAMES.sub(lambda match: "※" * len(match.group()), text)


def _sentences(text: str, vocabulary: Vocabulary) -> Iterator[Span]:
    start = 0
    for match in vocabulary.sentence_end.finditer(text):
        yield Span(start, text[start : match.end()])
        start = match.end()
    if start < len(text):
        yield Span(start, text[start:])


def _spelling(text: str, vocabulary: Vocabulary) -> Iterator[Finding]:
    for match in vocabulary.doubled_unit.finditer(text):
        yield findings.at(findings.UNIT_TWICE, match)
    for match in vocabulary.bare_points.finditer(text):
        yield findings.at(findings.BARE_POINTS, match)
    for match in vocabulary.range.finditer(text):
        yield findings.at(findings.RANGE, match)
    for match in vocabulary.blank.finditer(text):
        yield findings.at(findings.BLANK, match)


def _changes(sentence: Span, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Verb, sign and unit of every change, held against what it is said of."""
    for match in vocabulary.change.finditer(sentence.text):
        start = sentence.start
        if match["sign"]:
            yield findings.at(findings.SIGN_TWICE, match, start)
            continue
        if _ZERO.match(match["number"].replace(",", "")):
            yield findings.at(findings.NO_CHANGE, match, start)
            continue
        kind = _subject(sentence.text[: match.start()], vocabulary)
        measure = vocabulary.units[match["unit"]]
        if kind is None:
            continue
        if measure not in FITTING[kind]:
            yield findings.at(_MISFIT[kind], match, start)
        elif match["verb"] not in vocabulary.verbs[kind]:
            yield findings.at(_VERB[kind], match, start)
        elif kind is Kind.COUNT and _is_mixed(match["verb"], measure):
            yield findings.at(findings.COUNT_VERB, match, start)


def _is_mixed(verb: str, measure: Measure) -> bool:
    """Cases 增加 and 减少, percents 上升 and 下降."""
    return (measure is Measure.COUNT and verb in {"上升", "下降", "상승", "하락"}) or (
        measure is Measure.PERCENT and verb in {"增加", "减少"}
    )


def _distances(sentence: Span, vocabulary: Vocabulary) -> Iterator[Finding]:
    """How far a value lies from a target: two rates are percentage points apart."""
    for match in vocabulary.distance.finditer(sentence.text):
        if match["sign"]:
            yield findings.at(findings.SIGN_TWICE, match, sentence.start)
            continue
        kind = _subject(sentence.text[: match.start()], vocabulary)
        if kind is Kind.RATE and vocabulary.units[match["unit"]] is Measure.PERCENT:
            yield findings.at(findings.RATE_APART, match, sentence.start)


def _from_zero(sentence: Span, vocabulary: Vocabulary) -> Iterator[Finding]:
    """A percent of zero does not exist."""
    zero = vocabulary.zero_before.search(sentence.text)
    if zero is None:
        return
    for match in vocabulary.change.finditer(sentence.text, zero.end()):
        if vocabulary.units[match["unit"]] is Measure.PERCENT:
            yield findings.at(findings.FROM_ZERO, match, sentence.start)


_RULES: tuple[Callable[[Span, Vocabulary], Iterator[Finding]], ...] = (
    _from_zero,
    _changes,
    _distances,
)


def _comparisons(sentence: Span, vocabulary: Vocabulary, *, is_annual: bool) -> Iterator[Finding]:
    """同比 takes the same months of the year before, 环比 single months."""
    annual = vocabulary.annual_basis.search(sentence.text)
    for match in vocabulary.same_period.finditer(sentence.text):
        if annual or is_annual:
            yield findings.at(findings.SAME_PERIOD, match, sentence.start)
        elif _is_of_month_alone(sentence.text[: match.start()], vocabulary):
            yield findings.at(findings.SUMMED_MONTHS, match, sentence.start)
    for match in vocabulary.month_on_month.finditer(sentence.text):
        before = sentence.text[: match.start()]
        single = [one.end() for one in vocabulary.single_month.finditer(before)]
        summed = [one.end() for one in vocabulary.cumulative.finditer(before)]
        if not single or (summed and max(summed) >= max(single)):
            yield findings.at(findings.MONTH_ON_MONTH, match, sentence.start)


def _is_of_month_alone(before: str, vocabulary: Vocabulary) -> bool:
    """Whether the period named last is a month alone."""
    alone = [one.end() for one in vocabulary.alone.finditer(before)]
    summed = [one.end() for one in vocabulary.cumulative.finditer(before)]
    return bool(alone) and max(summed, default=0) < max(alone)


def _few_cases(sentence: Span, live: Sequence[Live]) -> Iterator[Finding]:
    """A share of a few cases gives the counts in the same sentence."""
    counts = {int(match.group()) for match in _INTEGER.finditer(sentence.text)}
    end = sentence.start + len(sentence.text)
    for one in live:
        if one.whole is None or one.whole > FEW_CASES or not sentence.start <= one.start < end:
            continue
        if not {one.whole, one.cases} <= counts:
            yield findings.between(findings.FEW_CASES, one.start, one.end)


def _directions(sentence: Span, vocabulary: Vocabulary, live: Sequence[Live]) -> Iterator[Finding]:
    """Words of rising and falling that live numbers of another snapshot have belied."""
    for one in live:
        start, end = one.start - sentence.start, one.end - sentence.start
        if one.rose is None or not 0 <= start < len(sentence.text):
            continue
        found = vocabulary.direction_at(sentence.text, start, end)
        if found is None or bool(found["up"]) is one.rose:
            continue
        number = sentence.text[start:end]
        yield findings.between(
            findings.DIRECTION_UP if one.rose else findings.DIRECTION_DOWN,
            sentence.start + found.start(),
            sentence.start + found.end(),
            word=found.group(),
            number=number,
        )


def _subject(before: str, vocabulary: Vocabulary) -> Kind | None:
    """What the words before a change are about: the subject named last."""
    found: tuple[int, Kind] | None = None
    for kind, pattern in vocabulary.subjects:
        for match in pattern.finditer(before):
            if found is None or match.end() > found[0]:
                found = (match.end(), kind)
    return None if found is None else found[1]


_MISFIT = {
    Kind.RATE: findings.RATE_UNIT,
    Kind.COUNT: findings.COUNT_UNIT,
    Kind.DAYS: findings.DAYS_UNIT,
    Kind.POINTS: findings.POINTS_UNIT,
    Kind.RANK: findings.RANK_UNIT,
}
_VERB = {
    Kind.RATE: findings.RATE_VERB,
    Kind.COUNT: findings.COUNT_VERB,
    Kind.DAYS: findings.DAYS_UNIT,
    Kind.POINTS: findings.POINTS_VERB,
    Kind.RANK: findings.RANK_UNIT,
}
