"""Owns bringing a Word template, and taking it into use as a second person."""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from courts import database_clock
from courts.bulletins.template_trials import faults_of, sentence
from courts.frame import events
from courts.frame.refusals import ReturnError, StaleError
from courts.frame.texts import stated
from courts.models import QualityYear, User, WordTemplate
from courts.permissions import may_bring_template, may_use_template

State = WordTemplate.State
ACTION = "word_template"


class FaultyTemplateError(Exception):
    """A file that may not become a template; `faults` say in sentences why."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


def bring_template(
    *, user: User, year: QualityYear, name: str, content: bytes, reason: str
) -> WordTemplate:
    """Try a template out and let it wait for a second person.

    `FaultyTemplateError` with every fault; `ReturnError` while another one waits.
    Raises `PermissionDenied`.
    """
    if not may_bring_template(user, year):
        raise PermissionDenied(_("只有各管理部门可以上传模板。"))
    reason = stated(reason, _("请说明原因。"))
    check_template(content)
    row = WordTemplate(
        quality_year=year,
        name=PurePath(name).name[-200:],
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        reason=reason,
        uploaded_by=user,
        uploaded_at=database_clock.now(),
    )
    try:
        with transaction.atomic():
            row.full_clean()
            row.save()
            _note_act("bring", row, user, reason)
    except ValidationError as error:
        raise ReturnError(" ".join(error.messages)) from error
    except IntegrityError as error:
        raise ReturnError(_("已有模板在等另一人启用，请先办理或撤回。")) from error
    return row


def check_template(content: bytes) -> None:
    """Try a file out in a child process. `FaultyTemplateError`."""
    faults = tuple(sentence(code, found) for code, found in faults_of(content))
    if faults:
        raise FaultyTemplateError(faults)


def use_template(*, user: User, year: QualityYear, pk: int, note: str = "") -> WordTemplate:
    """Take a waiting template into use, as another person than who brought it.

    It is tried out once more: the libraries that render it may be newer by now.
    """
    check_template(bytes(_waiting(year, pk).content))
    with transaction.atomic():
        row = _held(user, year, pk)
        WordTemplate.objects.filter(quality_year=year, state=State.IN_USE).update(
            state=State.REPLACED
        )
        return _decide(row, State.IN_USE, user, note.strip())


@transaction.atomic
def refuse_template(*, user: User, year: QualityYear, pk: int, note: str) -> WordTemplate:
    """Refuse a waiting template, with the reason."""
    row = _held(user, year, pk)
    return _decide(row, State.REFUSED, user, stated(note, _("不同意须写明原因。")))


@transaction.atomic
def withdraw_template(*, user: User, year: QualityYear, pk: int) -> WordTemplate:
    """Take a waiting template back, as who brought it.

    Raises `PermissionDenied`.
    """
    row = _waiting(year, pk, lock=True)
    if row.uploaded_by_id != user.pk:
        raise PermissionDenied(_("只有上传人可以撤回。"))
    return _decide(row, State.WITHDRAWN, user, "")


def _waiting(year: QualityYear, pk: int, *, lock: bool = False) -> WordTemplate:
    # The year is held, so that of two who decide at once one does.
    if lock:
        QualityYear.objects.select_for_update(of=("self",)).order_by().get(pk=year.pk)
    row = WordTemplate.objects.filter(quality_year=year, pk=pk, state=State.WAITING).first()
    if row is None:
        raise StaleError(_("这份模板已经办理，请看最新情况。"))
    return row


def _held(user: User, year: QualityYear, pk: int) -> WordTemplate:
    row = _waiting(year, pk, lock=True)
    if not may_use_template(user, row):
        raise PermissionDenied(_("上传人不得启用自己上传的模板，须由另一人办理。"))
    return row


def _decide(row: WordTemplate, state: str, user: User, note: str) -> WordTemplate:
    row.state, row.decided_by, row.decided_at, row.note = state, user, database_clock.now(), note
    try:
        row.full_clean()
    except ValidationError as error:
        raise ReturnError(" ".join(error.messages)) from error
    row.save()
    _note_act(state, row, user, note)
    return row


def _note_act(act: str, row: WordTemplate, user: User, reason: str) -> None:
    data: dict[str, Any] = {
        "act": str(act),
        "template": row.pk,
        "name": row.name,
        "sha256": row.sha256,
    }
    events.record(action=ACTION, year=row.quality_year, actor=user, reason=reason, data=data)
