"""How fifty people fare at once on two workers, and whether the workers grow: `make bench`.

Each looks at pages or saves a figure and thinks for a moment in between, as people do. Told are the
slowest answers, of pages and of saves, and the memory of the workers at the beginning and the end.
Ends with status 1 when more than one answer in a hundred takes longer than a second, an answer is
an error, or a worker grows too much. `--minutes 30` is the soak.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.pages import BASE, COURTS, MONTH, PAGES, database_in, environment, filled, served
from tests.hold.running import LOST, Browser, children

PEOPLE, WORKERS, THREADS, PORT = 50, 2, 8, 8792
THINKS = (0.5, 3.5)
SLOWEST, MOST_MEGABYTES, MOST_GROWTH = 1.0, 150, 1.05
# Until caches are full.
WARMING = 0.3
# Of three acts of a desk one is a save.
ONE_IN = 3


@dataclass
class Answers:
    """What came back: seconds by kind, and what was no answer."""

    pages: list[float] = field(default_factory=list)
    saves: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


class Person:
    """One account at one desk."""

    def __init__(self, who: Mapping[str, Any], answers: Answers, seed: int) -> None:
        self.who, self.answers, self.random = who, answers, random.Random(seed)
        self.browser = Browser(PORT, who["session"])

    def act(self) -> None:
        """Look at a page, or type a figure."""
        if self.who["role"] == "litigation":
            grid = f"{BASE}/returns/{self.who['court']}/{MONTH}/litigation/"
            if self.random.randrange(ONE_IN) == 0:
                self.save(f"{grid}cells/")
                return
            address = self.random.choice((grid, f"{BASE}/returns/{self.who['court']}/"))
        else:
            # The plain ones: what a court alone may open is not for them.
            found = [page for page in PAGES if page.who in ("leader", self.who["role"])]
            # The first page of an office is its desk.
            address = self.random.choice([page.address for page in found if page.address != "/"])
        self.ask("GET", address, None, self.answers.pages)

    def save(self, address: str) -> None:
        """Type a figure over the one that is read."""
        state = self.ask("GET", address, None, self.answers.pages)
        if state is None:
            return
        metric, (_value, version) = self.random.choice(sorted(state["values"].items()))
        cell = {"metric": metric, "value": str(self.random.randrange(1, 9000))}
        body = {"user": str(self.who["pk"]), "cells": [cell | {"seen_version": version}]}
        self.ask("POST", address, body, self.answers.saves)

    def ask(self, method: str, address: str, body: Any, into: list[float]) -> Any:
        """What came back, with its seconds noted; None for what is no answer."""
        began = time.perf_counter()
        try:
            status, content = self.browser.ask(method, address, body)
        except LOST as error:
            self.answers.faults.append(f"{address}: {error!r}")
            return None
        into.append(time.perf_counter() - began)
        if status != http.client.OK:
            self.answers.faults.append(f"{address}: {status}")
            return None
        return content


def memory(process: int) -> float:
    """The megabytes of memory that are a process's own."""
    rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
    kilobytes = [
        int(line.split()[1])
        for line in rollup.splitlines()
        if line.startswith(("Private_Clean:", "Private_Dirty:"))
    ]
    return sum(kilobytes) / 1024


def lived(people: Sequence[Person], minutes: float, look: Callable[[], None]) -> None:
    """Have everybody act until the time is over; `look` once the caches are full."""
    over = threading.Event()

    def live(person: Person) -> None:
        while not over.wait(person.random.uniform(*THINKS)):
            person.act()

    with ThreadPoolExecutor(len(people)) as pool:
        for person in people:
            pool.submit(live, person)
        time.sleep(60 * minutes * WARMING)
        look()
        time.sleep(60 * minutes * (1 - WARMING))
        over.set()


def measured(minutes: float, *, postgresql: bool) -> bool:
    """Print what came of it; whether anything was missed."""
    with (
        tempfile.TemporaryDirectory() as folder,
        database_in(Path(folder), postgresql=postgresql) as database,
    ):
        if not database:
            return False
        values = environment(Path(folder), database)
        accounts = filled("tests.bench.people", PEOPLE, values)
        answers = Answers()
        people = [Person(who, answers, place) for place, who in enumerate(accounts)]
        size = ("--workers", str(WORKERS), "--threads", str(THREADS), "--preload")
        with served(PORT, values, *size) as server:
            before: list[float] = []
            lived(people, minutes, lambda: before.extend(map(memory, children(server.pid))))
            after = [memory(worker) for worker in children(server.pid)]
    return told(answers, before, after)


def told(answers: Answers, before: Sequence[float], after: Sequence[float]) -> bool:
    """Print it; whether anything was missed."""
    missed = bool(answers.faults)
    for name, found in (("pages", answers.pages), ("saves", answers.saves)):
        seconds = sorted(found)
        middle, slow = seconds[len(seconds) // 2], seconds[int(len(seconds) * 0.99)]
        missed |= slow > SLOWEST
        verdict = "MISSED" if slow > SLOWEST else "met"
        print(  # noqa: T201
            f"{name:8} {len(seconds):6} answers, half within {middle * 1000:.0f} ms,"
            f" 99 % within {slow * 1000:.0f} ms (at most {SLOWEST * 1000:.0f}: {verdict})"
        )
    growth = max(after) / max(before)
    is_big = max(after) > MOST_MEGABYTES
    missed |= is_big or growth > MOST_GROWTH
    print(  # noqa: T201
        f"workers  {max(before):.0f} MB of their own, {max(after):.0f} MB at the end"
        f" (at most {MOST_MEGABYTES}: {'MISSED' if is_big else 'met'}), grown {growth:.2f} times"
        f" (at most {MOST_GROWTH}: {'MISSED' if growth > MOST_GROWTH else 'met'})"
    )
    for fault in answers.faults[:5]:
        print(f"         no answer: {fault}")  # noqa: T201
    return missed


def fill(number: int) -> list[dict[str, Any]]:
    """The year of the pages with December's returns open again, and so many accounts."""
    from tests.bench import pages

    pages.fill(COURTS)
    from courts.models import Court, MonthlyReturn, User

    root = Court.objects.get(code="yanbian")
    open_again = MonthlyReturn.objects.filter(court__parent=root, year=2019, month=12)
    open_again.update(state="entering", is_demo=False, verified_at=None)
    desks = list(Court.objects.filter(parent=root).order_by("order"))
    found = []
    for place in range(number):
        role = ("litigation", "office", "leader")[place % 3]
        court = desks[place % len(desks)] if role == "litigation" else root
        name = f"person{place}"
        session = pages.session_for(name, role, court.code)
        pk = User.objects.get(username=name).pk
        found.append({"pk": pk, "role": role, "court": court.code, "session": session})
    return found


def main(given: Sequence[str] | None = None) -> int:
    """Print how they fared; 1 when something was missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--fill", type=int)
    parser.add_argument("--minutes", type=float, default=1)
    options = parser.parse_args(given)
    if options.fill:
        print(json.dumps(fill(options.fill)))  # noqa: T201
        return 0
    missed = False
    for postgresql in (False, True):
        print("PostgreSQL" if postgresql else "SQLite")  # noqa: T201
        missed |= measured(options.minutes, postgresql=postgresql)
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main())
