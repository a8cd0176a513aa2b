"""The acts on a case: one verb, one function, one transaction, one audit line."""
