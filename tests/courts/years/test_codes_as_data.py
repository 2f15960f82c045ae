"""Sides and levels as data: the form of codes, who keeps a side, and the check by night."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from courts.models import Bulletin, BulletinSignature, Closing, Court, QualityYear, SideRole, User
from courts.models.sides import joined, naming, parted
from courts.permissions import review_sides, role_choices
from courts.years.selectors.years import rulebook_of
from courts.years.services.sides import keep_sides
from scoring.schema import Side, Text
from tests.courts.issue_fixtures import closed_month, issue_of
from tests.pages import account

pytestmark = pytest.mark.django_db


def test_columns_of_several_sides_say_what_they_always_said() -> None:
    assert joined(["litigation", "enforcement"]) == "both"
    assert joined(["quality", "team"]) == "quality,team"
    assert (parted("both"), parted("a,b"), parted("")) == (
        ("litigation", "enforcement"),
        ("a", "b"),
        (),
    )
    for text in ("both", "litigation"):
        assert "litigation" in parted(text)
    assert naming("side", ["team"]) != naming("side", ["litigation"])


@pytest.mark.database
@pytest.mark.parametrize("side", ["", "Both", "both", "a,b", "a b", "rulebook", "none"])
def test_the_database_checks_the_form_of_a_code(year: QualityYear, side: str) -> None:
    by = account("closer", "yanbian", "office")
    row = {"quality_year": year, "month": 1, "number": 1, "by": by, "at": timezone.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Closing.objects.create(side=side, **row)
    Closing.objects.create(side="second_instance", **row)


def test_roles_of_a_side_are_those_of_the_newest_year(year: QualityYear) -> None:
    """A second edition gives a side to another office; a new side gets roles of its own."""
    office = account("office", "yanbian", "office")
    assert review_sides(office) == {"litigation"}
    assert [code for code, _label in role_choices(year.court)][:4] == [
        "litigation",
        "enforcement",
        "office",
        "centre",
    ]
    rulebook = rulebook_of(year)
    moved = replace(rulebook.sides[1], office="office")
    new = replace(rulebook.sides[0], side=Side("second_instance"), label=Text("二审"))
    keep_sides(year.court, replace(rulebook, sides=(rulebook.sides[0], moved, new)))
    again = User.objects.get(pk=office.pk)
    assert review_sides(again) == {"litigation", "enforcement"}
    labels = dict(role_choices(year.court))
    assert "centre" not in labels
    assert labels["second_instance_desk"] == "二审报表岗"
    assert labels["second_instance_office"] == "二审管理部门"


def test_strange_codes_are_told_by_night(year: QualityYear) -> None:
    said = StringIO()
    call_command("check_codes", stdout=said)
    assert "都在当年的规则里" in said.getvalue()
    by = account("closer", "yanbian", "office")
    Closing.objects.create(
        quality_year=year, month=1, number=1, by=by, at=timezone.now(), side="civil"
    )
    Court.objects.filter(code="yanji").update(level="high")
    SideRole.objects.filter(side="litigation", part="desk").delete()
    errors = StringIO()
    with pytest.raises(CommandError, match="有3处"):
        call_command("check_codes", stderr=errors)
    assert errors.getvalue().splitlines() == [
        "yanbian-2019 closing.side: civil (1)",
        "yanbian-2019 court.level: high (1)",
        "yanbian-2019 siderole.desk: litigation (0)",
    ]


@pytest.mark.database
def test_signatures_are_held_by_the_database(made_year: QualityYear) -> None:
    """As many as the issue has sides before it is signed; never by who drafted it."""
    office, other = (account(name, "yanbian", "office") for name in ("office", "office2"))
    issue = issue_of(closed_month(made_year, office), office)
    signature = {"bulletin": issue, "at": timezone.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        BulletinSignature.objects.create(side="litigation", by=office, **signature)
    BulletinSignature.objects.create(side="litigation", by=other, **signature)
    with pytest.raises(IntegrityError), transaction.atomic():
        Bulletin.objects.filter(pk=issue.pk).update(state="signed")
    second = BulletinSignature.objects.create(side="enforcement", by=other, **signature)
    Bulletin.objects.filter(pk=issue.pk).update(state="signed")
    for change in (second.delete, second.save):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
