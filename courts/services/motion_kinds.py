"""Owns what each kind of motion would write: its lines in words, and carrying it out.

Carrying out goes through the services that check and write such rows; whatever has changed since
the motion was made is refused there by its version. Never asks who may confirm: `motions` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts import wording
from courts.explanations import metric_name
from courts.models import AppraisalTarget, Cap, Court, Difference, Motion, QualityYear, User
from courts.selectors.metrics import item_labels
from courts.selectors.periods import month_name
from courts.selectors.readings import readings_in_force
from courts.selectors.slots import Slot
from courts.selectors.supplements import SaidLine, in_force, read, said_lines
from courts.selectors.years import courts_of, rulebook_of
from courts.services.differences import Seen, settle
from courts.services.extracts import import_extract
from courts.services.imports import import_figures
from courts.services.readings import adopt
from courts.services.refusals import ReturnRefused, Stale
from courts.services.sheets import Problem, SourceFile
from courts.services.supplements import checked, take_up
from courts.services.target_edits import (
    TargetValues,
    add_target,
    change_target,
    remove_target,
    set_cap,
)
from scoring.facts import Month
from scoring.faults import RulebookError


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


# --- Files of figures ------------------------------------------------------------------------


def file_of(motion: Motion) -> SourceFile:
    """The file that a motion brings; empty once it was decided."""
    return SourceFile(motion.data["file"], bytes(motion.content or b""))


def digest(cells: Iterable[object]) -> str:
    """What a file was held against, in short: another digest means that something changed."""
    return sha256(repr(list(cells)).encode()).hexdigest()


def extract_state(lines: Iterable[Any]) -> str:
    """What extracts said so far of the cells of a file."""
    return digest((line.court, str(line.month), line.metric, line.before) for line in lines)


def baseline_state(changes: Iterable[Any]) -> str:
    """What was stored so far of the figures of a file."""
    return digest(
        (change.entry.court.code, str(change.entry.month), change.entry.metric.code, change.old)
        for change in changes
    )


def _extract_lines(motion: Motion) -> tuple[MotionLine, ...]:
    result = import_extract(
        year=motion.quality_year, files=[file_of(motion)], source=motion.data["source"], apply=False
    )
    return tuple(
        MotionLine(
            (line.court_name, month_name(line.month), line.label),
            _or_dash(line.before),
            _or_dash(line.value),
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
    _check_file(before.errors)
    if extract_state(before.lines) != motion.data["state"]:
        raise _stale()
    import_extract(**values, confirmed_by=second)


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
            _or_dash(change.old),
            _or_dash(change.new),
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
    _check_file(before.errors)
    if baseline_state(before.changes) != motion.data["state"]:
        raise _stale()
    if second is None:
        # To try it out the figures have to count, whoever confirms them.
        import_figures(**values)
    else:
        import_figures(**values, actor=motion.moved_by, confirmed_by=second)


def _check_file(problems: Iterable[Problem]) -> None:
    for problem in problems:
        raise Stale(_("提出之后情况有变，不能照原样写入：%(problem)s") % {"problem": problem})


# --- Differences -----------------------------------------------------------------------------


def _settlement_lines(motion: Motion) -> tuple[MotionLine, ...]:
    language = get_language() or ""
    names = {court.code: court.label(language) for court in courts_of(motion.quality_year)}
    rulebook = rulebook_of(motion.quality_year)
    return tuple(
        MotionLine(
            (
                names.get(cell["court"], cell["court"]),
                month_name(Month.parse(cell["month"])),
                metric_name(rulebook, cell["metric"], language),
            ),
            _("提取数据 %(extract)s，法院填报 %(own)s")
            % {"extract": cell["extract"], "own": _or_dash(cell["reported"])},
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
            raise _stale()
        settle(
            user=motion.moved_by,
            slot=Slot(motion.quality_year, court, Month.parse(cell["month"]), metric.side),
            seen=Seen(cell["metric"], cell["version"], cell["extract"], cell["reported"]),
            stands=motion.data["stands"],
            note=motion.reason,
            confirmed_by=second,
        )


# --- Readings --------------------------------------------------------------------------------


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


# --- Targets and caps ------------------------------------------------------------------------


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
        level = str(AppraisalTarget.Level(row["level"]).label)
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
    words = [wording.percent(f"{percent.normalize():f}"), document, str(decided_on or "")]
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
            raise _stale()
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


# --- Supplements -----------------------------------------------------------------------------


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
        raise _stale()
    take_up(
        user=motion.moved_by,
        year=year,
        file=file_of(motion),
        reason=motion.reason,
        confirmed_by=second,
    )


# --- All of them -----------------------------------------------------------------------------


def _every_month(motion: Motion) -> frozenset[int]:
    return frozenset(range(1, 13))


def _no_month(motion: Motion) -> frozenset[int]:
    return frozenset()


def _months_named(motion: Motion) -> frozenset[int]:
    return frozenset(motion.data["months"])


def _months_from(motion: Motion) -> frozenset[int]:
    return frozenset(range(motion.data["from_month"], 13))


KINDS: Mapping[str, MotionKind] = {
    Motion.Kind.BASELINE: MotionKind(_baseline_lines, _take_baseline, _every_month),
    Motion.Kind.EXTRACT: MotionKind(_extract_lines, _take_extract, _months_named),
    Motion.Kind.SETTLEMENT: MotionKind(_settlement_lines, _settle, _months_named),
    Motion.Kind.READING: MotionKind(_reading_lines, _adopt, _months_from),
    Motion.Kind.TARGETS: MotionKind(_target_lines, _write_targets, _every_month),
    Motion.Kind.CAPS: MotionKind(_cap_lines, _write_caps, _every_month),
    Motion.Kind.SUPPLEMENT: MotionKind(_supplement_lines, _take_up, _no_month),
}


def _or_dash(value: object) -> str:
    return "—" if value is None else str(value)


def _stale() -> ReturnRefused:
    return Stale(_("要改的内容又有改动，与提出时看到的不同；请查看最新内容后重新提出。"))
