"""Owns what waits about accounts: to make, to confirm, to look through, to take over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from courts.accounts.selectors.accounts import makers_of, waiting_proposals
from courts.models import AccountMaking, AccountProposal, AccountReview, Court, Handover, User
from courts.permissions import (
    Role,
    may_confirm_account,
    may_decide_proposal,
    may_review_accounts,
    roles,
)
from courts.years.open_work import Asked, OpenItem, kind

# The list of who may do what is looked through once a year.
REVIEWED_EVERY = timedelta(days=365)


def _named(court: Court | None, name: str) -> str:
    """A person at a court; in the title, since no court awaits what becomes of accounts."""
    return f"{court.label(get_language() or '')} {name}" if court else name


@kind(
    "account_proposal",
    _("待建立的账号"),
    whom=_("系统管理员"),
    order=300,
    page="courts:accounts",
    of_year=False,
    holds_month=False,
)
def proposals(asked: Asked) -> Iterator[OpenItem]:
    """Accounts that offices ask for. One query."""
    if asked.user is not None and Role.ADMIN not in roles(asked.user):
        return

    def write() -> QuerySet[AccountProposal]:
        return waiting_proposals(None).filter(court__in=Court.objects.under(asked.root))

    for row in asked.rows("account proposals", write):
        if asked.user is None or may_decide_proposal(asked.user, row):
            yield OpenItem(
                view="courts:accounts",
                args=(),
                year=None,
                since=row.proposed_at,
                title=_named(row.court, row.name or row.username),
                query="#proposals",
            )


@kind(
    "account_confirm",
    _("待确认的账号"),
    whom=_("系统管理员，建立人除外"),
    order=301,
    page="courts:accounts",
    of_year=False,
    holds_month=False,
)
def to_confirm(asked: Asked) -> Iterator[OpenItem]:
    """Accounts that somebody made or whose password somebody set. Two queries."""
    if asked.user is not None and Role.ADMIN not in roles(asked.user):
        return

    def write() -> QuerySet[AccountMaking]:
        rows = AccountMaking.objects.filter(
            confirmed_at=None,
            account__is_active=True,
            account__court__in=Court.objects.under(asked.root),
        )
        return rows.select_related("account__court__parent")

    found: dict[int, list[AccountMaking]] = {}
    for row in asked.rows("account makings", write):
        found.setdefault(row.account_id, []).append(row)
    own = makers_of(asked.user) if asked.user is not None and found else frozenset()
    for makings in found.values():
        account, makers = makings[0].account, {one.by_id for one in makings}
        if asked.user is None or may_confirm_account(asked.user, account, makers, own):
            yield OpenItem(
                view="courts:account",
                args=(account.pk,),
                year=None,
                since=min(one.at for one in makings),
                title=_named(account.court, str(account)),
            )


@kind(
    "account_review",
    _("待核对的账号与权限"),
    whom=_("审判管理办公室"),
    order=302,
    page="courts:accounts",
    of_year=False,
    holds_month=False,
)
def to_review(asked: Asked) -> Iterator[OpenItem]:
    """Whether a year has passed since somebody looked through who may do what. Two queries."""
    user = asked.user
    if user is not None and not (may_review_accounts(user) and Role.OFFICE in roles(user)):
        return
    reviews = asked.rows(
        "account reviews", lambda: AccountReview.objects.filter(court=asked.root).order_by("-at")
    )
    last = reviews[0].at if reviews else None
    if last is None:

        def write() -> QuerySet[Any, datetime]:
            users = User.objects.filter(court__in=Court.objects.under(asked.root))
            return users.order_by("date_joined").values_list("date_joined", flat=True)[:1]

        last = next(iter(asked.rows("first account", write)), None)
    if last is not None and last + REVIEWED_EVERY <= asked.now:
        yield OpenItem(
            view="courts:accounts",
            args=(),
            year=None,
            since=last + REVIEWED_EVERY,
            title=str(_("谁可以做什么")),
        )


@kind(
    "handover",
    _("待接手的工作"),
    whom=_("接手人"),
    order=303,
    page="courts:home",
    of_year=False,
    holds_month=False,
)
def to_take_over(asked: Asked) -> Iterator[OpenItem]:
    """What somebody who left handed over. One query."""

    def write() -> QuerySet[Handover]:
        rows = Handover.objects.filter(
            taken_at=None,
            successor__isnull=False,
            account__court__in=Court.objects.under(asked.root),
        )
        return rows.select_related("account__court__parent")

    for row in asked.rows("handovers", write):
        if asked.user is None or row.successor_id == asked.user.pk:
            yield OpenItem(
                view="courts:handover",
                args=(row.pk,),
                year=None,
                since=row.at,
                title=_named(row.account.court, str(row.account)),
            )
