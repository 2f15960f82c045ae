"""A scheme of intervals, ranks, references and bonus points on the way to its bulletin."""

from __future__ import annotations

import pytest

from courts.bulletins.selectors.prose.drafts import draft
from courts.bulletins.selectors.prose.month import BulletinMonth
from courts.closings.selectors.snapshots import compose, inputs_of
from courts.papers.tokens import plain
from courts.snapshots.scores import as_json
from courts.snapshots.verification import frozen, verify
from courts.takeaways.selectors.bases import compared_items
from courts.years.selectors.years import rulebook_of
from scoring import BUNDLED, load_rulebook
from scoring.facts import Month
from tests.courts.bulletins.test_prose import AT, BOTH
from tests.courts.ridges import GROUND, ridges

pytestmark = [pytest.mark.django_db, pytest.mark.stands_on(GROUND)]


def test_items_are_compared_by_their_rules() -> None:
    """The change of a rate and last year's value; not the formulas that hold nothing against it."""
    assert [item.code for item in compared_items(rulebook_of(ridges()))] == ["G5", "H2"]
    notice = load_rulebook(BUNDLED / "yanbian-2019")
    named = [item for item in notice.items if item.formula.compares_years]
    assert list(compared_items(notice)) == named


def test_a_draft_tells_of_such_items_what_can_be_told() -> None:
    """December of `figures_of`: south kept 142 of 144 cases heard, east 94 of 96: none between 40
    and 60 %. South has the most delays, 138."""
    parts = compose(inputs_of(ridges(), Month(2023, 12)), BOTH, [], data_at=AT)
    month = BulletinMonth(parts, frozen(parts), ())
    made = draft(month)
    keys = [block.key for block in made.blocks]
    assert len(keys) == len(set(keys))
    # Both sides call their group alike; the items of each stand in its own part.
    assert keys.index("litigation.G8") < keys.index("enforcement.heading")
    numbers = made.ledger.numbers
    said = {block.key: plain(block.text, numbers) for block in made.blocks}
    assert "合理区间为40%至60%。" in said["litigation.G2"]
    assert "居前" not in said["litigation.G2"]
    assert "各基层法院均未达到目标。" in said["litigation.G2"]
    # Fewer delays stand in front.
    assert "有加减分的基层法院3个。" in said["litigation.G8"]
    assert "居前的是山脊东院" in said["enforcement.H5"]
    assert "合理区间" not in plain(
        "".join(block.text for block in draft(month, "ko").blocks), numbers
    )

    # What is computed has two decimals, what nothing caps has no most.
    assert verify(parts.text.encode()).is_equal
    items = {
        one["item"]: one for one in as_json(frozen(parts).scored().scorecards[1], BOTH)["items"]
    }
    assert (items["H2"]["target"], items["G1"]["target"]) == ("66.67", "90")
    assert [items[code]["max_points"] for code in ("G1", "G7", "G8")] == ["20.00", None, "0.00"]
