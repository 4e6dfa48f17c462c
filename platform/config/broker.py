"""Which broker carries the nudges to the workers, and how Celery is to treat it.

The Job rows are the truth, so a broker may lose or repeat a message without harm; these settings
make both rare. Nothing else than JSON crosses, and no result is stored.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from pgmq.install import get_embedded_install_sql
from psycopg.conninfo import conninfo_to_dict

QUEUE = "affectory"
# A broker hands a message to a second worker when it was not acknowledged in this time, crash or not.
# It is therefore longer than any task; work that died earlier is found by its Job's lease.
VISIBILITY_TIMEOUT_S = 6 * 60 * 60
VISIBILITY_TIMEOUT_VARIABLE = "AFFECTORY_VISIBILITY_TIMEOUT_S"
_PGMQ_FIELDS = ("host", "port", "dbname", "user", "password")


def pgmq_sql() -> str:
    """The tables and functions of the queue in PostgreSQL, to be run once by a migration."""
    return get_embedded_install_sql()


def queue_sql() -> str:
    """The queue itself, which tells of each message at once; may run again."""
    return f"SELECT pgmq.create('{QUEUE}'), pgmq.enable_notify_insert('{QUEUE}', 0)"


def broker_settings(database_url: str, env: Mapping[str, str]) -> dict[str, object]:
    """Celery's settings; without ``CELERY_BROKER_URL`` the queue lives in the platform's own database."""
    # Celery reads this variable too and prefers it to any setting, so it must be fit for Celery as it is.
    given = env.get("CELERY_BROKER_URL", "")
    timeout_s = _visibility_timeout_s(env)
    return {
        **(_transport(given, timeout_s) if given else _postgresql(database_url, timeout_s)),
        "task_default_queue": QUEUE,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_ignore_result": True,
        "broker_connection_retry_on_startup": True,
        # Remote control gives every worker a reply queue of its own, in PostgreSQL a table left behind.
        "worker_enable_remote_control": False,
        "worker_hijack_root_logger": False,
        "timezone": "UTC",
    }


def _visibility_timeout_s(env: Mapping[str, str]) -> int:
    given = env.get(VISIBILITY_TIMEOUT_VARIABLE, "").strip()
    if not given:
        return VISIBILITY_TIMEOUT_S
    if not given.isdecimal() or int(given) == 0:
        raise ValueError(f"{VISIBILITY_TIMEOUT_VARIABLE} must be a whole number of seconds, not {given!r}")
    return int(given)


def _transport(url: str, visibility_timeout_s: int) -> dict[str, object]:
    scheme = urlsplit(url).scheme
    if scheme in {"redis", "rediss"}:
        return _redis(url, visibility_timeout_s)
    if scheme in {"amqp", "amqps"}:
        return {"broker_url": url, "broker_transport_options": {"confirm_publish": True}}
    raise ValueError(
        f"CELERY_BROKER_URL: {scheme!r} is not a broker this platform knows. "
        "Use redis:// or amqp://, or leave it out for a queue in the platform's own PostgreSQL."
    )


def _postgresql(url: str, visibility_timeout_s: int) -> dict[str, object]:
    options = {
        "conn_string": pgmq_conninfo(url),
        "visibility_timeout": visibility_timeout_s,
        "init_extension": False,  # the schema is owned by a migration
        "pool_size": 2,
        # Woken by NOTIFY within milliseconds; polling once a second is only the safety net.
        "use_notify": True,
        "wait_time_seconds": 0,
    }
    return {
        "broker_url": "pgmq://",
        "broker_transport": "config.queue:Transport",
        "broker_transport_options": options,
    }


def _redis(url: str, visibility_timeout_s: int) -> dict[str, object]:
    options = {
        "visibility_timeout": visibility_timeout_s,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,  # else an overdue message is looked for only every 100 s
        "global_keyprefix": "affectory:",
    }
    return {"broker_url": url, "broker_transport_options": options}


def pgmq_conninfo(url: str) -> str:
    """A connection string that survives the queue client, which keeps five fields of it, unquoted.

    The client writes ``... password=<text>`` last, so a quoted password there carries every other
    option of the URL (``sslmode``, ``sslrootcert`` ...) along with it.
    """
    fields = conninfo_to_dict(url)
    given = {name: str(value) for name, value in fields.items() if value is not None}
    others = [f"{name}={_quoted(value)}" for name, value in given.items() if name not in _PGMQ_FIELDS]
    kept = {name: _quoted(given[name]) for name in _PGMQ_FIELDS if name in given}
    kept["password"] = " ".join([kept.get("password", "''"), *others])
    return " ".join(f"{name}={_quoted(value)}" for name, value in kept.items())


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
