"""Owns putting an issue into one plain document: head, prose, tables, annexes, imprint.

The document is what every renderer prints. Its words of form are in the language of the document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from courts.bulletins.selectors.paper import shown_values
from courts.bulletins.selectors.prose.annexes import CORRECTIONS, annex_list
from courts.bulletins.selectors.prose.blocks import Block, BlockKind
from courts.bulletins.selectors.prose.drafts import ACTIVE
from courts.bulletins.selectors.prose.issues import Prose, prose_of
from courts.bulletins.selectors.prose.own import own_draft, own_month, released_means
from courts.frame.listing import enumerated
from courts.frame.selectors.record import Head
from courts.models import Bulletin, RestatedMonth
from courts.papers.document import (
    Annex,
    Document,
    Heading,
    HeadLine,
    Imprint,
    Marks,
    Paragraph,
    Table,
    Text,
)
from courts.papers.document import Block as PaperBlock
from courts.papers.tokens import runs
from courts.wording.months import day_name

TENTHS = 10
# Signs of a digest that stand together on paper.
GROUP = 8


def document_of(bulletin: Bulletin, language: str = "zh") -> Document:
    """The document of an issue in a language, `zh` or `ko`. A few queries.

    An issue that is not signed yet is shown with the year's settings as they are now.
    """
    prose = prose_of(bulletin, language)
    settings = bulletin.settings or shown_values(bulletin.quality_year)[1]
    with translation.override(ACTIVE[language]):
        return _document(bulletin, prose, settings)


def own_document_of(bulletin: Bulletin, code: str, language: str = "zh") -> Document:
    """The paper of one court: its own rows, and means that may be told to it. A few queries.

    It has the head, number and imprint of the bulletin, and none of the text that people wrote.
    """
    whole = prose_of(bulletin, language).month
    month = own_month(whole, code)
    drafted = own_draft(month, released_means(whole, code), language)
    settings = bulletin.settings or shown_values(bulletin.quality_year)[1]
    with translation.override(ACTIVE[language]):
        document = _document(bulletin, Prose(month, language, drafted, drafted.blocks), settings)
        names = month.own.names
        name = (language == "ko" and names["ko"]) or names["name"]
        return replace(
            document,
            title=(*document.title, _("（%(court)s）") % {"court": name}),
            addressee=_("%(court)s：") % {"court": name},
        )


def with_record_head(document: Document, head: Head | None) -> Document:
    """The document with the record's head of the day as its last line, where there is one.

    Whoever holds the paper can tell with `check_record --head` whether anything was changed since.
    """
    if head is None:
        return document
    groups = (head.link[at : at + GROUP] for at in range(0, len(head.link), GROUP))
    with translation.override(ACTIVE[document.language]):
        text = _("操作记录链值（%(day)s）：%(link)s") % {
            "day": in_full(head.day),
            # Cut into groups, so that a line can be broken and a person can read it out.
            "link": " ".join(groups),
        }
    return replace(document, blocks=(*document.blocks, Paragraph((Text(text),))))


def _document(bulletin: Bulletin, prose: Prose, settings: Mapping[str, Any]) -> Document:
    language = prose.language
    title = bulletin.title_ko if language == "ko" else bulletin.title
    day = bulletin.dated_on
    is_series = bulletin.carrier == Bulletin.Carrier.SERIES
    annexes = _annexes(bulletin, prose)
    return Document(
        carrier=bulletin.carrier,
        language=language,
        head=_series_head(settings, language) if is_series else _red_head(settings),
        number=_number(bulletin, settings),
        title=tuple(filter(None, title.split("\n"))),
        addressee=_in(settings, "addressee", language),
        blocks=tuple(paper_blocks(prose)),
        signature=tuple(filter(None, (_in(settings, "signature", language),))),
        date="" if day is None else in_full(day),
        day=(day or timezone.localtime(prose.month.data_at).date()).isoformat(),
        issuer=_in(settings, "issued_by", language) if is_series else "",
        annex_list=annex_list(annexes),
        annexes=annexes,
        imprint=_imprint(settings, language, day),
        marks=_marks(prose, settings),
        stamp=prose.month.parts.sha256,
    )


def _annexes(bulletin: Bulletin, prose: Prose) -> tuple[Annex, ...]:
    """The annexes; the one on corrections begins with the issue that is corrected, and by whom."""
    old = bulletin.restates
    if old is None:
        return prose.drafted.annexes
    number = _number(old, old.settings) or "".join(old.title.split("\n"))
    text = _("更正的通报：%(number)s。") % {"number": number}
    if old.dated_on is not None:
        values = {"number": number, "date": in_full(old.dated_on)}
        text = _("更正的通报：%(number)s（%(date)s）。") % values
    approvers = _approvers(bulletin, old)
    if approvers:
        text += _("批准更正：%(people)s。") % {"people": enumerated(approvers)}
    named = Paragraph((Text(text),))
    return tuple(
        replace(annex, blocks=(named, *annex.blocks)) if annex.title == str(CORRECTIONS) else annex
        for annex in prose.drafted.annexes
    )


def _approvers(bulletin: Bulletin, old: Bulletin) -> list[str]:
    """Who approved what lies between the snapshots of two issues, each once. One query."""
    rows = RestatedMonth.objects.filter(
        new__isnull=False,
        new__quality_year=bulletin.quality_year_id,
        new__month=bulletin.month,
        new__number__gt=old.snapshot.number,
        new__number__lte=bulletin.snapshot.number,
    ).select_related("restatement__decided_by")
    people = [str(row.restatement.decided_by) for row in rows if row.restatement.decided_by]
    return list(dict.fromkeys(people))


def paper_blocks(prose: Prose) -> Iterator[PaperBlock]:
    """The blocks as the document has them: items counted, notes below the table before them."""
    number, waiting = 0, None
    for block in prose.blocks:
        if not _is_said(block):
            continue
        number = number + 1 if block.kind is BlockKind.ITEM else 0
        made = paper_block(prose, block, number)
        if waiting is not None and block.kind is BlockKind.NOTE and isinstance(made, Paragraph):
            waiting = replace(waiting, notes=(*waiting.notes, made))
            continue
        if waiting is not None:
            yield waiting
        waiting = made if isinstance(made, Table) else None
        if waiting is None:
            yield made
    if waiting is not None:
        yield waiting


def paper_block(prose: Prose, block: Block, number: int = 0) -> PaperBlock:
    """A block as the document has it; `number` is that of an item within its list."""
    if block.kind is BlockKind.TABLE:
        return prose.drafted.points
    found = runs(block.text, prose.numbers, block.reasons, prose.names)
    if block.kind is BlockKind.HEADING:
        return Heading(block.level or 1, found)
    if block.kind is BlockKind.ITEM:
        return Paragraph((Text(_("%(number)s.") % {"number": number}), *found))
    if block.kind is BlockKind.NOTE:
        return Paragraph((Text(_("注：")), *found), is_flush=True)
    return Paragraph(found)


def _is_said(block: Block) -> bool:
    return block.kind is BlockKind.TABLE or bool(block.text)


def in_full(day: date) -> str:
    """A day in words, without leading zeros."""
    return day_name(day)


def _in(settings: Mapping[str, Any], name: str, language: str) -> str:
    """A setting in the language of the document; the Chinese one stands in for a missing one."""
    text = str(settings.get(name, ""))
    return (str(settings.get(f"{name}_ko", "")) or text) if language == "ko" else text


def _tenths(settings: Mapping[str, Any], name: str) -> int:
    return int(Decimal(str(settings.get(name, "0"))) * TENTHS)


def _red_head(settings: Mapping[str, Any]) -> tuple[HeadLine, ...]:
    """The red lines: Chinese, and Korean where it is printed, in the order that was set."""
    lines = [
        HeadLine(str(settings.get("letterhead", "")), "zh", _tenths(settings, "letterhead_points"))
    ]
    if settings.get("korean_line") and settings.get("letterhead_ko"):
        korean = HeadLine(
            str(settings["letterhead_ko"]), "ko", _tenths(settings, "letterhead_ko_points")
        )
        lines.insert(0 if settings.get("first_line") == "ko" else 1, korean)
    return tuple(lines)


def _series_head(settings: Mapping[str, Any], language: str) -> tuple[HeadLine, ...]:
    """The name of the series, in the language of the document."""
    size = _tenths(settings, "letterhead_points")
    return (HeadLine(_in(settings, "series", language), language, size),)


def _number(bulletin: Bulletin, settings: Mapping[str, Any]) -> str:
    if bulletin.number is None:
        return ""
    values = {"number": bulletin.number, "year": bulletin.number_year}
    if bulletin.carrier == Bulletin.Carrier.SERIES:
        return _("第%(number)s期") % values
    code = settings.get("document_code", "")
    return _("%(code)s〔%(year)s〕%(number)s号") % {**values, "code": code}


def _imprint(settings: Mapping[str, Any], language: str, day: date | None) -> Imprint:
    copies_to, copies = _in(settings, "copies_to", language), settings.get("copies")
    return Imprint(
        copies_to=_("抄送：%(names)s。") % {"names": copies_to} if copies_to else "",
        printed_by=_in(settings, "printed_by", language),
        printed_on="" if day is None else _("%(date)s印发") % {"date": in_full(day)},
        copies=_("共印%(copies)s份") % {"copies": copies} if copies else "",
    )


def _marks(prose: Prose, settings: Mapping[str, Any]) -> Marks:
    internal = ""
    if settings.get("internal"):
        internal = _("内部资料　印制：%(name)s") % {"name": settings.get("internal_note", "")}
    return Marks(demo=_("演示数据") if prose.month.head["is_demo"] else "", internal=internal)
