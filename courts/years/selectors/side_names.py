"""Owns the names of sides where no rulebook is at hand: in lists of several prefectures."""

from __future__ import annotations

from courts.frame.listing import enumerated
from courts.models import Court, SideRole
from courts.models.sides import joined, parted


class SideNames:
    """What prefectures call their sides, in one language; read once, with one query."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._names: dict[int, dict[str, str]] | None = None

    def of(self, court: Court, side: str) -> str:
        """The name in the court's prefecture; the code where it has no such side."""
        return self._of_root(court.root_key).get(side, side)

    def listed(self, court: Court, sides: str) -> str:
        """The names of several sides as a column holds them."""
        return enumerated(self.of(court, side) for side in parted(sides))

    def single(self, root: Court | None) -> list[tuple[str, str]]:
        """Each side of a prefecture, or of all."""
        if root is not None:
            return list(self._of_root(root.pk).items())
        self._of_root(0)
        found: dict[str, str] = {}
        for names in (self._names or {}).values():
            found |= names
        return list(found.items())

    def choices(self, root: Court) -> list[tuple[str, str]]:
        """Each side of a prefecture, and all of them together where there are more."""
        names = self._of_root(root.pk)
        found = list(names.items())
        if len(names) > 1:
            found.append((joined(list(names)), enumerated(names.values())))
        return found

    def _of_root(self, root: int) -> dict[str, str]:
        if self._names is None:
            self._names = {}
            rows = SideRole.objects.filter(part=SideRole.Part.DESK).order_by("pk")
            for row in rows:
                names = self._names.setdefault(row.court_id, {})
                names[row.side] = row.label(self._language)
        return self._names.get(root, {})
