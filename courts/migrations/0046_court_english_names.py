from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courts", "0045_amounts"),
    ]

    operations = [
        migrations.AddField(
            model_name=model,
            name="name_en",
            field=models.CharField(blank=True, default="", max_length=80, verbose_name="英文名称"),
            preserve_default=False,
        )
        for model in ("court", "historicalcourt")
    ]
