"""Owns the prose of one issue: its month, its blocks, its numbers, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from courts.bulletins.selectors.prose.blocks import Block, BlockKind
from courts.bulletins.selectors.prose.drafts import ProseDraft, draft
from courts.bulletins.selectors.prose.kept import KeptProse
from courts.bulletins.selectors.prose.month import BulletinMonth
from courts.models import Bulletin, Court, Snapshot
from courts.papers.findings import Finding, Severity
from courts.papers.tokens import Number, examined, plain
from courts.snapshots.parts import Parts, parse
from courts.snapshots.verification import frozen
from courts.years.court_changes import court_changes_of

LANGUAGES = ("zh", "ko")
LONGEST_START = 16
FROZEN_STATES = (Bulletin.State.SIGNED, Bulletin.State.PUBLISHED)


@dataclass(frozen=True)
class Prose:
    """The prose of an issue in one language, as it stands."""

    month: BulletinMonth
    language: str
    drafted: ProseDraft
    blocks: tuple[Block, ...]

    @cached_property
    def block(self) -> Mapping[str, Block]:
        return {block.key: block for block in self.blocks}

    @cached_property
    def numbers(self) -> Mapping[str, Number]:
        """Every live number by key, with its source in words."""
        return {
            key: Number(one.text, one.cases, one.whole, _source(one.label, one.paragraph), one.rose)
            for key, one in self.drafted.ledger.numbers.items()
        }

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Labels of the rules with a number in them, longest first: names, and no figures."""
        rulebook = self.month.rulebook
        labels = {
            one.label.get(self.language)
            for held in (rulebook.items, rulebook.metrics.values(), rulebook.groups)
            for one in held
        }
        labels |= {text.get(self.language) for text in self.month.words.names.values()}
        with_number = [label for label in labels if any(letter.isdecimal() for letter in label)]
        return tuple(sorted(with_number, key=lambda label: (-len(label), label)))

    def findings(self, block: Block) -> tuple[Finding, ...]:
        """What is wrong with a block; places are those of its text as it is edited."""
        return examined(
            block.text,
            self.numbers,
            block.reasons,
            self.language,
            names=self.names,
            is_annual=block.is_annual,
        )

    @cached_property
    def faults(self) -> tuple[tuple[Block, Finding], ...]:
        """The findings that keep the issue from being published, each with its block."""
        return tuple(
            (block, one)
            for block in self.blocks
            if block.kind is not BlockKind.TABLE
            for one in self.findings(block)
            if one.severity is Severity.ERROR
        )

    @property
    def errors(self) -> int:
        """How many they are."""
        return len(self.faults)

    def start_of(self, block: Block) -> str:
        """The first words of a block, by which people know it."""
        text = plain(block.text, self.numbers)
        return text if len(text) <= LONGEST_START else text[:LONGEST_START] + "…"


def _source(label: str, paragraph: str) -> str:
    return f"{label} · {paragraph}" if label and paragraph else label or paragraph


def prose_of(bulletin: Bulletin, language: str) -> Prose:
    """The prose of an issue. One query for the months before, the first time in a process."""
    month, drafted = _drafted(*hashes_of(bulletin), language)
    kept = KeptProse.of(bulletin.prose, language)
    if kept.frozen and bulletin.state in FROZEN_STATES:
        return Prose(month, language, drafted, kept.frozen)
    return Prose(month, language, drafted, kept.over(drafted.blocks))


def languages_of(bulletin: Bulletin) -> tuple[str, ...]:
    """The languages that the issue is written in."""
    return LANGUAGES if bulletin.in_korean else LANGUAGES[:1]


def wording_faults(bulletin: Bulletin) -> tuple[tuple[str, Finding], ...]:
    """The errors of wording that keep the issue from being signed, each with its block's start."""
    return tuple(
        (prose.start_of(block), one)
        for prose in (prose_of(bulletin, language) for language in languages_of(bulletin))
        for block, one in prose.faults
    )


def hashes_of(bulletin: Bulletin) -> tuple[str, tuple[str, ...], str]:
    """What the prose is made from: the snapshot, those of the months before, the one corrected.

    One query.
    """
    snapshot = bulletin.snapshot
    before = (
        Snapshot.objects.standing()
        .filter(quality_year=snapshot.quality_year_id, month__lt=snapshot.month)
        .order_by("month", "number")
        .values_list("month", "sides", "sha256")
    )
    # Of several snapshots of a month the last one counts.
    chosen = {month: sha256 for month, sides, sha256 in before if sides == snapshot.sides}
    old = "" if bulletin.restates is None else bulletin.restates.snapshot.sha256
    return snapshot.sha256, tuple(chosen[month] for month in sorted(chosen)), old


@lru_cache(maxsize=16)
def _month(sha256: str, before: tuple[str, ...], restated: str) -> BulletinMonth:
    wanted = [sha256, *before, *filter(None, [restated])]
    rows = Snapshot.objects.filter(sha256__in=wanted).order_by()
    texts = dict(rows.values_list("sha256", "text"))
    earlier = tuple(_read(parse(texts[one])) for one in before)
    old = _read(parse(texts[restated])) if restated else None
    month = replace(_read(parse(texts[sha256])), earlier=earlier, restated=old)
    if all(one.court.keys() == month.court.keys() for one in earlier):
        return month
    year = Snapshot.objects.select_related("quality_year").get(sha256=sha256).quality_year
    keys = dict(Court.objects.under(year.court_id).values_list("code", "pk"))
    return replace(month, changes=court_changes_of(year), keys=keys)


def _read(parts: Parts) -> BulletinMonth:
    return BulletinMonth(parts, frozen(parts))


@lru_cache(maxsize=16)
def _drafted(
    sha256: str, before: tuple[str, ...], restated: str, language: str
) -> tuple[BulletinMonth, ProseDraft]:
    """A month and its draft; snapshots never change, so both are kept by their hashes."""
    month = _month(sha256, before, restated)
    return month, draft(month, language)


def frozen_prose(bulletin: Bulletin) -> dict[str, object]:
    """The prose with every block as it stands, for an issue that is being signed."""
    found = dict(bulletin.prose)
    for language in languages_of(bulletin):
        kept = KeptProse.of(bulletin.prose, language)
        _found, drafted = _drafted(*hashes_of(bulletin), language)
        blocks = kept.over(drafted.blocks)
        found[language] = KeptProse(kept.edited, kept.after, kept.left_out, blocks).as_json()
    return found
