"""Writes of the levy: one verb, one function, one transaction, one audit line."""
