"""Owns the pages for what went wrong: in words, with a way back, without details of the inside."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from courts.views.kept_text import keep_sent

TEMPLATE = "errors/error.html"


class Missing(Http404):
    """There is no such page; the text says why, for the person who asked."""


class Refused(PermissionDenied):
    """The account may not do this; the text says why, for the person who asked."""


class MissingInWords:
    """Middleware that answers `Missing` itself: in development Django would show its own page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return not_found(request, exception) if isinstance(exception, Missing) else None


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: only our own exceptions carry words meant for people."""
    reason = (
        str(exception)
        if isinstance(exception, Missing)
        else _("地址可能写错了，或者页面已经移走。")
    )
    context = {
        "code": 404,
        "title": _("没有找到这个页面"),
        "sentences": [reason],
    }
    return render(request, TEMPLATE, context, status=404)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    reason = str(exception) if isinstance(exception, Refused) else _("您的账号没有这项权限。")
    context = {
        "code": 403,
        "title": _("不能打开这个页面"),
        "sentences": [reason, _("如果您的工作需要它，请联系系统管理员。")],
    }
    return render(request, TEMPLATE, context, status=403)


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that was open too long, or came from another site; its text is kept."""
    advice = _("请返回后刷新页面再提交一次；浏览器须允许本站使用 Cookie。")
    is_kept = keep_sent(request)
    if is_kept:
        advice = _("您写的文字已经保存：重新打开页面，它还在原处，核对后再提交一次。")
    context = {
        "code": 403,
        "title": _("没有提交成功"),
        "sentences": [
            _("页面打开太久，或者在别的窗口重新登录过，所以这次提交没有被接受，什么也没有改动。"),
            advice,
        ],
        "page": request.path if is_kept else "",
    }
    return render(request, TEMPLATE, context, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: rendered without account and database, for those may be what failed."""
    context = {
        "code": 500,
        "title": _("系统出错了"),
        "sentences": [
            _("错误已经记录下来，数据没有因此改动。"),
            _("请稍后再试；如果一再出现，请把发生的时间告诉系统管理员。"),
        ],
    }
    return HttpResponseServerError(render_to_string(TEMPLATE, context))
