"""Owns the files that an operator names on the command line; their bounds are far larger."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from courts.files.sheets import COMMAND, SourceFile


def source_files(paths: Sequence[Path]) -> list[SourceFile]:
    """The files at these paths; OSError when one cannot be read."""
    names = [path.name for path in paths]
    files = []
    for path in paths:
        with path.open("rb") as file:
            # One byte more than allowed is enough to know that there are too many.
            content = file.read(COMMAND.most_bytes + 1)
        name = path.name if names.count(path.name) == 1 else str(path)
        files.append(SourceFile(name, content, COMMAND))
    return files
