"""Owns drawing lots for a register: a list, a seed made once, and the lines of what was drawn.

The seed is made by the system when the list is already given, and every draw is kept, so nobody can
try seeds until one suits; whoever holds the list can draw again (`scoring.lots`).
"""

from __future__ import annotations

import secrets
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from courts import database_clock
from courts.frame import events
from courts.frame.refusals import ReturnError
from courts.models import Court, QualityYear, RegisterDraw, User
from courts.registers.selectors.described import Described
from courts.registers.selectors.lines import keepers_of
from courts.registers.services.lines import write_lines
from scoring.lots import Lot, digest_of, drawn, listed

ACTION = "register_draw"
LONGEST, MOST = 200, 20_000


@transaction.atomic
def draw_lots(
    *,
    user: User,
    year: QualityYear,
    described: Described,
    court: Court,
    month: int,
    numbers: str,
    wanted: int,
) -> RegisterDraw:
    """Draw, and write a line for each number drawn; `ReturnError` for a list too short or long.

    Raises `PermissionDenied`.
    """
    register = described.register
    openers = {str(one) for one in register.opened_by}
    if not register.draw or not keepers_of(user, year, described, court) & openers:
        raise PermissionDenied(
            _("您的账号不能在这本台账里摇号。如果您的工作需要，请联系系统管理员。")
        )
    every = listed(numbers.splitlines())
    if not wanted <= len(every) <= MOST:
        text = _("清单里有%(size)s件，应不少于抽中数，不多于%(most)s件。")
        raise ReturnError(text % {"size": len(every), "most": MOST})
    if max(map(len, every)) > LONGEST:
        raise ReturnError(_("案号最多%(most)s字。请删减。") % {"most": LONGEST})
    row = RegisterDraw.objects.create(
        quality_year=year,
        register=described.code,
        court=court,
        month=month,
        seed=secrets.token_hex(16),
        numbers=list(every),
        size=len(every),
        wanted=wanted,
        sha256=digest_of(every),
        by=user,
        at=database_clock.now(),
    )
    lots = drawn(every, row.seed, wanted)
    write_lines(
        year=year,
        described=described,
        lines=[(court, {register.draw: lot.number}) for lot in lots],
        user=user,
        at=row.at,
        draw=row,
    )
    events.record(
        action=ACTION,
        year=year,
        actor=user,
        data={
            "register": described.code,
            "court": court.code,
            "month": month,
            "seed": row.seed,
            "size": row.size,
            "wanted": wanted,
            "sha256": row.sha256,
        },
    )
    return row


class Redrawn(NamedTuple):
    """What a list and a draw's seed come to; `is_same_list` by the digests of the lists."""

    lots: tuple[Lot, ...]
    is_same_list: bool


def redrawn(row: RegisterDraw, numbers: str) -> Redrawn:
    """Draw again with the seed of a draw, from any list; writes nothing."""
    every = numbers.splitlines()
    return Redrawn(drawn(every, row.seed, row.wanted), digest_of(every) == row.sha256)
