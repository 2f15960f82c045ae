"""Owns the snapshot of a month as a file: its parts, digests, and working it out again.

A snapshot is a list of parts, each with a random salt of its own. Its hash is taken over the
digests of the parts, so a court can check the part it is given against the published hash and
learns nothing of the parts it is not given. Whatever is not exactly as it must be raises
`SnapshotError`.

Parts: `month` (what was closed, by whom, when, under which edition), `reasons` (what was missing
when it was closed, and why it was closed or restated all the same), `rules` (the edition's texts,
the readings and supplements in force), `court/<code>` (one court: its facts and its scores), and
`peers` (steps that name the points of other courts). An extract for a court has no `reasons` and
no `peers`: both can tell of other courts.
"""

from courts.snapshots.canonical import SnapshotError
from courts.snapshots.parts import FORMAT, Part, Parts, Withheld, made, parse

__all__ = ["FORMAT", "Part", "Parts", "SnapshotError", "Withheld", "made", "parse"]
