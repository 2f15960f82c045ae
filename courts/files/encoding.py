"""Writes a table as JSON and reads it back: what waits in the database and what a child answers."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from courts.files.plain import Cell, FileError, Found, Mark, Sheet

Json = Any


def found_as_json(found: Found) -> str:
    """The text of a file's tables."""
    return json.dumps(tables_as_data(found), ensure_ascii=False, separators=(",", ":"))


def tables_as_data(found: Found) -> Json:
    """Plain data of a file's tables, without a word of any language."""
    return {
        "kind": found.kind,
        "opaque": found.is_opaque,
        "sheets": [
            {
                "title": sheet.title,
                "hidden": sheet.is_hidden,
                "rows": [[number, [_out(cell) for cell in cells]] for number, cells in sheet.rows],
            }
            for sheet in found.sheets
        ],
    }


def tables_from_data(data: Json) -> Found:
    """The tables again; KeyError, TypeError or ValueError when the data are none."""
    return Found(
        kind=data["kind"],
        is_opaque=data["opaque"],
        sheets=tuple(
            Sheet(
                title=sheet["title"],
                is_hidden=sheet["hidden"],
                rows=[(number, [_in(cell) for cell in cells]) for number, cells in sheet["rows"]],
            )
            for sheet in data["sheets"]
        ),
    )


def fault_as_data(fault: FileError) -> Json:
    """Plain data of what is wrong with a file."""
    return [fault.code, fault.found]


def fault_from_data(data: Json) -> FileError:
    """What is wrong with a file, again."""
    code, found = data
    return FileError(code, **found)


def _out(cell: Cell) -> Json:
    if isinstance(cell, str | int):
        return cell
    if isinstance(cell, Decimal):
        return ["number", str(cell)]
    if isinstance(cell, date):
        return ["date", cell.isoformat()]
    return ["mark", cell.found, cell.reason, cell.address]


def _in(cell: Json) -> Cell:
    if isinstance(cell, str | int):
        return cell
    kind, text, *more = cell
    if kind == "number":
        return Decimal(text)
    if kind == "date":
        return date.fromisoformat(text)
    return Mark(text, *more)
