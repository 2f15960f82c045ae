"""Owns rows of things in the language of the page, by the rule of `scoring.listing`.

A row of things takes a heavier mark where one of them holds the lighter; phrases and clauses of
one sentence keep theirs, whatever stands in them.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from scoring.faults import Fault
from scoring.listing import CLAUSES, PHRASES, WORDS, filled, listed_in, mark_in, sign_in


def enumerated(items: Iterable[object]) -> str:
    """Words and names in a row: A、B、C."""
    return listed_in(get_language() or "", items, WORDS)


def itemized(items: Iterable[object]) -> str:
    """Things of several words in a row: A；B；C."""
    return listed_in(get_language() or "", items, CLAUSES)


def phrases(parts: Iterable[str]) -> str:
    """Phrases of one sentence: A，B，C; empty ones are left out."""
    return mark_in(get_language() or "", PHRASES).join(part for part in parts if part)


def clauses(parts: Iterable[str]) -> str:
    """Clauses of one sentence that stand for themselves: A；B；C; empty ones are left out."""
    return mark_in(get_language() or "", CLAUSES).join(part for part in parts if part)


def sign(chinese: str) -> str:
    """What the language of the page writes where Chinese writes one of 、，；：（）。."""
    return sign_in(get_language() or "", chinese)


def labelled(name: object, text: object) -> str:
    """A text under its name: A：B."""
    return f"{name}{sign('：')}{text}"


def addressed(whom: str) -> str:
    """Whom a paper speaks to, as its first line has it: A：."""
    return f"{whom}{sign('：')}".rstrip()


def noted(text: object, note: object) -> str:
    """A text and what is to be known of it, in brackets: A（B）."""
    return f"{text}{sign('（')}{note}{sign('）')}"


def fault_text(fault: Fault) -> str:
    """What is wrong with a rulebook, in the language of the page."""
    return filled(_(fault.template), fault.values, get_language() or "")
