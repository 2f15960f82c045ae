"""Owns reading a year's terms of consultation and objection, and who changed them when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from courts.models import Event, IssuingTerms, QualityYear
from courts.models.consultations import Silence


@dataclass(frozen=True, slots=True)
class TermsChange:
    """One change: the terms before and after in words, by whom, when, why."""

    at: datetime
    by: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class TermsPage:
    """What holds, and how it came about."""

    terms: IssuingTerms
    silence_label: str
    changes: tuple[TermsChange, ...]


def terms_of(year: QualityYear) -> IssuingTerms:
    """The terms of a year; the defaults, not stored, where none were set. One query."""
    found = IssuingTerms.objects.filter(quality_year=year).first()
    return found or IssuingTerms(quality_year=year)


def terms_page(year: QualityYear) -> TermsPage:
    """Two queries."""
    terms = terms_of(year)
    acts = Event.objects.filter(quality_year=year, action="set_issuing_terms")
    return TermsPage(
        terms=terms,
        silence_label=str(Silence(terms.silence).label),
        changes=tuple(
            TermsChange(
                at=act.at,
                by=str(act.actor or ""),
                before=_words(act.data["before"]),
                after=_words(act.data["after"]),
                reason=act.reason,
            )
            for act in acts.select_related("actor")
        ),
    )


def _words(values: dict[str, object]) -> str:
    silence = Silence(str(values["silence"])).label
    return f"{values['consultation_days']} · {silence} · {values['objection_days']}"
