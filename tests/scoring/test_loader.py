"""The loader: what it takes, and every way in which it refuses a rulebook.

Each file in `broken/` breaks the bundled rulebook by small edits and names every fault that must
come out of it: file, key, kind, and what the message says.
"""

from __future__ import annotations

import dataclasses
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import scoring
from scoring import Fault, Rulebook, RulebookError, faults
from scoring.schema import Level, Side, Text

BUNDLED = scoring.BUNDLED / "yanbian-2019"
BROKEN = sorted(Path(__file__).with_name("broken").glob("*.toml"))
# A message for each of these comes from another test: no folder, and bytes that are no text. Those
# of supplements are tested with them.
KINDS = {
    name: template
    for name, template in vars(faults).items()
    if name.isupper() and isinstance(template, str) and not name.startswith("SUPPLEMENT_")
}


def sources() -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in BUNDLED.glob("*.toml")}


def broken(case: dict[str, Any]) -> dict[str, str]:
    found = sources()
    for edit in case.get("edits", ()):
        text = found[edit["file"]]
        if "append" in edit:
            found[edit["file"]] = text + edit["append"]
        else:
            assert edit["old"] in text, f"the bundled {edit['file']} has no {edit['old']!r}"
            times = -1 if edit["old"] == "[[checks]]" else 1
            found[edit["file"]] = text.replace(edit["old"], edit["new"], times)
    for name in case.get("remove", ()):
        del found[name]
    return found | case.get("add", {})


def refused(texts: dict[str, str]) -> tuple[Fault, ...]:
    with pytest.raises(RulebookError) as error:
        scoring.load_sources(texts)
    assert str(error.value).splitlines() == [str(fault) for fault in error.value.faults]
    return error.value.faults


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_broken(path: Path) -> None:
    case = tomllib.loads(path.read_text("utf-8"))
    found = sorted(refused(broken(case)), key=lambda fault: (*fault[:3], fault.message))
    expected = sorted(
        case["faults"],
        key=lambda wanted: (wanted["file"], wanted["key"], KINDS[wanted["kind"]], wanted["says"]),
    )
    shown = "\n".join(map(str, found))
    assert [fault[:3] for fault in found] == [
        (wanted["file"], wanted["key"], KINDS[wanted["kind"]]) for wanted in expected
    ], shown
    for fault, wanted in zip(found, expected, strict=True):
        assert str(fault).startswith(f"{fault.file}: {fault.key}" if fault.key else fault.file)
        for words in wanted["says"]:
            assert words in fault.message, shown


def test_every_kind_of_fault_has_a_broken_rulebook() -> None:
    covered = {
        wanted["kind"]
        for path in BROKEN
        for wanted in tomllib.loads(path.read_text("utf-8"))["faults"]
    }
    # No rulebook: a folder that is not there, and faults of supplements (test_supplements,
    # test_registers).
    of_supplements = {"BAD_PLACES", "EVIDENCE_OF_ONE", "STAFF_NOT_PERSONAL", "PERSONAL_SHARED"}
    assert set(KINDS) - covered == {"NO_DIRECTORY", *of_supplements}


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(RulebookError) as error:
        scoring.load_rulebook(tmp_path / "nowhere")
    (fault,) = error.value.faults
    assert (fault.file, fault.key) == (str(tmp_path / "nowhere"), "")
    assert fault.template == faults.NO_DIRECTORY


def test_a_file_is_no_folder() -> None:
    with pytest.raises(RulebookError):
        scoring.load_rulebook(BUNDLED / "rulebook.toml")


def test_an_empty_folder_lacks_every_file(tmp_path: Path) -> None:
    with pytest.raises(RulebookError) as error:
        scoring.load_rulebook(tmp_path)
    # Which files of items there are is said in the first.
    assert {fault.file for fault in error.value.faults} == {"rulebook.toml", "metrics.toml"}
    assert {fault.template for fault in error.value.faults} == {faults.NO_FILE}


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    for name, text in sources().items():
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "litigation.toml").write_bytes("代码 = 1".encode("gb18030"))
    with pytest.raises(RulebookError) as error:
        scoring.load_rulebook(tmp_path)
    assert [(fault.file, fault.template) for fault in error.value.faults] == [
        ("litigation.toml", faults.UNREADABLE)
    ]


def test_tables_nested_without_end_are_unreadable() -> None:
    texts = sources() | {"litigation.toml": "x = " + "[" * 100_000}
    (fault,) = refused(texts)
    assert (fault.file, fault.template) == ("litigation.toml", faults.UNREADABLE)


def test_a_number_with_a_huge_exponent_is_refused_at_once() -> None:
    text = sources()["enforcement.toml"].replace("target = 53.48", "target = 1e-999999999")
    (fault,) = refused(sources() | {"enforcement.toml": text})
    assert (fault.file, fault.key) == ("enforcement.toml", "items[Q1].rule.target")


def test_an_empty_rulebook_names_what_it_needs() -> None:
    bare = dict.fromkeys(sources(), "")
    found = {str(fault) for fault in refused(bare)}
    for key in ("code", "title", "document", "year", "baseline_year", "ranked_level", "sides"):
        assert any(text.startswith(f"rulebook.toml: {key}:") for text in found), key
    named = "sides = [" + ", ".join(f'{{ side = "{side}" }}' for side in Side) + "]"
    found |= {str(fault) for fault in refused(bare | {"rulebook.toml": named})}
    for side in Side:
        assert any(text.startswith(f"{side}.toml: items:") for text in found)
    assert any(text.startswith("metrics.toml: metrics:") for text in found)


def test_the_bundled_rulebook_loads(rulebook: Rulebook) -> None:
    assert (rulebook.code, rulebook.year, rulebook.baseline_year) == ("yanbian-2019", 2019, 2018)
    assert rulebook.ranked_level is Level.GRASSROOTS
    assert len(rulebook.metrics_of(Side.LITIGATION)) == 13
    assert len(rulebook.metrics_of(Side.ENFORCEMENT)) == 29
    assert rulebook.appraisal_items == ("L2.1", "L3.1", "L4.1", "L5.1")
    for level in Level:
        for side in Side:
            items = [item for item in rulebook.items_of(level) if item.side is side]
            assert sum(item.points[level] for item in items) == Decimal(100)


def test_every_metric_earns_points_or_is_checked(rulebook: Rulebook) -> None:
    """A figure that nothing reads need not be asked for."""
    read = {code for item in rulebook.items for code in item.metrics}
    assert set(rulebook.metrics) == read


def test_the_bundled_texts_are_in_all_three_languages(rulebook: Rulebook) -> None:
    found: list[Text] = []

    def gather(value: object) -> None:
        if isinstance(value, Text):
            found.append(value)
        elif isinstance(value, (tuple, list)):
            for entry in value:
                gather(entry)
        elif isinstance(value, dict):
            for entry in value.values():
                gather(entry)
        elif dataclasses.is_dataclass(value) and not isinstance(value, type):
            for field in dataclasses.fields(value):
                gather(getattr(value, field.name))

    gather(rulebook)
    assert len(found) > 200
    incomplete = [text.zh for text in found if text.zh and not (text.ko and text.en)]
    assert incomplete == []


def test_a_rulebook_comes_back_from_its_own_sources(rulebook: Rulebook) -> None:
    again = scoring.load_sources(rulebook.sources)
    assert again == rulebook
    assert hash(again) == hash(rulebook)
    assert again.sha256 == rulebook.sha256
    assert again.sources == sources()


def test_the_hash_depends_on_names_and_texts_and_on_nothing_else(rulebook: Rulebook) -> None:
    backwards = dict(sorted(sources().items(), reverse=True))
    assert scoring.load_sources(backwards).sha256 == rulebook.sha256
    text = sources()["litigation.toml"]
    changed = scoring.load_sources(sources() | {"litigation.toml": text + "\n"})
    assert changed.sha256 != rulebook.sha256
    assert changed.items == rulebook.items


def test_a_change_of_a_source_text_after_loading_changes_nothing(rulebook: Rulebook) -> None:
    texts = sources()
    loaded = scoring.load_sources(texts)
    texts["litigation.toml"] = ""
    assert loaded.sources == rulebook.sources


def test_notes_may_be_left_out() -> None:
    text = sources()["rulebook.toml"]
    bare = text[: text.index("[[notes]]")]
    assert scoring.load_sources(sources() | {"rulebook.toml": bare}).notes == ()
