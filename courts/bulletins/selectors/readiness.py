"""Owns what still stands between an issue and its signature or publication; writes nothing.

Terms: the *firsts* of an issue are who edited it and who closed its month: none of them signs or
publishes it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courts.bulletins.selectors.prose.issues import wording_faults
from courts.consultations.selectors.consultations import consultation_of
from courts.consultations.selectors.lines import is_answered, is_over, unsettled_lines
from courts.consultations.selectors.terms import terms_of
from courts.models import Bulletin, Closing
from courts.snapshots import SnapshotError, parse

State = Bulletin.State
# How many errors of wording are told one by one.
MOST_FAULTS = 5


@dataclass(frozen=True, slots=True)
class SigningObstacle:
    """One thing that has to be done first, in a sentence; `step` says where: `consult`, `edit`."""

    step: str
    sentence: str


def firsts_of(bulletin: Bulletin) -> frozenset[int]:
    """Who edited the issue or closed its month on one of its sides, by key. Two queries."""
    closed = Closing.objects.filter(
        quality_year=bulletin.quality_year_id,
        month=bulletin.month,
        side__in=bulletin.sides,
        reopened_at__isnull=True,
    )
    people = set(bulletin.writers.values_list("pk", flat=True))
    people |= set(closed.values_list("by", flat=True))
    if bulletin.made_by_id is not None:
        people.add(bulletin.made_by_id)
    return frozenset(people)


def signed_sides(bulletin: Bulletin) -> frozenset[str]:
    """The sides whose office has signed. One query, none where they were read before."""
    return frozenset(one.side for one in bulletin.signatures.all())


def obstacles(bulletin: Bulletin) -> tuple[SigningObstacle, ...]:
    """All that keeps the issue from being signed; nothing when it may be."""
    # Nothing else can be read of a month that does not stand.
    found = _of_snapshot(bulletin)
    return tuple(found or [*_of_consultation(bulletin), *_of_paper(bulletin)])


def _of_snapshot(bulletin: Bulletin) -> list[SigningObstacle]:
    snapshot = bulletin.snapshot
    if snapshot.voided_at is not None:
        return [SigningObstacle("close", _("这个月已经重新打开，须再次关账。"))]
    try:
        # Read from the stored text itself: what a process keeps by the hash would prove nothing.
        is_whole = parse(snapshot.text).sha256 == snapshot.sha256
    except SnapshotError:
        is_whole = False
    if not is_whole:
        return [SigningObstacle("close", _("数据快照与校验值不符，不能通报。"))]
    if frozenset(snapshot.side_codes) != bulletin.sides:
        return [SigningObstacle("close", _("通报的类别须与关账快照的类别一致。"))]
    return []


def _of_consultation(bulletin: Bulletin) -> list[SigningObstacle]:
    """Courts are asked first, unless the year asks none, figures are made up or it corrects."""
    snapshot = bulletin.snapshot
    if snapshot.is_demo or bulletin.restates_id is not None:
        return []
    asked = consultation_of(snapshot)
    if asked is None:
        if not terms_of(bulletin.quality_year).consultation_days:
            return []
        return [SigningObstacle("consult", _("还没有向各法院征求意见。"))]
    found = []
    if not is_over(asked) and not is_answered(asked):
        found.append(SigningObstacle("consult", _("征求意见尚未截止，还有法院没有答复。")))
    waiting = len(unsettled_lines(asked))
    if waiting:
        text = ngettext(
            "还有%(count)s项异议或未答复的内容没有处理。",
            "还有%(count)s项异议或未答复的内容没有处理。",
            waiting,
        )
        found.append(SigningObstacle("consult", text % {"count": waiting}))
    return found


def _of_paper(bulletin: Bulletin) -> list[SigningObstacle]:
    found = []
    if bulletin.number is None or bulletin.dated_on is None:
        found.append(SigningObstacle("edit", _("还没有编号或成文日期。")))
    faults = wording_faults(bulletin)
    errors = len(faults)
    if errors:
        text = ngettext(
            "正文还有%(count)s处用语错误或未说明依据的手填数字。",
            "正文还有%(count)s处用语错误或未说明依据的手填数字。",
            errors,
        )
        found.append(SigningObstacle("edit", text % {"count": errors}))
    for start, one in faults[:MOST_FAULTS]:
        said = _("“%(start)s”一段：%(fault)s")
        fault = _(one.rule.template) % one.values
        found.append(SigningObstacle("edit", said % {"start": start, "fault": fault}))
    return found
