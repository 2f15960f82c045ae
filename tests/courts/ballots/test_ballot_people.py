"""Organiser, voter and scrutineer of a round are different people, asked again at every act."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from courts.accounts.services.accounts import save_account
from courts.ballots.protocol.canonical import canonical
from courts.ballots.protocol.keys import make_secret, prove_key
from courts.ballots.services.held_rounds import BallotError
from courts.ballots.services.keys import ask_keys, ask_nonce, back_to_draft, give_key
from courts.ballots.services.rounds import change_draft, close, extend, open_round, void
from courts.models import BallotRound, QualityYear, RoundOrganizer, SealedBallot, User
from courts.permissions import Part, Role, ballot_parts, may_cast
from courts.setup.services.ballot_samples import give_keys
from tests.courts.ballot_fixtures import Vote, people
from tests.pages import account, client_of, year

__all__ = ["year"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def vote(year: QualityYear) -> Vote:
    return people(year)


def grant(user: User, *names: str) -> User:
    """A role given behind the back of the services; the account as its next request meets it."""
    user.groups.add(*Group.objects.filter(name__in=names))
    return User.objects.get(pk=user.pk)


def withdraw(user: User, name: str) -> User:
    user.groups.remove(Group.objects.get(name=name))
    return User.objects.get(pk=user.pk)


def url(vote: Vote, name: str) -> str:
    return reverse(f"courts:{name}", args=[vote.year.code, vote.row.code])


def test_a_scrutineer_made_office_loses_the_key_page_and_moves_no_deadline(vote: Vote) -> None:
    vote.draft().ask()
    holder = grant(vote.holders[0], Role.OFFICE)
    assert client_of(holder).get(url(vote, "ballot_keys")).status_code == 403
    key = prove_key(make_secret(), vote.row.code, holder.name)
    with pytest.raises(PermissionDenied):
        give_key(user=holder, ballot_round=vote.row, body=canonical(key.wire))
    holder = withdraw(holder, Role.OFFICE)
    vote.give().open()
    holder = grant(holder, Role.OFFICE)
    later = vote.row.closes_at + timedelta(days=1)
    for act in (
        lambda: extend(user=holder, ballot_round=vote.row, closes_at=later, reason="x"),
        lambda: void(user=holder, ballot_round=vote.row, reason="x"),
    ):
        with pytest.raises(PermissionDenied):
            act()
    before = vote.row.closes_at
    assert vote.fresh().row.closes_at == before
    assert not RoundOrganizer.objects.filter(round=vote.row, user=holder).exists()


def test_roles_are_asked_again_at_rehearsal_and_opening(vote: Vote) -> None:
    vote.draft().ask()
    vote.keys = {one.pk: make_secret() for one in vote.holders}
    give_keys(vote.row, vote.keys)
    holder = grant(vote.holders[1], Role.OFFICE)
    with pytest.raises(PermissionDenied):
        ask_nonce(user=holder, ballot_round=vote.row)
    with pytest.raises(BallotError, match="不能任监票人"):
        open_round(user=vote.office, ballot_round=vote.row, secure=True)
    withdraw(holder, Role.OFFICE)
    vote.fresh().open().cast_all((3, 0), (1, 2), (0, 3), (2, 1)).closed().confirmed()
    vote.holders[1] = grant(vote.holders[1], Role.OFFICE)
    vote.part(0)
    with pytest.raises(PermissionDenied):
        vote.part(1)
    assert client_of(vote.holders[1]).get(url(vote, "ballot_opening")).status_code == 403


def test_who_left_the_leading_group_or_organized_the_round_does_not_vote(vote: Vote) -> None:
    vote.opened()
    left = withdraw(vote.leaders[0], Role.LEADER)
    left = grant(left, Role.PARTY)
    vote.leaders[0] = left
    with pytest.raises(PermissionDenied, match="领导小组"):
        vote.cast(0, (1, 1))
    assert not may_cast(left, vote.row)
    assert "不能投票" in client_of(left).get(url(vote, "ballot")).content.decode()
    assert "data-score" not in client_of(left).get(url(vote, "ballot_booth")).content.decode()
    RoundOrganizer.objects.create(round=vote.row, user=vote.leaders[1])
    with pytest.raises(PermissionDenied):
        vote.cast(1, (1, 1))
    assert not SealedBallot.objects.exists()
    # The voter may still see and check the round.
    assert Part.VOTER in ballot_parts(left, vote.row)


def test_whoever_acted_as_the_office_is_an_organiser(vote: Vote) -> None:
    """Not the author alone: a second colleague who handed the draft on is one as well."""
    second = account("office2", "yanbian", "office", "leader", name="审管办二岗")
    vote.draft()
    ask_keys(user=second, ballot_round=vote.row)
    organizers = RoundOrganizer.objects.filter(round=vote.row).values_list("user", flat=True)
    assert set(organizers) == {vote.office.pk, second.pk}
    back_to_draft(user=vote.office, ballot_round=vote.row, reason="改名册")
    roll = [*(one.pk for one in vote.leaders), second.pk]
    with pytest.raises(BallotError, match="操作过这轮投票"):
        change_draft(user=vote.office, ballot_round=vote.row, entry=vote.entry(voters=roll))


def test_a_voter_is_no_scrutineer_of_the_same_round(vote: Vote) -> None:
    with pytest.raises(BallotError, match="既是参评人又是监票人"):
        vote.draft(scrutineers=[vote.holders[0].pk, vote.leaders[0].pk])


def test_an_office_account_on_the_roll_votes_and_does_not_organize(vote: Vote) -> None:
    both = account("both", "yanbian", "office", "leader", name="审管办主任")
    vote.leaders.append(both)
    vote.opened().cast(4, (1, 1))
    with pytest.raises(PermissionDenied):
        void(user=both, ballot_round=vote.row, reason="x")
    assert Part.OFFICE not in ballot_parts(both, vote.row)


def test_a_role_that_breaks_it_is_refused_while_the_round_lives(vote: Vote) -> None:
    vote.draft()
    rows = BallotRound.objects.filter(pk=vote.row.pk)
    rows.update(
        manifest="m",
        fingerprint="f",
        close_hash="k",
        opens_at=vote.row.created_at,
        check_until=vote.row.closes_at,
    )
    people_of = ((vote.leaders[0], Role.LEADER), (vote.holders[0], Role.SCRUTINEER))
    refused = [(user, [Role.ADMIN]) for user, _own in people_of]
    refused += [(user, [own, Role.OFFICE]) for user, own in people_of]
    for state in ("draft", "keys", "open", "closed"):
        rows.update(state=state)
        for user, roles in refused:
            with pytest.raises(ValidationError, match="结束以前不能授予"):
                save_account(account=user, roles=roles, reason="调岗")
        for user, own in people_of:
            user.is_superuser = True
            with pytest.raises(ValidationError, match="超级用户"):
                save_account(account=user, roles=[own], reason="x")
            user.is_superuser = False
            save_account(account=user, roles=[own, Role.PARTY], reason="兼职")
    rows.update(state="void")
    for user, own in people_of:
        save_account(account=user, roles=[own, Role.OFFICE], reason="调岗")


def test_the_form_of_accounts_refuses_the_role_and_warns_of_switching_off(vote: Vote) -> None:
    vote.opened()
    boss = client_of(account("boss", "yanbian", "admin", is_staff=True))
    holder = vote.holders[0]
    address = f"/admin/courts/user/{holder.pk}/change/"
    # As the form was opened: it carries the state of the row it was opened on.
    seen = holder.history.first().history_id if holder.history.exists() else ""
    form = {"name": holder.name, "court": holder.court_id, "reason": "调岗", "seen": seen}
    roles = [Role.SCRUTINEER, Role.OFFICE]
    page = boss.post(address, form | {"is_active": "on", "roles": roles}).content.decode()
    assert "结束以前不能授予：审判管理办公室" in page
    answer = boss.post(address, form | {"roles": [Role.SCRUTINEER]}, follow=True)
    assert "的监票人，现在不能开票" in answer.content.decode()
    holder.refresh_from_db()
    assert holder.is_active is False
    assert set(holder.groups.values_list("name", flat=True)) == {"scrutineer"}


def test_a_round_opened_before_the_rule_ends_under_the_old_one(vote: Vote) -> None:
    vote.opened()
    BallotRound.objects.filter(pk=vote.row.pk).update(keeps_apart=False)
    vote.fresh()
    vote.holders[0] = grant(vote.holders[0], Role.OFFICE)
    save_account(account=vote.leaders[3], roles=[Role.LEADER, Role.OFFICE], reason="按原来的规则")
    vote.cast_all((3, 0), (1, 2), (0, 3), (2, 1)).past()
    vote.row = close(user=vote.holders[0], ballot_round=vote.row)
    assert vote.confirmed().tallied().row.sums == [6, 6]


@pytest.mark.database
def test_the_deadline_of_an_open_round_moves_later_and_by_the_chain_alone(vote: Vote) -> None:
    """Whoever writes to the database itself moves it neither back nor on."""
    vote.opened()
    for moved in (timedelta(days=-1), timedelta(days=1)):
        with pytest.raises(DatabaseError), transaction.atomic():
            BallotRound.objects.filter(pk=vote.row.pk).update(closes_at=vote.row.closes_at + moved)
    later = vote.row.closes_at + timedelta(days=1)
    row = extend(user=vote.office, ballot_round=vote.row, closes_at=later, reason="多人出差")
    assert row.closes_at == later.replace(microsecond=0)
    # Not back to where it was, nor to what an earlier line of the chain said.
    with pytest.raises(DatabaseError), transaction.atomic():
        BallotRound.objects.filter(pk=vote.row.pk).update(closes_at=vote.row.closes_at)
    assert list(row.events.values_list("kind", flat=True)) == ["open", "extend"]
    assert connection.vendor in {"sqlite", "postgresql"}
