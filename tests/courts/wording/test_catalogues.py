"""Tests of the catalogues: what is found in sources, what counts as a fault, what compiles."""

import gettext
import os
from pathlib import Path

import django
import polib
import pytest
from django import forms
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation

from courts.wording import catalogues
from courts.wording.catalogues import Message

PYTHON = """
from django.utils import translation
from django.utils.translation import gettext as _, ngettext, npgettext, pgettext_lazy as label

a = _("甲" "乙")
b = ngettext("%(n)s 件", "共 %(n)s 件", n)
c = label("法院", "月")
d = npgettext("法院", "一件", "多件", n)
e = translation.gettext_lazy("丙")
f = other("不算")
"""

TEMPLATE = """{% load i18n %}
<h1 title="{% translate "标题" %}">{{ value|default:_("无") }}</h1>
{% blocktranslate trimmed with name=court %}
  {{ name }}
  的记分卡
{% endblocktranslate %}
{% blocktranslate count n=n %}一件{% plural %}{{ n }} 件{% endblocktranslate %}
{% translate "月" context "法院" %}
<p>_("不算") gettext("也不算")</p>
"""


def write(path: Path, *entries: polib.POEntry) -> Path:
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    catalogue.extend(entries)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))
    return path


@pytest.fixture
def english(tmp_path: Path) -> Path:
    return tmp_path / "en" / "LC_MESSAGES" / "django.po"


def test_messages_of_python() -> None:
    assert set(catalogues.messages_of_python(PYTHON, "x.py")) == {
        Message("甲乙"),
        Message("%(n)s 件", plural="共 %(n)s 件"),
        Message("月", context="法院"),
        Message("一件", context="法院", plural="多件"),
        Message("丙"),
    }


@pytest.mark.parametrize("call", ["_(name)", '_(f"{name}件")', "_()"])
def test_text_known_at_run_time_only_is_refused(call: str) -> None:
    source = f"from django.utils.translation import gettext as _\n{call}\n"
    with pytest.raises(catalogues.UntranslatableError, match=r"x\.py:2"):
        list(catalogues.messages_of_python(source, "x.py"))


def test_messages_of_template() -> None:
    assert set(catalogues.messages_of_template(TEMPLATE, "x.html")) == {
        Message("标题"),
        Message("无"),
        Message("%(name)s 的记分卡"),
        Message("一件", plural="%(n)s 件"),
        Message("月", context="法院"),
    }


def test_messages_of_tree_reads_modules_and_templates(tmp_path: Path) -> None:
    (tmp_path / "app" / "inner").mkdir(parents=True)
    (tmp_path / "app" / "inner" / "x.py").write_text(PYTHON, "utf-8")
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "x.html").write_text(TEMPLATE, "utf-8")
    (tmp_path / "pages" / "x.css").write_text('_("不算")', "utf-8")
    assert len(catalogues.messages_of_tree(tmp_path, ["app"], "pages")) == 9


def test_faultless(english: Path) -> None:
    write(
        english,
        polib.POEntry(msgid="共 %(n)s 件", msgstr="%(n)s cases in all"),
        polib.POEntry(
            msgid="{n} 件",
            msgid_plural="共 {n} 件",
            msgstr_plural={0: "one case", 1: "{n} cases"},
        ),
        polib.POEntry(msgid="Locked", msgstr="Locked out", tcomment="foreign: axes"),
    )
    messages = {Message("共 %(n)s 件"), Message("{n} 件", plural="共 {n} 件")}
    assert catalogues.faults(english, messages) == []


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (polib.POEntry(msgid="乙", msgstr="b"), "missing"),
        (polib.POEntry(msgid="甲", msgstr=""), "untranslated"),
        (polib.POEntry(msgid="甲", msgstr="a", flags=["fuzzy"]), "fuzzy"),
        (polib.POEntry(msgid="甲", msgstr="a %(n)s"), "other placeholders"),
        (polib.POEntry(msgid="甲", msgstr="a {n}"), "other placeholders"),
        (polib.POEntry(msgid="甲", msgid_plural="乙", msgstr_plural={0: "a"}), "other plural"),
        (polib.POEntry(msgid="甲", msgstr="a", obsolete=True), "obsolete"),
    ],
)
def test_faults(english: Path, entry: polib.POEntry, fault: str) -> None:
    found = catalogues.faults(write(english, entry), {Message("甲")})
    assert any(f": {fault}: '甲'" in line for line in found)


def test_what_the_sources_lack_is_obsolete(english: Path) -> None:
    write(english, polib.POEntry(msgid="乙", msgstr="b"))
    assert catalogues.faults(english, set()) == [f"{english}: obsolete: '乙'"]


@pytest.mark.parametrize(
    "forms", [{0: "one case"}, {0: "one", 1: "many"}, {0: "%(m)s", 1: "%(n)s"}]
)
def test_plural_forms_are_all_there_and_the_last_keeps_the_number(
    english: Path, forms: dict[int, str]
) -> None:
    write(english, polib.POEntry(msgid="%(n)s 件", msgid_plural="%(n)s 件", msgstr_plural=forms))
    assert len(catalogues.faults(english, {Message("%(n)s 件", plural="%(n)s 件")})) == 1


def test_a_catalogue_that_is_not_there_is_a_fault(english: Path) -> None:
    assert catalogues.faults(english, set()) == [f"{english}: there is no such catalogue"]


def test_update_adds_and_drops_and_keeps(english: Path) -> None:
    write(
        english,
        polib.POEntry(msgid="甲", msgstr="a"),
        polib.POEntry(msgid="乙", msgstr="b"),
        polib.POEntry(msgid="己", msgstr="f", obsolete=True),
        polib.POEntry(msgid="Locked", msgstr="Locked out", tcomment="foreign: axes"),
    )
    messages = {Message("甲"), Message("丙"), Message("丁", plural="戊")}
    assert catalogues.update(english, messages) == (2, 2)

    entries = {entry.msgid: entry for entry in polib.pofile(str(english))}
    assert set(entries) == {"甲", "丙", "丁", "Locked"}
    assert entries["甲"].msgstr == "a"
    assert entries["丁"].msgstr_plural == {0: "", 1: ""}
    before = english.read_bytes()
    assert catalogues.update(english, messages) == (0, 0)
    assert english.read_bytes() == before


def test_update_makes_a_catalogue(english: Path) -> None:
    assert catalogues.update(english, {Message("甲")}) == (1, 0)
    assert catalogues.faults(english, {Message("甲")}) == [f"{english}: untranslated: '甲'"]


def test_labels_of_forms_end_with_the_marks_of_the_language() -> None:
    """Chinese has its full-width colon, said once for all forms; a question has none."""

    class Asking(forms.Form):
        day = forms.CharField(label="日期")
        sure = forms.CharField(label="确定吗？")

    ends = {}
    for language in ("zh-hans", "ko", "en"):
        with translation.override(language):
            form = Asking()
            ends[language] = [
                form[name].label_tag(attrs={"for": ""}).partition("</label>")[0][-1]
                for name in ("day", "sure")
            ]
    assert ends["zh-hans"] == ["：", "？"]
    assert (ends["ko"][0], ends["en"][0]) == (":", ":")


def test_compiles_what_changed_only(english: Path, tmp_path: Path) -> None:
    write(english, polib.POEntry(msgid="甲", msgstr="a"))
    os.utime(english, (1, 1))
    compiled = english.with_suffix(".mo")
    assert catalogues.compile_all(tmp_path) == [compiled]
    with compiled.open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("甲") == "a"
    assert catalogues.compile_all(tmp_path) == []

    os.utime(compiled, (0, 0))
    assert catalogues.compile_all(tmp_path) == [compiled]


def test_path_of_a_language() -> None:
    path = catalogues.catalogue_path(Path("locale"), "zh-hans")
    assert path == Path("locale/zh_Hans/LC_MESSAGES/django.po")


def test_commands(tmp_path: Path, settings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.BASE_DIR = tmp_path
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    (tmp_path / "courts").mkdir()
    module = tmp_path / "courts" / "x.py"
    module.write_text(PYTHON, "utf-8")

    with pytest.raises(CommandError, match="2 faults"):
        call_command("check_catalogues")
    call_command("check_catalogues", "--update")
    assert "ko: 5 added, 0 dropped" in capsys.readouterr().out
    with pytest.raises(CommandError, match="10 faults"):
        call_command("check_catalogues")
    call_command("compile_catalogues")
    assert (tmp_path / "locale" / "ko" / "LC_MESSAGES" / "django.mo").exists()

    module.write_text("from django.utils.translation import gettext\ngettext(name)\n", "utf-8")
    with pytest.raises(CommandError, match="plain texts"):
        call_command("check_catalogues")


def test_plural_rules_are_djangos_own() -> None:
    for locale, rule in catalogues.PLURAL_RULES.items():
        folder = Path(django.__file__).parent / "conf" / "locale" / locale / "LC_MESSAGES"
        theirs = polib.pofile(str(folder / "django.po")).metadata["Plural-Forms"]
        assert theirs.replace(" ", "") == rule.replace(" ", "")


def test_a_module_without_django_may_mark_its_messages() -> None:
    source = """
def gettext_noop(message): return message
WRONG = gettext_noop("不对")
"""
    assert set(catalogues.messages_of_python(source, "faults.py")) == {catalogues.Message("不对")}


def test_a_message_marked_elsewhere_is_looked_up_by_its_template() -> None:
    source = """
from django.utils.translation import gettext as _
def sentence(fault): return _(fault.template)
"""
    assert not set(catalogues.messages_of_python(source, "command.py"))
