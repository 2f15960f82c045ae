"""Owns telling by which protocol a round is held, and what that means for it.

Rounds that were frozen under QB1 keep their boards, which are verified for ever; keys are made,
ballots sealed and sums opened in QB2 alone.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from courts.ballots.protocol.canonical import parse
from courts.ballots.protocol.hashing import EARLIER, VERSION
from courts.models import BallotRound

OVER = (BallotRound.State.TALLIED, BallotRound.State.VOID)


def version_of(row: BallotRound) -> str:
    """The protocol of a round: its manifest's; before there is one, that of today."""
    return str(parse(row.manifest.encode())["v"]) if row.manifest else VERSION


def earlier_protocol_note(row: BallotRound) -> str:
    """Why nothing goes on in a round of the earlier protocol, and what to do; empty otherwise."""
    if row.state in OVER or version_of(row) != EARLIER:
        return ""
    if row.state == BallotRound.State.INCOMPLETE:
        return _(
            "这轮投票按旧版协议（QB1）已开始开票，升级后不能继续，也不能作废；请改用纸质投票。"
        )
    return earlier_protocol_text()


def earlier_protocol_text() -> str:
    """The sentence about a manifest or keys from before an update of the system."""
    return _(
        "这轮投票的密钥是系统升级以前按旧版协议（QB1）制作的，升级后不能再投票或开票。"
        "还没有开始的，请退回准备后重新制作密钥；已经开始的，请作废后重新组织。"
    )
