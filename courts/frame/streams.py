"""Owns which rows are of the record, and what of each is digested.

Terms: a *stream* is a table, or one stage of its rows, whose rows never change once they are
*ready*. What is digested are the columns named here and no others: a column that is added to a
table later belongs to a stream of its own. A *versioned* stream is of rows that people go on
working on: an entry is of one version, and the newest of each row has to be what was sealed. A
*mirror* is a table of which each row has to say what its newest row of history says.

Nothing of a single ballot is here, nor who voted when: of a round its manifest, its closing hash,
which stands for the whole board, and its sums.

Long because it is one list of all that decides or publishes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet

_HISTORY = ("history_date", "history_change_reason", "history_type", "history_user_id")


@dataclass(frozen=True, slots=True)
class Stream:
    """One kind of rows: model by name, columns in the digest, and which rows are ready.

    With `grows` rows come with growing keys and are ready at once, so that old ones need not be
    looked for again. Rows that are `held` are neither changed nor deleted by anybody: triggers
    see to it. `versioned` rows have a column `version`, which every change raises. The content of
    `erasable` ones goes by rule, the digest stays.
    """

    code: str
    model: str
    columns: tuple[str, ...]
    ready: Q | Callable[[], Q] = Q()  # noqa: RUF009
    grows: bool = False
    held: bool = False
    versioned: bool = False
    erasable: bool = False

    @property
    def rows(self) -> QuerySet[Model]:
        """All rows of the table that are ready."""
        found: Any = apps.get_model("courts", self.model)._default_manager
        ready = self.ready() if callable(self.ready) else self.ready
        rows: QuerySet[Model] = found.filter(ready)
        return rows


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _row(code: str, model: str, columns: str, ready: Q | Callable[[], Q] | None = None) -> Stream:
    return Stream(code, model, _names(columns), Q() if ready is None else ready)


def _held(code: str, model: str, columns: str) -> Stream:
    return Stream(code, model, _names(columns), held=True)


def _version(code: str, model: str, columns: str) -> Stream:
    return Stream(code, model, _names(f"{columns} version"), versioned=True)


def _history(code: str, model: str, columns: str) -> Stream:
    names = ("id", *_names(columns), *_HISTORY)
    return Stream(code, f"Historical{model}", names, grows=True, held=True)


def _filled(*columns: str) -> Q:
    return Q(**{f"{column}__isnull": False for column in columns})


def _is_erased_act() -> Q:
    entries = apps.get_model("courts", "RecordEntry")._default_manager
    erased = entries.filter(stream="event", erasure__isnull=False)
    return Q(pk__in=erased.values("row_id"))


_OUT = ("published", "withdrawn")
_IN_FORCE = ("in_force", "superseded")
_MEETING_ENDED = Q(meeting__state="closed")

_STREAMS = (
    # Acts.
    Stream(
        "event",
        "Event",
        _names("at actor_id action quality_year_id reason data"),
        grows=True,
        erasable=True,
    ),
    # What stays of an act whose content was erased by rule.
    _row("erased_act", "Event", "at action quality_year_id", _is_erased_act),
    _row("erasure", "RecordErasure", "entry_id rule at"),
    # Courts, years, accounts.
    _history("court", "Court", "code order short_name name name_ko level parent_id"),
    _history(
        "year", "QualityYear", "code year deadline_day case_days ranking_shown court_id edition_id"
    ),
    _row("left_out", "QualityYear_left_out", "qualityyear_id court_id"),
    _history("account", "User", "username name is_active is_staff is_superuser court_id"),
    _row("account_group", "HistoricalUser_groups", "user_id group_id history_id"),
    _row("credential", "CredentialChange", "user_id kind at"),
    _row(
        "factor_release",
        "FactorRelease",
        "account_id reason state asked_by_id asked_at decided_by_id decided_at",
        ~Q(state="waiting"),
    ),
    # Rules.
    _row(
        "edition",
        "RulebookEdition",
        "code sha256 sources court_id from_month",
        Q(state__in=_IN_FORCE),
    ),
    _history(
        "target",
        "AppraisalTarget",
        "item level percent from_month document decided_on version quality_year_id court_id",
    ),
    _history(
        "cap",
        "Cap",
        "baseline_cases reduction_cases cap_cases from_month version quality_year_id court_id",
    ),
    _row(
        "reading",
        "ReadingDecision",
        "quality_year_id reading number value from_month note document decided_on by_id at "
        "confirmed_by_id",
    ),
    _row(
        "supplement",
        "TakenSupplement",
        "quality_year_id code kind version title sha256 text reason by_id at confirmed_by_id",
    ),
    # Figures.
    _history("figure", "Figure", "metric value note blank_reason version monthly_return_id"),
    _history(
        "return",
        "MonthlyReturn",
        "year month side state origin is_demo version submitted_at verified_at verified_figures "
        "court_id submitted_by_id verified_by_id",
    ),
    # History is not written for every step of a return; its versions tell of all.
    _version("return_version", "MonthlyReturn", "court_id year month side state verified_figures"),
    _row("submission", "Submission", "monthly_return_id number by_id at figures reasons on_behalf"),
    _row("remark", "CellComment", "monthly_return_id metric author_id at kind text"),
    _row("follow_up", "FollowUp", "monthly_return_id metric opened_by_id opened_at note"),
    _row(
        "follow_up_ended",
        "FollowUp",
        "resolved_by_id resolved_at resolution",
        _filled("resolved_at"),
    ),
    _row(
        "unlocking",
        "UnlockRequest",
        "monthly_return_id reason requested_by_id requested_at state decided_by_id decided_at note "
        "open_until",
        ~Q(state="pending"),
    ),
    _row("reopening", "Reopening", "monthly_return_id reason by_id at expires_at"),
    _row("reopening_ended", "Reopening", "outcome ended_at", _filled("ended_at")),
    _row("entry", "EntryOnBehalf", "monthly_return_id by_id at reason changes"),
    _row("entry_verified", "EntryOnBehalf", "verified_at verified_by_id", _filled("verified_at")),
    _row(
        "entry_settled",
        "EntryOnBehalf",
        "objection settlement settled_by_id settled_at",
        _filled("settled_at"),
    ),
    _row(
        "extract",
        "Extract",
        "quality_year_id side source file_name sha256 uploaded_by_id uploaded_at confirmed_by_id",
    ),
    Stream(
        "extract_figure",
        "ExtractFigure",
        _names("extract_id court_id year month side metric value"),
        grows=True,
    ),
    _history(
        "difference",
        "Difference",
        "year month side metric extract_value court_value state version explanation explained_at "
        "note settled_at court_id explained_by_id settled_by_id confirmed_by_id",
    ),
    # Registers. What is personal goes by rule, with what says that it went.
    _version(
        "register_line",
        "RegisterLine",
        "quality_year_id register court_id number state month due_on values digest is_made "
        "opened_by_id opened_at",
    ),
    _held(
        "register_change",
        "RegisterLineChange",
        "line_id version by_id at from_state to_state fields digest",
    ),
    Stream(
        "register_text",
        "RegisterChangePayload",
        _names("change_id before after note"),
        erasable=True,
    ),
    Stream(
        "register_file",
        "RegisterFile",
        _names("line_id field name kind content size by_id at"),
        erasable=True,
    ),
    _row(
        "register_draw",
        "RegisterDraw",
        "quality_year_id register court_id month seed size wanted sha256 by_id at",
    ),
    _row(
        "register_view", "RegisterLineView", "quality_year_id register line_id way lines by_id at"
    ),
    # What two people decide.
    _row(
        "motion",
        "Motion",
        "quality_year_id kind side state reason data moved_by_id moved_at decided_by_id decided_at "
        "note",
        ~Q(state="waiting"),
    ),
    _row(
        "motion_objection",
        "Motion",
        "objection objected_by_id objected_at",
        ~Q(state="waiting") & _filled("objected_at"),
    ),
    _held("motion_file", "MotionFile", "motion_id name kind content size"),
    _row(
        "case",
        "SpecialCase",
        "quality_year_id court_id item side month reasons points applied_by_id applied_at",
        Q(state__in=["decided", "revoked"]),
    ),
    _version(
        "case_version",
        "SpecialCase",
        "state reasons due_on closing_note closed_by_id closed_at points computed meeting_on "
        "meeting",
    ),
    _row("case_verified", "CaseVerification", "case_id office by_id at note"),
    _row("case_file", "CaseAttachment", "case_id name kind content size"),
    # Ballots: what was voted by, and what came of it.
    _row(
        "ballot_opened",
        "BallotRound",
        "quality_year_id month code manifest fingerprint opens_at",
        ~Q(state__in=["draft", "keys"]),
    ),
    _row(
        "ballot_ended",
        "BallotRound",
        "state close_hash counted sums void_reason",
        Q(state__in=["tallied", "void"]),
    ),
    _row(
        "ballot_paper",
        "PaperTally",
        "round_id counted sums entered_by_id entered_at confirmed_by_id confirmed_at scan",
        _filled("confirmed_at"),
    ),
    _row(
        "second_round",
        "SecondRound",
        "round_id reason given_by_id given_at agreed_by_id agreed_at",
        _filled("agreed_at") & ~Q(round__state="draft"),
    ),
    # Months that end, and what leaves.
    _row("closing", "Closing", "quality_year_id month side number by_id at gaps reason"),
    _row(
        "closing_undone",
        "Closing",
        "reopened_by_id reopened_at reopened_reason",
        _filled("reopened_at"),
    ),
    _row(
        "snapshot",
        "Snapshot",
        "quality_year_id month sides number text sha256 is_demo made_at made_by_id restates_id",
    ),
    _row("snapshot_published", "Snapshot", "published_at", _filled("published_at")),
    _row("snapshot_voided", "Snapshot", "voided_at voided_reason", _filled("voided_at")),
    _version(
        "issuing_terms", "IssuingTerms", "quality_year_id consultation_days silence objection_days"
    ),
    _row("consultation", "Consultation", "snapshot_id opened_by_id ends_at"),
    _version(
        "consultation_answer",
        "ConsultationAnswer",
        "consultation_id court_id side line verdict note by_id at",
    ),
    _row(
        "consultation_settled",
        "ConsultationAnswer",
        "settlement settled_by_id settled_at",
        _filled("settled_at"),
    ),
    _history(
        "paper_settings",
        "PaperSettings",
        "carrier letterhead letterhead_ko document_code series issued_by addressee signature "
        "copies_to printed_by quality_year_id version",
    ),
    _row(
        "word_template",
        "WordTemplate",
        "quality_year_id name content size reason uploaded_by_id uploaded_at decided_by_id "
        "decided_at note",
        ~Q(state="waiting"),
    ),
    _row("word_template_used", "WordTemplate", "content", Q(state__in=["in_use", "replaced"])),
    _row("word_template_refused", "WordTemplate", "state", Q(state__in=["refused", "withdrawn"])),
    _row(
        "bulletin",
        "Bulletin",
        "quality_year_id snapshot_id side month carrier number number_year title title_ko dated_on "
        "published_by_id published_at",
        Q(state__in=_OUT),
    ),
    _row(
        "bulletin_signed",
        "Bulletin",
        "restates_id template_sha256",
        Q(state__in=_OUT),
    ),
    _row(
        "bulletin_signature",
        "BulletinSignature",
        "bulletin_id side by_id at",
        Q(bulletin__state__in=_OUT),
    ),
    _row(
        "bulletin_withdrawn",
        "Bulletin",
        "withdrawn_by_id withdrawn_at withdrawn_reason",
        Q(state="withdrawn"),
    ),
    _row(
        "block",
        "BlockRevision",
        "bulletin_id language block version text data by_id at",
        Q(bulletin__state__in=_OUT),
    ),
    _row(
        "issued_file",
        "BulletinFile",
        "bulletin_id kind language scope name content size made_at",
        Q(bulletin__state__in=_OUT),
    ),
    _row("receipt", "BulletinReceipt", "bulletin_id user_id court_id read_at"),
    _row("objection_term", "ObjectionTerm", "bulletin_id until"),
    _version(
        "objection",
        "Objection",
        "bulletin_id court_id side line text by_id at outcome answer answered_by_id answered_at",
    ),
    _row(
        "restatement",
        "Restatement",
        "quality_year_id kind state reason sides source data proposed_by_id proposed_at "
        "decided_by_id decided_at note",
        ~Q(state="proposed"),
    ),
    _row(
        "restated_month",
        "RestatedMonth",
        "restatement_id month old_id new_id lines effect",
        _filled("new_id"),
    ),
    _row(
        "acceptance",
        "Acceptance",
        "quality_year_id number content_sha256 digest archive is_demo made_by_id made_at",
    ),
    _row("acceptance_first", "Acceptance", "first_by_id first_at", _filled("first_at")),
    _row("acceptance_second", "Acceptance", "second_by_id second_at", _filled("second_at")),
    _row("acceptance_withdrawn", "Acceptance", "withdrawn_at", _filled("withdrawn_at")),
    # What follows from points.
    _version(
        "proposal",
        "Proposal",
        "quality_year_id rule court_id side subject month figures state until reason by_id at",
    ),
    _version(
        "action",
        "Action",
        "quality_year_id number court_id side department subject month proposal_id asks due_on "
        "cause_code cause visit_on visited_on findings state opened_by_id opened_at closed_by_id "
        "closed_at closing_note",
    ),
    _version("action_measure", "ActionMeasure", "action_id text owner due_on done_on note"),
    _row("action_answer", "ActionAnswer", "action_id number text by_id at"),
    _row(
        "action_answer_checked",
        "ActionAnswer",
        "outcome check_note checked_by_id checked_at",
        _filled("checked_at"),
    ),
    _held("action_file", "ActionFile", "answer_id name kind content size"),
    _version(
        "measure_plan", "MeasurePlan", "quality_year_id court_id measure person plan by_id at"
    ),
    _version("measure_progress", "MeasureProgress", "plan_id month text by_id at"),
    _row(
        "meeting",
        "Meeting",
        "quality_year_id month title held_on present made_by_id made_at closed_by_id closed_at",
        Q(state="closed"),
    ),
    _row(
        "meeting_topic",
        "MeetingTopic",
        "meeting_id position title court_id side subject figures decision",
        _MEETING_ENDED,
    ),
    _row(
        "meeting_task",
        "MeetingTask",
        "topic_id text court_id side department due_on action_id by_id at",
        Q(topic__meeting__state="closed"),
    ),
    # Other systems.
    _row(
        "token",
        "ApiToken",
        "court_id name sees reads reads_current sends per_minute sha256 made_by_id made_at "
        "expires_on",
    ),
    _row("token_revoked", "ApiToken", "revoked_by_id revoked_at", _filled("revoked_at")),
    _row("sent", "SentExtract", "quality_year_id token_id side name sha256 sent_at"),
)
STREAMS: Mapping[str, Stream] = {one.code: one for one in _STREAMS}
# Tables whose rows must be as their newest row of history; each with the columns that must be.
MIRRORS: Mapping[str, tuple[str, ...]] = {
    "Court": ("code", "level", "parent_id"),
    "User": ("username", "is_active", "is_staff", "is_superuser", "court_id"),
    "Figure": ("metric", "value", "note", "blank_reason", "version", "monthly_return_id"),
    "QualityYear": ("code", "year", "deadline_day", "case_days", "ranking_shown", "edition_id"),
    "AppraisalTarget": ("item", "level", "percent", "from_month", "version", "court_id"),
    "Cap": ("baseline_cases", "reduction_cases", "cap_cases", "from_month", "version"),
    "Difference": ("state", "extract_value", "court_value", "version", "note"),
    "PaperSettings": ("letterhead", "document_code", "signature", "version"),
}
