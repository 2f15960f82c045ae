"""What a bulletin's body is made of before it becomes a document: blocks with a key of their own.

A key stays the same from one drafting to the next, so that what a person wrote keeps its place.
Keys of blocks that a person added begin with `own.`. A table's rows come from the snapshot and are
never kept; its block only says where it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class BlockKind(StrEnum):
    """What a block is on paper.

    An item is one of a list, which counts its items; a note stands below the table before it.
    """

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    TABLE = "table"
    ITEM = "item"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Block:
    """One block. `text` holds the tokens of its live numbers (⟦key⟧).

    `level` is that of a heading, 1 to 4. `reasons` says, for a number typed by hand, where it is
    from. `is_annual`: no number of it is compared with the same months of the year before.
    """

    key: str
    kind: BlockKind
    text: str
    level: int = 0
    is_annual: bool = False
    version: int = 1
    reasons: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "kind": self.kind.value,
            "text": self.text,
            "level": self.level,
            "is_annual": self.is_annual,
            "version": self.version,
            "reasons": dict(self.reasons),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Block:
        return cls(**{**data, "kind": BlockKind(data["kind"])})


def heading(key: str, text: str, level: int = 1) -> Block:
    """A heading of the draft; `level` is 1 (the highest) to 4."""
    return Block(key, BlockKind.HEADING, text, level)


def paragraph(key: str, text: str, *, is_annual: bool = False) -> Block:
    """A paragraph of the draft; `is_annual`: nothing in it is compared with the year before."""
    return Block(key, BlockKind.PARAGRAPH, text, is_annual=is_annual)


def table(key: str) -> Block:
    """The place of a table; its rows come from the snapshot."""
    return Block(key, BlockKind.TABLE, "")
