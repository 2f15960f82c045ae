"""Owns which files an issue leaves the system as, and their bytes at the moment of publication.

They are made once and stored with their SHA-256; nothing is made again from the snapshot later.
Making them takes seconds and holds nothing: `sources_of` tells afterwards whether they still say
what the issue says.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from courts.bulletins.paper_files import paper_makers, template_hash
from courts.bulletins.selectors.documents import (
    document_of,
    own_document_of,
    with_record_head,
)
from courts.bulletins.selectors.prose.drafts import ACTIVE
from courts.bulletins.selectors.prose.issues import languages_of
from courts.bulletins.selectors.word_templates import template_in_use
from courts.bulletins.template_trials import FileUnmadeError
from courts.closings.selectors.snapshots import stored
from courts.frame.refusals import ReturnError
from courts.frame.selectors.record import daily_head
from courts.models import Bulletin, BulletinFile, QualityYear
from courts.papers.document import Document, to_data
from courts.papers.pdf import SettingError
from courts.printing.files import TYPES

Kind = BulletinFile.Kind


@dataclass(frozen=True, slots=True)
class IssuedFile:
    """One file: for everybody who sees all, or for the court of that code."""

    kind: str
    language: str
    scope: str
    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def sources_of(bulletin: Bulletin) -> str:
    """The hash of all that the files of an issue are made from."""
    documents = []
    for language in languages_of(bulletin):
        with translation.override(ACTIVE[language]):
            document = with_record_head(document_of(bulletin, language), daily_head())
            documents.append(to_data(document))
    shown = bulletin.quality_year.ranking_shown
    sources = [bulletin.version, bulletin.snapshot.sha256, template_of(bulletin), shown, documents]
    return hashlib.sha256(json.dumps(sources, sort_keys=True, default=str).encode()).hexdigest()


def issued_files(bulletin: Bulletin) -> Iterator[IssuedFile]:
    """The papers in every language of the issue; the snapshot whole, and each court's own part."""
    stem = f"{bulletin.quality_year.code}-{bulletin.month:02}-{bulletin.pk}"
    yield from papers_of(bulletin, stem)
    parts = stored(bulletin.snapshot)
    yield from own_papers_of(bulletin, stem, parts.courts)
    yield IssuedFile(Kind.SNAPSHOT, "zh", "", f"{stem}.json", parts.text.encode())
    for code in parts.courts:
        extract = parts.extract([code])
        yield IssuedFile(Kind.SNAPSHOT, "zh", code, f"{stem}-{code}.json", extract.text.encode())


def file_count(bulletin: Bulletin) -> int:
    """How many files an issue has."""
    courts = len(stored(bulletin.snapshot).courts)
    papers = 1 + (courts if _has_own_papers(bulletin) else 0)
    return papers * len(languages_of(bulletin)) * len(TYPES) + 1 + courts


def papers_of(bulletin: Bulletin, stem: str) -> Iterator[IssuedFile]:
    """Word, PDF and page; `ReturnError` when one of them cannot be made."""
    template = template_in_use(bulletin.quality_year)
    for language in languages_of(bulletin):
        with translation.override(ACTIVE[language]):
            document = document_of(bulletin, language)
        document = with_record_head(document, daily_head())
        yield from _papers(document, template, "", stem)


def own_papers_of(bulletin: Bulletin, stem: str, courts: Iterable[str]) -> Iterator[IssuedFile]:
    """The same of each court's own paper, where courts do not get the whole bulletin."""
    if not _has_own_papers(bulletin):
        return
    template = template_in_use(bulletin.quality_year)
    for code in courts:
        for language in languages_of(bulletin):
            with translation.override(ACTIVE[language]):
                document = own_document_of(bulletin, code, language)
            document = with_record_head(document, daily_head())
            yield from _papers(document, template, code, f"{stem}-{code}")


def _has_own_papers(bulletin: Bulletin) -> bool:
    return bulletin.quality_year.ranking_shown != QualityYear.RankingShown.FULL


def _papers(
    document: Document, template: bytes | None, scope: str, stem: str
) -> Iterator[IssuedFile]:
    language = document.language
    for kind, make in paper_makers(document, template).items():
        try:
            # Not across the `yield`: the language is the caller's in between.
            with translation.override(ACTIVE[language]):
                content = make()
        except (FileUnmadeError, SettingError) as error:
            raise ReturnError(_("通报文件没有生成：%(error)s") % {"error": error}) from error
        name = f"{stem}{'' if language == 'zh' else '-ko'}.{kind}"
        yield IssuedFile(kind, language, scope, name, content)


def template_of(bulletin: Bulletin) -> str:
    """The hash of the Word template that the issue is made with."""
    return template_hash(template_in_use(bulletin.quality_year))
