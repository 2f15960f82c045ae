"""TOML to `schema.Rulebook`: strict, and every fault at once.

A rulebook is a folder of `rulebook.toml` (year, sides, readings, notes), `metrics.toml` (what
courts report, and the checks on it) and one file of items per side, named after it. Numbers are
read as exact decimals.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import MISSING, fields, is_dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

from scoring import faults
from scoring.faults import Fault, RulebookError, RuleFault
from scoring.formula import Formula
from scoring.formulas import FORMULAS, choice_in, takes_number
from scoring.listing import listed_in
from scoring.overrides import Scale, read_overrides
from scoring.periods import period_faults
from scoring.schema import (
    FEN,
    OPEN_POINTS,
    CapRule,
    Change,
    Check,
    Group,
    Item,
    ItemKind,
    Kind,
    Level,
    LevelName,
    Metric,
    Note,
    Operator,
    Option,
    Period,
    Reading,
    Rulebook,
    Severity,
    Side,
    SideShare,
    Text,
)
from scoring.series import is_sum
from scoring.tables import CODE, TYPE_NAMES, Table
from scoring.weights import Weighed

BUNDLED = Path(__file__).resolve().parent / "rulebooks"

RULEBOOK_CODE = re.compile(r"[a-z][a-z0-9-]{0,63}", re.ASCII)
ITEM_CODE = re.compile(r"(?=.{1,16}\Z)[A-Za-z0-9]+(\.[A-Za-z0-9]+)*", re.ASCII)
# What a file of scores has beside the points of items and sides.
COLUMNS = frozenset({"court", "name", "level", "rank", "total", "provisional", "demo"})
RESERVED = COLUMNS | {"rulebook", "metrics", "both", "none", "items", "overrides"}
HEAD = "rulebook.toml"
FILES = (HEAD, "metrics.toml")
# As long as what stores it; the words name files, columns and sides together.
SIDE = re.compile(r"[a-z][a-z0-9_]{0,15}", re.ASCII)
# Generous limits that keep a slip of the pen from passing as a number.
OPEN, NONE = "open", "none"
MOST_PERCENT, MOST_POINTS, MOST_WEIGHT = 100, 1_000, 100
FIRST_YEAR, LAST_YEAR = 2000, 2099

T = TypeVar("T")


def load_rulebook(path: Path) -> Rulebook:
    """Read a rulebook folder; RulebookError with every fault."""
    if not path.is_dir():
        raise RulebookError((Fault(str(path), "", faults.NO_DIRECTORY),))
    sources = {}
    for file in sorted(path.glob("*.toml")):
        try:
            sources[file.name] = file.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            detail = {"detail": str(error)}
            raise RulebookError((Fault(file.name, "", faults.UNREADABLE, detail),)) from error
    return load_sources(sources)


def load_sources(sources: Mapping[str, str]) -> Rulebook:
    """Read a rulebook from the texts of its files by name; RulebookError with every fault."""
    return _loaded(tuple(sorted(sources.items())))


@lru_cache(maxsize=16)
def _loaded(sources: tuple[tuple[str, str], ...]) -> Rulebook:
    """The same texts make the same rulebook, which never changes."""
    return _Loader(dict(sources)).load()


def digest(sources: Mapping[str, str]) -> str:
    """The hash that identifies an edition: over names and texts, each with its length."""
    sha = hashlib.sha256()
    for name in sorted(sources):
        for part in (name.encode(), sources[name].encode()):
            sha.update(len(part).to_bytes(8, "big"))
            sha.update(part)
    return sha.hexdigest()


def files_of(sources: Mapping[str, str]) -> tuple[str, ...]:
    """The names of the files of a rulebook, by the sides it names.

    Those that are there, where its text cannot be read or names no side.
    """
    head: dict[str, Any] = {}
    with suppress(tomllib.TOMLDecodeError, RecursionError):
        head = tomllib.loads(sources.get(HEAD, ""))
    named = _listed_sides(head)
    if not named:
        return (*FILES, *sorted(name for name in sources if name not in FILES))
    return (*FILES, *(f"{side}.toml" for side in named))


class _Loader:
    """One reading of one rulebook; `found` gathers the faults."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.sources = dict(sources)
        self.found: list[Fault] = []
        self.metrics: dict[str, Metric] = {}
        self.items: list[Item] = []
        self.sides: tuple[Side, ...] = ()
        self.levels: tuple[Level, ...] = ()
        # What the items of a side are to sum up to at a level, and the file that has them.
        self.sums: list[tuple[Table, Decimal, Sequence[Item]]] = []
        # Items whose rule could not be read: what readings change in them cannot be judged.
        self.unread: set[object] = set()

    def load(self) -> Rulebook:
        documents = {name: self._parse(name) for name in FILES}
        head = documents["rulebook.toml"]
        named = _listed_sides(head.data)
        documents |= {name: self._parse(name) for name in (f"{side}.toml" for side in named)}
        if named:
            for name in self.sources:
                if name not in documents:
                    self._fault(name, "", faults.UNKNOWN_FILE, known=tuple(documents))
        is_readable = not self.found
        if any(fault.file == HEAD for fault in self.found):
            self._stop_on_faults()
        has_total = self._has_total(head)
        sides, levels = self._sides(head, has_total=has_total), self._levels(head)
        self.sides = tuple(share.side for share in sides)
        self.levels = tuple(named.level for named in levels)
        code = head.code("code", RULEBOOK_CODE, "yanbian-2019")
        title, document = head.text("title"), head.text("document")
        year = head.integer("year", FIRST_YEAR, LAST_YEAR)
        baseline_year = head.integer("baseline_year", FIRST_YEAR, LAST_YEAR)
        if baseline_year >= year:
            head.fault("baseline_year", faults.BAD_BASELINE, found=baseline_year, year=year)
        ranked_level = self._ranked_level(head, has_total=has_total)
        if not is_readable or not named:
            # Without its files, or a side, whatever else is said of a rulebook follows from that.
            self._stop_on_faults()
        metric_groups, checks = self._metrics(documents["metrics.toml"])
        groups: list[Group] = []
        for share in {share.side: share for share in sides if share.side in named}.values():
            groups += self._items(documents[f"{share.side}.toml"], share)
        self._points_of_levels(head, ranked_level)
        self._codes()
        readings = tuple(self._reading(table) for table in head.tables("readings"))
        self._unique(readings, "readings", "code", file="rulebook.toml")
        self._same_fields(readings)
        caps = self._caps(head.table("caps")) if head.has("caps") else None
        scale = Scale(sides, tuple(self.items), has_total=has_total, has_ranks=bool(ranked_level))
        overrides = read_overrides(head, scale)
        self._unique(overrides, "overrides", "code", file="rulebook.toml")
        notes = []
        for table in head.tables("notes", required=False):
            notes.append(Note(table.string("paragraph"), table.text("text")))
            table.finish()
        head.finish()
        self._stop_on_faults()
        return Rulebook(
            code=code,
            title=title,
            document=document,
            year=year,
            baseline_year=baseline_year,
            ranked_level=ranked_level,
            sides=sides,
            groups=tuple(groups),
            metric_groups=metric_groups,
            metrics=self.metrics,
            checks=checks,
            items=tuple(self.items),
            readings=readings,
            notes=tuple(notes),
            caps=caps,
            overrides=overrides,
            has_total=has_total,
            levels=levels,
            sources=self.sources,
            sha256=digest(self.sources),
        )

    def _stop_on_faults(self) -> None:
        if self.found:
            # A change that names several items is read once for each of them.
            distinct = {(fault.file, fault.key, fault.message): fault for fault in self.found}
            raise RulebookError(tuple(distinct.values()))

    def _fault(self, file: str, key: str, template: str, **values: object) -> None:
        self.found.append(Fault(file, key, template, values))

    def _parse(self, name: str) -> Table:
        data: dict[str, Any] = {}
        if name not in self.sources:
            self._fault(name, "", faults.NO_FILE)
        else:
            try:
                data = tomllib.loads(self.sources[name], parse_float=Decimal)
            except (tomllib.TOMLDecodeError, RecursionError) as error:
                self._fault(name, "", faults.UNREADABLE, detail=str(error))
        return Table(data, name, "", self.found)

    def _unique(self, things: Sequence[Any], key: str, attribute: str, file: str = "") -> None:
        counted = Counter(getattr(thing, attribute) for thing in things)
        for code, times in counted.items():
            if times > 1:
                files = listed_in("zh", (f"{side}.toml" for side in self.sides))
                self._fault(file or files, key, faults.REPEATED, code=code)

    # --- what courts report ------------------------------------------------------------------

    def _metrics(self, document: Table) -> tuple[tuple[Group, ...], tuple[Check, ...]]:
        groups = tuple(self._group(table, None) for table in document.tables("groups"))
        self._unique(groups, "groups", "code", document.file)
        by_code = {group.code: group for group in groups}
        for table in document.tables("metrics"):
            code = table.code("code", CODE, "appeal_revised")
            group = self._known_group(table, by_code)
            if code in self.metrics:
                table.fault("code", faults.REPEATED, code=code)
            self.metrics[code] = Metric(
                code=code,
                label=table.text("label"),
                definition=table.text("definition"),
                group=group.code,
                side=group.side,
                kind=table.choice("kind", Kind),
                unit=table.text("unit"),
                source=table.text("source"),
                period=table.choice("period", Period, Period.YEAR_TO_DATE),
                places=table.integer("places", FEN, FEN) if table.has("places") else 0,
            )
            self._metric_faults(table, self.metrics[code])
            table.finish()
        checks = tuple(self._check(table) for table in document.tables("checks"))
        self._unique(checks, "checks", "code", document.file)
        document.finish()
        return groups, checks

    @staticmethod
    def _metric_faults(table: Table, metric: Metric) -> None:
        if metric.kind is Kind.STOCK and metric.period is not Period.YEAR_TO_DATE:
            table.fault("period", faults.PERIOD_OF_STOCK)
        if metric.kind is Kind.COUNT and metric.places:
            table.fault("places", faults.PLACES_OF_COUNT)

    def _group(self, table: Table, side: Side | None) -> Group:
        weight = None
        if side is not None and table.has("weight"):
            weight = table.decimal("weight", 0, MOST_PERCENT)
            if weight == 0:
                table.fault("weight", faults.NO_WEIGHT_AT_ALL)
        group = Group(
            table.code("code", CODE, "appeals"),
            table.text("label"),
            side or Side(table.one_of("side", self.sides)),
            weight,
        )
        table.finish()
        return group

    def _known_group(self, table: Table, groups: Mapping[str, Group]) -> Group:
        code = table.string("group")
        if code and code not in groups:
            table.fault("group", faults.UNKNOWN_GROUP, code=code, known=tuple(groups))
        return groups.get(code) or Group(code, Text(""), Side(""))

    def _check(self, table: Table) -> Check:
        left, right = self._known_metrics(table, "left"), self._known_metrics(table, "right")
        sides = [self.metrics[code].side for code in (*left, *right) if code in self.metrics]
        side = sides[0] if sides else Side("")
        for code in (*left, *right):
            if code in self.metrics and self.metrics[code].side is not side:
                table.fault("right", faults.OTHER_SIDE, code=code)
        self._one_period(table, "right", (*left, *right))
        self._one_unit(table, "right", (*left, *right))
        check = Check(
            code=table.code("code", CODE, "closed_within_docket"),
            severity=table.choice("severity", Severity),
            left=left,
            operator=table.choice("operator", Operator),
            right=right,
            side=side,
        )
        table.finish()
        return check

    def _known_metrics(
        self, table: Table, name: str, *, side: Side | None = None, required: bool = True
    ) -> tuple[str, ...]:
        return self._summed(table, name, table.strings(name, required=required), side)

    def _sum(self, table: Table, name: str, side: Side) -> tuple[str, ...]:
        """Metrics that are added up; an entry may be a table of metric and weight."""
        data = table.data.get(name)
        if not isinstance(data, list) or not any(isinstance(entry, dict) for entry in data):
            found = self._known_metrics(table, name, side=side)
            return self._weighed(table, name, found, [Fraction(1)] * len(found))
        table.has(name)
        codes, weights = [], []
        for place, entry in enumerate(data, start=1):
            if isinstance(entry, str):
                codes.append(entry)
                weights.append(Fraction(1))
            elif isinstance(entry, dict):
                inner = Table(entry, table.file, f"{table.key(name)}[{place}]", self.found)
                codes.append(inner.string("metric"))
                weights.append(Fraction(inner.decimal("weight", 0, MOST_WEIGHT)))
                if weights[-1] == 0 and inner.has("weight"):
                    inner.fault("weight", faults.NO_WEIGHT_AT_ALL)
                inner.finish()
            else:
                table.fault(name, faults.WRONG_TYPE, expected=TYPE_NAMES[str], found=entry)
        return self._weighed(table, name, self._summed(table, name, codes, side), weights)

    def _weighed(
        self, table: Table, name: str, codes: Sequence[str], weights: Sequence[Fraction]
    ) -> tuple[str, ...]:
        """The sum with its weights, if it has any; what is held in 分 is added up in 元."""
        self._one_unit(table, name, codes)
        places = [self.metrics[code].places if code in self.metrics else 0 for code in codes]
        if all(weight == 1 for weight in weights) and not any(places):
            return tuple(codes)
        return Weighed(codes, weights, max(places))

    def _one_unit(self, table: Table, name: str, codes: Sequence[str]) -> None:
        """Report sums and comparisons that mix amounts of money with numbers of cases."""
        known = [self.metrics[code] for code in codes if code in self.metrics]
        money = [metric for metric in known if metric.places]
        if money and len(money) < len(known):
            other = next(metric for metric in known if not metric.places)
            values = {"first": money[0].code, "second": other.code}
            table.fault(name, faults.MIXED_UNITS, **values)

    def _one_period(self, table: Table, name: str, codes: Sequence[str]) -> None:
        """What a month comes to is held against no year to date."""
        known = [self.metrics[code] for code in codes if code in self.metrics]
        for metric in known:
            if metric.period is not known[0].period:
                values = {"first": known[0].code, "second": metric.code}
                table.fault(name, faults.MIXED_PERIODS, **values)
                return

    def _summed(
        self, table: Table, name: str, codes: Sequence[str], side: Side | None
    ) -> tuple[str, ...]:
        for code, times in Counter(codes).items():
            if times > 1:
                table.fault(name, faults.REPEATED, code=code)
            if code not in self.metrics:
                table.fault(name, faults.UNKNOWN_METRIC, code=code)
            elif side is not None and self.metrics[code].side is not side:
                table.fault(name, faults.OTHER_SIDE, code=code)
        return tuple(codes)

    # --- what earns points -------------------------------------------------------------------

    @staticmethod
    def _has_total(head: Table) -> bool:
        """Whether sides add up to a total; `total = "none"` says that they do not."""
        return not head.has("total") or head.one_of("total", (NONE,)) != NONE

    def _ranked_level(self, head: Table, *, has_total: bool) -> Level | None:
        """The level whose courts are ranked, on the total; None for `"none"`."""
        if head.data.get("ranked_level") == NONE:
            head.has("ranked_level")
            return None
        found = head.one_of("ranked_level", self.levels)
        if found and not has_total:
            head.fault("ranked_level", faults.RANKS_NO_TOTAL)
        return Level(found)

    def _levels(self, head: Table) -> tuple[LevelName, ...]:
        """The levels of court; the usual ones where the rulebook names none."""
        if not head.has("levels"):
            return tuple(LevelName(level) for level in Level)
        found = []
        for table in head.tables("levels"):
            level = Level(self._reserved(table, "level"))
            found.append(LevelName(level, table.text("label")))
            table.finish()
        self._unique(found, "levels", "level", head.file)
        return tuple(found)

    @staticmethod
    def _reserved(table: Table, name: str) -> str:
        """A code of a side or a level, none of the words that mean something else."""
        code = table.code(name, SIDE, "civil")
        if code in RESERVED:
            table.fault(name, faults.RESERVED, found=code)
        return code

    def _points_of_levels(self, head: Table, ranked_level: Level | None) -> None:
        """At every level with items the points of each side add up to the side's."""
        of_items = {level for item in self.items for level in item.points}
        if self.items and ranked_level in self.levels and ranked_level not in of_items:
            head.fault("ranked_level", faults.RANKED_WITHOUT_ITEMS, level=ranked_level)
        for document, expected, items in self.sums:
            for level in (level for level in self.levels if level in of_items or not of_items):
                summed = sum((item.points.get(level, Decimal(0)) for item in items), Decimal(0))
                if summed != expected:
                    values = {"level": level.value, "found": summed, "expected": expected}
                    document.fault("items", faults.BAD_POINTS_SUM, **values)

    def _codes(self) -> None:
        """Item codes are told apart without regard to capitals, and from the columns of files."""
        self._unique(self.items, "items", "code")
        taken: dict[str, str] = {}
        for item in self.items:
            file, key = f"{item.side.value}.toml", f"items[{item.code}].code"
            first = taken.setdefault(item.code.lower(), item.code)
            if first != item.code:
                self._fault(file, key, faults.SAME_LETTERS, first=first, second=item.code)
            if item.code.lower() in COLUMNS or item.code.lower() in self.sides:
                self._fault(file, key, faults.RESERVED, found=item.code)

    def _sides(self, head: Table, *, has_total: bool) -> tuple[SideShare, ...]:
        sides = []
        for table in head.tables("sides"):
            sides.append(
                SideShare(
                    side=Side(self._reserved(table, "side")),
                    label=table.text("label"),
                    weight=self._side_weight(table, has_total=has_total),
                    points=table.points("points", MOST_POINTS),
                    mean_of_applicable=table.boolean("mean_of_applicable"),
                    desk=table.code("desk", CODE, "civil_desk") if table.has("desk") else "",
                    office=table.code("office", CODE, "office") if table.has("office") else "",
                )
            )
            table.finish()
        if head.data.get("sides") == []:
            head.fault("sides", faults.EMPTY)
        self._unique(sides, "sides", "side", head.file)
        weights = sum((share.weight for share in sides), Decimal(0))
        if has_total and weights != MOST_PERCENT:
            head.fault("sides", faults.BAD_WEIGHTS, found=weights)
        return tuple(sides)

    @staticmethod
    def _side_weight(table: Table, *, has_total: bool) -> Decimal:
        """What a side counts for in the total; nothing where there is none."""
        if not has_total and not table.has("weight"):
            return Decimal(0)
        return table.decimal("weight", 0, MOST_PERCENT)

    def _items(self, document: Table, share: SideShare) -> tuple[Group, ...]:
        side = share.side
        groups = tuple(self._group(table, side) for table in document.tables("groups"))
        self._unique(groups, "groups", "code", document.file)
        by_code = {group.code: group for group in groups}
        items = [self._item(table, side, by_code) for table in document.tables("items")]
        document.finish()
        weights = [group.weight for group in groups if group.weight is not None]
        if weights and (len(weights) < len(groups) or sum(weights) != MOST_PERCENT):
            document.fault("groups", faults.WEIGHTS_OF_GROUPS, found=sum(weights))
        # Of a side that is a share of what its items could earn, their points are weights alone.
        if not weights and not share.mean_of_applicable:
            scored = [item for item in items if not item.is_bonus]
            self.sums.append((document, share.points, scored))
        self.items += items
        return groups

    def _item(self, table: Table, side: Side, groups: Mapping[str, Group]) -> Item:
        points = {}
        kind = table.choice("kind", ItemKind, ItemKind.SCORED)
        per_level = table.table("points")
        for level in self.levels:
            if per_level.has(level.value):
                points[level] = self._points(per_level, level.value, kind)
        per_level.finish()
        if table.has("points") and not points:
            table.fault("points", faults.EMPTY)
        formula, rule = self._rule(table, side, points)
        item = Item(
            code=table.code("code", ITEM_CODE, "L2.1"),
            label=table.text("label"),
            short=table.text("short"),
            side=side,
            group=self._known_group(table, groups).code,
            paragraph=table.string("paragraph"),
            points=points,
            formula=formula,
            rule=rule,
            kind=kind,
        )
        table.finish()
        return item

    def _points(self, table: Table, name: str, kind: ItemKind) -> Decimal:
        """An item's points; a bonus may have none to give, or no cap."""
        if kind is not ItemKind.BONUS:
            return table.points(name, MOST_POINTS)
        found = table.data.get(name)
        if not isinstance(found, str):
            return table.points(name, MOST_POINTS, least=Decimal(0))
        if found != OPEN:
            table.fault(name, faults.NO_NUMBER, found=found, words=(f"“{OPEN}”",))
        return OPEN_POINTS

    def _rule(
        self, table: Table, side: Side, points: Mapping[Level, Decimal]
    ) -> tuple[type[Formula[Any]], Any]:
        """The formula of an item and its parameters."""
        name = table.string("formula")
        if name not in FORMULAS:
            if name:
                known = tuple(FORMULAS)
                table.fault("formula", faults.UNKNOWN_FORMULA, found=name, known=known)
            table.has("rule")
            self.unread.add(table.data.get("code"))
            # Some formula has to stand here; it is never asked, for the rulebook is refused.
            return next(iter(FORMULAS.values())), None
        formula = FORMULAS[name]
        kind = formula.rule_type
        inner = Table({}, table.file, table.key("rule"), self.found)
        if table.has("rule") or not all(map(_has_default, fields(kind))):
            inner = table.table("rule") if fields(kind) else inner
        if not fields(kind) and table.has("rule"):
            table.fault("rule", faults.UNKNOWN_KEY, known="formula")
        rule = kind(**self._fields(inner, formula, kind, side, required=True))
        inner.finish()
        for field, template, values in self._rule_faults(formula, rule, points):
            inner.fault(field, template, **values)
        return formula, rule

    def _rule_faults(
        self, formula: type[Formula[Any]], rule: Any, points: Mapping[Level, Decimal]
    ) -> Iterator[RuleFault]:
        """What is wrong with a rule: by its formula, and by the periods of its metrics."""
        yield from formula.faults(rule, points, self.metrics)
        yield from period_faults(rule, formula.metrics(rule), self.metrics)

    def _fields(
        self,
        table: Table,
        formula: type[Formula[Any]],
        kind: type[Any],
        side: Side,
        *,
        required: bool,
        given: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The fields of a rule; of a reading's change only those that are there.

        `given` are the fields that a change leaves as they are.
        """
        hints = get_type_hints(kind)
        found: dict[str, Any] = {}
        for field in fields(kind):
            wanted = required and not _has_default(field)
            if table.has(field.name) or wanted:
                hint = hints[field.name]
                known = {**(given or {}), **table.data, **found}
                found[field.name] = self._field(table, formula, field.name, hint, side, known)
        return found

    def _field(
        self,
        table: Table,
        formula: type[Formula[Any]],
        name: str,
        hint: Any,
        side: Side,
        given: Mapping[str, Any],
    ) -> Any:
        if hint == tuple[str, ...]:
            return self._sum(table, name, side)
        if hint in {Decimal, Decimal | None}:
            return self._number(table, formula, name, given)
        if hint is bool:
            return table.boolean(name)
        if hint is Text:
            return table.text(name)
        if hint is Level:
            return Level(table.one_of(name, self.levels))
        chosen = choice_in(hint)
        if chosen is not None and takes_number(hint):
            return self._number_or_word(table, formula, name, chosen, given)
        if chosen is not None:
            return table.choice(name, chosen)
        (kind, _more) = get_args(hint)
        assert is_dataclass(kind)  # noqa: S101  a new kind of field needs a reader here
        return self._parts(table, formula, name, kind, side)

    def _number(
        self, table: Table, formula: type[Formula[Any]], name: str, given: Mapping[str, Any]
    ) -> Decimal | None:
        """A number within the bounds of its formula."""
        return table.decimal(name, formula.least(name), formula.ceiling(name, given))

    def _number_or_word(
        self,
        table: Table,
        formula: type[Formula[Any]],
        name: str,
        words: type[StrEnum],
        given: Mapping[str, Any],
    ) -> Decimal | StrEnum:
        """A number, or a word that says where it comes from."""
        found = table.data.get(name)
        if not isinstance(found, str):
            return table.decimal(name, formula.least(name), formula.ceiling(name, given))
        known = [word.value for word in words]
        if found not in known:
            quoted = tuple(f"“{word}”" for word in known)
            table.fault(name, faults.NO_NUMBER, found=found, words=quoted)
            return next(iter(words))
        return words(found)

    def _parts(
        self, table: Table, formula: type[Formula[Any]], name: str, kind: Any, side: Side
    ) -> tuple[Any, ...]:
        """A list of tables, such as the conditions of a rule."""
        found = []
        for inner in table.tables(name):
            found.append(kind(**self._fields(inner, formula, kind, side, required=True)))
            inner.finish()
        if table.data.get(name) == []:
            table.fault(name, faults.EMPTY)
        return tuple(found)

    def _caps(self, table: Table) -> CapRule:
        rule = CapRule(
            item=table.code("item", ITEM_CODE, "L1"),
            percent=table.decimal("percent", 0, MOST_PERCENT),
            paragraph=table.string("paragraph"),
        )
        found = next((item for item in self.items if item.code == rule.item), None)
        if rule.item and found is None:
            table.fault("item", faults.UNKNOWN_ITEM, code=rule.item)
        elif found is not None and rule.item not in self.unread:
            amounts = any(
                self.metrics[code].places for code in found.metrics if code in self.metrics
            )
            if amounts or not is_sum(found):
                table.fault("item", faults.NO_CASES, code=rule.item)
        table.finish()
        return rule

    # --- how it is read ----------------------------------------------------------------------

    def _reading(self, table: Table) -> Reading:
        options = tuple(self._option(inner) for inner in table.tables("options"))
        reading = Reading(
            code=table.code("code", CODE, "step"),
            question=table.text("question"),
            paragraph=table.string("paragraph"),
            default=table.string("default"),
            options=options,
        )
        if len(options) == 1:
            table.fault("options", faults.FEW_OPTIONS)
        self._unique(options, table.key("options"), "value", table.file)
        if reading.default and options and reading.default not in reading.values:
            known = tuple(reading.values)
            table.fault("default", faults.BAD_DEFAULT, found=reading.default, known=known)
        table.finish()
        return reading

    def _option(self, table: Table) -> Option:
        option = Option(
            value=table.code("value", CODE, "pro_rata"),
            label=table.text("label"),
            reason=table.text("reason"),
            changes=tuple(
                change
                for inner in table.tables("changes", required=False)
                for change in self._changes(inner)
            ),
        )
        table.finish()
        return option

    def _changes(self, table: Table) -> list[Change]:
        """One change per item, since the same field may be of another kind in another rule."""
        by_code = {item.code: item for item in self.items}
        changes = []
        named = table.strings("items")
        setting = table.table("set")
        if table.has("set") and not setting.data:
            table.fault("set", faults.EMPTY)
        for code in named:
            item = by_code.get(code)
            if item is None:
                table.fault("items", faults.UNKNOWN_ITEM, code=code)
                continue
            if code in self.unread:
                continue
            kind = item.formula.rule_type
            known = [field.name for field in fields(kind)]
            for name in setting.data:
                if name not in known:
                    setting.fault(
                        name,
                        faults.UNKNOWN_FIELD,
                        item=code,
                        field=name,
                        known=tuple(known),
                    )
            given = {name: getattr(item.rule, name) for name in known}
            changed = self._fields(
                setting, item.formula, kind, item.side, required=False, given=given
            )
            self._changed_rule(setting, item, changed)
            changes.append(Change((code,), changed))
        table.finish()
        return changes

    def _changed_rule(self, setting: Table, item: Item, changed: Mapping[str, Any]) -> None:
        """What is wrong with the rule that a change makes, and was not before.

        It is said of the field that is changed, where the rule's fault is another field's.
        """
        before = list(self._rule_faults(item.formula, item.rule, item.points))
        rule = replace(item.rule, **changed)
        for fault in self._rule_faults(item.formula, rule, item.points):
            if fault not in before:
                is_own = fault.field.partition("[")[0] in changed
                field = fault.field if is_own else next(iter(changed))
                setting.fault(field, fault.template, **fault.values)

    def _same_fields(self, readings: Sequence[Reading]) -> None:
        """Readings must combine in any way, so no two may set the same field of an item."""
        taken: dict[tuple[str, str], str] = {}
        for reading in readings:
            touched = dict.fromkeys(
                (item, field)
                for option in reading.options
                for change in option.changes
                for item in change.items
                for field in change.fields
            )
            for item, field in touched:
                first = taken.setdefault((item, field), reading.code)
                if first != reading.code:
                    self._fault(
                        "rulebook.toml",
                        f"readings[{reading.code}]",
                        faults.SAME_FIELD,
                        first=first,
                        second=reading.code,
                        item=item,
                        field=field,
                    )


def _listed_sides(head: Mapping[str, Any]) -> tuple[str, ...]:
    """The sides that a rulebook names, as far as their codes can be files."""
    listed = head.get("sides")
    entries = listed if isinstance(listed, list) else []
    codes = [entry.get("side") for entry in entries if isinstance(entry, dict)]
    return tuple(
        dict.fromkeys(code for code in codes if isinstance(code, str) and SIDE.fullmatch(code))
    )


def _has_default(field: Any) -> bool:
    return field.default is not MISSING
