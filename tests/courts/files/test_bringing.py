"""Bringing a file in: a refusal names the file, and puts the earlier preview away."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from courts.admin.imports import ImportFileForm
from courts.bulletins.forms.word_templates import TemplateForm
from courts.extracts.forms.extracts import ExtractForm
from courts.files import children
from courts.files.forms.fields import BroughtFileField
from courts.files.forms.waiting import WaitingForm
from courts.files.sheets import SourceFile
from courts.frame.refusals import RuleError
from courts.models import QualityYear, WaitingTable
from courts.returns.forms.uploads import UploadFileForm
from courts.rulebooks.forms.editions import ImportForm, ReplaceForm
from courts.rulebooks.forms.supplements import SupplementFileForm
from courts.rulebooks.services.edition_archives import files_of
from tests.courts.admin_fixtures import client_of, make_account

FORMS: tuple[Any, ...] = (
    ExtractForm,
    ImportForm,
    ReplaceForm,
    SupplementFileForm,
    TemplateForm,
    UploadFileForm,
    WaitingForm,
    ImportFileForm,
)
GOOD = b"court,item,target\n,L2.1,5\n"
WORKBOOK = Path(__file__).parents[2] / "files" / "00_base.xlsx"
PARTS = ("rulebook.toml", "metrics.toml", "litigation.toml", "enforcement.toml")


def given(content: bytes, name: str = "十二月.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_an_empty_or_large_file_is_refused_by_its_name(form: Any) -> None:
    """On every page that takes a file of data or rules; the size is read from the declaration."""
    name = "import_file" if form is ImportFileForm else "file"
    field = form.base_fields[name]
    assert isinstance(field, BroughtFileField)
    large = given(b"x")
    large.size = field.most_bytes + 1
    for file, words in ((given(b""), "文件是空的"), (large, "文件超过")):
        with pytest.raises(Exception, match=f"十二月.csv：{words}"):
            field.clean(file)
    large.size = field.most_bytes
    assert field.clean(large) is large


def test_a_refusal_stands_on_top_and_puts_the_earlier_preview_away(
    year: QualityYear, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(make_account("office", "yanbian", "office"))
    page = reverse("courts:targets_import", args=[year.code])

    def bring(content: bytes, name: str = "十二月.csv") -> str:
        text = client.post(page, {"file": given(content, name)}).content.decode()
        assert text.index(name) < text.index('type="file"')
        return text

    for refused, words in (
        (b"", "文件是空的"),
        (GOOD.replace(b"5", b"x"), "有 1 处错误"),
        (b"%PDF-1.4 \xff\xfe", "PDF"),
    ):
        assert 'name="confirmed"' in bring(GOOD)
        assert WaitingTable.objects.count() == 1
        text = bring(refused)
        assert words in text
        assert 'name="confirmed"' not in text
        assert not WaitingTable.objects.exists()

    # As many files are being read as may; a short text is read without waiting.
    bring(GOOD)
    for _place in range(children.MOST_WAITING):
        assert children._PLACES.acquire(blocking=False)
    try:
        assert "现在有好几份文件在读，请过一会儿再传。" in bring(WORKBOOK.read_bytes(), "表.xlsx")
    finally:
        for _place in range(children.MOST_WAITING):
            children._PLACES.release()
    assert not WaitingTable.objects.exists()
    assert 'name="confirmed"' in bring(GOOD)


def archive(parts: tuple[str, ...], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as into:
        for part in parts:
            into.writestr(part, "x = 1\n" * 100)
    return packed.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_damaged_archive_of_rules_is_refused_by_its_name(method: int) -> None:
    whole = archive(PARTS, method)
    assert set(files_of(SourceFile("规则.zip", whole))) == set(PARTS)
    damaged = bytearray(whole)
    start = whole.index(b"rulebook.toml") + len("rulebook.toml")
    damaged[start : start + 20] = b"\xff" * 20
    for content in (
        bytes(damaged),
        whole[:-30],
        archive(("rulebook.toml", *PARTS[2:]), method),
        b"no archive",
    ):
        with pytest.raises(RuleError, match=r"^规则\.zip：."):
            files_of(SourceFile("规则.zip", content))
