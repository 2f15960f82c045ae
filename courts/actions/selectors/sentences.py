"""Owns the sentences of alarms: each rule's, from the figures that its card was made with.

Figures are kept as plain values, so that a card, an action and the minutes of a meeting say the
same in any language, whatever has become of the figures since.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from courts.wording.amounts import counted, unit_of, with_unit, written
from courts.wording.explanations import metric_name, side_label
from scoring.schema import Rulebook
from scoring.supervision import ProposalRule

Values = Mapping[str, Any]


def subject_label(rulebook: Rulebook, subject: str) -> str:
    """What an item or metric is called; the code where the rules know none such."""
    item = rulebook.item_by_code.get(subject)
    if item is not None:
        return item.label.get(get_language() or "")
    return metric_name(rulebook, subject) if subject in rulebook.metrics else subject


def alarm_sentence(values: Values, rulebook: Rulebook) -> str:
    """What a card's figures say; nothing for figures of a rule that there is no more."""
    rule = values.get("rule", "")
    if rule not in {one.value for one in ProposalRule}:
        return ""
    return _SENTENCES[ProposalRule(rule)](values, rulebook)


def shows_places(values: Values) -> bool:
    """Whether the figures tell a place of the ranking, which courts may be kept from."""
    return values.get("rule") == ProposalRule.RANK_FALLEN


def _cap(values: Values, rulebook: Rulebook) -> str:
    item = rulebook.item_by_code.get(values["subject"])
    unit = "" if item is None else unit_of(rulebook, item.metrics)
    said = {
        "name": values["subject"] if item is None else item.short.get(get_language() or ""),
        "cases": counted(str(values["cases"]), unit),
        "cap": counted(str(values["cap"]), unit),
        "low": values["low"],
        "high": counted(str(values["high"]), unit),
        "risk": values["risk"],
    }
    if values["cases"] > values["cap"]:
        return _("%(name)s：至今%(cases)s，已超过全年上限%(cap)s。") % said
    return (
        _(
            "%(name)s：至今%(cases)s，全年上限%(cap)s，年底预计%(low)s—%(high)s，超过上限的可能性%(risk)s。"
        )
        % said
    )


def _target(values: Values, rulebook: Rulebook) -> str:
    said = {"name": subject_label(rulebook, values["subject"]), "months": values["months"]}
    if not values["value"] or not values["target"]:
        return _("%(name)s：连续%(months)s个月未达目标。") % said
    said["value"] = with_unit(values["value"], values["unit"])
    said["target"] = with_unit(values["target"], values["unit"])
    return _("%(name)s：连续%(months)s个月未达目标，现为%(value)s，目标%(target)s。") % said


def _rank(values: Values, rulebook: Rulebook) -> str:
    said = {one: values[one] for one in ("before", "rank", "places")}
    return _("名次由第%(before)s位降至第%(rank)s位，下降%(places)s位。") % said


def _overdue(values: Values, rulebook: Rulebook) -> str:
    said = {
        "side": side_label(rulebook, values["side"]),
        "count": values["count"],
        "month": values["month"],
        "days": values["days"],
    }
    text = ngettext(
        "%(side)s报表%(count)s张未报，最早的是%(month)s月，已逾期%(days)s天。",
        "%(side)s报表%(count)s张未报，最早的是%(month)s月，已逾期%(days)s天。",
        values["count"],
    )
    return text % said


def _unlikely(values: Values, rulebook: Rulebook) -> str:
    code = values["subject"]
    unit = unit_of(rulebook, [code]) if code in rulebook.metrics else ""
    said = {
        "name": subject_label(rulebook, code),
        "value": counted(written(values["value"], rulebook, code), unit),
        "low": written(values["low"], rulebook, code),
        "high": counted(written(values["high"], rulebook, code), unit),
    }
    return _("%(name)s至今%(value)s，通常应在%(low)s—%(high)s之间。") % said


def _register(values: Values, rulebook: Rulebook) -> str:
    code = values["subject"]
    unit = unit_of(rulebook, [code]) if code in rulebook.metrics else ""
    said = {
        "name": subject_label(rulebook, code),
        "figure": counted(str(values["figure"]), unit),
        "lines": counted(str(values["lines"]), unit),
    }
    return _("%(name)s：报表%(figure)s，台账%(lines)s。") % said


_SENTENCES: Mapping[ProposalRule, Callable[[Values, Rulebook], str]] = {
    ProposalRule.CAP_IN_DANGER: _cap,
    ProposalRule.TARGET_MISSED: _target,
    ProposalRule.RANK_FALLEN: _rank,
    ProposalRule.OVERDUE: _overdue,
    ProposalRule.UNLIKELY: _unlikely,
    ProposalRule.REGISTER_DIFFERS: _register,
}
