"""The assessment itself: a rulebook and figures in, explained points out.

It reads beside the notice and knows no Django, no database and no wording. Everything other
packages may use stands here.
"""

from scoring.checks import Fall, Finding, check_figures, falls
from scoring.engine import attainable, score
from scoring.facts import Ballots, CourtFacts, Decision, Month
from scoring.faults import Fault, RulebookError
from scoring.likelihood import Evidence, Unlikely, unlikely
from scoring.loader import BUNDLED, load_rulebook, load_sources
from scoring.readings import ReadingError, chosen
from scoring.results import ItemScore, Scoreboard, Scorecard, Status, Step
from scoring.rounding import to_text
from scoring.schema import Item, Level, Metric, Reading, Rulebook, Severity, Side, Text
from scoring.structure import Contradiction, contradictions

__all__ = [
    "BUNDLED",
    "Ballots",
    "Contradiction",
    "CourtFacts",
    "Decision",
    "Evidence",
    "Fall",
    "Fault",
    "Finding",
    "Item",
    "ItemScore",
    "Level",
    "Metric",
    "Month",
    "Reading",
    "ReadingError",
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
    "attainable",
    "check_figures",
    "chosen",
    "contradictions",
    "falls",
    "load_rulebook",
    "load_sources",
    "score",
    "to_text",
    "unlikely",
]
