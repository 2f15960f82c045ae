"""Drafting in forms: weights, bands, intervals, optional keys, new items; differences in words."""

from __future__ import annotations

from typing import Any

import pytest

from courts.models import RulebookEdition, User
from courts.rulebooks.services.editions import copy_edition
from courts.years.selectors.years import rulebook_in
from scoring import load_sources
from tests.courts.ridges import GROUND, ridges
from tests.pages import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.stands_on(GROUND)]


def sent(page: Any, **changed: str) -> dict[str, Any]:
    """The form of a page as it stands, with some values changed."""
    return {field.html_name: field.value() for field in page.context["form"]} | changed


def test_an_item_is_drafted_in_forms_and_told_in_words() -> None:
    """H1 weighs other figures, H5 pays other bands, G2 another interval, G9.1 is new."""
    before = ridges().edition
    office = User.objects.get(username="office")
    draft = copy_edition(user=office, edition=before, summary="改权数")
    client = client_of(office)
    parts = f"/editions/{draft.pk}/parts/"

    def put(part: str, **changed: str) -> Any:
        page = client.get(f"{parts}{part}/")
        answer = client.post(f"{parts}{part}/", sent(page, **changed), follow=True)
        draft.refresh_from_db()
        return answer

    h1 = "enforcement.toml/items-1"
    assert "settled×0.6, works" in client.get(f"{parts}{h1}/").content.decode()
    said = put(h1, **{"items[H1].rule.numerator": "settled×一半"}).content.decode()
    assert "权数应写成" in said
    put(h1, **{"items[H1].rule.numerator": "settled*0.7、works"})
    assert 'numerator = [{ metric = "settled", weight = 0.7 }, "works"]' in text(draft)
    put("enforcement.toml/items-5", **{"items[H5].rule.bands[2].points": "3"})
    put("litigation.toml/items-2", **{"items[G2].rule.high": "65"})
    put("litigation.toml/items-7", **{"items[G7].points.grassroots": "open"})

    # An optional key comes with what it is when left out; the rules say the same as before.
    page = client.get(f"{parts}{h1}/")
    keys = [key for key, _label in page.context["keys"]]
    assert keys == ["kind", "complement", "average", "origin", "zero_denominator", "comparison"]
    old = load_sources(draft.sources).item_by_code["H1"]
    for key in ("complement", "kind"):
        client.post(f"{parts}{h1}/", {"version": draft.version, "key": key})
        draft.refresh_from_db()
    assert load_sources(draft.sources).item_by_code["H1"] == old
    client.post(f"{parts}{h1}/", {"version": draft.version, "key": "complement"})
    draft.refresh_from_db()
    assert text(draft).count("complement = false") == 1

    # A new item is faulty until its numbers are filled in; nothing else of the file changed.
    new = {"code": "G9.1", "name": "新项", "paragraph": "第9条", "group": "only"}
    address = f"{parts}litigation.toml/new-item/"
    assert client.get(address).status_code == 200
    stands = draft.sources["litigation.toml"]
    for wrong in ("g1", "G 9", "G" * 17):
        answer = client.post(
            address, new | {"code": wrong, "formula": "graded", "version": draft.version}
        )
        assert answer.status_code == 200
    answer = client.post(address, new | {"formula": "graded", "version": draft.version})
    draft.refresh_from_db()
    assert answer.headers["Location"] == f"{parts}litigation.toml/items-9/"
    assert draft.sources["litigation.toml"].startswith(stands)
    listed = client.get(f"/editions/{draft.pk}/").content.decode()
    assert "<code>G9.1</code>" in listed
    assert client.get(f"{parts}metrics.toml/new-item/").status_code == 404
    figures = {"items[G9.1].rule.numerator": "heard", "items[G9.1].rule.denominator": "due"}
    figures |= {"items[G9.1].rule.per_point": "1", "items[G9.1].points.grassroots": "5"}
    put("litigation.toml/items-9", **figures, **{"items[G9.1].points.intermediate": "5"})
    put("litigation.toml/items-1", **{f"items[G1].points.{level}": "15" for level in LEVELS})
    for key, value in (("direction", "at_least"), ("target", "80")):
        client.post(f"{parts}litigation.toml/items-9/", {"version": draft.version, "key": key})
        draft.refresh_from_db()
        put("litigation.toml/items-9", **{f"items[G9.1].rule.{key}": value})
    assert rulebook_in(draft).item_by_code["G9.1"].points == dict.fromkeys(LEVELS, 5)

    page = client.get(f"/editions/{draft.pk}/differences/?against={before.pk}")
    told = {line.what: (line.before, line.after) for line in page.context["page"].lines}
    assert told["考核项 · H1 指标H1全称 · 分子"] == (
        "settled 数led×0.6、works 数rks",
        "settled 数led×0.7、works 数rks",
    )
    assert told["考核项 · G2 指标G2全称 · 合理区间上限"] == ("60", "65")
    assert told["考核项 · G9.1 新项 · 条款"] == (None, "第9条")
    assert told["考核项 · H1 指标H1全称 · 性质"] == (None, "计入满分")
    assert not [what for what in told if "items[" in what or "rule" in what]


LEVELS = ("grassroots", "intermediate")


def text(draft: RulebookEdition) -> str:
    return str(draft.sources["enforcement.toml"])
