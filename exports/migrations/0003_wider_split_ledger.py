"""Roles may be named after a group (leave one subject out), and groups after a whole item key."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exports", "0002_release_states_and_erasures")]

    operations = [
        migrations.AlterField(
            model_name="dataset",
            name="recipe",
            field=models.JSONField(help_text="see exports.recipe"),
        ),
        migrations.AlterField(
            model_name="splitassignment",
            name="group",
            field=models.CharField(max_length=500, help_text="<key>=<value>; id=<item key or rater>"),
        ),
        migrations.AlterField(
            model_name="splitassignment", name="role", field=models.CharField(max_length=500)
        ),
    ]
