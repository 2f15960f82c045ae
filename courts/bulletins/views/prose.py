"""Owns the page that edits an issue, what its script is told, and what a live number opens to.

Answers to the script carry the header `X-Part: blocks`: the page takes no other answer for word of
what became of a block.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courts import database_clock
from courts.bulletins.forms.prose import IssueForm, SentBlock, read_sent
from courts.bulletins.selectors.editing import (
    block_shown,
    changed_since,
    editing_page,
    last_revisions,
    others_editing,
    tried_block,
)
from courts.bulletins.selectors.numbers import NoNumberError, number_page, offered_numbers
from courts.bulletins.selectors.prose.issues import languages_of, prose_of
from courts.bulletins.services.prose import (
    add_block,
    leave_block_out,
    note_editor,
    restore_block,
    save_block,
    set_issue,
)
from courts.bulletins.views.issues import AREA, bulletin_of
from courts.frame.forms.bodies import body_of
from courts.frame.refusals import ReturnError
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of, post_only
from courts.permissions import may_write_bulletin

KINDS = ("carrier", "number_year", "number", "dated_on", "title", "in_korean", "title_ko")


def editable(request: HttpRequest, year_code: str, pk: int) -> Any:
    """The issue, for those who write it; 403 for others."""
    bulletin = bulletin_of(request, year_code, pk)
    if not may_write_bulletin(request.user, bulletin.quality_year, bulletin.sides):
        raise RefusedError(_("只有负责该类数据的管理部门可以编辑通报。"))
    return bulletin


@never_cache
@require_http_methods(READ_OR_POST)
def edit(request: HttpRequest, year_code: str, pk: int) -> HttpResponse:
    """The prose with its live numbers; POST: what stands around it."""
    bulletin = editable(request, year_code, pk)
    language = request.GET.get("language", "zh")
    if language not in languages_of(bulletin):
        raise MissingError(_("这份通报没有这种文本。"))
    held = {name: getattr(bulletin, name) for name in KINDS} | {"seen": bulletin.version}
    form = IssueForm(request.POST if request.method == "POST" else None, initial=held)
    if form.is_valid():
        try:
            set_issue(
                user=account_of(request),
                bulletin=bulletin,
                values=form.values,
                seen=form.cleaned_data["seen"],
            )
        except ReturnError as error:
            messages.error(request, error.message)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("已保存。"))
            return redirect("courts:bulletin_edit", year_code, pk)
    context = {
        "area": AREA,
        "code": year_code,
        "form": form,
        "page": editing_page(request.user, bulletin, language),
    }
    return render(request, "courts/bulletins/edit.html", context)


@never_cache
@require_safe
def number(request: HttpRequest, year_code: str, pk: int) -> HttpResponse:
    """What a live number opens to; with `part`, for the page that edits, without a frame."""
    bulletin = editable(request, year_code, pk)
    try:
        page = number_page(bulletin, request.GET.get("key", ""))
    except NoNumberError as error:
        raise MissingError(str(error)) from error
    template = "number_part.html" if "part" in request.GET else "number.html"
    context = {"area": AREA, "code": year_code, "bulletin": bulletin, "page": page}
    return render(request, f"courts/bulletins/{template}", context)


@never_cache
@post_only("courts:bulletin_edit", "year_code", "pk")
def blocks(request: HttpRequest, year_code: str, pk: int) -> HttpResponse:
    """POST: one act on one block, or none; the answer says how the whole issue stands."""
    bulletin = editable(request, year_code, pk)
    try:
        sent = read_sent(body_of(request))
    except ValidationError as error:
        return failed(HTTPStatus.BAD_REQUEST, error.messages[0])
    if sent.user != str(request.user.pk):
        # Somebody else signed in on this machine: no text goes out under another name.
        return failed(HTTPStatus.CONFLICT, _("现在登录的是另一个账号，这些文字没有发送。"))
    if sent.language not in languages_of(bulletin):
        return failed(HTTPStatus.BAD_REQUEST, _("没有这种语言。"))
    user = account_of(request)
    try:
        result = _act(user, bulletin, sent)
    except ReturnError as error:
        return failed(HTTPStatus.CONFLICT, error.message)
    except PermissionDenied as error:
        return failed(HTTPStatus.FORBIDDEN, str(error))
    now = database_clock.now()
    note_editor(
        user=user, bulletin=bulletin, language=sent.language, block=sent.open_block, now=now
    )
    return _answer(request, bulletin_of(request, year_code, pk), sent, result)


def _act(user: Any, bulletin: Any, sent: SentBlock) -> dict[str, Any]:
    """Do what was asked for; what became of it."""
    entry = sent.entry
    where = {"user": user, "bulletin": bulletin, "language": sent.language}
    match sent.act:
        case "save":
            found = save_block(**where, entry=entry)
        case "restore":
            found = restore_block(**where, key=entry.key, seen=entry.seen)
        case "leave_out":
            found = leave_block_out(**where, key=entry.key, seen=entry.seen)
        case "add":
            return {
                "status": "saved",
                "block": add_block(**where, after=entry.key, form=sent.form).key,
            }
        case _:
            return {}
    return {"status": found.status.value, "block": entry.key}


def _answer(
    request: HttpRequest, bulletin: Any, sent: SentBlock, result: dict[str, Any]
) -> JsonResponse:
    """How the issue stands: blocks changed since, who else edits, how many errors."""
    prose = prose_of(bulletin, sent.language)
    revised = last_revisions(bulletin, sent.language)
    since, changed = changed_since(bulletin, sent.language, sent.since)
    content: dict[str, Any] = {
        "user": request.user.pk,
        "token": get_token(request),
        "since": since,
        "order": [block.key for block in prose.blocks],
        "blocks": [
            block_shown(prose, block, revised.get(block.key)).as_json()
            for block in prose.blocks
            if block.key in changed or block.key == result.get("block")
        ],
        "others": [
            {"name": one.name, "block": one.block}
            for one in others_editing(account_of(request), bulletin, database_clock.now())
        ],
        "errors": prose.errors,
        "result": result,
    }
    if sent.act == "check":
        entry = sent.entry
        tried = tried_block(prose, entry.key, entry.text, entry.keys, entry.reasons)
        content["checked"] = None if tried is None else tried.as_json()
    if sent.act == "numbers":
        content["numbers"] = [one.as_json() for one in offered_numbers(prose)]
    return JsonResponse(content, headers={"X-Part": "blocks"})


def failed(status: HTTPStatus, message: str) -> JsonResponse:
    """Why nothing of the request was taken."""
    return JsonResponse({"message": message}, status=status, headers={"X-Part": "blocks"})
