"""Reading figures of the year before that an office gives: typed ones, or a file, with a source."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from courts.files.values import LONGEST
from courts.returns.forms.uploads import UploadFileForm

PREFIX = "value-"
# One sign more than a figure may have: what is cut off here is refused there.
LONGEST_VALUE, LONGEST_SOURCE = LONGEST + 1, 200


class SourceForm(forms.Form):
    """Where the figures come from; required."""

    source = forms.CharField(
        label=_("数据来源"),
        max_length=LONGEST_SOURCE,
        error_messages={
            "required": _("请写明数据来源。"),
            "max_length": _("数据来源最多200字。"),
        },
    )


class TypedForm(SourceForm):
    """One figure of all courts."""

    month = forms.IntegerField(min_value=1, max_value=12)
    metric = forms.CharField(max_length=64)


class BaseFileForm(UploadFileForm, SourceForm):
    """A file of figures."""


def typed_values(data: QueryDict) -> Mapping[str, str]:
    """What was typed, by court."""
    return {
        name.removeprefix(PREFIX): value[:LONGEST_VALUE]
        for name, value in data.items()
        if name.startswith(PREFIX) and isinstance(value, str)
    }
