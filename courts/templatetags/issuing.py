"""Owns what a form of answers shows: what was stored, or what was sent and could not be taken."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.filter
def chosen(one: Any, typed: Any) -> str:
    """The verdict of a line: as it was sent last, else as it is stored."""
    return str(typed.get(f"verdict:{one.line.key}", one.verdict))


@register.filter
def noted(one: Any, typed: Any) -> str:
    """The note of a line: as it was sent last, else as it is stored."""
    return str(typed.get(f"note:{one.line.key}", one.note))
