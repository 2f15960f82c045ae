"""Owns the pages of the anonymous ballot; what the browser seals and opens goes to `ballot_api`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courts.ballots import booth_file, scrutineer_file, verifier
from courts.ballots.forms.rounds import ExtendForm, PaperTallyForm, RoundForm
from courts.ballots.open_work import BALLOT_WORK
from courts.ballots.selectors.drafts import candidates, draft_values, offered_courts
from courts.ballots.selectors.lists import rounds
from courts.ballots.selectors.rounds import NoRoundError, find_round, round_page
from courts.ballots.services import keys as ballot_keys
from courts.ballots.services import opening as ballot_opening
from courts.ballots.services import paper as ballot_paper
from courts.ballots.services import rounds as ballot_rounds
from courts.ballots.services import second_rounds, vouches
from courts.ballots.services.held_rounds import BallotError
from courts.frame.forms.keys import key_of
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of, post_only
from courts.permissions import may_organize_ballots
from courts.years.open_work import open_work
from courts.years.views.slots import year_of


def page_of(request: HttpRequest, year_code: str, code: str) -> Any:
    """The round of the address as the account meets it; 403 or 404 in words."""
    try:
        return round_page(request.user, find_round(request.user, year_code, code))
    except NoRoundError as error:
        raise MissingError(str(error)) from error
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error


def working_page_of(request: HttpRequest, year_code: str, code: str) -> Any:
    """The same for what needs the keys: not in a round of the earlier protocol."""
    page = page_of(request, year_code, code)
    if page.earlier_protocol:
        raise RefusedError(page.earlier_protocol)
    return page


def context_of(year_code: str, page: Any, **more: Any) -> dict[str, Any]:
    """What all templates of a round need, with the hashes of the files people check."""
    hashes = {
        "sha256": verifier.sha256(),
        "file_sha256": scrutineer_file.FILE.sha256,
        "booth_sha256": booth_file.FILE.sha256,
    }
    return {
        "area": "ballots",
        "code": year_code,
        "page": page,
        "round": page.round,
        **hashes,
        **more,
    }


@never_cache
@require_safe
def listing(request: HttpRequest, year_code: str) -> HttpResponse:
    """The rounds of a year, and what waits for the account in those of every year."""
    year = year_of(request, year_code)
    context = {
        "area": "ballots",
        "code": year_code,
        "rounds": rounds(request.user, year),
        "work": open_work(request.user, codes=BALLOT_WORK),
        "may_organize": may_organize_ballots(request.user, year),
    }
    return render(request, "courts/ballots/list.html", context)


@never_cache
@require_http_methods(READ_OR_POST)
def prepare(request: HttpRequest, year_code: str, code: str = "") -> HttpResponse:
    """Draft a round, or say a draft anew."""
    year = year_of(request, year_code)
    if not may_organize_ballots(request.user, year):
        raise RefusedError(_("只有审判管理办公室可以组织投票。"))
    page = page_of(request, year_code, code) if code else None
    form = RoundForm(
        request.POST or None,
        initial=draft_values(year, page and page.round),
        courts=offered_courts(year),
        candidates=candidates(year),
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = _drafted(account_of(request), year, page, form)
        except BallotError as error:
            form.add_error(None, error.message)
        else:
            return redirect("courts:ballot", year_code, row.code)
    context = {"area": "ballots", "code": year_code, "form": form, "page": page}
    return render(request, "courts/ballots/prepare.html", context)


def _drafted(user: Any, year: Any, page: Any, form: RoundForm) -> Any:
    entry = form.entry(year.year)
    if page is None:
        return ballot_rounds.draft_round(user=user, year=year, entry=entry)
    return ballot_rounds.change_draft(user=user, ballot_round=page.round, entry=entry)


@never_cache
@require_safe
def overview(request: HttpRequest, year_code: str, code: str) -> HttpResponse:
    """How far a round is, and what is next for this account."""
    page = page_of(request, year_code, code)
    context = context_of(year_code, page, extend=ExtendForm())
    return render(request, "courts/ballots/round.html", context)


@never_cache
@require_safe
def booth(request: HttpRequest, year_code: str, code: str) -> HttpResponse:
    """Where a voter scores; the scores stay in the page."""
    page = working_page_of(request, year_code, code)
    if page.own_vote is None:
        raise RefusedError(_("您不在这轮投票的参评人名册上。"))
    aspects = (_("实施"), _("推进"), _("效果"), _("总结"))
    context = context_of(year_code, page, aspects=aspects)
    return render(request, "courts/ballots/booth.html", context)


@never_cache
@require_safe
def keys(request: HttpRequest, year_code: str, code: str) -> HttpResponse:
    """Where a scrutineer makes a key and rehearses it."""
    page = working_page_of(request, year_code, code)
    if page.own_key is None:
        raise RefusedError(_("您不是这轮投票的监票人。"))
    return render(request, "courts/ballots/keys.html", context_of(year_code, page))


@never_cache
@require_safe
def check(request: HttpRequest, year_code: str, code: str) -> HttpResponse:
    """Where a voter compares the board with paper; the browser recounts it."""
    page = page_of(request, year_code, code)
    if not page.may_see_board:
        raise RefusedError(_("投票截止之后才有公示板；计票之前只对参加人开放。"))
    return render(request, "courts/ballots/check.html", context_of(year_code, page))


@never_cache
@require_safe
def opening(request: HttpRequest, year_code: str, code: str) -> HttpResponse:
    """Where a scrutineer re-verifies the board and gives the part of the opening."""
    page = working_page_of(request, year_code, code)
    if page.own_key is None:
        raise RefusedError(_("您不是这轮投票的监票人。"))
    return render(request, "courts/ballots/opening.html", context_of(year_code, page))


@never_cache
@require_http_methods(READ_OR_POST)
def paper(request: HttpRequest, year_code: str, code: str) -> HttpResponse:
    """Type in the sums of a vote on paper."""
    page = page_of(request, year_code, code)
    if not page.is_office:
        raise RefusedError(_("只有审判管理办公室可以录入纸质计票结果。"))
    form = PaperTallyForm(request.POST or None, request.FILES or None, page=page)
    if request.method == "POST" and form.is_valid():
        scan = form.cleaned_data["scan"]
        try:
            ballot_paper.enter_paper(
                user=account_of(request),
                ballot_round=page.round,
                counted=form.cleaned_data["counted"],
                points=form.points,
                scan=scan.read(ballot_paper.LARGEST_SCAN + 1),
                scan_name=scan.name,
            )
        except BallotError as error:
            form.add_error(None, error.message)
        else:
            return redirect("courts:ballot", year_code, code)
    return render(request, "courts/ballots/paper.html", context_of(year_code, page, form=form))


def _extend(request: HttpRequest, common: dict[str, Any], reason: str) -> None:
    form = ExtendForm(request.POST)
    if not form.is_valid():
        raise BallotError("wrong", _("请写明新的截止时间和原因。"))
    ballot_rounds.extend(**common, closes_at=form.moment, reason=reason)


def is_secure(request: HttpRequest) -> bool:
    """Whether the page came by a connection on which it cannot be exchanged."""
    return request.is_secure() or request.get_host().partition(":")[0] in {"localhost", "127.0.0.1"}


def _number(request: HttpRequest, name: str) -> int:
    """The key of the person that a button names; 0 for anything else."""
    return key_of(request.POST.get(name, ""))


# What the buttons of the overview do; the services say who may.
ACTS: dict[str, Callable[[HttpRequest, dict[str, Any], str], object]] = {
    "ask_keys": lambda _request, common, _text: ballot_keys.ask_keys(**common),
    "back": lambda _request, common, text: ballot_keys.back_to_draft(**common, reason=text),
    "open": lambda request, common, _text: ballot_rounds.open_round(
        **common, secure=is_secure(request)
    ),
    "extend": _extend,
    "close": lambda _request, common, _text: ballot_rounds.close(**common),
    "void": lambda _request, common, text: ballot_rounds.void(**common, reason=text),
    "drop_key": lambda request, common, text: ballot_keys.drop_key(
        **common, scrutineer=_number(request, "scrutineer"), reason=text
    ),
    "confirm": lambda request, common, _text: ballot_opening.confirm(
        **common, has_challenged="challenged" in request.POST
    ),
    "object": lambda _request, common, text: ballot_opening.object_to(**common, text=text),
    "withdraw": lambda _request, common, _text: ballot_opening.withdraw_objection(**common),
    "confirm_paper": lambda _request, common, _text: ballot_paper.confirm_paper(**common),
    "second": lambda _request, common, text: second_rounds.give_reason(**common, reason=text),
    "second_agree": lambda _request, common, _text: second_rounds.agree(**common),
    "vouch": lambda request, common, _text: vouches.vouch(
        **common, voter=_number(request, "voter")
    ),
    "drop_paper": lambda _request, common, _text: ballot_paper.drop_paper(**common),
}


@post_only("courts:ballot", "year_code", "code")
def act(request: HttpRequest, year_code: str, code: str) -> HttpResponse:
    """One button of the overview."""
    page = page_of(request, year_code, code)
    wanted = ACTS.get(request.POST.get("act", ""))
    if wanted is None:
        raise MissingError(_("没有这个操作。请刷新页面后再试。"))
    common = {"user": account_of(request), "ballot_round": page.round}
    try:
        wanted(request, common, request.POST.get("reason", ""))
    except BallotError as error:
        messages.error(request, error.message)
    except PermissionDenied as error:
        raise RefusedError(str(error)) from error
    return redirect("courts:ballot", year_code, code)
