"""The door of the identity centre."""

from dashebao.platform.identity_centre.actions import renew_seal, withdraw_seal
from dashebao.platform.identity_centre.errors import SealError
from dashebao.platform.identity_centre.keeping import Examined, Seal, seals
from dashebao.platform.identity_centre.sealing import current_seal, examined, sealed

__all__ = [
    "Examined",
    "Seal",
    "SealError",
    "current_seal",
    "examined",
    "renew_seal",
    "sealed",
    "seals",
    "withdraw_seal",
]
