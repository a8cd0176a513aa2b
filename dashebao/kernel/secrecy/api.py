"""The only door to sealed values."""

from dashebao.kernel.secrecy.fields import (
    SealedField,
    SealedJSONField,
    digest_column,
    digested_json,
    holder_sql,
    opened_json,
    sealed_check,
    sealed_json,
)
from dashebao.kernel.secrecy.keys import Key, Keys, add_key, drop_key
from dashebao.kernel.secrecy.keys import current as current_keys
from dashebao.kernel.secrecy.keys import place as key_file
from dashebao.kernel.secrecy.values import (
    DIGEST_LENGTH,
    CannotOpen,
    Family,
    Sealed,
    digest,
    digests,
    fingerprint,
    open_,
    open_members,
    person_holder,
    resealed,
    seal,
    seal_many,
    unit_holder,
)

__all__ = [
    "DIGEST_LENGTH",
    "CannotOpen",
    "Family",
    "Key",
    "Keys",
    "Sealed",
    "SealedField",
    "SealedJSONField",
    "add_key",
    "current_keys",
    "digest",
    "digest_column",
    "digested_json",
    "digests",
    "drop_key",
    "fingerprint",
    "holder_sql",
    "key_file",
    "open_",
    "open_members",
    "opened_json",
    "person_holder",
    "resealed",
    "seal",
    "seal_many",
    "sealed_check",
    "sealed_json",
    "unit_holder",
]
