"""Reading what an office gives: points and reasons by court, and files that go with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courts.assessments.services.motions import GivenPoints
from courts.files.attachments import GivenFile
from courts.files.forms.attachments import FilesField, ManyFiles, read_files
from courts.frame.refusals import ReturnError
from courts.models.reviews import LONGEST_REASON

POINTS, REASON, SEEN, TAKEN = "points-", "reason-", "seen-", "taken-"
LONGEST_POINTS = 12


class AssessedForm(forms.Form):
    """Which item and month, and what goes with it; the rows are read by `given_points`."""

    item = forms.CharField(max_length=16)
    month = forms.IntegerField(min_value=1, max_value=12)
    attachments = FilesField(
        label=gettext_lazy("附件"),
        required=False,
        widget=ManyFiles(attrs={"accept": ".pdf,.docx,.xlsx,.png,.jpg,.jpeg"}),
    )

    @property
    def given_files(self) -> list[GivenFile]:
        """The files, read."""
        return read_files(self.cleaned_data["attachments"])


def given_points(data: QueryDict) -> Iterator[GivenPoints]:
    """The courts for which points were typed or are taken away; `ReturnError` for no number."""
    for name in data:
        if not name.startswith(SEEN):
            continue
        court = name.removeprefix(SEEN)
        typed = (data.get(POINTS + court) or "").strip()
        taken = bool(data.get(TAKEN + court))
        if not typed and not taken:
            continue
        seen = data[name]
        yield GivenPoints(
            court=court,
            points=None if taken else _number(typed),
            reason=(data.get(REASON + court) or "").strip()[:LONGEST_REASON],
            seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else -1,
        )


def picked(data: QueryDict) -> list[tuple[int, str]]:
    """The motions that were chosen to be confirmed: key, and what was seen of each."""
    found = []
    for pick in data.getlist("pick"):
        pk, _at, seen = pick.partition("@")
        if pk.isascii() and pk.isdigit() and len(pk) < LONGEST_POINTS:
            found.append((int(pk), seen))
    return found


def _number(typed: str) -> Decimal:
    """Points as people write them, also with a full-width minus."""
    text = typed.replace("−", "-").replace("－", "-").replace("．", ".")
    try:
        found = Decimal(text) if len(text) <= LONGEST_POINTS and text.isascii() else None
    except InvalidOperation:
        found = None
    if found is None or not found.is_finite():
        raise ReturnError(_("分数须是数字，最多两位小数。"))
    return found


def typed_rows(data: QueryDict) -> Mapping[str, Mapping[str, str]]:
    """What was typed, by court, to be shown again."""
    found: dict[str, dict[str, str]] = {}
    for prefix, field in ((POINTS, "points"), (REASON, "reason")):
        for name, value in data.items():
            if name.startswith(prefix) and isinstance(value, str):
                found.setdefault(name.removeprefix(prefix), {})[field] = value[:LONGEST_REASON]
    return found
