"""Owns the address that takes the text of a form while it is typed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from courts.frame.forms.drafts import read_draft
from courts.frame.services.drafts import keep_drafts
from courts.frame.views.errors import RefusedError
from courts.frame.views.posts import account_of, post_only


@post_only("courts:home")
def drafts(request: HttpRequest) -> HttpResponse:
    """Keep the text of a form of the account that is signed in."""
    given = read_draft(request.POST, request.path)
    if given is None or given.user_pk != account_of(request).pk:
        raise RefusedError(
            _("这些文字是另一个账号写的，或者页面打开太久，没有保存。请刷新页面后再试。")
        )
    keep_drafts(user_pk=given.user_pk, thing=given.thing, texts=given.texts)
    return HttpResponse(status=204)
