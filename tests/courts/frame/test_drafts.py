"""Typed text that was not sent: kept for its account alone, back in its form, gone once used."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courts.frame.forms.drafts import mark_of
from courts.frame.services.drafts import MOST_DRAFTS, keep_drafts
from courts.models import Draft, QualityYear, UnlockRequest, User
from courts.returns.services.unlocks import request_unlock
from courts.reviews.services.deadlines import set_deadline
from tests.courts.returns_fixtures import (
    bring_to,
    remarks_of,
    slot_of,
    version_of,
)
from tests.pages import PASSWORD, account, client_of

pytestmark = pytest.mark.django_db

PLACE = ["yanbian-2019", "yanji", "2019-05", "litigation"]


def address_of(name: str, *place: Any) -> str:
    return reverse(f"courts:{name}", args=place or PLACE)


def sent_after_the_end(client: Client, user: User, address: str, **fields: str) -> Any:
    """Post the form that was drawn for the account, after its session ended."""
    client.logout()
    return client.post(address, {"_draft": mark_of(user.pk), **fields})


def sign_in(client: Client, user: User, location: str) -> str:
    """Sign in on the page that the form led to; the text of the page that follows."""
    wanted = parse_qs(urlsplit(location).query)["next"][0]
    user.set_password(PASSWORD)
    user.save()
    answer = client.post(
        reverse("courts:login"),
        {"username": user.username, "password": PASSWORD, "next": wanted},
        follow=True,
    )
    assert answer.status_code == 200
    return answer.content.decode()


class TestAfterTheSession:
    """Each form is sent too late, and its text is in the form again after signing in."""

    def brought_back(self, user: User, other: User, address: str, **fields: str) -> str:
        client = client_of(user)
        answer = sent_after_the_end(client, user, address, **fields)
        assert answer.status_code == 302
        location = answer.headers["Location"]
        assert location.startswith(reverse("courts:login"))
        assert "已经保存" in client.get(location).content.decode()
        # Another account on the same machine is shown nothing of it.
        others = sign_in(client, other, location)
        client.logout()
        for text in fields.values():
            if text.startswith("字"):
                assert text not in others
        return sign_in(client, user, location)

    def test_a_request_to_unlock(self, year: QualityYear, people: dict[str, User]) -> None:
        bring_to("verified", slot_of(year), people)
        page = self.brought_back(
            people["desk"], people["desk2"], address_of("return_unlock"), reason="字：漏计一件"
        )
        assert "字：漏计一件</textarea>" in page
        assert not UnlockRequest.objects.exists()

    def test_its_answer(self, year: QualityYear, people: dict[str, User]) -> None:
        slot = slot_of(year)
        bring_to("verified", slot, people)
        request_unlock(user=people["desk"], slot=slot, reason="漏计一件")
        page = self.brought_back(
            people["office"], people["office2"], address_of("unlock_decide"), note="字：请先核对"
        )
        assert 'value="字：请先核对"' in page

    def test_handing_in(self, year: QualityYear, people: dict[str, User]) -> None:
        slot = slot_of(year)
        bring_to("returned", slot, people)
        (key,) = remarks_of(slot)
        page = self.brought_back(
            people["desk"],
            people["desk2"],
            address_of("return_submit"),
            **{f"reply:{key}": "字：已与登记簿核对"},
        )
        assert "字：已与登记簿核对</textarea>" in page
        assert "已放回原处" in page

    def test_a_decision(self, year: QualityYear, people: dict[str, User]) -> None:
        slot = slot_of(year)
        bring_to("begun", slot, people)
        page = self.brought_back(
            people["office"],
            people["office2"],
            address_of("review"),
            **{"remark:appeals_filed": "字：请核对", "note": "字：整张表"},
        )
        assert 'value="字：请核对"' in page
        assert "字：整张表</textarea>" in page

    def test_reopening(self, year: QualityYear, people: dict[str, User]) -> None:
        bring_to("verified", slot_of(year), people)
        page = self.brought_back(
            people["office"],
            people["office2"],
            address_of("review_reopen"),
            reason="字：法院申请更正",
            until="2099-01-02",
        )
        assert "字：法院申请更正</textarea>" in page
        assert "2099-01-02" in page

    def test_an_application_and_a_word_on_it(self, made_year: QualityYear) -> None:
        desk = account("desk", "yanji", "litigation")
        colleague = account("colleague", "yanji", "litigation")
        office = account("office", "yanbian", "office")
        other = account("office2", "yanbian", "office")
        page = self.brought_back(
            desk,
            colleague,
            address_of("case_new", "yanbian-2019"),
            item="L3.2",
            month="12",
            reasons="字：系列案件",
        )
        assert "字：系列案件</textarea>" in page
        assert '<option value="L3.2" selected>' in page
        assert "附件没有保存" in page
        client = client_of(desk)
        client.post(
            address_of("case_new", "yanbian-2019"),
            {"item": "L3.2", "month": "12", "reasons": "系列案件", "_draft": mark_of(desk.pk)},
        )
        assert not Draft.objects.filter(user=desk).exists()
        case = made_year.cases.get()
        page = self.brought_back(
            office,
            other,
            address_of("case", "yanbian-2019", case.pk),
            act="verify",
            office="office",
            _form="word",
            note="字：情况属实",
        )
        assert "字：情况属实</textarea>" in page

    def test_without_a_mark_nothing_is_kept(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        client = client_of(None)
        client.post(address_of("return_unlock"), {"reason": "没有签名"})
        for forged in ("", "1", "1:x:y", mark_of(people["desk"].pk)[:-1]):
            client.post(address_of("return_unlock"), {"reason": "假的", "_draft": forged})
        old = mark_of(people["desk"].pk)
        with time_machine.travel(timezone.now() + timedelta(days=8)):
            client.post(address_of("return_unlock"), {"reason": "太旧", "_draft": old})
        assert not Draft.objects.exists()

    def test_a_form_of_before_the_last_login_keeps_its_text(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        """The check against forged requests refuses it; the text is in the form again."""
        bring_to("verified", slot_of(year), people)
        desk = people["desk"]
        client = Client(enforce_csrf_checks=True, headers={"accept-language": "zh-CN"})
        client.force_login(desk)
        answer = client.post(
            address_of("return_unlock"),
            {"_draft": mark_of(desk.pk), "csrfmiddlewaretoken": "a" * 64, "reason": "字：漏计一件"},
        )
        assert answer.status_code == 403
        text = answer.content.decode()
        assert "已经保存" in text
        assert address_of("return_unlock") in text
        page = client.get(address_of("return_unlock"), follow=True).content.decode()
        assert "字：漏计一件</textarea>" in page


class TestWhileTyping:
    def test_text_is_kept_and_dropped(self, year: QualityYear, people: dict[str, User]) -> None:
        slot = slot_of(year)
        bring_to("begun", slot, people)
        office, client = people["office"], client_of(people["office"])
        mark = {"_draft": mark_of(office.pk), "_thing": address_of("review")}
        for text in ("请核", "请核对"):
            field = {"remark:appeals_filed": text, "version": "7", "csrfmiddlewaretoken": "x"}
            assert client.post("/drafts/", mark | field).status_code == 204
        draft = Draft.objects.get()
        assert (draft.user, draft.thing) == (office, address_of("review"))
        assert (draft.field, draft.text) == ("remark:appeals_filed", "请核对")
        assert 'value="请核对"' in client.get(address_of("review")).content.decode()
        client.post("/drafts/", mark | {"remark:appeals_filed": " "})
        assert not Draft.objects.exists()

    def test_used_text_is_gone(self, year: QualityYear, people: dict[str, User]) -> None:
        slot = slot_of(year)
        bring_to("begun", slot, people)
        office, colleague = people["office"], people["office2"]
        for user in (office, colleague):
            keep_drafts(user_pk=user.pk, thing=address_of("review"), texts={"note": "请核对"})
        fields = {"act": "send_back", "note": "请核对", "version": version_of(slot)}
        client_of(office).post(address_of("review"), fields)
        assert [draft.user for draft in Draft.objects.all()] == [colleague]

    def test_what_was_refused_is_still_there(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        """A day that is over is refused on another page; the answer is in the form again."""
        slot = slot_of(year)
        bring_to("verified", slot, people)
        request_unlock(user=people["desk"], slot=slot, reason="漏计一件")
        office = people["office"]
        page = client_of(office).post(
            address_of("unlock_decide"),
            {
                "_draft": mark_of(office.pk),
                "grant": "yes",
                "until": "2001-01-01",
                "note": "字：限期更正",
            },
            follow=True,
        )
        assert 'value="字：限期更正"' in page.content.decode()

    def test_nobody_keeps_text_for_somebody_else(self, people: dict[str, User]) -> None:
        mark = {"_draft": mark_of(people["office"].pk), "_thing": "/x/", "note": "别人的"}
        assert client_of(people["desk"]).post("/drafts/", mark).status_code == 403
        assert not Draft.objects.exists()

    def test_text_of_before_the_last_submission_gives_way(
        self, year: QualityYear, people: dict[str, User]
    ) -> None:
        slot = slot_of(year)
        keep_drafts(
            user_pk=people["desk2"].pk,
            thing=address_of("return_submit"),
            texts={"blank:appeals_filed": "字：旧的"},
        )
        bring_to("returned", slot, people)
        page = client_of(people["desk2"]).get(address_of("return_submit")).content.decode()
        assert "字：旧的" not in page

    def test_bounds(self, people: dict[str, User]) -> None:
        user = people["desk"]
        keep_drafts(user_pk=user.pk, thing="/old/", texts={"a": "旧"})
        Draft.objects.update(at=timezone.now() - timedelta(days=91))
        keep_drafts(user_pk=user.pk, thing="/new/", texts={"a": "新"})
        assert [draft.thing for draft in Draft.objects.all()] == ["/new/"]
        Draft.objects.bulk_create(
            Draft(user=user, thing="/many/", field=str(n), text="x", at=timezone.now())
            for n in range(MOST_DRAFTS)
        )
        assert keep_drafts(user_pk=user.pk, thing="/more/", texts={"a": "多"}) == 0
        assert keep_drafts(user_pk=people["idle"].pk, thing="/x/", texts={"a": "停用"}) == 0
        long = "/" + "x" * 400
        mark = {"_draft": mark_of(user.pk), "_thing": long, "note": "x"}
        assert client_of(user).post("/drafts/", mark).status_code == 403


def test_the_deadline_lock_keeps_the_request_too(
    year: QualityYear, people: dict[str, User]
) -> None:
    set_deadline(user=people["office"], year=year, day=5, seen=None, reason="通知")
    keep_drafts(
        user_pk=people["desk"].pk, thing=address_of("return_unlock"), texts={"reason": "字：补报"}
    )
    page = client_of(people["desk"]).get(address_of("return")).content.decode()
    assert "字：补报</textarea>" in page


def test_a_reader_of_a_post_only_address_comes_to_its_page(
    year: QualityYear, people: dict[str, User]
) -> None:
    bring_to("submitted", slot_of(year), people)
    office = client_of(people["office"])
    for name, page in {
        "return_take_back": "return",
        "return_unlock": "return",
        "review_begin": "review",
        "review_reopen": "review",
    }.items():
        answer = office.get(address_of(name))
        assert (answer.status_code, answer.headers["Location"]) == (302, address_of(page))
        assert office.put(address_of(name)).status_code == 405
    assert office.get("/logout/").headers["Location"] == "/"
    assert office.get(address_of("review")).status_code == 200
