"""The rows of the assessment, one module a concept."""

from courts.models.accounts import User
from courts.models.courts import Court
from courts.models.events import Event
from courts.models.returns import Figure, MonthlyReturn
from courts.models.targets import AppraisalTarget, Cap
from courts.models.years import QualityYear, RulebookEdition

__all__ = [
    "AppraisalTarget",
    "Cap",
    "Court",
    "Event",
    "Figure",
    "MonthlyReturn",
    "QualityYear",
    "RulebookEdition",
    "User",
]
