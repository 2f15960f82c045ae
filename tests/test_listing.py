"""Holds every row of things to `scoring.listing`: marks that items do not contain, in one place."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import polib
import pytest
from django.template import Context, Template
from django.utils import translation

from courts.frame import listing
from scoring.listing import CLAUSES, PHRASES, WORDS, filled, listed_in

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    ("language", "items", "lightest", "row"),
    [
        ("zh-hans", ["延吉法院", "图们法院"], WORDS, "延吉法院、图们法院"),
        ("ko", ["연길법원", "도문법원"], WORDS, "연길법원, 도문법원"),
        ("en", ["Yanji", "Tumen"], WORDS, "Yanji, Tumen"),
        ("zh-hans", ["诉讼 30.00", "执行 40.00"], PHRASES, "诉讼 30.00，执行 40.00"),
        # A mark that an item holds does not part items.
        ("zh-hans", ["申请再审、申诉受理数", "执结"], WORDS, "申请再审、申诉受理数；执结"),
        ("zh-hans", ["材料一，二.xlsx", "三.xlsx"], WORDS, "材料一，二.xlsx；三.xlsx"),
        ("zh-hans", ["甲、乙；丙", "丁"], WORDS, "甲、乙；丙／丁"),
        ("zh-hans", ["甲、乙", "丙"], CLAUSES, "甲、乙；丙"),
        ("zh-hans", ["因为；所以", "丙"], CLAUSES, "因为；所以／丙"),
        ("en", ["Revised, remanded", "Closed"], WORDS, "Revised, remanded; Closed"),
        ("en", ["a, b; c", "d"], WORDS, "a, b; c / d"),
        ("ko", ["재심신청、신소", "집행"], WORDS, "재심신청、신소; 집행"),
        # Nothing is parted where there is one.
        ("zh-hans", ["甲、乙；丙"], WORDS, "甲、乙；丙"),
        ("en", [], WORDS, ""),
    ],
)
def test_a_row_takes_the_lightest_mark_that_no_item_holds(
    language: str, items: list[str], lightest: int, row: str
) -> None:
    assert listed_in(language, items, lightest) == row


def test_a_row_stands_in_the_language_of_the_page() -> None:
    both = ["甲", "乙"]
    ways = (listing.enumerated, listing.phrases, listing.itemized, listing.clauses)
    with translation.override("zh-hans"):
        assert [way(both) for way in ways] == ["甲、乙", "甲，乙", "甲；乙", "甲；乙"]
    for language in ("ko", "en"):
        with translation.override(language):
            assert [way(both) for way in ways] == ["甲, 乙", "甲, 乙", "甲; 乙", "甲; 乙"]
    with translation.override("zh-hans"):
        # A sentence keeps its marks, whatever its parts say, and loses parts that say nothing.
        assert listing.phrases(["升3件，增一成", "", "居首"]) == "升3件，增一成，居首"
        assert listing.clauses(["甲；乙", "", "丙"]) == "甲；乙；丙"


def test_names_and_notes_stand_in_the_signs_of_the_page() -> None:
    shown = {}
    for language in ("zh-hans", "ko", "en"):
        with translation.override(language):
            shown[language] = (
                listing.labelled("A", 1),
                listing.noted("A", "B"),
                listing.addressed("A"),
            )
    assert shown == {
        "zh-hans": ("A：1", "A（B）", "A："),
        "ko": ("A: 1", "A(B)", "A:"),
        "en": ("A: 1", "A (B)", "A:"),
    }


def test_templates_set_rows_by_the_same_rule() -> None:
    source = (
        "{% load wording %}{{ names|enumerated }}|{{ names|itemized }}|"
        '{% sign "、" %}|{% sign "；" %}|{% sign "：" %}|{% sign "（" %}'
    )
    names = ["a<b", "c、d"]
    with translation.override("zh-hans"):
        shown = Template(source).render(Context({"names": names}))
        assert shown == "a&lt;b；c、d|a&lt;b；c、d|、|；|：|（"
    with translation.override("en"):
        assert Template(source).render(Context({"names": ["a", "b"]})) == "a, b|a; b|, |; |: | ("


def test_a_template_with_values_sets_tuples_in_a_row() -> None:
    assert filled("可用的键：%(known)s", {"known": ("a", "b")}) == "可用的键：a、b"
    assert filled("Known: %(known)s %(one)s", {"known": ("a", "b"), "one": 1}, "en") == (
        "Known: a, b 1"
    )


MARKS = {"、", "，", "；", ",", ", ", "; ", ";", "／", " / ", "”、“"}
# Rows that nobody reads as words of a page: code, columns of files, and messages to programmers.
NO_WORDS = {
    "courts/admin/imports.py": "columns of a CSV file",
    "courts/frame/stamping.py": "columns of a trigger",
    "courts/accounts/views/lists.py": "columns of a CSV file",
    "courts/rulebooks/views/targets.py": "columns of a CSV file",
    "courts/setup/views/prefectures.py": "columns of a CSV file",
    "courts/files/sheets.py": "columns of a CSV file",
    "courts/ballots/offline_file.py": "script",
    "courts/ballots/scripts.py": "script",
    "courts/ballots/protocol/canonical.py": "an error of a protocol",
    "courts/ballots/verify.py": "a program that stands alone",
    "courts/closings/services/closing.py": "a column of the database",
    "courts/restatements/services/restatements.py": "a column of the database",
    "courts/models/sides.py": "a column of the database",
    "courts/figures/services/new_rows.py": "SQL",
    "courts/systems/services/published_views.py": "SQL",
    "courts/papers/document.py": "an error of a programmer",
    "courts/papers/plain_data.py": "an error of a file's form",
    "courts/snapshots/canonical.py": "an error of a file's form",
    "courts/snapshots/verification.py": "an error of a file's form",
    "courts/takeaways/workbook/calculation.py": "a formula of a workbook",
    "courts/takeaways/workbook/summary.py": "a formula of a workbook",
    "courts/takeaways/workbook/sums.py": "a formula of a workbook",
    "courts/rulebooks/forms/editions.py": "a list as it is typed",
    "courts/rulebooks/selectors/rulebook_pages.py": "points beside levels",
    "courts/rulebooks/services/edition_parts.py": "TOML",
    "scoring/texts.py": "TOML",
    "scoring/readings.py": "an error of a programmer",
    "scoring/spreadsheet.py": "a formula of a workbook",
    "scoring/formulas/conditions.py": "a formula in symbols",
    "scoring/formulas/ranked.py": "a formula in symbols",
}


def joins(source: str) -> list[int]:
    """The lines on which a mark joins anything, itself or as a message."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Attribute) and node.attr == "join"):
            continue
        mark = node.value
        if isinstance(mark, ast.Call) and mark.args:
            mark = mark.args[0]
        if isinstance(mark, ast.Constant) and mark.value in MARKS:
            found.append(node.lineno)
    return found


def test_no_code_sets_a_row_by_hand() -> None:
    found = {
        str(path.relative_to(ROOT)): lines
        for folder in ("courts", "scoring")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in path.parts and (lines := joins(path.read_text("utf-8")))
    }
    assert sorted(set(found) - set(NO_WORDS)) == [], found
    assert sorted(set(NO_WORDS) - set(found)) == []
    assert joins('a = "、".join(b)\nc = _("；").join(d)\ne = "".join(f)\n') == [1, 2]


BY_HAND = re.compile(
    r'\|join:"[^"]*[、，；,;][^"]*"'
    r"|forloop\.(?:last|first) %\}\s*(?:[、，；,;]|\{% translate \"[、，；])"
)


def test_no_template_sets_a_row_by_hand() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in sorted((ROOT / "templates").rglob("*.*"))
        for match in BY_HAND.finditer(path.read_text("utf-8"))
    ]
    assert found == []
    assert BY_HAND.search('{{ names|join:"、" }}')
    assert BY_HAND.search("{% if not forloop.last %}、{% endif %}")


def test_no_script_sets_a_row_by_hand() -> None:
    by_hand = re.compile(r"\.join\(\s*[\"'`][、，；]")
    scripts = sorted((ROOT / "static").rglob("*.js"))
    assert scripts
    assert [str(path) for path in scripts if by_hand.search(path.read_text("utf-8"))] == []


def test_the_script_of_ballots_knows_the_same_marks() -> None:
    """A page without a server sets names in a row itself: by the marks of words of the rule."""
    script = (ROOT / "static/courts/ballots/ballot-prints.js").read_text("utf-8")
    part = script[script.index("export const listed") : script.index("export const inFours")]
    found = re.findall(r'\["([^"]+)", "([^"]*)"\]', part)
    for language, names in (("en", found[:3]), ("zh", found[3:])):
        mark, held = names[0]
        assert listed_in(language, ["a", "b"]) == f"a{mark}b"
        for sign in held:
            assert listed_in(language, [f"a{sign}", "b"]) == f"a{sign}{names[1][0]}b"
        for sign in names[1][1]:
            both = f"{held[0]}{sign}"
            assert listed_in(language, [both, "b"]) == f"{both}{names[2][0]}b"


SIGN = re.compile("[，。；：？！（）、]")
TAGS = re.compile(
    r"\{% (?P<block>blocktranslate|comment)\b.*?\{% end(?P=block) %\}"
    r"|\{%.*?%\}|\{#.*?#\}|\{\{.*?\}\}",
    re.DOTALL,
)


def test_no_template_writes_a_chinese_sign_into_every_language() -> None:
    """Between translated words a page sets a sign by `{% sign %}`, which knows all languages."""
    found = []
    for path in sorted((ROOT / "templates").rglob("*.*")):
        text = TAGS.sub("", path.read_text("utf-8"))
        found += [
            f"{path.relative_to(ROOT)}: {line}" for line in text.splitlines() if SIGN.search(line)
        ]
    assert found == []
    assert SIGN.search(TAGS.sub("", '{% translate "原因" %}：{{ reason }}'))


# Texts in code that are no words of a page, or that are Chinese whatever the page speaks.
CHINESE_ALONE = {
    "courts/takeaways/workbook/places.py": "signs that are looked for",
    "courts/files/pairing.py": "signs that are looked for",
    "courts/accounts/services/lists.py": "signs that are looked for",
    "courts/years/services/entries.py": "signs that are looked for",
    "courts/papers/document.py": "signs that are looked for",
    "courts/acceptances/selectors/papers.py": "numbers of headings",
    "courts/actions/selectors/told.py": "signs that are cut off",
    "courts/ballots/services/rounds.py": "names in a manifest, which is in Chinese",
    "courts/ballots/verify.py": "a program that stands alone",
    "courts/files/pairs.py": "signs that are looked for",
    "courts/files/texts.py": "signs that are looked for",
    "courts/frame/listing.py": "the rule itself",
    "courts/papers/vocabulary.py": "signs that are looked for",
    "courts/rulebooks/forms/editions.py": "signs that are looked for",
    "courts/rulebooks/services/caps.py": "headings of files",
    "courts/rulebooks/services/targets.py": "headings of files",
    "courts/setup/services/ballot_samples.py": "what somebody typed",
    "courts/setup/services/demo_issues.py": "what somebody typed",
    "courts/setup/services/demo_lines.py": "what somebody typed",
    "courts/setup/services/demo_scenes.py": "what somebody typed",
}


def signs(source: str) -> list[int]:
    """The lines with a text that holds a Chinese sign and is given to no translation."""
    tree = ast.parse(source)
    told: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
            if name.endswith("gettext") or name in NAMES_OF_TRANSLATION:
                told |= {id(inner) for given in node.args for inner in ast.walk(given)}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            told.add(id(node.value))
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in told
        and SIGN.search(node.value)
    ]


NAMES_OF_TRANSLATION = {"_", "_t", "_n", "gettext_lazy", "gettext_noop", "ngettext_lazy", "Text"}


def test_no_code_writes_a_chinese_sign_into_every_language() -> None:
    found = {
        str(path.relative_to(ROOT)): lines
        for path in sorted((ROOT / "courts").rglob("*.py"))
        if "migrations" not in path.parts and (lines := signs(path.read_text("utf-8")))
    }
    assert sorted(found) == sorted(CHINESE_ALONE), found
    assert signs('"""注：意。"""\na = f"{b}：{c}"\nd = _("甲：%(e)s")\n') == [2]


def beside_chinese(text: str) -> list[str]:
    """Half-width signs that stand beside Chinese characters."""
    bare = re.sub(r"%\(\w+\)[sd]|\{\w+\}", "甲", text)
    return re.findall(
        r"[\u3400-\u9fff”）》」] ?[,:;()?!](?!//)|[,:;()?!] ?[\u3400-\u9fff“（《]", bare
    )


def prose(path: Path) -> list[str]:
    """The lines of a document without its code, the addresses of its links and its comments."""
    aside = re.compile(r"```.*?```|`[^`]*`|\]\([^)]*\)|<!--.*?-->", re.DOTALL)
    return aside.sub("", path.read_text("utf-8")).splitlines()


def test_chinese_texts_have_chinese_signs() -> None:
    catalogue = polib.pofile(str(ROOT / "locale/en/LC_MESSAGES/django.po"))
    texts = [
        (entry.msgid, text)
        for entry in catalogue
        if "foreign" not in entry.comment
        for text in (entry.msgid, entry.msgid_plural)
        if re.search(r"[\u3400-\u9fff]", text)
    ]
    for path in sorted((ROOT / "docs/manual").glob("*.md")):
        body = re.sub(
            r"```.*?```|`[^`]*`|\]\([^)]*\)|<!--.*?-->", "", path.read_text(), flags=re.DOTALL
        )
        texts += [(path.name, line) for line in body.splitlines()]
    assert len(texts) > 5_000
    wrong = {place: found for place, text in texts if (found := beside_chinese(text))}
    assert wrong == {}
    assert beside_chinese("原因:%(text)s,请改") == ["因:", "甲,"]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_other_languages_have_their_own_signs(language: str) -> None:
    """Save where the sign itself is spoken of, in quotes, or Chinese is quoted as such."""
    entries = polib.pofile(str(ROOT / f"locale/{language}/LC_MESSAGES/django.po"))
    texts = [
        (entry.msgid, text)
        for entry in entries
        for text in (entry.msgstr, *entry.msgstr_plural.values())
    ]
    for path in sorted((ROOT / "docs/manual" / language).glob("*.md")):
        texts += [(path.name, line) for line in prose(path)]
    assert len(texts) > 5_000
    quoted = re.compile(
        r"“[，。；：？！（）、]”|[\u3400-\u9fff][，。；：？！（）、]+[\u3400-\u9fff]"
    )
    wrong = {place: text for place, text in texts if SIGN.search(quoted.sub("", text))}
    assert wrong == {}
