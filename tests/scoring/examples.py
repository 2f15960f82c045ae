"""Reads the hand-worked cases and makes courts of a few words; owns no expected number."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from scoring import Ballots, CourtFacts, Decision, Level, Rulebook, Side

CASES = Path(__file__).with_name("cases")
FIGURES = ("current", "baseline_month", "baseline_annual")
LEFT_OUT = {"current": "not_reported", "baseline_annual": "baseline_not_reported"}


def read(path: Path) -> list[dict[str, Any]]:
    """The cases of one file, each with the file's item and default figures put in."""
    data = tomllib.loads(path.read_text("utf-8"))
    default = data.get("default", {})
    found = []
    for number, case in enumerate(data["case"], start=1):
        merged = {"item": data.get("item"), "paragraph": data.get("paragraph")} | case
        merged |= {"file": path.name, "number": number}
        for name in FIGURES:
            figures = default.get(name, {}) | case.get(name, {})
            for code in case.get(LEFT_OUT.get(name, ""), ()):
                if code not in case.get(name, {}):
                    figures.pop(code)
            merged[name] = figures
        targets = {} if case.get("no_target") else default.get("targets", {})
        merged["targets"] = targets | case.get("targets", {})
        found.append(merged)
    return found


def facts(
    court: str,
    level: Level,
    *,
    current: Mapping[str, int] | None = None,
    baseline_month: Mapping[str, int] | None = None,
    baseline_annual: Mapping[str, int] | None = None,
    targets: Mapping[str, str] | None = None,
    ballots: Mapping[str, Any] | None = None,
    decisions: Mapping[str, str] | None = None,
) -> CourtFacts:
    """A court of plain values: texts for exact numbers."""
    return CourtFacts(
        court=court,
        level=level,
        current=dict(current or {}),
        baseline_month=dict(baseline_month or {}),
        baseline_annual=dict(baseline_annual or {}),
        targets={code: Decimal(text) for code, text in (targets or {}).items()},
        ballots=None
        if ballots is None
        else Ballots(ballots["count"], Fraction(str(ballots["points"]))),
        decisions={
            code: Decision(Decimal(text), "党组纪要") for code, text in (decisions or {}).items()
        },
    )


def filled(
    rulebook: Rulebook, level: Level, side: Side, points: str, still_open: Iterable[str] = ()
) -> dict[str, str]:
    """Decided points for the items of one half that add up to `points`; some may stay open."""
    rest = Decimal(points)
    found = {}
    for item in rulebook.items_of(level):
        if item.side is side and item.code not in (*still_open, "GM"):
            part = min(rest, item.points[level])
            found[item.code] = str(part)
            rest -= part
    assert rest == 0, f"{points} points do not fit into the {side} half"
    return found


def court(rulebook: Rulebook, given: Mapping[str, Any]) -> CourtFacts:
    """A court of a case with several: its halves come from decided items."""
    level = Level(given.get("level", "grassroots"))
    decisions: dict[str, str] = dict(given.get("decisions", {}))
    for side in Side:
        if side.value in given:
            decisions |= filled(rulebook, level, side, given[side.value], given.get("open", ()))
    current = dict(given.get("current", {}))
    if "docket" in given:
        carried_over, received = given["docket"]
        current |= {"enforcement_carried_over": carried_over, "enforcement_received": received}
    return facts(given["court"], level, current=current, decisions=decisions)
