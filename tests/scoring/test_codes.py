"""Codes of sides and levels are themselves wherever they come from; what is said of them."""

from __future__ import annotations

import pickle

import scoring
from scoring import Level, Rulebook, Side
from scoring.loader import FILES, HEAD, files_of
from scoring.supplements import load_supplement


def test_a_code_is_one_object_and_the_usual_ones_are_counted() -> None:
    assert pickle.loads(pickle.dumps(Side.LITIGATION)) is Side.LITIGATION
    assert len(Side) == len(list(Side)) == 2


def test_the_files_of_a_rulebook_are_those_of_its_sides(rulebook: Rulebook) -> None:
    assert set(files_of(rulebook.sources)) == set(rulebook.sources)
    # Where its head cannot be read, what is there.
    assert files_of({HEAD: "[", "more.toml": ""}) == (*FILES, "more.toml")


def test_levels_have_names_and_items(rulebook: Rulebook) -> None:
    assert set(rulebook.label_of_level) == {Level.GRASSROOTS, Level.INTERMEDIATE}
    assert set(rulebook.assessed_levels) == {Level.GRASSROOTS, Level.INTERMEDIATE}


def test_a_supplement_about_bulletins_is_read_without_its_rulebook() -> None:
    folder = scoring.BUNDLED / "yanbian-2019" / "supplements"
    text = (folder / "bulletin.toml").read_text("utf-8")
    assert load_supplement("bulletin.toml", text).bulletin is not None
