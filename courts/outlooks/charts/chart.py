"""Owns what a picture is: a spec, its title, its sentence, and the table behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from courts.outlooks.charts.theme import CONFIG, DEMO_COLOUR, HEIGHT, WIDTH
from scoring.facts import Month


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture of a page.

    `code` is a slug, unique on its page; `spec` a Vega-Lite spec with its data in it; `headings`
    and `rows` are the table it was drawn from, as texts in the active language. `months` are those
    of the rows, where each row is a month; `unit` is what stands behind numbers of the rows.
    """

    code: str
    title: str
    sentence: str
    spec: Mapping[str, Any]
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    is_demo: bool = False
    months: Sequence[Month] = ()
    unit: str = ""

    @property
    def element(self) -> str:
        """The id of the script that holds the spec."""
        return f"chart-{self.code}"

    @property
    def on_page(self) -> dict[str, Any]:
        """The spec for the browser: as wide as its place, without a title of its own."""
        return {
            **self.spec,
            "width": "container",
            "height": self.spec.get("height", HEIGHT),
            # A chart as high as its rows fits its width alone.
            "autosize": {
                "type": "fit-x" if "height" in self.spec else "fit",
                "contains": "padding",
            },
            "config": CONFIG,
            "description": self.sentence,
        }

    @property
    def on_paper(self) -> dict[str, Any]:
        """The spec for a file: with its title, and the mark of made-up figures in the picture."""
        title: dict[str, Any] = {"text": self.title, "anchor": "start"}
        if self.is_demo:
            title |= {
                "subtitle": _("演示数据，不是任何法院的真实情况"),
                "subtitleColor": DEMO_COLOUR,
            }
        return {
            **self.spec,
            "width": WIDTH,
            "height": self.spec.get("height", HEIGHT),
            "config": CONFIG,
            "title": title,
            "background": "white",
        }
