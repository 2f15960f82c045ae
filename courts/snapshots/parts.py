"""The parts of a snapshot, their digests, and the hash over them all.

A part that is withheld stands as its name and digest: the hash of the whole stays the same.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from courts.snapshots.canonical import (
    SnapshotError,
    array,
    canonical,
    check_values,
    composed,
    digest,
    read,
    record,
    text,
)

FORMAT = "QYS1"
SALT_BYTES = 32
MOST_PARTS = 5_000
MONTH, RULES, PEERS, COURT = "month", "rules", "peers", "court/"
# What people wrote of all courts.
REASONS = "reasons"
# What stands in every extract for one court besides its own part.
SHARED = (MONTH, RULES)
_HEX = re.compile(r"[0-9a-f]{64}", re.ASCII)
_NAME = re.compile(r"month|reasons|rules|peers|court/[a-z][a-z0-9-]{0,31}", re.ASCII)


@dataclass(frozen=True)
class Part:
    """A part with its content; the salt keeps its digest from being guessed."""

    name: str
    salt: str
    content: Mapping[str, Any]

    @cached_property
    def digest(self) -> str:
        return digest(self.as_json())

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "salt": self.salt, "content": self.content}


@dataclass(frozen=True)
class Withheld:
    """A part of which only the digest is told."""

    name: str
    digest: str

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "digest": self.digest}


@dataclass(frozen=True)
class Parts:
    """A snapshot, whole or an extract."""

    parts: tuple[Part | Withheld, ...]

    @cached_property
    def sha256(self) -> str:
        """The published hash: over the list of names and digests, in order."""
        return digest([[part.name, part.digest] for part in self.parts])

    @cached_property
    def text(self) -> str:
        """The canonical text, without a line end."""
        return canonical({"format": FORMAT, "parts": [part.as_json() for part in self.parts]})

    @cached_property
    def contents(self) -> Mapping[str, Mapping[str, Any]]:
        """The contents that are here, by name of the part."""
        return {part.name: part.content for part in self.parts if isinstance(part, Part)}

    @property
    def month(self) -> Mapping[str, Any]:
        """What was closed; SnapshotError when withheld."""
        return self._content(MONTH)

    @property
    def head(self) -> Mapping[str, Any]:
        """What was closed, with what people wrote of it; nothing of that where it is withheld.

        A snapshot of before that was a part of its own has it in the part `month`.
        """
        month = self.month
        written = self.contents.get(REASONS, {"closings": {}, "reason": ""})
        closings = [
            {"gaps": [], "reason": "", **one, **written["closings"].get(one["side"], {})}
            for one in month["closings"]
        ]
        return {"reason": written["reason"], **month, "closings": closings}

    @property
    def rules(self) -> Mapping[str, Any]:
        """By what was scored; SnapshotError when withheld."""
        return self._content(RULES)

    @property
    def courts(self) -> Mapping[str, Mapping[str, Any]]:
        """The courts whose parts are here, by code, in the order of the notice."""
        return {
            name.removeprefix(COURT): content
            for name, content in self.contents.items()
            if name.startswith(COURT)
        }

    @property
    def peers(self) -> Mapping[str, Any] | None:
        """The steps that name other courts' points; None when withheld."""
        return self.contents.get(PEERS)

    @property
    def is_whole(self) -> bool:
        return all(isinstance(part, Part) for part in self.parts)

    def extract(self, courts: Collection[str]) -> Parts:
        """What these courts are given: their own parts and the shared ones, else digests."""
        kept = {*SHARED, *(COURT + code for code in courts)}
        return Parts(
            tuple(
                part if part.name in kept else Withheld(part.name, part.digest)
                for part in self.parts
            )
        )

    def _content(self, name: str) -> Mapping[str, Any]:
        if name not in self.contents:
            raise SnapshotError("shape", f"the part {name} is not here")
        return self.contents[name]


def made(contents: Iterable[tuple[str, Mapping[str, Any]]]) -> Parts:
    """A new snapshot, each part with a salt drawn for it. Texts are put in composed form (NFC).

    The texts of the rules are left as they stand: an edition is known by the hash over them.
    """
    parts = []
    for name, content in contents:
        plain = content if name == RULES else composed(content)
        check_values(plain)
        parts.append(Part(name, secrets.token_hex(SALT_BYTES), plain))
    return Parts(tuple(parts))


def parse(raw: bytes | str) -> Parts:
    """A snapshot or an extract from its text; `SnapshotError` with the first fault."""
    data = record(read(raw.encode() if isinstance(raw, str) else raw), "a snapshot", "format")
    if data["format"] != FORMAT:
        raise SnapshotError("format", f"the format is not {FORMAT}")
    if set(data) != {"format", "parts"}:
        raise SnapshotError("shape", "a snapshot has a format and parts and nothing else")
    listed = array(data["parts"], "parts")
    if len(listed) > MOST_PARTS:
        raise SnapshotError("too_much", f"more than {MOST_PARTS} parts")
    parts = tuple(_parts(listed))
    names = [part.name for part in parts]
    if len(set(names)) != len(names):
        raise SnapshotError("shape", "a part is repeated")
    return Parts(parts)


def _parts(listed: Iterable[Any]) -> Iterator[Part | Withheld]:
    for one in listed:
        data = record(one, "a part", "name")
        name = text(data["name"], "the name of a part")
        if not _NAME.fullmatch(name):
            raise SnapshotError("shape", f"there is no part {name[:40]!r}")
        if set(data) == {"name", "digest"}:
            yield Withheld(name, _hex(data["digest"], f"the digest of {name}"))
        elif set(data) == {"name", "salt", "content"}:
            content = record(data["content"], f"the content of {name}")
            yield Part(name, _hex(data["salt"], f"the salt of {name}"), content)
        else:
            raise SnapshotError("shape", f"{name} has a salt and content, or a digest")


def _hex(data: Any, what: str) -> str:
    if not isinstance(data, str) or not _HEX.fullmatch(data):
        raise SnapshotError("shape", f"{what} is 64 lower-case hex digits")
    return data
