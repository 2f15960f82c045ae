"""Owns the pages on which rules are read and drafted; the steps to force are edition_steps'."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courts.files import lists
from courts.files.sheets import SourceFile
from courts.frame.forms.keys import key_of
from courts.frame.refusals import RuleError
from courts.frame.views.errors import MissingError, RefusedError
from courts.frame.views.posts import READ_OR_POST, account_of
from courts.permissions import (
    may_view_editions,
    may_write_edition,
    may_write_editions,
    own_points_only,
)
from courts.rulebooks import edition_exports
from courts.rulebooks.forms.editions import (
    CopyForm,
    EditionTextForm,
    ImportForm,
    KeyForm,
    NewItemForm,
    ReplaceForm,
    offer,
    values_form,
)
from courts.rulebooks.selectors.edition_effects import ComparisonError, effect_page
from courts.rulebooks.selectors.edition_fields import (
    NoSectionError,
    file_titles,
    find_section,
    metrics_beside,
    sections_of,
)
from courts.rulebooks.selectors.edition_keys import new_item_choices, optional_key_choices
from courts.rulebooks.selectors.editions import (
    NoEditionError,
    copy_choices,
    differences_page,
    edition_page,
    find_edition,
    proposals_for,
    search_editions,
    state_choices,
)
from courts.rulebooks.selectors.supplements import news_for
from courts.rulebooks.services.edition_parts import add_item, add_key
from courts.rulebooks.services.editions import (
    copy_bundled,
    copy_edition,
    edit_text,
    edit_values,
    import_edition,
    replace_files,
)
from courts.scores.selectors.ranking_shown import shown_courts, told

PER_PAGE = 50
ZIP_TYPE = "application/zip"
BUNDLED = "bundled:"


# The name of no part: an item to be added to the file.
NEW_ITEM = "new-item"


def edition_of(request: HttpRequest, pk: int) -> Any:
    """The edition of the address; 404 when the account may not read it."""
    try:
        return find_edition(request.user, pk)
    except NoEditionError as error:
        raise MissingError(str(error)) from error


def draft_of(request: HttpRequest, pk: int) -> Any:
    """The edition, for those who draft; 403 for others."""
    edition = edition_of(request, pk)
    if not may_write_edition(request.user, edition):
        raise RefusedError(_("只有审判管理办公室可以起草规则。"))
    return edition


@never_cache
@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    """Every edition of the prefecture, with the ways to begin another."""
    if not may_view_editions(request.user):
        raise RefusedError(_("您的账号还没有分配法院或岗位。如果您的工作需要，请联系系统管理员。"))
    words, state = request.GET.get("q", ""), request.GET.get("state", "")
    found = search_editions(request.user, words, state)
    wanted = request.GET.get("_export")
    if wanted is not None:
        return lists.response(edition_exports.of_editions(found), wanted)
    context = {
        "area": "editions",
        "editions": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "words": words,
        "states": state_choices(state),
        "may_write": may_write_editions(request.user),
        "waiting": proposals_for(request.user),
        "news": news_for(request.user),
    }
    return render(request, "courts/rulebooks/editions/list.html", context)


@never_cache
@require_http_methods(READ_OR_POST)
def new(request: HttpRequest) -> HttpResponse:
    """Begin a draft: from another edition, or from files."""
    if not may_write_editions(request.user):
        raise RefusedError(_("只有审判管理办公室可以起草规则。"))
    copy = CopyForm(request.POST if "source" in request.POST else None)
    offer(copy, "source", copy_choices(request.user))
    files = ImportForm(*(request.POST, request.FILES) if "import" in request.POST else ())
    try:
        edition = None
        if copy.is_valid():
            edition = _copied(request, **copy.cleaned_data)
        elif files.is_valid():
            given = files.cleaned_data
            file = SourceFile(given["file"].name, given["file"].read())
            edition = import_edition(user=account_of(request), file=file, summary=given["summary"])
        if edition is not None:
            messages.success(request, _("草案已建立，请修改后提交。"))
            return redirect("courts:edition", edition.pk)
    except RuleError as error:
        messages.error(request, error.message)
    context = {"area": "editions", "copy": copy, "files": files}
    return render(request, "courts/rulebooks/editions/new.html", context)


def _copied(request: HttpRequest, source: str, summary: str) -> Any:
    user = account_of(request)
    if source.startswith(BUNDLED):
        return copy_bundled(user=user, code=source.removeprefix(BUNDLED), summary=summary)
    return copy_edition(user=user, edition=edition_of(request, key_of(source)), summary=summary)


@never_cache
@require_safe
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    """One edition: its state and the next step, its faults, its parts, what happened to it."""
    page = edition_page(request.user, edition_of(request, pk))
    faulty = [(fault.file, fault.key) for fault in page.faults]
    context = {
        "area": "editions",
        "page": page,
        "edition": page.edition,
        "sections": sections_of(page.edition, faulty),
        "replace": ReplaceForm(initial={"version": page.edition.version}),
    }
    return render(request, "courts/rulebooks/editions/edition.html", context)


@never_cache
@require_http_methods(READ_OR_POST)
def section(request: HttpRequest, pk: int, file: str, name: str) -> HttpResponse:
    """The values of one part in a form; only accounts that draft change them."""
    found = edition_of(request, pk)
    if name == NEW_ITEM:
        return _new_item(request, found, file)
    try:
        part = find_section(found, file, name)
    except NoSectionError as error:
        raise MissingError(str(error)) from error
    form = values_form(part.fields)(request.POST or None, initial={"version": found.version})
    may_edit = may_write_edition(request.user, found) and found.state == "draft"
    keys = optional_key_choices(found, file, name) if may_edit else ()
    if request.method == "POST":
        draft_of(request, pk)
        if "key" in request.POST:
            return _add_key(request, found, file, name, keys)
        if form.is_valid():
            try:
                changed = edit_values(
                    user=account_of(request),
                    edition=found,
                    seen_version=form.cleaned_data["version"],
                    file=file,
                    values=form.values,
                )
            except RuleError as error:
                messages.error(request, error.message)
            else:
                messages.success(request, _("已保存，改动%(count)s处。") % {"count": changed})
                return redirect("courts:edition", pk)
    context = {
        "area": "editions",
        "edition": found,
        "part": part,
        "metrics": metrics_beside(found, part),
        "form": form,
        "may_edit": may_edit,
        "keys": keys,
    }
    return render(request, "courts/rulebooks/editions/section.html", context)


def _add_key(
    request: HttpRequest, found: Any, file: str, name: str, keys: Sequence[tuple[str, str]]
) -> HttpResponse:
    """Add an optional key to the part, and show the form with it."""
    form = KeyForm(request.POST)
    offer(form, "key", keys)
    if form.is_valid():
        given = form.cleaned_data
        try:
            add_key(
                user=account_of(request),
                edition=found,
                seen_version=given["version"],
                file=file,
                name=name,
                key=given["key"],
            )
        except RuleError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("已增加，值与省略时相同；请按需要修改。"))
    return redirect("courts:edition_part", found.pk, file, name)


def _new_item(request: HttpRequest, found: Any, file: str) -> HttpResponse:
    """Add an item to a file of items; its numbers are filled in on its own page."""
    draft_of(request, found.pk)
    form = NewItemForm(request.POST or None, initial={"version": found.version})
    groups, formulas = new_item_choices(found, file)
    if not groups:
        raise MissingError(_("这个文件里没有这一部分，或者只能作为文本修改。"))
    offer(form, "group", groups)
    offer(form, "formula", formulas)
    if form.is_valid():
        given = dict(form.cleaned_data)
        try:
            name = add_item(
                user=account_of(request),
                edition=found,
                seen_version=given.pop("version"),
                file=file,
                **given,
            )
        except RuleError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("已增加，请填写分值和计分参数。"))
            return redirect("courts:edition_part", found.pk, file, name)
    context = {"area": "editions", "edition": found, "form": form, "file": file}
    return render(request, "courts/rulebooks/editions/new_item.html", context)


@never_cache
@require_http_methods(READ_OR_POST)
def text(request: HttpRequest, pk: int, file: str) -> HttpResponse:
    """A whole file as text."""
    found = edition_of(request, pk)
    if file not in file_titles(found.sources):
        raise MissingError(_("规则里没有这个文件。"))
    given = {"version": found.version, "text": found.sources.get(file, "")}
    form = EditionTextForm(request.POST or None, initial=given)
    if request.method == "POST":
        draft_of(request, pk)
        if form.is_valid():
            cleaned = form.cleaned_data
            try:
                edit_text(
                    user=account_of(request),
                    edition=found,
                    seen_version=cleaned["version"],
                    file=file,
                    text=cleaned["text"],
                )
            except RuleError as error:
                messages.error(request, error.message)
            else:
                messages.success(request, _("文件已保存。"))
                return redirect("courts:edition", pk)
    context = {
        "area": "editions",
        "edition": found,
        "file": file,
        "title": file_titles(found.sources)[file],
        "form": form,
        "may_edit": may_write_edition(request.user, found) and found.state == "draft",
    }
    return render(request, "courts/rulebooks/editions/text.html", context)


@never_cache
@require_http_methods(READ_OR_POST)
def files(request: HttpRequest, pk: int) -> HttpResponse:
    """The files as an archive; POST: put those of another in their place."""
    found = edition_of(request, pk)
    if request.method != "POST":
        headers = {
            "Content-Disposition": f'attachment; filename="{edition_exports.name_of(found)}"'
        }
        body = edition_exports.archive_of(found)
        return HttpResponse(body, content_type=ZIP_TYPE, headers=headers)
    draft_of(request, pk)
    form = ReplaceForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, str(form.errors.get("file", [_("请选择 zip 文件。")])[0]))
        return redirect("courts:edition", pk)
    given = form.cleaned_data
    try:
        replace_files(
            user=account_of(request),
            edition=found,
            seen_version=given["version"],
            file=SourceFile(given["file"].name, given["file"].read()),
        )
    except RuleError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("文件已替换。"))
    return redirect("courts:edition", pk)


@never_cache
@require_safe
def differences(request: HttpRequest, pk: int) -> HttpResponse:
    """What an edition changes, by key and line by line."""
    against = request.GET.get("against", "")
    try:
        page = differences_page(request.user, edition_of(request, pk), key_of(against) or None)
    except NoEditionError as error:
        raise MissingError(str(error)) from error
    wanted = request.GET.get("_export")
    if wanted is not None:
        return lists.response(edition_exports.of_differences(page), wanted)
    context = {"area": "editions", "page": page, "edition": page.edition}
    return render(request, "courts/rulebooks/editions/differences.html", context)


@never_cache
@require_safe
def effect(request: HttpRequest, pk: int) -> HttpResponse:
    """What an edition does to the points and ranks of a month that is past."""
    found = edition_of(request, pk)
    context: dict[str, Any] = {"area": "editions", "edition": found}
    try:
        page = effect_page(found, request.GET.get("month"))
    except ComparisonError as error:
        return render(
            request, "courts/rulebooks/editions/no_effect.html", {**context, "why": str(error)}
        )
    page = shown_courts(request.user, page.year, page)
    context |= told(request.user, page.year)
    wanted = request.GET.get("_export")
    if wanted is not None:
        shows_places = not own_points_only(request.user, page.year)
        return lists.response(edition_exports.of_effect(page, shows_places=shows_places), wanted)
    return render(request, "courts/rulebooks/editions/effect.html", {**context, "page": page})
