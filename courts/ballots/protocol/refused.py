"""How the protocol says no."""

from __future__ import annotations


class ProtocolError(ValueError):
    """Something is not as it must be: `code` names what, the message says it for a log."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
