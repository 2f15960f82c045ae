"""Owns how services say no; what is not allowed to a person is `PermissionDenied`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that stands in the way: the key of the finding or cell, and a sentence."""

    key: str
    sentence: str


class ReturnError(Exception):
    """The act was not done and nothing was written; the message says why in a sentence."""

    def __init__(self, message: str, obstacles: Iterable[Obstacle] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.obstacles = tuple(obstacles)


class RuleError(Exception):
    """A change of rules or targets was not done; the message says why in a sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class StateError(ReturnError):
    """The return is not in a state that allows the act."""


class StaleError(ReturnError):
    """Somebody changed the return since the person looked at it."""


class PortalError(Exception):
    """A portal did not say who somebody is, or names nobody here; the message says what to do."""


class BackupError(Exception):
    """A backup was not made or not brought back; nothing was replaced, the message says why."""
