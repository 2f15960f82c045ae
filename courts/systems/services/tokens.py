"""Owns tokens of other systems: made, shown once, counted, revoked; and the log of their calls.

A secret is 256 random bits, so that its plain SHA-256 keeps it: nobody guesses it from there. The
calls of a minute are counted in the row of the token, which two servers share.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from courts import database_clock
from courts.frame import events
from courts.frame.refusals import ReturnError, StateError
from courts.frame.texts import stated
from courts.models import ApiCall, ApiToken, Court, User
from courts.permissions import may_keep_token, may_keep_tokens, own_root

PREFIX = "qy_"
SECRET_BYTES = 32
HINT_SIGNS = 8
WINDOW = timedelta(minutes=1)
LONGEST_PATH = 200


@dataclass(frozen=True, slots=True)
class TokenValues:
    """What a system shall be allowed: the fields of `ApiToken` with these names."""

    court: Court
    name: str
    sees: str
    reads: bool
    reads_current: bool
    sends: str
    per_minute: int
    expires_on: date


@dataclass(frozen=True, slots=True)
class Turn:
    """Whether a call may go on; else in how many seconds. `is_first_over` of those refused."""

    is_allowed: bool
    seconds: int = 0
    is_first_over: bool = False


@transaction.atomic
def make_token(*, user: User, values: TokenValues) -> tuple[ApiToken, str]:
    """A new token and its secret, which is kept nowhere.

    `PermissionDenied` for whoever keeps no tokens, or for a court of another prefecture;
    `ReturnError` for a scope that a token cannot have, or a day that is over.
    """
    root = own_root(user)
    if not may_keep_tokens(user) or root is None or values.court.root.pk != root.pk:
        raise PermissionDenied(_("只有系统管理员可以建立本地区的接口令牌。"))
    if values.sees == ApiToken.Sees.PREFECTURE and values.court.pk != root.pk:
        raise ReturnError(_("全地区的令牌只能由中级法院的系统使用。"))
    if values.expires_on <= database_clock.today():
        raise ReturnError(_("有效期须在今天以后。"))
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    token = ApiToken(
        court=values.court,
        name=values.name.strip(),
        sees=values.sees,
        reads=values.reads,
        reads_current=values.reads_current,
        sends=values.sends,
        per_minute=values.per_minute,
        expires_on=values.expires_on,
        sha256=hash_of(secret),
        hint=secret[: len(PREFIX) + HINT_SIGNS],
        made_by=user,
        made_at=database_clock.now(),
    )
    try:
        token.full_clean()
    except ValidationError as error:
        raise ReturnError(" ".join(error.messages)) from error
    token.save()
    _record("make_api_token", token, user, "")
    return token, secret


@transaction.atomic
def revoke_token(*, user: User, token: int, reason: str) -> ApiToken:
    """End a token at once, with the reason; what it sent and read stays in the log.

    Raises `PermissionDenied` and `StateError`.
    """
    held = (
        ApiToken.objects.select_for_update(of=("self",))
        .select_related("court__parent")
        .filter(pk=token)
        .first()
    )
    if held is None or not may_keep_token(user, held):
        raise PermissionDenied(_("只有系统管理员可以停用本地区的接口令牌。"))
    if held.revoked_at is not None:
        raise StateError(_("这个令牌已经停用。"))
    reason = stated(reason, _("请说明停用的原因。"))
    held.revoked_by, held.revoked_at = user, database_clock.now()
    held.save(update_fields=["revoked_by", "revoked_at"])
    _record("revoke_api_token", held, user, reason)
    return held


def bearer(header: str) -> ApiToken | None:
    """The token of an `Authorization` header, unless it is unknown, revoked or over. One query."""
    scheme, _blank, secret = header.partition(" ")
    if scheme.casefold() != "bearer" or not secret.startswith(PREFIX):
        return None
    return (
        ApiToken.objects.select_related("court__parent")
        .filter(
            sha256=hash_of(secret.strip()),
            revoked_at__isnull=True,
            expires_on__gte=database_clock.today(),
        )
        .first()
    )


@transaction.atomic
def take_turn(token: ApiToken) -> Turn:
    """Count one call: at most `per_minute` in a window are allowed, on all servers together.

    Two queries under the token's own lock.
    """
    held = ApiToken.objects.select_for_update(of=("self",)).order_by().get(pk=token.pk)
    now = database_clock.now()
    if held.window_at is None or not timedelta() <= now - held.window_at < WINDOW:
        held.window_at, held.window_calls = now, 0
    held.window_calls += 1
    held.last_used_at = now
    held.save(update_fields=["window_at", "window_calls", "last_used_at"])
    over = held.window_calls - held.per_minute
    if over <= 0:
        return Turn(is_allowed=True)
    left = held.window_at + WINDOW - now
    return Turn(is_allowed=False, seconds=int(left.total_seconds()) + 1, is_first_over=over == 1)


def record_call(*, token: ApiToken, method: str, path: str, status: int) -> None:
    """Write one call down: never its query, nor anything of the answer."""
    ApiCall.objects.create(
        token=token, at=database_clock.now(), method=method, path=path[:LONGEST_PATH], status=status
    )


def hash_of(secret: str) -> str:
    """What is kept of a secret."""
    return sha256(secret.encode()).hexdigest()


def _record(action: str, token: ApiToken, user: User, reason: str) -> None:
    events.record(
        action=action,
        actor=user,
        reason=reason,
        data={
            "token": token.pk,
            "system": token.name,
            "court": token.court.code,
            "sees": token.sees,
            "reads": token.reads,
            "reads_current": token.reads_current,
            "sends": token.sends,
            "per_minute": token.per_minute,
            "expires_on": token.expires_on,
        },
    )
