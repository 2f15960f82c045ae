"""Owns reading what a court sends about the tasks of the year."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from courts.models.actions import LONGEST_CODE, LONGEST_LINE, LONGEST_TEXT


class PlanForm(forms.Form):
    """Who sees to a measure, and what is planned."""

    measure = forms.CharField(max_length=LONGEST_CODE)
    seen = forms.IntegerField(min_value=0)
    person = forms.CharField(
        max_length=LONGEST_LINE, error_messages={"required": _("请写明负责人。")}
    )
    plan = forms.CharField(max_length=LONGEST_TEXT, error_messages={"required": _("请写明计划。")})


class ProgressForm(forms.Form):
    """What was done about it in a month."""

    measure = forms.CharField(max_length=LONGEST_CODE)
    seen = forms.IntegerField(min_value=0)
    month = forms.IntegerField(min_value=1, max_value=12)
    text = forms.CharField(max_length=LONGEST_TEXT, error_messages={"required": _("请写明进展。")})
