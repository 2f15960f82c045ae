"""Owns how the prose of an issue is kept: what people changed, over what the snapshot gives.

Only edited blocks are kept as text. All others are drafted anew from the snapshot, so that they
follow when an unpublished issue comes to tell of another snapshot. From signing on, `frozen` keeps
every block as it was signed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from courts.bulletins.selectors.prose.blocks import Block

OWN = "own."


@dataclass(frozen=True, slots=True)
class KeptProse:
    """One language of an issue: edited and own blocks by key, what was left out, what was added.

    `after` says behind which block each added one stands.
    """

    edited: Mapping[str, Block] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    frozen: tuple[Block, ...] = ()

    @classmethod
    def of(cls, prose: Mapping[str, Any], language: str) -> KeptProse:
        """What a bulletin keeps in a language; nothing before anybody edited it."""
        held = prose.get(language, {})
        return cls(
            edited={key: Block.from_json(one) for key, one in held.get("edited", {}).items()},
            after=dict(held.get("after", {})),
            left_out=tuple(held.get("left_out", ())),
            frozen=tuple(map(Block.from_json, held.get("frozen", ()))),
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "edited": {key: block.as_json() for key, block in self.edited.items()},
            "after": dict(self.after),
            "left_out": list(self.left_out),
            "frozen": [block.as_json() for block in self.frozen],
        }

    def over(self, drafted: Sequence[Block]) -> tuple[Block, ...]:
        """The blocks as they stand: drafted ones, those edited in their place, added ones."""
        keys = {block.key for block in drafted}
        following: dict[str, list[str]] = {}
        for key, before in self.after.items():
            following.setdefault(before, []).append(key)
        found: list[Block] = []

        def put(key: str, block: Block | None) -> None:
            if block is not None and key not in self.left_out:
                found.append(block)
            for own in following.pop(key, ()):
                put(own, self.edited.get(own))

        for block in drafted:
            put(block.key, self.edited.get(block.key, block))
        # What stood behind a block that the snapshot gives no more stands at the end.
        for before in list(following):
            if before not in keys and before in following:
                for own in following.pop(before):
                    put(own, self.edited.get(own))
        return tuple(found)
