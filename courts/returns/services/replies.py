"""Owns what a court answers to the remarks with which its office sent a return back.

A reply belongs to one remark and to the submission that it comes with. Who may hand in, and when,
is decided by `returns`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from courts.frame.refusals import Obstacle
from courts.models import CellComment, MonthlyReturn, Submission, User
from courts.models.reviews import LONGEST_REASON


@dataclass(frozen=True, slots=True)
class GivenReplies:
    """The replies by their remarks, and what stands in the way of handing in."""

    texts: Mapping[CellComment, str]
    missing: tuple[Obstacle, ...]


def given_replies(
    row: MonthlyReturn, replies: Mapping[int, str], *, must_answer: bool
) -> GivenReplies:
    """Hold replies, by the keys of remarks, against the remarks of a held return."""
    texts: dict[CellComment, str] = {}
    missing: list[Obstacle] = []
    for remark in _open_remarks(row):
        reply = replies.get(remark.pk, "").strip()
        key = f"reply:{remark.pk}"
        if len(reply) > LONGEST_REASON:
            missing.append(Obstacle(key, _("最多%(most)s字。请删减。") % {"most": LONGEST_REASON}))
        elif reply:
            texts[remark] = reply
        elif must_answer:
            missing.append(Obstacle(key, remark.text))
    return GivenReplies(texts, tuple(missing))


def keep_replies(
    *, submission: Submission, replies: Mapping[CellComment, str], user: User, now: datetime
) -> None:
    """Store the replies that come with a submission."""
    for remark, text in replies.items():
        reply = CellComment(
            monthly_return=submission.monthly_return,
            metric=remark.metric,
            submission=submission,
            author=user,
            at=now,
            kind=CellComment.Kind.REPLY,
            text=text,
            answers=remark,
        )
        reply.full_clean()
        reply.save()


def _open_remarks(row: MonthlyReturn) -> list[CellComment]:
    """The remarks of a return that was sent back and waits for the next submission."""
    if row.state != MonthlyReturn.State.RETURNED:
        return []
    last = row.submissions.standing().order_by("-number").first()
    remarks = row.comments.filter(kind=CellComment.Kind.REMARK, submission=last)
    return list(remarks.order_by("at", "pk"))
