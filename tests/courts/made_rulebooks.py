"""Owns rulebooks of made-up notices, whole enough to be set up, and the courts they assess.

None of them shares an item, a figure, a label or a sum with the notice that comes with the project.
`hills` compares with no year before, caps nothing, asks nobody for a ballot, leaves nothing unclear
and lists enforcement first; its total is 54. `lakes` uses every formula, with caps, a ballot and
appraisal targets under other codes; its total is 150. `woods` compares with the year before but
caps nothing, and ranks no grassroots court. `ridges` uses the formulas, targets and items that the
notice does not: its points are shared by ranks, intervals, means and assessments, with a bonus.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

COURTS = """code,order,short_name,name,name_ko,level
{0}-top,1,{1}中院,{1}市中级人民法院,,intermediate
{0}-east,2,{1}东院,{1}市东区人民法院,,grassroots
{0}-west,3,{1}西院,{1}市西区人民法院,,grassroots
{0}-south,4,{1}南院,{1}市南区人民法院,,grassroots
"""


@dataclass(frozen=True)
class Made:
    """One rulebook: its files, and those of its annexes."""

    code: str
    place: str
    year: int
    files: Mapping[str, str]
    annexes: Mapping[str, str]
    total: str
    sides: tuple[str, str]

    @property
    def court(self) -> str:
        """A grassroots court of its prefecture."""
        return f"{self.place}-east"

    def folder(self, path: Path) -> Path:
        """Write rulebook and annexes into a folder."""
        path.mkdir()
        for name, text in {**self.files, **self.annexes}.items():
            (path / name).write_text(text, "utf-8")
        return path


def _text(name: str, text: str) -> str:
    return f'{name} = {{ zh = "{text}" }}'


def _metrics(metrics: Mapping[str, Sequence[str]], *, sum_of: str = "", stock: str = "") -> str:
    lines = []
    for side, codes in metrics.items():
        lines += ["[[groups]]", f'code = "of_{side}"', f'side = "{side}"', _text("label", "甲组")]
        for code in codes:
            kind = "sum" if code == sum_of else "stock" if code == stock else "count"
            lines += ["[[metrics]]", f'code = "{code}"', f'group = "of_{side}"', f'kind = "{kind}"']
            lines += [_text("label", f"数{code[-3:]}"), _text("definition", "按台账填写")]
            lines += [_text("unit", "天" if kind == "sum" else "件"), _text("source", "台账")]
    return "\n".join(lines) + "\n"


def _item(code: str, points: str, formula: str, rule: str = "", more: str = "") -> str:
    lines = ["[[items]]", f'code = "{code}"', 'paragraph = "办法第3条"', 'group = "only"']
    lines += [_text("label", f"指标{code}全称"), _text("short", f"指标{code}")]
    lines += [f"points = {{ {points} }}", f'formula = "{formula}"', more]
    return "\n".join([*lines, *(["[items.rule]", rule] if rule else [])]) + "\n"


def _items(*items: str) -> str:
    return "\n".join(["[[groups]]", 'code = "only"', _text("label", "本组"), *items])


def _head(code: str, year: int, sides: Sequence[tuple[str, str, str, str]], more: str = "") -> str:
    lines = [f'code = "{code}"', f"year = {year}", f"baseline_year = {year - 1}"]
    lines += [_text("title", "办案水平考核"), _text("document", "考核办法"), more]
    for side, label, weight, points in sides:
        lines += ["[[sides]]", f'side = "{side}"', _text("label", label)]
        lines += [f"weight = {weight}", f"points = {points}"]
    return "\n".join(lines) + "\n"


def _both(points: str) -> str:
    return f"grassroots = {points}, intermediate = {points}"


def _target(numerator: str, denominator: str, target: str, more: str = "") -> str:
    rule = f'numerator = ["{numerator}"]\ndenominator = ["{denominator}"]\n'
    return rule + f'direction = "at_least"\ntarget = {target}\n{more}'


HILLS = Made(
    code="hills-2020",
    place="hills",
    year=2020,
    total="54.00",
    sides=("兑现", "办理"),
    files={
        "rulebook.toml": _head(
            "hills-2020",
            2020,
            [("enforcement", "兑现", "30", "40"), ("litigation", "办理", "70", "60")],
            'ranked_level = "grassroots"\nreadings = []',
        ),
        "metrics.toml": "checks = []\n"
        + _metrics(
            {"litigation": ["hearings_held", "hearings_due"], "enforcement": ["paid", "owed"]}
        ),
        "litigation.toml": _items(
            _item("A1", _both("45"), "target", _target("hearings_held", "hearings_due", "50")),
            _item("A2", _both("15"), "target", _target("hearings_held", "hearings_due", "95")),
        ),
        "enforcement.toml": _items(
            _item("B1", _both("40"), "target", _target("paid", "owed", "60")),
        ),
    },
    annexes={"courts.csv": COURTS.format("hills", "丘陵")},
)

LAKES = Made(
    code="lakes-2021",
    place="lakes",
    year=2021,
    total="150.00",
    sides=("裁判", "兑付"),
    files={
        "rulebook.toml": _head(
            "lakes-2021",
            2021,
            [("litigation", "裁判", "40", "150"), ("enforcement", "兑付", "60", "150")],
            'ranked_level = "grassroots"',
        )
        + """
[caps]
item = "X9"
percent = 20
paragraph = "办法第8条"

[[readings]]
code = "pace"
paragraph = "办法第5条"
default = "pro_rata"
question = { zh = "零头怎么算？" }
[[readings.options]]
value = "pro_rata"
label = { zh = "照算" }
reason = { zh = "不浪费" }
[[readings.options]]
value = "whole"
label = { zh = "舍去" }
reason = { zh = "简便" }
[[readings.options.changes]]
items = ["X9"]
[readings.options.changes.set]
step = "whole"
""",
        "metrics.toml": _metrics(
            {
                "litigation": ["faults_found", "faults_more", "rulings", "rulings_sound"],
                "enforcement": ["debts_paid", "debts_open", "days_taken", "people_in"],
            },
            sum_of="days_taken",
            stock="people_in",
        )
        + """
[[checks]]
code = "sound_within_rulings"
severity = "error"
left = ["rulings_sound"]
operator = "<="
right = ["rulings"]
""",
        "litigation.toml": _items(
            _item(
                "X9",
                _both("70"),
                "drop",
                'figures = ["faults_found", "faults_more"]\nper_percent = 3',
            ),
            _item(
                "X10",
                _both("30"),
                "rate_drop",
                'numerator = ["faults_found"]\ndenominator = ["rulings"]\nper_point = 2',
            ),
            _item("X11", _both("30"), "target", _target("rulings_sound", "rulings", '"appraisal"')),
            _item("X12", _both("20"), "ballots"),
        ),
        "enforcement.toml": _items(
            _item(
                "Z1",
                "grassroots = 90, intermediate = 60",
                "target",
                _target("debts_paid", "debts_open", "40"),
            ),
            _item(
                "Z2",
                "grassroots = 30, intermediate = 20",
                "target",
                'numerator = ["days_taken"]\ndenominator = ["debts_paid"]\n'
                'direction = "at_most"\ntarget = 30\naverage = true',
            ),
            _item(
                "Z3",
                "grassroots = 30, intermediate = 20",
                "conditions",
                "[[items.rule.conditions]]\n"
                'numerator = ["debts_paid"]\n'
                'denominator = ["people_in"]\ntarget = 10',
            ),
            _item("Z4", "intermediate = 50", "peer_mean", 'level = "grassroots"\nshare = 33.34'),
        ),
    },
    annexes={
        "courts.csv": COURTS.format("lakes", "湖区"),
        "baseline_2020.csv": "court,month,metric,value,note\n"
        + "".join(
            f"lakes-{court},2020-12,{metric},{value},\n"
            for court in ("top", "east", "west", "south")
            for metric, value in (("faults_found", 30), ("faults_more", 20), ("rulings", 400))
        ),
        "caps_2021.csv": "court,overturned_2020,reduction_target,cap_2021\n"
        + "".join(f"lakes-{court},50,10,40\n" for court in ("top", "east", "west", "south")),
    },
)

WOODS = Made(
    code="woods-2022",
    place="woods",
    year=2022,
    total="100.00",
    sides=("审理", "落实"),
    files={
        "rulebook.toml": _head(
            "woods-2022",
            2022,
            [("litigation", "审理", "50", "100"), ("enforcement", "落实", "50", "100")],
            'ranked_level = "intermediate"\nreadings = []',
        ),
        "metrics.toml": "checks = []\n"
        + _metrics({"litigation": ["complaints"], "enforcement": ["visits", "plans"]}),
        "litigation.toml": _items(
            _item("R1", _both("100"), "drop", 'figures = ["complaints"]\nper_percent = 5'),
        ),
        "enforcement.toml": _items(
            _item("S1", _both("99.99"), "target", _target("visits", "plans", "80")),
            _item("S2", _both("0.01"), "ballots"),
        ),
    },
    annexes={
        "courts.csv": COURTS.format("woods", "林区"),
        "baseline_2021.csv": "court,month,metric,value,note\n"
        + "".join(
            f"woods-{court},2021-12,complaints,40,\n" for court in ("top", "east", "west", "south")
        ),
    },
)

RATE = 'numerator = ["{}"]\ndenominator = ["{}"]\n'
BONUS = 'kind = "bonus"'
RIDGES = Made(
    code="ridges-2023",
    place="ridges",
    year=2023,
    total="80.00",
    sides=("办理", "落实"),
    files={
        "rulebook.toml": _head(
            "ridges-2023",
            2023,
            [("litigation", "办理", "40", "80"), ("enforcement", "落实", "60", "80")],
            'ranked_level = "grassroots"\nreadings = []',
        ),
        "metrics.toml": "checks = []\n"
        + _metrics(
            {
                "litigation": ["heard", "due", "kept", "slips"],
                "enforcement": ["settled", "opened", "delays", "works"],
            }
        ),
        "litigation.toml": _items(
            _item("G1", _both("20"), "graded", _target("heard", "due", "90", "per_point = 0.5")),
            _item(
                "G2", _both("10"), "target", RATE.format("kept", "heard") + "low = 40\nhigh = 60"
            ),
            _item(
                "G3",
                _both("15"),
                "ranked",
                RATE.format("kept", "due") + 'best = "high"\nper_rank = 4.5',
            ),
            _item("G4", _both("15"), "target", _target("kept", "heard", '"mean"')),
            _item(
                "G5",
                _both("10"),
                "rate_drop",
                RATE.format("heard", "due") + 'per_point = 2\nchange = "rise"',
            ),
            _item("G6", _both("10"), "assessed"),
            _item("G7", _both('"open"'), "assessed", "floor = -3", BONUS),
            _item(
                "G8",
                _both("0"),
                "per_case",
                'figures = ["slips"]\nper_case = 0.1\nfloor = -2',
                BONUS,
            ),
        ),
        "enforcement.toml": _items(
            _item(
                "H1",
                _both("25"),
                "linear",
                'numerator = [{ metric = "settled", weight = 0.6 }, "works"]\n'
                'denominator = ["opened"]\nfull_at = 120\nnone_at = 20',
            ),
            _item(
                "H2",
                _both("20"),
                "graded",
                _target("settled", "opened", '"last_year"', "per_point = 1"),
            ),
            _item(
                "H3",
                _both("15"),
                "graded",
                _target("settled", "opened", '"median"', "per_point = 1"),
            ),
            _item("H4", _both("10"), "per_case", 'figures = ["delays"]\nper_case = 0.25'),
            _item(
                "H5",
                _both("10"),
                "ranked",
                'numerator = ["delays"]\nbest = "low"\n'
                "bands = [{ share = 50, points = 10 }, { share = 100, points = 4 }]",
            ),
            _item(
                "H6",
                _both("5"),
                "per_case",
                'figures = ["works"]\nper_case = 1\nadds = true',
                BONUS,
            ),
        ),
    },
    annexes={
        "courts.csv": COURTS.format("ridges", "山脊"),
        "baseline_2022.csv": "court,month,metric,value,note\n"
        + "".join(
            f"ridges-{court},2022-12,{metric},{value},\n"
            for court in ("top", "east", "west", "south")
            for metric, value in (("heard", 70), ("due", 100), ("settled", 60), ("opened", 90))
        ),
    },
)

MADE = (HILLS, LAKES, WOODS, RIDGES)


def figures_of(made: Made, metrics: Sequence[str]) -> Iterator[tuple[object, ...]]:
    """Rows to import: every court has reported May, June and December."""
    for month in (5, 6, 12):
        for place, court in enumerate(("top", "east", "west", "south")):
            for number, metric in enumerate(metrics):
                value = month * (3 + place) * 2 - number
                yield f"{made.place}-{court}", f"{made.year}-{month:02d}", metric, value
