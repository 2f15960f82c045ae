"""Owns what the page that edits an issue shows, and what its script is told: blocks and people.

Terms: somebody *has a block open* while their page was heard of within the last seconds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courts.bulletins.selectors.prose.blocks import Block, BlockKind
from courts.bulletins.selectors.prose.issues import Prose, languages_of, prose_of
from courts.models import BlockEditor, BlockRevision, Bulletin, User
from courts.papers.document import Field, Typed
from courts.papers.tokens import runs, shown, stored
from courts.permissions import Account, may_write_bulletin

NAMES = {"zh": "中文", "ko": "조선문"}
# A page asks every few seconds; two lost answers, and its person has gone.
HEARD_WITHIN = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class RunShown:
    """A stretch of a block: words, a live number with its key, or a number typed by hand."""

    kind: str
    text: str
    key: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FindingShown:
    """What is wrong at a place of the edited text."""

    code: str
    severity: str
    message: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class BlockShown:
    """A block as its editor sees it. `keys` are those of its tokens, by what they show."""

    key: str
    kind: str
    level: int
    version: int
    text: str
    keys: Mapping[str, str]
    reasons: Mapping[str, str]
    runs: tuple[RunShown, ...]
    findings: tuple[FindingShown, ...]
    typed: tuple[str, ...]
    is_edited: bool
    is_own: bool
    changed_by: str = ""
    changed_at: str = ""

    @property
    def errors(self) -> int:
        return sum(one.severity == "error" for one in self.findings)

    @property
    def state(self) -> str:
        """All of it for the page's script, as JSON."""
        return json.dumps(self.as_json(), ensure_ascii=False)

    def as_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "kind": self.kind,
            "level": self.level,
            "version": self.version,
            "text": self.text,
            "keys": dict(self.keys),
            "reasons": dict(self.reasons),
            "typed": list(self.typed),
            "is_edited": self.is_edited,
            "changed_by": self.changed_by,
            "changed_at": self.changed_at,
            "runs": [[one.kind, one.text, one.key, one.reason] for one in self.runs],
            "findings": [
                {
                    "code": one.code,
                    "severity": one.severity,
                    "message": one.message,
                    "start": one.start,
                    "end": one.end,
                    "text": one.text,
                }
                for one in self.findings
            ],
        }


@dataclass(frozen=True, slots=True)
class TableShown:
    """A table among the blocks, made from the snapshot and not edited."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class EditingPage:
    """The page: the issue, its blocks in one language, and how many errors there are."""

    bulletin: Bulletin
    language: str
    languages: tuple[str, ...]
    blocks: tuple[BlockShown, ...]
    table: TableShown
    annexes: tuple[str, ...]
    errors: int
    is_open: bool
    is_signed: bool
    since: int

    # What a paragraph that somebody adds begins with.
    empty = BlockShown("", BlockKind.PARAGRAPH.value, 0, 1, "", {}, {}, (), (), (), False, True)

    @property
    def title(self) -> str:
        return "".join(self.bulletin.title.split("\n"))

    @property
    def tabs(self) -> tuple[tuple[str, str], ...]:
        """The languages with their names, where there are several."""
        if len(self.languages) == 1:
            return ()
        return tuple((one, NAMES[one]) for one in self.languages)


def editing_page(user: Account, bulletin: Bulletin, language: str) -> EditingPage:
    """What the page shows. A few queries, however many blocks."""
    prose = prose_of(bulletin, language)
    revised = last_revisions(bulletin, language)
    return EditingPage(
        bulletin=bulletin,
        language=language,
        languages=languages_of(bulletin),
        blocks=tuple(block_shown(prose, block, revised.get(block.key)) for block in prose.blocks),
        table=_table(prose),
        annexes=tuple(f"{one.label} {one.title}" for one in prose.drafted.annexes),
        errors=prose.errors,
        is_open=may_edit(user, bulletin),
        is_signed=bulletin.signatures.exists(),
        since=max((one.pk for one in revised.values()), default=0),
    )


def may_edit(user: Account, bulletin: Bulletin) -> bool:
    """Whether the account may change the prose now: its office writes, and nothing is published."""
    is_open = bulletin.state in (Bulletin.State.DRAFT, Bulletin.State.SIGNED)
    return is_open and may_write_bulletin(user, bulletin.quality_year, bulletin.sides)


def last_revisions(bulletin: Bulletin, language: str) -> Mapping[str, BlockRevision]:
    """The last change of each block, by key. One query."""
    rows = BlockRevision.objects.filter(bulletin=bulletin, language=language).select_related("by")
    return {row.block: row for row in rows.order_by("version")}


def changed_since(bulletin: Bulletin, language: str, since: int) -> tuple[int, frozenset[str]]:
    """The number of the last change, and which blocks changed after the one seen. One query."""
    rows = BlockRevision.objects.filter(bulletin=bulletin, language=language, pk__gt=since)
    found = list(rows.order_by("pk").values_list("pk", "block"))
    return (found[-1][0] if found else since), frozenset(block for _pk, block in found)


def block_shown(prose: Prose, block: Block, revision: BlockRevision | None = None) -> BlockShown:
    """One block with what is wrong in it; `revision` is its last change."""
    display = shown(block.text, prose.numbers)
    found = () if block.kind is BlockKind.TABLE else prose.findings(block)
    parts = runs(block.text, prose.numbers, block.reasons, prose.names)
    return BlockShown(
        key=block.key,
        kind=block.kind.value,
        level=block.level,
        version=block.version,
        text=display.text,
        keys=display.keys,
        reasons=block.reasons,
        runs=tuple(_run(run) for run in parts),
        findings=tuple(
            FindingShown(
                code=one.code,
                severity=one.severity.value,
                message=_(one.rule.template) % one.values,
                start=one.start,
                end=one.end,
                text=display.text[one.start : one.end],
            )
            for one in found
        ),
        typed=tuple(dict.fromkeys(run.text for run in parts if isinstance(run, Typed))),
        is_edited=revision is not None,
        is_own=block.key.startswith("own."),
        changed_by=str(revision.by or "") if revision is not None else "",
        changed_at=_moment(revision.at) if revision is not None else "",
    )


def tried_block(
    prose: Prose, key: str, text: str, keys: Mapping[str, str], reasons: Mapping[str, str]
) -> BlockShown | None:
    """A block as it would be with an unsaved text; None when it is gone."""
    block = prose.block.get(key)
    if block is None or block.kind is BlockKind.TABLE:
        return None
    held = stored("".join(text.splitlines()), keys, prose.numbers)
    return block_shown(prose, replace(block, text=held, reasons=reasons))


def _run(run: Any) -> RunShown:
    if isinstance(run, Field):
        return RunShown("field", run.text, run.key)
    if isinstance(run, Typed):
        return RunShown("typed", run.text, reason=run.reason)
    return RunShown("text", run.text)


def _moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "H:i")


def _table(prose: Prose) -> TableShown:
    made = prose.drafted.points
    return TableShown(
        caption="".join(run.text for run in made.caption),
        columns=tuple(column.title for column in made.columns),
        rows=tuple(
            tuple("".join(run.text for run in cell.runs) for cell in row.cells) for row in made.rows
        ),
    )


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody else who has the issue open, and which block."""

    name: str
    block: str


def others_editing(user: User, bulletin: Bulletin, now: datetime) -> tuple[Presence, ...]:
    """Who else has the issue open, and where. One query."""
    rows = BlockEditor.objects.filter(bulletin=bulletin, seen_at__gte=now - HEARD_WITHIN)
    found = rows.exclude(user=user).select_related("user").order_by("user__name", "pk")
    return tuple(Presence(str(row.user), row.block) for row in found)
