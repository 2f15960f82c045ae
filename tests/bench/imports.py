"""How long an import of figures takes beside the bare work, and in how much memory: `make bench`.

The bare work is csv.reader and executemany of the same rows, history included, into the same
tables: nothing is checked, nobody is told. Both are measured side by side on one database. Ends
with status 1 when an import takes more than it may.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
YEAR, SEED, COURTS, ROUNDS = "yanbian-2019", 7, 100, 3
MOST_TIMES, MOST_MEGABYTES = 4.0, 250


def environment(folder: Path) -> dict[str, str]:
    """A database of its own, unless one is named (BENCH_DATABASE_URL: PostgreSQL, emptied)."""
    address = os.environ.get("BENCH_DATABASE_URL") or f"sqlite:///{folder / 'bench.sqlite3'}"
    return os.environ | {"DEBUG": "1", "DATABASE_URL": address, "PYTHONPATH": str(ROOT)}


def fill(courts: int, path: Path) -> None:
    """A prefecture of so many courts, and the file of their year."""
    from django.core.management import call_command

    from courts.models import Court, QualityYear
    from tests.bench.figures import facts, made

    call_command("migrate", verbosity=0)
    call_command("setup_year", YEAR, verbosity=0)
    root = QualityYear.objects.get(code=YEAR).court
    missing = courts - Court.objects.filter(parent=root).count() - 1
    names = {"level": "grassroots", "parent": root}
    Court.objects.bulk_create(
        Court(
            code=f"court-{place:04d}",
            order=100 + place,
            short_name=f"第{place}法院",
            name=f"第{place}人民法院",
            **names,
        )
        for place in range(max(0, missing))
    )
    codes = [
        root.code,
        *Court.objects.filter(parent=root).order_by("order").values_list("code", flat=True),
    ]
    books = made(len(codes), SEED)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["court", "month", "metric", "value"])
        for month in range(1, 13):
            for code, of_court in zip(codes, facts(books, month), strict=True):
                for metric, value in of_court.current.items():
                    writer.writerow([code, f"2019-{month:02d}", metric, value])


def bare(path: Path) -> float:
    """The seconds of reading the rows and writing each twice; nothing stays written."""
    from django.db import connection, transaction
    from django.utils import timezone

    from courts.models import Court, Figure, MonthlyReturn

    now = timezone.now()
    with transaction.atomic():
        owner = MonthlyReturn.objects.create(
            court=Court.objects.get(parent=None), year=2017, month=1, side="litigation"
        )
        started = time.perf_counter()
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))[1:]
        values = [
            # One return owns all, so that their metrics are made to differ.
            (owner.pk, f"{metric[:30]}-{place}", int(value), "", "", 1)
            for place, (_court, _month, metric, value) in enumerate(rows)
        ]
        history = [
            (place, *row, now, "+", "", None) for place, row in enumerate(values, start=1_000_000)
        ]
        with connection.cursor() as cursor:
            many(cursor, Figure, FIELDS, values)
            many(cursor, Figure.history.model, HISTORY, history)
        taken = time.perf_counter() - started
        transaction.set_rollback(True)
    return taken


FIELDS = ("monthly_return_id", "metric", "value", "note", "blank_reason", "version")
HISTORY = (
    "id",
    *FIELDS,
    "history_date",
    "history_type",
    "history_change_reason",
    "history_user_id",
)


def many(cursor: Any, model: Any, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    from django.db import connection

    quote = connection.ops.quote_name
    named = ", ".join(quote(column) for column in columns)
    places = ", ".join(["%s"] * len(columns))
    cursor.executemany(
        f"INSERT INTO {quote(model._meta.db_table)} ({named}) VALUES ({places})", rows
    )


def imported(path: Path) -> float:
    """The seconds of an import of the file; nothing stays written."""
    from django.db import transaction

    from courts.figures.services.imports import import_figures
    from courts.files.on_disk import source_files
    from courts.models import QualityYear

    year = QualityYear.objects.get(code=YEAR)
    with transaction.atomic():
        started = time.perf_counter()
        result = import_figures(year=year, files=source_files([path]))
        taken = time.perf_counter() - started
        if not result.applied:
            raise SystemExit(f"Not imported: {result.errors[:3]}")
        transaction.set_rollback(True)
    return taken


def measured(courts: int, folder: Path) -> int:
    import resource

    import django

    django.setup()
    path = folder / "figures.csv"
    fill(courts, path)
    rows = sum(1 for _line in path.open(encoding="utf-8")) - 1
    megabytes = 0.0
    pairs = []
    for _round in range(ROUNDS):
        took = imported(path)
        megabytes = megabytes or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        pairs.append((bare(path), took))
    least, most = min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)
    print(f"{courts} courts × 12 months, {rows} figures and as many rows of history")  # noqa: T201
    print(f"  csv.reader and executemany {least:7.2f} s")  # noqa: T201
    print(f"  import_figures             {most:7.2f} s   {rows / most:,.0f} figures a second")  # noqa: T201
    ratio = f"  ratio {most / least:.1f} (at most {MOST_TIMES:.0f})"
    print(f"{ratio}   memory {megabytes:.0f} MB (at most {MOST_MEGABYTES})")  # noqa: T201
    return int(most > MOST_TIMES * least or megabytes > MOST_MEGABYTES)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--courts", type=int, default=COURTS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.folder:
        return measured(given.courts, given.folder)
    with tempfile.TemporaryDirectory() as name:
        # A process of its own, whose memory is the import's alone.
        command = [sys.executable, "-m", "tests.bench.imports", "--courts", str(given.courts)]
        done = subprocess.run(
            [*command, "--folder", name], check=False, env=environment(Path(name)), cwd=ROOT
        )
    return done.returncode


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qualityyear.settings")
    sys.exit(main())
