"""Tests of pictures: what is in their specs, their files, and their figures on a page."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from django.http import Http404
from django.template.loader import render_to_string
from django.test import RequestFactory

from courts.outlooks.charts import (
    Band,
    Chart,
    Limit,
    Line,
    Point,
    bars,
    download,
    funnel,
    lines,
)
from courts.outlooks.charts.bundle import NAME, write_bundle

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def chart() -> Chart:
    """Two courts over three months, one of them without a value in between."""
    spec = lines(
        [
            Line("延吉法院", [("1月", Decimal("3.50")), ("2月", None), ("3月", 5)]),
            Line("연길", [("1月", 2), ("2月", Fraction(5, 2)), ("3月", 5)]),
        ],
        x_title="月份",
        y_title="得分",
        limits=[Limit("目标", 4)],
        band=Band("各院", [("1月", 1, 2), ("2月", 2, 3), ("3月", 2, 6)]),
    )
    return Chart(
        code="trend",
        title="得分走势 점수",
        sentence="延吉法院从3.50分到5分。",
        spec=spec,
        headings=("月份", "延吉法院"),
        rows=(("1月", "3.50"), ("2月", "=1+1"), ("3月", "5")),
        is_demo=True,
    )


def drawn(spec: Any) -> list[dict[str, Any]]:
    """The values of every layer."""
    found: list[dict[str, Any]] = []
    for layer in spec["layer"]:
        found.extend(layer.get("data", spec.get("data", {})).get("values", []))
    return found


class TestSpecs:
    def test_pictures_of_one_shape_have_data_of_their_own(self) -> None:
        """What is built once for the same words is not what a page is handed."""

        def drawn_with(first: int, limit: int) -> Any:
            return lines(
                [Line("延吉法院", [("1月", first), ("2月", 7)])],
                x_title="月份",
                y_title="得分",
                limits=[Limit("目标", limit)],
            )

        one, other = drawn_with(3, 4), drawn_with(5, 6)
        assert [row["y"] for row in drawn(one)] == [3.0, 7.0, 3.0, 7.0, 4.0, 4.0]
        assert [row["y"] for row in drawn(other)] == [5.0, 7.0, 5.0, 7.0, 6.0, 6.0]
        one["layer"][0]["mark"]["strokeWidth"] = 99
        drawn(one)[0]["y"] = 99
        assert drawn_with(5, 6) == other

    def test_a_line_is_broken_where_there_is_no_value(self, chart: Chart) -> None:
        rows = [row for row in drawn(chart.spec) if row.get("name") == "延吉法院"]
        # Before and after the gap are two runs, so nothing is drawn across it.
        assert {(row["x"], row["y"], row["run"]) for row in rows} == {
            ("1月", 3.5, "延吉法院-0"),
            ("3月", 5.0, "延吉法院-1"),
        }

    def test_series_differ_by_more_than_colour(self, chart: Chart) -> None:
        encodings = [layer["encoding"] for layer in chart.spec["layer"]]
        dashes = next(one["strokeDash"] for one in encodings if "strokeDash" in one)
        shapes = next(one["shape"] for one in encodings if "shape" in one)
        for scale in (dashes["scale"], shapes["scale"]):
            assert scale["domain"] == ["延吉法院", "연길"]
            assert scale["range"][0] != scale["range"][1]

    def test_levels_carry_their_names(self, chart: Chart) -> None:
        assert {"y": 4.0, "name": "目标"} in drawn(chart.spec)

    def test_bars_have_limits_where_there_are_any(self) -> None:
        spec = bars([("延吉法院", 200, 226), ("图们法院", 21, None)], value_title="件")
        assert {"name": "图们法院", "value": 21.0, "limit": None} in drawn(spec)
        assert {"name": "延吉法院", "value": 200.0, "limit": 226.0} in drawn(spec)

    def test_a_funnel_names_its_points(self) -> None:
        spec = funnel(
            [Point("延吉法院", 100, Fraction(11, 2))],
            curves=[("95%", [(10, 0, 20)]), ("99.8%", [(10, 0, 30)])],
            centre=Limit("平均", 6, is_bound=False),
            x_title="案件数",
            y_title="%",
        )
        values = drawn(spec)
        assert {"x": 100, "y": 5.5, "name": "延吉法院"} in values
        assert {"x": 10, "low": 0.0, "high": 30.0} in values

    def test_nothing_is_fetched(self, chart: Chart) -> None:
        assert "url" not in json.dumps(chart.on_page)


class TestFiles:
    def test_none_is_asked_for(self, chart: Chart) -> None:
        assert download([chart], {}) is None

    def test_png(self, chart: Chart) -> None:
        response = download([chart], {"_chart": "trend", "_format": "png"})
        assert response is not None
        assert response.content.startswith(PNG)
        assert f"{chart.title}-演示数据.png" in unquote(response["Content-Disposition"])

    def test_svg_says_what_it_is_in_both_scripts(self, chart: Chart) -> None:
        response = download([chart], {"_chart": "trend", "_format": "svg"})
        assert response is not None
        text = response.content.decode()
        for words in ("延吉法院", "연길", "得分走势", "演示数据"):
            assert words in text
        assert "<script" not in text

    def test_real_figures_carry_no_mark(self, chart: Chart) -> None:
        real = Chart(chart.code, chart.title, chart.sentence, chart.spec, (), ())
        response = download([real], {"_chart": "trend", "_format": "svg"})
        assert response is not None
        assert "演示数据" not in response.content.decode()

    def test_tables_are_defused(self, chart: Chart) -> None:
        response = download([chart], {"_chart": "trend", "_format": "csv"})
        assert response is not None
        rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
        assert ["2月", "'=1+1"] in rows
        response = download([chart], {"_chart": "trend", "_format": "xlsx"})
        assert response is not None
        sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
        assert sheet is not None
        assert ("1月", 3.5) in [row[:2] for row in sheet.values]

    @pytest.mark.parametrize("query", [{"_chart": "x"}, {"_chart": "trend", "_format": "exe"}])
    def test_unknown_ones(self, chart: Chart, query: dict[str, str]) -> None:
        with pytest.raises(Http404):
            download([chart], query)


def test_a_figure_has_its_sentence_its_table_and_its_files(chart: Chart) -> None:
    request = RequestFactory().get("/", {"month": "3"})
    text = render_to_string("includes/_chart.html", {"chart": chart}, request)
    for part in ("延吉法院从3.50分到5分。", '<th scope="row">1月</th>', "_chart=trend", "month=3"):
        assert part in text
    # The spec is data, and can hold nothing that ends its element.
    assert '<script id="chart-trend" type="application/json">' in text


def test_the_script_is_written_once_a_version(tmp_path: Path) -> None:
    assert write_bundle(tmp_path) is True
    text = (tmp_path / NAME).read_text(encoding="utf-8")
    assert "window.vegaEmbed" in text
    assert write_bundle(tmp_path) is False
    (tmp_path / NAME).write_text("/* Vega-Lite of another version */\n", encoding="utf-8")
    assert write_bundle(tmp_path) is True
