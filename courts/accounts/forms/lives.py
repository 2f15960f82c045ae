"""Owns reading what is said of an account: proposals, closing, looking through, deputies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from courts.files.attachments import MOST_BYTES
from courts.files.forms.fields import BroughtFileField
from courts.frame.choices import Choice
from courts.models.reviews import LONGEST_REASON

_NEEDED = {"required": gettext_lazy("请填写。"), "invalid_choice": gettext_lazy("没有这种选择。")}
_DAY = {"required": gettext_lazy("请填写。"), "invalid": gettext_lazy("请填写日期，如2020-12-31。")}


class ProposalsForm(forms.Form):
    """Which proposals are meant, and why not where they are refused."""

    proposals = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": gettext_lazy("请勾选申请。")}
    )
    reason = forms.CharField(required=False, max_length=LONGEST_REASON)


def proposals_form(keys: Sequence[int], data: Any) -> ProposalsForm:
    """The form about proposals; only the ones with these primary keys can be chosen."""
    form = ProposalsForm(data)
    form.fields["proposals"].choices = [(str(key), "") for key in keys]  # type: ignore[attr-defined]
    return form


class ReviewForm(forms.Form):
    """What came of looking through the accounts."""

    note = forms.CharField(
        label=gettext_lazy("核对的结论"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=dict(_NEEDED),
    )


class ClosingForm(forms.Form):
    """Why an account is closed, and who takes over."""

    reason = forms.CharField(
        label=gettext_lazy("停用的原因"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=dict(_NEEDED),
    )
    successor = forms.ChoiceField(
        label=gettext_lazy("接手人"), required=False, error_messages=dict(_NEEDED)
    )


def closing_form(successors: Sequence[Choice], data: Any = None) -> ClosingForm:
    """The form that closes an account; the successor is one of these or nobody."""
    form = ClosingForm(data)
    choices = [("", gettext_lazy("暂无接手人")), *((one.value, one.label) for one in successors)]
    form.fields["successor"].choices = choices  # type: ignore[attr-defined]
    return form


class DeputyForm(forms.Form):
    """Who stands in for whom, in which role, between which days, by which document."""

    principal = forms.ChoiceField(label=gettext_lazy("被代理人"), error_messages=dict(_NEEDED))
    deputy = forms.ChoiceField(label=gettext_lazy("代理人"), error_messages=dict(_NEEDED))
    role = forms.ChoiceField(label=gettext_lazy("代理的角色"), error_messages=dict(_NEEDED))
    from_day = forms.DateField(
        label=gettext_lazy("开始日期"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=dict(_DAY),
    )
    until_day = forms.DateField(
        label=gettext_lazy("截止日期"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=dict(_DAY),
    )
    reason = forms.CharField(
        label=gettext_lazy("原因"), max_length=LONGEST_REASON, error_messages=dict(_NEEDED)
    )
    file = BroughtFileField(
        label=gettext_lazy("书面依据（pdf、docx、xlsx、png、jpeg）"), most_bytes=MOST_BYTES
    )


def deputy_form(
    principals: Sequence[Choice],
    deputies: Sequence[Choice],
    roles: Sequence[tuple[str, str]],
    data: Any = None,
    files: Any = None,
) -> DeputyForm:
    """The form that names a deputy; both people and the role are chosen from these lists."""
    form = DeputyForm(data, files)
    form.fields["role"].choices = list(roles)  # type: ignore[attr-defined]
    for name, found in (("principal", principals), ("deputy", deputies)):
        form.fields[name].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *((one.value, one.label) for one in found),
        ]
    return form
