"""The tree that ships becomes the table's first content."""

from django.db import migrations

from guanxi.catalog.category import tree


def load(apps, _editor):
    with tree.SHIPPED.open(encoding="utf-8") as lines:
        tree.load(apps.get_model("catalog", "Category"), tree.read(lines))


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_listings")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
