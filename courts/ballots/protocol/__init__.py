"""The sealed ballot QB2: what is encrypted, proved, chained and summed, to the byte.

Each browser seals its scores to a key that only the scrutineers hold together; the server
multiplies what it cannot read, and the scrutineers open one sum for each court. Pure arithmetic on
plain values: no Django, no rows, no clock. Whatever is not exactly as it must be raises
`ProtocolError`; nothing is ever asserted, so that `python -O` weakens nothing.

Boards of the earlier protocol QB1 are verified for ever, by the rules that it had; keys are made,
ballots sealed and sums opened in QB2 alone. The manifest says which of the two it is.

Terms: *scrutineer* (in the manifest: trustee), one holder of a part of the key; *manifest*, what a
round is about, frozen before it opens, known by its *fingerprint*; *tracker*, the hash by which a
voter finds a ballot again; *board*, all that is needed to recount.
"""

from courts.ballots.protocol.refused import ProtocolError

__all__ = ["ProtocolError"]
