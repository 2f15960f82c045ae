"""Runs what an uploaded template asks for in a process of its own, with limits. No Django.

`python -m courts.papers.child`. Standard input: a line of JSON (`task`, `size` of the
template), the template, and for a file to be made the document's JSON. Standard output: a line of
JSON, and after it the file that was made. As in `courts.files.child`, bounds count what is read and
the operating system ends what counting missed.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from courts.files.child import limit
from courts.papers.document import from_data
from courts.papers.template_parts import BOUNDS, part_faults
from courts.papers.template_trial import template_faults
from courts.papers.word import word_of

CHECK, MAKE = "check", "make"


def request(task: str, template: bytes, document: str = "") -> bytes:
    """What the child is sent."""
    head = json.dumps({"task": task, "size": len(template)}).encode()
    return head + b"\n" + template + document.encode()


def answered(task: str, template: bytes, document: bytes) -> tuple[dict[str, Any], bytes]:
    """The faults of a template; or the file of a document, if it has none that bar opening it."""
    if task == CHECK:
        return {"faults": template_faults(template)}, b""
    if list(part_faults(template)):
        return {"faults": [("unopenable", {})]}, b""
    return {"faults": []}, word_of(from_data(json.loads(document)), template)


def main() -> int:
    """Read standard input, write standard output; 0 for an answer."""
    limit(BOUNDS)
    asked = json.loads(sys.stdin.buffer.readline())
    template = sys.stdin.buffer.read(asked["size"])
    try:
        head, made = answered(asked["task"], template, sys.stdin.buffer.read())
    except (MemoryError, RecursionError):
        head, made = {"faults": [("too_much", {})]}, b""
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
