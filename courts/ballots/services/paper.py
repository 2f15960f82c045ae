"""Owns the fallback: a vote on paper, its sums typed in by one person and confirmed by another."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from courts import database_clock
from courts.ballots.services.held_rounds import (
    BallotError,
    State,
    held_for_office,
    hold_year,
    record,
    save,
    tallied,
)
from courts.models import BallotRound, PaperTally, User
from courts.permissions import is_another

LARGEST_SCAN = 5_000_000
# What a scan begins with, by the kind of file.
SIGNATURES = {b"%PDF-": "application/pdf", b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}


@transaction.atomic
def enter_paper(
    *,
    user: User,
    ballot_round: BallotRound,
    counted: int,
    points: Mapping[int, Decimal],
    scan: bytes,
    scan_name: str,
) -> PaperTally:
    """Type in the sums, in points by the target's position, of a round that is being prepared.

    Raises `BallotError`.
    """
    row = held_for_office(user, ballot_round, State.DRAFT)
    if PaperTally.objects.filter(round=row).exists():
        raise BallotError("state", _("已有人录入；要改，请先撤销录入。"))
    if not row.min_ballots <= counted <= row.voters.count():
        text = _("票数须在%(least)s与名册人数%(roll)s之间。")
        raise BallotError("wrong", text % {"least": row.min_ballots, "roll": row.voters.count()})
    if not scan or len(scan) > LARGEST_SCAN or media_type(scan) is None:
        raise BallotError("wrong", _("请附上计票表的扫描件：PDF、PNG 或 JPEG，不超过5 MB。"))
    tally = PaperTally(
        round=row,
        counted=counted,
        sums=[
            _units(row, target.position, target.name, points, counted) for target in _targets(row)
        ],
        entered_by=user,
        entered_at=database_clock.now(),
        scan=scan,
        scan_name=scan_name[-120:],
        scan_sha256=hashlib.sha256(scan).hexdigest(),
    )
    tally.full_clean()
    tally.save()
    record(row, "ballot_paper", user, data=_traces(tally))
    return tally


def media_type(scan: bytes) -> str | None:
    """The kind of file by its first bytes; None for any other."""
    return next((kind for start, kind in SIGNATURES.items() if scan.startswith(start)), None)


def _targets(row: BallotRound) -> list:
    return list(row.targets.order_by("position"))


def _units(
    row: BallotRound, position: int, name: str, points: Mapping[int, Decimal], counted: int
) -> int:
    value = points.get(position)
    if value is None or value % row.unit or not 0 <= value / row.unit <= counted * row.unit_max:
        text = _("%(name)s的合计须是评分单位的整数倍，且不超过满分乘以票数。")
        raise BallotError("wrong", text % {"name": name})
    return int(value / row.unit)


@transaction.atomic
def confirm_paper(*, user: User, ballot_round: BallotRound) -> BallotRound:
    """Confirm, as another person than who typed them in, that the sums are those of the scan.

    Raises `PermissionDenied`.
    """
    hold_year(ballot_round.quality_year_id)
    row = held_for_office(user, ballot_round, State.DRAFT)
    tally = _entered(row)
    if not is_another(tally.entered_by_id, user):
        raise PermissionDenied(_("录入人不得复核自己的录入。"))
    tally.confirmed_by, tally.confirmed_at = user, database_clock.now()
    tally.full_clean()
    tally.save()
    row.state, row.sums, row.counted = State.TALLIED, tally.sums, tally.counted
    save(row)
    record(row, "ballot_paper_confirm", user, data={"ballots": tally.counted, "sums": tally.sums})
    tallied(row, user)
    return row


@transaction.atomic
def drop_paper(*, user: User, ballot_round: BallotRound) -> None:
    """Take back what was typed in and not yet confirmed."""
    row = held_for_office(user, ballot_round, State.DRAFT)
    forget_paper(row, _entered(row), user)


def forget_paper(row: BallotRound, tally: PaperTally, user: User | None) -> None:
    """Drop an unconfirmed tally; its number of ballots and its scan's digest are noted."""
    record(row, "ballot_paper_drop", user, data=_traces(tally))
    tally.delete()


def _traces(tally: PaperTally) -> dict[str, object]:
    """What the record says of a tally before it counts; of its sums not even a digest.

    Sums are few and small: a digest of them is turned by trying, and two tallies of almost the
    same voters give away those who differ.
    """
    return {"ballots": tally.counted, "scan_sha256": tally.scan_sha256}


def _entered(row: BallotRound) -> PaperTally:
    tally = PaperTally.objects.filter(round=row).first()
    if tally is None:
        raise BallotError("state", _("还没有人录入纸质计票结果。请先由一人录入。"))
    return tally
