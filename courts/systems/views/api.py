"""Owns `/api/v1/`: what other systems read of published months, and the extracts they send.

Every address but the description asks for a token (`Authorization: Bearer …`). An answer has an
`ETag`; a call that brings it back in `If-None-Match` gets 304 and no body. Errors are JSON with
`code` and `message`. Never holds anything of a ballot. The description has no page of scripts.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Status
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from ninja.security import HttpBearer

from courts.files.sheets import MOST_BYTES, SourceFile
from courts.frame.refusals import ReturnError
from courts.frame.views import bodies
from courts.frame.views.errors import MissingError
from courts.systems.selectors import api as answers
from courts.systems.services.sent_extracts import receive
from courts.systems.services.tokens import bearer, record_call, take_turn
from courts.systems.views import shapes

logger = logging.getLogger("courts.api")
MOST_PROBLEMS = 100
CODES = {
    HTTPStatus.UNAUTHORIZED: "token",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.TOO_MANY_REQUESTS: "too_many",
}


class Bearer(HttpBearer):
    """The token of a call; its turn is taken here, so that every known caller is counted."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The token, unless it is unknown or over. `Throttled` beyond its calls of the minute.

        403 for one that came in the clear where https is asked for: it is not answered as if that
        were well, nor led on, since programs would not notice.
        """
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            text = _("这里只接受https调用。这个令牌已经以明文发送过，请停用它，另发一个。")
            raise HttpError(HTTPStatus.FORBIDDEN, text)
        found = token_of(request)
        if found is None:
            logger.warning("Unknown, revoked or expired token at %s.", request.path)
            return None
        turn = take_turn(found)
        if not turn.is_allowed:
            request.is_logged = turn.is_first_over  # type: ignore[attr-defined]
            raise Throttled(wait=turn.seconds)
        return found


def token_of(request: HttpRequest) -> Any:
    """The token that a request carries, looked for once; None without a good one."""
    held: Any = request
    if not hasattr(held, "api_token"):
        held.api_token = bearer(request.headers.get("Authorization", ""))
    return held.api_token


api = NinjaAPI(
    title="Quality Year (审判执行质量年)",
    version="1",
    description=(
        "Published months of the assessment: courts, points, figures, bulletins. Points, rates and"
        " percents are texts with their decimals; a missing value is null, never 0. Codes are those"
        " of the rulebook. One PUT takes an extract of a case system, which then waits for people."
    ),
    docs_url=None,
    urls_namespace="api",
    auth=Bearer(),
)


# --- What other systems read -------------------------------------------------------------------


@api.get("/years", response=list[shapes.Year], url_name="years", summary="Quality years")
def years(request: HttpRequest) -> Any:
    """The quality years of the token's prefecture, the latest first."""
    return answers.years(reading(request))


@api.get(
    "/years/{year}/courts",
    response=list[shapes.Court],
    url_name="courts",
    summary="Courts of a year",
)
def courts(request: HttpRequest, year: str) -> Any:
    """The courts that the year assesses, in the order of the notice."""
    return answers.courts(found(reading(request), year))


@api.get(
    "/years/{year}/months",
    response=list[shapes.Month],
    url_name="months",
    summary="Months of a year that may be read",
)
def months(request: HttpRequest, year: str) -> Any:
    """Published months, with their snapshot; with the scope for it also those not yet published."""
    token = reading(request)
    return answers.months(token, found(token, year))


@api.get(
    "/years/{year}/months/{month}/scorecards",
    response=shapes.Scorecards,
    url_name="scorecards",
    summary="Points of a month",
)
def scorecards(request: HttpRequest, year: str, month: str) -> Any:
    """Every item of every court that the token sees, with its steps; published numbers first."""
    token = reading(request)
    return answers.scorecards(token, month_of(token, year, month))


@api.get(
    "/years/{year}/months/{month}/figures",
    response=shapes.Figures,
    url_name="figures",
    summary="Figures of a month",
)
def figures(request: HttpRequest, year: str, month: str) -> Any:
    """The figures that count in the month, year to date, and those of the year before."""
    token = reading(request)
    return answers.figures(token, month_of(token, year, month))


@api.get(
    "/years/{year}/bulletins",
    response=list[shapes.Bulletin],
    url_name="bulletins",
    summary="Bulletins of a year",
)
def bulletins(request: HttpRequest, year: str) -> Any:
    """The published issues, with the hashes of their files; a withdrawn one says so."""
    token = reading(request)
    return answers.bulletins(token, found(token, year))


# --- What other systems send -------------------------------------------------------------------


@api.put(
    "/years/{year}/extracts/{name}",
    response={200: shapes.Sent, 201: shapes.Sent, 422: shapes.Faults},
    url_name="extract",
    summary="Send an extract, which waits for the office",
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "A CSV or Excel file with court, month, metric, value (year to date).",
            "content": {
                "text/csv": {"schema": {"type": "string"}},
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
            },
        }
    },
)
def extract(request: HttpRequest, year: str, name: str) -> Any:
    """Let a file wait, in place of what waits under its name; the same bytes change nothing."""
    token = request.auth  # type: ignore[attr-defined]
    file = SourceFile(name, request.read(MOST_BYTES + 1))
    try:
        received = receive(token=token, year=found(token, year), file=file)
    except PermissionDenied as error:
        raise HttpError(HTTPStatus.FORBIDDEN, str(error)) from error
    except ReturnError as error:
        raise HttpError(HTTPStatus.CONFLICT, error.message) from error
    if received.sent is None:
        problems = [str(problem) for problem in received.result.errors[:MOST_PROBLEMS]]
        faults = {
            "code": "file",
            "message": _("文件有错误，没有接收。"),
            "problems": problems,
            "count": len(received.result.errors),
        }
        return Status(HTTPStatus.UNPROCESSABLE_ENTITY, faults)
    status = HTTPStatus.CREATED if received.is_new else HTTPStatus.OK
    return Status(status, answers.sent(received.sent, received.result.warnings))


# --- Finding, and answering errors -------------------------------------------------------------


def reading(request: HttpRequest) -> Any:
    """The token of a call that reads; 403 for one that only sends."""
    token = request.auth  # type: ignore[attr-defined]
    if not token.reads:
        raise HttpError(HTTPStatus.FORBIDDEN, _("这个令牌只能报送，不能读取。"))
    return token


def found(token: Any, code: str) -> Any:
    """The year of the address; 404 when the token's prefecture has none such."""
    try:
        return answers.find_year(token, code)
    except answers.NotReadableError as error:
        raise MissingError(str(error)) from error


def month_of(token: Any, code: str, month: str) -> Any:
    """What the token reads of the month of the address; 404 for a month that is not readable."""
    try:
        return answers.find_month(token, found(token, code), month)
    except answers.NotReadableError as error:
        raise MissingError(str(error)) from error


@api.exception_handler(Http404)
def missing(request: HttpRequest, exception: Http404) -> HttpResponse:
    """404 in words."""
    text = str(exception) if isinstance(exception, MissingError) else _("没有这个地址。")
    return _error(request, HTTPStatus.NOT_FOUND, "missing", text)


@api.exception_handler(HttpError)
def refused(request: HttpRequest, exception: HttpError) -> HttpResponse:
    """What was refused, with the header that says how to go on."""
    status = HTTPStatus(exception.status_code)
    text = str(exception)
    if isinstance(exception, AuthenticationError):
        text = _("没有令牌，或者令牌不存在、已停用、已过期。")
    if isinstance(exception, Throttled):
        text = _("请求太多，请稍后再试。")
    response = _error(request, status, CODES.get(status, "refused"), text)
    if isinstance(exception, AuthenticationError):
        response["WWW-Authenticate"] = "Bearer"
    if isinstance(exception, Throttled):
        response["Retry-After"] = str(exception.wait)
    return response


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, exception: ValidationError) -> HttpResponse:
    """422 for an address or query that cannot be read."""
    return _error(request, HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", _("没有读懂发来的数据。"))


@api.exception_handler(Exception)
def failed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Leave every other fault to the site's own answers, in development too."""
    raise exception


def _error(request: HttpRequest, status: HTTPStatus, code: str, message: str) -> HttpResponse:
    return api.create_response(request, {"code": code, "message": message}, status=status)


# --- Every answer ------------------------------------------------------------------------------


def answered(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view with a log line of every known caller's call, and an `ETag` on what was read."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        status = int(HTTPStatus.INTERNAL_SERVER_ERROR)
        try:
            response = _with_etag(request, view(request, *args, **kwargs))
            status = response.status_code
        finally:
            token = getattr(request, "api_token", None)
            if token is not None and getattr(request, "is_logged", True):
                record_call(
                    token=token, method=request.method or "", path=request.path, status=status
                )
        return response

    answer.csrf_exempt = True  # type: ignore[attr-defined]
    return login_not_required(answer)


def _with_etag(request: HttpRequest, response: Any) -> HttpResponseBase:
    """Mark the answer as the caller's own; answer 304 to a caller that has it already."""
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Authorization"])
    if request.method == "GET" and response.status_code == HTTPStatus.OK:
        response["ETag"] = f'"{sha256(response.content).hexdigest()}"'
        answer = get_conditional_response(request, etag=response["ETag"], response=response)
        return answer or response
    return response


def may_send(request: HttpRequest) -> bool:
    """Whether a call may bring a large body: its token sends extracts."""
    token = token_of(request)
    return token is not None and bool(token.sides)


def addresses() -> tuple[list[Any], str, str]:
    """The addresses below `/api/v1/`, each with what every answer has."""
    bodies.FILE_BYTES["api:extract"] = MOST_BYTES
    bodies.KNOWN_CALLERS["api:extract"] = may_send
    urls: Any = api.urls
    patterns, app, namespace = urls
    for pattern in patterns:
        is_open = pattern.name in {"openapi-json", "api-root"}
        view = require_safe(pattern.callback) if is_open else pattern.callback
        pattern.callback = answered(view)
    return patterns, app, namespace
