from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("annotation", "0002_assignment_presented")]

    operations = [
        migrations.AlterField(
            model_name="assignment",
            name="state",
            field=models.CharField(
                choices=[("open", "Open"), ("submitted", "Submitted"), ("skipped", "Skipped")],
                default="open",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="skipped_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="assignment",
            name="skip_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("disturbing", "the content disturbs"),
                    ("technical", "it does not show or play properly"),
                    ("cannot_judge", "the rater cannot judge it"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="assignment",
            name="presented",
            field=models.JSONField(
                default=dict,
                help_text="questions in the order asked, which axes were flipped, the language; empty: as written",
            ),
        ),
    ]
