"""Owns figures of the year before as motions: made, told in words, carried out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.figures.services.figures import FigureChange
from courts.figures.services.imports import import_figures
from courts.files.sheets import SourceFile
from courts.models import Motion, QualityYear, User
from courts.motions.kinds import (
    MotionKind,
    MotionLine,
    check_file,
    digest,
    every_month,
    file_of,
    of_file,
    or_dash,
    register,
    stale,
)
from courts.motions.services.motions import move
from courts.wording.explanations import metric_name
from courts.wording.months import month_name
from courts.years.selectors.years import rulebook_of


def baseline_state(changes: Iterable[Any]) -> str:
    """What was stored so far of the figures of a file, and where it came from."""
    return digest(
        (
            change.entry.court.code,
            str(change.entry.month),
            change.entry.metric.code,
            change.old,
            change.old_note,
        )
        for change in changes
    )


def _said(value: int | None, note: str, change: FigureChange) -> str:
    """A value in words; with its source where only that changes."""
    if not change.is_of_note:
        return or_dash(value, change.entry.metric.places)
    values = {"value": or_dash(value, change.entry.metric.places), "source": note or "—"}
    return _("%(value)s（来源：%(source)s）") % values


def _baseline_lines(motion: Motion) -> tuple[MotionLine, ...]:
    language = get_language() or ""
    rulebook = rulebook_of(motion.quality_year)
    result = import_figures(
        year=motion.quality_year,
        files=[file_of(motion)],
        of_years=motion.data["years"],
        with_notes=motion.data.get("notes", False),
        apply=False,
    )
    return tuple(
        MotionLine(
            (
                change.entry.court.label(language),
                month_name(change.entry.month),
                metric_name(rulebook, change.entry.metric.code, language),
            ),
            _said(change.old, change.old_note, change),
            _said(change.new, change.entry.note, change),
            change.entry.court.code,
        )
        for change in result.changes
    )


def _take_baseline(motion: Motion, second: User | None) -> None:
    values: dict[str, Any] = {
        "year": motion.quality_year,
        "files": [file_of(motion)],
        "of_years": motion.data["years"],
        "with_notes": motion.data.get("notes", False),
    }
    before = import_figures(**values, apply=False)
    check_file(before.errors)
    if baseline_state(before.changes) != motion.data["state"]:
        raise stale()
    if second is None:
        # To try it out the figures have to count, whoever confirms them.
        import_figures(**values)
    else:
        import_figures(**values, actor=motion.moved_by, confirmed_by=second)


def move_baseline(
    *,
    user: User,
    year: QualityYear,
    file: SourceFile,
    changes: Sequence[FigureChange],
    source: str = "",
) -> Motion:
    """Figures of the year before, which no page of returns shows.

    With a `source` the file says of each figure where it comes from, which is kept beside it.
    """
    entries = [change.entry for change in changes]
    return move(
        user=user,
        year=year,
        kind=Motion.Kind.BASELINE,
        sides=frozenset(entry.metric.side.value for entry in entries),
        reason=source,
        content=file.kept,
        data=of_file(file)
        | {
            "notes": bool(source),
            "years": sorted({entry.month.year for entry in entries}),
            "courts": sorted({entry.court.code for entry in entries}),
            "figures": len(changes),
            "state": baseline_state(changes),
        },
    )


register(Motion.Kind.BASELINE, MotionKind(_baseline_lines, _take_baseline, every_month))
