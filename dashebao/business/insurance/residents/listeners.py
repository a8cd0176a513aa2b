"""What the residents' pension does when an account changes schemes, and when the tax office answers for a year."""

from dashebao.business.insurance.common.api import SchemesLinked
from dashebao.business.insurance.residents.actions import end_membership, take_linked_years
from dashebao.business.insurance.residents.assessing import YearsAtTheTaxOffice
from dashebao.business.insurance.residents.models import ITEM_PREFIX
from dashebao.business.insurance.residents.queries import SCHEME
from dashebao.business.levy.api import register_collected
from dashebao.kernel.events.api import listens


@listens(SchemesLinked)
def membership_follows_the_account(event: SchemesLinked) -> None:
    """The membership ends with the account, or its years grow by the employees' (人社部发〔2014〕17号 arts. 5, 6)."""
    if event.from_scheme == SCHEME:
        end_membership(event.person_id, event.on, "linked")
    elif event.to_scheme == SCHEME:
        take_linked_years(event.person_id, event.months, event.on)


register_collected(ITEM_PREFIX, YearsAtTheTaxOffice())
