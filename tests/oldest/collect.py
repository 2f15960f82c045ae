"""Owns making `newer.json`: what the oldest browsers we promise do not have, by name.

Its source is MDN's browser-compat-data (CC0), unpacked in a folder:

    python -m tests.oldest.collect FOLDER

A name counts as newer when every thing of that name is, so `size` is known and `findLast` is not.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("newer.json")
OLDEST = {"chrome": 86, "firefox": 102}
STATIC = "_static"

Tree = dict[str, Any]


def number_of(version: Any) -> int | None:
    """A version as a number; None where the data has none."""
    text = str(version).removeprefix("≤").partition(".")[0]
    return int(text) if text.isdigit() else None


def has(statements: Any, version: int) -> bool:
    """Whether a version has the thing as such: without a flag and under no other name."""
    for one in statements if isinstance(statements, list) else [statements]:
        added, removed = number_of(one.get("version_added")), number_of(one.get("version_removed"))
        as_such = not {"flags", "prefix", "alternative_name"} & one.keys()
        if as_such and added is not None and added <= version < (removed or version + 1):
            return True
    return False


def is_newer(node: Tree) -> bool:
    """Whether one of the oldest browsers lacks it."""
    support = node["__compat"]["support"]
    return not all(has(support.get(name, {}), version) for name, version in OLDEST.items())


def read_tree(folder: Path) -> Tree:
    """All files of a part of the data as one tree."""
    whole: Tree = {}
    for file in sorted(folder.rglob("*.json")):
        merge(whole, json.loads(file.read_text("utf-8")))
    return whole


def merge(into: Tree, other: Tree) -> None:
    for key, value in other.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            merge(into[key], value)
        else:
            into[key] = value


def things(node: Tree) -> Iterator[tuple[str, Tree]]:
    for name, inner in node.items():
        if name != "__compat" and "__compat" in inner:
            yield name, inner


def newer_names(found: dict[str, list[bool]]) -> list[str]:
    return sorted(name for name, newer in found.items() if all(newer))


def scripts(folder: Path) -> dict[str, list[str]]:
    """Globals; methods of the language's own objects; members of the browser's; of one global."""
    builtins = read_tree(folder / "javascript")["javascript"]["builtins"]
    interfaces = read_tree(folder / "api")["api"]
    all_globals: dict[str, list[bool]] = {}
    methods: dict[str, list[bool]] = {}
    members: dict[str, list[bool]] = {}
    statics: dict[str, list[bool]] = {}
    for tree in (builtins, interfaces):
        for owner, node in things(tree):
            all_globals.setdefault(owner, []).append(is_newer(node))
            for name, inner in things(node):
                newer = is_newer(inner)
                plain = name.removesuffix(STATIC)
                if owner in {"Window", "WindowOrWorkerGlobalScope", "WorkerGlobalScope"}:
                    all_globals.setdefault(plain, []).append(newer)
                members.setdefault(plain, []).append(newer)
                if tree is builtins:
                    methods.setdefault(plain, []).append(newer)
                if tree is builtins or name.endswith(STATIC):
                    statics.setdefault(f"{owner}.{plain}", []).append(newer)
    return {
        "globals": newer_names(all_globals),
        "methods": [name for name in newer_names(methods) if all(members[name])],
        "members": newer_names(members),
        "statics": newer_names(statics),
    }


def sheets(folder: Path) -> dict[str, Any]:
    """Properties with their values, at-rules, selectors, functions and units."""
    css = read_tree(folder / "css")["css"]
    values: dict[str, list[str]] = {}
    for name, node in things(css["properties"]):
        newer = sorted(value for value, inner in things(node) if is_newer(inner))
        if newer and not is_newer(node):
            values[name] = newer
    types: dict[str, list[bool]] = {}

    def walk(node: Tree) -> None:
        for name, inner in things(node):
            types.setdefault(name, []).append(is_newer(inner))
            walk(inner)

    walk(css["types"])
    media = dict(things(css["at-rules"]["media"]))
    return {
        "properties": sorted(n for n, node in things(css["properties"]) if is_newer(node)),
        "values": values,
        "at_rules": sorted(n for n, node in things(css["at-rules"]) if is_newer(node)),
        "media": sorted(n for n, node in media.items() if is_newer(node)),
        "selectors": sorted(n for n, node in things(css["selectors"]) if is_newer(node)),
        "types": newer_names(types),
    }


def main(folder: Path) -> None:
    version = json.loads((folder / "package.json").read_text("utf-8"))["version"]
    found = {
        "source": f"@mdn/browser-compat-data {version}, CC0",
        "oldest": OLDEST,
        "scripts": scripts(folder),
        "sheets": sheets(folder),
    }
    FILE.write_text(json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
