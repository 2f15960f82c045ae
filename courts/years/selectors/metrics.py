"""Owns the names of metrics and items where rows of several months, years or prefectures stand.

A metric is named as the rulebook of its own prefecture and month names it. Of rulebooks nothing but
the names is read here, a text once a process: a list must not wait for all of them to be parsed.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from courts.models import MonthlyReturn, QualityYear, RulebookEdition
from courts.years.selectors.years import rulebooks_of
from scoring.schema import Item, Text

METRICS_FILE = "metrics.toml"


class _Named(NamedTuple):
    """What a text says of a metric: its name, and with how many decimals figures are written."""

    label: Text
    places: int


# Of editions in force, by hash: their texts never change.
_KNOWN: dict[str, Mapping[str, _Named]] = {}
MOST_KNOWN = 10_000


class _Edition(NamedTuple):
    """Which months of which year of a prefecture a text governs; the latest come first."""

    root: int
    year: int
    from_month: int
    sha256: str


class MetricLabels:
    """The names of metrics in one language, for a page or a file: at most six queries."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._editions: dict[int, list[_Edition]] = {}
        self._is_complete = False

    def of_return(self, row: MonthlyReturn, code: str) -> str:
        """The name in the rulebook of the return's court and month, else the latest or the code."""
        known = self._known(row, code)
        return code if known is None else known.label.get(self._language)

    def places(self, row: MonthlyReturn, code: str) -> int:
        """With how many decimals the return's figures of the metric are written."""
        known = self._known(row, code)
        return 0 if known is None else known.places

    def _known(self, row: MonthlyReturn, code: str) -> _Named | None:
        root = row.court.root_key
        editions = self._of_root(root)
        governing = [
            edition
            for edition in editions
            if edition.year == row.year and edition.from_month <= row.month
        ]
        for edition in (*governing[:1], *editions):
            known = _KNOWN.get(edition.sha256, {}).get(code)
            if known is not None:
                return known
        return None

    def choices(self, root: int | None = None) -> dict[str, str]:
        """Every metric of a prefecture, or of all, by code; a later name wins."""
        if root is None:
            self._load(None)
        found: dict[str, str] = {}
        roots = self._editions if root is None else [root]
        for one in roots:
            for edition in reversed(self._of_root(one)):
                for code, known in _KNOWN.get(edition.sha256, {}).items():
                    found[code] = known.label.get(self._language)
        return found

    def _of_root(self, root: int) -> list[_Edition]:
        if root not in self._editions and not self._is_complete:
            # Rows of a second prefecture: somebody looks at all of them.
            self._load(None if self._editions else root)
        return self._editions.get(root, [])

    def _load(self, root: int | None) -> None:
        if self._is_complete:
            return
        found = _editions(root)
        _learn({edition.sha256 for edition in found})
        by_root: dict[int, list[_Edition]] = defaultdict(list)
        for edition in found:
            by_root[edition.root].append(edition)
        self._editions = dict(by_root)
        if root is None:
            self._is_complete = True
        else:
            self._editions.setdefault(root, [])


def item_labels(year: QualityYear, language: str) -> Mapping[str, str]:
    """The items that take an appraisal target in any month of the year, in the notice's order."""
    found: dict[str, str] = {}
    for rulebook in rulebooks_of(year):
        for code in rulebook.appraisal_items:
            found.setdefault(code, f"{code} {rulebook.item_by_code[code].short.get(language)}")
    return found


def item_names(year: QualityYear, language: str) -> Mapping[str, str]:
    """The names of the items of any month of the year, by code."""
    return {item.code: item.label.get(language) for item in items_of(year)}


def items_of(year: QualityYear) -> tuple[Item, ...]:
    """The items of any month of the year, in the notice's order; the latest of a code."""
    found: dict[str, Item] = {}
    for rulebook in rulebooks_of(year):
        for item in rulebook.items:
            found.setdefault(item.code, item)
    return tuple(found.values())


def metric_labels(year: QualityYear, language: str) -> Mapping[str, str]:
    """The metrics asked for in any month of the year, by code; a later name wins."""
    found: dict[str, str] = {}
    for rulebook in rulebooks_of(year):
        for code, metric in rulebook.metrics.items():
            found.setdefault(code, metric.label.get(language))
    return found


def _editions(root: int | None) -> list[_Edition]:
    """The editions that govern months of a prefecture's years, or of all; the latest first."""
    years = QualityYear.objects.order_by("-year", "code")
    earlier = RulebookEdition.objects.filter(
        state=RulebookEdition.State.SUPERSEDED, quality_year__isnull=False
    ).order_by("-quality_year__year", "-enacted_at", "-pk")
    if root is not None:
        years = years.filter(court=root)
        earlier = earlier.filter(quality_year__court=root)
    latest = years.values_list("court", "year", "edition__from_month", "edition__sha256")
    before = earlier.values_list(
        "quality_year__court", "quality_year__year", "from_month", "sha256"
    )
    found = [_Edition(*row[:2], row[2] or 1, row[3]) for row in (*latest, *before)]
    # Sorting keeps the order within a year: what is in force before what it replaced.
    return sorted(found, key=lambda edition: -edition.year)


def _learn(hashes: Iterable[str]) -> None:
    """Read the names of the texts that this process has not read yet. One query, or none."""
    if len(_KNOWN) > MOST_KNOWN:
        _KNOWN.clear()
    unknown = set(hashes) - _KNOWN.keys()
    if not unknown:
        return
    rows = RulebookEdition.objects.filter(sha256__in=unknown).order_by()
    for sha256, text in rows.values_list("sha256", f"sources__{METRICS_FILE}").distinct():
        _KNOWN[sha256] = _names_in(text or "")


@lru_cache(maxsize=64)
def _names_in(text: str) -> Mapping[str, _Named]:
    """The metrics of one file by code; prefectures that share a file share what is read of it."""
    metrics = tomllib.loads(text).get("metrics", [])
    return {
        metric["code"]: _Named(Text(**metric["label"]), metric.get("places", 0))
        for metric in metrics
    }
