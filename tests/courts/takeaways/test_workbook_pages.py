"""The workbook as a download and as a command: whose it is, and from what."""

from __future__ import annotations

from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from python_calamine import CalamineWorkbook

from courts.closings.selectors.snapshots import compose, inputs_of
from courts.models import Closing, Figure, QualityYear, Snapshot, User
from courts.scores.selectors.scores import month_scores
from scoring.facts import Month
from tests.courts.conftest import COURTS
from tests.pages import client_of

DECEMBER = Month(2019, 12)
PAGE = "/yanbian-2019/2019-12/workbook/"
BOTH = ("litigation", "enforcement")


def book_of(content: bytes) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(BytesIO(content))


def totals(content: bytes) -> dict[str, tuple[object, object]]:
    """Total in cents and agreement, by court."""
    rows = book_of(content).get_sheet_by_name("汇总").to_python(skip_empty_area=False)
    found: dict[str, tuple[object, object]] = {}
    for row in rows[3:]:
        code, total = row[0], row[8]
        assert isinstance(code, str)
        assert isinstance(total, int | float)
        found[code] = (round(total), row[-1])
    return found


def close(year: QualityYear, user: User, sides: tuple[str, ...] = BOTH) -> Snapshot:
    """The month as it stands, closed."""
    at = timezone.now()
    closings = [
        Closing.objects.create(quality_year=year, month=12, side=side, number=1, by=user, at=at)
        for side in sides
    ]
    parts = compose(inputs_of(year, DECEMBER), sides, closings, data_at=at)
    return Snapshot.objects.create(
        quality_year=year,
        month=12,
        sides=",".join(sides),
        number=1,
        text=parts.text,
        sha256=parts.sha256,
        made_at=at,
        made_by=user,
    )


def test_offices_take_the_whole_month(
    made_year: QualityYear, office: User, django_assert_max_num_queries
) -> None:
    client = client_of(office)
    client.get(PAGE)
    with django_assert_max_num_queries(30):
        answer = client.get(PAGE)
    assert "2019%E5%B9%B412%E6%9C%88" in answer.headers["Content-Disposition"]
    cards = month_scores(made_year, DECEMBER).scoreboard.scorecards
    assert totals(answer.content) == {card.court: (card.total_cents, "一致") for card in cards}
    assert client.get("/yanbian-2019/2019-12/").content.decode().count(PAGE) == 1


@pytest.mark.parametrize("shown", ["own", "bands"])
def test_a_court_takes_its_own_alone(made_year: QualityYear, desk: User, shown: str) -> None:
    made_year.ranking_shown = shown
    made_year.save(update_fields=["ranking_shown"])
    client = client_of(desk)
    content = client.get(PAGE).content
    assert set(totals(content)) == {"yanji"}
    book = book_of(content)
    texts = {
        str(value)
        for name in book.sheet_names
        for row in book.get_sheet_by_name(name).to_python()
        for value in row
    }
    assert not [text for text in texts if "敦化" in text or "延边中院" in text]
    assert PAGE in client.get("/yanbian-2019/2019-12/").content.decode()
    # Somebody of a court that the year does not assess has none.
    assert desk.court is not None
    made_year.left_out.add(desk.court)
    assert client.get(PAGE).status_code == 404


def test_a_closed_month_is_as_it_was_closed(made_year: QualityYear, office: User) -> None:
    before = {
        card.court: card.total_cents
        for card in month_scores(made_year, DECEMBER).scoreboard.scorecards
    }
    snapshot = close(made_year, office)
    # Nothing that people use lets a closed month change; the row itself might.
    changed = Figure.objects.filter(
        monthly_return__court__code="yanji",
        monthly_return__year=2019,
        monthly_return__month=12,
        metric="appeals_filed",
    )
    assert changed.update(value=1999) == 1
    content = client_of(office).get(PAGE).content
    assert {code: cents for code, (cents, _) in totals(content).items()} == before
    about = book_of(content).get_sheet_by_name("说明").to_python()
    assert any(snapshot.sha256 in str(row[1]) for row in about)


def test_the_command(made_year: QualityYear, office: User, tmp_path: Path) -> None:
    path, said = tmp_path / "工作簿.xlsx", StringIO()
    call_command("workbook", "2019-12", str(path), stderr=said)
    assert set(totals(path.read_bytes())) == set(COURTS)
    assert "尚未关账" in said.getvalue()
    call_command("workbook", "2019-12", str(path), "--court", "延吉法院", stderr=said)
    assert set(totals(path.read_bytes())) == {"yanji"}
    for arguments, complaint in (
        (["2019-13", str(path)], "不是月份"),
        (["2019-12", str(path), "--court", "nowhere"], "nowhere"),
        (["2019-12", str(path), "--side", "litigation"], "还没有关账"),
        (["2019-12", str(tmp_path / "none" / "x.xlsx")], "无法写入"),
    ):
        with pytest.raises(CommandError, match=complaint):
            call_command("workbook", *arguments)
    close(made_year, office, ("litigation",))
    call_command("workbook", "2019-12", str(path), stderr=said)
    assert "诉讼已关账" in said.getvalue()
    call_command("workbook", "2019-12", str(path), "--side", "litigation", stderr=said)
    rows = book_of(path.read_bytes()).get_sheet_by_name("汇总").to_python(skip_empty_area=False)
    assert "诉讼得分" in rows[2]
    assert not [title for title in rows[2] if "执行" in str(title) or "总分" in str(title)]
    assert {row[-1] for row in rows[3:]} == {"一致"}
