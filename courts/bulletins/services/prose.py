"""Owns writing the prose of an issue: drafts, blocks, and who has which block open.

Every block has a version of its own: a text is written only over the version its writer saw, and a
text that meets another is written nowhere and told beside it. Writing voids signatures. Never
signs, and never publishes.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from courts import database_clock
from courts.actions.selectors.told import told_of_month
from courts.bulletins.selectors.editing import may_edit
from courts.bulletins.selectors.prose.blocks import Block, BlockKind
from courts.bulletins.selectors.prose.drafts import ACTIVE
from courts.bulletins.selectors.prose.issues import LANGUAGES, Prose, prose_of
from courts.bulletins.selectors.prose.kept import OWN, KeptProse
from courts.bulletins.services.signatures import save_issue, void_signatures
from courts.frame import events
from courts.frame.listing import itemized
from courts.frame.reasons import EDITED, SIGNED_BEFORE
from courts.frame.refusals import ReturnError, StaleError, StateError
from courts.models import BlockEditor, BlockRevision, Bulletin, PaperSettings, Snapshot, User
from courts.models.bulletins import LONGEST_BLOCK
from courts.models.sides import joined
from courts.papers.tokens import stored
from courts.permissions import may_write_bulletin

State = Bulletin.State
MOST_REASONS, LONGEST_REASON = 100, 300
# More would make a bulletin nobody reads.
MOST_OWN = 60
# What may be added: kinds of blocks, headings with their level.
OWN_FORMS = {
    "paragraph": (BlockKind.PARAGRAPH, 0),
    "heading1": (BlockKind.HEADING, 1),
    "heading2": (BlockKind.HEADING, 2),
    "heading3": (BlockKind.HEADING, 3),
    "heading4": (BlockKind.HEADING, 4),
    "item": (BlockKind.ITEM, 0),
    "note": (BlockKind.NOTE, 0),
}


class BlockStatus(StrEnum):
    """What became of a block that was sent."""

    SAVED = "saved"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class BlockEntry:
    """A block as sent: its text with tokens as shown, their keys, and the version seen."""

    key: str
    seen: int
    text: str
    keys: Mapping[str, str]
    reasons: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BlockResult:
    """What became of a write. `block` is the stored one, by any writer; None when it is gone."""

    status: BlockStatus
    block: Block | None


@transaction.atomic
def make_draft(*, user: User, snapshot: Snapshot, in_korean: bool = False) -> Bulletin:
    """An issue of a closed month, its prose as the snapshot gives it.

    `PermissionDenied` for whose office has no side of it, `ReturnError` for a voided snapshot or
    one that has an issue already.
    """
    year, sides = snapshot.quality_year, snapshot.side_codes
    if not may_write_bulletin(user, year, sides):
        raise PermissionDenied(_("只有负责该类数据的管理部门可以起草通报。"))
    if snapshot.voided_at is not None:
        raise StateError(_("这个月已经重新打开，须再次关账。"))
    paper = PaperSettings.objects.filter(quality_year=year).first()
    bulletin = Bulletin(
        quality_year=year,
        snapshot=snapshot,
        side=joined(sides),
        month=snapshot.month,
        carrier=paper.carrier if paper else Bulletin.Carrier.REDHEAD,
        in_korean=in_korean or bool(paper and paper.in_korean),
        made_by=user,
        made_at=database_clock.now(),
    )
    titles = {language: prose_of(bulletin, language).drafted.title for language in LANGUAGES}
    bulletin.title, bulletin.title_ko = titles["zh"][:200], titles["ko"][:200]
    try:
        with transaction.atomic():
            bulletin.full_clean(exclude=["prose", "settings"])
            bulletin._history_user = user  # type: ignore[attr-defined]
            bulletin.save()
    except IntegrityError as error:
        raise StateError(_("这份数据快照已有通报。")) from error
    bulletin.writers.add(user)
    for language in LANGUAGES:
        _tell_of_actions(user, bulletin, language)
    events.record(
        action="draft_bulletin",
        year=year,
        actor=user,
        data={"bulletin": bulletin.pk, "sha256": snapshot.sha256},
    )
    return bulletin


def _tell_of_actions(user: User, bulletin: Bulletin, language: str) -> None:
    """Behind the problems, put a paragraph of the actions under way and of causes people found.

    It is a paragraph like one that the writer added: to edit, or to leave out.
    """
    year, sides = bulletin.quality_year, bulletin.snapshot.side_codes
    with override(ACTIVE[language]):
        told = told_of_month(year, bulletin.month, sides)
        text = _("督导整改情况：%(lines)s。") % {"lines": itemized(told)}
    if not told:
        return
    prose = prose_of(bulletin, language)
    after = [block.key for block in prose.blocks if block.key.startswith("problems.")][-1]
    words = stored(" ".join(text.split())[:LONGEST_BLOCK], {}, prose.numbers)
    block = Block(f"{OWN}supervision", BlockKind.PARAGRAPH, words)
    kept = KeptProse.of(bulletin.prose, language)
    kept = replace(kept, after={block.key: after, **kept.after})
    _store(user, bulletin, prose, language, block, kept)


@dataclass(frozen=True, slots=True)
class IssueValues:
    """What stands around the prose of an issue."""

    carrier: str
    number_year: int | None
    number: int | None
    dated_on: date | None
    title: str
    in_korean: bool
    title_ko: str


@transaction.atomic
def set_issue(*, user: User, bulletin: Bulletin, values: IssueValues, seen: int) -> Bulletin:
    """Set number, date, title, carrier and languages; `StaleError` over a version not seen.

    Only what changes is written; it voids signatures as an edited block does.
    """
    held, _prose = _held(user, bulletin, LANGUAGES[0])
    changed = {
        name: value for name, value in asdict(values).items() if getattr(held, name) != value
    }
    if not changed:
        return held
    if held.version != seen:
        raise StaleError(_("您打开之后，这份通报又有改动；请看过最新内容后再办理。"))
    before = {name: str(getattr(held, name)) for name in changed}
    for name, value in changed.items():
        setattr(held, name, value)
    held.full_clean(exclude=["prose", "settings"])
    void_signatures(bulletin=held, user=user, reason=SIGNED_BEFORE)
    save_issue(held, user, EDITED)
    held.writers.add(user)
    events.record(
        action="set_issue",
        year=held.quality_year,
        actor=user,
        data={
            "bulletin": held.pk,
            "before": before,
            "after": {name: str(value) for name, value in changed.items()},
        },
    )
    return held


@transaction.atomic
def save_block(*, user: User, bulletin: Bulletin, language: str, entry: BlockEntry) -> BlockResult:
    """Write a block over the version its writer saw; the same text again is no write.

    Raises `ReturnError`.
    """
    held, prose = _held(user, bulletin, language)
    block = prose.block.get(entry.key)
    if block is None:
        return BlockResult(BlockStatus.CONFLICT, None)
    if block.kind is BlockKind.TABLE:
        raise ReturnError(_("表格由数据快照生成，不能编辑。"))
    text = stored(_cleaned(entry.text), entry.keys, prose.numbers)
    reasons = _reasons(entry.reasons)
    if (text, reasons) == (block.text, dict(block.reasons)):
        return BlockResult(BlockStatus.UNCHANGED, block)
    if block.version != entry.seen:
        return BlockResult(BlockStatus.CONFLICT, block)
    block = replace(block, text=text, reasons=reasons, version=block.version + 1)
    _store(user, held, prose, language, block)
    return BlockResult(BlockStatus.SAVED, block)


@transaction.atomic
def restore_block(
    *, user: User, bulletin: Bulletin, language: str, key: str, seen: int
) -> BlockResult:
    """Put back the text that the snapshot gives."""
    held, prose = _held(user, bulletin, language)
    block = prose.block.get(key)
    drafted = next((one for one in prose.drafted.blocks if one.key == key), None)
    if block is None or drafted is None or block.version != seen:
        return BlockResult(BlockStatus.CONFLICT, block)
    block = replace(drafted, version=block.version + 1)
    _store(user, held, prose, language, block)
    return BlockResult(BlockStatus.SAVED, block)


@transaction.atomic
def add_block(
    *, user: User, bulletin: Bulletin, language: str, after: str, form: str = "paragraph"
) -> Block:
    """Add an empty block behind another; `ReturnError` when that one is gone.

    `form` is one of `OWN_FORMS`.
    """
    if form not in OWN_FORMS:
        raise ReturnError(_("没有读懂发来的数据，请刷新页面后再试。"))
    kind, level = OWN_FORMS[form]
    held, prose = _held(user, bulletin, language)
    kept = KeptProse.of(held.prose, language)
    if after not in prose.block:
        raise ReturnError(_("这一段已经删去。请刷新页面后再试。"))
    if sum(key.startswith(OWN) for key in kept.edited) >= MOST_OWN:
        raise ReturnError(_("最多添加%(most)s段。请先删去或合并几段。") % {"most": MOST_OWN})
    block = Block(f"{OWN}{secrets.token_hex(6)}", kind, "", level)
    kept = replace(kept, after={block.key: after, **kept.after})
    _store(user, held, prose, language, block, kept)
    return block


@transaction.atomic
def leave_block_out(
    *, user: User, bulletin: Bulletin, language: str, key: str, seen: int
) -> BlockResult:
    """Leave a block out of the bulletin; only of the version that was seen.

    Raises `ReturnError`.
    """
    held, prose = _held(user, bulletin, language)
    block = prose.block.get(key)
    if block is None:
        return BlockResult(BlockStatus.UNCHANGED, None)
    if block.kind is BlockKind.TABLE:
        raise ReturnError(_("表格由数据快照生成，不能编辑。"))
    if block.version != seen:
        return BlockResult(BlockStatus.CONFLICT, block)
    kept = KeptProse.of(held.prose, language)
    kept = replace(kept, left_out=(*kept.left_out, key))
    gone = replace(block, text="", version=block.version + 1)
    _store(user, held, prose, language, gone, kept)
    return BlockResult(BlockStatus.SAVED, None)


def note_editor(
    *, user: User, bulletin: Bulletin, language: str, block: str, now: datetime
) -> None:
    """Note which block the account has open."""
    BlockEditor.objects.update_or_create(
        bulletin=bulletin,
        user=user,
        defaults={"language": language, "block": block[:80], "seen_at": now},
    )


def _held(user: User, bulletin: Bulletin, language: str) -> tuple[Bulletin, Prose]:
    """The issue, held until the transaction ends, and its prose as it stands."""
    if language not in LANGUAGES:
        raise ReturnError(_("没有这种语言。"))
    Bulletin.objects.select_for_update(of=("self",)).order_by().get(pk=bulletin.pk)
    held = Bulletin.objects.select_related(
        "quality_year__court", "snapshot", "restates__snapshot"
    ).get(pk=bulletin.pk)
    if not may_write_bulletin(user, held.quality_year, held.sides):
        raise PermissionDenied(_("只有负责该类数据的管理部门可以编辑通报。"))
    if not may_edit(user, held):
        text = _("这份通报%(state)s，不能再编辑。")
        raise StateError(text % {"state": held.get_state_display()})
    return held, prose_of(held, language)


def _store(
    user: User,
    held: Bulletin,
    prose: Prose,
    language: str,
    block: Block,
    kept: KeptProse | None = None,
) -> None:
    """Write a block down, with its history, and void what was signed over the old text."""
    kept = kept or KeptProse.of(held.prose, language)
    kept = replace(kept, edited={**kept.edited, block.key: block}, frozen=())
    held.prose = {**held.prose, language: kept.as_json()}
    held.version += 1
    if not void_signatures(bulletin=held, user=user, reason=SIGNED_BEFORE):
        # The blocks have a history of their own; the row's would grow with every pause.
        Bulletin.objects.filter(pk=held.pk).update(prose=held.prose, version=held.version)
    held.writers.add(user)
    BlockRevision.objects.create(
        bulletin=held,
        language=language,
        block=block.key,
        version=block.version,
        text=block.text,
        data=dict(block.reasons),
        by=user,
        at=database_clock.now(),
    )


def _cleaned(text: str) -> str:
    """One paragraph: line ends become nothing, blanks around it go."""
    text = "".join(text.splitlines()).strip()
    if len(text) > LONGEST_BLOCK:
        raise ReturnError(_("一段最多%(most)s字。请删减。") % {"most": LONGEST_BLOCK})
    return text


def _reasons(reasons: Mapping[str, str]) -> dict[str, str]:
    """The reasons given for numbers typed by hand."""
    if len(reasons) > MOST_REASONS:
        raise ReturnError(_("没有读懂发来的数据，请刷新页面后再试。"))
    found = {number: reason.strip() for number, reason in reasons.items() if reason.strip()}
    if any(len(reason) > LONGEST_REASON for reason in found.values()):
        raise ReturnError(_("最多%(most)s字。请删减。") % {"most": LONGEST_REASON})
    return found
