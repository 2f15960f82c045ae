"""Owns the archive of bulletins: the list with its search, one issue, who read it, who did not.

Terms: a *receipt* is the first time that somebody opened an issue; courts without any receipt are
to be reminded. Drafts are seen by those who look after all courts; everybody else sees what was
published, as much of it as the year shows to courts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.consultations.selectors.lists import standing_snapshots
from courts.models import (
    BallotRound,
    BlockRevision,
    Bulletin,
    BulletinFile,
    BulletinReceipt,
    QualityYear,
    Snapshot,
    User,
)
from courts.permissions import (
    Account,
    may_set_paper,
    may_write_bulletin,
    sees_drafts,
    sees_whole_bulletins,
)
from courts.wording.explanations import listed_sides
from courts.years.selectors.years import courts_of, rulebook_of
from scoring.facts import Month

State = Bulletin.State
PAGE_SIZE = 50
MOST_WORDS, MOST_DIGITS = 5, 6
# 12月, 12월
MONTH_MARKS = "月월份"


class NoBulletinError(LookupError):
    """There is no such issue for the account."""


@dataclass(frozen=True, slots=True)
class IssueLine:
    """One issue in the list. `is_restated` is whether a published one corrects it."""

    bulletin: Bulletin
    is_restated: bool
    is_read: bool
    readers: int

    @property
    def title(self) -> str:
        return "".join(self.bulletin.title.split("\n"))


@dataclass(frozen=True, slots=True)
class OpenMonth:
    """A closed month that no bulletin tells of yet."""

    snapshot: Snapshot
    sides_label: str


@dataclass(frozen=True, slots=True)
class ArchivePage:
    """The list, what it was searched for, and the closed months that wait for a draft."""

    lines: tuple[IssueLine, ...]
    search: str
    waiting: tuple[OpenMonth, ...]
    may_set_paper: bool

    @property
    def is_demo(self) -> bool:
        told = [line.bulletin.snapshot for line in self.lines]
        return any(one.is_demo for one in (*told, *(month.snapshot for month in self.waiting)))


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A court and who of it opened the issue, with when."""

    court: str
    people: tuple[tuple[str, datetime], ...]


@dataclass(frozen=True, slots=True)
class IssuePage:
    """One issue: its files for the account, receipts, and what it is tied to."""

    bulletin: Bulletin
    title: str
    number: str
    files: tuple[BulletinFile, ...]
    receipts: tuple[ReceiptLine, ...]
    unread: tuple[str, ...]
    sees_receipts: bool
    may_edit: bool
    restated_by: tuple[Bulletin, ...]
    rounds: tuple[BallotRound, ...]


def visible(user: Account, year: QualityYear) -> QuerySet[Bulletin]:
    """The issues of a year that the account may open."""
    rows = Bulletin.objects.filter(quality_year=year)
    return rows if sees_drafts(user, year) else rows.filter(state=State.PUBLISHED)


def archive_page(user: Account, year: QualityYear, search: str = "") -> ArchivePage:
    """The list, latest month first; `search` looks into titles, numbers and edited text."""
    rows = visible(user, year).select_related("snapshot", "restates").defer("snapshot__text")
    for word in search.split()[:MOST_WORDS]:
        rows = rows.filter(_holds(word))
    found = list(rows.defer("prose", "settings").order_by("-month", "-pk")[:PAGE_SIZE])
    keys = [row.pk for row in found]
    corrected = set(
        Bulletin.objects.filter(restates__in=keys, state=State.PUBLISHED).values_list(
            "restates", flat=True
        )
    )
    readers: dict[int, set[int]] = {}
    for key, reader in BulletinReceipt.objects.filter(bulletin__in=keys).values_list(
        "bulletin", "user"
    ):
        readers.setdefault(key, set()).add(reader)
    own = user.pk if isinstance(user, User) else None
    return ArchivePage(
        lines=tuple(
            IssueLine(
                bulletin=row,
                is_restated=row.pk in corrected,
                is_read=own in readers.get(row.pk, ()),
                readers=len(readers.get(row.pk, ())),
            )
            for row in found
        ),
        search=search,
        waiting=tuple(
            OpenMonth(
                row, listed_sides(rulebook_of(year, Month(year.year, row.month)), row.side_codes)
            )
            for row in _without_issue(user, year)
        ),
        may_set_paper=may_set_paper(user, year),
    )


def _holds(word: str) -> Q:
    """Issues with a word in title or edited text, or of that number or month (12月)."""
    found = (
        Q(title__icontains=word)
        | Q(title_ko__icontains=word)
        | Q(pk__in=BlockRevision.objects.filter(text__icontains=word).values("bulletin"))
    )
    digits = word.rstrip(MONTH_MARKS)
    if digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS:
        found |= Q(month=int(digits)) if digits != word else Q(number=int(digits))
    return found


def _without_issue(user: Account, year: QualityYear) -> list[Snapshot]:
    """Snapshots without a standing issue, of sides that the account writes about. One query."""
    return [
        row
        for row in snapshots_without_issue(standing_snapshots([year]))
        if may_write_bulletin(user, year, row.side_codes)
    ]


def snapshots_without_issue(standing: Iterable[Snapshot]) -> list[Snapshot]:
    """Of `standing_snapshots` those that no issue tells of.

    One of a side that was closed first is left out once a snapshot holds both sides.
    """
    known = list(standing)
    return [
        row
        for row in known
        if not row.has_issue  # type: ignore[attr-defined]
        and not any(other.is_wider_than(row) for other in known)
    ]


def find_snapshot(user: Account, year: QualityYear, key: int) -> Snapshot:
    """A closed month that the account may draft a bulletin of; `NoBulletinError`."""
    for row in _without_issue(user, year):
        if row.pk == key:
            return Snapshot.objects.select_related("quality_year__court").get(pk=key)
    raise NoBulletinError(_("没有这个已关账的月份，或者它已有通报。请从列表里重新打开。"))


def find_bulletin(user: Account, year: QualityYear, key: int) -> Bulletin:
    """An issue that the account may open; `NoBulletinError` for any other."""
    rows = visible(user, year).select_related(
        "quality_year__court", "snapshot", "restates__snapshot"
    )
    found = rows.filter(pk=key).first()
    if found is None:
        raise NoBulletinError(_("没有这份通报，或者它尚未发布。请从列表里重新打开。"))
    return found


def issue_page(user: User, bulletin: Bulletin) -> IssuePage:
    """What the page of an issue shows. A few queries, however many courts."""
    year = bulletin.quality_year
    sees = sees_drafts(user, year)
    receipts = _receipts(bulletin) if sees else ()
    read = {line.court for line in receipts if line.people}
    return IssuePage(
        bulletin=bulletin,
        title="".join(bulletin.title.split("\n")),
        number=number_of(bulletin),
        files=files_for(user, bulletin),
        receipts=tuple(line for line in receipts if line.people),
        unread=tuple(line.court for line in receipts if line.court not in read),
        sees_receipts=sees and bulletin.state == State.PUBLISHED,
        may_edit=may_write_bulletin(user, year, bulletin.sides)
        and bulletin.state in (State.DRAFT, State.SIGNED),
        restated_by=tuple(
            Bulletin.objects.filter(restates=bulletin, state=State.PUBLISHED).order_by("pk")
        ),
        rounds=_rounds(bulletin),
    )


def number_of(bulletin: Bulletin) -> str:
    """The number of an issue as readers know it; empty before it has one."""
    if bulletin.number is None or bulletin.number_year is None:
        return ""
    values = {"year": bulletin.number_year, "number": bulletin.number}
    if bulletin.carrier == Bulletin.Carrier.SERIES:
        return _("%(year)s年第%(number)s期") % values
    code = bulletin.settings.get("document_code", "")
    return _("%(code)s〔%(year)s〕%(number)s号") % {**values, "code": code}


def files_for(user: Account, bulletin: Bulletin) -> tuple[BulletinFile, ...]:
    """The stored files that the account may have, without their bytes. One query.

    Those of the whole bulletin, or those cut for the account's own court.
    """
    rows = BulletinFile.objects.filter(bulletin=bulletin).defer("content")
    own = user.court.code if isinstance(user, User) and user.court is not None else ""
    if sees_whole_bulletins(user, bulletin.quality_year):
        rows = rows.filter(scope__in=["", own])
    else:
        rows = rows.filter(scope=own).exclude(scope="")
    return tuple(rows.order_by("scope", "language", "kind"))


def find_file(user: Account, bulletin: Bulletin, key: int) -> BulletinFile:
    """One of these files with its bytes; `NoBulletinError` for any other."""
    if key not in {file.pk for file in files_for(user, bulletin)}:
        raise NoBulletinError(_("没有这个文件。请从列表里重新打开。"))
    return BulletinFile.objects.get(pk=key)


def _receipts(bulletin: Bulletin) -> tuple[ReceiptLine, ...]:
    """Every court of the year, with those of it who opened the issue. Two queries."""
    language = get_language() or ""
    people: dict[int, list[tuple[str, datetime]]] = {}
    rows = BulletinReceipt.objects.filter(bulletin=bulletin).select_related("user")
    for row in rows.order_by("read_at"):
        people.setdefault(row.court_id, []).append((str(row.user), row.read_at))
    return tuple(
        ReceiptLine(court.label(language), tuple(people.get(court.pk, ())))
        for court in courts_of(
            bulletin.quality_year, Month(bulletin.quality_year.year, bulletin.month)
        )
    )


def _rounds(bulletin: Bulletin) -> tuple[BallotRound, ...]:
    """The tallied rounds of the year, with their boards and closing hashes."""
    rows = BallotRound.objects.filter(
        quality_year=bulletin.quality_year,
        state=BallotRound.State.TALLIED,
        month__lte=bulletin.month,
    )
    return tuple(rows.order_by("month", "pk"))
