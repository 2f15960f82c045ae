"""Owns reading a year's Word templates: which is in use, which waits, what was used before."""

from __future__ import annotations

from dataclasses import dataclass

from courts.bulletins.paper_files import template_hash
from courts.models import QualityYear, WordTemplate
from courts.papers.word import GROUPS, LINES, PARAGRAPHS
from courts.papers.word_file import built_in_template
from courts.permissions import Account, may_bring_template, may_use_template

BUILT_IN = 0
State = WordTemplate.State


class NoTemplateError(Exception):
    """There is no such template in the year."""


@dataclass(frozen=True, slots=True)
class TemplatePage:
    """What the page shows; `in_use` is None where the built-in one is."""

    in_use: WordTemplate | None
    waiting: WordTemplate | None
    earlier: tuple[WordTemplate, ...]
    built_in_sha256: str
    may_bring: bool
    may_use: bool
    may_withdraw: bool
    lines: tuple[str, ...]
    paragraphs: tuple[str, ...]


def template_page(user: Account, year: QualityYear) -> TemplatePage:
    """The year's templates without their bytes, the newest first. One query."""
    rows = list(
        WordTemplate.objects.filter(quality_year=year)
        .defer("content")
        .select_related("uploaded_by", "decided_by", "quality_year__court")
    )
    waiting = next((row for row in rows if row.state == State.WAITING), None)
    return TemplatePage(
        in_use=next((row for row in rows if row.state == State.IN_USE), None),
        waiting=waiting,
        earlier=tuple(row for row in rows if row.state not in {State.WAITING, State.IN_USE}),
        built_in_sha256=template_hash(),
        may_bring=may_bring_template(user, year),
        may_use=waiting is not None and may_use_template(user, waiting),
        may_withdraw=waiting is not None and waiting.uploaded_by_id == user.pk,
        lines=(
            *(line for line in LINES if line != "is_series"),
            *(f"{group}.{name}" for group, names in GROUPS.items() for name in names),
        ),
        paragraphs=PARAGRAPHS,
    )


def template_in_use(year: QualityYear) -> bytes | None:
    """The bytes of the office's own template; None where the built-in one is used. One query."""
    row = WordTemplate.objects.filter(quality_year=year, state=State.IN_USE).first()
    return bytes(row.content) if row else None


def template_content(year: QualityYear, pk: int) -> tuple[str, bytes | None]:
    """Name and bytes of a template; no bytes for the built-in one. `NoTemplateError`."""
    if pk == BUILT_IN:
        return "template.docx", None
    row = WordTemplate.objects.filter(quality_year=year, pk=pk).first()
    if row is None:
        raise NoTemplateError(pk)
    return row.name, bytes(row.content)


def template_file(year: QualityYear, pk: int) -> bytes:
    """The bytes of a template, the built-in one for 0. `NoTemplateError`."""
    _name, content = template_content(year, pk)
    return built_in_template() if content is None else content
