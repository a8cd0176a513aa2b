"""Registers the identity system."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class IdentityConfig(AppConfig):
    name = "dashebao.kernel.identity"
    label = "identity"
    verbose_name = pgettext_lazy("system", "Identity")
    default_auto_field = "django.db.models.BigAutoField"
