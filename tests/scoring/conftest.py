"""The bundled rulebook, loaded once, and how many random years are tried.

`HYPOTHESIS_PROFILE=nightly` tries a hundred times as many.
"""

import os

import pytest
from hypothesis import settings

import scoring
from scoring import Rulebook

settings.register_profile("everyday", max_examples=80, deadline=None)
settings.register_profile("nightly", max_examples=8_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "everyday"))


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return scoring.load_rulebook(scoring.BUNDLED / "yanbian-2019")
