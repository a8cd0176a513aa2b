"""Service items of the employees' pension."""

from django.utils.translation import gettext_lazy as _

from dashebao.business.insurance.pension.items import (
    choosing,
    disability,
    finding,
    linking,
    lump_sum,
    retirement,
    survivors,
    transfers,
)
from dashebao.kernel.catalogue.api import register_category

register_category("pension", _("Pension"), order=40)

__all__ = ["choosing", "disability", "finding", "linking", "lump_sum", "retirement", "survivors", "transfers"]
