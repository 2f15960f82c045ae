"""Owns the forms of registers: one is made for the fields that an account fills in a state.

A form is made by `form_for`, a class for each set of fields; what it gave is read by `given_of`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from courts.files.attachments import MOST_BYTES, AttachmentError, GivenFile, kind_of
from courts.models.registers import LONGEST_NOTE
from courts.registers.selectors.lines import Search
from courts.registers.services.lines import Given
from scoring.registers import FieldType, RegisterField

LONGEST_TEXT, LONGEST_LONG_TEXT, LONGEST_STAFF = 200, 2000, 20
DATE_ERROR = gettext_lazy("请写成 2019-12-31 这样的日期。")
# What a form names the number of a court's people in a field of numbers by court.
BY_COURT = "{code}__{court}"


class LineFile(forms.FileField):
    """A file of a known kind, not too large."""

    widget = forms.FileInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        file: UploadedFile | None = super().clean(data, initial)
        if not file:
            return None
        if (file.size or 0) > MOST_BYTES:
            text = _("附件超过%(most)s MB，请压缩或拆分。")
            raise forms.ValidationError(text % {"most": MOST_BYTES // 1024 // 1024})
        content = file.read()
        try:
            kind_of(content)
        except AttachmentError as error:
            raise forms.ValidationError(error.message) from error
        return GivenFile(file.name or "", content)


class LineForm(forms.Form):
    """What all lines have: the version that was seen, and a note to the change."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    note = forms.CharField(
        label=gettext_lazy("说明（退回时必填）"), max_length=LONGEST_NOTE, required=False
    )


class LineSearchForm(forms.Form):
    """What a list is narrowed to; what is wrong or empty does not narrow it."""

    court = forms.CharField(required=False, max_length=64)
    state = forms.CharField(required=False, max_length=64)
    month = forms.CharField(required=False, max_length=2)
    through = forms.CharField(required=False, max_length=2)
    overdue = forms.CharField(required=False, max_length=2)

    def search(self, choices: Mapping[str, str], metrics: Sequence[str]) -> Search:
        """The search as the selector takes it."""
        self.is_valid()
        given = {name: self.cleaned_data.get(name, "") for name in self.fields}
        return Search(
            court=given["court"],
            state=given["state"],
            month=given["month"],
            through=given["through"],
            metrics=tuple(metrics),
            overdue=bool(given["overdue"]),
            choices=choices,
        )


class DrawForm(forms.Form):
    """From which list, for which court and month, how many lots are drawn."""

    court = forms.ChoiceField(label=gettext_lazy("法院"))
    month = forms.IntegerField(label=gettext_lazy("月份"), min_value=1, max_value=12)
    wanted = forms.IntegerField(label=gettext_lazy("抽出几件"), min_value=1, max_value=1000)
    numbers = forms.CharField(
        label=gettext_lazy("全部案号，一行一个"),
        max_length=600_000,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("请贴入案号清单。")},
    )


class RedrawForm(forms.Form):
    """A list to draw from once more."""

    numbers = forms.CharField(
        label=gettext_lazy("全部案号，一行一个"),
        max_length=600_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )


def form_for(
    fields: Sequence[RegisterField], courts: Mapping[int, str], suggestions: Mapping[str, Any]
) -> type[LineForm]:
    """The form of these fields; `courts` are the year's by key."""
    made: dict[str, forms.Field] = {}
    for one in fields:
        made.update(_fields_of(one, courts, one.code in suggestions))
    return type("FieldsForm", (LineForm,), made)


def _fields_of(
    one: RegisterField, courts: Mapping[int, str], has_suggestions: bool
) -> dict[str, forms.Field]:
    language = get_language() or ""
    label = one.label.get(language)
    shared: dict[str, Any] = {
        "label": label,
        "required": False,
        "help_text": one.hint.get(language),
    }
    if one.type is FieldType.COURT_NUMBERS:
        return {
            BY_COURT.format(code=one.code, court=pk): forms.IntegerField(
                label=f"{label} · {name}",
                required=False,
                min_value=one.low,
                max_value=one.high,
            )
            for pk, name in courts.items()
        }
    if one.type is FieldType.NUMBER:
        return {one.code: forms.IntegerField(min_value=one.low, max_value=one.high, **shared)}
    if one.type is FieldType.DATE:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        errors = {"invalid": DATE_ERROR}
        return {one.code: forms.DateField(widget=widget, error_messages=errors, **shared)}
    if one.type is FieldType.CHOICE:
        choices = [("", _("未填")), *((c.code, c.label.get(language)) for c in one.choices)]
        return {one.code: forms.ChoiceField(choices=choices, **shared)}
    if one.type is FieldType.COURT:
        listed = [("", _("未填")), *((str(pk), name) for pk, name in courts.items())]
        return {one.code: forms.ChoiceField(choices=listed, **shared)}
    if one.type is FieldType.FILE:
        return {one.code: LineFile(**shared)}
    if one.type is FieldType.LONG_TEXT:
        area = forms.Textarea(attrs={"rows": 4})
        return {one.code: forms.CharField(max_length=LONGEST_LONG_TEXT, widget=area, **shared)}
    attrs = {"autocomplete": "off"}
    if has_suggestions:
        attrs["list"] = f"suggested-{one.code}"
    longest = LONGEST_STAFF if one.type is FieldType.STAFF else LONGEST_TEXT
    text = forms.TextInput(attrs=attrs)
    return {one.code: forms.CharField(max_length=longest, widget=text, **shared)}


def initial_of(fields: Sequence[RegisterField], values: Mapping[str, object]) -> dict[str, object]:
    """What a form shows of a line."""
    found: dict[str, object] = {}
    for one in fields:
        value = values.get(one.code)
        if one.type is FieldType.COURT_NUMBERS and isinstance(value, dict):
            for pk, number in value.items():
                found[BY_COURT.format(code=one.code, court=pk)] = number
        elif one.type is not FieldType.FILE:
            found[one.code] = value
    return found


def given_of(form: LineForm, fields: Sequence[RegisterField], courts: Iterable[int]) -> Given:
    """What a valid form gave, as the service takes it; a file that was not chosen stays."""
    keys = list(courts)
    values: dict[str, object] = {}
    files: dict[str, GivenFile] = {}
    for one in fields:
        if one.type is FieldType.COURT_NUMBERS:
            names = {pk: BY_COURT.format(code=one.code, court=pk) for pk in keys}
            numbers = {str(pk): form.cleaned_data.get(name) for pk, name in names.items()}
            values[one.code] = {pk: n for pk, n in numbers.items() if n is not None}
            continue
        value = form.cleaned_data.get(one.code)
        if one.type is FieldType.FILE:
            if value is not None:
                files[one.code] = value
        else:
            values[one.code] = plain(value)
    return Given(values, files, form.cleaned_data.get("note", ""))


def plain(value: object) -> object:
    """A value as a line keeps it: dates as 2019-03-22, nothing for an empty text."""
    if isinstance(value, date):
        return value.isoformat()
    return value if value != "" else None
