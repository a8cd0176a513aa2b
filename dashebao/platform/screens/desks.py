"""Role lists for pages: whole families of duties, as known at start-up."""

from dashebao.kernel.identity.api import roles


def duties(*families: str) -> tuple[str, ...]:
    """The codes of all roles of these families (all families without any)."""
    return tuple(sorted(role.code for role in roles().values() if not families or role.family in families))
