"""Owns the registry of what housekeeping does; knows no duty: the areas register theirs.

A *duty* is something that time alone brings about and that nobody's click does: closing what is
past its deadline, deleting what is kept for a while only. How one is added: in the area's module
`housekeeping` (`courts.apps` imports it) write a function that takes the moment and answers how
much it did, and mark it with `@duty(...)`. It runs every minute and may run twice at once, so
it does what is due and nothing else, in transactions of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

Act = Callable[[datetime], int]


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty: its code, what it is called, and what does it."""

    code: str
    label: str | Promise
    act: Act


DUTIES: dict[str, Duty] = {}


def duty(code: str, label: str | Promise) -> Callable[[Act], Act]:
    """Register what does a duty; `ValueError` for a code that is there already."""

    def register(act: Act) -> Act:
        if code in DUTIES:
            raise ValueError(f"There is a duty named {code} already.")
        DUTIES[code] = Duty(code, label, act)
        return act

    return register
