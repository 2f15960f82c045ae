"""Owns what an account's inbox shows: its notices by kind, in words, and how many are unread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BigAutoField, Count, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.models import Court, Notice, NoticeKind, NoticeMute, User
from courts.models.prepared import Prepared, QueryValue
from courts.permissions import Account
from courts.wording import moments
from courts.wording.explanations import side_label
from courts.wording.months import month_name
from courts.years.selectors.years import rulebook_of
from scoring.facts import Month

# Of each kind so many are shown; the rest are older ones that were read.
MOST_OF_A_KIND = 20
# Kinds whose notices say until when something is done.
TIMED = (NoticeKind.DEADLINE, NoticeKind.BALLOT, NoticeKind.ACTION)


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One notice in words."""

    pk: int
    text: str
    address: str
    at: datetime
    is_unread: bool


@dataclass(frozen=True, slots=True)
class NoticeGroup:
    """The notices of one kind, the newest first."""

    kind: str
    label: str
    lines: tuple[NoticeLine, ...]
    unread: int


@dataclass(frozen=True, slots=True)
class MuteLine:
    """A kind that can be muted."""

    kind: str
    label: str
    is_muted: bool


@dataclass(frozen=True, slots=True)
class Inbox:
    """Everything on the page of an account's notices."""

    groups: tuple[NoticeGroup, ...]
    mutes: tuple[MuteLine, ...]

    @property
    def unread(self) -> int:
        return sum(group.unread for group in self.groups)


def _unread_of(user: QueryValue) -> QuerySet[Notice, int]:
    muted = NoticeMute.objects.filter(user_id=user).values("kind")
    rows = Notice.objects.filter(user_id=user, read_at=None).exclude(kind__in=muted)
    return (
        rows.order_by().values("user").annotate(count=Count("pk")).values_list("count", flat=True)
    )


_unread = Prepared(_unread_of, BigAutoField)


def unread_count(user: Account) -> int:
    """How many notices the account has not read, without kinds it muted. One query."""
    if not isinstance(user, User):
        return 0
    return sum(_unread(user.pk))


def inbox(user: User) -> Inbox:
    """The account's notices. Four queries."""
    muted = set(NoticeMute.objects.filter(user=user).values_list("kind", flat=True))
    rows = Notice.objects.filter(user=user).exclude(kind__in=muted)
    rows = rows.select_related("year__edition", "year__court")
    names = _court_names(user)
    found: dict[str, list[Notice]] = {}
    for row in rows:
        found.setdefault(row.kind, []).append(row)
    groups = tuple(
        NoticeGroup(
            kind.value,
            str(kind.label),
            tuple(_line(row, names) for row in found[kind][:MOST_OF_A_KIND]),
            sum(row.read_at is None for row in found[kind]),
        )
        for kind in NoticeKind
        if kind in found
    )
    order = sorted(groups, key=lambda group: group.lines[0].at, reverse=True)
    return Inbox(
        tuple(sorted(order, key=lambda group: group.unread == 0)),
        tuple(MuteLine(k.value, str(k.label), k.value in muted) for k in NoticeKind),
    )


def find_notice(user: User, pk: int) -> Notice | None:
    """The account's own notice."""
    return Notice.objects.filter(user=user, pk=pk).first()


def _court_names(user: User) -> Mapping[str, str]:
    if user.court is None:
        return {}
    root, language = user.court.root, get_language() or ""
    return {court.code: court.label(language) for court in Court.objects.under(root)}


def _line(row: Notice, names: Mapping[str, str]) -> NoticeLine:
    said = [names.get(str(row.data.get("court", "")), "")]
    month = row.data.get("month")
    if isinstance(month, str) and row.year is not None:
        at = Month.parse(month)
        said.append(month_name(at))
        side = str(row.data.get("side", ""))
        rulebook = rulebook_of(row.year, at)
        if side in {share.side.value for share in rulebook.sides}:
            said.append(side_label(rulebook, side))
    if row.data.get("item"):
        said.append(str(row.data["item"]))
    if row.data.get("number") and row.kind == NoticeKind.ACTION:
        said.append(_("第%(number)s号") % {"number": row.data["number"]})
    said.append(_what(row))
    until = parse_datetime(str(row.data.get("until", ""))) if row.data.get("until") else None
    if until is not None and row.kind in TIMED:
        said.append(moments.until(until))
    return NoticeLine(
        row.pk, " ".join(part for part in said if part), row.address, row.at, row.read_at is None
    )


def _what(row: Notice) -> str:
    """What happened, where the kind alone does not say it."""
    acts = {
        "grant_unlock": _("解锁申请已同意，可以更改"),
        "refuse_unlock": _("解锁申请未获同意"),
        "reopen_return": _("报表已重新打开，可以更改"),
        "decide_case": _("院党组已作决定"),
        "decline_case": _("院党组不同意单独评分"),
        "refuse_case": _("申请未通过核实"),
        "revoke_case": _("决定已撤销"),
        "object_to_entry": _("对代报的数据有异议"),
        "object_to_motion": _("对提出的数据有异议"),
        "object_to_bulletin": _("对通报有异议"),
        "open_action": _("督导已发出，请答复"),
        "return_answer": _("整改答复被退回"),
        "publish_bulletin": _("通报已发布"),
        "approve_restatement": _("已发布的月份有更正"),
    }
    return acts.get(str(row.data.get("act", "")), str(row.get_kind_display()))
