from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured


class PlatformConfig(AppConfig):
    """The composition root; it has no models of its own."""

    name = "config"
    label = "config"

    def ready(self) -> None:
        # Servers do not run Django's checks by themselves, so an unsafe production start is refused here.
        from config import checks  # noqa: PLC0415

        unsafe = checks.production_is_safe()
        if unsafe:
            raise ImproperlyConfigured(" ".join(f"{error.msg} {error.hint}" for error in unsafe))
