"""The snapshot's text, its hash and its extracts; and that it recomputes to its points."""

from __future__ import annotations

import hashlib
import json
import tomllib
from datetime import UTC, datetime

import pytest

from courts.closings.selectors.snapshots import compose, inputs_of
from courts.models import QualityYear
from courts.scores.selectors.scores import month_scores
from courts.snapshots import Part, Parts, SnapshotError, made, parse
from courts.snapshots.canonical import canonical
from courts.snapshots.verification import Unchecked, verify
from scoring.facts import Month
from tests.courts.conftest import COURTS

DECEMBER = Month(2019, 12)
BOTH = ("litigation", "enforcement")
AT = datetime(2020, 1, 8, 9, tzinfo=UTC)


def snapshot_of(year: QualityYear, sides=BOTH) -> Parts:
    return compose(inputs_of(year, DECEMBER), sides, [], data_at=AT)


def changed(parts: Parts, part: str, change) -> bytes:
    """The text of a snapshot after somebody changed a part of it, written canonically."""
    data = json.loads(parts.text)
    for one in data["parts"]:
        if one["name"] == part:
            change(one["content"])
    return canonical(data).encode()


def test_the_hash_is_taken_over_the_digests_of_the_parts():
    parts = made([("month", {"b": 1, "a": "é"}), ("rules", {})])
    texts = [
        json.dumps(
            {"content": part.content, "name": part.name, "salt": part.salt},
            ensure_ascii=False,
            separators=(",", ":"),
            sort_keys=True,
        )
        for part in parts.parts
        if isinstance(part, Part)
    ]
    listed = [
        ["month", hashlib.sha256(texts[0].encode()).hexdigest()],
        ["rules", hashlib.sha256(texts[1].encode()).hexdigest()],
    ]
    whole = json.dumps(listed, separators=(",", ":"))
    assert parts.sha256 == hashlib.sha256(whole.encode()).hexdigest()
    assert parse(parts.text) == parts


def test_equal_contents_have_different_digests():
    one, other = made([("month", {}), ("rules", {})]).parts
    again = made([("month", {})]).parts[0]
    assert len({one.digest, other.digest, again.digest}) == 3


def test_a_snapshot_holds_what_the_pages_say(made_year):
    scores = month_scores(made_year, DECEMBER)
    parts = snapshot_of(made_year)
    assert list(parts.courts) == list(COURTS)
    for card in scores.scoreboard.scorecards:
        score = parts.courts[card.court]["score"]
        assert score["total"] == f"{card.total:.2f}"
        assert score["rank"] == card.rank
        points = {item["item"]: item["points"] for item in score["items"]}
        assert points == {
            one.item.code: None if one.points is None else f"{one.points:.2f}" for one in card.items
        }


def test_a_snapshot_recomputes_to_its_points(made_year):
    parts = snapshot_of(made_year)
    found = verify(parts.text.encode(), parts.sha256)
    assert found.is_equal
    assert found.matches is True
    assert found.differences == ()
    assert found.unchecked == ()
    assert found.courts == COURTS
    # 27 items of each grassroots court, 28 of the intermediate one.
    assert found.items == 8 * 27 + 28


@pytest.mark.parametrize(("side", "items"), [("litigation", 12), ("enforcement", 15)])
def test_a_side_alone_has_its_points_and_no_total(made_year, side, items):
    parts = snapshot_of(made_year, [side])
    court = parts.courts["yanji"]
    assert court["score"]["total"] is None
    assert court["score"]["rank"] is None
    assert list(court["score"]["halves"]) == [side]
    assert {item["side"] for item in court["score"]["items"]} == {side}
    assert len(court["score"]["items"]) == items
    whole = snapshot_of(made_year).courts["yanji"]["score"]["halves"][side]
    assert court["score"]["halves"][side] == whole
    metrics = metrics_of(parts, side)
    assert set(court["facts"]["current"]) <= metrics
    assert verify(parts.text.encode()).is_equal


def metrics_of(parts: Parts, side: str) -> set[str]:
    document = tomllib.loads(parts.rules["sources"]["metrics.toml"])
    groups = {group["code"] for group in document["groups"] if group["side"] == side}
    return {metric["code"] for metric in document["metrics"] if metric["group"] in groups}


def test_a_court_is_given_its_part_and_digests_of_the_others(made_year):
    parts = snapshot_of(made_year)
    extract = parts.extract(["yanji"])
    assert extract.sha256 == parts.sha256
    assert list(extract.contents) == ["month", "rules", "court/yanji"]
    assert set(parts.contents) > {"reasons", "peers"}
    found = verify(extract.text.encode(), parts.sha256)
    assert found.is_equal
    assert found.courts == ("yanji",)
    assert found.unchecked == tuple(Unchecked)


def test_the_intermediate_courts_part_names_no_other_courts_points(made_year):
    own = snapshot_of(made_year).courts["yanbian"]
    steps = next(item for item in own["score"]["items"] if item["item"] == "GM")["steps"]
    text = canonical(steps)
    assert not any(f'"{code}"' in text for code in COURTS if code != "yanbian")
    parts = snapshot_of(made_year)
    assert "yanji" in canonical(parts.peers)
    assert verify(parts.extract(["yanbian"]).text.encode()).is_equal


def test_a_changed_point_is_told(made_year):
    parts = snapshot_of(made_year)

    def change(content):
        content["score"]["items"][0]["points"] = "39.99"

    raw = changed(parts, "court/yanji", change)
    found = verify(raw, parts.sha256)
    first = parts.courts["yanji"]["score"]["items"][0]["points"]
    assert [(one.part, one.place, one.held, one.found) for one in found.differences] == [
        ("court/yanji", "score.items.L1.points", "39.99", first)
    ]
    assert found.matches is False
    assert not found.is_equal


def test_a_changed_figure_is_told(made_year):
    parts = snapshot_of(made_year)

    def change(content):
        content["facts"]["current"]["appeal_revised"] += 5

    found = verify(changed(parts, "court/yanji", change))
    places = {one.place for one in found.differences}
    assert "score.items.L1.points" in places
    assert "score.total" in places


def test_a_changed_rule_is_told(made_year):
    parts = snapshot_of(made_year)

    def change(content):
        text = content["sources"]["litigation.toml"]
        content["sources"]["litigation.toml"] = text + "\n# changed\n"

    found = verify(changed(parts, "rules", change))
    assert [(one.part, one.place) for one in found.differences] == [("month", "edition.sha256")]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"no json", "json"),
        (b'{"format":"QYS1", "parts":[]}', "json"),
        (b'{"format":"QYS2","parts":[]}', "format"),
        (b'{"format":"QYS1","parts":[],"parts":[]}', "json"),
        (b'{"format":"QYS1","more":1,"parts":[]}', "shape"),
        (b'{"format":"QYS1","parts":[{"name":"other"}]}', "shape"),
        (b'{"format":"QYS1","parts":[{"digest":"00","name":"month"}]}', "shape"),
        (b'{"format":"QYS1","parts":[1.5]}', "json"),
        (b'{"format":"QYS1","parts":[NaN]}', "json"),
        (b'{"format":"QYS1","parts":[' + b"[" * 30 + b"]" * 30 + b"]}", "too_much"),
        (b"[" * 100_000, "json"),
    ],
)
def test_what_is_no_snapshot_is_refused(raw, code):
    with pytest.raises(SnapshotError) as refused:
        parse(raw)
    assert refused.value.code == code
