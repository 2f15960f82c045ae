"""Imports in the administration: a preview that writes nothing, then exactly what was confirmed."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import NoReverseMatch
from django.utils import timezone

from courts.figures.services.imports import import_figures
from courts.files.sheets import SourceFile
from courts.models import AppraisalTarget, Event, Figure, MonthlyReturn, QualityYear, WaitingTable
from tests.courts.admin.test_admin import address
from tests.courts.admin_fixtures import client_of, elsewhere, make_account, said

__all__ = ["elsewhere"]

pytestmark = pytest.mark.django_db

HEAD = "court,month,metric,value\n"
GOOD = HEAD + "yanji,2019-12,appeals_filed,100\nyanji,2019-12,first_instance_closed,2000\n"
BAD = HEAD + "yanji,2019-13,appeals_filed,100\nnowhere,2019-12,appeals_filed,1.5\n"


@pytest.fixture
def office(year: QualityYear) -> Any:
    return client_of(make_account("office", "yanbian", "office", name="审管办甲"))


def upload(client: Any, year: QualityYear, text: str | bytes, model: Any = Figure, **more: object):
    content = text.encode() if isinstance(text, str) else text
    file = SimpleUploadedFile(str(more.get("name", "december.csv")), content)
    data = {"year": year.pk, "import_file": file, "format": "0", "resource": "0"}
    return client.post(address(model, "import"), data)


def confirm(client: Any, preview: Any, model: Any = Figure, **changed: object):
    form = preview.context["confirm_form"]
    data = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    data["year"] = getattr(data["year"], "pk", data["year"])
    return client.post(address(model, "process_import"), {**data, **changed})


def figures() -> int:
    return Figure.objects.filter(monthly_return__year=2019).count()


def test_a_preview_writes_nothing_and_the_confirmation_exactly_that(office: Any, year) -> None:
    preview = upload(office, year, GOOD)
    text = preview.content.decode()
    assert "预览：尚未写入" in text
    assert "新增2项，改动0项，未变0项" in text
    assert "2000" in text
    assert figures() == 0
    assert not Event.objects.filter(action="import_figures").exists()
    waiting = WaitingTable.objects.get()
    assert (waiting.user.username, waiting.area) == ("office", "figures")
    assert waiting.sha256 == sha256(GOOD.encode()).hexdigest()

    response = confirm(office, preview)
    assert response.status_code == 302
    assert "新增2项" in said(response)
    assert figures() == 2
    assert not WaitingTable.objects.exists()
    row: Any = MonthlyReturn.objects.get(court__code="yanji", year=2019)
    # It waits for another person of the office: tests/courts/motions/test_two_people.py.
    assert (row.state, row.origin, row.verified_by) == ("submitted", "import", None)
    assert row.submitted_by.username == "office"
    event: Any = Event.objects.get(action="import_figures")
    assert event.actor.username == "office"
    figure = row.figures.get(metric="appeals_filed")
    history = office.get(address(Figure, "history", figure.pk)).content.decode()
    assert "审管办甲" in history
    assert "december.csv" in history
    # The same confirmation once more finds nothing waiting.
    assert "预览已失效" in said(confirm(office, preview))

    MonthlyReturn.objects.filter(pk=row.pk).update(
        state="verified", verified_at=row.submitted_at, verified_figures=None
    )
    again = upload(office, year, GOOD)
    assert "新增0项，改动0项，未变2项" in again.content.decode()
    changed = upload(office, year, GOOD.replace("100", "99"))
    assert "改动1项" in changed.content.decode()


def test_every_error_is_shown_and_nothing_is_written_or_kept(office: Any, year) -> None:
    response = upload(office, year, BAD)
    text = response.content.decode()
    for part in ("december.csv", "有 3 处错误", "2019-13", "nowhere", "1.5", ">2</td>", ">3</td>"):
        assert part in text
    assert "confirm_form" not in response.context
    assert figures() == 0
    assert not WaitingTable.objects.exists()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.csv"),
        (b"\xff\xfe\x00\x01", "binary.csv"),
        (b"PK\x03\x04rubbish", "broken.xlsx"),
        (b"a,b\n1,2\n", "columns.csv"),
        (GOOD.replace("100", "=1+1").encode(), "formula.csv"),
        (GOOD.replace("100", "-1").encode(), "negative.csv"),
        (GOOD.replace("100", "3000").encode(), "contradiction.csv"),
    ],
)
def test_a_bad_file_never_reaches_the_second_step(
    office: Any, year, content: bytes, name: str
) -> None:
    response = upload(office, year, content, name=name)
    assert response.status_code == 200
    assert "confirm_form" not in response.context
    assert response.context.get("preview") or response.context["form"].errors
    assert figures() == 0
    assert not WaitingTable.objects.exists()


def test_of_very_many_errors_the_first_are_shown_and_all_are_counted(office: Any, year) -> None:
    lines = "".join(f"nowhere-{number},2019-12,appeals_filed,1\n" for number in range(5_000))
    text = upload(office, year, HEAD + lines).content.decode()
    assert "有 5000 处错误" in text
    assert "另有4800处未列出" in text
    assert text.count("nowhere-") == 200


def test_each_office_imports_its_own_side_only(office: Any, year) -> None:
    centre = client_of(make_account("centre", "yanbian", "centre"))
    response = upload(centre, year, GOOD)
    assert "另一部门负责的指标" in response.content.decode()
    assert "confirm_form" not in response.context

    enforcement = HEAD + "yanji,2019-12,enforcement_received,50\n"
    response = upload(office, year, GOOD + enforcement.removeprefix(HEAD))
    assert "有 1 处错误" in response.content.decode()
    assert figures() == 0

    # Nor does a confirmation of somebody else's preview go round that.
    preview = upload(office, year, GOOD)
    assert "预览已失效" in said(confirm(centre, preview))
    assert figures() == 0
    assert confirm(centre, upload(centre, year, enforcement)).status_code == 302
    assert figures() == 1


@pytest.mark.parametrize("person", ["admin", "leader", "party", "litigation"])
def test_nobody_else_imports_figures(office: Any, year, person: str) -> None:
    preview = upload(office, year, GOOD)
    court = "yanji" if person == "litigation" else "yanbian"
    client = client_of(make_account("somebody", court, person))
    assert upload(client, year, GOOD).status_code in {302, 403}
    assert confirm(client, preview).status_code in {302, 403}
    root = client_of(make_account("root", "yanbian", "office", is_superuser=True))
    assert upload(root, year, GOOD).status_code == 403
    assert confirm(root, preview).status_code == 403
    assert figures() == 0


def test_a_confirmation_holds_for_what_was_shown_alone(office: Any, year) -> None:
    preview = upload(office, year, GOOD)
    other = SourceFile("other.csv", GOOD.replace("100", "90").encode())
    assert import_figures(year=year, files=[other]).applied  # from the command line
    response = confirm(office, preview)
    assert response.status_code == 200
    text = response.content.decode()
    assert "数据在预览之后有了变化，没有写入" in text
    assert "改动1项" in text
    value = Figure.objects.get(monthly_return__year=2019, metric="appeals_filed").value
    assert value == 90
    assert confirm(office, response).status_code == 302
    value = Figure.objects.get(monthly_return__year=2019, metric="appeals_filed").value
    assert value == 100
    assert not WaitingTable.objects.exists()


def test_what_became_wrong_since_the_preview_is_refused(office: Any, year) -> None:
    preview = upload(office, year, GOOD)
    MonthlyReturn.objects.create(
        court=year.court.children.get(code="yanji"),
        year=2019,
        month=12,
        side="litigation",
        state="returned",
    )
    response = confirm(office, preview)
    assert "有 1 处错误" in response.content.decode() or "有 2 处错误" in response.content.decode()
    assert figures() == 0


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", "/etc/passwd", "x" * 32, "0" * 32, "0" * 31 + "/"]
)
def test_only_a_waiting_file_can_be_confirmed(office: Any, year, name: str) -> None:
    preview = upload(office, year, GOOD)
    response = confirm(office, preview, import_file_name=name)
    assert "预览已失效" in said(response)
    assert figures() == 0


def test_another_prefecture_cannot_be_imported_into(office: Any, year, elsewhere) -> None:
    response = upload(office, elsewhere, GOOD)
    assert "year" in response.context["form"].errors
    preview = upload(office, year, GOOD)
    assert "预览已失效" in said(confirm(office, preview, year=elsewhere.pk))
    text = upload(office, year, GOOD.replace("yanji", "meihekou")).content.decode()
    assert "meihekou" in text
    assert "梅河口" not in text
    assert figures() == 1  # that of the other prefecture


def test_what_was_never_confirmed_is_swept_away(office: Any, year) -> None:
    preview = upload(office, year, GOOD)
    WaitingTable.objects.update(at=timezone.now() - timedelta(hours=25))
    assert "预览已失效" in said(confirm(office, preview))
    other = client_of(make_account("office2", "yanbian", "office"))
    upload(other, year, GOOD)
    assert [row.user.username for row in WaitingTable.objects.all()] == ["office2"]


def test_what_is_confirmed_is_what_was_shown_last_and_can_be_put_away(office: Any, year) -> None:
    first = upload(office, year, GOOD)
    second = upload(office, year, GOOD.replace("100", "90"))
    assert "预览已失效" in said(confirm(office, first))
    # What another preview of the same account is confirmed by does not take this one away.
    assert confirm(office, second, discard="1").status_code == 302
    assert not WaitingTable.objects.exists()
    assert "预览已失效" in said(confirm(office, second))
    assert figures() == 0


def test_what_waits_for_another_person_is_not_imported_over(office: Any, year) -> None:
    assert confirm(office, upload(office, year, GOOD)).status_code == 302
    again = upload(office, year, GOOD.replace("100", "90"))
    assert "已提交，尚未核实，不能被导入覆盖" in again.content.decode()
    assert "confirm_form" not in again.context


def test_targets_are_not_imported_here(year) -> None:
    """They are proposed on pages of their own: tests/courts/rulebooks/test_target_pages.py."""
    with pytest.raises(NoReverseMatch):
        address(AppraisalTarget, "import")
