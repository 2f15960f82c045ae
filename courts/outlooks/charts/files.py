"""Owns the files people take away of a picture: as an image, or as the table behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import pylopdf_fonts_ko
import pylopdf_fonts_zh_cn
import vl_convert
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from courts.files import lists
from courts.outlooks.charts.chart import Chart

SCALE = 2
TYPES = {"png": "image/png", "svg": "image/svg+xml"}


def download(charts: Sequence[Chart], query: Mapping[str, str]) -> HttpResponse | None:
    """The file that `_chart` and `_format` ask for; None when they ask for none, 404 if unknown."""
    if "_chart" not in query:
        return None
    chart = next((one for one in charts if one.code == query["_chart"]), None)
    wanted = query.get("_format", "")
    if chart is None:
        raise Http404(_("没有这张图。请从列表里重新打开。"))
    if wanted in ("csv", "xlsx"):
        return lists.response(table(chart), wanted)
    if wanted not in TYPES:
        raise Http404(_("没有这种文件格式。请用页面上的导出链接。"))
    return lists.attachment(
        DRAWN[wanted](chart), TYPES[wanted], chart.title, wanted, is_demo=chart.is_demo
    )


def table(chart: Chart) -> lists.ListFile:
    """The table behind a picture as a list to take away."""
    firsts: Sequence[lists.Cell] = chart.months or [row[0] for row in chart.rows]
    return lists.ListFile(
        name=chart.title,
        title=chart.title,
        about=[
            *([(_("单位"), chart.unit)] if chart.unit else []),
            (_("说明"), chart.sentence),
        ],
        columns=chart.headings,
        rows=[
            [first, *(lists.number(cell.removesuffix(chart.unit).rstrip()) for cell in rest)]
            for first, (_first, *rest) in zip(firsts, chart.rows, strict=True)
        ],
        is_demo=chart.is_demo,
    )


def svg(chart: Chart) -> bytes:
    """The picture as SVG; its fonts are named, not in it."""
    return str(_painter().vegalite_to_svg(chart.on_paper)).encode()


def png(chart: Chart) -> bytes:
    """The picture as PNG, twice as fine as the screen, with fonts that came with the packages."""
    return bytes(_painter().vegalite_to_png(chart.on_paper, scale=SCALE))


DRAWN: Mapping[str, Callable[[Chart], bytes]] = {"png": png, "svg": svg}


@cache
def _painter() -> Any:
    """The converter with Chinese and Korean fonts; loaded when the first picture is taken away."""
    for path in (pylopdf_fonts_zh_cn.sans_path(), pylopdf_fonts_ko.sans_path()):
        vl_convert.register_font_directory(str(path.parent))
    return vl_convert
