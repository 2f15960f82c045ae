"""Reading a change of a court as the office types it, with its document."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courts.changes.selectors.plans import Kind
from courts.changes.services.motions import ChangeOrder
from courts.files.attachments import GivenFile
from courts.files.forms.attachments import FilesField, ManyFiles, read_files
from courts.files.values import FigureError, read_value
from courts.models.courts import LONGEST_DOCUMENT
from courts.models.reviews import LONGEST_REASON

SHARE = "share-"
LONGEST_CODE, LONGEST_SHORT, LONGEST_NAME, LONGEST_ENGLISH = 32, 20, 60, 80


class ChangeForm(forms.Form):
    """What the office says of a change; which fields count hangs on its kind."""

    kind = forms.ChoiceField(choices=Kind.choices)
    court = forms.CharField(max_length=LONGEST_CODE)
    from_month = forms.IntegerField(min_value=1, max_value=12)
    other = forms.CharField(max_length=LONGEST_CODE, required=False)
    code = forms.CharField(max_length=LONGEST_CODE, required=False)
    short_name = forms.CharField(max_length=LONGEST_SHORT, required=False)
    name = forms.CharField(max_length=LONGEST_NAME, required=False)
    name_ko = forms.CharField(max_length=LONGEST_NAME, required=False)
    name_en = forms.CharField(max_length=LONGEST_ENGLISH, required=False)
    document = forms.CharField(
        max_length=LONGEST_DOCUMENT,
        error_messages={"required": gettext_lazy("请写明文号和文件名称。")},
    )
    decided_on = forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("请写明文件日期。"),
            "invalid": gettext_lazy("请写成 2019-12-31 这样的日期。"),
        },
    )
    reason = forms.CharField(
        max_length=LONGEST_REASON, error_messages={"required": gettext_lazy("请写明变动原因。")}
    )
    attachments = FilesField(
        widget=ManyFiles(attrs={"accept": ".pdf,.docx,.xlsx,.png,.jpg,.jpeg"}),
        error_messages={"required": gettext_lazy("请附上决定变动的文件。")},
    )

    @property
    def complaint(self) -> str:
        """The first thing wrong with it, in a sentence; empty when there is none."""
        return "" if self.is_valid() else str(next(iter(self.errors.values()))[0])

    def order(self, places: Mapping[str, int]) -> ChangeOrder:
        """The change that is wanted; `FigureError` for a share that is no figure.

        `places` are the decimals that figures of a metric are written with.
        """
        given = self.cleaned_data
        return ChangeOrder(
            kind=Kind(given["kind"]),
            court=given["court"],
            from_month=given["from_month"],
            document=given["document"],
            decided_on=given["decided_on"],
            reason=given["reason"],
            other=given["other"],
            code=given["code"],
            names=(given["short_name"], given["name"], given["name_ko"], given["name_en"]),
            shares=_shares(self.data, places),
        )

    @property
    def given_files(self) -> list[GivenFile]:
        """The document, read."""
        return read_files(self.cleaned_data["attachments"])


def _shares(data: Mapping[str, str], places: Mapping[str, int]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for name in data:
        if name.startswith(SHARE):
            metric = name.removeprefix(SHARE)
            value = read_value(data.get(name) or "", places.get(metric, 0))
            if value is None:
                raise FigureError(_("请按文件写明上年每一项数据中划给新院的部分，没有的写0。"))
            found[metric] = value
    return found
