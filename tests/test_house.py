"""Holds the house against its plan: every area owns something, stands in the table, stays small."""

from __future__ import annotations

import re

import pytest

from tests import house

CONTRIBUTING = (house.ROOT / "CONTRIBUTING.md").read_text("utf-8")
# Single places that no area has twice: schema, addresses, who may what, what Django looks for here.
SINGLE = {"admin", "annexes", "management", "migrations", "models", "templatetags"}
LONGEST = 425
# Recounts a ballot for people who have this one file and Python.
ALONE = "courts/ballots/verify.py"


def test_the_table_of_areas_is_made_from_the_addresses() -> None:
    shown = CONTRIBUTING.split(house.BEGIN)[1].split(house.END)[0].strip()
    assert shown == house.table(), "python -m tests.house prints the table as it should be"


def test_every_package_is_an_area_or_a_single_place() -> None:
    packages = {path.parent.name for path in (house.ROOT / "courts").glob("*/__init__.py")}
    assert packages - SINGLE == set(house.areas())


@pytest.mark.parametrize("folder", ["templates/courts", "static/courts"])
def test_templates_and_static_files_stand_under_areas(folder: str) -> None:
    names = {path.name for path in (house.ROOT / folder).iterdir() if path.is_dir()}
    assert names <= set(house.areas())


@pytest.mark.parametrize("area", house.areas())
def test_an_area_says_what_it_owns(area: str) -> None:
    assert house.owned(area)


def test_a_long_module_says_why() -> None:
    """Past about 400 lines a module's docstring gives the reason why it is not split."""
    silent = []
    for path in sorted((house.ROOT / "courts").rglob("*.py")):
        name, text = path.relative_to(house.ROOT).as_posix(), path.read_text("utf-8")
        if "migrations" in path.parts or name == ALONE or text.count("\n") <= LONGEST:
            continue
        if not re.search(r"^(Long|One file) because ", text.split('"""')[1], re.MULTILINE):
            silent.append(name)
    assert silent == []
