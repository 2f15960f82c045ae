"""Owns reading how an office spreads a year's cases over its months."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courts.models.month_profiles import MONTH_FIELDS, THOUSAND
from courts.models.reviews import LONGEST_REASON


class MonthProfileForm(forms.Form):
    """Twelve thousandths or none, the reason, and the version that the page was drawn with."""

    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("请说明原因。")},
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in MONTH_FIELDS:
            self.fields[name] = forms.IntegerField(required=False, min_value=1, max_value=THOUSAND)

    def clean(self) -> dict[str, Any]:
        """All months or none of them, a thousand in all."""
        cleaned = super().clean() or {}
        shares = [cleaned.get(name) for name in MONTH_FIELDS]
        given = [share for share in shares if share is not None]
        if given and len(given) < len(shares) and not self.errors:
            raise forms.ValidationError(_("请填写全部十二个月，或者全部留空。"))
        if given and sum(given) != THOUSAND and not self.errors:
            text = _("十二个月合计应为1000‰，现在是%(sum)s‰。")
            raise forms.ValidationError(text % {"sum": sum(given)})
        return {**cleaned, "shares": given}
