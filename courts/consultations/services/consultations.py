"""Owns 征求意见: asking the courts about a snapshot, their answers, what came of contested lines.

The clock of the database decides: an answer is written by a statement that asks it whether the
consultation is still open, while the consultation is held; the trigger asks once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from courts import database_clock
from courts.closings.selectors.clock import end_of
from courts.consultations.selectors.lines import is_over, lines_of_court, unsettled_lines
from courts.consultations.selectors.terms import terms_of
from courts.frame import events
from courts.frame.refusals import ReturnError, StaleError, StateError
from courts.frame.texts import stated
from courts.models import Consultation, ConsultationAnswer, Court, Snapshot, User
from courts.models.consultations import LONGEST_NOTE
from courts.permissions import (
    is_another,
    may_answer_consultation,
    may_open_consultation,
    may_settle_answers,
)

Verdict = ConsultationAnswer.Verdict


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """A desk's answer to one line; `seen` is the version it saw, 0 for none."""

    line: str
    verdict: str
    note: str
    seen: int


@transaction.atomic
def open_consultation(*, user: User, snapshot: Snapshot) -> Consultation:
    """Ask the courts about a snapshot for as many days as the year's terms say.

    Raises `PermissionDenied` and `StateError`.
    """
    held = Snapshot.objects.select_for_update(of=("self",)).order_by().get(pk=snapshot.pk)
    year = held.quality_year
    if not may_open_consultation(user, year, frozenset(held.side_codes)):
        raise PermissionDenied(_("只有负责该类数据的管理部门可以征求意见。"))
    if held.voided_at is not None:
        raise StateError(_("这个月已经重新打开，须再次关账后才能征求意见。"))
    if held.published_at is not None:
        raise StateError(_("这个月已经通报，法院可以在期限内提出异议。"))
    if Consultation.objects.filter(snapshot=held).exists():
        raise StateError(_("已经征求过意见。"))
    terms = terms_of(year)
    if not terms.consultation_days:
        raise StateError(_("本年度设定为不征求意见，可以直接签发。"))
    now = database_clock.now()
    row = Consultation(
        snapshot=held,
        silence=terms.silence,
        opened_by=user,
        opened_at=now,
        ends_at=end_of(now, terms.consultation_days),
    )
    row.full_clean()
    row.save()
    _record("open_consultation", row, user, {"until": row.ends_at.isoformat()})
    return row


@transaction.atomic
def answer_lines(
    *, user: User, consultation: Consultation, court: Court, answers: Iterable[GivenAnswer]
) -> int:
    """Confirm or contest lines of the account's own court; how many were written.

    What a person saw is written over only if nobody answered since (`StaleError`); an answer may be
    changed until the end. `StateError` after it, `ReturnError` for a line of another court.
    Raises `PermissionDenied`.
    """
    held = _open(consultation)
    now = database_clock.now()
    known = {line.key: line for line in lines_of_court(held, court.code)}
    rows = {row.line: row for row in held.answers.filter(court=court)}
    written = 0
    for given in answers:
        line = known.get(given.line)
        if line is None:
            raise ReturnError(_("没有这一项。请刷新页面后再试。"))
        if not may_answer_consultation(user, court, line.side):
            raise PermissionDenied(_("只有本院该类报表的填报岗可以答复。"))
        if given.verdict not in (Verdict.CONFIRMED, Verdict.CONTESTED):
            raise ReturnError(_("请逐项选择确认或有异议。"))
        row = rows.get(given.line)
        note = given.note.strip()
        if given.verdict == Verdict.CONTESTED:
            note = stated(note, _("有异议的须写明内容。"), LONGEST_NOTE)
        else:
            note = ""
        if row is not None and (row.verdict, row.note) == (given.verdict, note):
            continue
        if (row.version if row else 0) != given.seen:
            raise StaleError(_("您打开之后，本院又有人答复；请查看最新内容后再提交。"))
        row = row or ConsultationAnswer(
            consultation=held, court=court, side=line.side, line=given.line, version=0
        )
        row.verdict, row.note, row.by, row.at = given.verdict, note, user, now
        row.version += 1
        # A word about what was contested before says nothing of what is contested now.
        row.settlement, row.settled_by, row.settled_at = "", None, None
        _save(row)
        written += 1
    if written:
        data = {"court": court.code, "lines": written}
        _record("answer_consultation", held, user, data)
    return written


@transaction.atomic
def settle_lines(
    *,
    user: User,
    consultation: Consultation,
    court: Court,
    lines: Mapping[str, int],
    settlement: str,
) -> int:
    """Say, as the office of the side, what came of contested or silent lines, by line and version.

    Figures are not changed here: where the court is right the month is reopened and closed anew.
    Raises `PermissionDenied`, `StaleError` and `StateError`.
    """
    settlement = stated(settlement, _("请写明处理结果。"), LONGEST_NOTE)
    held = _held(consultation)
    now = database_clock.now()
    open_lines = {line.key: line for line in unsettled_lines(held) if line.court == court.code}
    rows = {row.line: row for row in held.answers.filter(court=court)}
    for key, seen in lines.items():
        line, row = open_lines.get(key), rows.get(key)
        if (row.version if row else 0) != seen:
            raise StaleError(_("您打开之后，法院又有答复；请查看最新内容后再处理。"))
        if line is None:
            raise StateError(_("这一项不需要处理，或者已经处理。"))
        if not may_settle_answers(user, court, line.side):
            raise PermissionDenied(_("只有负责该类数据的管理部门可以处理。"))
        if row is None:
            row = ConsultationAnswer(
                consultation=held,
                court=court,
                side=line.side,
                line=key,
                verdict=Verdict.SILENT,
            )
        if not is_another(row.by_id, user):
            raise PermissionDenied(_("答复人不得处理自己的异议。"))
        row.settlement, row.settled_by, row.settled_at = settlement, user, now
        _save(row)
    if lines:
        data = {"court": court.code, "lines": sorted(lines)}
        _record("settle_consultation", held, user, data, settlement)
    return len(lines)


def _held(consultation: Consultation) -> Consultation:
    """The consultation, held until the transaction ends."""
    rows = Consultation.objects.select_for_update(of=("self",)).order_by()
    rows.get(pk=consultation.pk)
    found = Consultation.objects.select_related("snapshot__quality_year__court")
    held = found.get(pk=consultation.pk)
    if held.snapshot.voided_at is not None:
        raise StateError(_("这个月已经重新打开，这次征求意见作废。"))
    return held


def _open(consultation: Consultation) -> Consultation:
    """The consultation, held, while the database's clock says that it is not over."""
    held = _held(consultation)
    if is_over(held):
        raise StateError(_("征求意见已经截止，不能再答复。"))
    return held


def _save(row: ConsultationAnswer) -> None:
    try:
        with transaction.atomic():
            row.save()
    except ValidationError as error:
        raise ReturnError("".join(error.messages)) from error
    except IntegrityError as error:
        raise StateError(_("征求意见已经截止，或者刚刚有人答复；请查看最新内容。")) from error


def _record(
    action: str,
    row: Consultation,
    user: User,
    data: Mapping[str, object],
    reason: str = "",
) -> None:
    snapshot = row.snapshot
    events.record(
        action=action,
        year=snapshot.quality_year,
        actor=user,
        reason=reason,
        data={
            "consultation": row.pk,
            "month": f"{snapshot.quality_year.year}-{snapshot.month:02}",
            "sides": list(snapshot.side_codes),
            "sha256": snapshot.sha256,
            **data,
        },
    )
