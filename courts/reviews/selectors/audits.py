"""Owns the audit as a page turns through it: lines by the slice, and what can be chosen.

Never searches itself: `histories` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import get_language

from courts.frame.choices import Choice
from courts.models import QualityYear
from courts.permissions import Account, may_oversee_returns
from courts.returns.selectors.histories import AuditLine, AuditSearch, audit
from courts.years.selectors.metrics import metric_labels
from courts.years.selectors.years import courts_of

# More than any spreadsheet shows usefully, and a bound on what one file asks of the server.
MOST_LINES = 50_000


@dataclass(frozen=True)
class AuditLines:
    """The found lines, fetched by the slice; `PermissionDenied` came when it was made."""

    user: Account
    year: QualityYear
    search: AuditSearch

    @cached_property
    def _total(self) -> int:
        return audit(self.user, self.year, self.search, limit=0).total

    def __len__(self) -> int:
        return self._total

    def __getitem__(self, wanted: slice) -> tuple[AuditLine, ...]:
        start = wanted.start or 0
        stop = self._total if wanted.stop is None else wanted.stop
        return audit(self.user, self.year, self.search, start, stop - start).lines

    def all(self) -> tuple[AuditLine, ...]:
        """Every line, up to `MOST_LINES`."""
        return self[:MOST_LINES]


@dataclass(frozen=True, slots=True)
class AuditChoices:
    """Courts and metrics to choose from; a desk has its own court only, and so no choice."""

    courts: tuple[Choice, ...]
    metrics: tuple[Choice, ...]


def audit_lines(user: Account, year: QualityYear, search: AuditSearch) -> AuditLines:
    """The lines a search finds for an account; `PermissionDenied` when it may look at none."""
    lines = AuditLines(user, year, search)
    len(lines)
    return lines


def audit_choices(user: Account, year: QualityYear, search: AuditSearch) -> AuditChoices:
    """What the search can be narrowed to."""
    language = get_language() or ""
    courts = courts_of(year) if may_oversee_returns(user, year) else []
    return AuditChoices(
        courts=tuple(
            Choice(court.code, court.label(language), court.code == search.court)
            for court in courts
        ),
        metrics=tuple(
            Choice(code, label, code == search.metric)
            for code, label in metric_labels(year, language).items()
        ),
    )
