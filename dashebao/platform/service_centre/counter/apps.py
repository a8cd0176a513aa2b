"""Registers the counter face."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CounterConfig(AppConfig):
    """The officers' workbench, with the record of changes of shift."""

    name = "dashebao.platform.service_centre.counter"
    label = "counter"
    verbose_name = _("Counter")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the face's own pages."""
        from dashebao.platform.service_centre.counter import screens  # noqa: F401
