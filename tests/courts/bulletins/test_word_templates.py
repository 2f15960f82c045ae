"""The office's own Word template: every fault has a name, and nothing hostile runs or leaves."""

import io
import zipfile

import pytest

from courts.bulletins import template_trials
from courts.bulletins.template_trials import FileUnmadeError, faults_of, sentence, word_by
from courts.files import children
from courts.files.plain import Bounds
from courts.papers.template_trial import template_faults
from courts.papers.word_file import built_in_template
from tests.courts.bulletins.made_templates import (
    DOCUMENT,
    relation,
    template,
    with_line,
    with_markup,
)
from tests.courts.bulletins.sample_papers import chinese_document

TYPES = "[Content_Types].xml"
FIELD = (
    '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{}</w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
)
BODY_TAG = "{{p body }}"
NUMBER_TAG = "{{ imprint.copies }}"


def codes(content: bytes) -> set[tuple[str, str]]:
    """Code and field of each fault."""
    return {(code, str(found.get("field", ""))) for code, found in template_faults(content)}


def test_built_in_template_and_one_with_words_and_numbers_of_its_own_have_no_fault() -> None:
    assert template_faults(built_in_template()) == []
    changed = template(
        with_line("电话 0433-1234567，第 3 版"),
        ("word/styles.xml", 'w:val="FF3333"', 'w:val="CC0000"'),
        ("word/footer1.xml", " PAGE ", " PAGE \\* MERGEFORMAT "),
    )
    assert template_faults(changed) == []


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (template((DOCUMENT, NUMBER_TAG, "{{ imprint.coppies }}")), ("unknown", "imprint.coppies")),
        (template((DOCUMENT, "{{ number }}", "{{ nomber }}")), ("unknown", "nomber")),
        (template((DOCUMENT, NUMBER_TAG, "共印若干")), ("lacking", "imprint.copies")),
        (template((DOCUMENT, BODY_TAG, "正文")), ("lacking", "body")),
        (template((DOCUMENT, "{{ marks.demo }}", "")), ("lacking", "marks.demo")),
        (template((DOCUMENT, BODY_TAG, "{{ body }}")), ("misplaced", "body")),
        (template((DOCUMENT, BODY_TAG, "正文：{{p body }}")), ("misplaced", "body")),
        (template((DOCUMENT, "{{ addressee }}", "{{p addressee }}")), ("misplaced", "addressee")),
        (template((DOCUMENT, NUMBER_TAG, "{{ imprint.copies + }}")), ("syntax", "")),
        # Without its end a brace swallows what follows.
        (template((DOCUMENT, NUMBER_TAG, "{{ imprint.copies ")), ("lacking", "imprint.copies")),
        (template((DOCUMENT, NUMBER_TAG, "{{ imprint.copies | nofilter }}")), ("syntax", "")),
        (template(with_line("{% if number %}")), ("syntax", "")),
        # A condition that leaves a field out, a filter that cuts a number, a field printed twice.
        (
            template((DOCUMENT, NUMBER_TAG, "{% if is_series %}{{ imprint.copies }}{% endif %}")),
            ("lost", "imprint.copies"),
        ),
        (
            template((DOCUMENT, NUMBER_TAG, "{{ imprint.copies | replace('1', '2') }}")),
            ("lost", "imprint.copies"),
        ),
        (template(with_line("{{ imprint.copies }}")), ("added", "imprint.copies")),
        (
            template((DOCUMENT, NUMBER_TAG, "{{ imprint.copies | replace('字', '') }}")),
            ("altered", ""),
        ),
        # What would run outside of the sandbox, or reach out of the document.
        (template(with_line("{{ number.__class__.__mro__ }}")), ("unsafe", "")),
        (template(with_line("{{ cycler.__init__.__globals__ }}")), ("unknown", "cycler")),
        (template(with_line("{% include 'x' %}")), ("syntax", "")),
        (template(relation("hyperlink", "http://example.org/")), ("link", "")),
        (template(relation("attachedTemplate", "file:///x.dotm")), ("link", "")),
        (template(relation("image", "http://example.org/a.png")), ("link", "")),
        (template(relation("oleObject", "x.bin", "Internal")), ("embedded", "")),
        (template(relation("aFChunk", "x.html", "Internal")), ("embedded", "")),
        (
            template(with_markup(FIELD.format("DDEAUTO c:\\\\x.exe"))),
            ("field_code", "DDEAUTO c:\\\\x.exe"),
        ),
        (
            template(with_markup(FIELD.format("IN</w:instrText><w:instrText>CLUDETEXT x"))),
            ("field_code", "INCLUDETEXT x"),
        ),
        (
            template(with_markup('<w:p><w:fldSimple w:instr="HYPERLINK &quot;x&quot;"/></w:p>')),
            ("field_code", 'HYPERLINK "x"'),
        ),
        (template(**{"word/vbaProject.bin": b"x"}), ("macro", "")),
        (
            template(
                (
                    TYPES,
                    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main",
                    "application/vnd.ms-word.document.macroEnabled.main",
                )
            ),
            ("macro", ""),
        ),
        (template(("word/styles.xml", 'w:styleId="QYHeading2"', 'w:styleId="x"')), ("styles", "")),
        (template((DOCUMENT, "<w:body>", "<w:body><w:t>")), ("damaged", "")),
        (
            template((DOCUMENT, "<w:document", '<!DOCTYPE x [<!ENTITY a "b">]><w:document')),
            ("entities", ""),
        ),
        (b"%PDF-1.4", ("not_word", "")),
        (b"PK\x03\x04", ("not_word", "")),
        (b"", ("not_word", "")),
    ],
)
def test_a_faulty_template_is_told_its_fault(content: bytes, expected: tuple[str, str]) -> None:
    assert expected in codes(content)


def test_every_fault_has_a_sentence() -> None:
    for content in (
        template((DOCUMENT, NUMBER_TAG, "{{ x }}")),
        template(with_line("{% if number %}")),
        template(relation("hyperlink", "http://example.org/")),
        b"x",
    ):
        for code, found in template_faults(content):
            assert sentence(code, dict(found))
    assert "http://example.org/" in sentence("link", {"target": "http://example.org/"})


def test_bounds_hold_before_anything_is_opened() -> None:
    bounds = Bounds(most_bytes=4 * 1024 * 1024, most_members=20, most_unpacked=1024 * 1024)
    swelling = template(**{"word/media/x.png": b"0" * 2 * 1024 * 1024})
    assert len(swelling) < 100_000
    assert template_faults(swelling, bounds) == [("swells", {})]
    many = template(**{f"word/media/{number}.png": b"0" for number in range(20)})
    assert template_faults(many, bounds)[0][0] == "members"
    assert faults_of(b"0" * (template_trials.MOST_BYTES + 1))[0][0] == "too_big"


def test_two_parts_of_one_name_are_refused() -> None:
    made = io.BytesIO(template())
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("WORD/document.xml", b"<x/>")
    assert ("twice", "") in codes(made.getvalue())


def test_a_child_makes_the_file_and_says_the_faults() -> None:
    content = template(with_line("电话 0433"))
    made = word_by(content, chinese_document())
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert "电话 0433" in archive.read(DOCUMENT).decode()
    assert [code for code, _found in faults_of(template((DOCUMENT, NUMBER_TAG, "{{ x }}")))] == [
        "unknown",
        "lacking",
    ]
    with pytest.raises(FileUnmadeError):
        word_by(b"x", chinese_document())


def test_a_template_that_never_ends_or_swells_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "PATIENCE", 0.2)
    loop = "{% for a in number * 9999 %}{% for b in number * 9999 %}{% endfor %}{% endfor %}"
    assert faults_of(template(with_line(loop))) == [("too_much", {})]
    assert faults_of(template(with_line("{{ number * 999999999 }}"))) == [("too_much", {})]
