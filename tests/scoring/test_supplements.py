"""Supplements: what the bundled ones say, and every way in which one is refused."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

import scoring
from scoring import Rulebook, RulebookError, faults, supplements
from scoring.bulletins import Against, ProblemRule
from scoring.schema import Level, Side, Unit
from scoring.supervision import ProposalRule
from scoring.supplements import Better, Evidence, Kind, load_supplement, load_supplements

BUNDLED = scoring.BUNDLED / "yanbian-2019"
FOLDER = BUNDLED / supplements.FOLDER


def text_of(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")


def refused(name: str, text: str, rulebook: Rulebook) -> list[tuple[str, str, str]]:
    with pytest.raises(RulebookError) as error:
        load_supplement(name, text, rulebook)
    assert {fault.file for fault in error.value.faults} == {f"supplements/{name}"}
    return [(fault.key, fault.template, fault.message) for fault in error.value.faults]


def test_directions_are_those_of_the_notice(rulebook: Rulebook) -> None:
    """Higher: L3.1, C1–C4, Q1–Q6, Q8, Q10, Q11; lower: other rates and counts of L1–L6, Q7, Q9."""
    found = load_supplement("directions.toml", text_of("directions.toml"), rulebook)
    assert (found.kind, found.code, found.version) == (Kind.DIRECTIONS, "directions", 1)
    higher = "L3.1 C1 C2 C3 C4 Q1 Q2 Q3 Q4 Q5 Q6 Q8 Q10 Q11".split()
    lower = "L1 L2.1 L2.2 L3.2 L4.1 L4.2 L5.1 L5.2 L6.1 L6.2 Q7 Q9".split()
    items = {code: better for code, better in found.better.items() if code in rulebook.item_by_code}
    assert items == dict.fromkeys(higher, Better.HIGHER) | dict.fromkeys(lower, Better.LOWER)
    # The ballot and the mean of other courts' points are no indicators.
    scored = {item.code for level in Level for item in rulebook.items_of(level)}
    assert scored - items.keys() == {"L7", "GM"}
    figures = found.better.keys() - items.keys()
    assert figures == {
        "appeal_revised",
        "appeal_remanded",
        "retrial_revised",
        "retrial_remanded",
        "retrial_directed",
        "retrial_decided",
        "retrial_escalated",
        "retrial_designated",
        "appeals_filed",
        "retrial_petitions_received",
    }
    assert {found.better[code] for code in figures} == {Better.LOWER}
    assert (found.averages, found.year) == ((), None)


def test_averages_are_those_that_the_notice_gives_or_implies(rulebook: Rulebook) -> None:
    """Of the implied ones, target and distance are those of 附件1·三(二): 30 − 1, 26.52 − 5.82 …"""
    found = load_supplement("averages.toml", text_of("averages.toml"), rulebook)
    assert (found.kind, found.year, found.directions) == (Kind.AVERAGES, 2018, ())
    assert {code: one.value for code, one in found.average.items()} == {
        "Q1": Decimal("53.48"),
        "Q2": Decimal(30) - 1,
        "Q3": Decimal("26.52") - Decimal("5.82"),
        "Q4": Decimal("21.32"),
        "Q5": Decimal("72.45") - 2,
        "Q6": Decimal("30.57") - 2,
        "Q7": Decimal("153.25") + 2,
        "Q8": Decimal("84.33"),
        "Q9": Decimal("40.86") + 2,
        "Q10": Decimal("51.7") - 2,
    }
    assert {code for code, one in found.average.items() if one.evidence is Evidence.GIVEN} == {
        "Q1",
        "Q4",
    }
    assert [code for code, one in found.average.items() if one.evidence is Evidence.INFERRED] == [
        "Q8"
    ]
    places = {code: one.place.zh for code, one in found.average.items()}
    assert places == dict.fromkeys(places, "延边州") | {"Q1": "全国"}
    days = [code for code, one in found.average.items() if one.unit is Unit.DAYS]
    assert days == ["Q7"]


def test_every_word_of_them_stands_in_three_languages(rulebook: Rulebook) -> None:
    for one in load_supplements(BUNDLED, rulebook):
        texts = [one.title, one.about, *(average.place for average in one.averages)]
        texts += [average.note for average in one.averages if average.note.zh]
        assert all(text.zh and text.ko and text.en for text in texts)


def test_they_are_no_part_of_the_edition(rulebook: Rulebook, tmp_path: Path) -> None:
    """Another text of a supplement is another supplement of the same edition."""
    copy = Path(shutil.copytree(BUNDLED, tmp_path / "yanbian-2019"))
    before = load_supplements(copy, rulebook)
    path = copy / supplements.FOLDER / "averages.toml"
    path.write_text(path.read_text("utf-8").replace("version = 1", "version = 2"), "utf-8")
    after = load_supplements(copy, scoring.load_rulebook(copy))
    assert scoring.load_rulebook(copy).sha256 == rulebook.sha256
    assert [one.sha256 for one in after][1:] == [one.sha256 for one in before][1:]
    assert after[0].sha256 != before[0].sha256
    assert [one.version for one in after] == [2] + [1] * (len(before) - 1)
    shutil.rmtree(copy / supplements.FOLDER)
    assert load_supplements(copy, rulebook) == ()


D, A, B, S = "directions.toml", "averages.toml", "bulletin.toml", "supervision.toml"


def test_words_of_bulletins_are_those_of_the_notice(rulebook: Rulebook) -> None:
    """四·1 asks for bulletins; goals are those of 二, measures those of 三 and 四."""
    found = load_supplement(B, text_of(B), rulebook)
    said = found.bulletin
    assert (found.kind, found.directions, found.averages) == (Kind.BULLETIN, (), ())
    assert [one.items for one in said.headlines] == [("C1", "C2", "C3", "C4")]
    assert [(one.side, one.label.zh, one.against) for one in said.goals] == [
        (Side.LITIGATION, "正升逆降", Against.BASELINE),
        (Side.ENFORCEMENT, "稳步优化", Against.AVERAGES),
    ]
    assert [(one.rule, one.at_least) for one in said.problems] == [
        (ProblemRule.CAP_PASSED, 1),
        (ProblemRule.TARGET_MISSED, 2),
        (ProblemRule.OVERDUE, 1),
        (ProblemRule.UNLIKELY, 1),
        (ProblemRule.RANK_FALLEN, 2),
    ]
    # Something is to be done about every problem.
    codes = {one.code for one in said.problems}
    assert {code for one in said.measures for code in one.problems} == codes
    # The columns of annex 3, without the designated retrials, which it does not have.
    assert said.tables[0].metrics == (
        "retrial_directed",
        "retrial_decided",
        "retrial_escalated",
        "appeals_filed",
        "retrial_petitions_received",
        "retrial_petitions_closed",
    )
    assert said.heading.zh % {"months": "2019年1—12月"} == (
        "关于2019年1—12月全州法院\n“审判执行质量年”活动考核情况的通报"
    )
    # Items that earn by a fall are labelled by it: each has a name for what falls.
    falling = {item.code for item in rulebook.items if item.formula.compares_years}
    assert said.names.keys() == falling
    texts = [said.heading, said.purpose, said.area, said.addressee, *said.names.values()]
    texts += [one.label for one in said.headlines] + [one.label for one in said.goals]
    texts += [one.label for one in said.problems] + [one.label for one in said.tables]
    texts += [text for one in said.measures for text in (one.text, one.unit)]
    assert all(text.zh and text.ko and text.en for text in texts)


def test_a_bulletin_needs_its_words_and_nothing_else(rulebook: Rulebook) -> None:
    text = text_of(B)
    short = text[: text.index("[[headlines]]")]
    found = load_supplement(B, short, rulebook).bulletin
    assert (found.headlines, found.goals, found.problems) == ((), (), ())
    assert (found.measures, found.tables) == ((), ())
    assert found.area.zh == "全州法院"
    # What was taken up stays readable, whatever sides a later edition has.
    kept = load_supplement(B, text.replace('side = "enforcement"', 'side = "appeals"')).bulletin
    assert "appeals" in {goal.side for goal in kept.goals}


def test_supervision_is_that_of_the_notice(rulebook: Rulebook) -> None:
    """四·2 asks for visits to slow courts; the tasks of the year are 三·1–15, one each."""
    found = load_supplement(S, text_of(S), rulebook)
    said = found.supervision
    assert (found.kind, found.bulletin.problems, found.averages) == (Kind.SUPERVISION, (), ())
    assert [(one.code, one.rule, one.at_least) for one in said.proposals] == [
        ("cap", ProposalRule.CAP_IN_DANGER, 50),
        ("target", ProposalRule.TARGET_MISSED, 2),
        ("rank", ProposalRule.RANK_FALLEN, 2),
        ("overdue", ProposalRule.OVERDUE, 3),
        ("unlikely", ProposalRule.UNLIKELY, 1),
        ("register", ProposalRule.REGISTER_DIFFERS, 1),
    ]
    assert {one.rule for one in said.proposals} == set(ProposalRule)
    assert [one.paragraph for one in said.measures] == [f"三·{number}" for number in range(1, 16)]
    shown = {one.code: one for one in said.measures}
    assert [(one.register, one.metrics) for one in shown["m10"].evidence] == [
        ("", ("supervised_matters_due",)),
        ("spot_checks", ()),
    ]
    facts, staff = said.cause("facts"), said.cause("staff")
    assert facts is not None
    assert facts.sides == {Side.LITIGATION}
    assert staff is not None
    assert staff.sides == set(Side)
    assert (said.measure("m1"), said.proposal("cap")) == (said.measures[0], said.proposals[0])
    assert (said.measure("m16"), said.cause("luck"), said.proposal("luck")) == (None, None, None)
    texts = [text for one in said.proposals for text in (one.label, one.advice)]
    texts += [one.label for one in said.causes]
    texts += [text for one in said.measures for text in (one.label, one.question)]
    texts += [one.label for measure in said.measures for one in measure.evidence]
    assert all(text.zh and text.ko and text.en for text in texts)


def test_supervision_needs_its_alarms_and_nothing_else(rulebook: Rulebook) -> None:
    text = text_of(S)
    found = load_supplement(S, text[: text.index("[[causes]]")], rulebook).supervision
    assert (len(found.proposals), found.causes, found.measures) == (6, (), ())
    # What was taken up stays readable without the rulebook.
    assert load_supplement(S, text).supervision == load_supplement(S, text, rulebook).supervision


@pytest.mark.parametrize(
    ("name", "old", "new", "key", "template", "says"),
    [
        (D, 'code = "directions"', 'code = "Ways"', "code", faults.BAD_CODE, "Ways"),
        (
            D,
            'code = "directions"',
            'code = "ways"',
            "code",
            faults.SUPPLEMENT_NAME,
            "ways.toml",
        ),
        (D, "version = 1", "version = 0", "version", faults.OUT_OF_RANGE, "9999"),
        (D, "version = 1", "", "version", faults.MISSING_KEY, ""),
        (
            D,
            'items = ["L3.1"]',
            "",
            "directions[1].items",
            faults.SUPPLEMENT_OF_NOTHING,
            "",
        ),
        (D, '["L3.1"]', '["L3.9"]', "directions[1].items", faults.UNKNOWN_ITEM, "L3.9"),
        (
            D,
            '"appeals_filed",',
            '"appeals_field",',
            "directions[2].metrics",
            faults.UNKNOWN_METRIC,
            "appeals_field",
        ),
        (D, '["L3.1"]', '["L3.1", "Q7"]', "directions[4].items", faults.REPEATED, "Q7"),
        (D, '"higher"', '"up"', "directions[1].better", faults.UNKNOWN_VALUE, "higher、lower"),
        (D, 'items = ["Q7"', 'item = "Q7"\nitems = ["Q7"', "directions[4].item",
         faults.UNKNOWN_KEY, "items"),
        (D, "paragraph =", "paragraf =", "directions[1].paragraph", faults.MISSING_KEY, ""),
        (A, "year = 2018", "year = 2019", "year", faults.OUT_OF_RANGE, "2018"),
        (A, "value = 29", "value = 290", "averages[2].value", faults.OUT_OF_RANGE, "290"),
        (A, "value = 29", 'value = "29"', "averages[29].value", faults.WRONG_TYPE, "数值"),
        (A, 'item = "Q2"', 'item = "Q1"', "averages[2].item", faults.REPEATED, "Q1"),
        (A, 'item = "Q2"', 'item = "Q20"', "averages[2].item", faults.UNKNOWN_ITEM, "Q20"),
        (A, 'item = "Q2"\n', "", "averages[2].item", faults.MISSING_KEY, ""),
        (A, 'unit = "days"', 'unit = "%"', "averages[7].unit", faults.SUPPLEMENT_UNIT, "days"),
        (A, '"implied"', '"told"', "averages[2].evidence", faults.UNKNOWN_VALUE, "inferred"),
        (B, "%(months)s全州", "%(year)s全州", "heading", faults.BAD_PLACES, "%(year)s"),
        (B, "%(months)s考核", "%s考核", "purpose", faults.BAD_PLACES, "%(months)s"),
        (B, 'item = "L2.2"', 'item = "L1"', "names[2].item", faults.REPEATED, "L1"),
        (B, 'item = "L2.2"', 'item = "L2.9"', "names[2].item", faults.UNKNOWN_ITEM, "L2.9"),
        (B, 'item = "L2.2"\n', "", "names[2].item", faults.MISSING_KEY, ""),
        (B, '"C4"]', '"C9"]', "headlines[1].items", faults.UNKNOWN_ITEM, "C9"),
        (B, 'side = "litigation"', 'side = "both"', "goals[1].side", faults.UNKNOWN_VALUE,
         "enforcement"),
        (B, 'against = "averages"', "", "goals[2].against", faults.MISSING_KEY, ""),
        (B, '"rank_fallen"', '"rank_lost"', "problems[rank].rule", faults.UNKNOWN_VALUE,
         "overdue"),
        (B, "at_least = 2", "at_least = 13", "problems[target].at_least",
         faults.OUT_OF_RANGE, "12"),
        (B, 'code = "target"', 'code = "cap"', "problems", faults.REPEATED, "cap"),
        (B, 'problems = ["cap"]', 'problems = ["caps"]', "measures[1].problems",
         faults.UNKNOWN_VALUE, "outlier"),
        (B, "months = 1", "months = 0", "measures[1].months", faults.OUT_OF_RANGE, "12"),
        (B, '"appeals_filed"', '"appeals"', "tables[1].metrics", faults.UNKNOWN_METRIC, "appeals"),
        (S, '"rank_fallen"', '"rank_lost"', "proposals[rank].rule", faults.UNKNOWN_VALUE,
         "overdue"),
        (S, "at_least = 50", "at_least = 0", "proposals[cap].at_least", faults.OUT_OF_RANGE, "1"),
        (S, "days = 7", "days = 400", "proposals[overdue].days", faults.OUT_OF_RANGE, "366"),
        (S, 'code = "target"', 'code = "cap"', "proposals", faults.REPEATED, "cap"),
        (S, "advice = {", "advise = {", "proposals[cap].advise", faults.UNKNOWN_KEY, "advice"),
        (S, 'sides = ["litigation"]', 'sides = ["both"]', "causes[facts].sides",
         faults.UNKNOWN_VALUE, "enforcement"),
        (S, 'code = "law"', 'code = "facts"', "causes", faults.REPEATED, "facts"),
        (S, 'code = "law"', 'code = "law"\nside = "x"', "causes[law].side", faults.UNKNOWN_KEY,
         "sides"),
        (S, 'code = "m2"', 'code = "m1"', "measures", faults.REPEATED, "m1"),
        (S, "question = {", "ask = {", "measures[m1].ask", faults.UNKNOWN_KEY, "question"),
        (S, '["appeals_filed"]', '["appeals"]', "measures[m7].evidence[1].metrics",
         faults.UNKNOWN_METRIC, "appeals"),
        (S, ', register = "reviews"', "", "measures[m6].evidence[1].register",
         faults.EVIDENCE_OF_ONE, "台账"),
        (S, 'register = "reviews"', 'register = "reviews", metrics = ["appeals_filed"]',
         "measures[m6].evidence[1].register", faults.EVIDENCE_OF_ONE, "二者择一"),
        (S, 'register = "reviews"', 'register = "reviews", unit = "x"',
         "measures[m6].evidence[1].unit", faults.UNKNOWN_KEY, "metrics"),
        (A, "title = {", 'title = { fr = "moyennes",', "title.fr", faults.UNKNOWN_KEY, "zh、ko"),
    ],
)  # fmt: skip
def test_refused(
    rulebook: Rulebook, name: str, old: str, new: str, key: str, template: str, says: str
) -> None:
    text = text_of(name)
    assert old in text
    found = refused(name, text.replace(old, new, 1), rulebook)
    said = [message for at, kind, message in found if (at, kind) == (key, template)]
    assert len(said) == 1, found
    assert says in said[0]


def test_every_fault_of_every_file_is_told_at_once(rulebook: Rulebook, tmp_path: Path) -> None:
    folder = tmp_path / "book" / supplements.FOLDER
    folder.mkdir(parents=True)
    (folder / "broken.toml").write_text("code =", "utf-8")
    (folder / "bytes.toml").write_bytes(b'code = "\xff"')
    (folder / "notes.txt").write_text("no supplement", "utf-8")
    (folder / D).write_text(text_of(D).replace("version = 1", "version = 0\nvers = 1"), "utf-8")
    (folder / "wording.toml").write_text('kind = "wording"\n', "utf-8")
    with pytest.raises(RulebookError) as error:
        load_supplements(folder.parent, rulebook)
    found = [(fault.file.partition("/")[2], fault.key) for fault in error.value.faults]
    assert found == [
        ("broken.toml", ""),
        ("bytes.toml", ""),
        (D, "version"),
        (D, "vers"),
        ("wording.toml", "code"),
        ("wording.toml", "kind"),
        ("wording.toml", "version"),
        ("wording.toml", "title"),
        ("wording.toml", "about"),
        ("wording.toml", "directions"),
    ]
    kinds = [fault.template for fault in error.value.faults if fault.key == "kind"]
    assert kinds == [faults.UNKNOWN_VALUE]


def test_what_was_taken_up_stays_readable_without_its_items() -> None:
    """A later edition may have renamed what a supplement names."""
    text = text_of(A).replace('item = "Q2"', 'item = "Q20"')
    assert load_supplement(A, text).average["Q20"].value == 29
    text = text_of(D).replace('"appeals_filed"', '"appeals_begun"')
    assert load_supplement(D, text).better["appeals_begun"] is Better.LOWER
