"""Money in whole fen: reading, writing, rounding."""
