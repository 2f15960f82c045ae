"""The administration in a real browser: nothing on its pages breaks the security policy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from courts.models import AppraisalTarget, Court, Event, Figure, QualityYear, User
from tests.courts.admin.test_admin import address
from tests.courts.admin_fixtures import make_account

pytestmark = pytest.mark.django_db(transaction=True)

INLINE = re.compile(r"""<style|<script(?![^>]*\ssrc=)|<[^>]+\s(style|on[a-z]+)=["']""")


def visit(page: Page, url: str) -> None:
    """Open a page; what the server sent has no script or style of its own."""
    response = page.goto(url)
    assert response is not None
    assert response.status == 200
    assert INLINE.findall(response.text()) == []


def test_the_pages_of_an_office(
    page: Page, log_in, year: QualityYear, target: AppraisalTarget, tmp_path: Path
) -> None:
    log_in(make_account("office", "yanbian", "office"))
    figure = Figure.objects.all()[0]
    for url in (
        reverse("admin:index"),
        address(Figure, "changelist"),
        address(Figure, "change", figure.pk),
        address(Figure, "history", figure.pk),
        address(type(figure.monthly_return), "change", figure.monthly_return_id),
        address(AppraisalTarget, "changelist"),
        address(AppraisalTarget, "change", target.pk),
        address(AppraisalTarget, "history", target.pk),
        address(type(year.edition), "change", year.edition_id),
        address(Event, "change", Event.objects.all()[0].pk),
        address(Figure, "import"),
    ):
        visit(page, url)

    file = tmp_path / "december.csv"
    file.write_text("court,month,metric,value\nyanji,2019-12,appeals_filed,100\n")
    page.set_input_files("input[type=file]", file)
    page.click("input[type=submit].default")
    expect(page.get_by_text("预览：尚未写入")).to_be_visible()
    page.click("input[name=confirm]")
    expect(page.get_by_text("已提交：新增1项")).to_be_visible()
    assert Figure.objects.filter(monthly_return__year=2019).count() == 1

    with page.expect_download() as download:
        page.get_by_role("link", name="导出 Excel").click()
    assert download.value.suggested_filename.endswith(".xlsx")


def test_an_edit_from_the_list_to_the_history(page: Page, log_in, year: QualityYear) -> None:
    log_in(make_account("admin", "yanbian", "admin", name="管理员甲"))
    court = Court.objects.get(code="yanji")
    page.goto(address(Court, "changelist"))
    page.get_by_role("link", name=court.short_name).first.click()
    page.fill("input[name=short_name]", "延吉市法院")
    page.fill("input[name=reason]", "简称更正")
    with page.expect_event("load"):
        page.click("input[name=_save]")
    page.goto(address(Court, "history", court.pk))
    expect(page.get_by_text("简称更正")).to_be_visible()
    expect(page.get_by_text("管理员甲").last).to_be_visible()


def test_the_pages_of_an_administrator(page: Page, log_in, year: QualityYear) -> None:
    log_in(make_account("admin", "yanbian", "admin"))
    desk = make_account("desk", "yanji", "litigation")
    court = Court.objects.get(code="yanji")
    for url in (
        address(User, "changelist"),
        address(User, "add"),
        address(User, "change", desk.pk),
        address(User, "history", desk.pk),
        reverse("admin:auth_user_password_change", args=[desk.pk]),
        address(Court, "changelist"),
        address(Court, "change", court.pk),
        address(Court, "delete", court.pk),
        address(QualityYear, "changelist"),
        reverse("admin:axes_accessattempt_changelist"),
        reverse("admin:axes_accesslog_changelist"),
        reverse("admin:password_change"),
    ):
        visit(page, url)


def test_our_own_pages_are_accessible(
    page: Page, log_in, year: QualityYear, target: AppraisalTarget, assert_accessible, complaints
) -> None:
    log_in(make_account("office", "yanbian", "office"))
    for url in (
        address(AppraisalTarget, "history", target.pk),
        address(Figure, "import"),
    ):
        visit(page, url)
        assert complaints == []
        assert_accessible(page)
        complaints.clear()  # the examination itself styles the page
