"""The two Celery tasks of the whole platform."""

from celery import shared_task

from jobs import services


@shared_task(name="jobs.run", ignore_result=True, acks_late=True, reject_on_worker_lost=True)  # type: ignore[untyped-decorator]
def run_job(job_id: str) -> None:
    services.perform(job_id)


@shared_task(name="jobs.sweep", ignore_result=True)  # type: ignore[untyped-decorator]
def sweep() -> None:
    services.sweep()
