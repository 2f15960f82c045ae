"""Owns how pictures look: colours that colour-blind people tell apart, fonts, lines."""

from __future__ import annotations

from typing import Any

# Okabe and Ito's colours, the yellow left out: it is too light on white.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
# Every series has a dash and a shape of its own as well.
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [12, 4], [4, 4], [1, 3])
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "stroke")
LIMIT_COLOUR = "#A02C26"
BAND_COLOUR = "#56B4E9"
REFERENCE_COLOUR = "#525E6B"
DEMO_COLOUR = "#A02C26"
FONT = "Noto Sans SC, Noto Sans KR, Microsoft YaHei, Malgun Gothic, PingFang SC, sans-serif"
WIDTH, HEIGHT = 720, 280
TEXT, SMALL = 13, 12

CONFIG: dict[str, Any] = {
    # The figure around it says what is seen, and the table has every value.
    "aria": False,
    "font": FONT,
    "axis": {
        "labelFontSize": SMALL,
        "titleFontSize": SMALL,
        "labelColor": "#1B2632",
        "titleColor": "#1B2632",
        "gridColor": "#E4E7E6",
        "labelLimit": 140,
        "titleFontWeight": "normal",
        "tickCount": 8,
    },
    "legend": {
        "labelFontSize": SMALL,
        "titleFontSize": SMALL,
        "orient": "bottom",
        "columns": 3,
        "labelLimit": 200,
    },
    "title": {"fontWeight": "normal", "fontSize": TEXT + 3, "subtitleFontSize": TEXT},
    "view": {"stroke": None},
    "range": {"category": list(PALETTE)},
}
