"""Owns the answers for what went wrong: in words, with a way back, without details of the inside.

A browser gets a page; a script that asked for JSON gets `code` and `message` as JSON. Neither is
ever taken for a view's own answer: those of the grids carry a header that these do not.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from courts.frame.views.kept_text import keep_sent

TEMPLATE = "errors/error.html"
JSON, HTML = "application/json", "text/html"
SECONDS_TO_WAIT = 5
# What the server puts beside a request that it does not begin (`qualityyear.places`).
BLOCKED = "qualityyear.blocked"

logger = logging.getLogger("django.request")


class MissingError(Http404):
    """There is no such page; the text says why, for the person who asked."""


class RefusedError(PermissionDenied):
    """The account may not do this; the text says why, for the person who asked."""


class RefuseWhenBlocked:
    """Middleware that answers whoever would wait behind requests that are blocked; asks nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Said by the server itself: what comes from outside is named HTTP_….
        return blocked(request) if BLOCKED in request.META else self.get_response(request)


class ErrorsInWords:
    """Middleware that answers `MissingError` and faults of the database before Django does.

    In development Django would show its own page for both.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, MissingError):
            return not_found(request, exception)
        if isinstance(exception, (DatabaseError, InterfaceError)):
            logger.error("The database failed at %s.", request.path, exc_info=exception)
            passes = isinstance(exception, (OperationalError, InterfaceError))
            return unavailable(request) if passes else server_error(request)
        return None


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asked, which reads JSON and shows no page."""
    return (
        request.content_type == JSON
        or request.path.endswith(".json")
        or request.path_info.startswith("/api/")
        or request.get_preferred_type([HTML, JSON]) == JSON
    )


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: only our own exceptions carry words meant for people."""
    reason = (
        str(exception)
        if isinstance(exception, MissingError)
        else _("地址可能写错了，或者页面已经移走。")
    )
    return _answer(request, HTTPStatus.NOT_FOUND, "missing", _("没有找到这个页面"), [reason])


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    reason = str(exception) if isinstance(exception, RefusedError) else _("您的账号没有这项权限。")
    sentences = [reason, _("如果您的工作需要它，请联系系统管理员。")]
    return _answer(request, HTTPStatus.FORBIDDEN, "forbidden", _("不能打开这个页面"), sentences)


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that was open too long, or came from another site; its text is kept."""
    advice = _("请返回后刷新页面再提交一次；浏览器须允许本站使用 Cookie。")
    is_kept = keep_sent(request)
    if is_kept:
        advice = _("您写的文字已经保存：重新打开页面，它还在原处，核对后再提交一次。")
    sentences = [
        _("页面打开太久，或者在别的窗口重新登录过，所以这次提交没有被接受，什么也没有改动。"),
        advice,
    ]
    return _answer(
        request,
        HTTPStatus.FORBIDDEN,
        "csrf",
        _("没有提交成功"),
        sentences,
        page=request.path if is_kept else "",
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what was sent is too large, broken, or for another host; nothing of it was read."""
    sentences = [
        _("发来的内容太大、不完整，或者地址不对，服务器没有读取，什么也没有改动。"),
        _("请返回上一页检查后再试；如果一再出现，请把发生的时间告诉系统管理员。"),
    ]
    return _plain(request, HTTPStatus.BAD_REQUEST, "bad_request", _("没有读懂这次请求"), sentences)


def too_large(request: HttpRequest, most: int) -> HttpResponse:
    """413: the body is longer than this page takes, `most` in bytes; nothing of it was read."""
    sentences = [
        _("发来的内容超过这个页面的上限（%(most)s），服务器没有读取，什么也没有改动。")
        % {"most": f"{most // 1024 // 1024} MB" if most >= 1024 * 1024 else f"{most // 1024} KB"},
        _("请只保留需要的表格或内容，减小文件后再传。"),
    ]
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return _plain(request, status, "too_large", _("发来的内容太大"), sentences)


def length_required(request: HttpRequest) -> HttpResponse:
    """411: a body that does not say how long it is; browsers always say."""
    sentences = [
        _("发来的内容没有写明长度，服务器没有读取，什么也没有改动。"),
        _("请用浏览器直接打开本站；经代理访问的，请告诉系统管理员。"),
    ]
    status = HTTPStatus.LENGTH_REQUIRED
    return _plain(request, status, "length_required", _("没有读懂这次请求"), sentences)


def unreadable(request: HttpRequest, near: str) -> HttpResponse:
    """400 for signs that cannot be kept; `near` is what stands around the first of them."""
    sentences = [
        _("“%(near)s”处有不能保存的控制符号或无法识别的文字（·所在的位置），什么也没有写入。")
        % {"near": near},
        _("这种符号多由别的系统复制带入。请返回上一页，删去这一处或重新键入，再提交一次。"),
    ]
    return _plain(request, HTTPStatus.BAD_REQUEST, "unreadable", _("发来的文字不能保存"), sentences)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the database did not answer, or not in time. Whether it had written is not known."""
    sentences = [
        _("数据库暂时不能读写，这次操作可能没有完成。"),
        _("请稍后重新打开页面核对，没有写入的再做一次；如果一再出现，请告诉系统管理员。"),
    ]
    response = _plain(
        request,
        HTTPStatus.SERVICE_UNAVAILABLE,
        "unavailable",
        _("数据库暂时不能使用"),
        sentences,
    )
    response["Retry-After"] = str(SECONDS_TO_WAIT)
    return response


def blocked(request: HttpRequest) -> HttpResponse:
    """503: all that could answer waits for something itself. The request was not begun."""
    sentences = [
        _("服务器正在等待数据库，这次请求没有开始处理，什么也没有改动。"),
        _("请稍后再做一次；如果一再出现，请告诉系统管理员。"),
    ]
    status = HTTPStatus.SERVICE_UNAVAILABLE
    response = _plain(request, status, "blocked", _("服务器暂时不能处理"), sentences)
    response["Retry-After"] = str(SECONDS_TO_WAIT)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when it was the database that failed before any view was asked.

    Whether anything was written before is not known here.
    """
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return unavailable(request)
    sentences = [
        _("错误已经记录下来。这次操作可能没有完成，请重新打开页面核对。"),
        _("请稍后再试；如果一再出现，请把发生的时间告诉系统管理员。"),
    ]
    return _plain(request, HTTPStatus.INTERNAL_SERVER_ERROR, "fault", _("系统出错了"), sentences)


def _answer(
    request: HttpRequest,
    status: HTTPStatus,
    code: str,
    title: str,
    sentences: Sequence[str],
    page: str = "",
) -> HttpResponse:
    """The page of an error, or its JSON; `page` is where to go on."""
    if wants_json(request):
        return _json(status, code, sentences)
    context = {"code": status.value, "title": title, "sentences": sentences, "page": page}
    return render(request, TEMPLATE, context, status=status)


def _plain(
    request: HttpRequest, status: HTTPStatus, code: str, title: str, sentences: Sequence[str]
) -> HttpResponse:
    """An answer made without account, session and database, for those may be what failed."""
    if wants_json(request):
        return _json(status, code, sentences)
    context = {"code": status.value, "title": title, "sentences": sentences}
    return HttpResponse(render_to_string(TEMPLATE, context), status=status)


def _json(status: HTTPStatus, code: str, sentences: Sequence[str]) -> JsonResponse:
    return JsonResponse({"code": code, "message": "".join(sentences)}, status=status)
