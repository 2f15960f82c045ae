"""Owns reading a template that somebody brings, and what a second person says to it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courts.bulletins.template_trials import MOST_BYTES
from courts.models.reviews import LONGEST_REASON


class TemplateForm(forms.Form):
    """A .docx file, and why."""

    file = forms.FileField(
        label=gettext_lazy("模板文件（docx）"),
        error_messages={"required": gettext_lazy("请选择文件。")},
        widget=forms.FileInput(attrs={"accept": ".docx"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=LONGEST_REASON,
        error_messages={"required": gettext_lazy("请说明原因。")},
    )

    def clean_file(self) -> Any:
        """Refuse by its size before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("文件超过%(most)s MB。") % {"most": MOST_BYTES // 1024 // 1024})
        return file


class DecisionForm(forms.Form):
    """Which template, and what becomes of it."""

    act = forms.ChoiceField(choices=[(act, act) for act in ("use", "refuse", "withdraw")])
    template = forms.IntegerField(min_value=1)
    note = forms.CharField(max_length=LONGEST_REASON, required=False)
