"""The server that trials kill: the product as gunicorn serves it; `QY_HOLD_FAULT` names a fault,
`QY_HOLD_HOURS` by how much the clock of its machine is ahead.

Faults are what protections are there against. Only the negative controls ask for one.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine

from qualityyear.wsgi import application as product

# How many requests share a transaction under the fault `late`.
TOGETHER = 50


def without_versions() -> None:
    """Let whoever saves last win: a save does not look at what its writer saw."""
    from courts.returns.services import writing

    def status(cell: Any, value: Any, stored: Any) -> Any:
        same = value == (stored.value if stored else None)
        return writing.CellStatus.UNCHANGED if same else writing.CellStatus.SAVED

    writing._status = status


def by_own_clock() -> None:
    """Let each server go by the clock of its own machine."""
    from courts import database_clock

    database_clock.SECONDS_BETWEEN_QUESTIONS = float("inf")
    database_clock.JUMP_SECONDS = float("inf")
    database_clock._clock.known = database_clock._Comparison(database_clock.NONE, 0, 0)


class Late:
    """Answers before it commits, as what writes behind a queue or a cache does.

    So many requests share a transaction; for one thread in one process.
    """

    def __init__(self, application: Any) -> None:
        from django.core.signals import request_finished, request_started
        from django.db import close_old_connections

        self.application, self.served = application, 0
        # Between requests Django would give up what is still uncommitted.
        for moment in (request_started, request_finished):
            moment.disconnect(close_old_connections)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        from django.db import connection, transaction

        if not connection.in_atomic_block:
            self.atomic = transaction.atomic()
            self.atomic.__enter__()
        answer = [b"".join(self.application(environ, start_response))]
        self.served += 1
        if self.served % TOGETHER == 0:
            self.atomic.__exit__(None, None, None)
        return answer


def made() -> Any:
    """The application, with the fault if one is asked for."""
    from django.conf import settings
    from django.urls import resolve

    from courts.ballots.services import casting

    # Faults are answered as in earnest, and not by Django's page for developers.
    settings.DEBUG = False
    # Otherwise the first request of each worker loads every page.
    resolve("/healthz")
    # A voter whose worker was killed votes again after this; nobody here waits a minute.
    casting.BUSY = timedelta(seconds=3)
    if hours := float(os.environ.get("QY_HOLD_HOURS", "0")):
        time_machine.travel(datetime.now(UTC) + timedelta(hours=hours), tick=True).start()
    fault = os.environ.get("QY_HOLD_FAULT", "")
    if fault == "late":
        # Without its places: each would be a thread and a transaction of its own.
        return Late(product._application)
    if fault == "no-versions":
        without_versions()
    elif fault == "own-clock":
        by_own_clock()
    elif fault:
        raise SystemExit(f"there is no fault {fault}")
    return product


application = made()
