"""What the levy refuses, in sentences for the person who asked."""


class LevyRefused(ValueError):
    """An act of the levy that the law or the state of things does not allow; the text is translated and says what to do."""


class NotRegistered(LevyRefused):
    """The unit has no open registration."""


class AlreadyEnrolled(LevyRefused):
    """The person already has an active relation for a scheme."""


class NotEnrolled(LevyRefused):
    """The person has no active relation that could be stopped or paid for."""


class MonthClosed(LevyRefused):
    """The month has been assessed; a back-payment is the way."""


class ArrearsOpen(LevyRefused):
    """Money is still owed (社会保险经办条例 10)."""


class EvidenceMissing(LevyRefused):
    """A back-payment of more than three years needs a paper (人社部发〔2016〕132号)."""


class NothingToPay(LevyRefused):
    """There is no amount to bill, return or match."""
