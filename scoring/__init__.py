"""The assessment itself: a rulebook and figures in, explained points out.

It reads beside the notice and knows no Django, no database and no wording. Everything other
packages may use stands here.
"""

from scoring.caps import CapProposal, proposed_cap
from scoring.changes import NewlyCounted, newly_counted
from scoring.checks import Fall, Finding, check_figures, falls
from scoring.engine import attainable, compares_years, full_points, reads_peers, score
from scoring.facts import Ballots, CourtFacts, Decision, Month, Replaced
from scoring.faults import Fault, RulebookError
from scoring.likelihood import Evidence, Unlikely, unlikely
from scoring.loader import BUNDLED, load_rulebook, load_sources
from scoring.readings import ReadingError, chosen
from scoring.results import ItemScore, Scoreboard, Scorecard, Status, Step
from scoring.rounding import to_text
from scoring.schema import Item, Level, Metric, Reading, Rulebook, Severity, Side, Text
from scoring.structure import Contradiction, contradictions
from scoring.whatif import (
    Gain,
    Lever,
    Plan,
    Way,
    cents_for_rank,
    cheapest,
    moved,
    scorecard_with,
    ways,
)

__all__ = [
    "BUNDLED",
    "Ballots",
    "CapProposal",
    "Contradiction",
    "CourtFacts",
    "Decision",
    "Evidence",
    "Fall",
    "Fault",
    "Finding",
    "Gain",
    "Item",
    "ItemScore",
    "Level",
    "Lever",
    "Metric",
    "Month",
    "NewlyCounted",
    "Plan",
    "Reading",
    "ReadingError",
    "Replaced",
    "Rulebook",
    "RulebookError",
    "Scoreboard",
    "Scorecard",
    "Severity",
    "Side",
    "Status",
    "Step",
    "Text",
    "Unlikely",
    "Way",
    "attainable",
    "cents_for_rank",
    "cheapest",
    "check_figures",
    "chosen",
    "compares_years",
    "contradictions",
    "falls",
    "full_points",
    "load_rulebook",
    "load_sources",
    "moved",
    "newly_counted",
    "proposed_cap",
    "reads_peers",
    "score",
    "scorecard_with",
    "to_text",
    "unlikely",
    "ways",
]
