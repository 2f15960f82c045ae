"""Owns the page between a draft and its publication: what is missing, who signs, who publishes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from courts.bulletins.selectors.readiness import SigningObstacle, firsts_of, obstacles
from courts.consultations.selectors.consultations import consultation_of
from courts.models import Bulletin, QualityYear, User
from courts.permissions import Account, may_issue, may_view_issuing, office_label, sign_sides
from courts.wording.explanations import side_label
from courts.wording.months import month_name
from courts.years.selectors.years import rulebook_of
from scoring.facts import Month

State = Bulletin.State


class NoIssueError(LookupError):
    """The year has no such issue for the account."""


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One side's signature: whose office, given or not."""

    side: str
    side_label: str
    office: str
    by: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class IssuingPage:
    """An issue on its way: its obstacles, signatures, and what the account may do now."""

    pk: int
    title: str
    month: Month
    month_name: str
    state: str
    state_label: str
    version: int
    sha256: str
    is_demo: bool
    editors: tuple[str, ...]
    obstacles: tuple[SigningObstacle, ...]
    signatures: tuple[SignatureLine, ...]
    consultation: int | None
    restates: int | None
    may_sign: bool
    may_publish: bool
    may_withdraw: bool
    why_not: str
    next_step: str


def find_issue(user: Account, year: QualityYear, pk: int) -> Bulletin:
    """The issue; `NoIssueError` for accounts that see no drafts."""
    row = (
        Bulletin.objects.filter(quality_year=year, pk=pk)
        .select_related(
            "quality_year__court",
            "quality_year__edition",
            "snapshot__quality_year__court",
        )
        .first()
    )
    if row is None or not may_view_issuing(user, year):
        raise NoIssueError(_("没有这份通报。请从列表里重新打开。"))
    return row


def issuing_page(user: Account, row: Bulletin) -> IssuingPage:
    """What the page of an issue on its way shows. A constant number of queries."""
    firsts = firsts_of(row)
    given = {one.side: one for one in row.signatures.select_related("by")}
    signed = frozenset(given)
    found = obstacles(row) if row.state in (State.DRAFT, State.SIGNED) else ()
    own = sign_sides(user, row, firsts)
    signs = row.state == State.DRAFT and bool(own - signed) and not found
    publishes = row.state == State.SIGNED and bool(own) and not found
    asked = consultation_of(row.snapshot)
    year = row.quality_year
    month = Month(year.year, row.month)
    rulebook = rulebook_of(year, month)
    withdrawable = row.state in (State.DRAFT, State.SIGNED) or (
        row.state == State.PUBLISHED and row.snapshot.is_demo
    )
    return IssuingPage(
        pk=row.pk,
        title=row.title,
        month=month,
        month_name=month_name(month),
        state=row.state,
        state_label=str(row.get_state_display()),
        version=row.version,
        sha256=row.snapshot.sha256,
        is_demo=row.snapshot.is_demo,
        editors=tuple(str(user) for user in User.objects.filter(pk__in=firsts).order_by("pk")),
        obstacles=found,
        signatures=tuple(
            SignatureLine(
                side,
                side_label(rulebook, side),
                office_label(rulebook, side),
                str(given[side].by) if side in given else "",
                given[side].at if side in given else None,
            )
            for side in row.snapshot.side_codes
        ),
        consultation=asked.pk if asked else None,
        restates=row.restates_id,
        may_sign=signs,
        may_publish=publishes,
        may_withdraw=withdrawable and may_issue(user, row),
        why_not=_why_not(user, row, bool(own)),
        next_step=_next_step(row, bool(found)),
    )


def _why_not(user: Account, row: Bulletin, own: bool) -> str:
    if own or row.state not in (State.DRAFT, State.SIGNED):
        return ""
    if may_issue(user, row):
        return _("您编辑过这份通报或者为这个月关过账，须由另一人签发和发布。")
    return _("由负责该类数据的管理部门签发和发布。")


def _next_step(row: Bulletin, waits: bool) -> str:
    if row.state == State.PUBLISHED:
        return _("已经发布，不能再改；确需更改的，通过更正办理。")
    if row.state == State.WITHDRAWN:
        return _("已经撤回。")
    if waits:
        return _("先完成下列事项，再由没有参与编辑和关账的人签发。")
    if row.state == State.SIGNED:
        return _("各部门都已签发，可以发布。")
    return _("可以签发：由所涉每个部门没有参与编辑和关账的人各签一次。")
