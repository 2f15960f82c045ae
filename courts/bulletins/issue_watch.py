"""Owns the triggers that hold what was issued, and that end consultations and objections in time.

They hold whoever writes. A published issue and its files never change, save that an issue of
made-up figures is withdrawn; the database's clock refuses answers and objections that come late.
They are put up after every `migrate`, because SQLite loses a table's triggers when a migration
makes the table anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from courts.frame import triggers
from courts.frame.triggers import ALWAYS, Refusal, columns_of, differs

# What withdrawing an issue of made-up figures writes.
WITHDRAWING = frozenset({"state", "withdrawn_by_id", "withdrawn_at", "withdrawn_reason"})


def put_up(using: str = "default", **_signal: Any) -> None:
    """Create the triggers that are not there; called after every migration and flush."""
    triggers.put_up(using, refusals())


def _changed(model: str, *but: str) -> str:
    """That any column of the row changes, those named left out."""
    return f"({differs(column for column in columns_of(model) if column not in but)})"


def refusals() -> Iterator[Refusal]:
    """All of them."""
    is_demo = "EXISTS (SELECT 1 FROM {snapshot} s WHERE s.id = OLD.snapshot_id AND s.is_demo)"
    yield Refusal(
        "bulletin_issued",
        "Bulletin",
        "UPDATE",
        "(OLD.state = 'published' AND NOT ((NEW.state = 'published' AND NOT "
        f"{_changed('Bulletin')}) OR (NEW.state = 'withdrawn' AND {is_demo} AND NOT "
        f"{_changed('Bulletin', *WITHDRAWING)})))"
        " OR (OLD.state = 'withdrawn' AND NEW.state <> 'withdrawn')",
        "a published issue never changes",
    )
    signed = "(SELECT count(*) FROM {bulletinsignature} g WHERE g.bulletin_id = NEW.id)"
    # As many as the sides, a list with commas or the two usual ones as `both`.
    wanted = "(CASE WHEN NEW.side = 'both' THEN 2 ELSE "
    wanted += "length(NEW.side) - length(replace(NEW.side, ',', '')) + 1 END)"
    yield Refusal(
        "bulletin_signed_by_each",
        "Bulletin",
        "UPDATE",
        f"NEW.state IN ('signed', 'published') AND {signed} < {wanted}",
        "every office signs first",
    )
    issued = "EXISTS (SELECT 1 FROM {bulletin} b WHERE b.id = %s.bulletin_id AND %s)"
    yield Refusal(
        "bulletin_signature_own",
        "BulletinSignature",
        "INSERT",
        issued % ("NEW", "b.made_by_id = NEW.by_id"),
        "who drafted an issue never signs it",
    )
    yield Refusal(
        "bulletin_signature_held",
        "BulletinSignature",
        "UPDATE",
        ALWAYS,
        "a signature never changes",
    )
    yield Refusal(
        "bulletin_signature_kept",
        "BulletinSignature",
        "DELETE",
        issued % ("OLD", "b.state IN ('signed', 'published')"),
        "an issue keeps its signatures",
    )
    yield Refusal(
        "bulletin_kept", "Bulletin", "DELETE", "OLD.state <> 'draft'", "an issue is never deleted"
    )
    yield Refusal(
        "bulletin_file_added",
        "BulletinFile",
        "INSERT",
        "EXISTS (SELECT 1 FROM {bulletin} b WHERE b.id = NEW.bulletin_id "
        "AND b.state IN ('published', 'withdrawn'))",
        "an issue gets no file after it was published",
    )
    over = "EXISTS (SELECT 1 FROM {consultation} c WHERE c.id = NEW.consultation_id AND "
    over += "c.ends_at <= {now})"
    yield Refusal(
        "consultation_answer_late",
        "ConsultationAnswer",
        "INSERT",
        f"NEW.verdict <> 'silent' AND {over}",
        "the consultation is over",
    )
    answer = ("verdict", "note", "by_id", "at")
    changed = differs(answer)
    yield Refusal(
        "consultation_answer_changed",
        "ConsultationAnswer",
        "UPDATE",
        f"({changed}) AND {over}",
        "the consultation is over",
    )
    yield Refusal(
        "consultation_answer_kept",
        "ConsultationAnswer",
        "DELETE",
        ALWAYS,
        "an answer is kept",
    )
    yield Refusal(
        "consultation_over",
        "Consultation",
        "UPDATE",
        f"OLD.ends_at <= {{now}} AND {_changed('Consultation')}",
        "a consultation that is over stays so",
    )
    yield Refusal(
        "objection_late",
        "Objection",
        "INSERT",
        "NOT EXISTS (SELECT 1 FROM {objectionterm} t WHERE t.bulletin_id = NEW.bulletin_id "
        "AND t.until > {now})",
        "the time for objections is over",
    )
    yield Refusal(
        "objection_answered",
        "Objection",
        "UPDATE",
        f"OLD.outcome <> 'waiting' AND {_changed('Objection')}",
        "an answered objection never changes",
    )
    yield Refusal(
        "objection_term_held",
        "ObjectionTerm",
        "UPDATE",
        f"OLD.until <= {{now}} AND {_changed('ObjectionTerm')}",
        "a deadline that is over stays so",
    )
    yield Refusal(
        "restatement_decided",
        "Restatement",
        "UPDATE",
        f"OLD.state <> 'proposed' AND {_changed('Restatement')}",
        "a decided restatement never changes",
    )
    yield Refusal(
        "restated_month_held",
        "RestatedMonth",
        "UPDATE",
        f"OLD.new_id IS NOT NULL AND {_changed('RestatedMonth')}",
        "a restated month never changes",
    )
