"""Owns what every administration page obeys: roles, scope, reasons, stale edits.

Terms: the *scope* of an account is the prefecture of its court; rows outside do not exist for it.
`court_path` leads from a model to the court its rows belong to. *Seen* is the last line of a row's
history when the form was opened: a form that is older than the row is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import IntegrityError, models
from django.db.models import Field, Model, ProtectedError, Q, QuerySet
from django.forms import Field as FormField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from courts.admin.forms import EditForm, last_seen
from courts.admin.history import HistoryMixin
from courts.models import Court, QualityYear, User
from courts.permissions import Act, may_in_admin, own_root, sees_every_court


def acting(request: HttpRequest) -> User:
    """The account behind a request that has passed a permission."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


class RuledAdmin(admin.ModelAdmin):
    """A model as `courts.permissions` allows it; Django's own permissions are never asked."""

    court_path: str | None = "court"
    show_full_result_count = False
    list_per_page = 50

    # --- Roles ---

    def may(self, request: HttpRequest, act: Act, obj: Model | None = None) -> bool:
        allowed = may_in_admin(request.user, self.opts.model_name or "", act)
        return allowed and (obj is None or self.in_scope(request, obj))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may(request, Act.VIEW)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may(request, Act.VIEW, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may(request, Act.ADD)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may(request, Act.CHANGE, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may(request, Act.DELETE, obj)

    # --- Scope ---

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return self.scoped(request, super().get_queryset(request))

    def scoped(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        """The rows of the account's prefecture."""
        if self.court_path is None or sees_every_court(request.user):
            return rows
        root = own_root(request.user)
        if root is None:
            return rows.none()
        prefix = f"{self.court_path}__" if self.court_path else ""
        return rows.filter(Q(**{f"{prefix}pk": root.pk}) | Q(**{f"{prefix}parent": root.pk}))

    def in_scope(self, request: HttpRequest, obj: Model) -> bool:
        """Whether one row, or a past state of one, belongs to the account's prefecture."""
        if self.court_path is None or sees_every_court(request.user):
            return True
        root = own_root(request.user)
        found: Any = obj
        try:
            for name in filter(None, self.court_path.split("__")):
                found = getattr(found, name)
        except ObjectDoesNotExist:
            return False
        return root is not None and isinstance(found, Court) and found.root.pk == root.pk

    def formfield_for_dbfield(
        self, db_field: Field, request: HttpRequest, **kwargs: Any
    ) -> FormField | None:
        """Related rows are chosen, never made or changed from within another row's form."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Any:
        related = self.related_rows(request, db_field.related_model)
        if related is not None:
            kwargs["queryset"] = related
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def related_rows(self, request: HttpRequest, model: Any) -> QuerySet | None:
        """The rows of another model that may be chosen; None where all may be."""
        if sees_every_court(request.user):
            return None
        root = own_root(request.user)
        if model is Court:
            return Court.objects.under(root) if root else Court.objects.none()
        if model is QualityYear:
            return QualityYear.objects.filter(court=root)
        return None


class ReadOnlyAdmin(RuledAdmin):
    """Rows that the administration shows and never changes."""

    actions: Any = None
    # Django's own history pages know nothing of these rows, so no button leads there.
    change_form_template = "admin/courts/record.html"

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class EditedAdmin(HistoryMixin, RuledAdmin):
    """Rows that a person edits, with a reason and never over another person's edit."""

    actions = None
    form = EditForm
    sections: Sequence[tuple[Any, Sequence[str]]] = ()
    # Set once, when the row is made: what other rows and files know it by.
    fixed: tuple[str, ...] = ()
    delete_confirmation_template = "admin/courts/delete_confirmation.html"

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        fieldsets = [(heading, {"fields": list(names)}) for heading, names in self.sections]
        if obj is None or self.has_change_permission(request, obj):
            fieldsets.append(self.reason_section())
        return fieldsets

    def reason_section(self) -> tuple[str, dict[str, list[str]]]:
        return _("本次操作"), {"fields": ["reason", "seen"]}

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return fields if obj is None else (*fields, *self.fixed)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Model | None:
        """A row that is about to be written is locked until it is."""
        obj = super().get_object(request, object_id, from_field)
        if obj is None or request.method != "POST":
            return obj
        rows = self.model._default_manager.select_for_update(of=("self",))
        # Without the model's order, whose joins a lock does not reach.
        return rows.order_by().filter(pk=obj.pk).first()

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError:
            # Somebody else wrote a row like this one since the form checked for it.
            self.message_user(
                request, _("数据刚被他人改动，没有保存，请重新填写。"), messages.ERROR
            )
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj._change_reason = form.cleaned_data["reason"]
        super().save_model(request, obj, form, change)

    # --- Deleting: with a reason, and never what somebody has just changed ---

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method == "POST" and not request.POST.get("reason", "").strip():
            self.message_user(request, _("请填写删除原因。"), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        try:
            return super().delete_view(request, object_id, extra_context)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        except ProtectedError:
            self.message_user(request, _("仍有其他数据引用它，不能删除。"), messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())

    def render_delete_form(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        return super().render_delete_form(
            request, {**context, "seen": last_seen(context["object"])}
        )

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What keeps a row is a better answer than the right to delete what keeps it."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, set() if protected else lacking, protected

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        if request.POST.get("seen", "") != last_seen(obj):
            raise ValidationError(_("这条记录在您打开之后已被改动，没有删除。请重新查看。"))
        obj._change_reason = request.POST["reason"].strip()[:100]
        super().delete_model(request, obj)
