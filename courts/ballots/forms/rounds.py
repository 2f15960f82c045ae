"""Owns reading what the office sends about a round of the ballot; the services decide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courts.ballots.selectors.drafts import Candidates
from courts.ballots.selectors.rounds import RoundPage
from courts.ballots.services.rounds import BallotTargetEntry, DraftEntry
from scoring.facts import Month

MONTHS = [(number, number) for number in range(12, 0, -1)]
UNITS = [("0.5", "0.5"), ("1", "1"), ("0.1", "0.1")]


def moment_field(label: Any) -> forms.DateTimeField:
    """A moment, as browsers send it from their own picker."""
    return forms.DateTimeField(
        label=label,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )


class RoundForm(forms.Form):
    """What a round is about, who votes, who holds the keys, until when."""

    title = forms.CharField(label=_("名称"), max_length=120)
    month = forms.TypedChoiceField(label=_("计入月份"), choices=MONTHS, coerce=int)
    closes_at = moment_field(_("截止时间"))
    unit = forms.TypedChoiceField(label=_("评分单位"), choices=UNITS, coerce=Decimal)
    min_ballots = forms.IntegerField(
        label=_("最少票数（留空为5票与名册三分之二中较大者）"), required=False, min_value=3
    )
    courts = forms.MultipleChoiceField(
        label=_("评分法院"), required=False, widget=forms.CheckboxSelectMultiple
    )
    departments = forms.CharField(
        label=_("评分部门（每行一个，可不填）"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    voters = forms.TypedMultipleChoiceField(
        label=_("参评人名册"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    scrutineers = forms.TypedMultipleChoiceField(
        label=_("监票人（两名或三名）"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, courts: Sequence[tuple[str, str]], candidates: Candidates, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, list[tuple[Any, str]]] = {
            "courts": list(courts),
            "voters": [(one.pk, one.name) for one in candidates.voters],
            "scrutineers": [(one.pk, one.name) for one in candidates.scrutineers],
        }
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]

    def entry(self, year: int) -> DraftEntry:
        """The round as the services take it."""
        data = self.cleaned_data
        lines = [line.strip() for line in data["departments"].splitlines()]
        return DraftEntry(
            month=Month(year, data["month"]),
            title=data["title"],
            targets=[
                *(BallotTargetEntry(court=code) for code in data["courts"]),
                *(BallotTargetEntry(department=line) for line in lines if line),
            ],
            voters=data["voters"],
            scrutineers=data["scrutineers"],
            closes_at=data["closes_at"],
            unit=data["unit"],
            min_ballots=data["min_ballots"],
        )


class ExtendForm(forms.Form):
    """A later deadline, and why."""

    closes_at = moment_field(_("新的截止时间"))
    reason = forms.CharField(label=_("原因"), max_length=500)

    @property
    def moment(self) -> datetime:
        moment: datetime = self.cleaned_data["closes_at"]
        return moment


class PaperTallyForm(forms.Form):
    """The sums of a vote on paper, one for each target, with the scan."""

    counted = forms.IntegerField(
        label=_("计入票数"),
        min_value=3,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    scan = forms.FileField(label=_("计票表扫描件"))

    def __init__(self, *args: Any, page: RoundPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for target in page.targets:
            self.fields[f"target-{target.position}"] = forms.DecimalField(
                label=_("%(name)s：合计分") % {"name": target.name},
                min_value=0,
                decimal_places=2,
                # Not a number field: the wheel would turn what was copied from the paper.
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )

    @property
    def points(self) -> dict[int, Decimal]:
        """Sums in points, by the target's position."""
        return {
            int(name.removeprefix("target-")): value
            for name, value in self.cleaned_data.items()
            if name.startswith("target-")
        }
