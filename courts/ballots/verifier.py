"""Owns handing out `verify.py`: its bytes, and the hash by which two copies are compared."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("verify.py")


@cache
def source() -> bytes:
    """The script as it is served."""
    return FILE.read_bytes()


@cache
def sha256() -> str:
    """Its hash, in hex."""
    return hashlib.sha256(source()).hexdigest()
