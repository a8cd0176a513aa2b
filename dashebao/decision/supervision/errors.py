"""What an officer is told when a step is not possible."""


class SupervisionError(Exception):
    """The step is not possible; the message is for the officer."""


class StaleFinding(SupervisionError):
    """Somebody else worked on the item in the meantime."""


class FourEyesNeeded(SupervisionError):
    """The officer who proposed a dismissal cannot decide on it."""
