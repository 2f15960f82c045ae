"""Owns setting up a quality year from a proposed edition, by somebody who wrote none of it."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from courts.frame import events
from courts.frame.listing import enumerated, noted
from courts.frame.refusals import RuleError
from courts.models import Court, QualityYear, RulebookEdition, User
from courts.rulebooks.services.editions import FIRST_MONTH, enact, enactable
from courts.years.court_changes import ended_courts
from courts.years.selectors.years import rulebook_in
from courts.years.services.sides import keep_sides
from scoring.schema import Rulebook


@transaction.atomic
def set_up_year(
    *,
    user: User,
    edition: RulebookEdition,
    seen_version: int,
    taking_part: Collection[str],
    deadline_day: int | None,
) -> QualityYear:
    """Begin the year of a proposal, which is in force from January.

    `taking_part` names courts of the prefecture by code; the others are left out. Its figures of
    the year before, targets and caps are entered as those of any year. Raises `RuleError`.
    """
    root = edition.court
    if root is None:
        raise RuleError(_("这个版本不属于任何地区。"))
    # Two who set up at once meet here.
    Court.objects.select_for_update(of=("self",)).order_by().get(pk=root.pk)
    held = enactable(user=user, edition=edition, seen_version=seen_version)
    rulebook = rulebook_in(held)
    if root.code not in taking_part:
        raise RuleError(_("上级法院必须参加。"))
    courts = list(Court.objects.under(root))
    # A court that is no more has nothing to be assessed by, whoever ticked it.
    taking_part = set(taking_part) - ended_courts(root.pk, rulebook.year)
    if not any(court.code in taking_part for court in courts if court.pk != root.pk):
        raise RuleError(_("至少还要有一个法院参加。"))
    _check_levels(rulebook, [court for court in courts if court.code in taking_part])
    year = QualityYear(
        code=held.code, court=root, year=rulebook.year, edition=held, deadline_day=deadline_day
    )
    year._history_user = user  # type: ignore[attr-defined]
    try:
        year.full_clean()
    except ValidationError as error:
        raise RuleError(" ".join(error.messages)) from error
    year.save()
    left_out = [court for court in courts if court.code not in taking_part]
    year.left_out.set(left_out)
    enact(held=held, user=user, year=year, month=FIRST_MONTH)
    keep_sides(root, rulebook)
    events.record(
        action="set_up_year",
        year=year,
        actor=user,
        reason=held.summary,
        data={
            "edition": held.pk,
            "sha256": held.sha256,
            "left_out": [court.code for court in left_out],
            "deadline_day": deadline_day,
        },
    )
    return year


def _check_levels(rulebook: Rulebook, courts: Collection[Court]) -> None:
    """`RuleError` with the courts of a level that the rules do not have."""
    strange = [court for court in courts if court.level not in rulebook.label_of_level]
    if strange:
        text = _("规则没有这些法院的审级：%(courts)s。")
        told = enumerated(noted(court.short_name, court.level) for court in strange)
        raise RuleError(text % {"courts": told})
