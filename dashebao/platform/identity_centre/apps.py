"""Registers the identity centre."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdentityCentreConfig(AppConfig):
    """身份认证中心: the authority's own certificates; keys live in files, so it has no tables."""

    name = "dashebao.platform.identity_centre"
    label = "identity_centre"
    verbose_name = _("Identity centre")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the pages."""
        from dashebao.platform.identity_centre import screens  # noqa: F401
