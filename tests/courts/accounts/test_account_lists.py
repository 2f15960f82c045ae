"""Accounts from a list: proposed, made, told on slips, confirmed by a second person, handed over.

The one rule: whoever made an account or knows its password is no second person for it.
"""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

import scoring
from courts.accounts.selectors.accounts import makers_of
from courts.accounts.selectors.coming_sides import coming_sides
from courts.accounts.services.lists import make_proposed, one_time_password, take_list
from courts.accounts.services.lives import (
    DeputyValues,
    close_account,
    confirm_account,
    end_deputy,
    register_deputy,
    review_accounts,
)
from courts.files.attachments import GivenFile
from courts.files.sheets import SourceFile
from courts.frame.refusals import ReturnError, StateError
from courts.models import (
    AccountMaking,
    AccountProposal,
    Court,
    CredentialChange,
    Deputyship,
    Event,
    Handover,
    MonthlyReturn,
    QualityYear,
    RulebookEdition,
    User,
    WaitingTable,
)
from courts.permissions import Role, is_another, may_verify, roles
from courts.reviews.services.reviews import verify
from courts.years.services.sides import keep_sides
from tests.courts.returns_fixtures import bring_to, row_of, slot_of
from tests.pages import account, client_of

pytestmark = pytest.mark.django_db
People = dict[str, User]
EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "five-parts"

HEAD = "username,name,court,roles\n"
LIST = HEAD + "yanji-s1,李岩,延吉法院,诉讼报表岗\nyanji-z1,金善,yanji,enforcement、litigation\n"
PDF = GivenFile("授权.pdf", b"%PDF-1.4 leave")


def again(user: User) -> User:
    """The account as the next request loads it."""
    return User.objects.select_related("court__parent").get(pk=user.pk)


def source(text: str) -> SourceFile:
    return SourceFile("accounts.csv", text.encode())


def shown(client: Client, text: str) -> dict[str, str]:
    """Upload a list; the hidden fields of the preview."""
    file = SimpleUploadedFile("accounts.csv", text.encode())
    page = client.post("/accounts/import/", {"file": file})
    return dict(re.findall(r'name="(key|confirmed)" value="([^"]+)"', page.content.decode()))


def test_an_empty_list_is_filled_in_and_brought_back(people: People) -> None:
    """In each language: the heads that are handed out are heads that are read."""
    for number, language in enumerate(("zh-CN", "ko", "en")):
        browser = client_of(people["admin"])
        browser.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        assert (
            'href="/accounts/import/?_export=xlsx"'
            in browser.get("/accounts/import/").content.decode()
        )
        given = browser.get("/accounts/import/?_export=xlsx").content
        book = load_workbook(io.BytesIO(given))
        sheet = book.worksheets[0]
        rows = list(sheet.iter_rows(values_only=True))
        place = next(place for place, row in enumerate(rows, 1) if all(row[:4]))
        for column, value in enumerate((f"blank-{number}", "李岩", "yanji", "litigation"), 1):
            sheet.cell(place + 1, column, value)
        filled = io.BytesIO()
        book.save(filled)
        file = SimpleUploadedFile("accounts.xlsx", filled.getvalue())
        page = browser.post("/accounts/import/", {"file": file}).content.decode()
        assert f"blank-{number}" in page
        assert 'name="confirmed"' in page
    # A court's desk makes none, and is handed none.
    assert client_of(people["desk"]).get("/accounts/import/?_export=xlsx").status_code == 403


def test_an_administrator_makes_accounts_of_a_list(people: People, client: Client) -> None:
    browser = client_of(people["admin"])
    fields = shown(browser, LIST)
    assert not User.objects.filter(username="yanji-s1").exists()
    assert WaitingTable.objects.get().area == "accounts"
    slips = browser.post("/accounts/import/", fields)
    assert "no-store" in slips.headers["Cache-Control"]
    text = slips.content.decode()
    passwords = re.findall(r"<code>([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})</code>", text)
    assert len(set(passwords)) == 2
    made = User.objects.get(username="yanji-z1")
    assert (made.name, made.court and made.court.code) == ("金善", "yanji")
    assert roles(made) == {Role.LITIGATION, Role.ENFORCEMENT}
    assert makers_of(made) == {people["admin"].pk}
    # What was told is stored nowhere, and not told again.
    event = Event.objects.get(action="import_accounts")
    assert event.data["accounts"] == ["yanji-s1", "yanji-z1"]
    assert not any(one in repr(Event.objects.values_list("data", "reason")) for one in passwords)
    assert (
        'class="slip"'
        not in browser.post("/accounts/import/", fields, follow=True).content.decode()
    )

    # The first login opens the page that changes the password, and no other.
    login = {"username": "yanji-s1", "password": passwords[0]}
    assert client.post("/login/", login).status_code == 302
    for address in ("/", "/returns/", "/sessions/", "/drafts/"):
        assert client.get(address).headers["Location"] == "/password/"
    assert "一次性密码" in client.get("/password/").content.decode()
    change = {"old_password": passwords[0]}
    same = client.post(
        "/password/", change | dict.fromkeys(("new_password1", "new_password2"), passwords[0])
    )
    assert same.context["form"].errors["new_password1"]
    client.post(
        "/password/", change | dict.fromkeys(("new_password1", "new_password2"), "河边的柳树-1987")
    )
    assert client.get("/returns/", follow=True).status_code == 200
    own = User.objects.get(username="yanji-s1")
    assert not own.must_change_password
    assert CredentialChange.objects.filter(user=own).first().by == own  # type: ignore[union-attr]


def test_a_workbook_is_read_like_a_text(people: People) -> None:
    book, content = Workbook(), io.BytesIO()
    for row in (
        ("用户名", "姓名", "所属法院", "角色"),
        ("kim", "김선", "연길시인민법원", "诉讼报表岗"),
    ):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(content)
    file = SourceFile("名单.xlsx", content.getvalue())
    (one,) = take_list(user=people["admin"], file=file, apply=False).wanted
    assert (one.username, one.name, one.court.code, one.roles) == (
        "kim",
        "김선",
        "yanji",
        ("litigation",),
    )


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("a,,yanji,litigation", "name"),
        ("a,李,changchun,litigation", "court"),
        ("a,李,meihekou,litigation", "court"),
        ("a,李,yanji,", "roles"),
        ("a,李,yanji,书记员", "roles"),
        ("a,李,yanji,审判管理办公室", "roles"),
        ("a,李,yanbian,admin、office", "roles"),
        ("a b,李,yanji,litigation", "username"),
        ("office,李,yanji,litigation", "username"),
        ("a,李,yanji,litigation\na,李,yanji,litigation", "username"),
    ],
)
def test_one_wrong_line_keeps_the_list_out(people: People, row: str, column: str) -> None:
    before = User.objects.count()
    text = f"{HEAD}good,王,yanji,litigation\n{row}\n"
    result = take_list(user=people["admin"], file=source(text), apply=True)
    assert [problem.column for problem in result.problems] == [column]
    assert (result.wanted, result.slips, User.objects.count()) == ((), (), before)


def test_accounts_that_are_there_stay(people: People) -> None:
    text = HEAD + "desk,desk,yanji,litigation\nnew,王,yanji,litigation\n"
    result = take_list(user=people["admin"], file=source(text), apply=False)
    assert (len(result.wanted), result.unchanged) == (1, 1)
    with pytest.raises(PermissionDenied):
        take_list(user=people["desk"], file=source(text), apply=False)
    many = HEAD + "".join(f"a{number},王,yanji,litigation\n" for number in range(61))
    assert len(take_list(user=people["admin"], file=source(many), apply=False).problems) == 1


def test_an_office_proposes_the_desks_it_looks_after(people: People) -> None:
    """Proposed by an office, made by an administrator; neither of them confirms."""
    office, admin = people["office"], people["admin"]
    browser = client_of(office)
    text = HEAD + "yanji-s1,李岩,yanji,litigation\n"
    assert "yanji-z1" not in shown(browser, LIST)
    wrong = take_list(user=office, file=source(LIST), apply=False).problems
    assert [problem.column for problem in wrong] == ["roles"]
    browser.post("/accounts/import/", shown(browser, text))
    proposal = AccountProposal.objects.get()
    assert (proposal.proposed_by, proposal.state) == (office, "waiting")
    assert not User.objects.filter(username="yanji-s1").exists()
    with pytest.raises(PermissionDenied):
        make_proposed(user=office, proposals=[proposal.pk])
    page = client_of(admin).post("/accounts/", {"act": "make", "proposals": [proposal.pk]})
    assert len(re.findall(r"[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}", page.content.decode())) == 1
    made = User.objects.get(username="yanji-s1")
    assert makers_of(made) == {office.pk, admin.pk}
    with pytest.raises(StateError):
        make_proposed(user=admin, proposals=[proposal.pk])
    for who in (office, admin, made):
        with pytest.raises(PermissionDenied):
            confirm_account(user=again(who), account=made)

    # Refused with a reason, and asked for again.
    take_list(user=office, file=source(HEAD + "x,王,tumen,litigation\n"), apply=True)
    other = AccountProposal.objects.get(username="x")
    refusing = {"act": "refuse", "proposals": [other.pk]}
    client_of(admin).post("/accounts/", refusing)
    other.refresh_from_db()
    assert other.state == "waiting"
    client_of(admin).post("/accounts/", refusing | {"reason": "已有一人"})
    other.refresh_from_db()
    assert (other.state, other.reason, other.decided_by) == ("refused", "已有一人", admin)
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountProposal.objects.filter(pk=other.pk).update(decided_by=office)


def test_desks_of_a_coming_scheme_are_told_to_wait_for_its_year(
    year: QualityYear, people: People
) -> None:
    """All of its five sides have roles of their own; there are none before it takes force."""
    sources = {file.name: file.read_text("utf-8") for file in EXAMPLE.glob("*.toml")}
    rulebook = scoring.load_sources(sources)
    edition = RulebookEdition.objects.create(
        court=year.court,
        code=rulebook.code,
        title="五部分",
        sources=sources,
        sha256=rulebook.sha256,
        state="proposed",
    )
    addresses = [reverse("courts:accounts"), reverse("courts:accounts_import")]

    def told(name: str) -> list[bool]:
        client = client_of(people[name])
        return ["还没有岗位可以授予" in client.get(one).content.decode() for one in addresses]

    assert told("admin") == told("office") == [True, True]
    (coming,) = coming_sides(people["office"])
    assert coming.sides == tuple(share.label.zh for share in rulebook.sides)
    keep_sides(year.court, rulebook)
    assert told("admin") == told("office") == [False, False]
    RulebookEdition.objects.filter(pk=edition.pk).update(sources={"rulebook.toml": "code ="})
    assert coming_sides(people["office"]) == ()


def test_nobody_is_a_second_person_for_an_account_they_made(
    year: QualityYear, people: People
) -> None:
    """A clerk's return, proposed by one of the office: the other verifies, or a third confirms."""
    slot = slot_of(year)
    bring_to("submitted", slot, people)
    desk, office = people["desk"], people["office"]
    row = row_of(slot)
    assert row.submitted_by == desk
    assert may_verify(again(office), row)
    AccountMaking.objects.create(account=desk, by=office, kind="proposed", at=timezone.now())
    for first, second in ((desk, office), (office, desk)):
        assert not is_another(first.pk, again(second))
    assert not may_verify(again(office), row)
    with pytest.raises(PermissionDenied):
        verify(user=again(office), slot=slot, seen_version=row.version)
    assert may_verify(again(people["office2"]), row)
    page = client_of(people["office2"]).get(f"/accounts/{desk.pk}/").content.decode()
    assert "确认账号在本人手里" in page
    client_of(people["office2"]).post(f"/accounts/{desk.pk}/", {"act": "confirm"})
    making = AccountMaking.objects.get(account=desk)
    assert making.confirmed_by == people["office2"]
    assert may_verify(again(office), row)
    assert Event.objects.get(action="confirm_account").data == {
        "account": "desk",
        "kinds": ["proposed"],
    }
    # The database holds it against whoever writes.
    for who in (office, desk):
        with pytest.raises(IntegrityError), transaction.atomic():
            AccountMaking.objects.filter(pk=making.pk).update(confirmed_by=who)


def test_an_account_of_the_same_maker_confirms_nothing(people: People) -> None:
    """One who made two accounts has not two voices by them."""
    admin, now = people["admin"], timezone.now()
    for name in ("desk", "office2"):
        AccountMaking.objects.create(account=people[name], by=admin, kind="made", at=now)
    with pytest.raises(PermissionDenied):
        confirm_account(user=again(people["office2"]), account=people["desk"])
    with pytest.raises(PermissionDenied):
        confirm_account(user=again(people["far office"]), account=people["desk"])
    confirm_account(user=again(people["leader"]), account=people["office2"])
    confirm_account(user=again(people["office2"]), account=people["desk"])
    with pytest.raises(StateError):
        confirm_account(user=again(people["leader"]), account=people["desk"])


def test_a_password_set_for_somebody_is_one_time(people: People, client: Client) -> None:
    """The administrator's slip: what was logged in ends, and the account is to be confirmed."""
    desk = account("clerk", "yanji", "litigation")
    inside = client_of(desk)
    page = client_of(people["admin"]).post(f"/accounts/{desk.pk}/", {"act": "slip"})
    assert "no-store" in page.headers["Cache-Control"]
    (password,) = re.findall(r"[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}", page.content.decode())
    assert inside.get("/sessions/").status_code == 302
    desk = again(desk)
    assert desk.check_password(password)
    assert desk.must_change_password
    assert makers_of(desk) == {people["admin"].pk}
    change = CredentialChange.objects.filter(user=desk).first()
    assert change is not None
    assert change.by == people["admin"]
    assert len(one_time_password()) == 14
    # Nobody gives themselves one, and an office gives none.
    for who, target in (("admin", people["admin"]), ("office", desk)):
        answer = client_of(people[who]).post(f"/accounts/{target.pk}/", {"act": "slip"})
        assert answer.status_code == 403


def test_who_leaves_hands_over(year: QualityYear, people: People) -> None:
    slot = slot_of(year)
    bring_to("returned", slot, people)
    User.objects.filter(password="").update(password="!")
    desk, admin = again(people["desk"]), again(people["admin"])
    successor = account("new", "yanji", "enforcement")
    page = client_of(admin).get(f"/accounts/{desk.pk}/").content.decode()
    assert "退回待改的报表：延吉法院" in page
    for wrong in (people["other court"], people["idle"], desk):
        with pytest.raises(ReturnError):
            close_account(user=admin, account=desk, reason="调离", successor=wrong)
    with pytest.raises(PermissionDenied):
        close_account(user=people["office"], account=desk, reason="调离")
    client_of(admin).post(
        f"/accounts/{desk.pk}/", {"act": "close", "reason": "调离", "successor": successor.pk}
    )
    row = Handover.objects.get()
    assert (row.account, row.successor, row.roles) == (desk, successor, ["litigation"])
    assert any("退回待改的报表：延吉法院" in text for text in row.work)
    assert not again(desk).is_active
    assert roles(again(successor)) == {Role.LITIGATION, Role.ENFORCEMENT}
    browser = client_of(successor)
    assert f"/accounts/handovers/{row.pk}/" in browser.get("/", follow=True).content.decode()
    browser.post(f"/accounts/handovers/{row.pk}/")
    row.refresh_from_db()
    assert row.taken_at is not None
    assert (
        client_of(again(people["desk2"])).get(f"/accounts/handovers/{row.pk}/").status_code == 404
    )
    assert [e.action for e in Event.objects.filter(action__in=["close_account", "take_over"])] == [
        "take_over",
        "close_account",
    ]
    with pytest.raises(StateError):
        close_account(user=admin, account=desk, reason="调离")


def test_the_list_is_looked_through_once_a_year(people: People) -> None:
    office = client_of(people["office"])
    text = office.get("/accounts/").content.decode()
    assert "还没有核对过" in text
    assert "far desk" not in text
    csv = office.get("/accounts/?_export=csv").content.decode("utf-8-sig")
    assert "审判管理办公室" in csv
    assert "far desk" not in csv
    # Who makes accounts does not look through them.
    refused = client_of(people["admin"]).post("/accounts/", {"act": "review", "note": "都在岗"})
    assert refused.status_code == 403
    assert office.post("/accounts/", {"act": "review", "note": ""}).status_code == 200
    office.post("/accounts/", {"act": "review", "note": "都在岗"})
    assert "都在岗" in office.get("/accounts/").content.decode()
    with pytest.raises(PermissionDenied):
        review_accounts(user=people["desk"], note="x")


def values(people: People, **other: Any) -> DeputyValues:
    today = timezone.localdate()
    given: dict[str, Any] = {
        "principal": people["office2"],
        "deputy": people["centre"],
        "role": "office",
        "from_day": today,
        "until_day": today + timedelta(days=6),
        "reason": "年休假",
    }
    return DeputyValues(**given | other)


def test_a_deputy_has_the_role_until_the_day(year: QualityYear, people: People) -> None:
    """Seven days from today: on the seventh the deputy verifies, on the eighth no more."""
    slot, admin = slot_of(year), people["admin"]
    bring_to("submitted", slot, people)
    row = row_of(slot)
    centre = people["centre"]
    assert not may_verify(again(centre), row)
    today = timezone.localdate()
    browser = client_of(admin)
    sent = {
        "principal": people["office2"].pk,
        "deputy": centre.pk,
        "role": "office",
        "from_day": today.isoformat(),
        "until_day": (today + timedelta(days=6)).isoformat(),
        "reason": "年休假",
    }
    assert "请选择文件" in browser.post("/accounts/deputies/", sent).content.decode()
    file = SimpleUploadedFile("授权.pdf", PDF.content)
    browser.post("/accounts/deputies/", sent | {"file": file})
    deputyship = Deputyship.objects.get()
    assert may_verify(again(centre), row)
    for days, verifies in ((6, True), (7, False)):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            assert may_verify(again(centre), row) is verifies
    # Who stands in is no second person for whom.
    assert not is_another(people["office2"].pk, again(centre))
    MonthlyReturn.objects.filter(pk=row.pk).update(submitted_by=people["office2"])
    assert not may_verify(again(centre), row_of(slot))
    document = client_of(centre).get(f"/accounts/deputies/{deputyship.pk}/")
    assert document.content == PDF.content
    assert "no-store" in document.headers["Cache-Control"]
    # It ends with the role of whoever is on leave, and by the administrator's word.
    office = Group.objects.get(name="office")
    people["office2"].groups.remove(office)
    assert Role.OFFICE not in roles(again(centre))
    people["office2"].groups.add(office)
    assert Role.OFFICE in roles(again(centre))
    with pytest.raises(PermissionDenied):
        end_deputy(user=people["office"], deputyship=deputyship)
    browser.post(f"/accounts/deputies/{deputyship.pk}/")
    assert Role.OFFICE not in roles(again(centre))
    with pytest.raises(StateError):
        end_deputy(user=admin, deputyship=deputyship)


def test_who_cannot_stand_in(people: People) -> None:
    today, admin = timezone.localdate(), people["admin"]
    wrong: tuple[dict[str, Any], ...] = (
        {"principal": people["leader"]},
        {"deputy": people["desk"]},
        {"deputy": people["office"]},
        {"deputy": people["office2"]},
        {"role": "leader", "principal": people["leader"]},
        {"until_day": today - timedelta(days=1), "from_day": date(2019, 1, 1)},
        {"until_day": today + timedelta(days=400)},
        {"reason": "  "},
    )
    for other in wrong:
        with pytest.raises(ReturnError):
            register_deputy(user=admin, values=values(people, **other), file=PDF)
    with pytest.raises(ReturnError):
        register_deputy(user=admin, values=values(people), file=GivenFile("a.exe", b"MZ"))
    with pytest.raises(PermissionDenied):
        register_deputy(user=people["office"], values=values(people), file=PDF)
    assert not Deputyship.objects.exists()
    row = register_deputy(user=admin, values=values(people), file=PDF)
    with pytest.raises(IntegrityError), transaction.atomic():
        Deputyship.objects.filter(pk=row.pk).update(deputy=row.principal)
    with pytest.raises(IntegrityError), transaction.atomic():
        Deputyship.objects.filter(pk=row.pk).update(made_by=row.deputy)


def test_the_first_administrator_is_made_by_root(year: QualityYear, client: Client) -> None:
    """Root belongs to no prefecture, makes the first accounts, and sees everybody's."""
    root = account("root", None, is_superuser=True, is_staff=True)
    text = HEAD + "admin1,朴,yanbian,admin\nadmin2,崔,yanbian,系统管理员\n"
    result = take_list(user=root, file=source(text), apply=True)
    assert (result.problems, len(result.slips)) == ((), 2)
    assert Court.objects.get(code="yanbian").users.count() == 2
    assert client_of(root).get("/accounts/").status_code == 200
