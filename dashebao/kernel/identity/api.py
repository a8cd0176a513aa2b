"""The door of the identity system."""

from dashebao.kernel.identity.actions import delegate, end_role, grant_role, start_second_factor
from dashebao.kernel.identity.models import Delegation, Grant, Office, SignedIn, User
from dashebao.kernel.identity.permissions import (
    NotPermitted,
    actor_of,
    has_role,
    officers_with,
    prefix,
    require_role,
    roles_of,
)
from dashebao.kernel.identity.roles import FAMILIES, Role, register_role, roles

__all__ = [
    "FAMILIES",
    "Delegation",
    "Grant",
    "NotPermitted",
    "Office",
    "Role",
    "SignedIn",
    "User",
    "actor_of",
    "delegate",
    "end_role",
    "grant_role",
    "has_role",
    "officers_with",
    "prefix",
    "register_role",
    "require_role",
    "roles",
    "roles_of",
    "start_second_factor",
]
