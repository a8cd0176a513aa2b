"""Registers the administration."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AdministrationConfig(AppConfig):
    """Loads approved reference data into every process and registers the administrators' pages."""

    name = "dashebao.platform.administration"
    label = "administration"
    verbose_name = _("Administration")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Watch the reference data and register the pages."""
        from dashebao.kernel.records.api import watch_reference_data
        from dashebao.platform.administration.loading import reload

        watch_reference_data(reload)
        import_module(f"{self.name}.screens")
