"""Registers the employer face."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EmployerConfig(AppConfig):
    """The employers' portal; it has no tables."""

    name = "dashebao.platform.service_centre.employer"
    label = "employer"
    verbose_name = _("Employer portal")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the face's own pages."""
        from dashebao.platform.service_centre.employer import screens  # noqa: F401
