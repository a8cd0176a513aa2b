"""What the portal does when other systems tell of something."""

from dashebao.kernel.cases.api import LetterIssued, letter_sent
from dashebao.kernel.events.api import listens
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.platform.service_centre.portal.actions.inbox import tell_letter


@listens(LetterIssued)
def put_into_the_inbox(event: LetterIssued) -> None:
    """Every letter of a case is a message to those who apply."""
    with acting(SYSTEM, "a letter to a citizen"):
        sent = letter_sent(event.letter_id)
    if sent.person_ids:
        tell_letter(event.letter_id, sent)
