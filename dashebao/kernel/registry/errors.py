"""What the registry refuses; every text says what is wrong and what to do."""


class RegistryError(Exception):
    """Base of the registry's refusals."""


class NoSuchRegion(RegistryError):
    """A code that is no division."""


class NoSuchPerson(RegistryError):
    """No person with this number, or none the reader may see."""


class NoSuchUnit(RegistryError):
    """No unit with this number, or none the reader may see."""


class BadIdentifier(RegistryError):
    """A number that breaks the rules of its kind."""


class AlreadyRegistered(RegistryError):
    """The number belongs to somebody already; `holder` is the person or unit."""

    def __init__(self, text: str, holder: int) -> None:
        super().__init__(text)
        self.holder = holder


class FactConflict(RegistryError):
    """A fact that contradicts one already recorded."""


class MergeRefused(RegistryError):
    """Two records that cannot be one person, or a merge that cannot be undone now."""
