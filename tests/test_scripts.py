"""Holds every script of ours to names that it defines, imports or finds in the browser.

A name that is nowhere defined fails only once its line runs, which may be in the booth alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

SCRIPTS = Path(__file__).resolve().parent.parent / "static" / "courts"
# What browsers bring along, of what our scripts use.
BROWSER = frozenset(
    "Array ArrayBuffer BigInt Blob Boolean CSS DataView Date DOMParser Error Event File FormData"
    " Image Infinity Intl JSON Map Math NaN Number Object Promise RangeError RegExp Set String"
    " SyntaxError TextDecoder TextEncoder TypeError Uint32Array Uint8Array URL URLSearchParams"
    " WeakMap Worker clearTimeout confirm console crypto decodeURIComponent document"
    " encodeURIComponent fetch getComputedStyle getSelection history innerHeight innerWidth"
    " location matchMedia navigator parseFloat parseInt performance postMessage"
    " requestAnimationFrame self setInterval clearInterval setTimeout undefined window"
    " AbortController CustomEvent DataTransfer Element HTMLElement IntersectionObserver"
    " MutationObserver ResizeObserver addEventListener isNaN sessionStorage localStorage"
    " structuredClone queueMicrotask vegaEmbed vega".split()
)
# Where a name stands that is defined there: the kind of what it stands in, and in which part.
DEFINING = {
    "variable_declarator": "name",
    "function_declaration": "name",
    "function_expression": "name",
    "class_declaration": "name",
    "arrow_function": "parameter",
    "assignment_pattern": "left",
    "object_assignment_pattern": "left",
    "pair_pattern": "value",
    "for_in_statement": "left",
}
DEFINING_ALL = frozenset(
    "formal_parameters array_pattern rest_pattern import_specifier import_clause"
    " namespace_import catch_clause".split()
)


def test_every_name_is_known_somewhere() -> None:
    found = {
        path.name: unknown
        for path in sorted(SCRIPTS.rglob("*.js"))
        # A bundle of others.
        if "vega" not in path.name and (unknown := unknown_names(path.read_bytes()))
    }
    assert found == {}


def test_a_name_that_is_not_imported_is_seen() -> None:
    text = b'import { plain } from "./x.js";\nexport const f = (a) => plain(listed(a));\n'
    assert unknown_names(text) == ["listed"]


def unknown_names(source: bytes) -> list[str]:
    """The names that a script uses and neither it nor the browser defines."""
    parser = Parser(Language(tree_sitter_javascript.language()))
    defined: set[str] = set()
    used: set[str] = set()
    for node in _nodes(parser.parse(source).root_node):
        if node.type == "shorthand_property_identifier_pattern" or (
            node.type == "identifier" and _is_defined_here(node)
        ):
            defined.add(_text(node))
        elif node.type in ("identifier", "shorthand_property_identifier"):
            used.add(_text(node))
    return sorted(used - defined - BROWSER)


def _is_defined_here(node: Node) -> bool:
    above = node.parent
    if above is None:
        return False
    part = DEFINING.get(above.type)
    return above.type in DEFINING_ALL or (
        part is not None and node in above.children_by_field_name(part)
    )


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for inner in node.children:
        yield from _nodes(inner)


def _text(node: Node) -> str:
    return (node.text or b"").decode()
