"""Takes the texts out of a page, to be compared with those of a document."""

from __future__ import annotations

from html.parser import HTMLParser

# What ends a piece of text on a page.
_BLOCKS = frozenset(
    "p div h1 h2 h3 h4 h5 h6 li td th tr caption br title header footer section article".split()
)
_SILENT = frozenset({"script", "style", "title"})


def pieces_of_html(content: str) -> list[str]:
    """The texts of a page, block by block."""
    reader = _TextReader()
    reader.feed(content)
    reader.close()
    return [piece for piece in reader.pieces if piece.strip()]


class _TextReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces = [""]
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent += 1
        if tag in _BLOCKS:
            self.pieces.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent -= 1
        if tag in _BLOCKS:
            self.pieces.append("")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.pieces[-1] += data
