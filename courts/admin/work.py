"""What passed between desks and offices over returns: read here, done on the pages of returns."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from courts.admin.base import ReadOnlyAdmin
from courts.admin.filters import CourtFilter, PeriodFilter, SideFilter, side_names
from courts.admin.site import site
from courts.models import (
    Assessment,
    CaseVerification,
    CellComment,
    CourtChange,
    EntryOnBehalf,
    FollowUp,
    Motion,
    Reopening,
    SpecialCase,
    Submission,
    TakenSupplement,
    UnlockRequest,
    WordTemplate,
)
from courts.permissions import role_names

OF_RETURN: tuple[Any, ...] = (CourtFilter, PeriodFilter, SideFilter)


class WorkAdmin(ReadOnlyAdmin):
    """Rows that belong to a return."""

    court_path = "monthly_return__court"
    list_filter = OF_RETURN
    list_per_page = 100
    # Who acted, by the name of the field; most readers may not open accounts, so names are texts.
    people: tuple[str, ...] = ()

    def get_list_select_related(self, request: Any) -> Any:
        return ["monthly_return__court", *self.people]

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        return self.get_fields(request, obj)

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        own = [field.name for field in self.opts.fields if field.name not in ("id", *self.people)]
        return [*own, *(self.person(name) for name in self.people)]

    def get_list_display(self, request: Any) -> Any:
        return [
            name if name not in self.people else self.person(name) for name in self.list_display
        ]

    def person(self, name: str) -> Any:
        """The column with the name of a person."""
        field: Any = self.opts.get_field(name)

        @admin.display(description=field.verbose_name, ordering=name)
        def column(row: Any) -> str:
            return str(getattr(row, name) or "—")

        return column


@admin.register(Submission, site=site)
class SubmissionAdmin(WorkAdmin):
    list_display = ["monthly_return", "number", "by", "at", "on_behalf"]
    people = ("by", "begun_by", "taken_back_by")
    ordering = ["-at"]


@admin.register(CellComment, site=site)
class CellCommentAdmin(WorkAdmin):
    list_display = ["monthly_return", "metric", "kind", "author", "at", "text"]
    list_filter = (*OF_RETURN, "kind")
    search_fields = ["metric", "text"]
    people = ("author",)
    ordering = ["-at"]


@admin.register(FollowUp, site=site)
class FollowUpAdmin(WorkAdmin):
    list_display = ["monthly_return", "metric", "opened_by", "opened_at", "note", "resolution"]
    search_fields = ["metric", "note", "resolution"]
    people = ("opened_by", "resolved_by")
    ordering = ["-opened_at"]


@admin.register(UnlockRequest, site=site)
class UnlockRequestAdmin(WorkAdmin):
    list_display = ["monthly_return", "reason", "requested_by", "requested_at", "state", "note"]
    list_filter = (*OF_RETURN, "state")
    search_fields = ["reason", "note"]
    people = ("requested_by", "decided_by")
    ordering = ["-requested_at"]


@admin.register(Reopening, site=site)
class ReopeningAdmin(WorkAdmin):
    list_display = ["monthly_return", "reason", "by", "at", "expires_at", "outcome"]
    list_filter = (*OF_RETURN, "outcome")
    search_fields = ["reason"]
    people = ("by",)
    ordering = ["-at"]


@admin.register(EntryOnBehalf, site=site)
class EntryOnBehalfAdmin(WorkAdmin):
    list_display = ["monthly_return", "reason", "by", "at", "objection", "settlement"]
    search_fields = ["reason", "objection", "settlement"]
    people = ("by", "objected_by", "settled_by")
    ordering = ["-at"]


@admin.register(SpecialCase, site=site)
class SpecialCaseAdmin(WorkAdmin):
    # What was attached is read on the pages of the case alone.
    court_path = "court"
    list_display = ["court", "item", "month", "state", "applied_by", "applied_at", "points"]
    list_filter = (CourtFilter, "state", SideFilter, "quality_year")
    search_fields = ["item", "reasons", "meeting"]
    people = ("applied_by", "closed_by")
    ordering = ["-applied_at"]

    def get_list_select_related(self, request: Any) -> Any:
        return ["court", "quality_year", *self.people]


@admin.register(CaseVerification, site=site)
class CaseVerificationAdmin(WorkAdmin):
    court_path = "case__court"
    list_display = ["case", "office_shown", "by", "at", "note"]
    list_filter = ("case__state",)
    people = ("by",)
    ordering = ["-at"]

    def get_list_select_related(self, request: Any) -> Any:
        return ["case__court", "case__quality_year", *self.people]

    @admin.display(description=_("部门"), ordering="office")
    def office_shown(self, row: CaseVerification) -> str:
        return role_names([row.office]).get(row.office, row.office)


@admin.register(TakenSupplement, site=site)
class TakenSupplementAdmin(WorkAdmin):
    court_path = "quality_year__court"
    list_display = ["quality_year", "code", "version", "title", "by", "at", "confirmed_by"]
    list_filter = ("code", "kind", "quality_year")
    search_fields = ["code", "title", "sha256", "reason"]
    people = ("by", "confirmed_by")
    ordering = ["-at"]

    def get_list_select_related(self, request: Any) -> Any:
        return ["quality_year", *self.people]


@admin.register(Motion, site=site)
class MotionAdmin(WorkAdmin):
    # What it would write is read on the page of the motion, with its effect.
    court_path = "quality_year__court"
    list_display = ["kind", "side", "state", "moved_by", "moved_at", "decided_by", "note"]
    list_filter = ("kind", "state", "quality_year")
    search_fields = ["reason", "note"]
    people = ("moved_by", "decided_by", "objected_by")
    ordering = ["-moved_at"]

    def get_list_select_related(self, request: Any) -> Any:
        return ["quality_year__court", *self.people]

    def get_list_display(self, request: Any) -> Any:
        names, found = side_names(request), super().get_list_display(request)

        @admin.display(description=_("类别"), ordering="side")
        def sides(motion: Motion) -> str:
            return names.listed(motion.quality_year.court, motion.side) or "—"

        return [sides if name == "side" else name for name in found]

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        return [name for name in super().get_fields(request, obj) if name != "content"]


@admin.register(Assessment, site=site)
class AssessmentAdmin(WorkAdmin):
    court_path = "court"
    list_display = ["court", "item", "quality_year", "month", "points", "given_by", "confirmed_by"]
    list_filter = ("item", "quality_year")
    search_fields = ["item", "reason"]
    people = ("given_by", "confirmed_by")
    ordering = ["-at"]

    def get_list_select_related(self, request: Any) -> Any:
        return ["court", "quality_year", *self.people]


@admin.register(CourtChange, site=site)
class CourtChangeAdmin(WorkAdmin):
    court_path = "court"
    list_display = ["quality_year", "court", "kind", "other", "from_month", "document", "moved_by"]
    list_filter = ("kind", "quality_year")
    search_fields = ["document"]
    ordering = ["-quality_year", "-from_month"]

    def get_list_select_related(self, request: Any) -> Any:
        return ["quality_year", "court", "other", "motion__moved_by"]

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        return [*super().get_fields(request, obj), "moved_by"]

    @admin.display(description=_("提出人"))
    def moved_by(self, row: CourtChange) -> str:
        return str(row.motion.moved_by)


@admin.register(WordTemplate, site=site)
class WordTemplateAdmin(WorkAdmin):
    # The file is taken away on the page of the template alone.
    court_path = "quality_year__court"
    list_display = ["quality_year", "name", "state", "uploaded_by", "uploaded_at", "decided_by"]
    list_filter = ("state", "quality_year")
    search_fields = ["name", "sha256", "reason", "note"]
    people = ("uploaded_by", "decided_by")
    ordering = ["-uploaded_at"]

    def get_list_select_related(self, request: Any) -> Any:
        return ["quality_year", *self.people]
