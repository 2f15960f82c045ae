"""Sides and levels as data: the form of codes, who keeps a side, and the check by night."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from courts.accounts.selectors.accounts import deputy_lines
from courts.models import (
    Bulletin,
    BulletinSignature,
    Closing,
    Court,
    Deputyship,
    QualityYear,
    SideRole,
    User,
)
from courts.models.sides import joined, naming, parted
from courts.permissions import (
    deputy_choices,
    may_propose_accounts,
    proposable_roles,
    review_sides,
    role_choices,
)
from courts.years.record_checks import side_roles
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


def test_an_office_brings_in_people_before_the_first_year(year: QualityYear) -> None:
    """While no rules say which desks there are, the usual one of its own; then those of the rules.

    Another prefecture that has its rules changes nothing of it.
    """
    root = Court.objects.create(
        code="hetao", level="intermediate", name="河套中院", short_name="河套", order=90
    )
    office, centre, leader = (
        account(f"hetao-{role}", "hetao", role) for role in ("office", "centre", "leader")
    )
    assert proposable_roles(office) == {"litigation"}
    assert proposable_roles(centre) == {"enforcement"}
    assert may_propose_accounts(office)
    assert not may_propose_accounts(leader)
    rulebook = rulebook_of(year)
    of_trial = replace(rulebook.sides[0], side=Side("trial"), office="office", desk="trial_desk")
    keep_sides(root, replace(rulebook, sides=(of_trial,)))
    office, centre = (User.objects.get(pk=one.pk) for one in (office, centre))
    assert proposable_roles(office) == {"trial_desk"}
    assert proposable_roles(centre) == frozenset()


def test_deputies_stand_in_for_whatever_offices_the_rules_have(year: QualityYear) -> None:
    rulebook = rulebook_of(year)
    new = replace(rulebook.sides[0], side=Side("second_instance"), label=Text("二审"))
    keep_sides(year.court, replace(rulebook, sides=(*rulebook.sides, new)))
    assert dict(deputy_choices(year.court)) == {
        "office": "审判管理办公室",
        "centre": "执行指挥中心",
        "party": "院党组",
        "second_instance_office": "二审管理部门",
    }
    people = {
        "principal": account("away", "yanbian", "second_instance_office"),
        "deputy": account("here", "yanbian", "leader"),
        "made_by": account("keeper", "yanbian", "admin"),
    }
    today = timezone.localdate()
    days = {"from_day": today, "until_day": today, "reason": "出差", "made_at": timezone.now()}
    file = {"file_name": "a.pdf", "file_kind": "pdf", "content": b"%PDF", "sha256": "0" * 64}
    for role in ("", "admin", "litigation"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Deputyship.objects.create(role=role, **people, **days, **file)
    Deputyship.objects.create(role="second_instance_office", **people, **days, **file)
    deputy = User.objects.get(username="here")
    assert review_sides(deputy) == {"second_instance"}
    assert [line.role for line in deputy_lines(people["made_by"])] == ["二审管理部门"]


def test_roles_of_sides_follow_from_the_rules_in_the_record(year: QualityYear) -> None:
    """Editions are in the chain; who keeps a side has to be what they say."""
    assert list(side_roles()) == []
    centre = Group.objects.get(name="centre")
    SideRole.objects.filter(court=year.court, side="litigation", part="office").update(group=centre)
    SideRole.objects.filter(court=year.court, side="enforcement", part="desk").delete()
    assert list(side_roles()) == [
        "yanbian类别enforcement的角色（desk）与现行规则不符。",
        "yanbian类别litigation的角色（office）与现行规则不符。",
    ]


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
