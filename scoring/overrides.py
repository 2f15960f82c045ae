"""Overrides as a rulebook writes them and as people read them; `scoring.sums` applies them."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from scoring import faults, sentences
from scoring.results import Overridden
from scoring.rounding import to_decimal, to_text
from scoring.schema import Condition, Item, Override, Rulebook, Side, SideShare, Text, Unit
from scoring.sentences import Amount, Lines, Sentence
from scoring.symbols import plain
from scoring.tables import CODE, Table

TOTAL = "total"
MOST_POINTS, MOST_TIMES = 1_000, 10
SUM = Text("总分", "총점", "the total")
BELOW = Text(
    "%(what)s低于%(points)s分的，",
    "%(what)s이(가) %(points)s점 미만이면 ",
    "If %(what)s is below %(points)s points, ",
)
AT_LEAST = Text(
    "%(what)s不低于%(points)s分的，",
    "%(what)s이(가) %(points)s점 이상이면 ",
    "If %(what)s is at least %(points)s points, ",
)
AT_MOST = Text(
    "%(sum)s最高计%(points)s分。",
    "%(sum)s은(는) 최고 %(points)s점.",
    "%(sum)s counts for at most %(points)s points.",
)
TIMES = Text(
    "%(sum)s按%(share)s计。", "%(sum)s을(를) %(share)s로 계산.", "%(sum)s counts at %(share)s."
)
TIMES_SIDE = Text(
    "%(sum)s乘以%(side)s得分占其满分的比例。",
    "%(sum)s에 %(side)s 득점이 만점에서 차지하는 비률을 곱함.",
    "%(sum)s is multiplied by the share that %(side)s earned of its points.",
)
NOT_RANKED = Text("不参加排名。", "순위에 들지 않음.", "the court is not ranked.")
CHANGED = Text(
    "%(before)s 分改为 %(after)s 分。",
    "%(before)s점을 %(after)s점으로.",
    "%(before)s points become %(after)s.",
)
PERCENT = 100


class Scale(NamedTuple):
    """What overrides may name: the sides, the items, and whether there are a total and ranks."""

    sides: tuple[SideShare, ...]
    items: tuple[Item, ...]
    has_total: bool
    has_ranks: bool

    @property
    def side_codes(self) -> tuple[str, ...]:
        return tuple(share.side.value for share in self.sides)


def read_overrides(head: Table, scale: Scale) -> tuple[Override, ...]:
    """The overrides of a rulebook, in its order; faults go to the table."""
    return tuple(_override(table, scale) for table in head.tables("overrides", required=False))


def _override(table: Table, scale: Scale) -> Override:
    code = table.code("code", CODE, "veto")
    condition = _condition(table.table("when"), scale) if table.has("when") else None
    on = None
    if table.has("on") and table.data["on"] != TOTAL:
        known = ((TOTAL,) if scale.has_total else ()) + scale.side_codes
        on = _side(table.one_of("on", known))
    not_ranked = table.boolean("not_ranked")
    if not_ranked and condition is None:
        table.fault("when", faults.NO_CONDITION)
    if not_ranked and not scale.has_ranks:
        table.fault("not_ranked", faults.NO_RANKS)
    if on is None and not scale.has_total:
        table.fault("on", faults.NO_TOTAL)
    effects = [name for name in ("most", "times") if table.has(name)]
    if len(effects) + not_ranked != 1:
        table.fault("most", faults.ONE_EFFECT)
    override = Override(
        code=code,
        label=table.text("label"),
        paragraph=table.string("paragraph"),
        condition=condition,
        on=on,
        most=table.decimal("most", -MOST_POINTS, MOST_POINTS) if "most" in effects else None,
        times=_times(table, scale) if "times" in effects else None,
        not_ranked=not_ranked,
    )
    table.finish()
    return override


def _times(table: Table, scale: Scale) -> Decimal | Side | None:
    """A number, or a side whose share of its points is taken."""
    if isinstance(table.data["times"], str):
        return _side(table.one_of("times", scale.side_codes))
    return table.decimal("times", 0, MOST_TIMES)


def _condition(table: Table, scale: Scale) -> Condition:
    subjects = [name for name in ("item", "side") if table.has(name)]
    if len(subjects) != 1:
        table.fault("item", faults.ONE_SUBJECT)
    bounds = [name for name in ("below", "at_least") if table.has(name)]
    if len(bounds) != 1:
        table.fault("below", faults.ONE_BOUND)
    item = table.string("item", required=False)
    if item and item not in {one.code for one in scale.items}:
        table.fault("item", faults.UNKNOWN_ITEM, code=item)
    found = {name: table.decimal(name, -MOST_POINTS, MOST_POINTS) for name in bounds}
    condition = Condition(
        item=item,
        side=_side(table.one_of("side", scale.side_codes, required=False)),
        below=found.get("below"),
        at_least=found.get("at_least"),
    )
    table.finish()
    return condition


def _side(code: str) -> Side | None:
    return Side(code) if code else None


# --- In words ----------------------------------------------------------------------------------


def rule_words(rulebook: Rulebook, override: Override) -> Sentence:
    """What an override says."""
    return sentences.joined(*_parts(rulebook, override))


def applied_words(rulebook: Rulebook, applied: Overridden) -> Sentence:
    """An override that applies to a court, and what it makes of its points."""
    parts = _parts(rulebook, applied.override)
    if applied.before != applied.after:
        before, after = (to_text(to_decimal(one)) for one in (applied.before, applied.after))
        parts.append(
            Sentence(
                CHANGED, {"before": sentences.signed(before), "after": sentences.signed(after)}
            )
        )
    return sentences.joined(*parts)


def _parts(rulebook: Rulebook, override: Override) -> list[Sentence]:
    condition = override.condition
    parts = []
    if condition is not None:
        bound = condition.at_least if condition.below is None else condition.below
        values: dict[str, sentences.Value] = {
            "what": _subject(rulebook, condition),
            "points": sentences.signed(plain(bound or Decimal(0))),
        }
        parts.append(Sentence(AT_LEAST if condition.below is None else BELOW, values))
    summed = SUM if override.on is None else rulebook.share_of[override.on].label
    if override.most is not None:
        parts.append(
            Sentence(AT_MOST, {"sum": summed, "points": sentences.signed(plain(override.most))})
        )
    elif isinstance(override.times, Decimal):
        share = Amount(plain(override.times * PERCENT), Unit.PERCENT)
        parts.append(Sentence(TIMES, {"sum": summed, "share": share}))
    elif override.times is not None:
        side = rulebook.share_of[override.times].label
        parts.append(Sentence(TIMES_SIDE, {"sum": summed, "side": side}))
    else:
        parts.append(Sentence(NOT_RANKED, {}))
    return parts


def _subject(rulebook: Rulebook, condition: Condition) -> Text | Lines:
    if condition.side is not None:
        return rulebook.share_of[condition.side].label
    return rulebook.item_by_code[condition.item].short
