"""Figures may be amounts of money: the limit of the columns, which were wide enough, is theirs.

Only constraints change, so that views over the columns stay up. The way back refuses where an
amount above the old limit was stored.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courts", "0044_tour"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="difference",
            name="difference_value_range",
        ),
        migrations.RemoveConstraint(
            model_name="extractfigure",
            name="extract_figure_value_range",
        ),
        migrations.RemoveConstraint(
            model_name="figure",
            name="figure_value_range",
        ),
        migrations.AddConstraint(
            model_name="difference",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("extract_value__lte", 99999999999999),
                    models.Q(
                        ("court_value__isnull", True),
                        ("court_value__lte", 99999999999999),
                        _connector="OR",
                    ),
                ),
                name="difference_value_range",
                violation_error_message="数值须为不小于0的整数：件数等最多999999999，金额最多999999999999.99元。",
            ),
        ),
        migrations.AddConstraint(
            model_name="extractfigure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("value__isnull", True),
                    models.Q(("value__gte", 0), ("value__lte", 99999999999999)),
                    _connector="OR",
                ),
                name="extract_figure_value_range",
                violation_error_message="数值须为不小于0的整数：件数等最多999999999，金额最多999999999999.99元。",
            ),
        ),
        migrations.AddConstraint(
            model_name="figure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("value__isnull", True),
                    models.Q(("value__gte", 0), ("value__lte", 99999999999999)),
                    _connector="OR",
                ),
                name="figure_value_range",
                violation_error_message="数值须为不小于0的整数：件数等最多999999999，金额最多999999999999.99元。",
            ),
        ),
    ]
