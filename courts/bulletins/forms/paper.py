"""Owns reading how a year's bulletins look."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from courts.bulletins.selectors.paper import FIELDS
from courts.models import PaperSettings
from courts.reviews.forms.reviews import LONGEST_REASON

# In what order the page shows them, under which heading.
GROUPS = (
    (gettext_lazy("载体与编号"), ("carrier", "document_code", "series", "issued_by", "in_korean")),
    (
        gettext_lazy("版头"),
        (
            "letterhead",
            "letterhead_points",
            "korean_line",
            "letterhead_ko",
            "letterhead_ko_points",
            "first_line",
        ),
    ),
    (
        gettext_lazy("主送、署名、版记"),
        (
            "addressee",
            "signature",
            "copies_to",
            "printed_by",
            "copies",
            "internal",
            "internal_note",
        ),
    ),
    (
        gettext_lazy("朝鲜文本"),
        (
            "addressee_ko",
            "signature_ko",
            "copies_to_ko",
            "printed_by_ko",
            "series_ko",
            "issued_by_ko",
        ),
    ),
)


class PaperForm(forms.ModelForm):
    """Every setting of the paper, and why it changes; the service alone writes."""

    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=LONGEST_REASON,
        error_messages={"required": gettext_lazy("请说明原因。")},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        model = PaperSettings
        fields = FIELDS
        help_texts = {
            "document_code": gettext_lazy("发文字号中“〔”之前的部分。"),
            "letterhead_points": gettext_lazy("版心宽156毫米，十六个字一行时不超过27.6磅。"),
            "addressee": gettext_lazy("以冒号结尾。"),
            "copies": gettext_lazy("留空则不印。"),
            "copies_to": gettext_lazy("不写“抄送”二字。"),
        }

    @property
    def values(self) -> dict[str, object]:
        return {name: self.cleaned_data[name] for name in FIELDS}
