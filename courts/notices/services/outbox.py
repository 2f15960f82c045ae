"""Owns sending notices outside, by e-mail and to one address, if the settings file names any.

What leaves says of which kind it is and where to sign in: no court, no month, no name of anybody,
no figure. A failure is tried again, later each time, and given up after a while.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from http.client import HTTPException
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from courts.models import OutboxMessage

FIRST_PAUSE = timedelta(minutes=1)
MOST_TRIES = 10
# So many in one run of housekeeping, so that a dead gateway does not hold the others up.
MOST_AT_ONCE = 50
SECONDS = 5
logger = logging.getLogger(__name__)
State = OutboxMessage.State


class _StaysThere(HTTPRedirectHandler):
    """The address is the one of the settings file, wherever it would send us."""

    def redirect_request(self, *where: object) -> None:
        return None


def send_waiting(now: datetime) -> int:
    """Send what is due; how many left. Stops at the first that failed of each channel."""
    sent, broken = 0, set()
    due = OutboxMessage.objects.filter(state=State.WAITING, next_at__lte=now).order_by("pk")
    for pk, channel in list(due.values_list("pk", "channel")[:MOST_AT_ONCE]):
        if channel in broken:
            continue
        if _send(pk, now):
            sent += 1
        else:
            broken.add(channel)
    return sent


def _send(pk: int, now: datetime) -> bool:
    """Whether the message left. No lock is held meanwhile: what is being sent is due again."""
    row = _taken(pk, now)
    if row is None:
        return True
    try:
        _deliver(row)
    except (OSError, HTTPException, ValueError) as error:
        # Its kind alone: a gateway's answer may hold what it was sent.
        row.error = type(error).__name__
        row.state = State.GIVEN_UP if row.tries >= MOST_TRIES else State.WAITING
        logger.warning("A notice was not sent by %s: %s", row.channel, row.error)
    else:
        row.state, row.error = State.SENT, ""
    row.save(update_fields=["state", "error"])
    return row.state == State.SENT


@transaction.atomic
def _taken(pk: int, now: datetime) -> OutboxMessage | None:
    """The message, if no other run took it; it is due again after a pause that doubles."""
    rows = OutboxMessage.objects.select_for_update(of=("self",)).filter(pk=pk, state=State.WAITING)
    row = rows.filter(next_at__lte=now).select_related("notice__user").first()
    if row is not None:
        row.next_at = now + FIRST_PAUSE * 2**row.tries
        row.tries += 1
        row.save(update_fields=["next_at", "tries"])
    return row


def words(row: OutboxMessage) -> Mapping[str, str]:
    """What may leave of a notice: its kind in the server's language, where to sign in, for whom."""
    with override(settings.LANGUAGE_CODE):
        kind = str(row.notice.get_kind_display())
        text = _("审判执行质量年：有一条新提醒（%(kind)s），请登录查看。") % {"kind": kind}
    return {
        "text": text,
        "kind": row.notice.kind,
        "account": row.notice.user.username,
        "address": settings.NOTICES_ADDRESS,
    }


def _deliver(row: OutboxMessage) -> None:
    said = words(row)
    if row.channel == OutboxMessage.Channel.EMAIL:
        body = "\n".join(part for part in (said["text"], said["address"]) if part)
        send_mail(said["text"], body, None, [row.notice.user.email])
        return
    _post(filled(settings.NOTICES_WEBHOOK_JSON, said))


def filled(template: str, said: Mapping[str, str]) -> bytes:
    """The template of JSON with `{text}`, `{kind}`, `{account}` and `{address}` put into its texts.

    `ValueError` when the template is no JSON.
    """

    def fill(part: object) -> object:
        if isinstance(part, str):
            for name, value in said.items():
                part = part.replace("{" + name + "}", value)
            return part
        if isinstance(part, dict):
            return {key: fill(value) for key, value in part.items()}
        return [fill(one) for one in part] if isinstance(part, list) else part

    return json.dumps(fill(json.loads(template)), ensure_ascii=False).encode()


def _post(body: bytes) -> None:
    """Send JSON to the one address; `OSError` unless it answers that it took it."""
    address = settings.NOTICES_WEBHOOK
    if urlsplit(address).scheme not in ("http", "https"):
        raise ValueError("The address of notices is none of http or https.")
    request = Request(  # noqa: S310  the scheme is checked above
        address, data=body, headers={"Content-Type": "application/json; charset=utf-8"}
    )
    # Whatever is no success is raised.
    build_opener(_StaysThere).open(request, timeout=SECONDS).close()
