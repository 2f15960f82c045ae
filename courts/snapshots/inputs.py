"""The inputs of a snapshot one by one: what differs between two, and one with some put in.

Terms: an *input* is a value that points follow from: a figure, target, decision, tally or given
points of a court, a reading, the texts of the rules. A restatement says exactly which inputs
change; scores are then computed anew from all of them.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from courts.snapshots import scores as scores_of
from courts.snapshots.canonical import SnapshotError
from courts.snapshots.parts import COURT, MONTH, PEERS, REASONS, RULES, Parts, made
from courts.snapshots.verification import Frozen, frozen, peers_of
from scoring.results import Scoreboard

# What of a court's facts is one value by code.
BY_CODE = ("current", "baseline_month", "baseline_annual", "targets", "decisions", "assessed")
SOURCES = ("sources",)
BALLOTS = ("facts", "ballots")
CAP = ("cap",)

# What of a closing can tell of other courts.
WRITTEN = ("gaps", "reason")

Contents = Mapping[str, Mapping[str, Any]]


class InputLine(NamedTuple):
    """One input that changes: its part, its path within it, its values; None: not there."""

    part: str
    path: tuple[str, ...]
    old: Any
    new: Any

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> InputLine:
        """A line as `as_json` wrote it."""
        return cls(data["part"], tuple(data["path"]), data["old"], data["new"])

    def as_json(self) -> dict[str, Any]:
        return {"part": self.part, "path": list(self.path), "old": self.old, "new": self.new}

    @property
    def court(self) -> str:
        """The code of the court whose input it is; empty for rules."""
        return self.part.removeprefix(COURT) if self.part.startswith(COURT) else ""


def lines_between(old: Contents, new: Contents) -> tuple[InputLine, ...]:
    """The inputs that differ; courts that are in one of the two alone are not compared."""
    lines: list[InputLine] = []
    rules, other = old[RULES], new[RULES]
    if rules["sources"] != other["sources"]:
        lines.append(InputLine(RULES, SOURCES, rules["sources"], other["sources"]))
    lines += _by_code(RULES, ("readings",), rules["readings"], other["readings"])
    for part in old:
        if not part.startswith(COURT) or part not in new:
            continue
        facts, after = old[part]["facts"], new[part]["facts"]
        for name in BY_CODE:
            lines += _by_code(part, ("facts", name), facts.get(name, {}), after.get(name, {}))
        if facts["ballots"] != after["ballots"]:
            lines.append(InputLine(part, BALLOTS, facts["ballots"], after["ballots"]))
        if old[part].get("cap") != new[part].get("cap"):
            lines.append(InputLine(part, CAP, old[part].get("cap"), new[part].get("cap")))
    return tuple(lines)


def with_lines(parts: Parts, lines: Sequence[InputLine], *, restates: str, reason: str) -> Parts:
    """The snapshot with other inputs, scored anew; every part has a new salt.

    `restates` is the hash of what it corrects, and `reason` why. `SnapshotError` when an input is
    not as the line says that it was: the line was made against another snapshot.
    """
    contents: dict[str, Any] = copy.deepcopy(dict(parts.contents))
    for line in lines:
        _put(contents, line)
    month, written = apart({**parts.head, "restates": restates, "reason": reason})
    contents = {
        MONTH: month,
        REASONS: written,
        **{k: v for k, v in contents.items() if k not in (MONTH, REASONS)},
    }
    return _scored(contents)


def apart(head: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a snapshot says of its closing, as the parts `month` and `reasons`."""
    closings = head["closings"]
    month = {key: value for key, value in head.items() if key not in ("closings", "reason")}
    plain = [{k: v for k, v in one.items() if k not in WRITTEN} for one in closings]
    written = {one["side"]: {key: one[key] for key in WRITTEN} for one in closings}
    return {**month, "closings": plain}, {"closings": written, "reason": head["reason"]}


def scored(parts: Parts) -> Scoreboard:
    """The scores of the courts whose facts are there."""
    return frozen(parts).scored()


def _by_code(
    part: str, path: tuple[str, ...], old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterable[InputLine]:
    for code in sorted({**old, **new}):
        if old.get(code) != new.get(code):
            yield InputLine(part, (*path, code), old.get(code), new.get(code))


def _put(contents: dict[str, Any], line: InputLine) -> None:
    held = contents.get(line.part)
    if held is None:
        raise SnapshotError("shape", f"the part {line.part} is not here")
    for key in line.path[:-1]:
        held = held.setdefault(key, {}) if key == "assessed" else held[key]
    last = line.path[-1]
    if held.get(last) != line.old:
        raise SnapshotError("stale", f"{line.part} {'.'.join(line.path)} has changed meanwhile")
    if line.new is None and line.path not in (BALLOTS, CAP):
        held.pop(last, None)
    else:
        held[last] = copy.deepcopy(line.new)


def _scored(contents: dict[str, Any]) -> Parts:
    """The snapshot whose scores follow from the facts and rules in the contents."""
    month = frozen(made(contents.items()))
    contents[MONTH]["edition"] = {**contents[MONTH]["edition"], "sha256": month.rulebook.sha256}
    board = month.scored()
    bare = month.scored(decided=False) if month.is_decided else None
    for card in board.scorecards:
        content = contents[COURT + card.court]
        content["score"] = scores_of.as_json(card, month.sides)
        content["computed"] = _bare(bare, card.court, month)
    if PEERS in contents:
        contents[PEERS] = peers_of(board.scorecards, month.sides)
    return made(contents.items())


def _bare(bare: Scoreboard | None, court: str, month: Frozen) -> dict[str, Any] | None:
    return None if bare is None else scores_of.as_json(bare.court(court), month.sides)
