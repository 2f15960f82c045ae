"""Owns the accounts that tests of registers share: who keeps, oversees, or neither."""

from __future__ import annotations

import pytest

from courts.models import QualityYear, User
from tests.pages import account

People = dict[str, User]


@pytest.fixture
def people(year: QualityYear) -> People:
    return {
        "office": account("office", "yanbian", "office"),
        "centre": account("centre", "yanbian", "centre"),
        "leader": account("leader", "yanbian", "leader"),
        "desk": account("desk", "yanji", "litigation"),
        "enforcement": account("enforcement", "yanji", "enforcement"),
        "elsewhere": account("elsewhere", "tumen", "litigation"),
    }
