"""Owns the lines a court is asked about, and which of them nobody has settled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts import database_clock
from courts.closings.selectors.frozen import ReadSnapshot, read_snapshot
from courts.models import Consultation, ConsultationAnswer
from courts.models.consultations import Silence
from courts.wording.amounts import figure_text, with_unit
from courts.wording.explanations import metric_name, status_label
from scoring.results import Status
from scoring.schema import Unit

Verdict = ConsultationAnswer.Verdict
# How the keys of lines begin.
FIGURE, ITEM = "figure/", "item/"


@dataclass(frozen=True, slots=True)
class AskedLine:
    """One figure or item of a court, as its snapshot has it."""

    court: str
    key: str
    side: str
    code: str
    label: str
    value: str
    detail: str = ""

    @property
    def is_item(self) -> bool:
        return self.key.startswith(ITEM)


def lines_of_court(consultation: Consultation, court: str) -> tuple[AskedLine, ...]:
    """The figures and items of a court on the sides that were closed, in the rules' order."""
    frozen = read_snapshot(consultation.snapshot)
    return tuple(court_lines(frozen, court))


def court_lines(frozen: ReadSnapshot, court: str) -> Iterable[AskedLine]:
    """The lines of one court of a frozen month; nothing for a court that is not in it."""
    content = frozen.parts.courts.get(court)
    if content is None:
        return
    language = get_language() or ""
    rulebook, current = frozen.rulebook, content["facts"]["current"]
    for code, metric in rulebook.metrics.items():
        if metric.side.value in frozen.sides:
            shown = figure_text(current.get(code), metric.places) or "—"
            label = metric_name(rulebook, code, language)
            yield AskedLine(court, FIGURE + code, metric.side.value, code, label, shown)
    for item in content["score"]["items"]:
        known = rulebook.item_by_code[item["item"]]
        points = item["points"]
        yield AskedLine(
            court,
            ITEM + item["item"],
            item["side"],
            item["item"],
            known.label.get(language),
            status_label(Status(item["status"])) if points is None else points,
            _detail(item),
        )


def _detail(item: Mapping[str, object]) -> str:
    most = item["max_points"]
    full = _("不封顶") if most is None else _("满分%(points)s") % {"points": most}
    if item["value"] is None:
        return full
    value = with_unit(str(item["value"]), Unit(str(item["unit"])))
    return _("%(value)s，%(full)s") % {"value": value, "full": full}


def unsettled_lines(consultation: Consultation) -> list[AskedLine]:
    """Contested lines without an outcome; once it is over, silent ones too where they contest."""
    found = []
    silence_contests = consultation.silence == Silence.CONTESTS and is_over(consultation)
    for court in read_snapshot(consultation.snapshot).parts.courts:
        lines = lines_of_court(consultation, court)
        rows = _rows(consultation).get(court, {})
        found += [line for line in lines if _is_unsettled(rows.get(line.key), silence_contests)]
    return found


def is_over(consultation: Consultation) -> bool:
    """Whether its time is up by the clock of the database."""
    return consultation.ends_at <= database_clock.now()


def is_answered(consultation: Consultation) -> bool:
    """Whether every line of every court was answered, so that the end need not be awaited."""
    rows = _rows(consultation)
    courts = read_snapshot(consultation.snapshot).parts.courts
    return all(
        line.key in rows.get(court, {}) and rows[court][line.key].verdict != Verdict.SILENT
        for court in courts
        for line in lines_of_court(consultation, court)
    )


def _rows(consultation: Consultation) -> Mapping[str, Mapping[str, ConsultationAnswer]]:
    """The answers by court and line. One query a consultation object."""
    kept: dict[str, dict[str, ConsultationAnswer]] | None = consultation.__dict__.get("_answers")
    if kept is None:
        kept = {}
        rows = consultation.answers.select_related("court", "by", "settled_by")
        for row in rows:
            kept.setdefault(row.court.code, {})[row.line] = row
        consultation.__dict__["_answers"] = kept
    return kept


def _is_unsettled(row: ConsultationAnswer | None, silence_contests: bool) -> bool:
    if row is None:
        return silence_contests
    return row.verdict != Verdict.CONFIRMED and row.settled_at is None
