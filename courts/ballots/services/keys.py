"""Owns the scrutineers' keys before a round opens: asked for, given, frozen, tried, dropped."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from courts import database_clock
from courts.ballots.protocol import ProtocolError
from courts.ballots.protocol.canonical import canonical, hash_text, scalar
from courts.ballots.protocol.canonical import record as fields_of
from courts.ballots.protocol.group import NAME
from courts.ballots.protocol.hashing import VERSION
from courts.ballots.protocol.keys import Proof, PublicKey, check_key, check_ready
from courts.ballots.protocol.manifest import Manifest, read_key, read_manifest
from courts.ballots.selectors.protocols import earlier_protocol_text
from courts.ballots.services.held_rounds import (
    BallotError,
    State,
    check_protocol,
    held,
    held_for_office,
    manifest_of,
    read,
    record,
    save,
    stated,
)
from courts.ballots.services.second_rounds import check_second
from courts.models import BallotRound, PaperTally, Scrutineer, User
from courts.permissions import may_use_key

NONCE_BYTES = 32


@dataclass(frozen=True, slots=True)
class KeyGiven:
    """The place of the key, and the fingerprint once every key is there."""

    index: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Nonce:
    """What a rehearsal must answer."""

    index: int
    nonce: str
    fingerprint: str


@transaction.atomic
def ask_keys(*, user: User, ballot_round: BallotRound) -> BallotRound:
    """Hand the draft to the scrutineers, who make their keys; nothing of it changes from here.

    Raises `BallotError`.
    """
    row = held_for_office(user, ballot_round, State.DRAFT)
    if PaperTally.objects.filter(round=row).exists():
        raise BallotError("state", _("已录入纸质计票结果，不能再改；请先撤销录入。"))
    check_second(row)
    row.state = State.KEYS
    save(row)
    record(row, "ballot_ask_keys", user)
    return row


@transaction.atomic
def back_to_draft(*, user: User, ballot_round: BallotRound, reason: str) -> BallotRound:
    """Take the round back before it opens; the keys made for it are worth nothing then."""
    row = held_for_office(user, ballot_round, State.KEYS)
    reason = stated(reason, _("请说明原因。"))
    row.scrutineers.update(public_key=None, nonce="", rehearsed_at=None)
    thaw(row)
    row.state = State.DRAFT
    save(row)
    record(row, "ballot_back_to_draft", user, reason)
    return row


@transaction.atomic
def drop_key(*, user: User, ballot_round: BallotRound, scrutineer: int, reason: str) -> BallotRound:
    """A card is lost before the round opens: that scrutineer makes a new key, all rehearse anew.

    Raises `BallotError`.
    """
    row = held_for_office(user, ballot_round, State.KEYS)
    reason = stated(reason, _("请说明原因。"))
    dropped = row.scrutineers.filter(pk=scrutineer)
    if not dropped.update(public_key=None, nonce="", rehearsed_at=None):
        raise BallotError("wrong", _("这轮投票没有这位监票人。请刷新页面后再试。"))
    thaw(row)
    save(row)
    record(row, "ballot_drop_key", user, reason, {"scrutineer": str(dropped.get())})
    return row


def thaw(row: BallotRound) -> None:
    """Take back the manifest of a held round that is not open: slots and rehearsals go with it."""
    row.manifest = row.fingerprint = ""
    row.voters.update(slot="")
    row.scrutineers.update(nonce="", rehearsed_at=None)


@transaction.atomic
def give_key(*, user: User, ballot_round: BallotRound, body: bytes) -> KeyGiven:
    """Take X and its proof. The last key freezes the manifest; a key is given once.

    Raises `BallotError`.
    """
    row = held(ballot_round, State.KEYS)
    holder = _holder(row, user)
    key = read(body, lambda data: _key(data, row, holder))
    if holder.public_key is not None and holder.public_key["X"] == key.wire["X"]:
        return KeyGiven(holder.position, row.fingerprint)
    if holder.public_key is not None:
        raise BallotError("state", _("您已交过公钥；要换密钥，请先由办公室作废原来的。"))
    others = row.scrutineers.exclude(pk=holder.pk).filter(public_key__isnull=False)
    if any((other.public_key or {})["X"] == key.wire["X"] for other in others):
        raise BallotError("invalid", _("这把密钥已由另一位监票人交过，请重新制作。"))
    holder.public_key = key.wire
    holder.full_clean()
    holder.save()
    if not row.manifest and not row.scrutineers.filter(public_key__isnull=True).exists():
        _freeze(row)
    record(row, "ballot_key", user)
    return KeyGiven(holder.position, row.fingerprint)


def _key(data: object, row: BallotRound, holder: Scrutineer) -> PublicKey:
    key = read_key(fields_of(data, ("X", "c", "z"), "a key"))
    check_key(key, row.code, holder.name)
    return key


def _freeze(row: BallotRound) -> None:
    """Give every voter a slot that does not tell who it is, and write the manifest."""
    voters = list(row.voters.all())
    slots: set[str] = set()
    while len(slots) < len(voters):
        slot = secrets.token_hex(16)
        # Without a leading zero a slot looks the same as text and as a number.
        if not slot.startswith("0"):
            slots.add(slot)
    mixed = secrets.SystemRandom().sample(sorted(slots), len(slots))
    for voter, slot in zip(voters, mixed, strict=True):
        voter.slot = slot
        voter.full_clean()
        voter.save()
    try:
        manifest = read_manifest(_manifest(row, sorted(slots)))
    except ProtocolError as error:
        # Keys that were handed in before an update of the system prove themselves otherwise.
        raise BallotError("state", earlier_protocol_text()) from error
    row.manifest = canonical(manifest.wire).decode()
    row.fingerprint = manifest.fingerprint.hex()
    save(row)


def _manifest(row: BallotRound, slots: list[str]) -> dict[str, object]:
    targets = row.targets.select_related("court").order_by("position")
    return {
        "v": VERSION,
        "group": NAME,
        "id": row.code,
        "title": row.title,
        "targets": [
            {
                "id": one.court.code if one.court else f"department-{one.position}",
                "name": one.name,
            }
            for one in targets
        ],
        "unit": format(row.unit.normalize(), "f"),
        "unit_max": row.unit_max,
        "slots": slots,
        "roll": sorted(row.voters.values_list("name", flat=True)),
        "min_ballots": row.min_ballots,
        "trustees": [
            {"name": one.name, **(one.public_key or {})}
            for one in row.scrutineers.order_by("position")
        ],
    }


@transaction.atomic
def ask_nonce(*, user: User, ballot_round: BallotRound) -> Nonce:
    """Begin a rehearsal: something that no earlier answer fits.

    Raises `BallotError`.
    """
    row = held(ballot_round, State.KEYS)
    holder = _holder(row, user)
    if not row.manifest:
        raise BallotError("state", _("还有监票人没有制作密钥，暂时不能演练。请等他们做完。"))
    check_protocol(row)
    holder.nonce = secrets.token_hex(NONCE_BYTES)
    holder.save(update_fields=["nonce"])
    return Nonce(holder.position, holder.nonce, row.fingerprint)


@transaction.atomic
def rehearse(*, user: User, ballot_round: BallotRound, body: bytes) -> None:
    """Take the answer of a key that was typed back in; a nonce is answered once.

    Raises `BallotError`.
    """
    row = held(ballot_round, State.KEYS)
    holder = _holder(row, user)
    if not row.manifest or not holder.nonce:
        raise BallotError("state", _("请先开始演练。"))
    check_protocol(row)
    manifest = manifest_of(row)
    read(body, lambda data: _ready(data, manifest, holder))
    holder.nonce, holder.rehearsed_at = "", database_clock.now()
    holder.full_clean()
    holder.save()
    record(row, "ballot_rehearse", user)


def _ready(data: object, manifest: Manifest, holder: Scrutineer) -> None:
    fields = fields_of(data, ("nonce", "c", "z"), "a rehearsal")
    if hash_text(fields["nonce"], "the nonce") != holder.nonce:
        raise ProtocolError("ready", "this answers an earlier rehearsal")
    proof = Proof(scalar(fields["c"], "c"), scalar(fields["z"], "z"))
    public = manifest.trustees[holder.position].key.element
    check_ready(proof, manifest.fingerprint, holder.nonce, holder.position, public)


def _holder(row: BallotRound, user: User) -> Scrutineer:
    holder: Scrutineer | None = row.scrutineers.filter(user=user).first()
    if holder is None or not may_use_key(user, row):
        raise PermissionDenied(_("您不是这轮投票的监票人，或者现在不能再任监票人。"))
    return holder
