from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured


class PlatformConfig(AppConfig):
    """The composition root; it has no models of its own."""

    name = "config"
    label = "config"

    def ready(self) -> None:
        # Whoever asks for a job publishes through this Celery application.
        from config import celery, checks  # noqa: F401, PLC0415

        # Servers do not run Django's checks by themselves, so an unsafe production start is refused here.
        unsafe = checks.production_is_safe()
        if unsafe:
            raise ImproperlyConfigured(" ".join(f"{error.msg} {error.hint}" for error in unsafe))
