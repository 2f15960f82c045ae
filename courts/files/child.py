"""Reads one file in a process of its own, with limits: `python -m courts.files.child`. No Django.

Standard input: a line of JSON (`name`, `bounds`), then the file's bytes. Standard output: the table
or the fault as JSON, whole or not at all. Bounds count what is read; the limits of the operating
system (processor time, memory) end what counting missed. Where there are none (Windows) the parent
ends a child that takes too long.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from dataclasses import asdict

from courts.files.encoding import found_as_json
from courts.files.kinds import read
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


def request(name: str, bounds: Bounds) -> bytes:
    """The line a child is sent before the file."""
    return json.dumps({"name": name, "bounds": asdict(bounds)}).encode() + b"\n"


def main() -> int:
    """Read standard input, write standard output; 0 for a table or a fault."""
    asked = json.loads(sys.stdin.buffer.readline())
    bounds = Bounds(**asked["bounds"])
    limit(bounds)
    try:
        content = sys.stdin.buffer.read(bounds.most_bytes + 1)
        answer = found_as_json(read(asked["name"], content, bounds))
    except FileError as fault:
        answer = json.dumps({"fault": fault.code, "found": fault.found})
    except (MemoryError, RecursionError):
        answer = json.dumps({"fault": "too_much", "found": {}})
    sys.stdout.buffer.write(answer.encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
