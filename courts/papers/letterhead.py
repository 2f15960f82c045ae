"""How large the red lines of a head are and where they are broken, in every file alike. No Django.

A line takes the size that was set, or as much of it as fits. What would come out smaller than the
smallest size is broken into two lines, then three: behind the name of an area (省, 自治州, 县 …) or
before what the court or the paper is called, at blanks in Korean; lines come out as even as they
can. Only a line that can be broken nowhere becomes smaller than that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise

from courts.papers.document import HeadLine
from courts.papers.fitting import LINE, ems

# Tenths of a point, by language: as large as lines are where nothing was set, and as small.
LARGEST: Mapping[str, int] = {"zh": 480, "ko": 260}
SMALLEST: Mapping[str, int] = {"zh": 220, "ko": 180}
MOST_LINES = 3
# A little less than the text block.
WIDTH = LINE - 60
_BREAKS: Mapping[str, re.Pattern[str]] = {
    "zh": re.compile(
        r"(?<=自治[区州县旗])(?!$)"
        r"|(?<=[省市盟州县旗区])(?![省市盟州县旗区]|$)"
        r"|(?=[高中基]级人民法院)|(?<!级)(?=人民法院)|(?=文件$|通报$|简报$)"
    ),
    "ko": re.compile(
        r"(?<=\S)(?=\s)|(?<=자치[구주현기])(?!\s|$)"
        r"|(?<=[성시주현구])(?=(?:[고중기][급층])?인민법원)|(?<!급)(?<!층)(?=인민법원)|(?=문건$|통보$)"
    ),
}


def head_lines(line: HeadLine) -> tuple[tuple[str, ...], int]:
    """The lines that a red line is printed in, and their size in tenths of a point."""
    most = line.size or LARGEST[line.language]
    least = min(most, SMALLEST[line.language])
    found: tuple[str, ...] = (line.text,)
    for number in range(1, MOST_LINES + 1):
        found = _broken(line, number) or found
        size = _size(found, most)
        if size >= least:
            break
    return found, _size(found, most)


def _broken(line: HeadLine, number: int) -> tuple[str, ...]:
    """The text in so many lines, the longest as short as can be; empty where it has no breaks."""
    places = [match.start() for match in _BREAKS[line.language].finditer(line.text)]
    inner = sorted({place for place in places if 0 < place < len(line.text)})
    tried = [
        tuple(piece.strip() for piece in _pieces(line.text, chosen))
        for chosen in combinations(inner, number - 1)
    ]
    return min(tried, key=lambda lines: max(map(ems, lines)), default=())


def _pieces(text: str, places: tuple[int, ...]) -> Iterator[str]:
    for start, end in pairwise((0, *places, len(text))):
        yield text[start:end]


def _size(lines: tuple[str, ...], most: int) -> int:
    widest = max(map(ems, lines))
    return min(most, 100 * WIDTH // widest) if widest else most
