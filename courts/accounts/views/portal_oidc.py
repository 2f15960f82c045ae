"""Owns asking a portal that speaks OpenID Connect who somebody is; nothing else imports this."""

from __future__ import annotations

from typing import Any

import jwt
import requests
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.utils.translation import gettext as _
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.views import OIDCAuthenticationRequestView

from courts.frame.refusals import PortalError

STATES = "oidc_states"


class Portal(OIDCAuthenticationBackend):
    """The package's exchange of a code for a name, with what the package does not check."""

    def verify_token(self, token: str, **kwargs: Any) -> dict[str, Any]:
        """The claims of a token that was signed by this portal for this server."""
        claims: dict[str, Any] = super().verify_token(token, **kwargs)
        meant = claims.get("aud", [])
        meant = [meant] if isinstance(meant, str) else meant
        if claims.get("iss") != settings.OIDC_ISSUER or settings.OIDC_RP_CLIENT_ID not in meant:
            raise SuspiciousOperation("The token is of another portal or for another server.")
        return claims

    def get_or_create_user(self, access_token: str, id_token: str, payload: dict[str, Any]) -> Any:
        """The name of whom the token speaks. Who they are here is not this module's to say."""
        claims = self.get_userinfo(access_token, id_token, payload)
        if claims.get("sub") != payload.get("sub"):
            # The package would take a SuspiciousOperation for nobody.
            raise ValueError("What the portal says of the account is of another one.")
        return claims.get(settings.SIGN_ON_NAME)


def address_of(request: HttpRequest, back: str) -> str:
    """Where to send the reader; state, nonce and verifier are kept in the session."""
    return str(OIDCAuthenticationRequestView.as_view()(request)["Location"])


def name_of(request: HttpRequest, back: str) -> str:
    """The name of who came back with a code of ours. `PortalError` if there is none."""
    states = request.session.get(STATES) or {}
    kept = states.pop(request.GET.get("state", ""), None)
    # A code is tried once, whatever comes of it.
    request.session[STATES] = states
    if kept is None or "code" not in request.GET:
        raise PortalError(_("这次登录不是从这里开始的，或者已经用过。请重新登录。"))
    try:
        name = Portal().authenticate(
            request, nonce=kept["nonce"], code_verifier=kept.get("code_verifier")
        )
    except (
        requests.RequestException,
        SuspiciousOperation,
        jwt.PyJWTError,
        # What a portal answers that is no JSON, or not of the shape that it has to have.
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
    ) as fault:
        raise PortalError(_("门户没有确认您是谁。请稍后再试，或用本系统的密码登录。")) from fault
    if not isinstance(name, str) or not name:
        raise PortalError(_("门户没有给出您的用户名。请告诉系统管理员。"))
    return name
