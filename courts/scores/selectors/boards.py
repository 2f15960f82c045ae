"""Owns scoring a month once for the same facts, whatever else of the prefecture changed.

A figure changes one month; the boards of all others are those that were computed before.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from threading import Lock

import scoring
from scoring.facts import CourtFacts, Month
from scoring.results import Scoreboard
from scoring.schema import Rulebook

# The months of some prefectures, as reported and as verified.
MOST = 64

_kept: OrderedDict[Hashable, tuple[Rulebook, list[CourtFacts], Scoreboard]] = OrderedDict()
_lock = Lock()


def board_of(
    rulebook: Rulebook, month: Month, facts: Sequence[CourtFacts], readings: Mapping[str, str]
) -> Scoreboard:
    """What `scoring.score` answers; the last answer for these courts where all is the same.

    Nobody changes facts once they are gathered.
    """
    key = (
        *(rulebook.sha256, month, tuple(one.court for one in facts)),
        tuple(sorted(readings.items())),
    )
    with _lock:
        found = _kept.get(key)
    if found is not None and found[0] is rulebook and found[1] == list(facts):
        board = found[2]
    else:
        board = scoring.score(rulebook, month, facts, readings)
    with _lock:
        _kept[key] = (rulebook, list(facts), board)
        _kept.move_to_end(key)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return board
