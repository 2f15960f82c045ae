"""Owns a year of the made-up rulebook `ridges` as ground: its courts, figures, and people."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from courts.models import QualityYear
from courts.setup.services.setup import setup_year
from courts.years.selectors.years import find_year, rulebook_of
from tests.courts.made_rulebooks import RIDGES, figures_of
from tests.grounds import Ground
from tests.kept_rows import put_back
from tests.pages import account, give

PEOPLE = {
    "office": ("ridges-top", "office"),
    "office2": ("ridges-top", "office"),
    "centre": ("ridges-top", "centre"),
    "leader": ("ridges-top", "leader"),
    "desk": ("ridges-east", "litigation"),
    "west": ("ridges-west", "litigation"),
}


def _make() -> None:
    with TemporaryDirectory() as folder:
        setup_year(folder=RIDGES.folder(Path(folder) / "ridges"))
    year = find_year(RIDGES.code)
    give(year, *figures_of(RIDGES, list(rulebook_of(year).metrics)))
    for name, (court, role) in PEOPLE.items():
        account(name, court, role)


GROUND = Ground("ridges-2023", _make)


def ridges() -> QualityYear:
    """The year, by rows kept from the first time."""
    put_back(GROUND.name, GROUND.make)
    return find_year(RIDGES.code)
