"""How pages of one prefecture do among 389: `make bench SCALE=1` builds a country on PostgreSQL.

    python tests/postgres.py python -m tests.bench.province --scale 0.1

Nine courts first, then 389 prefectures of nine at scale 1 (3,501 courts), with the returns of three
years each, copied from the first by the database. What one prefecture does is timed in both: pages
warm, cold after a figure of its own changed, and after one of another prefecture did; setting up a
year of a new prefecture, an import, an export. Then how long the country takes to back up. What
grows is told by what no other work on the machine changes: queries, and rows that the database
reads for it. Ends with status 1 when a page or an act asks more queries than among nine courts, or
reads more than `MOST_GROWTH` times the rows.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import scoring

PREFECTURES, COURTS, YEARS, ROUNDS, SEED = 389, 9, (2017, 2018, 2019), 3, 7
YEAR = "yanbian-2019"
MOST_GROWTH = 1.2
# Rows that may be read more: of what all prefectures share, such as a stamp's words.
SHARED = 50
PAGES = {
    "dashboard": ("leader", f"/{YEAR}/dashboard/2019-12/"),
    "ranking": ("leader", f"/{YEAR}/2019-12/"),
    "scorecard": ("leader", f"/{YEAR}/2019-12/yanji/"),
    "court page": ("leader", f"/{YEAR}/2019-12/yanji/court/"),
    "what-if answer": (
        "leader",
        f"/{YEAR}/2019-12/yanji/what-if/?_part=answer&appeals_filed=900",
    ),
    "outlook": ("leader", f"/{YEAR}/2019-12/yanji/outlook/"),
    "small counts": ("leader", f"/{YEAR}/dashboard/2019-12/small-counts/"),
    "desk": ("office", f"/{YEAR}/desk/"),
    "completeness": ("office", f"/{YEAR}/completeness/"),
    "close": ("office", f"/{YEAR}/2019-12/close/"),
    "cells": ("office", f"/{YEAR}/grid/"),
    "court's grid": ("desk", f"/{YEAR}/returns/yanji/2019-12/litigation/"),
    "landing": ("leader", "/"),
    "export": ("leader", f"/{YEAR}/2019-12/?_export=xlsx"),
}
# The first prefecture's rows again, for so many others, by the places of courts in their order.
COPY = """
INSERT INTO courts_court (code, "order", short_name, name, level, parent_id, {empty})
SELECT 'p' || n || '-' || c.code, c."order", n || c.short_name, n || c.name, c.level, NULL, {empty}
FROM courts_court c, generate_series({first}, {last}) n WHERE c.code = 'yanbian';
INSERT INTO courts_court (code, "order", short_name, name, level, parent_id, {empty})
SELECT 'p' || n || '-' || c.code, c."order", n || c.short_name, n || c.name, c.level, r.id, {of_c}
FROM generate_series({first}, {last}) n
JOIN courts_court r ON r.code = 'p' || n || '-yanbian'
JOIN courts_court c ON c.parent_id = (SELECT id FROM courts_court WHERE code = 'yanbian');
CREATE TEMP TABLE pair ON COMMIT DROP AS
SELECT o.id AS own, c.id AS court FROM generate_series({first}, {last}) n
JOIN courts_court o ON o.code IN ({codes})
JOIN courts_court c ON c.code = 'p' || n || '-' || o.code;
INSERT INTO courts_monthlyreturn ({returns}, court_id)
SELECT {of_r}, pair.court FROM courts_monthlyreturn r JOIN pair ON pair.own = r.court_id;
INSERT INTO courts_figure ({figures}, monthly_return_id)
SELECT {of_f}, new.id FROM pair
JOIN courts_monthlyreturn r ON r.court_id = pair.own
JOIN courts_monthlyreturn new ON new.court_id = pair.court AND new.year = r.year
    AND new.month = r.month AND new.side = r.side
JOIN courts_figure f ON f.monthly_return_id = r.id;
INSERT INTO courts_qualityyear ({years}, code, court_id)
SELECT {of_y}, c.code, c.id FROM courts_qualityyear y, courts_court c
WHERE y.code = 'yanbian-2019' AND c.code ~ '^p[0-9]+-yanbian$' AND c.id IN (SELECT court FROM pair);
"""


class Taken(NamedTuple):
    """Milliseconds warm, cold after a figure of its own and of another prefecture, the least each;
    queries and rows read of a cold page, by table.
    """

    warm: float
    own: float
    elsewhere: float
    queries: int
    rows: Counter[str]


def timed(work: Callable[[], object]) -> float:
    before = time.perf_counter()
    work()
    return (time.perf_counter() - before) * 1000


def told(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def begin() -> None:
    """Yanbian's nine courts with three years of returns, and people who look."""
    from django.core.management import call_command
    from django.utils import timezone

    from courts.models import Court, Figure, MonthlyReturn, QualityYear
    from tests.bench.figures import facts, made
    from tests.pages import account

    call_command("migrate", verbosity=0)
    call_command("setup_year", YEAR, verbosity=0)
    root = QualityYear.objects.get(code=YEAR).court
    courts = [root, *Court.objects.filter(parent=root).order_by("order")]
    Figure.objects.all().delete()
    MonthlyReturn.objects.all().delete()
    sides = {
        code: metric.side
        for code, metric in scoring.load_rulebook(scoring.BUNDLED / YEAR).metrics.items()
    }
    rows, values = [], []
    for place, year in enumerate(YEARS):
        books = made(COURTS, SEED + place)
        for month in range(1, 13):
            for court, one in zip(courts, facts(books, month), strict=True):
                for side in ("litigation", "enforcement"):
                    row = MonthlyReturn(
                        court=court,
                        year=year,
                        month=month,
                        side=side,
                        state="verified",
                        origin="import",
                        verified_at=timezone.now(),
                    )
                    rows.append(row)
                    values += [
                        Figure(monthly_return=row, metric=code, value=value)
                        for code, value in one.current.items()
                        if sides[code] == side
                    ]
    MonthlyReturn.objects.bulk_create(rows)
    Figure.objects.bulk_create(values, batch_size=5000)
    account("leader", "yanbian", "leader")
    account("office", "yanbian", "office", "centre")
    account("desk", "yanji", "litigation")


def grow(prefectures: int) -> None:
    """So many more prefectures, each with what the first has."""
    from django.db import connection, transaction

    from courts.models import Court, Figure, MonthlyReturn, QualityYear

    def columns(model: Any, *without: str) -> list[str]:
        found = [one.column for one in model._meta.concrete_fields]
        return [f'"{one}"' for one in found if one not in ("id", *without)]

    def of(alias: str, names: Sequence[str]) -> str:
        return ", ".join(f"{alias}.{name}" for name in names)

    court = columns(Court, "code", "order", "short_name", "name", "level", "parent_id")
    returns, figures = columns(MonthlyReturn, "court_id"), columns(Figure, "monthly_return_id")
    years = columns(QualityYear, "code", "court_id")
    codes = Court.objects.filter(code="yanbian") | Court.objects.filter(parent__code="yanbian")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            COPY.format(
                empty=", ".join(court),
                of_c=of("c", court),
                returns=", ".join(returns),
                of_r=of("r", returns),
                figures=", ".join(figures),
                of_f=of("f", figures),
                years=", ".join(years),
                of_y=of("y", years),
                codes=", ".join(f"'{one.code}'" for one in codes),
                first=1,
                last=prefectures,
            )
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def change(court: str) -> None:
    """Change a figure of this court, as a save does."""
    from django.db.models import F

    from courts.models import Figure

    rows = Figure.objects.filter(
        monthly_return__court__code=court,
        monthly_return__year=2019,
        monthly_return__month=12,
        metric="appeals_filed",
    )
    assert rows.update(value=F("value") + 1) == 1


def rows_read() -> Counter[str]:
    """How many rows of each table the database has read by now, by scans and by indexes."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(
            "SELECT relname, coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)"
            " FROM pg_stat_user_tables WHERE starts_with(relname, 'courts_')"
        )
        return Counter(dict(cursor.fetchall()))


def measured(elsewhere: str) -> dict[str, Taken]:
    """What each page takes; `elsewhere` is the code of another prefecture's court, or of none."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from courts.models import User
    from tests.pages import client_of

    clients = {user.username: client_of(user) for user in User.objects.all()}
    found = {}
    for name, (who, address) in PAGES.items():

        def ask(who: str = who, address: str = address) -> None:
            answer = clients[who].get(address, follow=True)
            if answer.status_code != 200:
                raise SystemExit(f"{address} answered {answer.status_code}")
            b"".join(answer) if answer.streaming else answer.content

        ask()
        warm, own, other = [], [], []
        for _round in range(ROUNDS):
            warm.append(timed(ask))
            change("yanji")
            own.append(timed(ask))
            if elsewhere:
                change(elsewhere)
                other.append(timed(ask))
        change("yanji")
        with CaptureQueriesContext(connection) as queries:
            ask()
            asked = len(queries)
        change("yanji")
        before = rows_read()
        ask()
        rows = rows_read()
        rows.subtract(before)
        least = [min(one, default=0.0) for one in (warm, own, other)]
        found[name] = Taken(least[0], least[1], least[2], asked, rows)
    return found


def acts(first: int) -> dict[str, Taken]:
    """What it takes to set up a year of a new prefecture, the first of them of that number, and to
    import a month: the least of some times, as both only write.
    """
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from courts.setup.services.setup import setup_year

    found = {}
    with tempfile.TemporaryDirectory() as folder:
        places = iter([prefecture_of(Path(folder), first + one) for one in range(ROUNDS + 2)])

        def set_up() -> None:
            rules, data = next(places)
            setup_year(folder=rules, data=data)

        for name, act in (("set-up", set_up), ("import", imported)):
            times = [timed(act) for _round in range(ROUNDS)]
            with CaptureQueriesContext(connection) as queries:
                act()
            before = rows_read()
            act()
            rows = rows_read()
            rows.subtract(before)
            found[name] = Taken(min(times), 0.0, 0.0, len(queries), rows)
    return found


def prefecture_of(folder: Path, number: int) -> tuple[Path, Path]:
    """The rules and annexes of the year, under other codes and names, for one more prefecture."""
    from courts.setup.services.setup import ANNEXES

    rules, data = folder / f"rules-{number}", folder / f"data-{number}"
    shutil.copytree(scoring.BUNDLED / YEAR, rules)
    text = (rules / "rulebook.toml").read_text(encoding="utf-8")
    (rules / "rulebook.toml").write_text(text.replace(YEAR, f"bench-{number}"), encoding="utf-8")
    shutil.copytree(ANNEXES / YEAR, data)
    with (data / "courts.csv").open(encoding="utf-8-sig", newline="") as file:
        courts = {row["code"] for row in csv.DictReader(file)}
    for path in data.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            head, *rows = csv.reader(file)
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(
                [
                    head,
                    *(
                        [_of(number, *pair, courts) for pair in zip(head, row, strict=True)]
                        for row in rows
                    ),
                ]
            )
    return rules, data


def _of(number: int, column: str, value: str, courts: Collection[str]) -> str:
    if value in courts:
        return f"b{number}-{value}"
    return f"b{number}{value}" if column in ("name", "short_name") else value


def imported() -> None:
    """Import a month of one prefecture."""
    from courts.figures.services.imports import import_figures
    from courts.files.sheets import SourceFile
    from courts.models import Figure
    from tests.pages import stored_year

    figures = Figure.objects.filter(
        monthly_return__court__parent__code="yanbian",
        monthly_return__year=2019,
        monthly_return__month=12,
        metric="appeals_filed",
    )
    found = figures.values_list("monthly_return__court__code", "value")
    rows = [(code, "2019-12", "appeals_filed", (value or 0) + 1) for code, value in found]
    lines = ["court,month,metric,value", *(",".join(map(str, row)) for row in rows)]
    file = SourceFile("month.csv", "\n".join(lines).encode())

    result = import_figures(year=stored_year(), files=[file])
    if result.errors:
        raise SystemExit(f"The import was refused: {result.errors[:3]}")


def main(given: Sequence[str] | None = None) -> int:
    """Print what it takes; 1 when something of one prefecture grows with the others."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", type=float, default=0.1, help="of 389 prefectures")
    options = parser.parse_args(given)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qualityyear.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["testserver"]
    if connection.vendor != "postgresql":
        raise SystemExit("A country is built on PostgreSQL alone.")
    with connection.cursor() as cursor:
        # As docs/large.md has it; connections from now on have it.
        name = connection.settings_dict["NAME"]
        cursor.execute(f'ALTER DATABASE "{name}" SET random_page_cost = 1.1')
    connection.close()
    told(f"nine courts, three years: {timed(begin) / 1000:.0f} s")
    few = measured("") | acts(1)
    prefectures = max(1, round(PREFECTURES * options.scale) - 1)
    taken = timed(lambda: grow(prefectures)) / 1000
    courts = (prefectures + 1) * COURTS
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM courts_figure")
        (figures,) = cursor.fetchone()
    told(f"{courts:,} courts, {figures:,} figures: {taken:.0f} s")
    many = measured("p1-yanji") | acts(101)
    told(f"{'':16}{'warm':>8}{'cold':>8} | warm{'cold':>9}{'elsewhere':>10} | queries, rows read")
    missed = False
    for name, one in few.items():
        more = many[name]
        rows, of_many = one.rows.total(), more.rows.total()
        grows = more.queries > one.queries or of_many > MOST_GROWTH * rows + SHARED
        more.rows.subtract(one.rows)
        most = ", ".join(f"{table} {number:+,}" for table, number in more.rows.most_common(3))
        missed |= grows
        told(
            f"{name:16}{one.warm:8.1f}{one.own:8.1f} |{more.warm:6.1f}{more.own:8.1f}"
            f"{more.elsewhere:10.1f} | {one.queries}, {more.queries}; {rows:,}, {of_many:,}"
            f"{f'  GROWS: {most}' if grows else ''}"
        )
    with tempfile.TemporaryDirectory() as folder:
        saved = timed(lambda: call_command("backup", folder, verbosity=0)) / 1000
    told(f"backup, verified: {saved:.0f} s")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
