"""The tables and functions of the broker that needs no server of its own."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from config.broker import pgmq_sql


def install(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace('pgmq')")
        if cursor.fetchone()[0] is None:
            cursor.execute(pgmq_sql())


class Migration(migrations.Migration):
    initial = True
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
