"""From ballots to sums: the product of all, each scrutineer's part of opening it, the sum."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from courts.ballots.protocol.ballot import Ballot
from courts.ballots.protocol.bits import weights
from courts.ballots.protocol.canonical import array, element, number_text, scalar
from courts.ballots.protocol.group import Draw, G, P, Q, el, fresh, inverse, power, small_logs, u4
from courts.ballots.protocol.hashing import VERSION, challenge
from courts.ballots.protocol.keys import Proof
from courts.ballots.protocol.manifest import Manifest
from courts.ballots.protocol.refused import ProtocolError

# The sealed sum of each target: A, B.
Aggregate = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Share:
    """One scrutineer's part of opening one sum: D = A^x, and the proof that it is."""

    element: int
    proof: Proof

    @property
    def wire(self) -> list[str]:
        """As it travels: D, c, z."""
        return [number_text(n) for n in (self.element, self.proof.c, self.proof.z)]


Partial = tuple[Share, ...]


def aggregate(ballots: Iterable[Ballot], manifest: Manifest) -> Aggregate:
    """The product of the ballots, each bit by its weight."""
    counts = weights(manifest.unit_max)
    products = [[[1, 1] for _weight in counts] for _target in manifest.targets]
    for ballot in ballots:
        for target, bits in zip(products, ballot.targets, strict=True):
            for product, bit in zip(target, bits, strict=True):
                product[0] = product[0] * bit.a % P
                product[1] = product[1] * bit.b % P
    return tuple(
        (
            _weighted((product[0] for product in target), counts),
            _weighted((product[1] for product in target), counts),
        )
        for target in products
    )


def _weighted(elements: Iterable[int], counts: Sequence[int]) -> int:
    found = 1
    for one, count in zip(elements, counts, strict=True):
        found = found * power(one, count) % P
    return found


def open_part(
    secret: int, index: int, sealed: Aggregate, manifest: Manifest, kappa: bytes, draw: Draw = fresh
) -> Partial:
    """What the scrutineer at this place of the manifest sends."""
    if not manifest.is_current:
        raise ProtocolError("version", f"sums are opened in {VERSION} alone")
    shares = []
    for target, (base, _b) in enumerate(sealed):
        opened = power(base, secret)
        w = draw()
        public = manifest.trustees[index].key.element
        c = _challenge(
            manifest,
            kappa,
            (index, target),
            (public, base, opened, power(G, w), power(base, w)),
        )
        shares.append(Share(opened, Proof(c, (w - secret * c) % Q)))
    return tuple(shares)


def check_part(
    partial: Partial, index: int, sealed: Aggregate, manifest: Manifest, kappa: bytes
) -> None:
    """Refuse a part of another key, another place, another closing or another sum."""
    public = manifest.trustees[index].key.element
    for target, ((base, _b), share) in enumerate(zip(sealed, partial, strict=True)):
        c, z = share.proof.c, share.proof.z
        first = power(G, z) * power(public, c) % P
        second = power(base, z) * power(share.element, c) % P
        elements = (public, base, share.element, first, second)
        if _challenge(manifest, kappa, (index, target), elements) != c:
            raise ProtocolError("partial", "the proof of a partial opening does not hold")


def read_part(data: Any, manifest: Manifest) -> Partial:
    """A partial opening that travelled: a triple for each target."""
    shares = []
    for one in array(data, "a partial opening", len(manifest.targets)):
        opened, c, z = array(one, "a share", 3)
        shares.append(Share(element(opened, "D"), Proof(scalar(c, "c"), scalar(z, "z"))))
    return tuple(shares)


def sums_of(
    sealed: Aggregate, partials: Sequence[Partial], manifest: Manifest, ballots: int
) -> tuple[int, ...]:
    """The sum of each target in units; every scrutineer's part is needed."""
    if len(partials) != len(manifest.trustees):
        raise ProtocolError("partial", "every scrutineer's part is needed")
    logs = small_logs(ballots * manifest.unit_max)
    sums = []
    for target, (_a, b) in enumerate(sealed):
        hidden = 1
        for partial in partials:
            hidden = hidden * partial[target].element % P
        found = logs.get(b * inverse(hidden) % P)
        if found is None:
            raise ProtocolError("sum", "what was opened is no possible sum")
        sums.append(found)
    return tuple(sums)


def _challenge(
    manifest: Manifest, kappa: bytes, places: tuple[int, int], elements: Iterable[int]
) -> int:
    return challenge(
        f"{manifest.version}-dec",
        manifest.fingerprint,
        kappa,
        *(u4(place) for place in places),
        *(el(element) for element in elements),
    )
