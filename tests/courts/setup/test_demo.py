"""Tests of the demonstration: marked, consistent, repeatable, and never beside real figures."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone

import scoring
from courts.ballots.services.casting import cast
from courts.ballots.services.opening import confirm
from courts.ballots.services.rounds import close
from courts.closings.selectors.close_page import next_to_close
from courts.desks.selectors.desks import desk
from courts.figures.selectors.facts import DEMO_DOCUMENT, facts_of_months, gather
from courts.figures.services.imports import import_figures
from courts.models import (
    Action,
    AppraisalTarget,
    BallotRound,
    Bulletin,
    BulletinReceipt,
    Closing,
    Court,
    Event,
    Figure,
    MonthlyReturn,
    QualityYear,
    Restatement,
    SealedBallot,
    Snapshot,
    User,
)
from courts.permissions import roles
from courts.registers.selectors.counts import compared
from courts.reviews.selectors.completeness import completeness
from courts.scores.selectors import scores
from courts.setup.services.ballot_samples import make_demo_ballot, open_with, sealed_for
from courts.setup.services.demo import PASSWORD, make_demo
from courts.setup.services.demo_figures import make_year
from courts.snapshots.verification import verify
from courts.years.closings import closings_of
from courts.years.selectors.counted_months import months_with_figures
from courts.years.selectors.years import courts_of, rulebook_of
from scoring.facts import CourtFacts, Month
from scoring.schema import Level, Severity, Side
from tests import documents
from tests.courts.closing_fixtures import fresh
from tests.courts.conftest import COURTS, csv_file

pytestmark = [pytest.mark.django_db, pytest.mark.walk]

CELL = re.compile(r"<t[dh][^>]*>(.*?)</t[dh]>", re.DOTALL)
MONTHS = [Month(2019, number) for number in range(1, 13)]
DECEMBER = MONTHS[-1]


def rows() -> list[int]:
    managers = (
        User.objects,
        MonthlyReturn.objects,
        Figure.objects,
        AppraisalTarget.objects,
        Event.objects,
        User.history,
        Figure.history,
        MonthlyReturn.history,
    )
    return [manager.count() for manager in managers]


@pytest.fixture
def made(year: QualityYear) -> Mapping[str, Mapping[Month, Mapping[str, int]]]:
    """The made figures of each court by month."""
    facts = facts_of_months(year, [DECEMBER])[DECEMBER]
    return {court.court: court.months for court in make_year(rulebook_of(year), facts)}


# --- The figures -----------------------------------------------------------------------------


def test_every_figure_of_every_month_is_there(year: QualityYear, made) -> None:
    metrics = set(rulebook_of(year).metrics)
    assert list(made) == list(COURTS)
    for months in made.values():
        assert list(months) == MONTHS
        assert all(set(figures) == metrics for figures in months.values())


def test_every_check_holds_and_no_count_falls(year: QualityYear, made) -> None:
    rulebook = rulebook_of(year)
    for months in made.values():
        assert scoring.falls(rulebook, months) == ()
        for figures in months.values():
            for side in Side:
                assert scoring.check_figures(rulebook, side, figures) == ()


def test_the_checks_would_tell(year: QualityYear, made) -> None:
    figures = dict(made["yanji"][DECEMBER])
    figures["procedure_terminated"] += 1
    found = scoring.check_figures(rulebook_of(year), Side.ENFORCEMENT, figures)
    assert {finding.severity for finding in found} == {Severity.ERROR, Severity.WARNING}


def test_nothing_made_is_unlikely(year: QualityYear, made) -> None:
    rulebook = rulebook_of(year)
    baseline = {
        facts.court: facts.baseline_annual for facts in facts_of_months(year, [DECEMBER])[DECEMBER]
    }
    for court, months in made.items():
        known = {**months, Month(2018, 12): baseline[court]}
        assert [scoring.unlikely(rulebook, month, known) for month in MONTHS] == [()] * 12


def test_the_same_year_every_time(year: QualityYear, made) -> None:
    facts = facts_of_months(year, [DECEMBER])[DECEMBER]
    again = {court.court: court.months for court in make_year(rulebook_of(year), facts)}
    assert again == made


def test_a_court_without_last_year_and_other_metrics(year: QualityYear) -> None:
    (court,) = make_year(rulebook_of(year), [CourtFacts("alone", Level.GRASSROOTS)])
    assert court.months[DECEMBER]["appeals_filed"] == 0
    assert court.months[DECEMBER]["enforcement_received"] > 0


# --- What is stored --------------------------------------------------------------------------


def test_a_year_of_marked_and_verified_returns(year: QualityYear) -> None:
    result = make_demo(year=year)
    assert (result.returns, result.figures) == (9 * 12 * 2, 9 * 12 * len(rulebook_of(year).metrics))
    returns = MonthlyReturn.objects.filter(year=2019)
    assert {(r.is_demo, r.origin) for r in returns} == {(True, "entry")}
    for row in returns.select_related("court", "submitted_by", "verified_by"):
        if row.state != "verified":
            # In progress, and counted as it was verified.
            assert (row.month, len(row.verified_figures or ())) == (12, row.figures.count())
            continue
        row.full_clean()
        assert row.submitted_by is not None
        assert row.verified_by is not None
        assert row.submitted_by.username == f"{row.court.code}-{row.side}"
        assert (
            row.verified_by.username == {"litigation": "office", "enforcement": "centre"}[row.side]
        )
        assert row.submitted_at is not None
        assert row.verified_at is not None
        assert row.period < f"{row.submitted_at:%Y-%m}"
        assert row.submitted_at < row.verified_at
    assert months_with_figures(year) == MONTHS
    assert not MonthlyReturn.objects.filter(year=2018, is_demo=True).exists()
    assert MonthlyReturn.history.filter(year=2019, month__lt=12).count() == 9 * 11 * 2
    assert Event.objects.filter(action="demo").count() == 1


def test_something_waits_on_every_desk_and_none_of_it_counts(
    year: QualityYear, made: Mapping[str, Mapping[Month, Mapping[str, int]]]
) -> None:
    make_demo(year=year)
    year.refresh_from_db()
    facts = facts_of_months(year, [DECEMBER])[DECEMBER]
    assert {court.court: court.current for court in facts} == {
        court: months[DECEMBER] for court, months in made.items()
    }
    office, centre = (User.objects.get(username=name) for name in ("office2", "centre2"))
    now = timezone.now()
    desks = [desk(user, year, now) for user in (office, centre)]
    assert [
        (d.tiles["review"].count, d.clean, d.tiles["unlock"].count, [g.code for g in d.lists])
        for d in desks
    ] == [(2, 2, 1, ["objection"]), (0, 0, 0, ["mark"])]
    # A target that one person proposed waits for either of them.
    assert [len(d.rest.of("motion_targets")) for d in desks] == [1, 1]
    in_progress = MonthlyReturn.objects.filter(year=2019).exclude(state="verified")
    states = {(r.court.code, r.side): r.state for r in in_progress.select_related("court")}
    assert states == {
        ("yanji", "litigation"): "submitted",
        ("tumen", "litigation"): "submitted",
        ("dunhua", "litigation"): "returned",
        ("hunchun", "litigation"): "entering",
        ("wangqing", "enforcement"): "entering",
    }
    state = completeness(year, now)
    late = {cell.days for cell in state.cells if cell.timeliness == "late"}
    # Due by the 8th; handed in on the 3rd or, every 31st return, nine days later.
    assert late == {4}
    assert year.deadline_day == 8


def test_the_readme_names_every_account_by_its_role(year: QualityYear) -> None:
    """Ranges such as `leader1` … `leader7` stand for all their numbers, a court for every court."""
    accounts = {account.username for account in make_demo(year=year).accounts}
    readme = (documents.DOCS.parent / "README.md").read_text("utf-8")
    named: dict[str, str] = {}
    for row in documents.rows(documents.section(readme, "What `make run` does")):
        for first, last in re.findall(r"`([\w-]+)`(?: … `([\w-]+)`)?", f"`{row['account']}`"):
            stem = first.rstrip("0123456789")
            numbers = range(int(first[len(stem) :] or 0), int(last[len(stem) :] if last else 0) + 1)
            for username in [f"{stem}{number}" for number in numbers if last] or [first]:
                named[username] = row["who"]
    of_courts = {name for name in accounts if name.endswith(("-litigation", "-enforcement"))}
    assert accounts - of_courts == named.keys() - of_courts
    roles_of_glossary = {
        row["code"]: row["English"].lower()
        for row in documents.rows(documents.section(documents.read("glossary.md"), "Roles"))
    }
    for user in User.objects.filter(username__in=named.keys() - of_courts):
        (role,) = roles(user)
        stem = roles_of_glossary[role].removesuffix("istrator").removesuffix("r")
        assert stem in named[user.username], user.username


def test_courts_of_different_fortunes(year: QualityYear) -> None:
    make_demo(year=year)
    ranking = scores.ranking(year, DECEMBER)
    totals = sorted(row.total for row in ranking if row.rank)
    assert len(set(totals)) == 8
    assert totals[0] > 30
    assert totals[-1] < 90
    assert totals[-1] - totals[0] > 20
    assert all(row.is_demo for row in ranking)
    points = [
        score.cents
        for row in ranking
        for score in row.scorecard.items
        if score.target is not None and score.cents is not None
    ]
    assert 0.15 < points.count(0) / len(points) < 0.6
    # Nothing is missing but the ballots.
    assert {
        score.item.code for row in ranking for score in row.scorecard.items if score.cents is None
    } == {"L7"}


def test_targets_are_marked_and_leave_real_ones_alone(year: QualityYear) -> None:
    AppraisalTarget.objects.create(quality_year=year, item="L2.1", percent=5)
    make_demo(year=year)
    assert AppraisalTarget.objects.get().document == ""
    MonthlyReturn.objects.filter(year=2019).update(year=2020)
    AppraisalTarget.objects.all().delete()
    make_demo(year=year)
    targets = AppraisalTarget.objects.all()
    assert {target.document for target in targets} == {DEMO_DOCUMENT}
    assert {(target.item, target.level) for target in targets} == {
        (item, level)
        for item in ("L2.1", "L3.1", "L4.1", "L5.1")
        for level in ("grassroots", "intermediate")
    }


def test_accounts(year: QualityYear) -> None:
    make_demo(year=year)
    assert User.objects.count() == 9 * 2 + 2 + 2 + 7 + 1 + 2 + 1
    expected = {
        "yanbian-litigation": ("yanbian", {"litigation"}, False),
        "antu-enforcement": ("antu", {"enforcement"}, False),
        "office": ("yanbian", {"office"}, True),
        "office2": ("yanbian", {"office"}, True),
        "centre": ("yanbian", {"centre"}, True),
        "centre2": ("yanbian", {"centre"}, True),
        "leader7": ("yanbian", {"leader"}, False),
        "party": ("yanbian", {"party"}, False),
        "scrutineer2": ("yanbian", {"scrutineer"}, False),
        "admin": ("yanbian", {"admin"}, True),
    }
    for username, (court, role, staff) in expected.items():
        user = User.objects.get(username=username)
        assert user.court is not None
        assert (user.court.code, set(roles(user)), user.is_staff) == (court, role, staff)
        assert user.check_password(PASSWORD)
        assert user.name
    assert not User.objects.filter(is_superuser=True).exists()
    assert PASSWORD == "quality-year"


def test_a_second_run_changes_nothing(year: QualityYear) -> None:
    make_demo(year=year)
    User.objects.filter(username="office").update(name="改过的名称")
    before = rows()
    result = make_demo(year=year)
    assert rows() == before
    assert (result.returns, result.has_real) == (0, False)
    assert not any(account.is_new for account in result.accounts)
    assert User.objects.get(username="office").name == "改过的名称"


def test_no_made_figures_beside_real_ones(year: QualityYear) -> None:
    import_figures(year=year, files=[csv_file([("antu", "2019-03", "appeal_revised", 1)])])
    result = make_demo(year=year)
    assert (result.returns, result.has_real) == (0, True)
    assert MonthlyReturn.objects.filter(year=2019).count() == 1
    assert not AppraisalTarget.objects.exists()
    assert User.objects.filter(username="office").exists()


def test_a_second_prefecture_has_offices_of_its_own(year: QualityYear) -> None:
    make_demo(year=year)
    root = Court.objects.create(
        code="jilin", order=1, short_name="吉林中院", name="吉林中院", level="intermediate"
    )
    other = QualityYear.objects.create(
        code="jilin-2019", court=root, year=2019, edition=year.edition
    )
    result = make_demo(year=other)
    names = {account.username for account in result.accounts if account.is_new}
    assert {"jilin-office", "jilin-admin", "jilin-litigation"} <= names
    assert make_demo(year=other).returns == 0


# --- The command -----------------------------------------------------------------------------


@pytest.mark.usefixtures("plain_files")
def test_command(year: QualityYear, settings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.DEBUG = True
    call_command("demo")
    captured = capsys.readouterr()
    assert "已加入演示报表216张" in captured.out
    assert "演示关账和通报：2个月、3期，其中一个月已更正" in captured.out
    assert "yanji-litigation" in captured.out
    assert "密码均为 quality-year" in captured.out
    cards = captured.out[captured.out.index("演示密钥卡 监票人1") :]
    call_command("demo", year="yanbian-2019", address="http://127.0.0.1:8000/")
    again, _break, last = capsys.readouterr().out.rstrip("\n").rpartition("\n")
    assert "演示数据已在，未作改动" in again
    assert "演示关账和通报" not in again
    assert f"{again}\n".endswith(cards)
    # Where make run ends: the address, and who to sign in as.
    assert last.startswith("打开 http://127.0.0.1:8000/ ，用以上任一账号登录，例如 ")
    assert last.endswith("，密码 quality-year")
    two_months_are_published_and_one_restated(year)
    registers_differ_in_three_places(year)
    what_is_made_says_so_and_links_open()
    # The first real figure takes all of it back.
    import_figures(year=year, files=[csv_file([("antu", "2019-03", "appeal_revised", 1)])])
    assert set(Bulletin.objects.values_list("state", flat=True)) == {"withdrawn"}
    assert not Closing.objects.filter(reopened_at__isnull=True).exists()
    assert not Snapshot.objects.filter(voided_at__isnull=True).exists()
    call_command("demo")
    assert "已有真实数据，没有加入演示数据" in capsys.readouterr().err
    assert Bulletin.objects.count() == 3


def what_is_made_says_so_and_links_open() -> None:
    """Pages about made-up figures carry the mark, and what they lead to is there for who asks."""
    action = Action.objects.order_by("pk")[0]
    restated, issue = Restatement.objects.get(), Bulletin.objects.order_by("pk")[0]
    filling = "returns/yanji/2019-12/litigation/from-register/appeal_revised/"
    client = Client()
    for name, paths in {
        "leader1": ("/",),
        "party": ("/yanbian-2019/cases/", f"/yanbian-2019/restatements/{restated.pk}/"),
        "office": ("/yanbian-2019/cases/", f"/yanbian-2019/actions/{action.pk}/"),
        "yanji-litigation": (
            f"/yanbian-2019/{filling}",
            f"/yanbian-2019/bulletins/{issue.pk}/objections/",
        ),
    }.items():
        client.force_login(User.objects.get(username=name))
        for path in paths:
            text = client.get(path).content.decode()
            assert "演示数据" in text, (name, path)
            for link in set(re.findall(r'href="(/[^"#]*)', text.partition("<main")[2])):
                answer = client.get(link.replace("&amp;", "&"), follow=True)
                assert answer.status_code == 200, (name, path, link)


def registers_differ_in_three_places(year: QualityYear) -> None:
    """Every month reconciles with its registers, but for three differences at the year's end."""
    courts = list(Court.objects.of_year(year))
    found = compared(year, range(1, 13), [court.pk for court in courts])
    codes = {court.pk: court.code for court in courts}
    assert [
        (codes[one.court], one.month, one.register, one.metric, one.lines - (one.figure or 0))
        for one in found
        if one.figure != one.lines
    ] == [
        ("yanji", 12, "overturned", "appeal_revised", -1),
        ("tumen", 12, "petitions", "enforcement_petitions_received", 1),
        ("dunhua", 12, "supervised", "supervised_matters_in_time", -1),
    ]
    # All nine courts and fifteen figures were compared, and hold lines.
    assert len(found) == 12 * 9 * 15
    assert sum(one.lines for one in found if one.month == 12) > 1000
    # The table of December as it is printed: three rows stand out, each with its difference.
    client = Client(headers={"accept-language": "zh-CN"})
    client.force_login(User.objects.get(username="leader1"))
    page = client.get("/yanbian-2019/registers/reconciliation/2019-12/").content.decode()
    assert "有 3 处不一致" in page
    rows = re.findall(r"<tr[^>]*>.*?</tr>", page, re.DOTALL)
    assert len(rows) == 1 + 9 * 15
    differing = [row for row in rows if 'class="differs"' in row]
    stated = [
        [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(CELL, row)]
        for row in differing
    ]
    assert [(row[0], row[1], row[5]) for row in stated] == [
        ("延吉法院", "二审被改判", "−1"),
        ("图们法院", "涉执信访件数", "+1"),
        ("敦化法院", "督办事项期限内办结数", "−1"),
    ]
    for row in stated:
        assert int(row[4]) - int(row[3]) == int(row[5].replace("−", "-"))


def two_months_are_published_and_one_restated(year: QualityYear) -> None:
    """What the command leaves: September and October told, October again; November waits."""
    held = closings_of(fresh(year))
    assert [str(held.standing(month, "enforcement")) for month in range(8, 13)] == [
        "open",
        "published",
        "restated",
        "open",
        "open",
    ]
    assert set(Snapshot.objects.values_list("is_demo", flat=True)) == {True}
    issues = Bulletin.objects.order_by("pk")
    assert [(one.month, one.number, one.restates_id, one.state) for one in issues] == [
        (9, 1, None, "published"),
        (10, 2, None, "published"),
        (10, 3, issues[1].pk, "published"),
    ]
    for issue in issues:
        signers = {str(one.by) for one in issue.signatures.all()}
        assert signers == {str(User.objects.get(username=one)) for one in ("office2", "centre2")}
    assert [BulletinReceipt.objects.filter(bulletin=one).count() for one in issues] == [7, 6, 5]
    # One more case was counted of Yanji's: who said so, who approved it, and what it costs.
    restated = Restatement.objects.get()
    assert restated.proposed_by is not None
    assert restated.decided_by is not None
    assert (restated.proposed_by.username, restated.decided_by.username) == ("office", "office2")
    (line,) = restated.months.get().lines
    assert (line["part"], line["path"]) == ("court/yanji", ["facts", "current", "appeal_revised"])
    assert line["new"] == line["old"] + 1
    stored = Figure.objects.get(
        monthly_return__court__code="yanji",
        monthly_return__month=10,
        monthly_return__year=2019,
        metric="appeal_revised",
    )
    assert (stored.value, stored.monthly_return.is_demo) == (line["new"], True)
    assert verify(issues[2].snapshot.text.encode(), issues[2].snapshot.sha256).is_equal
    for name in ("office", "office2", "centre"):
        waiting = next_to_close(User.objects.get(username=name), fresh(year), timezone.now())
        assert waiting is not None
        assert (waiting.month, waiting.gaps) == (Month(2019, 11), 3)
    # Pages that show October's numbers say that they were corrected, and lead to the issue.
    client = Client()
    client.force_login(User.objects.get(username="yanji-litigation"))
    for path in ("2019-10/", "2019-10/yanji/", "2019-10/yanji/court/", "2019-10/yanji/print/"):
        text = client.get(f"/yanbian-2019/{path}").content.decode()
        assert "2019年10月诉讼已更正" in text, path
        assert f'href="/yanbian-2019/bulletins/{issues[2].pk}/"' in text, path
        assert "/restatements/" not in text
    assert "已更正" not in client.get("/yanbian-2019/2019-09/yanji/").content.decode()
    client.force_login(User.objects.get(username="office"))
    for path in ("bulletins/", "restatements/", f"restatements/{restated.pk}/", "2019-10/close/"):
        assert "演示数据" in client.get(f"/yanbian-2019/{path}").content.decode(), path
    # A side that was closed first and is told of with the other waits for no issue of its own.
    assert "还没有通报" not in client.get("/yanbian-2019/bulletins/").content.decode()
    text = client.get(f"/yanbian-2019/restatements/{restated.pk}/").content.decode()
    effect = restated.months.get().effect[0]["items"]["L2.2"]
    assert "L2.2 {}→{}".format(*effect) in text


def test_a_visitor_can_finish_the_vote_of_the_demonstration(year: QualityYear) -> None:
    """One more vote, three who have checked, two printed cards: the sums are open."""
    make_demo(year=year)
    cards = make_demo_ballot(year=year)
    row = BallotRound.objects.get()
    assert (row.state, row.is_demo, row.voters.count()) == ("open", True, 3)
    assert SealedBallot.objects.count() == 2
    people = {user.username: user for user in User.objects.select_related("court__parent")}
    body = sealed_for(people["leader1"], row, [24] * 9)
    cast(user=people["leader1"], ballot_round=row, body=body)
    close(user=people["office"], ballot_round=row)
    for number in (1, 2, 3):
        confirm(user=people[f"leader{number}"], ballot_round=row)
    for card in cards:
        secret = int(card.digits.replace(" ", ""), 16)
        open_with(people[card.username], row, secret)
    row.refresh_from_db()
    assert row.state == "tallied"
    assert gather(year, [Month(2019, 12)]).demo[Month(2019, 12)] == {
        court.code for court in courts_of(year)
    }


def test_no_vote_where_the_accounts_are_missing(year: QualityYear) -> None:
    assert make_demo_ballot(year=year) == []
    assert not BallotRound.objects.exists()


def test_command_refuses_without_debug(year: QualityYear, settings) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="只供开发使用"):
        call_command("demo")
    assert not User.objects.exists()
