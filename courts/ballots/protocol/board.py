"""The board: the chain of what happened, and all that is needed to recount the round."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from courts.ballots.protocol.ballot import Ballot, read_ballot, tracker_of
from courts.ballots.protocol.canonical import (
    array,
    canonical,
    hash_text,
    integer,
    parse_canonical,
    record,
    text,
)
from courts.ballots.protocol.canonical import slot_text as slot_of
from courts.ballots.protocol.group import u4
from courts.ballots.protocol.hashing import EARLIER, VERSION, digest
from courts.ballots.protocol.manifest import Manifest, read_manifest
from courts.ballots.protocol.refused import ProtocolError
from courts.ballots.protocol.tally import Partial, aggregate, check_part, read_part, sums_of

OPEN, BALLOT, EXTEND, CLOSE = "open", "ballot", "extend", "close"
KINDS = frozenset({OPEN, BALLOT, EXTEND, CLOSE})
BEGINNING = "0" * 64
_KEYS = ("manifest", "ballots", "events", "participants", "partials", "sums")
_EVENT_KEYS = ("seq", "kind", "payload", "prev", "hash")


@dataclass(frozen=True, slots=True)
class BoardEvent:
    """One link of the chain."""

    seq: int
    kind: str
    payload: str
    prev: str
    hash: str

    @property
    def wire(self) -> dict[str, Any]:
        """As it travels."""
        return {name: getattr(self, name) for name in _EVENT_KEYS}


@dataclass(frozen=True, slots=True)
class Chain:
    """What a chain says: the ballot that counts in each slot, and how the round was closed.

    `seen` are the trackers of all ballots, those that were replaced among them.
    """

    current: Mapping[str, str]
    seen: frozenset[str]
    before_close: str
    kappa: str
    participants: tuple[str, ...]
    hashes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """A board that holds; `sums` in units is empty until it is tallied."""

    manifest: Manifest
    ballots: tuple[Ballot, ...]
    chain: Chain
    partials: tuple[Partial, ...]
    sums: tuple[int, ...]


def next_event(
    previous: BoardEvent | None, kind: str, payload: str, version: str = VERSION
) -> BoardEvent:
    """The link that follows."""
    seq, prev = (0, BEGINNING) if previous is None else (previous.seq + 1, previous.hash)
    own = digest(f"{version}-event", prev, u4(seq), kind, payload).hex()
    return BoardEvent(seq, kind, payload, prev, own)


def ballot_payload(slot: str, tracker: str) -> str:
    """What the chain says of a ballot."""
    return canonical([slot, tracker]).decode()


def extend_payload(closes_at: str) -> str:
    """What the chain says of a later deadline."""
    return canonical([closes_at]).decode()


def close_payload(kappa: bytes, participants: Sequence[str]) -> str:
    """What the chain says of the closing."""
    return canonical([kappa.hex(), list(participants)]).decode()


def closing_hash(
    fingerprint: bytes,
    before_close: str,
    participants: Sequence[str],
    trackers: Iterable[str],
    version: str = VERSION,
) -> bytes:
    """κ: what is opened is exactly this."""
    names = canonical(list(participants))
    return digest(f"{version}-close", fingerprint, before_close, names, *sorted(trackers))


def check_chain(events: Sequence[BoardEvent], manifest: Manifest) -> Chain:
    """Refuse a chain that is broken, out of order, or says what it may not."""
    _check_links(events, manifest.version)
    if events[0].payload != manifest.fingerprint.hex():
        raise ProtocolError("chain", "the chain begins with another manifest")
    current: dict[str, str] = {}
    seen: set[str] = set()
    closing: BoardEvent | None = None
    for event in events[1:]:
        if closing is not None:
            # QB1 let kinds by that it did not know; in QB2 the closing is the end.
            if manifest.version != EARLIER or event.kind in KINDS:
                raise ProtocolError("chain", f"{event.kind} after the closing")
        elif event.kind == BALLOT:
            slot, tracker = _ballot_of(event, manifest)
            if tracker in seen:
                raise ProtocolError("chain", "a ballot occurs twice")
            seen.add(tracker)
            current[slot] = tracker
        elif event.kind == CLOSE:
            closing = event
        elif event.kind != EXTEND:
            raise ProtocolError("chain", f"{event.kind} before the closing")
        elif manifest.version != EARLIER:
            _check_extension(event)
    if closing is None:
        raise ProtocolError("chain", "the round was never closed")
    kappa, participants = _closing_of(closing)
    hashes = tuple(event.hash for event in events)
    return Chain(current, frozenset(seen), closing.prev, kappa, participants, hashes)


def read_board(raw: bytes, *, tallied: bool = True) -> Board:
    """Recount a board, every hash and every proof of it; before the tally there are no parts."""
    fields = record(parse_canonical(raw, "the board"), _KEYS, "the board")
    manifest = read_manifest(fields["manifest"])
    chain = check_chain([_event(one) for one in array(fields["events"], "events")], manifest)
    sent = array(fields["ballots"], "ballots")
    check_current(
        [(one.get("slot") if isinstance(one, dict) else None, canonical(one)) for one in sent],
        tuple(text(one, "a name") for one in array(fields["participants"], "participants")),
        chain,
        manifest,
    )
    ballots = tuple(read_ballot(one, manifest) for one in sent)
    parts = array(fields["partials"], "partials", len(manifest.trustees) if tallied else 0)
    if tallied or manifest.version == EARLIER:
        sums = array(fields["sums"], "sums", len(manifest.targets) if tallied else 0)
    elif fields["sums"] is None:
        sums = ()
    else:
        raise ProtocolError("sum", "before the tally the sums are null")
    partials: tuple[Partial, ...] = ()
    if tallied:
        sealed = aggregate(ballots, manifest)
        partials = tuple(read_part(one, manifest) for one in parts)
        for index, partial in enumerate(partials):
            check_part(partial, index, sealed, manifest, bytes.fromhex(chain.kappa))
        found = sums_of(sealed, partials, manifest, len(ballots))
        if found != tuple(integer(one, "a sum") for one in sums):
            raise ProtocolError("sum", "the sums are not those of the ballots")
    return Board(manifest, ballots, chain, partials, tuple(sums))


def check_current(
    ballots: Sequence[tuple[str | None, bytes]],
    participants: Sequence[str],
    chain: Chain,
    manifest: Manifest,
) -> None:
    """Refuse ballots (slot and canonical bytes) that are not those the chain says count."""
    found = [(slot, tracker_of(body, manifest.version)) for slot, body in ballots]
    if found != sorted(chain.current.items()):
        raise ProtocolError("board", "the ballots are not those of the chain")
    if len(ballots) < manifest.min_ballots:
        raise ProtocolError("board", "there are too few ballots")
    if list(participants) != sorted(set(participants)) or len(participants) != len(ballots):
        raise ProtocolError("board", "the participants are sorted, each once, one for each ballot")
    if not set(participants) <= set(manifest.roll):
        raise ProtocolError("board", "somebody took part who is not on the roll")
    if tuple(participants) != chain.participants:
        raise ProtocolError("board", "the participants are not those of the closing")
    trackers = [tracker for _slot, tracker in found]
    kappa = closing_hash(
        manifest.fingerprint, chain.before_close, participants, trackers, manifest.version
    )
    if kappa.hex() != chain.kappa:
        raise ProtocolError("board", "the closing hash is another")


def write_board(
    manifest: Mapping[str, Any],
    ballots: Iterable[Any],
    events: Iterable[BoardEvent],
    participants: Sequence[str],
    partials: Iterable[Any] = (),
    sums: Iterable[int] = (),
) -> bytes:
    """The bytes of board.json; ballots sorted by slot, parts in the order of the manifest."""
    opened = list(sums)
    nothing: list[int] | None = [] if manifest["v"] == EARLIER else None
    return canonical(
        {
            "manifest": manifest,
            "ballots": list(ballots),
            "events": [event.wire for event in events],
            "participants": list(participants),
            "partials": list(partials),
            "sums": opened or nothing,
        }
    )


def _check_links(events: Sequence[BoardEvent], version: str) -> None:
    previous: BoardEvent | None = None
    for event in events:
        if event != next_event(previous, event.kind, event.payload, version):
            raise ProtocolError("chain", "a link of the chain does not hold")
        previous = event
    if not events or events[0].kind != OPEN:
        raise ProtocolError("chain", "the chain begins with the opening of the round")


def _event(data: Any) -> BoardEvent:
    fields = record(data, _EVENT_KEYS, "an event")
    return BoardEvent(
        integer(fields["seq"], "seq"),
        text(fields["kind"], "the kind"),
        text(fields["payload"], "the payload"),
        hash_text(fields["prev"], "prev"),
        hash_text(fields["hash"], "hash"),
    )


def _ballot_of(event: BoardEvent, manifest: Manifest) -> tuple[str, str]:
    slot, tracker = array(_payload(event), "a ballot's event", 2)
    if slot_of(slot, "a slot") not in manifest.slots:
        raise ProtocolError("chain", "a ballot in a slot that there is not")
    return slot, hash_text(tracker, "a tracker")


def _closing_of(event: BoardEvent) -> tuple[str, tuple[str, ...]]:
    kappa, participants = array(_payload(event), "the closing", 2)
    names = tuple(text(one, "a name") for one in array(participants, "participants"))
    return hash_text(kappa, "the closing hash"), names


def _check_extension(event: BoardEvent) -> None:
    (closes_at,) = array(_payload(event), "an extension", 1)
    text(closes_at, "the new closing time")


def _payload(event: BoardEvent) -> Any:
    return parse_canonical(event.payload.encode(), "a payload")
