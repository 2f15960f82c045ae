"""How long from a figure that is saved to correct ranks, at nine courts: `make bench`.

Milliseconds in one process, nothing drawn: what the service takes to save a cell with its history
and its event, and what the panel beside the grid then takes to tell the court's points and rank,
with nothing kept of before. On SQLite and, where the machine has one, on PostgreSQL. Ends with
status 1 when the middle of both together is more than `MOST_MS`.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bench.pages import YEAR, database_in, environment, fill, filled

COURTS, ROUNDS, WARMING, SEED, MOST_MS = 9, 60, 10, 7, 12.0


def timed() -> dict[str, float]:
    """Fill the database of the environment; the middle milliseconds of saving and of ranking."""
    fill(COURTS)
    from django.http import HttpRequest, HttpResponse
    from django.test import RequestFactory

    from courts.frame.read_once import ReadsOnce
    from courts.models import Court, Figure, MonthlyReturn, QualityYear, User
    from courts.returns.selectors.effects import Effect, effect
    from courts.returns.services.returns import save_cell
    from courts.returns.services.writing import CellStatus
    from courts.years.selectors.slots import Slot
    from scoring.facts import Month
    from scoring.schema import Side

    side, month = "litigation", Month(2019, 12)
    court = Court.objects.select_related("parent").get(code="yanji")
    row = MonthlyReturn.objects.filter(court=court, year=2019, month=12, side=side)
    row.update(state=MonthlyReturn.State.ENTERING, verified_at=None)
    desk, chance = User.objects.get(username=side), random.Random(SEED)
    cells = dict(Figure.objects.filter(monthly_return__in=row).values_list("metric", "version"))

    def slot() -> Slot:
        """The return, from a year that holds nothing of before."""
        year = QualityYear.objects.select_related("court", "edition").get(code=YEAR)
        return Slot(year, court, month, Side(side))

    def told() -> Effect:
        """As the page's request has it told."""
        found: list[Effect] = []

        def page(request: HttpRequest) -> HttpResponse:
            request.user = desk
            found.append(effect(slot(), shows_places=True))
            return HttpResponse()

        ReadsOnce(page)(RequestFactory().get("/"))
        return found[0]

    saves, ranks = [], []
    for place in range(WARMING + ROUNDS):
        metric = chance.choice(sorted(cells))
        began, value = time.perf_counter(), chance.randrange(1, 9000)
        saved = save_cell(
            user=desk, slot=slot(), metric=metric, value=value, seen_version=cells[metric]
        )
        then = time.perf_counter()
        if saved.status is not CellStatus.SAVED or told().rank_after is None:
            raise SystemExit(f"{metric} was {saved.status}, or nobody has a rank")
        cells[metric] = saved.version
        if place >= WARMING:
            saves.append(then - began)
            ranks.append(time.perf_counter() - then)
    return {name: statistics.median(one) * 1000 for name, one in (("save", saves), ("rank", ranks))}


def main(given: Sequence[str] | None = None) -> int:
    """Print the milliseconds; 1 when they are more than they may be."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--fill", help="measure here and print what it took, for another process")
    if parser.parse_args(given).fill:
        sys.stdout.write(f"{json.dumps(timed())}\n")
        return 0
    missed = False
    for postgresql in (False, True):
        with (
            tempfile.TemporaryDirectory() as folder,
            database_in(Path(folder), postgresql=postgresql) as database,
        ):
            if not database:
                continue
            values: dict[str, Any] = environment(Path(folder), database)
            found = filled("tests.bench.saves", COURTS, values)
            both = found["save"] + found["rank"]
            missed |= both > MOST_MS
            verdict = "MISSED" if both > MOST_MS else "met"
            sys.stdout.write(
                f"{'PostgreSQL' if postgresql else 'SQLite':12} save {found['save']:.1f} ms,"
                f" ranks {found['rank']:.1f} ms, both {both:.1f} (at most {MOST_MS:g}) {verdict}\n"
            )
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main())
