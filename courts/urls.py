"""Owns the addresses of the application's pages, and how a month is written in one."""

from django.urls import URLPattern, path, register_converter

from courts.acceptances.views import acceptance
from courts.accounts.views import accounts, deputies, portals, releases, second_factors
from courts.accounts.views import lists as account_lists
from courts.actions.views import actions
from courts.assessments.views import assessments
from courts.ballots.views import api, papers, rounds
from courts.bulletins.views import issues, issuing, word_templates
from courts.bulletins.views import prose as bulletin_prose
from courts.cases.views import special_cases
from courts.changes.views import changes
from courts.closings.views import closing
from courts.consultations.views import consultations
from courts.desks.views import court_home, landings, office_desk, tours, turns
from courts.extracts.views import extracts
from courts.frame.views import drafts
from courts.help.views import help as manual
from courts.measures.views import measures
from courts.meetings.views import meetings
from courts.motions.views import motions
from courts.notices.views import inbox, reminders
from courts.outlooks.views import (
    all_readings,
    dashboards,
    directions,
    month_profiles,
    outlooks,
    scenarios,
)
from courts.registers.views import lines, registers
from courts.restatements.views import objections, restatements
from courts.returns.views import (
    blocks,
    from_registers,
    office_grids,
    return_cells,
    returns,
    uploads,
)
from courts.reviews.views import office, reviews
from courts.rulebooks.views import edition_steps, editions, rulebook, supplements, targets
from courts.scores.views import ranking_shown, rankings
from courts.setup.views import prefectures
from courts.systems.views import sent_extracts, tokens
from courts.takeaways.views import bases, workbooks


class MonthConverter:
    """A month such as 2019-12; whether it belongs to the year is the selector's to say."""

    regex = "[0-9]{4}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: object) -> str:
        return str(value)


register_converter(MonthConverter, "month")

app_name = "courts"

MEETINGS = "<slug:year_code>/meetings/"
ACTIONS = "<slug:year_code>/actions/"
TEMPLATE = "<slug:year_code>/bulletins/template/"
EDITION = "editions/<int:pk>/"
TARGETS = "<slug:year_code>/targets/"
ACCEPTANCE = "<slug:year_code>/acceptance/"
CASES = "<slug:year_code>/cases/"
REGISTERS = "<slug:year_code>/registers/"
REGISTER = f"{REGISTERS}<slug:register>/"
DASHBOARD = "<slug:year_code>/dashboard/"
# A court in a month.
COURT = "<slug:year_code>/<month:month>/<slug:court_code>/"

# One return: a court's, of a month and a side.
RETURN = "<slug:year_code>/returns/<slug:court_code>/<month:month>/<slug:side>/"

# One round of the anonymous ballot.
BALLOT = "<slug:year_code>/ballots/<slug:code>/"

# What courts are asked about one closed month.
CONSULTATION = "<slug:year_code>/consultations/<int:pk>/"

# One issue of the bulletin.
ISSUE = "<slug:year_code>/bulletins/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("", landings.home, name="home"),
    path("login/", accounts.LoginView.as_view(), name="login"),
    path("login/portal/", portals.portal, name="portal"),
    path("login/portal/back/", portals.portal_back, name="portal_back"),
    path("password/again/", portals.password_again, name="password_again"),
    path("logout/", accounts.LogoutView.as_view(), name="logout"),
    path("login/second/", second_factors.login_second, name="login_second"),
    path("second-factor/", second_factors.second_factor, name="second_factor"),
    path("second-factors/", releases.second_factors, name="second_factors"),
    path("sessions/", accounts.sessions, name="sessions"),
    path("password/", accounts.PasswordView.as_view(), name="password"),
    path("password/done/", accounts.PasswordDoneView.as_view(), name="password_done"),
    path("notices/", inbox.notices, name="notices"),
    path("notices/<int:pk>/", inbox.notice, name="notice"),
    path("notices/deadlines.ics", inbox.deadlines, name="deadlines_file"),
    # The manual, before addresses that begin with a year.
    path("help/", manual.index, name="help"),
    path("help/tour/", tours.tour, name="tour"),
    path("help/glossary/", manual.glossary, name="help_glossary"),
    path("help/readings/<slug:name>/", manual.reading, name="help_reading"),
    path("help/<slug:name>/", manual.page, name="help_page"),
    path("<slug:year_code>/reminders/", reminders.reminders, name="reminders"),
    path("accounts/", account_lists.accounts, name="accounts"),
    path("accounts/import/", account_lists.accounts_import, name="accounts_import"),
    path("accounts/deputies/", deputies.deputies, name="deputies"),
    path("accounts/deputies/<int:pk>/", deputies.deputy, name="deputy"),
    path("accounts/handovers/<int:pk>/", account_lists.handover, name="handover"),
    path("accounts/<int:pk>/", account_lists.account, name="account"),
    path("signed-in/", court_home.signed_in, name="signed_in"),
    path("drafts/", drafts.drafts, name="drafts"),
    path("ranking/", landings.latest, name="rankings"),
    path("returns/", court_home.own, name="own_returns"),
    path("courts/import/", prefectures.courts_import, name="courts_import"),
    # Other systems: tokens, and the extracts that they sent.
    path("api-tokens/", tokens.listing, name="api_tokens"),
    path("api-tokens/<int:pk>/", tokens.token, name="api_token"),
    path(
        "<slug:year_code>/extracts/sent/<int:pk>/",
        sent_extracts.sent_extract,
        name="sent_extract",
    ),
    # The year-end acceptance.
    path(ACCEPTANCE, acceptance.acceptance, name="acceptance"),
    path(f"{ACCEPTANCE}make/", acceptance.make, name="acceptance_make"),
    path(f"{ACCEPTANCE}sign/", acceptance.sign_package, name="acceptance_sign"),
    path(f"{ACCEPTANCE}archive/<int:number>/", acceptance.archive, name="acceptance_archive"),
    path(f"{ACCEPTANCE}<slug:court_code>/", acceptance.court, name="acceptance_court"),
    path("editions/", editions.editions, name="editions"),
    path("editions/new/", editions.new, name="edition_new"),
    path(EDITION, editions.edition, name="edition"),
    path(f"{EDITION}differences/", editions.differences, name="edition_differences"),
    path(f"{EDITION}effect/", editions.effect, name="edition_effect"),
    path(f"{EDITION}files/", editions.files, name="edition_files"),
    path(f"{EDITION}text/<str:file>/", editions.text, name="edition_text"),
    path(f"{EDITION}parts/<str:file>/<slug:name>/", editions.section, name="edition_part"),
    path(f"{EDITION}propose/", edition_steps.propose_edition, name="edition_propose"),
    path(f"{EDITION}return/", edition_steps.return_edition, name="edition_return"),
    path(f"{EDITION}discard/", edition_steps.discard_edition, name="edition_discard"),
    path(f"{EDITION}force/", edition_steps.enact, name="edition_enact"),
    path(f"{EDITION}year/", edition_steps.set_up, name="new_year"),
    path("targets/", targets.own, name="own_targets"),
    path(TARGETS, targets.targets, name="targets"),
    path(f"{TARGETS}new/", targets.new, name="target_new"),
    path(f"{TARGETS}import/", targets.targets_import, name="targets_import"),
    path(f"{TARGETS}<int:pk>/", targets.target, name="target"),
    path(f"{TARGETS}<int:pk>/remove/", targets.remove, name="target_remove"),
    path("<slug:year_code>/caps/", targets.caps, name="caps"),
    path("<slug:year_code>/caps/import/", targets.caps_import, name="caps_import"),
    path("<slug:year_code>/caps/<slug:court_code>/", targets.cap, name="cap"),
    path("<slug:year_code>/", landings.year, name="year"),
    path(
        "<slug:year_code>/readings-looked-at/",
        office_desk.readings_looked_at,
        name="readings_looked_at",
    ),
    path("<slug:year_code>/turn/", turns.turn, name="turn"),
    path("<slug:year_code>/returns/<slug:court_code>/", court_home.home, name="returns"),
    path(RETURN, returns.entry, name="return"),
    path(f"{RETURN}cells/", return_cells.cells, name="return_cells"),
    path(f"{RETURN}cells/<slug:metric>/", returns.cell, name="return_cell"),
    path(f"{RETURN}from-register/<slug:metric>/", from_registers.fill, name="return_from_register"),
    path(f"{RETURN}paste/", blocks.of_return, name="return_paste"),
    path(f"{RETURN}effect/", returns.effects, name="return_effect"),
    path(f"{RETURN}submit/", returns.submit, name="return_submit"),
    path(f"{RETURN}take-back/", returns.take_back, name="return_take_back"),
    path(f"{RETURN}unlock/", returns.unlock, name="return_unlock"),
    path(f"{RETURN}print/", returns.paper, name="return_print"),
    path(f"{RETURN}template.xlsx", uploads.template, name="return_template"),
    path(f"{RETURN}upload/", uploads.upload, name="upload"),
    path(f"{RETURN}upload/confirm/", uploads.confirm, name="upload_confirm"),
    path(f"{RETURN}upload/discard/", uploads.discard, name="upload_discard"),
    path(f"{RETURN}upload/headings/", uploads.headings, name="upload_headings"),
    path(f"{RETURN}upload/sources/", uploads.sources, name="upload_sources"),
    # What follows a red cell: alarms, actions, their papers.
    path(ACTIONS, actions.listing, name="actions"),
    path(f"{ACTIONS}proposals/", actions.proposals, name="proposals"),
    path(f"{ACTIONS}new/", actions.new, name="action_new"),
    path(f"{ACTIONS}<int:pk>/", actions.action, name="action"),
    path(f"{ACTIONS}<int:pk>/files/<int:file_pk>/", actions.file, name="action_file"),
    path(f"{ACTIONS}<int:pk>/<slug:paper>.<slug:kind>", actions.paper, name="action_paper"),
    path("<slug:year_code>/measures/", measures.everything, name="all_measures"),
    path("<slug:year_code>/measures/<slug:court_code>/", measures.court, name="measures"),
    path(MEETINGS, meetings.listing, name="meetings"),
    path(f"{MEETINGS}<int:pk>/", meetings.meeting, name="meeting"),
    path(f"{MEETINGS}<int:pk>/topics/<int:position>/", meetings.topic, name="meeting_topic"),
    path(f"{MEETINGS}<int:pk>/minutes.<slug:kind>", meetings.minutes, name="meeting_minutes"),
    path(REGISTERS, registers.all_registers, name="registers"),
    path(
        f"{REGISTERS}reconciliation/<month:month>/",
        registers.reconciliation,
        name="reconciliation",
    ),
    path(
        f"{REGISTERS}cases/<month:month>/<slug:court_code>/<str:item>/",
        registers.cases,
        name="register_cases",
    ),
    path(REGISTER, lines.listing, name="register"),
    path(f"{REGISTER}new/", lines.new, name="register_new"),
    path(f"{REGISTER}import/", registers.bring_in, name="register_import"),
    path(f"{REGISTER}statistics/", registers.numbers, name="register_statistics"),
    path(f"{REGISTER}draws/", registers.draw, name="register_draws"),
    path(f"{REGISTER}draws/<int:pk>/", registers.drawn, name="register_drawn"),
    path(f"{REGISTER}<int:pk>/", lines.line, name="register_line"),
    path(f"{REGISTER}<int:pk>/files/<int:file_pk>/", lines.file, name="register_file"),
    path(CASES, special_cases.listing, name="cases"),
    path(f"{CASES}new/", special_cases.new, name="case_new"),
    path(f"{CASES}days/", special_cases.days, name="case_days"),
    path(f"{CASES}<int:pk>/", special_cases.case, name="case"),
    path(f"{CASES}<int:pk>/files/<int:file_pk>/", special_cases.file, name="case_file"),
    path("<slug:year_code>/rulebook/", rulebook.rulebook, name="rulebook"),
    path("<slug:year_code>/rulebook/<str:item_code>/", rulebook.item, name="rule"),
    path("<slug:year_code>/supplements/", supplements.listing, name="supplements"),
    path("<slug:year_code>/supplements/<slug:code>/", supplements.supplement, name="supplement"),
    path("<slug:year_code>/readings/", rulebook.readings, name="readings"),
    path("<slug:year_code>/readings/<slug:reading_code>/", rulebook.reading, name="reading"),
    path("<slug:year_code>/grid/", office_grids.latest, name="office_grids"),
    path("<slug:year_code>/grid/<month:month>/<slug:side>/", office_grids.page, name="office_grid"),
    path(
        "<slug:year_code>/grid/<month:month>/<slug:side>/paste/", blocks.of_grid, name="grid_paste"
    ),
    path(f"{RETURN}behalf/cells/", office_grids.cells, name="behalf_cells"),
    path(f"{RETURN}behalf/<int:entry>/", reviews.behalf, name="return_behalf"),
    path(f"{RETURN}review/", reviews.review, name="review"),
    path(f"{RETURN}review/begin/", reviews.begin, name="review_begin"),
    path(f"{RETURN}reopen/", reviews.reopen, name="review_reopen"),
    path("<slug:year_code>/reviews/", reviews.queue, name="reviews"),
    path("<slug:year_code>/desk/", office_desk.desk_page, name="desk"),
    path("<slug:year_code>/completeness/", office.completeness, name="completeness"),
    path("<slug:year_code>/deadline/", office.deadline, name="deadline"),
    path("<slug:year_code>/ranking-shown/", ranking_shown.setting, name="ranking_shown"),
    path("<slug:year_code>/month-profile/", month_profiles.setting, name="month_profile"),
    path("<slug:year_code>/unlocks/", office.unlocks, name="unlocks"),
    path("<slug:year_code>/audit/", office.audit, name="audit"),
    path("<slug:year_code>/extracts/", extracts.listing, name="extracts"),
    path("<slug:year_code>/extracts/confirm/", extracts.confirm, name="extracts_confirm"),
    path("<slug:year_code>/differences/", extracts.differing, name="differences"),
    path(
        "<slug:year_code>/differences/<slug:court_code>/<month:month>/<slug:metric>/",
        extracts.difference,
        name="difference",
    ),
    path("<slug:year_code>/motions/", motions.listing, name="motions"),
    path("<slug:year_code>/motions/<int:pk>/", motions.motion, name="motion"),
    path(
        "<slug:year_code>/motions/<int:pk>/files/<int:file_pk>/", motions.file, name="motion_file"
    ),
    path("<slug:year_code>/assessments/", assessments.listing, name="assessments"),
    path("<slug:year_code>/court-changes/", changes.listing, name="court_changes"),
    path(f"{RETURN}unlock/decide/", office.decide, name="unlock_decide"),
    path("ballots/replaced/", accounts.replaced, name="ballot_replaced"),
    path("ballots/verify.py", api.verify_script, name="ballot_verifier"),
    path("ballots/verify.py.sha256", api.verify_hash, name="ballot_verifier_hash"),
    path("ballots/worker.js", api.worker_script, name="ballot_worker"),
    path("ballots/scrutineer.html", api.scrutineer_page, name="ballot_scrutineer"),
    path(
        "ballots/scrutineer.html.sha256",
        api.scrutineer_hash,
        name="ballot_scrutineer_hash",
    ),
    path("ballots/booth.html", api.booth_page, name="ballot_booth_file"),
    path("ballots/booth.html.sha256", api.booth_hash, name="ballot_booth_file_hash"),
    path("<slug:year_code>/ballots/", rounds.listing, name="ballots"),
    path("<slug:year_code>/ballots/new/", rounds.prepare, name="ballot_new"),
    path(BALLOT, rounds.overview, name="ballot"),
    path(f"{BALLOT}edit/", rounds.prepare, name="ballot_edit"),
    path(f"{BALLOT}act/", rounds.act, name="ballot_act"),
    path(f"{BALLOT}keys/", rounds.keys, name="ballot_keys"),
    path(f"{BALLOT}booth/", rounds.booth, name="ballot_booth"),
    path(f"{BALLOT}check/", rounds.check, name="ballot_check"),
    path(f"{BALLOT}opening/", rounds.opening, name="ballot_opening"),
    path(f"{BALLOT}opening-sheet/", papers.opening_sheet, name="ballot_opening_sheet"),
    path(f"{BALLOT}closing-sheet/", papers.closing_sheet, name="ballot_closing_sheet"),
    path(f"{BALLOT}minutes/", papers.minutes, name="ballot_minutes"),
    path(f"{BALLOT}paper/", rounds.paper, name="ballot_paper"),
    path(f"{BALLOT}state.json", api.state, name="ballot_state"),
    path(f"{BALLOT}manifest.json", api.manifest, name="ballot_manifest"),
    path(f"{BALLOT}key.json", api.key, name="ballot_key"),
    path(f"{BALLOT}nonce.json", api.nonce, name="ballot_nonce"),
    path(f"{BALLOT}rehearsal.json", api.rehearsal, name="ballot_rehearsal"),
    path(f"{BALLOT}cast.json", api.cast, name="ballot_cast"),
    path(f"{BALLOT}partial.json", api.partial, name="ballot_partial"),
    path(f"{BALLOT}board.json", api.board, name="ballot_board"),
    path(f"{BALLOT}scan/", api.scan, name="ballot_scan"),
    path(DASHBOARD, dashboards.latest, name="dashboards"),
    path(f"{DASHBOARD}<month:month>/", dashboards.dashboard, name="dashboard"),
    path(f"{DASHBOARD}<month:month>/projector/", dashboards.projector, name="projector"),
    path(f"{DASHBOARD}<month:month>/trends/", dashboards.trends, name="trends"),
    path(f"{DASHBOARD}<month:month>/small-counts/", outlooks.funnels, name="funnels"),
    path(f"{DASHBOARD}<month:month>/readings/", all_readings.all_readings, name="all_readings"),
    # Bulletins: asking courts, signing, objections, restatements.
    path("<slug:year_code>/consultations/", consultations.listing, name="consultations"),
    path(
        "<slug:year_code>/consultations/new/<int:snapshot>/",
        consultations.begin,
        name="consultation_new",
    ),
    path(CONSULTATION, consultations.consultation, name="consultation"),
    path(f"{CONSULTATION}<slug:court_code>/", consultations.court, name="consultation_court"),
    path("<slug:year_code>/bulletin-terms/", consultations.terms, name="issuing_terms"),
    path(f"{ISSUE}sign/", issuing.issuing, name="bulletin_sign"),
    path(f"{ISSUE}objections/", objections.new, name="objection_new"),
    path("<slug:year_code>/objections/", objections.listing, name="objections"),
    path("<slug:year_code>/objections/<int:pk>/", objections.objection, name="objection"),
    path("<slug:year_code>/restatements/", restatements.listing, name="restatements"),
    path("<slug:year_code>/restatements/new/", restatements.new, name="restatement_new"),
    path("<slug:year_code>/restatements/<int:pk>/", restatements.restatement, name="restatement"),
    # Bulletins: the archive, writing an issue, how they look.
    path("<slug:year_code>/bulletins/", issues.archive, name="bulletins"),
    path("<slug:year_code>/bulletins/paper/", issues.paper, name="bulletin_paper"),
    path("<slug:year_code>/bulletins/draft/<int:snapshot>/", issues.draft, name="bulletin_draft"),
    path(ISSUE, issues.issue, name="bulletin"),
    path(f"{ISSUE}files/<int:file_pk>/", issues.file, name="bulletin_file"),
    path(f"{ISSUE}edit/", bulletin_prose.edit, name="bulletin_edit"),
    path(f"{ISSUE}blocks/", bulletin_prose.blocks, name="bulletin_blocks"),
    path(f"{ISSUE}number/", bulletin_prose.number, name="bulletin_number"),
    # Closing a month.
    path("<slug:year_code>/<month:month>/close/", closing.close, name="close"),
    # The Word template of bulletins.
    path(TEMPLATE, word_templates.template, name="word_template"),
    path(f"{TEMPLATE}<int:pk>.docx", word_templates.file, name="word_template_file"),
    path(f"{TEMPLATE}<int:pk>-trial.docx", word_templates.trial, name="word_template_trial"),
    path("<slug:year_code>/<month:month>/", rankings.ranking, name="ranking"),
    # What people take away: the workbook, base data, directions.
    path("<slug:year_code>/<month:month>/workbook/", workbooks.workbook, name="workbook"),
    path("<slug:year_code>/<month:month>/direction/", directions.direction, name="direction"),
    path("<slug:year_code>/base/", bases.base, name="base"),
    path("<slug:year_code>/base/give/", bases.give, name="base_give"),
    path(f"{COURT}court/", outlooks.court, name="court_page"),
    path(f"{COURT}print/", outlooks.court_print, name="court_print"),
    path(f"{COURT}what-if/", outlooks.what_if, name="what_if"),
    path(f"{COURT}scenarios/", scenarios.listing, name="scenarios"),
    path(f"{COURT}scenarios/new/", scenarios.new, name="scenario_new"),
    path(f"{COURT}scenarios/<int:pk>/", scenarios.scenario, name="scenario"),
    path(f"{COURT}outlook/", outlooks.outlook, name="outlook"),
    path(f"{COURT}small-counts/", outlooks.small_counts, name="small_counts"),
    path(
        "<slug:year_code>/<month:month>/<slug:court_code>/",
        rankings.scorecard,
        name="scorecard",
    ),
]
