"""Owns turning what an office asks for on its pages into motions, one builder a kind.

Each writes down what would be stored and the versions it was looked at with; `motions.move` asks
who may, and tries it out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from courts.models import AppraisalTarget, Cap, Motion, QualityYear, User
from courts.selectors.facts import DEMO_DOCUMENT
from courts.selectors.slots import Slot
from courts.selectors.supplements import in_force
from courts.selectors.targets import cap_proposals
from courts.selectors.waiting_motions import waiting_cells
from courts.services.caps import CapChange
from courts.services.differences import Seen
from courts.services.extracts import ExtractResult
from courts.services.figures import Change
from courts.services.locking import stated
from courts.services.motion_kinds import baseline_state, extract_state
from courts.services.motions import move
from courts.services.refusals import ReturnRefused, RuleRefused
from courts.services.sheets import SourceFile
from courts.services.target_edits import LONGEST_REASON, TargetValues
from courts.services.targets import TargetEntry
from scoring.supplements import Supplement

Kind = Motion.Kind


def move_extract(
    *, user: User, year: QualityYear, file: SourceFile, source: str, result: ExtractResult
) -> Motion:
    """An extract that was looked through without errors."""
    return move(
        user=user,
        year=year,
        kind=Kind.EXTRACT,
        sides=frozenset(line.side for line in result.lines),
        content=file.content,
        data=_of_file(file)
        | {
            "source": source.strip(),
            "months": sorted({line.month.month for line in result.lines}),
            "figures": len(result.lines),
            "changed": result.changed,
            "differing": result.differing,
            "state": extract_state(result.lines),
        },
    )


def move_baseline(
    *,
    user: User,
    year: QualityYear,
    file: SourceFile,
    changes: Sequence[Change],
    source: str = "",
) -> Motion:
    """Figures of the year before, which no page of returns shows.

    With a `source` the file says of each figure where it comes from, which is kept beside it.
    """
    entries = [change.entry for change in changes]
    return move(
        user=user,
        year=year,
        kind=Kind.BASELINE,
        sides=frozenset(entry.metric.side.value for entry in entries),
        reason=source,
        content=file.content,
        data=_of_file(file)
        | {
            "notes": bool(source),
            "years": sorted({entry.month.year for entry in entries}),
            "courts": sorted({entry.court.code for entry in entries}),
            "figures": len(changes),
            "state": baseline_state(changes),
        },
    )


def move_settlements(
    *,
    user: User,
    year: QualityYear,
    picks: Sequence[tuple[Slot, Seen]],
    stands: str,
    note: str,
) -> tuple[Motion, ...]:
    """How differences are to be settled: one motion for each side."""
    if stands not in ("return", "extract"):
        raise ReturnRefused(_("请选择以哪个数值为准。"))
    if stands == "return" or note.strip():
        note = stated(note, _("采用法院填报的数值须写明理由。"))
    waiting = waiting_cells([year])
    if any((slot.court.code, str(slot.month), seen.metric) in waiting for slot, seen in picks):
        raise ReturnRefused(_("所选差异中有的已有处理意见在等另一人确认。"))
    return tuple(
        move(
            user=user,
            year=year,
            kind=Kind.SETTLEMENT,
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


def move_reading(
    *, user: User, year: QualityYear, reading: str, note: str, decided_on: date, **given: Any
) -> Motion:
    """One option of a reading, from a month on; `given` are value, from_month, document, seen."""
    return move(
        user=user,
        year=year,
        kind=Kind.READING,
        reason=note,
        data={"reading": reading, "decided_on": decided_on.isoformat(), **given},
    )


def move_target(
    *,
    user: User,
    year: QualityYear,
    scope: tuple[str, str, str],
    values: TargetValues | None,
    seen_version: int,
    reason: str,
) -> Motion:
    """One target by item, level and court: another value, or None to take it away."""
    row = _target_row(scope, values, seen_version)
    return _move_rows(user, year, Kind.TARGETS, [row], reason)


def move_target_file(
    *, user: User, year: QualityYear, file: SourceFile, entries: Iterable[TargetEntry]
) -> Motion:
    """The targets of a file that differ from those stored; what a row leaves out, it keeps."""
    stored = {
        (row.item, row.level, row.court_id): row
        for row in AppraisalTarget.objects.filter(quality_year=year).order_by("from_month")
    }
    rows = []
    for entry in entries:
        old = stored.get(entry.key)
        kept = "" if old is None or old.document == DEMO_DOCUMENT else old.document
        values = TargetValues(
            entry.percent,
            entry.document or kept,
            entry.decided_on or (old.decided_on if old else None),
        )
        scope = (entry.item, entry.level, entry.court.code if entry.court else "")
        rows.append(_target_row(scope, values, old.version if old else 0))
    return _move_rows(user, year, Kind.TARGETS, rows, _brought_in(file))


def move_cap(
    *,
    user: User,
    year: QualityYear,
    court: str,
    seen_version: int,
    baseline_cases: int,
    reduction_cases: int,
    reason: str,
) -> Motion:
    """The cap of one court; version 0 where it has none yet."""
    row = _cap_row(court, baseline_cases, reduction_cases, seen_version)
    return _move_rows(user, year, Kind.CAPS, [row], reason)


def move_cap_file(
    *, user: User, year: QualityYear, file: SourceFile, changes: Iterable[CapChange]
) -> Motion:
    """The caps of a file that differ from those stored."""
    rows = [
        _cap_row(
            change.court.code,
            change.baseline_cases,
            change.reduction_cases,
            change.old.version if change.old else 0,
        )
        for change in changes
    ]
    return _move_rows(user, year, Kind.CAPS, rows, _brought_in(file))


def move_proposed_caps(*, user: User, year: QualityYear, reason: str) -> Motion:
    """Caps as the rulebook proposes them, for courts that have none."""
    there = set(Cap.objects.filter(quality_year=year).values_list("court__code", flat=True))
    rows = [
        _cap_row(code, proposal.baseline_cases, proposal.reduction_cases, 0)
        for code, proposal in cap_proposals(year).items()
        if code not in there
    ]
    return _move_rows(user, year, Kind.CAPS, rows, reason)


def move_supplement(
    *, user: User, year: QualityYear, file: SourceFile, said: Supplement, reason: str
) -> Motion:
    """A supplement that was read without faults, in place of the one of its code in force."""
    before = in_force([year])[year.pk].get(said.code)
    return move(
        user=user,
        year=year,
        kind=Kind.SUPPLEMENT,
        reason=stated(reason, _("请说明原因。")),
        content=file.content,
        data=_of_file(file)
        | {
            "supplement": said.code,
            "version": said.version,
            "title": str(said.title),
            "hash": said.sha256,
            "state": before.version if before else 0,
        },
    )


def _move_rows(
    user: User, year: QualityYear, kind: str, rows: Collection[Mapping[str, Any]], reason: str
) -> Motion:
    if not rows:
        raise RuleRefused(_("没有要改的内容。"))
    return move(user=user, year=year, kind=kind, reason=reason, data={"rows": list(rows)})


def _target_row(
    scope: tuple[str, str, str], values: TargetValues | None, version: int
) -> dict[str, Any]:
    item, level, court = scope
    on = values.decided_on if values else None
    return {
        "item": item,
        "level": level,
        "court": court,
        "percent": format(values.percent, "f") if values else None,
        "document": values.document if values else "",
        "decided_on": on.isoformat() if on else None,
        "version": version,
    }


def _cap_row(court: str, baseline_cases: int, reduction_cases: int, version: int) -> dict[str, Any]:
    return {
        "court": court,
        "baseline_cases": baseline_cases,
        "reduction_cases": reduction_cases,
        "version": version,
    }


def _cell(slot: Slot, seen: Seen) -> dict[str, Any]:
    return {
        "court": slot.court.code,
        "month": str(slot.month),
        "metric": seen.metric,
        "version": seen.version,
        "extract": seen.extract_value,
        "reported": seen.court_value,
    }


def _of_file(file: SourceFile) -> dict[str, Any]:
    return {"file": file.name, "sha256": file.sha256}


def _brought_in(file: SourceFile) -> str:
    return (_("导入 %(names)s") % {"names": file.name})[:LONGEST_REASON]
