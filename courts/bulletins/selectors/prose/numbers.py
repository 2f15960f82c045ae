"""Owns the ledger of live numbers: each once, by a key that says where in the snapshot it stands.

A sentence holds the token of a number, ⟦key⟧, in place of the number itself. Keys have the form
`whose:of what:what`, such as `court/yanji:L1:value` or `ranked:C2:distance`; the same key never
stands for two numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

OPEN, CLOSE = "⟦", "⟧"


@dataclass(frozen=True, slots=True)
class LiveNumber:
    """One number as it is printed, and where it comes from.

    `label` says what it is; `courts` and `metrics` are the codes of the figures it is made of, in
    the period `of_baseline` or this year's. A share of cases has `cases` and `whole`. `rose` is the
    direction of a change or distance: up, down, or none.
    """

    key: str
    text: str
    label: str = ""
    paragraph: str = ""
    courts: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    of_baseline: bool = False
    exact: str = ""
    cases: int | None = None
    whole: int | None = None
    rose: bool | None = None


class Ledger:
    """The live numbers of one bulletin, in the order they were first said."""

    def __init__(self) -> None:
        self._numbers: dict[str, LiveNumber] = {}

    @property
    def numbers(self) -> Mapping[str, LiveNumber]:
        return self._numbers

    def put(
        self,
        key: str,
        text: str,
        *,
        label: str = "",
        paragraph: str = "",
        courts: Iterable[str] = (),
        metrics: Iterable[str] = (),
        of_baseline: bool = False,
        exact: Fraction | None = None,
        share: tuple[int, int] | None = None,
        rose: bool | None = None,
    ) -> str:
        """The token of a number; ValueError when the key stands for another one already."""
        known = self._numbers.get(key)
        if known is not None and known.text != text:
            raise ValueError(f"{key} is {known.text} and {text}")
        if known is None:
            cases, whole = share or (None, None)
            self._numbers[key] = LiveNumber(
                key=key,
                text=text,
                label=label,
                paragraph=paragraph,
                courts=tuple(courts),
                metrics=tuple(metrics),
                of_baseline=of_baseline,
                exact="" if exact is None or exact.denominator == 1 else str(exact),
                cases=cases,
                whole=whole,
                rose=rose,
            )
        return f"{OPEN}{key}{CLOSE}"
