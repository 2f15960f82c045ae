"""Owns joining the ballot's modules into one classic script, for workers and for the offline file.

Workers of the oldest browsers know no modules (Firefox has them from 114 on), and a file opened
from a disk may fetch none. Each module becomes a function of its own; nothing is written twice.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static" / "courts" / "ballots"
# In the order in which they need each other.
PROTOCOL = (
    "ballot-bytes.js",
    "ballot-group.js",
    "ballot-manifest.js",
    "ballot-sealing.js",
    "ballot-protocol.js",
)
FEATURES, WORKER = "ballot-features.js", "ballot-worker.js"
IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+\.js)";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:const|function|class) (\w+))", re.MULTILINE)
EXPORTS = re.compile(r"^export \{([^}]*)\};$", re.MULTILINE)
LEFT_OVER = re.compile(r"^(?:import|export)\b|</script", re.MULTILINE)


def shared(files: Sequence[str]) -> str:
    """Modules, each as a constant that holds what it exports."""
    return "".join(f"const {name_of(file)} = ({wrapped(file)})();\n" for file in files)


def name_of(file: str) -> str:
    """What the joined script calls a module."""
    return file.removesuffix(".js").replace("-", "_")


def wrapped(file: str) -> str:
    """A module as a function that returns what it exports."""
    body = (STATIC / file).read_text("utf-8")
    names = EXPORT.findall(body)
    for group in EXPORTS.findall(body):
        names += [name.strip() for name in group.split(",") if name.strip()]
    body = EXPORTS.sub("", EXPORT.sub("", body))
    body = IMPORT.sub(lambda found: f"const {{{found[1]}}} = {name_of(found[2])};", body)
    if LEFT_OVER.search(body):
        raise ValueError(f"{file}: not a module that can be joined")
    return f"() => {{\n{body}return {{ {', '.join(names)} }};\n}}"


@cache
def worker() -> bytes:
    """The worker of the pages, as it is served: a classic script that asks for no other."""
    parts = shared((*PROTOCOL, FEATURES))
    return f'"use strict";\n{parts}({wrapped(WORKER)})();\n'.encode()


@cache
def worker_sha256() -> str:
    """Its hash, in hex."""
    return hashlib.sha256(worker()).hexdigest()
