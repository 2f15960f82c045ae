"""Owns reading what administrators set for a token, and what the office says of a sent extract."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from courts import database_clock
from courts.models import ApiToken
from courts.reviews.forms.reviews import LONGEST_REASON

A_YEAR = timedelta(days=365)
_NEEDED = {"required": gettext_lazy("请填写。"), "invalid_choice": gettext_lazy("没有这种选择。")}


class TokenForm(forms.Form):
    """A new token; the court is chosen from those of the account's prefecture."""

    name = forms.CharField(
        label=gettext_lazy("系统名称"), max_length=100, error_messages=dict(_NEEDED)
    )
    court = forms.ChoiceField(label=gettext_lazy("法院"), error_messages=dict(_NEEDED))
    sees = forms.ChoiceField(
        label=gettext_lazy("看到的范围"),
        choices=ApiToken.Sees.choices,
        error_messages=dict(_NEEDED),
    )
    reads = forms.BooleanField(label=gettext_lazy("读取已通报的月份"), required=False, initial=True)
    reads_current = forms.BooleanField(
        label=gettext_lazy("也读取未通报月份的已核实数据"), required=False
    )
    sends = forms.ChoiceField(label=gettext_lazy("报送提取数据"), required=False)
    per_minute = forms.IntegerField(
        label=gettext_lazy("每分钟最多请求"),
        min_value=1,
        max_value=600,
        initial=60,
        error_messages={
            "required": gettext_lazy("请填写。"),
            "invalid": gettext_lazy("请填写1至600的整数。"),
            "min_value": gettext_lazy("请填写1至600的整数。"),
            "max_value": gettext_lazy("请填写1至600的整数。"),
        },
    )
    expires_on = forms.DateField(
        label=gettext_lazy("有效期至"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("请填写。"),
            "invalid": gettext_lazy("请填写日期，如2020-12-31。"),
        },
    )


def token_form(courts: Any, sends: Any, data: Any = None) -> TokenForm:
    """The form with courts and sides to choose from; a token lasts a year unless another day is."""
    form = TokenForm(data, initial={"expires_on": database_clock.today() + A_YEAR})
    form.fields["court"].choices = courts  # type: ignore[attr-defined]
    form.fields["sends"].choices = sends  # type: ignore[attr-defined]
    return form


class RevokeForm(forms.Form):
    """Why a token ends."""

    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("请说明停用的原因。")},
    )


class DiscardForm(forms.Form):
    """Why a file of a system is let go."""

    reason = forms.CharField(
        label=gettext_lazy("放弃的原因"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("请说明放弃的原因。")},
    )
