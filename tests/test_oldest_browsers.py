"""Every script and style sheet we serve is understood by the oldest browsers we promise.

Chromium 86 (what 360, 奇安信 and UOS browsers rest on) and Firefox 102; docs/operations.md says so
to users. `tests/oldest` parses and names what is newer.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from courts.ballots import booth_file, scrutineer_file
from courts.ballots import scripts as ballot_scripts
from tests.oldest.collect import OLDEST
from tests.oldest.reading import names_given, newer_in_script, newer_in_sheet

STATIC = Path(settings.BASE_DIR) / "static"
# Drawn by somebody else's script: where it does not run, the table and the server's picture stay.
FOREIGN = {"vega.js"}
FILES = sorted(file for file in STATIC.rglob("*") if file.name not in FOREIGN)
# What the server's answers call things that browsers have too.
OF_ANSWERS = {"results"}
# Passed over where it is not known, and nothing is lost: line breaks, underlines, colours of ticks
# and of paper, a font that the next in the list replaces, an empty line of notes, a sheet turned
# for a wide table, which is fitted to the upright one, more contrast where the system asks for it.
EMBELLISHMENTS = {
    "text-wrap", "text-underline-offset", "text-decoration-thickness", "accent-color",
    "print-color-adjust", "page", "break-after: avoid", "font-family: ui-monospace", ":has",
    "(prefers-contrast)", "(forced-colors)", "forced-color-adjust",
}  # fmt: skip


@cache
def own_names() -> frozenset[str]:
    scripts = (file.read_text("utf-8") for file in FILES if file.suffix == ".js")
    return frozenset(OF_ANSWERS.union(*map(names_given, scripts)))


def named(found: list[str]) -> list[str]:
    return [one for one in found if one.partition(": ")[2] not in EMBELLISHMENTS]


@pytest.mark.parametrize(
    "file", [one for one in FILES if one.suffix == ".js"], ids=lambda f: f.name
)
def test_scripts(file: Path) -> None:
    assert newer_in_script(file.read_text("utf-8"), own_names()) == []


@pytest.mark.parametrize(
    "file", [one for one in FILES if one.suffix == ".css"], ids=lambda f: f.name
)
def test_sheets(file: Path) -> None:
    assert named(newer_in_sheet(file.read_text("utf-8"))) == []


def test_the_files_that_are_joined() -> None:
    """The offline files and the worker are made of these scripts, and are held to the same."""
    worker = ballot_scripts.worker().decode()
    for script in (scrutineer_file.FILE.script(), booth_file.FILE.script(), worker):
        assert newer_in_script(script, own_names()) == []


def test_users_are_told_which_browsers() -> None:
    text = Path(settings.BASE_DIR, "docs", "operations.md").read_text("utf-8")
    assert f"Chromium {OLDEST['chrome']}" in text
    assert f"Firefox {OLDEST['firefox']}" in text


@pytest.mark.parametrize(
    "script",
    [
        "x.at(-1)",
        "'x'.at(0)",
        "Object.hasOwn(a, b)",
        "list.findLast(f)",
        "list.toSorted()",
        "structuredClone(x)",
        "globalThis.structuredClone(x)",
        "crypto.randomUUID()",
        "Promise.withResolvers()",
        "AbortSignal.timeout(3)",
        "navigator.clipboard.readText()",
        "new Intl.Segmenter()",
        "new Worker(address, { type: 'module' })",
        "class A { static { f(); } }",
        "class A { #x; f(o) { return #x in o; } }",
        "await f();",
        "using x = f();",
        "import x from './x.json' with { type: 'json' };",
        "/a/v.test(x)",
        "/(?i:a)/.test(x)",
        "const x = = 1;",
    ],
)
def test_newer_scripts_are_named(script: str) -> None:
    assert newer_in_script(script) != []


@pytest.mark.parametrize(
    "sheet",
    [
        "a:has(b) { color: red; }",
        "a:is(b, c) { color: red; }",
        "a:not(b, c) { color: red; }",
        "a:user-invalid { color: red; }",
        "a { inset: 0; }",
        "a { margin-block: 1px; }",
        "a { aspect-ratio: 1; }",
        "a { overflow: clip; }",
        "a { height: 100dvh; }",
        "a { color: color-mix(in srgb, red, blue); }",
        "a { color: lab(1% 2 3); }",
        "a { b { color: red; } }",
        "a { grid-template-columns: subgrid; }",
        "@layer x { a { color: red; } }",
        "@container (min-width: 1px) { a { color: red; } }",
        "@media (width >= 30rem) { a { color: red; } }",
    ],
)
def test_newer_sheets_are_named(sheet: str) -> None:
    assert newer_in_sheet(sheet) != []


@pytest.mark.parametrize(
    "script",
    [
        "a ||= b?.c ?? d;",
        "class A { x = 1; #y() {} }",
        "list.flatMap(f); text.replaceAll('a', 'b'); node.replaceChildren();",
        "const f = async () => { await g(); };",
        "receipt.at; keys.drop;",
        "new Worker(address);",
        "1n ** 2n; 1_000;",
    ],
)
def test_scripts_of_their_time_pass(script: str) -> None:
    assert newer_in_script(script) == []
