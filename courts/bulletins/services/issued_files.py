"""Owns which files an issue leaves the system as, and their bytes at the moment of publication.

They are made once and stored with their SHA-256; nothing is made again from the snapshot later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from courts.bulletins.selectors.snapshots import stored
from courts.models import Bulletin, BulletinFile

Kind = BulletinFile.Kind


@dataclass(frozen=True, slots=True)
class IssuedFile:
    """One file: for everybody who sees all, or for the court of that code."""

    kind: str
    language: str
    scope: str
    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def issued_files(bulletin: Bulletin) -> Iterator[IssuedFile]:
    """The snapshot whole, and for each court its own part with the digests of the others."""
    parts = stored(bulletin.snapshot)
    stem = f"{bulletin.quality_year.code}-{bulletin.month:02}"
    yield IssuedFile(Kind.SNAPSHOT, "zh", "", f"{stem}.json", parts.text.encode())
    for code in parts.courts:
        extract = parts.extract([code])
        name = f"{stem}-{code}.json"
        yield IssuedFile(Kind.SNAPSHOT, "zh", code, name, extract.text.encode())
