"""What recovery refuses."""


class RecoveryError(Exception):
    """A backup, a restoring or a standby cannot go on; the text says why and what to do."""
