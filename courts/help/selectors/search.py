"""Owns looking words up in the manual: headings and texts that hold all words of a question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from courts.help.rendering import ManualPassage
from courts.help.selectors.manual import manual_pages
from courts.help.selectors.places import part_address

MOST_FOUND = 30
# Characters before the first word found, and of an excerpt in all.
_BEFORE, _LONGEST = 30, 160


@dataclass(frozen=True, slots=True)
class ManualHit:
    """A passage that holds all words; `excerpt` is of pieces, each with whether it is a word."""

    page: str
    title: str
    address: str
    excerpt: tuple[tuple[str, bool], ...]


def search_manual(question: str, language: str, pages: Sequence[str]) -> tuple[ManualHit, ...]:
    """The passages that hold all words of the question: in headings first, then by `pages`."""
    words = tuple(dict.fromkeys(question.casefold().split()))
    if not words:
        return ()
    manual = manual_pages(language)
    found = [
        (name, manual[name].title, passage)
        for name in pages
        for passage in manual[name].passages
        if _holds("\n".join((passage.title, *passage.texts)), words)
    ]
    found.sort(key=lambda one: not _holds(one[2].title, words))
    return tuple(
        ManualHit(
            page=title,
            title=passage.title,
            address=part_address(f"{name}#{passage.anchor}"),
            excerpt=tuple(_pieces(_excerpt(passage, words), words)),
        )
        for name, title, passage in found[:MOST_FOUND]
    )


def _holds(text: str, words: Sequence[str]) -> bool:
    folded = text.casefold()
    return all(word in folded for word in words)


def _excerpt(passage: ManualPassage, words: Sequence[str]) -> str:
    """The text with the most of the words, from a little before the first of them."""
    texts = passage.texts or ("",)
    best = max(texts, key=lambda text: sum(word in text.casefold() for word in words))
    places = [place for word in words if (place := best.casefold().find(word)) >= 0]
    start = max(min(places, default=0) - _BEFORE, 0)
    piece = best[start : start + _LONGEST]
    before, after = "…" if start else "", "…" if start + _LONGEST < len(best) else ""
    return f"{before}{piece}{after}"


def _pieces(text: str, words: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """The text in pieces: words that were asked for, and what stands between them."""
    folded = text.casefold()
    if len(folded) != len(text):
        # A letter that folds into two has no place of its own.
        yield text, False
        return
    place = 0
    while place < len(text):
        following = [(at, word) for word in words if (at := folded.find(word, place)) >= 0]
        if not following:
            break
        at, word = min(following, key=lambda one: (one[0], -len(one[1])))
        if at > place:
            yield text[place:at], False
        yield text[at : at + len(word)], True
        place = at + len(word)
    if place < len(text):
        yield text[place:], False
