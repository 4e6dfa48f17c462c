"""A release may be a draft first; its version is taken when it is published."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exports", "0004_recipes_name_split_schemes")]

    operations = [
        migrations.AlterField(
            model_name="release",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("published", "Published"),
                    ("deprecated", "Deprecated"),
                    ("yanked", "Yanked"),
                    ("withdrawn", "Withdrawn"),
                ],
                default="published",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="release",
            name="created_at",
            field=models.DateTimeField(help_text="when it was asked for"),
        ),
        migrations.AddField(
            model_name="release",
            name="published_at",
            field=models.DateTimeField(
                help_text="null: a draft, or of an early release not kept", null=True
            ),
        ),
        migrations.RemoveConstraint(model_name="release", name="release_out_of_use_has_reason"),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "published"]),
                    models.Q(("state_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="release_out_of_use_has_reason",
            ),
        ),
        migrations.RemoveConstraint(model_name="release", name="release_version_once"),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "draft"), _negated=True),
                fields=("dataset", "version"),
                name="release_version_once",
            ),
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "release",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="draft",
                        serialize=False,
                        to="exports.release",
                    ),
                ),
                (
                    "erasure",
                    models.DateTimeField(help_text="when somebody had been erased last", null=True),
                ),
                (
                    "withdrawn",
                    models.PositiveIntegerField(
                        help_text="raters who had withdrawn from its studies and were stored"
                    ),
                ),
                ("recipe", models.JSONField(help_text="of the dataset, as it was")),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="exports.release",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DraftPlaces",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("scheme", models.CharField(max_length=60)),
                ("places", models.BinaryField(help_text="role -> groups, as compressed JSON")),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="places",
                        to="exports.draft",
                    ),
                ),
            ],
        ),
    ]
