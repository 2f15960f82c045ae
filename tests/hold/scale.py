"""Owns how much is tried: `QY_HOLD_SCALE` (1: as much as `make hold`), and the seed of chance.

With every change a sample runs, which is as small as its caller says. The seed is the same for
every run unless `QY_HOLD_SEED` gives another; it is printed with what came of each trial.
"""

from __future__ import annotations

import os
import random

SCALE = float(os.environ.get("QY_HOLD_SCALE") or 0)
SEED = int(os.environ.get("QY_HOLD_SEED") or 20190101)


def many(whole: int, sample: int) -> int:
    """So many of a whole; without a scale the sample that runs with every change."""
    return max(sample, round(whole * SCALE))


def chance(trial: str) -> random.Random:
    """Chance for one trial: it does not hang on which trials ran before."""
    return random.Random(f"{SEED} {trial}")
