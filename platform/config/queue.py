"""The queue in the platform's own PostgreSQL as its senders and workers use it: it is there, and stays as it is."""

from typing import Any

from kombu.transport import pgmq


class Channel(pgmq.Channel):
    """Leaves the making of the queue to the migration.

    As it comes, whoever sends or listens makes the queue's NOTIFY trigger anew; of several who do so at
    once, PostgreSQL ends all but one as deadlocked, and their messages wait for the next sweep.
    """

    def _new_queue(self, queue: str, **_declared: Any) -> None:
        pass

    def _maybe_enable_notify(self, queue: str, queue_name: str | None = None) -> None:
        # Only listen; kombu has no public name for it.
        self.connection._register_notify_queue(queue_name or self._queue_name(queue))  # noqa: SLF001


class Transport(pgmq.Transport):
    Channel = Channel
