"""Owns a year whose rules change twice: from July and from October, names and all.

From July metrics, items and groups of litigation are renamed, added and dropped; from October
those of enforcement. Both texts are made from the notice's own, so that they stay valid with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils import timezone

from courts.models import QualityYear, RulebookEdition
from scoring import load_sources

Sources = Mapping[str, str]

LITIGATION_METRIC = """
[[groups]]
code = "mediation"
side = "litigation"
label = { zh = "调解", ko = "조정", en = "Mediation" }

[[metrics]]
code = "mediated_cases"
group = "mediation"
kind = "count"
unit = { zh = "件", ko = "건", en = "cases" }
label = { zh = "诉前调解数", ko = "소송전 조정 건수", en = "Mediated before trial" }
definition = { zh = "诉前调解", ko = "소송전 조정", en = "Mediated before trial" }
source = { zh = "平台", ko = "플랫폼", en = "platform" }
"""
LITIGATION_ITEM = """
[[groups]]
code = "mediation"
label = { zh = "诉前调解", ko = "소송전 조정", en = "Mediation" }

[[items]]
code = "L8"
paragraph = "补充通知·一"
group = "mediation"
label = { zh = "诉前调解率", ko = "소송전 조정률", en = "Mediation rate" }
short = { zh = "调解率", ko = "조정률", en = "Mediation" }
points = { grassroots = 6, intermediate = 6 }
formula = "target"
[items.rule]
numerator = ["mediated_cases"]
denominator = ["first_instance_closed"]
direction = "at_least"
target = "appraisal"
"""


def from_july(sources: Sources) -> dict[str, str]:
    """Litigation: a metric, an item and a group of each renamed, added and dropped."""
    found = {}
    for name, text in sources.items():
        renamed = text.replace('"retrial_escalated"', '"retrial_raised"').replace(
            '"L6.2"', '"L6.3"'
        )
        found[name] = re.sub(r', "L5\.[12]"', "", renamed)
    metrics = _renamed_group(found["metrics.toml"], "appeal", "appellate")
    metrics = metrics.replace('zh = "二审立案数"', 'zh = "二审收案数"')
    found["metrics.toml"] = _without(metrics, '"retrial_petitions_received"') + LITIGATION_METRIC
    litigation = _renamed_group(found["litigation.toml"], "retrials", "reopened")
    litigation = _without(litigation, '"L5.1"', '"L5.2"')
    found["litigation.toml"] = litigation + LITIGATION_ITEM
    return found


def from_october(sources: Sources) -> dict[str, str]:
    """Enforcement: a metric, an item and a group of each renamed; an item and its metrics gone."""
    found = {}
    for name, text in sources.items():
        renamed = text.replace('"preservation_base"', '"preservation_filed"')
        found[name] = renamed.replace('"Q6"', '"Q12"').replace(', "Q9"', "")
    metrics = _renamed_group(found["metrics.toml"], "measures", "steps")
    found["metrics.toml"] = _without(metrics, '"defaulters_listed"', '"defaulters_revoked"')
    enforcement = _without(found["enforcement.toml"], '"Q9"')
    enforcement = _renamed_group(enforcement, "core", "heart")
    # The points of Q9 go to Q10.
    before, mark, after = enforcement.partition('code = "Q10"')
    after = after.replace(
        "grassroots = 5, intermediate = 4", "grassroots = 10, intermediate = 8", 1
    )
    found["enforcement.toml"] = before + mark + after
    return found


def change_twice(year: QualityYear) -> QualityYear:
    """Put both texts in force; the notice's own keeps January to June."""
    first = year.edition
    july = from_july(first.sources)
    october = from_october(july)
    rows = [first]
    for month, sources in ((7, july), (10, october)):
        RulebookEdition.objects.filter(pk=rows[-1].pk).update(state="superseded", quality_year=year)
        rows.append(
            RulebookEdition.objects.create(
                court=year.court,
                code=first.code,
                title=first.title,
                sources=sources,
                sha256=load_sources(sources).sha256,
                state="in_force",
                quality_year=year,
                from_month=month,
                enacted_at=timezone.now(),
            )
        )
    QualityYear.objects.filter(pk=year.pk).update(edition=rows[-1])
    return QualityYear.objects.select_related("court", "edition").get(pk=year.pk)


def _blocks(text: str) -> list[str]:
    """The parts of a file, each from its `[[…]]` on with the tables that belong to it."""
    return re.split(r"(?m)^(?=\[\[)", text)


def _without(text: str, *names: str) -> str:
    """The file without the parts that name any of these."""
    return "".join(block for block in _blocks(text) if not any(name in block for name in names))


def _renamed_group(text: str, old: str, new: str) -> str:
    text = text.replace(f'group = "{old}"', f'group = "{new}"')
    return "".join(
        block.replace(f'code = "{old}"', f'code = "{new}"')
        if block.startswith("[[groups]]")
        else block
        for block in _blocks(text)
    )
