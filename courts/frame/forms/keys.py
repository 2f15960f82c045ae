"""Owns reading the key of a row from a form: whatever is no key names nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# No table here will ever have more rows; a longer text is no key that a page of ours wrote.
LONGEST = 18


def key_of(text: str) -> int:
    """The key that a text names; 0, which no row has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else 0


def given_version(data: Mapping[str, Any]) -> int:
    """The version a page was drawn with; `ValidationError` when there is none."""
    return _version(str(data.get("version", "")))


def _version(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValidationError(_("没有读懂发来的数据，请刷新页面后再试。"))
    return int(text)
