"""Owns the forms of edited rows: the reason, the check against stale edits, full validation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

LONGEST_REASON = 100


def last_line(obj: Model) -> Any:
    """The newest line of a row's history; None when it has none."""
    history = getattr(obj, "history", None)
    if obj.pk is None or history is None:
        return None
    return history.select_related("history_user").order_by("-history_id").first()


def last_seen(obj: Model) -> str:
    """What a form carries to know the state of the row it was opened on."""
    line = last_line(obj)
    return "" if line is None else str(line.history_id)


class EditForm(forms.ModelForm):
    """A row with the reason of its edit; everything the model demands holds before it is saved."""

    reason = forms.CharField(
        label=_("变更原因"),
        max_length=LONGEST_REASON,
        help_text=_("写明为什么改、依据什么，将与改动一起留在变更历史中。"),
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
    )
    seen = forms.CharField(label="", widget=forms.HiddenInput, required=False)

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        if field_name == "seen":
            return last_seen(self.instance)
        return super().get_initial_for_field(field, field_name)

    def clean(self) -> dict[str, Any]:
        """Refuse an edit of a row that has changed since its form was opened."""
        cleaned = super().clean() or self.cleaned_data
        line = last_line(self.instance)
        if line is not None and cleaned.get("seen") != str(line.history_id):
            text = _t(
                "这条记录在您打开之后已被%(who)s于%(when)s改动，您的改动没有保存。请重新打开后再改。"
            )
            at = date_format(timezone.localtime(line.history_date), "Y-m-d H:i:s")
            who = line.history_user or _t("系统")
            raise ValidationError(text % {"who": who, "when": at}, code="stale")
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        try:
            self.check_whole()
        except ValidationError as error:
            for name, errors in error.update_error_dict({}).items():
                self.add_error(name if name in self.fields else None, errors)

    def check_whole(self) -> None:
        """Django leaves out what the form does not show; a row must be right as a whole."""
        self.instance.full_clean()
