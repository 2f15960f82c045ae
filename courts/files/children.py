"""Owns asking a child process to do what is not trusted: its turn, its patience, no secret.

A server answers other pages meanwhile: of its threads a few wait for children, and whoever comes
when all of those wait is told to try again. The child sets its own limits (`courts.files.child`).
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import BoundedSemaphore

from django.conf import settings

from courts.files.plain import FileError

# A child that neither ends nor is ended by its limits: how many times its seconds it may take
# while the machine is busy with other things.
PATIENCE = 6
# So many children of one server process at once, and so many requests that wait for them. A
# server process has more threads than that (docs/operations.md), so one is left for other pages.
AT_ONCE, MOST_WAITING = 2, 3
_TURNS, _PLACES = BoundedSemaphore(AT_ONCE), BoundedSemaphore(MOST_WAITING)


def answer_of(command: Sequence[str], given: bytes, seconds: int) -> bytes | None:
    """What the child says to what it is given; None when it took too much.

    `command` are arguments of Python, `seconds` the child's processor time. `FileError` with the
    code `busy` when as many requests wait for children as may.
    """
    if not _PLACES.acquire(blocking=False):
        raise FileError("busy")
    try:
        with _TURNS:
            # Nothing of the file is on the command line; the child inherits no secret either.
            done = subprocess.run(  # noqa: S603
                [sys.executable, *command],
                input=given,
                capture_output=True,
                check=False,
                cwd=Path(settings.BASE_DIR),
                env={"PATH": "", "PYTHONUTF8": "1", "PYTHONPATH": str(settings.BASE_DIR)},
                timeout=PATIENCE * seconds,
            )
    except subprocess.TimeoutExpired:
        return None
    finally:
        _PLACES.release()
    return None if done.returncode else done.stdout
