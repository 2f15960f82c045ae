"""Owns the files that go with an application or a motion: their kind by their bytes, their name.

A file's name decides nothing. Office files with macros are refused, and so is anything that is not
one of the known kinds.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext as _

from courts.frame.refusals import ReturnError
from courts.models import CaseAttachment, MotionFile
from courts.models.special_cases import LONGEST_NAME

MOST_BYTES = 5 * 1024 * 1024
MOST_FILES = 5
# The list of parts of an Office file is small; what is longer is something else.
LONGEST_LIST = 256 * 1024
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
        raise ReturnError(_("最多附%(most)s个文件。") % {"most": MOST_FILES})
    return [_attached(model, file) for file in files]


def _attached(model: type[Attached], file: GivenFile) -> Attached:
    name = file.name.replace("\\", "/").rsplit("/", 1)[-1].strip()[-LONGEST_NAME:]
    try:
        kind = kind_of(file.content)
    except AttachmentError as error:
        raise ReturnError(f"{name}：{error.message}") from error
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
        raise AttachmentError(_("文件是空的。"))
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
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(PARTS) as parts:
            listed = parts.read(LONGEST_LIST + 1)
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError) as error:
        raise wrong from error
    if len(listed) > LONGEST_LIST:
        raise wrong
    if MACROS in listed:
        raise AttachmentError(_("附件含有宏，不能接收；请另存为不含宏的文件。"))
    for mark, kind in OFFICE:
        if mark in listed:
            return kind.value
    raise wrong
