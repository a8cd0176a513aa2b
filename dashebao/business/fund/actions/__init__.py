"""Writes of the fund accounts: one verb, one function, one transaction."""
