"""What officers do with seals: renew one, withdraw one; both leave a line in the audit trail."""

from dashebao.kernel.identity.api import User, actor_of, require_role
from dashebao.kernel.records.api import acting, audit
from dashebao.platform.identity_centre import keeping
from dashebao.platform.identity_centre.errors import NoSuchSeal, ReasonNeeded
from dashebao.platform.identity_centre.keeping import Seal

DUTY = "admin.users"
SHORTEST_REASON = 4


def renew_seal(reason: str, *, by: User) -> Seal:
    """Make a new key and certificate that seal from now on; papers sealed before stay good."""
    _allowed(by, reason)
    seal = keeping.add_seal()
    with acting(actor_of(by), reason):
        audit("identity_centre.seal_renewed", ("seal", seal.number), region=_area(by), reason=reason)
    return seal


def withdraw_seal(number: int, reason: str, *, by: User) -> Seal:
    """Withdraw a seal whose key may be in wrong hands: everything it sealed stops being trusted.

    Papers stay provable by their digest in the register; they are sealed anew when they are issued anew.
    """
    _allowed(by, reason)
    seal = next((one for one in keeping.seals() if one.number == number and one.withdrawn_at is None), None)
    if seal is None:
        raise NoSuchSeal
    keeping.withdraw(seal, reason)
    with acting(actor_of(by), reason):
        audit("identity_centre.seal_withdrawn", ("seal", number), region=_area(by), reason=reason)
    return seal


def _allowed(by: User, reason: str) -> None:
    require_role(by, DUTY)
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonNeeded


def _area(by: User) -> str:
    return by.office.region_code if by.office is not None else ""
