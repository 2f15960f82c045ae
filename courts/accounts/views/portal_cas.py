"""Owns asking a portal that speaks CAS who somebody is; nothing else imports this."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import ParseError

import requests
from cas import CASClient
from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, get_random_string
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from courts.frame.refusals import PortalError

STATE = "cas_state"


class Patient(requests.Session):
    """Calls that end: the package sets no limit to how long a portal may take."""

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """Ask, and wait no longer than the setting says."""
        return super().request(*args, **(kwargs | {"timeout": settings.SIGN_ON_SECONDS}))


def _with(back: str, state: str) -> str:
    return f"{back}?{urlencode({'state': state})}"


def _client(back: str) -> Any:
    return CASClient(
        version=settings.CAS_VERSION,
        service_url=back,
        server_url=settings.CAS_URL,
        verify_ssl_certificate=settings.SIGN_ON_CERTIFICATES or True,
        session=Patient(),
    )


def address_of(request: HttpRequest, back: str) -> str:
    """Where to send the reader. The address back holds what this session alone knows."""
    state = request.session[STATE] = get_random_string(32)
    return str(_client(_with(back, state)).get_login_url())


def name_of(request: HttpRequest, back: str) -> str:
    """The name of who came back with a ticket. `PortalError` if there is none."""
    ticket, state = request.GET.get("ticket", ""), request.session.pop(STATE, "")
    is_own = state and constant_time_compare(state, request.GET.get("state", ""))
    if not ticket or not is_own:
        raise PortalError(_("这次登录不是从这里开始的，或者已经用过。请重新登录。"))
    try:
        name, attributes, _granting = _client(_with(back, state)).verify_ticket(ticket)
    except (requests.RequestException, ParseError, IndexError, ValueError, AttributeError) as fault:
        raise PortalError(_("门户没有确认您是谁。请稍后再试，或用本系统的密码登录。")) from fault
    if name and settings.SIGN_ON_NAME:
        name = (attributes or {}).get(settings.SIGN_ON_NAME)
    if not isinstance(name, str) or not name:
        raise PortalError(_("门户没有确认您是谁。请稍后再试，或用本系统的密码登录。"))
    return name
