"""Tries an uploaded Word template out and names its faults. Runs in a child process. No Django.

A template is what somebody else wrote, and so are the words in its braces: they run in jinja's
sandbox, see nothing but the fields, and what comes out is opened again and compared with what went
in, text by text and number by number.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any

import docx
from docx.opc.exceptions import OpcError
from docxtpl import DocxTemplate
from jinja2 import TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError, TemplateError, UndefinedError
from lxml import etree

from courts.files.plain import Bounds, FileError
from courts.papers.document import Document
from courts.papers.numbers import missing_texts, numbers, numbers_of, pieces_of_body, pieces_of_word
from courts.papers.template_parts import BOUNDS, part_faults
from courts.papers.trial_documents import trial_documents
from courts.papers.word import GROUPS, LINES, PARAGRAPHS, REQUIRED, environment, word_of
from courts.papers.word_markup import STYLES, w

# Code and particulars; `courts.bulletins.template_trials` has the sentence of each.
TemplateFault = tuple[str, dict[str, Any]]
MOST_FAULTS = 40
_BRACES = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_ALONE = re.compile(r"\{\{p\s+(\w+)\s*\}\}")
_WITHIN = re.compile(r"\{\{-?(?!p\s)\s*(\w+)")
_OPENING = (
    OpcError, KeyError, ValueError, AttributeError, TypeError, IndexError, AssertionError,
    etree.LxmlError, zipfile.BadZipFile, OSError, NotImplementedError,
)  # fmt: skip
# Where a paragraph, table, row and cell of a Word file may stand.
_PARENTS = {
    "p": frozenset({"body", "tc", "hdr", "ftr", "txbxContent", "sdtContent", "footnote",
                    "endnote", "comment", "ins", "customXml"}),
    "tbl": frozenset({"body", "tc", "hdr", "ftr", "txbxContent", "sdtContent", "footnote",
                      "endnote", "comment", "customXml"}),
    "tr": frozenset({"tbl", "sdtContent", "customXml"}),
    "tc": frozenset({"tr", "sdtContent", "customXml"}),
    "t": frozenset({"r"}),
}  # fmt: skip


def template_faults(content: bytes, bounds: Bounds = BOUNDS) -> list[TemplateFault]:
    """Every fault of a file that is to be a template; none when it may be taken into use."""
    try:
        found = list(part_faults(content, bounds))
    except FileError as fault:
        return [(fault.code, fault.found)]
    # What reaches out of the document is not opened at all.
    return found[:MOST_FAULTS] or list(_opened_faults(content))[:MOST_FAULTS]


def _opened_faults(content: bytes) -> Iterator[TemplateFault]:
    try:
        template = DocxTemplate(io.BytesIO(content))
        template.init_docx()
        sources = _sources(template)
        styles = {style.style_id for style in template.docx.styles}
        static = numbers(
            _BRACES.sub(" ", piece) for piece in pieces_of_body(template.docx.element.body)
        )
    except _OPENING as error:
        yield "unopenable", {"detail": _short(error)}
        return
    missing_styles = sorted(STYLES - styles)
    if missing_styles:
        yield "styles", {"names": missing_styles}
    try:
        trees = [environment().parse(source) for source in sources]
    except TemplateSyntaxError as error:
        yield "syntax", {"detail": _short(error), "near": _near(error)}
        return
    named = {name for tree in trees for name in _names(tree)}
    printed = {
        name for tree in trees for out in tree.find_all(nodes.Output) for name in _names(out)
    }
    known = {f"{group}.{name}" for group in GROUPS for name in GROUPS[group]}
    unknown = sorted(named - known - {*LINES, *PARAGRAPHS, *GROUPS})
    for name in unknown:
        yield "unknown", {"field": name}
    lacking = [name for name in REQUIRED if name not in printed]
    for name in lacking:
        yield "lacking", {"field": name}
    misplaced = sorted(_misplaced(template))
    for name in misplaced:
        yield "misplaced", {"field": name}
    if not (unknown or lacking or misplaced):
        yield from _result_faults(content, static)


def _sources(template: DocxTemplate) -> list[str]:
    """What jinja is given: the body, the headers and footers."""
    sources = [template.patch_xml(template.get_xml())]
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for _key, part in template.get_headers_footers(uri):
            sources.append(template.patch_xml(template.get_part_xml(part)))
    return sources


def _names(tree: nodes.Node) -> set[str]:
    """Every field that a piece of a template names, a group's with its part."""
    names = list(tree.find_all(nodes.Name))
    # What a template names itself (`for`, `set`) is no field.
    own = {name.name for name in names if name.ctx != "load"} | {"loop"}
    found = {name.name for name in names} - own
    for attribute in tree.find_all(nodes.Getattr):
        found |= _part(attribute.node, attribute.attr)
    for item in tree.find_all(nodes.Getitem):
        found |= _part(item.node, _constant(item.arg))
    return found


def _part(group: nodes.Node, part: str) -> set[str]:
    if isinstance(group, nodes.Name) and group.name in GROUPS:
        return {f"{group.name}.{part}"}
    return set()


def _constant(node: nodes.Node) -> str:
    return str(node.value) if isinstance(node, nodes.Const) else "?"


def _misplaced(template: DocxTemplate) -> set[str]:
    """Fields of several paragraphs that stand within one, and fields of one line that do not."""
    found = set()
    for piece in pieces_of_body(template.docx.element.body):
        found |= {name for name in _WITHIN.findall(piece) if name in PARAGRAPHS}
        found |= {name for name in _ALONE.findall(piece) if name not in PARAGRAPHS}
        alone = _ALONE.search(piece)
        if alone and piece.strip() != alone[0]:
            # What stands beside it would be thrown away.
            found.add(alone[1])
    return found


def _result_faults(content: bytes, static: Counter[str]) -> Iterator[TemplateFault]:
    for document, fields in trial_documents():
        try:
            made = word_of(document, content)
        except SecurityError as error:
            yield "unsafe", {"detail": _short(error)}
            return
        except UndefinedError as error:
            yield "unknown", {"field": _short(error)}
            return
        except TemplateError as error:
            yield "syntax", {"detail": _short(error), "near": _near(error)}
            return
        except (*_OPENING, ArithmeticError) as error:
            yield "unopenable", {"detail": _short(error)}
            return
        found = list(result_faults(made, document, fields, static))
        if found:
            yield from found
            return


def result_faults(
    made: bytes, document: Document, fields: dict[str, str], static: Counter[str]
) -> Iterator[TemplateFault]:
    """What a file of a document lacks or has too much.

    `fields` names the field of each number, `static` are the numbers among the template's words.
    """
    try:
        body = docx.Document(io.BytesIO(made)).element.body
    except _OPENING as error:
        yield "unopenable", {"detail": _short(error)}
        return
    stray = _stray(body)
    if stray:
        yield "nested", {"element": stray}
        return
    pieces = list(pieces_of_word(made))
    wanted, held = numbers_of(document), numbers(pieces)
    for name in sorted({fields.get(number, number) for number in wanted - held}):
        yield "lost", {"field": name}
    for number in held - wanted:
        if number not in static:
            yield "added", {"number": number, "field": fields.get(number, "")}
    if wanted <= held and missing_texts(document, pieces):
        yield "altered", {}


def _stray(body: Any) -> str:
    """The name of an element that stands where Word would not open the file, if any."""
    for name, parents in _PARENTS.items():
        for found in body.iter(w(name)):
            parent = found.getparent()
            if etree.QName(parent).localname not in parents:
                return name
    for cell in body.iter(w("tc")):
        children = [etree.QName(child).localname for child in cell]
        if not children or children[-1] not in {"p", "sdt", "customXml"}:
            return "tc"
    for table in body.iter(w("tbl")):
        if next(table.iter(w("tr")), None) is None:
            return "tbl"
    loose = (body.text or "") + "".join(child.tail or "" for child in body)
    return "text" if loose.strip() else ""


def _near(error: TemplateError) -> str:
    """The words of the template around a fault."""
    source = getattr(error, "source", None) or ""
    line = getattr(error, "lineno", None) or 1
    around = source.splitlines()[line - 1 : line] if source else []
    return " ".join(re.sub(r"<[^>]+>", " ", " ".join(around)).split())[:120]


def _short(error: Exception) -> str:
    return re.sub(r"<[^>]+>", " ", str(error))[:200]
