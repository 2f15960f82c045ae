"""Owns people who save cells of returns over the network, and the count of what was lost.

A save is *acknowledged* when its answer says that it was saved, with the version it made. It is
*lost* when the history does not have it, and *unseen* when it went over a version that its writer
had not seen: somebody else's save vanished under it without anybody being told.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from django.db import connections

from courts.models import Event, Figure, QualityYear
from courts.years.selectors.years import courts_of
from tests.hold.running import LOST, NEVER, Browser, session_of
from tests.pages import account

MONTH = "2019-05"
METRICS = ("appeals_filed", "retrial_revised", "appeal_revised")
# So many desks type into the same cell.
MEETING = 3
# What a browser waits before it tries again.
AGAIN = 0.1


@dataclass(frozen=True)
class Saved:
    """An acknowledged save: of which cell, what, the version it made and the one it went over."""

    court: str
    metric: str
    value: int
    version: int
    seen: int


@dataclass
class Tally:
    """What came of all saves."""

    acknowledged: list[Saved] = field(default_factory=list)
    # Requests whose answer never came, and those that were told in words that it did not work.
    cut_off: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    # PostgreSQL does not take EFBIG, by which a limit on files is told, for a full disk (ENOSPC),
    # but for a fault of its own; pages then say that something went wrong, in words too.
    is_full: bool = False

    def lost(self) -> list[Saved]:
        """Acknowledged saves that are not in the history with value and version."""
        kept = {(*cell, *row) for cell, rows in history().items() for row in rows}
        return [
            one
            for one in self.acknowledged
            if (one.court, one.metric, one.version, one.value) not in kept
        ]

    def unseen(self) -> list[Saved]:
        """Saves that went over what their writer had not seen."""
        return [one for one in self.acknowledged if one.version != one.seen + 1]


def history() -> dict[tuple[str, str], list[tuple[int, int]]]:
    """By court and metric: every version of a cell with its value, in turn."""
    found: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for figure in Figure.objects.filter(monthly_return__year=2019, metric__in=METRICS):
        rows = figure.history.order_by("history_id").values_list("version", "value")
        found[figure.monthly_return.court.code, figure.metric] = list(rows)
    return found


def whole() -> list[str]:
    """What of the cells does not hang together: versions with a gap, a figure beside its history,
    a save without its event.
    """
    wrong = []
    saves = 0
    for cell, rows in history().items():
        saves += len(rows)
        if [version for version, _value in rows] != list(range(1, len(rows) + 1)):
            wrong.append(f"{cell}: versions {rows}")
        (figure,) = Figure.objects.filter(
            monthly_return__year=2019, monthly_return__court__code=cell[0], metric=cell[1]
        )
        if (figure.version, figure.value) != rows[-1]:
            wrong.append(f"{cell}: {figure.version, figure.value} beside {rows[-1]}")
    events = Event.objects.filter(action="save_figures").count()
    if events != saves:
        wrong.append(f"{saves} saves, {events} events")
    return wrong


class Saver:
    """One desk that types into one cell, again and again."""

    def __init__(self, court: str, user: int, metric: str, number: int) -> None:
        self.court, self.user, self.metric, self.number = court, user, metric, number
        self.session = ""
        self.saves = 0

    @property
    def address(self) -> str:
        return f"/yanbian-2019/returns/{self.court}/{MONTH}/litigation/cells/"

    def save(self, port: int, tally: Tally, goes_on: Callable[[], bool], all_read: Any) -> None:
        """Read, then save over what was read, until it is acknowledged or nobody wants it more."""
        browser = Browser(port, self.session)
        self.saves += 1
        # Nobody else ever types it.
        value = self.number * 10_000 + self.saves
        seen: int | None = None
        while goes_on():
            try:
                if seen is None:
                    status, state = browser.ask("GET", self.address)
                    if status == 200:
                        seen = state["values"][self.metric][1]
                    else:
                        self._refused(status, state, tally)
                        continue
                if all_read is not None:
                    all_read.wait(NEVER)
                    all_read = None
                cell = {"metric": self.metric, "value": str(value), "seen_version": seen}
                body = {"user": str(self.user), "cells": [cell]}
                status, answer = browser.ask("POST", self.address, body)
            except LOST:
                tally.cut_off += 1
                seen = None
                time.sleep(AGAIN)
                continue
            if status != 200:
                # Told in words that nothing was saved: the same once more, over what was seen.
                self._refused(status, answer, tally)
                continue
            (result,) = answer["results"]
            if result["status"] == "saved":
                one = Saved(self.court, self.metric, value, result["version"], seen)
                tally.acknowledged.append(one)
                return
            if result["status"] == "unchanged":
                # It was saved before, by a request whose answer was cut off.
                version = result["version"]
                tally.acknowledged.append(
                    Saved(self.court, self.metric, value, version, version - 1)
                )
                return
            if result["status"] != "conflict":
                tally.faults.append(str(result))
                return
            seen = result["version"]

    def _refused(self, status: int, answer: Any, tally: Tally) -> None:
        words = answer["message"] if isinstance(answer, dict) else answer[:200]
        if isinstance(answer, dict) and (status == 503 or (status == 500 and tally.is_full)):
            tally.refused.append((status, words))
        else:
            tally.faults.append(f"{status} {words}")
        time.sleep(AGAIN)


def make_savers(year: QualityYear, number: int) -> list[Saver]:
    """So many desks, who meet in the same few cells of every court."""
    cells = [(court.code, metric) for metric in METRICS for court in courts_of(year)]
    found = []
    for place in range(number):
        court, metric = cells[place // MEETING % len(cells)]
        user = account(f"saver{place}", court, "litigation")
        saver = Saver(court, user.pk, metric, place + 1)
        saver.session = session_of(user)
        found.append(saver)
    return found


def save_all(savers: Sequence[Saver], port: int, times: int, *, together: bool = False) -> Tally:
    """Everybody saves so often; `together`: all have read before anybody saves."""
    tally = Tally()
    all_read = threading.Barrier(len(savers)) if together else None

    def work(saver: Saver) -> None:
        for turn in range(times):
            saver.save(port, tally, lambda: not tally.faults, None if turn else all_read)

    with ThreadPoolExecutor(len(savers)) as people:
        list(people.map(work, savers))
    return tally


class Saving:
    """Everybody saves until the end of the block; afterwards `tally` has what came of it."""

    def __init__(self, savers: Sequence[Saver], port: int) -> None:
        self.tally, self._over = Tally(), threading.Event()
        self._threads = [
            threading.Thread(target=self._work, args=[saver, port]) for saver in savers
        ]

    def _work(self, saver: Saver, port: int) -> None:
        while not self._over.is_set():
            saver.save(port, self.tally, lambda: not self._over.is_set(), None)

    def __enter__(self) -> Saving:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()
        connections.close_all()

    def wait_for(self, more: int, what: Callable[[], int] | None = None) -> None:
        """Wait until so many more were acknowledged (or of what is counted otherwise)."""
        count = what or (lambda: len(self.tally.acknowledged))
        wanted = count() + more
        for _look in range(round(NEVER / AGAIN)):
            if count() >= wanted:
                return
            assert not self.tally.faults, self.tally.faults[:3]
            time.sleep(AGAIN)
        raise AssertionError(f"nothing more is {'counted' if what else 'saved'}")
