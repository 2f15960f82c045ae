"""Reads text files of tables: their encoding, what stands between cells, their rows. No Django."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from statistics import median

from courts.files.plain import Bounds, Budget, FileError, GatheredTables, Row, Sheet, clean

UTF8_MARK = b"\xef\xbb\xbf"
UTF16_MARKS = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
DELIMITERS = ",;\t，|"
LOOKED_AT = 50
# Of so many signs of more than one byte, at most one in a hundred may be broken.
FEW_SIGNS = 10
SOUND = 0.1
_QUOTED = re.compile(r'"[^"]*"')
_PARTING, _TEXT_TAB = re.compile("[,;，]"), re.compile(r"(?:^|(?<=[,;，]))\t|\t(?=[,;，]|$)")
_SAID = re.compile(r"sep=(.)\s*\Z", re.IGNORECASE)
# Signs that tables of courts are full of, in each script: which of the encodings that could be
# meant gives sense is told by them.
_SIMPLIFIED = frozenset(
    "指标审判执行案件数量率月年累计法院本期二被改发回重再决定令提级申请诉受理结立初一终实际和保全复议"
    "恢督办事项信访生效裁文书平均天长期未额官上同比减增合计序号单位名称的是不在有人中大为个"
)
_TRADITIONAL = frozenset(
    "指標審判執行案件數量率月年累計法院本期二被改發回重再決定令提級申請訴受理結立初一終實際和保全復議"
    "恢督辦事項信訪生效裁文書平均天長期未額官上同比減增合計序號單位名稱的是不在有人中大為個"
)
_KOREAN = frozenset(
    "지표심판집행사건수량률월년누루계법원본기이상소재결정지령급신청접종실제화보전항변송환파기"
    "명칭순번합총의는을를에서로하다있일건인중대판리효력평균장기미관전동비증감단위"
)


def decoded(content: bytes) -> str:
    """The text of a file: by its mark, else UTF-8, UTF-16, GB18030, CP949 or Big5. `FileError`."""
    while content.startswith(UTF8_MARK):
        content = content[len(UTF8_MARK) :]
    for mark, encoding in UTF16_MARKS:
        if content.startswith(mark):
            return _as(content[2:], encoding) or _refuse()
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        _refuse_one_bad_byte(content, error)
    else:
        if "\0" not in text:
            return text.lstrip("\ufeff")
    if b"\0" in content:
        return _utf_16_without_mark(content) or _refuse()
    return _most_likely(content)


def _refuse() -> str:
    raise FileError("encoding")


def _as(content: bytes, encoding: str) -> str | None:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text.lstrip("\ufeff")


def _refuse_one_bad_byte(content: bytes, error: UnicodeDecodeError) -> None:
    """A file that is UTF-8 but for a byte or two would turn into other signs in any other way."""
    text = content.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = sum(not sign.isascii() for sign in text) - broken
    if sound >= FEW_SIGNS and broken * 10 <= sound:
        raise FileError("bad_byte", row=content[: error.start].count(b"\n") + 1) from None


def _utf_16_without_mark(content: bytes) -> str | None:
    """The byte order that makes lines of it, if either does."""
    if len(content) % 2:
        return None
    found = [_as(content, encoding) for encoding in ("utf-16-le", "utf-16-be")]
    lines = [text.count("\n") + text.count("\r") if text else 0 for text in found]
    return found[lines.index(max(lines))] if max(lines) else None


def _most_likely(content: bytes) -> str:
    scripts = (("gb18030", _SIMPLIFIED), ("cp949", _KOREAN), ("big5", _TRADITIONAL))
    known: list[tuple[float, str]] = []
    for encoding, common in scripts:
        text = _as(content, encoding)
        if text is None:
            continue
        foreign = [sign for sign in text if not sign.isascii()]
        hits = sum(sign in common for sign in foreign)
        known.append((hits / max(len(foreign), 1), text))
    best = max(known, key=lambda one: one[0], default=None)
    # Of sound tables half the signs and more are among them; of misread ones next to none.
    if best is None or (best[0] < SOUND and not _is_simplified(best[1])):
        raise FileError("encoding")
    return best[1]


def _is_simplified(text: str) -> bool:
    """Whether most signs are of the old national set: misread texts are full of rare signs."""
    foreign = [sign for sign in text if not sign.isascii()]
    known = sum(bool(sign.encode("gb2312", "ignore")) for sign in foreign)
    return known * 10 >= len(foreign) * 9


def read_text(text: str, title: str, bounds: Bounds) -> list[Sheet]:
    """The one table of a text file. `FileError`."""
    sheet = Sheet(title)
    gathered = GatheredTables(sheet, Budget(bounds))
    for number, cells in rows_of_text(text):
        gathered.add(number, cells)
    return [sheet]


def rows_of_text(text: str) -> Iterator[Row]:
    """The rows of a text, blank ones too, numbered by lines. `FileError` at a broken row."""
    text = text.rstrip("\x1a")
    first, _end, rest = text.partition("\n")
    said = _SAID.match(first.strip("\r\ufeff"))
    skipped = 1 if said else 0
    delimiter = said[1] if said else _delimiter(text)
    reader = csv.reader(
        io.StringIO(rest if said else text, newline=""), delimiter=delimiter, strict=True
    )
    while True:
        number = reader.line_num + 1 + skipped
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise FileError("csv", row=number, found=str(error)) from error
        yield number, [clean(cell) if cell else "" for cell in cells]


def _delimiter(text: str) -> str:
    """What parts most lines into most cells; a comma where nothing does."""
    lines = [line for line in text[:64_000].splitlines() if line.strip()][:LOOKED_AT]
    if not lines:
        return ","
    bare = [_outside(line) for line in lines]

    def parts(sign: str) -> tuple[int, float]:
        counts = [line.count(sign) for line in bare]
        return sum(count > 0 for count in counts), median(counts)

    # Within cells commas and semicolons are frequent; on all lines only what parts them. The
    # first of equals is taken.
    best = max(DELIMITERS, key=parts)
    return best if parts(best)[0] * 2 > len(lines) else ","


def _outside(line: str) -> str:
    """The line without what is quoted, and without tabs that only keep a spreadsheet off a text."""
    bare = _QUOTED.sub("", line)
    return _TEXT_TAB.sub("", bare) if _PARTING.search(bare) else bare
