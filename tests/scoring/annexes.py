"""The annexes' figures of 2018, typed here for the tests that need real courts (附件2、附件3)."""

from __future__ import annotations

from scoring import CourtFacts, Level

COLUMNS = (
    "appeal_revised appeal_remanded retrial_revised retrial_remanded retrial_directed "
    "retrial_decided retrial_escalated appeals_filed retrial_petitions_received "
    "retrial_petitions_closed retrial_designated"
).split()

# Annex 3 has no column for the last figure: it is recorded as zero.
YEAR_2018 = {
    "yanbian": (10, 5, 32, 9, 11, 10, 38, 160, 796, 721, 0),
    "yanji": (165, 60, 19, 5, 3, 29, 3, 1085, 117, 113, 0),
    "tumen": (17, 4, 1, 1, 0, 2, 2, 105, 13, 13, 0),
    "dunhua": (48, 30, 4, 0, 1, 3, 0, 449, 40, 38, 0),
    "longjing": (28, 7, 4, 1, 0, 6, 0, 128, 18, 17, 0),
    "hunchun": (43, 14, 3, 1, 3, 4, 1, 270, 24, 22, 0),
    "helong": (18, 8, 1, 2, 0, 2, 2, 199, 8, 7, 0),
    "wangqing": (27, 10, 2, 0, 1, 5, 0, 151, 12, 11, 0),
    "antu": (26, 7, 7, 0, 0, 27, 3, 186, 49, 43, 0),
}


def figures(court: str) -> dict[str, int]:
    return dict(zip(COLUMNS, YEAR_2018[court], strict=True))


def facts(court: str, **given: object) -> CourtFacts:
    """A court of the prefecture with its figures of 2018 as the baseline."""
    level = Level.INTERMEDIATE if court == "yanbian" else Level.GRASSROOTS
    values = given if "baseline_annual" in given else {"baseline_annual": figures(court)} | given
    return CourtFacts(court, level, **values)  # type: ignore[arg-type]
