"""Owns reading the cells of an .xlsx workbook safely; never knows what they mean.

A workbook is a zip of XML files, and either may be made to swell beyond all measure. So the zip's
own directory is checked first, then every member is unpacked and counted, and only then does
openpyxl (over defusedxml) see it. Formulas are refused, since their stored results may be stale.
"""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from courts.services.cells import MOST_COLUMNS, MOST_ROWS, Cell, RawRow, Refused, Unreadable

MOST_MEMBERS = 500
MOST_UNPACKED_BYTES = 96 * 1024 * 1024
# Deflate reaches about a thousand; worksheets stay far below, tiny members may not.
MOST_RATIO = 150
RATIO_MATTERS_FROM_BYTES = 1024 * 1024
CHUNK_BYTES = 256 * 1024
# Every OpenDocument file names its kind in a member of this name, no workbook of Excel's does.
OPEN_DOCUMENT = "mimetype"

_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
# All that openpyxl has been seen to raise over files that are no sound workbook.
_WORKBOOK_ERRORS = (
    *_ZIP_ERRORS,
    ArithmeticError,
    AttributeError,
    InvalidFileException,
    LookupError,
    SyntaxError,
    TypeError,
)


def rows_of_workbook(content: bytes) -> Iterator[RawRow]:
    """The rows of the only worksheet that holds anything, blank rows included."""
    sheets = sheets_of_workbook(content)
    if len(sheets) > 1:
        raise Unreadable(
            _("有多个工作表含有数据，请只保留一个：%(sheets)s。") % {"sheets": "、".join(sheets)}
        )
    for rows in sheets.values():
        yield from rows


def sheets_of_workbook(content: bytes) -> dict[str, list[RawRow]]:
    """The rows of every worksheet that holds anything, hidden ones too, by title."""
    _guard(content)
    with warnings.catch_warnings():
        # openpyxl warns of every decoration it leaves out.
        warnings.simplefilter("ignore")
        try:
            return _filled_sheets(content)
        except _WORKBOOK_ERRORS as error:
            raise Unreadable(_("工作簿已损坏，无法读取。")) from error


def _guard(content: bytes) -> None:
    """Refuse what would swell: by what the directory says, then by what is really there."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if any(member.filename == OPEN_DOCUMENT for member in members):
                raise Unreadable(_("是OpenDocument格式（.ods等），请另存为.xlsx。"))
            if len(members) > MOST_MEMBERS:
                raise Unreadable(_("工作簿内的文件过多，拒绝读取。"))
            swelling = any(
                member.file_size > RATIO_MATTERS_FROM_BYTES
                and member.file_size > MOST_RATIO * max(member.compress_size, 1)
                for member in members
            )
            if swelling or sum(member.file_size for member in members) > MOST_UNPACKED_BYTES:
                raise Unreadable(_("工作簿解压后过大，拒绝读取。"))
            unpacked = 0
            for member in members:
                with archive.open(member) as file:
                    while chunk := file.read(CHUNK_BYTES):
                        unpacked += len(chunk)
                        if unpacked > MOST_UNPACKED_BYTES:
                            raise Unreadable(_("工作簿解压后过大，拒绝读取。"))
    except _ZIP_ERRORS as error:
        raise Unreadable(_("不是有效的.xlsx工作簿，或已损坏、加密。")) from error


def _filled_sheets(content: bytes) -> dict[str, list[RawRow]]:
    """The rows of each worksheet that has any cell filled, by title."""
    workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False)
    try:
        found: dict[str, list[RawRow]] = {}
        for sheet in workbook.worksheets:
            # Explicit bounds: the dimensions a file states are often wrong.
            cells = sheet.iter_rows(
                min_row=1, max_row=MOST_ROWS + 1, min_col=1, max_col=MOST_COLUMNS
            )
            rows: list[RawRow] = []
            for number, row in enumerate(cells, start=1):
                plain = [_plain(cell) for cell in row]
                while plain and plain[-1] == "":
                    plain.pop()
                if plain:
                    rows.append((number, plain))
            if rows:
                found[sheet.title] = rows
        return found
    finally:
        workbook.close()


def _plain(cell: Any) -> Cell:
    """The value of a cell as a person would read it off the sheet."""
    value = cell.value
    if value is None:
        return ""
    kind = cell.data_type
    if kind == "f":
        address = f"{get_column_letter(cell.column)}{cell.row}"
        text = value if isinstance(value, str) else getattr(value, "text", None) or "="
        return Refused(text, _("单元格%(address)s是公式，请粘贴为数值。") % {"address": address})
    if isinstance(value, str) and kind == "s":
        return value.strip()
    if isinstance(value, bool):
        return Refused(str(value).upper(), _("是逻辑值，应为文字或数字。"))
    if isinstance(value, int | float):
        return _number(cell, value)
    if isinstance(value, datetime) and value.time() == time():
        return value.date()
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    return Refused(str(value), _("是错误值或时间，应为文字或数字。"))


def _number(cell: Any, value: int | float) -> Cell:
    """Excel keeps every number as a float: one without a fraction is the integer it shows."""
    if "%" in (cell.number_format or ""):
        # It shows 12.5% and holds 0.125: whoever reads the sheet and whoever reads the file differ.
        return Refused(str(value), _("单元格设了百分比格式，请改为常规格式，直接写数值。"))
    number = Decimal(repr(value))
    return int(number) if number == number.to_integral_value() else number
