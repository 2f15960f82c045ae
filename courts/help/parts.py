"""Owns which part of the manual belongs to which page: one table, by the names of addresses.

A part is written `page#anchor`. Anchors are made of the English headings and are the same in every
language. Where a page has several parts, each in the manual of another desk, a reader is shown the
one of their own.
"""

from __future__ import annotations

from collections.abc import Mapping

from courts.permissions import Role

# The pages of the manual by their names in addresses, in the order in which they are listed, and
# their files: in Chinese in docs/manual, in other languages in a folder of the language.
COMMON = "common"
FILES: Mapping[str, str] = {
    COMMON: "README.md",
    "court-desk": "court-desk.md",
    "office": "office.md",
    "leader": "leader.md",
    "ballot": "ballot.md",
    "administrator": "administrator.md",
}

# Where a role's work is described; what a role does besides stands behind.
PAGES_OF: Mapping[str, tuple[str, ...]] = {
    Role.LITIGATION: ("court-desk",),
    Role.ENFORCEMENT: ("court-desk",),
    Role.OFFICE: ("office", "ballot"),
    Role.CENTRE: ("office",),
    Role.LEADER: ("leader", "ballot"),
    Role.PARTY: ("leader",),
    Role.SCRUTINEER: ("ballot",),
    Role.ADMIN: ("administrator",),
}

_SIGNING_IN = ("common#signing-in-and-passwords",)
_RANKING = ("common#reading-the-ranking",)
_SCORECARD = ("common#reading-a-scorecard",)
_RULES = ("common#looking-at-rules-and-targets",)
_RETURN = ("court-desk#filling-in-as-in-a-spreadsheet", "office#verifying-returns")
_FILE = ("court-desk#filling-in-from-a-file",)
_PASTE = ("court-desk#pasting-from-a-spreadsheet", "office#all-courts-figures")
_VERIFYING = ("office#verifying-returns",)
_TWO_PEOPLE = ("office#what-takes-two-people", "court-desk#what-you-can-do")
_DIFFERENCES = (
    "office#extracts-and-differences",
    "court-desk#figures-that-differ-from-the-extract",
)
_REGISTERS = ("office#registers", "court-desk#registers", "leader#registers")
_ACTIONS = (
    "office#actions-and-what-is-put-right",
    "court-desk#actions-and-what-is-put-right",
    "leader#actions-meetings-and-tasks-of-the-year",
)
_CASES = (
    "court-desk#applying-for-separate-points",
    "leader#special-cases-party-group",
    "office#verifying-special-cases",
)
_TARGETS = ("office#targets-and-caps", "common#looking-at-rules-and-targets")
_EDITIONS = ("office#rulebook-editions", "common#looking-at-rules-and-targets")
_READINGS = ("office#readings", "common#looking-at-rules-and-targets")
_SHOWN_RULES = ("office#rulebook-editions", "common#looking-at-rules-and-targets")
_DASHBOARD = ("leader#the-dashboard-of-all-courts", "office#the-dashboard")
_CHANCE = ("leader#whether-a-difference-is-real", "court-desk#outlook-and-single-months")
_COURT = ("court-desk#where-the-next-point-comes-from", "leader#the-dashboard-of-all-courts")
_WHAT_IF = ("court-desk#what-if",)
_WORKBOOK = (
    "office#the-workbook-and-indicators-up-or-down",
    "court-desk#the-workbook-and-what-went-up-or-down",
)
_ASKING = (
    "office#asking-courts-signing-and-publishing",
    "court-desk#checking-a-bulletin",
)
_OBJECTIONS = ("office#objections-and-restatements", "court-desk#checking-a-bulletin")
_DRAFTING = ("office#drafting-and-editing-a-bulletin",)
_ACCEPTANCE = ("leader#year-end-acceptance",)
_ROUND = ("ballot#the-course-of-a-round",)
_SHEETS = ("ballot#sheets-on-the-notice-board",)
_ACCOUNTS = (
    "administrator#accounts-from-a-list",
    "office#accounts-of-court-desks-and-deputies",
)
_DEPUTIES = (
    "administrator#leaving-deputies-yearly-review",
    "office#accounts-of-court-desks-and-deputies",
)
_TOKENS = ("administrator#letting-other-systems-read-or-send",)

# Name of an address, without the application's own name → its parts.
PARTS: Mapping[str, tuple[str, ...]] = {
    "home": (
        "court-desk#what-you-can-do",
        "office#the-desk",
        "leader#a-month-in-two-minutes",
        "administrator#setting-up",
        "ballot#the-course-of-a-round",
        "common#signing-in-and-passwords",
    ),
    "login": _SIGNING_IN,
    "login_second": _SIGNING_IN,
    "portal_back": _SIGNING_IN,
    "password_again": _SIGNING_IN,
    "second_factor": _SIGNING_IN,
    "second_factors": ("administrator#a-lost-second-factor",),
    "sessions": _SIGNING_IN,
    "signed_in": _SIGNING_IN,
    "password": _SIGNING_IN,
    "password_done": _SIGNING_IN,
    "notices": ("common#notices",),
    "notice": ("common#notices",),
    "tour": ("common#help-and-the-tour",),
    # Who asks for help on a page of help is shown the list.
    "help": (),
    "help_page": (),
    "help_glossary": (),
    "help_reading": (),
    "reminders": ("office#completeness",),
    "accounts": _ACCOUNTS,
    "accounts_import": _ACCOUNTS,
    "account": (
        "administrator#a-second-person-confirms-an-account",
        "office#accounts-of-court-desks-and-deputies",
    ),
    "deputies": _DEPUTIES,
    "deputy": _DEPUTIES,
    "handover": _DEPUTIES,
    "rankings": _RANKING,
    "year": _RANKING,
    "ranking": _RANKING,
    "scorecard": _SCORECARD,
    "own_returns": ("court-desk#what-you-can-do",),
    "returns": ("court-desk#what-you-can-do", "office#verifying-returns"),
    "return": _RETURN,
    "return_cells": _RETURN,
    "return_cell": _RETURN,
    "return_effect": _RETURN,
    "return_submit": ("court-desk#what-you-can-do",),
    "return_take_back": ("court-desk#what-you-can-do",),
    "return_unlock": ("court-desk#what-you-can-do",),
    "return_print": _RETURN,
    "return_paste": _PASTE,
    "return_from_register": ("court-desk#registers",),
    "upload": _FILE,
    "upload_confirm": _FILE,
    "upload_discard": _FILE,
    "upload_headings": _FILE,
    "upload_sources": _FILE,
    "office_grids": ("office#all-courts-figures",),
    "office_grid": ("office#all-courts-figures",),
    "grid_paste": _PASTE,
    "return_behalf": ("office#all-courts-figures",),
    "reviews": _VERIFYING,
    "review": _VERIFYING,
    "review_begin": _VERIFYING,
    "review_reopen": _VERIFYING,
    "desk": ("office#the-desk",),
    "readings_looked_at": ("office#the-desk",),
    "completeness": ("office#completeness", "leader#have-the-courts-reported"),
    "deadline": ("office#deadlines-and-unlocking",),
    "unlocks": ("office#deadlines-and-unlocking",),
    "unlock_decide": ("office#deadlines-and-unlocking",),
    "ranking_shown": ("office#what-courts-see-of-the-ranking",),
    "month_profile": ("office#the-desk",),
    "audit": ("office#the-audit-of-changes", "court-desk#checking-once-a-month"),
    "courts_import": ("administrator#courts-and-years",),
    "extracts": _DIFFERENCES,
    "extracts_confirm": _DIFFERENCES,
    "differences": _DIFFERENCES,
    "difference": _DIFFERENCES,
    "sent_extract": _DIFFERENCES,
    "motions": _TWO_PEOPLE,
    "motion": _TWO_PEOPLE,
    "assessments": ("office#assessed-points", "court-desk#what-you-can-do"),
    "court_changes": ("office#changes-of-courts",),
    "editions": _EDITIONS,
    "edition_new": _EDITIONS,
    "edition": _EDITIONS,
    "edition_differences": _EDITIONS,
    "edition_effect": _EDITIONS,
    "edition_text": _EDITIONS,
    "edition_part": _EDITIONS,
    "edition_propose": _EDITIONS,
    "edition_return": _EDITIONS,
    "edition_discard": _EDITIONS,
    "edition_enact": _EDITIONS,
    "new_year": _EDITIONS,
    "own_targets": _TARGETS,
    "targets": _TARGETS,
    "target_new": _TARGETS,
    "target": _TARGETS,
    "target_remove": _TARGETS,
    "targets_import": ("office#targets-by-file",),
    "caps": ("office#caps", "common#looking-at-rules-and-targets"),
    "cap": ("office#caps", "common#looking-at-rules-and-targets"),
    "caps_import": ("office#caps",),
    "rulebook": _RULES,
    "rule": ("common#understanding-an-explanation",),
    "supplements": _SHOWN_RULES,
    "supplement": _SHOWN_RULES,
    "readings": _READINGS,
    "reading": _READINGS,
    "base": ("office#base-data", "common#looking-at-rules-and-targets"),
    "base_give": ("office#base-data",),
    "cases": _CASES,
    "case_new": _CASES,
    "case": _CASES,
    "case_days": _CASES,
    "registers": _REGISTERS,
    "register": _REGISTERS,
    "register_new": _REGISTERS,
    "register_import": _REGISTERS,
    "register_line": _REGISTERS,
    "register_statistics": _REGISTERS,
    "register_draws": _REGISTERS,
    "register_drawn": _REGISTERS,
    "register_cases": _REGISTERS,
    "reconciliation": _REGISTERS,
    "actions": _ACTIONS,
    "proposals": _ACTIONS,
    "action_new": _ACTIONS,
    "action": _ACTIONS,
    "all_measures": _ACTIONS,
    "measures": _ACTIONS,
    "meetings": _ACTIONS,
    "meeting": _ACTIONS,
    "meeting_topic": _ACTIONS,
    "dashboards": _DASHBOARD,
    "dashboard": _DASHBOARD,
    "projector": _DASHBOARD,
    "trends": _DASHBOARD,
    "funnels": _CHANCE,
    "all_readings": _CHANCE,
    "outlook": _CHANCE,
    "small_counts": _CHANCE,
    "court_page": _COURT,
    "court_print": _COURT,
    "what_if": _WHAT_IF,
    "scenarios": _WHAT_IF,
    "scenario_new": _WHAT_IF,
    "scenario": _WHAT_IF,
    "workbook": _WORKBOOK,
    "direction": _WORKBOOK,
    "close": ("office#closing-a-month",),
    "consultations": _ASKING,
    "consultation_new": _ASKING,
    "consultation": _ASKING,
    "consultation_court": _ASKING,
    "issuing_terms": _ASKING,
    "bulletin_sign": _ASKING,
    "objections": _OBJECTIONS,
    "objection_new": _OBJECTIONS,
    "objection": _OBJECTIONS,
    "restatements": _OBJECTIONS,
    "restatement_new": _OBJECTIONS,
    "restatement": _OBJECTIONS,
    "bulletins": ("office#drafting-and-editing-a-bulletin", "court-desk#checking-a-bulletin"),
    "bulletin": ("office#drafting-and-editing-a-bulletin", "court-desk#checking-a-bulletin"),
    "bulletin_paper": _DRAFTING,
    "bulletin_draft": _DRAFTING,
    "bulletin_edit": _DRAFTING,
    "bulletin_blocks": _DRAFTING,
    "bulletin_number": _DRAFTING,
    "word_template": ("office#another-word-template",),
    "acceptance": _ACCEPTANCE,
    "acceptance_make": _ACCEPTANCE,
    "acceptance_sign": _ACCEPTANCE,
    "acceptance_court": _ACCEPTANCE,
    "api_tokens": _TOKENS,
    "api_token": _TOKENS,
    "ballots": _ROUND,
    "ballot": _ROUND,
    "ballot_new": _ROUND,
    "ballot_edit": _ROUND,
    "ballot_act": _ROUND,
    "ballot_replaced": ("ballot#voters",),
    "ballot_booth": ("ballot#voters",),
    "ballot_check": ("ballot#voters",),
    "ballot_keys": ("ballot#scrutineers",),
    "ballot_opening": ("ballot#scrutineers",),
    "ballot_opening_sheet": _SHEETS,
    "ballot_closing_sheet": _SHEETS,
    "ballot_minutes": _SHEETS,
    "ballot_paper": ("ballot#voting-on-paper-instead",),
}

# What the administration is for whom.
ADMINISTRATION = (
    "administrator#making-accounts",
    "office#importing-figures-preview-first-then-write",
)
