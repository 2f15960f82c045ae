"""Owns the script that draws pictures in a browser, written once from the package that has it."""

from __future__ import annotations

import os
from importlib.metadata import version
from pathlib import Path

import vl_convert

NAME = "vega.js"
# What the pages' own scripts call.
SNIPPET = "window.vegaEmbed = vegaEmbed;\n"


def write_bundle(folder: Path) -> bool:
    """Write `vega.js` unless it is there in this version; whether it was written."""
    path, mark = folder / NAME, f"/* Vega-Lite of vl-convert {version('vl-convert-python')} */\n"
    if path.exists():
        with path.open(encoding="utf-8") as file:
            if file.readline() == mark:
                return False
    # Moved into place whole: another process may be reading, or writing the same.
    draft = folder / f".{NAME}.{os.getpid()}"
    draft.write_text(mark + vl_convert.javascript_bundle(SNIPPET), encoding="utf-8")
    draft.replace(path)
    return True
