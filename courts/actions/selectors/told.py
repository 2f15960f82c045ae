"""Owns what bulletins and the year-end acceptance tell of actions, in the active language.

Causes are those that people wrote; an action without one says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from courts.actions.selectors.effects import effects_of
from courts.actions.selectors.sentences import subject_label
from courts.frame.listing import itemized
from courts.models import Action, QualityYear
from courts.wording.months import month_name
from courts.years.court_changes import court_label
from courts.years.selectors.years import rulebook_of
from scoring.facts import Month


@dataclass(frozen=True, slots=True)
class ToldCourt:
    """What the acceptance tells of one court: its actions with their effect, and its measures."""

    actions: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()


def _rows(year: QualityYear) -> list[Action]:
    """The actions of a year that were not taken back. Two queries."""
    rows = Action.objects.filter(quality_year=year).exclude(state=Action.State.WITHDRAWN)
    rows = rows.select_related("quality_year__court", "quality_year__edition", "court__parent")
    return list(rows.prefetch_related("measures").order_by("number"))


def told_of_month(year: QualityYear, month: int, sides: Collection[str]) -> tuple[str, ...]:
    """A sentence for each action on figures up to a month that is still under way."""
    rows = [
        row
        for row in _rows(year)
        if row.month <= month and row.side in sides and row.state in Action.OPEN
    ]
    at = Month(year.year, month)
    return tuple(_of_bulletin(row, court_label(year, row.court, at)) for row in rows)


def _of_bulletin(row: Action, court: str) -> str:
    values = {
        "court": court + row.department,
        "subject": _subject(row) or _("督导"),
        "cause": _ended(row.cause) or _("尚未查明"),
    }
    measures = [_ended(one.text) for one in row.measures.all()]
    if not measures:
        return _("%(court)s（%(subject)s）：原因：%(cause)s") % values
    values["measures"] = itemized(measures)
    return _("%(court)s（%(subject)s）：原因：%(cause)s；措施：%(measures)s") % values


def told_of_year(year: QualityYear) -> Mapping[str, ToldCourt]:
    """What the acceptance tells, by court. A constant number of queries."""
    rows = _rows(year)
    effects = effects_of(year, rows)
    found: dict[str, ToldCourt] = {}
    for code in dict.fromkeys(row.court.code for row in rows):
        own = [row for row in rows if row.court.code == code]
        found[code] = ToldCourt(
            actions=tuple(
                _of_acceptance(row, effects[row.pk].sentence if row.pk in effects else "")
                for row in own
            ),
            measures=tuple(_measures(own)),
        )
    return found


def _of_acceptance(row: Action, effect: str) -> str:
    values = {
        "number": row.number,
        "month": month_name(Month(row.quality_year.year, row.month)),
        "subject": _subject(row) or row.asks,
        "state": row.get_state_display(),
        "cause": _ended(row.cause) or _("尚未查明"),
        "effect": effect or _("没有可以逐月比较的指标。"),
    }
    text = _(
        "督导%(number)s（%(month)s，%(subject)s）：%(state)s。原因：%(cause)s。效果：%(effect)s"
    )
    return text % values


def _measures(rows: Iterable[Action]) -> Iterable[str]:
    for row in rows:
        for one in row.measures.all():
            values = {
                "number": row.number,
                "text": _ended(one.text),
                "owner": one.owner,
                "due": one.due_on.isoformat(),
                "done": one.done_on.isoformat() if one.done_on else "",
                "note": _ended(one.note),
            }
            if one.done_on is None:
                text = _("督导%(number)s：%(text)s（%(owner)s，期限%(due)s）：未完成。")
            else:
                text = _(
                    "督导%(number)s：%(text)s（%(owner)s，期限%(due)s）：%(done)s完成，%(note)s。"
                )
            yield text % values


def _subject(row: Action) -> str:
    if not row.subject:
        return ""
    rulebook = rulebook_of(row.quality_year, Month(row.quality_year.year, row.month))
    return subject_label(rulebook, row.subject)


def _ended(text: str) -> str:
    """A text without the stop at its end, and in one line."""
    return " ".join(text.split()).rstrip("。.；;")
