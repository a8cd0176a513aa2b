"""The register of roles, and the families of duties that exclude each other."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FAMILIES = (
    "business",
    "finance",
    "information",
    "audit",
    "unit",
)  # 劳社部发〔2007〕2号: one person holds one family only
MAIN_OPERATOR = "unit.main"


@dataclass(frozen=True)
class Role:
    """A duty an officer may hold: code "system.post", a name for screens, and its family."""

    code: str
    name: "str | Promise"
    family: str = "business"

    def __post_init__(self) -> None:
        if self.family not in FAMILIES:
            raise ValueError(f"role {self.code}: unknown family {self.family}")


FAMILY_NAMES: "dict[str, str | Promise]" = {
    "business": _("Business duties"),
    "finance": _("Finance duties"),
    "information": _("Information duties"),
    "audit": _("Audit duties"),
    "unit": _("Duties at a unit"),
}

_roles: dict[str, Role] = {}


def register_role(role: Role) -> Role:
    """Make a role known at start-up; the same code twice with other content is an error."""
    known = _roles.setdefault(role.code, role)
    if known != role:
        raise ValueError(f"role {role.code} is registered twice")
    return known


def roles() -> dict[str, Role]:
    """Every registered role by code."""
    return dict(_roles)


for _role in (
    Role("levy.clerk", _("Levy clerk")),
    Role("levy.reviewer", _("Levy reviewer")),
    Role("pension.clerk", _("Pension clerk")),
    Role("pension.assessor", _("Pension assessor")),
    Role("pension.approver", _("Pension approver")),
    Role("civil.clerk", _("Civil affairs clerk")),
    Role("civil.reviewer", _("Civil affairs reviewer")),
    Role("civil.approver", _("Civil affairs approver")),
    Role("labour.clerk", _("Labour clerk")),
    Role("labour.inspector", _("Labour inspector")),
    Role("labour.approver", _("Labour approver")),
    Role("leader.viewer", _("Leader")),
    Role("fund.maker", _("Fund accountant, maker"), "finance"),
    Role("fund.checker", _("Fund accountant, checker"), "finance"),
    Role("fund.approver", _("Fund approver"), "finance"),
    Role("admin.users", _("User administrator"), "information"),
    Role("admin.parameters", _("Reference data officer"), "information"),
    Role("admin.approver", _("Reference data approver"), "information"),
    Role("admin.operations", _("Operations officer"), "information"),
    Role("audit.reader", _("Auditor"), "audit"),
    Role("supervision.viewer", _("Fund supervision, reader"), "audit"),
    Role("supervision.officer", _("Fund supervisor"), "audit"),
    Role(MAIN_OPERATOR, _("Main operator of a unit"), "unit"),
    Role("unit.staff", _("Unit: staff"), "unit"),
    Role("unit.declaration", _("Unit: declarations"), "unit"),
    Role("unit.payment", _("Unit: payments"), "unit"),
    Role("unit.certificates", _("Unit: certificates"), "unit"),
    Role("unit.view", _("Unit: view only"), "unit"),
):
    register_role(_role)
