"""Owns the files that go with an application or a motion: their kind by their bytes, their name.

A file's name decides nothing. Office files with macros are refused, and so is anything that is not
one of the known kinds.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext as _

from courts.frame.listing import labelled
from courts.frame.refusals import ReturnError
from courts.models import CaseAttachment, MotionFile
from courts.models.special_cases import LONGEST_NAME

MOST_BYTES = 5 * 1024 * 1024
MOST_FILES = 5
# The list of parts of an Office file is small; what is longer is something else.
LONGEST_LIST = 256 * 1024
# What an Office file of `MOST_BYTES` becomes when somebody opens it: no more than these.
MOST_PARTS = 2_000
MOST_UNPACKED = 100 * 1024 * 1024
PIECE = 1024 * 1024
PARTS = "[Content_Types].xml"
SIGNATURES = (
    (b"%PDF-", CaseAttachment.Kind.PDF),
    (b"\x89PNG\r\n\x1a\n", CaseAttachment.Kind.PNG),
    (b"\xff\xd8\xff", CaseAttachment.Kind.JPEG),
)
OFFICE = (
    (b"wordprocessingml.document.main+xml", CaseAttachment.Kind.DOCX),
    (b"spreadsheetml.sheet.main+xml", CaseAttachment.Kind.XLSX),
)
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    OSError,
    RuntimeError,
    NotImplementedError,
)
MACROS = b"vnd.ms-office.vbaProject"
TYPES = {
    CaseAttachment.Kind.PDF: "application/pdf",
    CaseAttachment.Kind.PNG: "image/png",
    CaseAttachment.Kind.JPEG: "image/jpeg",
    CaseAttachment.Kind.DOCX: (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ),
    CaseAttachment.Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class AttachmentError(ReturnError):
    """The file cannot be attached; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file as it was sent; its name decides nothing."""

    name: str
    content: bytes


Attached = TypeVar("Attached", CaseAttachment, MotionFile)


def attached(model: type[Attached], files: Sequence[GivenFile]) -> list[Attached]:
    """Rows of files that nobody has saved yet; `ReturnError` for too many and for other kinds."""
    if len(files) > MOST_FILES:
        raise ReturnError(_("最多附%(most)s个文件。请去掉多余的。") % {"most": MOST_FILES})
    return [_attached(model, file) for file in files]


def _attached(model: type[Attached], file: GivenFile) -> Attached:
    name = file.name.replace("\\", "/").rsplit("/", 1)[-1].strip()[-LONGEST_NAME:]
    try:
        kind = kind_of(file.content)
    except AttachmentError as error:
        raise ReturnError(labelled(name, error.message)) from error
    return model(
        name=name or _("附件"),
        kind=kind,
        content=file.content,
        size=len(file.content),
        sha256=hashlib.sha256(file.content).hexdigest(),
    )


def kind_of(content: bytes) -> str:
    """The kind of a file by its bytes; `AttachmentError` when it is none of the known."""
    if not content:
        raise AttachmentError(_("文件是空的。请检查后重新选择文件。"))
    if len(content) > MOST_BYTES:
        text = _("附件超过%(most)s MB，请压缩或拆分。")
        raise AttachmentError(text % {"most": MOST_BYTES // 1024 // 1024})
    for signature, kind in SIGNATURES:
        if content.startswith(signature):
            return kind.value
    return _office_kind(content)


def _office_kind(content: bytes) -> str:
    wrong = AttachmentError(_("附件只能是 pdf、docx、xlsx、png 或 jpeg；请另存后再附。"))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_unpacked(archive)
            with archive.open(PARTS) as parts:
                listed = parts.read(LONGEST_LIST + 1)
    except UNREADABLE as error:
        raise wrong from error
    if len(listed) > LONGEST_LIST:
        raise wrong
    if MACROS in listed:
        raise AttachmentError(_("附件含有宏，不能接收；请另存为不含宏的文件。"))
    for mark, kind in OFFICE:
        if mark in listed:
            return kind.value
    raise wrong


def _check_unpacked(archive: zipfile.ZipFile) -> None:
    """`AttachmentError` for a file that would fill whoever opens it: many parts, or huge ones.

    Sizes are counted by unpacking, in pieces: what an archive says of itself may be untrue.
    """
    bomb = AttachmentError(
        _("附件解开后太大（最多%(most)s MB），不能接收；请另存或拆分后再附。")
        % {"most": MOST_UNPACKED // 1024 // 1024}
    )
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > MOST_UNPACKED:
        raise bomb
    left = MOST_UNPACKED
    for one in parts:
        with archive.open(one) as opened:
            while piece := opened.read(min(PIECE, left + 1)):
                left -= len(piece)
                if left < 0:
                    raise bomb
