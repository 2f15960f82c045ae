"""Owns extracts that other systems send: received, looked through, moved or discarded by a person.

A token is no person: what a system sent changes nothing and has no mover. A person of the office
looks it through and moves it in their own name, and another person confirms that motion as always.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from courts import database_clock
from courts.extracts.selectors.sent_extracts import sides_of
from courts.extracts.services.extracts import LONGEST_NAME, ExtractResult, import_extract
from courts.extracts.services.motions import move_extract
from courts.files.sheets import SourceFile, as_table, from_kept
from courts.frame import events
from courts.frame.refusals import ReturnError, StateError
from courts.frame.texts import stated
from courts.models import ApiToken, Motion, QualityYear, SentExtract, User
from courts.models.sides import joined
from courts.permissions import Extent, extent_of, may_take_sent

State = SentExtract.State
# Files of one system that wait at a time.
MOST_WAITING = 20


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a file: the row that waits, or the errors that keep it from waiting."""

    sent: SentExtract | None
    result: ExtractResult
    is_new: bool


def receive(*, token: ApiToken, year: QualityYear, file: SourceFile) -> Received:
    """Look a file through and let it wait, in place of what waited under its name.

    A file with errors does not wait. The same bytes again change nothing. `PermissionDenied` for a
    token that sends nothing to this year; `ReturnError` when too many files wait.
    """
    if not token.sides or extent_of(token, year) is not Extent.ALL:
        raise PermissionDenied(_("这个令牌不能报送提取数据。"))
    # The name is shown, and becomes that of the extract.
    name = file.name[-LONGEST_NAME:]
    file = as_table(replace(file, name=name))
    result = import_extract(
        year=year, files=[file], source=token.name, sides=token.sides, apply=False
    )
    if result.errors:
        return Received(None, result, is_new=False)
    with transaction.atomic():
        # Two files of one system follow each other, whatever the server.
        ApiToken.objects.select_for_update(of=("self",)).order_by().get(pk=token.pk)
        waiting = SentExtract.objects.filter(quality_year=year, token=token, state=State.WAITING)
        same = waiting.filter(name=name).first()
        if same is not None and same.sha256 == file.sha256:
            return Received(same, result, is_new=False)
        if same is not None:
            _decide(same, State.REPLACED, None)
        elif waiting.count() >= MOST_WAITING:
            text = _("已有%(count)s份文件在等管理部门查看，请待办理后再报送。")
            raise ReturnError(text % {"count": MOST_WAITING})
        sent = SentExtract(
            quality_year=year,
            token=token,
            side=_side(result),
            name=name,
            content=file.kept,
            sha256=file.sha256,
            figures=len(result.lines),
            sent_at=database_clock.now(),
        )
        try:
            sent.full_clean()
        except ValidationError as error:
            raise ReturnError(" ".join(error.messages)) from error
        sent.save()
        _record("send_extract", sent, None)
    return Received(sent, result, is_new=True)


def look_through(*, user: User, sent: SentExtract) -> ExtractResult:
    """What taking the file in would do now; writes nothing. `PermissionDenied`."""
    _check(user, sent)
    return import_extract(
        year=sent.quality_year,
        files=[file_of(sent)],
        source=sent.token.name,
        actor=user,
        apply=False,
    )


@transaction.atomic
def take(*, user: User, sent: SentExtract) -> Motion:
    """Move what a system sent, as the office's own act; another person confirms the motion.

    `StateError` when it waits no longer; `ReturnError` for a file that has errors by now.
    """
    held = _held(user, sent)
    file = file_of(held)
    result = look_through(user=user, sent=held)
    for problem in result.errors:
        raise ReturnError(str(problem))
    motion = move_extract(
        user=user, year=held.quality_year, file=file, source=held.token.name, result=result
    )
    _decide(held, State.TAKEN, user, motion=motion)
    _record("take_sent_extract", held, user)
    return motion


@transaction.atomic
def discard(*, user: User, sent: SentExtract, reason: str) -> None:
    """Discard a file, with the reason."""
    held = _held(user, sent)
    _decide(held, State.DISCARDED, user, reason=stated(reason, _("请说明放弃的原因。")))
    _record("discard_sent_extract", held, user)


def file_of(sent: SentExtract) -> SourceFile:
    """The file that waits; its table was read when it was sent."""
    return from_kept(sent.name, bytes(sent.content or b""), sent.sha256)


def _check(user: User, sent: SentExtract) -> None:
    if not may_take_sent(user, sent.quality_year, sides_of(sent)):
        raise PermissionDenied(_("只有负责该类报表的管理部门可以办理系统报送的提取数据。"))


def _held(user: User, sent: SentExtract) -> SentExtract:
    """The file, held until the transaction ends, if it still waits. The year is held first."""
    _check(user, sent)
    QualityYear.objects.select_for_update(of=("self",)).order_by().get(pk=sent.quality_year_id)
    rows = SentExtract.objects.select_related("token", "quality_year__court")
    held = rows.select_for_update(of=("self",)).order_by().get(pk=sent.pk)
    if held.state != State.WAITING:
        text = _("这份文件%(state)s，不能再办理。")
        raise StateError(text % {"state": held.get_state_display()})
    return held


def _decide(
    sent: SentExtract,
    state: str,
    user: User | None,
    *,
    motion: Motion | None = None,
    reason: str = "",
) -> None:
    sent.state, sent.content, sent.motion, sent.reason = state, None, motion, reason
    sent.decided_by, sent.decided_at = user, database_clock.now()
    sent.full_clean()
    sent.save()


def _side(result: ExtractResult) -> str:
    return joined(list(dict.fromkeys(line.side for line in result.lines)))


def _record(action: str, sent: SentExtract, user: User | None) -> None:
    events.record(
        action=action,
        year=sent.quality_year,
        actor=user,
        reason=sent.reason,
        data={
            "sent": sent.pk,
            "token": sent.token_id,
            "system": sent.token.name,
            "file": sent.name,
            "sha256": sent.sha256,
            "side": sent.side,
            "figures": sent.figures,
            "motion": sent.motion_id,
        },
    )
