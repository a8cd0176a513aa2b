"""Service items of registration and contributions; importing this package registers them."""

from django.utils.translation import gettext_lazy as _

from dashebao.business.levy.items import (
    certificates,
    corrections,
    declarations,
    deferrals,
    duplicates,
    flexible,
    flexible_changes,
    foreigners,
    persons,
    projects,
    record_corrections,
    relief,
    staff,
    succession,
    unit_changes,
    unit_papers,
    unit_terms,
    units,
)
from dashebao.kernel.catalogue.api import register_category

register_category("levy", _("Registration and contributions"), order=10)

__all__ = [
    "certificates",
    "corrections",
    "declarations",
    "deferrals",
    "duplicates",
    "flexible",
    "flexible_changes",
    "foreigners",
    "persons",
    "projects",
    "record_corrections",
    "relief",
    "staff",
    "succession",
    "unit_changes",
    "unit_papers",
    "unit_terms",
    "units",
]
