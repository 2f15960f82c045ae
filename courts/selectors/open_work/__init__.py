"""Owns what is open: one registry of everything that waits for somebody, asked by every page.

How a kind is added: in the area's module of this package (or a new one, imported below) write a
function that yields an `OpenItem` for each thing that waits, and mark it with `@kind(...)`. The
function gets an `Asked`: whom it is for (an account, or nobody in particular), the quality years,
the moment. The rules, which tests/courts/test_open_work.py holds for every kind at once:

* For an account yield what this account itself can act on, and ask `courts.permissions` who may.
  For nobody in particular (`asked.user is None`) yield everything that is open in the years.
* Read all years at once: the number of queries grows with neither years, courts nor months.
  What several kinds need is read once, by `asked.once`.
* Leave out the courts that do not take part (`asked.takes_part`).
* Never name who has not voted: of a vote there is one item for everybody in particular, and one
  a round for nobody in particular.

An alert on figures (a cap that is broken, a rate below its target) is not open work: no act ends
it. It stays on the dashboard.
"""

from courts.selectors.open_work import (  # noqa: F401  each registers its kinds
    acceptances,
    ballots,
    bulletins,
    cases,
    differences,
    editions,
    motions,
    returns,
    reviews,
    systems,
    word_templates,
)
from courts.selectors.open_work.ballots import BALLOT_WORK
from courts.selectors.open_work.differences import DIFFERENCE_WORK
from courts.selectors.open_work.registry import (
    KINDS,
    Asked,
    Kind,
    OpenGroup,
    OpenItem,
    OpenWork,
    YearCount,
    kind,
    open_work,
    open_work_of_years,
)

__all__ = [
    "BALLOT_WORK",
    "DIFFERENCE_WORK",
    "KINDS",
    "Asked",
    "Kind",
    "OpenGroup",
    "OpenItem",
    "OpenWork",
    "YearCount",
    "kind",
    "open_work",
    "open_work_of_years",
]
