"""Owns making broken files out of good ones: in their bytes, their parts and their cells."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from random import Random

# What stands in cells of hostile tables.
CELLS = (
    *("", "=1+1", "@SUM(A1)", "-1", "1e308", "NaN", "9" * 400, "0x10", "１２３", "٣", "½", "1,2,3"),
    *("\x00", "\ufeff", "\u202e46", "\ud7ff", "\U0010ffff", "'; DROP TABLE courts_figure;--"),
    *(
        "<script>alert(1)</script>",
        "{{ 7|add:7731 }}",
        "../../etc/passwd",
        "2019-12-32",
        "x" * 9000,
    ),
)
TOKENS = (
    *(b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"PK\x03\x04", b"PK\x05\x06", b"<!DOCTYPE x>", b"&a;"),
    *(b"<![CDATA[", b"\r", b'"', b"'", b"=", b"\t", b"-" * 300, b"\xd0\xcf\x11\xe0", b"%PDF-"),
    *(b'<c r="XFD1048576">', b'<row r="0">', b't="s"', b"1e999", b"</x>", b"\xed\xa0\x80"),
)


def changed_bytes(draw: Random, content: bytes) -> bytes:
    """One to four places of it changed, cut or doubled."""
    found = bytearray(content)
    for _place in range(draw.randrange(1, 5)):
        if not found:
            return bytes(found)
        place, length = draw.randrange(len(found)), draw.randrange(1, 65)
        kind = draw.randrange(6)
        if kind == 0:
            found[place] ^= 1 << draw.randrange(8)
        elif kind == 1:
            del found[place : place + length]
        elif kind == 2:
            found[place:place] = found[place : place + length] * draw.randrange(1, 4)
        elif kind == 3:
            found[place:place] = draw.choice(TOKENS)
        elif kind == 4:
            found[place : place + length] = draw.randbytes(length)
        else:
            del found[place:]
    return bytes(found)


def changed_member(draw: Random, content: bytes) -> bytes:
    """A packed file with one part changed, left out, doubled or renamed; its sums are right."""
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as old:
            parts = [(info.filename, old.read(info)) for info in old.infolist()]
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, KeyError, ValueError):
        return changed_bytes(draw, content)
    if not parts:
        return changed_bytes(draw, content)
    place = draw.randrange(len(parts))
    name, part = parts[place]
    kind = draw.randrange(6)
    if kind < 3:
        parts[place] = (name, changed_bytes(draw, part))
    elif kind == 3:
        parts[place] = (name, changed_text(draw, part))
    elif kind == 4:
        parts.pop(place)
    else:
        parts[place] = (draw.choice(["../" + name, name.upper(), "/" + name, name * 9]), part)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for one, inside in parts:
            new.writestr(one[:60_000], inside)
    return out.getvalue()


def changed_text(draw: Random, content: bytes) -> bytes:
    """A text with what stands between its separators replaced by what does not belong there."""
    pieces = re.split(rb"([,\t\n;<>\"])", content)
    for _piece in range(draw.randrange(1, 4)):
        place = draw.randrange(len(pieces))
        pieces[place] = draw.choice(CELLS).encode("utf-8", "surrogatepass")
    return b"".join(pieces)


def mutated(draw: Random, files: Mapping[str, bytes], names: Sequence[str]) -> tuple[str, bytes]:
    """A broken file, and a name; sometimes the name of another kind, or a hostile one."""
    name = draw.choice(names)
    content = files[name]
    kind = draw.randrange(10)
    if kind == 0:
        other = files[draw.choice(names)]
        content = (
            content[: draw.randrange(len(content) + 1)] + other[draw.randrange(len(other) + 1) :]
        )
    elif content[:2] == b"PK":
        content = (changed_member if kind < 8 else changed_bytes)(draw, content)
    else:
        content = (changed_text if kind < 6 else changed_bytes)(draw, content)
    if draw.randrange(5) == 0:
        name = draw.choice(NAMES)
    return name, content


NAMES = (
    *(
        "../../x.xlsx",
        "x.csv\u0000.xlsx",
        "\u202ecsv.x",
        "a" * 300 + ".xlsx",
        ".xlsx",
        "x",
        "con.csv",
    ),
    *(
        "x.ods",
        "x.xls",
        "x.xlsb",
        "x.docx",
        "x.zip",
        "=1+1.csv",
        "<script>.csv",
        "数据\r\nX-A: b.csv",
    ),
)
