"""The one hash: SHA-256 over a tag and parts, each with its length before it.

Every tag begins with the version of the protocol, so that nothing proved in one holds in another.
"""

from __future__ import annotations

import hashlib

from courts.ballots.protocol.group import Q, u4

# What is made now, and what is verified.
VERSION, EARLIER = "QB2", "QB1"
VERSIONS = (EARLIER, VERSION)


def digest(tag: str, *parts: bytes | str) -> bytes:
    """`H` of the protocol; text goes in as UTF-8."""
    hashed = hashlib.sha256()
    for part in (tag, *parts):
        data = part.encode() if isinstance(part, str) else part
        hashed.update(u4(len(data)))
        hashed.update(data)
    return hashed.digest()


def challenge(tag: str, *parts: bytes | str) -> int:
    """`chal` of the protocol: the hash as a scalar."""
    return int.from_bytes(digest(tag, *parts), "big") % Q
