"""A court's own paper where courts see their own rows: nothing of another court can be read off."""

from __future__ import annotations

import hashlib
import io
import json
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from statistics import mean

import pytest
from pypdf import PdfReader

from courts.bulletins.paper_files import paper_files, paper_makers
from courts.bulletins.selectors.archive import files_for
from courts.bulletins.selectors.documents import own_document_of
from courts.bulletins.selectors.prose.issues import _read
from courts.bulletins.selectors.prose.own import own_draft, own_month, released_means
from courts.bulletins.services import issued_files
from courts.bulletins.services.issued_files import own_papers_of
from courts.models import BulletinFile, Event, QualityYear
from courts.papers.document import Document, Field, Table, texts
from courts.papers.numbers import numbers, numbers_of, pieces_of_word
from courts.snapshots.canonical import canonical
from courts.snapshots.parts import Part, Parts, parse
from scoring.schema import Level
from tests.courts.bulletins.issue_fixtures import (
    closed_month,
    issue_of,
    people_of_issuing,
    published_issue,
)
from tests.courts.bulletins.page_texts import pieces_of_html
from tests.courts.bulletins.test_papers import printed_numbers

pytestmark = pytest.mark.django_db
OWN = "yanji"
# What may stand before the first colon of a live number's key.
SHARED = ("month", "rules", "target", "average", "averages", "measures/", "goal/", "ranked")


@pytest.fixture
def issue(made_year, office):
    made_year.ranking_shown = QualityYear.RankingShown.OWN
    made_year.save()
    return issue_of(closed_month(made_year, office), office)


def swapped(parts: Parts, one: str, other: str) -> Parts:
    """The snapshot as it would be if two courts had each other's figures and points."""
    held = parts.courts
    own = ("code", "names", "order")

    def of(name: str, source: str) -> dict:
        kept = {key: value for key, value in held[source].items() if key not in own}
        return {**{key: held[name][key] for key in own}, **kept}

    changed = {f"court/{one}": of(one, other), f"court/{other}": of(other, one)}
    made = tuple(
        Part(part.name, part.salt, changed[part.name])
        if isinstance(part, Part) and part.name in changed
        else part
        for part in parts.parts
    )
    return parse(Parts(made).text)


def said(parts: Parts, court: str = OWN) -> str:
    """All that the paper of a court says, in both languages."""
    month = _read(parts)
    drafts = [
        own_draft(own_month(month, court), released_means(month, court), language)
        for language in ("zh", "ko")
    ]
    return repr([(one.blocks, one.points, one.annexes, one.ledger.numbers) for one in drafts])


def fields(document: Document) -> set[str]:
    """The keys of all live numbers of a paper."""
    tables = [one for one in document.blocks if isinstance(one, Table)]
    tables += [one for annex in document.annexes for one in annex.blocks if isinstance(one, Table)]
    runs = [run for one in document.blocks if not isinstance(one, Table) for run in one.runs]
    runs += [run for one in tables for row in one.rows for cell in row.cells for run in cell.runs]
    return {run.key for run in runs if isinstance(run, Field)}


def test_word_pdf_and_page_of_a_court_hold_one_set_of_numbers_and_no_other_court(issue) -> None:
    parts = parse(issue.snapshot.text)
    names = {code: content["names"] for code, content in parts.courts.items()}
    for court, language in ((OWN, "zh"), (OWN, "ko"), ("yanbian", "zh")):
        issue.title_ko = "통보"
        document = own_document_of(issue, court, language)
        wanted = numbers_of(document)
        assert sum(wanted.values()) > 100
        files = {file.kind: file.content for file in paper_files(document)}
        assert numbers(pieces_of_word(files["docx"])) == wanted
        assert numbers(pieces_of_html(files["html"].decode())) == wanted
        printed = printed_numbers(list(PdfReader(io.BytesIO(files["pdf"])).pages))
        # Where a table goes on its heading comes again, and nothing else: year and months.
        assert wanted - printed == Counter()
        assert set(printed - wanted) <= {"2018", "2019", "1", "12"}

        # Every number is the court's own, of the rules, or a mean over all grassroots courts.
        keys = fields(document)
        assert {key for key in keys if key.startswith("ranked:")} <= {
            "ranked:litigation:mean",
            "ranked:enforcement:mean",
            "ranked:total:mean",
        }
        own = (f"court/{court}:", "all:", *SHARED)
        assert [key for key in keys if not key.startswith(own)] == []
        # No other court is named, except the one that issues the paper.
        bodies = " ".join(
            text
            for text in texts(replace(document, head=(), signature=(), imprint=document.imprint))
        )
        for code, held in names.items():
            if code not in (court, "yanbian"):
                assert not any(name and name in bodies for name in held.values()), code


def test_the_means_are_those_of_the_printed_points_over_eight_courts(issue) -> None:
    month = _read(parse(issue.snapshot.text))
    ranked = [court for court in month.courts if court.level is Level.GRASSROOTS]
    assert len(ranked) == 8
    told = released_means(month, OWN)
    assert told.courts == 8
    for side in ("litigation", "enforcement"):
        expected = mean(Fraction(court.half(side)) for court in ranked)
        released = told.points[side]
        assert released is not None
        assert abs(Fraction(released) - expected) <= Fraction(1, 200)
    # Items have no means: one as large as the points of the item would tell those of each court.
    assert set(told.points) == {"litigation", "enforcement", "total"}


def test_other_courts_may_change_places_and_the_paper_says_the_same(issue) -> None:
    parts = parse(issue.snapshot.text)
    paper = said(parts)
    for one, other in (("tumen", "antu"), ("dunhua", "hunchun")):
        changed = swapped(parts, one, other)
        assert changed.courts[one]["facts"] == parts.courts[other]["facts"]
        assert changed.courts[one]["facts"] != parts.courts[one]["facts"]
        assert said(changed) == paper
    # The court's own figures do change it.
    assert said(swapped(parts, OWN, "tumen")) != paper


def test_no_mean_tells_that_all_other_courts_have_everything_or_nothing(issue) -> None:
    month = _read(parse(issue.snapshot.text))

    def with_points(share: Fraction):
        data = json.loads(issue.snapshot.text)
        for part in data["parts"]:
            content = part["content"]
            if part["name"].startswith("court/") and content["code"] != OWN:
                items = [one for one in content["score"]["items"] if one["side"] == "enforcement"]
                most = sum(Fraction(one["max_points"]) for one in items)
                content["score"]["halves"]["enforcement"] = f"{float(most * share):.2f}"
        return _read(parse(canonical(data)))

    assert released_means(month, OWN).points["total"] is not None
    for share in (Fraction(0), Fraction(1)):
        told = released_means(with_points(share), OWN).points
        assert told["enforcement"] is None
        # With the total the side could be worked out.
        assert told["total"] is None
        assert told["litigation"] is not None


def test_too_few_courts_have_no_mean(issue) -> None:
    data = json.loads(issue.snapshot.text)
    kept = {"court/yanbian", f"court/{OWN}", "court/tumen", "court/antu", "court/dunhua"}
    data["parts"] = [
        part
        for part in data["parts"]
        if not part["name"].startswith("court/") or part["name"] in kept
    ]
    month = _read(parse(canonical(data)))
    # Four grassroots courts less the own row are three.
    assert released_means(month, OWN).points == {}
    assert released_means(month, "yanbian").courts == 4
    own = own_draft(own_month(month, OWN), released_means(month, OWN), "zh")
    assert not [key for key in own.ledger.numbers if key.startswith("ranked:")]


def test_papers_of_courts_are_made_only_where_courts_do_not_get_the_whole(issue) -> None:
    issue.quality_year.ranking_shown = QualityYear.RankingShown.FULL
    assert list(own_papers_of(issue, "x", [OWN])) == []
    issue.quality_year.ranking_shown = QualityYear.RankingShown.BANDS
    made = list(own_papers_of(issue, "x", [OWN]))
    assert [(one.kind, one.scope, one.name) for one in made] == [
        ("docx", OWN, "x-yanji.docx"),
        ("pdf", OWN, "x-yanji.pdf"),
        ("html", OWN, "x-yanji.html"),
    ]


def test_publishing_stores_each_court_its_paper_with_its_hash(
    made_year, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_year.ranking_shown = QualityYear.RankingShown.OWN
    made_year.save()
    people = people_of_issuing()
    monkeypatch.setattr(issued_files, "papers_of", lambda _bulletin, _stem: iter(()))
    # One kind of file stands for the three, which are made alike.
    monkeypatch.setattr(
        issued_files,
        "paper_makers",
        lambda document, template: {
            "html": paper_makers(replace(document, annexes=()), template)["html"]
        },
    )
    bulletin = published_issue(made_year, people)
    own = files_for(people["desk"], bulletin)
    assert {(one.kind, one.scope) for one in own} == {("html", OWN), ("json", OWN)}
    assert {one.scope for one in files_for(people["tumen"], bulletin)} == {"tumen"}
    rows = BulletinFile.objects.filter(bulletin=bulletin, kind="html")
    assert rows.count() == 9
    [event] = Event.objects.filter(action="publish_bulletin")
    listed = {one["name"]: one["sha256"] for one in event.data["files"]}
    for row in rows:
        assert listed[row.name] == row.sha256 == hashlib.sha256(bytes(row.content)).hexdigest()
