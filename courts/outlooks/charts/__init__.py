"""Pictures of figures: one Vega-Lite spec for the screen, for print and for Word.

Every picture says in a sentence what is seen and carries the table it was drawn from; nothing is
told by colour alone. Values in specs are for drawing: what counts is printed in the table.
"""

from courts.outlooks.charts.chart import Chart
from courts.outlooks.charts.files import download
from courts.outlooks.charts.specs import Band, Limit, Line, Point, bars, funnel, lines

__all__ = ["Band", "Chart", "Limit", "Line", "Point", "bars", "download", "funnel", "lines"]
