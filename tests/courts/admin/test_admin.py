"""Who gets where in the administration: every model, every role, every act, and only one's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.contrib import admin as django_admin
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from courts.admin import site
from courts.admin.records import ACTIONS
from courts.models import (
    AppraisalTarget,
    Assessment,
    BallotRound,
    Cap,
    CaseVerification,
    CellComment,
    Court,
    CourtChange,
    EntryOnBehalf,
    Event,
    Figure,
    FollowUp,
    MonthlyReturn,
    Motion,
    QualityYear,
    Reopening,
    RulebookEdition,
    SpecialCase,
    Submission,
    TakenSupplement,
    UnlockRequest,
    User,
    WordTemplate,
)
from tests.courts.admin_fixtures import client_of, make_account, make_round

pytestmark = pytest.mark.django_db

WORK = (
    Submission,
    CellComment,
    FollowUp,
    UnlockRequest,
    Reopening,
    EntryOnBehalf,
    SpecialCase,
    CaseVerification,
    Motion,
    Assessment,
    CourtChange,
    TakenSupplement,
    WordTemplate,
)
MODELS = (
    Court,
    RulebookEdition,
    QualityYear,
    AppraisalTarget,
    Cap,
    BallotRound,
    MonthlyReturn,
    Figure,
    *WORK,
    Event,
    User,
    AccessAttempt,
    AccessLog,
)
ACTS = ("view", "add", "change", "delete", "import", "export")

# Written down once more, by hand: what the rules are meant to be, letter by letter
# (view, add, change, delete, import, export).
OFFICE = {
    Court: "v....x",
    RulebookEdition: "v.....",
    QualityYear: "v.....",
    AppraisalTarget: "v....x",
    Cap: "v....x",
    BallotRound: "v.....",
    MonthlyReturn: "v....x",
    Figure: "v...ix",
    **dict.fromkeys(WORK, "v....."),
    Event: "v.....",
}
CENTRE = {
    Court: "v....x",
    RulebookEdition: "v.....",
    QualityYear: "v.....",
    AppraisalTarget: "v....x",
    Cap: "v....x",
    MonthlyReturn: "v....x",
    Figure: "v...ix",
    **dict.fromkeys(WORK, "v....."),
    Event: "v.....",
}
ADMIN = {
    Court: "vacd.x",
    RulebookEdition: "v.....",
    QualityYear: "v..d..",
    AppraisalTarget: "v....x",
    Cap: "v....x",
    BallotRound: "v.....",
    MonthlyReturn: "v....x",
    Figure: "v....x",
    **dict.fromkeys(WORK, "v....."),
    Event: "v.....",
    User: "vac...",
    AccessAttempt: "v.....",
    AccessLog: "v.....",
}
FOUNDER = {
    **dict.fromkeys(ADMIN, "v....."),
    **dict.fromkeys((Court, AppraisalTarget, Cap, MonthlyReturn, Figure), "v....x"),
    User: "vac...",
}
NOTHING: dict[Any, str] = {}

PEOPLE: dict[str, tuple[str | None, tuple[str, ...], dict[str, Any], dict[Any, str]]] = {
    "office": ("yanbian", ("office",), {}, OFFICE),
    "centre": ("yanbian", ("centre",), {}, CENTRE),
    "admin": ("yanbian", ("admin",), {}, ADMIN),
    "litigation": ("yanji", ("litigation",), {}, NOTHING),
    "enforcement": ("yanji", ("enforcement",), {}, NOTHING),
    "leader": ("yanbian", ("leader",), {}, NOTHING),
    "party": ("yanbian", ("party",), {}, NOTHING),
    "nobody": ("yanbian", (), {}, NOTHING),
    "only staff": ("yanbian", (), {"is_staff": True}, NOTHING),
    "inactive admin": ("yanbian", ("admin",), {"is_active": False}, NOTHING),
    "homeless admin": (None, ("admin",), {}, NOTHING),
    "superuser": ("yanbian", (), {"is_superuser": True, "is_staff": True}, ADMIN),
    "superuser in an office": ("yanbian", ("office", "centre"), {"is_superuser": True}, ADMIN),
    "homeless superuser": (None, (), {"is_superuser": True, "is_staff": True}, FOUNDER),
    "inactive superuser": (None, (), {"is_superuser": True, "is_active": False}, NOTHING),
}


@pytest.fixture
def rows(year: QualityYear, target: AppraisalTarget) -> dict[type, object]:
    """One row of every model."""
    desk = make_account("desk", "yanji", "litigation")
    make_round(year, desk)
    row, now = MonthlyReturn.objects.filter(court__code="yanji")[0], timezone.now()
    of_row: dict[str, Any] = {"monthly_return": row, "at": now}
    handed_in = Submission.objects.create(number=1, by=desk, figures={}, **of_row)
    CellComment.objects.create(author=desk, text="见附表", submission=handed_in, **of_row)
    FollowUp.objects.create(
        monthly_return=row, metric="appeals_filed", opened_by=desk, opened_at=now, note="待查"
    )
    UnlockRequest.objects.create(
        monthly_return=row, reason="漏报", requested_by=desk, requested_at=now
    )
    later = now + timedelta(days=1)
    Reopening.objects.create(by=desk, reason="更正", expires_at=later, **of_row)
    EntryOnBehalf.objects.create(by=desk, reason="提取", changes={}, **of_row)
    case = SpecialCase.objects.create(
        quality_year=year,
        court=row.court,
        item="L3.2",
        side="litigation",
        month=12,
        reasons="系列案件",
        applied_by=desk,
        applied_at=now,
    )
    CaseVerification.objects.create(case=case, office="office", by=desk, at=now, note="属实")
    motion = Motion.objects.create(
        quality_year=year, kind="caps", data={"rows": []}, moved_by=desk, moved_at=now
    )
    Assessment.objects.create(
        quality_year=year,
        court=row.court,
        item="A1",
        month=12,
        points=5,
        reason="台账完整",
        motion=motion,
        given_by=desk,
        at=now,
    )
    CourtChange.objects.create(
        quality_year=year,
        kind="renamed",
        court=row.court,
        from_month=12,
        old_names=["延吉", "延吉市法院", ""],
        document="州编〔2019〕1号",
        decided_on="2019-11-20",
        motion=motion,
    )
    TakenSupplement.objects.create(
        quality_year=year,
        code="about",
        kind="directions",
        version=1,
        title="方向",
        sha256="0" * 64,
        text="about",
        by=desk,
        at=now,
    )
    WordTemplate.objects.create(
        quality_year=year,
        name="x.docx",
        content=b"x",
        size=1,
        sha256="0" * 64,
        reason="换版头",
        uploaded_by=desk,
        uploaded_at=now,
    )
    attempt = {"username": "desk", "ip_address": "10.0.0.1", "user_agent": "x", "path_info": "/"}
    AccessAttempt.objects.create(failures_since_start=10, **attempt)
    AccessLog.objects.create(**attempt)
    return {model: model.objects.first() for model in MODELS}


def address(model: Any, page: str, *args: object) -> str:
    opts = model._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=args)


def sheet_of(response: Any) -> Any:
    """The sheet of an exported workbook."""
    return openpyxl.load_workbook(BytesIO(response.content)).active


def refused_or_not(client: Any, model: Any, row: Any) -> Iterator[str]:
    """The letters of the acts that the pages really allow."""
    for act in ACTS:
        pk = row.pk
        try:
            if act == "view":
                response = client.get(address(model, "changelist"))
            elif act == "change":
                # An empty form is full of errors, but it is refused only where it may not come.
                response = client.post(address(model, "change", pk), {})
            elif act == "delete":
                response = client.get(address(model, "delete", pk))
            else:
                response = client.get(address(model, act))
        except NoReverseMatch:
            yield "."
            continue
        assert response.status_code in {200, 302, 403}, (model, act, response.status_code)
        yield ("x" if act == "export" else act[0]) if response.status_code == 200 else "."


@pytest.mark.parametrize("person", PEOPLE)
def test_every_role_may_do_exactly_what_the_table_says(person: str, rows: dict) -> None:
    court, roles, fields, expected = PEOPLE[person]
    account = make_account("somebody", court, *roles, **fields)
    # Django's own permissions must not open anything.
    account.user_permissions.set(Permission.objects.all())
    client = client_of(account)

    for model in MODELS:
        found = "".join(refused_or_not(client, model, rows[model]))
        assert found == expected.get(model, "......"), (person, model)

    index = client.get(reverse("admin:index"))
    assert (index.status_code == 200) == bool(expected)


def test_nothing_but_the_models_above_is_reachable() -> None:
    assert set(site._registry) == set(MODELS)
    assert site is not django_admin.site
    with pytest.raises(NoReverseMatch):
        reverse("admin:auth_group_changelist")


@pytest.mark.parametrize("model", WORK)
def test_what_passed_over_returns_is_shown_whole(model: Any, rows: dict) -> None:
    client = client_of(make_account("looker", "yanbian", "office"))
    text = client.get(address(model, "changelist")).content.decode()
    assert "desk" in text
    text = client.get(address(model, "change", rows[model].pk)).content.decode()
    assert "desk" in text
    assert 'name="_save"' not in text


def test_every_act_has_a_name() -> None:
    """Whatever a service calls its act, the table of acts says it in words."""
    quoted = re.compile(r'(?:action=|\bACTION = |_record\(\s*|else )"([a-z_]+)"|"([a-z]+_edition)"')
    folder = settings.BASE_DIR / "courts"
    found = {
        next(filter(None, match.groups()))
        for path in (*folder.glob("*/services/*.py"), folder / "frame" / "events.py")
        for match in quoted.finditer(path.read_text("utf-8"))
    }
    assert len(found) > 30
    assert found - ACTIONS.keys() == set()


def test_strangers_are_sent_to_the_login_page_and_the_unauthorised_refused(year) -> None:
    response: Any = Client().get(reverse("admin:index"))
    assert response.status_code == 302
    assert response.url.endswith("/login/?next=/admin/")
    response = Client().get(reverse("admin:login"))
    assert response.url.endswith("/login/?next=/admin/")

    leader = client_of(make_account("leader", "yanbian", "leader"))
    assert leader.get(reverse("admin:index"), follow=True).status_code == 403
    admin = client_of(make_account("admin", "yanbian", "admin"))
    assert admin.get(reverse("admin:login")).url == reverse("admin:index")


SCOPED = (Court, QualityYear, AppraisalTarget, Cap, MonthlyReturn, Figure, Event, User)
MARKS = ("tonghua", "通化", "梅河口", "meihekou", "77771", "77,771", "77.7")


@pytest.mark.parametrize("role", ["office", "centre", "admin"])
def test_another_prefecture_does_not_exist(role: str, elsewhere: QualityYear, target) -> None:
    root = elsewhere.court
    client = client_of(make_account("somebody", "yanbian", role))
    foreign = {
        Court: root,
        QualityYear: elsewhere,
        AppraisalTarget: elsewhere.targets.get(),
        Cap: elsewhere.caps.get(),
        MonthlyReturn: MonthlyReturn.objects.get(court__parent=root),
        Figure: Figure.objects.get(monthly_return__court__parent=root),
        Event: Event.objects.get(quality_year=elsewhere),
        User: User.objects.get(court=root),
    }
    for model in SCOPED:
        response = client.get(address(model, "changelist"))
        if response.status_code == 403:
            continue
        text = response.content.decode()
        assert not [mark for mark in MARKS if mark in text], model
        for page in ("change", "delete", "history"):
            response = client.get(address(model, page, foreign[model].pk))
            assert response.status_code in {302, 403, 404}, (model, page)
    for model in (AppraisalTarget, Cap, QualityYear, User, Court):
        text = client.get(address(model, "add")).content.decode()
        assert not [mark for mark in MARKS if mark in text], model
    sheet = sheet_of(client.get(address(Figure, "export")))
    assert "meihekou" not in {row[0].value for row in sheet.iter_rows()}
    found = client.get(address(Figure, "changelist") + "?court=meihekou").content.decode()
    assert "77771" not in found


def test_a_superuser_without_court_sees_every_prefecture(elsewhere: QualityYear) -> None:
    client = client_of(make_account("root", None, is_superuser=True))
    text = client.get(address(Court, "changelist")).content.decode()
    assert "通化" in text
    assert "延吉" in text


def test_figures_are_found_by_court_month_side_state_metric_and_name(year: QualityYear) -> None:
    client = client_of(make_account("office", "yanbian", "office"))
    query = (
        "?court=yanji&month=2018-12&metric=appeals_filed"
        "&side=litigation&monthly_return__state__exact=verified"
    )
    response = client.get(address(Figure, "changelist") + query)
    (figure,) = response.context["cl"].queryset
    assert (figure.monthly_return.court.code, figure.metric) == ("yanji", "appeals_filed")
    assert "二审立案" in response.content.decode()
    by_name = client.get(address(Figure, "changelist"), {"q": "二审立案"}).context["cl"].queryset
    assert {figure.metric for figure in by_name} == {"appeals_filed"}
    assert client.get(address(Figure, "changelist") + "?month=rubbish").status_code == 200


def test_a_list_asks_the_same_number_of_questions_however_long(
    year: QualityYear, django_assert_num_queries
) -> None:
    client = client_of(make_account("office", "yanbian", "office"))
    many, one = address(Figure, "changelist"), address(Figure, "changelist") + "?court=yanji"
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    # The first look of a process reads the names, later ones know them.
    client.get(one)
    with CaptureQueriesContext(connection) as few:
        client.get(one)
    with django_assert_num_queries(len(few.captured_queries)):
        client.get(many)


def own_names(other: QualityYear) -> None:
    """The other prefecture calls appeals_filed by a name of its own, and asks for one more."""
    first = other.edition
    sources = dict(first.sources)
    sources["metrics.toml"] = (
        sources["metrics.toml"].replace('zh = "二审立案数"', 'zh = "通化上诉数"')
        + """
[[metrics]]
code = "tonghua_own"
group = "petition"
kind = "count"
unit = { zh = "件", ko = "건", en = "cases" }
label = { zh = "通化自设指标", ko = "통화 지표", en = "Tonghua's own" }
definition = { zh = "一", ko = "一", en = "one" }
source = { zh = "一", ko = "一", en = "one" }
"""
    )
    edition = RulebookEdition.objects.create(
        court=other.court,
        code=other.code,
        title="通化",
        sources=sources,
        sha256=sha256(repr(sources).encode()).hexdigest(),
        state="in_force",
        from_month=1,
        quality_year=other,
    )
    QualityYear.objects.filter(pk=other.pk).update(edition=edition)


def test_metrics_are_named_by_the_rules_of_their_own_prefecture(
    year: QualityYear, elsewhere: QualityYear
) -> None:
    own_names(elsewhere)
    page = f"{address(Figure, 'changelist')}?q=appeals_filed"
    text = client_of(make_account("office", "yanbian", "office")).get(page).content.decode()
    assert "二审立案数" in text
    assert "通化" not in text
    far = client_of(make_account("far", "tonghua", "office")).get(page).content.decode()
    assert "通化上诉数" in far
    assert "通化自设指标" in far
    assert "二审立案数" not in far
    above = make_account("root", None, is_superuser=True, is_staff=True)
    both = client_of(above).get(page).content.decode()
    assert re.search(r"field-metric_name\">(<a[^>]*>)?通化上诉数", both)
    assert re.search(r"field-metric_name\">(<a[^>]*>)?二审立案数", both)


def test_the_list_of_figures_parses_no_rulebook(
    year: QualityYear, elsewhere: QualityYear, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At 389 prefectures with texts of their own parsing them all took 24 seconds."""

    def parse(*_arguments: object) -> None:
        raise AssertionError("a rulebook was parsed for its names")

    own_names(elsewhere)
    monkeypatch.setattr("courts.years.selectors.years._rulebook", parse)
    for who in (
        make_account("office", "yanbian", "office"),
        make_account("root", None, is_superuser=True, is_staff=True),
    ):
        assert client_of(who).get(address(Figure, "changelist")).status_code == 200


def test_the_export_holds_what_the_filter_shows_numbers_as_numbers_formulas_as_text(
    year: QualityYear,
) -> None:
    figure = Figure.objects.get(
        monthly_return__court__code="yanji", metric="appeals_filed", monthly_return__year=2018
    )
    figure.note = "=cmd|' /C calc'!A0\x07"
    figure.save()
    client = client_of(make_account("centre", "yanbian", "centre"))
    response = client.get(address(Figure, "export") + "?court=yanji&metric=appeals_filed")
    assert "数据清单.xlsx" in unquote(response["Content-Disposition"])
    (line,) = listed(response)
    assert line["法院"].value == "yanji"
    assert line["月份"].value == datetime(2018, 12, 1)  # noqa: DTZ001
    assert line["数值"].value == figure.value
    assert isinstance(line["数值"].value, int)
    assert line["说明"].data_type == "s"
    assert line["说明"].value.startswith("'=cmd")
    assert not line["演示"].value
    text = client.get(address(Figure, "export") + "?_export=csv&court=yanji&metric=appeals_filed")
    assert text.content.decode("utf-8-sig").splitlines()[-1].startswith("yanji,延吉法院,2018-12,")
    assert client.get(address(Figure, "export") + "?_export=ods").status_code == 404


def listed(response: Any) -> list[dict[str, Any]]:
    """The cells of each line of a list, by their headings."""
    rows = list(sheet_of(response).iter_rows())
    top = next(place for place, row in enumerate(rows) if row[-1].value is not None)
    headings = [cell.value for cell in rows[top]]
    return [dict(zip(headings, row, strict=True)) for row in rows[top + 1 :]]


@pytest.mark.parametrize("model", [Court, MonthlyReturn, AppraisalTarget, Cap])
def test_every_list_can_be_exported(model: Any, target: AppraisalTarget) -> None:
    client = client_of(make_account("office", "yanbian", "office"))
    assert len(listed(client.get(address(model, "export")))) == model.objects.count()
    page = client.get(address(model, "changelist")).content.decode()
    assert all(f"{address(model, 'export')}?_export={kind}" in page for kind in ("xlsx", "csv"))


def test_made_up_figures_say_so(year: QualityYear) -> None:
    MonthlyReturn.objects.filter(court__code="yanji").update(is_demo=True)
    client = client_of(make_account("office", "yanbian", "office"))
    for model in (MonthlyReturn, Figure):
        marked = client.get(address(model, "changelist") + "?court=yanji").content.decode()
        plain = client.get(address(model, "changelist") + "?court=tumen").content.decode()
        assert '<td class="field-demo' in marked
        assert marked.count("演示数据</td>") > plain.count("演示数据</td>") == 0
        lines = listed(client.get(address(model, "export") + "?court=yanji"))
        assert {line["演示"].value for line in lines} == {"演示数据"}


def test_editions_show_their_text(year: QualityYear) -> None:
    client = client_of(make_account("office", "yanbian", "office"))
    text = client.get(address(RulebookEdition, "change", year.edition_id)).content.decode()
    assert year.edition.sha256 in text
    assert "litigation.toml" in text
