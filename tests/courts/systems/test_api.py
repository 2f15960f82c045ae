"""What other systems read and send: tokens, scopes, limits, the log, and what waits for people."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courts.frame.refusals import ReturnError
from courts.frame.views.bodies import ANONYMOUS_BYTES
from courts.models import (
    ApiCall,
    ApiToken,
    Court,
    Event,
    Extract,
    Motion,
    QualityYear,
    SentExtract,
    User,
)
from courts.scores.selectors.scores import month_scores
from courts.systems.services.sent_extracts import MOST_WAITING
from courts.systems.services.tokens import TokenValues, hash_of, make_token, revoke_token
from scoring.facts import Month
from tests.courts.conftest import GRASSROOTS
from tests.courts.published import publish
from tests.pages import account, client_of, elsewhere

pytestmark = pytest.mark.django_db
API = "/api/v1"
CARDS = f"{API}/years/yanbian-2019/months/2019-12/scorecards"
FIGURES = f"{API}/years/yanbian-2019/months/2019-12/figures"
SENT = f"{API}/years/yanbian-2019/extracts/e.csv"
ROWS = "court,month,metric,value\nyanji,2019-12,appeals_filed,451\n"


@pytest.fixture
def admin(year: QualityYear) -> User:
    return account("admin", "yanbian", "admin")


def secret_of(admin: User, court: str = "yanbian", **given: Any) -> str:
    """The secret of a new token: by default one that reads what is published."""
    values: dict[str, Any] = {
        "court": Court.objects.select_related("parent").get(code=court),
        "name": "数据集中管理平台",
        "sees": "prefecture",
        "reads": True,
        "reads_current": False,
        "sends": "",
        "per_minute": 60,
        "expires_on": timezone.localdate() + timedelta(days=30),
    }
    return make_token(user=admin, values=TokenValues(**values | given))[1]


def call(secret: str, path: str, verb: str = "get", **given: Any) -> Any:
    headers = {"authorization": f"Bearer {secret}"} | given.pop("headers", {})
    return getattr(Client(), verb)(path, headers=headers, **given)


def put(secret: str, rows: str = ROWS, path: str = SENT) -> Any:
    return call(secret, path, "put", data=rows.encode(), content_type="text/csv")


# --- Tokens ------------------------------------------------------------------------------------


def test_a_secret_is_shown_once_and_kept_as_its_hash(admin: User) -> None:
    client = client_of(admin)
    day = timezone.localdate() + timedelta(days=30)
    page = client.post(
        "/api-tokens/",
        {
            "name": "案件系统",
            "court": "yanbian",
            "sees": "prefecture",
            "reads": "on",
            "sends": "",
            "per_minute": "30",
            "expires_on": day.isoformat(),
        },
    ).content.decode()
    token = ApiToken.objects.get()
    secret = page.partition('class="secret">')[2].partition("<")[0]
    assert token.sha256 == hash_of(secret)
    assert secret.startswith(token.hint)
    assert len(secret) > 40
    assert secret not in client.get("/api-tokens/").content.decode()
    assert secret not in json.dumps(list(ApiToken.objects.values()), default=str)
    assert call(secret, f"{API}/years").status_code == 200
    event = Event.objects.get(action="make_api_token")
    assert event.actor == admin
    assert secret not in json.dumps(event.data)


def test_an_unknown_revoked_or_old_token_reads_nothing(admin: User) -> None:
    secret = secret_of(admin)
    assert call(secret, f"{API}/years").status_code == 200
    for wrong in ("", "qy_", secret[:-1], secret.upper()):
        answer = call(wrong, f"{API}/years")
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Bearer"
        assert answer.json()["code"] == "token"
    # A person who is logged in is no system.
    assert client_of(admin).get(f"{API}/years").status_code == 401
    with time_machine.travel(timezone.now() + timedelta(days=32)):
        assert call(secret, f"{API}/years").status_code == 401
    token = ApiToken.objects.get()
    client = client_of(admin)
    assert client.post(f"/api-tokens/{token.pk}/", {"reason": ""}).status_code == 200
    assert client.post(f"/api-tokens/{token.pk}/", {"reason": "系统停用"}).status_code == 302
    assert call(secret, f"{API}/years").status_code == 401
    assert Event.objects.get(action="revoke_api_token").reason == "系统停用"
    with pytest.raises(ReturnError):
        revoke_token(user=admin, token=token.pk, reason="再次")


def test_a_token_in_the_clear_is_refused_and_not_led_on(admin: User, settings: Any) -> None:
    secret, address = secret_of(admin), f"{API}/years"
    # The control: where http is a choice it is answered.
    assert call(secret, address).status_code == 200
    settings.SECURE_SSL_REDIRECT = True
    answer = call(secret, address)
    assert answer.status_code == 403
    assert "请停用它" in answer.json()["message"]
    # Of an unknown one nothing is said that would tell it apart.
    assert call("unknown", address).json() == answer.json()
    header = {"authorization": f"Bearer {secret}"}
    assert Client(headers=header).get(address, secure=True).status_code == 200
    assert Client(headers=header).get("/notices/").status_code == 301


def test_a_token_belongs_to_its_prefecture(year: QualityYear, admin: User) -> None:
    other = elsewhere(year)
    far = account("far", "tonghua", "admin")
    secret = secret_of(far, "tonghua")
    assert [one["code"] for one in call(secret, f"{API}/years").json()] == [other.code]
    assert call(secret, f"{API}/years/yanbian-2019/courts").status_code == 404
    with pytest.raises(PermissionDenied):
        secret_of(far, "yanbian")
    token = ApiToken.objects.get()
    assert client_of(admin).get(f"/api-tokens/{token.pk}/").status_code == 404
    with pytest.raises(PermissionDenied):
        revoke_token(user=admin, token=token.pk, reason="不是本地区的")


@pytest.mark.parametrize(
    "given",
    [
        {"court": "yanji", "sees": "prefecture"},
        {"court": "yanji", "sees": "court", "sends": "litigation"},
        {"reads": False},
        {"reads": False, "reads_current": True, "sends": "both"},
        {"per_minute": 0},
        {"expires_on": date(2019, 1, 1)},
        {"sees": "everything"},
        {"name": " "},
    ],
)
def test_scopes_that_no_token_has(admin: User, given: dict[str, Any]) -> None:
    with pytest.raises(ReturnError):
        secret_of(admin, **given)
    assert not ApiToken.objects.exists()


# --- The log, the limit, the ETag ----------------------------------------------------------------


def test_every_call_is_written_down_without_its_answer(made_year: QualityYear, admin: User) -> None:
    publish(made_year, admin)
    secret = secret_of(admin)
    call(secret, f"{CARDS}?court=yanji")
    call(secret, f"{API}/years/nowhere/courts")
    call("qy_unknown", f"{API}/years")
    found = list(ApiCall.objects.order_by("pk").values_list("method", "path", "status"))
    assert found == [("GET", CARDS, 200), ("GET", f"{API}/years/nowhere/courts", 404)]
    token = ApiToken.objects.get()
    assert token.last_used_at is not None
    page = client_of(admin).get(f"/api-tokens/{token.pk}/").content.decode()
    assert CARDS in page
    assert {field.name for field in ApiCall._meta.fields} == {
        "id",
        "token",
        "at",
        "method",
        "path",
        "status",
    }


def test_calls_beyond_the_limit_wait_for_the_next_minute(admin: User) -> None:
    secret = secret_of(admin, per_minute=2)
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        assert [call(secret, f"{API}/years").status_code for _ in range(4)] == [200, 200, 429, 429]
        answer = call(secret, f"{API}/years")
        assert int(answer["Retry-After"]) == 61
        assert answer.json()["code"] == "too_many"
    # Of those refused the first alone is written down: a flood fills no table.
    assert list(ApiCall.objects.order_by("pk").values_list("status", flat=True)) == [200, 200, 429]
    with time_machine.travel(start + timedelta(seconds=59), tick=False):
        assert call(secret, f"{API}/years").status_code == 429
    with time_machine.travel(start + timedelta(seconds=60), tick=False):
        assert call(secret, f"{API}/years").status_code == 200


def test_an_answer_that_is_known_is_not_sent_again(made_year: QualityYear, admin: User) -> None:
    publish(made_year, admin)
    secret = secret_of(admin)
    first = call(secret, CARDS)
    assert first["Cache-Control"] == "private, no-cache"
    assert "Authorization" in first["Vary"]
    again = call(secret, CARDS, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = call(secret, FIGURES, headers={"if-none-match": first["ETag"]})
    assert other.status_code == 200
    assert call("qy_no", CARDS, headers={"if-none-match": first["ETag"]}).status_code == 401


def test_the_description_is_openapi_without_a_page_of_scripts(year: QualityYear) -> None:
    answer = Client().get(f"{API}/openapi.json")
    told = answer.json()
    assert told["openapi"].startswith("3.1")
    assert {verb for path in told["paths"].values() for verb in path} == {"get", "put"}
    assert all(
        operation["security"] for path in told["paths"].values() for operation in path.values()
    )
    for path in (f"{API}/docs", f"{API}/"):
        answer = Client().get(path)
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")
    assert Client().post(f"{API}/openapi.json").status_code == 405


# --- Reading -------------------------------------------------------------------------------------


def test_published_months_alone_unless_the_scope_says_more(
    made_year: QualityYear, admin: User
) -> None:
    secret, more = secret_of(admin), secret_of(admin, reads_current=True)
    months = f"{API}/years/yanbian-2019/months"
    assert call(secret, months).json() == []
    assert call(secret, CARDS).status_code == 404
    current = call(more, CARDS).json()
    assert (current["published"], current["sides"]) == ([], ["litigation", "enforcement"])
    snapshot = publish(made_year, admin)
    told = call(secret, months).json()
    assert told == [
        {
            "month": "2019-12",
            "published": ["litigation", "enforcement"],
            "sides": ["litigation", "enforcement"],
            "snapshots": [snapshot.sha256],
            "restated": False,
            "demo": False,
        }
    ]
    assert call(secret, CARDS).json()["courts"] == current["courts"]
    assert call(secret, CARDS.replace("2019-12", "2019-11")).status_code == 404
    assert call(secret, CARDS.replace("2019-12", "2020-12")).status_code == 404


def test_scorecards_and_figures_are_those_of_the_pages(made_year: QualityYear, admin: User) -> None:
    publish(made_year, admin)
    secret = secret_of(admin)
    cards = {one["court"]: one for one in call(secret, CARDS).json()["courts"]}
    for card in month_scores(made_year, Month(2019, 12)).scoreboard.scorecards:
        told = cards[card.court]
        assert (told["total"], told["rank"]) == (f"{card.total:.2f}", card.rank)
        assert {one["item"]: one["points"] for one in told["items"]} == {
            score.item.code: None if score.points is None else f"{score.points:.2f}"
            for score in card.items
        }
    figures = {one["court"]: one for one in call(secret, FIGURES).json()["courts"]}
    assert list(figures) == list(cards) == ["yanbian", *GRASSROOTS]
    assert figures["yanji"]["baseline_annual"]["appeal_revised"] >= 0
    assert call(secret, CARDS).json()["aggregates"] == []


def test_a_side_published_alone_has_its_points_only(made_year: QualityYear, admin: User) -> None:
    publish(made_year, admin, sides=["litigation"])
    told = call(secret_of(admin), CARDS).json()
    assert told["sides"] == ["litigation"]
    for court in told["courts"]:
        assert (court["total"], court["rank"]) == (None, None)
        assert set(court["halves"]) == {"litigation"}
        assert {item["item"][0] for item in court["items"]} == {"L"}
    # Sides of two snapshots stand beside each other; nobody published their sum.
    publish(made_year, admin, sides=["enforcement"])
    told = call(secret_of(admin), CARDS).json()
    assert len(told["snapshots"]) == 2
    assert {court["total"] for court in told["courts"]} == {None}
    assert set(told["courts"][0]["halves"]) == {"litigation", "enforcement"}


@pytest.mark.parametrize("shown", ["own", "bands"])
def test_the_system_of_a_court_sees_its_own_rows_and_a_mean(
    made_year: QualityYear, admin: User, shown: str
) -> None:
    QualityYear.objects.filter(pk=made_year.pk).update(ranking_shown=shown)
    publish(made_year, admin)
    own = secret_of(admin, "yanji", sees="court")
    told, whole = call(own, CARDS).json(), call(secret_of(admin), CARDS).json()
    assert [one["court"] for one in told["courts"]] == ["yanji"]
    assert [one["court"] for one in call(own, FIGURES).json()["courts"]] == ["yanji"]
    below = [one for one in whole["courts"] if one["level"] == "grassroots"]
    total = sum((Fraction(Decimal(one["total"])) for one in below), Fraction()) / 8
    assert [(one["of"], one["courts"]) for one in told["aggregates"]] == [("grassroots", 8)]
    assert abs(Fraction(Decimal(told["aggregates"][0]["total"])) - total) <= Fraction(1, 200)
    # Sums of figures are over the same courts: with one over all courts beside the means the
    # intermediate court's own figures could be worked out.
    sums = call(own, FIGURES).json()["aggregates"]
    assert [(one["of"], one["courts"]) for one in sums] == [("grassroots", 8)]
    every = call(secret_of(admin), FIGURES).json()["courts"]
    filed = sum(one["current"]["appeals_filed"] for one in every if one["court"] in GRASSROOTS)
    assert sums[0]["current"]["appeals_filed"] == filed
    middle = call(secret_of(admin, "yanbian", sees="court"), CARDS).json()
    assert [(one["of"], one["courts"]) for one in middle["aggregates"]] == [("grassroots", 8)]
    text = json.dumps(told)
    assert not [code for code in GRASSROOTS if code != "yanji" and f'"{code}"' in text]


def test_where_all_is_published_to_courts_their_systems_read_all(
    made_year: QualityYear, admin: User
) -> None:
    publish(made_year, admin)
    told = call(secret_of(admin, "yanji", sees="court"), CARDS).json()
    assert len(told["courts"]) == 9
    assert told["aggregates"] == []


def test_queries_grow_with_no_month(made_year: QualityYear, admin: User) -> None:
    secret = secret_of(admin)

    def number() -> int:
        with CaptureQueriesContext(connection) as found:
            assert call(secret, f"{API}/years/yanbian-2019/months").status_code == 200
            assert call(secret, CARDS).status_code == 200
        return len(found)

    publish(made_year, admin)
    before = number()
    publish(made_year, admin, month=11)
    publish(made_year, admin, month=10, sides=["litigation"])
    assert number() == before


# --- Sending -------------------------------------------------------------------------------------


def test_what_a_system_sends_waits_for_two_people(
    made_year: QualityYear, admin: User, office: User
) -> None:
    secret = secret_of(admin, reads=False, sends="litigation")
    answer = put(secret)
    assert answer.status_code == 201
    assert answer.json()["state"] == "waiting"
    assert not Extract.objects.exists()
    assert not Motion.objects.exists()
    sent = SentExtract.objects.get()
    page = f"/yanbian-2019/extracts/sent/{sent.pk}/"
    assert page in client_of(office).get("/yanbian-2019/extracts/").content.decode()
    assert "451" in client_of(office).get(page).content.decode()
    # Nobody of the other side's office, of a court, or of the administration takes it.
    for role in ("centre", "leader", "admin", "litigation"):
        other = client_of(account(f"x-{role}", "yanbian", role))
        assert other.post(page, {"act": "take"}).status_code == 403, role
    assert client_of(office).post(page, {"act": "take"}).status_code == 302
    motion = Motion.objects.get()
    assert (motion.kind, motion.moved_by, motion.side) == ("extract", office, "litigation")
    assert not Extract.objects.exists()
    sent.refresh_from_db()
    assert (sent.state, sent.content, sent.motion) == ("taken", None, motion)
    # The one who took it is not the one who confirms it.
    address = f"/yanbian-2019/motions/{motion.pk}/"
    second = account("second", "yanbian", "office")
    seen = client_of(second).get(address).context["trial"].digest
    client_of(office).post(address, {"act": "confirm", "seen": seen})
    assert not Extract.objects.exists()
    client_of(second).post(address, {"act": "confirm", "seen": seen})
    extract = Extract.objects.get()
    assert (extract.source, extract.uploaded_by, extract.confirmed_by) == (
        "数据集中管理平台",
        office,
        second,
    )
    assert client_of(office).post(page, {"act": "take"}).status_code == 404


def test_a_token_that_sends_does_not_read_and_the_other_way_round(
    made_year: QualityYear, admin: User
) -> None:
    sends, reads = secret_of(admin, reads=False, sends="both"), secret_of(admin)
    assert call(sends, f"{API}/years").status_code == 403
    assert put(reads).status_code == 403
    assert not SentExtract.objects.exists()


def test_a_side_that_is_not_the_tokens_is_refused(made_year: QualityYear, admin: User) -> None:
    answer = put(secret_of(admin, sends="enforcement"))
    assert answer.status_code == 422
    assert "appeals_filed" in answer.json()["problems"][0]
    assert not SentExtract.objects.exists()


def test_the_same_name_replaces_and_the_same_bytes_change_nothing(
    made_year: QualityYear, admin: User, office: User
) -> None:
    secret = secret_of(admin, sends="litigation")
    first = put(secret).json()
    again = put(secret)
    assert (again.status_code, again.json()["id"]) == (200, first["id"])
    other = put(secret, ROWS.replace("451", "452"))
    assert other.status_code == 201
    states = dict(SentExtract.objects.values_list("pk", "state"))
    assert states == {first["id"]: "replaced", other.json()["id"]: "waiting"}
    page = f"/yanbian-2019/extracts/sent/{other.json()['id']}/"
    assert client_of(office).post(page, {"act": "discard", "reason": ""}).status_code == 200
    assert client_of(office).post(page, {"act": "discard", "reason": "口径不符"}).status_code == 302
    row = SentExtract.objects.get(pk=other.json()["id"])
    assert (row.state, row.reason, row.decided_by) == ("discarded", "口径不符", office)
    assert Event.objects.filter(action="discard_sent_extract", actor=office).count() == 1


def test_so_many_files_wait_and_no_more(made_year: QualityYear, admin: User) -> None:
    secret = secret_of(admin, sends="litigation")
    token = ApiToken.objects.get()
    SentExtract.objects.bulk_create(
        SentExtract(
            quality_year=made_year,
            token=token,
            side="litigation",
            name=f"{number}.csv",
            content=b"x",
            sha256="0" * 64,
            figures=1,
            sent_at=timezone.now(),
        )
        for number in range(MOST_WAITING)
    )
    assert put(secret).status_code == 409


class Unread:
    """A body that fails the test when it is read."""

    def read(self, *_size: int) -> bytes:
        raise AssertionError("the body was read")

    readline = read


def test_only_a_token_that_sends_may_bring_a_long_body(made_year: QualityYear, admin: User) -> None:
    def send(secret: str, length: int) -> Any:
        return Client().request(
            REQUEST_METHOD="PUT",
            PATH_INFO=SENT,
            CONTENT_TYPE="text/csv",
            CONTENT_LENGTH=str(length),
            HTTP_AUTHORIZATION=f"Bearer {secret}",
            **{"wsgi.input": Unread()},
        )

    for secret in ("qy_unknown", secret_of(admin)):
        answer = send(secret, ANONYMOUS_BYTES + 1)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    sends = secret_of(admin, sends="litigation")
    assert send(sends, 33 * 1024 * 1024).status_code == 413
    with pytest.raises(AssertionError, match="the body was read"):
        send(sends, 30 * 1024 * 1024)
