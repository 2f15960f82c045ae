"""Owns reading the name and note of a scenario."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from courts.models.scenarios import LONGEST_REMARK, LONGEST_TITLE


class ScenarioForm(forms.Form):
    """A name, a remark, and whether colleagues read it. Its figures stand in the address."""

    title = forms.CharField(
        max_length=LONGEST_TITLE,
        error_messages={"required": gettext_lazy("请给方案起一个名称。")},
    )
    note = forms.CharField(max_length=LONGEST_REMARK, required=False)
    is_shared = forms.BooleanField(required=False)


class SeenForm(forms.Form):
    """The version of the scenario that the person saw."""

    seen = forms.IntegerField(min_value=1)
