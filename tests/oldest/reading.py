"""Owns naming what scripts and style sheets use that the oldest browsers do not have.

Scripts and sheets are parsed by tree-sitter's own wheels; what is newer is read from `newer.json`
(built-ins, properties) and from the lists here (syntax, which the data does not name by node).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import tree_sitter_css
import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

from tests.oldest.collect import FILE

NEWER = json.loads(FILE.read_text("utf-8"))
SCRIPTS, SHEETS = NEWER["scripts"], NEWER["sheets"]
JAVASCRIPT = Parser(Language(tree_sitter_javascript.language()))
CSS = Parser(Language(tree_sitter_css.language()))

# Grammar nodes that no browser of 2020 parses: Chrome 94, 91, 123, 134.
SYNTAX = {
    "class_static_block": "static { } in a class",
    "import_attribute": "with { } of an import",
    "using_declaration": "using",
    "decorator": "@decorator",
}
UNITS = {f"{kind}{side}" for kind in ("dv", "sv", "lv", "cq") for side in ("h", "w", "i", "b")} | {
    "dvmin", "dvmax", "svmin", "svmax", "lvmin", "lvmax", "cqmin", "cqmax", "lh", "rlh", "cap",
}  # fmt: skip
# Whatever our own things are called, a call of these is one of the language's.
NEVER_OURS = {"at", "with", "hasOwn", "findLast", "findLastIndex"}
# By the kind of name: in what it is given.
NAMING = {
    "identifier": {
        "variable_declarator", "function_declaration", "class_declaration", "formal_parameters",
        "import_specifier", "array_pattern", "rest_pattern", "catch_clause", "assignment_pattern",
        "arrow_function",
    },
    "shorthand_property_identifier_pattern": {"object_pattern"},
    "property_identifier": {"pair", "method_definition", "field_definition"},
}  # fmt: skip
# Values of properties are named in the data by keyword, but some of its names are no keywords.
NO_KEYWORD = re.compile(r"_|^(?:length|percentage|number|auto|none)$")


def text_of(node: Node | None) -> str:
    return "" if node is None or node.text is None else node.text.decode()


def walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from walk(child)


def at(node: Node, what: str) -> str:
    return f"line {node.start_point[0] + 1}: {what}"


# --- Scripts ---------------------------------------------------------------------------------


def newer_in_script(source: str, own: frozenset[str] = frozenset()) -> list[str]:
    """What of a script the oldest browsers would not understand or not have; empty when all.

    `own`: names that our scripts give to things of their own, which are no browser's.
    """
    found = []
    for node in walk(JAVASCRIPT.parse(source.encode()).root_node):
        if node.is_error or node.is_missing:
            found.append(at(node, f"not understood: {text_of(node)[:40]}"))
        if node.type in SYNTAX:
            found.append(at(node, SYNTAX[node.type]))
        found += _of_node(node, own)
    return found


def names_given(source: str) -> set[str]:
    """The names of variables, parameters, methods and keys in a script, whatever their scope."""
    own = set()
    for node in walk(JAVASCRIPT.parse(source.encode()).root_node):
        parent = node.parent
        if _is_kept(node) or (parent is not None and parent.type in NAMING.get(node.type, ())):
            own.add(text_of(node))
    return own


def _is_kept(node: Node) -> bool:
    """Whether a name is given by `{ name }` or by `this.name = …`."""
    if node.type == "shorthand_property_identifier":
        return True
    member = node.parent
    return (
        node.type == "property_identifier"
        and member is not None
        and text_of(member.child_by_field_name("object")) == "this"
        and member.parent is not None
        and member.parent.type == "assignment_expression"
        and member.parent.child_by_field_name("left") == member
    )


def _of_node(node: Node, own: frozenset[str]) -> Iterator[str]:
    name = text_of(node)
    if node.type == "identifier" and name in SCRIPTS["globals"] and name not in own:
        yield at(node, name)
    elif node.type == "property_identifier":
        yield from _member(node, name, own)
    elif node.type == "binary_expression":
        left = node.child_by_field_name("left")
        if left is not None and left.type == "private_property_identifier":
            yield at(node, "#name in object")
    elif node.type == "await_expression" and not _inside_function(node):
        yield at(node, "await outside a function")
    elif node.type == "regex_flags" and set(name) & {"d", "v"}:
        yield at(node, f"flag {name} of a pattern")
    elif node.type == "regex_pattern" and re.search(r"\(\?[ims-]+:", name):
        yield at(node, "modifiers in a pattern")
    elif node.type == "new_expression":
        made = text_of(node.child_by_field_name("constructor"))
        arguments = node.child_by_field_name("arguments")
        # Firefox has modules in workers from 114 on.
        if made == "Worker" and arguments is not None and arguments.named_child_count > 1:
            yield at(node, "a worker that is not a classic script")


def _member(node: Node, name: str, own: frozenset[str]) -> Iterator[str]:
    parent = node.parent
    if parent is None or parent.type != "member_expression":
        return
    owner = text_of(parent.child_by_field_name("object"))
    is_called = parent.parent is not None and parent.parent.type == "call_expression"
    if (
        owner in {"window", "self", "globalThis"} and name in SCRIPTS["globals"]
    ) or f"{owner}.{name}" in SCRIPTS["statics"]:
        yield at(node, f"{owner}.{name}")
    elif name in SCRIPTS["methods"]:
        # A key of ours may have the name of a method; it is not called.
        if is_called and name not in own - NEVER_OURS:
            yield at(node, f".{name}()")
    elif name in SCRIPTS["members"] and name not in own and not owner.endswith("dataset"):
        yield at(node, f".{name}")


def _inside_function(node: Node | None) -> bool:
    while node is not None:
        if "function" in node.type or node.type == "method_definition":
            return True
        node = node.parent
    return False


# --- Style sheets ----------------------------------------------------------------------------


def newer_in_sheet(source: str) -> list[str]:
    """What of a style sheet the oldest browsers would pass over; empty when they know all of it."""
    root = CSS.parse(source.encode()).root_node
    found = []
    for node in walk(root):
        if node.is_error or node.is_missing:
            found.append(at(node, f"not understood: {text_of(node)[:40]}"))
        found += _of_sheet_node(node)
    return found


def _of_sheet_node(node: Node) -> Iterator[str]:
    name = text_of(node)
    if node.type == "declaration":
        yield from _declaration(node)
    elif node.type == "rule_set" and _inside_rule(node.parent):
        yield at(node, "a rule within a rule")
    elif node.type in {"at_keyword", "@media", "@supports", "@import"}:
        if name.removeprefix("@") in SHEETS["at_rules"]:
            yield at(node, name)
    elif node.type in {"pseudo_class_selector", "pseudo_element_selector"}:
        for child in node.children:
            if child.type in {"class_name", "tag_name"} and text_of(child) in SHEETS["selectors"]:
                yield at(node, f":{text_of(child)}")
        if any(text_of(child) == "not" for child in node.children) and any(
            child.type == "arguments" and child.named_child_count > 1 for child in node.children
        ):
            yield at(node, "a list in :not()")
    elif node.type == "feature_name" and name in SHEETS["media"]:
        yield at(node, f"({name})")
    elif node.type == "feature_query" and re.search(r"[<>]", name):
        yield at(node, f"range {name}")
    elif node.type == "function_name" and name in SHEETS["types"]:
        yield at(node, f"{name}()")
    elif node.type == "unit" and name in UNITS:
        yield at(node, f"unit {name}")


def _declaration(node: Node) -> Iterator[str]:
    name = text_of(node.named_children[0])
    if name in SHEETS["properties"]:
        yield at(node, name)
        return
    newer = {value for value in SHEETS["values"].get(name, ()) if not NO_KEYWORD.search(value)}
    for child in node.named_children[1:]:
        if child.type == "plain_value" and text_of(child) in newer:
            yield at(node, f"{name}: {text_of(child)}")


def _inside_rule(node: Node | None) -> bool:
    while node is not None:
        if node.type == "rule_set":
            return True
        node = node.parent
    return False
