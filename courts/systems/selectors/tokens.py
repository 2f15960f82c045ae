"""Owns which systems may ask this server, what they asked, and what they sent that waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts import database_clock
from courts.models import ApiCall, ApiToken, Court, QualityYear, SentExtract
from courts.permissions import Account, may_keep_token, own_root
from courts.years.selectors.side_names import SideNames

LATEST_CALLS = 100


class NoTokenError(LookupError):
    """There is no such token, or it is not for the account."""


@dataclass(frozen=True, slots=True)
class TokenLine:
    """One token as pages show it; `state` is its condition today in words."""

    pk: int
    name: str
    court: str
    hint: str
    scopes: tuple[str, ...]
    per_minute: int
    made_by: str
    made_at: datetime
    expires_on: date
    last_used_at: datetime | None
    revoked_by: str
    revoked_at: datetime | None
    state: str
    is_usable: bool


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call as it was written down."""

    at: datetime
    method: str
    path: str
    status: int


@dataclass(frozen=True, slots=True)
class TokenPage:
    """One token and its last calls."""

    token: TokenLine
    calls: tuple[CallLine, ...]


def token_lines(user: Account) -> tuple[TokenLine, ...]:
    """The tokens of the account's prefecture, the newest first. One query."""
    root = own_root(user)
    if root is None:
        return ()
    rows = ApiToken.objects.filter(court__in=Court.objects.under(root)).select_related(
        "court", "made_by", "revoked_by"
    )
    return tuple(_line(row) for row in rows)


def token_page(user: Account, pk: int) -> TokenPage:
    """One token with its last calls. Two queries. `NoTokenError`."""
    row = (
        ApiToken.objects.filter(pk=pk)
        .select_related("court__parent", "made_by", "revoked_by")
        .first()
    )
    if row is None or not may_keep_token(user, row):
        raise NoTokenError(_("没有这个接口令牌。请从列表里重新打开。"))
    calls = ApiCall.objects.filter(token=row)[:LATEST_CALLS]
    return TokenPage(
        _line(row), tuple(CallLine(one.at, one.method, one.path, one.status) for one in calls)
    )


def court_choices(user: Account) -> tuple[tuple[str, str], ...]:
    """The courts whose systems may get a token from the account, by code and name. One query."""
    root = own_root(user)
    if root is None:
        return ()
    return tuple((court.code, court.label(_language())) for court in Court.objects.under(root))


def court_of_choice(user: Account, code: str) -> Court | None:
    """The court of that code in the account's prefecture. One query."""
    root = own_root(user)
    if root is None:
        return None
    return Court.objects.under(root).select_related("parent").filter(code=code).first()


def find_sent(year: QualityYear, pk: int) -> SentExtract | None:
    """One file that waits, with its bytes. One query."""
    rows = SentExtract.objects.filter(quality_year=year, pk=pk, state=SentExtract.State.WAITING)
    return rows.select_related("token", "quality_year__court", "quality_year__edition").first()


def sends_choices(user: Account) -> list[tuple[str, str]]:
    """What extracts a system may send: none, those of a side, those of all."""
    root = own_root(user)
    found = [] if root is None else SideNames(_language()).choices(root)
    return [("", _("不报送")), *found]


def _line(row: ApiToken) -> TokenLine:
    is_over = row.expires_on < database_clock.today()
    if row.revoked_at is not None:
        state = _("已停用")
    else:
        state = _("已过期") if is_over else _("可用")
    return TokenLine(
        pk=row.pk,
        name=row.name,
        court=row.court.label(_language()),
        hint=row.hint,
        scopes=tuple(_scopes(row)),
        per_minute=row.per_minute,
        made_by=str(row.made_by),
        made_at=row.made_at,
        expires_on=row.expires_on,
        last_used_at=row.last_used_at,
        revoked_by=str(row.revoked_by or ""),
        revoked_at=row.revoked_at,
        state=state,
        is_usable=row.revoked_at is None and not is_over,
    )


def _scopes(row: ApiToken) -> list[str]:
    """What the token allows, in words."""
    found = [str(row.get_sees_display())]
    if row.reads_current:
        found.append(_("读取已通报和未通报月份"))
    elif row.reads:
        found.append(_("读取已通报月份"))
    if row.sends:
        found.append(
            _("报送提取数据：%(side)s")
            % {"side": SideNames(_language()).listed(row.court, row.sends)}
        )
    return found


def _language() -> str:
    return get_language() or ""
