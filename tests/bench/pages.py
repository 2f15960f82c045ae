"""How long pages take beside one that does nothing, over gunicorn: `make bench`.

Ratios of medians to an authenticated page that loads session and user and nothing else, measured
side by side on the same server: warm, and cold after a figure changed; on SQLite and, where the
machine has one, on PostgreSQL; twelve months of three prefectures. Ends with status 1 when a page
takes more than it may.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import psycopg2  # type: ignore[import-untyped]

from tests.hold.running import session_of
from tests.postgres import cluster, find_programs

ROOT = Path(__file__).parents[2]
COURTS = 9
YEAR, SEED, ROUNDS, COLD, PORT = "yanbian-2019", 7, 25, 15, 8791
MONTH = "2019-12"
BASE = f"/{YEAR}"


class Page(NamedTuple):
    """A page, the address it is asked for at, and how many hellos it may take warm and cold.

    Cold is after a figure changed; None: only told. `who` asks for it.
    """

    name: str
    address: str
    warm: float | None
    cold: float | None = None
    who: str = "leader"


class Taken(NamedTuple):
    """Median seconds of a page, warm and cold, each with that of the hellos beside it."""

    warm: float
    hello: float
    cold: float
    cold_hello: float


PAGES = (
    Page("prefecture dashboard", f"{BASE}/dashboard/{MONTH}/", 6, 15),
    Page("ranking", f"{BASE}/{MONTH}/", 6, 15),
    Page("scorecard", f"{BASE}/{MONTH}/yanji/", 6, 15),
    Page("court page", f"{BASE}/{MONTH}/yanji/court/", 6, 15),
    Page("what-if answer", f"{BASE}/{MONTH}/yanji/what-if/?_part=answer&appeals_filed=900", 6, 15),
    Page("outlook", f"{BASE}/{MONTH}/yanji/outlook/", None, 30),
    Page("small counts", f"{BASE}/{MONTH}/yanji/small-counts/", None, 30),
    Page("completeness", f"{BASE}/completeness/", 6, 15),
    Page("desk", f"{BASE}/desk/", 6, 15, "office"),
    Page("office grid", f"{BASE}/grid/{MONTH}/litigation/", 6, 15, "office"),
    Page("close page", f"{BASE}/{MONTH}/close/", 6, 15, "office"),
    Page("grid", f"{BASE}/returns/yanji/{MONTH}/litigation/", 6, 15, "litigation"),
    Page("cells", f"{BASE}/returns/yanji/{MONTH}/litigation/cells/", 6, 15, "litigation"),
    Page("court's home", f"{BASE}/returns/yanji/", None, 30, "litigation"),
    Page("leader's first page", "/", None, 30),
)
# Who asks: the role and the court.
PEOPLE = {
    "leader": ("leader", "yanbian"),
    "office": ("office", "yanbian"),
    "litigation": ("litigation", "yanji"),
}
# Beside the one that is asked about, with figures of their own.
OTHERS = 2
# Above that many courts there are two months of figures, and one prefecture.
WHOLE = 350
MANY = (Page("ranking, 50 of 3,500 courts", f"{BASE}/{MONTH}/", 5),)
# A figure of the month that the pages are of, as its desk saves it.
CHANGE = f"""
UPDATE courts_figure SET value = value + 1 WHERE id = (
    SELECT max(courts_figure.id) FROM courts_figure
    JOIN courts_monthlyreturn ON monthly_return_id = courts_monthlyreturn.id
        AND year = {MONTH[:4]} AND month = {MONTH[5:]}
    JOIN courts_court ON court_id = courts_court.id AND code = 'yanji')
"""
# A page of 350 courts may take twice what one of 9 does.
MOST_GROWTH = 2.0


def environment(folder: Path, database: str) -> dict[str, str]:
    """A server as it is in use, on a database of its own."""
    return os.environ | {
        "DEBUG": "0",
        "HTTPS": "0",
        "SECRET_KEY": "bench-" + "0123456789abcdef" * 4,
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": database,
        "BENCH_STATIC": str(folder / "static"),
        "DJANGO_SETTINGS_MODULE": "tests.bench.pages_settings",
        "PYTHONPATH": str(ROOT),
    }


def fill(courts: int) -> dict[str, str]:
    """A year of made-up figures of so many courts; the keys of the sessions of those who ask."""
    import django

    django.setup()
    from django.core.management import call_command

    from courts.models import Court, Figure, MonthlyReturn, QualityYear

    call_command("compile_catalogues", stdout=StringIO())
    call_command("bundle_charts", stdout=StringIO())
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    call_command("setup_year", YEAR, verbosity=0)
    year = QualityYear.objects.get(code=YEAR)
    root = year.court
    _courts_under(root, courts - Court.objects.filter(parent=root).count() - 1)
    Figure.objects.all().delete()
    MonthlyReturn.objects.all().delete()
    is_whole = courts <= WHOLE
    _figures_of(root, SEED, range(1, 13) if is_whole else (11, 12))
    for number in range(1, 1 + OTHERS if is_whole else 1):
        other = Court.objects.create(
            code=f"other-{number}",
            order=number,
            short_name=f"另{number}中院",
            name=f"另{number}中级人民法院",
            level=root.level,
        )
        _courts_under(other, courts - 1)
        QualityYear.objects.create(
            code=f"other-{number}-2019",
            court=other,
            year=year.year,
            edition=year.edition,
            deadline_day=year.deadline_day,
        )
        _figures_of(other, SEED + number, range(1, 13))
    return {name: session_for(name, *place) for name, place in PEOPLE.items()}


def _courts_under(root: Any, number: int) -> None:
    from courts.models import Court

    Court.objects.bulk_create(
        Court(
            code=f"{root.code}-{place:04d}",
            order=100 + place,
            short_name=f"第{place}法院",
            name=f"{root.short_name}第{place}人民法院",
            level="grassroots",
            parent=root,
        )
        for place in range(max(0, number))
    )


def _figures_of(root: Any, seed: int, numbers: Sequence[int]) -> None:
    """Verified returns of these months of every court of a prefecture, and of the year before."""
    from django.utils import timezone

    import scoring
    from courts.models import Court, Figure, MonthlyReturn
    from scoring.facts import Month
    from tests.bench.figures import facts, made

    rows = [root, *Court.objects.filter(parent=root).order_by("order")]
    books = made(len(rows), seed)
    months: list[tuple[Month, list[Any]]] = []
    for number in numbers:
        found = facts(books, number)
        months.append((Month(2019, number), [one.current for one in found]))
        if number == 12:
            months.append((Month(2018, 12), [one.baseline_annual for one in found]))
    rulebook = scoring.load_rulebook(ROOT / "scoring" / "rulebooks" / YEAR)
    for month, figures in months:
        returns = MonthlyReturn.objects.bulk_create(
            MonthlyReturn(
                court=court,
                year=month.year,
                month=month.month,
                side=side,
                state="verified",
                origin="import",
                is_demo=True,
                verified_at=timezone.now(),
            )
            for court in rows
            for side in ("litigation", "enforcement")
        )
        values = [
            Figure(monthly_return=row, metric=code, value=value)
            for row, own in zip(returns, (one for one in figures for _side in "ab"), strict=True)
            for code, value in own.items()
            if rulebook.metrics[code].side == row.side
        ]
        Figure.objects.bulk_create(values, batch_size=5000)


def session_for(name: str, role: str, court: str) -> str:
    """The key of a session of a new account of that role."""
    from django.contrib.auth.models import Group

    from courts.models import Court, User

    user = User.objects.create_user(name, court=Court.objects.get(code=court))
    user.groups.add(Group.objects.get(name=role))
    return session_of(user)


def ask(connection: http.client.HTTPConnection, address: str, key: str) -> float:
    """The seconds an address takes; SystemExit when it does not answer 200."""
    before = time.perf_counter()
    connection.request("GET", address, headers={"Cookie": f"sessionid={key}"})
    response = connection.getresponse()
    response.read()
    taken = time.perf_counter() - before
    if response.status != http.client.OK:
        raise SystemExit(f"{address} answered {response.status}")
    return taken


@contextmanager
def database_in(folder: Path, *, postgresql: bool) -> Iterator[str]:
    """The DATABASE_URL of an empty database; nothing where there is no PostgreSQL."""
    if not postgresql:
        yield f"sqlite:///{folder / 'bench.sqlite3'}"
        return
    programs = find_programs()
    if programs is None:
        print("no PostgreSQL on this machine: not measured on it")  # noqa: T201
        yield ""
        return
    with cluster(programs) as address:
        yield address


def measured(courts: int, pages: Sequence[Page], *, postgresql: bool = False) -> dict[str, Taken]:
    """What each page takes with so many courts; nothing where there is no such database."""
    with (
        tempfile.TemporaryDirectory() as folder,
        database_in(Path(folder), postgresql=postgresql) as database,
    ):
        if not database:
            return {}
        values = environment(Path(folder), database)
        keys = filled("tests.bench.pages", courts, values)
        with served(PORT, values, "--workers", "1"):
            return timed(pages, keys, lambda: change_a_figure(database))


def filled(module: str, number: int, values: Mapping[str, str]) -> Any:
    """What `module --fill number` prints last, in an environment of its own."""
    made = subprocess.run(
        [sys.executable, "-m", module, "--fill", str(number)],
        env=values,
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return json.loads(made.stdout.splitlines()[-1])


@contextmanager
def served(
    port: int, values: Mapping[str, str], *options: str
) -> Iterator[subprocess.Popen[bytes]]:
    """The product as gunicorn serves it, until the end of the block; it takes connections."""
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "qualityyear.wsgi:application"),
            *("--bind", f"127.0.0.1:{port}", "--log-level", "error", *options),
        ],
        env=values,
        cwd=ROOT,
    )
    try:
        waiting(port).close()
        yield server
    finally:
        server.terminate()
        server.wait()


def timed(
    pages: Sequence[Page], keys: Mapping[str, str], change: Callable[[], None]
) -> dict[str, Taken]:
    """Pages and hellos in turn, so that both meet the same machine."""
    connection = waiting(PORT)
    found = {}
    for page in pages:
        own, hellos, cold, beside = [], [], [], []
        key = keys[page.who]
        for place in range(ROUNDS + 2):
            hello, taken = ask(connection, "/hello/", key), ask(connection, page.address, key)
            # The first ones fill caches.
            if place > 1:
                hellos.append(hello)
                own.append(taken)
        for _round in range(COLD):
            change()
            # The page first: it pays for what the change left behind.
            cold.append(ask(connection, page.address, key))
            beside.append(ask(connection, "/hello/", key))
        found[page.name] = Taken(*map(statistics.median, (own, hellos, cold, beside)))
    return found


def change_a_figure(database: str) -> None:
    """Have all that was computed be computed again, as after a figure of Yanji is saved."""
    connect = psycopg2.connect if database.startswith("postgres") else _sqlite
    with closing(connect(database)) as connection, connection, closing(connection.cursor()) as it:
        it.execute(CHANGE)


def _sqlite(database: str) -> sqlite3.Connection:
    return sqlite3.connect(database.removeprefix("sqlite:///"), timeout=60)


def waiting(port: int) -> http.client.HTTPConnection:
    """A connection to the server, once it is there."""
    for _attempt in range(100):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.connect()
        except OSError:
            time.sleep(0.1)
        else:
            return connection
    raise SystemExit("gunicorn did not start")


def main(given: Sequence[str] | None = None) -> int:
    """Print the ratios; 1 when one is above what it may be."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--fill", type=int)
    parser.add_argument("--few", action="store_true", help="nine courts alone")
    options = parser.parse_args(given)
    if options.fill:
        print(json.dumps(fill(options.fill)))  # noqa: T201
        return 0
    missed = False
    few: dict[str, Taken] = {}
    for postgresql in (False, True):
        print("PostgreSQL" if postgresql else "SQLite")  # noqa: T201
        found = measured(9, PAGES, postgresql=postgresql)
        missed |= told(PAGES, found)
        few = few or found
    if options.few:
        return int(missed)
    more = measured(350, PAGES)
    missed |= told(MANY, measured(3500, MANY))
    for page in PAGES:
        growth = more[page.name].warm / few[page.name].warm
        is_missed = page.name != "ranking" and growth > MOST_GROWTH
        missed |= is_missed
        verdict = "" if page.name == "ranking" else ("  MISSED" if is_missed else "  met")
        print(f"{page.name:30} 350 courts take {growth:.1f} times 9{verdict}")  # noqa: T201
    return int(missed)


def told(pages: Sequence[Page], found: Mapping[str, Taken]) -> bool:
    """Print what pages took in hellos; whether one took more than it may."""
    missed = False
    for page in pages:
        if page.name not in found:
            continue
        taken, cells = found[page.name], []
        for own, hello, most in (
            (taken.cold, taken.cold_hello, page.cold),
            (taken.warm, taken.hello, page.warm),
        ):
            is_missed = most is not None and own > most * hello
            missed |= is_missed
            bound = "" if most is None else f" (at most {most:g}{': MISSED' if is_missed else ''})"
            cells.append(f"{own * 1000:7.1f} ms {own / hello:6.1f} hellos{bound}")
        print(f"{page.name:30} cold {cells[0]:45} warm {cells[1]}")  # noqa: T201
    return missed


if __name__ == "__main__":
    raise SystemExit(main())
