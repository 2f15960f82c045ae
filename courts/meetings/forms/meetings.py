"""Owns reading what is typed about a meeting."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from courts.models.actions import LONGEST_CODE, LONGEST_LINE, LONGEST_TEXT

DAY = {"required": _("请写明日期。"), "invalid": _("请写成 2019-12-31 这样的日期。")}


class CallMeetingForm(forms.Form):
    """A new meeting."""

    month = forms.IntegerField(
        min_value=1, max_value=12, error_messages={"required": _("请选择月份。")}
    )
    title = forms.CharField(
        max_length=LONGEST_LINE, error_messages={"required": _("请写明会商名称。")}
    )
    held_on = forms.DateField(error_messages=DAY)
    present = forms.CharField(max_length=LONGEST_TEXT, required=False)


class TopicForm(forms.Form):
    """A topic that somebody adds to the agenda."""

    title = forms.CharField(max_length=LONGEST_LINE, error_messages={"required": _("请写明议题。")})


class PresentForm(forms.Form):
    """Who was present; `seen` is the version of the meeting."""

    seen = forms.IntegerField(min_value=1)
    present = forms.CharField(max_length=LONGEST_TEXT, required=False)


class CloseMeetingForm(forms.Form):
    """That the meeting is over; `seen` is its version."""

    seen = forms.IntegerField(min_value=1)


class TopicDecisionForm(forms.Form):
    """What was decided; `topic` by key, `seen` its version."""

    topic = forms.IntegerField(min_value=1)
    seen = forms.IntegerField(min_value=1)
    decision = forms.CharField(max_length=LONGEST_TEXT, required=False)


class TaskForm(forms.Form):
    """A task of a topic."""

    topic = forms.IntegerField(min_value=1)
    text = forms.CharField(max_length=LONGEST_TEXT, error_messages={"required": _("请写明任务。")})
    court = forms.CharField(max_length=LONGEST_CODE, error_messages={"required": _("请选择法院。")})
    side = forms.CharField(max_length=16)
    department = forms.CharField(max_length=LONGEST_LINE, required=False)
    due_on = forms.DateField(error_messages=DAY)


class DropForm(forms.Form):
    """The task to drop, by primary key."""

    task = forms.IntegerField(min_value=1)
