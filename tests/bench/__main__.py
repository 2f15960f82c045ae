"""How long the engine takes for 3,500 courts and a year, beside NumPy: `make bench`.

Both compute the same points in the same process, in turns; the best round counts. What they are
given is made before the clock starts: facts for the engine, arrays for NumPy; what it takes to read
the facts into arrays is told apart. Ends with status 1 when one hundredth of a point, a total or a
rank differs.
"""

from __future__ import annotations

import argparse
import resource
import sys
from collections.abc import Callable, Sequence
from time import perf_counter

import numpy as np

import scoring
from scoring import CourtFacts, Rulebook, Scoreboard
from tests.bench import with_numpy
from tests.bench.figures import MONTHS, Array, facts, made, month_of
from tests.bench.with_numpy import NULL, Points

RULEBOOK = "yanbian-2019"
SEED = 20190322


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--courts", type=int, default=3500, help="one of them intermediate")
    parser.add_argument("--rounds", type=int, default=3, help="the best of these counts")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args(arguments)
    rulebook = scoring.load_rulebook(scoring.BUNDLED / RULEBOOK)
    year = made(options.courts, options.seed)
    months = [facts(year, number) for number in range(1, MONTHS + 1)]

    differences, scores = compare(rulebook, months, with_numpy.points(year))
    engine = numpy = float("inf")
    for _ in range(options.rounds):
        numpy = min(numpy, seconds(lambda: with_numpy.points(year)))
        engine = min(engine, seconds(lambda: score_all(rulebook, months)))
    packing = seconds(lambda: packed(months))
    report(options.courts, scores, engine, numpy, packing)
    for line in differences[:10]:
        sys.stdout.write(f"DIFFERENT {line}\n")
    verdict = f"{len(differences)} differences" if differences else "all equal"
    sys.stdout.write(f"points, totals and ranks: {verdict}\n")
    return 1 if differences else 0


def score_all(rulebook: Rulebook, months: Sequence[Sequence[CourtFacts]]) -> None:
    for number, courts in enumerate(months, start=1):
        scoring.score(rulebook, month_of(number), courts)


def seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def packed(months: Sequence[Sequence[CourtFacts]]) -> list[Array]:
    """The facts as arrays, month by month: what NumPy would need first if it had to begin there."""
    return [
        np.array([list(getattr(court, name).values()) for court in courts if getattr(court, name)])
        for courts in months
        for name in ("current", "baseline_month", "baseline_annual")
    ]


def report(courts: int, scores: int, engine: float, numpy: float, packing: float) -> None:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(
        f"{courts:,} courts × {MONTHS} months, {scores:,} item scores\n"
        f"engine  {engine:8.3f} s  {engine / scores * 1e6:8.2f} µs an item score\n"
        f"NumPy   {numpy:8.3f} s  {numpy / scores * 1e6:8.2f} µs an item score\n"
        f"ratio   {engine / numpy:8.1f}   (with {packing:.3f} s to read the facts into arrays: "
        f"{engine / (numpy + packing):.1f})\n"
        f"memory  {memory:8.0f} MiB at most, figures included\n"
    )


def compare(
    rulebook: Rulebook, months: Sequence[Sequence[CourtFacts]], points: Points
) -> tuple[list[str], int]:
    """Every difference in a line, and the number of item scores compared."""
    differences: list[str] = []
    scores = 0
    for number, courts in enumerate(months, start=1):
        board = scoring.score(rulebook, month_of(number), courts)
        scores += sum(len(card.items) for card in board.scorecards)
        differences += [f"{board.month} {line}" for line in compare_month(board, number, points)]
    return differences, scores


def compare_month(board: Scoreboard, number: int, points: Points) -> list[str]:
    items = {code: array[number - 1].tolist() for code, array in points.items.items()}
    totals, ranks = points.totals[number - 1].tolist(), points.ranks[number - 1].tolist()
    found = []
    for place, card in enumerate(board.scorecards):
        for score in card.items:
            cents = NULL if score.cents is None else score.cents
            if cents != items[score.item.code][place]:
                found.append(
                    f"{card.court} {score.item.code}: {cents} and {items[score.item.code][place]}"
                )
        if card.total_cents != totals[place]:
            found.append(f"{card.court} total: {card.total_cents} and {totals[place]}")
        if card.rank is not None and card.rank != ranks[place]:
            found.append(f"{card.court} rank: {card.rank} and {ranks[place]}")
    return found


if __name__ == "__main__":
    sys.exit(main())
