"""Owns what becomes of issues when their month is restated: drafts follow, published ones stay."""

from __future__ import annotations

from django.utils.translation import gettext as _

from courts import database_clock
from courts.bulletins.services.signatures import void_signatures
from courts.frame import events
from courts.models import Bulletin, Snapshot, User

State = Bulletin.State


def move_issues(*, old: Snapshot, new: Snapshot, user: User, reason: str) -> None:
    """Drafts of the old snapshot tell of the new one, unsigned; for a published issue there is a
    new draft that names it. The caller holds the year.
    """
    for bulletin in Bulletin.objects.filter(snapshot=old).order_by("pk"):
        if bulletin.state in (State.DRAFT, State.SIGNED):
            void_signatures(bulletin=bulletin, user=user, reason=reason)
            bulletin.snapshot = new
            bulletin.version += 1
            bulletin.full_clean(exclude=["prose", "settings"])
            bulletin.save()
            _record("move_issue", bulletin, user, reason)
        elif bulletin.state == State.PUBLISHED:
            draft = _draft(bulletin, new, user)
            _record("draft_correction", draft, user, reason)


def _draft(old: Bulletin, new: Snapshot, user: User) -> Bulletin:
    """The issue that corrects a published one; its prose is written as any draft's is."""
    draft = Bulletin(
        quality_year_id=old.quality_year_id,
        snapshot=new,
        side=old.side,
        month=old.month,
        carrier=old.carrier,
        title=(_("更正：%(title)s") % {"title": old.title})[:200],
        title_ko=old.title_ko,
        in_korean=old.in_korean,
        made_at=database_clock.now(),
        restates=old,
    )
    draft.full_clean(exclude=["prose", "settings"])
    draft.save()
    return draft


def _record(action: str, bulletin: Bulletin, user: User, reason: str) -> None:
    events.record(
        action=action,
        year=bulletin.quality_year,
        actor=user,
        reason=reason,
        data={
            "bulletin": bulletin.pk,
            "sha256": bulletin.snapshot.sha256,
            "restates": bulletin.restates_id,
        },
    )
