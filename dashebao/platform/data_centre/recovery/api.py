"""The door of backup and recovery."""

from dashebao.platform.data_centre.recovery.backups import Backup, backups, make, verify
from dashebao.platform.data_centre.recovery.errors import RecoveryError
from dashebao.platform.data_centre.recovery.receiving import Receiver
from dashebao.platform.data_centre.recovery.restoring import Restored, restore
from dashebao.platform.data_centre.recovery.server import Server
from dashebao.platform.data_centre.recovery.standbys import Standing, follow, promote, standing

__all__ = [
    "Backup",
    "Receiver",
    "RecoveryError",
    "Restored",
    "Server",
    "Standing",
    "backups",
    "follow",
    "make",
    "promote",
    "restore",
    "standing",
    "verify",
]
