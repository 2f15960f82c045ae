"""Owns telling in words what two editions do not share: things and values, not keys of a file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.frame.listing import enumerated
from courts.rulebooks.selectors import edition_fields as fields
from scoring import texts


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """One value that two editions do not share; `key` is where it stands in the file.

    `before` and `after` are None where an edition has no such value.
    """

    what: str
    key: str
    before: str | None
    after: str | None


class _Names:
    """What the things of an edition are called, by the list they stand in and their code."""

    def __init__(self, *editions: Mapping[str, str]) -> None:
        language = (get_language() or "").partition("-")[0]
        self.found: dict[tuple[str, str], str] = {}
        # The formula of each item, by its code.
        self.formulas: dict[str, str] = {}
        for sources in editions:
            for text in sources.values():
                self._read(text, language)

    def _read(self, text: str, language: str) -> None:
        try:
            data = tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError):
            return
        for name, tables in data.items():
            for table in tables if isinstance(tables, list) else ():
                if isinstance(table, dict):
                    self._name(name, table, language)

    def _name(self, name: str, table: Mapping[str, Any], language: str) -> None:
        code, label = table.get("code") or table.get("side"), table.get("label")
        label = label or table.get("question")
        if isinstance(code, str) and isinstance(table.get("formula"), str):
            self.formulas[code] = table["formula"]
        if isinstance(code, str) and isinstance(label, dict):
            self.found[name, code] = str(label.get(language) or label.get("zh") or "")

    def formula_of(self, key: str) -> str:
        """The formula of the item that a key is of; empty for other keys."""
        return self.formulas.get(_code_of(key), "")

    def of(self, name: str, code: str) -> str:
        """The code with the label, where there is one."""
        return " ".join(filter(None, (code, self.found.get((name, code), ""))))


def _code_of(key: str) -> str:
    first = fields.steps_of(key)[:1]
    return first[0].rstrip("]").partition("[")[2] if first else ""


def changed_lines(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[ChangedLine, ...]:
    """Value by value what two editions do not share, in words, in the order of the later one."""
    return told(texts.differences(before, after), before, after)


def told(
    found: Iterable[texts.Difference], *editions: Mapping[str, str]
) -> tuple[ChangedLine, ...]:
    """Differences in words, by what these editions call their things."""
    names, titles = _Names(*editions), fields.file_titles(editions[-1])
    return tuple(
        ChangedLine(
            _what(one, names, titles),
            f"{one.file} {one.key}".strip(),
            _value(one.before, one.key, names),
            _value(one.after, one.key, names),
        )
        for one in found
    )


def _what(one: texts.Difference, names: _Names, titles: Mapping[str, str]) -> str:
    """The thing and its part, by the words that the forms have for them."""
    words = [] if one.key else [titles.get(one.file, one.file)]
    steps = fields.steps_of(one.key)
    known = {**fields.rule_words(names.formula_of(one.key)), **fields.part_names()}
    for place, step in enumerate(steps):
        name, _bracket, code = step.rstrip("]").partition("[")
        if name == "rule" or (place and name in ("zh", "label") and len(steps) > 2):
            continue
        if place == 0 and code:
            words += [fields.headings().get(name, name), names.of(name, code)]
        else:
            words.append(known.get(name, name) + (f" {code}" if code else ""))
    if steps and "rule" in steps and steps[-1] == "weight":
        words[-1] = _("权数")
    return " · ".join(words)


def _value(written: str | None, key: str, names: _Names) -> str | None:
    """A value of a file as people write it; a whole file by its length."""
    if written is None:
        return None
    if not key:
        return _("%(count)s字") % {"count": len(written)}
    try:
        value = tomllib.loads(f"value = {written}", parse_float=Decimal)["value"]
    except tomllib.TOMLDecodeError:
        return written
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return enumerated(_entry(entry, names) for entry in value) or "—"
    if isinstance(value, str):
        words = {**fields.rule_words(names.formula_of(key)), **fields.choice_words()}
        return words.get(value, value)
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _entry(entry: Any, names: _Names) -> str:
    if isinstance(entry, dict):
        metric = names.of("metrics", str(entry.get("metric", "")))
        return f"{metric}×{entry.get('weight', '')}"
    return names.of("metrics", str(entry))
