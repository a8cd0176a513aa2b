"""Registers recovery for its messages; it has no tables."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecoveryConfig(AppConfig):
    name = "dashebao.platform.data_centre.recovery"
    label = "recovery"
    verbose_name = _("Backup and recovery")
    default_auto_field = "django.db.models.BigAutoField"
