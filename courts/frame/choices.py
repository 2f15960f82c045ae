"""Owns one choice of a list above a page: its value, what it is called, whether it is taken."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    is_current: bool = False
