"""Owns telling people of what only time brings about, from the one registry of open work.

A notice is told once for each item: by its key, which names the item and its time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from courts.models import NoticeKind, QualityYear, User
from courts.notices.services.telling import tell
from courts.permissions import all_people
from courts.years.open_work import Kept, OpenItem, open_work

BEFORE_DEADLINE = timedelta(days=3)
# Kinds of open work, what they are told as, and whether only shortly before their time.
WATCHED: dict[str, tuple[str, bool]] = {
    "return_due": (NoticeKind.DEADLINE, True),
    "ballot_vote": (NoticeKind.BALLOT, False),
    "ballot_part": (NoticeKind.PART, False),
    "action_answer": (NoticeKind.ACTION, True),
}


def tell_what_waits(now: datetime) -> int:
    """Tell everybody what became due or possible; how many notices were written."""
    told = 0
    for root in {year.court_id: year.court for year in _years()}.values():
        kept = Kept()
        for user in all_people(root).select_related("court__parent"):
            work = open_work(user, now, codes=tuple(WATCHED), kept=kept)
            told += sum(_told(user, group.code, group.items, now) for group in work)
    return told


def _years() -> Iterable[QualityYear]:
    return QualityYear.objects.select_related("court")


def _told(user: User, code: str, items: Iterable[OpenItem], now: datetime) -> int:
    kind, is_late = WATCHED[code]
    found = 0
    for item in items:
        soon = item.until is not None and now < item.until <= now + BEFORE_DEADLINE
        if is_late and not soon:
            continue
        until = item.until.isoformat() if item.until else ""
        found += tell(
            [user],
            kind=kind,
            key=f"{code} {item.address} {until}",
            address=item.address,
            year=item.year,
            data=_said(item) | ({"until": until} if until else {}),
        )
    return found


def _said(item: OpenItem) -> dict[str, object]:
    data: dict[str, object] = {}
    if item.court is not None:
        data["court"] = item.court.code
    if item.month is not None:
        data["month"] = str(item.month)
    if item.side:
        data["side"] = item.side
    return data
