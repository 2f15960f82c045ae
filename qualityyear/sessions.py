"""Owns when sessions are written: what a view put in at once, the time last seen once a minute.

A page or a save never fails because the session could not be written after it: what the view
committed is answered as the view answered. Nothing here decides who is signed in.
"""

from __future__ import annotations

import logging
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.db.models import CharField, DateTimeField, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from courts import database_clock
from courts.accounts.selectors.sessions import BEGUN
from courts.frame.views.errors import unavailable
from courts.models.prepared import Prepared, QueryValue

SECONDS_IN_AN_HOUR = 3600

SEEN_AT = "_seen_at"
SECONDS_BETWEEN_WRITES = 60
# A session that ends after a few minutes is written more often, so that it does not end too early.
WRITES_IN_A_SESSION = 10

logger = logging.getLogger(__name__)


def _running(key: QueryValue, now: QueryValue) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


_sessions = Prepared(_running, CharField, DateTimeField)


class SessionStore(DatabaseStore):
    """Django's sessions in the database, which hold when they were written last."""

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        data[SEEN_AT] = database_clock.seconds()
        return super().create_model_instance(data)

    def _get_session_from_db(self) -> Session | None:
        """Django's own query, of which the SQL is made once."""
        found = _sessions(self.session_key, database_clock.now())
        if not found:
            self._session_key = None
            return None
        return found[0]

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing once it began too long ago, however busy it was."""
        data: dict[str, Any] = super().load()
        begun = data.get(BEGUN) or {}
        longest = settings.SESSION_LONGEST_HOURS * SECONDS_IN_AN_HOUR
        if "at" in begun and database_clock.seconds() - begun["at"] > longest:
            self.delete(self.session_key)
            self._session_key = None
            return {}
        return data

    def get_expiry_date(self, **given: Any) -> datetime:
        """When it ends, by the database's clock: every server finds it running as long."""
        return super().get_expiry_date(**{"modification": database_clock.now()} | given)

    def is_stale(self) -> bool:
        """Whether the time last seen is so old that it has to be written again."""
        pause = min(SECONDS_BETWEEN_WRITES, settings.SESSION_COOKIE_AGE // WRITES_IN_A_SESSION)
        return bool(database_clock.seconds() - self.get(SEEN_AT, 0) >= pause)


class SessionMiddleware(DjangoSessionMiddleware):
    """Django's middleware, with an answer that stands when the session cannot be written."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        session = getattr(request, "session", None)
        # After a fault the session may be what could not be read; Django writes none either.
        if session is None or response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return response
        if session.accessed and session.session_key and session.is_stale():
            session.modified = True
        key = session.session_key
        try:
            return super().process_response(request, response)
        except (SessionInterrupted, DatabaseError):
            logger.exception("A session was not written; the answer to %s stands.", request.path)
        if key is not None and key != request.COOKIES.get(settings.SESSION_COOKIE_NAME):
            # The session began in this request, and without it nobody is signed in.
            return unavailable(request)
        patch_vary_headers(response, ("Cookie",))
        return response
