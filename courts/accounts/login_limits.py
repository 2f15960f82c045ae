"""Owns how wrong passwords slow logging in down: by account, by address, and for many accounts.

Nobody is shut out for long by what a stranger does. Past a limit the next try has to wait, twice as
long with every further failure, and a browser in which the account was signed in before waits for
its own failures alone. django-axes counts the failures; what follows from them is decided here, in
its handler, so that another counter can take its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from courts import database_clock
from courts.models import User

FIRST_WAIT = timedelta(seconds=5)
# A stranger who goes on trying makes an account wait no longer than that.
MOST_FOR_ACCOUNT = timedelta(minutes=1)
MOST_FOR_ADDRESS = timedelta(minutes=5)
# An address is a whole office at times: so many times the tries of one account.
PEOPLE_AT_AN_ADDRESS = 5
# Sent to the login page alone, which the stricter prefix does not allow.
DEVICE_COOKIE = "__Secure-known_device" if settings.HTTPS else "known_device"
DEVICE_SALT = "courts.accounts.device"
DEVICE_DAYS = 366
# A desk's computer is used by a few people.
MOST_ON_A_DEVICE = 12


@dataclass(frozen=True, slots=True)
class Count:
    """So many failures, the last when, and from how many on there is a wait up to how long."""

    failures: int
    last: datetime | None
    limit: int
    most: timedelta

    def wait(self, now: datetime) -> timedelta:
        """How long the next try has to wait."""
        over = self.failures - self.limit
        if over < 0 or self.last is None:
            return timedelta()
        pause = min(FIRST_WAIT * 2 ** min(over, 16), self.most)
        return max(self.last + pause - now, timedelta())


class Handler(AxesDatabaseHandler):
    """Counts as django-axes does; refuses a try while it has to wait."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        """Whether this try has to wait."""
        return bool(wait_of(request, credentials))

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: Any = None, **given: Any
    ) -> None:
        """Count the failure, at the moment of the database's clock and not of this server's."""
        is_counted = request is not None and not request.axes_locked_out
        moment = database_clock.now()
        if request is not None:
            request.axes_attempt_time = moment
        super().user_login_failed(sender, credentials, request, **given)
        if is_counted:
            # A new row takes this server's own moment, whatever it is given.
            AccessAttempt.objects.filter(
                username=credentials.get("username"),
                ip_address=request.axes_ip_address,
                user_agent=request.axes_user_agent,
                failures_since_start=1,
            ).update(attempt_time=moment)

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """The limit while the next try has to wait, none otherwise."""
        return settings.AXES_FAILURE_LIMIT if self.is_locked(request, credentials) else 0


def wait_of(request: HttpRequest, credentials: dict[str, Any] | None) -> timedelta:
    """How long this account has to wait at this browser and address. Three queries at most."""
    name = str((credentials or {}).get("username") or request.POST.get("username") or "")
    now = database_clock.now()
    return max((one.wait(now) for one in _counts(request, name, now)), default=timedelta())


def _counts(request: HttpRequest, name: str, now: datetime) -> Iterator[Count]:
    recent = AccessAttempt.objects.filter(attempt_time__gte=now - settings.AXES_COOLOFF_TIME)
    address, tries = address_of(request), settings.AXES_FAILURE_LIMIT
    own = recent.filter(username=name, ip_address=address)
    if is_known_device(request, name):
        agent = request.META.get("HTTP_USER_AGENT", "<unknown>")[:255]
        yield _counted(own.filter(user_agent=agent), tries, settings.AXES_COOLOFF_TIME)
        return
    if is_true(request):
        yield _counted(own, tries, settings.AXES_COOLOFF_TIME)
        there = list(recent.filter(ip_address=address))
        yield _sum(there, tries * PEOPLE_AT_AN_ADDRESS, MOST_FOR_ADDRESS)
        # One password tried on many accounts: each of them counts once, however often.
        names = len({one.username for one in there})
        last = max((one.attempt_time for one in there), default=None)
        yield Count(names, last, tries, MOST_FOR_ADDRESS)
    yield _counted(recent.filter(username=name), tries, MOST_FOR_ACCOUNT)


def _counted(rows: Any, limit: int, most: timedelta) -> Count:
    return _sum(list(rows), limit, most)


def _sum(rows: Sequence[AccessAttempt], limit: int, most: timedelta) -> Count:
    failures = sum(one.failures_since_start for one in rows)
    return Count(failures, max((one.attempt_time for one in rows), default=None), limit, most)


# --- Addresses -------------------------------------------------------------------------------


def address_of(request: HttpRequest) -> str:
    """Where a request really comes from: what a named proxy says, or who is connected.

    Of `X-Forwarded-For` the last address counts that no named proxy added for another one: what
    stands before it a browser may have written itself.
    """
    own = str(request.META.get("REMOTE_ADDR", ""))
    if not _is_proxy(own):
        return own
    for text in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        found = text.strip()
        if not _is_address(found):
            break
        if not _is_proxy(found):
            return found
    return own


def is_true(request: HttpRequest) -> bool:
    """Whether the address is one of a browser's: behind a proxy that is not named all are alike."""
    address = address_of(request)
    if not _is_address(address) or _is_proxy(address):
        return False
    is_named = bool(settings.TRUSTED_PROXIES)
    return is_named or not (ip_address(address).is_loopback or settings.BEHIND_TLS_PROXY)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_proxy(text: str) -> bool:
    return _is_address(text) and any(
        ip_address(text) in ip_network(one, strict=False) for one in settings.TRUSTED_PROXIES
    )


# --- Known devices ---------------------------------------------------------------------------


def remember_device(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Note in the browser that this account was signed in there."""
    keys = [user.pk, *(key for key in _known(request) if key != user.pk)][:MOST_ON_A_DEVICE]
    response.set_cookie(
        DEVICE_COOKIE,
        signing.dumps(keys, salt=DEVICE_SALT),
        max_age=DEVICE_DAYS * 24 * 60 * 60,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
        path="/login/",
    )


def is_known_device(request: HttpRequest, name: str) -> bool:
    """Whether the account of that name was signed in in this browser within a year."""
    known = _known(request)
    return bool(known) and User.objects.filter(pk__in=known, username=name).exists()


def _known(request: HttpRequest) -> list[int]:
    try:
        found = signing.loads(
            request.COOKIES.get(DEVICE_COOKIE, ""),
            salt=DEVICE_SALT,
            max_age=timedelta(days=DEVICE_DAYS),
        )
    except signing.BadSignature:
        return []
    return [key for key in found if isinstance(key, int)]
