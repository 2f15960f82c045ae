"""Looks through the parts of an uploaded Word template before anything opens it. No Django.

Everything is counted while it is unpacked (`courts.files`). A template holds words, styles and
pictures of its own: no program, no way to another file, no field that fetches something.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from courts.files.plain import Bounds, FileError
from courts.files.workbooks import Archive, parse

BOUNDS = Bounds(
    most_bytes=4 * 1024 * 1024,
    most_members=300,
    most_unpacked=32 * 1024 * 1024,
    seconds=10,
    megabytes=1024,
)
_RELATIONS = ".rels"
_TYPES = "[content_types].xml"
_WORD_TYPE = "wordprocessingml.document.main+xml"
_MACRO = re.compile(r"macroenabled|vbaproject|vbadata|activex", re.IGNORECASE)
# Kinds of relations that bring another file or program in.
_BROUGHT_IN = frozenset(
    "oleobject package control afchunk subdocument attachedtemplate frame mailmergesource "
    "mailmergeheadersource".split()
)
# Elements that do so without a relation.
_BRINGING = frozenset({"altChunk", "object", "control", "subDoc", "mailMerge"})
# What a field may count; every other one can reach out of the document.
_COUNTING_FIELD = re.compile(
    r"\s*(?:(?:PAGE|NUMPAGES|SECTIONPAGES)(?:\s+\\[*#]\s*\w+)*)?\s*\Z", re.IGNORECASE
)
_LONGEST_SHOWN = 60


@dataclass(slots=True)
class _Seen:
    """What is gathered from one part of XML; a field's instruction may span many runs."""

    links: list[str] = field(default_factory=list)
    brought_in: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    instructions: list[str] = field(default_factory=list)
    in_instruction: bool = False

    def start(self, tag: str, given: dict[str, str]) -> None:
        """Take note of an element's beginning."""
        self.in_instruction = tag in {"instrText", "delInstrText"}
        if tag == "Relationship":
            self._relation(given)
        elif "href" in given or "://" in given.get("src", ""):
            # Old drawings (VML) hold addresses without a relation.
            self.links.append(given.get("href") or given["src"])
        elif tag in {"Override", "Default"}:
            self.types.append(given.get("ContentType", ""))
        elif tag in _BRINGING:
            self.brought_in.append(tag)
        elif tag == "fldSimple":
            self.instructions.append(given.get("instr", ""))
        elif tag == "fldChar" and given.get("fldCharType") == "begin":
            self.instructions.append("")

    def _relation(self, given: dict[str, str]) -> None:
        kind = given.get("Type", "").rpartition("/")[2].casefold()
        if given.get("TargetMode", "").casefold() == "external":
            self.links.append(given.get("Target", ""))
        elif kind in _BROUGHT_IN:
            self.brought_in.append(kind)

    def end(self, _tag: str) -> None:
        """Take note of an element's end."""
        self.in_instruction = False

    def data(self, text: str) -> None:
        """Take note of text."""
        if self.in_instruction:
            if not self.instructions:
                self.instructions.append("")
            self.instructions[-1] += text


def part_faults(content: bytes, bounds: Bounds = BOUNDS) -> Iterator[tuple[str, dict[str, Any]]]:
    """Code and particulars of everything that bars a file from being opened as a template.

    `FileError` when it is no sound zip, swells, is encrypted or defines entities.
    """
    if len(content) > bounds.most_bytes:
        raise FileError("too_big", most=bounds.most_bytes)
    try:
        opened = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise FileError("not_word") from error
    with opened:
        archive = Archive(opened, bounds)
        if _TYPES not in archive:
            raise FileError("not_word")
        yield from _archive_faults(archive)


def _archive_faults(archive: Archive) -> Iterator[tuple[str, dict[str, Any]]]:
    if len(archive.names) != len(archive.archive.infolist()):
        # Readers would not agree about which of two parts of one name counts.
        yield "twice", {}
    for name in archive.names:
        if _MACRO.search(name):
            yield "macro", {"part": name}
        if not name.endswith((".xml", _RELATIONS)):
            for _chunk in archive.chunks(name):
                pass
            continue
        seen = _look_through(archive, name)
        if name == _TYPES:
            if any(_MACRO.search(kind) for kind in seen.types):
                yield "macro", {"part": name}
            elif not any(kind.endswith(_WORD_TYPE) for kind in seen.types):
                raise FileError("not_word")
        for link in seen.links:
            yield "link", {"part": name, "target": link[:_LONGEST_SHOWN]}
        for kind in seen.brought_in:
            yield "embedded", {"part": name, "kind": kind}
        for instruction in _instructions(seen.instructions):
            yield "field_code", {"part": name, "field": instruction[:_LONGEST_SHOWN]}


def _look_through(archive: Archive, name: str) -> _Seen:
    seen = _Seen()
    parse(archive.chunks(name), name, seen.start, seen.end, seen.data)
    return seen


def _instructions(found: list[str]) -> Iterator[str]:
    """The fields that do more than count pages."""
    for instruction in found:
        if not _COUNTING_FIELD.match(instruction):
            yield " ".join(instruction.split())
