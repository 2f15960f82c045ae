"""Owns noting who read an issue: the first time, and only once it is published."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from courts import database_clock
from courts.models import Bulletin, BulletinReceipt, User


def note_reader(*, user: User, bulletin: Bulletin) -> bool:
    """Note that the account opened a published issue; whether it was the first time."""
    if bulletin.state != Bulletin.State.PUBLISHED or user.court_id is None:
        return False
    if BulletinReceipt.objects.filter(bulletin=bulletin, user=user).exists():
        return False
    try:
        with transaction.atomic():
            BulletinReceipt.objects.create(
                bulletin=bulletin, user=user, court_id=user.court_id, read_at=database_clock.now()
            )
    except IntegrityError:
        # The same person opened it twice at the same moment.
        return False
    return True
