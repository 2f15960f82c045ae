"""Owns the tokens of live numbers in a text, and numbers typed by hand. No Django.

Stored, a token is ⟦key⟧; for whoever edits, it is ⟦571⟧: its number, with ′ behind it for another
number of the same value in that text. A number outside tokens is typed by hand, unless it is part
of a name: in quotation marks, in a document's number, behind a letter, or in a label of the rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from courts.papers import findings
from courts.papers.document import Field, Run, Text, Typed
from courts.papers.findings import Finding
from courts.papers.wording import Live, check

OPEN, CLOSE, ANOTHER = "⟦", "⟧", "′"
_TOKEN = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")
_BRACKET = re.compile(f"[{OPEN}{CLOSE}]")
_NUMBER = re.compile(r"(?<![A-Za-z0-9.,])[0-9]+(?:[.,][0-9]+)*")
_NAME = re.compile(r"“[^”]*”|《[^》]*》|〔[0-9]{4}〕[0-9]+[号호]")
# A heading of Korean papers begins with its number: 1. or (1).
_ORDINAL = re.compile(r"\A\s*(?:[0-9]+\.(?![0-9])|\([0-9]+\))")


class Number(NamedTuple):
    """A live number as far as a text needs it: as it is printed, the share that it is, and
    whether it tells of a rise or a fall."""

    text: str
    cases: int | None = None
    whole: int | None = None
    source: str = ""
    rose: bool | None = None


class Piece(NamedTuple):
    """A stretch of a text: plain words, or a token with its `key`."""

    text: str
    key: str | None = None


class Shown(NamedTuple):
    """A text as its editor sees it, and the key of each token by what stands in the brackets."""

    text: str
    keys: Mapping[str, str]


def pieces(text: str) -> Iterator[Piece]:
    """The stretches of a stored text, in order."""
    position = 0
    for match in _TOKEN.finditer(text):
        if match.start() > position:
            yield Piece(text[position : match.start()])
        yield Piece(match.group(), match[1])
        position = match.end()
    if position < len(text):
        yield Piece(text[position:])


def shown(text: str, numbers: Mapping[str, Number]) -> Shown:
    """A stored text as it is edited; a token without a number stays as it is."""
    keys: dict[str, str] = {}
    parts = []
    for piece in pieces(text):
        if piece.key is None or piece.key not in numbers:
            parts.append(piece.text)
            continue
        label = numbers[piece.key].text
        while keys.get(label, piece.key) != piece.key:
            label += ANOTHER
        keys[label] = piece.key
        parts.append(f"{OPEN}{label}{CLOSE}")
    return Shown("".join(parts), keys)


def stored(text: str, keys: Mapping[str, str], numbers: Mapping[str, Number]) -> str:
    """An edited text as it is stored.

    A token whose key is unknown, or whose number was changed within the brackets, is no field any
    more: it stays as it is, and `examined` finds it.
    """

    def key(match: re.Match[str]) -> str:
        found = keys.get(match[1])
        number = numbers.get(found or "")
        if found is None or number is None or number.text != match[1].rstrip(ANOTHER):
            return match.group()
        return f"{OPEN}{found}{CLOSE}"

    return _TOKEN.sub(key, text)


def plain(text: str, numbers: Mapping[str, Number]) -> str:
    """A stored text as it is read, without brackets."""
    found = []
    for piece in pieces(text):
        number = numbers.get(piece.key or "")
        found.append(piece.text if number is None else number.text)
    return "".join(found)


def typed_numbers(text: str, names: Sequence[str] = ()) -> Iterator[re.Match[str]]:
    """The numbers typed by hand in plain words."""
    covered = _covered(text, names)
    yield from _NUMBER.finditer(covered)


def _covered(text: str, names: Sequence[str]) -> str:
    """The words with everything that is a name covered up, letter by letter."""
    for name in names:
        text = text.replace(name, "※" * len(name))
    for pattern in (_NAME, _ORDINAL):
        text = pattern.sub(lambda match: "※" * len(match.group()), text)
    return text


def runs(
    text: str,
    numbers: Mapping[str, Number],
    reasons: Mapping[str, str],
    names: Sequence[str] = (),
) -> tuple[Run, ...]:
    """The runs of a stored text for a document."""
    found: list[Run] = []
    for piece in pieces(text):
        number = numbers.get(piece.key or "")
        if piece.key is not None and number is not None:
            found.append(Field(piece.key, number.text, number.source))
            continue
        position = 0
        for match in typed_numbers(piece.text, names):
            if match.start() > position:
                found.append(Text(piece.text[position : match.start()]))
            found.append(Typed(match.group(), reasons.get(match.group(), "")))
            position = match.end()
        if position < len(piece.text):
            found.append(Text(piece.text[position:]))
    return tuple(found)


def examined(
    text: str,
    numbers: Mapping[str, Number],
    reasons: Mapping[str, str],
    language: str,
    *,
    names: Sequence[str] = (),
    is_annual: bool = False,
) -> tuple[Finding, ...]:
    """Everything wrong with a stored text; places are those of the text as it is edited."""
    display = shown(text, numbers).text
    words: list[str] = []
    live: list[Live] = []
    # Where each letter of the plain text stands in the edited one.
    places: list[int] = []
    found: list[Finding] = []
    position = length = 0
    for piece in pieces(text):
        number = numbers.get(piece.key or "")
        if piece.key is not None and number is not None:
            end = length + len(number.text)
            live.append(Live(length, end, number.cases, number.whole, number.rose))
            places.extend(range(position + 1, position + 1 + len(number.text)))
            words.append(number.text)
            length += len(number.text)
            position += _shown_length(display, position)
            continue
        if piece.key is not None:
            found.append(
                findings.between(
                    findings.UNKNOWN_FIELD, position, position + len(piece.text), text=piece.key
                )
            )
        else:
            found.extend(_of_words(piece.text, position, reasons, names))
        places.extend(range(position, position + len(piece.text)))
        words.append(piece.text)
        length += len(piece.text)
        position += len(piece.text)
    places.append(position)
    for one in check("".join(words), language, live, is_annual=is_annual):
        start, end = places[one.start], places[one.end - 1] + 1
        found.append(one._replace(start=start, end=end))
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))


def _shown_length(display: str, position: int) -> int:
    """How long the token is that begins there in the edited text."""
    return display.index(CLOSE, position) + 1 - position


def _of_words(
    text: str, offset: int, reasons: Mapping[str, str], names: Sequence[str]
) -> Iterator[Finding]:
    """Brackets without a partner, and typed numbers without a reason."""
    for match in _BRACKET.finditer(text):
        start = offset + match.start()
        yield findings.between(findings.UNFINISHED_FIELD, start, start + 1)
    for match in typed_numbers(text, names):
        if not reasons.get(match.group(), "").strip():
            start, end = offset + match.start(), offset + match.end()
            yield findings.between(findings.TYPED, start, end, text=match.group())
