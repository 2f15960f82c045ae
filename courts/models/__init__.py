"""The rows of the assessment, one module a concept."""

from courts.models.acceptances import Acceptance
from courts.models.account_acts import (
    AccountMaking,
    AccountProposal,
    AccountReview,
    Deputyship,
    Handover,
)
from courts.models.accounts import CredentialChange, User
from courts.models.actions import Action, ActionAnswer, ActionFile, ActionMeasure, Proposal
from courts.models.api import ApiCall, ApiToken, SentExtract
from courts.models.assessments import Assessment
from courts.models.ballot_office import PaperTally, RoundOrganizer, SecondRound
from courts.models.ballots import (
    BallotRound,
    BallotTarget,
    BoardEvent,
    Scrutineer,
    SealedBallot,
    Voter,
    Vouch,
)
from courts.models.bulletins import (
    BlockEditor,
    BlockRevision,
    Bulletin,
    BulletinFile,
    BulletinReceipt,
    BulletinSignature,
)
from courts.models.closings import Closing, Snapshot
from courts.models.consultations import Consultation, ConsultationAnswer, IssuingTerms
from courts.models.courts import Court, CourtChange
from courts.models.drafts import Draft
from courts.models.events import Event
from courts.models.extracts import Difference, Extract, ExtractFigure
from courts.models.housekeeping import HousekeepingRun
from courts.models.measures import MeasurePlan, MeasureProgress
from courts.models.meetings import Meeting, MeetingTask, MeetingTopic
from courts.models.month_profiles import MonthProfile
from courts.models.motions import Motion, MotionFile
from courts.models.notices import Notice, NoticeKind, NoticeMute, OutboxMessage
from courts.models.openings import EntryOnBehalf, Reopening, UnlockRequest
from courts.models.paper_settings import PaperSettings
from courts.models.readings import ReadingDecision
from courts.models.record import RecordEntry, RecordErasure, RecordSalt
from courts.models.registers import (
    RegisterChangePayload,
    RegisterDraw,
    RegisterFile,
    RegisterLine,
    RegisterLineChange,
    RegisterLineView,
    RegisterTally,
)
from courts.models.restatements import (
    Objection,
    ObjectionTerm,
    RestatedMonth,
    Restatement,
)
from courts.models.returns import Figure, MonthlyReturn
from courts.models.reviews import CellComment, FollowUp, Submission
from courts.models.scenarios import Scenario
from courts.models.second_factor import FactorRelease, RecoveryCode, SecondFactor
from courts.models.sheets import SheetSource
from courts.models.sides import SideRole
from courts.models.special_cases import CaseAttachment, CaseVerification, SpecialCase
from courts.models.stamps import DataStamp
from courts.models.supplements import TakenSupplement
from courts.models.targets import AppraisalTarget, Cap
from courts.models.waiting import WaitingTable
from courts.models.word_templates import WordTemplate
from courts.models.years import QualityYear, RulebookEdition

__all__ = [
    "Acceptance",
    "AccountMaking",
    "AccountProposal",
    "AccountReview",
    "Action",
    "ActionAnswer",
    "ActionFile",
    "ActionMeasure",
    "ApiCall",
    "ApiToken",
    "AppraisalTarget",
    "Assessment",
    "BallotRound",
    "BallotTarget",
    "BlockEditor",
    "BlockRevision",
    "BoardEvent",
    "Bulletin",
    "BulletinFile",
    "BulletinReceipt",
    "BulletinSignature",
    "Cap",
    "CaseAttachment",
    "CaseVerification",
    "CellComment",
    "Closing",
    "Consultation",
    "ConsultationAnswer",
    "Court",
    "CourtChange",
    "CredentialChange",
    "DataStamp",
    "Deputyship",
    "Difference",
    "Draft",
    "EntryOnBehalf",
    "Event",
    "Extract",
    "ExtractFigure",
    "FactorRelease",
    "Figure",
    "FollowUp",
    "Handover",
    "HousekeepingRun",
    "IssuingTerms",
    "MeasurePlan",
    "MeasureProgress",
    "Meeting",
    "MeetingTask",
    "MeetingTopic",
    "MonthProfile",
    "MonthlyReturn",
    "Motion",
    "MotionFile",
    "Notice",
    "NoticeKind",
    "NoticeMute",
    "Objection",
    "ObjectionTerm",
    "OutboxMessage",
    "PaperSettings",
    "PaperTally",
    "Proposal",
    "QualityYear",
    "ReadingDecision",
    "RecordEntry",
    "RecordErasure",
    "RecordSalt",
    "RecoveryCode",
    "RegisterChangePayload",
    "RegisterDraw",
    "RegisterFile",
    "RegisterLine",
    "RegisterLineChange",
    "RegisterLineView",
    "RegisterTally",
    "Reopening",
    "RestatedMonth",
    "Restatement",
    "RoundOrganizer",
    "RulebookEdition",
    "Scenario",
    "Scrutineer",
    "SealedBallot",
    "SecondFactor",
    "SecondRound",
    "SentExtract",
    "SheetSource",
    "SideRole",
    "Snapshot",
    "SpecialCase",
    "Submission",
    "TakenSupplement",
    "UnlockRequest",
    "User",
    "Voter",
    "Vouch",
    "WaitingTable",
    "WordTemplate",
]
