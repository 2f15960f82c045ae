"""Owns reading what people wrote about cells: comments, remarks and replies, follow-ups, entries on
behalf.

A remark is *current* while its return waits, sent back, for the next submission. A *round* is one
submission with what the office remarked on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, QuerySet

from courts.frame.remembered import remembered_rows
from courts.models import CellComment, EntryOnBehalf, FollowUp, MonthlyReturn, Submission
from courts.wording.amounts import places_of
from courts.wording.explanations import metric_name
from scoring.schema import Rulebook


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """What a court answered to a remark; `is_standing` unless it took that submission back."""

    text: str
    author: str
    at: datetime
    number: int
    is_standing: bool


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A comment, remark or reply; without a metric it is about the return as a whole.

    `number` is the submission it came after, or a reply came with; 0 before the first. `replies`
    are those to a remark, in their order.
    """

    pk: int
    number: int
    metric: str
    label: str
    kind: str
    author: str
    at: datetime
    text: str
    replies: tuple[ReplyLine, ...] = ()

    @property
    def is_remark(self) -> bool:
        return self.kind == CellComment.Kind.REMARK

    @property
    def is_reply(self) -> bool:
        return self.kind == CellComment.Kind.REPLY

    @property
    def reply(self) -> ReplyLine | None:
        """The reply that stands; None while the court has not answered."""
        standing = [reply for reply in self.replies if reply.is_standing]
        return standing[-1] if standing else None

    @property
    def last_reply(self) -> str:
        """What the court wrote last, also in a submission it took back."""
        return self.replies[-1].text if self.replies else ""


@dataclass(frozen=True, slots=True)
class NoteRound:
    """One submission: who handed it in, who began its review or took it back, the remarks."""

    number: int
    by: str
    at: datetime
    on_behalf: str
    figures: Mapping[str, int | None]
    reasons: Mapping[str, str]
    begun_by: str
    begun_at: datetime | None
    taken_back_by: str
    taken_back_at: datetime | None
    remarks: tuple[NoteLine, ...]

    @property
    def is_standing(self) -> bool:
        return self.taken_back_at is None


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    """A follow-up; `resolved_at` is None while it is open."""

    metric: str
    label: str
    note: str
    opened_by: str
    opened_at: datetime
    resolution: str
    resolved_by: str
    resolved_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None


@dataclass(frozen=True, slots=True)
class BehalfChange:
    """A figure that an office entered: before and after, None for a blank cell."""

    metric: str
    label: str
    before: int | None
    after: int | None
    places: int = 0


@dataclass(frozen=True, slots=True)
class BehalfLine:
    """Figures an office entered for a court; `pk` is what an objection names."""

    pk: int
    by: str
    by_pk: int
    at: datetime
    reason: str
    changes: tuple[BehalfChange, ...]
    objection: str
    objected_by: str
    objected_at: datetime | None
    settlement: str
    settled_by: str
    settled_at: datetime | None
    verified_at: datetime | None

    @property
    def is_disputed(self) -> bool:
        return bool(self.objection) and self.settled_at is None


def notes_on(row: MonthlyReturn | None, rulebook: Rulebook) -> tuple[NoteLine, ...]:
    """Every comment, remark and reply on a return, in order. One query."""
    if row is None:
        return ()
    notes = remembered_rows(
        ("notes on", row.pk), lambda: row.comments.select_related("author", "submission")
    )
    replies = _replies(notes)
    return tuple(_note(note, rulebook, replies.get(note.pk, ())) for note in notes)


def rounds_on(row: MonthlyReturn | None, notes: Iterable[NoteLine]) -> tuple[NoteRound, ...]:
    """Every submission of a return with the remarks among its notes, in order. One query."""
    if row is None:
        return ()
    remarks: dict[int, list[NoteLine]] = {}
    for note in notes:
        if note.is_remark:
            remarks.setdefault(note.number, []).append(note)
    people = ("by", "begun_by", "taken_back_by")
    found = remembered_rows(
        ("rounds on", row.pk), lambda: row.submissions.select_related(*people).order_by("number")
    )
    return tuple(
        NoteRound(
            number=sent.number,
            by=str(sent.by),
            at=sent.at,
            on_behalf=sent.on_behalf,
            figures=sent.figures,
            reasons=sent.reasons,
            begun_by=str(sent.begun_by or ""),
            begun_at=sent.begun_at,
            taken_back_by=str(sent.taken_back_by or ""),
            taken_back_at=sent.taken_back_at,
            remarks=tuple(remarks.get(sent.number, ())),
        )
        for sent in found
    )


def open_remarks(state: str, rounds: Sequence[NoteRound]) -> tuple[NoteLine, ...]:
    """The remarks of the round that the court has to answer, or has answered and waits.

    None for a draft that was never sent back, and once the return is verified.
    """
    standing = [one for one in rounds if one.is_standing]
    if state == MonthlyReturn.State.RETURNED:
        return standing[-1].remarks if standing else ()
    if state == MonthlyReturn.State.SUBMITTED:
        return standing[-2].remarks if len(standing) > 1 else ()
    return ()


def current_remarks(
    rows: Iterable[MonthlyReturn], rulebook: Rulebook
) -> Mapping[int, tuple[NoteLine, ...]]:
    """What the office objects to in the returns it sent back, by the key of the return."""
    keys = [row.pk for row in rows if row.state == MonthlyReturn.State.RETURNED]
    if not keys:
        return {}
    found: dict[int, list[NoteLine]] = {}
    remarks = CellComment.objects.filter(
        kind=CellComment.Kind.REMARK, submission__in=_last_submissions(keys)
    )
    for remark in remarks.select_related("author", "submission"):
        found.setdefault(remark.monthly_return_id, []).append(_note(remark, rulebook))
    return {key: tuple(lines) for key, lines in found.items()}


def follow_ups_on(row: MonthlyReturn | None, rulebook: Rulebook) -> tuple[FollowUpLine, ...]:
    """Every follow-up on a return, open or resolved. One query."""
    if row is None:
        return ()
    found = remembered_rows(
        ("follow-ups on", row.pk), lambda: row.follow_ups.select_related("opened_by", "resolved_by")
    )
    return tuple(_follow_up(follow_up, rulebook) for follow_up in found)


def entries_on(row: MonthlyReturn | None, rulebook: Rulebook) -> tuple[BehalfLine, ...]:
    """What an office entered in a return for its court. One query."""
    if row is None:
        return ()
    people = ("by", "objected_by", "settled_by")
    found = remembered_rows(
        ("entries on", row.pk), lambda: row.entries_on_behalf.select_related(*people)
    )
    return tuple(_entry(entry, rulebook) for entry in found)


def _last_submissions(keys: Iterable[int]) -> QuerySet:
    """The last submission of each return that its court did not take back."""
    of_returns = Submission.objects.standing().filter(monthly_return__in=keys).order_by()
    return of_returns.values("monthly_return").annotate(last=Max("pk")).values("last")


def _label(rulebook: Rulebook, metric: str) -> str:
    return metric_name(rulebook, metric) if metric in rulebook.metrics else metric


def _replies(notes: Iterable[CellComment]) -> Mapping[int, tuple[ReplyLine, ...]]:
    """The replies among the notes, by the key of the remark; author and submission come along."""
    found: dict[int, list[ReplyLine]] = {}
    for note in notes:
        if note.answers_id is None or note.submission is None:
            continue
        line = ReplyLine(
            text=note.text,
            author=str(note.author),
            at=note.at,
            number=note.submission.number,
            is_standing=note.submission.taken_back_at is None,
        )
        found.setdefault(note.answers_id, []).append(line)
    return {key: tuple(lines) for key, lines in found.items()}


def _note(note: CellComment, rulebook: Rulebook, replies: tuple[ReplyLine, ...] = ()) -> NoteLine:
    return NoteLine(
        pk=note.pk,
        number=note.submission.number if note.submission else 0,
        metric=note.metric,
        label=_label(rulebook, note.metric),
        kind=note.kind,
        author=str(note.author),
        at=note.at,
        text=note.text,
        replies=replies,
    )


def _follow_up(follow_up: FollowUp, rulebook: Rulebook) -> FollowUpLine:
    return FollowUpLine(
        metric=follow_up.metric,
        label=_label(rulebook, follow_up.metric),
        note=follow_up.note,
        opened_by=str(follow_up.opened_by),
        opened_at=follow_up.opened_at,
        resolution=follow_up.resolution,
        resolved_by=str(follow_up.resolved_by or ""),
        resolved_at=follow_up.resolved_at,
    )


def _entry(entry: EntryOnBehalf, rulebook: Rulebook) -> BehalfLine:
    return BehalfLine(
        pk=entry.pk,
        by=str(entry.by),
        by_pk=entry.by_id,
        at=entry.at,
        reason=entry.reason,
        changes=tuple(
            BehalfChange(
                metric, _label(rulebook, metric), before, after, places_of(rulebook, [metric])
            )
            for metric, (before, after) in entry.changes.items()
        ),
        objection=entry.objection,
        objected_by=str(entry.objected_by or ""),
        objected_at=entry.objected_at,
        settlement=entry.settlement,
        settled_by=str(entry.settled_by or ""),
        settled_at=entry.settled_at,
        verified_at=entry.verified_at,
    )
