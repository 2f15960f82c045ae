"""The papers of a month's bulletin, drafted from its snapshot: one set of numbers in every file."""

from __future__ import annotations

import io
from collections import Counter

import pytest
from pypdf import PdfReader

from courts.bulletins.paper_files import paper_files
from courts.bulletins.selectors.documents import document_of
from courts.papers.document import Table, groups
from courts.papers.numbers import numbers, numbers_of, pieces_of_word
from tests.courts.bulletins.issue_fixtures import closed_month, issue_of
from tests.courts.bulletins.page_texts import pieces_of_html
from tests.courts.bulletins.test_papers import printed_numbers

pytestmark = pytest.mark.django_db


def test_a_bulletin_of_a_month_has_one_set_of_numbers_in_every_file(year, office) -> None:
    issue = issue_of(closed_month(year, office), office)
    issue.title_ko = "‘심판집행 품질의 해’ 활동 심사 상황에 관한 통보"
    for language in ("zh", "ko"):
        document = document_of(issue, language)
        wanted = numbers_of(document)
        assert sum(wanted.values()) > 200
        files = {file.kind: file.content for file in paper_files(document)}
        assert numbers(pieces_of_word(files["docx"])) == wanted
        assert numbers(pieces_of_html(files["html"].decode())) == wanted
        printed = printed_numbers(list(PdfReader(io.BytesIO(files["pdf"])).pages))
        assert wanted - printed == Counter()
        # Where a table goes on, its heading comes again, and nothing else.
        tables = [
            block
            for annex in document.annexes
            for block in annex.blocks
            if isinstance(block, Table)
        ]
        again = [
            numbers([column.title for column in table.columns])
            + numbers([title for title, _count in groups(table.columns)])
            for table in tables
        ]
        assert printed - wanted in [Counter(), *again]
