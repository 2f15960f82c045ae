"""Owns adding to a draft's text in forms: an optional key of a part, a new item of a file.

What is added stands on lines of its own, and the file is read again: where it does not say just
what was meant, nothing is changed. Every other byte stays.
"""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from decimal import Decimal
from typing import Any, get_type_hints

from django.db import transaction
from django.utils.translation import gettext as _

from courts.frame.refusals import RuleError
from courts.models import RulebookEdition, User
from courts.rulebooks.selectors.edition_keys import KIND, item_places, optional_keys
from courts.rulebooks.services.editions import held_draft, write_sources
from scoring import texts
from scoring.formulas import FORMULAS, choice_in, takes_number
from scoring.schema import ItemKind, Text
from scoring.texts import Path, Value

CODE = re.compile(r"[A-Za-z0-9.]{1,16}", re.ASCII)


@transaction.atomic
def add_key(
    *, user: User, edition: RulebookEdition, seen_version: int, file: str, name: str, key: str
) -> None:
    """Add an optional key with the value that it has when it is left out, to be changed after.

    Raises `RuleError`.
    """
    held = held_draft(user, edition, seen_version)
    text = held.sources.get(file, "")
    if key not in optional_keys(text, name):
        raise RuleError(_("这一部分没有这个可选的键。"))
    placed = item_places(text, name)
    item = placed[0].path[:2]
    if key == KIND:
        after, path, line = placed[0], (*item, KIND), f"{KIND} = {texts.written(ItemKind.SCORED)}"
    else:
        formula = next(str(one.value) for one in placed if one.path[2:] == ("formula",))
        value = _default(FORMULAS[formula].rule_type, key)
        rule = [one for one in placed if one.path[2:3] == ("rule",) and len(one.path) == 4]
        after = max(rule or placed, key=lambda one: one.end)
        line = f"{key} = {_written(value)}"
        line, path = (line, (*item, "rule", key)) if rule else (f"[items.rule]\n{line}", ())
    end = text.find("\n", after.end)
    at = len(text) if end < 0 else end
    changed = f"{text[:at]}\n{line}{text[at:]}"
    _check(text, changed, path or (*item, "rule", key))
    write_sources(user, held, {**held.sources, file: changed})


@transaction.atomic
def add_item(
    *,
    user: User,
    edition: RulebookEdition,
    seen_version: int,
    file: str,
    code: str,
    name: str,
    paragraph: str,
    group: str,
    formula: str,
) -> str:
    """Add an item at the end of a file, its numbers zero; the name of its section.

    Raises `RuleError`.
    """
    held = held_draft(user, edition, seen_version)
    text = held.sources.get(file, "")
    if formula not in FORMULAS or not CODE.fullmatch(code):
        raise RuleError(_("代码只能有字母、数字和点，最多16个。"))
    taken = {str(one.value).casefold() for one in texts.places(text) if _is_code(one.path)}
    if code.casefold() in taken:
        raise RuleError(_("已有代码为“%(code)s”的考核项。请换一个代码。") % {"code": code})
    label = f"{{ zh = {texts.written(name)} }}"
    lines = [
        "",
        "[[items]]",
        f"code = {texts.written(code)}",
        f"paragraph = {texts.written(paragraph)}",
        f"group = {texts.written(group)}",
        f"label = {label}",
        f"short = {label}",
        f"points = {{ {_levels(text)} }}",
        f"formula = {texts.written(formula)}",
    ]
    rule_type = FORMULAS[formula].rule_type
    needed = [one.name for one in fields(rule_type) if one.default is MISSING]
    if needed:
        lines.append("[items.rule]")
        lines += [f"{key} = {_written(_first(rule_type, key))}" for key in needed]
    changed = text.rstrip("\n") + "\n" + "\n".join(lines) + "\n"
    number = sum(_is_code(one.path) for one in texts.places(text))
    _check(text, changed, ("items", number, "code"))
    write_sources(user, held, {**held.sources, file: changed})
    return f"items-{number + 1}"


def _is_code(path: Path) -> bool:
    return path[:1] == ("items",) and path[2:] == ("code",)


def _levels(text: str) -> str:
    """No points at any level that the file's other items have."""
    found = [one.path[3] for one in texts.places(text) if one.path[2:3] == ("points",)]
    return ", ".join(f"{level} = 0" for level in dict.fromkeys(found)) or "grassroots = 0"


def _check(before: str, after: str, path: Path) -> None:
    """`RuleError` unless the text says one thing more, where it was meant, and nothing else."""
    old = {one.path: one.value for one in texts.places(before)}
    new = {one.path: one.value for one in texts.places(after)}
    kept = {place: value for place, value in new.items() if place in old}
    if not old or kept != old or not any(one[: len(path)] == path for one in new):
        raise RuleError(_("这个文件的写法不能在表格里增加，请作为文本修改。"))


def _default(rule_type: type[Any], key: str) -> Any:
    """What a key is when it is left out; the first that it may be where that is nothing."""
    default = next(one.default for one in fields(rule_type) if one.name == key)
    return _first(rule_type, key) if default is None or default == () else default


def _first(rule_type: type[Any], key: str) -> Any:
    hint = get_type_hints(rule_type)[key]
    choice = choice_in(hint)
    if takes_number(hint):
        return Decimal(0)
    if choice is not None:
        return next(iter(choice)).value
    return False if hint is bool else ()


def _written(value: Any) -> str:
    if isinstance(value, Text):
        return f"{{ zh = {texts.written(value.zh)} }}"
    known: Value = str(value) if isinstance(value, str) else value
    return texts.written(known)
