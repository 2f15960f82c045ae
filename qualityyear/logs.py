"""Owns what is written to standard error: one line of JSON each, without anybody's data.

A request that is refused is one line and no traceback; one that failed keeps its own. What a
database says of the values of a row is left out, and so are queries of addresses: neither a score
nor a ballot nor the name of a case ever stands in a log.
"""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from django.conf import settings

# What PostgreSQL adds to a message: the values of the row, the statement with its values.
_VALUES = re.compile(r"^\s*(?:DETAIL|CONTEXT|LINE \d+|QUERY|HINT):.*(?:\n\s*\^)?$", re.MULTILINE)
_QUERY = re.compile(r"\?\S*")
LONGEST = 20_000


class Lines(logging.Formatter):
    """A record as one line of JSON: at, level, logger, message, version, and of requests more."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; of requests also status, method, path and the account's number."""
        said: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_values(record.getMessage()),
            "version": settings.VERSION,
        }
        said |= _of_request(record)
        if record.exc_info and not is_refusal(record):
            said["fault"] = without_values(self.formatException(record.exc_info))[-LONGEST:]
        return json.dumps(said, ensure_ascii=False)


class RefusalsInOneLine(logging.Filter):
    """For plain lines too: a refused request brings no traceback along."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let everything pass; take the traceback of a refusal off."""
        if is_refusal(record):
            record.exc_info = record.exc_text = None
        return True


def is_refusal(record: logging.LogRecord) -> bool:
    """Whether a request was answered with 4xx: nothing is wrong with the server."""
    status = getattr(record, "status_code", 0)
    if record.name.startswith("django.security"):
        return True
    return bool(HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR)


def without_values(text: str) -> str:
    """A text without what a database tells of values, and without queries of addresses."""
    return _VALUES.sub("", text).strip()


def _of_request(record: logging.LogRecord) -> dict[str, Any]:
    found: dict[str, Any] = {}
    status = getattr(record, "status_code", None)
    if status is not None:
        found["status"] = int(status)
    request = getattr(record, "request", None)
    if hasattr(request, "path"):
        found |= {"method": request.method, "path": _QUERY.sub("", request.path)}
        # Who is signed in is known by then or not; nothing is asked for a line of the log.
        user = getattr(request, "_cached_user", None)
        if user is not None and user.pk:
            found["account"] = user.pk
    return found
