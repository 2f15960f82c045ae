"""Owns finding the year, register and line of an address: 404 for none, 403 for not one's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied

from courts.frame.views.errors import MissingError, RefusedError
from courts.registers.selectors.described import NoRegisterError
from courts.years.selectors.slots import NoSlotError

Answer = TypeVar("Answer")


def found(ask: Callable[..., Answer], *args: Any, **kwargs: Any) -> Answer:
    """What a selector or service answers, its refusals as answers to the request."""
    try:
        return ask(*args, **kwargs)
    except (NoRegisterError, NoSlotError) as error:
        raise MissingError(str(error)) from error
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error


def month_in(text: str) -> int | None:
    """A month's number from a search, None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and 1 <= int(text) <= 12 else None
