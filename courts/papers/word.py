"""A document as a Word file: a template's words around what the document says. No Django.

Terms: a *field* of a template is a name in braces. What is one line stands within a paragraph
(`{{ number }}`); what is several paragraphs takes a paragraph of its own (`{{p body }}`).
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import DictLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree
from markupsafe import Markup

from courts.papers import word_markup
from courts.papers.document import SERIES, Document
from courts.papers.printing import printable
from courts.papers.word_file import built_in_template, packed, unpacked
from courts.papers.word_markup import XML_SPACE, element, w
from scoring.listing import PHRASES, listed_in

# Every field that a template may name; a group's parts come after a dot.
LINES = ("number", "issuer", "date", "addressee", "is_series")
PARAGRAPHS = ("head", "title", "body", "annex_list", "signature", "annexes")
GROUPS = {
    "marks": ("demo", "internal"),
    "imprint": ("copies_to", "printed_by", "printed_on", "copies"),
}
# Without these a paper would say less than was signed.
REQUIRED = (
    *("number", "issuer", "date", "addressee"),
    *PARAGRAPHS,
    *(f"{group}.{name}" for group, names in GROUPS.items() for name in names),
)
_HANGUL = re.compile(r"([\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]+)")
# Paragraphs whose Korean words stand in a face without serifs.
_STRONG = frozenset({"QYHeading1", "QYTableTitle", "QYAnnexLabel", "QYCellHead", "QYMarks"})


def environment() -> SandboxedEnvironment:
    """Where a template runs: without access to anything but its fields, and with escaping."""
    made = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined, loader=DictLoader({}))
    made.globals.clear()
    return made


def word_of(document: Document, template: bytes | None = None) -> bytes:
    """The document as .docx, by the built-in template or another that was found sound.

    Equal documents and templates give equal bytes. Another template is run by
    `courts.papers.child` only: what somebody brought may not run in the server.
    """
    document = printable(document)
    opened = DocxTemplate(io.BytesIO(template or built_in_template()))
    opened.init_docx()
    section = opened.docx.element.body.sectPr
    if section is None:
        section = element("sectPr")
    opened.render(context(document, section), jinja_env=environment(), autoescape=True)
    end_on_even_page(opened.docx.element.body)
    _name_korean_fonts(opened.docx.element.body, document.language)
    properties = opened.docx.core_properties
    moment = datetime.fromisoformat(document.day).replace(tzinfo=UTC)
    properties.title = "".join(document.title)[:200]
    properties.author = properties.last_modified_by = (
        listed_in(document.language, document.signature, PHRASES) or document.issuer
    )[:200]
    properties.created = properties.modified = moment
    properties.identifier = document.stamp
    properties.language = {"zh": "zh-CN", "ko": "ko-KR"}[document.language]
    saved = io.BytesIO()
    opened.save(saved)
    return packed(unpacked(saved.getvalue()))


def context(document: Document, section: Any) -> dict[str, Any]:
    """What a template's fields stand for; `section` is its own last `sectPr`."""

    def paragraphs(made: list[Any]) -> Markup:
        return Markup(word_markup.markup(made))  # noqa: S704

    return {
        "is_series": document.carrier == SERIES,
        "number": document.number,
        "issuer": document.issuer,
        "date": document.date,
        "addressee": document.addressee,
        "head": paragraphs(word_markup.head(document)),
        "title": paragraphs(word_markup.title(document)),
        "body": paragraphs(word_markup.blocks(document.blocks)),
        "annex_list": paragraphs(word_markup.annex_list(document)),
        "signature": paragraphs(word_markup.signature(document)),
        "annexes": paragraphs(word_markup.annexes(document, section)),
        "marks": {"demo": document.marks.demo, "internal": document.marks.internal},
        "imprint": {
            "copies_to": document.imprint.copies_to,
            "printed_by": document.imprint.printed_by,
            "printed_on": document.imprint.printed_on,
            "copies": document.imprint.copies,
        },
    }


def end_on_even_page(body: Any) -> None:
    """Begin what follows the annexes, the imprint (版记), on an even page, which is the last one.

    Where nothing follows them, the document ends with them. Word counts its pages itself; a blank
    page before the imprint is what GB/T 9704-2012 allows.
    """
    ends = body.findall(f"{w('p')}/{w('pPr')}/{w('sectPr')}")
    if body.sectPr is None or not ends:
        return
    ended = ends[-1]
    paragraph = ended.getparent().getparent()
    after = [one for one in paragraph.itersiblings() if one is not body.sectPr]
    if any("".join(one.itertext()).strip() for one in after):
        kind = body.sectPr.find(w("type"))
        if kind is None:
            kind = element("type")
            notes = (w("footnotePr"), w("endnotePr"), w("headerReference"), w("footerReference"))
            place = sum(child.tag in notes for child in body.sectPr)
            body.sectPr.insert(place, kind)
        kind.set(w("val"), "evenPage")
        return
    for one in (*after, paragraph):
        body.remove(one)
    body.replace(body.sectPr, ended)


def _name_korean_fonts(body: Any, language: str) -> None:
    """Give Korean words a Korean face: the faces of Chinese documents have no sign of theirs."""
    for written in list(body.iter(w("t"))):
        text = written.text or ""
        run = written.getparent()
        if not _HANGUL.search(text) or run.find(f"{w('rPr')}/{w('rStyle')}") is not None:
            continue
        style = run.getparent().find(f"{w('pPr')}/{w('pStyle')}")
        face = "QYKoreanStrong" if _named(style) in _STRONG else "QYKorean"
        pieces = [text] if language == "ko" else [piece for piece in _HANGUL.split(text) if piece]
        _split(run, written, pieces, lambda piece: bool(_HANGUL.search(piece)), face)


def _split(
    run: Any, written: Any, pieces: list[str], is_korean: Callable[[str], bool], face: str
) -> None:
    """Put a run of its own in the place of each piece of a run's only text."""
    if [child.tag for child in run if child.tag != w("rPr")] != [w("t")]:
        return
    for piece in pieces:
        made = element("r")
        properties = run.find(w("rPr"))
        if properties is not None:
            made.append(etree.fromstring(etree.tostring(properties)))
        if is_korean(piece):
            if made.find(w("rPr")) is None:
                made.insert(0, element("rPr"))
            made.find(w("rPr")).insert(0, element("rStyle", val=face))
        text = element("t")
        text.text = piece
        text.set(XML_SPACE, "preserve")
        made.append(text)
        run.addprevious(made)
    run.getparent().remove(run)


def _named(style: Any) -> str:
    return "" if style is None else str(style.get(w("val"), ""))
