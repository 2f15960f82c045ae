"""Owns what of an edition's text stands in structured forms: sections, fields, labels, choices.

A *section* is one table of a list (an item, a metric, a reading …) or all that stands alone at the
top of a file. Codes, and what joins things together, are left to the text itself: they are changed
in several places at once or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.models import RulebookEdition
from scoring import formulas, schema, texts
from scoring.loader import FILES, HEAD, files_of
from scoring.schema import Text
from scoring.texts import Path, Value

_STEP = re.compile(r"[^.\[\]]+(?:\[[^\]]*\])?")
# What is changed in the text only: other places know it by this.
TIED = frozenset({"side", "group", "formula", "value", "items", "changes"})
TOP = "general"

# Choices of the rulebook itself; formulas say which fields of their rules are choices.
ENUMS: Mapping[str, type[StrEnum] | type[schema.Level]] = {
    "ranked_level": schema.Level,
    "kind": schema.Kind,
    "severity": schema.Severity,
    "operator": schema.Operator,
}


class NoSectionError(LookupError):
    """The file has no such section, or cannot be read well enough to have any."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One value to edit: its path and key, what it is called, what it may be."""

    path: Path
    key: str
    label: str
    value: Value
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SectionLink:
    """One section as the page of an edition lists it; `name` stands in its address."""

    file: str
    name: str
    code: str
    label: str
    is_faulty: bool


@dataclass(frozen=True, slots=True)
class FileSections:
    """The sections of a file under its headings; none when it can only be edited as text."""

    file: str
    title: str
    groups: tuple[tuple[str, tuple[SectionLink, ...]], ...]

    @property
    def takes_items(self) -> bool:
        """Whether items can be added in a form."""
        return self.file not in FILES and bool(self.groups)


@dataclass(frozen=True, slots=True)
class Section:
    """One section with its fields."""

    file: str
    name: str
    title: str
    fields: tuple[FieldSpec, ...]


def file_titles(sources: Mapping[str, str]) -> Mapping[str, str]:
    """What each file of an edition holds, faulty as its text may be."""
    first, second, *of_sides = files_of(sources)
    named = {file: _side_named(sources, file.removesuffix(".toml")) for file in of_sides}
    return {
        first: _("年度、权重与解读"),
        second: _("填报指标与校验"),
        **{file: _("%(side)s考核项") % {"side": side} for file, side in named.items()},
    }


def _side_named(sources: Mapping[str, str], side: str) -> str:
    """What the text calls a side; its code where it says nothing that can be read."""
    found = texts.top_value(sources.get(HEAD, ""), "sides")
    for table in found if isinstance(found, list) else ():
        if isinstance(table, dict) and table.get("side") == side:
            label = table.get("label")
            if isinstance(label, dict):
                words = {name: str(text) for name, text in label.items()}
                text = Text(words.get("zh", ""), words.get("ko", ""), words.get("en", ""))
                return text.get(get_language() or "") or side
    return side


def sections_of(
    edition: RulebookEdition, faulty: Sequence[tuple[str, str]]
) -> tuple[FileSections, ...]:
    """Every section of every file; `faulty` are file and key of what is wrong."""
    named = headings()
    found = []
    for file, title in file_titles(edition.sources).items():
        placed = texts.places(edition.sources.get(file, ""))
        titles = _titles(placed)
        groups: dict[str, dict[str, SectionLink]] = {}
        for place in filter(_is_edited, placed):
            heading, name = _section_name(place)
            links = groups.setdefault(heading, {})
            if name in links:
                continue
            is_faulty = any(f == file and key.startswith(_prefix(place)) for f, key in faulty)
            label = titles.get(name) or named.get(name, "")
            links[name] = SectionLink(file, name, _code(place), label, is_faulty)
        found.append(
            FileSections(
                file,
                title,
                tuple((named.get(h, h), tuple(links.values())) for h, links in groups.items()),
            )
        )
    return tuple(found)


def find_section(edition: RulebookEdition, file: str, name: str) -> Section:
    """A section with its fields; `NoSectionError` when there is none of the name."""
    placed = texts.places(edition.sources.get(file, ""))
    options, known = _options(placed), formulas_in(placed)
    fields = tuple(
        FieldSpec(
            place.path,
            place.key,
            _label(place, known.get(place.path[:2], "")),
            place.value,
            _choices(place, options, known.get(place.path[:2], "")),
        )
        for place in placed
        if _is_edited(place) and _section_name(place)[1] == name
    )
    if not fields:
        raise NoSectionError(_("这个文件里没有这一部分，或者只能作为文本修改。"))
    title = _titles(placed).get(name) or headings().get(name, name)
    return Section(file, name, title, fields)


def metrics_beside(edition: RulebookEdition, section: Section) -> tuple[tuple[str, str], ...]:
    """The metrics of the edition by code, where the section's fields name any."""
    if not any(isinstance(field.value, tuple) for field in section.fields):
        return ()
    language = (get_language() or "").partition("-")[0]
    tables = texts.top_value(edition.sources.get("metrics.toml", ""), "metrics")
    found = []
    for table in tables if isinstance(tables, list) else ():
        if not isinstance(table, dict):
            continue
        code, label = table.get("code"), table.get("label")
        if isinstance(code, str) and isinstance(label, dict):
            found.append((code, str(label.get(language) or label.get("zh") or "")))
    return tuple(found)


def _is_edited(place: texts.Place) -> bool:
    last = place.path[-1]
    is_code = last == "code" and len(place.path) > 1
    return not is_code and not TIED.intersection(str(step) for step in place.path[1:])


def _section_name(place: texts.Place) -> tuple[str, str]:
    """The heading of its list, and the section's name in an address."""
    first = place.path[0]
    if len(place.path) > 1 and isinstance(place.path[1], int):
        if first in {"sides", "groups", "checks", "notes"}:
            return str(first), str(first)
        return str(first), f"{first}-{place.path[1] + 1}"
    return TOP, TOP


def _prefix(place: texts.Place) -> str:
    """What the keys of a section's faults begin with; a code may hold dots."""
    return steps_of(place.key)[0]


def steps_of(key: str) -> tuple[str, ...]:
    """The steps of a key: `items[L2.1].rule.target` is `items[L2.1]`, `rule`, `target`."""
    return tuple(_STEP.findall(key))


def _code(place: texts.Place) -> str:
    inner = _prefix(place).partition("[")[2].rstrip("]")
    return inner if _section_name(place)[1] not in {"sides", "groups", "checks", "notes"} else ""


def _titles(placed: Sequence[texts.Place]) -> Mapping[str, str]:
    """What the things of a file's lists are called in the active language, by section."""
    language = (get_language() or "").partition("-")[0]
    found: dict[str, str] = {}
    for place in placed:
        path = place.path
        if path[2:3] in (("label",), ("question",)) and path[3:] in ((language,), ("zh",)):
            name = _section_name(place)[1]
            if "-" in name and (path[3] == language or name not in found):
                found[name] = str(place.value)
    return found


def _options(placed: Sequence[texts.Place]) -> Mapping[Path, tuple[str, ...]]:
    """The values of the options of each reading."""
    found: dict[Path, tuple[str, ...]] = {}
    for place in placed:
        path = place.path
        if (path[0], *path[2:3], *path[4:]) == ("readings", "options", "value"):
            found[path[:2]] = (*found.get(path[:2], ()), str(place.value))
    return found


def _choices(
    place: texts.Place, options: Mapping[Path, tuple[str, ...]], formula: str
) -> tuple[tuple[str, str], ...]:
    last = str(place.path[-1])
    if isinstance(place.value, bool):
        return (("true", _("是")), ("false", _("否")))
    if last == "default" and place.path[:2] in options:
        return tuple((value, value) for value in options[place.path[:2]])
    enums = {**ENUMS, **formulas.choices()}
    if place.path[0] == "items":
        enums["kind"] = schema.ItemKind
    if last in enums and isinstance(place.value, str):
        words = {**rule_words(formula), **choice_words()}
        known = [member.value for member in enums[last]]
        shown = known if place.value in known else [*known, place.value]
        return tuple((value, words.get(value, value)) for value in shown)
    return ()


def _label(place: texts.Place, formula: str) -> str:
    """What a value is called: its name, then its language or level, then where it stands."""
    names = {**rule_words(formula), **part_names()}
    steps = [step for step in place.path if isinstance(step, str)]
    if len(place.path) > 1 and isinstance(place.path[1], int):
        steps = steps[1:]
    words = [names[step] for step in steps if step in names]
    if "rule" in steps and steps[-1] == "weight":
        words[-1] = _("权数")
    inner = _prefix(place).partition("[")[2].rstrip("]")
    if _section_name(place)[1] in {"sides", "groups", "checks", "notes"} and inner:
        words.insert(0, inner)
    parts = [step for step in place.path[2:] if isinstance(step, int)]
    if parts:
        words.insert(0, str(parts[0] + 1))
    return " · ".join(words) or place.key


def headings() -> Mapping[str, str]:
    """The headings of the parts of a rulebook, by their keys in TOML."""
    return {
        TOP: _("基本信息"),
        "sides": _("各类权重与满分"),
        "readings": _("解读"),
        "notes": _("说明"),
        "groups": _("分组名称"),
        "metrics": _("填报指标"),
        "checks": _("校验"),
        "items": _("考核项"),
    }


def rule_words(formula: str = "") -> Mapping[str, str]:
    """What formulas call the fields of their rules, and the values of their choices.

    Two formulas may call different things alike: those of `formula` come first.
    """
    language = get_language() or ""
    found = dict(formulas.labels())
    if formula in formulas.FORMULAS:
        found |= formulas.FORMULAS[formula].labels
    return {name: text.get(language) for name, text in found.items()}


def formulas_in(placed: Sequence[texts.Place]) -> Mapping[Path, str]:
    """The formula of each item of a file, by the path of its table."""
    return {place.path[:2]: str(place.value) for place in placed if place.path[2:] == ("formula",)}


def part_names() -> Mapping[str, str]:
    """What the keys of a rulebook are called on pages."""
    return {
        "code": _("代码"),
        "year": _("考核年度"),
        "baseline_year": _("基期年度"),
        "ranked_level": _("参加排名的审级"),
        "title": _("名称"),
        "document": _("依据文件"),
        "zh": _("中文"),
        "ko": _("朝鲜文"),
        "en": _("英文"),
        "weight": _("权重（%）"),
        "points": _("满分"),
        "grassroots": _("基层法院"),
        "intermediate": _("中级法院"),
        "paragraph": _("条款"),
        "default": _("默认取值"),
        "question": _("问题"),
        "options": _("选项"),
        "label": _("名称"),
        "short": _("简称"),
        "reason": _("理由"),
        "text": _("内容"),
        "kind": _("性质"),
        "unit": _("单位"),
        "definition": _("定义"),
        "source": _("数据来源"),
        "severity": _("不符时"),
        "left": _("左边各项之和"),
        "operator": _("关系"),
        "right": _("右边各项之和"),
        "caps": _("控制目标"),
        "item": _("考核项"),
        "percent": _("比上年减少（%）"),
        "metric": _("指标"),
        "items": _("考核项"),
        "formula": _("计分公式"),
        "group": _("分组"),
        "side": _("类别"),
        "value": _("取值"),
        "set": _("改为"),
        "changes": _("改动"),
        "conditions": _("条件"),
    }


def choice_words() -> Mapping[str, str]:
    """The values of choices in words."""
    return {
        "grassroots": _("基层法院"),
        "intermediate": _("中级法院"),
        "count": _("件数（年内不减）"),
        "sum": _("合计（年内不减）"),
        "stock": _("期末数（可增可减）"),
        "error": _("错误：不能提交"),
        "warning": _("提醒：说明后可提交"),
        "<=": _("不大于"),
        "==": _("等于"),
        "scored": _("计入满分"),
        "bonus": _("加减分（满分之外）"),
    }
