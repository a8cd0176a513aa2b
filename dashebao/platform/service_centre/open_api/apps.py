"""Registers the open interface."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OpenApiConfig(AppConfig):
    """The programs' door: clients, keys, the record of calls, and everything that is called."""

    name = "dashebao.platform.service_centre.open_api"
    label = "open_api"
    verbose_name = _("Open interface")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the duty, the pages of the administration and the queries that no business owns."""
        from dashebao.platform.service_centre.open_api import common_queries, screens  # noqa: F401
