"""Tests of extracts of the case systems: taking them in, and where they count."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from courts.extracts.selectors.differences import DifferenceStanding, differences_of
from courts.extracts.services.extracts import import_extract
from courts.figures.selectors.facts import facts_of_months
from courts.models import (
    Difference,
    Event,
    Extract,
    ExtractFigure,
    Figure,
    MonthlyReturn,
    QualityYear,
    User,
)
from courts.permissions import Basis
from courts.returns.selectors.effects import effect
from courts.reviews.services.reviews import reopen
from courts.scores.selectors.scores import scorecard
from courts.wording.explanations import sentence
from courts.years.selectors.slots import Slot
from courts.years.selectors.years import rulebook_of
from scoring.facts import Month, Replaced
from tests.courts.conftest import csv_file
from tests.courts.extract_fixtures import METRIC, SYSTEM, extract, seen, the_line
from tests.courts.motion_fixtures import settle
from tests.courts.returns_fixtures import (
    CLEAN_LITIGATION,
    MAY,
    bring_to,
    fill,
    hand_in,
    shanghai,
    slot_of,
    version_of,
)
from tests.pages import elsewhere

pytestmark = [pytest.mark.django_db, pytest.mark.database]

OWN = CLEAN_LITIGATION[METRIC]  # 452


@pytest.fixture(name="elsewhere")
def fixture_elsewhere(year: QualityYear) -> QualityYear:
    return elsewhere(year)


@pytest.fixture
def slot(year: QualityYear) -> Slot:
    return slot_of(year)


def current(
    year: QualityYear, basis: str, month: Month = MAY, court: str = "yanji"
) -> dict[str, int]:
    (facts,) = (f for f in facts_of_months(year, [month], basis)[month] if f.court == court)
    return dict(facts.current)


def replaced(year: QualityYear, basis: str = Basis.VERIFIED) -> dict[str, Replaced]:
    (facts,) = (f for f in facts_of_months(year, [MAY], basis)[MAY] if f.court == "yanji")
    return dict(facts.replaced.get("2019-05", {}))


class TestTakingIn:
    def test_what_is_kept(self, year: QualityYear, people: dict[str, User]) -> None:
        result = extract(
            year,
            ("yanji", "2019-05", METRIC, 460),
            ("延吉法院", "2019-05", "二审被改判", 0),
            ("tumen", "2019-04", METRIC, ""),
            actor=people["office"],
        )
        assert (result.changed, result.differing) == (2, 0)
        stored = Extract.objects.get()
        assert (stored.side, stored.source, stored.file_name) == ("litigation", SYSTEM, "e.csv")
        assert stored.uploaded_by == people["office"]
        assert len(stored.sha256) == 64
        values = set(stored.figures.values_list("court__code", "month", "metric", "value", "side"))
        assert values == {
            ("yanji", 5, METRIC, 460, "litigation"),
            ("yanji", 5, "appeal_revised", 0, "litigation"),
            ("tumen", 4, METRIC, None, "litigation"),
        }
        event = Event.objects.get(action="import_extract")
        assert event.actor == people["office"]
        assert event.data["files"] == [{"name": "e.csv", "sha256": stored.sha256}]
        assert not Figure.objects.filter(monthly_return__year=2019).exists()

    def test_a_later_file_supersedes_cell_by_cell(self, year: QualityYear) -> None:
        extract(year, ("yanji", "2019-05", METRIC, 460), ("yanji", "2019-05", "appeal_revised", 3))
        result = extract(year, ("yanji", "2019-05", METRIC, 461), name="later.csv")
        assert [(line.before, line.value) for line in result.lines] == [(460, 461)]
        now = ExtractFigure.objects.current().values_list("metric", "value", "extract__file_name")
        assert set(now) == {(METRIC, 461, "later.csv"), ("appeal_revised", 3, "e.csv")}
        assert ExtractFigure.objects.count() == 3

    def test_several_files_are_one_act(self, year: QualityYear) -> None:
        files = [
            csv_file([("yanji", "2019-05", METRIC, 460)], "a.csv"),
            csv_file([("yanji", "2019-05", "enforcement_closed", 20)], "b.csv"),
        ]
        result = import_extract(year=year, files=files, source=SYSTEM)
        assert result.applied
        assert dict(Extract.objects.values_list("file_name", "side")) == {
            "a.csv": "litigation",
            "b.csv": "enforcement",
        }

    def test_one_error_keeps_all_out(self, year: QualityYear) -> None:
        file = csv_file(
            [
                ("yanji", "2019-05", METRIC, 460),
                ("beijing", "2019-05", METRIC, 1),
                ("yanji", "2018-05", METRIC, 1),
                ("yanji", "2019-05", "appeal_revised", "三"),
                ("yanji", "2019-05", METRIC, 461),
            ]
        )
        result = import_extract(year=year, files=[file], source=SYSTEM)
        assert not result.applied
        assert result.lines == ()
        found = [(p.file, p.row, p.column, p.found) for p in result.errors]
        assert found == [
            ("figures.csv", 3, "court", "beijing"),
            ("figures.csv", 4, "month", "2018-05"),
            ("figures.csv", 5, "value", "三"),
            ("figures.csv", 6, "metric", METRIC),
        ]
        assert all(problem.expected for problem in result.errors)
        assert not Extract.objects.exists()

    def test_an_extract_that_contradicts_itself_is_refused(self, year: QualityYear) -> None:
        extract(year, ("yanji", "2019-05", METRIC, 460))
        for rows in (
            # Fewer than in May; and more appeals than judgments.
            [("yanji", "2019-06", METRIC, 459)],
            [("yanji", "2019-05", "first_instance_closed", 459)],
        ):
            result = import_extract(year=year, files=[csv_file(rows)], source=SYSTEM)
            assert [problem.row for problem in result.errors] == [2]

    def test_looking_first_writes_nothing(
        self, year: QualityYear, slot: Slot, people: dict[str, User]
    ) -> None:
        bring_to("submitted", slot, people)
        rows = [
            ("yanji", "2019-05", METRIC, 460),
            ("yanji", "2019-05", "appeal_revised", CLEAN_LITIGATION["appeal_revised"]),
            ("tumen", "2019-05", METRIC, 7),
        ]
        result = import_extract(
            year=year, files=[csv_file(rows)], source=SYSTEM, actor=people["office"], apply=False
        )
        assert not result.applied
        told = [(line.value, line.reported, line.handed_in, line.differs) for line in result.lines]
        assert told == [
            (460, OWN, True, True),
            (69, 69, True, False),
            (7, None, False, False),
        ]
        assert not Extract.objects.exists()
        assert not Event.objects.filter(action="import_extract").exists()

    def test_each_office_its_own_side(self, year: QualityYear, people: dict[str, User]) -> None:
        file = csv_file([("yanji", "2019-05", METRIC, 460)])
        result = import_extract(year=year, files=[file], source=SYSTEM, actor=people["centre"])
        (problem,) = result.errors
        assert "审判管理办公室" in problem.expected
        for name in (
            "desk", "leader", "party", "admin", "admin in an office", "superuser in an office",
            "far office", "idle", "nobody",
        ):  # fmt: skip
            with pytest.raises(PermissionDenied):
                import_extract(year=year, files=[file], source=SYSTEM, actor=people[name])

    def test_the_database_keeps_one_current_value_a_cell(self, year: QualityYear) -> None:
        extract(year, ("yanji", "2019-05", METRIC, 460))
        figure = ExtractFigure.objects.get()
        other = Extract.objects.create(
            quality_year=year,
            side="litigation",
            source=SYSTEM,
            file_name="b.csv",
            sha256="0" * 64,
            uploaded_at=figure.extract.uploaded_at,
        )
        figure.pk, figure.extract = None, other
        with pytest.raises(IntegrityError), transaction.atomic():
            figure.save()

    def test_queries_do_not_grow_with_rows(
        self, year: QualityYear, django_assert_max_num_queries
    ) -> None:
        rows = [("yanji", f"2019-{month:02d}", METRIC, month) for month in range(1, 13)]
        with django_assert_max_num_queries(23):
            extract(year, *rows)
        with django_assert_max_num_queries(23):
            extract(year, *rows)


class TestCommand:
    def test_it_takes_in_and_counts(
        self, year: QualityYear, slot: Slot, people: dict[str, User], tmp_path: Path
    ) -> None:
        bring_to("submitted", slot, people)
        file = tmp_path / "extract.csv"
        file.write_bytes(csv_file([("yanji", "2019-05", METRIC, 460)]).content)
        out = StringIO()
        call_command(
            "import_extract", str(file), "--year", year.code, "--source", SYSTEM, stdout=out
        )
        assert out.getvalue() == "提取数据 1 项，变动 1 项，与报表不同 1 项。\n"
        assert Extract.objects.get().uploaded_by is None

    def test_it_refuses_whole(self, year: QualityYear, tmp_path: Path) -> None:
        file = tmp_path / "extract.csv"
        file.write_bytes(csv_file([("yanji", "2019-05", METRIC, -1)]).content)
        errors = StringIO()
        with pytest.raises(CommandError, match="没有写入任何数据"):
            call_command(
                "import_extract", str(file), "--year", year.code, "--source", SYSTEM, stderr=errors
            )
        assert "extract.csv 第2行 value 列" in errors.getvalue()
        with pytest.raises(CommandError, match="来源系统"):
            call_command("import_extract", str(file), "--source", " ", "--year", year.code)


class TestWhatCounts:
    def test_without_a_return_an_extract_counts_for_nothing(
        self, year: QualityYear, slot: Slot, people: dict[str, User]
    ) -> None:
        extract(year, ("yanji", "2019-05", METRIC, 460))
        for basis in Basis.values:
            assert current(year, basis) == {}
        bring_to("entering", slot, people)
        for basis in Basis.values:
            assert current(year, basis) == {}
        assert differences_of(people["office"], slot) == {}

    def test_it_prevails_on_each_basis_once_a_return_counts_there(
        self, year: QualityYear, slot: Slot, people: dict[str, User]
    ) -> None:
        extract(
            year,
            ("yanji", "2019-05", METRIC, 460),
            ("yanji", "2019-05", "appeal_revised", 69),
            ("yanji", "2019-05", "enforcement_closed", 20),
        )
        bring_to("submitted", slot, people)
        assert current(year, Basis.REPORTED) == CLEAN_LITIGATION | {METRIC: 460}
        assert current(year, Basis.VERIFIED) == {}
        assert replaced(year, Basis.REPORTED) == {METRIC: Replaced(OWN)}
        assert set(differences_of(people["office"], slot)) == {METRIC}
        MonthlyReturn.objects.filter(**slot.fields).update(
            state="verified", verified_by=people["office2"], verified_at=shanghai("2019-06-10")
        )
        for basis in Basis.values:
            assert current(year, basis) == CLEAN_LITIGATION | {METRIC: 460}

    def test_missing_is_not_zero(
        self, year: QualityYear, slot: Slot, people: dict[str, User]
    ) -> None:
        extract(
            year,
            ("yanji", "2019-05", METRIC, 0),
            ("yanji", "2019-05", "retrial_designated", 0),
            ("yanji", "2019-05", "retrial_decided", ""),
        )
        fill(people["desk"], slot, CLEAN_LITIGATION | {METRIC: None})
        hand_in(people["desk"], slot)
        line = the_line(people["office"], slot)
        assert (line.extract_value, line.court_value, line.by_how_much) == (0, None, None)
        assert set(differences_of(people["office"], slot)) == {METRIC}
        assert current(year, Basis.REPORTED)[METRIC] == 0
        assert replaced(year, Basis.REPORTED) == {METRIC: Replaced(None)}

    def test_a_withdrawn_value_leaves_the_court_its_own(
        self, year: QualityYear, slot: Slot, people: dict[str, User]
    ) -> None:
        bring_to("verified", slot, people)
        extract(year, ("yanji", "2019-05", METRIC, 460))
        assert current(year, Basis.VERIFIED)[METRIC] == 460
        extract(year, ("yanji", "2019-05", METRIC, ""))
        assert current(year, Basis.VERIFIED)[METRIC] == OWN
        assert differences_of(people["office"], slot) == {}

    def test_settling_for_the_court_holds_for_these_two_values(
        self, year: QualityYear, slot: Slot, people: dict[str, User]
    ) -> None:
        bring_to("verified", slot, people)
        extract(year, ("yanji", "2019-05", METRIC, 460))
        line = the_line(people["office"], slot)
        settle(user=people["office"], slot=slot, seen=seen(line), stands="return", note="已核对")
        assert current(year, Basis.VERIFIED)[METRIC] == OWN
        assert replaced(year) == {}
        # The same file once more changes nothing; another value opens the difference again.
        extract(year, ("yanji", "2019-05", METRIC, 460))
        assert the_line(people["office"], slot).standing is DifferenceStanding.RETURN
        extract(year, ("yanji", "2019-05", METRIC, 461))
        assert the_line(people["office"], slot).standing is DifferenceStanding.OPEN
        assert current(year, Basis.VERIFIED)[METRIC] == 461
        # Back to the values that were decided on: the decision holds again.
        extract(year, ("yanji", "2019-05", METRIC, 460))
        assert the_line(people["office"], slot).standing is DifferenceStanding.RETURN

    def test_settling_for_the_extract_lasts_until_the_court_corrects(
        self, year: QualityYear, slot: Slot, people: dict[str, User]
    ) -> None:
        bring_to("returned", slot, people)
        hand_in(people["desk"], slot)
        extract(year, ("yanji", "2019-05", METRIC, 460))
        line = the_line(people["office"], slot)
        settle(user=people["office"], slot=slot, seen=seen(line), stands="extract")
        assert replaced(year, Basis.REPORTED) == {METRIC: Replaced(OWN, settled=True)}
        MonthlyReturn.objects.filter(**slot.fields).update(state="returned")
        fill(people["desk"], slot, {METRIC: 460})
        hand_in(people["desk"], slot)
        assert differences_of(people["office"], slot) == {}
        assert current(year, Basis.REPORTED)[METRIC] == 460
        assert replaced(year, Basis.REPORTED) == {}

    def test_each_basis_compares_with_its_own_figures(
        self, year: QualityYear, slot: Slot, people: dict[str, User]
    ) -> None:
        """Reopened and handed in again: 452 was verified, 455 is reported, the extract says 460."""
        bring_to("verified", slot, people)
        reopen(user=people["office"], slot=slot, reason="更正", expires_at=shanghai("2099-01-01"))
        fill(people["desk"], slot, {METRIC: 455})
        hand_in(people["desk"], slot)
        extract(year, ("yanji", "2019-05", METRIC, 460))
        assert replaced(year, Basis.REPORTED) == {METRIC: Replaced(455)}
        assert replaced(year, Basis.VERIFIED) == {METRIC: Replaced(OWN)}
        line = the_line(people["office"], slot)
        assert line.court_value == 455
        settle(user=people["office"], slot=slot, seen=seen(line), stands="return", note="已核对")
        # What was decided about 455 says nothing about the 452 verified before.
        assert current(year, Basis.REPORTED)[METRIC] == 455
        assert current(year, Basis.VERIFIED)[METRIC] == 460

    def test_the_scorecard_says_so_at_the_figure(
        self, year: QualityYear, slot: Slot, people: dict[str, User]
    ) -> None:
        bring_to("verified", slot, people)
        extract(year, ("yanji", "2019-05", "appeal_revised", 70))
        score = scorecard(year, MAY, "yanji").item("L1")
        kinds = [step.kind for step in score.steps]
        assert kinds[:2] == ["figures", "replaced"]
        assert score.steps[0].data["figures"][0] == {"metric": "appeal_revised", "value": 70}
        text = sentence(score.steps[1], rulebook_of(year), {})
        assert text == "二审被改判（2019-05）：提取数据 70，法院填报 69，差异未处理。"
        # Other items of the court keep their own figures and say nothing of it.
        other = scorecard(year, MAY, "yanji").item("L3.2")
        assert "replaced" not in {step.kind for step in other.steps}

    def test_points_are_those_of_the_extract(
        self, year: QualityYear, slot: Slot, people: dict[str, User]
    ) -> None:
        bring_to("verified", slot, people)
        # Overturned in 2018: 252, prorated to May 105; the court says 69+25+8+2+1 = 105: no drop.
        assert scorecard(year, MAY, "yanji").item("L1").points == 0
        extract(year, ("yanji", "2019-05", "appeal_revised", 48))
        # 84 of 105: a drop of 20 %, 80 points, capped at 40.
        assert scorecard(year, MAY, "yanji").item("L1").points == 40
        extract(year, ("yanji", "2019-05", "appeal_revised", 63))
        # 99 of 105: a drop of 6/105 = 5.7143 %, times 4.
        assert str(scorecard(year, MAY, "yanji").item("L1").points) == "22.86"

    def test_the_effect_shows_what_would_count(
        self, year: QualityYear, slot: Slot, people: dict[str, User]
    ) -> None:
        bring_to("verified", slot, people)
        extract(year, ("yanji", "2019-05", "appeal_revised", 63))
        tried = effect(slot, CLEAN_LITIGATION | {"appeal_revised": 48}, shows_places=True)
        (line,) = (item for item in tried.items if item.code == "L1")
        assert (line.before, line.after) == ("22.86", "22.86")
        right = effect(slot, CLEAN_LITIGATION | {"appeal_revised": 63}, shows_places=True)
        (line,) = (item for item in right.items if item.code == "L1")
        assert line.after == "22.86"


def test_a_difference_keeps_its_rules_in_the_database(
    year: QualityYear, slot: Slot, people: dict[str, User]
) -> None:
    bring_to("submitted", slot, people)
    extract(year, ("yanji", "2019-05", METRIC, 460))
    line = the_line(people["office"], slot)
    settle(user=people["office"], slot=slot, seen=seen(line), stands="return", note="已核对")
    for change in (
        {"state": "open"},
        {"court_value": 460},
        {"note": ""},
        {"settled_by": None},
        {"explanation": "无人"},
        {"month": 13},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Difference.objects.update(**change)
    assert version_of(slot)
