"""The queue itself, which senders and workers made before, each for itself."""

from django.db import migrations

from config.broker import queue_sql


class Migration(migrations.Migration):
    dependencies = [("config", "0001_queue_in_postgresql")]
    operations = [migrations.RunSQL(queue_sql(), migrations.RunSQL.noop)]
