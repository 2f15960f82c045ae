"""A desk's upload waits where everything waits that is brought in; what waits now is given again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courts", "0029_participants_of_ballots"),
    ]

    operations = [
        migrations.DeleteModel(name="ReturnUpload"),
        migrations.RemoveConstraint(model_name="waitingtable", name="waiting_table_one_each"),
        migrations.RemoveConstraint(model_name="waitingtable", name="waiting_table_area"),
        migrations.AddField(
            model_name="waitingtable",
            name="place",
            field=models.CharField(blank=True, default="", max_length=80, verbose_name="位置"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="waitingtable",
            name="choices",
            field=models.JSONField(blank=True, default=dict, verbose_name="选择"),
        ),
        migrations.AlterField(
            model_name="waitingtable",
            name="area",
            field=models.CharField(
                choices=[
                    ("figures", "数据"),
                    ("extracts", "提取数据"),
                    ("targets", "审判绩效考核指标"),
                    ("caps", "控制目标"),
                    ("courts", "法院"),
                    ("returns", "报表"),
                ],
                max_length=16,
                verbose_name="种类",
            ),
        ),
        migrations.AddConstraint(
            model_name="waitingtable",
            constraint=models.UniqueConstraint(
                fields=("user", "area", "place"),
                name="waiting_table_one_each",
                violation_error_message="已有待确认的上传。",
            ),
        ),
        migrations.AddConstraint(
            model_name="waitingtable",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "area__in",
                        ["figures", "extracts", "targets", "caps", "courts", "returns"],
                    )
                ),
                name="waiting_table_area",
                violation_error_message="种类不对。",
            ),
        ),
    ]
