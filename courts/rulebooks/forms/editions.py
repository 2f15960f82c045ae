"""Owns reading what people send about editions: sources, archives, values, months of force."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courts.files.forms.fields import BroughtFileField
from courts.rulebooks.selectors.edition_fields import FieldSpec
from scoring.formulas import words_for_numbers
from scoring.texts import Path, Value

LONGEST_SUMMARY = 500
LONGEST_VALUE = 2_000
LONGEST_TEXT = 2_000_000
MOST_ARCHIVE = 4 * 1024 * 1024
LONG = 60


def _summary(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST_SUMMARY,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("请写明为什么改。")},
    )


class VersionForm(forms.Form):
    """Which state of the edition the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class CopyForm(forms.Form):
    """What to begin a draft from; the choices are set by whoever shows the form."""

    source = forms.ChoiceField(label=gettext_lazy("以哪个版本为底稿"))
    summary = _summary(gettext_lazy("为什么起草（新年度、更正……）"))


class ImportForm(forms.Form):
    """An archive of the four files."""

    file = BroughtFileField(label=gettext_lazy("规则文件（zip）"), most_bytes=MOST_ARCHIVE)
    summary = _summary(gettext_lazy("为什么起草（新年度、更正……）"))


class ReplaceForm(VersionForm):
    """An archive that takes the place of a draft's files."""

    file = BroughtFileField(label=gettext_lazy("规则文件（zip）"), most_bytes=MOST_ARCHIVE)


class EditionTextForm(VersionForm):
    """A whole file."""

    text = forms.CharField(
        label=gettext_lazy("文件内容"),
        strip=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 28, "spellcheck": "false", "class": "source"}),
    )


class ReasonForm(VersionForm):
    """Why a proposal goes back."""

    reason = _summary(gettext_lazy("退回原因"))


class EnactForm(VersionForm):
    """From which month on, in place of which edition."""

    month = forms.IntegerField(
        label=gettext_lazy("自几月起生效"),
        min_value=1,
        max_value=12,
        widget=forms.Select(choices=[(number, number) for number in range(1, 13)]),
    )
    in_force = forms.IntegerField(widget=forms.HiddenInput)
    sure = forms.BooleanField(
        label=gettext_lazy("我已看过差异和影响；生效后这个版本不能再改"),
        error_messages={"required": gettext_lazy("请先勾选确认。")},
    )


class NewYearForm(VersionForm):
    """Which courts take part, and until which day they enter."""

    courts = forms.MultipleChoiceField(
        label=gettext_lazy("参加考核的法院"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("请至少选择一个法院。")},
    )
    deadline_day = forms.IntegerField(
        label=gettext_lazy("次月第几日截止（1至28，留空表示不设期限）"),
        min_value=1,
        max_value=28,
        required=False,
    )
    sure = forms.BooleanField(
        label=gettext_lazy("我已看过规则；设立后这个版本自1月起生效，不能再改"),
        error_messages={"required": gettext_lazy("请先勾选确认。")},
    )


def offer(form: forms.Form, name: str, choices: Sequence[tuple[str, str]]) -> None:
    """Say what may be chosen in a field of a form."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices


class ValuesForm(VersionForm):
    """Values of one section, a field each; `values` are those that were read."""

    specs: Sequence[FieldSpec] = ()

    @property
    def values(self) -> dict[Path, Value]:
        return {spec.path: self.cleaned_data[spec.key] for spec in self.specs}


def values_form(specs: Sequence[FieldSpec]) -> type[ValuesForm]:
    """The form of a section."""
    fields: dict[str, object] = {spec.key: _field(spec) for spec in specs}
    return type("SectionForm", (ValuesForm,), {**fields, "specs": specs})


def _field(spec: FieldSpec) -> forms.Field:
    if spec.choices:
        return forms.TypedChoiceField(
            label=spec.label,
            choices=spec.choices,
            initial=_shown(spec.value),
            coerce=_boolean if isinstance(spec.value, bool) else str,
        )
    shown = _shown(spec.value)
    widget = forms.Textarea(attrs={"rows": 2}) if len(shown) > LONG else forms.TextInput()
    kind = {tuple: ListField, int: NumberField, Decimal: NumberField}.get(type(spec.value))
    if kind is None and spec.value in words_for_numbers():
        kind = NumberField
    return (kind or TextField)(
        label=spec.label, initial=shown, widget=widget, max_length=LONGEST_VALUE
    )


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ", ".join(value)
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _boolean(text: str) -> bool:
    return text == "true"


class TextField(forms.CharField):
    """A text; lines of a text area end as in the file."""

    def clean(self, value: object) -> str:
        return super().clean(value).replace("\r\n", "\n")


class ListField(forms.CharField):
    """Codes, with commas or blanks between them."""

    def clean(self, value: object) -> tuple[str, ...]:
        text = super().clean(value)
        return tuple(text.replace("，", " ").replace("、", " ").replace(",", " ").split())


class NumberField(forms.CharField):
    """A plain decimal number as typed, or the word for a target that is entered elsewhere."""

    def clean(self, value: object) -> Value:
        text = super().clean(value)
        if text in words_for_numbers():
            return text
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or "e" in text.lower() or "_" in text:
            raise ValidationError(_("应为数值，如 12.5。"))
        return int(number) if "." not in text else number
