"""Owns the course of a special case: applied for, verified by both offices, decided (附件1·五).

Every act holds the row of the case, refuses what is not as the person saw it, and is recorded. No
figure is ever touched: what was decided stands beside what the figures come to.

Long because every step of a case takes the same row from one state to the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from courts import database_clock
from courts.files.attachments import GivenFile, attached
from courts.frame import events
from courts.frame.listing import labelled
from courts.frame.reasons import DECIDED
from courts.frame.refusals import ReturnError, StaleError, StateError
from courts.frame.texts import stated
from courts.models import (
    CaseAttachment,
    CaseVerification,
    Court,
    QualityYear,
    SpecialCase,
    User,
)
from courts.models.special_cases import LONGEST_NAME, LONGEST_NOTE, LONGEST_TEXT
from courts.permissions import (
    case_offices,
    is_another,
    may_apply_case,
    may_decide_case,
    may_set_case_days,
    may_withdraw_case,
    offices_label,
    offices_of,
)
from courts.scores.selectors.scores import scoreboard
from courts.years.late_acts import propose_instead
from courts.years.late_inputs import LateKind
from courts.years.month_locks import MonthClosedError, check_open, hold
from courts.years.selectors.years import rulebook_of
from courts.years.services.year_settings import set_on_year
from courts.years.voiding import real_input
from scoring.facts import Month
from scoring.schema import OPEN_POINTS, Item, Level

State = SpecialCase.State
# Places after the point of a score.
PLACES = -2


@dataclass(frozen=True, slots=True)
class PartyMeeting:
    """The meeting of the party group that decided: its day and its number."""

    on: date
    number: str


@transaction.atomic
def apply_for(
    *,
    user: User,
    year: QualityYear,
    court: Court,
    item: str,
    month: int,
    reasons: str,
    files: Sequence[GivenFile] = (),
) -> SpecialCase:
    """Apply for points of their own for one item of one month; files go with it.

    `PermissionDenied` for whoever does not sit at the court's desk of that side, `ReturnError`
    for an item, month or file that cannot be, and where an application or a decision stands.
    """
    held = QualityYear.objects.select_for_update().get(pk=year.pk)
    if not Court.objects.of_year(held).filter(pk=court.pk).exists():
        raise ReturnError(_("这个质量年不考核“%(court)s”。请另选法院。") % {"court": court.code})
    known = _item(held, court, item, month)
    if not Court.objects.in_month(held, month).filter(pk=court.pk).exists():
        raise ReturnError(_("这个月不考核“%(court)s”。请另选法院或月份。") % {"court": court.code})
    if not may_apply_case(user, court, known.side.value):
        raise PermissionDenied(_("只有本院该类报表的填报岗可以申请单独评分。"))
    reasons = stated(reasons, _("请写明申请理由。"), LONGEST_TEXT)
    attachments = attached(CaseAttachment, files)
    today = database_clock.today()
    case = SpecialCase(
        quality_year=held,
        court=court,
        item=item,
        side=known.side.value,
        month=month,
        reasons=reasons,
        applied_by=user,
        applied_at=database_clock.now(),
        due_on=None if held.case_days is None else today + timedelta(days=held.case_days),
    )
    standing = SpecialCase.objects.filter(
        quality_year=held, court=court, item=item, month=month, state__in=SpecialCase.STANDING
    )
    if standing.exists():
        raise ReturnError(_("这个月的这一项已有申请或决定，不能重复申请。"))
    _store(case)
    for attachment in attachments:
        attachment.case = case
        _store(attachment, file=attachment.name)
    data = {"files": [(file.name, file.sha256) for file in attachments]}
    _record("apply_case", case, user, reasons[:LONGEST_NOTE], data)
    return case


@transaction.atomic
def verify_case(*, user: User, case: SpecialCase, office: str, note: str, seen: int) -> SpecialCase:
    """One office's word that what the court says is so; with the last the case can be decided.

    Raises `PermissionDenied` and `StateError`.
    """
    held = _held(case, seen)
    _in(held, State.APPLIED, _("这份申请已不在核实阶段。"))
    _check_office(user, held, office)
    given = list(held.verifications.all())
    if not all(is_another(one.by_id, user) for one in given):
        raise PermissionDenied(_("各部门的核实须由不同的人作出。"))
    if any(one.office == office for one in given):
        raise StateError(_("您的部门已经核实过这份申请。"))
    note = stated(note, _("请写明核实意见。"))
    word = CaseVerification(case=held, office=office, by=user, at=database_clock.now(), note=note)
    _store(word)
    if {office, *(one.office for one in given)} >= set(offices_of_case(held)):
        held.state = State.VERIFIED
    _moved(held)
    _record("verify_case", held, user, note, {"office": office, "state": held.state})
    return held


@transaction.atomic
def refuse_case(*, user: User, case: SpecialCase, office: str, note: str, seen: int) -> SpecialCase:
    """An office finds that it is not so: the case ends, and the court may apply anew."""
    held = _held(case, seen)
    _in(held, State.APPLIED, _("这份申请已不在核实阶段。"))
    _check_office(user, held, office)
    note = stated(note, _("不予通过须写明原因。"))
    _closed(held, State.REFUSED, user, note)
    _record("refuse_case", held, user, note, {"office": office})
    return held


@transaction.atomic
def withdraw_case(*, user: User, case: SpecialCase, note: str, seen: int) -> SpecialCase:
    """The court takes its application back, until it is decided.

    Raises `PermissionDenied` and `StateError`.
    """
    held = _held(case, seen)
    if not may_withdraw_case(user, held):
        raise PermissionDenied(_("只有提出申请的填报岗可以撤回。"))
    if held.state not in SpecialCase.WAITING:
        raise StateError(_("这份申请已经办结，不能撤回。"))
    note = stated(note, _("请写明撤回原因。"))
    _closed(held, State.WITHDRAWN, user, note)
    _record("withdraw_case", held, user, note)
    return held


def decide_case(
    *,
    user: User,
    case: SpecialCase,
    points: Decimal,
    meeting: PartyMeeting,
    seen: int,
    note: str = "",
) -> SpecialCase:
    """Enter the points the party group decided: 0 to what the item brings, two places at most.

    `ProposedInstead` in a closed month: the decision waits as a restatement.
    """
    try:
        return _decide_case(user, case, points, meeting, seen, note)
    except MonthClosedError as error:
        _propose("decide", case, error, user, meeting, note, seen, points)


@transaction.atomic
def _decide_case(
    user: User, case: SpecialCase, points: Decimal, meeting: PartyMeeting, seen: int, note: str
) -> SpecialCase:
    held = _held(case, seen)
    _check_decides(user, held)
    _in(held, State.VERIFIED, _("各管理部门都核实后才能决定。"))
    _check_month_open(held)
    check_points(held, points)
    held.points = points
    held.computed = computed_points(held)
    _met(held, meeting)
    _closed(held, State.DECIDED, user, note.strip()[:LONGEST_NOTE])
    real_input(held.quality_year, by=user)
    _record("decide_case", held, user, held.closing_note, _decision(held))
    return held


@transaction.atomic
def decline_case(
    *, user: User, case: SpecialCase, meeting: PartyMeeting, note: str, seen: int
) -> SpecialCase:
    """The party group leaves the computed points as they are."""
    held = _held(case, seen)
    _check_decides(user, held)
    _in(held, State.VERIFIED, _("各管理部门都核实后才能决定。"))
    note = stated(note, _("不同意单独评分须写明原因。"))
    _met(held, meeting)
    _closed(held, State.DECLINED, user, note)
    _record("decline_case", held, user, note, _decision(held))
    return held


def revoke_case(
    *, user: User, case: SpecialCase, meeting: PartyMeeting, note: str, seen: int
) -> SpecialCase:
    """A later meeting takes a decision back; from then on the computed points count again.

    `ProposedInstead` in a closed month, as for a decision.
    """
    try:
        return _revoke_case(user, case, meeting, note, seen)
    except MonthClosedError as error:
        _propose("revoke", case, error, user, meeting, note, seen, None)


@transaction.atomic
def _revoke_case(
    user: User, case: SpecialCase, meeting: PartyMeeting, note: str, seen: int
) -> SpecialCase:
    held = _held(case, seen)
    _check_decides(user, held)
    _in(held, State.DECIDED, _("只有已决定的可以撤销。"))
    _check_month_open(held)
    note = stated(note, _("撤销决定须写明原因。"))
    before = _decision(held)
    if held.meeting_on is not None and meeting.on < held.meeting_on:
        raise ReturnError(_("撤销的会议不能早于作出决定的会议。"))
    _met(held, meeting)
    _closed(held, State.REVOKED, user, note)
    real_input(held.quality_year, by=user)
    _record("revoke_case", held, user, note, {"before": before, **_decision(held)})
    return held


def set_case_days(
    *, user: User, year: QualityYear, days: int | None, seen: int | None, reason: str
) -> QualityYear:
    """Set in how many days applications are verified, None for no limit; for later ones only.

    Raises `PermissionDenied`.
    """
    if not may_set_case_days(user, year):
        raise PermissionDenied(_("只有审判管理办公室可以设定核实期限。"))
    return set_on_year(
        user=user,
        year=year,
        setting="case_days",
        value=days,
        seen=seen,
        reason=reason,
        stale=_("核实期限刚刚被别人改过，请看过现在的期限再决定。"),
    )


def check_points(case: SpecialCase, points: Decimal) -> None:
    """`ReturnError` unless the item can bring that many points at the court's level."""
    item = _item(case.quality_year, case.court, case.item, case.month)
    most = item.points[_level(case.court)]
    exponent = points.as_tuple().exponent
    if not isinstance(exponent, int) or not 0 <= points <= most:
        if most >= OPEN_POINTS:
            raise ReturnError(_("这一项的分数不能小于0。"))
        text = _("这一项的分数应在0至%(most)s之间。")
        raise ReturnError(text % {"most": f"{most.normalize():f}"})
    if exponent < PLACES:
        raise ReturnError(_("分数最多两位小数。"))


def computed_points(case: SpecialCase) -> Decimal | None:
    """What the figures come to now, without any decision; None when to nothing."""
    month = Month(case.quality_year.year, case.month)
    board = scoreboard(case.quality_year, month, decided=False)
    return board.court(case.court.code).item(case.item).points


def _held(case: SpecialCase, seen: int) -> SpecialCase:
    """The case, held to the end of the transaction, as the person saw it; the year is shared."""
    hold(case.quality_year)
    found = SpecialCase.objects.select_for_update(of=("self",))
    held = found.select_related("quality_year__court", "quality_year__edition", "court__parent")
    row = held.get(pk=case.pk)
    if row.version != seen:
        raise StaleError(_("您打开之后，这份申请又有变动；请查看最新内容后再操作。"))
    return row


def _propose(
    act: str,
    case: SpecialCase,
    closed: MonthClosedError,
    user: User,
    meeting: PartyMeeting,
    note: str,
    seen: int,
    points: Decimal | None,
) -> NoReturn:
    """Have what the party group decided of a closed month proposed as a restatement."""
    reason = DECIDED % {
        "meeting": meeting.number,
        "on": meeting.on,
        "case": case,
    }
    propose_instead(
        year=case.quality_year,
        kind=LateKind.DECISION,
        closed=closed.closed,
        source=f"case/{case.pk}",
        reason=reason,
        by=user,
        data={
            "act": act,
            "case": case.pk,
            "points": None if points is None else str(points),
            "meeting_on": meeting.on.isoformat(),
            "meeting": meeting.number,
            "note": note,
            "seen": seen,
        },
    )


def _check_month_open(case: SpecialCase) -> None:
    """Points of a closed month change by a restatement alone. `MonthClosedError`."""
    check_open(case.quality_year, [(case.quality_year.year, case.month, case.side)])


def _in(case: SpecialCase, state: str, message: str) -> None:
    if case.state != state:
        raise StateError(message)


def _item(year: QualityYear, court: Court, code: str, month: int) -> Item:
    if not 1 <= month <= 12:
        raise ReturnError(_("月份应在1至12之间。"))
    rulebook = rulebook_of(year, Month(year.year, month))
    item = rulebook.item_by_code.get(code)
    if item is None or _level(court) not in item.points:
        raise ReturnError(_("那个月的规则里，这个法院没有这一考核项。"))
    return item


def _check_office(user: User, case: SpecialCase, office: str) -> None:
    if office not in case_offices(user, case) or office not in offices_of_case(case):
        text = _("只有%(offices)s可以核实，申请人不得核实。")
        year = case.quality_year
        rulebook = rulebook_of(year, Month(year.year, case.month))
        raise PermissionDenied(text % {"offices": offices_label(rulebook)})


def offices_of_case(case: SpecialCase) -> tuple[str, ...]:
    """The offices that have to verify it: all that look after a side of the month's rules."""
    year = case.quality_year
    return offices_of(rulebook_of(year, Month(year.year, case.month)))


def _check_decides(user: User, case: SpecialCase) -> None:
    verifiers = frozenset(case.verifications.values_list("by_id", flat=True))
    if not may_decide_case(user, case, verifiers):
        raise PermissionDenied(_("只有院党组可以决定，申请人和核实人不得参与决定。"))


def _met(case: SpecialCase, meeting: PartyMeeting) -> None:
    if meeting.on > database_clock.today():
        raise ReturnError(_("会议日期不能晚于今天。"))
    case.meeting_on = meeting.on
    case.meeting = stated(meeting.number, _("请写明会议名称（次数）。"), LONGEST_NAME)


def _level(court: Court) -> Level:
    return Level(court.level)


def _closed(case: SpecialCase, state: str, user: User, note: str) -> None:
    case.state, case.closing_note = state, note
    case.closed_by, case.closed_at = user, database_clock.now()
    _moved(case)


def _moved(case: SpecialCase) -> None:
    case.version += 1
    _store(case)


def _store(row: Any, file: str = "") -> None:
    """Check and save; what the database or the model refuses is told in its own words."""
    try:
        row.full_clean()
        with transaction.atomic():
            row.save()
    except ValidationError as error:
        text = "".join(error.messages)
        raise ReturnError(labelled(file, text) if file else text) from error
    except IntegrityError as error:
        raise StaleError(_("刚刚有人作了同样的操作，请查看最新内容。")) from error


def _decision(case: SpecialCase) -> Mapping[str, Any]:
    return {
        "points": None if case.points is None else str(case.points),
        "computed": None if case.computed is None else str(case.computed),
        "meeting_on": str(case.meeting_on),
        "meeting": case.meeting,
    }


def _record(
    action: str,
    case: SpecialCase,
    user: User,
    reason: str,
    data: Mapping[str, Any] | None = None,
) -> None:
    events.record(
        action=action,
        year=case.quality_year,
        actor=user,
        reason=reason,
        data={
            "case": case.pk,
            "court": case.court.code,
            "item": case.item,
            "month": f"{case.quality_year.year}-{case.month:02}",
            **(data or {}),
        },
    )
