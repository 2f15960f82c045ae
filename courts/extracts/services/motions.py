"""Owns extracts and settled differences as motions: made, told in words, carried out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.extracts.services.differences import SeenCell, settle
from courts.extracts.services.extracts import ExtractResult, import_extract
from courts.files.sheets import SourceFile
from courts.frame.refusals import ReturnError
from courts.frame.texts import stated
from courts.models import Court, Difference, Motion, QualityYear, User
from courts.motions.kinds import (
    MotionKind,
    MotionLine,
    check_file,
    digest,
    file_of,
    months_named,
    of_file,
    or_dash,
    register,
    stale,
)
from courts.motions.selectors.waiting import waiting_cells
from courts.motions.services.motions import move
from courts.wording.amounts import places_of, written
from courts.wording.explanations import metric_name
from courts.wording.months import month_name
from courts.years.court_changes import changes_among
from courts.years.selectors.slots import Slot
from courts.years.selectors.years import courts_of, rulebook_of
from scoring.facts import Month


def extract_state(lines: Iterable[Any]) -> str:
    """What extracts said so far of the cells of a file."""
    return digest((line.court, str(line.month), line.metric, line.before) for line in lines)


def _extract_lines(motion: Motion) -> tuple[MotionLine, ...]:
    result = import_extract(
        year=motion.quality_year, files=[file_of(motion)], source=motion.data["source"], apply=False
    )
    return tuple(
        MotionLine(
            (line.court_name, month_name(line.month), line.label),
            or_dash(line.before, line.places),
            or_dash(line.value, line.places),
        )
        for line in result.telling
    )


def _take_extract(motion: Motion, second: User | None) -> None:
    values: dict[str, Any] = {
        "year": motion.quality_year,
        "files": [file_of(motion)],
        "source": motion.data["source"],
        "actor": motion.moved_by,
    }
    before = import_extract(**values, apply=False)
    check_file(before.errors)
    if extract_state(before.lines) != motion.data["state"]:
        raise stale()
    import_extract(**values, confirmed_by=second)


def _settlement_lines(motion: Motion) -> tuple[MotionLine, ...]:
    language = get_language() or ""
    listed = courts_of(motion.quality_year)
    courts, changes = {one.code: one for one in listed}, changes_among(motion.quality_year, listed)
    rulebook = rulebook_of(motion.quality_year)

    def name(code: str, month: Month) -> str:
        return changes.named(courts[code], month).label(language) if code in courts else code

    return tuple(
        MotionLine(
            (
                name(cell["court"], Month.parse(cell["month"])),
                month_name(Month.parse(cell["month"])),
                metric_name(rulebook, cell["metric"], language),
            ),
            _("提取数据 %(extract)s，法院填报 %(own)s")
            % {
                "extract": written(cell["extract"], rulebook, cell["metric"]),
                "own": or_dash(cell["reported"], places_of(rulebook, [cell["metric"]])),
            },
            str(Difference.State(motion.data["stands"]).label),
        )
        for cell in motion.data["cells"]
    )


def _settle(motion: Motion, second: User | None) -> None:
    courts = {
        court.code: court
        for court in Court.objects.under(motion.quality_year.court).select_related("parent")
    }
    rulebook = rulebook_of(motion.quality_year)
    for cell in motion.data["cells"]:
        metric = rulebook.metrics.get(cell["metric"])
        court = courts.get(cell["court"])
        if metric is None or court is None:
            raise stale()
        settle(
            user=motion.moved_by,
            slot=Slot(motion.quality_year, court, Month.parse(cell["month"]), metric.side),
            seen=SeenCell(cell["metric"], cell["version"], cell["extract"], cell["reported"]),
            stands=motion.data["stands"],
            note=motion.reason,
            confirmed_by=second,
        )


def move_extract(
    *, user: User, year: QualityYear, file: SourceFile, source: str, result: ExtractResult
) -> Motion:
    """An extract that was looked through without errors."""
    return move(
        user=user,
        year=year,
        kind=Motion.Kind.EXTRACT,
        sides=frozenset(line.side for line in result.lines),
        content=file.kept,
        data=of_file(file)
        | {
            "source": source.strip(),
            "months": sorted({line.month.month for line in result.lines}),
            "figures": len(result.lines),
            "changed": result.changed,
            "differing": result.differing,
            "state": extract_state(result.lines),
        },
    )


def move_settlements(
    *,
    user: User,
    year: QualityYear,
    picks: Sequence[tuple[Slot, SeenCell]],
    stands: str,
    note: str,
) -> tuple[Motion, ...]:
    """How differences are to be settled: one motion for each side.

    Raises `ReturnError`.
    """
    if stands not in ("return", "extract"):
        raise ReturnError(_("请选择以哪个数值为准。"))
    if stands == "return" or note.strip():
        note = stated(note, _("采用法院填报的数值须写明理由。"))
    waiting = waiting_cells([year])
    if any((slot.court.code, str(slot.month), seen.metric) in waiting for slot, seen in picks):
        raise ReturnError(_("所选差异中有的已有处理意见在等另一人确认。请不选这些，或者先办理。"))
    return tuple(
        move(
            user=user,
            year=year,
            kind=Motion.Kind.SETTLEMENT,
            sides=frozenset({side}),
            reason=note,
            data={
                "stands": stands,
                "months": sorted({slot.month.month for slot, _seen in of_side}),
                "cells": [_cell(slot, seen) for slot, seen in of_side],
            },
        )
        for side in sorted({slot.side.value for slot, _seen in picks})
        if (of_side := [pick for pick in picks if pick[0].side.value == side])
    )


def _cell(slot: Slot, seen: SeenCell) -> dict[str, Any]:
    return {
        "court": slot.court.code,
        "month": str(slot.month),
        "metric": seen.metric,
        "version": seen.version,
        "extract": seen.extract_value,
        "reported": seen.court_value,
    }


register(Motion.Kind.EXTRACT, MotionKind(_extract_lines, _take_extract, months_named))
register(Motion.Kind.SETTLEMENT, MotionKind(_settlement_lines, _settle, months_named))
