"""Quality years and the rulebook editions they run on; neither changes once it is stored."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from courts.admin.base import EditedAdmin, ReadOnlyAdmin
from courts.admin.site import site
from courts.models import QualityYear, RulebookEdition


@admin.register(QualityYear, site=site)
class QualityYearAdmin(EditedAdmin):
    """Which edition is in force decides every score: a year is set up from a proposal, on pages."""

    list_display = ["code", "year", "court", "edition"]
    list_select_related = ["court", "edition"]
    search_fields = ["code", "court__name", "court__short_name"]
    sections = ((None, ("code", "court", "year", "edition")),)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(RulebookEdition, site=site)
class RulebookEditionAdmin(ReadOnlyAdmin):
    """Drafted and put in force on the pages; here to look up what is stored."""

    court_path = "court"
    list_display = ["code", "title", "state", "from_month", "short_hash", "created_at"]
    list_filter = ["state"]
    search_fields = ["code", "title", "sha256"]
    fields = [
        "code",
        "title",
        "state",
        "quality_year",
        "from_month",
        "based_on",
        "summary",
        "author",
        "proposed_by",
        "proposed_at",
        "enacted_by",
        "enacted_at",
        "sha256",
        "created_at",
        "files",
    ]
    readonly_fields = ["files"]

    @admin.display(description=_("校验值"))
    def short_hash(self, edition: RulebookEdition) -> str:
        return edition.sha256[:12]

    @admin.display(description=_("规则文本"))
    def files(self, edition: RulebookEdition) -> SafeString:
        sources: dict[str, Any] = edition.sources
        return format_html_join(
            "",
            '<details class="qy-source"><summary>{}</summary><pre>{}</pre></details>',
            sorted(sources.items()),
        ) or format_html("{}", "—")
