"""Owns the second factor of accounts: setting it up, asking for it, ending it.

The codes are those of RFC 6238 with SHA-1, six digits and thirty seconds, which every program for
them knows. One of the half minute before or after counts too, and none counts twice.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
import struct
from hashlib import sha256

from django.conf import settings
from django.db import transaction

from courts import database_clock
from courts.frame import events
from courts.models import RecoveryCode, SecondFactor, User

STEP_SECONDS = 30
DIGITS = 6
NEAR = 1
CODES = 10
# Without signs that are taken for each other on paper.
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def has_factor(user: User) -> bool:
    """Whether the account is asked for a second factor. One query."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


@transaction.atomic
def begun(user: User, *, is_new: bool) -> SecondFactor:
    """A factor that does not count yet; a new one in place of another that was only begun."""
    if is_new:
        SecondFactor.objects.filter(user=user, confirmed_at__isnull=True).delete()
    return SecondFactor.objects.get_or_create(user=user, defaults={"nonce": secrets.token_hex(32)})[
        0
    ]


@transaction.atomic
def confirm(user: User, code: str) -> list[str]:
    """Let a begun factor count; its spare codes, shown this once. Empty for a wrong code."""
    factor = SecondFactor.objects.select_for_update().filter(user=user).first()
    if factor is None or factor.confirmed_at is not None or not _use(factor, code):
        return []
    factor.confirmed_at = database_clock.now()
    factor.save(update_fields=["confirmed_at"])
    codes = ["".join(secrets.choice(_SIGNS) for _sign in range(10)) for _code in range(CODES)]
    RecoveryCode.objects.bulk_create(
        [RecoveryCode(factor=factor, digest=_digest(one)) for one in codes]
    )
    events.record(action="begin_second_factor", actor=user, data={"account": user.username})
    return [f"{one[:5]}-{one[5:]}" for one in codes]


@transaction.atomic
def passes(user: User, text: str) -> bool:
    """Whether a code or a spare code of the account was given; either counts once."""
    factor = SecondFactor.objects.select_for_update().filter(user=user).first()
    if factor is None or factor.confirmed_at is None:
        return False
    if _use(factor, text):
        return True
    spare = RecoveryCode.objects.filter(factor=factor, digest=_digest(text))
    return bool(spare.delete()[0])


@transaction.atomic
def end(user: User, actor: User | None) -> bool:
    """Ask the account for no second factor any more; whether it had one."""
    count, _kinds = SecondFactor.objects.filter(user=user).delete()
    if count:
        events.record(action="end_second_factor", actor=actor, data={"account": user.username})
    return bool(count)


def key_of(factor: SecondFactor) -> str:
    """The key as a program for codes takes it: base32 without padding."""
    own = hmac.new(settings.SECRET_KEY.encode(), f"totp {factor.nonce}".encode(), sha256)
    return base64.b32encode(own.digest()[:20]).decode()


def code_at(key: str, step: int) -> str:
    """The code of a key at a half minute, counted from 1970 (RFC 6238, 4226)."""
    digest = hmac.new(base64.b32decode(key), struct.pack(">Q", step), "sha1").digest()
    place = digest[-1] & 15
    number = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def _use(factor: SecondFactor, text: str) -> bool:
    given, now = re.sub(r"\s", "", text), database_clock.seconds() // STEP_SECONDS
    for step in range(now - NEAR, now + NEAR + 1):
        is_same = hmac.compare_digest(code_at(key_of(factor), step).encode(), given.encode())
        if is_same and step > factor.last_step:
            factor.last_step = step
            factor.save(update_fields=["last_step"])
            return True
    return False


def _digest(text: str) -> str:
    plain = re.sub(r"[^0-9A-Z]", "", text.upper())
    return sha256(f"{settings.SECRET_KEY} {plain}".encode()).hexdigest()
