"""Owns drawing long parts of pages once, however often they are shown.

Such a part is drawn from the values it is handed and the language alone: no account, no request, no
secret of forms, no moment. They are its key, so whoever is handed the same is shown the same, and
what is kept is never stale.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

# The halves of the scorecards of a prefecture's courts in a month, and their lines elsewhere.
MOST = 256


def kept_part(template: str, **shown: Hashable) -> SafeString:
    """The template drawn from these values alone, in the active language."""
    return _drawn(template, get_language(), tuple(sorted(shown.items(), key=lambda one: one[0])))


@lru_cache(maxsize=MOST)
def _drawn(
    template: str, _language: str | None, shown: tuple[tuple[str, Hashable], ...]
) -> SafeString:
    return render_to_string(template, dict(shown))
