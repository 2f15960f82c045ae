"""How long engine and columns take for 3,500 courts and a year, beside NumPy: `make bench`.

All compute the same points in the same process, in turns; the best round counts, in time of the
processor, as others use the machine too. What they are given is made before the clock starts: facts
for the engine, exact integers in columns, floats for NumPy; what it takes to read facts into
columns is told apart. Then all readings of nine courts and twelve months. Ends with status 1 when
one hundredth of a point, a total or a rank differs, or when columns take longer than they may.
"""

from __future__ import annotations

import argparse
import resource
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from time import process_time

import numpy as np

import scoring
from scoring import CourtFacts, Rulebook, Scoreboard
from scoring.all_readings import all_readings_of
from scoring.column_board import ColumnBoard, score_columns
from scoring.columns import FactTable
from scoring.packing import fact_table
from tests.bench import with_numpy
from tests.bench.figures import MONTHS, facts, floats, made, month_of
from tests.bench.with_numpy import NULL, Points

# Columns beside floats, and the seconds for all readings of a year.
MOST_TIMES, MOST_SECONDS, FEW = 2.0, 1.0, 10
RULEBOOK = "yanbian-2019"
SEED = 20190322


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--courts", type=int, default=3500, help="one of them intermediate")
    parser.add_argument("--rounds", type=int, default=3, help="the best of these counts")
    parser.add_argument("--strict", action="store_true", help="fail when columns take too long")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args(arguments)
    rulebook = scoring.load_rulebook(scoring.BUNDLED / RULEBOOK)
    year = made(options.courts, options.seed)
    months = [facts(year, number) for number in range(1, MONTHS + 1)]

    table = fact_table(rulebook, [(month_of(n), one) for n, one in enumerate(months, 1)])
    differences, scores = compare(rulebook, months, with_numpy.points(year))
    differences += compare_columns(score_columns(rulebook, table), with_numpy.points(year))
    given = floats(year)
    engine = numpy = columns = float("inf")
    for _ in range(options.rounds):
        numpy = min(numpy, seconds(lambda: with_numpy.points(given)))
        columns = min(columns, seconds(lambda: score_columns(rulebook, fresh(table))))
        engine = min(engine, seconds(lambda: score_all(rulebook, months)))
    packing = seconds(
        lambda: fact_table(rulebook, [(month_of(n), one) for n, one in enumerate(months, 1)])
    )
    report(options.courts, scores, (engine, columns, numpy), packing)
    readings = seconds(lambda: read_all_ways(rulebook, options.seed))
    sys.stdout.write(
        f"all {2 ** len(rulebook.readings):,} readings × {FEW - 1} courts × {MONTHS} months "
        f"{readings:.3f} s (at most {MOST_SECONDS})\n"
    )
    for line in differences[:10]:
        sys.stdout.write(f"DIFFERENT {line}\n")
    verdict = f"{len(differences)} differences" if differences else "all equal"
    sys.stdout.write(f"points, totals and ranks: {verdict}\n")
    slow = options.strict and (columns > MOST_TIMES * numpy or readings > MOST_SECONDS)
    return 1 if differences or slow else 0


def fresh(table: FactTable) -> FactTable:
    """The table without any sum that was made before."""
    return replace(table, _sums={})


def read_all_ways(rulebook: Rulebook, seed: int) -> None:
    year = made(FEW, seed)
    rows = [(month_of(number), facts(year, number)) for number in range(1, MONTHS + 1)]
    all_readings_of(rulebook, fact_table(rulebook, rows))


def score_all(rulebook: Rulebook, months: Sequence[Sequence[CourtFacts]]) -> None:
    for number, courts in enumerate(months, start=1):
        scoring.score(rulebook, month_of(number), courts)


def seconds(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return process_time() - start


def report(courts: int, scores: int, taken: tuple[float, float, float], packing: float) -> None:
    engine, columns, numpy = taken
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"{courts:,} courts × {MONTHS} months, {scores:,} item scores\n")
    for name, own in (("engine", engine), ("columns", columns), ("floats", numpy)):
        sys.stdout.write(
            f"{name:8}{own:8.3f} s  {own / scores * 1e6:8.3f} µs an item score  "
            f"ratio {own / numpy:6.1f}\n"
        )
    sys.stdout.write(
        f"columns take {columns / numpy:.2f} times as long as floats (at most {MOST_TIMES}); "
        f"facts into columns {packing:.3f} s; {memory:.0f} MiB at most\n"
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


def compare_columns(board: ColumnBoard, points: Points) -> list[str]:
    """Every difference between columns and NumPy in a line."""
    found = []
    for code, array in points.items.items():
        statuses, cents = board.item(code)
        expected = np.broadcast_to(array, cents.shape)
        # GM is scored of the first court alone.
        scored = statuses >= 0
        own = np.where(statuses == 0, cents, NULL)
        if (own != expected)[scored].any():
            found.append(f"columns {code}")
    if (board.totals != points.totals).any():
        found.append("columns: totals")
    if (board.ranks != points.ranks)[:, 1:].any():
        found.append("columns: ranks")
    return found


if __name__ == "__main__":
    sys.exit(main())
