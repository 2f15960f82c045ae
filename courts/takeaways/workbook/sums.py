"""How the points of a court add up, as formulas over the cells of its items.

A side that is measured by what applies takes the items that applied when the file was made; an
item that comes to have points later counts with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from courts.takeaways.workbook.working import CourtWork, ItemWork
from scoring.rounding import cents
from scoring.schema import Condition, Override, Rulebook, Side


class SumFormulas:
    """The formulas of one court; `cells` are the cells of its items' cents, by code."""

    def __init__(self, rulebook: Rulebook, work: CourtWork, cells: Mapping[str, str]) -> None:
        self.rulebook, self.work, self.cells = rulebook, work, cells

    def half(self, side: Side) -> str:
        """The cents of a side, after the overrides of it."""
        text = self.before(side)
        for override in self.rulebook.overrides:
            if override.on is side:
                text = self._changed(override, text)
        return text

    def total(self, text: str) -> str:
        """The cents of the total, from the formula that weighs the sides."""
        for override in self.rulebook.overrides:
            if override.on is None:
                text = self._changed(override, text)
        return text

    def counted(self, side: Side) -> list[str]:
        """The cells of the items of a side that count, with points or without."""
        return [self.cells[item.code] for item in self.work.items if self._counts(item, side)]

    def before(self, side: Side) -> str:
        """The cents of a side as its items add up."""
        own = [item for item in self.work.items if item.side is side]
        if side not in self.rulebook.measured_sides:
            return f"SUM({','.join(self.cells[item.code] for item in own)})"
        earned, wholes = [], []
        for weight, items in self._groups(side):
            full = "+".join(self._full(item, side) for item in items)
            listed = ",".join(self.cells[item.code] for item in items)
            earned.append(f"IF({full}>0,{weight}*SUM({listed})/({full}),0)")
            wholes.append(f"IF({full}>0,{weight},0)")
        on_top = [self.cells[item.code] for item in own if item.formula.item.is_bonus]
        bonus = f"+SUM({','.join(on_top)})" if on_top else ""
        points = cents(self.rulebook.share_of[side].points)
        whole = "+".join(wholes)
        part = f"{points}*({'+'.join(earned)})/({whole})"
        return f"(IF({whole}>0,ROUND({part},0),0){bonus})"

    def _groups(self, side: Side) -> list[tuple[str, list[ItemWork]]]:
        """The items of a measured side by the group that weighs, bonuses left out."""
        found: dict[str, tuple[Fraction, list[ItemWork]]] = {}
        for item in self.work.items:
            if item.side is not side or item.formula.item.is_bonus:
                continue
            weight = self.rulebook.group_of[side, item.formula.item.group].weight
            code = "" if weight is None else item.formula.item.group
            held = found.setdefault(code, (Fraction(1 if weight is None else weight), []))
            held[1].append(item)
        return [(f"{float(weight):g}", items) for weight, items in found.values()]

    def _full(self, item: ItemWork, side: Side) -> str:
        """What an item could earn, in cents; nothing while it does not apply."""
        full = item.formula.full
        if self.rulebook.share_of[side].mean_of_applicable and not item.applies:
            return f"IF(ISNUMBER({self.cells[item.code]}),{full},0)"
        return str(full)

    def _counts(self, item: ItemWork, side: Side) -> bool:
        return item.side is side and (
            item.applies or not self.rulebook.share_of[side].mean_of_applicable
        )

    # --- Overrides -----------------------------------------------------------------------------

    def _changed(self, override: Override, text: str) -> str:
        changed = text
        if override.most is not None:
            changed = f"MIN({text},{cents(override.most)})"
        elif isinstance(override.times, Decimal):
            changed = f"ROUND({text}*{override.times:f},0)"
        elif override.times is not None:
            whole = cents(self.rulebook.share_of[override.times].points)
            changed = f"ROUND({text}*{self.before(override.times)}/{whole},0)"
        if override.condition is None or changed == text:
            return changed
        return f"IF({self._holds(override.condition)},{changed},{text})"

    def _holds(self, condition: Condition) -> str:
        """Nothing is held against what is not known yet."""
        if condition.side is not None:
            listed = self.counted(condition.side)
            known = f"COUNT({','.join(listed)})={len(listed)}" if listed else "FALSE"
            value = self.before(condition.side)
        elif condition.item in self.cells:
            value = self.cells[condition.item]
            known = f"ISNUMBER({value})"
        else:
            return "FALSE"
        if condition.below is not None:
            return f"AND({known},N({value})<{cents(condition.below)})"
        return f"AND({known},N({value})>={cents(condition.at_least or Decimal(0))})"
