"""Tests of the colours: one place for all, and contrast computed from the values themselves.

Ratios are those of WCAG 2.2 (relative luminance of sRGB), computed here from the stylesheet; what
axe finds on whole pages, light and dark, the browser's tests hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from django.conf import settings

STYLES = Path(settings.BASE_DIR) / "static" / "courts"
# What stands alone or in another frame brings its own colours.
OF_THEIR_OWN = {"admin.css", "paper.css", "ballot-offline.css"}
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)a?\(", re.IGNORECASE)

GROUNDS = ("paper", "surface", "sunken", "tint", "field", "brand-tint", "brand-soft")
TEXTS = ("ink", "muted", "brand", "brand-deep", "bad", "good", "warn", "other")
# A text and the one ground it is for.
PAIRS = (
    ("on-brand", "fill"),
    ("on-brand", "fill-deep"),
    ("on-brand", "bar"),
    ("bar-quiet", "bar"),
    ("bar-mark", "bar"),
    ("warn", "warn-soft"),
    ("ink", "warn-soft"),
    ("bad", "bad-soft"),
    ("ink", "bad-soft"),
    ("ink", "zero-soft"),
    ("ink", "good-soft"),
    ("good", "good-soft"),
    ("ink", "most-soft"),
    ("other", "other-soft"),
    ("ink", "chosen"),
    ("faint", "surface"),
)
# Edges of fields and the mark of the focus are no text: 3:1.
EDGES = (("field-line", "field"), ("field-line", "surface"), ("focus", "surface"))


def _tokens(css: str, wish: str) -> dict[str, str]:
    """The tokens that hold under one wish of the system, later rules over earlier ones."""
    wishes = {
        "light": [r"^:root,[^{]*\{"],
        "dark": [r"^:root,[^{]*\{", r"^@media screen and \(prefers-color-scheme: dark\) \{"],
        "more": [r"^:root,[^{]*\{", r"^@media screen and \(prefers-contrast: more\) \{"],
    }
    wishes["dark, more"] = [
        *wishes["dark"],
        wishes["more"][1],
        r"^@media screen and \(prefers-contrast: more\) and \(prefers-color-scheme: dark\) \{",
    ]
    found: dict[str, str] = {}
    for start in wishes[wish]:
        opened = re.search(start, css, re.MULTILINE)
        assert opened, f"base.css has no block for {wish}"
        block = css[opened.end() : css.index("\n}", opened.end())]
        found |= dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", block))
    return found


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    pairs = [digit * 2 for digit in digits] if len(digits) == 3 else re.findall("..", digits)
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (int(pair, 16) / 255 for pair in pairs)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _required(wish: str) -> Iterator[tuple[str, str, float]]:
    text = 7.0 if "more" in wish else 4.5
    for ink, ground in (*product(TEXTS, GROUNDS), *PAIRS):
        yield ink, ground, text
    for edge, ground in EDGES:
        yield edge, ground, 4.5 if "more" in wish else 3.0


def test_black_on_white_is_21_to_1() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    # The example of WCAG's own understanding document: #767676 is the lightest grey for 4.5:1.
    assert contrast("#767676", "#fff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("wish", ["light", "dark", "more", "dark, more"])
def test_every_text_can_be_read_on_its_ground(wish: str) -> None:
    tokens = _tokens((STYLES / "base.css").read_text(encoding="utf-8"), wish)
    weak = [
        f"{ink} on {ground}: {contrast(tokens[ink], tokens[ground]):.2f} < {least}"
        for ink, ground, least in _required(wish)
        if contrast(tokens[ink], tokens[ground]) < least
    ]
    assert not weak


def test_colours_stand_in_one_place() -> None:
    """A colour outside the tokens would stay light on a dark page."""
    strays = []
    for sheet in sorted(STYLES.rglob("*.css")):
        if sheet.name in OF_THEIR_OWN:
            continue
        for number, line in enumerate(sheet.read_text(encoding="utf-8").splitlines(), 1):
            if COLOUR.search(line) and not line.strip().startswith("--"):
                strays.append(f"{sheet.name}:{number}: {line.strip()}")
    assert not strays
