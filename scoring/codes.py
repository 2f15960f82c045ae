"""Codes that a rulebook chooses: of its sides, of its levels. Equal ones are one object.

So they are compared by identity, are texts wherever a text is wanted, and stay what they are when
they are stored and read again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, TypeVar, cast

C = TypeVar("C", bound="Code")


class CodeType(type):
    """A class of codes, which can be gone through for those that are usual."""

    def __iter__(cls: type[C]) -> Iterator[C]:  # type: ignore[misc]  # as `enum` types its own
        return iter([cls(text) for text in cls.usual])

    def __len__(cls) -> int:
        return len(cast("type[Code]", cls).usual)


class Code(str, metaclass=CodeType):
    """One code; `usual` are those of an edition that names none."""

    usual: ClassVar[tuple[str, ...]] = ()
    _known: ClassVar[dict[str, Any]]
    __slots__ = ()

    def __init_subclass__(cls) -> None:
        cls._known = {}

    def __new__(cls: type[C], text: str) -> C:
        found = cls._known.get(text)
        if found is None:
            found = cls._known.setdefault(str(text), super().__new__(cls, text))
        return cast("C", found)

    @property
    def value(self) -> str:
        """The text itself."""
        return str(self)

    def __reduce__(self) -> tuple[type[Code], tuple[str]]:
        return type(self), (str(self),)
