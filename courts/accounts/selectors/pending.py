"""Owns who gave the right password a moment ago and still owes the second factor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.crypto import constant_time_compare

from courts.models import User


def pending_user(kept: Mapping[str, Any], now: float) -> User | None:
    """The account, unless it is too long ago or its password or state changed since. One query."""
    if not kept or kept["until"] < now:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), kept["hash"]):
        return None
    return user
