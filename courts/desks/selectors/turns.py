"""Owns where a page's year switch leads: the same kind of page in another year, if there is one.

The address of a page is its view's name and what the address holds. A month becomes the same month
of the other year; courts, items, readings and metrics are kept where that year has them; what
belongs to one year alone, such as a round or an application, leads to the list it stands in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from courts.models import QualityYear, User
from courts.permissions import Account, has_desk, may_oversee_returns, review_sides
from courts.years.selectors.counted_months import months_with_figures
from courts.years.selectors.slots import find_open_year
from courts.years.selectors.years import courts_of, rulebook_of
from scoring.facts import Month

# Pages that only send something, and those of one row of one year: the page to turn to instead.
INSTEAD: Mapping[str, str] = {
    "return_cells": "return",
    "return_effect": "return",
    "return_submit": "return",
    "return_unlock": "return",
    "return_behalf": "return",
    "behalf_cells": "office_grid",
    "upload": "return",
    "upload_confirm": "return",
    "upload_discard": "return",
    "upload_headings": "return",
    "upload_sources": "return",
    "review_reopen": "review",
    "unlock_decide": "unlocks",
    "case": "cases",
    "case_file": "cases",
    "action_new": "actions",
    "action": "actions",
    "action_file": "actions",
    "action_paper": "actions",
    "meeting": "meetings",
    "meeting_topic": "meetings",
    "meeting_minutes": "meetings",
    "return_from_register": "return",
    "register": "registers",
    "register_new": "registers",
    "register_import": "registers",
    "register_line": "registers",
    "register_file": "registers",
    "register_statistics": "registers",
    "register_draws": "registers",
    "register_drawn": "registers",
    "register_cases": "registers",
    "target": "targets",
    "target_remove": "targets",
    "extracts_confirm": "extracts",
    "sent_extract": "extracts",
    "acceptance_make": "acceptance",
    "acceptance_sign": "acceptance",
    "acceptance_archive": "acceptance",
    "scenario_new": "scenarios",
    "scenario": "scenarios",
    "difference": "differences",
    "motion": "motions",
    "motion_file": "motions",
    "workbook": "ranking",
    "supplement": "supplements",
    "word_template_file": "word_template",
    "word_template_trial": "word_template",
    "consultation_new": "consultations",
    "consultation": "consultations",
    "consultation_court": "consultations",
    "bulletin_sign": "consultations",
    "objection_new": "objections",
    "objection": "objections",
    "restatement_new": "restatements",
    "restatement": "restatements",
    "bulletin": "bulletins",
    "bulletin_draft": "bulletins",
    "bulletin_file": "bulletins",
    "bulletin_edit": "bulletins",
    "bulletin_blocks": "bulletins",
    "bulletin_number": "bulletins",
}
# Pages of scores: a month without figures says nothing, so the year's latest with some is shown.
SCORES = {
    "ranking",
    "scorecard",
    "court_page",
    "court_print",
    "what_if",
    "scenarios",
    "outlook",
    "small_counts",
    "dashboard",
    "direction",
    "projector",
    "trends",
    "funnels",
    "all_readings",
}
# What of the query is kept.
KEPT = ("basis", "side")


@dataclass(frozen=True, slots=True)
class Turned:
    """A page of another year: the name of its address and what the address holds."""

    name: str
    kwargs: Mapping[str, object]


def turned(
    user: Account, year_code: str, name: str, kwargs: Mapping[str, object], basis: str
) -> Turned:
    """The page like that of `name` and `kwargs` in the year of that code.

    `NoSlotError` when the account sees no such year. Whether the account may open the page is
    the page's own to say: that is the same in all years.
    """
    year = find_open_year(user, year_code)
    if name == "ballot" or (name.startswith("ballot_") and name != "ballot_new"):
        # A round belongs to one year.
        name = "ballots"
    if "year_code" not in kwargs:
        return _first_page(user, year, name)
    name, held = INSTEAD.get(name, name), dict(kwargs) | {"year_code": year_code}
    if "month" in held:
        held["month"] = str(_month(year, name, str(held["month"]), basis))
    court, rulebook = held.get("court_code"), rulebook_of(year)
    if court is not None and court not in {one.code for one in courts_of(year)}:
        return _first_page(user, year, name)
    if held.get("item_code", "") not in {"", *rulebook.item_by_code}:
        name = "rulebook"
    if held.get("reading_code", "") not in {"", *rulebook.reading_by_code}:
        name = "readings"
    if held.get("metric", "") not in {"", *rulebook.metrics}:
        name = "return"
    return Turned(name, held)


def _month(year: QualityYear, name: str, month: str, basis: str) -> Month:
    """The same month of the year; for scores the latest one with figures if it has none."""
    same = Month(year.year, Month.parse(month).month)
    if name not in SCORES:
        return same
    found = months_with_figures(year, basis)
    return same if same in found or not found else found[-1]


def _first_page(user: Account, year: QualityYear, name: str) -> Turned:
    """Where a year begins for the account, for pages that have no like in it."""
    held: dict[str, object] = {"year_code": year.code}
    if name.startswith("edition"):
        return Turned("rulebook", held)
    own = user.court if isinstance(user, User) else None
    if own is not None and has_desk(user) and own.code in {c.code for c in courts_of(year)}:
        return Turned("returns", held | {"court_code": own.code})
    if may_oversee_returns(user, year) and review_sides(user):
        return Turned("desk", held)
    return Turned("year", held)
