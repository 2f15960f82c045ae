"""What a round is about: targets, unit, slots, roll and the scrutineers' keys, frozen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any

from courts.ballots.protocol.canonical import (
    array,
    canonical,
    element,
    integer,
    record,
    scalar,
    slot_text,
    text,
)
from courts.ballots.protocol.group import NAME, P
from courts.ballots.protocol.hashing import VERSION, VERSIONS, digest
from courts.ballots.protocol.keys import Proof, PublicKey, check_key
from courts.ballots.protocol.refused import ProtocolError

MOST_UNITS = 1000
FEWEST_BALLOTS = 3
FEWEST_TRUSTEES = 2
_KEYS = (
    "v",
    "group",
    "id",
    "title",
    "targets",
    "unit",
    "unit_max",
    "slots",
    "roll",
    "min_ballots",
    "trustees",
)
_UNIT = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Target:
    """Who is scored."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Trustee:
    """A scrutineer as the manifest names it."""

    name: str
    key: PublicKey


@dataclass(frozen=True)
class Manifest:
    """A manifest that holds; `joint_key` is the product of the scrutineers' keys.

    `version` is the protocol of the whole round.
    """

    id: str
    title: str
    targets: tuple[Target, ...]
    unit: str
    unit_max: int
    slots: tuple[str, ...]
    roll: tuple[str, ...]
    min_ballots: int
    trustees: tuple[Trustee, ...]
    version: str = VERSION

    @cached_property
    def wire(self) -> dict[str, Any]:
        """As it travels."""
        return {
            "v": self.version,
            "group": NAME,
            "id": self.id,
            "title": self.title,
            "targets": [{"id": target.id, "name": target.name} for target in self.targets],
            "unit": self.unit,
            "unit_max": self.unit_max,
            "slots": list(self.slots),
            "roll": list(self.roll),
            "min_ballots": self.min_ballots,
            "trustees": [{"name": one.name, **one.key.wire} for one in self.trustees],
        }

    @cached_property
    def fingerprint(self) -> bytes:
        """φ: 32 bytes that change with every letter of the manifest."""
        return digest(f"{self.version}-manifest", canonical(self.wire))

    @cached_property
    def joint_key(self) -> int:
        """y, to which every ballot is sealed."""
        product = 1
        for trustee in self.trustees:
            product = product * trustee.key.element % P
        return product

    @property
    def is_current(self) -> bool:
        """Whether ballots are still sealed and sums opened by its protocol."""
        return self.version == VERSION

    @cached_property
    def unit_points(self) -> Fraction:
        """Points of one unit."""
        return Fraction(self.unit)


def read_manifest(data: Any) -> Manifest:
    """The manifest that some parsed JSON is, when every rule holds."""
    fields = record(data, _KEYS, "the manifest")
    version = text(fields["v"], "the version")
    if version not in VERSIONS or fields["group"] != NAME:
        raise ProtocolError("manifest", "another protocol or another group")
    manifest = Manifest(
        id=text(fields["id"], "the id"),
        title=text(fields["title"], "the title"),
        targets=tuple(_target(one) for one in array(fields["targets"], "targets")),
        unit=text(fields["unit"], "the unit"),
        unit_max=integer(fields["unit_max"], "unit_max"),
        slots=tuple(slot_text(one, "a slot") for one in array(fields["slots"], "slots")),
        roll=tuple(text(one, "a name") for one in array(fields["roll"], "the roll")),
        min_ballots=integer(fields["min_ballots"], "min_ballots"),
        trustees=tuple(_trustee(one) for one in array(fields["trustees"], "trustees")),
        version=version,
    )
    check_manifest(manifest)
    return manifest


def check_manifest(manifest: Manifest) -> None:
    """Refuse a manifest that could be abused, keys and their proofs included."""
    if not _UNIT.fullmatch(manifest.unit) or not manifest.unit_points:
        raise ProtocolError("manifest", "the unit is a decimal number above zero")
    if not 1 <= manifest.unit_max <= MOST_UNITS:
        raise ProtocolError("manifest", f"unit_max is from 1 to {MOST_UNITS}")
    if not manifest.targets:
        raise ProtocolError("manifest", "there is nobody to score")
    _distinct((target.id for target in manifest.targets), "a target")
    if len(manifest.slots) != len(manifest.roll):
        raise ProtocolError("manifest", "there are as many slots as names on the roll")
    _ordered(manifest.slots, "slots")
    _ordered(manifest.roll, "the roll")
    if not FEWEST_BALLOTS <= manifest.min_ballots <= len(manifest.roll):
        raise ProtocolError(
            "manifest", f"min_ballots is from {FEWEST_BALLOTS} to the length of the roll"
        )
    if len(manifest.trustees) < FEWEST_TRUSTEES:
        raise ProtocolError("manifest", "one scrutineer alone could open every ballot")
    _distinct((trustee.name for trustee in manifest.trustees), "a scrutineer's name")
    _distinct((trustee.key.element for trustee in manifest.trustees), "a scrutineer's key")
    for trustee in manifest.trustees:
        check_key(trustee.key, manifest.id, trustee.name, manifest.version)
    if manifest.joint_key == 1:
        raise ProtocolError("manifest", "the joint key hides nothing")


def _target(data: Any) -> Target:
    fields = record(data, ("id", "name"), "a target")
    return Target(text(fields["id"], "a target's id"), text(fields["name"], "a target's name"))


def _trustee(data: Any) -> Trustee:
    fields = record(data, ("name", "X", "c", "z"), "a scrutineer")
    return Trustee(text(fields["name"], "a scrutineer's name"), read_key(fields))


def read_key(fields: Any) -> PublicKey:
    """The key and proof among the fields of an object."""
    proof = Proof(scalar(fields["c"], "c"), scalar(fields["z"], "z"))
    return PublicKey(element(fields["X"], "X"), proof)


def _distinct(values: Iterable[object], what: str) -> None:
    found = list(values)
    if len(set(found)) != len(found):
        raise ProtocolError("manifest", f"{what} is repeated")


def _ordered(values: Sequence[str], what: str) -> None:
    if any(left >= right for left, right in pairwise(values)):
        raise ProtocolError("manifest", f"{what} are sorted, each once")
