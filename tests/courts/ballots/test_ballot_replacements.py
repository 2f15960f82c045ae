"""A second ballot waits a day where somebody else had a hand in how its voter signs in."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import get_hasher, make_password
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courts.accounts.services import second_factors
from courts.ballots.selectors.rounds import round_page
from courts.ballots.services.held_rounds import BallotError
from courts.ballots.services.vouches import vouch
from courts.models import CredentialChange, Event, QualityYear, SealedBallot, User, Vouch
from courts.setup.services.ballot_samples import play_sample
from tests.courts.ballot_fixtures import Vote, people
from tests.pages import PASSWORD, account, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def vote(year: QualityYear) -> Vote:
    return people(year).opened()


def replacing() -> pytest.RaisesExc:
    return pytest.raises(BallotError, check=lambda error: error.code == "replacing")


def set_in_the_admin(user: User) -> None:
    boss = User.objects.filter(username="boss").first() or account(
        "boss", "yanbian", "admin", is_staff=True
    )
    new = {"password1": "another-long-one", "password2": "another-long-one"}
    address = f"/admin/courts/user/{user.pk}/password/"
    assert client_of(boss).post(address, new).status_code == 302


def set_by_themself(user: User, old: str) -> None:
    client = client_of(user)
    new = {"old_password": old, "new_password1": PASSWORD + "-2", "new_password2": PASSWORD + "-2"}
    assert client.post("/password/", new).status_code == 302


def set_at_the_prompt(user: User) -> None:
    fresh = User.objects.get(pk=user.pk)
    fresh.set_password("set-at-the-prompt")
    fresh.save()


def set_in_the_database(user: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE courts_user SET password = %s WHERE id = %s", [make_password("x"), user.pk]
        )


@pytest.mark.parametrize("way", [set_in_the_admin, set_at_the_prompt, set_in_the_database])
def test_a_password_somebody_else_set_holds_the_second_ballot_for_a_day(vote: Vote, way) -> None:
    vote.cast(0, (3, 0))
    way(vote.leaders[0])
    with replacing():
        vote.cast(0, (0, 3))
    assert SealedBallot.objects.filter(current=True).count() == 1
    assert SealedBallot.objects.filter(current=False).count() == 0
    with time_machine.travel(timezone.now() + timedelta(hours=23, minutes=59)), replacing():
        vote.cast(0, (0, 3))
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1)):
        vote.cast(0, (0, 3))
    assert SealedBallot.objects.filter(current=False).count() == 1


def test_the_voter_changing_it_since_undoes_nothing(vote: Vote) -> None:
    vote.cast(0, (3, 0))
    set_in_the_admin(vote.leaders[0])
    set_by_themself(vote.leaders[0], "another-long-one")
    with replacing():
        vote.cast(0, (0, 3))


def test_the_voters_own_change_and_a_new_way_of_hashing_hold_nothing(vote: Vote) -> None:
    vote.cast(0, (3, 0))
    set_by_themself(vote.leaders[0], PASSWORD)
    voter = User.objects.get(pk=vote.leaders[0].pk)
    assert CredentialChange.objects.get(user=voter).by_id == voter.pk
    # Hashed with less salt, as by an older release: the next sign-on writes it anew.
    old = get_hasher().encode(PASSWORD + "-2", "salt")
    CredentialChange.objects.all().delete()
    with CredentialChange.made_by(user=voter, by=voter):
        User.objects.filter(pk=voter.pk).update(password=old)
    Client().post("/login/", {"username": voter.username, "password": PASSWORD + "-2"})
    voter.refresh_from_db()
    assert voter.password != old
    assert set(CredentialChange.objects.values_list("by", flat=True)) == {voter.pk}
    vote.cast(0, (0, 3))


def test_first_ballots_and_what_was_set_before_them_are_not_touched(vote: Vote) -> None:
    set_in_the_admin(vote.leaders[0])
    vote.cast(0, (3, 0))
    vote.cast(0, (0, 3))
    set_in_the_admin(vote.leaders[1])
    vote.cast(1, (1, 1))
    # Somebody else's password is none of the voter's.
    set_in_the_admin(vote.leaders[2])
    vote.cast(0, (1, 1))


def test_two_others_of_the_roll_vouch(vote: Vote) -> None:
    """Two, of the roll, not the voter, and none whose own password somebody else set."""
    vote.cast(0, (3, 0))
    set_in_the_admin(vote.leaders[0])
    voter = vote.row.voters.get(user=vote.leaders[0])
    page = round_page(vote.leaders[1], vote.row)
    assert [(line.name, line.vouches) for line in page.resets] == [("委员0", 0)]
    vouch(user=vote.leaders[1], ballot_round=vote.row, voter=voter.pk)
    vouch(user=vote.leaders[1], ballot_round=vote.row, voter=voter.pk)
    with replacing():
        vote.cast(0, (0, 3))
    with pytest.raises(BallotError):
        vouch(user=vote.leaders[0], ballot_round=vote.row, voter=voter.pk)
    other = vote.row.voters.get(user=vote.leaders[2])
    with pytest.raises(BallotError):
        vouch(user=vote.leaders[1], ballot_round=vote.row, voter=other.pk)
    set_in_the_admin(vote.leaders[2])
    with replacing():
        vouch(user=vote.leaders[2], ballot_round=vote.row, voter=voter.pk)
    vouch(user=vote.leaders[3], ballot_round=vote.row, voter=voter.pk)
    vote.cast(0, (0, 3))
    # The word holds for what was set before it, not for the next time.
    set_in_the_admin(vote.leaders[0])
    with replacing():
        vote.cast(0, (1, 1))
    assert Vouch.objects.count() == 2
    assert Event.objects.filter(action="ballot_vouch").count() == 3


def test_vouching_through_the_pages(vote: Vote) -> None:
    vote.cast(0, (3, 0))
    set_in_the_admin(vote.leaders[0])
    # A password of one's own since then frees nothing: somebody else could log in that day.
    User.objects.filter(pk=vote.leaders[0].pk).update(must_change_password=False)
    address = reverse("courts:ballot", args=[vote.year.code, vote.row.code])
    act = reverse("courts:ballot_act", args=[vote.year.code, vote.row.code])
    voter = vote.row.voters.get(user=vote.leaders[0])
    own = client_of(User.objects.get(pk=vote.leaders[0].pk))
    booth = reverse("courts:ballot_booth", args=[vote.year.code, vote.row.code])
    held = own.get(booth).content.decode()
    assert "不能改投" in held
    assert "data-score" not in held
    for leader in (1, 2):
        client = client_of(vote.leaders[leader])
        assert "我当面确认是本人" in client.get(address).content.decode()
        client.post(act, {"act": "vouch", "voter": voter.pk})
        assert "您已确认" in client.get(address).content.decode()
    for user in (vote.office, vote.holders[0]):
        client = client_of(user)
        assert "我当面确认是本人" not in client.get(address).content.decode()
        assert client.post(act, {"act": "vouch", "voter": voter.pk}).status_code == 403
    for wrong in ("", "x", "9" * 40, "0"):
        client_of(vote.leaders[3]).post(act, {"act": "vouch", "voter": wrong})
    assert Vouch.objects.count() == 2
    assert "data-score" in own.get(booth).content.decode()


def test_who_may_vouch_is_not_told_who_voted(vote: Vote) -> None:
    """The list is the same whether the voter whose password was set has voted or not."""
    set_in_the_admin(vote.leaders[0])
    before = [(line.name, line.vouches) for line in round_page(vote.leaders[1], vote.row).resets]
    vote.cast(0, (3, 0))
    set_in_the_admin(vote.leaders[0])
    after = [(line.name, line.vouches) for line in round_page(vote.leaders[1], vote.row).resets]
    assert before == after == [("委员0", 0)]
    address = reverse("courts:ballot", args=[vote.year.code, vote.row.code])
    for user in (vote.office, vote.holders[0]):
        assert "由他人设置过密码" not in client_of(user).get(address).content.decode()


def test_replacements_are_counted_and_told_at_login(vote: Vote) -> None:
    address = reverse("courts:ballot", args=[vote.year.code, vote.row.code])
    login = {"username": vote.leaders[0].username, "password": PASSWORD}
    vote.cast_all((3, 0), (1, 2), (2, 2))
    assert "改投" not in client_of(vote.office).get(address).content.decode().split("下一步")[0]
    first = Client(headers={"accept-language": "zh-CN"}).post("/login/", login)
    assert first["Location"] == "/"
    vote.cast(0, (0, 3))
    vote.cast(0, (1, 1))
    assert "其中改投2次" in client_of(vote.office).get(address).content.decode()
    client = Client(headers={"accept-language": "zh-CN"})
    answer = client.post("/login/?next=/password/", login)
    assert answer["Location"] == "/ballots/replaced/?next=%2Fpassword%2F"
    page = client.get(answer["Location"]).content.decode()
    assert "改投过2次" in page
    assert 'href="/password/"' in page
    # Nowhere else, and nobody else is told.
    assert 'href="/"' in client.get("/ballots/replaced/?next=https://elsewhere/").content.decode()
    other = Client().post("/login/", login | {"username": vote.leaders[1].username})
    assert other["Location"] == "/"
    vote.closed()
    assert Client().post("/login/", login)["Location"].startswith("/ballots/replaced/")
    # A code after the password leads there too.
    second_factors.begun(vote.leaders[0], is_new=True)
    key = second_factors.key_of(second_factors.begun(vote.leaders[0], is_new=False))
    step = int(time.time()) // second_factors.STEP_SECONDS
    assert second_factors.confirm(vote.leaders[0], second_factors.code_at(key, step - 1))
    client = Client()
    assert client.post("/login/", login)["Location"] == "/login/second/"
    step = int(time.time()) // second_factors.STEP_SECONDS
    led = client.post("/login/second/", {"code": second_factors.code_at(key, step)})
    assert led["Location"] == "/ballots/replaced/?next=%2F"


def test_a_sample_with_its_second_cast_plays_on(year: QualityYear) -> None:
    assert play_sample(year=year, voters=3).board
