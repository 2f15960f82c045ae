"""Owns extracts and differences that several tests start from."""

from __future__ import annotations

from courts.extracts.selectors.differences import DifferenceLine, differences_of
from courts.extracts.services.differences import seen_of as seen
from courts.extracts.services.extracts import ExtractResult, import_extract
from courts.models import QualityYear, User
from courts.years.selectors.slots import Slot
from tests.courts.conftest import csv_file

__all__ = ["extract", "seen", "the_line"]

SYSTEM = "数据集中管理平台"
METRIC = "appeals_filed"


def extract(
    year: QualityYear, *rows: tuple[object, ...], actor: User | None = None, name: str = "e.csv"
) -> ExtractResult:
    """Take in rows of court, month, metric and value."""
    result = import_extract(year=year, files=[csv_file(rows, name)], source=SYSTEM, actor=actor)
    assert result.errors == ()
    assert result.applied
    return result


def the_line(user: User, slot: Slot, metric: str = METRIC) -> DifferenceLine:
    """The difference of a cell that must have one."""
    return differences_of(user, slot)[metric]
