"""Registers the screens."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScreensConfig(AppConfig):
    """The look of every page and the register of pages and panels; it has no tables."""

    name = "dashebao.platform.screens"
    label = "screens"
    verbose_name = _("Screens")
    default_auto_field = "django.db.models.BigAutoField"
