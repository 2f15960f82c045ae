"""Owns what can be added in forms to an edition's items: optional keys, and a new item."""

from __future__ import annotations

from dataclasses import MISSING, fields

from django.utils.translation import get_language

from courts.models import RulebookEdition
from courts.rulebooks.selectors.edition_fields import formulas_in, part_names, rule_words
from scoring import texts
from scoring.formulas import FORMULAS
from scoring.loader import FILES
from scoring.texts import Place

KIND = "kind"


def optional_key_choices(
    edition: RulebookEdition, file: str, name: str
) -> tuple[tuple[str, str], ...]:
    """The optional keys that the item of a section does not have yet, and their names."""
    text = edition.sources.get(file, "")
    found, placed = optional_keys(text, name), item_places(text, name)
    formula = next(iter(formulas_in(placed).values()), "")
    names = {**rule_words(formula), **part_names()}
    return tuple((key, names.get(key, key)) for key in found)


def new_item_choices(
    edition: RulebookEdition, file: str
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """The groups of a file of items and the formulas; no groups for another file."""
    language = (get_language() or "").partition("-")[0]
    text = edition.sources.get(file, "")
    tables = texts.top_value(text, "groups") if file not in FILES and texts.places(text) else None
    groups = []
    for table in tables if isinstance(tables, list) else ():
        if isinstance(table, dict) and isinstance(table.get("code"), str):
            label = table.get("label")
            words = label if isinstance(label, dict) else {}
            groups.append((table["code"], str(words.get(language) or words.get("zh") or "")))
    return tuple(groups), tuple((name, name) for name in FORMULAS)


def optional_keys(text: str, name: str) -> tuple[str, ...]:
    """The keys that the item of a section may have and does not; none for other sections."""
    placed = item_places(text, name)
    formula = next((str(one.value) for one in placed if one.path[2:] == ("formula",)), "")
    if formula not in FORMULAS:
        return ()
    there = {one.path[3] for one in placed if one.path[2] == "rule" and len(one.path) > 3}
    rule_type = FORMULAS[formula].rule_type
    known = [
        field.name
        for field in fields(rule_type)
        if field.default is not MISSING and field.name not in there
    ]
    has_kind = any(one.path[2:] == (KIND,) for one in placed)
    return (*([] if has_kind else [KIND]), *known)


def item_places(text: str, name: str) -> list[Place]:
    """The values of the item of a section; none for other sections."""
    number = name.removeprefix("items-")
    if not name.startswith("items-") or not number.isdigit():
        return []
    item = ("items", int(number) - 1)
    return [one for one in texts.places(text) if one.path[:2] == item]
