"""Word templates made from the built-in one by changing a part."""

from courts.papers.word_file import built_in_template, packed, unpacked

DOCUMENT = "word/document.xml"
RELATIONS = "word/_rels/document.xml.rels"
_PARAGRAPH = (
    '<w:p><w:pPr><w:pStyle w:val="QYFlush"/></w:pPr>'
    '<w:r><w:t xml:space="preserve">{}</w:t></w:r></w:p>'
)
_END = "<w:sectPr>"


def template(*changes: tuple[str, str, str], **parts: bytes) -> bytes:
    """The built-in template with (part, old, new) changed, each once, and further parts."""
    held = unpacked(built_in_template())
    for part, old, new in changes:
        text = held[part].decode()
        assert old in text, (part, old)
        held[part] = text.replace(old, new, 1).encode()
    return packed({**held, **parts})


def with_line(words: str) -> tuple[str, str, str]:
    """A change that adds a paragraph of its own near the end."""
    return (DOCUMENT, _END, _PARAGRAPH.format(words) + _END)


def with_markup(markup: str) -> tuple[str, str, str]:
    """A change that adds raw markup near the end."""
    return (DOCUMENT, _END, markup + _END)


def relation(kind: str, target: str, mode: str = "External") -> tuple[str, str, str]:
    """A change that relates the document to something else."""
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    row = f'<Relationship Id="rId99" Type="{base}{kind}" Target="{target}" TargetMode="{mode}"/>'
    return (RELATIONS, "</Relationships>", row + "</Relationships>")
