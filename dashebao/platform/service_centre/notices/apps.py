"""Registers notices and the duties of those who write and publish them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """Notices, policies and guides of the offices."""

    name = "dashebao.platform.service_centre.notices"
    label = "notices"
    verbose_name = _("Notices and policies")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the duties, then the pages that name them."""
        from dashebao.platform.service_centre.notices import screens  # noqa: F401
