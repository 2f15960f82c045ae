"""Word files as zips of parts: the built-in template, and files that are the same bytes each time.

No Django. The built-in template stands in this folder part by part, so that a change of it can be
read; the office takes it away as one file, edits it in Word, and brings it back.
"""

from __future__ import annotations

import io
import zipfile
from functools import cache
from pathlib import Path

PARTS = Path(__file__).parent / "templates" / "word"
FIRST_PART = "[Content_Types].xml"
# The first moment that a zip can hold.
ZIP_TIME = (1980, 1, 1, 0, 0, 0)


@cache
def built_in_template() -> bytes:
    """The project's own template as a .docx file; equal parts give equal bytes."""
    return packed(
        {
            path.relative_to(PARTS).as_posix(): path.read_bytes()
            for path in PARTS.rglob("*")
            if path.is_file()
        }
    )


def packed(parts: dict[str, bytes]) -> bytes:
    """A zip of parts in a fixed order and with fixed times."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(parts, key=lambda name: (name != FIRST_PART, name)):
            member = zipfile.ZipInfo(name, ZIP_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            archive.writestr(member, parts[name])
    return made.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    """The parts of a file that is known to be sound."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
