"""Owns walking every address that can be looked at, for tests of what must hold on all of them.

The addresses are those of the access matrix, so that a new page is walked without being named here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from tests.test_access_matrix import ARGUMENTS, MATRIX

MONTH = "2019-12"
# Addresses that name one court: of these pages each is walked for the court of the walk.
COURTS = ("yanji", "yanbian")


def walked(month: str = MONTH, **replaced: str) -> Iterator[str]:
    """Every address of the matrix that answers GET, in the month; `replaced` changes arguments.

    An argument is replaced by its value: `walked(yanji="tumen")` walks Tumen's pages.
    """
    others = {MONTH: month, **replaced}
    for name in MATRIX:
        if name == "courts:logout":
            continue
        route, _, query = name.partition("?")
        arguments: list[Any] = [others.get(str(one), one) for one in ARGUMENTS.get(route, [])]
        yield reverse(route, args=arguments) + (f"?{query}" if query else "")
