"""Reads .xls, .xlsb and .ods by python-calamine, which shows neither formulas nor formats.

A formula without a kept value reads as blank there, and 100 % as 1: what comes from here is
*opaque*, and a person has to say that they looked. No Django.
"""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import python_calamine

from courts.files.plain import Bounds, Budget, Cell, FileError, GatheredTables, Mark, Sheet, clean
from courts.files.workbooks import LONGEST_TEXT, MOST_DIGITS


def read_old(content: bytes, bounds: Bounds, unreadable: str) -> list[Sheet]:
    """Every worksheet, blank ones too. `FileError` of the code `unreadable` if it cannot.

    The library gives a sheet whole: the child's limits hold what that takes.
    """
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        described = [
            (one.name, one.visible != python_calamine.SheetVisibleEnum.Visible)
            for one in book.sheets_metadata
            if one.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
        budget = Budget(bounds)
        sheets = []
        for name, is_hidden in described:
            sheet = Sheet(clean(name)[:100], is_hidden=is_hidden)
            gathered = GatheredTables(sheet, budget)
            rows = book.get_sheet_by_name(name).iter_rows()
            for number, cells in enumerate(rows, start=1):
                gathered.add(number, [_plain(cell) for cell in cells])
            sheets.append(sheet)
    except (FileError, MemoryError):
        raise
    except BaseException as error:
        # The library's own panics are no Exceptions.
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise FileError(unreadable) from error
    return sheets


def _plain(value: object) -> Cell:
    if isinstance(value, str):
        return clean(value[:LONGEST_TEXT])
    if isinstance(value, bool):
        return Mark(str(value).upper(), "truth")
    if isinstance(value, int | float):
        number = Decimal(repr(value))
        if not number.is_finite() or number.adjusted() > MOST_DIGITS:
            return Mark(str(value), "error")
        return int(number) if number == number.to_integral_value() else number
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, time | timedelta):
        return Mark(str(value), "time")
    return Mark(str(value), "error") if value is not None else ""
