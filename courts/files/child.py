"""Reads one file in a process of its own, with limits: `python -m courts.files.child`. No Django.

Standard input: a line of JSON (`name`, `bounds`, `as_lines`), then the file's bytes. Standard
output: the table or the fault as JSON, whole or not at all. Bounds count what is read; the limits
of the operating system (processor time, memory) end what counting missed. Where there are none
(Windows) the parent ends a child that takes too long.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from dataclasses import asdict

from courts.files.encoding import Json, fault_as_data, tables_as_data
from courts.files.kinds import read, read_lines
from courts.files.plain import Bounds, FileError


def limit(bounds: Bounds) -> None:
    """Let the operating system end this process when it uses more than it may."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        # Unknown to Windows.
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_CPU, (bounds.seconds, bounds.seconds + 1))
        most = bounds.megabytes * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(AttributeError, OSError):
        # Whoever waits for a page comes before whoever waits for a file.
        os.nice(10)


def request(name: str, bounds: Bounds, *, as_lines: bool = False) -> bytes:
    """The line a child is sent before the file."""
    asked = {"name": name, "bounds": asdict(bounds), "as_lines": as_lines}
    return json.dumps(asked).encode() + b"\n"


def answered(asked: Json, content: bytes) -> Json:
    """The table as plain data, or the fault."""
    bounds = Bounds(**asked["bounds"])
    try:
        if not asked["as_lines"]:
            return tables_as_data(read(asked["name"], content, bounds))
        found, ended = read_lines(content, bounds)
    except FileError as fault:
        return {"fault": fault_as_data(fault)}
    return tables_as_data(found) | {"ended": fault_as_data(ended) if ended else None}


def main() -> int:
    """Read standard input, write standard output; 0 for a table or a fault."""
    asked = json.loads(sys.stdin.buffer.readline())
    bounds = Bounds(**asked["bounds"])
    limit(bounds)
    try:
        content = sys.stdin.buffer.read(bounds.most_bytes + 1)
        text = json.dumps(answered(asked, content), ensure_ascii=False, separators=(",", ":"))
        answer = text.encode()
    except (MemoryError, RecursionError):
        answer = json.dumps({"fault": fault_as_data(FileError("too_much"))}).encode()
    sys.stdout.buffer.write(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
