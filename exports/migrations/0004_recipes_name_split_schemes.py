"""A recipe names any number of split schemes; the one it had is the scheme ``default``."""

from django.db import migrations


def to_schemes(apps, _editor):
    dataset_model = apps.get_model("exports", "Dataset")
    for dataset in dataset_model.objects.filter(recipe__has_key="split"):
        split = dataset.recipe.pop("split")
        scheme = {
            "name": "default",
            "kind": "ratio",
            "near_duplicates": False,
            "categories": [],
            "scales": [],
            "bins": 3,
            **split,
        }
        dataset.recipe |= {"splits": [scheme], "default_split": "default", "gold": {}}
        dataset.save(update_fields=["recipe"])


def to_split(apps, _editor):
    dataset_model = apps.get_model("exports", "Dataset")
    for dataset in dataset_model.objects.filter(recipe__has_key="splits"):
        schemes, name = dataset.recipe.pop("splits"), dataset.recipe.pop("default_split")
        scheme = next(one for one in schemes if one["name"] == name)
        dataset.recipe.pop("gold", None)
        dataset.recipe["split"] = {
            "keys": scheme.get("keys", []),
            "ratios": scheme.get("ratios", {"train": 0.7, "validation": 0.15, "test": 0.15}),
            "seed": scheme.get("seed", 0),
        }
        dataset.save(update_fields=["recipe"])


class Migration(migrations.Migration):
    dependencies = [("exports", "0003_wider_split_ledger")]

    operations = [
        migrations.RunPython(to_schemes, to_split),
    ]
