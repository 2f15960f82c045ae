"""Who gets where: every address × every kind of account × every verb, written down by hand.

An address that is not in the matrix fails the test. What the administration allows to whom is
tested model by model in tests/courts/admin/test_admin.py; here its addresses are shut to all
others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse
from django.utils import timezone

from courts.models import (
    Action,
    ActionAnswer,
    ActionFile,
    ApiToken,
    AppraisalTarget,
    Bulletin,
    BulletinSignature,
    CaseAttachment,
    Consultation,
    Court,
    Deputyship,
    Handover,
    Meeting,
    MeetingTopic,
    Motion,
    MotionFile,
    Notice,
    Objection,
    ObjectionTerm,
    QualityYear,
    RegisterDraw,
    RegisterFile,
    RegisterLine,
    Restatement,
    RulebookEdition,
    Scenario,
    SentExtract,
    SpecialCase,
    User,
)
from courts.upkeep.services import health
from tests.courts.admin_fixtures import make_round
from tests.courts.issue_fixtures import closed_month, issue_of
from tests.grounds import Ground
from tests.kept_rows import put_back
from tests.pages import MADE, account, client_of, elsewhere, stored_year

WHO = (
    "anonymous",
    "litigation",
    "enforcement",
    "office",
    "centre",
    "leader",
    "party",
    "admin",
    "stranger",  # the office of another prefecture
    "roleless",
    "courtless",  # an office's role without a court
)
DESKS = ("litigation", "enforcement", "leader", "party", "roleless")
VERBS = ("get", "post", "put", "patch", "delete")
# Who asks with verbs that no page takes; the others do by night.
FEW = ("anonymous", "litigation", "office")
# Of those who are shown a page so many look at it, the first and the last two; by night all do.
LOOK = 3

# Answers by letter: u: 401; l: sent to the login page; r: sent elsewhere; o: 200; b: 400; f: 403;
# n: 404; m: 405; c: 409. Accounts stand in the order of WHO.
# The round of the ballot is a draft; tests/courts/ballots/test_ballot_api.py has its other states.
READ = "lmmmmmmmmmm"
# An address that only takes a form sends a reader to the page of the form, which decides.
PAGE = "lrrrrrrrrrr"
MATRIX: dict[str, dict[str, str]] = {
    "courts:home": {"get": "lrrrroooroo"},
    "courts:login": {
        "get": "orrrrrrrrrr",
        "post": "orrrrrrrrrr",
        "put": "orrrrrrrrrr",
        "patch": "mrrrrrrrrrr",
        "delete": "mrrrrrrrrrr",
    },
    "courts:logout": {
        "get": "rrrrrrrrrrr",
        "post": "lllllllllll",
        "put": "mmmmmmmmmmm",
        "patch": "mmmmmmmmmmm",
        "delete": "mmmmmmmmmmm",
    },
    "courts:password": {"get": "loooooooooo", "post": "loooooooooo", "put": "loooooooooo"},
    "courts:login_second": dict.fromkeys(("get", "post"), "lrrrrrrrrrr")
    | dict.fromkeys(VERBS[2:], "mmmmmmmmmmm"),
    # Without a portal there are no such pages; with one tests/courts/accounts/test_portals.py asks.
    "courts:portal": {"get": "nnnnnnnnnnn"} | dict.fromkeys(VERBS[1:], "mmmmmmmmmmm"),
    "courts:portal_back": {"get": "nnnnnnnnnnn"} | dict.fromkeys(VERBS[1:], "mmmmmmmmmmm"),
    "courts:password_again": dict.fromkeys(("get", "post"), "lrrrrrrrrrr")
    | dict.fromkeys(VERBS[2:], "lmmmmmmmmmm"),
    "courts:second_factor": {"get": "loooooooooo", "post": "loooooooooo"},
    "courts:second_factors": {"get": "lffffffofff", "post": "lffffffrfff"},
    "courts:sessions": {"get": "loooooooooo", "post": "loooooooooo"},
    "courts:password_done": {"get": "loooooooooo"},
    "courts:year": {"get": "lrrrrrrrnfn"},
    "courts:turn": {"get": "lrrrrrrrnnn"},
    "courts:ranking": {"get": "looooooonfn"},
    "courts:ranking?basis=reported": {"get": "lffoooffnfn"},
    "courts:ranking?_export=xlsx": {"get": "looooooonfn"},
    "courts:ranking?_export=csv": {"get": "looooooonfn"},
    "courts:scorecard": {"get": "looooooonfn"},
    "courts:scorecard?basis=reported": {"get": "lffoooffnfn"},
    "courts:rankings": {"get": "lrrrrrrrroo"},
    "courts:signed_in": {"get": "loooooooooo"},
    "courts:drafts": {"get": PAGE, "post": "lffffffffff"},
    "courts:own_returns": {"get": "lrrnnnnnnnn"},
    "courts:returns": {"get": "loooooffnnn"},
    "courts:return": {"get": "loooooffnnn"},
    "courts:return_cells": {"get": "loooooffnnn", "post": "lbffffffnnn"},
    "courts:return_paste": {"get": "lrrrrrffnnn", "post": "lbffffffnnn"},
    "courts:return_cell": {"get": "loooooffnnn", "post": "lofoffffnnn"},
    "courts:return_effect": {"get": "loooooffnnn"},
    "courts:return_submit": {"get": "loffffffnnn", "post": "loffffffnnn"},
    "courts:return_unlock": {"get": PAGE, "post": "lrffffffnnn"},
    "courts:return_take_back": {"get": PAGE, "post": "lrffffffnnn"},
    "courts:return_print": {"get": "loooooffnnn"},
    "courts:rulebook": {"get": "looooooonnn"},
    "courts:rulebook?_export=xlsx": {"get": "looooooonnn"},
    "courts:rule": {"get": "looooooonnn"},
    "courts:supplements": {"get": "looooooonnn", "post": "lffoffffnnn"},
    "courts:supplement": {"get": "looooooonnn"},
    "courts:word_template": {"get": "lffoooffnnn", "post": "lffoofffnnn"},
    "courts:word_template_file": {"get": "lffoooffnnn"},
    "courts:word_template_trial": {"get": "lffoooffnnn"},
    "courts:readings": {"get": "looooooonnn"},
    "courts:readings?_export=csv": {"get": "looooooonnn"},
    "courts:reading": {"get": "looooooonnn", "post": "lffoffffnnn"},
    "courts:office_grids": {"get": "lffrrrffnnn"},
    "courts:office_grid": {"get": "lffoooffnnn"},
    "courts:office_grid?_export=csv": {"get": "lffoooffnnn"},
    "courts:grid_paste": {"get": "lffrrrffnnn", "post": "lffbffffnnn"},
    "courts:behalf_cells": {"get": "lffoffffnnn", "post": "lffbffffnnn"},
    "courts:return_template": {"get": "loffffffnnn"},
    "courts:upload": {"get": "loffffffnnn", "post": "loffffffnnn"},
    "courts:upload_confirm": {"get": PAGE, "post": "loffffffnnn"},
    "courts:upload_discard": {"get": PAGE, "post": "lrffffffnnn"},
    "courts:upload_headings": {"get": PAGE, "post": "lrffffffnnn"},
    "courts:upload_sources": {"get": "loffffffnnn", "post": "lrffffffnnn"},
    "courts:return_behalf": {"get": PAGE, "post": "lrffffffnnn"},
    "courts:review": {"get": "lffoffffnnn", "post": "lffoffffnnn"},
    "courts:review_reopen": {"get": PAGE, "post": "lffrffffnnn"},
    "courts:review_begin": {"get": PAGE, "post": "lffrffffnnn"},
    "courts:reviews": {"get": "lffoofffnnn", "post": "lffrrfffnnn"},
    "courts:desk": {"get": "lffoofffnnn"},
    "courts:readings_looked_at": {"get": PAGE, "post": "lffrffffnnn"},
    "courts:completeness": {"get": "lffoooffnnn"},
    "courts:close": {"get": "lffoooffnnn", "post": "lffoofffnnn"},
    "courts:consultations": {"get": "loooooffnnn"},
    "courts:consultation_new": {"get": PAGE, "post": "lnnrrfnnnnn"},
    "courts:consultation": {"get": "lrroooffnnn", "post": "lffrrrffnnn"},
    "courts:consultation_court": {"get": "loooooffnnn", "post": "lrrfffffnnn"},
    "courts:issuing_terms": {"get": "lffoffffnnn", "post": "lffoffffnnn"},
    "courts:bulletin_sign": {"get": "lnnooonnnnn", "post": "lnnrrrnnnnn"},
    "courts:objections": {"get": "loooooofnnn"},
    "courts:objection_new": {"get": "loofffffnnn", "post": "loofffffnnn"},
    "courts:objection": {"get": "loooooonnnn", "post": "loooooonnnn"},
    "courts:restatements": {"get": "lffoooofnnn"},
    "courts:restatement_new": {"get": "lffoofffnnn", "post": "lffoofffnnn"},
    "courts:restatement": {"get": "lffoooofnnn", "post": "lffoooofnnn"},
    "courts:month_profile": {"get": "lffoffffnnn", "post": "lffoffffnnn"},
    "courts:ranking_shown": {"get": "lffoffffnnn", "post": "lffoffffnnn"},
    "courts:deadline": {"get": "lffoffffnnn", "post": "lffoffffnnn"},
    "courts:unlocks": {"get": "lffoofffnnn"},
    "courts:motions": {"get": "lffoofffnnn"},
    "courts:motion": {"get": "lnnoonnnnnn", "post": "lnnoonnnnnn"},
    "courts:motion_file": {"get": "lnnoonnnnnn"},
    # The rules have no item whose points an office gives: nothing can be proposed.
    "courts:assessments": {"get": "loooooofnnn", "post": "lffoofffnnn"},
    "courts:court_changes": {"get": "looooooonnn", "post": "lffoffffnnn"},
    "courts:unlock_decide": {"get": PAGE, "post": "lffrffffnnn"},
    "courts:audit": {"get": "loooooffnnn"},
    "courts:courts_import": {"get": "lffffffofff", "post": "lffffffofff"},
    "courts:extracts": {"get": "lffoooffnnn", "post": "lffoofffnnn"},
    "courts:extracts_confirm": {"get": PAGE, "post": "lffrrfffnnn"},
    "courts:differences": {"get": "loooooffnnn", "post": "lffrrfffnnn"},
    "courts:difference": {"get": "loooooffnnn", "post": "loffffffnnn"},
    "courts:editions": {"get": "looooooooff"},
    "courts:edition_new": {"get": "lffoffffoff", "post": "lffoffffoff"},
    "courts:edition": {"get": "lnnoonnnnnn"},
    "courts:edition_differences": {"get": "lnnoonnnnnn"},
    "courts:edition_effect": {"get": "lnnoonnnnnn"},
    "courts:edition_files": {"get": "lnnoonnnnnn", "post": "lnnrfnnnnnn"},
    "courts:edition_text": {"get": "lnnoonnnnnn", "post": "lnnofnnnnnn"},
    "courts:edition_part": {"get": "lnnoonnnnnn", "post": "lnnofnnnnnn"},
    "courts:edition_propose": {"get": PAGE, "post": "lnnrfnnnnnn"},
    "courts:edition_return": {"get": PAGE, "post": "lnnrrnnnnnn"},
    "courts:edition_discard": {"get": PAGE, "post": "lnnrfnnnnnn"},
    "courts:edition_enact": {"get": "lnnoonnnnnn", "post": "lnnoonnnnnn"},
    "courts:new_year": {"get": "lnnrrnnnnnn", "post": "lnnrrnnnnnn"},
    "courts:ballots": {"get": "looooooonnn"},
    "courts:ballot_new": {"get": "lffoffffnnn", "post": "lffoffffnnn"},
    "courts:ballot": {"get": "lffoffffnnn"},
    "courts:ballot_edit": {"get": "lffoffffnnn", "post": "lffoffffnnn"},
    "courts:ballot_act": {"get": PAGE, "post": "lffnffffnnn"},
    "courts:ballot_keys": {"get": "lfffffffnnn"},
    "courts:ballot_booth": {"get": "lfffffffnnn"},
    "courts:ballot_check": {"get": "lfffffffnnn"},
    "courts:ballot_opening": {"get": "lfffffffnnn"},
    "courts:ballot_opening_sheet": {"get": "lffnffffnnn"},
    "courts:ballot_closing_sheet": {"get": "lffnffffnnn"},
    "courts:ballot_minutes": {"get": "lffnffffnnn"},
    "courts:ballot_paper": {"get": "lffoffffnnn", "post": "lffoffffnnn"},
    "courts:ballot_verifier": {"get": "loooooooooo"},
    "courts:ballot_verifier_hash": {"get": "loooooooooo"},
    "courts:ballot_replaced": {"get": "lrrrrrrrrrr"},
    "courts:ballot_worker": {"get": "loooooooooo"},
    "courts:ballot_booth_file": {"get": "loooooooooo"},
    "courts:ballot_booth_file_hash": {"get": "loooooooooo"},
    "courts:ballot_scrutineer": {"get": "loooooooooo"},
    "courts:ballot_scrutineer_hash": {"get": "loooooooooo"},
    "courts:ballot_state": {"get": "lffoffffnnn"},
    "courts:ballot_manifest": {"get": "lffnffffnnn"},
    "courts:ballot_key": {"get": PAGE, "post": "lffbffffnnn"},
    "courts:ballot_nonce": {"get": PAGE, "post": "lffcffffnnn"},
    "courts:ballot_rehearsal": {"get": PAGE, "post": "lffbffffnnn"},
    "courts:ballot_cast": {"get": PAGE, "post": "lffbffffnnn"},
    "courts:ballot_partial": {"get": PAGE, "post": "lffbffffnnn"},
    "courts:ballot_board": {"get": "lfffffffnnn"},
    "courts:ballot_scan": {"get": "lffnffffnnn"},
    "courts:own_targets": {"get": "lrrrrrrrrrr"},
    "courts:targets": {"get": "looooooonnn"},
    "courts:targets?_export=csv": {"get": "looooooonnn"},
    "courts:target_new": {"get": "lffoffffnnn", "post": "lffoffffnnn"},
    "courts:targets_import": {"get": "lffoffffnnn", "post": "lffoffffnnn"},
    "courts:target": {"get": "looooooonnn", "post": "lffoffffnnn"},
    "courts:target_remove": {"get": PAGE, "post": "lffrffffnnn"},
    "courts:caps": {"get": "looooooonnn", "post": "lffrffffnnn"},
    "courts:caps_import": {"get": "lffoffffnnn", "post": "lffoffffnnn"},
    "courts:cap": {"get": "looooooonnn", "post": "lffoffffnnn"},
    # Lines are for their own court's desk and the office of their side.
    "courts:registers": {"get": "loooooofnnn"},
    "courts:register": {"get": "lofoffffnnn"},
    "courts:register?_export=csv": {"get": "lofoffffnnn"},
    "courts:register_new": {"get": "lofoffffnnn", "post": "lofoffffnnn"},
    "courts:register_import": {"get": "lofoffffnnn", "post": "lofoffffnnn"},
    "courts:register_line": {"get": "lofoffffnnn", "post": "lofoffffnnn"},
    "courts:register_file": {"get": "lofoffffnnn"},
    "courts:register_statistics": {"get": "loooooofnnn"},
    "courts:register_draws": {"get": "lfofofffnnn", "post": "lfofofffnnn"},
    "courts:register_drawn": {"get": "lfofofffnnn", "post": "lfofofffnnn"},
    "courts:register_cases": {"get": "loooooofnnn"},
    "courts:reconciliation": {"get": "loooooffnnn"},
    "courts:return_from_register": {"get": "loffffffnnn", "post": "lrffffffnnn"},
    # Of Yanji; its own desks are tested with the pages.
    "courts:actions": {"get": "loooooofnnn"},
    "courts:actions?_export=csv": {"get": "loooooofnnn"},
    "courts:proposals": {"get": "lffoooofnnn", "post": "lffnnnnfnnn"},
    "courts:action_new": {"get": "lffoofffnnn", "post": "lffoofffnnn"},
    "courts:action": {"get": "lffoooofnnn", "post": "lffnnnnfnnn"},
    "courts:action_file": {"get": "lffoooofnnn"},
    "courts:action_paper": {"get": "lffoooofnnn"},
    "courts:all_measures": {"get": "lffoooofnnn"},
    "courts:measures": {"get": "lffoooofnnn", "post": "lffoooofnnn"},
    "courts:meetings": {"get": "lffoooofnnn", "post": "lffoooofnnn"},
    "courts:meeting": {"get": "lffoooofnnn", "post": "lffnnnnfnnn"},
    "courts:meeting_topic": {"get": "lffoooofnnn", "post": "lffnnnnfnnn"},
    "courts:meeting_minutes": {"get": "lffoooofnnn"},
    "courts:cases": {"get": "loooooofnnn"},
    "courts:cases?_export=xlsx": {"get": "loooooofnnn"},
    "courts:case_new": {"get": "loofffffnnn", "post": "loofffffnnn"},
    "courts:case_days": {"get": "lffoffffnnn", "post": "lffoffffnnn"},
    "courts:case": {"get": "loooooofnnn", "post": "lnnnnnnfnnn"},
    "courts:case_file": {"get": "loooooofnnn"},
    # Of Yanji, where none of them sits at a desk: a court's own desk is tested with the pages.
    "courts:court_page": {"get": "lffoooofnfn"},
    "courts:court_print": {"get": "lffoooofnfn"},
    "courts:court_print?_chart=total&_format=svg": {"get": "lffoooofnfn"},
    "courts:court_page?_export=xlsx": {"get": "lffoooofnfn"},
    "courts:what_if": {"get": "lffoooofnfn"},
    "courts:what_if?_part=answer": {"get": "lffoooofnfn"},
    "courts:scenarios": {"get": "lffoooofnfn"},
    "courts:scenario_new": {"get": "lffoooofnfn", "post": "lffbbbbfnfn"},
    "courts:scenario": {"get": "lffoooofnfn", "post": "lffbbbbfnfn"},
    "courts:outlook": {"get": "lffoooofnfn"},
    "courts:outlook?_export=csv": {"get": "lffoooofnfn"},
    "courts:small_counts": {"get": "lffoooofnfn"},
    "courts:dashboards": {"get": "lffrrrrfnnn"},
    "courts:dashboard": {"get": "lffoooofnfn"},
    "courts:dashboard?basis=reported": {"get": "lffoooffnfn"},
    "courts:dashboard?_export=csv": {"get": "lffoooofnfn"},
    "courts:projector": {"get": "lffoooofnfn"},
    "courts:projector?basis=reported": {"get": "lffoooffnfn"},
    "courts:trends": {"get": "lffoooofnfn"},
    "courts:trends?_chart=trends&_format=csv": {"get": "lffoooofnfn"},
    "courts:funnels": {"get": "lffoooofnfn"},
    "courts:funnels?_export=xlsx": {"get": "lffoooofnfn"},
    "courts:all_readings": {"get": "lffoooofnfn"},
    "courts:all_readings?_export=csv": {"get": "lffoooofnfn"},
    "courts:workbook": {"get": "looooooonfn"},
    "courts:workbook?basis=reported": {"get": "lffoooffnfn"},
    "courts:direction": {"get": "looooooonfn"},
    "courts:direction?basis=reported": {"get": "lffoooffnfn"},
    "courts:direction?_export=csv": {"get": "looooooonfn"},
    "courts:base": {"get": "looooooonnn"},
    "courts:base?_export=xlsx&table=caps": {"get": "looooooonnn"},
    "courts:base_give": {"get": "lffoofffnnn", "post": "lffoofffnnn"},
    # A draft, which those see who look after all courts; its pages are tested with bulletins.
    "courts:bulletins": {"get": "looooooonnn"},
    "courts:bulletin_paper": {"get": "lffoffffnnn", "post": "lffoffffnnn"},
    "courts:bulletin_draft": {"get": PAGE, "post": "lnnnnnnnnnn"},
    "courts:bulletin": {"get": "lnnoooonnnn"},
    "courts:bulletin_file": {"get": "lnnnnnnnnnn"},
    "courts:bulletin_edit": {"get": "lnnooffnnnn", "post": "lnnooffnnnn"},
    "courts:bulletin_blocks": {"get": PAGE, "post": "lnnbbffnnnn"},
    "courts:bulletin_number?key=all:L1:value": {"get": "lnnooffnnnn"},
    "courts:notices": {"get": "loooooooooo", "post": "lrrrrrrrrrr"},
    "courts:notice": {"get": "lnnnrnnnnnn", "post": "lnnnrnnnnnn"},
    "courts:deadlines_file": {"get": "loooooooooo"},
    "courts:tour": {"get": PAGE, "post": "lrrrrrrrrrr"},
    **{
        f"courts:help{name}": {"get": "loooooooooo"}
        for name in ("", "?q=报表", "_page", "_glossary", "_reading")
    },
    "courts:reminders": {"get": "lffoofffnnn"},
    "courts:accounts": {"get": "lffooofooff", "post": "lffffffrfff"},
    "courts:accounts_import": {"get": "lffooffooff", "post": "lffooffooff"},
    "courts:account": {"get": "lnnooononnn", "post": "lnnrrrnrnnn"},
    "courts:deputies": {"get": "lffooofooff", "post": "lffffffofff"},
    "courts:deputy": {"get": "lonooononnn", "post": "lfnfffnrnnn"},
    "courts:handover": {"get": "lnnnnnnonnn", "post": "lnnnnnnfnnn"},
    "courts:api_tokens": {"get": "lffffffofff", "post": "lffffffofff"},
    "courts:api_token": {"get": "lffffffofff", "post": "lffffffofff"},
    "courts:sent_extract": {"get": "lffoffffnnn", "post": "lffoffffnnn"},
    "courts:acceptance": {"get": "lffoooofnnn"},
    "courts:acceptance_make": {"get": PAGE, "post": "lffoooffnnn"},
    "courts:acceptance_sign": {"get": PAGE, "post": "lffffrffnnn"},
    "courts:acceptance_archive": {"get": "lffnnnnfnnn"},
    "courts:acceptance_court": {"get": "lffoooofnnn"},
    # Systems come with a token; an account is none of them, whoever it is.
    **{
        f"api:{name}": {"get": "uuuuuuuuuuu"} | dict.fromkeys(VERBS[1:], "mmmmmmmmmmm")
        for name in ("years", "courts", "months", "scorecards", "figures", "bulletins")
    },
    "api:extract": dict.fromkeys(VERBS, "mmmmmmmmmmm") | {"put": "uuuuuuuuuuu"},
    "api:openapi-json": {"get": "ooooooooooo"} | dict.fromkeys(VERBS[1:], "mmmmmmmmmmm"),
    "api:api-root": {"get": "nnnnnnnnnnn"} | dict.fromkeys(VERBS[1:], "mmmmmmmmmmm"),
    "set_language": dict.fromkeys(VERBS, "rrrrrrrrrrr"),
    # Monitoring comes with a token; an account is none.
    "metrics": {"get": "nnnnnnnnnnn"} | dict.fromkeys(VERBS[1:], "mmmmmmmmmmm"),
    "healthz": {"get": "ooooooooooo"} | dict.fromkeys(VERBS[1:], "mmmmmmmmmmm"),
}
RETURN = ["yanbian-2019", "yanbian", "2019-12", "litigation"]
EDITION = [4711]
BALLOT = ["yanbian-2019", "yanbian-2019-12"]
TARGET = 4712
CASE, CASE_FILE = 4713, 4714
SCENARIO = 4715
ACTION, ACTION_FILE, MEETING = 4731, 4732, 4733
LINE, LINE_FILE, DRAW = 4741, 4742, 4743
MOTION, MOTION_FILE = 4716, 4726
ISSUE = 4717
SNAPSHOT, CONSULTATION, PUBLISHED, OBJECTION, RESTATEMENT = 4721, 4722, 4723, 4724, 4725
TOKEN, SENT = 4717, 4718
ACCOUNT, DEPUTYSHIP, HANDOVER, NOTICE = 9001, 9002, 9003, 9004
ARGUMENTS: dict[str, list[Any]] = {
    "courts:help_page": ["office"],
    "courts:help_reading": ["step"],
    "courts:edition": EDITION,
    "courts:edition_differences": EDITION,
    "courts:edition_effect": EDITION,
    "courts:edition_files": EDITION,
    "courts:edition_text": [*EDITION, "rulebook.toml"],
    "courts:edition_part": [*EDITION, "rulebook.toml", "general"],
    "courts:edition_propose": EDITION,
    "courts:edition_return": EDITION,
    "courts:edition_discard": EDITION,
    "courts:edition_enact": EDITION,
    "courts:new_year": EDITION,
    "courts:ballots": BALLOT[:1],
    "courts:ballot_new": BALLOT[:1],
    **{
        f"courts:ballot{name}": BALLOT
        for name in (
            *("", "_edit", "_act", "_keys", "_booth", "_check", "_opening", "_minutes", "_paper"),
        )
    },
    "courts:ballot_opening_sheet": BALLOT,
    "courts:ballot_closing_sheet": BALLOT,
    "courts:ballot_state": BALLOT,
    "courts:ballot_manifest": BALLOT,
    "courts:ballot_key": BALLOT,
    "courts:ballot_nonce": BALLOT,
    "courts:ballot_rehearsal": BALLOT,
    "courts:ballot_cast": BALLOT,
    "courts:ballot_partial": BALLOT,
    "courts:ballot_board": BALLOT,
    "courts:ballot_scan": BALLOT,
    "courts:targets": RETURN[:1],
    "courts:target_new": RETURN[:1],
    "courts:targets_import": RETURN[:1],
    "courts:target": [*RETURN[:1], TARGET],
    "courts:target_remove": [*RETURN[:1], TARGET],
    "courts:caps": RETURN[:1],
    "courts:caps_import": RETURN[:1],
    "courts:cap": RETURN[:2],
    "courts:cases": RETURN[:1],
    "courts:case_new": RETURN[:1],
    "courts:case_days": RETURN[:1],
    "courts:case": [*RETURN[:1], CASE],
    "courts:case_file": [*RETURN[:1], CASE, CASE_FILE],
    **{
        f"courts:{name}": RETURN[:1]
        for name in ("actions", "proposals", "action_new", "all_measures", "meetings")
    },
    "courts:registers": RETURN[:1],
    **{
        f"courts:register{name}": [*RETURN[:1], "overturned"]
        for name in ("", "_new", "_import", "_statistics")
    },
    "courts:register_line": [*RETURN[:1], "overturned", LINE],
    "courts:register_file": [*RETURN[:1], "overturned", LINE, LINE_FILE],
    "courts:register_draws": [*RETURN[:1], "spot_checks"],
    "courts:register_drawn": [*RETURN[:1], "spot_checks", DRAW],
    "courts:register_cases": [RETURN[0], "2019-12", "yanbian", "L1"],
    "courts:reconciliation": [RETURN[0], "2019-12"],
    "courts:return_from_register": [*RETURN, "appeal_revised"],
    "courts:action": [*RETURN[:1], ACTION],
    "courts:action_file": [*RETURN[:1], ACTION, ACTION_FILE],
    "courts:action_paper": [*RETURN[:1], ACTION, "order", "html"],
    "courts:measures": [*RETURN[:1], "yanji"],
    "courts:meeting": [*RETURN[:1], MEETING],
    "courts:meeting_topic": [*RETURN[:1], MEETING, 1],
    "courts:meeting_minutes": [*RETURN[:1], MEETING, "html"],
    "courts:returns": RETURN[:2],
    "courts:return": RETURN,
    "courts:return_cells": RETURN,
    "courts:return_cell": [*RETURN, "appeal_revised"],
    "courts:return_effect": RETURN,
    "courts:return_submit": RETURN,
    "courts:return_unlock": RETURN,
    "courts:return_print": RETURN,
    "courts:return_take_back": RETURN,
    "courts:review_begin": RETURN,
    "courts:rulebook": ["yanbian-2019"],
    "courts:rule": ["yanbian-2019", "L2.1"],
    "courts:supplements": ["yanbian-2019"],
    "courts:supplement": ["yanbian-2019", "averages"],
    "courts:word_template": ["yanbian-2019"],
    "courts:word_template_file": ["yanbian-2019", 0],
    "courts:word_template_trial": ["yanbian-2019", 0],
    "courts:readings": ["yanbian-2019"],
    "courts:readings_looked_at": ["yanbian-2019"],
    "courts:reading": ["yanbian-2019", "step"],
    "courts:office_grids": ["yanbian-2019"],
    "courts:office_grid": ["yanbian-2019", "2019-12", "litigation"],
    "courts:grid_paste": ["yanbian-2019", "2019-12", "litigation"],
    **{
        f"courts:{name}": RETURN
        for name in (
            "behalf_cells",
            "return_paste",
            "return_template",
            "upload",
            "upload_confirm",
            "upload_discard",
            "upload_headings",
            "upload_sources",
        )
    },
    "courts:return_behalf": [*RETURN, 1],
    "courts:review": RETURN,
    "courts:review_reopen": RETURN,
    "courts:unlock_decide": RETURN,
    "courts:motions": RETURN[:1],
    "courts:motion": [*RETURN[:1], MOTION],
    "courts:motion_file": [*RETURN[:1], MOTION, MOTION_FILE],
    "courts:assessments": RETURN[:1],
    "courts:court_changes": RETURN[:1],
    "courts:api_token": [TOKEN],
    "courts:notice": [NOTICE],
    "courts:reminders": ["yanbian-2019"],
    "courts:account": [ACCOUNT],
    "courts:deputy": [DEPUTYSHIP],
    "courts:handover": [HANDOVER],
    "courts:sent_extract": [*RETURN[:1], SENT],
    **{f"courts:acceptance{name}": RETURN[:1] for name in ("", "_make", "_sign")},
    "courts:acceptance_archive": [*RETURN[:1], 1],
    "courts:acceptance_court": [*RETURN[:1], "yanji"],
    **{f"api:{name}": RETURN[:1] for name in ("courts", "months", "bulletins")},
    **{f"api:{name}": [*RETURN[:1], "2019-12"] for name in ("scorecards", "figures")},
    "api:extract": [*RETURN[:1], "e.csv"],
    "courts:extracts": RETURN[:1],
    "courts:extracts_confirm": RETURN[:1],
    "courts:differences": RETURN[:1],
    "courts:difference": [*RETURN[:3], "appeals_filed"],
    **{
        f"courts:{name}": ["yanbian-2019"]
        for name in ("reviews", "desk", "completeness", "deadline", "unlocks", "audit")
    },
    "courts:ranking_shown": RETURN[:1],
    "courts:month_profile": RETURN[:1],
    **{
        f"courts:{name}": RETURN[:1]
        for name in (
            *("consultations", "issuing_terms", "objections", "restatements", "restatement_new"),
        )
    },
    "courts:consultation_new": [*RETURN[:1], SNAPSHOT],
    "courts:consultation": [*RETURN[:1], CONSULTATION],
    "courts:consultation_court": [*RETURN[:1], CONSULTATION, "yanbian"],
    "courts:bulletin_sign": [*RETURN[:1], PUBLISHED],
    "courts:objection_new": [*RETURN[:1], PUBLISHED],
    "courts:objection": [*RETURN[:1], OBJECTION],
    "courts:restatement": [*RETURN[:1], RESTATEMENT],
    "courts:year": ["yanbian-2019"],
    "courts:turn": ["yanbian-2019"],
    "courts:ranking": ["yanbian-2019", "2019-12"],
    "courts:close": ["yanbian-2019", "2019-12"],
    "courts:scorecard": ["yanbian-2019", "2019-12", "yanji"],
    "courts:court_print": ["yanbian-2019", "2019-12", "yanji"],
    "courts:court_page": ["yanbian-2019", "2019-12", "yanji"],
    "courts:what_if": ["yanbian-2019", "2019-12", "yanji"],
    "courts:scenarios": ["yanbian-2019", "2019-12", "yanji"],
    "courts:scenario_new": ["yanbian-2019", "2019-12", "yanji"],
    "courts:scenario": ["yanbian-2019", "2019-12", "yanji", SCENARIO],
    "courts:outlook": ["yanbian-2019", "2019-12", "yanji"],
    "courts:small_counts": ["yanbian-2019", "2019-12", "yanji"],
    "courts:workbook": ["yanbian-2019", "2019-12"],
    "courts:direction": ["yanbian-2019", "2019-12"],
    "courts:base": ["yanbian-2019"],
    "courts:base_give": ["yanbian-2019"],
    "courts:dashboards": ["yanbian-2019"],
    "courts:dashboard": ["yanbian-2019", "2019-12"],
    "courts:projector": ["yanbian-2019", "2019-12"],
    "courts:trends": ["yanbian-2019", "2019-12"],
    "courts:funnels": ["yanbian-2019", "2019-12"],
    "courts:all_readings": ["yanbian-2019", "2019-12"],
    "courts:bulletins": RETURN[:1],
    "courts:bulletin_paper": RETURN[:1],
    "courts:bulletin_draft": [*RETURN[:1], ISSUE],
    "courts:bulletin_file": [*RETURN[:1], ISSUE, 1],
    **{
        f"courts:bulletin{name}": [*RETURN[:1], ISSUE]
        for name in ("", "_edit", "_blocks", "_number")
    },
}


def addresses(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """The name of every address below, with the namespaces before it."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from addresses(entry, inner)
        else:
            yield f"{namespace}{entry.name or entry.pattern}"


def make_case(year: QualityYear, applicant: User) -> None:
    """An application of the intermediate court, with a file."""
    case = SpecialCase.objects.create(
        pk=CASE,
        quality_year=year,
        court=year.court,
        item="L3.2",
        side="litigation",
        month=12,
        reasons="系列案件",
        applied_by=applicant,
        applied_at=timezone.now(),
    )
    CaseAttachment.objects.create(
        pk=CASE_FILE, case=case, name="a.pdf", kind="pdf", content=b"%PDF-", size=5, sha256="0" * 64
    )


def make_action(year: QualityYear, office: User) -> None:
    """An action of Yanji with an answered file, and a meeting with a topic."""
    now, today = timezone.now(), timezone.localdate()
    action = Action.objects.create(
        pk=ACTION,
        quality_year=year,
        number=1,
        court=Court.objects.get(code="yanji"),
        side="litigation",
        subject="L1",
        month=12,
        asks="逐案评查",
        due_on=today,
        opened_by=office,
        opened_at=now,
    )
    answer = ActionAnswer.objects.create(action=action, number=1, text="已查", by=office, at=now)
    ActionFile.objects.create(
        pk=ACTION_FILE,
        answer=answer,
        name="a.pdf",
        kind="pdf",
        content=b"%PDF-",
        size=5,
        sha256="0" * 64,
    )
    meeting = Meeting.objects.create(
        pk=MEETING,
        quality_year=year,
        month=12,
        title="会商",
        held_on=today,
        made_by=office,
        made_at=now,
    )
    MeetingTopic.objects.create(meeting=meeting, position=1, title="发改指")


def make_lines(year: QualityYear) -> None:
    """A line of the intermediate court with a file, and lots drawn for it."""
    now = timezone.now()
    line = RegisterLine.objects.create(
        pk=LINE,
        quality_year=year,
        register="overturned",
        court=year.court,
        number=1,
        state="entered",
        month=12,
        salt="00",
        digest="0",
        opened_at=now,
    )
    RegisterFile.objects.create(
        pk=LINE_FILE,
        line=line,
        field="explanation_sheet",
        name="a.pdf",
        kind="pdf",
        content=b"%PDF-",
        size=5,
        sha256="0" * 64,
        at=now,
    )
    RegisterDraw.objects.create(
        pk=DRAW,
        quality_year=year,
        register="spot_checks",
        court=year.court,
        month=12,
        seed="s",
        numbers=["a", "b"],
        size=2,
        wanted=1,
        sha256="0" * 64,
        at=now,
    )


def make_issuing(year: QualityYear) -> None:
    """March closed and published, its courts asked, an objection, and a correction proposed."""
    people = {user.username: user for user in User.objects.all()}
    snapshot = closed_month(year, people["office"], month=3, pk=SNAPSHOT)
    now = timezone.now()
    Consultation.objects.create(
        pk=CONSULTATION,
        snapshot=snapshot,
        silence="confirms",
        opened_by=people["office"],
        opened_at=now,
        ends_at=now + timedelta(days=3),
    )
    issue = issue_of(snapshot, people["office"], pk=PUBLISHED)
    for side, name in (("litigation", "leader"), ("enforcement", "centre")):
        BulletinSignature.objects.create(bulletin=issue, side=side, by=people[name], at=now)
    Bulletin.objects.filter(pk=PUBLISHED).update(
        state="published",
        published_by=people["centre"],
        published_at=now,
    )
    ObjectionTerm.objects.create(bulletin=issue, until=now + timedelta(days=7))
    Objection.objects.create(
        pk=OBJECTION,
        bulletin=issue,
        court=year.court,
        side="litigation",
        line="item/L1",
        text="少计",
        by=people["litigation"],
        at=now,
    )
    row = {"court": "yanji", "month": "2019-03", "metric": "appeals_filed", "value": 1}
    Restatement.objects.create(
        pk=RESTATEMENT,
        quality_year=year,
        kind="figure",
        sides="litigation",
        reason="漏计",
        data={"rows": [row]},
        proposed_by=people["office"],
        proposed_at=now,
    )


# Addresses that need the rows of `make_issuing`, which take their time.
OF_ISSUING = (
    "courts:consultation",
    "courts:bulletin_sign",
    "courts:objection",
    "courts:restatement",
)


def make_issue() -> None:
    """The draft of a closed December; only the pages of bulletins wait for it."""
    office = User.objects.get(username="office")
    snapshot = closed_month(QualityYear.objects.get(code="yanbian-2019"), office)
    Bulletin.objects.create(
        pk=ISSUE,
        quality_year=snapshot.quality_year,
        snapshot=snapshot,
        side="both",
        month=12,
        carrier="redhead",
        title="通报",
        made_by=office,
        made_at=timezone.now(),
    )


def make_sent(year: QualityYear, admin: User) -> None:
    """A token, and a file that its system sent."""
    token = ApiToken.objects.create(
        pk=TOKEN,
        court=year.court,
        name="数据集中管理平台",
        sees="prefecture",
        sends="litigation",
        sha256="0" * 64,
        made_by=admin,
        made_at=timezone.now(),
        expires_on=timezone.localdate(),
    )
    SentExtract.objects.create(
        pk=SENT,
        quality_year=year,
        token=token,
        side="litigation",
        name="e.csv",
        content=b"court,month,metric,value\nyanji,2019-12,appeals_filed,451\n",
        sha256="0" * 64,
        figures=1,
        sent_at=timezone.now(),
    )


def make_lives(people: dict[str, User]) -> None:
    """An account that is closed and handed over to nobody, a deputy, a notice of the centre."""
    Notice.objects.create(
        pk=NOTICE,
        user=people["centre"],
        kind="objected",
        key="k",
        address="/yanbian-2019/desk/",
        at=timezone.now(),
    )
    now, today = timezone.now(), timezone.localdate()
    gone = account("gone", "yanbian", "centre", pk=ACCOUNT, is_active=False)
    Handover.objects.create(pk=HANDOVER, account=gone, by=people["admin"], at=now, reason="调离")
    Deputyship.objects.create(
        pk=DEPUTYSHIP,
        principal=people["office"],
        deputy=people["litigation"],
        role="office",
        from_day=today - timedelta(days=9),
        until_day=today - timedelta(days=2),
        reason="休假",
        file_name="a.pdf",
        file_kind="pdf",
        content=b"%PDF-",
        sha256="0" * 64,
        made_by=people["admin"],
        made_at=now,
    )


def make_everybody() -> None:
    """What the addresses name, and an account of each kind with a session."""
    made_year = stored_year()
    editions = RulebookEdition.objects.count()
    assert editions == 1, "Kept for all tests to come: a test asks for it before it changes rules."
    elsewhere(made_year)
    RulebookEdition.objects.create(
        pk=EDITION[0],
        court=made_year.court,
        code=made_year.code,
        title="提交的版本",
        sha256=made_year.edition.sha256,
        sources=made_year.edition.sources,
        state="proposed",
    )
    AppraisalTarget.objects.create(
        pk=TARGET, quality_year=made_year, item="L2.1", court=made_year.court, percent=5
    )
    people = {
        role: account(role, "yanbian", role, is_staff=role in {"office", "centre", "admin"})
        for role in WHO[1:8]
    }
    make_case(made_year, people["litigation"])
    make_action(made_year, people["office"])
    make_lines(made_year)
    make_sent(made_year, people["admin"])
    make_lives(people)
    Motion.objects.create(
        pk=MOTION,
        quality_year=made_year,
        kind="caps",
        reason="从严",
        data={
            "rows": [{"court": "yanji", "baseline_cases": 252, "reduction_cases": 30, "version": 1}]
        },
        moved_by=people["office"],
        moved_at=timezone.now(),
    )
    MotionFile.objects.create(
        pk=MOTION_FILE,
        motion_id=MOTION,
        name="a.pdf",
        kind="pdf",
        content=b"%PDF-",
        size=5,
        sha256="0" * 64,
    )
    Scenario.objects.create(
        pk=SCENARIO,
        quality_year=made_year,
        court=Court.objects.get(code="yanji"),
        month=12,
        title="再审少一件",
        figures={"retrial_revised": 1},
        is_shared=True,
        created_by=people["office"],
        created_at=timezone.now(),
    )
    people["stranger"] = account("stranger", "tonghua", "office")
    people["roleless"] = account("roleless", "yanji")
    make_round(made_year, people["office"])
    people["courtless"] = account("courtless", None, "office")
    for who in WHO:
        COOKIES[who] = client_of(people.get(who)).cookies


COOKIES: dict[str, SimpleCookie] = {}
EVERYBODY = Ground("everybody", make_everybody, below=MADE)


@pytest.fixture
def clients(made_year: QualityYear, monkeypatch: pytest.MonkeyPatch) -> dict[str, Client]:
    """A browser for each kind of account; the server is well, whatever this transaction holds."""
    monkeypatch.setattr(health, "ask", lambda: None)
    put_back(EVERYBODY.name, EVERYBODY.make)
    found = {}
    for who in WHO:
        found[who] = client_of(None)
        found[who].cookies.update(COOKIES[who])
    return found


pytestmark = [pytest.mark.django_db, pytest.mark.walk, pytest.mark.stands_on(EVERYBODY)]


def letter(client: Client, verb: str, address: str) -> str:
    response = getattr(client, verb)(address)
    assert kept_apart(response), address
    if response.status_code == 302:
        return "l" if response.headers["Location"].startswith(reverse("courts:login")) else "r"
    return {200: "o", 400: "b", 401: "u", 403: "f", 404: "n", 405: "m", 409: "c"}[
        response.status_code
    ]


def kept_apart(response: Any) -> bool:
    """Whether an answer says that nothing of it is kept, or that it is asked for again by one.

    Which of the two stands in tests/courts/frame/test_caching.py.
    """
    told = response.headers["Cache-Control"]
    if "no-store" in told:
        return "ETag" not in response.headers
    is_whole = response.status_code == 200 and not response.streaming
    is_read = response.request["REQUEST_METHOD"] == "GET"
    return told == "private, no-cache" and ("ETag" in response.headers) is (is_whole and is_read)


def test_every_address_is_in_the_matrix() -> None:
    names = {name for name in addresses(get_resolver()) if not name.startswith("admin:")}
    assert names == {name.partition("?")[0] for name in MATRIX}


def address_for(name: str, year: QualityYear) -> str:
    """The address of a line of the matrix, with what it needs beside what everybody stands on."""
    route, _, query = name.partition("?")
    if route.startswith(OF_ISSUING):
        make_issuing(year)
    elif route.startswith("courts:bulletin_") or route == "courts:bulletin":
        make_issue()
    return reverse(route, args=ARGUMENTS.get(route)) + (f"?{query}" if query else "")


@pytest.mark.parametrize("name", MATRIX)
def test_matrix(name: str, made_year: QualityYear, clients: dict[str, Client]) -> None:
    address = address_for(name, made_year)
    # Everybody who is shown nothing asks.
    shown = [who for who, one in zip(WHO, MATRIX[name].get("get", READ), strict=True) if one == "o"]
    asking = {who: clients[who] for who in WHO if who not in shown[1 : 1 - LOOK]}
    assert_answers(asking, address, ["get"], MATRIX[name])
    assert_answers(clients, address, ["post", *(MATRIX[name].keys() - {"get"})], MATRIX[name])
    others = [verb for verb in VERBS[2:] if verb not in MATRIX[name]]
    assert_answers({who: clients[who] for who in FEW}, address, others, {})


@pytest.mark.nightly
@pytest.mark.parametrize("name", MATRIX)
def test_everybody_who_is_shown_a_page(
    name: str, made_year: QualityYear, clients: dict[str, Client]
) -> None:
    assert_answers(clients, address_for(name, made_year), ["get"], MATRIX[name])


@pytest.mark.nightly
@pytest.mark.parametrize("name", MATRIX)
def test_verbs_that_no_address_takes(name: str, clients: dict[str, Client]) -> None:
    """From everybody: an address that takes no such verb refuses it before it looks at who asks."""
    route, _, query = name.partition("?")
    address = reverse(route, args=ARGUMENTS.get(route)) + (f"?{query}" if query else "")
    assert_answers(clients, address, [v for v in VERBS[2:] if v not in MATRIX[name]], {})


def assert_answers(
    clients: dict[str, Client], address: str, verbs: Iterable[str], expected: dict[str, str]
) -> None:
    """Each answers each verb with its letter, `READ` where nothing else is expected."""
    for verb in dict.fromkeys(verbs):
        letters = dict(zip(WHO, expected.get(verb, READ), strict=True))
        found = {who: letter(client, verb, address) for who, client in clients.items()}
        assert found == {who: letters[who] for who in clients}, verb


def test_another_prefecture_is_as_if_it_were_not_there(clients: dict[str, Client]) -> None:
    for who in WHO[1:8]:
        for address in (
            reverse("courts:year", args=["tonghua-2019"]),
            reverse("courts:ranking", args=["tonghua-2019", "2019-12"]),
            reverse("courts:scorecard", args=["tonghua-2019", "2019-12", "meihekou"]),
            reverse("courts:scorecard", args=["yanbian-2019", "2019-12", "meihekou"]),
        ):
            assert clients[who].get(address).status_code == 404, (who, address)


def admin_addresses() -> Iterator[str]:
    """One address for each of the administration's, with a row that need not exist."""
    for name in addresses(get_resolver()):
        if not name.startswith("admin:") or name in {"admin:login", "admin:jsi18n"}:
            continue
        for arguments in ([], ["1"], ["1", "1"], ["courts"], ["no-such-page"]):
            try:
                yield reverse(name, args=arguments)
            except NoReverseMatch:
                continue
            break


@pytest.mark.parametrize(
    "verb",
    [
        # A page of the administration asks who comes before it looks at the verb.
        pytest.param(verb, marks=[] if verb in ("get", "post") else pytest.mark.nightly)
        for verb in VERBS
    ],
)
def test_the_administration_is_shut_to_everybody_else(
    clients: dict[str, Client], verb: str
) -> None:
    found = list(admin_addresses())
    assert len(found) > 10
    for who in ("anonymous", *DESKS):
        for address in found:
            status = getattr(clients[who], verb)(address).status_code
            assert status in {302, 403, 404, 405}, (who, verb, address, status)
