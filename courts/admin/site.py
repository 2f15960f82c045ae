"""Owns the administration site: who gets in, and how its models are grouped.

A site of its own, not Django's: nothing a foreign package registers is ever reachable here.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from courts.permissions import may_open_admin
from courts.upkeep.selectors.running import running

# Headings of the index, each with its models in reading order.
GROUPS = (
    (_("报表与数据"), ("monthlyreturn", "figure")),
    (_("法院、年度与指标"), ("court", "qualityyear", "rulebookedition", "appraisaltarget", "cap")),
    (_("账号与安全"), ("user", "accessattempt", "accesslog", "event")),
)


class Site(admin.AdminSite):
    """The administration; roles open it, Django's staff flag alone does not."""

    site_header = _("审判执行质量年 · 管理")
    site_title = _("审判执行质量年")
    index_title = _("管理")

    def has_permission(self, request: HttpRequest) -> bool:
        return may_open_admin(request.user)

    @method_decorator(never_cache)
    @login_not_required
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """There is one login page, the project's; who is logged in and not allowed is refused."""
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index", current_app=self.name))
        if request.user.is_authenticated:
            raise PermissionDenied
        wanted = request.GET.get("next") or reverse("admin:index", current_app=self.name)
        return redirect_to_login(wanted)

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """The index, with what runs: version, editions, the last housekeeping."""
        return super().index(request, {"running": running(request.user), **(extra_context or {})})

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """The models the account may see, under the headings above."""
        apps = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        models = {model["model"]._meta.model_name: model for app in apps for model in app["models"]}
        index = reverse("admin:index", current_app=self.name)
        groups = []
        for number, (heading, names) in enumerate(GROUPS):
            found = [models[name] for name in names if name in models]
            if found:
                groups.append(
                    {
                        "name": heading,
                        "app_label": f"group-{number}",
                        "app_url": index,
                        "has_module_perms": True,
                        "models": found,
                    }
                )
        return groups


site = Site()
# Selections are deleted without looking at any single row's history or reason.
site.disable_action("delete_selected")
