"""Owns how a row's history reads: who changed what from which value to which, when and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from django.contrib.auth.models import Group
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import BooleanField, DateTimeField, Field, ManyToManyField
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format, localize
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin

from courts.frame.listing import enumerated
from courts.permissions import group_label

# How a value of a record reads, given the record and the field.
Shown = Callable[[Any, Field], str]
NOTHING = "—"
CREATED = "+"


class HistoryFieldLine(NamedTuple):
    """One changed field of one edit."""

    field: str
    old: str
    new: str


class HistoryMixin(SimpleHistoryAdmin):
    """History pages for a model that keeps one."""

    change_form_template: Any = None
    object_history_template: Any = "admin/courts/object_history.html"

    def history_view_title(self, request: HttpRequest, obj: Any) -> str:
        return _("变更历史：%(name)s") % {"name": obj}

    def history_form_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The package would save a past state posted here: there is no such page."""
        raise Http404

    def set_history_delta_changes(
        self, request: HttpRequest, historical_records: Sequence[Any], *args: Any, **kwargs: Any
    ) -> None:
        records = list(historical_records)
        for number, record in enumerate(records):
            is_last = number + 1 == len(records)
            # The page before the last one ends in the middle of the history.
            previous = record.prev_record if is_last else records[number + 1]
            record.lines = list(changed_lines(record, previous, self.shown_in(request)))

    def shown_in(self, request: HttpRequest) -> Shown:
        """How a value of a record reads."""
        return shown


def changed_lines(
    record: Any, previous: Any | None, reads: Shown | None = None
) -> Iterator[HistoryFieldLine]:
    """The fields that differ; for the first record, those that have a value at all.

    `reads` says how a value reads, where not as its form shows it.
    """
    reads = reads or shown
    model = record.instance_type
    kept = {field.name for field in record.tracked_fields}
    for field in model._meta.concrete_fields:
        if field.name not in kept or field.primary_key:
            continue
        new = getattr(record, field.attname)
        old = None if previous is None else getattr(previous, field.attname)
        if new != old and not (previous is None and new == ""):
            before = NOTHING if previous is None else reads(previous, field)
            yield HistoryFieldLine(str(field.verbose_name), before, reads(record, field))
    for field in getattr(record, "_history_m2m_fields", ()):
        new_names, old_names = _names(record, field), _names(previous, field)
        if new_names != old_names:
            yield HistoryFieldLine(str(field.verbose_name), old_names, new_names)


def yes_or_no(value: bool) -> str:
    """In words what Django shows as a picture that is called True or False in every language."""
    return _("是") if value else _("否")


def shown(record: Any, field: Field) -> str:
    """A value as its form shows it."""
    value = getattr(record, field.attname)
    if value is None or value == "":
        return NOTHING
    if field.is_relation:
        try:
            return str(getattr(record, field.name))
        except ObjectDoesNotExist:
            return f"#{value}"
    if field.choices:
        return str(getattr(record, f"get_{field.name}_display")())
    if isinstance(field, BooleanField):
        return yes_or_no(value)
    if isinstance(field, DateTimeField):
        return date_format(timezone.localtime(value), "Y-m-d H:i:s")
    return str(localize(value)) if not isinstance(value, int) else str(value)


def _names(record: Any | None, field: ManyToManyField) -> str:
    """The rows of a many-to-many field; groups by the role they carry."""
    if record is None:
        return NOTHING
    rows = [
        getattr(row, field.m2m_reverse_field_name()) for row in getattr(record, field.name).all()
    ]
    names = [group_label(row) if isinstance(row, Group) else str(row) for row in rows]
    return enumerated(sorted(names)) or NOTHING
