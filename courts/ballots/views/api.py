"""Owns what the pages of the ballot send and ask as JSON; never renders a page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courts.ballots import booth_file, scripts, scrutineer_file, verifier
from courts.ballots.offline_file import OfflineFile
from courts.ballots.selectors.rounds import (
    NoRoundError,
    board_of,
    find_round,
    manifest_text,
    progress,
    scan_of,
)
from courts.ballots.services.casting import cast as cast_ballot
from courts.ballots.services.held_rounds import LARGEST_BODY, BallotError
from courts.ballots.services.keys import ask_nonce, give_key, rehearse
from courts.ballots.services.opening import open_part
from courts.ballots.services.paper import media_type
from courts.frame.views.posts import account_of, post_only

View = Callable[..., HttpResponse]

STATUS = {
    "busy": HTTPStatus.TOO_MANY_REQUESTS,
    "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "invalid": HTTPStatus.BAD_REQUEST,
    "wrong": HTTPStatus.BAD_REQUEST,
}


def answering(view: View) -> View:
    """Refuse as JSON: a code for the page, a sentence for the person."""

    @never_cache
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NoRoundError as error:
            return _failed(HTTPStatus.NOT_FOUND, "missing", str(error))
        except PermissionDenied as error:
            return _failed(HTTPStatus.FORBIDDEN, "forbidden", str(error))
        except BallotError as error:
            status = STATUS.get(error.code, HTTPStatus.CONFLICT)
            return _failed(status, error.code, error.message)

    return answered


def _failed(status: HTTPStatus, code: str, message: str) -> JsonResponse:
    return JsonResponse({"code": code, "message": message}, status=status)


def body_of(request: HttpRequest) -> bytes:
    """What was sent, unless it is too much; that is seen before any of it is read."""
    try:
        length = int(request.headers.get("Content-Length") or 0)
    except ValueError:
        length = LARGEST_BODY + 1
    if length > LARGEST_BODY:
        raise BallotError("too_large", _("发来的数据超过1 MB，没有接受。请刷新页面后再试。"))
    if request.content_type != "application/json":
        raise BallotError("invalid", _("没有读懂发来的数据，请刷新页面后再试。"))
    return request.read(LARGEST_BODY + 1)


@answering
@require_safe
def state(request: HttpRequest, year_code: str, code: str) -> HttpResponse:
    """How far the round is: numbers, no names."""
    found = progress(find_round(request.user, year_code, code))
    return JsonResponse(
        {
            "state": found.state,
            "count": found.count,
            "electorate": found.electorate,
            "deadline": found.closes_at.isoformat(),
            "fingerprint": found.fingerprint,
            "confirmed": found.confirmed,
            "objections": found.objections,
        }
    )


@answering
@require_safe
def manifest(request: HttpRequest, year_code: str, code: str) -> HttpResponse:
    """The frozen manifest, to the byte."""
    found = manifest_text(find_round(request.user, year_code, code))
    if not found:
        raise NoRoundError(_("还有监票人没有制作密钥，公告书尚未确定。请等他们做完。"))
    return HttpResponse(found, content_type="application/json; charset=utf-8")


@answering
@post_only("courts:ballot_keys", "year_code", "code")
def key(request: HttpRequest, year_code: str, code: str) -> HttpResponse:
    """A scrutineer's public key."""
    row = find_round(request.user, year_code, code)
    given = give_key(user=account_of(request), ballot_round=row, body=body_of(request))
    return JsonResponse({"k": given.index, "fingerprint": given.fingerprint})


@answering
@post_only("courts:ballot_keys", "year_code", "code")
def nonce(request: HttpRequest, year_code: str, code: str) -> HttpResponse:
    """Begin a scrutineer's rehearsal."""
    row = find_round(request.user, year_code, code)
    asked = ask_nonce(user=account_of(request), ballot_round=row)
    return JsonResponse({"k": asked.index, "nonce": asked.nonce, "fingerprint": asked.fingerprint})


@answering
@post_only("courts:ballot_keys", "year_code", "code")
def rehearsal(request: HttpRequest, year_code: str, code: str) -> HttpResponse:
    """The answer of a scrutineer's rehearsal."""
    row = find_round(request.user, year_code, code)
    rehearse(user=account_of(request), ballot_round=row, body=body_of(request))
    return JsonResponse({"rehearsed": True})


@answering
@post_only("courts:ballot_booth", "year_code", "code")
def cast(request: HttpRequest, year_code: str, code: str) -> HttpResponse:
    """A sealed ballot; the answer is its receipt."""
    row = find_round(request.user, year_code, code)
    receipt = cast_ballot(user=account_of(request), ballot_round=row, body=body_of(request))
    return JsonResponse(
        {
            "tracker": receipt.tracker,
            "fingerprint": receipt.fingerprint,
            "head": receipt.head,
            "at": receipt.at.isoformat(),
            "again": receipt.again,
        }
    )


@answering
@post_only("courts:ballot_opening", "year_code", "code")
def partial(request: HttpRequest, year_code: str, code: str) -> HttpResponse:
    """A scrutineer's part of the opening."""
    row = find_round(request.user, year_code, code)
    tallied = open_part(user=account_of(request), ballot_round=row, body=body_of(request))
    return JsonResponse({"tallied": tallied})


@answering
@require_safe
def board(request: HttpRequest, year_code: str, code: str) -> HttpResponse:
    """board.json, to the byte."""
    row = find_round(request.user, year_code, code)
    response = HttpResponse(
        board_of(request.user, row), content_type="application/json; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="board.json"'
    return response


@answering
@require_safe
def scan(request: HttpRequest, year_code: str, code: str) -> HttpResponse:
    """The scanned tally of a vote on paper."""
    name, data = scan_of(request.user, find_round(request.user, year_code, code))
    response = HttpResponse(data, content_type=media_type(data) or "application/octet-stream")
    ending = name.rpartition(".")[2].lower()
    ending = ending if ending.isascii() and ending.isalnum() else "bin"
    response["Content-Disposition"] = f'attachment; filename="tally.{ending}"'
    return response


@require_safe
def verify_script(request: HttpRequest) -> HttpResponse:
    """verify.py, which recounts a board anywhere there is Python."""
    response = HttpResponse(verifier.source(), content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="verify.py"'
    response["X-Content-SHA256"] = verifier.sha256()
    return response


@require_safe
def verify_hash(request: HttpRequest) -> HttpResponse:
    """The SHA-256 of verify.py, as sha256sum reads it."""
    return _hash_line(verifier.sha256(), "verify.py")


@require_safe
def worker_script(request: HttpRequest) -> HttpResponse:
    """The worker of the ballot's pages: a classic script, made of the modules the pages load."""
    response = HttpResponse(scripts.worker(), content_type="text/javascript; charset=utf-8")
    response["X-Content-SHA256"] = scripts.worker_sha256()
    return response


@require_safe
def scrutineer_page(request: HttpRequest) -> HttpResponse:
    """scrutineer.html, which recounts a board and opens it without a network."""
    return _handed_out(scrutineer_file.FILE, "scrutineer.html")


@require_safe
def scrutineer_hash(request: HttpRequest) -> HttpResponse:
    """The SHA-256 of scrutineer.html, as sha256sum reads it."""
    return _hash_line(scrutineer_file.FILE.sha256, "scrutineer.html")


@require_safe
def booth_page(request: HttpRequest) -> HttpResponse:
    """booth.html, which seals a ballot without a network."""
    return _handed_out(booth_file.FILE, "booth.html")


@require_safe
def booth_hash(request: HttpRequest) -> HttpResponse:
    """The SHA-256 of booth.html, as sha256sum reads it."""
    return _hash_line(booth_file.FILE.sha256, "booth.html")


def _handed_out(file: OfflineFile, name: str) -> HttpResponse:
    response = HttpResponse(file.source, content_type="text/html; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-SHA256"] = file.sha256
    return response


def _hash_line(sha256: str, name: str) -> HttpResponse:
    return HttpResponse(f"{sha256}  {name}\n", content_type="text/plain")
