"""Each bundled rulebook is set up with other courts through its pages and run for a month.

Courts, accounts, rules, figures, returns, points that an office gives, closing, bulletin, files and
the verification of the snapshot: nothing calls a service. Expected points are those of the cases
worked by hand in `tests/scoring/schemes_by_hand`.
"""

from __future__ import annotations

import json
import re
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from openpyxl import load_workbook

import scoring
from courts.acceptances.selectors.acceptance import year_acceptance
from courts.models import QualityYear, SideRole
from courts.scores.selectors.scores import scoreboard
from courts.years.selectors.years import find_year, rulebook_of
from scoring.facts import Month
from scoring.rounding import to_decimal, to_text
from tests.courts.setup.scheme_money import (
    EXTRACTED,
    TIMES,
    amounts_after_publishing,
    amounts_before_closing,
    amounts_by_files,
    amounts_in_an_annex,
    amounts_in_hundredths,
    amounts_in_the_record,
)
from tests.courts.setup.scheme_walk import Walk, page, zipped

pytestmark = pytest.mark.django_db

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
RULEBOOKS = Path(__file__).parents[3] / "scoring" / "rulebooks"
WORKED = Path(__file__).parents[2] / "scoring" / "schemes_by_hand"
MONTH = Month(2019, 12)
# Words of the notice that comes with the project; what a scheme says itself is taken out.
NOTICE = ("发改指 附件1· 附件2· 附件3· 附件5 终本 延边 全州 L1 L2 L7 GM 诉讼 执结率 无记名").split()


@dataclass(frozen=True)
class Scheme:
    """A rulebook of the examples, its courts, and the worked case that each of them is.

    `cases` are the name of a case by court; `own` the key of a court in a case of several.
    """

    name: str
    code: str
    changes: Mapping[str, str]
    cases: Mapping[str, str]
    own: Mapping[str, str] = field(default_factory=dict)
    intermediate: bool = True
    foreign: tuple[str, ...] = ()
    has_amounts: bool = False
    is_bundled: bool = False
    unranked: tuple[str, ...] = ("名次只在基层法院之间排列，中级法院不参加排名。",)

    @property
    def folder(self) -> Path:
        """Where the rulebook's files are."""
        return RULEBOOKS / self.name if self.is_bundled else EXAMPLES / self.name

    @property
    def worked(self) -> Path:
        """The figures and points worked by hand."""
        own = Path(__file__).with_name("notice_month.toml")
        return own if self.is_bundled else WORKED / f"{self.name}.toml"

    @property
    def place(self) -> str:
        return self.name.replace("-", "")

    @property
    def courts(self) -> dict[str, tuple[str, str]]:
        found = {f"{self.place}-top": ("河套中院", "intermediate")}
        names = ("河东法院", "河西法院", "河南法院", "河北法院")
        for code, name in zip(self.cases, names, strict=False):
            found[code] = (name, "grassroots")
        return found

    def facts(self) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
        """Each court with what everything is, and what its case changes and expects."""
        worked = tomllib.loads(self.worked.read_text("utf-8"))
        by_name = {case["name"]: case for case in worked["case"]}
        for code, name in self.cases.items():
            own = by_name[name]
            if code in self.own:
                own = own.get(self.own[code], {})
            yield code, worked["all"], own
        if self.intermediate:
            yield f"{self.place}-top", worked["all"], {}


FIVE = Scheme(
    "five-parts",
    "example-five-parts-2019",
    {
        'code = "example-five-parts-2026"': 'code = "example-five-parts-2019"',
        "year = 2026": "year = 2019",
        "baseline_year = 2025": "baseline_year = 2018",
    },
    {
        "five-east": "a wrong judgment caps the total",
        "five-west": "one remanded case more",
        "five-south": "the backlog weighs forty",
    },
    foreign=("诉讼", "执行", "执行指挥中心"),
)
RANKS = Scheme(
    "ranks",
    "example-ranks-2019",
    {
        'code = "example-ranks-2026"': 'code = "example-ranks-2019"',
        "year = 2026": "year = 2019",
        "baseline_year = 2025": "baseline_year = 2018",
    },
    dict.fromkeys(
        ("ranks-east", "ranks-west", "ranks-south", "ranks-north"), "a violation caps the total"
    ),
    own={"ranks-east": "a", "ranks-west": "b", "ranks-south": "c", "ranks-north": "d"},
    intermediate=False,
    foreign=("诉讼",),
    has_amounts=True,
)
EIGHTEEN = Scheme(
    "eighteen",
    "example-eighteen-2019",
    {},
    {
        "eighteen-east": "one more is not",
        "eighteen-west": "what there were no cases for is left out",
        "eighteen-south": "all inside",
    },
    unranked=(),
)


# The notice itself, as another prefecture would take it over.
THE_NOTICE = Scheme(
    "yanbian-2019",
    "hetao-2019",
    {'code = "yanbian-2019"': 'code = "hetao-2019"'},
    {"notice-east": "a tenth fewer", "notice-west": "five more of them"},
    is_bundled=True,
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files of the administration that wait lie where this test alone looks."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def figures_of(year: QualityYear, everything: Any, own: Any) -> dict[str, str]:
    """Figures as people type them: those of 元 with two decimals, and of real size."""
    values = {**everything["current"], **own.get("current", {})}
    for metric in own.get("without", []):
        del values[metric]
    metrics = rulebook_of(year).metrics
    return {
        code: to_text(to_decimal(value * TIMES)) if metrics[code].places else str(value)
        for code, value in values.items()
    }


def enter(walk: Walk, scheme: Scheme, year: QualityYear) -> None:
    """Everything that the month counts by."""
    base: dict[str, dict[str, str]] = {}
    given: dict[str, dict[str, str]] = {}
    for court, everything, own in scheme.facts():
        walk.hand_in(year, MONTH, court, figures_of(year, everything, own))
        for metric, value in everything.get("baseline_annual", {}).items():
            base.setdefault(metric, {})[court] = str(value)
        for item, points in everything.get("assessed", {}).items():
            given.setdefault(item, {})[court] = points
    walk.verify_all(year)
    if base:
        walk.give_base(year, base)
    for item, points in given.items():
        walk.assess(year, MONTH, item, points)


def check_points(scheme: Scheme, year: QualityYear) -> None:
    """The points are those worked by hand."""
    board = scoreboard(find_year(year.code), MONTH)
    rulebook = rulebook_of(year)
    for court, _everything, own in scheme.facts():
        card = board.court(court)
        for item, points in own.get("points", {}).items():
            found = card.item(item).points
            assert found is not None, (court, item)
            assert to_text(found) == points, (court, item)
        for side, points in own.get("sides", {}).items():
            assert to_text(card.half(scoring.Side(side))) == points, (court, side)
        if rulebook.has_total and "total" in own:
            assert to_text(card.total) == own["total"], court
        if "rank" in own:
            assert card.rank == own["rank"]
        applied = [one.override.code for one in card.overrides]
        assert applied == own.get("overrides", []), court


def pages_of(scheme: Scheme, year: QualityYear, office: str) -> Iterator[tuple[str, str]]:
    """What offices, leaders and desks look at."""
    rulebook, court, code = rulebook_of(year), next(iter(scheme.cases)), year.code
    names = "rulebook cases desk reviews completeness motions extracts differences audit".split()
    names += "supplements measures meetings actions acceptance".split()
    names += "restatements objections consultations".split()
    for name in ("deadline", "ranking_shown", "bulletin_paper"):
        yield "office", page(name, code)
    for name in names:
        yield office, page({"measures": "all_measures"}.get(name, name), code)
    if scoring.compares_years(rulebook):
        yield office, page("base", code)
    for item in rulebook.items:
        yield office, page("rule", code, item.code)
    for side in rulebook.share_of:
        yield office, page("office_grid", code, MONTH, side)
    for name in ("dashboard", "projector", "trends", "funnels", "ranking", "direction"):
        yield "leader", page(name, code, MONTH)
    names = "scorecard court_page court_print what_if scenarios outlook small_counts".split()
    for name in names:
        yield "leader", page(name, code, MONTH, court)
        yield f"desk-{court}", page(name, code, MONTH, court)
    if scheme.intermediate:
        yield "leader", page("scorecard", code, MONTH, f"{scheme.place}-top")
    yield f"desk-{court}", page("returns", code, court)
    yield f"desk-{court}", page("case_new", code)
    for side in rulebook.share_of:
        for name in ("return", "return_print"):
            yield f"desk-{court}", page(name, code, court, MONTH, side)
    yield "office", "/"
    yield f"desk-{court}", "/"
    yield "admin", page("api_tokens")
    # What sets totals and ranks before and after, or over readings.
    edition = year.edition_id
    yield office, page("edition_effect", edition)
    yield office, page("readings", code)
    yield "leader", page("all_readings", code, MONTH)
    yield "leader", page("acceptance_court", code, court)
    yield f"desk-{court}", page("scenario_new", code, MONTH, court)


def files_of(scheme: Scheme, year: QualityYear) -> Iterator[tuple[str, str]]:
    """Lists that people take away, as text."""
    court, code = next(iter(scheme.cases)), year.code
    for address in (
        page("ranking", code, MONTH),
        page("scorecard", code, MONTH, court),
        page("dashboard", code, MONTH),
        page("completeness", code),
        page("rulebook", code),
        page("court_page", code, MONTH, court),
    ):
        yield "office", f"{address}?_export=csv"


def own_words(year: QualityYear) -> str:
    """All that the scheme says itself."""
    return " ".join(rulebook_of(year).sources.values())


def check_words(walk: Walk, scheme: Scheme, year: QualityYear) -> None:
    """No page says a word of another scheme."""
    own = own_words(year)
    foreign = [word for word in (*NOTICE, *scheme.foreign) if word not in own]
    # The name of the whole system, and of roles that every prefecture has.
    apart = re.compile(r"审判执行质量[年通报得分排名]*|Quality Year")
    found = [
        (address, word, text[max(0, place - 30) : place + 30].split())
        for address, text in walk.words()
        for clean in [apart.sub("", text)]
        for word in foreign
        for place in [clean.find(word)]
        if place >= 0
    ]
    assert found == []
    if not rulebook_of(year).has_total:
        check_no_totals(walk)


def check_no_totals(walk: Walk) -> None:
    """Where the rules have no total and no rank, no page has a word of them but to say so."""
    # How much courts see of each other is set for every year by one name, with a total or without.
    said = re.compile(
        "这套规则不计总分，不排名次。|法院能看到的排名|本年度向各法院公布全部得分和名次。"
    )
    found = [
        (address, text[max(0, match.start() - 30) : match.end() + 30].split())
        for address, page_text in walk.words()
        if "/ranking-shown/" not in address and not address.startswith("/editions/")
        for text in [said.sub("", page_text)]
        for match in re.finditer("总分|名次|排名", text)
    ]
    assert found == []


def check_files(walk: Walk, scheme: Scheme, year: QualityYear) -> None:
    for who, address in files_of(scheme, year):
        response = walk.clients[who].get(address)
        assert response.status_code == 200, address
        walk.pages.append((address, response.content.decode("utf-8-sig")))
    response = walk.clients["office"].get(page("workbook", year.code, MONTH))
    book = load_workbook(BytesIO(response.content))
    said = [
        str(cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and not cell.value.startswith("=")
    ]
    walk.pages.append((page("workbook", year.code, MONTH), " ".join([*book.sheetnames, *said])))


def check_own_only(walk: Walk, scheme: Scheme, year: QualityYear) -> None:
    """Where courts see their own points only, no page of a desk names another court."""
    sent = {"shown": "own", "reason": "试行", "seen": "full"}
    walk.post("office", page("ranking_shown", year.code), sent)
    own, *others = scheme.cases
    names = [scheme.courts[code][0] for code in others]
    walk.pages.clear()
    addresses = [page("ranking", year.code, MONTH)]
    names_of_pages = "scorecard court_page court_print what_if outlook small_counts".split()
    addresses += [page(name, year.code, MONTH, own) for name in names_of_pages]
    wrong = [walk.look(f"desk-{own}", address) for address in addresses]
    assert [text for text in wrong if text] == []
    told = [(address, name) for address, text in walk.words() for name in names if name in text]
    assert told == []


# With every change the one of the most sides and the one that counts money and has no total.
@pytest.mark.parametrize(
    "scheme",
    [
        FIVE,
        RANKS,
        pytest.param(EIGHTEEN, marks=pytest.mark.nightly),
        pytest.param(THE_NOTICE, marks=pytest.mark.nightly),
    ],
    ids=lambda scheme: scheme.name,
)
def test_a_scheme_is_set_up_and_run_through_its_pages(scheme: Scheme, tmp_path: Path) -> None:
    walk = Walk(scheme.place, scheme.courts)
    walk.found()
    year = walk.open_year(zipped(scheme.folder, scheme.changes), scheme.code)
    rulebook = rulebook_of(year)
    kept = SideRole.objects.filter(court=year.court, part="desk").values_list("side", flat=True)
    assert list(kept) == list(rulebook.share_of)
    walk.staff(year)
    enter(walk, scheme, year)
    check_points(scheme, year)
    if scheme.has_amounts:
        amounts_by_files(walk, year, Month(2019, 11))
        amounts_before_closing(walk, year, MONTH)
    snapshot = walk.close(year, MONTH)
    check_points(scheme, year)
    file = tmp_path / "snapshot.json"
    file.write_text(snapshot.text, "utf-8")
    said = StringIO()
    call_command("verify_bulletin", str(file), hash=snapshot.sha256, stdout=said)
    assert snapshot.sha256 in said.getvalue()
    issue = walk.publish(year, MONTH, snapshot)
    walk.get("leader", page("bulletin", year.code, issue.pk))
    office = walk.of_office(rulebook, rulebook.sides[0].side, 1)
    wrong = [walk.look(who, address) for who, address in pages_of(scheme, year, office)]
    assert [text for text in wrong if text] == []
    check_files(walk, scheme, year)
    assert year_acceptance(year).unranked == scheme.unranked
    if scheme.has_amounts:
        amounts_in_an_annex(snapshot)
        amounts_after_publishing(walk, year, MONTH)
        amounts_in_the_record(walk)
        assert (
            amounts_in_hundredths(walk, {5000000050000, 8000000080010, 10000000100000, EXTRACTED})
            == []
        )
    check_words(walk, scheme, year)
    check_own_only(walk, scheme, year)
    held = {part["name"]: part["content"] for part in json.loads(snapshot.text)["parts"]}
    sides = {share.side.value for share in rulebook.sides}
    for court, _everything, _own in scheme.facts():
        score = held[f"court/{court}"]["score"]
        assert set(score["halves"]) == sides
        assert (score["total"] is not None) == rulebook.has_total
