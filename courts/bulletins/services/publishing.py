"""Owns publishing an issue, and withdrawing one that is not to stand.

Its files are made first, which takes seconds; everything else is one transaction.

What was published never changes: triggers of both databases hold it. A published issue of real
figures is corrected by a restatement's issue alone; one of made-up figures may be withdrawn.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from courts import database_clock
from courts.bulletins.selectors.readiness import signed_sides
from courts.bulletins.services.issued_files import (
    IssuedFile,
    file_count,
    issued_files,
    sources_of,
    template_of,
)
from courts.bulletins.services.signatures import (
    check_may_sign,
    check_ready,
    check_seen,
    held_issue,
    read_issue,
    record_issue,
    save_issue,
)
from courts.closings.selectors.clock import end_of
from courts.closings.services.closing import note_published
from courts.consultations.selectors.terms import terms_of
from courts.frame.reasons import ISSUED, PUBLISHED
from courts.frame.refusals import StaleError, StateError
from courts.frame.selectors.record import daily_head
from courts.frame.texts import stated
from courts.models import (
    Bulletin,
    BulletinFile,
    Court,
    MonthlyReturn,
    ObjectionTerm,
    User,
)
from courts.permissions import may_issue
from courts.years.closings import forget_closings

State = Bulletin.State


@dataclass(frozen=True, slots=True)
class Made:
    """How far the files of an issue are: the one that is done, and how many of how many."""

    name: str
    done: int
    of: int


def publish(*, user: User, bulletin: Bulletin, seen: int) -> Bulletin:
    """Publish a signed issue: make its files, then check everything, store them, mark its month.

    Of two who publish at once one does: the issue and its year are held. `PermissionDenied` for
    who edited or closed it, `ReturnError` while something stands in the way.
    """
    steps = publish_steps(user=user, bulletin=bulletin, seen=seen)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            published: Bulletin = end.value
            return published


def publish_steps(*, user: User, bulletin: Bulletin, seen: int) -> Generator[Made, None, Bulletin]:
    """Publish file by file; nothing is held meanwhile, and nothing written before all are made.

    The generator returns the published issue; it raises what `publish` raises.
    """
    found = read_issue(bulletin)
    _check_publishable(user, found, seen)
    sources, files, count = sources_of(found), [], file_count(found)
    for number, file in enumerate(issued_files(found), 1):
        files.append(file)
        yield Made(file.name, number, count)
    return _publish(user, bulletin, seen, sources, files)


def _check_publishable(user: User, issue: Bulletin, seen: int) -> None:
    if issue.state != State.SIGNED:
        text = _("这份通报%(state)s，不能发布；须先由每个部门签发。")
        raise StateError(text % {"state": issue.get_state_display()})
    check_may_sign(user, issue)
    check_seen(issue, seen)
    check_ready(issue)
    if not signed_sides(issue) >= issue.sides:
        raise StateError(_("还有部门没有签发。请等各部门签发后再发布。"))


@transaction.atomic
def _publish(
    user: User, bulletin: Bulletin, seen: int, sources: str, files: Sequence[IssuedFile]
) -> Bulletin:
    held = held_issue(bulletin)
    _check_publishable(user, held, seen)
    if sources_of(held) != sources:
        raise StaleError(_("生成文件期间情况有变动，没有发布；请查看最新内容后再发布。"))
    now = database_clock.now()
    held.template_sha256 = template_of(held)
    listed = _store_files(held, files)
    held.state, held.published_by, held.published_at = State.PUBLISHED, user, now
    save_issue(held, user, ISSUED)
    note_published(snapshot=held.snapshot, at=now)
    returns = 0 if held.snapshot.is_demo else _mark_returns(held, user)
    days = terms_of(held.quality_year).objection_days
    term = ObjectionTerm(bulletin=held, until=end_of(now, days))
    term.full_clean()
    term.save()
    forget_closings(held.quality_year)
    data = {"files": listed, "returns": returns, "objections_until": term.until.isoformat()}
    head = daily_head(now)
    if head is not None:
        data["record_head"] = head.link
    record_issue("publish_bulletin", held, user, "", data)
    return held


@transaction.atomic
def withdraw(*, user: User | None, bulletin: Bulletin, reason: str) -> Bulletin:
    """Give an issue up before it is published; of made-up figures, also after. It never comes back.

    Without a user the system withdraws it, because the first real input came in.
    Raises `PermissionDenied` and `StateError`.
    """
    held = held_issue(bulletin)
    if user is not None and not may_issue(user, held):
        raise PermissionDenied(_("只有负责该类数据的管理部门可以撤回。"))
    reason = stated(reason, _("请写明撤回原因。"))
    if held.state == State.WITHDRAWN:
        raise StateError(_("这份通报已经撤回。"))
    if held.state == State.PUBLISHED and not held.snapshot.is_demo:
        raise StateError(_("已经发布的通报不能撤回，只能通过更正办理。"))
    now = database_clock.now()
    was_published = held.state == State.PUBLISHED
    held.state, held.withdrawn_by = State.WITHDRAWN, user
    held.withdrawn_at, held.withdrawn_reason = now, reason
    if was_published:
        # The trigger lets nothing else of a published row change.
        Bulletin.objects.filter(pk=held.pk).update(
            state=held.state,
            withdrawn_by=user,
            withdrawn_at=now,
            withdrawn_reason=reason,
        )
    else:
        save_issue(held, user, reason)
    record_issue("withdraw_bulletin", held, user, reason)
    return held


def _store_files(held: Bulletin, files: Iterable[IssuedFile]) -> list[dict[str, str]]:
    """Store every file of the issue; their hashes, for the table of acts."""
    now, listed = database_clock.now(), []
    for file in files:
        row = BulletinFile(
            bulletin=held,
            kind=file.kind,
            language=file.language,
            scope=file.scope,
            name=file.name,
            content=file.content,
            size=len(file.content),
            sha256=file.sha256,
            made_at=now,
        )
        row.full_clean()
        row.save()
        listed.append({"name": file.name, "sha256": file.sha256})
    return listed


def _mark_returns(held: Bulletin, user: User) -> int:
    """Mark the month's verified returns of these sides as published; how many there are."""
    year = held.quality_year
    rows = MonthlyReturn.objects.select_for_update(of=("self",)).filter(
        court__in=Court.objects.in_month(year, held.month).values("pk"),
        year=year.year,
        month=held.month,
        side__in=held.sides,
        state=MonthlyReturn.State.VERIFIED,
    )
    found = list(rows.order_by("pk"))
    keys = [row.pk for row in found]
    MonthlyReturn.objects.filter(pk__in=keys).update(
        state=MonthlyReturn.State.PUBLISHED, version=F("version") + 1
    )
    for row in found:
        row.state, row.version = MonthlyReturn.State.PUBLISHED, row.version + 1
    MonthlyReturn.history.bulk_history_create(
        found, update=True, default_user=user, default_change_reason=PUBLISHED
    )
    return len(keys)
