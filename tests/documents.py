"""Reads the documents as tests need them: sections, tables, fenced blocks, links, arithmetic.

Arithmetic lines are chains such as `L1 of Yanji: 4 × 25 / 252 ≈ 0.40`: whatever stands before a
colon is a label, `≈` rounds its left side half up to the decimals of its right. Everything is
exact; nothing here knows the engine.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"

FENCE = re.compile(r"^```(?P<kind>[^\n`]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(?P<depth>#+) (?P<title>.+)$", re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
CODE = re.compile(r"^`([^`]*)`$")
RELATION = re.compile(r"\s*(≈|≤|≥|≠|=|<|>)\s*")
SIGNS = str.maketrans({"×": "*", "÷": "/", "−": "-"})

OPERATORS: Mapping[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
FUNCTIONS: Mapping[str, Callable[..., Fraction]] = {
    "min": min,
    "max": max,
    "floor": lambda value: Fraction(math.floor(value)),
    "ceil": lambda value: Fraction(math.ceil(value)),
}
RELATIONS: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    "=": operator.eq,
    "≠": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "≤": operator.le,
    "≥": operator.ge,
}


def read(name: str) -> str:
    """The text of a document, by its path under docs/."""
    return (DOCS / name).read_text("utf-8")


def blocks(text: str, kind: str) -> list[str]:
    """The fenced blocks of one kind, such as `toml`."""
    return [found["text"] for found in FENCE.finditer(text) if found["kind"].strip() == kind]


def files(text: str) -> dict[str, str]:
    """The fenced blocks that name a file, such as `toml rulebook.toml`, by that name."""
    kinds = ((found["kind"].split(), found["text"]) for found in FENCE.finditer(text))
    return {kind[1]: content for kind, content in kinds if len(kind) > 1}


def prose(text: str) -> str:
    """The text without its fenced blocks."""
    return FENCE.sub("", text)


def section(text: str, title: str) -> str:
    """What stands below a heading, down to the next of the same or a higher rank."""
    headings = list(HEADING.finditer(text))
    start = next(found for found in headings if found["title"] == title)
    later = (
        found.start()
        for found in headings
        if found.start() > start.start() and len(found["depth"]) <= len(start["depth"])
    )
    return text[start.end() : next(later, len(text))]


def rows(text: str) -> list[dict[str, str]]:
    """The lines of all tables, by column; the backquotes of a lone code are dropped."""
    found: list[dict[str, str]] = []
    header: list[str] = []
    for line in prose(text).splitlines():
        if not line.startswith("|"):
            header = []
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not header:
            header = cells
        elif not set(line) <= set("|-: "):
            assert len(cells) == len(header), line
            found.append({name: cell.strip("`") for name, cell in zip(header, cells, strict=True)})
    return found


def links(text: str) -> Iterator[str]:
    """The targets of all links and images outside of fenced blocks."""
    for found in LINK.finditer(prose(text)):
        yield found["target"]


def anchor(title: str) -> str:
    """A heading as an address has it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def calculations(text: str) -> list[str]:
    """The lines of all arithmetic blocks."""
    return [
        line for block in blocks(text, "arithmetic") for line in block.splitlines() if line.strip()
    ]


def wrong_relations(line: str) -> Sequence[str]:
    """The relations of one chain that do not hold."""
    parts = RELATION.split(line.rpartition(":")[2].strip())
    assert len(parts) > 1, line
    wrong = []
    for place in range(0, len(parts) - 2, 2):
        left, relation, right = parts[place : place + 3]
        if relation == "≈":
            holds = rounded(value(left), decimals(right)) == value(right)
        else:
            holds = RELATIONS[relation](value(left), value(right))
        if not holds:
            wrong.append(f"{left} {relation} {right}")
    return wrong


def decimals(literal: str) -> int:
    return len(literal.partition(".")[2])


def rounded(number: Fraction, digits: int) -> Fraction:
    """Half away from zero."""
    scaled = abs(number) * 10**digits
    whole = math.floor(scaled + Fraction(1, 2))
    return Fraction(whole if number >= 0 else -whole, 10**digits)


def value(expression: str) -> Fraction:
    """The exact value of an expression of numbers, + − × / and a few functions."""
    return _value(ast.parse(expression.translate(SIGNS).strip(), mode="eval").body, expression)


def _value(node: ast.expr, text: str) -> Fraction:
    match node:
        case ast.Constant(value=int() as number):
            return Fraction(number)
        case ast.Constant(value=float()):
            # Taken from the text, for the parser has already made a float of it.
            return Fraction(ast.get_source_segment(text.translate(SIGNS).strip(), node) or "")
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, text)
        case ast.BinOp(left=left, op=op, right=right):
            return OPERATORS[type(op)](_value(left, text), _value(right, text))
        case ast.Call(func=ast.Name(id=name), args=args):
            return FUNCTIONS[name](*(_value(arg, text) for arg in args))
    raise ValueError(f"not arithmetic: {text}")
