"""Numbers that come with a request, whatever somebody made of them."""

LONGEST = 18  # digits of a key of the database


def whole(text: str | None) -> int:
    """The whole number sent; 0 for nothing, for words, for more digits than any key has."""
    text = (text or "").strip()
    return int(text) if text.isdecimal() and len(text) <= LONGEST else 0
