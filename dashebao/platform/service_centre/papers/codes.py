"""Check codes: sixteen characters of chance, written in groups, forgiving about letters that look alike."""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
LENGTH = 16
LOOK_ALIKE = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})


def new_code(chance: bytes) -> str:
    """A code from ten random bytes: 80 bits, so that trying codes finds nothing."""
    value = int.from_bytes(chance[:10], "big")
    return "".join(ALPHABET[value >> (5 * place) & 31] for place in reversed(range(LENGTH)))


def grouped(code: str) -> str:
    """A code as it is printed: four groups of four."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def read_code(text: str) -> str:
    """A code as somebody typed it; "" if it cannot be one."""
    plain = "".join(char for char in text.upper() if char.isalnum()).translate(LOOK_ALIKE)
    return plain if len(plain) == LENGTH and set(plain) <= set(ALPHABET) else ""
