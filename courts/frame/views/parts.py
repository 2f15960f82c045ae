"""Owns drawing long parts of pages once, however often they are shown.

Such a part is drawn from the values it is handed and the language alone: no account, no request, no
secret of forms, no moment. They are its key, so whoever is handed the same is shown the same, and
what is kept is never stale.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language


class Drawn:
    """What was drawn last, by keys that name all it was drawn from; `most` things are kept."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, Lock()
        self._kept: OrderedDict[Hashable, SafeString] = OrderedDict()

    def __call__(self, key: Hashable, draw: Callable[[], SafeString]) -> SafeString:
        """What was drawn under the key, else what `draw` draws."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        drawn = draw()
        with self._lock:
            self._kept[key] = drawn
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return drawn

    def clear(self) -> None:
        """Forget everything, as a new process."""
        with self._lock:
            self._kept.clear()


# The halves of the scorecards of a prefecture's courts in a month, and their lines elsewhere.
parts = Drawn(most=512)
# Whole pages take up to some hundred kilobytes each.
bodies = Drawn(most=64)


def kept_part(template: str, **shown: Hashable) -> SafeString:
    """The template drawn from these values alone, in the active language."""
    key = (template, get_language(), tuple(sorted(shown.items(), key=lambda one: one[0])))
    return parts(key, lambda: render_to_string(template, shown))
