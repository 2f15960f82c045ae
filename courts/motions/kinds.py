"""Owns what a kind of motion is, and the registry in which the areas put theirs.

A kind tells a motion's lines in words and carries it out through the services that check and write
such rows; whatever has changed since the motion was made is refused there by its version. Never
asks who may confirm: `motions` does. An area registers its kinds in its module `motions` (or
`baselines`), which `courts.apps` imports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from courts.files.sheets import Problem, SourceFile, from_kept
from courts.frame.refusals import ReturnError, StaleError
from courts.models import Motion, User
from courts.models.reviews import LONGEST_REASON
from courts.wording.amounts import figure_text


@dataclass(frozen=True, slots=True)
class MotionLine:
    """One thing that would change: what it is, and its value before and after, in words.

    `court` is the code of the court whose figure it is, where courts look at it too.
    """

    what: tuple[str, ...]
    old: str
    new: str
    court: str = ""


@dataclass(frozen=True, slots=True)
class MotionKind:
    """How motions of one kind are shown and carried out; the seconder is None to try it out."""

    lines: Callable[[Motion], tuple[MotionLine, ...]]
    carry_out: Callable[[Motion, User | None], None]
    months: Callable[[Motion], frozenset[int]]


def file_of(motion: Motion) -> SourceFile:
    """The file that a motion brings; empty once it was decided."""
    name, content = motion.data["file"], bytes(motion.content or b"")
    if not motion.data.get("is_table") or not content:
        return SourceFile(name, content)
    return from_kept(name, content, motion.data["sha256"])


def digest(cells: Iterable[object]) -> str:
    """What a file was held against, in short: another digest means that something changed."""
    return sha256(repr(list(cells)).encode()).hexdigest()


def seen_of(lines: tuple[MotionLine, ...]) -> str:
    """What a person who confirms has seen of a motion, in short."""
    return sha256(repr(lines).encode()).hexdigest()


def check_file(problems: Iterable[Problem]) -> None:
    for problem in problems:
        raise StaleError(_("提出之后情况有变，不能照原样写入：%(problem)s") % {"problem": problem})


def every_month(motion: Motion) -> frozenset[int]:
    return frozenset(range(1, 13))


def no_month(motion: Motion) -> frozenset[int]:
    return frozenset()


def months_named(motion: Motion) -> frozenset[int]:
    return frozenset(motion.data["months"])


def months_from(motion: Motion) -> frozenset[int]:
    return frozenset(range(motion.data["from_month"], 13))


def or_dash(value: int | None, places: int = 0) -> str:
    """A stored figure as it is written, with its decimals; a dash where none was reported."""
    return figure_text(value, places) or "—"


def stale() -> ReturnError:
    return StaleError(_("要改的内容又有改动，与提出时看到的不同；请查看最新内容后重新提出。"))


def of_file(file: SourceFile) -> dict[str, Any]:
    """What a motion says of its file; `is_table`: its content is what was read of the file."""
    data: dict[str, Any] = {"file": file.name, "sha256": file.sha256}
    return data | {"is_table": True} if file.table else data


def brought_in(file: SourceFile) -> str:
    return (_("导入 %(names)s") % {"names": file.name})[:LONGEST_REASON]


KINDS: dict[str, MotionKind] = {}


def register(code: str, kind: MotionKind) -> None:
    """Put a kind under its code of `Motion.Kind`; `ValueError` for a code that is there already."""
    if code in KINDS:
        raise ValueError(f"There is a kind of motion named {code} already.")
    KINDS[code] = kind
