"""Owns signing an issue, and voiding signatures when it is edited or its figures change."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from courts import database_clock
from courts.bulletins.selectors.prose.issues import frozen_prose
from courts.bulletins.selectors.readiness import firsts_of, obstacles, signed_sides
from courts.frame import events
from courts.frame.reasons import SIGNED
from courts.frame.refusals import Obstacle, ReturnError, StaleError, StateError
from courts.models import Bulletin, BulletinSignature, PaperSettings, User
from courts.permissions import may_issue, sign_sides
from courts.years.month_locks import hold_alone

State = Bulletin.State


@transaction.atomic
def sign(*, user: User, bulletin: Bulletin, seen: int) -> Bulletin:
    """Sign for the side of the account's office; with the last signature the issue is signed.

    `seen` is the version that was read: `StaleError` when it was edited since. `PermissionDenied`
    for who edited or closed it, `ReturnError` while something has to be done first.
    """
    held = held_issue(bulletin)
    if held.state != State.DRAFT:
        raise StateError(_("这份通报%(state)s，不能签发。") % {"state": held.get_state_display()})
    sides = check_may_sign(user, held)
    check_seen(held, seen)
    check_ready(held)
    open_sides = sides - signed_sides(held)
    if not open_sides:
        raise StateError(_("您的部门已经签发过。"))
    now = database_clock.now()
    for side in sorted(open_sides):
        BulletinSignature.objects.create(bulletin=held, side=side, by=user, at=now)
    if signed_sides(held) >= held.sides:
        held.state = State.SIGNED
        held.settings = _paper_of(held)
        held.prose = frozen_prose(held)
    save_issue(held, user, SIGNED)
    record_issue("sign_bulletin", held, user, "", {"sides": sorted(open_sides)})
    return held


@transaction.atomic
def void_signatures(*, bulletin: Bulletin, user: User, reason: str) -> bool:
    """Take every signature off an issue that is being edited; whether there were any.

    The caller holds the row and stores it, or reads it anew.
    """
    sides = signed_sides(bulletin)
    if bulletin.state not in (State.DRAFT, State.SIGNED) or not sides:
        return False
    bulletin.state = State.DRAFT
    bulletin.settings = {}
    bulletin.save()
    bulletin.signatures.all().delete()
    record_issue("void_signatures", bulletin, user, reason[:500], {"sides": sorted(sides)})
    return True


def held_issue(bulletin: Bulletin) -> Bulletin:
    """The issue, held until the transaction ends; the prefecture's years are held before it."""
    hold_alone(bulletin.quality_year)
    Bulletin.objects.select_for_update(of=("self",)).order_by().get(pk=bulletin.pk)
    return read_issue(bulletin)


def read_issue(bulletin: Bulletin) -> Bulletin:
    """The issue as it stands, with what acts on it ask of it."""
    found = Bulletin.objects.select_related(
        "quality_year__court",
        "quality_year__edition",
        "snapshot__quality_year",
        "restates__snapshot",
    )
    return found.get(pk=bulletin.pk)


def check_may_sign(user: User, held: Bulletin) -> frozenset[str]:
    """The sides for which the account may sign or publish; `PermissionDenied` for none."""
    if not may_issue(user, held):
        raise PermissionDenied(_("只有负责该类数据的管理部门可以签发和发布。"))
    sides = sign_sides(user, held, firsts_of(held))
    if not sides:
        raise PermissionDenied(_("您编辑过这份通报或者为这个月关过账，须由另一人签发和发布。"))
    return sides


def check_seen(held: Bulletin, seen: int) -> None:
    """`StaleError` when the issue was changed since it was read."""
    if held.version != seen:
        raise StaleError(_("您打开之后，这份通报又有改动；请看过最新内容后再办理。"))


def check_ready(held: Bulletin) -> None:
    """`ReturnError` with all that has to be done first."""
    found = obstacles(held)
    if found:
        text = "".join(one.sentence for one in found)
        raise ReturnError(text, [Obstacle(one.step, one.sentence) for one in found])


def save_issue(held: Bulletin, user: User | None, reason: str) -> None:
    """Store a held issue with its history; what the database refuses is told in its words.

    Raises `ReturnError` and `StateError`.
    """
    held.version += 1
    held._history_user = user  # type: ignore[attr-defined]
    held._change_reason = reason[:100]  # type: ignore[attr-defined]
    try:
        # A draft whose prose nobody has written yet is one too.
        held.full_clean(exclude=["prose", "settings"])
        with transaction.atomic():
            held.save()
    except ValidationError as error:
        raise ReturnError("".join(error.messages)) from error
    except IntegrityError as error:
        raise StateError(_("通报已经发布，不能再改。")) from error


def record_issue(
    action: str,
    held: Bulletin,
    user: User | None,
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """Note an act on an issue."""
    year = held.quality_year
    events.record(
        action=action,
        year=year,
        actor=user,
        reason=reason,
        data={
            "bulletin": held.pk,
            "month": f"{year.year}-{held.month:02}",
            "side": held.side,
            "sha256": held.snapshot.sha256,
            "version": held.version,
            **(data or {}),
        },
    )


def _paper_of(held: Bulletin) -> dict[str, Any]:
    """The year's paper settings; empty where none were set."""
    paper = PaperSettings.objects.filter(quality_year=held.quality_year_id).first()
    if paper is None:
        return {}
    left_out: Collection[str] = ("id", "quality_year")
    return {
        field.name: str(value) if field.get_internal_type() == "DecimalField" else value
        for field in PaperSettings._meta.concrete_fields
        if field.name not in left_out and (value := field.value_from_object(paper)) is not None
    }
