"""The plain document: JSON and back without loss, and refusal of what no renderer could set."""

import json
from dataclasses import replace

import pytest

from courts.papers.document import (
    Column,
    Document,
    as_json,
    from_data,
    groups,
    texts,
    to_data,
)
from courts.papers.plain_data import PlainDataError
from tests.courts.bulletins.sample_papers import chinese_document, korean_document

BOTH = pytest.mark.parametrize("document", [chinese_document(), korean_document()])


@BOTH
def test_json_and_back_is_the_same_document(document: Document) -> None:
    again = from_data(json.loads(as_json(document)))
    assert again == document
    assert as_json(again) == as_json(document)


def test_canonical_json_is_sorted_composed_and_without_blanks() -> None:
    document = replace(chinese_document(), number="가 é", blocks=())
    text = as_json(document)
    assert '"number":"가 é"' in text
    assert text == json.dumps(
        json.loads(text), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )


@pytest.mark.parametrize(
    ("changed", "place", "fault"),
    [
        ({"carrier": "letter"}, "", "carrier must be one of redhead, series"),
        ({"language": "en"}, "", "language must be one of zh, ko"),
        ({"title": []}, "", "a document needs a title"),
        ({"day": "2020-1-10"}, "", "day must be YYYY-MM-DD"),
        ({"titel": "x"}, "", "'titel' unknown"),
        ({"number": 7}, "number", "str expected"),
        ({"title": "one"}, "title", "list expected"),
        ({"imprint": []}, "imprint", "object expected"),
        ({"head": [{"text": "x", "size": -1}]}, "head.0", "size must be 0 or more"),
        ({"head": [{"text": "x", "language": "ja"}]}, "head.0", "language must be one of zh, ko"),
        ({"head": [{}]}, "head.0", "'text' missing"),
        ({"blocks": [{"kind": "picture"}]}, "blocks.0", "kind must be one of heading, paragraph"),
        ({"blocks": ["x"]}, "blocks.0", "kind must be one of"),
        ({"blocks": [{"kind": "heading", "level": 5, "runs": []}]}, "blocks.0", "level must be"),
        (
            {"blocks": [{"kind": "heading", "level": True, "runs": []}]},
            "blocks.0.level",
            "int expected",
        ),
        (
            {"blocks": [{"kind": "paragraph", "runs": [{"kind": "field", "text": "1"}]}]},
            "blocks.0.runs.0",
            "'key' missing",
        ),
        (
            {"blocks": [{"kind": "table", "caption": [], "columns": [], "rows": []}]},
            "blocks.0",
            "a table needs a column",
        ),
        (
            {
                "blocks": [
                    {
                        "kind": "table",
                        "caption": [],
                        "columns": [{"title": "a"}, {"title": "b"}],
                        "rows": [{"cells": [{"runs": []}]}],
                    }
                ]
            },
            "blocks.0",
            "row 0 has 1 cells for 2 columns",
        ),
        (
            {
                "blocks": [
                    {
                        "kind": "table",
                        "caption": [],
                        "columns": [{"title": "a", "align": "left"}],
                        "rows": [],
                    }
                ]
            },
            "blocks.0.columns.0",
            "align must be one of",
        ),
        (
            {
                "blocks": [
                    {
                        "kind": "table",
                        "caption": [],
                        "columns": [{"title": "a"}],
                        "rows": [],
                        "landscape": True,
                    }
                ]
            },
            "",
            "a landscape table belongs into an annex",
        ),
    ],
)
def test_what_is_no_document_is_refused_with_its_place(
    changed: dict[str, object], place: str, fault: str
) -> None:
    with pytest.raises(PlainDataError) as refused:
        from_data({**to_data(korean_document()), **changed})
    assert refused.value.place == place
    assert fault in refused.value.fault


def test_neighbours_of_one_group_stand_under_one_heading() -> None:
    columns = (Column("a"), Column("b", "x"), Column("c", "x"), Column("d"), Column("e", "x"))
    assert groups(columns) == (("", 1), ("x", 2), ("", 1), ("x", 1))


def test_a_series_says_its_date_in_the_head_and_below_a_signature_only() -> None:
    document = korean_document()
    assert list(texts(document)).count(document.date) == 1
    signed = replace(document, signature=("판공실",))
    assert list(texts(signed)).count(document.date) == 2
    assert list(texts(chinese_document())).count("2020年1月10日") == 1
