"""Owns the archive of a rulebook's files, as editions are taken away and brought in again."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from courts.files.sheets import SourceFile, complaint
from courts.frame.listing import enumerated
from courts.frame.refusals import RuleError
from courts.frame.storable import refused_near
from scoring.loader import files_of as rulebook_files

MOST_BYTES = 2 * 1024 * 1024
# A rulebook has two files and one a side.
MOST_FILES = 40
# What zipfile raises for archives that are damaged, encrypted or packed in another way.
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
)
# The same files always make the same archive, so it bears no date of its own.
ARCHIVE_DATE = (2000, 1, 1, 0, 0, 0)


def archive(sources: Mapping[str, str]) -> bytes:
    """The files as an archive; the same text always gives the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(sources):
            packed.writestr(zipfile.ZipInfo(name, ARCHIVE_DATE), sources[name].encode())
    return buffer.getvalue()


def files_of(file: SourceFile) -> dict[str, str]:
    """The texts in an archive by name, in whatever folder; `RuleError` says what is wrong."""
    try:
        return _unpacked(file)
    except RuleError as error:
        raise RuleError(complaint(file.name, error.message)) from error


def _unpacked(file: SourceFile) -> dict[str, str]:
    sources: dict[str, str] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(file.content)) as packed:
            for entry in packed.infolist():
                name = Path(entry.filename).name
                if entry.is_dir() or not name.endswith(".toml"):
                    continue
                if name in sources or len(sources) >= MOST_FILES:
                    raise _needless(name, sources)
                with packed.open(entry) as opened:
                    content = opened.read(MOST_BYTES + 1)
                if len(content) > MOST_BYTES:
                    raise RuleError(
                        _("“%(name)s”太大了。请检查文件，缩小后再上传。") % {"name": name}
                    )
                sources[name] = storable(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise RuleError(_("文件应为 UTF-8 编码。请另存为 UTF-8 后重新上传。")) from error
    except UNREADABLE as error:
        raise RuleError(_("这不是可以打开的 zip 压缩包。请重新压缩后上传。")) from error
    expected = rulebook_files(sources)
    for name in sources:
        if name not in expected:
            raise _needless(name, sources)
    missing = [name for name in expected if name not in sources]
    if missing:
        raise RuleError(
            _("压缩包里缺少：%(files)s。请补齐后重新上传。") % {"files": enumerated(missing)}
        )
    return sources


def _needless(name: str, sources: Mapping[str, str]) -> RuleError:
    text = _("“%(name)s”不应在压缩包里；须有且只有：%(files)s。")
    return RuleError(text % {"name": name, "files": enumerated(rulebook_files(sources))})


def storable(text: str) -> str:
    """A text that any database can hold. `RuleError` for another."""
    if refused_near(text):
        raise RuleError(_("文件里有不能保存的字符。请删去后重新上传。"))
    return text
