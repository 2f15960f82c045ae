"""Owns readings, targets, caps and supplements as motions: made, told in words, carried out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.figures.selectors.facts import DEMO_DOCUMENT
from courts.files.sheets import SourceFile
from courts.frame.refusals import RuleError
from courts.frame.texts import stated
from courts.models import AppraisalTarget, Cap, Motion, QualityYear, User
from courts.motions.kinds import (
    MotionKind,
    MotionLine,
    brought_in,
    every_month,
    file_of,
    months_from,
    no_month,
    of_file,
    register,
    stale,
)
from courts.motions.services.motions import move
from courts.rulebooks.selectors.supplements import SaidLine, said_lines
from courts.rulebooks.selectors.targets import cap_proposals, scope_name
from courts.rulebooks.services.caps import CapChange
from courts.rulebooks.services.readings import adopt
from courts.rulebooks.services.supplements import checked, take_up
from courts.rulebooks.services.target_edits import (
    TargetValues,
    add_target,
    change_target,
    remove_target,
    set_cap,
)
from courts.rulebooks.services.targets import TargetEntry
from courts.wording import amounts
from courts.wording.months import month_name
from courts.years.selectors.metrics import item_labels
from courts.years.selectors.readings import readings_in_force
from courts.years.selectors.supplements import in_force, read
from courts.years.selectors.years import courts_of, rulebook_of
from scoring.facts import Month
from scoring.faults import RulebookError
from scoring.supplements import Supplement


def _reading_lines(motion: Motion) -> tuple[MotionLine, ...]:
    language, data, year = get_language() or "", motion.data, motion.quality_year
    month = Month(year.year, data["from_month"])
    rulebook = rulebook_of(year, month)
    reading = rulebook.reading_by_code.get(data["reading"])
    if reading is None:
        return (MotionLine((data["reading"],), "—", data["value"]),)
    now = readings_in_force(year, month, rulebook)[reading.code]
    words = {option.value: option.label.get(language) for option in reading.options}
    since = _("自%(month)s起") % {"month": month_name(month)}
    line = MotionLine(
        (reading.question.get(language), since),
        words.get(now, now),
        words.get(data["value"], data["value"]),
    )
    return (line,)


def _adopt(motion: Motion, second: User | None) -> None:
    data = motion.data
    adopt(
        user=motion.moved_by,
        year=motion.quality_year,
        reading=data["reading"],
        value=data["value"],
        from_month=data["from_month"],
        note=motion.reason,
        decided_on=date.fromisoformat(data["decided_on"]),
        seen=data["seen"],
        document=data["document"],
        confirmed_by=second,
    )


def _targets_of(year: QualityYear) -> dict[tuple[str, str, str], AppraisalTarget]:
    """The targets by item, level and court: of several those that hold from the latest month."""
    rows = AppraisalTarget.objects.filter(quality_year=year).select_related("court")
    rows = rows.order_by("from_month")
    return {(row.item, row.level, row.court.code if row.court else ""): row for row in rows}


def _target_lines(motion: Motion) -> tuple[MotionLine, ...]:
    language, year = get_language() or "", motion.quality_year
    labels, stored = item_labels(year, language), _targets_of(year)
    names = {court.code: court.label(language) for court in courts_of(year)}
    lines = []
    for row in motion.data["rows"]:
        old = stored.get((row["item"], row["level"], row["court"]))
        level = scope_name(year, row["level"])
        lines.append(
            MotionLine(
                (
                    labels.get(row["item"], row["item"]),
                    names.get(row["court"], row["court"]) if row["court"] else level,
                ),
                _target_words(old.percent, old.document, old.decided_on) if old else "—",
                _("删除")
                if row["percent"] is None
                else _target_words(Decimal(row["percent"]), row["document"], row["decided_on"]),
            )
        )
    return tuple(lines)


def _target_words(percent: Decimal, document: str, decided_on: object) -> str:
    words = [amounts.percent(f"{percent.normalize():f}"), document, str(decided_on or "")]
    return " · ".join(filter(None, words))


def _write_targets(motion: Motion, second: User | None) -> None:
    year, stored = motion.quality_year, _targets_of(motion.quality_year)
    people: dict[str, Any] = {
        "user": motion.moved_by,
        "year": year,
        "reason": motion.reason,
        "confirmed_by": second,
    }
    for row in motion.data["rows"]:
        old = stored.get((row["item"], row["level"], row["court"]))
        is_new = row["version"] == 0 and row["percent"] is not None
        if not is_new and (old.version if old else 0) != row["version"]:
            raise stale()
        if row["percent"] is None:
            if old is not None:
                remove_target(**people, target=old.pk, seen_version=row["version"])
            continue
        on = date.fromisoformat(row["decided_on"]) if row["decided_on"] else None
        values = TargetValues(Decimal(row["percent"]), row["document"], on)
        if is_new:
            scope = {name: row[name] for name in ("item", "level", "court")}
            add_target(**people, **scope, values=values)
        elif old is not None:
            change_target(**people, target=old.pk, seen_version=row["version"], values=values)


def _cap_lines(motion: Motion) -> tuple[MotionLine, ...]:
    language = get_language() or ""
    names = {court.code: court.label(language) for court in courts_of(motion.quality_year)}
    caps = Cap.objects.filter(quality_year=motion.quality_year).select_related("court")
    caps = caps.order_by("from_month")
    stored = {cap.court.code: cap for cap in caps}
    lines = []
    for row in motion.data["rows"]:
        old = stored.get(row["court"])
        lines.append(
            MotionLine(
                (names.get(row["court"], row["court"]),),
                _cap_words(old.baseline_cases, old.reduction_cases) if old else "—",
                _cap_words(row["baseline_cases"], row["reduction_cases"]),
            )
        )
    return tuple(lines)


def _cap_words(baseline: int, reduction: int) -> str:
    return f"{baseline} − {reduction} = {baseline - reduction}"


def _write_caps(motion: Motion, second: User | None) -> None:
    for row in motion.data["rows"]:
        set_cap(
            user=motion.moved_by,
            year=motion.quality_year,
            court=row["court"],
            seen_version=row["version"],
            baseline_cases=row["baseline_cases"],
            reduction_cases=row["reduction_cases"],
            reason=motion.reason,
            confirmed_by=second,
        )


def _supplement_lines(motion: Motion) -> tuple[MotionLine, ...]:
    """The version, and what it says otherwise than the one in force."""
    year, data = motion.quality_year, motion.data
    rulebook = rulebook_of(year)
    before = in_force([year])[year.pk].get(data["supplement"])
    version = MotionLine(
        (data["title"], data["supplement"]),
        "—" if before is None else _version_words(before.version, before.sha256),
        _version_words(data["version"], data["hash"]),
    )
    try:
        new = checked(year=year, file=file_of(motion))
    except RulebookError:
        return (version,)
    old = {} if before is None else {one.code: one for one in said_lines(rulebook, read(before))}
    now = {one.code: one for one in said_lines(rulebook, new)}
    changed = [
        MotionLine(
            ((now.get(code) or old[code]).label, code),
            _said_words(old.get(code)),
            _said_words(now.get(code)),
        )
        for code in dict.fromkeys([*now, *old])
        if old.get(code) != now.get(code)
    ]
    return (version, *changed)


def _version_words(version: int, sha256: str) -> str:
    return _("第%(version)s版（%(sha256)s）") % {"version": version, "sha256": sha256[:8]}


def _said_words(line: SaidLine | None) -> str:
    if line is None:
        return "—"
    return " · ".join(filter(None, (line.value, line.place, line.evidence, line.paragraph)))


def _take_up(motion: Motion, second: User | None) -> None:
    year, data = motion.quality_year, motion.data
    before = in_force([year])[year.pk].get(data["supplement"])
    if (before.version if before else 0) != data["state"]:
        raise stale()
    take_up(
        user=motion.moved_by,
        year=year,
        file=file_of(motion),
        reason=motion.reason,
        confirmed_by=second,
    )


def move_reading(
    *, user: User, year: QualityYear, reading: str, note: str, decided_on: date, **given: Any
) -> Motion:
    """One option of a reading, from a month on; `given` are value, from_month, document, seen."""
    return move(
        user=user,
        year=year,
        kind=Motion.Kind.READING,
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
    return _move_rows(user, year, Motion.Kind.TARGETS, [row], reason)


def move_target_file(
    *, user: User, year: QualityYear, file: SourceFile, entries: Iterable[TargetEntry]
) -> Motion:
    """The targets of a file that differ from those stored; what a row leaves out, it keeps."""
    stored = {
        (row.item, row.level, row.court_id): row
        for row in AppraisalTarget.objects.filter(quality_year=year)
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
    return _move_rows(user, year, Motion.Kind.TARGETS, rows, brought_in(file))


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
    return _move_rows(user, year, Motion.Kind.CAPS, [row], reason)


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
    return _move_rows(user, year, Motion.Kind.CAPS, rows, brought_in(file))


def move_proposed_caps(*, user: User, year: QualityYear, reason: str) -> Motion:
    """Caps as the rulebook proposes them, for courts that have none."""
    there = set(Cap.objects.filter(quality_year=year).values_list("court__code", flat=True))
    rows = [
        _cap_row(code, proposal.baseline_cases, proposal.reduction_cases, 0)
        for code, proposal in cap_proposals(year).items()
        if code not in there
    ]
    return _move_rows(user, year, Motion.Kind.CAPS, rows, reason)


def move_supplement(
    *, user: User, year: QualityYear, file: SourceFile, said: Supplement, reason: str
) -> Motion:
    """A supplement that was read without faults, in place of the one of its code in force."""
    before = in_force([year])[year.pk].get(said.code)
    return move(
        user=user,
        year=year,
        kind=Motion.Kind.SUPPLEMENT,
        reason=stated(reason, _("请说明原因。")),
        content=file.content,
        data=of_file(file)
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
        raise RuleError(_("没有要改的内容。请先改动再保存。"))
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


register(Motion.Kind.READING, MotionKind(_reading_lines, _adopt, months_from))
register(Motion.Kind.TARGETS, MotionKind(_target_lines, _write_targets, every_month))
register(Motion.Kind.CAPS, MotionKind(_cap_lines, _write_caps, every_month))
register(Motion.Kind.SUPPLEMENT, MotionKind(_supplement_lines, _take_up, no_month))
