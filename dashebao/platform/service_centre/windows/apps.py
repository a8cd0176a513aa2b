"""Registers the windows of the service hall."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WindowsConfig(AppConfig):
    """Numbers of the queue in each office's hall."""

    name = "dashebao.platform.service_centre.windows"
    label = "windows"
    verbose_name = _("Windows of the hall")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the pages and what the shell shows."""
        from dashebao.platform.service_centre.windows import screens  # noqa: F401
