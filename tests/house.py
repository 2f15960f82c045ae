"""Owns the table of areas in CONTRIBUTING.md: which pages an area has, and where it is.

Made from the addresses. `python -m tests.house` prints it, and a test compares.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import django

ROOT = Path(__file__).parents[1]
BEGIN, END = "<!-- areas -->", "<!-- end of areas -->"
HEADING = ("| area | owns | pages |", "|---|---|---|")
# What the names of an address's parts are in the table.
SHORT = {"year_code": "year", "court_code": "court"}


def areas() -> tuple[str, ...]:
    """The packages of `courts` that have layers of their own, as pyproject.toml lists them."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    listed = text.split('name = "Inside an area', 1)[1].split("containers = [", 1)[1]
    return tuple(re.findall(r'"courts\.(\w+)"', listed.split("]", 1)[0]))


def pages() -> Mapping[str, Sequence[str]]:
    """The addresses of each area, without those that only go on from another of the same area."""
    from courts.urls import urlpatterns

    found = defaultdict(list)
    for pattern in urlpatterns:
        view = getattr(pattern.callback, "view_class", pattern.callback)
        address = re.sub(
            r"<(?:\w+:)?(\w+)>",
            lambda part: f"<{SHORT.get(part.group(1), part.group(1))}>",
            f"/{pattern.pattern}",
        )
        found[view.__module__.split(".")[1]].append(address)
    roots = ("/", "/<year>/")
    return {
        area: [
            one
            for one in all_of_it
            if not any(one != two and one.startswith(two) for two in all_of_it if two not in roots)
        ]
        for area, all_of_it in found.items()
    }


def owned(area: str) -> str:
    """What the area says it owns: the first line of its docstring, without its first word."""
    text = (ROOT / "courts" / area / "__init__.py").read_text("utf-8")
    return text.split('"""')[1].splitlines()[0].removeprefix("Owns ").rstrip(".") if text else ""


def table() -> str:
    """The table, from the lowest layer's area upwards as pyproject.toml orders them by name."""
    shown = pages()
    lines = [
        f"| [`{area}`](courts/{area}) | {owned(area)} | "
        + (" ".join(f"`{page}`" for page in shown.get(area, ())) or "–")
        + " |"
        for area in areas()
    ]
    return "\n".join([*HEADING, *lines])


if __name__ == "__main__":
    django.setup()
    print(table())  # noqa: T201
