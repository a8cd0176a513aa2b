"""The portal's own dated numbers."""

from datetime import date
from pathlib import Path

from dashebao.kernel.legal_time.api import Limit, MissingCalendar, WorkingDays
from dashebao.kernel.rules.api import mount, parameters

mount("service", Path(__file__).parent / "parameters")


def rating_answer_by(region: str, on: date) -> date | None:
    """The day by which a bad rating given on `on` is answered; None beyond the known calendars (国办发〔2019〕51号)."""
    limit: Limit = WorkingDays(parameters(region, on)["service.rating_answer_days"].whole())
    try:
        return limit.due(on)
    except MissingCalendar:
        return None
